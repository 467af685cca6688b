"""The history of a lead: what was logged and what was changed, newest first; and taking back one
line of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tui_crm.core.dates.labels import short_day
from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.leads import actions
from tui_crm.core.session import Session
from tui_crm.core.store import undo
from tui_crm.core.store.derived import ACTIVITY
from tui_crm.core.store.query import typed_rows
from tui_crm.core.text import _


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened to a lead. ``system`` lines are changes, the others actions."""

    id: int  # of the action; 0 for a system line
    change: int  # of the change that a system line tells; 0 for an action
    at: datetime
    by: str
    by_id: int
    kind: str  # call, email … ; step, status, amount, owner, expected_close, lead …
    outcome: str | None
    digit: int | None
    reached: bool
    seconds: int | None
    text: str
    system: bool
    as_prospect: bool
    outcome_id: int | None = None
    pinned: bool = False  # kept above the others
    script: str = ""  # the answers of the list's script that were opened: ``1 no time > 3 send it``


class _ActionRow(NamedTuple):
    id: int
    at: int
    by: str
    by_id: int
    kind: str
    lead_label: str | None
    label: str | None
    digit: int | None
    reached: bool
    seconds: int | None
    text: str
    prospect_id: int | None
    script_path: str
    outcome_id: int | None
    pinned: int


class _Change(NamedTuple):
    id: int
    at: int
    by: str
    by_id: int
    field: str
    was: str | None
    became: str | None
    was_name: str | None  # where the value is the number of something that has a name
    became_name: str | None
    lead_created_at: int
    list: str | None
    line: int | None


_NAME = """CASE field
 WHEN 'step' THEN (SELECT name FROM steps WHERE id = CAST({value} AS BIGINT))
 WHEN 'owner' THEN (SELECT name FROM users WHERE id = CAST({value} AS BIGINT))
 WHEN 'client' THEN (SELECT name FROM clients WHERE id = CAST({value} AS BIGINT))
 WHEN 'reason' THEN (SELECT label FROM reasons WHERE id = CAST({value} AS BIGINT)) END"""


def history(session: Session, number: int) -> list[HistoryLine]:
    """Everything that happened to a lead, newest first, the calls made while it was still a
    prospect included; what is pinned stands above the rest."""
    actions, changes = session.store.fetch_all(
        typed_rows(
            _ActionRow,
            "SELECT actions.id, actions.at, users.name, users.id, actions.kind,"
            " CASE WHEN actions.prospect_id IS NULL AND outcomes.lead_label <> ''"
            " THEN outcomes.lead_label END, outcomes.label, outcomes.digit, actions.reached,"
            " actions.seconds, actions.text, actions.prospect_id, actions.script_path,"
            " actions.outcome_id, actions.pinned FROM actions"
            " JOIN users ON users.id = actions.user_id"
            " LEFT JOIN outcomes ON outcomes.id = actions.outcome_id WHERE actions.lead_id = ?"
            " ORDER BY actions.id",
            (number,),
        ),
        typed_rows(
            _Change,
            "SELECT history.id, at, users.name, users.id, field, was, became,"
            f" {_NAME.format(value='was')}, {_NAME.format(value='became')}, leads.created_at,"
            " lists.name, prospects.line FROM history JOIN users ON users.id = history.user_id"
            " JOIN leads ON leads.id = history.lead_id LEFT JOIN lists ON lists.id = leads.list_id"
            " LEFT JOIN prospects ON prospects.id = leads.prospect_id"
            " WHERE history.lead_id = ? ORDER BY history.id",
            (number,),
        ),
    )
    lines = [
        HistoryLine(
            id=row.id,
            change=0,
            at=datetime.fromtimestamp(row.at, session.zone),
            by=row.by,
            by_id=row.by_id,
            kind=row.kind,
            outcome=row.lead_label or row.label,
            digit=row.digit,
            reached=row.reached,
            seconds=row.seconds,
            text=row.text,
            system=False,
            as_prospect=row.prospect_id is not None,
            outcome_id=row.outcome_id,
            pinned=bool(row.pinned),
            script=row.script_path,
        )
        for row in actions
    ]
    lines += _system_lines(session, changes)
    # Within a second the order is that of writing; the making of the lead is the oldest of all.
    lines.sort(key=lambda line: (line.pinned, line.at, line.kind != "lead"))
    return lines[::-1]


def _system_lines(session: Session, changes: Sequence[_Change]) -> list[HistoryLine]:
    """The changes of a lead as lines, the oldest first."""
    lines, why = [], ""
    for change in changes:
        field, was, became = change.field, change.was, change.became
        if was is None and field == "status":
            text, field = _origin(change), "lead"
        elif field == "merged":
            text = _("with {lead}").format(lead=became)
        elif field == ACTIVITY:
            day = datetime.fromtimestamp(int(became or 0), session.zone).date()
            text = _("last {day}, before the import").format(day=day.isoformat())
        elif was is None and (
            field in ("step", "owner", "probability") or change.at == change.lead_created_at
        ):
            continue  # what it was made with is no change
        elif field == "reason":
            why = change.became_name or ""
            continue  # shown with the closing, which follows
        elif field == "status":
            text = {"won": _("won"), "lost": _("lost"), "cancelled": _("cancelled")}.get(
                became or "", _("reopened")
            )
            text, why = f"{text}: {why}" if why else text, ""
        else:
            before = _value_words(session, field, was, change.was_name)
            text = f"{before} > {_value_words(session, field, became, change.became_name)}"
        lines.append(
            HistoryLine(
                id=0,
                change=change.id,
                at=datetime.fromtimestamp(change.at, session.zone),
                by=change.by,
                by_id=change.by_id,
                kind=field,
                outcome=None,
                digit=None,
                reached=False,
                seconds=None,
                text=text,
                system=True,
                as_prospect=False,
            )
        )
    return lines


def _value_words(session: Session, field: str, value: str | None, name: str | None) -> str:
    """The value of a field, as the history has it, in words; ``name`` is that of the record whose
    number it is."""
    from tui_crm.core import money

    if value is None:
        return "–"
    if field == "amount":
        return money.full(int(value), session.currency)
    if field == "probability":
        return f"{value}%"
    if field == "expected_close":
        return short_day(date.fromisoformat(value), session.today, weekday=False)
    return value if name is None else name


def _origin(change: _Change) -> str:
    """Where a lead came from: the row of a list, or nowhere."""
    if change.list is None:
        return _("made")
    return _("from {list}, row {line}").format(list=change.list, line=change.line or "–")


# -- taking back ----------------------------------------------------------------------------------


def take_back(session: Session, line: HistoryLine) -> str:
    """Take back what one line tells: the whole act that it belongs to (a call with the next action
    that it set); what that was, in words.

    An action that came with others (an import), or whose act something was built upon since, is
    taken off alone. Raises CrmError, NotAllowed and Conflict as :func:`.undo.undo` does."""
    table, row = ("history", line.change) if line.system else ("actions", line.id)
    found = undo.made_by(session, table, row)
    if found is not None and not found.many:
        try:
            return undo.undo(session, found.entry_id).text
        except Conflict:
            if line.system or line.as_prospect:
                raise
    if line.system or line.as_prospect:
        raise CrmError(
            _("It came with many others."), _("Undo the whole of it in Feed (F), where it stands.")
        )
    if line.by_id != session.user_id:
        session.require("undo")
    actions.remove(session, line.id)
    return f"{line.kind}: {line.text}" if line.text else line.kind
