"""Logging what was done: calls, e-mails, meetings, visits, messages and notes, on a lead."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import contacts, learnt, next_actions, record
from tui_crm.core.leads.note_line import NoteLine
from tui_crm.core.leads.record import NOT_SEEN, NotSeen
from tui_crm.core.session import Session
from tui_crm.core.setup import kinds, tags
from tui_crm.core.setup.kinds import KindRow
from tui_crm.core.store.columns import ActionColumns
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import PEOPLE_OF_LEADS
from tui_crm.core.store.tables import Action
from tui_crm.core.text import _, clean, fold


class LeadOutcome(NamedTuple):
    """An outcome of an action on a lead."""

    id: int
    digit: int | None
    label: str
    lead_label: str
    reached: int
    blocks: bool

    @property
    def shown(self) -> str:
        """The label on a lead."""
        return self.lead_label or self.label


def find_lead_outcome(w: Write, kind: str, text: str | int) -> LeadOutcome:
    """The outcome of a kind of action on a lead, by its digit or label. Raises NotFound naming the
    ones there are."""
    outcomes = w.store.read(
        LeadOutcome,
        "SELECT id, digit, label, lead_label, reached, blocks FROM outcomes"
        " WHERE kind = ? AND on_lead = 1 AND retired = 0 ORDER BY position",
        (kind,),
    )
    text = clean(str(text), single_line=True).strip()
    for outcome in outcomes:
        if str(outcome.digit) == text or fold(text) in (fold(outcome.label), fold(outcome.shown)):
            return outcome
    names = ", ".join(f"{outcome.digit} {outcome.shown}" for outcome in outcomes)
    raise NotFound(
        _("There is no such outcome: {text}.").format(text=text),
        _("Outcomes: {names}.").format(names=names) if names else "",
    )


@operation("actions.log")
def log(
    w: Write,
    lead_id: int,
    kind: str,
    *,
    outcome: str | int | None = None,
    line: NoteLine | None = None,
    text: str = "",
    seconds: int | None = None,
    at: datetime | None = None,
    number: str = "",
) -> bool:
    """Log an action on a lead; whether its next action was completed by it.

    A real action (not a note) completes the lead's next action when that is due and of its kind or
    of none, and somebody was reached where the kind has such a thing; a recurring one moves on; a
    future one stays. ``line`` may also set the next action, tags, the amount, what was learnt, and,
    where they are not given, when it was and how long it took.
    ``number`` is what was called (E.164 where it is valid), else the likeliest of its people's.
    Of a call on an open lead it is kept whether a later next action stands in the end.
    Outcome "Do not call" blocks the lead's numbers everywhere. Raises CrmError for a moment in
    the future, an unknown kind or outcome."""
    lead = record.get(w, lead_id)
    if line is not None:
        at = line.at if at is None else at
        seconds = line.minutes * 60 if seconds is None and line.minutes is not None else seconds
    of_kind = known_kind(w, kind)
    if at is not None:
        refuse_future(w, at)
    found = find_lead_outcome(w, kind, outcome) if outcome is not None else None
    words = line.text if line else clean(text).strip()
    if kind == "note" and not (words or (line and line.says_something)):
        raise CrmError(_("The note is empty."))
    done = of_kind.touch and (at is None or at.timestamp() > w.at - 86400)
    reached = bool(found.reached) if found else None
    completed = done and next_actions.complete(w, lead, kind, reached)
    if line:
        apply(w, lead_id, line)
    moment = int(at.timestamp()) if at else w.at
    follow_up = None
    if kind == "call" and lead["status"] == "open":
        follow_up = int(next_actions.stands(w, lead_id, moment))
    w.insert(
        Action,
        lead_id=lead_id,
        user_id=w.user_id,
        at=moment,
        kind=kind,
        outcome_id=found.id if found else None,
        reached=found.reached if found else 0,
        follow_up=follow_up,
        seconds=seconds,
        text=words,
        number=(number or _number(w, lead_id, line.person if line else None))
        if kind == "call"
        else "",
    )
    if found and found.blocks:
        from tui_crm.core.privacy import do_not_call

        points = [
            p
            for person in contacts.of(w.session, [lead_id]).get(lead_id, ())
            for p in person.points
        ]
        do_not_call.block_keys(w, [(p.kind, p.match) for p in points if p.match], words)
    parts = (_(kind), found.shown if found else "", lead["title"])
    named = "".join(f" @{name}" for name in line.mentions) if line else ""
    w.describe(": ".join(part for part in parts if part) + named, lead_id=lead_id)
    return completed


def known_kind(w: Write, kind: str) -> KindRow:
    """The kind of that name, a retired one too: what was logged keeps it. Raises CrmError for one
    that there is not, naming those there are."""
    known = kinds.all_kinds(w.store)
    found = next((row for row in known if row.name == kind), None)
    if found is None:
        raise CrmError(
            _("{kind} is no kind of action.").format(kind=clean(kind, single_line=True)),
            _("Kinds are: {names}.").format(names=", ".join(row.name for row in known)),
        )
    return found


def refuse_future(w: Write, at: datetime) -> None:
    """Raises CrmError for a moment that is still to come."""
    if at.timestamp() > w.at + 60:
        raise CrmError(_("What is still to come cannot be logged."), _("Set a next action (r)."))


def _number(w: Write, lead_id: int, person: str | None) -> str:
    """The number that was most likely called on a lead: the first good one of the ``person``, else
    of its people, in E.164 when it is valid. By it the row of a list with that number is known to
    be called."""
    points = w.store.rows(
        f"SELECT match, value FROM {PEOPLE_OF_LEADS} AS people"
        " JOIN contacts ON contacts.id = people.contact_id"
        " JOIN contact_points ON contact_points.contact_id = people.contact_id"
        " WHERE people.lead_id = ? AND kind = 'phone'"
        " ORDER BY CASE WHEN contacts.name = ? THEN 0 ELSE 1 END,"
        " bad, people.position, people.contact_id, contact_points.id LIMIT 1",
        (lead_id, person or ""),
    )
    return next((match or value for match, value in points), "")


def apply(w: Write, lead_id: int, line: NoteLine) -> None:
    """Do what a note line says beside its words: next action, tags, amount, what was learnt."""
    if line.labelled:
        learnt.put(w, lead_id, line.labelled, line.person)
    for name in line.tags:
        tags.put(w, lead_id, name)
    lead = record.get(w, lead_id)
    if line.amount is not None:
        record.change(w, lead, amount=line.amount)
    if line.following is not None and lead["status"] == "open":
        next_actions.put(w, lead, line.following)


def _locked(w: Write, action_id: int) -> ActionColumns:
    """The row of an action, its lead locked before it. Raises NotFound."""
    w.lock_lead(w.store.value("SELECT lead_id FROM actions WHERE id = ?", (action_id,)))
    row = w.row(Action, action_id)
    if row is None:
        raise NotFound(_("That action is gone."))
    return row


@operation("actions.edit")
def edit(
    w: Write,
    action_id: int,
    text: str | None = None,
    *,
    kind: str | None = None,
    outcome: str | int | NotSeen | None = NOT_SEEN,
    at: datetime | None = None,
    seconds: int | NotSeen | None = NOT_SEEN,
) -> None:
    """Correct an action that was logged: its words, kind, outcome (by digit or label; None for
    none), moment, or how long it took (None: not known). What is not given stays; another kind
    drops the outcome unless one of it is given. Figures follow; next actions do not.

    Raises CrmError for a moment in the future, an unknown kind or outcome, and for the kind or
    outcome of a call of a prospect list, by which its row was planned."""
    row = _locked(w, action_id)
    values: ActionColumns = {}
    if text is not None:
        values["text"] = clean(text).strip()
    if at is not None:
        refuse_future(w, at)
        values["at"] = int(at.timestamp())
    if not isinstance(seconds, NotSeen):
        values["seconds"] = seconds
    other_kind = kind is not None and kind != row["kind"]
    if other_kind or not isinstance(outcome, NotSeen):
        if row["prospect_id"] is not None:
            raise CrmError(
                _("That call was logged in a prospect list: its row was planned by it."),
                _("Undo it there (u in Calling), or correct its words, moment or length."),
            )
        name = kind if kind is not None else row["kind"]
        known_kind(w, name)
        found = None
        if outcome is not None and not isinstance(outcome, NotSeen):
            found = find_lead_outcome(w, name, outcome)
        values |= {
            "kind": name,
            "outcome_id": found.id if found else None,
            "reached": found.reached if found else 0,
        }
    w.update(Action, action_id, **values)
    w.describe(_("corrected: {kind}").format(kind=_(row["kind"])), lead_id=row["lead_id"])


@operation("actions.pin")
def pin(w: Write, action_id: int, pinned: bool) -> None:
    """Keep an action at the top of the history of its lead, or no longer."""
    row = _locked(w, action_id)
    w.update(Action, action_id, pinned=int(pinned))
    words = _("pinned: {kind}") if pinned else _("no longer pinned: {kind}")
    w.describe(words.format(kind=_(row["kind"])), lead_id=row["lead_id"])


@operation("actions.remove")
def remove(w: Write, action_id: int) -> None:
    """Take an action off a lead."""
    row = _locked(w, action_id)
    w.delete(Action, action_id)
    w.describe(_("removed: {kind}").format(kind=_(row["kind"])), lead_id=row["lead_id"])


# -- views ----------------------------------------------------------------------------------------


def newest(session: Session) -> int:
    """The number of the newest action, 0 without any: about how many there are."""
    return int(session.store.value("SELECT MAX(id) FROM actions") or 0)
