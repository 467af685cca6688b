"""The header: row 0 of every screen, with the day's calls and the month's money.

A figure that an act has changed is in the accent until the next key. `Header.show` takes one of
three frozen views: `HeaderView` (the tabs, the clock, calls and money of
the goal), `SessionView` (Calling: the tabs give way to the session) and `TitleView` (a place that
is no tab: import, keys). `header_line` is the pure function behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    beside,
    cells,
    clip,
    fixed,
    join,
    make,
)


@dataclass(frozen=True)
class Tab:
    """A screen one goes to: its capital and its name (already translated)."""

    key: str
    name: str


@dataclass(frozen=True)
class HeaderView:
    """What the header shows on an ordinary screen. Texts are ready to show."""

    tabs: tuple[Tab, ...]
    current: str
    """Key of the current tab."""
    day: str = ""
    """``Mon 23 Nov``; left out where there is no room."""
    clock: str = ""
    calls: int = 0
    calls_goal: int | None = None
    won: str = ""
    """The month's won money, ``€12.4k``; from 118 columns."""
    won_goal: str = ""
    won_part: float = 0.0
    """Won money as a part of its goal, 0 to 1 and above."""
    late: int = 0
    """With ``due``: the counts of the narrow form, under 60 columns."""
    due: int = 0


@dataclass(frozen=True)
class SessionView:
    """What the header shows in Calling."""

    key: str
    name: str
    """Of the prospect list."""
    row: int
    total: int
    done: int
    """Rows with an outcome that ends them."""
    calls: int = 0
    calls_goal: int | None = None
    reached: int = 0
    per_hour: int | None = None
    """Calls per active hour; None while there are too few."""
    clock: str = ""
    leads: int = 0
    """Made today out of prospects; shown where there is room, unless there is none."""


@dataclass(frozen=True)
class TitleView:
    """What the header shows on a screen that is no tab."""

    chip: str
    title: str = ""
    note: str = ""
    """Dim, behind the title; left out where there is no room."""
    right: Line = field(default=EMPTY)


AnyView = HeaderView | SessionView | TitleView

FIGURES = ("calls", "reached", "leads", "won", "late", "due")
"""The fields of a view that an act can change."""

Changed = frozenset[str]
NONE: Changed = frozenset()


def _number(count: int) -> str:
    return f"{count:,}"


def _chip(text: str, width: int) -> Line:
    return clip(make((f" {text} ", "chip")), width)


def _figure(name: str, changed: Changed, token: str = "strong") -> str:
    """The token of a figure: the accent where it has just changed."""
    return "accent.b" if name in changed else token


def _goal(part: str, goal: int | str | None, token: str = "strong") -> Line:
    return make((part, token), (f"/{goal}" if goal not in (None, "", 0) else "", "dim"))


def _tabs(view: HeaderView) -> Line:
    pieces = []
    for tab in view.tabs:
        if tab.key == view.current:
            pieces.append((f" {tab.key} {tab.name} ", "chip"))
        else:
            pieces += [(" ", "dim"), (tab.key, "key"), (f" {tab.name} ", "dim")]
    return make(*pieces)


def _calls(view: HeaderView | SessionView, line_width: int, changed: Changed) -> Line:
    head = make((_("calls") + " ", "dim"))
    figure = _goal(_number(view.calls), view.calls_goal, _figure("calls", changed))
    if not view.calls_goal or not line_width:
        return (*head, *figure)
    return (*head, *figure, *make(" "), *bars.progress_bar(view.calls, view.calls_goal, line_width))


def _first_that_fits(forms: list[Callable[[], Line]], room: int) -> Line:
    """The fullest form that fits into ``room`` cells; nothing when none does."""
    for form in forms:
        line = form()
        if cells(line) <= room:
            return line
    return EMPTY


def _ordinary(view: HeaderView, width: int, changed: Changed) -> Line:
    tabs = _tabs(view)
    room = width - cells(tabs) - 2
    clock = make((view.clock, "dim"))
    moment = make((f"{view.day} {view.clock}".strip(), "dim"))
    won = EMPTY
    if view.won:
        won = (
            *make((_("won") + " ", "dim")),
            *_goal(view.won, view.won_goal, _figure("won", changed)),
        )
        if view.won_goal:
            won = (*won, *make(" "), *bars.progress_bar(view.won_part, 1, 8, token="won"))
    wide = width >= 118
    forms: list[Callable[[], Line]] = []
    if wide:
        forms += [lambda: join((moment, _calls(view, 14, changed), won), "   ")]
        forms += [lambda: join((moment, _calls(view, 8, changed), won), "   ")]
    if width >= 100:
        forms += [lambda: join((moment, _calls(view, 14, changed)), "   ")]
    forms += [
        lambda: join((clock, _calls(view, 9, changed)), "  "),
        lambda: join((clock, _calls(view, 0, changed)), "  "),
        lambda: clock,
    ]
    right = _first_that_fits(forms, room)
    return _edge(tabs, right, width)


def _counts(view: HeaderView, width: int, changed: Changed) -> Line:
    """Under 60 columns: the chip and three counts."""
    name = next((tab.name for tab in view.tabs if tab.key == view.current), view.current)
    chip = _chip(name, width)
    late = make((f"!{view.late} " + _("late"), "late.b")) if view.late else EMPTY
    due = make(f"{view.due} " + _("due"))
    count = f"{view.calls}/{view.calls_goal}" if view.calls_goal else str(view.calls)
    calls = make((count, _figure("calls", changed, "dim")))
    right = _first_that_fits(
        [
            lambda: join((late, due, calls)),
            lambda: join((late, due)),
            lambda: late or due,
        ],
        width - cells(chip) - 3,
    )
    return _edge(chip, right, width)


def _edge(left: Line, right: Line, width: int) -> Line:
    """``left`` and ``right`` at the two ends of ``width`` cells, the last of them air."""
    return fixed(beside(left, right, width - 1), width)


def _session(view: SessionView, width: int, changed: Changed) -> Line:
    per_hour = glyphs.active().nothing if view.per_hour is None else str(view.per_hour)
    # Between rows, with nobody to call, the place is how far the list is.
    place = f"{_number(view.row or view.done)}/{_number(view.total)}"
    if width < 60:
        chip = _chip(view.name, max(width - cells(make(place)) - 12, 8))
        count = f"{view.calls}/{view.calls_goal}" if view.calls_goal else str(view.calls)
        figure = make((count, _figure("calls", changed, "text")))
        right = join((make((place, "dim")), figure))
        return _edge(chip, right, width)
    wide = width >= 100
    reached = make(
        (_("reached") + " ", "dim"),
        (_number(view.reached), _figure("reached", changed, "strong" if wide else "text")),
    )
    speed = make((f"{per_hour}/h", "dim"))
    clock = make((view.clock, "dim" if wide else "text"))
    leads = EMPTY
    if view.leads:
        leads = make(
            (_("leads") + " ", "dim"), (_number(view.leads), _figure("leads", changed, "won"))
        )
    if wide:
        right_forms: list[Callable[[], Line]] = [
            lambda: join((_calls(view, 14, changed), reached, leads, speed, clock), "   "),
            lambda: join((_calls(view, 8, changed), reached, leads, speed, clock), "   "),
            lambda: join((_calls(view, 14, changed), reached, speed, clock), "   "),
            lambda: join((_calls(view, 8, changed), reached, speed, clock), "   "),
            lambda: join((_calls(view, 0, changed), reached, speed, clock)),
            lambda: clock,
        ]
    else:
        calls = make(
            (_("calls") + " ", "dim"),
            (
                f"{view.calls}/{view.calls_goal}" if view.calls_goal else str(view.calls),
                _figure("calls", changed, "text"),
            ),
        )
        right_forms = [
            lambda: join((calls, reached, leads, speed, clock), "   "),
            lambda: join((calls, reached, leads, speed, clock)),
            lambda: join((calls, reached, speed, clock), "   "),
            lambda: join((calls, reached, clock)),
            lambda: join((calls, clock)),
            lambda: clock,
        ]
    chip = _chip(f"{view.key} {view.name}", 34 if wide else 28)
    done = make((f" {_number(view.done)} " + _("done"), "dim"))
    row = make((_("row") + " ", "dim")) if view.row else EMPTY
    left_forms: list[Callable[[], Line]] = [
        lambda: (
            *chip,
            *make(" "),
            *make((place + " ", "text")),
            *bars.progress_bar(view.done, view.total, 10),
        ),
        lambda: (*chip, *make((f" {place}", "text"))),
        lambda: chip,
    ]
    if wide:
        left_forms.insert(
            0,
            lambda: (
                *chip,
                *make(" "),
                *row,
                *make((place + " ", "text")),
                *bars.progress_bar(view.done, view.total, 14),
                *done,
            ),
        )
    left = _first_that_fits(left_forms, width - 4)
    for form in left_forms:
        left = form()
        # The first three show calls, reached and speed, with or without the leads.
        right = _first_that_fits(right_forms[:3], width - cells(left) - 3)
        if right:
            break
    else:
        right = _first_that_fits(right_forms, width - cells(left) - 3)
    return _edge(left, right, width)


def _title(view: TitleView, width: int) -> Line:
    chip = _chip(view.chip, width - 2)
    left = (*chip, *make((f" {view.title}" if view.title else "", "strong")))
    whole = join((left, make((view.note, "dim"))), "  " if not view.title else "   ")
    if view.note and cells(whole) + cells(view.right) + 4 <= width:
        left = whole
    return _edge(left, view.right, width)


def header_line(view: AnyView, width: int, changed: Changed = NONE) -> Line:
    """The header row for ``view`` in exactly ``width`` cells, the figures ``changed`` (of FIGURES)
    in the accent."""
    if isinstance(view, SessionView):
        return _session(view, width, changed)
    if isinstance(view, TitleView):
        return _title(view, width)
    return _counts(view, width, changed) if width < 60 else _ordinary(view, width, changed)


class Header(LineWidget):
    """Row 0: `show` a view; an unchanged row is not sent again."""

    GROUND = "raised"

    DEFAULT_CSS = "Header { dock: top; height: 1; }"

    def __init__(self, view: AnyView | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view = view
        self._compared = view
        self._changed = NONE

    @property
    def view(self) -> AnyView | None:
        """What is shown."""
        return self._view

    def show(self, view: AnyView) -> None:
        """Show ``view``; the figures that are not what they were are in the accent, until
        `settle`."""
        if self._compared is not None and type(view) is type(self._compared):
            self._changed |= frozenset(
                name
                for name in FIGURES
                if getattr(view, name, None) != getattr(self._compared, name, None)
            )
        self._view = self._compared = view
        self.redraw()

    def settle(self, *, again: bool = False) -> None:
        """A key was pressed: no figure is new any more. ``again``: the screen is shown after
        others, and what changed meanwhile was seen there."""
        if again:
            self._compared = None
        if self._changed:
            self._changed = NONE
            self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        view = self._view
        return [header_line(view, width, self._changed)] if view is not None else []
