"""The figure under the cursor in words: its formula, n of d, what was left out, the first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_crm.core import money
from tui_crm.core.reports import TOTAL, Column, DrillDown, Rate, Report
from tui_crm.core.reports.types import Row, Value
from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets import titles
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.figures import row_before
from tui_crm.tui.widgets.charts.page import Figure, flowed
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, cell, clip, make, section

Piece = tuple[str, str]
"""A text and its token."""


@dataclass(frozen=True)
class FirstRow:
    """One of the rows behind a figure, as it is shown: its number, its title, an amount or a kind,
    and a word on what became of it."""

    number: str
    title: str
    figure: str
    word: str
    token: str = "dim"


@dataclass(frozen=True)
class FigureDetails:
    """What is behind a figure, once it was counted, and the first of the rows as they are
    shown."""

    drill_down: DrillDown
    first_rows: tuple[FirstRow, ...] = ()


def part_of(report: Report, figure: Figure) -> Report:
    """The table of the report that a figure is in."""
    return report.parts[figure.part] if figure.part < len(report.parts) else report


def column_of(report: Report, figure: Figure) -> Column:
    """The column of a figure."""
    table = part_of(report, figure)
    return next(column for column in table.columns if column.key == figure.column)


def value_before(report: Report, figure: Figure) -> Value:
    """The same figure in the period compared with; None where there is none. Rows that are parts
    of the period are matched by their place, others by their key."""
    if report.before is None or len(figure.rows) != 1:
        return None
    now, then = part_of(report, figure), part_of(report.before, figure)
    row = row_before(now, then, figure.rows[0])
    return row.get(figure.column) if row is not None else None


def sentence(
    report: Report,
    figure: Figure,
    details: FigureDetails | None,
    currency: str,
    short: bool = False,
) -> list[Piece]:
    """``win rate = won / (won + lost) = 9 of 26; …`` in pieces. ``short`` puts the figure before
    its formula, which may be cut."""
    table, column = part_of(report, figure), column_of(report, figure)
    if report.name == "now":  # a finding is made by the rule of its row
        rule = " ".join(table.formulas.get(row, "") for row in figure.rows)
        return [(_("counted: "), "text"), (rule, "dim")]
    drill_down = details.drill_down if details is not None else None
    formula = table.formulas.get(figure.column, "")
    text = _value(table, figure, column, currency)
    if drill_down is not None and column.key == "average_won" and drill_down.denominator:
        text += _(", of {n} leads").format(n=drill_down.denominator)
    pieces: list[Piece] = [
        (column.label, "text"),
        (f" = {formula} = " if formula else " = ", "dim"),
        (text, "strong"),
    ]
    if short:
        pieces = [(f"{column.label} ", "text"), (text, "strong"), (f" = {formula}", "dim")]
    if figure.column == "win_rate" and len(figure.rows) == 1:
        values = _row(table, figure)
        if values.get("cancelled") and values.get("win_rate_all"):
            pieces += [
                (_("; with the {n} cancelled ").format(n=values["cancelled"]), "dim"),
                (figures.fraction_words(values["win_rate_all"]), "text"),
            ]
    pieces += _change(report, figure, column, currency)
    if drill_down is not None and drill_down.left_out:
        reasons: dict[str, int] = {}
        for _number, reason in drill_down.left_out:
            reasons[reason] = reasons.get(reason, 0) + 1
        words = ", ".join(f"{n} {reason}" for reason, n in reasons.items())
        pieces.append((_("; left out: {reasons}").format(reasons=words), "dim"))
    if any((row, figure.column) in table.small for row in figure.rows):
        pieces.append((_("; a small sample"), "due"))
    return pieces


def _value(table: Report, figure: Figure, column: Column, currency: str) -> str:
    """The figure in full: a rate as its parts, money with its currency."""
    value, unit = figure.value, column.unit
    is_money = len(figure.rows) == 1 and _row(table, figure).get("goal") == "amount"
    if unit == "rate" and isinstance(value, Rate) and is_money:  # its parts are minor units
        return _("{n} of {d}").format(
            n=money.full(value.n, currency), d=money.full(value.d, currency)
        )
    if figure.column == "calls_per_hour" and isinstance(value, Rate) and value.d:
        # Its parts are kept in seconds, the calls 3600-fold above them.
        return _("{n} = {calls} in {hours} h").format(
            n=figures.format_value(value, unit, currency),
            calls=f"{value.n // 3600:,}",
            hours=f"{value.d / 3600:,.1f}",
        )
    if unit == "goal" and len(figure.rows) == 1:
        unit = "money" if is_money else "count"
    return figures.fraction_words(value) or figures.format_value(value, unit, currency, full=True)


def _change(report: Report, figure: Figure, column: Column, currency: str) -> list[Piece]:
    """The figure in the period compared with, and the change since."""
    before = value_before(report, figure)
    change = figures.change(column, figure.value, before)
    if change is None:
        return []
    was, parts = figures.format_value(before, column.unit, currency), figures.fraction_words(before)
    words = _("; before {was}").format(was=f"{was}, {parts}" if parts else was)
    return [(words, "dim"), (", ", "dim"), change]


def opening(report: Report, figure: Figure, details: FigureDetails, currency: str) -> list[Piece]:
    """The words over the rows of an opened figure: of a finding its sentence, its sample and its
    rule, else the formula."""
    if report.name != "now":
        return sentence(report, figure, details, currency)
    values = _row(report, figure)
    return [
        (str(values["sentence"]), "text"),
        (f"  {values['sample']}; ", "dim"),
        *sentence(report, figure, details, currency),
    ]


def _row(table: Report, figure: Figure) -> Row:
    """The values of the first row of a figure."""
    key = figure.rows[0]
    if key == TOTAL:
        return table.totals
    return table.rows[table.keys.index(key)] if key in table.keys else {}


def lines(
    report: Report,
    figure: Figure,
    details: FigureDetails | None,
    currency: str,
    *,
    width: int,
    height: int,
) -> list[Line]:
    """The block under the table in at most ``height`` lines: one line of words, or a section with
    the words and the first rows where there is room."""
    pieces = sentence(report, figure, details, currency, short=width < 60)
    if height <= 2:
        return flowed(pieces, width, max(height, 1))
    name = _("{where} opened").format(where=figure.where)
    count = details.drill_down.counted if details is not None else None
    block = [section(name, width, count), *flowed(pieces, width, 3 if height > 4 else height - 1)]
    room = height - len(block)
    first: Sequence[FirstRow] = details.first_rows if details is not None else ()
    if room < 2 or not first:
        return block[:height]
    shown = first if len(first) <= room and count == len(first) else first[: room - 1]
    title = max(min(titles.in_columns(row.title for row in shown), width - 40), 16)
    subject = titles.column_of((row.title for row in shown), title)
    for row in shown:
        line = (
            cell(row.number, 8, "dim"),
            *titles.in_cells(row.title, title, subject),
            cell(row.figure, 8, "text", "right"),
            Run("   ", "text"),
            *make((row.word, row.token)),
        )
        block.append(clip(line, width))
    more = (count or 0) - len(shown)
    if more > 0:
        block.append(make((ngettext("{n} more", "{n} more", more).format(n=f"{more:,}"), "dim")))
    return block or [EMPTY]
