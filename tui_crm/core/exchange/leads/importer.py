"""The leads, deals or opportunities of another CRM, open ones and history.

A row is a duplicate when there is a lead of the same title and client, created on the same day,
with the same amount and the same expected day, as far as the file has them. A column with the other
CRM's own number of a record decides by itself. The same file twice is all duplicates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tui_crm.core.exchange.columns import lead_columns
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
    write_preview,
)
from tui_crm.core.exchange.leads.owners import FileOwner, OwnerMap, owner_remarks
from tui_crm.core.exchange.leads.parse import LeadParser, LeadRow, id_in, is_own_export
from tui_crm.core.exchange.leads.writer import LeadWriter
from tui_crm.core.exchange.prospects.known import blocked_keys, blocked_reason, chunks
from tui_crm.core.exchange.readers.table import RawRow
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import NewBlock
from tui_crm.core.session import Session
from tui_crm.core.setup import tags
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.text import _, fold, ngettext


class _Stored(NamedTuple):
    """A stored lead as far as rows are compared with it."""

    number: int
    created: str
    amount: int | None
    expected: str | None
    status: str


_LeadsByName = dict[tuple[str, str], list[_Stored]]
"""Stored leads by title and client."""


@dataclass(frozen=True)
class ParsedLeads:
    """The rows of a file as leads, those that cannot be read, the label of the column with the
    other CRM's number of a lead, whether the file has amounts and expected days, and what there is
    to say about the whole file."""

    rows: list[LeadRow]
    unread: list[Skipped]
    id_label: str | None
    has_amount: bool = False
    has_expected: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeadComparison(Comparison[LeadRow]):
    """``open``, ``won``, ``lost`` and ``cancelled`` count the leads to be added; ``owners`` are
    those of the file with what they become, ``new_owners`` the names that become users who are not
    active, ``new_steps`` steps to be made (``pipeline > step``
    where it is not the first pipeline); ``numbers``, once they are written, those of the new
    leads, in the order of the file."""

    open: int
    won: int
    lost: int
    cancelled: int
    owners: tuple[FileOwner, ...]
    new_owners: tuple[str, ...]
    new_steps: tuple[str, ...]
    numbers: tuple[int, ...] = ()

    def more_json(self) -> dict[str, object]:
        return {
            **super().more_json(),
            "owners": [
                {"name": one.name, "leads": one.leads, "open": one.open, "user": one.user or None}
                for one in self.owners
            ],
        }


class LeadImport(Importer[ParsedLeads, LeadComparison]):
    """Leads of another CRM's export, with the users, steps, clients, reasons and tags they need,
    and their history on the days it happened. A column that fills no field becomes a field of its
    label. ``owners`` says what owners of the file become (:class:`.owners.OwnerMap`)."""

    def __init__(self, owners: Mapping[str, str] | None = None) -> None:
        self.owners = dict(owners or {})

    fields = FieldSet(
        "leads",
        lead_columns.FIELDS,
        lead_columns.SEVERAL,
        lead_columns.recognise,
        lead_columns.ALIASES,
    )
    operation = operation("leads_in.bring_in")(write_preview)

    def own_columns(self, columns: Sequence[str]) -> tuple[str, ...]:
        return ("number", "list") if is_own_export(columns) else ()

    def parse(self, session: Session, file: ImportFile, rows: Iterable[RawRow]) -> ParsedLeads:
        labels = [column.name for column in file.columns]
        parser = LeadParser(session, file.table, file.fields, labels, file.country)
        parsed: list[LeadRow] = []
        unread: list[Skipped] = []
        for row in rows:
            found = parser.parse(row)
            if isinstance(found, str):
                unread.append(Skipped(row.line, found))
            else:
                parsed.append(found)
        has = parser.places.keys()
        return ParsedLeads(
            parsed,
            unread,
            parser.id_label,
            bool(has & {"amount", "company_amount"}),
            bool(has & {"expected_close", "closed"}),
            tuple(parser.notes()) if parsed else (),
        )

    def compare(self, session: Session, file: ImportFile, parsed: ParsedLeads) -> LeadComparison:
        blocked = blocked_keys(session, [row.points for row in parsed.rows])
        stored = _stored_leads(session)
        other_ids = _other_ids(session, parsed, stored)
        new: list[LeadRow] = []
        duplicates: list[Duplicate] = []
        skipped = list(parsed.unread)
        lines: dict[tuple[str, str, str, str, int | None, str], int] = {}
        for row in parsed.rows:
            name = (fold(row.title), fold(row.client))
            day = row.created.isoformat() if row.day_known else ""
            amount = row.amount if parsed.has_amount else None
            expected = row.expected.isoformat() if row.expected and row.status is None else ""

            def is_same(
                lead: _Stored,
                row: LeadRow = row,
                day: str = day,
                amount: int | None = amount,
                expected: str = expected,
            ) -> bool:
                if row.id and (other := other_ids.get(lead.number)):
                    return other == row.id
                return (
                    (not day or lead.created == day)
                    and (not parsed.has_amount or lead.amount == amount)
                    and (
                        not parsed.has_expected
                        or row.status is not None
                        or lead.status != "open"
                        or (lead.expected or "") == expected
                    )
                )

            same = next((lead.number for lead in stored.get(name, ()) if is_same(lead)), None)
            identity = (*name, day, row.id, amount, expected)
            block = next((blocked[m] for _kind, _typed, m in row.points if m in blocked), None)
            if same is not None:
                reason = _("lead #{number} already").format(number=same)
                of = _("lead #{number}").format(number=same)
                duplicates.append(Duplicate(row.line, reason, of))
            elif identity in lines:
                duplicates.append(duplicate_of(row.line, lines[identity]))
            elif block is not None and row.status is None:
                skipped.append(Skipped(row.line, blocked_reason(block)))
            else:
                lines[identity] = row.line
                new.append(row)
        counts = Counter(row.status for row in new)
        writer = LeadWriter(session)
        owner_map = OwnerMap(session, parsed.rows, self.owners, lambda name: name in writer.owners)
        file_owners = owner_map.found(new)
        left = owner_remarks(owner_map, file_owners)
        new = [owner_map.apply(row) for row in new]
        owners, steps = writer.unknown_names(new)
        return LeadComparison(
            duplicates=tuple(duplicates),
            skipped=tuple(sorted(skipped)),
            remarks=(
                *(Skipped(1, note) for note in (parsed.notes if new else ())),
                *(Skipped(1, remark) for remark in left),
                *(Skipped(1, remark) for remark in category_remarks(session.store, new)),
                *(Skipped(row.line, remark) for row in new for remark in row.remarks),
            ),
            open=counts[None],
            won=counts["won"],
            lost=counts["lost"],
            cancelled=counts["cancelled"],
            owners=file_owners,
            new_owners=owners,
            new_steps=steps,
            new=new,
        )

    def write(
        self, w: Write, seen: Preview[ParsedLeads, LeadComparison], watch: Watch
    ) -> LeadComparison:
        comparison = seen.comparison
        numbers = LeadWriter(w.session).write(w, comparison.new, watch)
        do_not_call.put(
            w,
            [
                NewBlock(kind, match, _("asked for in {file}").format(file=seen.file.name))
                for row in comparison.new
                if row.do_not_call
                for kind, _typed, match in row.points
                if kind == "phone" and match
            ],
        )
        w.describe(
            ngettext(
                "imported from {file}: {n} lead",
                "imported from {file}: {n} leads",
                comparison.added,
            ).format(file=seen.file.name, n=comparison.added)
        )
        return replace(comparison, numbers=numbers)


def _stored_leads(session: Session) -> _LeadsByName:
    found: _LeadsByName = {}
    for title, client, *rest in session.store.each(
        "SELECT title, clients.match, leads.id, created_on, amount, expected_close, status"
        " FROM leads LEFT JOIN clients ON clients.id = client_id"
    ):
        found.setdefault((fold(title), client or ""), []).append(_Stored(*rest))
    return found


def _other_ids(session: Session, parsed: ParsedLeads, stored: _LeadsByName) -> dict[int, str]:
    """The other CRM's number of those stored leads that have one and the name of a row."""
    if parsed.id_label is None:
        return {}
    names = {(fold(row.title), fold(row.client)) for row in parsed.rows}
    numbers = [lead.number for name in names for lead in stored.get(name, ())]
    found: dict[int, str] = {}
    for part in chunks(numbers):
        for number, description in session.store.rows(
            f"SELECT id, description FROM leads WHERE id IN ({', '.join('?' * len(part))})", part
        ):
            if other := id_in(description, parsed.id_label):
                found[number] = other
    return found


def category_remarks(store: Store, new: Sequence[LeadRow]) -> list[str]:
    """How many of the new leads have no tag of a category that is mandatory."""
    remarks = []
    for category in tags.categories(store):
        if not category.mandatory:
            continue
        known = {fold(name) for name in category.tags}
        lacking = sum(not any(fold(name) in known for name in row.tags) for row in new)
        if lacking:
            remarks.append(
                ngettext(
                    "{n} lead has no {category}, which is mandatory",
                    "{n} leads have no {category}, which is mandatory",
                    lacking,
                ).format(n=f"{lacking:,}", category=category.name)
            )
    return remarks
