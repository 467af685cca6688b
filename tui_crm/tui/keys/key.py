"""What a row of the key table is, and the names of the screens where keys act."""

from __future__ import annotations

from dataclasses import dataclass

# Screens by name. LEADS are those with a lead under the cursor: the Do keys act on all of them.
GO = ("today", "leads", "calling", "stats", "feed")
LEADS = ("today", "lead", "leads", "board", "figure", "feed", "week")
LEAD_ROWS = (*LEADS, "client")  # where the keys that a client has for itself act on it
PLACES = (
    *GO,
    "week",
    "lead",
    "client",
    "board",
    "figure",
    "lists",
    "list",
    "import",
    "blocked",
    "outcomes",
    "settings",
    "help",
)


def N_(message: str) -> str:
    """Marks a text for translation; it is translated where it is used."""
    return message


@dataclass(frozen=True)
class Key:
    """One key. ``keys`` are Textual's names, the first is the one shown; ``action`` the method
    ``action_<name>`` that it calls; ``word`` the hint in one or two words; ``where`` the
    screens."""

    id: str
    keys: str
    action: str
    word: str
    says: str
    group: str  # go, move, do (on leads), calling, choose, always, here
    where: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The first key as a person reads it on the keyboard."""
        return SHOWN.get(first := self.keys.split(",")[0], first)


SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "space",
    "plus": "+",
    "slash": "/",
    "colon": ":",
    "full_stop": ".",
    "question_mark": "?",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "asterisk": "*",
    "equals_sign": "=",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "number_sign": "#",
    "tab": "tab",
    "ctrl+r": "ctrl+r",
    "ctrl+z": "ctrl+z",
    "ctrl+c": "ctrl+c",
    "pagedown": "page down",
    "pageup": "page up",
    "comma": ",",
    "semicolon": ";",
    "minus": "-",
}

GROUPS = {
    "go": N_("Go"),
    "move": N_("Move"),
    "do": N_("Do, on leads"),
    "calling": N_("In Calling"),
    "choose": N_("Choose"),
    "always": N_("Always"),
    "here": N_("Here"),
}
