"""New lead: a title is enough; the rest by the same pieces as in a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual import events

from tui_crm.core.leads import duplicates, leads, next_actions
from tui_crm.core.leads.contacts import kind_of
from tui_crm.core.text import _
from tui_crm.tui.screens.dialogs.step_needs import ask_categories
from tui_crm.tui.screens.leads import echo as lead_echo
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.core.leads.note_line import NoteLine
    from tui_crm.core.session import Session
    from tui_crm.tui.screens.base import CrmScreen

_PHONE = re.compile(r"(?<!\S)\+?\d[\d ()./-]{6,}\d(?!\S)")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)")
_ADDRESS = re.compile(r"(?<!\S)\S+@\S+\.\S+|(?<!\S)(?:https?://|www\.)\S+")


def read_lead(
    session: Session, text: str, unmarked: bool = True
) -> tuple[str, NoteLine, list[tuple[str, str]]]:
    """A typed lead: its title, the pieces of its note line, and the phones and addresses that stood
    in the title (kind and value). With ``unmarked`` a next action at its end needs no ``>``."""
    points: list[tuple[str, str]] = []

    def take(found: re.Match[str]) -> str:
        piece = found.group().strip()
        kind = kind_of(piece)
        if kind is None or _DAY.match(piece):
            return found.group()
        points.append((kind, piece))
        return " " * len(found.group())  # the rest stays in its place

    mark = re.search(r"(?<!\S)>", text)
    head, tail = (text[: mark.start()], text[mark.start() :]) if mark else (text, "")
    head = _PHONE.sub(take, _ADDRESS.sub(take, head))
    note = lead_echo.read_note(session, head + tail, unmarked=unmarked)
    return " ".join(note.text.split()), note, points


class NewLeadSheet(PromptSheet):
    """The entry of a new lead. Where its end is read as the next action, ``tab`` takes that back:
    the words belong to the title then."""

    def __init__(self, session: Session, text: str) -> None:
        self.unmarked = True
        self._session = session
        super().__init__(
            _("new lead"),
            "",
            self._echo_lead,
            value=text,
            examples=make(
                (_("Acme GmbH: website relaunch €12k #inbound fri 9:30 call Anna"), "dim")
            ),
        )

    def _echo_lead(self, text: str) -> Echo:
        session = self._session
        title, note, points = read_lead(session, text, self.unmarked)
        rows = [EchoRow("=", "won", make((title or _("a title is needed"), "strong")))]
        if points:
            values = "  ".join(value for _kind, value in points)
            rows.append(EchoRow("=", "won", make((values, "strong"))))
        about = lead_echo.note_rows(session, note, None)
        if about and self._has_unmarked(text):
            back = make(("   tab", "key"), (" " + _("takes it back"), "dim"))
            about[0] = EchoRow(about[0].sign, about[0].token, (*about[0].runs, *back))
        rows += about
        for twin in duplicates.find_duplicates(session, title=title, points=points, most=2):
            words = _("{why}: #{n} {title} ({owner}). Enter makes another.").format(
                why=twin.why, n=twin.lead_id, title=twin.title, owner=twin.owner or _("nobody")
            )
            rows.append(EchoRow("!", "due", make((words, "due"))))
        return Echo(rows, lead_echo.note_spans(note), refuse=not title)

    def _has_unmarked(self, text: str) -> bool:
        """Whether the end of the text is read as a next action without its sign."""
        following = read_lead(self._session, text, self.unmarked)[1].following
        return following is not None and not re.search(r"(?<!\S)>", text)

    async def press(self, event: events.Key) -> None:
        if event.key == "tab" and (not self.unmarked or self._has_unmarked(self.value)):
            self.unmarked = not self.unmarked
            self.read_again()
        else:
            await super().press(event)


async def ask_new_lead(screen: CrmScreen) -> None:
    """Ask for a lead, warn of leads like it while it is typed, create it, show its number, and ask
    for its next action when none was typed."""
    session = screen.session
    sheets: list[NewLeadSheet] = []
    made: list[tuple[int, str, bool]] = []  # whether it has a next action

    def sheet(text: str) -> NewLeadSheet:
        opened = NewLeadSheet(session, text)
        opened.unmarked = sheets[-1].unmarked if sheets else True
        sheets.append(opened)
        return opened

    def create(text: str) -> bool:
        title, note, points = read_lead(session, text, sheets[-1].unmarked)
        number = screen.crm.perform(
            leads.create,
            title,
            amount=note.amount,
            tag_names=note.tags,
            points=points,
            following=note.following,
            company=leads.company_in(title) or screen.company_here(),
        )
        if number is None:
            return False
        _say_made(screen, number, title)
        made.append((number, title, note.following is not None))
        return True

    if await screen.edit_in(sheet, create, place="lead:new"):
        for number, title, planned in made:
            await ask_categories(screen, number)
            if not planned:
                await _ask_next_action(screen, number, title)


def _say_made(screen: CrmScreen, number: int, title: str) -> None:
    screen.say(Message(_("New"), "strong", f"#{number} {title}", right=Hint("u", _("undo"))))
    screen.made_lead(number)


async def _ask_next_action(screen: CrmScreen, number: int, title: str) -> None:
    """Ask for the next action of a new lead; an empty line leaves it in To do."""
    session = screen.session
    typed = False

    def set_next(text: str) -> bool:
        nonlocal typed
        if not text:
            return True
        reading = lead_echo.read_next_action(session, text)
        if screen.crm.perform(next_actions.set_next, number, reading) is None:
            return False
        typed = True
        words = lead_echo.next_action_words(session, reading)
        screen.say(
            Message(
                _("Next"), "strong", f"#{number} {title}", note=words, right=Hint("u", _("undo"))
            )
        )
        return True

    def echo(text: str) -> Echo:
        reading = lead_echo.read_next_action(session, text)
        spans = [(start, end, "accent") for start, end, _what in reading.spans]
        return Echo(lead_echo.next_action_rows(session, reading, None), spans)

    await screen.edit_line(
        _("Next?"),
        f"#{number} {title}",
        set_next,
        place=f"lead:{number}:next",
        echo=echo,
        examples=lead_echo.next_action_examples(),
        empty_value="",
        empty_word=_("keeps it in To do"),
    )
    if not typed:
        _say_made(screen, number, title)  # the sheet stood over it
