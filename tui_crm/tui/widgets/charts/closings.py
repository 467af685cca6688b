"""Company and Team: what was created, won and lost, as a table with a bar of the money won."""

from __future__ import annotations

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.reports import Rate, Report
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import (
    FigureColumn,
    Label,
    LabelColumn,
    Ledger,
    bar_of,
    label_of,
    notes,
)
from tui_crm.tui.widgets.charts.page import ChartData, PageBuilder
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    beside,
    cells,
    clip,
    columns,
    fixed,
    join,
    make,
)

COLUMNS = (
    FigureColumn("created", drop=3),
    FigureColumn("won"),
    FigureColumn("won_amount", token="strong"),
    FigureColumn("average_won", drop=4),
    FigureColumn("lost", drop=7),
    FigureColumn("cancelled", drop=8, token="dim"),
    FigureColumn("win_rate", drop=2),
    FigureColumn("cycle_median_days", drop=5),
    FigureColumn("growth", drop=10),
    FigureColumn("created_amount", drop=11),
)
FEW_WEEKS = 6  # below so many weeks there is no sparkline


def company(page: PageBuilder, data: ChartData) -> None:
    """The big figures, the table by period, the weeks as sparklines."""
    report, today = data.report, page.context.today
    several = figures.several_years(report.keys)

    def label(key: str, _values: Row) -> Label:
        part = figures.period_of(key, today)
        running = part is not None and periods.running(part, today)
        return Label(figures.row_label(key, today, several), marked=running)

    _closings(page, report, LabelColumn(_(report.filters.by or "period"), label))
    _sparks(page, data.weeks)


def team(page: PageBuilder, data: ChartData) -> None:
    """The big figures, the table by rep."""
    _closings(page, data.report, label_of("rep", _("rep")))


def _closings(page: PageBuilder, report: Report, label: LabelColumn) -> None:
    _big_figures(page, report)
    page.spacer()
    bar = bar_of(report, "won_amount", "won")
    Ledger(page, report, label, COLUMNS, bar).draw(total=_("sum"))
    notes(page, report)


def _big_figures(page: PageBuilder, report: Report) -> None:
    """Won, average, win rate and cycle of the whole period, against the one before."""
    context, totals = page.context, report.totals
    before = report.before.totals if report.before is not None else None
    by_key = {column.key: column for column in report.columns}
    symbol = money.full(0, context.currency)[:-1]
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
        "win_rate": _("{parts} closed").format(parts=figures.fraction_words(rate)),
        "cycle_median_days": _("median, won"),
    }
    names = {
        "won_amount": _("won"),
        "average_won": _("average won"),
        "win_rate": _("win rate"),
        "cycle_median_days": _("cycle"),
    }
    three = context.airy and context.wide
    each = min(page.width // 4, 26) if page.width >= 60 else page.width // 2
    blocks: list[list[Line]] = []
    for key, name in names.items():
        value, unit = totals[key], by_key[key].unit
        text = figures.format_value(value, unit, context.currency, full=unit == "days")
        if unit == "money" and value is not None:
            text = symbol + text
        figure = make((text, "strong"))
        parts = EMPTY
        if key == "win_rate" and not three and isinstance(value, Rate) and value.d:
            parts = make((figures.fraction(value), "dim"))
        elif key == "cycle_median_days" and not three and value is not None:
            parts = make((_("median"), "dim"))
        change = figures.change(by_key[key], value, before[key]) if before else None
        delta = make(change) if change else EMPTY
        line = join((figure, delta), "  ") if three else join((figure, parts, delta), " ")
        if cells(line) > each - 1:
            line = join((figure, delta or parts), " ")
        block = [make((name, "dim")), fixed(line, each)]
        large = bars.large_figure(text, each - 2) if three else []
        if large:
            block = [beside(make((name, "dim")), delta, each - 4), *large]
        if three:
            block.append(clip(make((under[key], "dim")), each - 2))
        blocks.append(block)
    page.spacer()
    if three and any(len(block) > 3 for block in blocks):
        # Where one cannot be drawn large it stands on the ground of the others.
        high = max(len(block) for block in blocks)
        blocks = [[*block[:-1], *[EMPTY] * (high - len(block)), block[-1]] for block in blocks]
    per_row = 4 if page.width >= 60 else 2
    for at in range(0, len(blocks), per_row):
        part = blocks[at : at + per_row]
        page.add(*columns(part, [each] * len(part)), optional=page.width < 60)


def _sparks(page: PageBuilder, weeks: Report | None) -> None:
    if weeks is None or len(weeks.rows) < FEW_WEEKS:
        return
    wide = page.context.wide
    label, most = (32, 40) if wide else (15, 34)
    lines = (
        ("won_amount", _("won per week"), "money", "won"),
        ("created", _("created per week") if wide else _("created"), "count", "dim"),
    )
    # A week in the future is no week without a win.
    begun = [
        place
        for place, named in enumerate(weeks.keys)
        if (part := figures.period_of(named, page.context.today)) is None
        or part.first <= page.context.today
    ][-most:]
    high: list[list[Line]] = []
    for key, name, unit, token in lines:
        values = [weeks.rows[place][key] for place in begun]
        keys = [weeks.keys[place] for place in begun]
        if not values:
            continue
        peak = max(values)
        if not peak:
            continue
        week = figures.period_of(keys[values.index(peak)], page.context.today)
        day = figures.row_label(week.first.isoformat(), page.context.today)[4:] if week else ""
        highest = figures.format_value(peak, unit, page.context.currency)
        if wide and key == "won_amount":
            name += _(", {n} weeks").format(n=len(values))
        words = make((f"  {_('peak {value}, {day}').format(value=highest, day=day)}", "dim"))
        if wide and page.context.airy:
            # Three rows high and beside each other, under their names.
            half = page.width // 2
            rows = bars.high_spark(values, min(most, half - 2), 3, token)
            high.append([clip((*make((name, "text")), *words), half - 2), *rows])
            continue
        page.spacer(optional=True)
        spark = bars.spark(values, most, token)
        page.add((*fixed(make((name, "dim")), label), *spark, *words), optional=True)
    if high:
        page.spacer(optional=True)
        page.add(*columns(high, [page.width // 2] * len(high)), optional=True)
