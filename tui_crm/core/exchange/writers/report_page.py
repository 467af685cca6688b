"""A report as one page of HTML to hand round: its figures, tables and bars without a script, styled
in the page itself, fit to be printed. Every text in it is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any, BinaryIO

from tui_crm.core.exchange.writers.formats import as_text
from tui_crm.core.exchange.writers.reports import RATES, tables, text_of, unit_of, value_of
from tui_crm.core.reports.types import TOTAL, Column, Report, Row
from tui_crm.core.session import Session
from tui_crm.core.text import _

_STYLE = """
:root { color-scheme: light; --ink: #1c1c22; --quiet: #6b6b76; --line: #dcdce3; --bar: #5b2fc4; }
* { box-sizing: border-box; }
body { font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  color: var(--ink); background: #fff; max-width: 72rem; margin: 2rem auto; padding: 0 1.5rem; }
header { border-bottom: 2px solid var(--ink); margin-bottom: 1.2rem; padding-bottom: .4rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 .4rem; }
header p, .notes, dl { color: var(--quiet); margin: .2rem 0; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 1.6rem; }
section { min-width: 0; break-inside: auto; }
section.wide { grid-column: 1 / -1; }
.tiles { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .8rem 2.6rem; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; }
.tile span { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .18rem .6rem .18rem 0; border-bottom: 1px solid var(--line);
  vertical-align: baseline; overflow-wrap: anywhere; }
th { color: var(--quiet); font-weight: 500; }
.n { text-align: right; white-space: nowrap; overflow-wrap: normal; }
tfoot td { font-weight: 600; border-bottom: 0; border-top: 1px solid var(--ink); }
td.b { width: 22%; min-width: 5rem; }
.bar { display: flex; height: .75rem; }
.bar i { display: block; background: var(--bar); border-right: 1px solid #fff; }
.days { display: flex; align-items: flex-end; height: 7rem; border-bottom: 1px solid var(--ink); }
.days div { flex: 1 1 0; height: 100%; position: relative; min-width: 0; }
.days i { position: absolute; bottom: 0; left: 0; right: 0; background: var(--bar); }
.days s { position: absolute; left: 0; right: 0; border-top: 2px solid var(--quiet); }
dl { font-size: .85rem; } dt { font-weight: 600; } dd { margin: 0 0 .2rem; }
footer { margin-top: 1.6rem; border-top: 1px solid var(--line); padding-top: .5rem; }
@page { margin: 14mm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 10.5px; }
  tr, .tile, .days { break-inside: avoid; } h2 { break-after: avoid; }
  thead { display: table-header-group; } .scroll { overflow: visible; }
  .bar i, .days i { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
_SHADES = (1.0, 0.8, 0.62, 0.48, 0.36, 0.26, 0.18, 0.12)
"""How strong each step of a stacked bar is drawn; the last one for all that follow."""


def write(session: Session, report: Report, out: BinaryIO) -> int:
    """Write a report as a page of HTML; how many rows of its tables are in it."""
    page = _Page(session, report)
    out.write(page.html().encode("utf-8"))
    return sum(len(table.rows) for _name, table in tables(report))


def _text(words: object) -> str:
    """Words of anybody's as text of a page: cleaned as they leave the store, and escaped."""
    return escape(as_text(str(words)))


class _Page:
    """The page of a report."""

    def __init__(self, session: Session, report: Report) -> None:
        self.session, self.report = session, report

    def html(self) -> str:
        report = self.report
        language = _text(self.session.house.language or "en")
        title = _text(f"{report.title}, {report.period.label}")
        return "\n".join(
            (
                "<!DOCTYPE html>",
                f'<html lang="{language}">',
                '<head><meta charset="utf-8">',
                '<meta http-equiv="Content-Security-Policy"'
                " content=\"default-src 'none'; style-src 'unsafe-inline'\">",
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                f"<title>{title}</title>",
                f"<style>{_STYLE}</style></head>",
                "<body>",
                f"<header><h1>{_text(report.title)}</h1><p>{self._about()}</p></header>",
                "<main>",
                *self._main(),
                "</main>",
                f"<footer>{self._notes()}{self._formulas()}</footer>",
                "</body></html>\n",
            )
        )

    def _about(self) -> str:
        """The period, the filters and the day that the figures stand on."""
        filters, report = self.report.filters, self.report
        label = report.period.label
        days = f"{report.period.first.isoformat()}..{report.period.last.isoformat()}"
        parts = [label if label in (days, report.period.first.isoformat()) else f"{label} ({days})"]
        for name, words in (
            (_("rep"), filters.rep),
            (_("team"), filters.team),
            (_("tag"), filters.tag),
            (_("pipeline"), (filters.pipeline,)),
            (_("list"), (filters.list_name,)),
        ):
            named = ", ".join(word for word in words if word)
            parts += [f"{name}: {named}"] if named else []
        if filters.as_of:
            parts.append(_("as of {day}").format(day=filters.as_of))
        else:
            parts.append(_("made on {day}").format(day=self.session.today.isoformat()))
        return _text(" · ".join(parts))

    def _main(self) -> Iterator[str]:
        is_dashboard = self.report.name == "dashboard"
        for name, table in tables(self.report):
            if is_dashboard and table.table in ("open", "won"):
                continue  # the headline figures have them
            if is_dashboard and not table.table:
                yield from self._tiles(table)
            elif table.table == "running":
                yield from self._days(table)
            elif table.table == "open_by_rep":
                yield from self._section(name, table, self._by_step(table))
            else:
                yield from self._section(name, table, self._table(table))

    def _section(self, name: str, table: Report, body: Iterable[str]) -> Iterator[str]:
        is_wide = len(table.columns) > 4 or table.table == "open_by_rep"
        wide = ' class="wide"' if is_wide else ""
        titles = {
            "by_month": _("Won by month"),
            "open_by_rep": _("Open by rep and step"),
            "funnel": _("Open by step"),
            "reasons": _("Reasons for losing"),
            "by_rep": _("By rep"),
            "by_kind": _("By kind"),
            "by_channel": _("By channel"),
            "first_contact": _("By first contact"),
            "cold_warm": _("Cold and warm calls"),
        }
        yield f"<section{wide}><h2>{_text(titles.get(table.table, name))}</h2>"
        if table.rows:
            yield from body
        else:
            yield f'<p class="notes">{_text(_("Nothing in this period."))}</p>'
        yield "</section>"

    # -- tables ------------------------------------------------------------------------------------

    def _value(self, table: Report, key: str, row: Row, column: Column) -> str:
        unit = unit_of(column, row)
        words = text_of(self.session, unit, value_of(self.session, column, row))
        return _text(words + ("~" if (key, column.key) in table.small else ""))

    def _table(self, table: Report) -> Iterator[str]:
        drawn = _drawn(table.columns)
        peak = max((_size(row, drawn) for row in table.rows), default=0)
        heads = "".join(
            f'<th scope="col"{_right(c)}>{_text(c.label)}</th>{"<th></th>" if c is drawn else ""}'
            for c in table.columns
        )
        yield f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>'
        for key, row in zip(table.keys, table.rows, strict=True):
            cells = []
            for c in table.columns:
                cells.append(f"<td{_right(c)}>{self._value(table, key, row, c)}</td>")
                if c is drawn:
                    cells.append(f'<td class="b">{_bar([(_size(row, drawn), 1.0)], peak)}</td>')
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</tbody><tfoot><tr>"
        for place, c in enumerate(table.columns):
            value = _text(_("total"))
            if place:
                value = self._value(table, TOTAL, table.totals, c)
            yield f"<td{_right(c)}>{value}</td>{'<td></td>' if c is drawn else ''}"
        yield "</tr></tfoot></table></div>"

    def _tiles(self, table: Report) -> Iterator[str]:
        """The headline figures, large."""
        yield '<div class="tiles">'
        for c in table.columns:
            value = self._value(table, TOTAL, table.totals, c)
            yield f'<div class="tile"><b>{value}</b><span>{_text(_tile_label(c))}</span></div>'
        yield "</div>"

    def _by_step(self, table: Report) -> Iterator[str]:
        """A row for each rep, with a bar in parts by step, and its leads and money on each step."""
        funnel = next((part.rows for part in self.report.parts if part.table == "funnel"), ())
        steps = list(dict.fromkeys(str(row["step"]) for row in (*funnel, *table.rows)))
        shades = {step: _SHADES[min(n, len(_SHADES) - 1)] for n, step in enumerate(steps)}
        reps = [(rep, list(rows)) for rep, rows in groupby(table.rows, lambda row: row["rep"])]
        peak = max((sum(row["leads"] for row in rows) for _rep, rows in reps), default=0)
        leads, amount = (c for c in table.columns if c.key in ("leads", "amount"))
        heads = "".join(f'<th scope="col" class="n">{_text(step)}</th>' for step in steps)
        yield (
            f'<div class="scroll"><table><thead><tr><th scope="col">{_text(_("rep"))}</th><th></th>'
            f'{heads}<th scope="col" class="n">{_text(_("total"))}</th></tr></thead><tbody>'
        )
        for rep, rows in reps:
            on = {str(row["step"]): row for row in rows}
            parts = [(on[step]["leads"], shades[step]) for step in steps if step in on]
            cells = [
                self._both(table, on[step], leads, amount) if step in on else "" for step in steps
            ]
            whole = {"leads": sum(row["leads"] for row in rows)}
            whole["amount"] = sum(row["amount"] or 0 for row in rows)
            cells.append(self._both(table, whole, leads, amount))
            yield (
                f'<tr><td>{_text(rep)}</td><td class="b">{_bar(parts, peak)}</td>'
                + "".join(f'<td class="n">{cell}</td>' for cell in cells)
                + "</tr>"
            )
        yield "</tbody></table></div>"

    def _both(self, table: Report, row: Row, leads: Column, amount: Column) -> str:
        count, money = (self._value(table, "", row, column) for column in (leads, amount))
        return f"{count}<br>{money}"

    # -- running totals ----------------------------------------------------------------------------

    def _days(self, table: Report) -> Iterator[str]:
        """The running totals of each goal: a column a day, and the line of the goal across."""
        columns = {column.key: column for column in table.columns}
        for (who, kind, period), group in groupby(
            table.rows, lambda row: (row["who"], row["kind"], row["period"])
        ):
            rows = list(group)
            if len(rows) < 2:
                continue
            peak = max(max(row["done"] or 0, row["line"] or 0) for row in rows) or 1
            last = next((row for row in reversed(rows) if row["done"] is not None), rows[0])
            done = self._value(table, "", last, columns["done"])
            yield f"<section><h2>{_text(f'{who}: {kind}, {period}')}, {done}</h2>"
            yield '<div class="days">'
            for row in rows:
                bar = f'<i style="height:{_percent(row["done"] or 0, peak)}"></i>'
                if row["line"] is not None:
                    bar += f'<s style="bottom:{_percent(row["line"], peak)}"></s>'
                yield f"<div>{bar}</div>"
            first, end = _text(rows[0]["day"]), _text(rows[-1]["day"])
            yield f'</div><p class="notes">{first} – {end}</p></section>'

    # -- what stands below -------------------------------------------------------------------------

    def _notes(self) -> str:
        notes = dict.fromkeys(n for _name, table in tables(self.report) for n in table.notes)
        return "".join(f'<p class="notes">{_text(note)}</p>' for note in notes)

    def _formulas(self) -> str:
        """How each figure is made, once for each label."""
        found: dict[tuple[str, str], None] = {}
        for table in self.report.parts:
            for c in table.columns:
                if formula := table.formulas.get(c.key):
                    found[c.label, formula] = None
        pairs = "".join(f"<dt>{_text(label)}</dt><dd>{_text(f)}</dd>" for label, f in found)
        return f"<dl>{pairs}</dl>" if pairs else ""


def _tile_label(column: Column) -> str:
    return {
        "leads": _("open leads"),
        "amount": _("open amount"),
        "weighted_amount": _("weighted"),
        "won": _("won"),
        "won_amount": _("won amount"),
        "average_won": _("average won"),
        "win_rate": _("win rate"),
    }.get(column.key, column.label)


def _right(column: Column) -> str:
    return "" if column.unit in ("text", "reasons", "flag", "moment") else ' class="n"'


def _drawn(columns: Sequence[Column]) -> Column | None:
    """The column that a table draws as bars: its first of money, else its first count or rate."""
    for units in (("money",), ("count",), RATES):
        if found := next((c for c in columns if c.unit in units), None):
            return found
    return None


def _size(row: Row, column: Column | None) -> float:
    """How long the bar of a row is, in its unit; nothing for what is not known or below 0."""
    value: Any = row.get(column.key) if column is not None else None
    if column is not None and column.unit in RATES and value is not None:
        value = value.value
    return max(float(value or 0), 0.0)


def _bar(parts: Sequence[tuple[float, float]], peak: float) -> str:
    """A bar of parts, each with its size and how strong it is drawn, against the longest one."""
    if not peak:
        return ""
    drawn = "".join(
        f'<i style="width:{_percent(size, peak)};opacity:{shade}"></i>'
        for size, shade in parts
        if size
    )
    return f'<div class="bar">{drawn}</div>'


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}%"
