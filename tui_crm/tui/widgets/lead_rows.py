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
from tui_crm.core.dates.labels import compact_day
from tui_crm.core.leads.views import LeadView
from tui_crm.core.text import _, wrap
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars, titles
from tui_crm.tui.widgets.lines import Align, Line, Run, beside, cell, cells, clip, fixed, join, make

SIGN = {"won": ("w", "won"), "lost": ("l", "lost"), "cancelled": ("x", "lost")}
NARROW = 58  # cells under which a row is moment, title and amount
TITLE = 22  # cells that the title keeps before a further column is shown


@dataclass(frozen=True)
class Column:
    """A column beside number and title: its head, the order that its head shows, its width in
    cells with the gap before it."""

    word: str
    sort: str
    size: int
    right: bool = False


def N_(message: str) -> str:
    """Marks a text for translation; it is translated where it is used."""
    return message


COLUMNS = {
    "amount": Column(N_("amount"), "amount", 8, right=True),
    "percent": Column("%", "probability", 5, right=True),
    "close": Column(N_("close"), "close", 12),
    "next": Column(N_("next"), "next", 13),
    "step": Column(N_("step"), "step", 17),
    "contacted": Column(N_("contact"), "contacted", 10),
    "age": Column(N_("age"), "age", 7, right=True),
    "idle": Column(N_("idle"), "idle", 6, right=True),
    "owner": Column(N_("owner"), "owner", 10),
    "client": Column(N_("client"), "", 18),
    "tags": Column(N_("tags"), "", 16),
    "created": Column(N_("created"), "created", 12),
    "source": Column(N_("source"), "", 14),
    "score": Column(N_("score"), "score", 7, right=True),
}
SHOWN = ("amount", "percent", "close", "next", "step", "idle", "owner")  # where none are chosen
FIRST = ("amount", "next", "close", "percent", "step", "idle", "owner")  # in which they find room
GROWS = {"next": 4, "owner": 8, "step": 8, "client": 12, "source": 8, "tags": 16}
"""Cells that a column takes more where a good title leaves them, in this order: room for the clock
of a next action that is far off, and for longer names."""
GOOD, WIDE = 52, 72  # cells of a good title, and of the widest: the eye must cross no gap
QUIET = ("step", "contacted", "age", "idle", "owner", "client", "tags", "created", "source")


@dataclass(frozen=True)
class Layout:
    """The columns of a list: the cells of number and title, and the names of what follows."""

    width: int
    number: int
    title: int
    columns: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    """Their cells, with the gap before each."""
    subject: int = 0
    """The cell of the title where its subject begins."""

    @property
    def narrow(self) -> bool:
        return not self.number


def layout(
    width: int,
    largest: int,
    *,
    pane: bool = False,
    compact: bool = False,
    chosen: Sequence[str] = (),
) -> Layout:
    """The columns that have room in ``width`` cells. ``largest`` is the largest lead number;
    ``pane`` leaves out what the pane beside shows; ``compact`` adds what a pane would; ``chosen``
    are those that were asked for, in their order, in place of the usual ones."""
    if width < NARROW:
        return Layout(width, 0, max(width - 2 - 6 - 7, 4))
    number = max(4, len(str(largest))) + 2
    left = width - 2 - number
    wanted = list(chosen) or [
        name for name in (FIRST if compact else FIRST[:4]) if not (pane and name == "close")
    ]
    there = set()
    for name in wanted:
        if left - COLUMNS[name].size >= TITLE:
            there.add(name)
            left -= COLUMNS[name].size
    columns = tuple(name for name in chosen or SHOWN if name in there)
    sizes = {name: COLUMNS[name].size for name in columns}
    for name, more in GROWS.items():
        if name in sizes and left - more >= GOOD:
            sizes[name] += more
            left -= more
    title = min(left, WIDE)
    return Layout(width, number, title, columns, tuple(sizes.values()), title * 5 // 9)


def head(columns: Layout, sort: str, descending: bool) -> Line:
    """The row of column names; the sorted one is bold with ``v`` (largest first) or ``^``."""

    def name(word: str, key: str, size: int, align: Align = "left") -> Run:
        if not key or key != sort:
            return cell(word, size, "dim", align)
        # The longest idle are those whose last action is longest ago.
        largest_first = descending != (key in ("idle", "age"))
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
    ]
    for key, size in zip(columns.columns, columns.sizes, strict=True):
        one = COLUMNS[key]
        if one.right:
            parts.append(name(_(one.word), one.sort, size, "right"))
        else:
            parts += [Run("  ", "dim"), name(_(one.word), one.sort, size - 2)]
    return clip(tuple(parts), columns.width)


def sign(lead: LeadView, marked: bool) -> tuple[str, str]:
    """The one sign of a row and its token: marked, else how it closed, else starred."""
    if marked:
        return "+", "key"
    return SIGN.get(lead.status) or (("*", "strong") if lead.starred else (" ", "text"))


def priority_sign(priority: str) -> tuple[str, str]:
    """The sign of a priority beside the star, and its token; a blank for none."""
    if priority == "none":
        return " ", "text"
    active = glyphs.active()
    return (active.up, "strong") if priority == "high" else (active.down, "dim")


def step_bar(lead: LeadView, width: int, *, quiet: bool = False) -> Line:
    """The step bar: how far through the steps of its pipeline a lead is, in ``width`` cells;
    ``quiet`` for one of many in a list."""
    token = "dim" if quiet else "won" if lead.status == "won" else "accent"
    done = "dim" if quiet else "won"
    return bars.progress_bar(lead.step_place, lead.step_count, width, token=token, done=done)


def step_days(lead: LeadView) -> str:
    """For how many days a lead stands on its step, and how many it is to: ``! 12/7d``."""
    return _("! {n}/{most}d").format(n=lead.in_step, most=lead.step_target)


def is_late(lead: LeadView, now: datetime) -> bool:
    """Whether the next action is late (`labels.is_late`)."""
    following = lead.next
    return following is not None and lead.open and labels.is_late(following.day, following.at, now)


def moment(lead: LeadView, now: datetime, narrow: bool = False, room: int = 9) -> tuple[str, str]:
    """When the next action is, as a list says it, and its token: ``today 09:30``, ``now``,
    ``! Thu``, ``no date``; a closed lead says when and that it closed, or only when where that
    takes more than ``room`` and the two cells of a sign (its own sign says how)."""
    if lead.closed is not None:
        if narrow:
            return labels.narrow(lead.closed, None, None, now), "dim"
        closed = compact_day(lead.closed, now.date())
        words = f"{_(lead.status)} {closed}"
        return words if cells(make(words)) <= room + 2 else closed, "dim"
    following = lead.next
    if following is None or (following.day is None and following.at is None):
        return (_("none") if narrow else _("no date")), "due"
    if labels.is_now(following.at, now):
        return _("now"), "due.b"
    if narrow:
        text = labels.narrow(following.day, following.at, None, now)
        return text, "late" if is_late(lead, now) else "text"
    day = following.at.date() if following.at else following.day
    if day == now.date():
        text = _("today") + (f" {following.at:%H:%M}" if following.at else "")
    else:
        text = labels.short(following.day, following.at, None, now, room)
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
                Run(first, first_token),
                Run(*priority_sign(lead.priority)),
                cell(soon, 6, soon_token),
                *_title(lead, columns),
                cell(amount, 7, body, "right"),
            ),
            columns.width,
        )
    parts: list[Run] = [
        Run(first, first_token),
        Run(*priority_sign(lead.priority)),
        cell(str(lead.number), columns.number, "dim"),
        *_title(lead, columns),
    ]
    for name, size in zip(columns.columns, columns.sizes, strict=True):
        parts += _cell(lead, name, now, currency, size)
    return clip(tuple(parts), columns.width)


def _title(lead: LeadView, columns: Layout) -> Line:
    """Company and subject; those of a closed lead are quiet."""
    company = "strong" if lead.open else "dim"
    return titles.in_cells(lead.title, columns.title, columns.subject, company)


def _cell(lead: LeadView, name: str, now: datetime, currency: str, size: int) -> tuple[Run, ...]:
    """A lead in one column, in exactly ``size`` cells, the gap before it among them."""
    column = COLUMNS[name]
    body = "dim" if name in QUIET or not lead.open else "text"
    if column.right:
        return (cell(_figure(lead, name, currency), size, body, "right"),)
    size -= 2
    if name == "close":
        return (Run("  ", body), *_close(lead, now, size, body))
    if name == "next":
        soon, token = moment(lead, now, room=size - 2)  # behind the sign of a late one
        return Run("  ", body), cell(soon, size, body if token == "text" else token)
    if name == "step":
        return (
            Run("  ", "dim"),
            *step_bar(lead, 5, quiet=True),
            cell(f"! {lead.step}", size - 5, "late")
            if lead.step_late
            else cell(f" {lead.step}", size - 5, "dim"),
        )
    return Run("  ", "dim"), cell(_words(lead, name, now), size, "dim")


def _figure(lead: LeadView, name: str, currency: str) -> str:
    """What stands in a column of figures."""
    if name == "amount":
        return amount_of(lead, currency)
    if name == "percent":
        return str(lead.probability) if lead.open else ""
    if name == "score":
        return glyphs.active().nothing if lead.chance is None else f"{lead.chance:.0%}"
    return _("{n}d").format(n=lead.age if name == "age" else lead.idle)


def _words(lead: LeadView, name: str, now: datetime) -> str:
    """What stands in a column of words or days."""
    nothing = glyphs.active().nothing
    if name == "owner":
        return lead.owner or _("nobody")
    if name == "contacted":
        return compact_day(lead.contacted.date(), now.date()) if lead.contacted else nothing
    if name == "created":
        return compact_day(lead.created, now.date())
    if name == "tags":
        return ", ".join(lead.tags) or nothing
    return (lead.client if name == "client" else lead.source) or nothing


def _close(lead: LeadView, now: datetime, width: int, body: str) -> tuple[Run, ...]:
    """The expected closing date; one that has passed is late."""
    if lead.expected_close is None or not lead.open:
        return (cell(glyphs.active().nothing if lead.open else "", width, body),)
    text = compact_day(lead.expected_close, now.date())
    if lead.expected_close < now.date():
        return (cell(f"! {text}", width, "late"),)
    return (cell(text, width, body),)


def card(
    lead: LeadView, width: int, now: datetime, currency: str, marked: bool, *, low: bool = False
) -> Sequence[Line]:
    """The lead as a card: its company, its subject, its moment and amount; ``low`` in two rows,
    where the subject stands between moment and amount."""
    first, token = sign(lead, marked)
    body = "text" if lead.open else "dim"
    shown = [one for one in ((first, token), priority_sign(lead.priority)) if one[0].strip()]
    head_line = (*(Run(*one) for one in shown), Run(" ", "text")) if shown else ()
    company, subject = titles.split(lead.title)
    name = (*head_line, *make((company, "strong" if lead.open else "dim")))
    soon, soon_token = moment(lead, now)
    when = make((soon, "dim" if soon_token == "text" else soon_token))
    amount = make((amount_of(lead, currency), body))
    if lead.step_late:
        amount = (*make((f"{step_days(lead)} ", "late")), *amount)
    if low:
        when = join((when, make((subject, "dim"))))
        return [fixed(name, width), beside(when, amount, width)]
    below = make((subject, "dim"))
    if cells(name) > width:
        # A company that is too long goes on in the row of its subject.
        head, *rest = wrap(company, max(width - cells(head_line), 1))
        token = name[-1].token
        name = (*head_line, *make((head, token)))
        below = join((make((" ".join(rest), token)), below))
    return [
        fixed(name, width),
        fixed(below, width),
        beside(when, amount, width),
    ]
