"""Erasing a person for good, from the do-not-call list: whom, what would go, and a yes by digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import lists
from tui_crm.core.privacy import erase
from tui_crm.core.session import Session
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.base import echo_error
from tui_crm.tui.screens.progress import MANY, perform_job
from tui_crm.tui.widgets.hints import Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def erase_person(screen: CrmScreen, phone_or_email: str) -> bool:
    """Ask for the person by a phone or an e-mail, show what would be erased, and erase it after a
    clear yes, for it cannot be undone. Awaited in a conversation."""

    def echo(text: str) -> Echo:
        try:
            person = erase.preview(screen.session, text)
        except CrmError as error:
            return echo_error(error)
        return Echo([EchoRow("!", "due", make((_describe(person), "due")))])

    def sheet(text: str) -> PromptSheet:
        examples = _("a phone or an e-mail: names, numbers and notes go, counts stay")
        return PromptSheet(
            _("forget a person"),
            _("for good: this cannot be undone"),
            echo,
            value=text,
            rows=1,
            keep=_("goes on"),
            examples=make((examples, "dim")),
        )

    async def confirm(text: str) -> bool:
        return await _confirm(screen, text)

    return await screen.edit_in(sheet, confirm, phone_or_email, place=None)


async def _confirm(screen: CrmScreen, phone_or_email: str) -> bool:
    """Erase the person after a yes; False when it was refused."""
    person = erase.preview(screen.session, phone_or_email)
    options = [
        MenuOption(_("Forget, never call"), _("their hash stays on the list"), "blocked"),
        MenuOption(_("Forget only"), _("may be imported again"), "late"),
    ]
    if person.blocked:
        options = [MenuOption(_("Forget"), _("they stay blocked, by a hash"), "blocked")]
    leave = MenuOption(_("Leave it"), _("nothing changes"))
    about = _("{match}: {what}").format(match=person.match, what=_describe(person))
    index = await screen.choose(_("forget for good"), about, [*options, leave])
    if index is None or index == len(options):
        screen.say(Message(_("Nobody"), "strong", _("was forgotten")))
        return True
    block = index == 0
    if _takes_long(screen.session):
        result = await perform_job(
            screen,
            _("forgetting"),
            person.match,
            lambda _progress, _cancelled: erase.erase(screen.session, phone_or_email, block),
            words=_("The tables and the whole journal are gone through."),
            cancellable=False,
        )
    else:
        result = screen.crm.perform(erase.erase, phone_or_email, block)
    if not isinstance(result, erase.Erased):
        return False
    note = ""
    if result.backups:
        note = ngettext(
            "{n} backup still holds them", "{n} backups still hold them", result.backups
        ).format(n=result.backups)
    rows = ngettext("{n} row emptied", "{n} rows emptied", result.rows).format(n=result.rows)
    screen.say(Message(_("Forgotten"), "strong", rows, note))
    return True


def _takes_long(session: Session) -> bool:
    """Whether erasing takes longer than a key may: it goes through the whole store."""
    store = session.store
    return max(lists.estimate_rows(store), store.last_entry()) > MANY


def _describe(person: erase.ErasePreview) -> str:
    """What would be emptied, in words."""
    rows = ngettext("{n} row", "{n} rows", person.rows).format(n=person.rows)
    people = ngettext("{n} person", "{n} people", person.people).format(n=person.people)
    leads = ngettext("{n} lead", "{n} leads", person.leads).format(n=person.leads)
    return _("{rows} of lists, {people}, {leads} for good").format(
        rows=rows, people=people, leads=leads
    )
