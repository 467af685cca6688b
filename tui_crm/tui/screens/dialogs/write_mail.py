"""Writing an e-mail: whom to and from which template, then the editor or the mail program, then
whether it was sent. Only what was said to be sent is logged; nothing is sent from here."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.leads import letters
from tui_crm.core.leads.letters import Letter, Recipient
from tui_crm.core.mail import Mail
from tui_crm.core.setup import templates
from tui_crm.core.text import _, wrap
from tui_crm.tui.terminal import mailer
from tui_crm.tui.terminal.editor import edit_text
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint, Message, hint
from tui_crm.tui.widgets.lines import EMPTY, Line, join, make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.review import ReviewSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

LOG, OTHER = -1, -2
"""What the menu of templates ends with beside the place of a template."""


@dataclass(frozen=True)
class Addressed:
    """Who can be written to about one record, in which ``language``, and what placeholders stand
    for; ``title`` names the record."""

    title: str
    people: Sequence[Recipient]
    language: str
    values: Callable[[Recipient], dict[str, str]]


async def write_mail(
    screen: CrmScreen, about: Addressed, keep: Callable[[Mail], bool], logs: bool
) -> bool | None:
    """Write an e-mail; ``keep`` logs one that was sent and returns False when that was refused.
    Whether it was logged; None when an e-mail is to be logged without being written here, which
    the menu offers where it ``logs``."""
    place = 0
    known = templates.offered(screen.session.store, about.language)
    while True:
        to = about.people[place]
        index = await ask(screen, _menu(about, place, known, logs))
        if index == OTHER:
            place = (place + 1) % len(about.people)
        elif index == LOG:
            return None
        elif index is None:
            return False
        else:
            break
    template = known[index] if index < len(known) else None
    letter = letters.write(template, to, about.values(to))
    if not await _confirm(screen, letter, to, template is not None):
        return False
    return await _send(screen, letter.mail, keep)


def _menu(
    about: Addressed, place: int, known: Sequence[templates.TemplateRow], logs: bool
) -> MenuSheet:
    to, several = about.people[place], len(about.people) > 1
    options = [
        MenuOption(row.name, row.language if row.language != about.language else row.subject)
        for row in known
    ]
    options.append(MenuOption(_("no template"), _("an empty message")))
    subject = make((about.title, "text"), ("  ", "dim"), *_address(to))
    hints = []
    if several:
        hints.append(hint("tab", _("to another")))
    if logs:
        hints.append(hint("e", _("log one")))
    if not known:
        hints.append(hint(":templates", _("adds templates")))
    extra = {"tab": OTHER} if several else {}
    return MenuSheet(
        _("e-mail"),
        subject,
        options,
        enter=0,
        also_leaves=() if logs else ("e",),
        extra=extra | ({"e": LOG} if logs else {}),
        extra_hints=join(hints, "  "),
    )


def _address(to: Recipient) -> tuple[tuple[str, str], ...]:
    if not to.address:
        return ((_("no e-mail address"), "due"),)
    if to.problem:
        why = _("do not call") if to.problem == "blocked" else _("bounced")
        return ((f"{to.name} {to.address}  ", "dim"), (why, "blocked"))
    return ((f"{to.name} {to.address}".strip(), "dim"),)


async def _confirm(screen: CrmScreen, letter: Letter, to: Recipient, filled: bool) -> bool:
    """Show what is missing, before the message opens; whether to go on."""
    rows: list[Line] = []
    if not to.address:
        rows.append(make(("! ", "due.b"), (_("There is no e-mail address."), "due")))
    elif to.problem == "blocked":
        rows.append(make(("! ", "late.b"), (_("Asked not to be contacted."), "late")))
    elif to.problem:
        rows.append(make(("! ", "due.b"), (_("This address is marked as bad."), "due")))
    for names, words in ((letter.empty, _("is empty")), (letter.unknown, _("is no field"))):
        rows += [
            make(("! ", "due.b"), (f"{{{name}}}", "strong"), (f" {words}", "due")) for name in names
        ]
    if not rows or (not filled and to.problem != "blocked"):
        return True
    if letter.empty or letter.unknown:
        rows.append(make((_("It stands in the text as it is; fill it in there."), "dim")))
    keys = [("enter", "Enter", _("write it all the same"))]
    return await ask(screen, ReviewSheet(_("e-mail"), "", rows, keys, leaves=_("leave"))) == "enter"


async def _send(screen: CrmScreen, mail: Mail, keep: Callable[[Mail], bool]) -> bool:
    """Open the message until it is said to be sent, or not; whether it was logged."""
    opened = False
    note = ""
    while True:
        if not opened:
            try:
                mail, note = _open(screen, mail)
            except CrmError as error:
                screen.refused(error)
                return False
            if not (mail.subject or mail.body):
                screen.say(Message(_("Dropped"), note=_("the message is empty")))
                return False
            opened = True
        keys = [("y", "y", _("sent")), ("n", "n", _("not sent")), ("e", "e", _("edit on"))]
        if not screen.crm.mailer:
            keys += [("c", "c", _("copy the text")), ("m", "m", _("mail program"))]
        rows = _rows(mail, note, screen.size.width - 2)
        key = await ask(
            screen,
            ReviewSheet(_("sent?"), mail.recipient, rows, keys, leaves=_("not sent")),
        )
        note = ""
        if key == "y":
            if keep(mail):
                return True
            note = screen.refusal
        elif key == "c":
            screen.crm.copy(mail.body)
            note = _("The text was copied.")
        elif key == "m":
            note = _in_program(screen, mail)
        elif key == "e":
            opened = False
        else:
            screen.say(
                Message(_("Not logged"), note=_("it was not sent"), right=Hint("e", _("e-mail")))
            )
            return False


def _open(screen: CrmScreen, mail: Mail) -> tuple[Mail, str]:
    """The message as it is after the editor, or after the mail program was started, and what there
    is to tell. Raises CrmError."""
    crm = screen.crm
    if crm.mailer:
        note = mailer.write(crm, mail, crm.mailer)
        if note:
            crm.copy(mail.body)
        return mail, note
    left = edit_text(crm, mail.text, "message.txt")
    return (mail if left is None else mail.edited(left) if left else Mail("", "", "", "")), ""


def _in_program(screen: CrmScreen, mail: Mail) -> str:
    """Open the message in the desktop's mail program; what there is to tell."""
    command = mailer.opener(os.environ)
    if not command:
        screen.crm.copy(mail.link())
        return _("No mail program is known here; the mailto: link was copied.")
    try:
        told = mailer.write(screen.crm, mail, (*command, "{mailto}"))
    except CrmError as error:
        return str(error)
    if told:
        screen.crm.copy(mail.body)
    return told or _("Opened in the mail program.")


def _rows(mail: Mail, note: str, width: int) -> list[Line]:
    """The message as it is logged, with what there is to tell of it."""
    rows = [make((part, "due")) for part in wrap(note, width)] if note else []
    if mail.left:
        names = ", ".join(f"{{{name}}}" for name in mail.left)
        rows.append(make(("! ", "due.b"), (_("not filled in: {names}").format(names=names), "due")))
    rows.append(make((mail.subject or _("no subject"), "strong")))
    for line in mail.body.split("\n"):
        rows += [make((part, "text")) for part in wrap(line, width)] or [EMPTY]
    return rows
