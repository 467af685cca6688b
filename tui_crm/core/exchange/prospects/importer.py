"""Prospects of a file into a list, which is made when there is none of that name.

A row is a duplicate when an earlier row of the file, a row of any list or a person of a lead is
the same person (`same_person`): by e-mail (case aside), or by phone (E.164) and name. A row without
either is compared by name, company and place, and by whatever odd number it has; one without these
as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns import prospect_columns
from tui_crm.core.exchange.columns.mapping import FieldSet
from tui_crm.core.exchange.importing import (
    Comparison,
    Duplicate,
    Importer,
    ImportFile,
    Preview,
    Skipped,
    Watch,
    duplicate_of,
    same_as,
    write_preview,
)
from tui_crm.core.exchange.prospects import parse
from tui_crm.core.exchange.prospects.known import KnownKeys, blocked_reason, known_text_keys
from tui_crm.core.exchange.prospects.parse import Key, ParsedRows
from tui_crm.core.exchange.prospects.same_person import Known, Row, first_same, number_is_shared
from tui_crm.core.exchange.readers.table import RawRow
from tui_crm.core.lists import edits as list_edits, lists
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import NewBlock
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import ProspectList
from tui_crm.core.text import _, clean, fold, ngettext

FIELDS = FieldSet(
    "prospects", prospect_columns.FIELDS, prospect_columns.SEVERAL, prospect_columns.recognise
)


_OWN_COLUMNS = frozenset(("_line", "_state", "_tries", "_lead"))


def own_columns(columns: Sequence[str]) -> frozenset[str]:
    """The columns that an export of a list has behind the file's own."""
    return _OWN_COLUMNS if set(columns) >= _OWN_COLUMNS else frozenset()


class ProspectImport(Importer[ParsedRows, Comparison[int]]):
    """Prospects for the list ``list_name``, by default that of the file's name without its
    ending. Columns that the list does not have yet are added behind its own. ``new`` are the
    positions of the rows to add. The preview raises CrmError for a name of blanks."""

    fields = FIELDS
    operation = operation("prospects_in.bring_in")(write_preview)

    def __init__(self, list_name: str = "") -> None:
        self.list_name = list_name

    def own_columns(self, columns: Sequence[str]) -> frozenset[str]:
        return own_columns(columns)

    def parse(self, session: Session, file: ImportFile, rows: Iterable[RawRow]) -> ParsedRows:
        places = parse.field_places(file.fields, file.table.columns)
        return parse.parse(rows, places, file.country)

    def compare(self, session: Session, file: ImportFile, parsed: ParsedRows) -> Comparison[int]:
        name = " ".join(clean(self.list_name, single_line=True).split()) or _name_of(file)
        if not fold(name):
            raise CrmError(_("A list needs a name."))
        list_id = session.store.value("SELECT id FROM lists WHERE match = ?", (fold(name),))
        new, duplicates, skipped, shared = classify_rows(session, file, parsed, list_id)
        rows, remarks = file.table.rows, merged_remarks(parsed.remarks, shared)
        wanted = set(new) if remarks else set()
        return Comparison(
            duplicates=tuple(duplicates),
            skipped=tuple(skipped),
            remarks=(
                *parse.zone_notes(rows, parsed.places),
                *(Skipped(rows.lines[n], remarks[n]) for n in remarks if n in wanted),
            ),
            list_name=name,
            list_id=list_id,
            new=new,
        )

    def write(
        self, w: Write, seen: Preview[ParsedRows, Comparison[int]], watch: Watch
    ) -> Comparison[int]:
        comparison, file = seen.comparison, seen.file
        name = comparison.list_name or ""
        columns = [lists.Column(column.name, column.field) for column in file.columns]
        list_id = comparison.list_id
        if list_id is None:
            named = [{"name": column.name, "field": column.field} for column in columns]
            list_id = lists.create.within(w, name, named, file.name)
            place, width = list(range(len(columns))), len(columns)
        else:
            place, width = _extend_list(w, list_id, columns)
        rows = new_rows(w, list_id, file, seen.parsed, comparison.new, place, width)
        block_rows(w, file, seen.parsed, comparison.new)
        lists.add_rows.within(w, list_id, watch.rows(rows, comparison.added))
        w.describe(
            ngettext(
                "imported from {file}: {n} row into {list}",
                "imported from {file}: {n} rows into {list}",
                comparison.added,
            ).format(file=file.name, n=comparison.added, list=name),
            list_id=list_id,
        )
        return replace(comparison, list_id=list_id)


def _name_of(file: ImportFile) -> str:
    stem = Path(file.name).stem if file.table.path else _("Pasted")
    return " ".join(stem.replace("_", " ").split())


def merged_remarks(odd: dict[int, str], shared: dict[int, str]) -> dict[int, str]:
    """What is odd about rows and whose number they share, by position."""
    return {
        n: "; ".join(filter(None, (odd.get(n), shared.get(n)))) for n in sorted({*odd, *shared})
    }


class ClassifiedRows(NamedTuple):
    """The positions of the rows that are new, the duplicates, those that are skipped, and remarks
    about new ones by their position."""

    new: list[int]
    duplicates: list[Duplicate]
    skipped: list[Skipped]
    remarks: dict[int, str]


def classify_rows(
    session: Session, file: ImportFile, parsed: ParsedRows, list_id: int | None
) -> ClassifiedRows:
    """Compare every row with what the store holds now and with the rows before it."""
    known = KnownKeys(session, parsed.keys, list_id)
    nothing_known, blocked, region = known.nothing, known.blocked, session.house.region
    stored: dict[str, Known] | None = None
    seen: dict[str, int | list[int]] = {}  # by each key of the file the rows before that have it
    lines_of_text: dict[str, int] = {}
    result = ClassifiedRows([], [], [], {})
    new, duplicates, skipped, remarks = result
    rows = file.table.rows
    problems, lines = {**rows.problems, **parsed.problems}, rows.lines

    def one(index: int) -> Row:
        values = parse.values(rows[index].cells, parsed.places)
        return Row(values.get("name", ""), values.get("company", ""), parsed.keys[index])

    def before(row: Row) -> dict[str, list[Known]]:
        """The rows before that have a key of this one."""
        found: dict[str, list[Known]] = {}
        for _kind, _typed, match in row.keys:
            earlier = seen.get(match, [])
            for index in [earlier] if isinstance(earlier, int) else earlier:
                if parsed.keys[index] is row.keys:
                    continue
                other = one(index)
                typed = next((t for _k, t, m in other.keys if m == match), "")
                place = _("line {line}").format(line=lines[index])
                found.setdefault(match, []).append(
                    Known(
                        place, same_as(lines[index]), other.name, other.company, typed, other.emails
                    )
                )
        return found

    for index, (line, keys) in enumerate(zip(lines, parsed.keys, strict=True)):
        if index in problems:
            skipped.append(Skipped(line, problems[index]))
            continue
        collides = False
        any_match = False
        for _kind, _typed, match in keys:
            if match:
                any_match = True
                if match not in seen:
                    seen[match] = index
                elif seen[match] != index:
                    collides = True
        if not any_match:
            text = parse.text_key(rows[index].cells, parsed.places, keys)
            if stored is None:
                stored = known_text_keys(session, list_id, file.name)
            if text in lines_of_text:
                duplicates.append(duplicate_of(line, lines_of_text[text]))
            elif text in stored:
                duplicates.append(Duplicate(line, stored[text].reason, stored[text].place))
            else:
                lines_of_text[text] = line
                new.append(index)
            continue
        row = None if nothing_known and not collides else one(index)
        shared: list[tuple[str, Known]] = []
        same: Known | None = None
        block = None
        if row is not None:
            # Blocked weighs more than another list's row, but the same file again is the same.
            same, shared = first_same(row, known.here, region)
            if same is None and blocked:
                block = next((blocked[m] for _k, _t, m in keys if m in blocked), None)
            if same is None and block is None:
                for people in (known.lists, known.leads, before(row) if collides else {}):
                    same, more = first_same(row, people, region)
                    shared += more
                    if same is not None:
                        break
        if block is not None:
            skipped.append(Skipped(line, blocked_reason(block)))
        elif same is not None:
            duplicates.append(Duplicate(line, same.reason, same.place))
        else:
            new.append(index)
            if shared:
                remarks[index] = number_is_shared(shared)
        if collides:
            _remember(seen, keys, index)
    return result


_MOST_SHARED = 200
"""Rows with one number that a further one is compared with; beyond them nobody is told apart."""


def _remember(seen: dict[str, int | list[int]], keys: Sequence[Key], index: int) -> None:
    for _kind, _typed, match in keys:
        if match:
            earlier = seen[match]
            if isinstance(earlier, int):
                if earlier != index:
                    seen[match] = [earlier, index]
            elif len(earlier) < _MOST_SHARED:
                earlier.append(index)


def block_rows(w: Write, file: ImportFile, parsed: ParsedRows, new: Iterable[int]) -> None:
    """Put the phones of those new rows that the file says not to call on the do-not-call list."""
    words = _("asked for in {file}").format(file=file.name)
    wanted = parsed.do_not_call and parsed.do_not_call.intersection(new)
    do_not_call.put(
        w,
        [
            NewBlock(kind, match, words)
            for index in sorted(wanted)
            for kind, _typed, match in parsed.keys[index]
            if kind == "phone" and match
        ],
    )


# -- writing --------------------------------------------------------------------------------------


def _extend_list(w: Write, list_id: int, columns: Sequence[lists.Column]) -> tuple[list[int], int]:
    """Add the columns that a list does not have yet, and bring it back where it is archived: the
    place in its rows of each column of the file, and how many columns it has now."""
    info = lists.get(w.session, list_id)
    have = list(info.columns)
    by_name = {fold(column.name): index for index, column in reversed(list(enumerate(have)))}
    place = []
    for column in columns:
        index = by_name.setdefault(fold(column.name), len(have))
        if index == len(have):
            have.append(column)
        place.append(index)
    if len(have) > len(info.columns):
        w.update(ProspectList, list_id, columns=list_edits.as_json(have))
    if info.archived:
        w.update(ProspectList, list_id, archived=0)
    return place, len(have)


def new_rows(
    w: Write,
    list_id: int,
    file: ImportFile,
    parsed: ParsedRows,
    new: Sequence[int],
    place: Sequence[int],
    width: int,
) -> Iterator[lists.NewRow]:
    """The rows at the positions ``new`` as a list takes them, behind its last line. ``place`` is
    where in a row of the list, which has ``width`` cells, each column of the file goes."""
    above = w.store.value("SELECT MAX(line) FROM prospects WHERE list_id = ?", (list_id,)) or 0
    straight = place == list(range(width))
    wanted = iter(new)
    following = next(wanted, None)
    keys, remarks, places = parsed.keys, parsed.remarks, parsed.places
    for index, row in enumerate(file.table.rows):
        if index != following:
            continue
        following = next(wanted, None)
        cells: Sequence[str] = row.cells
        if not straight:
            moved = [""] * width
            for to, cell in zip(place, row.cells, strict=True):
                # Two columns of one name: both are kept, in the one there is.
                moved[to] = f"{moved[to]}\n{cell}" if moved[to] and cell else moved[to] or cell
            cells = moved
        yield lists.NewRow(
            above + row.line,
            cells,
            parse.values(row.cells, places),
            keys[index],
            remarks.get(index, ""),
        )
