"""The part of reading a workbook that can end a process, as a process of its own.

calamine panics on some damaged files, writing to the terminal as it does, and aborts when a file
makes it ask for more memory than there is. None of that may reach the program of a rep, so
`tui_crm.core.exchange.readers.workbook` runs this file with limits and reads what it prints:
length-prefixed `marshal` blocks, first ``("sheets", [(name, hidden)])``, then ``("sheet", name)``,
blocks of rows ``("rows", [[text]])``, ``("end",)``; or ``("refused", kind, reason)``. It imports
nothing of ours.
"""

from __future__ import annotations

import datetime as dt
import marshal
import struct
import sys
from typing import Any, BinaryIO

_MEMORY = 2 << 30
_SECONDS = 120
_BLOCK = 2000


def main(path: str, wanted: str) -> None:
    """Print the sheet ``wanted`` (a name or a number from 1; empty: the first with data)."""
    out = sys.stdout.buffer
    _limit()
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_path(path)
        sheets = [
            (meta.name, meta.visible != SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
        _put(out, ("sheets", sheets))
        names = [name for name, _hidden in sheets]
        if wanted:
            name = _chosen(names, wanted)
            if name is None:
                _put(out, ("refused", "sheet", ""))
                return
            if not _print(out, book, name):
                _put(out, ("refused", "empty", ""))
            return
        for name in sorted(names, key=dict(sheets).__getitem__):
            if _print(out, book, name):
                return
        _put(out, ("refused", "empty", ""))
    except PasswordError:
        _put(out, ("refused", "password", ""))
    except (CalamineError, OSError, ValueError) as error:
        _put(out, ("refused", "damaged", str(error)))


def _print(out: BinaryIO, book: Any, name: str) -> bool:
    """Print a sheet, unless it holds nothing; blank rows are left in, for the line numbers."""
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return False
    block: list[list[str]] = []
    found = False
    for row in sheet.iter_rows():
        block.append([cell if type(cell) is str else text(cell) for cell in row])
        if not found and any(cell and not cell.isspace() for cell in block[-1]):
            found = True
            _put(out, ("sheet", name))
        if found and len(block) >= _BLOCK:
            _put(out, ("rows", block))
            block = []
    if found:
        _put(out, ("rows", block))
        _put(out, ("end",))
    return found


def _chosen(names: list[str], wanted: str) -> str | None:
    for name in names:
        if name == wanted:
            return name
    for name in names:
        if name.strip().casefold() == wanted.strip().casefold():
            return name
    if wanted.strip().isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    return None


def text(cell: object) -> str:
    """A cell as a person reads it in the sheet."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # What a spreadsheet itself shows has 15 digits: 0.1 + 0.2 is 0.3.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, dt.datetime):
        if cell.time() == dt.time():
            return cell.date().isoformat()
        return cell.isoformat(" ", "seconds" if cell.second else "minutes")
    if isinstance(cell, dt.time):
        return cell.isoformat("seconds" if cell.second else "minutes")
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
    return str(cell)


def _put(out: BinaryIO, what: Any) -> None:
    data = marshal.dumps(what)
    out.write(struct.pack("<Q", len(data)) + data)
    out.flush()


def _limit() -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system
        return
    for kind, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS)):
        _soft, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(kind, (most, hard))
    # A core file of a panic is of no use to anybody.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
