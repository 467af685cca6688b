"""Goals: each as the line that fills, beside how much of its time is gone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tui_crm.core import money
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import name_of, notes
from tui_crm.tui.widgets.charts.page import ChartData, Figure, FigureCell, PageBuilder, Part
from tui_crm.tui.widgets.lines import Align, Run, cell, make

KIND = 11  # cells of a goal's kind
MOST_BAR = 40  # cells of the line that fills, of goals in one line each
ONE_LINE = 60  # cells of a line from which a goal has room in one
ORDER = ("done", "share", "target")  # the figures of a goal, as the cursor walks them


def goals(page: PageBuilder, data: ChartData) -> None:
    """Each goal in two lines, or in one where the page has no room for that."""
    report = data.report
    page.spacer()
    rows = list(zip(report.keys, report.rows, strict=True))
    if 3 * len(rows) > page.context.height and page.width >= ONE_LINE:
        _one_line_each(page, rows)
    else:
        for key, values in rows:
            _two_lines(page, key, values)
    notes(page, report)


def _figure(
    key: str,
    values: Row,
    where: str,
    column: str,
    text: str,
    token: str,
    width: int | None = None,
    align: Align = "right",
) -> FigureCell:
    """One of the figures of a goal."""
    figure = Figure(part=0, rows=(key,), column=column, where=where, value=values[column])
    return FigureCell(
        column=column, figure=figure, text=text, token=token, width=width, align=align
    )


def _when(page: PageBuilder, values: Row) -> str:
    """The period of a goal in words: ``Nov 2026``."""
    period = figures.period_of(str(values["period"]), page.context.today)
    return figures.period_words(period) if period else str(values["period"])


def _gone(values: Row) -> str:
    """The working days that are gone of all; nothing for a goal without an end."""
    return "" if values["days"] is None else f"{values['days_gone']}/{values['days']}"


def _behind(values: Row) -> bool:
    """Whether less is done than an even pace would have by now."""
    return values["by_now"] is not None and values["done"] < values["by_now"]


def _one_line_each(page: PageBuilder, rows: Sequence[tuple[str, Row]]) -> None:
    currency, today = page.context.currency, page.context.today

    def text(values: Row, column: str) -> str:
        unit = "money" if values["goal"] == "amount" else "count"
        return figures.format_value(values[column], unit, currency)

    def period(values: Row) -> str:
        return figures.row_label(str(values["period"]), today)

    goals = [values for _key, values in rows]
    most = 12 if page.context.wide else 9
    who = min(max(width_of(figures.label_of(values["who"])) for values in goals), most)
    part = max(6, *(width_of(period(values)) for values in goals))
    done = max(width_of(_("done")), *(width_of(text(values, "done")) for values in goals))
    target = max(4, *(width_of(text(values, "target")) for values in goals))
    gone = max(9, *(width_of(_gone(v)) for v in goals))
    bar = max(min(page.width - who - part - done - target - gone - 34, MOST_BAR), 4)
    page.add(
        (
            cell(_("goal"), who + 2 + KIND + part + 2, "dim"),
            *make((cell(_("done"), done, "dim", "right").text + "/" + _("goal"), "dim")),
            Run(" " * max(target - width_of(_("goal")) + 2 + bar + 1, 0), "dim"),
            cell(_("of it"), 5, "dim", "right"),
            cell(_("days gone"), gone + 1, "dim", "right"),
            Run("  ", "dim"),
            cell(_("a day"), 7, "dim"),
        )
    )
    for key, values in rows:
        name, kind = figures.label_of(values["who"]), figures.label_of(values["goal"])
        where = f"{name}  {kind}, {_when(page, values)}"
        word, token = "", "text"
        if (values["share"].value or 0) >= 1:
            word, token = _("reached"), "won"
        elif values["needed_per_day"]:
            word = text(values, "needed_per_day")
            token = "due" if _behind(values) else "text"
        share = figures.format_value(values["share"], "rate", "")
        figure = partial(_figure, key, values, where)
        page.row(
            name_of(0, key),
            [
                cell(name, who, "text"),
                Run("  "),
                cell(kind, KIND, "text"),
                cell(period(values), part, "dim"),
                Run("  "),
                figure("done", text(values, "done"), "strong", done),
                figure("target", f"/{text(values, 'target')}", "dim", target + 1, "left"),
                Run("  "),
                *bars.progress_bar(values["done"], values["target"], bar),
                figure("share", share, "text", 6),
                cell(_gone(values), gone + 1, "dim", "right"),
                Run("  "),
                cell(word, 7, token),
            ],
            first=ORDER,
        )


def _two_lines(page: PageBuilder, key: str, values: Row) -> None:
    currency = page.context.currency
    is_money = values["goal"] == "amount"

    def text(value: int) -> str:
        return money.full(value, currency) if is_money else f"{value:,}"

    name = f"{figures.label_of(values['who'])}  {figures.label_of(values['goal'])}"
    when = _when(page, values)
    figure = partial(_figure, key, values, f"{name}, {when}")
    label = min(24, page.width // 3)
    bar = max(min(page.width - label - 22, 48), 0)
    done = text(values["done"])
    first: list[Part] = [
        cell(name, label, "text"),
        Run(" "),
        figure("done", done, "strong"),
        figure("target", f"/{text(values['target'])}", "dim", max(20 - width_of(done), 0), "left"),
        Run(" "),
        *bars.progress_bar(values["done"], values["target"], bar),
    ]
    share = figures.format_value(values["share"], "rate", "")
    pieces = []
    if values["days"] is not None:
        days = _(", {gone} of {days} days gone")
        pieces = [(days.format(gone=values["days_gone"], days=values["days"]), "dim")]
    if (values["share"].value or 0) >= 1:
        pieces.append((_(", reached"), "won"))
    elif _behind(values):
        pieces.append((_(", behind"), "due"))
    needed = values["needed_per_day"]
    if needed:
        if is_money:  # up to the whole unit: a plan needs no cents
            unit = 10 ** money.exponent(currency)
            needed = -(-needed // unit) * unit
        pieces.append((_(", needs {n} a day").format(n=text(needed)), "dim"))
    if values["calls_needed"]:
        calls = _(", about {n} calls").format(n=f"{values['calls_needed']:,}")
        used = label + 1 + sum(width_of(piece) for piece in (share, *(t for t, _t in pieces)))
        if used + width_of(calls) <= page.width:
            pieces.append((calls, "dim"))  # else only the note under the goals tells it
    second: list[Part] = [
        cell(when, label, "dim"),
        Run(" "),
        figure("share", share, "strong"),
        *make(*pieces),
    ]
    page.row(name_of(0, key), first, second, first=ORDER)
    page.spacer()
