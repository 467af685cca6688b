"""What an import is going to do, and what it did: the same figures before and after.

Every row of the file is added, a duplicate or skipped, and stands in exactly one of the three:
``rows == added + duplicates + len(skipped)``.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple


class ColumnSeen(NamedTuple):
    """A column of the file, the field it fills (None: it stays what it is) and its first value."""

    name: str
    field: str | None
    first: str


class Skipped(NamedTuple):
    """A row that cannot be used: its line in the file, and why."""

    line: int
    reason: str


class Duplicate(NamedTuple):
    """A row that is there already: its line in the file, and where its twin is."""

    line: int
    why: str


@dataclass(frozen=True)
class Summary:
    """The figures of an import.

    ``file`` is the file's name ("pasted" for the clipboard), ``list`` the prospect list (None
    for leads), ``rows`` how many rows with data the file has, ``doubles`` the duplicates one by
    one, ``cleaned`` in how many cells dangerous characters were replaced, ``remarks`` what is odd
    about rows that are brought in all the same. ``encoding``, ``delimiter`` and ``sheet`` are
    None where the format has none.
    """

    file: str
    kind: str
    list: str | None
    rows: int
    added: int
    doubles: tuple[Duplicate, ...]
    skipped: tuple[Skipped, ...]
    remarks: tuple[Skipped, ...]
    cleaned: int
    columns: tuple[ColumnSeen, ...]
    encoding: str | None
    delimiter: str | None
    sheet: str | None

    @property
    def duplicates(self) -> int:
        return len(self.doubles)

    def as_json(self, dry_run: bool = False) -> dict[str, Any]:
        """The object that ``import --json`` prints."""
        return {
            "file": self.file,
            "list": self.list,
            "rows": self.rows,
            "added": self.added,
            "duplicates": self.duplicates,
            "skipped": [{"line": line, "reason": reason} for line, reason in self.skipped],
            "cleaned": self.cleaned,
            "columns": [{"name": name, "field": field} for name, field, _first in self.columns],
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "dry_run": dry_run,
        }


@contextmanager
def gc_paused() -> Iterator[None]:
    """No search for cycles while a hundred thousand rows are made: they hold none, and looking
    through them again and again takes a fifth of the time of an import (measured)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
