"""Echoes of typed text: how a next action, an amount, a note or a person is read, as echo rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events

from tui_crm.core import money, phones
from tui_crm.core.dates.labels import day_label, length_in_words
from tui_crm.core.dates.reading import Combined, Reading, combine
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import contacts, duplicates, learnt, next_actions, note_line
from tui_crm.core.leads.log_pieces import Known, Labelled
from tui_crm.core.leads.note_line import NoteLine
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.widgets.lines import Line, make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

ROLES = {"date": "strong", "when": "text", "kind": "strong", "text": "text"}
"""The token of each part of a next action."""


def next_action_examples() -> Line:
    """What the entry of a next action shows while nothing is typed."""
    return make((_("fri 9:30 20m call Anna    +3d    every month 1"), "dim"))


def read_next_action(session: Session, text: str) -> Reading:
    """A typed next action. What is wrong with it is its ``problem``."""
    from tui_crm.core.dates import reader  # its vocabulary: not before the first is typed

    return reader.read(text, session.now, session.locale)


def _combined(session: Session, lead: LeadView, typed: Reading) -> Combined:
    """What is typed, over the next action of a lead as it is on screen."""
    planned = lead.next.reading if lead.next is not None else Reading()
    return combine(planned, typed, session.zone)


def next_action_words(session: Session, reading: Reading, lead: LeadView | None = None) -> str:
    """A next action as one short sentence, with what stays of the planned one of ``lead``."""
    if lead is not None:
        found = _combined(session, lead, reading)
        return found.reading.echo(session.now, found.kept)
    if not reading.has_moment:
        return " ".join(part for part in (_(reading.kind or ""), reading.text) if part) or "–"
    return reading.echo(session.now)


def note_words(session: Session, note: NoteLine, lead: LeadView | None, what: str) -> str:
    """What a note has stored, in one sentence: ``what`` was logged, then its next action, amount
    and tags, when it was and how long it took: "Reached, next Tue 1 Dec 10:00, €5,000, #hot"."""
    parts = [what]
    if note.following is not None:
        keeps = lead is not None and lead.status == "standby"
        found = _combined(session, lead, note.following) if lead and keeps else None
        reading = found.reading if found is not None else note.following
        when = " ".join(words for role, words in reading.echo_parts(session.now) if role == "date")
        kind = _(reading.kind) if reading.kind else reading.text
        parts.append(" ".join(word for word in (_("next"), when or kind) if word))
    if note.amount is not None:
        parts.append(money.full(note.amount, session.currency))
    parts += [f"#{tag.lstrip('#')}" for tag in note.tags]
    if note.at is not None:
        at = note.at.astimezone(session.zone)
        parts.append(f"{day_label(at.date(), session.today)} {at:%H:%M}")
    if note.minutes is not None:
        parts.append(length_in_words(note.minutes))
    return ", ".join(parts)


def next_action_rows(
    session: Session,
    typed: Reading,
    lead: LeadView | None,
    label: str = "",
    keeps: bool = True,
    *,
    but_booking: int | None = None,
) -> list[EchoRow]:
    """The echo rows of a next action: how it is read, then each warning. ``lead`` is the lead that
    it is for: it clashes with other leads only, and what stays of its next action is shown too,
    unless the act completes that one (not ``keeps``). ``but_booking`` is the appointment that it is
    for."""
    if typed.problem:
        return [EchoRow("?", "late", make((typed.problem, "late")))]
    found = Combined(typed)
    if lead is not None and keeps:
        found = _combined(session, lead, typed)
    reading = found.reading
    pieces = [(f"{label} ", "dim")] if label else []
    for i, (role, text) in enumerate(reading.echo_parts(session.now, found.kept)):
        gap = "" if i == 0 else (", " if role == "when" else "  ")
        pieces.append((f"{gap}{text}", ROLES.get(role, "text")))
    rows = [EchoRow("=", "won", make(*pieces))]
    rows += [EchoRow("!", "due", make((text, "due"))) for text in typed.warnings]
    moment = reading if typed.has_moment else typed
    but = lead.number if lead else None
    for slot in next_actions.clashes(session, moment, but, but_booking)[:2]:
        text = _("clash: {at} {kind} {title}, {n} min. Enter keeps both.").format(
            at=f"{slot.at:%H:%M}",
            kind=_(slot.kind) if slot.kind else "",
            title=slot.title,
            n=slot.minutes,
        )
        rows.append(EchoRow("!", "due", make((" ".join(text.split()), "due"))))
    return rows


def next_action_echo(session: Session, text: str, lead: LeadView, several: bool = False) -> Echo:
    """The echo of a next action of a lead, or of ``several`` marked ones: each keeps what is not
    typed."""
    reading = read_next_action(session, text)
    spans = [(start, end, "accent") for start, end, _what in reading.spans]
    rows = next_action_rows(session, reading, lead, keeps=not several)
    if several and not reading.problem and not (reading.has_moment and reading.text):
        kept = _("each keeps its words") if reading.has_moment else _("each keeps its moment")
        rows[0] = EchoRow("=", "won", (*rows[0].runs, *make((f"  {kept}", "dim"))))
    return Echo(rows, spans)


def read_amount(session: Session, text: str) -> int | None:
    """A typed amount in minor units; None for a dash, an unknown one. Raises CrmError."""
    if text.strip() in ("-", "–"):
        return None
    return money.parse(text, session.currency, session.locale)


def amount_echo(session: Session, text: str) -> Echo:
    """The echo of an amount."""
    try:
        minor = read_amount(session, text)
    except CrmError as error:
        return Echo([EchoRow("?", "late", make((str(error), "late")))], refuse=True)
    if minor is None:
        return Echo([EchoRow("=", "won", make((_("amount unknown"), "text")))])
    return Echo([EchoRow("=", "won", make((money.full(minor, session.currency), "strong")))])


def read_note(
    session: Session, text: str, known: Known | None = None, unmarked: bool = False
) -> NoteLine:
    """A typed note: its words, next action, tags and amount; with whom it may name, ``known``, all
    that the line of an action has. With ``unmarked`` a next action at its end needs no ``>``."""
    return note_line.read(
        text,
        session.now,
        locale=session.locale,
        currency=session.currency,
        known=known,
        unmarked=unmarked,
    )


def known_of(session: Session, lead: LeadView | None) -> Known:
    """Whom and what the line of an action on a lead may name; only colleagues for None, which is
    for several leads."""
    if lead is None:
        return learnt.known(session, ())
    return learnt.known(session, lead.people, tuple(lead.fields))


def note_rows(session: Session, note: NoteLine, lead: LeadView | None) -> list[EchoRow]:
    """The echo rows of a note: its next action, its tags and its amount, a row each; then when it
    was, how long it took, who was there, and what was learnt."""
    rows: list[EchoRow] = []

    def recognised(*pieces: tuple[str, str]) -> None:
        rows.append(EchoRow("=", "won", make(*pieces)))

    if note.following is not None:
        later = lead is not None and lead.status == "standby"
        rows += next_action_rows(session, note.following, lead, _("next"), keeps=later)
    if note.tags:
        recognised((_("tag") + " ", "dim"), ("  ".join(note.tags), "strong"))
    if note.amount is not None:
        was = ""
        if lead is not None and lead.amount is not None:
            was = f"  {_('was')} {money.full(lead.amount, session.currency)}"
        amount = money.full(note.amount, session.currency)
        recognised((_("amount") + " ", "dim"), (amount, "strong"), (was, "dim"))
    done: list[tuple[str, str]] = []
    if note.at is not None:
        at = note.at.astimezone(session.zone)
        moment = f"{day_label(at.date(), session.today)} {at:%H:%M}"
        done += [(_("done") + " ", "dim"), (moment, "strong"), ("  ", "text")]
    if note.minutes is not None:
        took = length_in_words(note.minutes)
        done += [(_("took") + " ", "dim"), (took, "strong"), ("  ", "text")]
    if note.person is not None:
        done += [(_("with") + " ", "dim"), (note.person, "strong"), ("  ", "text")]
    if note.mentions:
        done += [(_("colleague") + " ", "dim"), (", ".join(note.mentions), "strong")]
    if done:
        recognised(*done)
    for one in note.labelled:
        recognised(*_learnt_words(session, one, note.person, lead))
    return rows


def _learnt_words(
    session: Session, one: Labelled, met: str | None, lead: LeadView | None
) -> list[tuple[str, str]]:
    """Something learnt, and where it is written."""
    names = {"phone": _("phone"), "email": _("e-mail"), "web": _("web"), "role": _("role")}
    value = one.value
    if one.what == "phone":
        phone = phones.read(value, session.house.region)
        value = phone.international if phone.e164 else value
    where = learnt.place(one, lead.people if lead else (), met, bool(lead and lead.client))
    if where.what == "client":
        of = (lead.client if lead else None) or _("the client")
    elif where.what == "lead":
        of = _("this lead")
    else:
        of = where.person.name if where.person and where.person.name else _("a new person")
        if where.person is not None and not where.person.name:
            of = _("its person")
    return [
        (f"{names.get(one.what, one.label)} ", "dim"),
        (value, "strong"),
        ("  " + _("of {whom}").format(whom=of), "dim"),
    ]


def note_spans(note: NoteLine) -> Sequence[tuple[int, int, str]]:
    """The recognised pieces of a note, in order and without overlaps."""
    spans: list[tuple[int, int, str]] = []
    end_of_last = 0
    for start, end, _what in note.spans:
        if max(start, end_of_last) < end:
            spans.append((max(start, end_of_last), end, "accent"))
            end_of_last = end
    return spans


def person_echo(session: Session, text: str, lead: LeadView | None = None) -> Echo:
    """The echo of a person: name, role, phones and addresses; then odd phones, and other leads that
    have the same phone or address."""
    name, role, points = contacts.parse(text)
    pieces: list[tuple[str, str]] = [(name or "–", "strong")]
    if role:
        pieces.append((f"  {role}", "text"))
    warnings: list[str] = []
    for kind, value in points:
        if kind == "phone":
            phone = phones.read(value, session.house.region)
            pieces.append((f"  {phone.international if phone.e164 else value}", "strong"))
            if phone.problem:
                warnings.append(f"{value}: {phone.problem}")
        else:
            pieces.append((f"  {value}", "strong"))
    for twin in duplicates.find_duplicates(
        session, points=points, but=lead.number if lead else None, most=2
    ):
        warnings.append(
            _("{why}: #{n} {title} ({owner})").format(
                why=twin.why, n=twin.lead_id, title=twin.title, owner=twin.owner or "–"
            )
        )
    rows = [EchoRow("=", "won", make(*pieces))]
    for word in contacts.mangled(text):
        odd = _("{word} is no e-mail address").format(word=word)
        rows.insert(0, EchoRow("?", "late", make((odd, "late"))))
    return Echo(rows + [EchoRow("!", "due", make((words, "due"))) for words in warnings])


class NoteSheet(PromptSheet):
    """The entry of a note; ``known`` is whom and what the line may name. ``retry`` is the next
    action that is planned unless the line has one, with the ``words`` that it keeps; tab takes it
    off."""

    def __init__(
        self,
        screen: CrmScreen,
        name: str,
        subject: str | Line,
        lead: LeadView | None,
        *,
        known: Known,
        value: str = "",
        empty_value: str | None = None,
        empty_word: str | None = None,
        retry: Reading | None = None,
        words: str = "",
    ) -> None:
        session = screen.session
        self.retry, self._planned = retry, retry

        def echo(text: str) -> Echo:
            note = read_note(session, text, known)
            rows = note_rows(session, note, lead)
            if note.following is None and self._planned is not None:
                rows.insert(0, self._retry_row(session, lead, words))
            return Echo(rows, note_spans(note))

        super().__init__(
            name,
            subject,
            echo,
            value=value,
            rows=2,
            empty_value=empty_value,
            empty_word=empty_word,
            echo_empty=retry is not None,
            examples=make(
                (_("what was said  20m  >fri 9:30 send quote  #hot  €12.8k  Tel: …"), "dim")
            ),
        )

    def _retry_row(self, session: Session, lead: LeadView | None, words: str) -> EchoRow:
        """The next try, or that there will be none, with the key that changes it."""
        if self.retry is None:
            back = make(
                (_("no next try") + "   ", "dim"), ("tab", "key"), (" " + _("plans it"), "dim")
            )
            return EchoRow("=", "dim", back)
        again = self.retry._replace(text=words)
        row = next_action_rows(session, again, lead, _("next"), keeps=False)[0]
        off = make(("   tab", "key"), (" " + _("takes it off"), "dim"))
        return EchoRow(row.sign, row.token, (*row.runs, *off))

    async def press(self, event: events.Key) -> None:
        if event.key == "tab" and self._planned is not None:
            self.retry = None if self.retry is not None else self._planned
            self.read_again()
        else:
            await super().press(event)
