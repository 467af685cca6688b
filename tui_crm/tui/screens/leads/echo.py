"""What is typed, read back while it is typed: dates, amounts, notes, people, as echo rows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from tui_crm.core import drafts, money, phones
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import contacts, next_actions, note_line
from tui_crm.core.leads.note_line import NoteLine
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.widgets.lines import EMPTY, Line, make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

ROLES = {"date": "strong", "when": "text", "kind": "strong", "text": "text"}


def locale_of(session: Session) -> str:
    """The locale that decides between 12/1 and 1/12: the workspace's language and region."""
    house = session.house
    return f"{house.language}_{house.region}" if house.region else house.language


def examples() -> Line:
    """What an empty date line shows."""
    return make((_("fri 9:30 20m call Anna    +3d    every month 1"), "dim"))


def moment(session: Session, text: str) -> Reading:
    """A typed next action."""
    from tui_crm.core.dates import reader  # its vocabulary: not before the first is typed

    return reader.read(text, session.now, locale_of(session))


def in_words(session: Session, found: Reading) -> str:
    """A reading as one short sentence."""
    return found.echo(session.now)


def _parts(session: Session, found: Reading) -> Line:
    """The reading with its recognised parts strong."""
    pieces: list[tuple[str, str]] = []
    for i, (role, text) in enumerate(found.echo_parts(session.now)):
        gap = "" if i == 0 else (", " if role == "when" else "  ")
        pieces.append((f"{gap}{text}", ROLES.get(role, "text")))
    return make(*pieces)


def when_rows(session: Session, found: Reading, lead: int | None, label: str = "") -> list[EchoRow]:
    """The rows under a typed date: the reading, then each warning with what Enter will do."""
    if found.problem:
        return [EchoRow("?", "late", make((found.problem, "late")))]
    head = make((f"{label} ", "dim")) if label else EMPTY
    rows = [EchoRow("=", "won", (*head, *_parts(session, found)))]
    rows += [EchoRow("!", "due", make((text, "due"))) for text in found.warnings]
    for slot in next_actions.clashes(session, found, but=lead)[:2]:
        text = _("clash: {at} {kind} {title}, {n} min. Enter keeps both.").format(
            at=f"{slot.at:%H:%M}",
            kind=_(slot.kind) if slot.kind else "",
            title=slot.title,
            n=slot.minutes,
        )
        rows.append(EchoRow("!", "due", make((" ".join(text.split()), "due"))))
    return rows


def when_echo(session: Session, text: str, lead: int | None = None) -> Echo:
    """The echo of a next action."""
    found = moment(session, text)
    spans = [(start, end, "accent") for start, end, _what in found.spans]
    return Echo(when_rows(session, found, lead), spans)


def amount(session: Session, text: str) -> int:
    """A typed amount in minor units. Raises CrmError."""
    return money.parse(text, session.currency, locale_of(session))


def amount_echo(session: Session, text: str) -> Echo:
    """The echo of an amount."""
    if text.strip() in ("-", "–"):
        return Echo([EchoRow("=", "won", make((_("amount unknown"), "text")))])
    try:
        minor = amount(session, text)
    except CrmError as error:
        return Echo([EchoRow("?", "late", make((str(error), "late")))], refuse=True)
    return Echo([EchoRow("=", "won", make((money.full(minor, session.currency), "strong")))])


def note(session: Session, text: str) -> NoteLine:
    """A typed line of a note."""
    return note_line.read(text, session.now, locale=locale_of(session), currency=session.currency)


def note_rows(session: Session, line: NoteLine, lead: LeadView | None) -> list[EchoRow]:
    """What a line says beside its words: each piece its own row."""
    rows: list[EchoRow] = []
    if line.following is not None:
        rows += when_rows(session, line.following, lead.number if lead else None, _("next"))
    if line.tags:
        rows.append(
            EchoRow("=", "won", make((_("tag") + " ", "dim"), ("  ".join(line.tags), "strong")))
        )
    if line.amount is not None:
        was = ""
        if lead is not None and lead.amount is not None:
            was = f"  {_('was')} {money.full(lead.amount, session.currency)}"
        rows.append(
            EchoRow(
                "=",
                "won",
                make(
                    (_("amount") + " ", "dim"),
                    (money.full(line.amount, session.currency), "strong"),
                    (was, "dim"),
                ),
            )
        )
    return rows


def spans_of(line: NoteLine) -> Sequence[tuple[int, int, str]]:
    """The recognised pieces, in order and apart from each other."""
    spans: list[tuple[int, int, str]] = []
    at = 0
    for start, end, _what in line.spans:
        if max(start, at) < end:
            spans.append((max(start, at), end, "accent"))
            at = end
    return spans


def person_echo(session: Session, text: str, lead: LeadView | None = None) -> Echo:
    """How a line about a person is taken apart, odd phones marked, twins named."""
    name, role, points = contacts.parse(text)
    pieces: list[tuple[str, str]] = [(name or "–", "strong")]
    if role:
        pieces.append((f"  {role}", "text"))
    rows: list[EchoRow] = []
    for kind, value in points:
        if kind == "phone":
            found = phones.read(value, session.house.region)
            pieces.append((f"  {found.international if found.e164 else value}", "strong"))
            if found.problem:
                rows.append(EchoRow("!", "due", make((f"{value}: {found.problem}", "due"))))
        else:
            pieces.append((f"  {value}", "strong"))
    rows.insert(0, EchoRow("=", "won", make(*pieces)))
    for twin in contacts.twins(session, points=points, but=lead.number if lead else None, most=2):
        rows.append(
            EchoRow(
                "!",
                "due",
                make(
                    (
                        _("{why}: #{n} {title} ({owner})").format(
                            why=twin.why, n=twin.lead_id, title=twin.title, owner=twin.owner or "–"
                        ),
                        "due",
                    )
                ),
            )
        )
    return Echo(rows)


class NoteSheet(PromptSheet):
    """The line of a note, saved as a draft while it is typed: at most a second is ever lost."""

    def __init__(
        self,
        screen: Any,
        name: str,
        subject: Any,
        lead: LeadView | None,
        *,
        place: str,
        value: str = "",
        empty_value: str | None = None,
        empty_word: str | None = None,
    ) -> None:
        session = screen.session

        def echo(text: str) -> Echo:
            line = note(session, text)
            return Echo(note_rows(session, line, lead), spans_of(line))

        super().__init__(
            name,
            subject,
            echo,
            value=value,
            rows=2,
            empty_value=empty_value,
            empty_word=empty_word,
            examples=make((_("what was said  >fri 9:30 send quote  #hot  €12.8k"), "dim")),
        )
        self._session, self._place = session, place
        self._saver: Any = None

    def changed(self) -> None:
        super().changed()
        if self._saver is None:
            self._saver = self.set_timer(0.6, self._save)

    def _save(self) -> None:
        """Keep what is typed; the hairline says when it could not be."""
        self._saver = None
        try:
            with self._session.store.short_timeout():
                drafts.save(self._session, self._place, self.value)
        except CrmError:
            # Somebody else writes, or there is no room: typing goes on, and so does trying.
            self.note = make((_("not saved"), "late.b"))
            self._saver = self.set_timer(0.6, self._save)
        else:
            self.note = EMPTY
        self.redraw()

    def keep(self) -> None:
        if self.is_open and self._saver is not None:
            with suppress(CrmError):
                drafts.save(self._session, self._place, self.value)

    def on_unmount(self) -> None:
        if self._saver is not None:
            self._saver.stop()

    async def leave(self) -> None:
        # Left on purpose: the words are gone when there are none, else they wait as a draft.
        if self.is_open:
            with suppress(CrmError):
                if self.value.strip():
                    drafts.save(self._session, self._place, self.value)
                else:
                    drafts.drop(self._session, self._place)
        await super().leave()
