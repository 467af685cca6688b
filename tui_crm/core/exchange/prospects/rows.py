"""The rows of a prospect file, read: phones and e-mails taken out of their cells, and compared
with one another, with every list, with the leads and with the do-not-call list.

A row is a duplicate when it shares a phone (E.164) or an e-mail (case aside) with an earlier row
of the file, with a row of any list, or with a person of a lead. A row without either is compared
by name, company and place, and by whatever odd number it has; one without these as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tui_crm.core import phones
from tui_crm.core.exchange.readers.table import RawRow, Table
from tui_crm.core.exchange.summary import Duplicate, Skipped
from tui_crm.core.lists import zones
from tui_crm.core.lists.cells import regions_of
from tui_crm.core.privacy import do_not_call
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold, ngettext, show

Key = tuple[str, str, str]
"""``(kind, as typed, E.164 or lower-case address or "")``, as a list keeps it."""

CHUNK = 5000  # values in one question; both engines take more

# An address that is nothing but one: the usual cell, told without a search through the text.
_plain_email = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,40}@(?:[A-Za-z0-9][A-Za-z0-9-]{0,40}\.){1,5}[A-Za-z]{2,40}",
    re.ASCII,
).fullmatch


@dataclass(frozen=True)
class Picks:
    """Where the fields stand: the column of each single field, those of phones and e-mails."""

    single: tuple[tuple[str, int], ...]
    phones: tuple[int, ...]
    emails: tuple[int, ...]
    country: int | None = None  # the column that says in which country the phones ring

    def regions(self, cells: Sequence[str], home: str) -> tuple[str, ...]:
        """The countries as which the phones of a row are read, the first that makes a valid number
        of them: the one the row names, then ``home``, the workspace's."""
        return (home,) if self.country is None else regions_of(cells[self.country], home)


def picks(fields: Sequence[str | None]) -> Picks:
    """The places of the fields of a file's columns."""
    several = ("phone", "email")
    return Picks(
        tuple((f, i) for i, f in enumerate(fields) if f is not None and f not in several),
        tuple(i for i, f in enumerate(fields) if f == "phone"),
        tuple(i for i, f in enumerate(fields) if f == "email"),
        next((i for i, f in enumerate(fields) if f == "country"), None),
    )


def values(cells: Sequence[str], where: Picks) -> dict[str, str]:
    """What the recognised columns say, each on one line; the name is made of first and last name
    where no column holds it."""
    found: dict[str, str] = {}
    for field, index in where.single:
        if cell := cells[index]:
            found[field] = cell if cell.isalnum() else " ".join(cell.split())
    if not found.get("name"):
        first, last = found.get("first_name"), found.get("last_name")
        if first and last:
            found["name"] = f"{first} {last}"
        elif name := first or last:
            found["name"] = name
    return found


def keys(cells: Sequence[str], where: Picks, region: str) -> list[Key]:
    """The phones and e-mails of a row, in the order of the columns, each once."""
    found: list[Key] = []
    regions = where.regions(cells, region)
    for index in where.phones:
        cell = cells[index]
        typed = cell.strip()
        if not typed:
            continue
        if e164 := phones.plainly(typed, regions[0]):
            found.append(("phone", typed, e164))
            continue
        found += [("phone", p.typed, p.e164 or "") for p in phones.read_as(cell, regions)]
    for index in where.emails:
        cell = cells[index]
        if _plain_email(cell):
            found.append(("email", cell, cell.lower()))
        elif cell and not cell.isspace():
            found += [("email", typed, typed.casefold()) for typed in phones.emails(cell)]
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


def parse(
    rows: Iterable[RawRow], where: Picks, region: str
) -> tuple[list[list[Key]], dict[int, str]]:
    """The phones and e-mails of every row, and by position what is odd about a row that can be
    brought in all the same: cells too many, a phone that is none."""
    parsed: list[list[Key]] = []
    remarks: dict[int, str] = {}
    mails = where.emails
    for index, row in enumerate(rows):
        if row.problem is not None:
            parsed.append([])
            continue
        cells = row.cells
        found = keys(cells, where, region)
        parsed.append(found)
        odd = row.remark is not None
        for _kind, _typed, match in found:
            if not match:
                odd = True
        for place in mails:
            if "@" not in cells[place] and cells[place]:
                odd = True
        if odd and (said := _odd(row, found, where, region)):
            remarks[index] = said
    return parsed, remarks


def zone_notes(rows: Iterable[RawRow], where: Picks) -> tuple[Skipped, ...]:
    """What a zone column says that is no IANA name (``PST``, ``+1``), each spelling once: the
    line of its first row, what it is read as or that it is not understood, and in how many rows."""
    single = dict(where.single)
    zone, country = single.get("zone"), single.get("country")
    if zone is None:
        return ()
    read: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        if row.problem is None and (text := " ".join(row.cells[zone].split())):
            lives = row.cells[country].strip() if country is not None else ""
            name, translated = zones.said(text, lives)
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


def _odd(row: RawRow, found: Iterable[Key], where: Picks, region: str) -> str:
    said = [row.remark] if row.remark else []
    region = where.regions(row.cells, region)[0]
    for kind, typed, match in found:
        if kind == "phone" and not match:
            problem = phones.read(typed, region).problem
            said.append(f"{show(typed)}: {problem}")
    for index in where.emails:
        cell = row.cells[index]
        if cell and not cell.isspace() and "@" not in cell:
            said.append(_("{text}: not an e-mail address").format(text=show(cell.strip())))
    return "; ".join(said)


def text_key(cells: Sequence[str], where: Picks, found: Iterable[Key]) -> str:
    """What a row without a usable phone or e-mail is compared by."""
    said = values(cells, where)
    return text_key_of(
        said.get("name", ""),
        said.get("company", ""),
        said.get("city", ""),
        [typed for _kind, typed, _match in found],
        cells,
    )


def text_key_of(
    name: str, company: str, city: str, typed: Iterable[str], cells: Sequence[str]
) -> str:
    """The same from the columns of a stored prospect."""
    if name or company:
        return "\x1f".join((fold(name), fold(company), fold(city), *sorted(map(fold, typed))))
    return "\x1e" + "\x1f".join(sorted(filter(None, map(fold, cells))))


# -- what is there already ------------------------------------------------------------------------


class Known:
    """What of a file's phones and e-mails the store knows already."""

    def __init__(self, session: Session, matches: Iterable[str], list_id: int | None) -> None:
        store = session.store
        self.list_id = list_id
        self.blocked = {block.match: block for block in do_not_call.blocked(session)}
        if any(block.forgotten for block in self.blocked.values()):
            matches = list(matches)
            self.blocked |= do_not_call.forgotten_among(store, matches, self.blocked)
        self.in_lists: dict[str, int] = {}
        self.of_leads: dict[str, int] = {}
        has_keys = store.value("SELECT 1 FROM prospect_keys LIMIT 1")
        has_leads = store.value("SELECT 1 FROM contact_points LIMIT 1")
        if has_keys or has_leads:
            for part in _chunks(matches):
                marks = ", ".join("?" * len(part))
                if has_keys:
                    for match, number in store.rows(
                        "SELECT prospect_keys.match, prospects.list_id FROM prospect_keys"
                        " JOIN prospects ON prospects.id = prospect_keys.prospect_id"
                        f" WHERE prospect_keys.match IN ({marks})",
                        part,
                    ):
                        if match not in self.in_lists or number == list_id:
                            self.in_lists[match] = number
                if has_leads:
                    self.of_leads.update(
                        store.rows(
                            "SELECT contact_points.match, contacts.lead_id FROM contact_points"
                            " JOIN contacts ON contacts.id = contact_points.contact_id"
                            " WHERE contacts.lead_id IS NOT NULL"
                            f" AND contact_points.match IN ({marks})",
                            part,
                        )
                    )
        self._lists = dict(store.rows("SELECT id, name FROM lists"))
        self._owners = self._owners_of(session, set(self.of_leads.values()))
        self._said: dict[int, str] = {}

    @staticmethod
    def _owners_of(session: Session, leads: set[int]) -> dict[int, str | None]:
        found: dict[int, str | None] = {}
        for part in _chunks(leads):
            found.update(
                session.store.rows(
                    "SELECT leads.id, users.name FROM leads"
                    " LEFT JOIN users ON users.id = leads.owner_id"
                    f" WHERE leads.id IN ({', '.join('?' * len(part))})",
                    part,
                )
            )
        return found

    def said_of_list(self, number: int) -> str:
        if number not in self._said:
            self._said[number] = _("in the list {list} already").format(
                list=self._lists.get(number, "?")
            )
        return self._said[number]

    def said_of_lead(self, number: int) -> str:
        owner = self._owners.get(number)
        if owner is None:
            return _("lead #{number} already, nobody's").format(number=number)
        return _("lead #{number} of {owner} already").format(number=number, owner=owner)

    def said_of_block(self, match: str) -> str:
        block = self.blocked[match]
        words = f": {block.words}" if block.words else ""
        return _("on the do-not-call list ({who}{words})").format(who=block.who, words=words)


def _chunks(values: Iterable[str] | Iterable[int]) -> Iterator[list[object]]:
    part: list[object] = []
    for value in values:
        part.append(value)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part


def keyless(session: Session, list_id: int | None, source: str) -> dict[str, int]:
    """The text keys of stored rows without a usable phone or e-mail, with their list: those of
    the list that is filled and of lists that came from a file of the same name."""
    found: dict[str, int] = {}
    rows = session.store.rows(
        "SELECT prospects.id, list_id, prospects.name, company, city, cells FROM prospects"
        " JOIN lists ON lists.id = list_id WHERE (list_id = ? OR lists.source = ?)"
        " AND NOT EXISTS (SELECT 1 FROM prospect_keys"
        " WHERE prospect_id = prospects.id AND match <> '')",
        (list_id or 0, source),
    )
    typed: dict[int, list[str]] = {}
    for part in _chunks(row[0] for row in rows):
        for number, value in session.store.rows(
            "SELECT prospect_id, value FROM prospect_keys"
            f" WHERE prospect_id IN ({', '.join('?' * len(part))})",
            part,
        ):
            typed.setdefault(number, []).append(value)
    for number, in_list, name, company, city, cells in rows:
        found[text_key_of(name, company, city, typed.get(number, ()), json.loads(cells))] = in_list
    return found


# -- sorting a file out ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Sorted:
    """Which rows of a file (by position) are new, and why the others are not."""

    new: list[int]
    doubles: tuple[Duplicate, ...]
    skipped: tuple[Skipped, ...]


def classify_rows(
    session: Session,
    table: Table,
    where: Picks,
    parsed: Sequence[Sequence[Key]],
    list_id: int | None,
    source: str,
) -> Sorted:
    """Compare every row with what the store holds now and with the rows before it."""
    known = Known(session, _distinct(parsed), list_id)
    in_lists, of_leads, blocked = known.in_lists, known.of_leads, known.blocked
    quiet = not (in_lists or of_leads or blocked)
    stored: dict[str, int] | None = None
    seen: dict[str, int] = {}
    new: list[int] = []
    doubles: list[Duplicate] = []
    skipped: list[Skipped] = []
    problems = table.rows.problems
    for index, (line, found) in enumerate(zip(table.rows.lines, parsed, strict=True)):
        if index in problems:
            skipped.append(Skipped(line, problems[index]))
            continue
        earlier = 0
        matches = []
        for _kind, _typed, match in found:
            if match:
                matches.append(match)
                if match not in seen:
                    seen[match] = line
                elif not earlier:
                    earlier = seen[match]
        if not matches:
            words = text_key(table.rows[index].cells, where, found)
            if stored is None:
                stored = keyless(session, list_id, source)
            if words in seen:
                doubles.append(Duplicate(line, _same_as(seen[words])))
            elif words in stored:
                doubles.append(Duplicate(line, known.said_of_list(stored[words])))
            else:
                seen[words] = line
                new.append(index)
            continue
        if not quiet:
            lists = [in_lists[match] for match in matches if match in in_lists]
            held = next((match for match in matches if match in blocked), None)
            # Blocked weighs more than another list's row, but the same file again is the same.
            if lists and list_id in lists:
                doubles.append(Duplicate(line, known.said_of_list(lists[lists.index(list_id)])))
                continue
            if held is not None:
                skipped.append(Skipped(line, known.said_of_block(held)))
                continue
            if lists:
                doubles.append(Duplicate(line, known.said_of_list(lists[0])))
                continue
            lead = next((of_leads[match] for match in matches if match in of_leads), None)
            if lead is not None:
                doubles.append(Duplicate(line, known.said_of_lead(lead)))
                continue
        if earlier:
            doubles.append(Duplicate(line, _same_as(earlier)))
            continue
        new.append(index)
    return Sorted(new, tuple(doubles), tuple(skipped))


def _distinct(parsed: Iterable[Iterable[Key]]) -> Iterator[str]:
    """Every usable phone and e-mail once; nothing is gathered before the first is asked for."""
    yield from {match: None for row in parsed for _kind, _typed, match in row if match}


def _same_as(line: int) -> str:
    return _("same as line {line}").format(line=line)
