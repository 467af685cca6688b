"""The page of a prospect list: its figures, when its people answer, and who answers by a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.reports.closings import small_note
from tui_crm.core.reports.types import SMALL_SAMPLE, Rate, Report
from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.hours import BOLD, STRONG, day_name, window
from tui_crm.tui.widgets.charts.page import Figure, Page, PageBuilder, RenderContext, Shown, flowed
from tui_crm.tui.widgets.charts.table import Bar, Col, Named, ledger, name_of, notes
from tui_crm.tui.widgets.lines import Line, Run, cell, cells, clip, make, section

LABEL, SUM = 4, 7  # cells of a weekday's name, of the sum at the end of its row
NARROW = 60  # cells of a line under which there is no such sum
DIGITS = 9

FIGURES, COLUMN, HOURS = 0, 1, 2  # the parts of the page: whose figures they are


@dataclass(frozen=True)
class ListShown(Shown):
    """What the page shows; ``report`` are the figures of the list. ``by_column`` and ``hours`` are
    None while they are counted; ``columns`` the columns to choose from, best first, ``column`` the
    chosen one; ``order_by`` that of the new rows (``answer``: when people answer), ``formula`` how
    that one ranks, ``order_key`` the key that changes it."""

    by_column: Report | None = None
    hours: Report | None = None
    columns: tuple[str, ...] = ()
    column: str = ""
    order_by: str = ""
    formula: str = ""
    order_key: str = ","

    def part(self, part: int) -> Report:
        """The report of a part of the page."""
        return (self.report, self.by_column, self.hours)[part] or self.report


def draw(shown: ListShown, look: RenderContext) -> Page:
    """The page, fitted to the height of ``look``."""
    body = PageBuilder(look)
    body.spacer(optional=not look.airy)
    ledger(
        body,
        shown.report,
        Named("", lambda _key, _values: (_("all time"), False)),
        (
            Col("rows", token="strong"),
            Col("called", 1),
            Col("reached", 2),
            Col("leads"),
            Col("won", 3),
            Col("won_amount", 4, "strong"),
            Col("calls", 8),
            Col("calls_per_lead", 5),
        ),
        Bar(
            "called", lambda values, width: bars.filling(values["called"], values["rows"], width), 7
        ),
    )
    _answers(body, shown)
    _by_column(body, shown)
    table = shown.by_column
    if shown.hours is not None and shown.hours.small and not (table is not None and table.small):
        body.add(*flowed((("~", "due"), (f" {small_note()}", "dim")), body.width, 2))
    return body.page(look.height)


def _headed(body: PageBuilder, name: str, count: str | None, aside: Line) -> None:
    """A section with keys and what they choose at its right end."""
    body.spacer(optional=not body.look.airy)
    aside = clip(aside, max(body.width // 2, body.width - len(name) - 14))
    room = body.width - cells(aside) - 1
    body.add(
        (*section(name, room, count), Run(" ", "text"), *aside)
        if aside and room > 12
        else section(name, body.width, count)
    )


# -- when people answer ----------------------------------------------------------------------------


def order_words(order_by: str) -> str:
    """How the new rows of a list are ordered."""
    return _("when people answer") if order_by == "answer" else _("as in the list")


def _answers(body: PageBuilder, shown: ListShown) -> None:
    report = shown.hours
    what = "" if body.width < NARROW else f"{_('new rows')} "
    order = make(
        (f"{shown.order_key} ", "key"),
        (what, "dim"),
        (order_words(shown.order_by), "strong" if shown.order_by else "text"),
    )
    _headed(body, _("When people answer"), _sampled(body, report) if report else None, order)
    if report is None:
        body.add(make((_("counting …"), "dim")))
    elif not report.rows:
        body.add(make((_("No calls on this list yet; Esc and then Enter calls it."), "text")))
    else:
        _grid(body, report)
    if shown.formula and (body.look.airy or shown.order_by == "answer"):
        body.add(*flowed(((shown.formula, "dim"),), body.width, 4))
    if report is not None:
        body.add(
            *(
                line
                for note in report.notes
                if not _is_small(report, note)
                for line in flowed(((note, "dim"),), body.width, 2)
            )
        )


def _sampled(body: PageBuilder, report: Report) -> str | None:
    """How many calls the rates rest on, and how many of them are at hours that have no room."""
    calls = report.totals["calls"]
    if not calls or body.width < NARROW:
        return None
    hidden = _laid(body, report)[1]
    return f"{calls:,}" + (_(", {n} at other hours").format(n=f"{hidden:,}") if hidden else "")


def _laid(body: PageBuilder, report: Report) -> tuple[list[int], int, int, int]:
    """The hours there is room for, the calls at others, the cells of one, those of the sum."""
    total = SUM if body.width >= NARROW else 0
    size = 8 if body.look.wide else 6
    found = {(row["weekday"], row["hour"]): row for row in report.rows}
    return (*window(found, max((body.width - LABEL - total) // size, 1)), size, total)


def _is_small(report: Report, note: str) -> bool:
    return bool(report.small) and note == small_note()  # said once, at the end of the page


def _grid(body: PageBuilder, report: Report) -> None:
    """A level and a percentage for each weekday and hour; what they were counted from under them
    where there is room, else as sums of calls at the right and below."""
    found = {(row["weekday"], row["hour"]): row for row in report.rows}
    here, hidden, size, total = _laid(body, report)
    days = [day for day in range(1, 8) if day < 6 or any(at[0] == day for at in found)]
    peak = max((_rate(row) for row in report.rows if row["calls"] >= SMALL_SAMPLE), default=0.0)
    peak = peak or max(_rate(row) for row in report.rows)
    spot = body.look.spot
    hot = spot.column if spot is not None and spot.row.startswith(f"{HOURS}/") else ""
    heads = [
        cell(_("{n}h").format(n=hour), size, "key" if hot == f"h{hour}" else "dim", "right")
        for hour in here
    ]
    body.add((Run(" " * LABEL, "dim"), *heads, cell(_("calls"), total, "dim", "right")))
    for day in days:
        _weekday(body, report, found, day, here, size, total, peak)
        if body.look.airy:
            body.add((Run(" " * LABEL, "dim"), *(_sample(found.get((day, h)), size) for h in here)))
    _calls(body, found, here, size, total)
    if hidden and not total:
        body.add(
            make(
                (
                    ngettext("{n} call at another hour", "{n} calls at other hours", hidden).format(
                        n=f"{hidden:,}"
                    ),
                    "dim",
                )
            )
        )


def _rate(row: dict[str, Any]) -> float:
    return row["reached_rate"].value or 0.0


def _sample(row: dict[str, Any] | None, size: int) -> Run:
    parts = figures.parts_of(row["reached_rate"]) if row else ""
    if row and len(parts) >= size:
        parts = f"/{row['calls']:,}"
    return cell(parts, size, "dim", "right")


def _weekday(
    body: PageBuilder,
    report: Report,
    found: dict[tuple[int, int], dict[str, Any]],
    day: int,
    here: Sequence[int],
    size: int,
    total: int,
    peak: float,
) -> None:
    mine = [f"{day}/{hour}" for hour in range(24) if (day, hour) in found]
    calls = sum(row["calls"] for at, row in found.items() if at[0] == day)
    stops = [
        (
            f"h{hour}",
            Figure(
                HOURS,
                (f"{day}/{hour}",) if (day, hour) in found else (),
                "reached_rate",
                f"{day_name(day)} {hour}h",
                found[day, hour]["reached_rate"] if (day, hour) in found else Rate(0, 0),
            ),
        )
        for hour in here
    ]
    if total:
        stops.append(("all", Figure(HOURS, tuple(mine), "calls", day_name(day), calls)))

    def draw(hot: str) -> Line:
        line: Line = (cell(day_name(day), LABEL, "text"),)
        for hour in here:
            row, here_now = found.get((day, hour)), hot == f"h{hour}"
            if row is None:
                line += (cell(figures.nothing(), size, "key" if here_now else "dim", "right"),)
                continue
            rate, few = _rate(row), (f"{day}/{hour}", "reached_rate") in report.small
            level, strong = bars.level(rate, peak), rate >= STRONG and not few
            number = "strong" if rate >= BOLD and not few else "text" if not few else "dim"
            line += (
                Run(" " * (size - 5), "text"),
                Run(level * (1 if few else 2), "accent" if strong else "dim"),
                cell(
                    f"{rate * 100:.0f}{'~' if few else ''}",
                    4 if few else 3,
                    "key" if here_now else number,
                    "right",
                ),
            )
        if total:
            line += (
                cell(
                    f"{calls:,}" if calls else figures.nothing(),
                    total,
                    "key" if hot == "all" else "dim",
                    "right",
                ),
            )
        return line

    body.stop(name_of(HOURS, str(day)), stops, draw)


def _calls(
    body: PageBuilder,
    found: dict[tuple[int, int], dict[str, Any]],
    here: Sequence[int],
    size: int,
    total: int,
) -> None:
    """The calls of each hour, all days together: the samples that the rates rest on."""
    keys = {h: tuple(f"{day}/{h}" for day in range(1, 8) if (day, h) in found) for h in here}
    calls = {h: sum(row["calls"] for at, row in found.items() if at[1] == h) for h in here}
    everything = tuple(f"{day}/{hour}" for day, hour in sorted(found))
    whole = sum(row["calls"] for row in found.values())
    stops = [(f"h{h}", Figure(HOURS, keys[h], "calls", f"{h}h", calls[h])) for h in here]
    if total:
        stops.append(("all", Figure(HOURS, everything, "calls", _("all hours"), whole)))

    def draw(hot: str) -> Line:
        line: Line = (Run(" " * LABEL, "dim"),)
        for h in here:
            text = f"{calls[h]:,}" if calls[h] else figures.nothing()
            line += (cell(text, size, "key" if hot == f"h{h}" else "dim", "right"),)
        if total:
            line += (cell(f"{whole:,}", total, "key" if hot == "all" else "text", "right"),)
        return line

    body.stop(name_of(HOURS, "calls"), stops, draw)


# -- by column -------------------------------------------------------------------------------------


def _by_column(body: PageBuilder, shown: ListShown) -> None:
    if not shown.columns:
        return
    report = shown.by_column
    pieces: list[tuple[str, str]] = []
    for digit, name in enumerate(shown.columns[:DIGITS], 1):
        pieces += [
            ("  " if pieces else "", "text"),
            (f"{digit} ", "key"),
            (name, "strong" if name == shown.column else "dim"),
        ]
    count = f"{len(report.rows):,}" if report is not None else None
    _headed(body, _("By {column}").format(column=shown.column), count, make(*pieces))
    if report is None:
        body.add(make((_("counting …"), "dim")))
        return
    peak = max(
        (row["answered"].value or 0.0 for row in report.rows if row["answered"].d >= SMALL_SAMPLE),
        default=1.0,
    )

    def bar(values: dict[str, Any], width: int) -> Line:
        few = values["answered"].d < SMALL_SAMPLE
        return bars.bar(values["answered"].value or 0.0, peak, width, "dim" if few else "accent")

    ledger(
        body,
        report,
        Named(shown.column, lambda _key, values: (_label(values), False)),
        (
            Col("rows", 6),
            Col("called", 7),
            Col("answered", token="strong"),
            Col("leads", 1),
            Col("won", 5),
            Col("won_amount", 3),
            Col("calls", 9),
            Col("calls_per_lead", 8),
        ),
        Bar("answered", bar, 4),
        part=COLUMN,
        total=_("all") if len(report.rows) > 1 else None,
    )
    notes(body, report)


def _label(values: dict[str, Any]) -> str:
    """The value as the list has it: never taken for a word of ours."""
    value = str(values["value"] or "")
    return figures.nothing() if value == "–" else value


__all__ = ["COLUMN", "FIGURES", "HOURS", "ListShown", "draw", "order_words"]
