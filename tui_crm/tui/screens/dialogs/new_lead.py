"""New lead: a title is enough; the rest by the same pieces as in a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui_crm.core.leads import duplicates, leads
from tui_crm.core.leads.contacts import kind_of
from tui_crm.core.text import _
from tui_crm.tui.screens.leads import echo as lead_echo
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow

if TYPE_CHECKING:
    from tui_crm.core.leads.note_line import NoteLine
    from tui_crm.core.session import Session
    from tui_crm.tui.screens.base import CrmScreen

_PHONE = re.compile(r"(?<!\S)\+?\d[\d ()./-]{6,}\d(?!\S)")
_ADDRESS = re.compile(r"(?<!\S)\S+@\S+\.\S+|(?<!\S)(?:https?://|www\.)\S+")


def read_lead(session: Session, text: str) -> tuple[str, NoteLine, list[tuple[str, str]]]:
    """A typed lead: its title, the pieces of its note line, and the phones and addresses that stood
    in the title (kind and value)."""
    points: list[tuple[str, str]] = []

    def take(found: re.Match[str]) -> str:
        piece = found.group().strip()
        kind = kind_of(piece)
        if kind is None:
            return found.group()
        points.append((kind, piece))
        return " "

    mark = re.search(r"(?<!\S)>", text)
    head, tail = (text[: mark.start()], text[mark.start() :]) if mark else (text, "")
    head = _PHONE.sub(take, _ADDRESS.sub(take, head))
    note = lead_echo.read_note(session, head + tail)
    return note.text, note, points


async def ask_new_lead(screen: CrmScreen) -> None:
    """Ask for a lead, warn of leads like it while it is typed, create it and show its number."""
    session = screen.session

    def echo(text: str) -> Echo:
        title, note, points = read_lead(session, text)
        rows = [EchoRow("=", "won", make((title or _("a title is needed"), "strong")))]
        if points:
            values = "  ".join(value for _kind, value in points)
            rows.append(EchoRow("=", "won", make((values, "strong"))))
        rows += lead_echo.note_rows(session, note, None)
        for twin in duplicates.find_duplicates(session, title=title, points=points, most=2):
            words = _("{why}: #{n} {title} ({owner}). Enter makes another.").format(
                why=twin.why, n=twin.lead_id, title=twin.title, owner=twin.owner or _("nobody")
            )
            rows.append(EchoRow("!", "due", make((words, "due"))))
        spans = lead_echo.note_spans(lead_echo.read_note(session, text))
        return Echo(rows, spans, refuse=not title)

    def create(text: str) -> bool:
        title, note, points = read_lead(session, text)
        number = screen.crm.perform(
            leads.create,
            title,
            amount=note.amount,
            tag_names=note.tags,
            points=points,
            following=note.following,
            company=title.split(":")[0].strip() if ":" in title else "",
        )
        if number is None:
            return False
        screen.say(Message(_("New"), "strong", f"#{number} {title}", right=Hint("u", _("undo"))))
        screen.made_lead(number)
        return True

    await screen.edit_line(
        _("new lead"),
        "",
        create,
        echo=echo,
        examples=make((_("Acme GmbH: website relaunch €12k #inbound >fri 9:30 call Anna"), "dim")),
    )
