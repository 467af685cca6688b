"""Company, team and cohorts: what was created, won and lost, as tables with a bar of the money."""

from __future__ import annotations

from typing import Any

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.reports.types import Rate, Report
from tui_crm.core.text import _, ngettext
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import PageBuilder, Shown
from tui_crm.tui.widgets.charts.table import Bar, Col, Named, ledger, notes
from tui_crm.tui.widgets.lines import EMPTY, Line, cells, clip, columns, fixed, join, make

COLUMNS = (
    Col("created", 3),
    Col("won"),
    Col("won_amount", token="strong"),
    Col("average_won", 4),
    Col("lost", 7),
    Col("cancelled", 8, "dim"),
    Col("win_rate", 2),
    Col("cycle_median_days", 5),
)
FEW_WEEKS = 6  # a sparkline of fewer says nothing


def company(body: PageBuilder, shown: Shown) -> None:
    """The big figures, the table by period, the weeks as sparklines."""
    report = shown.report
    today = body.look.today
    big(body, report)
    body.spacer()
    many = figures.several_years(report.keys)

    def label(key: str, _values: dict[str, Any]) -> tuple[str, bool]:
        part = figures.period_of(key, today)
        running = part is not None and periods.running(part, today)
        return figures.row_label(key, today, many), running

    _closings(body, report, Named(_(report.filters.get("by") or "period"), label))
    notes(body, report)
    _sparks(body, shown.weeks)


def team(body: PageBuilder, shown: Shown) -> None:
    """The same figures by rep."""
    big(body, shown.report)
    body.spacer()
    _closings(
        body,
        shown.report,
        Named(_("rep"), lambda key, values: (figures.label_of(values["rep"] or key), False)),
    )
    notes(body, shown.report)


def _closings(body: PageBuilder, report: Report, named: Named) -> None:
    peak = max((row["won_amount"] for row in report.rows), default=0)
    bar = Bar(
        "won_amount",
        lambda values, width: bars.bar(values["won_amount"], peak, width, "won", rest=True),
        6,
    )
    ledger(body, report, named, COLUMNS, bar, total=_("sum"))


def big(body: PageBuilder, report: Report) -> None:
    """Won, average, win rate and cycle of the whole period, against the one before."""
    look, totals = body.look, report.totals
    before = report.before.totals if report.before is not None else None
    by_key = {column.key: column for column in report.columns}
    symbol = money.full(0, look.currency)[:-1]
    unpriced = totals["won_without_amount"]
    rate = totals["win_rate"]
    under = {
        "won_amount": ngettext("{n} lead", "{n} leads", totals["won"]).format(n=totals["won"]),
        "average_won": (
            _("of {n}, {without} without amount").format(
                n=totals["won"] - unpriced, without=unpriced
            )
            if unpriced
            else _("of {n} with amount").format(n=totals["won"])
        ),
        "win_rate": _("{parts} closed").format(parts=figures.of_parts(rate)),
        "cycle_median_days": _("median, won"),
    }
    names = {
        "won_amount": _("won"),
        "average_won": _("average won"),
        "win_rate": _("win rate"),
        "cycle_median_days": _("cycle"),
    }
    three = look.airy and look.wide
    each = min(body.width // 4, 26) if body.width >= 60 else body.width // 2
    blocks: list[list[Line]] = []
    for key, name in names.items():
        value, unit = totals[key], by_key[key].unit
        text = figures.said(value, unit, look.currency, full=unit == "days")
        if unit == "money" and value is not None:
            text = symbol + text
        figure = make((text, "strong"))
        parts = EMPTY
        if key == "win_rate" and not three and isinstance(value, Rate) and value.d:
            parts = make((figures.parts_of(value), "dim"))
        elif key == "cycle_median_days" and not three and value is not None:
            parts = make((_("median"), "dim"))
        change = figures.change(by_key[key], value, before[key]) if before else None
        delta = make(change) if change else EMPTY
        line = join((figure, delta), "  ") if three else join((figure, parts, delta), " ")
        if cells(line) > each - 1:
            line = join((figure, delta or parts), " ")
        block = [make((name, "dim")), fixed(line, each)]
        if three:
            block.append(clip(make((under[key], "dim")), each - 2))
        blocks.append(block)
    body.spacer()
    per_row = 4 if body.width >= 60 else 2
    for at in range(0, len(blocks), per_row):
        part = blocks[at : at + per_row]
        body.add(*columns(part, [each] * len(part)), optional=body.width < 60)


def _sparks(body: PageBuilder, weeks: Report | None) -> None:
    if weeks is None or len(weeks.rows) < FEW_WEEKS:
        return
    wide = body.look.wide
    label, most = (32, 40) if wide else (15, 34)
    lines = (
        ("won_amount", _("won per week"), "money", "won"),
        ("created", _("created per week") if wide else _("created"), "count", "dim"),
    )
    # A week to come is no week without a win.
    begun = [
        place
        for place, named in enumerate(weeks.keys)
        if (part := figures.period_of(named, body.look.today)) is None
        or part.first <= body.look.today
    ][-most:]
    for key, name, unit, token in lines:
        values = [weeks.rows[place][key] for place in begun]
        keys = [weeks.keys[place] for place in begun]
        if not values:
            continue
        peak = max(values)
        if not peak:
            continue
        week = figures.period_of(keys[values.index(peak)], body.look.today)
        day = figures.row_label(week.first.isoformat(), body.look.today)[4:] if week else ""
        said = figures.said(peak, unit, body.look.currency)
        if wide and key == "won_amount":
            name += _(", {n} weeks").format(n=len(values))
        body.spacer(optional=True)
        body.add(
            (
                *fixed(make((name, "dim")), label),
                *bars.spark(values, most, token),
                *make((f"  {_('peak {value}, {day}').format(value=said, day=day)}", "dim")),
            ),
            optional=True,
        )


def cohorts(body: PageBuilder, shown: Shown) -> None:
    """What became of the leads created in each part: won, still open, closed without a win."""
    report = shown.report
    today = body.look.today
    many = figures.several_years(report.keys)
    peak = max((row["created"] for row in report.rows), default=0)

    def draw(values: dict[str, Any], width: int) -> Line:
        parts = (
            (values["won"], "won"),
            (values["open"], "accent"),
            (values["lost"] + values["cancelled"], "dim"),
        )
        return bars.stacked(parts, peak, width, rest=False)

    ledger(
        body,
        report,
        Named(
            _("created in"),
            lambda key, values: (
                figures.row_label(key, today, many),
                bool(values["young"]) and bool(values["created"]),
            ),
        ),
        (
            Col("created", token="strong"),
            Col("won"),
            Col("open", 4),
            Col("lost", 5),
            Col("cancelled", 6, "dim"),
            Col("win_rate"),
        ),
        Bar("created", draw, 7),
        total=_("sum"),
    )
    heavy = glyphs.active().heavy * 2
    body.spacer()
    body.add(
        figures.legend(
            (heavy, "won", _("won")),
            (heavy, "accent", _("open")),
            (heavy, "dim", _("lost or cancelled")),
            ("~", "due", _("young")),
        )
    )
    notes(body, report)
