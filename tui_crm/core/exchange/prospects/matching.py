"""Which row of a prospect list each row of an updated file is.

Rows are matched by a column that both have, or by their phones and e-mails. Where nothing was
said, the way that finds most rows, each exactly once, is taken: phones and e-mails, or a column
of the file that reads like a number of its own (no two rows with the same, next to none empty).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.prospects import rows as prospect_rows
from tui_crm.core.exchange.prospects.rows import Key, Known, Picks
from tui_crm.core.exchange.readers.table import Table
from tui_crm.core.exchange.summary import Skipped
from tui_crm.core.lists import filter as list_filter
from tui_crm.core.lists.lists import ProspectListInfo
from tui_crm.core.session import Session
from tui_crm.core.text import _, clean, fold

CONTACT = "contact"  # phones and e-mails together
KINDS = ("phone", "email")
_UNIQUE = 0.99  # of the rows of a column that may be a key by itself
_SAMPLE = 500
_Index = dict[str, list[int]]


@dataclass(frozen=True)
class Matched:
    """Every row of a file, by position, in one of three: a row of the list by its number
    (``known``), ``new``, or ``skipped``, of which ``doubtful`` may be several rows of the list."""

    by: str
    known: dict[int, int]
    new: list[int]
    skipped: tuple[Skipped, ...]
    doubtful: int


class Matcher:
    """The rows of one list, findable by phone, e-mail and column; each index made when asked."""

    def __init__(self, session: Session, info: ProspectListInfo, where: Picks) -> None:
        self._session, self._info, self._where = session, info, where
        self._kinds: dict[str, _Index] = {}
        self._texts: _Index | None = None

    def of_kind(self, kind: str) -> _Index:
        if kind not in self._kinds:
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
            self._kinds[kind] = found
        return self._kinds[kind]

    def of_column(self, place: int) -> _Index:
        """The rows by what stands in a column, case and accents aside."""
        found: _Index = {}
        store = self._session.store
        for cell, number in store.each(
            f"SELECT {store.cell('cells', place)}, id FROM prospects WHERE list_id = ? ORDER BY id",
            (self._info.id,),
        ):
            if cell and (word := fold(cell)):
                found.setdefault(word, []).append(number)
        return found

    def by_keys(self, keys: Iterable[Key], kinds: Sequence[str] = KINDS) -> list[int]:
        """The rows that all of a row's phones and e-mails that are known here have in common;
        every one of them where they have none in common."""
        phones, emails = self.of_kind("phone"), self.of_kind("email")
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
        """The rows without a phone or e-mail that say the same name, company and place."""
        if self._texts is None:
            self._texts = {}
            for number, name, company, city, kept in self._session.store.each(
                "SELECT id, name, company, city, cells FROM prospects WHERE list_id = ?"
                " AND NOT EXISTS (SELECT 1 FROM prospect_keys WHERE prospect_id = prospects.id)"
                " ORDER BY id",
                (self._info.id,),
            ):
                word = prospect_rows.text_key_of(name, company, city, (), json.loads(kept or "[]"))
                self._texts.setdefault(word, []).append(number)
        return self._texts.get(prospect_rows.text_key(cells, self._where, keys), [])


def match(
    session: Session,
    table: Table,
    where: Picks,
    parsed: Sequence[list[Key]],
    info: ProspectListInfo,
    place: Sequence[int],
    wish: str | None,
) -> Matched:
    """Compare a file with a list. ``place`` is where each column of the file stands in the list;
    ``wish`` what to match by: ``phone``, ``email`` or a column's name.

    Raises CrmError for a column that not both have."""
    matcher = Matcher(session, info, where)
    column = None
    if wish is None:
        column = _best_column(table, parsed, info, place, matcher)
        by = CONTACT if column is None else table.columns[column]
    elif fold(wish) in ("phone", "email", "e-mail") and not _has(table, wish):
        by = fold(wish).replace("-", "")
    else:
        column = _column(table, info, place, wish)
        by = table.columns[column]
    index = matcher.of_column(place[column]) if column is not None else {}
    known: dict[int, int] = {}
    lines: dict[int, int] = {}
    loose: list[int] = []
    skipped: list[Skipped] = []
    doubtful = 0
    for position, (line, keys) in enumerate(zip(table.rows.lines, parsed, strict=True)):
        if position in table.rows.problems:
            skipped.append(Skipped(line, table.rows.problems[position]))
            continue
        cells = table.rows[position].cells
        word = fold(cells[column]) if column is not None else ""
        kinds = (by,) if by in KINDS else KINDS
        found = index.get(word, []) if word else matcher.by_keys(keys, kinds)
        if not found and not any(has[2] for has in keys):
            found = matcher.by_text(cells, keys) if not word else []
        elif not found and matcher.by_keys(keys):
            doubtful += 1
            skipped.append(Skipped(line, _("doubtful: its phone or e-mail is another row's here")))
            continue
        if len(found) > 1:
            doubtful += 1
            words = _("doubtful: {n} rows of the list match").format(n=len(found))
            skipped.append(Skipped(line, words))
        elif not found:
            loose.append(position)
        elif found[0] in lines:
            skipped.append(Skipped(line, _("same as line {line}").format(line=lines[found[0]])))
        else:
            known[position], lines[found[0]] = found[0], line
    new, others = _new(session, table, where, parsed, info, loose)
    every = sorted([*skipped, *others])
    return Matched(by, known, new, tuple(every), doubtful)


def _new(
    session: Session,
    table: Table,
    where: Picks,
    parsed: Sequence[list[Key]],
    info: ProspectListInfo,
    loose: Sequence[int],
) -> tuple[list[int], list[Skipped]]:
    """Which of the rows that are not in the list are new, and why the others stay out: they are
    in another list, a lead, on the do-not-call list, or in the file before."""
    matches = {m: None for p in loose for _kind, _typed, m in parsed[p] if m}
    known = Known(session, list(matches), info.id)
    seen: dict[str, int] = {}
    new: list[int] = []
    skipped: list[Skipped] = []
    for position in loose:
        line, keys = table.rows.lines[position], parsed[position]
        has = [m for _kind, _typed, m in keys if m] or [
            prospect_rows.text_key(table.rows[position].cells, where, keys)
        ]
        why = (
            next((known.said_of_block(m) for m in has if m in known.blocked), None)
            or next(
                (known.said_of_list(known.in_lists[m]) for m in has if m in known.in_lists), None
            )
            or next(
                (known.said_of_lead(known.of_leads[m]) for m in has if m in known.of_leads), None
            )
        )
        earlier = next((seen[m] for m in has if m in seen), None)
        if why is None and earlier is not None:
            why = _("same as line {line}").format(line=earlier)
        for m in has:
            seen.setdefault(m, line)
        if why is None:
            new.append(position)
        else:
            skipped.append(Skipped(line, why))
    return new, skipped


def _best_column(
    table: Table,
    parsed: Sequence[list[Key]],
    info: ProspectListInfo,
    place: Sequence[int],
    matcher: Matcher,
) -> int | None:
    """The column to match by where nobody said one; None where phones and e-mails find as many
    rows."""
    count = len(table.rows) - len(table.rows.problems)
    best, most = (
        None,
        _once(
            matcher.by_keys(keys)
            or (
                []
                if keys or n in table.rows.problems
                else matcher.by_text(table.rows[n].cells, keys)
            )
            for n, keys in enumerate(parsed)
        ),
    )
    most = max(most, count // 2)  # a number of its own is known of most rows, not of some
    for column, there in enumerate(place):
        if there >= len(info.columns) or info.columns[there].field is not None:
            continue
        first = _words(table, column, _SAMPLE)
        if not first or len(set(first)) < _UNIQUE * min(count, _SAMPLE):
            continue  # most columns say something of many rows: seen on the first ones
        words = _words(table, column, count)
        if len(set(words)) < _UNIQUE * count:
            continue
        index = matcher.of_column(there)
        found = _once(index.get(word, []) for word in words)
        if found > most:
            best, most = column, found
    return best


def _words(table: Table, column: int, most: int) -> list[str]:
    """What stands in a column of the first rows, as it is compared; empty cells left out."""
    rows = (row.cells[column] for row in table.rows if row.problem is None)
    return [word for cell in itertools.islice(rows, most) if (word := fold(cell))]


def _once(found: Iterable[list[int]]) -> int:
    """How many rows of the list were found, each of them alone."""
    return len({numbers[0] for numbers in found if len(numbers) == 1})


def _has(table: Table, name: str) -> bool:
    return any(fold(column) == fold(name) for column in table.columns)


def _column(table: Table, info: ProspectListInfo, place: Sequence[int], wish: str) -> int:
    """The column of the file to match by, which the list has too."""
    there = list_filter.column(info, wish)
    for column, at in enumerate(place):
        if at == there:
            return column
    raise CrmError(
        _("The file has no column {name}.").format(name=clean(wish, single_line=True)),
        _("Its columns are: {names}.").format(names=", ".join(table.columns)),
    )
