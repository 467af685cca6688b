"""Printing: data to stdout, messages to stderr, and no control byte to either.

Everything goes through `core.text.show` (text) or `clean` (JSON). There are no colours: what a
colour would say is a sign or a word.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from tui_crm.cli import streams
from tui_crm.core import text
from tui_crm.core.text import _, clean, fit, show


def put(line: str = "") -> None:
    """Print a line of data."""
    sys.stdout.write(show(line, single_line=False) + "\n")


def tell(line: str) -> None:
    """Print a message: what was done, or what to do next."""
    if line:
        sys.stderr.write(show(line, single_line=False) + "\n")
        sys.stderr.flush()


def tell_wrong_usage(sentence: str, command: str) -> None:
    """Print what is wrong with a command line, and where the help of its ``command`` is."""
    tell(sentence)
    if command:
        tell(_("See: {command} --help").format(command=command))


def nothing() -> str:
    """The sign for a value that is not known."""
    return "-" if streams.ascii_only else "–"


def dot() -> str:
    return "-" if streams.ascii_only else "·"


def put_json(value: Any) -> None:
    """One JSON value, indented. Where the terminal is not UTF-8, in pure ASCII, so that nothing
    of the data is lost."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=streams.ascii_only, indent=2) + "\n")


def put_json_rows(rows: Iterable[Any]) -> None:
    """A JSON array, one element a line, written as the rows come."""
    sys.stdout.write("[")
    count = 0
    for row in rows:
        sys.stdout.write(",\n" if count else "\n")
        sys.stdout.write(json.dumps(plain(row), ensure_ascii=streams.ascii_only))
        count += 1
    sys.stdout.write("\n]\n" if count else "]\n")


def plain(value: Any) -> Any:
    """``value`` as JSON knows it: moments in ISO 8601 with offset, days as ``2026-11-23``."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {clean(str(k)): plain(v) for k, v in value.items()}
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    whole = int(value)  # Decimal, the only other thing core hands out
    return whole if whole == value else float(value)


def width() -> int:
    """Columns to print in: the terminal's, else ``COLUMNS``, else 80."""
    try:
        return max(20, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError, AttributeError):
        columns = os.environ.get("COLUMNS", "")
        return max(20, int(columns)) if columns.isdecimal() and len(columns) < 5 else 80


class Column:
    """A column of a table: its head, ``right`` for numbers, ``give`` for the one that is cut when
    the line is too long, and ``most`` cells it may take."""

    def __init__(self, head: str, right: bool = False, give: bool = False, most: int = 40) -> None:
        self.head, self.right, self.give, self.most = head, right, give, most


def table(columns: Sequence[Column], rows: Iterable[Sequence[Any]], head: bool = True) -> None:
    """Aligned columns, two spaces between them, cut to the width of the terminal."""
    cells = [["" if value is None else show(str(value)) for value in row] for row in rows]
    sizes = [
        min(c.most, max([text.width(row[i]) for row in cells], default=0))
        if not (head and cells)
        else min(c.most, max(text.width(c.head), *(text.width(row[i]) for row in cells)))
        for i, c in enumerate(columns)
    ]
    shown = [i for i, size in enumerate(sizes) if size or head]
    _squeeze(columns, sizes, shown)
    if head and cells:
        _line([(columns[i].head, sizes[i], columns[i].right) for i in shown])
    for row in cells:
        _line([(row[i], sizes[i], columns[i].right) for i in shown])


def _squeeze(columns: Sequence[Column], sizes: list[int], shown: list[int]) -> None:
    """Make the line fit: the widest of the columns that may give first, cell by cell, then any
    words, then anything."""
    over = sum(sizes[i] for i in shown) + 2 * (len(shown) - 1) - width()
    for least, group in (
        (12, [i for i in shown if columns[i].give]),
        (4, [i for i in shown if not columns[i].right]),
        (1, shown),
    ):
        while over > 0 and group:
            widest = max(group, key=lambda i: sizes[i])
            if sizes[widest] <= least:
                break
            sizes[widest] -= 1
            over -= 1


def _line(cells: list[tuple[str, int, bool]]) -> None:
    line = "  ".join(fit(cell, size, "right" if right else "left") for cell, size, right in cells)
    sys.stdout.write(line.rstrip() + "\n")


def amount(minor: int | None, currency: str) -> str:
    """A whole amount; the ISO code stands for a sign that the terminal lacks."""
    from tui_crm.core import money

    if minor is None:
        return nothing()
    full = money.full(minor, currency)
    return full if show(full) == full else f"{currency} {full.lstrip('€£¥₹₩₪₴₫₺₱₦₵')}"


def compact(minor: int | None, currency: str) -> str:
    """An amount for a narrow column."""
    from tui_crm.core import money

    return "" if minor is None else money.compact(minor, currency)


def heading(name: str, count: int | None = None, note: str = "") -> None:
    """The first line of a section: its name, how many, a note."""
    put(" ".join(p for p in (name, str(count) if count is not None else "", note) if p))
