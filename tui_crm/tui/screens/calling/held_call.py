"""The row on screen, for what the keys of Calling do to it."""

from __future__ import annotations

from tui_crm.core.calling import operations as calling
from tui_crm.core.calling.card import Card
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.widgets.hints import Hint, Message


class RowScreen(CrmScreen):
    """A screen with one prospect on it. The screen itself gives ``card`` and ``list_id``."""

    card: Card | None
    list_id: int | None
    narrowed: str

    def _row(self, key: str) -> Card | None:
        """The row on screen, or a word on why there is none."""
        if self.card is None:
            self.explain_key(key, _("there is nobody to call now."), Hint("v", _("says why")))
        return self.card

    @property
    def on_call(self) -> bool:
        """Whether the clock of a call runs on the row."""
        return self.card is not None and self.card.on_call is not None

    @staticmethod
    def _about(card: Card) -> str:
        return ", ".join(p for p in (card.name, card.company) if p) or _("row {n}").format(
            n=card.row
        )

    def _tell(self, word: str, card: Card, note: str = "", token: str = "strong") -> None:
        about = self._about(card) + (f": {note}" if note else "")
        self.say(Message(word, token, about, right=Hint("u", _("undo"))))

    def settle(self, state: str) -> None:
        """A row got its outcome: the progress of the list moves without counting it anew."""

    def stand_on(self, prospect_id: int) -> None:
        """Put this very row on the screen, or say why not."""
        raise NotImplementedError

    def _keep_words(self, card: Card) -> None:
        """A row that is left takes its note along, for whoever gets it next."""
        if not card.saved:
            self.crm.perform(calling.set_note, card.prospect_id, card.note)
