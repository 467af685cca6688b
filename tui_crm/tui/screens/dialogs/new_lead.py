"""New lead: a title is enough; the rest by the same pieces as in a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui_crm.core.leads import contacts, leads
from tui_crm.core.leads.contacts import kind_of
from tui_crm.core.text import _
from tui_crm.tui.screens.leads import echo as lead_echo
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.core.leads.note_line import NoteLine
    from tui_crm.core.session import Session
    from tui_crm.tui.screens.base import CrmScreen

_PHONE = re.compile(r"(?<!\S)\+?\d[\d ()./-]{6,}\d(?!\S)")
_ADDRESS = re.compile(r"(?<!\S)\S+@\S+\.\S+|(?<!\S)(?:https?://|www\.)\S+")


def take_apart(session: Session, text: str) -> tuple[str, NoteLine, list[tuple[str, str]]]:
    """Title, the pieces of a note line, and the phones and addresses found in the title."""
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
    line = lead_echo.note(session, head + tail)
    return line.text, line, points


async def open(screen: CrmScreen, text: str = "") -> None:
    """Ask for the lead, warn of twins while it is typed, make it and say its number."""
    session = screen.session

    def echo(typed: str) -> Echo:
        title, line, points = take_apart(session, typed)
        rows = [EchoRow("=", "won", make((title or _("a title is needed"), "strong")))]
        if points:
            rows.append(
                EchoRow("=", "won", make(("  ".join(value for _kind, value in points), "strong")))
            )
        rows += lead_echo.note_rows(session, line, None)
        for twin in contacts.twins(session, title=title, points=points, most=2):
            words = _("{why}: #{n} {title} ({owner}). Enter makes another.").format(
                why=twin.why, n=twin.lead_id, title=twin.title, owner=twin.owner or _("nobody")
            )
            rows.append(EchoRow("!", "due", make((words, "due"))))
        return Echo(rows, lead_echo.spans_of(lead_echo.note(session, typed)), refuse=not title)

    async def entered(value: str | None) -> None:
        if value is None:
            return
        title, line, points = take_apart(session, value)
        company = title.split(":")[0].strip() if ":" in title else ""
        number = screen.crm.perform(
            leads.create,
            title,
            amount=line.amount,
            tag_names=line.tags,
            points=points,
            following=line.following,
            company=company,
        )
        if number is None:
            await open(screen, value)
            return
        screen.say(Message(_("New"), "strong", f"#{number} {title}", right=Hint("u", _("undo"))))
        screen.made_lead(number)

    await PromptSheet(
        _("new lead"),
        "",
        echo,
        value=text,
        rows=2,
        examples=make((_("Acme GmbH: website relaunch €12k #inbound >fri 9:30 call Anna"), "dim")),
    ).open(screen, entered)
