"""Which row of a prospect list each row of an updated file is.

Rows are matched by a column that both have, or by their phones and e-mails. Where nobody says by
what, the way that finds most rows, each exactly once, is taken: phones and e-mails, or a column of
the file that reads like a number of its own (no two rows with the same, next to none empty).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.importing import Skipped, same_as
from tui_crm.core.exchange.prospects import parse
from tui_crm.core.exchange.prospects.known import KnownKeys, blocked_reason
from tui_crm.core.exchange.prospects.parse import FieldPlaces, Key, ParsedRows
from tui_crm.core.exchange.prospects.same_person import Known, Row, first_same, number_is_shared
from tui_crm.core.exchange.readers.table import Table
from tui_crm.core.lists import filter as list_filter
from tui_crm.core.lists.lists import ProspectListInfo
from tui_crm.core.session import Session
from tui_crm.core.store.tables import Prospect
from tui_crm.core.text import _, clean, fold

CONTACT = "contact"  # phones and e-mails together
KINDS = ("phone", "email")
_UNIQUE = 0.99  # the share of different values from which on a column may be a key by itself
_SAMPLE = 500
_Index = dict[str, list[int]]  # row numbers by what they are found by


@dataclass(frozen=True)
class MatchedRows:
    """Every row of a file, by position, in one of three: a row of the list by its number
    (``known``), ``new``, or ``skipped``, of which ``doubtful`` may be several rows of the list.
    ``by`` is what they were matched by, ``remarks`` are about new ones, by position."""

    by: str
    known: dict[int, int]
    new: list[int]
    skipped: tuple[Skipped, ...]
    doubtful: int
    remarks: dict[int, str]


class RowIndex:
    """The rows of one list, found by phone, e-mail, column or name; each index is made when it is
    first needed."""

    def __init__(self, session: Session, info: ProspectListInfo, places: FieldPlaces) -> None:
        self._session, self._info, self._places = session, info, places
        self._by_kind: dict[str, _Index] = {}
        self._by_text: _Index | None = None

    def _of_kind(self, kind: str) -> _Index:
        if kind not in self._by_kind:
            found: _Index = {}
            for match, number in self._session.store.each(
                "SELECT prospect_keys.match, prospects.id FROM prospects"
                " JOIN prospect_keys ON prospect_keys.prospect_id = prospects.id"
                " WHERE prospects.list_id = ? AND prospect_keys.kind = ?"
                " AND prospect_keys.match <> '' ORDER BY prospects.id",
                (self._info.id, kind),
            ):
                numbers = found.setdefault(match, [])
                if number not in numbers:
                    numbers.append(number)
            self._by_kind[kind] = found
        return self._by_kind[kind]

    def by_column(self, position: int) -> _Index:
        """The rows by their cell in a column, case and accents aside."""
        found: _Index = {}
        store = self._session.store
        rows = Prospect.select(store.cell(Prospect.cells, position), Prospect.id).where(
            Prospect.list_id == self._info.id
        )
        for cell, number in store.each(*store.render(rows.order_by(Prospect.id))):
            if cell and (value := fold(cell)):
                found.setdefault(value, []).append(number)
        return found

    def by_keys(self, keys: Iterable[Key], kinds: Sequence[str] = KINDS) -> list[int]:
        """The rows that all of a row's phones and e-mails that are known here have in common;
        every one of them where they have none in common."""
        phones, emails = self._of_kind("phone"), self._of_kind("email")
        found: list[list[int]] = []
        for kind, _typed, match in keys:
            if kind in kinds and match:
                numbers = (phones if kind == "phone" else emails).get(match)
                if numbers is not None and numbers not in found:
                    found.append(numbers)
        if len(found) < 2:
            return found[0] if found else []
        sets = [set(numbers) for numbers in found]
        return sorted(set.intersection(*sets) or set.union(*sets))

    def by_text(self, cells: Sequence[str], keys: Sequence[Key]) -> list[int]:
        """The rows without a phone or e-mail that have the same name, company and city."""
        if self._by_text is None:
            self._by_text = {}
            for number, name, company, city, stored in self._session.store.each(
                "SELECT id, name, company, city, cells FROM prospects WHERE list_id = ?"
                " AND NOT EXISTS (SELECT 1 FROM prospect_keys WHERE prospect_id = prospects.id)"
                " ORDER BY id",
                (self._info.id,),
            ):
                text = parse.text_key_of(name, company, city, (), json.loads(stored or "[]"))
                self._by_text.setdefault(text, []).append(number)
        return self._by_text.get(parse.text_key(cells, self._places, keys), [])


def match_rows(
    session: Session,
    table: Table,
    parsed: ParsedRows,
    info: ProspectListInfo,
    place: Sequence[int],
    key_column: str | None,
) -> MatchedRows:
    """Match a file with a list. ``place`` is where each column of the file is in the list;
    ``key_column`` what to match by: ``phone``, ``email`` or a column's name, None: the best.

    Raises CrmError for a column that not both have."""
    rows = RowIndex(session, info, parsed.places)
    column = None
    if key_column is None:
        column = _best_column(table, parsed, info, place, rows)
        by = CONTACT if column is None else table.columns[column]
    elif fold(key_column) in ("phone", "email", "e-mail") and not _has(table, key_column):
        by = fold(key_column).replace("-", "")
    else:
        column = _column(table, info, place, key_column)
        by = table.columns[column]
    index = rows.by_column(place[column]) if column is not None else {}
    kinds = (by,) if by in KINDS else KINDS
    known: dict[int, int] = {}
    lines: dict[int, int] = {}  # of each row of the list that was matched: the line in the file
    unmatched: list[int] = []
    skipped: list[Skipped] = []
    doubtful = 0
    for position, (line, keys) in enumerate(zip(table.rows.lines, parsed.keys, strict=True)):
        if problem := table.rows.problems.get(position) or parsed.problems.get(position):
            skipped.append(Skipped(line, problem))
            continue
        cells = table.rows[position].cells
        value = fold(cells[column]) if column is not None else ""
        found = index.get(value, []) if value else rows.by_keys(keys, kinds)
        if not found and not any(match for _kind, _typed, match in keys):
            found = rows.by_text(cells, keys) if not value else []
        elif not found and rows.by_keys(keys):
            doubtful += 1
            skipped.append(Skipped(line, _("doubtful: its phone or e-mail is another row's here")))
            continue
        if len(found) > 1:
            doubtful += 1
            reason = _("doubtful: {n} rows of the list match").format(n=len(found))
            skipped.append(Skipped(line, reason))
        elif not found:
            unmatched.append(position)
        elif found[0] in lines:
            skipped.append(Skipped(line, same_as(lines[found[0]])))
        else:
            known[position], lines[found[0]] = found[0], line
    new, known_elsewhere, remarks = _new_rows(session, table, parsed, info, unmatched)
    every = tuple(sorted([*skipped, *known_elsewhere]))
    return MatchedRows(by, known, new, every, doubtful, remarks)


def _new_rows(
    session: Session,
    table: Table,
    parsed: ParsedRows,
    info: ProspectListInfo,
    unmatched: Sequence[int],
) -> tuple[list[int], list[Skipped], dict[int, str]]:
    """Which of the rows that are not in the list are new, why the others stay out (they are in
    another list, a lead, on the do-not-call list, or in the file before), and remarks about new
    ones by position."""
    known = KnownKeys(session, [parsed.keys[position] for position in unmatched], info.id)
    region = session.house.region
    seen: dict[str, list[Known]] = {}
    new: list[int] = []
    skipped: list[Skipped] = []
    remarks: dict[int, str] = {}
    for position in unmatched:
        line, keys = table.rows.lines[position], parsed.keys[position]
        cells = table.rows[position].cells
        values = parse.values(cells, parsed.places)
        row = Row(values.get("name", ""), values.get("company", ""), keys)
        if not any(match for _kind, _typed, match in keys):
            row = row._replace(keys=[("email", "", parse.text_key(cells, parsed.places, keys))])
        block = next((known.blocked[m] for _k, _t, m in row.keys if m in known.blocked), None)
        same, shared = None, list[tuple[str, Known]]()
        for people in (known.here, known.lists, known.leads, seen):
            if same is None:
                same, more = first_same(row, people, region)
                shared += more
        place = _("line {line}").format(line=line)
        me = Known(place, same_as(line), row.name, row.company, "", row.emails)
        for _kind, typed, match in row.keys:
            if match:
                seen.setdefault(match, []).append(me._replace(typed=typed))
        if block is not None:
            skipped.append(Skipped(line, blocked_reason(block)))
        elif same is not None:
            skipped.append(Skipped(line, same.reason))
        else:
            new.append(position)
            if shared:
                remarks[position] = number_is_shared(shared)
    return new, skipped, remarks


def _best_column(
    table: Table,
    parsed: ParsedRows,
    info: ProspectListInfo,
    place: Sequence[int],
    rows: RowIndex,
) -> int | None:
    """The column to match by where nobody chose one; None where phones and e-mails find as many
    rows."""
    count = len(table.rows) - len(table.rows.problems)
    best = None
    most = _found_once(
        rows.by_keys(keys)
        or (
            []
            if keys or position in table.rows.problems
            else rows.by_text(table.rows[position].cells, keys)
        )
        for position, keys in enumerate(parsed.keys)
    )
    most = max(most, count // 2)  # a number of its own is known of most rows, not of some
    for column, there in enumerate(place):
        if there >= len(info.columns) or info.columns[there].field is not None:
            continue
        first = _values(table, column, _SAMPLE)
        if not first or len(set(first)) < _UNIQUE * min(count, _SAMPLE):
            continue  # most columns have the same value in many rows: the first ones show it
        values = _values(table, column, count)
        if len(set(values)) < _UNIQUE * count:
            continue
        index = rows.by_column(there)
        found = _found_once(index.get(value, []) for value in values)
        if found > most:
            best, most = column, found
    return best


def _values(table: Table, column: int, most: int) -> list[str]:
    """The cells of a column in the first rows, as they are compared; empty ones left out."""
    cells = (row.cells[column] for row in table.rows if row.problem is None)
    return [value for cell in itertools.islice(cells, most) if (value := fold(cell))]


def _found_once(found: Iterable[list[int]]) -> int:
    """How many rows of the list were found, each of them alone."""
    return len({numbers[0] for numbers in found if len(numbers) == 1})


def _has(table: Table, name: str) -> bool:
    return any(fold(column) == fold(name) for column in table.columns)


def _column(table: Table, info: ProspectListInfo, place: Sequence[int], name: str) -> int:
    """The column of the file to match by, which the list has too."""
    there = list_filter.column_place(info, name)
    for column, at in enumerate(place):
        if at == there:
            return column
    raise CrmError(
        _("The file has no column {name}.").format(name=clean(name, single_line=True)),
        _("Its columns are: {names}.").format(names=", ".join(table.columns)),
    )
