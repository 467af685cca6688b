"""Delimited text: CSV, TSV, TXT, whatever program wrote it.

The encoding is detected in this order: byte order mark, UTF-16 by its zero bytes, strict UTF-8, and
cp1252, which decodes every byte. The delimiter is the one whose rows are most alike in length
(`csv.Sniffer` was measured, and is wrong too often), or the one that a ``sep=`` line names.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter, deque
from collections.abc import Iterator
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import IO

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.gather import gather, too_long
from tui_crm.core.exchange.readers.table import AnyRecord, ReadOptions, Record, Table
from tui_crm.core.exchange.writers.formula_guard import unescape_formulas
from tui_crm.core.text import MOST, _, show

DELIMITERS = ("\t", "|", ";", ",")
"""In the order in which a tie is decided: the rarer a character is in prose, the sooner."""

_NAMES = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "space": " ",
}
_SAMPLE = 65_536
"""Characters (bytes) looked at to find the encoding and the delimiter."""

_LONGEST_LINE = 4 * MOST
"""Characters of one line, which has several fields."""

_TOO_LONG = "\x1e\x1e\x1e\n"
"""Stands for a line that was too long."""

_MOST_UNCLOSED = 100
"""Quotes that run to the end of the file; beyond it they mean something else here."""


def read(path: Path, options: ReadOptions) -> Table:
    """The table in a text file. Raises CrmError when it is none, or not in the encoding given."""
    encoding = options.encoding
    if encoding is None:
        encoding = find_encoding(path)
        errors = "c1" if encoding == "cp1252" else "surrogateescape"
        if encoding.startswith(("utf-16", "utf-32")):
            errors = "replace"
    else:
        encoding, errors = _known_encoding(encoding), "strict"
    try:
        with path.open(encoding=_codec(encoding), errors=errors, newline="") as file:
            return _read(file, path, "csv", encoding, options.delimiter)
    except UnicodeError:
        raise CrmError(
            _("{file} is not written in {encoding}.").format(
                file=show(path.name), encoding=encoding
            ),
            _("Leave the encoding out, then it is found; or name another one."),
        ) from None
    except OSError as error:
        raise CrmError(
            _("{file} cannot be read: {reason}.").format(
                file=show(path.name), reason=show(error.strerror or "")
            ),
            _("Check the file and try again."),
        ) from None


def read_text(text: str, delimiter: str | None = None) -> Table:
    """The table in a pasted text; its lines may end in CR, as terminals paste them."""
    return _read(StringIO(text, newline=""), None, "pasted", None, delimiter)


def _read(
    file: IO[str], path: Path | None, kind: str, encoding: str | None, typed_delimiter: str | None
) -> Table:
    delimiter = _known_delimiter(typed_delimiter) if typed_delimiter is not None else None
    csv.field_size_limit(MOST)
    source = _lines(file)
    first = next(source, "")
    bare = first.removeprefix("\ufeff")
    start = 1
    text = bare.strip("\r\n\"' ")
    # "sep=;" is written for Excel: it names the delimiter and is no row.
    if (text[:4].lower() == "sep=" and len(text) <= 5) or text.lower() == "sep=\\t":
        delimiter = delimiter or _NAMES.get(text[4:].lower(), text[4:] or "\t")
        start, bare = 2, next(source, "")
    head, characters = [bare], 0
    for one in source:
        head.append(one)
        characters += len(one)
        if characters >= _SAMPLE:
            break
    sample = "".join(one for one in head if one != _TOO_LONG)[: max(_SAMPLE, len(bare))]
    notes: tuple[str, ...] = ()
    more: Iterator[str] = chain(head, source)
    if _is_quoted_by_line(sample):
        more = (one if one == _TOO_LONG else unquote_lines(one) for one in more)
        sample = unquote_lines(sample)
        notes = (_("Every line stood in quotation marks as a whole: read without them."),)
    if delimiter is None:
        delimiter = find_delimiter(sample)
    lines = _Lines(more)
    return gather(
        _records(lines, delimiter, start),
        path=path,
        kind=kind,
        encoding=encoding,
        delimiter=delimiter,
        notes=notes,
    )


def _lines(file: IO[str]) -> Iterator[str]:
    """The lines of a file with their ends; in place of one that is too long, which is never held
    as a whole, `_TOO_LONG`."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) < _LONGEST_LINE or line[-1] in "\r\n":
            yield line
            continue
        while (more := file.readline(_LONGEST_LINE)) and more[-1] not in "\r\n":
            pass
        yield _TOO_LONG


# --------------------------------------------------------------------------- quoted lines


def _is_quoted_by_line(sample: str) -> bool:
    """Whether every line is one quoted cell, in which there is a table of several columns."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    if len(lines) < 2 or not all(line.strip()[0] == line.strip()[-1] == '"' for line in lines[:-1]):
        return False
    inner = [_unquoted(line) for line in lines[:-1]]
    if any(text is None for text in inner):
        return False
    texts = [text for text in inner if text is not None]
    delimiter = find_delimiter("\n".join(texts))
    widths = {len(next(csv.reader([text], delimiter=delimiter))) for text in texts if text}
    return len(widths) == 1 and max(widths) > 1


def _unquoted(line: str) -> str | None:
    """What a line holds that is one quoted cell; None for another one."""
    for delimiter in DELIMITERS:
        try:
            cells = next(csv.reader([line.strip()], delimiter=delimiter, strict=True), [])
        except csv.Error:
            return None
        if len(cells) != 1:
            return None
    return cells[0]


def unquote_lines(text: str) -> str:
    """The lines of a text without the quotation marks that stand around each of them."""
    found = (_unquoted(line) for line in text.splitlines())
    return "".join(
        f"{line if inner is None else inner}\n"
        for line, inner in zip(text.splitlines(), found, strict=True)
    )


# --------------------------------------------------------------------------- records


class _Lines:
    """Physical lines, keeping those of the record being read so that it can be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._source = lines
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        again, taken = self._again, self.taken
        while again:
            taken.append(again[0])
            yield again.popleft()
        for line in self._source:
            taken.append(line)
            yield line

    def put_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))

    def skip_quoted(self) -> int:
        """Read on to the line that closes the quotation mark open in the lines taken; how many."""
        marks = sum(line.count('"') for line in self.taken)
        count = 0
        while marks % 2:
            line = self._again.popleft() if self._again else next(self._source, None)
            if line is None:
                break
            marks += line.count('"')
            count += 1
        return count

    def at_end(self) -> bool:
        if not self._again:
            line = next(self._source, None)
            if line is None:
                return True
            self._again.append(line)
        return False


def _records(lines: _Lines, delimiter: str, line: int) -> Iterator[AnyRecord]:
    """Every record with the number of its first line.

    A quotation mark that is opened and never closed would swallow the rest of the file into one
    cell. Such a line is taken as it stands, without quoting, and the next ones as lines again.
    """
    width: int | None = None
    unclosed = 0
    taken = lines.taken
    while True:
        reader = _rows(csv.reader(lines, delimiter=delimiter))
        for cells in reader:
            if cells is None or taken[0] == _TOO_LONG:
                break
            if len(taken) > 1 and (
                _TOO_LONG in taken or (len(cells) != width and not _well_quoted(taken, delimiter))
            ):
                break
            if width is None:
                width = len(cells)
            if "'" in taken[0] or len(taken) > 1:
                cells = unescape_formulas(cells)
            yield line, cells, None, None
            line += len(taken)
            taken.clear()
        else:
            return
        if _is_too_long(lines, cells, delimiter, width):
            # The rest of the record goes with it.
            line_of, line = line, line + len(taken) + lines.skip_quoted()
            taken.clear()
            yield Record(line_of, [""], problem=too_long())
            continue
        unclosed += lines.at_end()
        if unclosed > _MOST_UNCLOSED:
            raise CrmError(
                _("The quotation marks in the file do not match, from line {line} on.").format(
                    line=line
                ),
                _("Correct that line, or save the table anew as CSV or XLSX."),
            )
        alone, *others = taken
        taken.clear()
        lines.put_back(others)
        yield Record(
            line,
            alone.rstrip("\r\n").split(delimiter),
            remark=_("a quotation mark is opened and never closed"),
        )
        line += 1


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """The records of a reader, and None at one with a field of more than `MOST` characters."""
    try:
        yield from reader
    except csv.Error:
        yield None


def _is_too_long(lines: _Lines, cells: list[str] | None, delimiter: str, width: int | None) -> bool:
    """Whether the record being read is too long in itself, and no quotation mark is left open that
    swallows the records behind it: then most of its lines look like records."""
    taken = lines.taken
    if _TOO_LONG in taken:
        return True
    if cells is not None:
        return False
    counts = [one.count(delimiter) for one in taken[1:]]
    usual = Counter(counts).most_common(1)[0] if counts else (0, 0)
    wanted = usual[0] if width is None else width - 1
    return len(taken) == 1 or wanted == 0 or counts.count(wanted) * 2 <= len(counts)


def _well_quoted(lines: list[str], delimiter: str) -> bool:
    try:
        return len(list(csv.reader(lines, delimiter=delimiter, strict=True))) == 1
    except csv.Error:
        return False


# --------------------------------------------------------------------------- the delimiter


def find_delimiter(text: str) -> str:
    """The delimiter of a text, ``","`` when nothing in it is one."""
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        score = _consistency(text, candidate)
        if score > best_score + 1e-9:
            best, best_score = candidate, score
    return best


def _consistency(text: str, delimiter: str) -> float:
    """How alike in length the rows are, 0 to 1; more columns count more."""
    if delimiter not in text:
        return 0.0
    reader = _rows(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    rows = [row for row in islice(reader, 200) if row is not None and any(row)]
    if not rows:
        return 0.0
    if len(rows) > 2:
        rows = rows[:-1]  # the sample may end in the middle of a row
    lengths = Counter(map(len, rows))
    usual, count = max(lengths.items(), key=lambda found: (found[1], found[0]))
    if usual < 2:
        return 0.0
    score = count / len(rows) * (1 - 1 / usual)
    if len(rows[0]) != usual:
        score *= 0.6
    cells = [cell for row in rows for cell in row[1:] if cell]
    # A comma before a blank is prose; a rarer sign in nearly every row is the real delimiter.
    if cells and sum(cell.startswith(" ") for cell in cells) > len(cells) / 2:
        score *= 0.7
    rarer = DELIMITERS[: DELIMITERS.index(delimiter)]
    if any(
        sum(any(sign in cell for cell in row) for row in rows) > 0.8 * len(rows) for sign in rarer
    ):
        score *= 0.7
    # Half a quotation at the edge of a cell: this cuts through quoted text.
    if cells and sum(cell.count('"') % 2 for cell in cells) > len(cells) / 4:
        score *= 0.5
    return score


def _known_delimiter(typed: str) -> str:
    delimiter = _NAMES.get(typed.lower(), typed)
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
        raise CrmError(
            _("{delimiter} cannot part columns.").format(delimiter=show(typed) or '""'),
            _("Give one character, or one of: comma, semicolon, tab, pipe."),
        )
    return delimiter


# --------------------------------------------------------------------------- the encoding


def _c1(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that cp1252 does not define, decoded as Latin-1: `gather` cleans them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("c1", _c1)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def find_encoding(path: Path) -> str:
    """``"utf-8"``, ``"utf-16"``, ``"utf-16-le"``, ``"utf-16-be"`` or ``"cp1252"``.

    Reads the file once. `CrmError` when it is no text at all.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            raise CrmError(
                _("{file} is written in UTF-32, which nearly no program reads.").format(
                    file=show(path.name)
                ),
                _("Save it as UTF-8 CSV, or import it with: --encoding utf-32"),
            )
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        wide = _utf16_without_mark(head)
        if wide is not None:
            return wide
        decoder = codecs.getincrementaldecoder("utf-8")()
        encoding = "utf-8"
        try:
            decoder.decode(head)
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = "cp1252"
    zeros = head.count(0) / len(head) if head else 0.0
    controls = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\x1b")
    if zeros > 0.2 or (encoding == "cp1252" and controls > len(head) * 0.05):
        raise CrmError(
            _("{file} cannot be imported: it is not a text.").format(file=show(path.name)),
            _("Save the table as CSV or XLSX and import that file."),
        )
    return encoding


def _utf16_without_mark(head: bytes) -> str | None:
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high > pairs * 0.05 and high > 4 * low:
            try:
                head[: pairs * 2 - 2].decode(name, "strict")
            except UnicodeDecodeError:
                continue
            if high > pairs * 0.3:
                return name
    return None


def _codec(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _known_encoding(typed: str) -> str:
    try:
        "".encode(typed)  # refuses what is no encoding of text, such as "hex"
        return codecs.lookup(typed).name.replace("_", "-").removesuffix("-sig")
    except (LookupError, ValueError):
        raise CrmError(
            _("{encoding} is no encoding known here.").format(encoding=show(typed)),
            _("Use utf-8, cp1252, utf-16, latin-1 or another name Python knows."),
        ) from None
