"""Prospects of a file into a list, which is made when there is none of that name.

A row is a duplicate when it shares a phone (E.164) or an e-mail (case aside) with an earlier row
of the file, with a row of any list, or with a person of a lead. A row without either is compared
by name, company and place, and by whatever odd number it has; one without these as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

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
    same_as,
    write_preview,
)
from tui_crm.core.exchange.prospects import parse
from tui_crm.core.exchange.prospects.known import KnownKeys, blocked_reason, known_text_keys
from tui_crm.core.exchange.prospects.parse import ParsedRows
from tui_crm.core.exchange.readers.table import RawRow
from tui_crm.core.lists import edits as list_edits, lists
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import ProspectList
from tui_crm.core.text import _, clean, fold, ngettext

FIELDS = FieldSet(
    "prospects", prospect_columns.FIELDS, prospect_columns.SEVERAL, prospect_columns.recognise
)


class ProspectImport(Importer[ParsedRows, Comparison[int]]):
    """Prospects for the list ``list_name``, by default that of the file's name without its
    ending. Columns that the list does not have yet are added behind its own. ``new`` are the
    positions of the rows to add. The preview raises CrmError for a name of blanks."""

    fields = FIELDS
    operation = operation("prospects_in.bring_in")(write_preview)

    def __init__(self, list_name: str = "") -> None:
        self.list_name = list_name

    def parse(self, session: Session, file: ImportFile, rows: Iterable[RawRow]) -> ParsedRows:
        return parse.parse(rows, parse.field_places(file.fields), session.house.region)

    def compare(self, session: Session, file: ImportFile, parsed: ParsedRows) -> Comparison[int]:
        name = " ".join(clean(self.list_name, single_line=True).split()) or _name_of(file)
        if not fold(name):
            raise CrmError(_("A list needs a name."))
        list_id = session.store.value("SELECT id FROM lists WHERE match = ?", (fold(name),))
        new, duplicates, skipped = classify_rows(session, file, parsed, list_id)
        rows, remarks = file.table.rows, parsed.remarks
        return Comparison(
            duplicates=tuple(duplicates),
            skipped=tuple(skipped),
            remarks=(
                *parse.zone_notes(rows, parsed.places),
                *(Skipped(rows.lines[n], remarks[n]) for n in new if n in remarks),
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
        lists.add_rows.within(w, list_id, watch.rows(rows, comparison.added))
        w.describe(
            ngettext(
                "import of {file}: {n} row into {list}",
                "import of {file}: {n} rows into {list}",
                comparison.added,
            ).format(file=file.name, n=comparison.added, list=name),
            list_id=list_id,
        )
        return replace(comparison, list_id=list_id)


def _name_of(file: ImportFile) -> str:
    stem = Path(file.name).stem if file.table.path else _("Pasted")
    return " ".join(stem.replace("_", " ").split())


def classify_rows(
    session: Session, file: ImportFile, parsed: ParsedRows, list_id: int | None
) -> tuple[list[int], list[Duplicate], list[Skipped]]:
    """Compare every row with what the store holds now and with the rows before it: the positions
    of the new ones, the duplicates, and those that are skipped."""
    known = KnownKeys(session, parsed.keys, list_id)
    in_lists, of_leads, blocked = known.in_lists, known.of_leads, known.blocked
    nothing_known = not (in_lists or of_leads or blocked)
    stored: dict[str, int] | None = None
    seen: dict[str, int] = {}  # the first line of each key of the file
    new: list[int] = []
    duplicates: list[Duplicate] = []
    skipped: list[Skipped] = []
    rows = file.table.rows
    problems = rows.problems
    for index, (line, keys) in enumerate(zip(rows.lines, parsed.keys, strict=True)):
        if index in problems:
            skipped.append(Skipped(line, problems[index]))
            continue
        earlier = 0
        matches = []
        for _kind, _typed, match in keys:
            if match:
                matches.append(match)
                if match not in seen:
                    seen[match] = line
                elif not earlier:
                    earlier = seen[match]
        if not matches:
            text = parse.text_key(rows[index].cells, parsed.places, keys)
            if stored is None:
                stored = known_text_keys(session, list_id, file.name)
            if text in seen:
                duplicates.append(Duplicate(line, same_as(seen[text])))
            elif text in stored:
                duplicates.append(Duplicate(line, known.list_reason(stored[text])))
            else:
                seen[text] = line
                new.append(index)
            continue
        if not nothing_known:
            of_lists = [in_lists[match] for match in matches if match in in_lists]
            block = next((blocked[match] for match in matches if match in blocked), None)
            # Blocked weighs more than another list's row, but the same file again is the same.
            if list_id is not None and list_id in of_lists:
                duplicates.append(Duplicate(line, known.list_reason(list_id)))
                continue
            if block is not None:
                skipped.append(Skipped(line, blocked_reason(block)))
                continue
            if of_lists:
                duplicates.append(Duplicate(line, known.list_reason(of_lists[0])))
                continue
            lead = next((of_leads[match] for match in matches if match in of_leads), None)
            if lead is not None:
                duplicates.append(Duplicate(line, known.lead_reason(lead)))
                continue
        if earlier:
            duplicates.append(Duplicate(line, same_as(earlier)))
            continue
        new.append(index)
    return new, duplicates, skipped


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
