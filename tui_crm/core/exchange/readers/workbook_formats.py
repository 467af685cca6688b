"""What a sheet of an XLSX shows, and its cells alone do not say: zeros in front, hidden rows.

The library that reads workbooks gives the value 1234 of a cell that shows 01234 (a number format
of zeros, as postcodes have), and does not tell which rows a filter hides.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path
from typing import NamedTuple

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\shidden\s*=\s*[\"'](?:1|true))[^>]*[^/]>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_ZEROS = re.compile(r"0{2,30}")
_BLOCK = 1 << 20


class SheetFormats(NamedTuple):
    """How many rows are hidden, and how many digits the cells that show zeros in front have, by
    row and column, from 0."""

    hidden: int
    digits: dict[tuple[int, int], int]


def read(path: Path, sheet: str) -> SheetFormats:
    """The formats of a sheet, by its name; nothing where the file is not understood."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        member = _member(archive, names, sheet)
        if member is None:
            return SheetFormats(0, {})
        padded = _padded_styles(archive, names)
        hidden = 0
        digits: dict[tuple[int, int], int] = {}
        kept = b""
        with archive.open(member) as file:
            while block := file.read(_BLOCK):
                block = kept + block
                end = block.rfind(b"<")  # a tag that the block cuts in two is seen in the next
                block, kept = (block[:end], block[end:]) if end > 0 else (block, b"")
                hidden += len(_HIDDEN.findall(block))
                for attributes in _CELL.findall(block) if padded else ():
                    found = _attributes(attributes)
                    count = padded.get(found.get("s", ""))
                    if (
                        count
                        and found.get("t", "n") == "n"
                        and (place := _place(found.get("r", "")))
                    ):
                        digits[place] = count
    return SheetFormats(hidden, digits)


def _attributes(tag: bytes) -> dict[str, str]:
    found = _ATTRIBUTE.findall(tag.decode("utf-8", "replace"))
    return {name: unescape(double or single) for name, double, single in found}


def _member(archive: zipfile.ZipFile, names: set[str], sheet: str) -> str | None:
    """The file in the archive that holds a sheet."""
    if not names >= {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}:
        return None
    sheets = map(_attributes, _SHEET.findall(archive.read("xl/workbook.xml")))
    relation = next((s.get("r:id", "") for s in sheets if s.get("name") == sheet), None)
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        found = _attributes(tag)
        if relation and found.get("Id") == relation:
            target = found.get("Target", "")
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return member if member in names else None
    return None


def _padded_styles(archive: zipfile.ZipFile, names: set[str]) -> dict[str, int]:
    """The styles that show whole numbers with zeros in front, by their index, with the digits."""
    if "xl/styles.xml" not in names:
        return {}
    styles = archive.read("xl/styles.xml")
    formats = {
        found.get("numFmtId", ""): len(found.get("formatCode", ""))
        for found in map(_attributes, _FORMAT.findall(styles))
        if _ZEROS.fullmatch(found.get("formatCode", ""))
    }
    section = _CELL_FORMATS.search(styles)
    if not formats or section is None:
        return {}
    every = enumerate(map(_attributes, _XF.findall(section[0])))
    return {
        str(index): formats[found["numFmtId"]]
        for index, found in every
        if found.get("numFmtId") in formats
    }


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column of ``B3``, from 0."""
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
