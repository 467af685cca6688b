"""In and out: the formats, each with its reader or writer behind one door.

`open_table` (:mod:`.open`) reads any file of `FORMATS_IN`; :mod:`.importer` and
:mod:`.importer` bring it into the store. :mod:`.export` writes tables, :mod:`.ical` calendars.
Nothing heavy is imported here.
"""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """A format of files: its name in `Table.kind`, the endings files of it mostly have, and the
    module that reads (or writes) it."""

    name: str
    endings: tuple[str, ...]
    module: str


FORMATS_IN = (
    Format("csv", (".csv", ".tsv", ".tab", ".txt"), "delimited"),
    Format("xlsx", (".xlsx", ".xlsm"), "sheet"),
    Format("xls", (".xls",), "sheet"),
    Format("ods", (".ods",), "sheet"),
    Format("vcard", (".vcf", ".vcard"), "vcard"),
    Format("pasted", (), "delimited"),
)

FORMATS_OUT = (
    Format("csv", (".csv",), "write"),
    Format("xlsx", (".xlsx",), "write"),
    Format("json", (".json",), "out"),
    Format("md", (".md",), "write"),
    Format("ics", (".ics",), "ical"),
)


def format_of(name: str) -> str | None:
    """The format to write that a file's name asks for by its ending; None when it asks for none."""
    lower = name.lower()
    return next((f.name for f in FORMATS_OUT if lower.endswith(f.endings)), None)
