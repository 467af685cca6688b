"""The pulse: the few figures of ``tui-crm status`` and of the app's header.

Plain SQL through a function ``ask(sql, params) -> rows`` (``?`` for each parameter), and next to
no imports: ``status`` is shown in prompts and tmux bars, and is answered with the raw ``sqlite3``
module before peewee, click or even ``dataclasses`` is loaded. Every query below is answered
out of an index of :mod:`tui_crm.core.store.tables`, whatever the size of the store.
"""

from __future__ import annotations

import datetime
import zoneinfo

from tui_crm.core.text import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tui_crm.core.session import Session

    Ask = Callable[[str, Sequence[Any]], Sequence[Sequence[Any]]]
    Figures = dict[str, Any]

# What a rep counts as done: a note is no action.
KINDS = ("call", "email", "meeting", "visit", "message")


def figures(ask: Ask, user: str | tuple[int, str, str], now: int) -> Figures:
    """The figures of one user at an instant (epoch seconds), under the keys of ``status --json``.

    ``user`` is a name (case aside) or ``(id, name, zone)``; a zone of "" means the workspace's.
    Amounts are minor units (the faces convert them), moments ISO 8601 with the rep's offset.
    Overdue and due are own open leads by the day of their next action in the rep's zone.
    Callbacks due are prospects that asked for one by now, claimed by nobody else. A goal that
    nobody set is ``None``. Raises NotFound for a name that is no active user."""
    house = ask("SELECT zone, currency FROM workspace ORDER BY id LIMIT 1", ())
    number, name, zone_name = _user(ask, user) if isinstance(user, str) else user
    zone = _zone(zone_name) or _zone(house[0][0] if house else "") or datetime.UTC
    here = datetime.datetime.fromtimestamp(now, zone)
    today = here.date()
    month = today.isoformat()[:8] + "01"
    begin = _midnight(today, zone)
    end = _midnight(today + datetime.timedelta(days=1), zone)
    day = today.isoformat()
    mine = "FROM leads WHERE owner_id = ? AND status = 'open'"

    def one(sql: str, *params: Any) -> int:
        found = ask(sql, params)
        return int(found[0][0] or 0) if found else 0

    calls = "FROM actions WHERE user_id = ? AND kind = 'call' AND at >= ? AND at < ?"
    marks = ", ".join(f"'{kind}'" for kind in KINDS)
    # The leads of one owner are a run of one index, so one pass over it serves four figures.
    late, due, open_leads, open_amount = (
        int(value or 0)
        for value in ask(
            "SELECT SUM(CASE WHEN next_day < ? OR next_at < ? THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN next_day = ? OR (next_at >= ? AND next_at < ?) THEN 1 ELSE 0 END),"
            f" COUNT(*), SUM(amount) {mine}",
            (day, begin, day, begin, end, number),
        )[0]
    )
    weight = one(
        "SELECT SUM(l.amount * COALESCE(l.probability, s.probability)) FROM leads l"
        " JOIN steps s ON s.id = l.step_id WHERE l.owner_id = ? AND l.status = 'open'",
        number,
    )
    won, won_amount = ask(
        "SELECT COUNT(*), SUM(amount) FROM leads WHERE status = 'won' AND closed_on >= ?"
        " AND closed_on <= ? AND closed_owner_id = ?",
        (month, day, number),
    )[0]
    following = ask(
        # A timed one has no day: saying so lets the index run along the moments.
        f"SELECT next_at, id, title, next_kind {mine} AND next_day IS NULL AND next_at >= ?"
        " ORDER BY next_at, id LIMIT 1",
        (number, now),
    )
    return {
        "overdue": late,
        "due_today": due,
        "done_today": one(
            f"SELECT COUNT(*) FROM actions WHERE user_id = ? AND kind IN ({marks})"
            " AND at >= ? AND at < ?",
            number,
            begin,
            end,
        ),
        "next": _next(following[0], zone) if following else None,
        # All of them less those that a colleague has on screen: both counts stay in an index (the
        # signs of no effect in the second one keep it to the few claimed rows).
        "callbacks_due": one(
            "SELECT COUNT(*) FROM prospects WHERE state = 'callback' AND due_at <= ?", now
        )
        - one(
            "SELECT COUNT(*) FROM prospects WHERE claimed_by > 0 AND claimed_by <> ?"
            " AND claimed_until > ? AND state || '' = 'callback' AND +due_at <= ?",
            number,
            now,
            now,
        ),
        "calls_today": one(f"SELECT COUNT(*) {calls}", number, begin, end),
        "reached_today": one(f"SELECT COUNT(*) {calls} AND reached = 1", number, begin, end),
        "calls_goal": _goal(ask, number, "calls", "day"),
        "open_leads": open_leads,
        "open_amount": open_amount,
        "weighted_amount": (2 * weight + 100) // 200,
        "won_month": int(won),
        "won_month_amount": int(won_amount or 0),
        "won_month_goal": _goal(ask, number, "amount", "month"),
        "currency": house[0][1] if house else "",
        "user": name,
        "now": here.isoformat(),
    }


def session_figures(session: Session) -> Figures:
    """The figures of a session's user now."""
    return figures(session.store.rows, session.user.name, int(session.now.timestamp()))


def user_names(ask: Ask) -> list[str]:
    """The names of all users, those who left included."""
    return [row[0] for row in ask("SELECT name FROM users", ())]


def _user(ask: Ask, name: str) -> tuple[int, str, str]:
    wanted = name.strip().casefold()
    for number, known, zone, active in ask(
        "SELECT id, name, zone, active FROM users ORDER BY id", ()
    ):
        if known.casefold() == wanted and active:
            return int(number), known, zone
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


def _next(row: Sequence[Any], zone: datetime.tzinfo) -> Figures:
    at = datetime.datetime.fromtimestamp(row[0], zone)
    return {"at": at.isoformat(), "lead": row[1], "title": row[2], "kind": row[3] or None}


def _goal(ask: Ask, user: int, kind: str, period: str) -> int | None:
    """The user's own goal, else their team's, else everybody's."""
    found = ask(
        "SELECT target FROM goals WHERE kind = ? AND period = ?"
        " AND (user_id = ? OR (user_id IS NULL AND (team_id IS NULL"
        " OR team_id = (SELECT team_id FROM users WHERE id = ?))))"
        " ORDER BY CASE WHEN user_id IS NOT NULL THEN 0 WHEN team_id IS NOT NULL THEN 1 ELSE 2 END,"
        " id DESC LIMIT 1",
        (kind, period, user, user),
    )
    return int(found[0][0]) if found else None


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
    wide = max(len(label) for label, _words in lines)
    head = f"{show(found['user'])}  {found['now'][:10]} {found['now'][11:16]}"
    return "\n".join((head, *(f"{label.ljust(wide)}  {words}" for label, words in lines)))
