"""Out: leads, actions, prospects, clients and reports as CSV, XLSX or JSON.

`table` gives columns and rows as values; `export` writes them. Cells are made inert where a
spreadsheet would run them (`tui_crm.core.exchange.writers.formats`); a file is for its owner only,
and whole or not at all.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from tui_crm.core import money
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.gather import column_names
from tui_crm.core.exchange.writers import formats, json_shape
from tui_crm.core.exchange.writers.formats import Value
from tui_crm.core.leads import filter as lead_filter, views as lead_views
from tui_crm.core.leads.views import LeadView
from tui_crm.core.lists import lists
from tui_crm.core.session import Session
from tui_crm.core.text import _, fields, show

if TYPE_CHECKING:
    from tui_crm.core.reports.types import Report

WHAT = ("leads", "actions", "prospects", "clients")
FORMATS = ("csv", "xlsx", "json")

_CHUNK = 400
_MOST_LABELS = 300
"""Fields of leads that become columns of their own; what a file with more means is anybody's
guess, and the rest stays in ``description``."""

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
) -> Exported:
    """Write ``what`` (of `WHAT`) as ``form`` (of `FORMATS`) to a file, or give its bytes.

    ``query`` narrows leads and actions (`tui_crm.core.leads.filter`); ``list_name`` is the
    list of prospects. A file of that name is replaced once the new one is complete. Raises
    CrmError for an unknown word, a filter that is not understood, a list that does not exist,
    and when the file cannot be written."""
    if form not in FORMATS:
        raise CrmError(
            _("There is no format {format}.").format(format=show(form)),
            _("Use one of: {formats}.").format(formats=", ".join(FORMATS)),
        )
    if form == "json":
        objects = as_objects(session, what, query=query, list_name=list_name)
        return _put(path, lambda out: _json(objects, out))
    heads, rows = table(session, what, query=query, list_name=list_name)
    if path is not None:
        return Exported(formats.save(form, heads, rows, Path(path).expanduser()), None)
    packed = io.BytesIO()
    count = formats.write(form, heads, rows, packed)
    return Exported(count, packed.getvalue())


def table(
    session: Session, what: str, *, query: str = "", list_name: str | None = None
) -> tuple[Columns, Rows]:
    """The columns and rows of ``what``, for a sheet: one line each, amounts as decimals."""
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


def as_objects(
    session: Session, what: str, *, query: str = "", list_name: str | None = None
) -> Iterator[dict[str, Any]]:
    """The same for scripts: leads as ``show`` has them, everything else by column."""
    if what == "leads":
        return (json_shape.lead_json(view, session) for view in _views(session, query))
    heads, rows = table(session, what, query=query, list_name=list_name)
    return (dict(zip(heads, row, strict=True)) for row in rows)


def report_table(report: Report, currency: str) -> tuple[Columns, list[list[Value]]]:
    """A report as columns and rows, totals last. A rate is its value with numerator and
    denominator beside it; money is a decimal of the major unit."""
    heads: Columns = []
    for column in report.columns:
        heads.append(column.key)
        if column.unit in ("rate", "ratio"):
            heads += [f"{column.key}_n", f"{column.key}_d"]
    every = [*report.rows, report.totals] if report.totals else list(report.rows)
    return heads, [_report_row(report, row, currency) for row in every]


def _report_row(report: Report, row: dict[str, Any], currency: str) -> list[Value]:
    cells: list[Value] = []
    for column in report.columns:
        value = row.get(column.key)
        if column.unit in ("rate", "ratio"):
            cells += [None] * 3 if value is None else [value.value, value.n, value.d]
        elif column.unit == "money" and isinstance(value, int):
            cells.append(money.decimal(value, currency))
        else:
            cells.append(value)
    return cells


# -- JSON -----------------------------------------------------------------------------------------


def _json(objects: Iterable[dict[str, Any]], out: BinaryIO) -> int:
    count = 0
    out.write(b"[")
    for one in objects:
        out.write(b",\n" if count else b"\n")
        out.write(json.dumps(one, ensure_ascii=False, default=_plain).encode("utf-8"))
        count += 1
    out.write(b"\n]\n" if count else b"]\n")
    return count


def _plain(value: Any) -> Any:
    """Decimals as numbers, days and moments in ISO 8601."""
    if hasattr(value, "isoformat"):
        return json_shape.moment(value) if isinstance(value, datetime) else value.isoformat()
    return int(value) if value == value.to_integral_value() else float(value)


def _put(path: str | os.PathLike[str] | None, fill: Callable[[BinaryIO], int]) -> Exported:
    if path is None:
        packed = io.BytesIO()
        count = fill(packed)
        return Exported(count, packed.getvalue())
    target = Path(path).expanduser()
    part: str | None = None
    try:
        handle, part = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            count = fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
        part = None
        return Exported(count, None)
    except OSError as error:
        raise CrmError(
            _("{file} was not written: {reason}.").format(
                file=show(str(target)), reason=show(error.strerror or str(error))
            ),
            _("Choose another folder, or make room, and try again."),
        ) from None
    finally:
        if part is not None:
            os.unlink(part)


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


def _numbers(session: Session, query: str) -> Sequence[int]:
    found = lead_filter.listing(session, query)
    if found.filter.problems:
        raise CrmError(" ".join(found.filter.problems), _("Correct the filter and try again."))
    return found.numbers if query.strip() else sorted(found.numbers)


def _views(session: Session, query: str) -> Iterator[LeadView]:
    numbers = _numbers(session, query)
    for start in range(0, len(numbers), _CHUNK):
        yield from lead_views.by_numbers(session, list(numbers[start : start + _CHUNK]))


def _leads(session: Session, query: str) -> tuple[Columns, Rows]:
    numbers = _numbers(session, query)
    labels: dict[str, None] = {}
    for start in range(0, len(numbers), _CHUNK):
        part = list(numbers[start : start + _CHUNK])
        for (description,) in session.store.rows(
            "SELECT description FROM leads WHERE description <> ''"
            f" AND id IN ({', '.join('?' * len(part))}) ORDER BY id",
            part,
        ):
            if len(labels) < _MOST_LABELS:
                labels.update(dict.fromkeys(fields(description)))
    own = list(labels)[:_MOST_LABELS]
    heads = [*_LEAD, "description", *own]
    return list(column_names(heads, len(heads))), (
        _lead_row(view, session, own)
        for start in range(0, len(numbers), _CHUNK)
        for view in lead_views.by_numbers(session, list(numbers[start : start + _CHUNK]))
    )


def _lead_row(view: LeadView, session: Session, labels: Sequence[str]) -> list[Value]:
    has = view.fields
    wanted = set(labels)
    rest = [line for line in view.description.splitlines() if not (set(fields(line)) & wanted)]
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
        "; ".join(view.tags),
        view.client,
        "; ".join(p.name for p in people if p.name),
        "; ".join(p.role for p in people if p.role),
        "; ".join(point.value for p in people for point in p.phones),
        "; ".join(point.value for p in people for point in p.emails),
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
        "\n".join(rest).strip(),
        *(has.get(label) for label in labels),
    ]


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
    only = set(_numbers(session, query)) if query.strip() else None
    for r in session.store.each(
        "SELECT actions.at, users.name, actions.kind, outcomes.label, outcomes.lead_label,"
        " actions.prospect_id, actions.reached, actions.seconds, actions.lead_id, leads.title,"
        " lists.name, prospects.line, actions.number, reasons.label, actions.text FROM actions"
        " JOIN users ON users.id = actions.user_id"
        " LEFT JOIN outcomes ON outcomes.id = actions.outcome_id"
        " LEFT JOIN leads ON leads.id = actions.lead_id"
        " LEFT JOIN lists ON lists.id = actions.list_id"
        " LEFT JOIN prospects ON prospects.id = actions.prospect_id"
        " LEFT JOIN reasons ON reasons.id = actions.reason_id ORDER BY actions.at, actions.id"
    ):
        if only is not None and r[8] not in only:
            continue
        outcome = r[4] if r[5] is None and r[4] else r[3]
        yield [
            datetime.fromtimestamp(r[0], session.zone),
            r[1],
            r[2],
            outcome,
            bool(r[6]),
            json_shape.minutes(r[7]),
            r[8],
            r[9],
            r[10],
            r[11],
            r[12] or None,
            r[13],
            r[14],
        ]


_CLIENT = ("client", "leads", "open", "won", "won_amount", "created", "description")


def _clients(session: Session) -> Rows:
    for name, count, still, won, amount, at, description in session.store.each(
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
            int(still or 0),
            int(won or 0),
            money.decimal(int(amount or 0), session.currency),
            datetime.fromtimestamp(at, session.zone).date(),
            description,
        ]


# -- prospects ------------------------------------------------------------------------------------

_OURS = ("_line", "_state", "_tries", "_lead")


def _prospects(session: Session, list_name: str | None) -> tuple[Columns, Rows]:
    """The file's own columns, cell by cell as they came (or were corrected), and ours behind."""
    if not list_name:
        raise CrmError(_("Say which list."), _("See them with: tui-crm lists"))
    info = lists.find(session, list_name)
    heads = [column.name for column in info.columns]
    return [*heads, *_OURS], _prospect_rows(session, info.id, len(heads))


def _prospect_rows(session: Session, list_id: int, width: int) -> Rows:
    for cells, line, state, tries, lead in session.store.each(
        "SELECT cells, line, state, tries, lead_id FROM prospects WHERE list_id = ?"
        " ORDER BY line, id",
        (list_id,),
    ):
        own = [str(cell) for cell in json.loads(cells or "[]")][:width]
        # A list that got columns later: rows from before have nothing in them.
        yield [*own, *[""] * (width - len(own)), line, state, tries, lead]
