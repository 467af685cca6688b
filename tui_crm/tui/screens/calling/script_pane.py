"""The script of the prospect on screen: the opening or an answer, read in the right pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core.calling import script as calling_script
from tui_crm.core.calling.card import Card
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _
from tui_crm.tui.screens.calling.sheets import ScriptSheet
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint

if TYPE_CHECKING:
    from tui_crm.tui.screens.calling.screen import CallingScreen


class ScriptPane:
    """What of the script is shown. While it is ``reading``, digits open answers and j and k scroll
    the script; below 100 columns a sheet takes the place of the pane."""

    def __init__(self, screen: CallingScreen) -> None:
        self.screen = screen
        self.branch: int | None = None
        """The digit of the answer that is shown, None for the opening."""
        self.reading = False
        self.top = 0
        """Rows that were scrolled past."""

    def start(self, card: Card | None) -> None:
        """Begin with the script of another prospect: at the answer that was opened last, also by an
        earlier run of the program, else at the opening."""
        digit = calling_script.last_digit(card.answers) if card is not None else None
        self.branch = digit if card is not None and digit and card.script.part(digit) else None
        self.reading, self.top = False, 0

    async def open(self, card: Card) -> None:
        """Give the keys to the script, or take them back."""
        if not card.script.opening and not card.script.branches:
            self.screen.explain_key(
                "tab",
                _("this list has no script; i on the list writes one."),
                Hint("Esc", _("lists")),
            )
        elif self.screen.wide:
            self.read(not self.reading)
        else:
            digit = await ask(self.screen, ScriptSheet(card, self.branch, self.open_answer))
            self.branch = digit or None
            self.screen.reload()

    def read(self, reading: bool) -> None:
        """Show the script from the top, with the keys or without."""
        self.reading, self.top = reading, 0
        self.screen.show_again()

    def scroll(self, by: int) -> None:
        """Scroll by so many rows."""
        self.top = max(self.top + by, 0)
        self.screen.show_again()

    def read_opening(self) -> None:
        """Go back to the opening."""
        self.branch = None
        self.read(True)

    def read_answer(self, digit: int) -> None:
        """Show the answer of a digit."""
        self.open_answer(digit)
        self.read(True)

    def open_answer(self, digit: int) -> None:
        """Choose the answer of a digit, and note with the call that it was needed."""
        card = self.screen.card
        if card is None:
            return
        answer = card.script.part(digit)
        if answer is None or not digit:
            self.screen.explain_key(
                str(digit), _("the script has no answer with this digit."), Hint("tab", _("back"))
            )
            return
        self.branch = digit
        try:
            calling_script.open_answer(self.screen.session, card.prospect_id, digit, answer.label)
        except CrmError as error:
            self.screen.refused(error)
