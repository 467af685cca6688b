"""Leads as text: what of a lead can be edited there, and the operation that writes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tui_crm.core import money
from tui_crm.core.dates.recurrence import in_words
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.as_text import blocks
from tui_crm.core.exchange.as_text.blocks import Block, Change
from tui_crm.core.exchange.as_text.document import refuse_too_many
from tui_crm.core.leads import closing, contacts, leads, next_actions, people, views
from tui_crm.core.leads.record import get, read_priority
from tui_crm.core.leads.views import LeadView, StepRow
from tui_crm.core.session import Session, find_member
from tui_crm.core.setup import tags
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import LeadTag
from tui_crm.core.text import _, clean, fold, ngettext

_PERSON = re.compile(r"Person (\d+)")
YES, NO = "yes", "no"


@dataclass(frozen=True)
class LeadField:
    """A line of a lead: what it shows, and what writes the typed value. ``write`` raises CrmError
    for a value that makes no sense; ``check`` does so before anything is written."""

    show: Callable[[Session, LeadView], str]
    write: Callable[[Write, int, str], object]
    check: Callable[[Session, str], object] = lambda _session, _text: None


def _amount(session: Session, text: str) -> int | None:
    return money.parse(text, session.currency, session.locale) if text else None


def _percent(session: Session, text: str) -> int | None:
    if not text:
        return None
    digits = text.rstrip("% ")
    if not digits.isdecimal() or len(digits) > 3 or int(digits) > 100:
        raise CrmError(_("“{text}” is no percentage.").format(text=text[:40]))
    return int(digits)


def _day(session: Session, text: str) -> date | None:
    """A day, as 2026-11-30 or as it is typed elsewhere; None for nothing."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    from tui_crm.core.dates import reader

    found = reader.read(text, session.now, session.locale)
    if found.problem or found.day is None or found.text:
        raise CrmError(
            _("“{text}” is no day.").format(text=text[:40]), _("Write it as 2026-11-30.")
        )
    return found.day


def _needed_day(session: Session, text: str) -> date:
    found = _day(session, text)
    if found is None:
        raise CrmError(_("A day is needed here."))
    return found


def _title(session: Session, text: str) -> str:
    if not text.strip():
        raise CrmError(_("A lead needs a title."))
    return text


def _owner(session: Session, text: str) -> int | None:
    if not text:
        return None
    member = find_member(session.store, text)
    if not member.active:
        raise CrmError(_("{name} is no longer active here.").format(name=member.name))
    return member.id


def _flag(session: Session, text: str) -> bool:
    word = fold(text)
    if word in (YES, fold(_("yes")), "y", "1", "x"):
        return True
    if word in ("", NO, fold(_("no")), "n", "0", "-"):
        return False
    raise CrmError(_("“{text}” is neither yes nor no.").format(text=text[:40]))


def _step_name(step: StepRow) -> str:
    return f"{step.pipeline}: {step.name}"


def _step(session: Session, text: str) -> int:
    """A step by its name, or with its pipeline before a colon. Raises CrmError naming them."""
    steps = views.steps(session, retired=True)
    wanted = fold(text)
    found = [s for s in steps if fold(_step_name(s)) == wanted]
    found = found or [s for s in steps if fold(s.name) == wanted and not s.retired]
    if found:
        return found[0].id
    raise CrmError(
        _("There is no step {name}.").format(name=text[:40]),
        _("There are: {names}.").format(
            names="; ".join(_step_name(s) for s in steps if not s.retired)
        ),
    )


def _reading(session: Session, text: str) -> object:
    from tui_crm.core.dates import reader

    found = reader.read(text, session.now, session.locale)
    if found.problem:
        raise CrmError(found.problem)
    return found


def _next_words(session: Session, lead: LeadView) -> str:
    """The next action as it is typed: ``2026-11-27 09:30 20m call Anna``."""
    planned = lead.next
    if planned is None:
        return ""
    day = planned.at.date() if planned.at is not None else planned.day
    parts = [
        day.isoformat() if day else "",
        f"{planned.at:%H:%M}" if planned.at is not None else "",
        f"{planned.minutes}m" if planned.minutes else "",
        planned.kind,
        planned.text,
    ]
    return " ".join(part for part in parts if part)


def _write_next(w: Write, number: int, text: str) -> None:
    """Set the next action to what the line says, all of it; one that recurs goes on doing so."""
    from tui_crm.core.dates import reader

    lead = get(w, number)
    rule = lead["next_rule"]
    if not text:
        next_actions.clear_next.within(w, number)
        return
    reading = reader.read(text, w.session.now, w.session.locale)
    if reading.problem:
        raise CrmError(reading.problem)
    if rule and not reading.rule and reading.has_moment:
        reading = reading._replace(rule=rule)
    if lead["status"] == "open":
        next_actions.clear_next.within(w, number)
    next_actions.set_next.within(w, number, reading)


def _write_tags(w: Write, number: int, text: str) -> None:
    """Make the tags of a lead those of the line, parted by commas."""
    w.lock_lead(number)
    wanted = {fold(name): name for name in tags.split_tags(text)}
    has = w.store.rows(
        "SELECT lead_tags.id, tags.match FROM lead_tags JOIN tags ON tags.id = tag_id"
        " WHERE lead_id = ?",
        (number,),
    )
    for row, match in has:
        if match not in wanted:
            w.delete(LeadTag, row)
    for match, name in wanted.items():
        if match not in {known for _row, known in has}:
            tags.put(w, number, name)


def _or_empty(value: object) -> str:
    return "" if value is None else str(value)


FIELDS: dict[str, LeadField] = {
    "Title": LeadField(lambda s, x: x.title, leads.set_title.within, _title),
    "Client": LeadField(lambda s, x: x.client or "", leads.set_client.within),
    "Amount": LeadField(
        lambda s, x: "" if x.amount is None else str(money.number(x.amount, s.currency)),
        lambda w, n, text: leads.set_amount.within(w, n, _amount(w.session, text)),
        _amount,
    ),
    "Probability": LeadField(
        lambda s, x: _or_empty(x.own_probability),
        lambda w, n, text: leads.set_probability.within(w, n, _percent(w.session, text)),
        _percent,
    ),
    "Expected close": LeadField(
        lambda s, x: _or_empty(x.expected_close),
        lambda w, n, text: leads.set_expected_close.within(w, n, _day(w.session, text)),
        _day,
    ),
    "Step": LeadField(
        lambda s, x: f"{x.pipeline}: {x.step}",
        lambda w, n, text: leads.set_step.within(w, n, _step(w.session, text)),
        _step,
    ),
    "Owner": LeadField(
        lambda s, x: x.owner or "",
        lambda w, n, text: leads.set_owner.within(w, n, _owner(w.session, text)),
        _owner,
    ),
    "Next": LeadField(
        _next_words, _write_next, lambda s, text: _reading(s, text) if text else None
    ),
    "Tags": LeadField(lambda s, x: ", ".join(x.tags), _write_tags),
    "Starred": LeadField(
        lambda s, x: YES if x.starred else NO,
        lambda w, n, text: leads.star.within(w, n, _flag(w.session, text)),
        _flag,
    ),
    "Priority": LeadField(
        lambda s, x: x.priority,
        leads.set_priority.within,
        lambda _session, text: read_priority(text),
    ),
    "Direction": LeadField(
        lambda s, x: x.direction,
        leads.set_direction.within,
        lambda _session, text: leads.read_direction(text),
    ),
    "Source": LeadField(lambda s, x: x.source, leads.set_source.within),
    "Created": LeadField(
        lambda s, x: x.created.isoformat(),
        lambda w, n, text: closing.set_created_on.within(w, n, _needed_day(w.session, text)),
        _needed_day,
    ),
    "Closed": LeadField(
        lambda s, x: _or_empty(x.closed),
        lambda w, n, text: closing.set_closed_on.within(w, n, _needed_day(w.session, text)),
        _needed_day,
    ),
    "Description": LeadField(lambda s, x: x.description, leads.set_description.within),
}
"""The lines of a lead by their labels, in their order; its people stand before the description."""


@dataclass(frozen=True)
class Edit:
    """A value of a lead to write; ``person`` is the contact that the line is about, 0 for one
    more; ``line`` that of the text, 0 where there was none."""

    number: int
    label: str
    text: str
    line: int
    person: int = 0


@operation("leads.edit_text")
def edit_text(w: Write, edits: Sequence[Edit]) -> int:
    """Write values of several leads, as they were typed; how many leads. Raises CrmError, with the
    line of the text, for the first that is refused: nothing is changed then."""
    for edit in edits:
        try:
            if edit.label in FIELDS:
                FIELDS[edit.label].write(w, edit.number, edit.text)
            elif not edit.person:
                people.add.within(w, edit.number, edit.text)
            elif edit.text:
                contacts.edit.within(w, edit.person, edit.text)
            else:
                people.remove.within(w, edit.person)
        except CrmError as error:
            if edit.line:
                error.message = _("line {n}: {what}").format(n=edit.line, what=error.message)
            raise
    numbers = {edit.number for edit in edits}
    if len(numbers) > 1:
        w.subject.pop("lead_id", None)
    if len(edits) > 1:
        words = ngettext("{n} lead edited", "{n} leads edited", len(numbers))
        w.describe(words.format(n=f"{len(numbers):,}"))
    return len(numbers)


class LeadRecords:
    """These leads, to be edited as text. Raises CrmError for too many."""

    def __init__(self, session: Session, numbers: Sequence[int]) -> None:
        refuse_too_many(len(numbers))
        self.session, self._numbers = session, tuple(dict.fromkeys(numbers))
        self._people: dict[tuple[int, str], int] = {}  # the contact of each line, as first written

    @cached_property
    def _several_pipelines(self) -> bool:
        return len({step.pipeline_id for step in views.steps(self.session)}) > 1

    def blocks(self) -> list[Block]:
        return [self._block(lead) for lead in views.by_numbers(self.session, self._numbers)]

    def _block(self, lead: LeadView) -> Block:
        values = []
        own = [person for person in lead.people if not person.shared]
        for label, one in FIELDS.items():
            if label == "Closed" and lead.closed is None:
                continue
            if label == "Description":
                values += self._person_lines(lead, own)
            values.append((label, one.show(self.session, lead)))
        comments = [] if lead.open else [_("it is {status}").format(status=_(lead.status))]
        if lead.next is not None and lead.next.rule:
            comments.append(
                _("its next action recurs: {rule}").format(rule=in_words(lead.next.rule))
            )
        taken = {label for label, _text in values}
        more = [f"Person {n}" for n in range(1, len(own) + 10) if f"Person {n}" not in taken]
        return blocks.block(lead.number, values, comments, more)

    def _person_lines(
        self, lead: LeadView, own: Sequence[contacts.Person]
    ) -> list[tuple[str, str]]:
        """A line for each person of a lead. Whoever had a line when the text was written keeps it;
        whoever came since stands behind them."""
        known = {who: label for (n, label), who in self._people.items() if n == lead.number}
        lines, free = [], 1 + max((int(x.split()[1]) for x in known.values()), default=0)
        for person in own:
            label = known.get(person.id)
            if label is None:
                label, free = f"Person {free}", free + 1
                self._people[lead.number, label] = person.id
            lines.append((label, contacts.as_line(person)))
        return lines

    def intro(self) -> list[str]:
        return [
            _("What stands behind a colon can be changed; then save and leave."),
            _("A line that is taken out leaves its value as it is; an emptied value is cleared."),
            _("Lines that begin with two blanks go on with the value above them."),
            _("Person 2, Person 3 … add people: Anna Weber, purchasing, +49 30 9018204"),
        ]

    def counted(self, n: int) -> str:
        return ngettext("{n} lead", "{n} leads", n).format(n=f"{n:,}")

    def check(self, change: Change) -> None:
        if change.label in FIELDS:
            FIELDS[change.label].check(self.session, change.now)
        elif change.now:
            name, _role, points = contacts.parse(change.now)
            if not (name or points):
                raise CrmError(_("Type a name, a phone or an e-mail."))
        elif not self._people.get((change.number, change.label)):
            raise CrmError(_("There is nobody to take off."))

    def apply(self, session: Session, changes: Sequence[Change]) -> int:
        return edit_text(
            session,
            [
                Edit(
                    one.number,
                    one.label,
                    clean(one.now),
                    one.line,
                    self._people.get((one.number, one.label), 0),
                )
                for one in changes
            ],
        )
