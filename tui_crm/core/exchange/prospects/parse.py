"""The rows of a prospect file parsed: values, phones and e-mails taken out of their cells, and what
is odd about a row that can be imported all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tui_crm.core import emails, phones
from tui_crm.core.exchange.columns import prospect_columns
from tui_crm.core.exchange.columns.by_content import flag
from tui_crm.core.exchange.columns.not_records import why_no_record
from tui_crm.core.exchange.importing import Skipped
from tui_crm.core.exchange.readers.table import RawRow
from tui_crm.core.lists import zone_names
from tui_crm.core.lists.cells import regions_of
from tui_crm.core.text import _, fold, ngettext, show

Key = tuple[str, str, str]
"""``(kind, as typed, E.164 or lower-case address or "")``, as a list keeps it."""


@dataclass(frozen=True)
class FieldPlaces:
    """In which columns the fields are: that of each single field, those of phones and e-mails."""

    single: tuple[tuple[str, int], ...]
    phones: tuple[int, ...]
    emails: tuple[int, ...]
    country: int | None = None  # the column that says in which country the phones ring
    labels: tuple[tuple[int, int], ...] = ()  # of phones: the column of numbers, that of labels
    do_not_call: tuple[int, ...] = ()  # the columns that say whom not to call

    def regions(self, cells: Sequence[str], home: str) -> tuple[str, ...]:
        """The countries whose numbers the phones of a row are read as, in the order in which they
        are tried: the one that the row names, then ``home``, the workspace's."""
        return (home,) if self.country is None else regions_of(cells[self.country], home)


def field_places(fields: Sequence[str | None], names: Sequence[str] = ()) -> FieldPlaces:
    """The places of fields, given the field of each column, and its name in the file."""
    several = ("phone", "email")
    labels = prospect_columns.label_columns(names) if names else {}
    return FieldPlaces(
        tuple((f, i) for i, f in enumerate(fields) if f is not None and f not in several),
        tuple(i for i, f in enumerate(fields) if f == "phone"),
        tuple(i for i, f in enumerate(fields) if f == "email"),
        next((i for i, f in enumerate(fields) if f == "country"), None),
        tuple((i, labels[i]) for i, f in enumerate(fields) if f == "phone" and i in labels),
        tuple(prospect_columns.do_not_call_columns(names)),
    )


def _without_faxes(cells: Sequence[str], places: FieldPlaces) -> Sequence[str]:
    """The cells of a row, empty where the label beside a number says that it is a fax."""
    faxes = {number for number, label in places.labels if phones.is_fax(cells[label])}
    if not faxes:
        return cells
    return [cell if n not in faxes else "" for n, cell in enumerate(cells)]


def values(cells: Sequence[str], places: FieldPlaces) -> dict[str, str]:
    """The values of the recognised columns by field, each on one line; the name is made of first
    and last name where no column holds it."""
    found: dict[str, str] = {}
    for name, index in places.single:
        if cell := cells[index]:
            found[name] = cell if cell.isalnum() else " ".join(cell.split())
    if not found.get("name"):
        first, last = found.get("first_name"), found.get("last_name")
        if first and last:
            found["name"] = f"{first} {last}"
        elif one := first or last:
            found["name"] = one
    return found


def keys(cells: Sequence[str], places: FieldPlaces, region: str) -> list[Key]:
    """The phones and e-mails of a row, in the order of the columns, each once."""
    found: list[Key] = []
    regions = places.regions(cells, region)
    if places.labels:
        cells = _without_faxes(cells, places)
    for index in places.phones:
        cell = cells[index]
        typed = cell.strip()
        if not typed:
            continue
        if e164 := phones.plainly(typed, regions[0]):
            found.append(("phone", typed, e164))
            continue
        found += [("phone", p.typed, p.e164 or "") for p in phones.read_as(cell, regions)]
    for index in places.emails:
        cell = cells[index]
        if cell and emails.plain(cell):
            found.append(("email", cell, cell.lower()))
        elif cell and not cell.isspace():
            found += [("email", typed, typed.casefold()) for typed in emails.find(cell)]
    if len(found) == 2:
        (_kind, one_typed, one_match), (_kind, two_typed, two_match) = found
        return found if (one_match or one_typed) != (two_match or two_typed) else found[:1]
    if len(found) > 2:
        by_match: dict[str, Key] = {}
        for has in found:
            by_match.setdefault(has[2] or has[1], has)
        if len(by_match) < len(found):
            return list(by_match.values())
    return found


@dataclass(frozen=True)
class ParsedRows:
    """The rows of a file by their position: the phones and e-mails of each, the remark of those
    that are odd, and why some are no prospects."""

    places: FieldPlaces
    keys: list[list[Key]]
    remarks: dict[int, str]
    problems: dict[int, str] = field(default_factory=dict)
    do_not_call: frozenset[int] = frozenset()


def parse(rows: Iterable[RawRow], places: FieldPlaces, region: str) -> ParsedRows:
    """Parse every row. Odd is one with too many cells, a phone or an e-mail that is none;
    ``region`` is the workspace's country."""
    parsed: list[list[Key]] = []
    remarks: dict[int, str] = {}
    problems: dict[int, str] = {}
    do_not_call: set[int] = set()
    mails, stop = places.emails, places.do_not_call
    for index, row in enumerate(rows):
        if row.problem is not None:
            parsed.append([])
            continue
        cells = row.cells
        found = keys(cells, places, region)
        parsed.append(found)
        if not found and (why := why_no_record(cells)):
            problems[index] = why
            continue
        odd = row.remark is not None
        for _kind, _typed, match in found:
            if not match:
                odd = True
        for place in mails:
            if cell := cells[place]:
                for _kind, typed, _match in found:
                    if typed == cell:
                        break
                else:
                    odd = True
        if odd and (remark := _remark(row, found, places, region)):
            remarks[index] = remark
        if stop and any(flag(cells[n]) for n in stop):
            do_not_call.add(index)
            said = _("the file says: do not call; blocked")
            remarks[index] = "; ".join(filter(None, (remarks.get(index), said)))
    return ParsedRows(places, parsed, remarks, problems, frozenset(do_not_call))


def zone_notes(rows: Iterable[RawRow], places: FieldPlaces) -> tuple[Skipped, ...]:
    """What a zone column says that is no IANA name (``PST``, ``+1``), each spelling once: the
    line of its first row, what it is read as or that it is not understood, and in how many rows."""
    single = dict(places.single)
    zone, country = single.get("zone"), single.get("country")
    if zone is None:
        return ()
    read: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        if row.problem is None and (text := " ".join(row.cells[zone].split())):
            lives = row.cells[country].strip() if country is not None else ""
            name, translated = zone_names.read_zone(text, lives)
            if translated or not name:
                line, count = read.get((text, name), (row.line, 0))
                read[text, name] = line, count + 1
    notes = []
    for (text, name), (line, count) in read.items():
        many = ngettext("{n} row", "{n} rows", count).format(n=f"{count:,}")
        words = (
            _("zone {text} read as {zone}, {rows}")
            if name
            else _("zone {text} is not understood, {rows}")
        )
        notes.append(Skipped(line, words.format(text=show(text), zone=name, rows=many)))
    return tuple(notes)


def _remark(row: RawRow, found: Iterable[Key], places: FieldPlaces, region: str) -> str:
    parts = [row.remark] if row.remark else []
    region = places.regions(row.cells, region)[0]
    for kind, typed, match in found:
        if kind == "phone" and not match:
            problem = phones.read(typed, region).problem
            parts.append(f"{show(typed)}: {problem}")
    for index in places.emails:
        cell = row.cells[index]
        addresses, odd = emails.read(cell)
        if not cell.isspace() and not addresses and not odd and cell:
            odd = (cell.strip(),)
        parts += [_("{text}: not an e-mail address").format(text=show(text)) for text in odd]
    return "; ".join(parts)


def text_key(cells: Sequence[str], places: FieldPlaces, found: Iterable[Key]) -> str:
    """What a row without a usable phone or e-mail is compared by."""
    row = values(cells, places)
    return text_key_of(
        row.get("name", ""),
        row.get("company", ""),
        row.get("city", ""),
        [typed for _kind, typed, _match in found],
        cells,
    )


def text_key_of(
    name: str, company: str, city: str, typed: Iterable[str], cells: Sequence[str]
) -> str:
    """The `text_key` of a stored prospect, from its columns."""
    if name or company:
        return "\x1f".join((fold(name), fold(company), fold(city), *sorted(map(fold, typed))))
    return "\x1e" + "\x1f".join(sorted(filter(None, map(fold, cells))))
