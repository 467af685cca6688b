"""The pulse: the few figures of ``tui-crm status`` and of the app's header.

Plain SQL through a function ``ask(sql, params) -> rows`` (``?`` for each parameter), and next to
no imports: ``status`` is shown in prompts and tmux bars, and is answered with the raw ``sqlite3``
module before peewee, click or even ``dataclasses`` is loaded. Every query below is answered
out of an index of :mod:`tui_crm.core.store.tables`, whatever the size of the store.
"""

from __future__ import annotations

import datetime
import zoneinfo

from tui_crm.core.store.kind_sql import TOUCHES
from tui_crm.core.text import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tui_crm.core.session import Session

    Ask = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]
    Figures = dict[str, Any]
    User = tuple[int, str, datetime.tzinfo, str]

GOAL = (
    "(SELECT target FROM goals WHERE kind = ? AND period = ?"
    " AND (user_id = ? OR (user_id IS NULL AND (team_id IS NULL"
    " OR team_id = (SELECT team_id FROM users WHERE id = ?))))"
    " ORDER BY CASE WHEN user_id IS NOT NULL THEN 0 WHEN team_id IS NOT NULL THEN 1 ELSE 2 END,"
    " id DESC LIMIT 1)"
)
"""The user's own goal, else their team's, else everybody's; its parameters are the kind, the
period, and the user twice."""


def figures(ask: Ask, user: str | User, now: int) -> Figures:
    """The figures of one user at an instant (epoch seconds), under the keys of ``status --json``.

    ``user`` is a name (case aside) or ``(id, name, zone, currency)``.
    Amounts are minor units (the faces convert them), moments ISO 8601 with the rep's offset.
    Unassigned are open leads of nobody, or of a user who is not active.
    Overdue and due are own open leads by the day of their next action in the rep's zone.
    Callbacks due are prospects that asked for one by now, claimed by nobody else. A goal that
    nobody set is ``None``. Raises NotFound for a name that is no active user."""
    number, name, zone, currency = _user(ask, user) if isinstance(user, str) else user
    here = datetime.datetime.fromtimestamp(now, zone)
    today = here.date()
    begin = _midnight(today, zone)
    end = _midnight(today + datetime.timedelta(days=1), zone)
    row = ask(*_statement(number, today.isoformat(), begin, end, now))[0]
    late, due, open_leads, open_amount, won, won_amount = row[:6]
    next_at, next_id, next_title, next_kind = row[6:10]
    weight, done, callbacks, claimed, calls, reached, calls_goal, won_goal, nobodys = row[10:]
    return {
        "overdue": int(late or 0),
        "due_today": int(due or 0),
        "done_today": int(done),
        "next": None
        if next_id is None
        else {
            "at": datetime.datetime.fromtimestamp(next_at, zone).isoformat(),
            "lead": next_id,
            "title": next_title,
            "kind": next_kind or None,
        },
        "callbacks_due": int(callbacks) - int(claimed),
        "calls_today": int(calls),
        "reached_today": int(reached),
        "calls_goal": calls_goal,
        "open_leads": int(open_leads),
        "open_amount": int(open_amount or 0),
        "unassigned_leads": int(nobodys),
        "weighted_amount": (2 * int(weight or 0) + 100) // 200,
        "won_month": int(won),
        "won_month_amount": int(won_amount or 0),
        "won_month_goal": won_goal,
        "currency": currency,
        "user": name,
        "now": here.isoformat(),
    }


def _statement(
    user: int, today: str, begin: int, end: int, now: int
) -> tuple[str, tuple[int | str, ...]]:
    """All figures of a user in one statement with its parameters: on a server each one is a trip.
    ``begin`` and ``end`` are the midnights around ``now``."""
    mine = "FROM leads WHERE owner_id = ? AND status = 'open'"
    called = "FROM actions WHERE user_id = ? AND kind = 'call' AND at >= ? AND at < ?"
    columns: tuple[tuple[str, tuple[int | str, ...]], ...] = (
        (
            "(SELECT SUM(l.amount * COALESCE(l.probability, s.probability)) FROM leads l"
            " JOIN steps s ON s.id = l.step_id WHERE l.owner_id = ? AND l.status = 'open')",
            (user,),
        ),
        (
            f"(SELECT COUNT(*) FROM actions WHERE user_id = ? AND kind IN {TOUCHES}"
            " AND at >= ? AND at < ?)",
            (user, begin, end),
        ),
        # All of them less those that a colleague has on screen: both counts stay in an index (the
        # signs of no effect in the second one keep it to the few claimed rows).
        ("(SELECT COUNT(*) FROM prospects WHERE state = 'callback' AND due_at <= ?)", (now,)),
        (
            "(SELECT COUNT(*) FROM prospects WHERE claimed_by > 0 AND claimed_by <> ?"
            " AND claimed_until > ? AND state || '' = 'callback' AND +due_at <= ?)",
            (user, now, now),
        ),
        (f"(SELECT COUNT(*) {called})", (user, begin, end)),
        (f"(SELECT COUNT(*) {called} AND reached = 1)", (user, begin, end)),
        (GOAL, ("calls", "day", user, user)),
        (GOAL, ("amount", "month", user, user)),
        # Both counts stay in the index on status and owner.
        (
            "((SELECT COUNT(*) FROM leads WHERE status = 'open' AND owner_id IS NULL)"
            " + (SELECT COUNT(*) FROM leads WHERE status = 'open'"
            " AND owner_id IN (SELECT id FROM users WHERE active = 0)))",
            (),
        ),
    )
    tables: tuple[tuple[str, tuple[int | str, ...]], ...] = (
        # The leads of one owner are a run of one index, so one pass over it serves four figures.
        (
            "(SELECT SUM(CASE WHEN next_day < ? OR next_at < ? THEN 1 ELSE 0 END) AS late,"
            " SUM(CASE WHEN next_day = ? OR (next_at >= ? AND next_at < ?) THEN 1 ELSE 0 END)"
            f" AS due, COUNT(*) AS leads, SUM(amount) AS amount {mine}) AS own",
            (today, begin, today, begin, end, user),
        ),
        (
            " CROSS JOIN (SELECT COUNT(*) AS leads, SUM(amount) AS amount FROM leads"
            " WHERE status = 'won' AND closed_on >= ? AND closed_on <= ? AND closed_owner_id = ?)"
            " AS won",
            (f"{today[:8]}01", today, user),
        ),
        # A timed one has no day: saying so lets the index run along the moments.
        (
            " LEFT JOIN (SELECT next_at, id, title, next_kind"
            f" {mine} AND next_day IS NULL AND next_at >= ? ORDER BY next_at, id LIMIT 1)"
            " AS coming ON 1 = 1",
            (user, now),
        ),
    )
    sql = (
        "SELECT own.late, own.due, own.leads, own.amount, won.leads, won.amount, coming.next_at,"
        f" coming.id, coming.title, coming.next_kind, {', '.join(c for c, _params in columns)}"
        f" FROM {''.join(table for table, _params in tables)}"
    )
    return sql, tuple(value for _sql, params in columns + tables for value in params)


def session_figures(session: Session) -> Figures:
    """The figures of a session's user now."""
    user = (session.user_id, session.user.name, session.zone, session.currency)
    return figures(session.store.rows, user, int(session.now.timestamp()))


def user_names(ask: Ask) -> list[str]:
    """The names of all users, those who left included."""
    return [row[0] for row in ask("SELECT name FROM users", ())]


def _user(ask: Ask, name: str) -> User:
    wanted = name.strip().casefold()
    for number, known, zone, active, house_zone, currency in ask(
        "SELECT users.id, users.name, users.zone, users.active, house.zone, house.currency"
        " FROM users LEFT JOIN (SELECT zone, currency FROM workspace ORDER BY id LIMIT 1) AS house"
        " ON 1 = 1 ORDER BY users.id",
        (),
    ):
        if known.casefold() == wanted and active:
            here = _zone(zone) or _zone(house_zone) or datetime.UTC
            return int(number), known, here, currency or ""
    from tui_crm.core.errors import NotFound
    from tui_crm.core.text import clean

    shown = clean(name, single_line=True)
    raise NotFound(
        _("{name} is not a user of this store.").format(name=shown),
        _("An admin adds you with: tui-crm users add {name}").format(name=shown),
    )


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _midnight(day: datetime.date, zone: datetime.tzinfo) -> int:
    """The instant a day begins. Where clocks skip midnight, the offset before the gap names the
    same instant as the first moment after it."""
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


# -- as text ---------------------------------------------------------------------------------------

SHORT = {
    "today": "due_today",
    "done": "done_today",
    "callbacks": "callbacks_due",
    "calls": "calls_today",
    "reached": "reached_today",
    "goal": "calls_goal",
    "open": "open_amount",
    "weighted": "weighted_amount",
    "won": "won_month_amount",
    "wins": "won_month",
    "won_goal": "won_month_goal",
}
"""Short names that ``--format`` takes beside the keys of the JSON."""
_MONEY = ("open_amount", "weighted_amount", "won_month_amount", "won_month_goal")


def format_string(fmt: str, found: Figures) -> str:
    """``fmt`` with ``{overdue}``, ``{today}`` … filled in; ``{{`` is a brace; nothing known is a
    dash. Amounts are compact (``12.4k``), ``next`` is its clock, or day and clock.

    Raises CrmError that lists the names for an unknown one or a brace left open."""
    out, rest = "", fmt.replace("{{", "\0").replace("}}", "\1")
    while rest:
        text, brace, rest = rest.partition("{")
        if "}" in text:
            raise _unknown("}", found)
        out += text
        if brace:
            name, closing, rest = rest.partition("}")
            key = SHORT.get(name.strip(), name.strip())
            if not closing or key not in found:
                raise _unknown(name.strip(), found)
            out += _shown(key, found)
    return out.replace("\0", "{").replace("\1", "}")


def _unknown(name: str, found: Figures) -> Exception:
    from tui_crm.core.errors import CrmError
    from tui_crm.core.text import clean

    names = ", ".join(sorted({*SHORT, *found}))
    return CrmError(
        _("“{name}” is no figure of status.").format(name=clean(name, single_line=True)[:40]),
        _("Figures are: {names}.").format(names=names),
    )


def _shown(key: str, found: Figures) -> str:
    from tui_crm.core.text import show

    value = found[key]
    if value is None:
        return "–"
    if key == "next":
        return _clock(value, found)
    if key in _MONEY:
        from tui_crm.core import money

        return money.compact(value, found["currency"])
    return show(str(value))


def _clock(following: Figures, found: Figures) -> str:
    at, now = following["at"], found["now"]
    clock = str(at[11:16])
    return clock if at[:10] == now[:10] else f"{at[:10]} {clock}"


def format_text(found: Figures) -> str:
    """The figures in a few plain lines."""
    from tui_crm.core import money
    from tui_crm.core.text import show

    def cash(key: str) -> str:
        return money.full(found[key], found["currency"])

    goal, won_goal = found["calls_goal"], found["won_month_goal"]
    following = found["next"]
    lines = [
        (
            _("today"),
            _("{overdue} overdue, {due} due, {done} done").format(
                overdue=found["overdue"], due=found["due_today"], done=found["done_today"]
            ),
        ),
        (
            _("next"),
            "–"
            if following is None
            else " ".join(
                part
                for part in (
                    _clock(following, found),
                    show(following["kind"] or ""),
                    f"#{following['lead']}",
                    show(following["title"]),
                )
                if part
            ),
        ),
        (
            _("calls"),
            _("{calls}{goal}, {reached} reached, {callbacks} callbacks due").format(
                calls=found["calls_today"],
                goal=f"/{goal}" if goal else "",
                reached=found["reached_today"],
                callbacks=found["callbacks_due"],
            ),
        ),
        (
            _("open"),
            ngettext(
                "{leads} lead, {amount}, weighted {weighted}",
                "{leads} leads, {amount}, weighted {weighted}",
                found["open_leads"],
            ).format(
                leads=found["open_leads"],
                amount=cash("open_amount"),
                weighted=cash("weighted_amount"),
            ),
        ),
        (
            _("won"),
            _("{n} this month, {amount}{goal}").format(
                n=found["won_month"],
                amount=cash("won_month_amount"),
                goal=_(" of {goal}").format(goal=cash("won_month_goal")) if won_goal else "",
            ),
        ),
    ]
    if nobodys := found["unassigned_leads"]:
        owners = ngettext(
            "{n} open lead without an active owner",
            "{n} open leads without an active owner",
            nobodys,
        )
        lines.insert(4, (_("nobody's"), owners.format(n=nobodys)))
    wide = max(len(label) for label, _words in lines)
    head = f"{show(found['user'])}  {found['now'][:10]} {found['now'][11:16]}"
    return "\n".join((head, *(f"{label.ljust(wide)}  {words}" for label, words in lines)))
