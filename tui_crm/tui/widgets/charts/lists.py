"""Lists: how far each is called and what came of it; the same by script or by a column."""

from __future__ import annotations

from tui_crm.core.reports import Report
from tui_crm.core.reports.question import NOBODY
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import (
    BarColumn,
    FigureColumn,
    Label,
    LabelColumn,
    Ledger,
    bar_of,
    heading,
    label_of,
    notes,
)
from tui_crm.tui.widgets.charts.page import ChartData, PageBuilder
from tui_crm.tui.widgets.lines import Line


def lists(page: PageBuilder, data: ChartData) -> None:
    """A row for each list, and the sources of the leads under them; or a row for each segment of
    the lists."""
    report = data.report
    page.spacer()
    if not any(column.key == "rows" for column in report.columns) or "value" in report.totals:
        _segments(page, report)
        return
    several = len(report.rows) > 1
    columns = (
        FigureColumn("rows", token="strong"),
        FigureColumn("called", drop=1),
        FigureColumn("reached", drop=4),
        FigureColumn("leads"),
        FigureColumn("won", drop=2),
        FigureColumn("won_amount", drop=3, token="strong"),
        FigureColumn("calls", drop=8),
        FigureColumn("calls_per_lead", drop=5),
    )
    label = label_of("list", _("list"))
    Ledger(page, report, label, columns, called_bar(), sized_by_total=several).draw(
        total=_("sum") if several else None
    )
    second = report.second
    if second is not None and second.rows:
        heading(page, _("Sources"))
        source_columns = (
            FigureColumn("leads", token="strong"),
            FigureColumn("won"),
            FigureColumn("won_amount", drop=2, token="strong"),
            FigureColumn("win_rate", drop=1),
        )
        label, bar = label_of("source", _("source")), bar_of(second, "won_amount", "won")
        Ledger(page, second, label, source_columns, bar, part=1, sized_by_total=False).draw()
    notes(page, report)


def called_bar() -> BarColumn:
    """The line that fills: the prospects called of those on the list."""
    return BarColumn(
        "called",
        lambda values, width: bars.progress_bar(values["called"], values["rows"], width),
        drop=7,
    )


def _segments(page: PageBuilder, report: Report) -> None:
    """A row for each script, or for each value of a column."""
    first, *others = [column for column in report.columns if column.unit == "text"]
    several = len({row[first.key] for row in report.rows}) > 1
    named = (*((first,) if several or not others else ()), *others)

    def label(_key: str, values: Row) -> Label:
        texts = [figures.label_of(values[c.key]) for c in named if values[c.key]]
        return Label(
            ", ".join(text for place, text in enumerate(texts) if text != NOBODY or not place)
        )

    peak = max((row["answered"].value or 0.0 for row in report.rows), default=0.0)

    def bar(values: Row, width: int) -> Line:
        return bars.bar(values["answered"].value or 0.0, peak, width, "accent", rest=True)

    # What tells the rows apart stands at the end of their labels: the figures give way to it.
    longest = max(width_of(label("", row).text) for row in report.rows)
    room = max(page.width - 36, page.width // 2) if others else page.width // 3
    head = others[0].label if others else first.label
    columns = (
        FigureColumn("rows", drop=6),
        FigureColumn("called", drop=7),
        FigureColumn("answered", token="strong"),
        FigureColumn("leads", drop=1),
        FigureColumn("won", drop=3),
        FigureColumn("won_amount", drop=5),
        FigureColumn("calls", drop=9),
        FigureColumn("calls_per_lead", drop=8),
    )
    total = len(report.rows) > 1
    Ledger(
        page,
        report,
        LabelColumn(head, label, max(min(longest, room), 10)),
        columns,
        BarColumn("answered", bar, drop=4),
        sized_by_total=total,
    ).draw(total=_("all") if total else None)
    notes(page, report)
