"""A lead as a row of a list and as a card of a board. Pure functions of a `LeadView`.

Columns stand in one order and drop out from the right kind first where the screen is narrow, so
that what is left never changes its place: `layout` says which there are, `head` and `row` draw
them, cell under cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tui_crm.core import money
from tui_crm.core.dates import labels
from tui_crm.core.dates.labels import day_label
from tui_crm.core.leads.views import LeadView
from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.lines import Align, Line, Run, beside, cell, cells, clip, fixed, make

SIGN = {"won": ("w", "won"), "lost": ("l", "lost"), "cancelled": ("x", "lost")}
NARROW = 58  # cells under which a row is moment, title and amount
AMOUNT, PERCENT, CLOSE, NEXT, STEP, IDLE, OWNER = 8, 5, 12, 13, 17, 6, 10


@dataclass(frozen=True)
class Layout:
    """The columns of a list and their widths in cells; 0 means that a column is not there."""

    width: int
    number: int
    title: int
    percent: int = 0
    close: int = 0
    next: int = 0
    step: int = 0
    idle: int = 0
    owner: int = 0

    @property
    def narrow(self) -> bool:
        return not self.number


def layout(width: int, largest: int, *, pane: bool = False, compact: bool = False) -> Layout:
    """The columns that have room in ``width`` cells. ``largest`` is the largest lead number;
    ``pane`` leaves out what the pane beside shows; ``compact`` adds what a pane would."""
    if width < NARROW:
        return Layout(width, 0, max(width - 2 - 6 - 7, 4))
    number = max(4, len(str(largest))) + 2
    left = width - 2 - number - AMOUNT
    sizes: dict[str, int] = {}
    wanted = [("next", NEXT), ("close", CLOSE), ("percent", PERCENT)]
    if pane:
        wanted.remove(("close", CLOSE))
    if compact:
        wanted += [("step", STEP), ("idle", IDLE), ("owner", OWNER)]
    for name, size in wanted:
        if left - size >= 22:
            sizes[name] = size
            left -= size
    # Beyond a good title the words do not grow, the row ends: the eye must cross no gap.
    return Layout(width, number, min(left, 52), **sizes)


def head(columns: Layout, sort: str, descending: bool) -> Line:
    """The row of column names; the sorted one is bold with ``v`` (largest first) or ``^``."""

    def name(word: str, key: str, size: int, align: Align = "left") -> Run:
        if key != sort:
            return cell(word, size, "dim", align)
        # The longest idle are those whose last action is longest ago.
        largest_first = descending != (key == "idle")
        return cell(f"{word} {'v' if largest_first else '^'}", size, "strong", align)

    if columns.narrow:
        return fixed(
            (
                Run("  ", "dim"),
                name(_("due"), "next", 6),
                name(_("lead"), "title", columns.title),
                name(_("amount"), "amount", 7, "right"),
            ),
            columns.width,
        )
    parts: list[Run] = [
        Run("  ", "dim"),
        name("#", "number", columns.number),
        name(_("lead"), "title", columns.title),
        name(_("amount"), "amount", AMOUNT, "right"),
    ]
    if columns.percent:
        parts.append(name("%", "probability", columns.percent, "right"))
    if columns.close:
        parts += [Run("  ", "dim"), name(_("close"), "close", columns.close - 2)]
    if columns.next:
        parts += [Run("  ", "dim"), name(_("next"), "next", columns.next - 2)]
    if columns.step:
        parts += [Run("  ", "dim"), name(_("step"), "step", columns.step - 2)]
    if columns.idle:
        parts.append(name(_("idle"), "idle", columns.idle, "right"))
    if columns.owner:
        parts += [Run("  ", "dim"), name(_("owner"), "owner", columns.owner - 2)]
    return clip(tuple(parts), columns.width)


def sign(lead: LeadView, marked: bool) -> tuple[str, str]:
    """The one sign of a row and its token: marked, else how it closed, else starred."""
    if marked:
        return "+", "key"
    return SIGN.get(lead.status) or (("*", "strong") if lead.starred else (" ", "text"))


def step_bar(lead: LeadView, width: int, *, quiet: bool = False) -> Line:
    """The step bar: how far through the steps of its pipeline a lead is, in ``width`` cells;
    ``quiet`` for one of many in a list."""
    token = "dim" if quiet else "won" if lead.status == "won" else "accent"
    done = "dim" if quiet else "won"
    return bars.progress_bar(lead.step_place, lead.step_count, width, token=token, done=done)


def is_late(lead: LeadView, now: datetime) -> bool:
    """Whether the moment of the next action has passed (a day: when it is over)."""
    following = lead.next
    if following is None or not lead.open:
        return False
    if following.at is not None:
        return following.at < now
    return following.day is not None and following.day < now.date()


def moment(lead: LeadView, now: datetime, narrow: bool = False) -> tuple[str, str]:
    """When the next action is, as a list says it, and its token: ``today 09:30``, ``! Thu``,
    ``no date``; a closed lead says when and that it closed."""
    if lead.closed is not None:
        if narrow:
            return labels.narrow(lead.closed, None, None, now), "dim"
        return f"{_(lead.status)} {day_label(lead.closed, now.date(), False)}", "dim"
    following = lead.next
    if following is None or (following.day is None and following.at is None):
        return (_("none") if narrow else _("no date")), "due"
    if narrow:
        text = labels.narrow(following.day, following.at, None, now)
        return text, "late" if is_late(lead, now) else "text"
    day = following.at.date() if following.at else following.day
    if day == now.date():
        text = _("today") + (f" {following.at:%H:%M}" if following.at else "")
    else:
        text = labels.short(following.day, following.at, None, now)
    return (f"! {text}", "late") if is_late(lead, now) else (text, "text")


def amount_of(lead: LeadView, currency: str) -> str:
    """The amount of a list; what is not known is a dash, never 0."""
    if lead.amount is None:
        return glyphs.active().nothing
    return money.compact(lead.amount, currency)


def row(lead: LeadView, columns: Layout, now: datetime, currency: str, marked: bool) -> Line:
    """The lead in the columns of ``columns``."""
    body = "text" if lead.open else "dim"
    first, first_token = sign(lead, marked)
    amount = amount_of(lead, currency)
    soon, soon_token = moment(lead, now, columns.narrow)
    if columns.narrow:
        if first == " " and soon_token == "late":
            first, first_token = "!", "late"
        return clip(
            (
                Run(f"{first} ", first_token),
                cell(soon, 6, soon_token),
                cell(lead.title, columns.title, body),
                cell(amount, 7, body, "right"),
            ),
            columns.width,
        )
    parts: list[Run] = [
        Run(f"{first} ", first_token),
        cell(str(lead.number), columns.number, "dim"),
        cell(lead.title, columns.title, body),
        cell(amount, AMOUNT, body, "right"),
    ]
    if columns.percent:
        likely = str(lead.probability) if lead.open else ""
        parts.append(cell(likely, columns.percent, body, "right"))
    if columns.close:
        parts += [Run("  ", body), *_close(lead, now, columns.close - 2, body)]
    if columns.next:
        parts += [
            Run("  ", body),
            cell(soon, columns.next - 2, body if soon_token == "text" else soon_token),
        ]
    if columns.step:
        bar = step_bar(lead, 5, quiet=True)
        parts += [Run("  ", "dim"), *bar, cell(f" {lead.step}", columns.step - 7, "dim")]
    if columns.idle:
        parts.append(cell(_("{n}d").format(n=lead.idle), columns.idle, "dim", "right"))
    if columns.owner:
        parts += [Run("  ", "dim"), cell(lead.owner or _("nobody"), columns.owner - 2, "dim")]
    return clip(tuple(parts), columns.width)


def _close(lead: LeadView, now: datetime, width: int, body: str) -> tuple[Run, ...]:
    """The expected closing date; one that has passed is late."""
    if lead.expected_close is None or not lead.open:
        return (cell(glyphs.active().nothing if lead.open else "", width, body),)
    text = day_label(lead.expected_close, now.date(), False)
    if lead.expected_close < now.date():
        return (cell(f"! {text}", width, "late"),)
    return (cell(text, width, body),)


def card(lead: LeadView, width: int, now: datetime, currency: str, marked: bool) -> Sequence[Line]:
    """The lead as a card: its title, then its moment and amount."""
    first, token = sign(lead, marked)
    body = "text" if lead.open else "dim"
    head_line = (Run(f"{first} ", token),) if first.strip() else ()
    title = (*head_line, cell(lead.title, max(width - cells(head_line), 1), body))
    soon, soon_token = moment(lead, now)
    low = beside(
        make((soon, "dim" if soon_token == "text" else soon_token)),
        make((amount_of(lead, currency), body)),
        width,
    )
    return [title, low]
