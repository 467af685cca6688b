"""A row of Today: sign, moment, company and subject, amount, what is to be done.

The columns are as wide as the rows of the day need, while there is room: the words of a row begin
behind the longest title, and where all of them fit beside a pane they are shown there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_crm.core import money
from tui_crm.core.leads.next_actions import DayRow
from tui_crm.core.text import _
from tui_crm.tui.widgets import titles
from tui_crm.tui.widgets.kinds import next_words
from tui_crm.tui.widgets.lead_rows import priority_sign
from tui_crm.tui.widgets.lines import Line, Run, cell, cells, clip, indent, join, make, plain

NARROW = 58  # cells below which a moment takes five of them, and nothing stands behind the amount
TITLE = 24  # cells that a title keeps
WORDS = 19  # cells that the words of a row get before a title takes more, in one pane
SIGN, MOMENT, AMOUNT = 2, 11, 7


@dataclass(frozen=True)
class DayLayout:
    """The columns of a day in ``width`` cells: those of the title and where its subject begins;
    ``whole``: the words of a next action in full, else its kind alone."""

    width: int
    title: int
    subject: int
    whole: bool = True

    @property
    def narrow(self) -> bool:
        return self.width < NARROW


def layout(rows: Sequence[DayRow], width: int, beside: bool) -> DayLayout:
    """The columns for these rows; ``beside`` a pane that shows the words of the one under the
    cursor."""
    if width < NARROW:
        return DayLayout(width, max(width - SIGN - 6 - AMOUNT, 4), 0)
    leads = [row for row in rows if row.what == "lead"]
    names = [row.title for row in leads]
    left = width - SIGN - MOMENT - AMOUNT - 2
    longest = -(-titles.longest(names) // 4) * 4  # in steps of four: a day changes, columns rarely
    words = max((cells(_words(row, True, "dim")) for row in leads), default=0)
    whole = not beside or longest + words <= left
    if not whole:
        words = max((cells(_words(row, False, "dim")) for row in leads), default=0)
    kept = min(words, max(left - longest, WORDS if whole else words))
    title = max(TITLE, min(longest, left - kept))
    return DayLayout(width, title, titles.column_of(names, title), whole)


def _words(row: DayRow, whole: bool, token: str, hue: bool = True) -> Line:
    """What is to be done, and whose it was; without ``whole`` its kind alone, if it has one."""
    if row.what == "appointment":
        return make((_("appointment"), token))
    if row.what == "client":
        return make((_("client"), token))
    words = next_words(row.kind, row.text if whole or not row.kind else "", token, hue)
    if not row.owner:
        return words
    return join((make((_("of {name}").format(name=row.owner), token)), words))


def draw(
    row: DayRow,
    columns: DayLayout,
    sign: tuple[str, str],
    moment: tuple[str, str],
    currency: str,
    *,
    later: bool,
) -> Line:
    """The row with its sign and its moment, each with a token; ``later``: not to be done yet."""
    body = "dim" if later else "text"
    when, tone = moment
    company = body if later else "strong"
    start: Line = (
        Run(*sign),
        Run(*priority_sign(row.priority)),
        cell(when, 6 if columns.narrow else MOMENT, body if tone == "text" else tone),
    )
    if row.what == "prospect" and not columns.narrow:
        # A callback has no amount, and its kind goes without saying: its words take all the room.
        room = columns.width - cells(start)
        words = plain(_words(row, True, "dim"))
        named = titles.side_by_side(row.title, words, room, columns.subject, company)
        return (*start, *named)
    amount = money.compact(row.amount, currency) if row.amount else ""
    line: Line = (
        *start,
        *titles.in_cells(row.title, columns.title, columns.subject, company),
        cell(amount, AMOUNT, body, "right"),
    )
    if not columns.narrow:
        line = (*line, *indent(_words(row, columns.whole, "dim", hue=not later), 2))
    return clip(line, columns.width)
