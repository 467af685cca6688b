"""Activity: calls by rep and by part of the period, reached and not, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tui_crm.core.reports.types import Rate, Report
from tui_crm.core.text import _, ngettext, width as width_of
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import Figure, PageBuilder, Shown
from tui_crm.tui.widgets.charts.table import Bar, Col, Named, Tail, heading, ledger, name_of, notes
from tui_crm.tui.widgets.lines import Line, Run, cell, make

Group = tuple[str, str, str, Sequence[tuple[str, dict[str, Any]]]]


def activity(body: PageBuilder, shown: Shown) -> None:
    """The reps, then the parts of the period where there are several, then the outcomes."""
    report = shown.report
    if report.second is not None:
        _reps(body, report.second, _weekdays(shown.days))
    heavy = glyphs.active().heavy * 2
    body.spacer(optional=True)
    body.add(
        figures.legend((heavy, "won", _("reached")), (heavy, "dim", _("not reached"))),
        optional=True,
    )
    rows = list(zip(report.keys, report.rows, strict=True))
    today = body.look.today
    periods = list(dict.fromkeys(row["period"] for _key, row in rows))
    calls = [(key, row) for key, row in rows if row["kind"] == "call"]
    if len(periods) > 1:
        many = figures.several_years(tuple(periods))
        groups: list[Group] = [
            (
                f"period/{label}",
                figures.row_label(label, today, many),
                "",
                [(key, row) for key, row in calls if row["period"] == label],
            )
            for label in periods
        ]
        heading(body, _("Calls by {part}").format(part=_(report.filters.get("by") or "month")))
        _bars(body, report, groups)
    if calls:
        total = sum(row["count"] for _key, row in calls)
        heading(
            body, _("Outcomes"), ngettext("{n} call", "{n} calls", total).format(n=f"{total:,}")
        )
        _bars(body, report, _grouped(calls, "call", shown.digits))
    others = [(key, row) for key, row in rows if row["kind"] != "call"]
    if others:
        total = sum(row["count"] for _key, row in others)
        heading(body, _("Other actions"), f"{total:,}")
        kinds = list(dict.fromkeys(row["kind"] for _key, row in others))
        groups = []
        for kind in kinds:
            mine = [(key, row) for key, row in others if row["kind"] == kind]
            groups += _grouped(mine, kind, {})
        _bars(body, report, groups)
    notes(body, report)


def _weekdays(days: Report | None) -> dict[str, list[int]]:
    """The calls of each rep by weekday, Monday to Friday, of the report cut by day."""
    found: dict[str, list[int]] = {}
    for row in days.rows if days is not None else ():
        weekday = date.fromisoformat(row["period"]).weekday()
        if row["kind"] == "call" and weekday < 5:
            found.setdefault(row["rep"], [0] * 5)[weekday] += row["count"]
    return found


def _reps(body: PageBuilder, report: Report, weekdays: Mapping[str, Sequence[int]]) -> None:
    peak = max((row["call"] for row in report.rows), default=0)

    def draw(values: dict[str, Any], width: int) -> Line:
        reached = values["reached"]
        return bars.stacked(((reached, "won"), (values["call"] - reached, "dim")), peak, width)

    def spark(values: dict[str, Any]) -> Line:
        return bars.spark(weekdays.get(values["rep"], ()), 5)

    body.spacer()
    ledger(
        body,
        report,
        Named(_("rep"), lambda key, values: (figures.label_of(values["rep"] or key), False)),
        (
            Col("call", token="strong"),
            Col("reached_rate", 1, head=_("reached")),
            Col("email", 3),
            Col("meeting", 4),
            Col("visit", 5),
            Col("message", 10),
            Col("calls_per_hour", 9, head=_("calls/h")),
            Col("calls_per_lead", 11, head=_("calls/lead")),
            Col("calls_per_win", 8, head=_("calls/win")),
        ),
        Bar("call", draw, 7),
        part=1,
        total=_("all") if len(report.rows) > 1 else None,
        tail=Tail(_("Mon to Fri"), 5, spark, 9) if weekdays else None,
    )


def _grouped(
    rows: Sequence[tuple[str, dict[str, Any]]], kind: str, digits: Mapping[str, int]
) -> list[Group]:
    """The rows by their outcome, most first: name, label, sign, the rows added up."""
    found: dict[str | None, list[tuple[str, dict[str, Any]]]] = {}
    for key, row in rows:
        found.setdefault(row["outcome"], []).append((key, row))
    ordered = sorted(found.items(), key=lambda item: -sum(row["count"] for _k, row in item[1]))
    made: list[Group] = []
    for outcome, mine in ordered:
        if kind == "call":
            label = outcome or _("no outcome")
        else:
            label = figures.label_of(kind) + (f": {outcome}" if outcome else "")
        digit = digits.get(outcome or "")
        made.append((f"{kind}/{outcome or ''}", label, str(digit) if digit else "", mine))
    return made


def _bars(body: PageBuilder, report: Report, groups: Sequence[Group]) -> None:
    """A bar for each group of rows: how many, who was reached, on one scale."""
    signs = 2 if any(sign for _n, _l, sign, _r in groups) else 0
    most = max((width_of(label) for _n, label, _s, _r in groups), default=0)
    label_width = min(most, max(12, body.width // 3))
    peak = max((sum(row["count"] for _k, row in rows) for *_head, rows in groups), default=0)
    width = min(max(body.width - signs - label_width - 24, 0), 48)
    for name, label, sign, rows in groups:
        count = sum(row["count"] for _key, row in rows)
        reached = sum(row["reached"] for _key, row in rows)
        keys = tuple(key for key, _row in rows)
        found = [("call", Figure(0, keys, "count", label, count))]
        if 0 < reached < count:
            found.append(("reached_rate", Figure(0, keys, "reached", label, reached)))

        def draw(
            hot: str,
            sign: str = sign,
            label: str = label,
            count: int = count,
            reached: int = reached,
        ) -> Line:
            line: Line = (Run(f"{sign:<{signs}}", "dim"),) if signs else ()
            line += (
                cell(label, label_width, "text"),
                cell(f"{count:,}", 7, "key" if hot == "call" else "strong", "right"),
                Run("  ", "text"),
            )
            line += bars.stacked(
                ((reached, "won"), (count - reached, "dim")), peak, width, rest=False
            )
            if 0 < reached < count:
                rate = Rate(reached, count)
                words = f"  {figures.said(rate, 'rate', ''):>4} {figures.parts_of(rate)}"
                line += make((words, "key" if hot == "reached_rate" else "dim"))
            return line

        body.stop(name_of(0, name), found, draw)
