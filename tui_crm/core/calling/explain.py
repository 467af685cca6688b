"""Why a row is offered to a rep, and what each outcome would do to it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tui_crm.core.calling import answer_rates, plan as calling_plan
from tui_crm.core.calling.plan import Rules
from tui_crm.core.dates.labels import clock_label, length_in_words, short_day, weekday_name
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.session import Session
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.store.columns import ProspectColumns
from tui_crm.core.text import _


@dataclass(frozen=True)
class OutcomeChoice:
    """An outcome with its consequence for a row: ``words`` to read, ``state`` the state it leads
    to, ``at`` the next moment (epoch seconds UTC), ``try_no`` the number of the call that
    follows."""

    outcome: OutcomeRow
    words: str
    state: str
    at: int | None
    try_no: int | None

    @property
    def digit(self) -> int | None:
        return self.outcome.digit

    @property
    def label(self) -> str:
        return self.outcome.label


# -- why a row is offered -------------------------------------------------------------------------


def row_reason(
    session: Session,
    rules: Rules,
    row: ProspectColumns,
    place: int,
    total: int,
    known: Sequence[OutcomeRow],
) -> tuple[str, bool]:
    """Why the row is offered, and whether that is late; ``place`` is its number among the
    ``total`` rows of its list, ``known`` the outcomes of calls."""
    if row["state"] == "callback" and row["due_at"] is not None:
        return _callback_reason(session, row)
    if row["state"] == "retry":
        return _retry_reason(rules, row, known), False
    if row["state"] == "new":
        if rules.info.order_by == "answer":
            rates = answer_rates.answer_rates(session, row["list_id"])
            hour = answer_rates.hour_of(rules, row["zone"], rules.at)
            return _("new, {answers}").format(answers=rates.words(*hour)), False
        return _("new, row {row} of {rows}").format(row=f"{place:,}", rows=f"{total:,}"), False
    ended = {"done": _("done"), "blocked": _("do not call"), "lead": _("a lead already")}
    return ended.get(row["state"], row["state"]), False


def _retry_reason(rules: Rules, row: ProspectColumns, known: Sequence[OutcomeRow]) -> str:
    nth = _ordinal(row["tries"] + 1)
    last = next((o for o in known if o.id == row["last_outcome_id"]), None)
    if last is None:
        return _("{nth} try").format(nth=nth)
    if calling_rules.takes_other_half(last.retry, rules.info.other_half):
        return _("{nth} try, other half of the day").format(nth=nth)
    return _("{nth} try, after: {outcome}").format(nth=nth, outcome=last.label)


def _callback_reason(session: Session, row: ProspectColumns) -> tuple[str, bool]:
    assert row["due_at"] is not None
    due, now = datetime.fromtimestamp(row["due_at"], session.zone), session.now
    today = due.date() == now.date()
    when = clock_label(due, session.zone) if row["due_exact"] else ""
    if not today:
        when = f"{short_day(due.date(), now.date())} {when}".rstrip()
    elif not when:
        when = _("today")
    if row["due_text"]:
        when = f"{when} {row['due_text']}"
    minutes = int((now - due).total_seconds()) // 60
    if not row["due_exact"]:
        late = due.date() < now.date()
        return _("callback {when}").format(when=when), late
    if minutes < 1:
        return _("callback {when}").format(when=when), False
    if minutes < 24 * 60:
        length = length_in_words(minutes)
    else:
        length = _("{n} d").format(n=minutes // (24 * 60))
    return _("callback {when}, {length} late").format(when=when, length=length), True


def _ordinal(n: int) -> str:
    if n % 100 in (11, 12, 13):
        return _("{n}th").format(n=n)
    return {1: _("{n}st"), 2: _("{n}nd"), 3: _("{n}rd")}.get(n % 10, _("{n}th")).format(n=n)


# -- what an outcome would do ---------------------------------------------------------------------


def outcome_choice(
    session: Session,
    rules: Rules,
    row: ProspectColumns,
    outcome: OutcomeRow,
    *,
    reachable: bool = True,
) -> OutcomeChoice:
    """What an outcome, chosen now, would do to this row; ``reachable`` says whether the row has a
    number or an e-mail that could be blocked."""
    tries = row["tries"] + 1
    state, due = calling_plan.next_state_of_row(session, rules, row, outcome, rules.at)
    most = calling_plan.most_tries(rules, outcome)
    next_try: int | None = None
    if state == "blocked":
        words = _("blocked everywhere") if reachable else _("only this row: it has no number")
    elif state == "lead":
        words = _("lead, e-mail to do") if outcome.next_kind == "email" else _("becomes a lead")
    elif outcome.asks == "callback":
        words = _("asks for the day")
    elif outcome.bad_number and state == "done":
        words = _("number marked bad")
    elif state == "done":
        if due and most and tries >= most:
            words = _("try {n} of {most}: row done").format(n=tries, most=most)
        else:
            words = _("number called often enough: row done") if due else _("row done")
    else:
        assert due is not None
        next_try = tries + 1
        words = _when_again(session, rules, row, outcome, due)
        if most:
            words = _("{when}, then try {n} of {most}").format(when=words, n=next_try, most=most)
    return OutcomeChoice(
        outcome=outcome,
        words=words,
        state=state,
        at=due if state == "retry" else None,
        try_no=next_try,
    )


def _when_again(
    session: Session, rules: Rules, row: ProspectColumns, outcome: OutcomeRow, due: int
) -> str:
    """The moment of a retry: its clock today, else its day; with the clock too where the day does
    not say it, for the next working day is called from its opening on."""
    at = datetime.fromtimestamp(due, session.zone)
    if at.date() == session.today:
        return clock_label(at, session.zone)
    words = f"{weekday_name(at.date())} {at.day}"
    opens = calling_rules.next_working_day(rules.win, rules.zones(row["zone"]), rules.at)
    if "working day" in outcome.retry and due == opens:
        return words
    return f"{words} {clock_label(at, session.zone)}"
