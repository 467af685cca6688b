"""Goals: so many calls, actions, leads, wins or so much money, by day, week, month, quarter or
year, or in all since it was set."""

from __future__ import annotations

from dataclasses import dataclass

from tui_crm.core import money
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.session import Session, find_member
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Goal
from tui_crm.core.text import _, clean, fold

KINDS = ("calls", "actions", "leads", "wins", "amount")
PERIODS = ("day", "week", "month", "quarter", "year", "all")


@dataclass(frozen=True)
class GoalRow:
    """A goal of a user, a team, or (neither) of everybody; ``target`` in minor units for amount."""

    id: int
    user: str | None
    team: str | None
    kind: str
    period: str
    target: int


@dataclass(frozen=True)
class TypedGoal:
    """A goal as typed on one line; neither ``user`` nor ``group`` is everybody's. ``target`` in
    minor units for amount."""

    kind: str
    period: str
    target: int
    user: str
    group: str


def kind_word(kind: str) -> str:
    """A kind of goal in the user's language."""
    return {
        "calls": _("calls"),
        "actions": _("actions"),
        "leads": _("leads"),
        "wins": _("wins"),
        "amount": _("amount"),
    }.get(kind, kind)


def period_word(period: str) -> str:
    """A period of goals in the user's language."""
    return {
        "day": _("day"),
        "week": _("week"),
        "month": _("month"),
        "quarter": _("quarter"),
        "year": _("year"),
        "all": _("in all"),
    }.get(period, period)


def each(kind: str, period: str) -> str:
    """A kind of goal and its period in words: ``calls a day``, ``wins in all``."""
    if period == "all":
        return _("{kind} in all").format(kind=kind_word(kind))
    return _("{kind} a {period}").format(kind=kind_word(kind), period=period_word(period))


def match_word(text: str, names: tuple[str, ...]) -> str | None:
    """The kind or period that a word means: its name or its word, singular or plural."""
    wanted = fold(text)
    word = kind_word if names is KINDS else period_word
    return next((n for n in names if wanted in (n, n.rstrip("s"), f"{n}s", fold(word(n)))), None)


def read(session: Session, text: str) -> TypedGoal:
    """A goal typed as ``calls day 50``, ``20k amount month ben``, ``wins quarter 9 everybody``:
    kind, period and number in any order, then whose it is (default: one's own).

    Raises CrmError naming what is missing, NotFound for a name of no user and no team."""
    kind = period = number = ""
    whose: list[str] = []
    for word in text.split():
        if not kind and (found := match_word(word, KINDS)):
            kind = found
        elif period in ("", "all") and (found := match_word(word, PERIODS)):
            if period:  # "all calls day 50": everybody's
                whose.append(period)
            period = found
        elif not number and any(c.isdigit() for c in word):
            number = word
        else:
            whose.append(word)
    for word, missing in (
        (kind, _("Of what? {names}.").format(names=", ".join(map(kind_word, KINDS)))),
        (
            period,
            _("For which period? {names}.").format(names=", ".join(map(period_word, PERIODS))),
        ),
        (number, _("How many?")),
    ):
        if not word:
            raise CrmError(missing, _("For instance: calls day 50"))
    if kind == "amount":
        target = money.parse(number, session.currency, session.house.language)
    elif number.isdecimal() and len(number) < 12:
        target = int(number)
    else:
        raise CrmError(
            _("{target} is no number.").format(target=clean(number, single_line=True)[:40]),
            _("For instance: calls day 50"),
        )
    name = " ".join(whose)
    if not name:
        return TypedGoal(kind, period, target, user=session.user.name, group="")
    if fold(name) in ("everybody", "all", fold(_("everybody"))):
        return TypedGoal(kind, period, target, user="", group="")
    teams = [str(team) for (team,) in session.store.rows("SELECT name FROM teams ORDER BY id")]
    wanted = fold(name.removeprefix("team "))
    group = next((team for team in teams if fold(team) == wanted), "")
    user = "" if group else find_member(session.store, name).name
    return TypedGoal(kind, period, target, user=user, group=group)


@operation("goals.put")
def put(w: Write, kind: str, period: str, target: int, user: str = "", group: str = "") -> int:
    """Set a goal for a user, a team or the workspace, in place of the one there was.

    A rep may set their own. Raises CrmError for an unknown kind or period, or a target below 1."""
    if kind not in KINDS or period not in PERIODS:
        raise CrmError(
            _("A goal is {kinds} by {periods}.").format(
                kinds=", ".join(KINDS), periods=", ".join(PERIODS)
            ),
            _("For instance: tui-crm goals add calls day 50"),
        )
    if target < 1:
        raise CrmError(_("A goal is at least 1."), _("Retire it instead: tui-crm goals retire"))
    who = find_member(w.store, user) if user else None
    user_id = who.id if who is not None else None
    if user_id != w.user_id or group:
        w.session.require("goals")
    team_id = _team(w.store, group) if group else None
    words = money.full(target, w.session.currency) if kind == "amount" else f"{target:,}"
    w.describe(_("goal: {target} {each}").format(target=words, each=each(kind, period)))
    same = w.store.value(
        "SELECT id FROM goals WHERE kind = ? AND period = ? AND COALESCE(user_id, 0) = ?"
        " AND COALESCE(team_id, 0) = ?",
        (kind, period, user_id or 0, team_id or 0),
    )
    if same is not None:
        w.update(Goal, same, target=target)
        return int(same)
    return w.insert(Goal, user_id=user_id, team_id=team_id, kind=kind, period=period, target=target)


@operation("goals.retire")
def retire(w: Write, goal_id: int) -> None:
    """Take a goal away."""
    row = w.row(Goal, goal_id)
    if row is None:
        raise NotFound(_("There is no such goal."), _("See them with: tui-crm goals"))
    if row["user_id"] != w.user_id:
        w.session.require("goals")
    w.delete(Goal, goal_id)
    w.describe(_("goal retired"))


def _team(store: Store, name: str) -> int:
    team_id = store.value("SELECT id FROM teams WHERE lower(name) = lower(?)", (name,))
    if team_id is None:
        raise NotFound(_("There is no team {name}.").format(name=name))
    return int(team_id)


def goals(store: Store) -> list[GoalRow]:
    """All goals."""
    return store.read(
        GoalRow,
        "SELECT goals.id, users.name, teams.name, kind, period, target FROM goals"
        " LEFT JOIN users ON users.id = goals.user_id"
        " LEFT JOIN teams ON teams.id = goals.team_id ORDER BY goals.id",
    )
