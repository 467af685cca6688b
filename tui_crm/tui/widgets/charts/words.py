"""The figure under the cursor, opened in words: formula, n of d, what was left out, first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_crm.core import money
from tui_crm.core.reports.types import TOTAL, Column, Opened, Rate, Report
from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import Figure, flowed
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, cell, clip, make, section

Piece = tuple[str, str]


@dataclass(frozen=True)
class FirstRow:
    """One of the rows behind a figure, in words: number, title, figure, and a word on it."""

    number: str
    title: str
    figure: str
    word: str
    token: str = "dim"


@dataclass(frozen=True)
class Behind:
    """What is behind a figure, once it was counted: the opening, and its first rows."""

    opened: Opened
    first: tuple[FirstRow, ...] = ()


def part_of(report: Report, figure: Figure) -> Report:
    """The table of the report that a figure is in."""
    return report.second if figure.part and report.second is not None else report


def column_of(report: Report, figure: Figure) -> Column:
    """Its column."""
    table = part_of(report, figure)
    return next(column for column in table.columns if column.key == figure.column)


def before_of(report: Report, figure: Figure) -> object:
    """The same figure in the period compared with; None where there is none. Rows that are parts
    of the period are matched by their place, others by their name."""
    if report.before is None or len(figure.rows) != 1:
        return None
    now, then = part_of(report, figure), part_of(report.before, figure)
    key = figure.rows[0]
    if key == TOTAL:
        return then.totals.get(figure.column)
    if key in now.keys and now.columns[0].key in ("period", "cohort"):
        place = now.keys.index(key)
        same = len(now.keys) == len(then.keys) or place < len(then.keys)
        return then.rows[place].get(figure.column) if same else None
    if key in then.keys:
        return then.rows[then.keys.index(key)].get(figure.column)
    return None


def sentence(
    report: Report, figure: Figure, behind: Behind | None, currency: str, short: bool = False
) -> list[Piece]:
    """``win rate = won / (won + lost) = 9 of 26; …`` in pieces."""
    table, column = part_of(report, figure), column_of(report, figure)
    opened = behind.opened if behind is not None else None
    value = figure.value
    if report.name == "now":  # a finding is made by the rule of its row
        rule = " ".join(table.formulas.get(row, "") for row in figure.rows)
        return [(_("counted: "), "text"), (rule, "dim")]
    formula, unit = table.formulas.get(figure.column, ""), column.unit
    if unit == "goal" and len(figure.rows) == 1:
        unit = "money" if _values(table, figure.rows[0]).get("goal") == "amount" else "count"
    text = figures.of_parts(value) or figures.said(value, unit, currency, full=True)
    if unit == "rate" and isinstance(value, Rate) and _of_money(table, figure):
        text = _("{n} of {d}").format(
            n=money.full(value.n, currency), d=money.full(value.d, currency)
        )
    if figure.column == "calls_per_hour" and isinstance(value, Rate) and value.d:
        # Its parts are kept in seconds, the calls 3600-fold above them.
        text = _("{n} = {calls} in {hours} h").format(
            n=figures.said(value, unit, currency),
            calls=f"{value.n // 3600:,}",
            hours=f"{value.d / 3600:,.1f}",
        )
    if opened is not None and column.key == "average_won" and opened.denominator:
        text += _(", of {n} leads").format(n=opened.denominator)
    pieces: list[Piece] = [
        (column.label, "text"),
        (f" = {formula} = " if formula else " = ", "dim"),
        (text, "strong"),
    ]
    if short:  # the figure before its formula: that may be cut
        pieces = [(f"{column.label} ", "text"), (text, "strong"), (f" = {formula}", "dim")]
    if figure.column == "win_rate" and len(figure.rows) == 1:
        values = _values(table, figure.rows[0])
        if values.get("cancelled") and values.get("win_rate_all"):
            pieces += [
                (_("; with the {n} cancelled ").format(n=values["cancelled"]), "dim"),
                (figures.of_parts(values["win_rate_all"]), "text"),
            ]
    before = before_of(report, figure)
    change = figures.change(column, value, before)
    if change is not None:
        was = figures.said(before, column.unit, currency)
        parts = figures.of_parts(before)
        pieces += [
            (_("; before {was}").format(was=f"{was}, {parts}" if parts else was), "dim"),
            (", ", "dim"),
            change,
        ]
    if opened is not None and opened.left_out:
        reasons: dict[str, int] = {}
        for _number, reason in opened.left_out:
            reasons[reason] = reasons.get(reason, 0) + 1
        said = ", ".join(f"{n} {reason}" for reason, n in reasons.items())
        pieces.append((_("; left out: {reasons}").format(reasons=said), "dim"))
    for row in figure.rows:
        if (row, figure.column) in table.small:
            pieces.append((_("; a small sample"), "due"))
            break
    return pieces


def opening(report: Report, figure: Figure, behind: Behind, currency: str) -> list[Piece]:
    """The words over the rows of an opened figure: of a finding its sentence, its sample and its
    rule, else the formula."""
    if report.name != "now":
        return sentence(report, figure, behind, currency)
    values = _values(report, figure.rows[0])
    return [
        (str(values["sentence"]), "text"),
        (f"  {values['sample']}; ", "dim"),
        *sentence(report, figure, behind, currency),
    ]


def _of_money(table: Report, figure: Figure) -> bool:
    """Whether a rate is one of sums of money: its parts are minor units."""
    return len(figure.rows) == 1 and _values(table, figure.rows[0]).get("goal") == "amount"


def _values(table: Report, key: str) -> dict[str, object]:
    if key == TOTAL:
        return table.totals
    return table.rows[table.keys.index(key)] if key in table.keys else {}


def opened_lines(
    report: Report, figure: Figure, behind: Behind | None, width: int, height: int, currency: str
) -> list[Line]:
    """The block under the table in at most ``height`` rows: one row of words, or a section with
    the words and the first rows where there is room."""
    pieces = sentence(report, figure, behind, currency, short=width < 60)
    if height <= 2:
        return flowed(pieces, width, max(height, 1))
    name = _("{where} opened").format(where=figure.where)
    count = behind.opened.counted if behind is not None else None
    lines = [section(name, width, count), *flowed(pieces, width, 3 if height > 4 else height - 1)]
    room = height - len(lines)
    first: Sequence[FirstRow] = behind.first if behind is not None else ()
    if room < 2 or not first:
        return lines[:height]
    shown = first if len(first) <= room and count == len(first) else first[: room - 1]
    title = min(36, max(width // 2, 16))
    for row in shown:
        lines.append(
            clip(
                (
                    cell(row.number, 8, "dim"),
                    cell(row.title, title, "text"),
                    cell(row.figure, 8, "text", "right"),
                    Run("   ", "text"),
                    *make((row.word, row.token)),
                ),
                width,
            )
        )
    more = (count or 0) - len(shown)
    if more > 0:
        lines.append(make((ngettext("{n} more", "{n} more", more).format(n=f"{more:,}"), "dim")))
    return lines or [EMPTY]
