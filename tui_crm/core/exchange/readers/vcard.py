"""vCard 2.1, 3.0 and 4.0: one row a card, several phones in several columns.

A reader of our own: `vobject` gives up on three of the four real files it was tried with
(quoted-printable over several lines, base64 without folding, doubled line ends). It works on
bytes, because quoted-printable, CHARSET and folding may each cut a character in two.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.readers.gather import gather, too_long
from tui_crm.core.exchange.readers.table import ReadOptions, Record, Table
from tui_crm.core.phones import is_fax
from tui_crm.core.text import MOST, _, show

_ORDER = (
    "Name",
    "First name",
    "Last name",
    "Company",
    "Department",
    "Job title",
    "Phone",
    "Email",
    "Web",
    "LinkedIn",
    "Street",
    "City",
    "Region",
    "Postcode",
    "Country",
    "Time zone",
    "Tags",
    "Fax",
    "Pager",
    "Birthday",
    "Nickname",
    "Note",
)
"""The columns of cards, as far as they occur; others follow by name."""

# What a CRM has no use for: the card's own bookkeeping, pictures, sounds and keys.
_SKIPPED = word_set(
    """
    VERSION PRODID REV UID PHOTO LOGO SOUND KEY LABEL MAILER CLASS SOURCE PROFILE SORT-STRING
    CLIENTPIDMAP XML AGENT GEO KIND MEMBER X-ABLABEL X-ABADR X-ABUID X-ABSHOWAS
    X-ANDROID-CUSTOM X-MS-IMADDRESS X-MS-CARDPICTURE X-ABRELATEDNAMES X-EVOLUTION-FILE-AS
    """
)
_LONGEST = 4 * MOST
"""Bytes of a value that can be a text of `MOST` characters."""

_TYPES_21 = re.compile(r"[A-Z0-9-]+")
_PROPERTY = re.compile(
    rb"(?:([\w.-]+)\.)?([A-Za-z][\w-]*)((?:;(?:\"[^\"]*\"|[^:\"])*)*):(.*)", re.DOTALL
)
_PARAMETER = re.compile(r";([^=;:\"]+)(?:=((?:\"[^\"]*\"|[^;\"])*))?")


@dataclass
class _Property:
    name: str
    types: frozenset[str]
    parameters: dict[str, str]
    value: bytes
    preference: int
    group: str = ""

    def text(self, fallback: str) -> str:
        return _decoded(self.value, self.parameters.get("CHARSET"), fallback)


@dataclass
class _Card:
    line: int
    properties: list[_Property] = field(default_factory=list)
    problem: str | None = None


_BEGIN = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)


def matches(head: bytes, ending: str) -> bool:
    """Whether a file is one of cards."""
    # In UTF-16 every other byte is zero.
    return ending in (".vcf", ".vcard") or _BEGIN.match(head.replace(b"\0", b"")) is not None


def read(path: Path, options: ReadOptions) -> Table:
    """The cards in a file; see `read_cards`."""
    return read_cards(path.read_bytes(), path, options.encoding)


def read_cards(data: bytes, path: Path | None, encoding: str | None = None) -> Table:
    """The cards in ``data``. A card that cannot be read is a row with its problem.

    ``encoding`` is that of values without a CHARSET of their own; without it they are UTF-8, and
    cp1252 where they are not. Raises CrmError when there is no card at all.
    """
    data, found = _as_utf8(data, encoding)
    rows: list[tuple[int, dict[str, str], str | None]] = []
    names: dict[str, None] = {}
    cards = 0
    for card in _cards(data):
        cards += card.problem is None or bool(card.properties)
        cells = _cells(card, found)
        problem = card.problem
        if problem is None and not any(cells.values()):
            problem = _("the card is empty")
        if problem is None and _is_group(card):
            problem = _("a group of contacts, no person")
        rows.append((card.line, cells, problem))
        names.update(dict.fromkeys(cells if problem is None else ()))
    if not cards:
        raise CrmError(
            _("{file} holds no contact card.").format(
                file=show(path.name) if path else _("What was pasted")
            ),
            _("Export the contacts again, as vCard or CSV."),
        )
    columns = sorted(names, key=_column_order)
    return gather(
        (
            Record(line, [cells.get(name, "") for name in columns], problem)
            for line, cells, problem in rows
        ),
        path=path,
        kind="vcard",
        columns=columns or ["Name"],
        encoding=found,
    )


def _column_order(name: str) -> tuple[int, int, str]:
    base, number = name, 1
    if numbered := re.fullmatch(r"(.*) \((\d+)\)", name):
        base, number = numbered[1], int(numbered[2])
    place = _ORDER.index(base) if base in _ORDER else len(_ORDER)
    return place, number, name


def _as_utf8(data: bytes, encoding: str | None) -> tuple[bytes, str]:
    if encoding is not None:
        try:
            return data.decode(encoding).encode("utf-8", "surrogatepass"), encoding
        except LookupError:
            reason = _("{encoding} is no encoding known here.")
        except ValueError:
            reason = _("The file is not written in {encoding}.")
        raise CrmError(
            reason.format(encoding=show(encoding)),
            _("Leave the encoding out, then it is found; or name another one."),
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode(), "utf-16"
    for name, zero in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(data) > 3 and data[zero] == 0 and data[zero + 2] == 0:
            return data.decode(name, "replace").encode(), name
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        # A fold may cut a character in two.
        re.sub(rb"\r*\n[ \t]", b"", data).decode("utf-8")
    except UnicodeDecodeError:
        return data, "cp1252"
    return data, "utf-8"


def _decoded(value: bytes, charset: str | None, fallback: str) -> str:
    for name in (charset, "utf-8", fallback):
        if name is None or name.startswith("utf-16"):
            continue
        try:
            return value.decode(name)
        except (LookupError, ValueError):  # a charset may be called anything
            continue
    return value.decode("cp1252", "replace")


# --------------------------------------------------------------------------- lines to cards


def _cards(data: bytes) -> Iterator[_Card]:
    lines = re.split(rb"\r*\n|\r", data)
    card: _Card | None = None
    nested = 0
    stray = False
    index = 0
    while index < len(lines):
        start = index
        line, index = _unfolded(lines, index)
        plain = re.sub(rb"\s+", b"", line[:80]).upper()
        if plain == b"BEGIN:VCARD":
            if card is not None and card.properties and card.properties[-1].name == "AGENT":
                nested += 1  # vCard 2.1 puts the card of an assistant inside
                continue
            if card is not None:
                card.problem = _("the card has no END:VCARD")
                yield card
            card, stray = _Card(start + 1), False
        elif plain == b"END:VCARD":
            if nested:
                nested -= 1
            elif card is not None:
                yield card
                card = None
            else:
                yield _Card(start + 1, problem=_("END:VCARD without a card"))
        elif card is None:
            if line.strip() and not stray:
                stray = True
                yield _Card(start + 1, problem=_("stands outside of any card"))
        elif not nested:
            found, index = _property(line, lines, index)
            if found is not None and found.name not in _SKIPPED and len(found.value) > _LONGEST:
                card.problem, found.value = too_long(), b""
            if found is not None:
                card.properties.append(found)
    if card is not None:
        card.problem = _("the card has no END:VCARD")
        yield card


def _unfolded(lines: list[bytes], index: int) -> tuple[bytes, int]:
    """The logical line that starts at ``index``, and where the next one does."""
    parts = [lines[index]]
    index += 1
    while index < len(lines) and lines[index][:1] in (b" ", b"\t"):
        parts.append(lines[index][1:])
        index += 1
    return b"".join(parts), index


def _property(line: bytes, lines: list[bytes], index: int) -> tuple[_Property | None, int]:
    found = _PROPERTY.fullmatch(line)
    if found is None:
        return None, index
    parameters: dict[str, str] = {}
    types: set[str] = set()
    for key, value in _PARAMETER.findall(found[3].decode("utf-8", "replace")):
        key, value = key.strip().upper(), value.strip().strip('"')
        if not value and _TYPES_21.fullmatch(key):
            types.add(key)  # 2.1 writes "TEL;WORK;VOICE"
        elif key == "TYPE":
            types.update(part.strip().upper() for part in value.split(","))
        else:
            parameters[key] = value
    coding = parameters.get("ENCODING", "").upper()
    value = found[4]
    if coding == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in types:
        parameters["ENCODING"] = "QUOTED-PRINTABLE"
        while value.endswith(b"=") and index < len(lines):
            # A soft line break; some phones write an empty line at the end, and the break is off.
            value = value[:-1] + lines[index]
            index += 1
    elif coding in ("BASE64", "B") or "BASE64" in types:
        # 2.1 does not fold base64: it goes on until an empty line, or a line with a colon.
        while index < len(lines) and lines[index].strip() and b":" not in lines[index]:
            value += lines[index].strip()
            index += 1
    preference = 100
    if "PREF" in types:
        preference = 1
    elif parameters.get("PREF", "").isdigit():
        preference = int(parameters["PREF"])
    name = found[2].decode("ascii", "replace").upper()
    group = (found[1] or b"").decode("utf-8", "replace").casefold()
    return _Property(name, frozenset(types), parameters, value, preference, group), index


# --------------------------------------------------------------------------- a card to cells


def _parts(found: _Property, fallback: str, separator: bytes = b";") -> list[str]:
    """The value in its parts, decoded, without its escapes."""
    pieces = re.split(rb"(?<!\\)(?:\\\\)*" + re.escape(separator), found.value)
    if b"\\\\" in found.value:  # an escaped backslash before the separator: count them
        pieces = [bytes(piece) for piece in _split_escaped(found.value, separator[0])]
    coded = found.parameters.get("ENCODING") == "QUOTED-PRINTABLE"
    out: list[str] = []
    for piece in pieces:
        raw = quopri.decodestring(piece) if coded else piece
        text = _decoded(raw, found.parameters.get("CHARSET"), fallback)
        out.append(_unescaped(text).strip())
    return out


def _split_escaped(value: bytes, separator: int) -> Iterator[bytearray]:
    piece = bytearray()
    escaped = False
    for byte in value:
        if byte == separator and not escaped:
            yield piece
            piece = bytearray()
            continue
        escaped = byte == 0x5C and not escaped
        piece.append(byte)
    yield piece


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\([nN,;:\\])", lambda sign: "\n" if sign[1] in "nN" else sign[1], text)


def _whole(found: _Property, fallback: str) -> str:
    coded = found.parameters.get("ENCODING") == "QUOTED-PRINTABLE"
    raw = quopri.decodestring(found.value) if coded else found.value
    return _unescaped(_decoded(raw, found.parameters.get("CHARSET"), fallback)).strip()


class _Cells(dict[str, str]):
    """The cells of one card; a second value of a column goes to "… (2)", an equal one nowhere."""

    def put(self, column: str, value: str, key: str | None = None) -> str:
        """Where the value is now, "" where it was there before."""
        if not value:
            return ""
        name, number = column, 1
        while name in self:
            if self[name] == value or (key and re.sub(r"\W", "", self[name]) == key):
                return ""
            number += 1
            name = f"{column} ({number})"
        self[name] = value
        return name


def _cells(card: _Card, fallback: str) -> dict[str, str]:
    cells = _Cells()
    tags: list[str] = []
    parts: list[str] = []  # of the name: family, given, additional, prefixes, suffixes
    labels = {
        found.group: re.sub(r"^_\$!<(.*)>!\$_$", r"\1", _whole(found, fallback))
        for found in card.properties
        if found.name == "X-ABLABEL" and found.group
    }
    # Stable: what is marked as preferred comes first, else the order of the card.
    for found in sorted(card.properties, key=lambda one: one.preference):
        match found.name:
            case "FN":
                cells.put("Name", _whole(found, fallback))
            case "N":
                parts = parts or [*_parts(found, fallback), *[""] * 5][:5]
            case "ORG":
                company, *departments = _parts(found, fallback)
                cells.put("Company", company)
                cells.put("Department", ", ".join(part for part in departments if part))
            case "TITLE":
                cells.put("Job title", _whole(found, fallback))
            case "TEL" | "X-MS-TEL":
                label = labels.get(found.group, "")
                _put_phone(cells, found, _whole(found, fallback), label)
            case "EMAIL":
                address = _whole(found, fallback)
                column = cells.put("Email", address.removeprefix("mailto:"))
                _put_label(cells, column, labels.get(found.group, ""))
            case "URL" | "X-SOCIALPROFILE":
                _put_address(cells, found, _whole(found, fallback))
            case "ADR":
                _put_place(cells, [*_parts(found, fallback), *[""] * 7])
            case "TZ":
                cells.put("Time zone", _whole(found, fallback))
            case "CATEGORIES":
                tags += [tag for tag in _parts(found, fallback, b",") if tag]
            case "NOTE":
                cells.put("Note", _whole(found, fallback))
            case "BDAY":
                cells.put("Birthday", _whole(found, fallback))
            case name if name not in _SKIPPED and not name.startswith(
                ("X-MS-OL-", "X-AB", "X-ADDRESSBOOKSERVER-")
            ):
                if found.parameters.get("ENCODING", "").upper() not in ("B", "BASE64"):
                    label = re.sub(r"^X-(?:MS-|EVOLUTION-|PHONETIC-)?", "", name)
                    cells.put(label.replace("-", " ").capitalize(), _whole(found, fallback))
    cells.put("Tags", ", ".join(dict.fromkeys(tags)))
    _put_name(cells, parts)
    return cells


def _put_name(cells: _Cells, parts: list[str]) -> None:
    """The whole name is FN; N fills what is missing. Some phones write the whole name into one of
    its parts: then it is neither a first nor a last name."""
    if not parts:
        return
    family, given, more, before, behind = parts
    if "Name" not in cells:
        cells.put("Name", " ".join(filter(None, (before, given, more, family, behind))))
    if cells.get("Name") not in (family, given):
        cells.put("Last name", family)
        cells.put("First name", given)


def _put_label(cells: _Cells, column: str, label: str) -> None:
    """The words that the owner of a card gave to a number or an address."""
    if column and label:
        cells.put(f"{column} label", label)


def _is_group(card: _Card) -> bool:
    return any(
        found.name in ("KIND", "X-ADDRESSBOOKSERVER-KIND")
        and found.value.strip().lower() == b"group"
        for found in card.properties
    )


def _put_phone(cells: _Cells, found: _Property, value: str, label: str) -> None:
    number = re.sub(r"^tel:", "", value, flags=re.IGNORECASE)
    number = re.sub(r";ext=(\d+).*", r" ext. \1", number, flags=re.IGNORECASE)
    column = "Phone"
    if is_fax(label) or ("FAX" in found.types and not found.types & {"VOICE", "CELL"}):
        column = "Fax"
    elif found.types & {"PAGER", "BBS", "MODEM", "TELEX", "TLX"}:
        column = "Pager"
    _put_label(cells, cells.put(column, number, re.sub(r"\W", "", number)), label)


def _put_address(cells: _Cells, found: _Property, value: str) -> None:
    if "linkedin.com/" in value.lower():
        cells.put("LinkedIn", value)
    elif found.name == "URL":
        cells.put("Web", value)
    else:
        cells.put("Social profile", value)


def _put_place(cells: _Cells, parts: list[str]) -> None:
    box, more, street, city, region, postcode, country = parts[:7]
    address = ", ".join(part for part in (box, more, street) if part)
    number = 1
    columns = ("Street", "City", "Region", "Postcode", "Country")
    # The parts of one address keep one number, so that a city never meets another's street.
    while any(_numbered(column, number) in cells for column in columns):
        number += 1
    for column, value in zip(columns, (address, city, region, postcode, country), strict=True):
        if value:
            cells[_numbered(column, number)] = value


def _numbered(column: str, number: int) -> str:
    return column if number == 1 else f"{column} ({number})"
