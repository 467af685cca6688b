"""Reports as files: all tables of one as CSV, XLSX or Markdown, and the JSON object that scripts
read."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from tui_crm.core import money
from tui_crm.core.exchange.writers import formats
from tui_crm.core.exchange.writers.formats import Sheet
from tui_crm.core.reports import Filters
from tui_crm.core.reports.types import Column, Report, Row
from tui_crm.core.session import Session
from tui_crm.core.text import _

NOTHING = "–"
RATES = ("rate", "ratio", "change")
"""The units of values that have a numerator and a denominator."""


def write(session: Session, report: Report, form: str, out: BinaryIO) -> int:
    """Write all tables of a report as ``form`` (csv, csv-bom, xlsx, md or json); how many rows
    there were, totals included."""
    if form == "json":
        whole = json.dumps(
            as_json(session, report), ensure_ascii=False, indent=2, default=formats.as_text
        )
        out.write((whole + "\n").encode("utf-8"))
        return sum(len(table.rows) for _name, table in tables(report))
    if form == formats.CSV_WITH_BOM:
        out.write(codecs.BOM_UTF8)
        form = "csv"
    return formats.write_tables(form, sheets(session, report, form), out)


def sheets(session: Session, report: Report, form: str) -> list[Sheet]:
    """The tables of a report as sheets of a file."""
    return [_sheet(session, name, table, form) for name, table in tables(report)]


def as_json(session: Session, report: Report, explain: bool = False) -> dict[str, Any]:
    """The JSON object of a report: ``columns``, ``rows`` and ``totals`` are of its first table,
    ``tables`` has all of them. Only on request: ``compared`` (the period before), and with
    ``explain`` the ``formulas`` of each table."""
    whole: dict[str, Any] = {
        "report": report.name,
        "period": report.period.label,
        "filters": _json_filters(report.filters),
        "columns": [{"key": c.key, "label": c.label, "unit": c.unit} for c in report.columns],
        "rows": [_json_row(session, report, row) for row in report.rows],
        "totals": _json_row(session, report, report.totals),
        "notes": list(report.notes),
    }
    if report.before is not None:
        whole["compared"] = as_json(session, report.before)
    if explain:
        whole["formulas"] = dict(report.formulas)
    parts = ("columns", "rows", "totals", "notes", "formulas")
    tables = [
        {
            "name": report.table or report.name,
            **{part: whole[part] for part in parts if part in whole},
        }
    ]
    for table in report.more:
        tables += as_json(session, table, explain)["tables"]
    whole["tables"] = tables
    return whole


def _json_filters(filters: Filters) -> dict[str, Any]:
    return {
        "rep": list(filters.rep),
        "team": list(filters.team),
        "tag": list(filters.tag),
        "pipeline": filters.pipeline or None,
        "list": filters.list_name or None,
        "by": filters.by,
        "as_of": filters.as_of or None,
    }


def _json_row(session: Session, report: Report, row: Row) -> dict[str, Any]:
    return {
        c.key: _jsonvalue_of(session, unit_of(c, row), value_of(session, c, row))
        for c in report.columns
    }


def unit_of(column: Column, row: Row) -> str:
    """The unit of a value: that of a goal is money in the row of an amount, else a count."""
    if column.unit == "goal":
        return "money" if row.get("goal", row.get("kind")) == "amount" else "count"
    return column.unit


def value_of(session: Session, column: Column, row: Row) -> Any:
    """A value of a row; the parts of a rate of money (a goal's, a growth) in the major unit, not in
    cents."""
    value = row.get(column.key)
    of_money = column.unit == "change" or (column.unit == "rate" and row.get("goal") == "amount")
    if value is None or not of_money:
        return value
    n, d = (money.number(part, session.currency) for part in (value.n, value.d))
    return replace(value, n=n, d=d)


def _jsonvalue_of(session: Session, unit: str, value: Any) -> Any:
    if value is None:
        return None
    if unit in RATES:
        return {"n": value.n, "d": value.d, "value": value.value}
    if unit == "money":
        return money.number(int(value), session.currency)
    if unit == "reasons":
        return [{"text": reason.text, "n": reason.n, "d": reason.d} for reason in value]
    return value


def tables(report: Report) -> Iterator[tuple[str, Report]]:
    """The tables of a report, those of the period that it is compared with too, each with a name:
    ``Activity``, ``Activity 2``, ``Activity 2026-10``."""
    for number, table in enumerate(report.parts, 1):
        yield report.title if number == 1 else f"{report.title} {number}", table
    if report.before is not None:
        for name, before in tables(report.before):
            yield f"{name} {report.before.period.label}", before


def _sheet(session: Session, name: str, report: Report, kind: str) -> Sheet:
    """The rows of a table and its totals, as a file has them."""
    heads: list[str] = []
    for c in report.columns:
        heads.append(c.label if kind == "md" else c.key)
        if c.unit in RATES and kind != "md":
            heads += [f"{c.key}_n", f"{c.key}_d"]
    rows = [
        _cells(session, report, key, row, kind)
        for key, row in zip(report.keys, report.rows, strict=True)
    ]
    if report.rows:
        total = _cells(session, report, "total", report.totals, kind)
        total[0] = _("total")
        rows.append(total)
    return Sheet(name, heads, rows)


def _cells(session: Session, report: Report, key: str, row: Row, kind: str) -> list[Any]:
    cells: list[Any] = []
    for c in report.columns:
        value, unit = value_of(session, c, row), unit_of(c, row)
        if kind == "md":
            small = "~" if (key, c.key) in report.small else ""
            cells.append(text_of(session, unit, value) + small)
        elif unit in RATES:
            cells += [None, None, None] if value is None else [value.value, value.n, value.d]
        elif unit == "money" and value is not None:
            cells.append(money.decimal(int(value), session.currency))
        elif unit == "reasons" and value is not None:
            cells.append(text_of(session, unit, value))
        else:
            cells.append(value)
    return cells


def text_of(session: Session, unit: str, value: Any) -> str:
    """A value as people read it."""
    if value is None or (unit in RATES and value.value is None):
        return NOTHING
    if unit == "rate":
        return f"{value.value * 100:.0f}% {value.n:,}/{value.d:,}"
    if unit == "ratio":
        return number(value.value)
    if unit == "change":
        return f"{value.value:+.0%}"
    if unit == "money":
        return money.full(int(value), session.currency)
    if unit == "percent":
        return f"{number(value)}%"
    if unit == "moment":
        return f"{value:%Y-%m-%d %H:%M}"
    if unit == "lead":
        return f"#{value}"
    if unit == "chance":
        return f"{value:.0%}"
    if unit == "fraction":
        return f"{value:.3f}"
    if unit == "reasons":
        return "; ".join(f"{'+' if one.raises else '-'} {one.text}" for one in value) or NOTHING
    if unit == "flag":
        return _("yes") if value else ""
    if isinstance(value, int):
        return f"{value:,}"
    return number(value) if isinstance(value, float) else str(value)


def number(value: float) -> str:
    """A number with one decimal where it has one."""
    return f"{value:.1f}".removesuffix(".0")
