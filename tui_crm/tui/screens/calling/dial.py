"""Dialling: the number is copied and dialled, and the clock of the call starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core.calling import session as calling_session
from tui_crm.core.calling.card import Card, CardPhone
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _
from tui_crm.tui.screens.calling.sheets import CallMenu
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption

if TYPE_CHECKING:
    from tui_crm.tui.screens.calling.screen import CallingScreen


async def dial(screen: CallingScreen, card: Card) -> None:
    """Dial the first good number; during a call, offer the other numbers."""
    phone = next((p for p in card.phones if card.dialled in (p.e164, p.typed)), None)
    if card.on_call is None or phone is None:
        dial_number(screen, card)
        return
    others = [other for other in card.phones if other is not phone]
    if not others:
        # A second Enter is a slip: the call goes on.
        right = Hint("1-9", _("how it ended"))
        screen.say(Message(_("On this call"), "strong", "", phone.shown, right=right))
        return
    name = card.name or card.company
    about = make((name, "text"), (f"   {_('on this call:')} {phone.shown}", "dim"))
    options = [MenuOption(other.shown, _describe(card, other)) for other in others]
    index = await ask(screen, CallMenu(_("dial another"), about, options))
    if index is not None:
        dial_number(screen, card, others[index])


def dial_number(screen: CallingScreen, card: Card, phone: CardPhone | None = None) -> None:
    """Copy a number, the first good one if none is given, run the dialler, start the clock."""
    chosen = (phone.e164 or phone.typed) if phone is not None else ""
    try:
        number = calling_session.dial(screen.session, card.prospect_id, chosen)
    except CrmError as error:
        screen.refused(error)
        return
    crm = screen.crm
    crm.copy(number)
    dialled = next((p for p in card.phones if number in (p.e164, p.typed)), None)
    shown = dialled.shown if dialled is not None else number

    def failed(why: str) -> None:
        # The clock runs and the number is copied: it can be dialled by hand.
        crm.say(Message(_("Dial"), "late", "", shown, why))

    problem = crm.dial(number, failed)
    screen.reload()
    if problem:
        failed(problem)
    else:
        note = _("copied, dialler started") if crm.dialer else _("copied")
        screen.say(Message(_("Dial"), "strong", "", shown, note, Hint("1-9", _("how it ended"))))


def _describe(card: Card, phone: CardPhone) -> str:
    """The column of a number, and why it may not answer."""
    columns = (
        name for name, value, field in card.cells if field == "phone" and phone.typed in value
    )
    odd = _("do not call") if phone.blocked else _("wrong number") if phone.bad else ""
    return ", ".join(filter(None, (next(columns, ""), odd)))
