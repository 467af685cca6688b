"""Exports: leads, actions, prospects and clients as CSV, XLSX or JSON.

`table` gives columns and rows as values, `export` writes them. Cells that a spreadsheet would run
are escaped (`tui_crm.core.exchange.writers.formats`).
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from tui_crm.core import files, money
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.gather import column_names
from tui_crm.core.exchange.writers import formats
from tui_crm.core.exchange.writers.formats import TABLES, Value
from tui_crm.core.exchange.writers.json_shape import lead_json, minutes
from tui_crm.core.leads import board, filter as lead_filter, views as lead_views
from tui_crm.core.leads.filter import Listing
from tui_crm.core.leads.views import LeadView
from tui_crm.core.lists import lists
from tui_crm.core.session import Session
from tui_crm.core.text import _, fields, show, split_fields

WHAT = ("leads", "actions", "prospects", "clients")

_CHUNK = 400  # leads read at once
_MOST_LABELS = 300
"""Fields of leads that become columns of their own; those beyond it stay in ``description``."""

Columns = list[str]
Rows = Iterator[Sequence[Value]]


@dataclass(frozen=True)
class Exported:
    """What was written: how many rows, and the bytes (None when they went to a file)."""

    rows: int
    data: bytes | None


def export(
    session: Session,
    what: str,
    form: str = "csv",
    path: str | os.PathLike[str] | None = None,
    *,
    query: str = "",
    list_name: str | None = None,
    replace: bool = True,
) -> Exported:
    """Write ``what`` (of `WHAT`) as ``form`` (of `formats.TABLES`) to a file, or return its bytes.

    ``query`` narrows leads and actions (`tui_crm.core.leads.filter`), and its ``group:`` and
    ``columns:`` arrange leads (JSON has every key all the same); ``list_name`` is the
    list of prospects. A file of that name is replaced once the new one is complete (without
    ``replace``, as `files.save` says). Raises
    CrmError for an unknown word, a filter that is not understood, a list that does not exist,
    and when the file cannot be written."""
    if form not in (*TABLES, formats.CSV_WITH_BOM):
        raise CrmError(
            _("There is no format {format}.").format(format=show(form)),
            _("Use one of: {formats}.").format(formats=", ".join(TABLES)),
        )
    fill = _writer(session, what, form, query, list_name)
    if path is not None:
        return Exported(files.save(path, fill, replace=replace), None)
    out = io.BytesIO()
    count = fill(out)
    return Exported(count, out.getvalue())


def _writer(
    session: Session, what: str, form: str, query: str, list_name: str | None
) -> Callable[[BinaryIO], int]:
    """What writes the rows to a file. Scripts read leads as ``show`` prints them, everything else
    by column."""
    if form == "json" and what == "leads":
        objects = lead_objects(session, _listing(session, query), ordered=bool(query.strip()))
        return lambda out: formats.write_json(objects, out)
    heads, rows = table(session, what, query=query, list_name=list_name)
    return lambda out: formats.write(form, heads, rows, out)


def table(
    session: Session, what: str, *, query: str = "", list_name: str | None = None
) -> tuple[Columns, Rows]:
    """The columns and rows of ``what``, for a sheet: one line each, amounts as decimals of the
    major unit."""
    if what == "leads":
        return _leads(session, query)
    if what == "prospects":
        return _prospects(session, list_name)
    if what == "actions":
        return list(_ACTION), _actions(session, query)
    if what == "clients":
        return list(_CLIENT), _clients(session)
    raise CrmError(
        _("{what} cannot be exported.").format(what=show(what)),
        _("Use one of: {names}.").format(names=", ".join(WHAT)),
    )


# -- leads ----------------------------------------------------------------------------------------

_LEAD = (
    "number",
    "title",
    "status",
    "pipeline",
    "step",
    "amount",
    "currency",
    "probability",
    "expected_close",
    "owner",
    "starred",
    "priority",
    "tags",
    "client",
    "contact",
    "role",
    "phone",
    "email",
    "next",
    "next_minutes",
    "next_kind",
    "next_text",
    "created",
    "closed",
    "reason",
    "source",
    "list",
)


_CHOSEN = {
    "percent": ("probability",),
    "close": ("expected_close",),
    "words": ("next_text",),
    "next": ("next", "next_minutes", "next_kind"),
}
"""What a column of a list of leads is called in an export, where not the same."""


def _listing(session: Session, query: str) -> Listing:
    found = lead_filter.listing(session, query)
    if found.filter.problems:
        raise CrmError(" ".join(found.filter.problems), _("Correct the filter and try again."))
    return found


def arranges(session: Session, query: str) -> str:
    """Which word of a filter line arranges the leads beyond their order: ``columns``, ``group``,
    or none."""
    parsed = lead_filter.parse(session, query)
    return "columns" if parsed.columns else "group" if parsed.group else ""


def _views(
    session: Session, found: Listing, ordered: bool
) -> Iterator[tuple[dict[str, str], LeadView]]:
    """The leads of a listing, each with its group where the filter line makes groups."""
    by = found.filter.group
    parts: list[tuple[str, Sequence[int]]] = [
        ("", found.numbers if ordered else sorted(found.numbers))
    ]
    if by:
        parts = [(part.name, part.numbers) for part in board.groups(session, found)]
    for name, numbers in parts:
        of = {"group": name} if by else {}
        for chunk in _chunks(numbers):
            for view in lead_views.by_numbers(session, chunk):
                yield of, view


def lead_objects(
    session: Session, found: Listing, ordered: bool = True
) -> Iterator[dict[str, object]]:
    """The object of each lead as ``show`` prints it; with ``group:`` in the filter line in the
    order of the groups, and its ``group`` before the rest."""
    for of, view in _views(session, found, ordered):
        yield {**of, **lead_json(view, session)}


def _chunks(numbers: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), _CHUNK):
        yield list(numbers[start : start + _CHUNK])


def _leads(session: Session, query: str) -> tuple[Columns, Rows]:
    found = _listing(session, query)
    views = _views(session, found, ordered=bool(query.strip()))
    if found.filter.columns:
        return _chosen(session, found, views)
    labels: dict[str, None] = {}
    for part in _chunks(found.numbers):
        for (description,) in session.store.rows(
            "SELECT description FROM leads WHERE description <> ''"
            f" AND id IN ({', '.join('?' * len(part))}) ORDER BY id",
            part,
        ):
            if len(labels) < _MOST_LABELS:
                labels.update(dict.fromkeys(fields(description)))
    own = list(labels)[:_MOST_LABELS]
    heads = [*(("group",) if found.filter.group else ()), *_LEAD, "description", *own]
    return list(column_names(heads, len(heads))), (
        [*of.values(), *_lead_row(view, session, own)] for of, view in views
    )


def _chosen(
    session: Session, found: Listing, views: Iterator[tuple[dict[str, str], LeadView]]
) -> tuple[Columns, Rows]:
    """The columns that ``columns:`` in the filter line names, behind number and title."""
    chosen = [head for name in found.filter.columns for head in _CHOSEN.get(name, (name,))]

    def row(of: dict[str, str], view: LeadView) -> list[Value]:
        cells: dict[str, Value] = dict(zip(_LEAD, _lead_row(view, session, ()), strict=False))
        cells |= {"contacted": view.contacted, "age": view.age, "idle": view.idle}
        return [*of.values(), view.number, view.title, *(cells[name] for name in chosen)]

    heads = [*(("group",) if found.filter.group else ()), "number", "title", *chosen]
    return heads, (row(of, view) for of, view in views)


def _lead_row(view: LeadView, session: Session, labels: Sequence[str]) -> list[Value]:
    has, rest = split_fields(view.description, set(labels))
    people, following = view.people, view.next
    return [
        view.number,
        view.title,
        view.status,
        view.pipeline,
        view.step,
        None if view.amount is None else money.decimal(view.amount, session.currency),
        session.currency,
        view.probability,
        view.expected_close,
        view.owner,
        view.starred,
        view.priority,
        "; ".join(view.tags),
        view.client,
        # Of several people each has a line in every cell, so that they can be read back.
        "\n".join(p.name for p in people),
        _lines(p.role for p in people),
        _lines("; ".join(point.value for point in p.phones) for p in people),
        _lines("; ".join(point.value for point in p.emails) for p in people),
        *(
            (following.at or following.day, following.minutes, following.kind, following.text)
            if following
            else (None,) * 4
        ),
        view.created,
        view.closed,
        view.reason,
        view.source,
        view.list,
        rest,
        *(has.get(label) for label in labels),
    ]


def _lines(cells: Iterable[str]) -> str:
    """A line for each of several people, nothing where none of them has anything."""
    text = "\n".join(cells)
    return text if text.strip() else ""


# -- actions, clients -----------------------------------------------------------------------------

_ACTION = (
    "at",
    "by",
    "kind",
    "outcome",
    "reached",
    "minutes",
    "lead",
    "title",
    "list",
    "line",
    "number",
    "reason",
    "text",
)


def _actions(session: Session, query: str) -> Rows:
    only = set(_listing(session, query).numbers) if query.strip() else None
    found = session.store.each(
        "SELECT actions.at, users.name, actions.kind, CASE WHEN actions.prospect_id IS NULL"
        " AND outcomes.lead_label <> '' THEN outcomes.lead_label ELSE outcomes.label END,"
        " actions.reached, actions.seconds, actions.lead_id, leads.title,"
        " lists.name, prospects.line, actions.number, reasons.label, actions.text FROM actions"
        " JOIN users ON users.id = actions.user_id"
        " LEFT JOIN outcomes ON outcomes.id = actions.outcome_id"
        " LEFT JOIN leads ON leads.id = actions.lead_id"
        " LEFT JOIN lists ON lists.id = actions.list_id"
        " LEFT JOIN prospects ON prospects.id = actions.prospect_id"
        " LEFT JOIN reasons ON reasons.id = actions.reason_id ORDER BY actions.at, actions.id"
    )
    for row in found:
        at, by, kind, outcome, reached, seconds, lead, title, list_name, *rest = row
        line, number, reason, text = rest
        if only is not None and lead not in only:
            continue
        yield [
            datetime.fromtimestamp(at, session.zone),
            by,
            kind,
            outcome,
            bool(reached),
            minutes(seconds),
            lead,
            title,
            list_name,
            line,
            number or None,
            reason,
            text,
        ]


_CLIENT = ("client", "leads", "open", "won", "won_amount", "created", "description")


def _clients(session: Session) -> Rows:
    for name, count, open_leads, won, amount, at, description in session.store.each(
        "SELECT clients.name, COUNT(leads.id),"
        " SUM(CASE WHEN leads.status = 'open' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN leads.status = 'won' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN leads.status = 'won' THEN leads.amount END), clients.created_at,"
        " clients.description FROM clients LEFT JOIN leads ON leads.client_id = clients.id"
        " GROUP BY clients.id, clients.name, clients.created_at, clients.description"
        " ORDER BY clients.id"
    ):
        yield [
            name,
            int(count),
            int(open_leads or 0),
            int(won or 0),
            money.decimal(int(amount or 0), session.currency),
            datetime.fromtimestamp(at, session.zone).date(),
            description,
        ]


# -- prospects ------------------------------------------------------------------------------------

_OWN_COLUMNS = ("_line", "_state", "_tries", "_lead")


def _prospects(session: Session, list_name: str | None) -> tuple[Columns, Rows]:
    """The columns of the file with the cells as they are now, and behind them ``_OWN_COLUMNS``."""
    if not list_name:
        raise CrmError(_("Say which list."), _("See them with: tui-crm lists"))
    info = lists.find(session, list_name)
    heads = [column.name for column in info.columns]
    return [*heads, *_OWN_COLUMNS], _prospect_rows(session, info.id, len(heads))


def _prospect_rows(session: Session, list_id: int, width: int) -> Rows:
    for cells, line, state, tries, lead in session.store.each(
        "SELECT cells, line, state, tries, lead_id FROM prospects WHERE list_id = ?"
        " ORDER BY line, id",
        (list_id,),
    ):
        own = [str(cell) for cell in json.loads(cells or "[]")][:width]
        # A list that got columns later: rows from before have nothing in them.
        yield [*own, *[""] * (width - len(own)), line, state, tries, lead]
