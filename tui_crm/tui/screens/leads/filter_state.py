"""What a filter line asks for: its words, order, groups and columns, and the saved
view it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_crm.core.leads.filter import COLUMNS, DESCENDING, GROUPS, SORTS

FIRST = "status:open owner:me"
_SETTING = re.compile(r"(?<!\S)(sort|group|columns):(\S*)", re.I)


@dataclass
class FilterState:
    """The words of the filter, the order, the groups, the columns that were chosen, the saved view.
    Leads and the Board share one."""

    line: str = FIRST
    sort: str = "next"
    reverse: bool = False  # the other way round than this order usually is
    view: str = ""
    group: str = ""
    columns: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The words, the order, the groups and the columns as one line."""
        parts = [self.line]
        if "sort:" not in self.line.casefold():  # by a field of the workspace
            parts.append(f"sort:{'-' if self.reverse else ''}{self.sort}")
        if self.group:
            parts.append(f"group:{self.group}")
        if self.columns:
            parts.append(f"columns:{','.join(self.columns)}")
        return " ".join(parts).strip()

    @property
    def descending(self) -> bool:
        """Whether the largest comes first."""
        return self.reverse != (self.sort in DESCENDING)

    def set_line(self, text: str, view: str = "") -> None:
        """Take over a typed line; a `sort:` in it becomes the order, a `group:` the groups, a
        `columns:` the columns. What makes no sense stays in the line, to be reported."""
        for name, value in _SETTING.findall(text):
            self._set(name.casefold(), value.casefold())
        self.line = without_settings(text)
        self.view = view

    def set_view(self, text: str, view: str) -> None:
        """Take over a saved line whole: without groups and columns where it has none."""
        self.group, self.columns = "", ()
        self.set_line(text, view)

    def _set(self, name: str, value: str) -> None:
        if not _makes_sense(name, value):
            return
        if name == "sort":
            self.sort, self.reverse = value.lstrip("-"), value.startswith("-")
        elif name == "group":
            self.group = "" if value == "none" else value
        else:
            self.columns = tuple(dict.fromkeys(part for part in value.split(",") if part))

    def sort_by(self, name: str) -> None:
        """Order by ``name``; the other way round where that is the order already."""
        self.reverse = not self.reverse if name == self.sort else False
        self.sort = name


def _makes_sense(name: str, value: str) -> bool:
    if name == "sort":
        return value.lstrip("-") in SORTS
    if name == "group":
        return value in (*GROUPS, "none")
    return all(part in COLUMNS for part in value.split(",") if part)


def without_settings(line: str) -> str:
    """A line without its order, groups and columns, but for those that make no sense."""

    def kept(found: re.Match[str]) -> str:
        name, value = found.group(1).casefold(), found.group(2).casefold()
        return " " if _makes_sense(name, value) else found.group()

    return " ".join(_SETTING.sub(kept, line).split())
