"""Activity: calls by rep and by part of the period, reached and not, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tui_crm.core.reports import Rate, Report
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _, ngettext, width as width_of
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import (
    BarColumn,
    DrawnColumn,
    FigureColumn,
    Ledger,
    heading,
    label_of,
    name_of,
    notes,
)
from tui_crm.tui.widgets.charts.page import ChartData, Figure, FigureCell, PageBuilder, Part
from tui_crm.tui.widgets.lines import Line, Run, cell

Rows = Sequence[tuple[str, Row]]
"""Rows of the report with their keys."""


@dataclass(frozen=True)
class Group:
    """Rows of the report that are added up: their name on the page, their label, a sign before it
    (the key of the outcome)."""

    name: str
    label: str
    sign: str
    rows: Rows

    @property
    def count(self) -> int:
        return sum(row["count"] for _key, row in self.rows)

    @property
    def reached(self) -> int:
        return sum(row["reached"] for _key, row in self.rows)


def activity(page: PageBuilder, data: ChartData) -> None:
    """The reps, then the parts of the period where there are several, then the outcomes."""
    report = data.report
    if report.second is not None:
        _reps(page, report, report.second, _weekdays(data.days))
    drawn = glyphs.active()
    page.spacer(optional=True)
    page.add(
        figures.legend(
            (drawn.block * 2, "won", _("reached")), (drawn.heavy * 2, "dim", _("not reached"))
        ),
        optional=True,
    )
    rows = list(zip(report.keys, report.rows, strict=True))
    periods = list(dict.fromkeys(row["period"] for _key, row in rows))
    calls = [(key, row) for key, row in rows if row["kind"] == "call"]
    if len(periods) > 1:
        several = figures.several_years(periods)
        groups = [
            Group(
                name=f"period/{label}",
                label=figures.row_label(label, page.context.today, several),
                sign="",
                rows=[(key, row) for key, row in calls if row["period"] == label],
            )
            for label in periods
        ]
        heading(page, _("Calls by {part}").format(part=_(report.filters.by or "month")))
        _bars(page, groups)
    if calls:
        total = sum(row["count"] for _key, row in calls)
        heading(
            page, _("Outcomes"), ngettext("{n} call", "{n} calls", total).format(n=f"{total:,}")
        )
        _bars(page, _by_outcome(calls, "call", data.digits))
    others = [(key, row) for key, row in rows if row["kind"] != "call"]
    if others:
        total = sum(row["count"] for _key, row in others)
        heading(page, _("Other actions"), f"{total:,}")
        groups = []
        for kind in dict.fromkeys(row["kind"] for _key, row in others):
            mine = [(key, row) for key, row in others if row["kind"] == kind]
            groups += _by_outcome(mine, kind, {})
        _bars(page, groups)
    notes(page, report)


def _weekdays(days: Report | None) -> dict[str, list[int]]:
    """The calls of each rep by weekday, Monday to Friday, of the report cut by day."""
    calls: dict[str, list[int]] = {}
    for row in days.rows if days is not None else ():
        weekday = date.fromisoformat(row["period"]).weekday()
        if row["kind"] == "call" and weekday < 5:
            calls.setdefault(row["rep"], [0] * 5)[weekday] += row["count"]
    return calls


def _reps(
    page: PageBuilder, whole: Report, report: Report, weekdays: Mapping[str, Sequence[int]]
) -> None:
    peak = max((row["calls"] for row in report.rows), default=0)
    several = len(report.rows) > 1

    def bar(values: Row, width: int) -> Line:
        reached = values["reached"]
        return bars.stacked(((reached, "won"), (values["calls"] - reached, "dim")), peak, width)

    def spark(values: Row) -> Line:
        return bars.spark(weekdays.get(values["rep"], ()), 5)

    page.spacer()
    columns = (
        FigureColumn("calls", token="strong"),
        FigureColumn("reached_rate", drop=1, head=_("reached")),
        FigureColumn("email", drop=3),
        FigureColumn("meeting", drop=4),
        FigureColumn("visit", drop=5),
        FigureColumn("message", drop=10),
        FigureColumn("calls_per_hour", drop=9, head=_("calls/h")),
        FigureColumn("calls_per_lead", drop=11, head=_("calls/lead")),
        FigureColumn("calls_per_win", drop=8, head=_("calls/win")),
        FigureColumn("follow_up", drop=13),
    )
    Ledger(
        page,
        report,
        label_of("rep", _("rep")),
        columns,
        BarColumn("calls", bar, drop=7),
        drawn=DrawnColumn(head=_("Mon to Fri"), width=5, draw=spark, drop=9) if weekdays else None,
        part=1,
        sized_by_total=several,
        before=whole.before.second if whole.before is not None else None,
    ).draw(total=_("all") if several else None)


def _by_outcome(rows: Rows, kind: str, digits: Mapping[str, int]) -> list[Group]:
    """The rows of one kind of action by their outcome, the most frequent first."""
    by_outcome: dict[str | None, list[tuple[str, Row]]] = {}
    for key, row in rows:
        by_outcome.setdefault(row["outcome"], []).append((key, row))
    groups: list[Group] = []
    for outcome, mine in by_outcome.items():
        if kind == "call":
            label = outcome or _("no outcome")
        else:
            label = figures.label_of(kind) + (f": {outcome}" if outcome else "")
        digit = digits.get(outcome or "")
        groups.append(Group(f"{kind}/{outcome or ''}", label, str(digit) if digit else "", mine))
    return sorted(groups, key=lambda group: -group.count)


def _bars(page: PageBuilder, groups: Sequence[Group]) -> None:
    """A bar for each group of rows: how many, who was reached, on one scale."""
    sign = 2 if any(group.sign for group in groups) else 0
    most = max((width_of(group.label) for group in groups), default=0)
    label = min(most, max(12, page.width // 3))
    peak = max((group.count for group in groups), default=0)
    width = min(max(page.width - sign - label - 24, 0), 48)
    for group in groups:
        count, reached = group.count, group.reached
        keys = tuple(key for key, _row in group.rows)
        calls = Figure(part=0, rows=keys, column="count", where=group.label, value=count)
        parts = ((reached, "won"), (count - reached, "dim"))
        line: list[Part] = [
            Run(group.sign.ljust(sign), "dim"),
            cell(group.label, label, "text"),
            FigureCell(column="call", figure=calls, text=f"{count:,}", token="strong", width=7),
            Run("  "),
            *bars.stacked(parts, peak, width, rest=False),
        ]
        if 0 < reached < count:
            rate = Rate(reached, count)
            share = figures.format_value(rate, "rate", "")
            words = f"  {share:>4} {figures.fraction(rate)}"
            talks = Figure(part=0, rows=keys, column="reached", where=group.label, value=reached)
            line.append(FigureCell(column="reached_rate", figure=talks, text=words, token="dim"))
        page.row(name_of(0, group.name), line)
