"""Lists, goals, reasons, sources, ageing, and the table for any report without its own drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui_crm.core import money
from tui_crm.core.reports.question import NOBODY
from tui_crm.core.reports.types import Report
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import Figure, PageBuilder, Shown
from tui_crm.tui.widgets.charts.table import (
    Bar,
    Col,
    Named,
    heading,
    ledger,
    name_of,
    notes,
)
from tui_crm.tui.widgets.lines import Line, Run, cell, fixed, make

GOAL = 11  # cells of a goal's kind
MOST_GOAL = 40  # cells of the line that fills, of goals in one row each
ONE_ROW = 60  # columns from which a goal has room in one row


def named_by(column: str, head: str) -> Named:
    """The first column from a text column of the report."""
    return Named(head, lambda _key, values: (figures.label_of(values[column]), False))


def bar_of(report: Report, column: str, token: str = "accent") -> Bar:
    """A bar of one column, the longest as long as there is room."""
    peak = max((figures.number_of(row[column]) or 0 for row in report.rows), default=0)
    return Bar(
        column,
        lambda values, width: bars.bar(
            figures.number_of(values[column]) or 0, peak, width, token, rest=True
        ),
        6,
    )


def lists(body: PageBuilder, shown: Shown) -> None:
    """How far each list is called and what came of it; the sources of the leads under it."""
    report = shown.report
    body.spacer()
    if not any(column.key == "rows" for column in report.columns) or "value" in report.totals:
        _list_cut(body, report)
        return
    ledger(
        body,
        report,
        named_by("list", _("list")),
        (
            Col("rows", token="strong"),
            Col("called", 1),
            Col("reached", 4),
            Col("leads"),
            Col("won", 2),
            Col("won_amount", 3, "strong"),
            Col("calls", 8),
            Col("calls_per_lead", 5),
        ),
        Bar(
            "called", lambda values, width: bars.filling(values["called"], values["rows"], width), 7
        ),
        total=_("sum") if len(report.rows) > 1 else None,
    )
    second = report.second
    if second is not None and second.rows:
        heading(body, _("Sources"))
        ledger(
            body,
            second,
            named_by("source", _("source")),
            (
                Col("leads", token="strong"),
                Col("won"),
                Col("won_amount", 2, "strong"),
                Col("win_rate", 1),
            ),
            bar_of(second, "won_amount", "won"),
            part=1,
        )
    notes(body, report)


def _list_cut(body: PageBuilder, report: Report) -> None:
    """The lists by script, or one of them by the values of a column: who answers to what."""
    texts = [column for column in report.columns if column.unit == "text"]
    first, *others = texts
    several = len({row[first.key] for row in report.rows}) > 1

    def label(_key: str, values: dict[str, Any]) -> tuple[str, bool]:
        named = (*((first,) if several or not others else ()), *others)
        said = (figures.label_of(values[c.key]) for c in named if values[c.key])
        return ", ".join(
            word for place, word in enumerate(said) if word != NOBODY or not place
        ), False

    peak = max((row["answered"].value or 0.0 for row in report.rows), default=0.0)
    # What tells the rows apart stands at its end: the figures give way to it.
    longest = max(width_of(label("", row)[0]) for row in report.rows)
    room = max(body.width - 36, body.width // 2) if others else body.width // 3
    ledger(
        body,
        report,
        Named(first.label if not others else others[0].label, label, max(min(longest, room), 10)),
        (
            Col("rows", 6),
            Col("called", 7),
            Col("answered", token="strong"),
            Col("leads", 1),
            Col("won", 3),
            Col("won_amount", 5),
            Col("calls", 9),
            Col("calls_per_lead", 8),
        ),
        Bar(
            "answered",
            lambda values, width: bars.bar(
                values["answered"].value or 0.0, peak, width, "accent", rest=True
            ),
            4,
        ),
        total=_("all") if len(report.rows) > 1 else None,
    )
    notes(body, report)


def goals(body: PageBuilder, shown: Shown) -> None:
    """Each goal as the line that fills, beside how much of its time is gone; in two rows each,
    or in one where the page has no room for that."""
    report = shown.report
    body.spacer()
    rows = list(zip(report.keys, report.rows, strict=True))
    if 3 * len(rows) > body.look.height and body.width >= ONE_ROW:
        _goals_close(body, rows)
    else:
        for key, values in rows:
            _goal(body, key, values)
    notes(body, report)


def _goals_close(body: PageBuilder, rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """The goals as a table: one row each."""
    currency, today = body.look.currency, body.look.today
    wide = body.width >= 96

    def said(values: dict[str, Any], name: str) -> str:
        unit = "money" if values["goal"] == "amount" else "count"
        return figures.said(values[name], unit, currency)

    def when(values: dict[str, Any]) -> str:
        return figures.row_label(str(values["period"]), today)

    who = min(max(width_of(figures.label_of(v["who"])) for _k, v in rows), 12 if wide else 9)
    part = max(6, *(width_of(when(v)) for _k, v in rows))
    done = max(width_of(_("done")), *(width_of(said(v, "done")) for _k, v in rows))
    target = max(4, *(width_of(said(v, "target")) for _k, v in rows))
    gone = max(9, *(width_of(f"{v['days_gone']}/{v['days']}") for _k, v in rows))
    width = max(min(body.width - who - part - done - target - gone - 34, MOST_GOAL), 4)
    body.add(
        (
            cell(_("goal"), who + 2 + GOAL + part + 2, "dim"),
            *make((cell(_("done"), done, "dim", "right").text + "/" + _("goal"), "dim")),
            Run(" " * max(target - width_of(_("goal")) + 2 + width + 1, 0), "dim"),
            cell(_("of it"), 5, "dim", "right"),
            cell(_("days gone"), gone + 1, "dim", "right"),
            Run("  ", "dim"),
            cell(_("a day"), 7, "dim"),
        )
    )
    for key, values in rows:
        names = f"{figures.label_of(values['who'])}  {figures.label_of(values['goal'])}"
        period = figures.period_of(str(values["period"]), today)
        where = f"{names}, {figures.period_words(period) if period else values['period']}"
        found = [
            (name, Figure(0, (key,), name, where, values[name]))
            for name in ("done", "share", "target")
        ]

        def draw(hot: str, values: dict[str, Any] = values) -> Line:
            share = values["share"]
            reached = (share.value or 0) >= 1
            word, token = "", "text"
            if reached:
                word, token = _("reached"), "won"
            elif values["needed_per_day"]:
                word = said(values, "needed_per_day")
                token = "due" if values["done"] < values["by_now"] else "text"
            return (
                cell(figures.label_of(values["who"]), who, "text"),
                Run("  ", "text"),
                cell(figures.label_of(values["goal"]), GOAL, "text"),
                cell(when(values), part, "dim"),
                Run("  ", "text"),
                cell(said(values, "done"), done, "key" if hot == "done" else "strong", "right"),
                cell(f"/{said(values, 'target')}", target + 1, "key" if hot == "target" else "dim"),
                Run("  ", "text"),
                *bars.filling(values["done"], values["target"], width),
                cell(
                    figures.said(share, "rate", ""), 6, "key" if hot == "share" else "text", "right"
                ),
                cell(f"{values['days_gone']}/{values['days']}", gone + 1, "dim", "right"),
                Run("  ", "text"),
                cell(word, 7, token),
            )

        body.stop(name_of(0, key), found, draw)


def _goal(body: PageBuilder, key: str, values: dict[str, Any]) -> None:
    currency = body.look.currency
    is_money = values["goal"] == "amount"

    def said(value: int | None) -> str:
        if value is None:
            return figures.nothing()
        return money.full(value, currency) if is_money else f"{value:,}"

    label = f"{figures.label_of(values['who'])}  {figures.label_of(values['goal'])}"
    period = figures.period_of(str(values["period"]), body.look.today)
    when = figures.period_words(period) if period else str(values["period"])
    share = values["share"]
    where = f"{label}, {when}"
    found = [
        (name, Figure(0, (key,), name, where, values[name])) for name in ("done", "share", "target")
    ]
    label_width = min(24, body.width // 3)
    width = max(min(body.width - label_width - 22, 48), 0)

    def draw(hot: str) -> Line:
        done = said(values["done"])
        room = max(20 - width_of(done), 0)
        target = fixed(
            make((f"/{said(values['target'])}", "key" if hot == "target" else "dim")), room
        )
        return (
            cell(label, label_width, "text"),
            Run(" ", "text"),
            *make((done, "key" if hot == "done" else "strong")),
            *target,
            Run(" ", "text"),
            *bars.filling(values["done"], values["target"], width),
        )

    body.stop(name_of(0, key), found, draw)
    spot = body.look.spot
    hot = spot is not None and spot.row == name_of(0, key) and spot.column == "share"
    behind = values["done"] < values["by_now"]
    pieces = [
        (figures.said(share, "rate", ""), "key" if hot else "strong"),
        (
            _(", {gone} of {days} days gone").format(gone=values["days_gone"], days=values["days"]),
            "dim",
        ),
    ]
    if (share.value or 0) >= 1:
        pieces.append((_(", reached"), "won"))
    elif behind:
        pieces.append((_(", behind"), "due"))
    needed = values["needed_per_day"]
    if needed:
        if is_money:  # up to the whole unit: a plan needs no cents
            unit = 10 ** money.exponent(currency)
            needed = -(-needed // unit) * unit
        pieces.append((_(", needs {n} a day").format(n=said(needed)), "dim"))
    if values["calls_needed"]:
        calls = _(", about {n} calls").format(n=f"{values['calls_needed']:,}")
        if (
            label_width + 1 + sum(width_of(text) for text, _t in pieces) + width_of(calls)
            <= body.width
        ):
            pieces.append((calls, "dim"))  # else it stands under the goals alone
    body.add((cell(when, label_width, "dim"), Run(" ", "text"), *make(*pieces)))
    body.spacer()


def reasons(body: PageBuilder, shown: Shown) -> None:
    """Lost and cancelled apart, the most frequent reason first."""
    _by_group(
        body,
        shown.report,
        "status",
        named_by("reason", _("reason")),
        (Col("count", token="strong"), Col("amount")),
        Bar("count", lambda _v, _w: (), 5),
    )


def sources(body: PageBuilder, shown: Shown) -> None:
    """The tags of each category."""
    _by_group(
        body,
        shown.report,
        "category",
        named_by("tag", _("tag")),
        (
            Col("created"),
            Col("won"),
            Col("won_amount", 2, "strong"),
            Col("average_won", 4),
            Col("win_rate", 3),
        ),
        bar_of(shown.report, "won_amount", "won"),
    )


def _by_group(
    body: PageBuilder, report: Report, group: str, named: Named, cols: Sequence[Col], bar: Bar
) -> None:
    if bar.after == "count":
        bar = bar_of(report, "count", "dim")
    groups = list(dict.fromkeys(row[group] for row in report.rows))
    for value in groups:
        only = [
            key for key, row in zip(report.keys, report.rows, strict=True) if row[group] == value
        ]
        label = figures.label_of(value)
        heading(body, label[:1].upper() + label[1:])
        ledger(
            body,
            report,
            named,
            cols,
            bar,
            only=only,
            total=_("all") if value == groups[-1] else None,
        )
    notes(body, report)


def ageing(body: PageBuilder, shown: Shown) -> None:
    """Open leads by step, those older than a won lead takes in the colour of a warning."""
    report = shown.report
    peak = max((row["open"] for row in report.rows), default=0)

    def draw(values: dict[str, Any], width: int) -> Line:
        older = values["older"] or 0
        return bars.stacked(((values["open"] - older, "accent"), (older, "due")), peak, width)

    body.spacer()
    ledger(
        body,
        report,
        named_by("step", _("step")),
        (
            Col("open", token="strong"),
            Col("amount", 2),
            Col("median_age_days", 1),
            Col("older", 3),
            Col("older_amount", 4),
        ),
        Bar("open", draw, 6),
        total=_("sum"),
    )
    heavy = glyphs.active().heavy * 2
    body.spacer()
    body.add(
        figures.legend((heavy, "accent", _("within the won cycle")), (heavy, "due", _("older"))),
        optional=True,
    )
    notes(body, report)


def plain(body: PageBuilder, shown: Shown) -> None:
    """Any report: its columns in their order, a bar behind the first money, else the first
    count."""
    for part, report in enumerate((shown.report, shown.report.second)):
        if report is None:
            continue
        texts = [c for c in report.columns if c.unit == "text"]
        rest = [c for c in report.columns if c.unit not in ("text", "flag")]
        if not texts or not rest:
            continue
        chosen = next((c for c in rest if c.unit == "money"), None) or next(
            (c for c in rest if c.unit == "count"), None
        )
        cols = [Col(c.key, 20 + place) for place, c in enumerate(texts[1:])]
        cols += [
            Col(c.key, place, "strong" if c is chosen else "text") for place, c in enumerate(rest)
        ]
        bar = bar_of(report, chosen.key) if chosen is not None else None
        body.spacer()
        ledger(
            body,
            report,
            named_by(texts[0].key, texts[0].label),
            cols,
            bar,
            part=part,
            total=_("all") if len(report.rows) > 1 else None,
        )
    notes(body, shown.report)
