"""Pipeline: the funnel. Thickness is certainty: went on, still there, lost here."""

from __future__ import annotations

from tui_crm.core.reports import TOTAL, Rate, Report
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import (
    BarColumn,
    FigureColumn,
    Label,
    LabelColumn,
    Ledger,
    name_of,
    notes,
)
from tui_crm.tui.widgets.charts.page import ChartData, Figure, FigureCell, PageBuilder, Part
from tui_crm.tui.widgets.lines import Line, Run, cell, make

GAP = (0, 2)


def funnel(page: PageBuilder, data: ChartData) -> None:
    """A bar for each step, and under it the share that went on."""
    report = data.report
    peak = max((row["entered"] for row in report.rows), default=0)
    longest = max([11, *(width_of(str(row["step"])) for row in report.rows)])

    def bar(values: Row, width: int) -> Line:
        went_on, pending = values["converted"], values["pending"]
        gone = values["entered"] - went_on - pending
        return bars.funnel(went_on, pending, gone, peak, width)

    ledger = Ledger(
        page,
        report,
        LabelColumn(
            _("step"),
            lambda _key, values: Label(str(values["step"])),
            min(longest, max(10, page.width // 4)),
        ),
        (
            FigureColumn("entered", token="strong", width=8, gap=(0, 0), zero_token="strong"),
            FigureColumn("converted", drop=3, head=_("went on"), width=8, gap=GAP),
            FigureColumn("pending", drop=4, width=8, gap=GAP),
            FigureColumn("lost_here", drop=5, width=6, gap=GAP),
            FigureColumn("median_days", drop=6, width=11, gap=GAP),
            FigureColumn(
                "so_far_days",
                drop=7,
                token="dim",
                head=_("so far"),
                width=6,
                gap=GAP,
                part=1,
            ),
        ),
        BarColumn("entered", bar, least=16, most=60, gap=(2, 2)),
    )
    page.spacer()
    ledger.head()
    for key, values in zip(report.keys, report.rows, strict=True):
        small = (key, "conversion") in report.small
        conversion = _conversion(ledger, key, values, small)
        ledger.row(key, more=[conversion], first=("entered", "conversion"))
    if report.second is not None:
        _won(page, report, report.second, ledger, peak)
    drawn = glyphs.active()
    page.spacer()
    page.add(
        figures.legend(
            (drawn.block * 2, "accent", _("went on")),
            (drawn.heavy * 2, "accent", _("still there")),
            (drawn.rule * 2, "dim", _("lost or cancelled here")),
        )
    )
    notes(page, report)


def _conversion(ledger: Ledger, key: str, values: Row, small: bool) -> list[Part]:
    """The line under a step: the share that went on."""
    rate = values["conversion"]
    words = _("nobody entered")
    if rate.d:
        words = _("{parts} went on").format(parts=figures.fraction_words(rate))
    share = f"{figures.format_value(rate, 'rate', ''):<5}"
    figure = Figure(part=0, rows=(key,), column="conversion", where=str(values["step"]), value=rate)
    return [
        Run(" " * (ledger.label_width + 10)),
        FigureCell(column="conversion", figure=figure, text=share, token="strong"),
        *make((f"{words}{'~' if small else ''}", "dim")),
    ]


def _won(page: PageBuilder, report: Report, second: Report, ledger: Ledger, peak: int) -> None:
    """The last row: the leads won of those that entered, and their money."""
    won, amount = second.totals["won"], second.totals["won_amount"]
    entered, label = report.totals["entered"], _("Won")
    block = glyphs.active().block * bars.shares([won], peak, ledger.bar_width)[0]
    money = figures.format_value(amount, "money", page.context.currency, full=True)
    share = figures.format_value(Rate(won, entered), "rate", "")
    words = _("{share} of {n} entered").format(share=share, n=f"{entered:,}")
    page.row(
        name_of(1, TOTAL),
        [
            cell(label, ledger.label_width, "won.b"),
            FigureCell(
                column="won",
                figure=Figure(part=1, rows=(TOTAL,), column="won", where=label, value=won),
                text=f"{won:,}",
                token="won.b",
                width=8,
            ),
            Run("  "),
            *make((block + (" " if block else ""), "won")),
            FigureCell(
                column="won_amount",
                figure=Figure(
                    part=1, rows=(TOTAL,), column="won_amount", where=label, value=amount
                ),
                text=money,
                token="strong",
            ),
            *make((f" {words}", "dim")),
        ],
    )
