"""Reading a file of rows, whatever its format.

`open_table` looks at what is inside the file, not at its name, and hands it to the reader of that
format; all of them return the same `Table`. Nothing here knows the store, so a preview can never
change anything.

What counts as a row: every line (record, card) in which at least one cell holds something other
than blanks. Blank ones are no rows and are not counted. No other row is left out: one that cannot
be used carries its `RawRow.problem`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers import delimited, json_table, vcard, workbook
from tui_crm.core.exchange.readers.gather import empty
from tui_crm.core.exchange.readers.table import ReadOptions, Table
from tui_crm.core.text import _, show


class Reader(NamedTuple):
    """A format that is read: the usual endings of its files, whether a file is of it by its first
    bytes and its ending, and the function that reads it."""

    endings: tuple[str, ...]
    matches: Callable[[bytes, str], bool]
    read: Callable[[Path, ReadOptions], Table]


READERS = (
    Reader(workbook.ENDINGS, workbook.matches, workbook.read),
    Reader((".vcf", ".vcard"), vcard.matches, vcard.read),
    Reader((".json",), json_table.matches, json_table.read),
    Reader((".csv", ".tsv", ".txt"), lambda _head, _ending: True, delimited.read),
)
"""Every format that is read; the first that matches reads the file."""

ENDINGS = tuple(ending for reader in READERS for ending in reader.endings)


def open_table(path: str | os.PathLike[str], options: ReadOptions = ReadOptions()) -> Table:
    """Read ``path`` whole. The content decides the format, the name only where it cannot.

    Raises CrmError with the reason and the next step when the file is empty, damaged, locked or
    no table at all, and for options that do not fit it."""
    file = Path(path)
    head = _first_bytes(file)
    refused = _refusal(head)
    if refused is not None:
        raise CrmError(
            _("{file} cannot be imported: it is {what}.").format(
                file=show(file.name), what=refused
            ),
            _("Save the table as CSV or XLSX and import that file."),
        )
    ending = file.suffix.lower()
    reader = next(reader for reader in READERS if reader.matches(head, ending))
    table = reader.read(file, options)
    if ending in workbook.ENDINGS and reader.read is not workbook.read:
        note = _("The file is no workbook, whatever its name says: read as text.")
        table = replace(table, notes=(note, *table.notes))
    return table


def read_pasted(text: str) -> Table:
    """The cells of a pasted spreadsheet range, lines of a text, or pasted vCards."""
    data = text.encode("utf-8", "surrogatepass")
    if vcard.matches(data[:200], ""):
        return vcard.read_cards(data, None, "utf-8")
    return delimited.read_text(text)


def _first_bytes(path: Path) -> bytes:
    name = show(path.name or str(path))
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise CrmError(_("{file} is a folder.").format(file=name), _("Name a file inside it."))
        if not stat.S_ISREG(found.st_mode):
            raise CrmError(
                _("{file} is not an ordinary file.").format(file=name),
                _("Save what it gives to a file first and import that."),
            )
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError:
        raise CrmError(
            _("There is no file {file}.").format(file=show(str(path))),
            _("Check the name and the folder."),
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CrmError(
            _("{file} cannot be read: {reason}.").format(file=name, reason=show(reason)),
            _("Check the name and the rights of the file."),
        ) from None
    if not head:
        raise empty(path)
    return head


def _refusal(head: bytes) -> str | None:
    """What a file is that is no table, by its first bytes; None where it may be one."""
    kinds = (
        ((b"%PDF",), _("a PDF document")),
        (
            (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*"),
            _("a picture or a film"),
        ),
        ((b"SQLite format 3\0",), _("a database (SQLite)")),
        (
            (
                b"\x1f\x8b",
                b"7z\xbc\xaf\x27\x1c",
                b"Rar!\x1a",
                b"BZh9",
                b"\xfd7zXZ",
                b"\x28\xb5\x2f\xfd",
            ),
            _("a packed archive; unpack it first"),
        ),
        ((b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe"), _("a program")),
        ((b"{\\rtf",), _("a text document (RTF)")),
    )
    for starts, what in kinds:
        if head.startswith(starts):
            return what
    text = head[:1000].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<workbook", b"<head")):
        return _("a web page or an XML document, whatever its name says")
    if text.startswith(b"begin:vcalendar"):
        return _("a calendar")
    return None
