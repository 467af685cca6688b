"""What a filter line asks for: its words, its order, the saved view it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_crm.core.leads.filter import DESCENDING, SORTS

FIRST = "status:open owner:me"
_SORT = re.compile(r"(?<!\S)sort:(-?)(\w*)\S*", re.I)


@dataclass
class FilterState:
    """The words of the filter, the order, the saved view. Leads and the Board share one."""

    line: str = FIRST
    sort: str = "next"
    reverse: bool = False  # the other way round than this order usually is
    view: str = ""

    @property
    def query(self) -> str:
        """The words and the order as one line."""
        return f"{self.line} sort:{'-' if self.reverse else ''}{self.sort}".strip()

    @property
    def descending(self) -> bool:
        """Whether the largest comes first."""
        return self.reverse != (self.sort in DESCENDING)

    def set_line(self, text: str, view: str = "") -> None:
        """Take over a typed or saved line; a `sort:` in it becomes the order."""
        for sign, name in _SORT.findall(text):
            if name.casefold() in SORTS:
                self.sort, self.reverse = name.casefold(), bool(sign)
        self.line = without_sort(text)
        self.view = view

    def sort_by(self, name: str) -> None:
        """Order by ``name``; the other way round where that is the order already."""
        self.reverse = not self.reverse if name == self.sort else False
        self.sort = name


def without_sort(line: str) -> str:
    """A line without its order."""
    return " ".join(_SORT.sub(" ", line).split())
