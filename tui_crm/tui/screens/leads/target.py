"""What a Do key acts on."""

from __future__ import annotations

from dataclasses import dataclass

from tui_crm.core.leads.views import LeadView
from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets.hints import Hint, Message

UNDO = "u"


@dataclass
class Target:
    """What a Do key acts on: the leads that were marked, or under the cursor, when it was pressed.

    ``lead`` is the first of them. What happens to the list while a line is typed does not change
    it; what happens to the leads is not overwritten: ``as_of`` is the entry of the journal up to
    which they were read."""

    lead: LeadView
    ids: list[int]
    as_of: int

    @property
    def several(self) -> bool:
        return len(self.ids) > 1

    def place(self, entry: str) -> str:
        """Where the draft of an entry about this belongs."""
        return f"marked:{entry}" if self.several else f"lead:{self.lead.number}:{entry}"

    @property
    def title(self) -> str:
        """The subject of sheets."""
        if self.several:
            return _("{n} marked leads").format(n=f"{len(self.ids):,}")
        return self.lead.title

    def message(
        self, word: str, *, token: str = "strong", figure: str = "", note: str = ""
    ) -> Message:
        """The message of a success: a word, the subject, `u undo` at the right; of several leads
        how many there are, and what was done to all of them."""
        undo = Hint(UNDO, _("undo"))
        if self.several:
            count = ngettext("{n} lead", "{n} leads", len(self.ids)).format(n=f"{len(self.ids):,}")
            figures = ", ".join(text for text in (count, figure, note) if text)
            return Message(word, token, figure=figures, right=undo)
        return Message(word, token, self.title, figure=figure, note=note, right=undo)

    def stored(self, words: str) -> Message:
        """The message of an action that was logged: what was stored, then on which lead."""
        undo = Hint(UNDO, _("undo"))
        about = self.lead.title
        if self.several:
            count = len(self.ids)
            about = ngettext("{n} lead", "{n} leads", count).format(n=f"{count:,}")
        return Message(_("Logged"), "won", words, note=about, right=undo)
