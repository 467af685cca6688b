"""Leads in: the leads, deals or opportunities of another CRM, open ones and history.

    seen = preview(session, "deals.csv", mapping={"title": "Deal Name"})
    done = run_import(session, seen)

A row is a duplicate when there is a lead of the same title and client that was created on the
same day (on any day, where the file does not say); a column with the other CRM's own number of a
record keeps two such rows apart. The same file twice is all duplicates.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from tui_crm.core.exchange.columns import lead_columns, mapping as mappings
from tui_crm.core.exchange.leads.reader import ALIASES, FIELDS, SEVERAL, LeadRow, Reader, id_in
from tui_crm.core.exchange.leads.writer import Writer
from tui_crm.core.exchange.prospects.importer import SAMPLE, file_of, first_values
from tui_crm.core.exchange.prospects.rows import Known
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.readers.table import Table
from tui_crm.core.exchange.summary import Duplicate, Skipped, Summary
from tui_crm.core.progress import Cancelled, Progress, watched
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.text import _, fold, ngettext


@dataclass(frozen=True)
class Preview(Summary):
    """What a file of leads holds and what bringing it in would do.

    ``open``, ``won``, ``lost`` and ``cancelled`` count the leads to be added; ``new_owners`` are
    names that become users who are not active, ``new_steps`` steps to be made (``pipeline > step``
    where it is not the first pipeline); ``table`` is the file as it was read."""

    header: bool
    sheets: tuple[str, ...]
    mapping: tuple[tuple[str, str], ...]
    open: int
    won: int
    lost: int
    cancelled: int
    new_owners: tuple[str, ...]
    new_steps: tuple[str, ...]
    table: Table = field(repr=False)
    _parsed: tuple[LeadRow, ...] = field(repr=False)
    _id_label: str | None = field(repr=False)
    _unread: tuple[Skipped, ...] = field(repr=False)
    _new: tuple[LeadRow, ...] = field(repr=False)
    _entry: int = field(repr=False)


@dataclass(frozen=True)
class Result(Summary):
    """What was done: ``numbers`` are the new leads, in the order of the file."""

    numbers: tuple[int, ...]


def preview(
    session: Session,
    source: str | os.PathLike[str] | Table,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    mapping: mappings.Said | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Preview:
    """Read a file of leads (or a `Table` read already) and compare it with the leads there are.

    ``mapping`` overrules what the columns were recognised as (`lead_columns.FIELDS`, ``company``
    for ``client``); a name that is no field becomes a field of that label. It is remembered by
    the file's header once the file is brought in. Raises CrmError for a file that cannot be read
    and for a column that it does not have."""
    table = (
        source
        if isinstance(source, Table)
        else open_table(source, encoding=encoding, delimiter=delimiter, sheet=sheet)
    )
    said = [
        *mappings.recall(session.store, "leads", table.columns),
        *mappings.pairs(mapping, table.columns),
    ]
    guessed = lead_columns.recognise(table.columns, table.rows[:SAMPLE], session.house.language)
    fields, labels = mappings.overrule(table.columns, guessed, said, FIELDS, SEVERAL, ALIASES)
    reader = Reader(session, table, fields, labels)
    parsed: list[LeadRow] = []
    unread: list[Skipped] = []
    for row in watched(table.rows, len(table.rows), progress, cancelled):
        found = reader.read(row)
        if isinstance(found, str):
            unread.append(Skipped(row.line, found))
        else:
            parsed.append(found)
    bare = Preview(
        file=file_of(table),
        kind=table.kind,
        list=None,
        rows=len(table.rows),
        added=0,
        doubles=(),
        skipped=(),
        remarks=(),
        cleaned=table.cleaned,
        columns=first_values(table, fields, labels),
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        header=table.header,
        sheets=table.sheets,
        mapping=tuple(said),
        open=0,
        won=0,
        lost=0,
        cancelled=0,
        new_owners=(),
        new_steps=(),
        table=table,
        _parsed=tuple(parsed),
        _id_label=reader.id_label,
        _unread=tuple(unread),
        _new=(),
        _entry=session.store.last_entry(),
    )
    return _compared(session, bare)


def _compared(session: Session, seen: Preview) -> Preview:
    """The preview with what is true of the store as it is now."""
    known = Known(session, {m: None for row in seen._parsed for _k, _t, m in row.points if m}, None)
    there = _leads(session)
    descriptions = _descriptions(session, seen, there)
    label = seen._id_label
    new: list[LeadRow] = []
    doubles: list[Duplicate] = []
    skipped = list(seen._unread)
    lines: dict[tuple[str, str, str, str], int] = {}
    for row in seen._parsed:
        base = (fold(row.title), fold(row.client))
        day = row.created.isoformat() if row.day_known else ""
        twins = [
            number
            for number, created in there.get(base, ())
            if not day or created == day
            if not (row.id and label and (id_in(descriptions[number], label) or row.id) != row.id)
        ]
        mark = (*base, day, row.id)
        held = next((m for _k, _t, m in row.points if m in known.blocked), None)
        if twins:
            doubles.append(Duplicate(row.line, _("lead #{number} already").format(number=twins[0])))
        elif mark in lines:
            doubles.append(Duplicate(row.line, _("same as line {line}").format(line=lines[mark])))
        elif held is not None and row.status is None:
            skipped.append(Skipped(row.line, known.said_of_block(held)))
        else:
            lines[mark] = row.line
            new.append(row)
    counts = Counter(row.status for row in new)
    owners, steps = Writer(session).unknown(new)
    return replace(
        seen,
        added=len(new),
        doubles=tuple(doubles),
        skipped=tuple(sorted(skipped)),
        remarks=tuple(Skipped(row.line, said) for row in new for said in row.remarks),
        open=counts[None],
        won=counts["won"],
        lost=counts["lost"],
        cancelled=counts["cancelled"],
        new_owners=owners,
        new_steps=steps,
        _new=tuple(new),
    )


def _leads(session: Session) -> dict[tuple[str, str], list[tuple[int, str]]]:
    """The leads there are by title and client: number and creation day."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for number, title, client, created in session.store.each(
        "SELECT leads.id, title, clients.match, created_on FROM leads"
        " LEFT JOIN clients ON clients.id = client_id"
    ):
        found.setdefault((fold(title), client or ""), []).append((number, created))
    return found


def _descriptions(
    session: Session, seen: Preview, there: dict[tuple[str, str], list[tuple[int, str]]]
) -> dict[int, str]:
    """The descriptions of the leads that rows of the file are compared with, where it needs
    them."""
    if seen._id_label is None:
        return {}
    wanted = [
        number
        for base in {(fold(row.title), fold(row.client)) for row in seen._parsed}
        for number, _day in there.get(base, ())
    ]
    found: dict[int, str] = {}
    for start in range(0, len(wanted), SAMPLE):
        part = wanted[start : start + SAMPLE]
        found.update(
            session.store.rows(
                f"SELECT id, description FROM leads WHERE id IN ({', '.join('?' * len(part))})",
                part,
            )
        )
    return found


@operation("leads_in.bring_in")
def run_import(
    w: Write,
    seen: Preview,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Add the new leads of a previewed file, with the users, steps, clients, reasons and tags
    they need, and their history on the days it happened.

    All or nothing: raises CrmError when ``cancelled()`` says so, and nothing is left of it."""
    if w.store.last_entry() != seen._entry:
        seen = _compared(w.session, seen)
    numbers: tuple[int, ...] = ()
    if seen._new:
        mappings.remember(w, "leads", seen.table.columns, seen.mapping)
        numbers = Writer(w.session).write(w, seen._new, progress, cancelled)
    w.describe(
        ngettext("import of {file}: {n} lead", "import of {file}: {n} leads", seen.added).format(
            file=seen.file, n=seen.added
        )
    )
    shared: dict[str, Any] = {name: getattr(seen, name) for name in Summary.__dataclass_fields__}
    return Result(numbers=numbers, **shared)
