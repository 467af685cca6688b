"""Week: what has a moment, by day and by hour; moved by a key or by a typed date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui_crm.core.dates import labels
from tui_crm.core.dates.labels import day_label, instant, length_in_words
from tui_crm.core.dates.reading import Reading
from tui_crm.core.leads import appointments, next_actions, week
from tui_crm.core.leads.week import Timed, WeekDay
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.appointments import block_time, clash_words
from tui_crm.tui.screens.leads.side_pane import WIDE, LeadPane
from tui_crm.tui.widgets import titles, week_strip
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.kinds import next_words
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, cell, clip, indent, join, make
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

NARROW = 58  # cells below which nothing stands behind the title
LOW = 18  # rows below which the list has the screen for itself
MOMENT = 11  # cells of a moment


class WeekScreen(LeadActions):
    """Seven days with what is timed on them: above by the hour, below a row each."""

    NAME = "week"
    TAB = "T"

    def __init__(self) -> None:
        super().__init__()
        self.records = RecordList()
        self.pane = LeadPane()
        self.grid = LinesView(id="week-strip")
        self.days: tuple[WeekDay, ...] = ()
        self._weeks_on = 0

    def middle(self) -> Iterable[Widget]:
        yield Horizontal(Vertical(self.grid, self.records), self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    # -- the contract --------------------------------------------------------------------------

    @property
    def first(self) -> date:
        """The Monday of the week that is shown."""
        today = self.session.today
        return today + timedelta(days=7 * self._weeks_on - today.weekday())

    def reload(self) -> None:
        self.show(week.week(self.session, self.first))
        self.show_frame()

    def show(self, days: tuple[WeekDay, ...]) -> None:
        """A pure function of the days and the size."""
        self.days = days
        # A weekend without anything is no row.
        shown = [day for day in days if day.works or day.timed or day.untimed]
        today = self.session.today
        first, last = self.first, self.first + timedelta(days=6)
        name = f"{day_label(first, today, False)} – {day_label(last, today, False)}"
        tall = self.size.height >= LOW
        self.grid.display = tall
        self.grid.styles.height = len(shown) + 2
        self.grid.show(
            lambda width, height: [
                indent(line) for line in week_strip.strip(shown, width - 2, today, name)
            ]
        )
        rows: list[Row] = [] if tall else [Row.section(name)]
        for day in shown:
            if day.timed or day.untimed or not tall:
                rows += self._day(day)
        self.records.show(ListRows(rows), None)
        self.marks.update(dict.fromkeys(self.order(), 0))
        self._show_pane()

    def _day(self, day: WeekDay) -> list[Row]:
        notes = []
        if day.booked:
            notes.append(_("{time} booked").format(time=length_in_words(day.booked)))
        if day.untimed:
            notes.append(_("{n} any time").format(n=day.untimed))
        if not day.works:
            notes.append(_("day off"))
        today = self.session.today
        token = "strong" if day.day == today else "dim" if day.day < today else "text"
        head = Row.section(
            day_label(day.day, today), len(day.timed) or None, ", ".join(notes), token
        )
        return [head, *(self._row(one, day) for one in day.timed)]

    def _row(self, one: Timed, day: WeekDay) -> Row:
        now = self.session.now
        late = one.what != "appointment" and labels.is_late(None, one.at, now)
        marked = one.what == "lead" and one.id in self.marks
        over = one.what == "appointment" and one.until <= now

        def draw(width: int) -> Line:
            sign, token = ("+", "key") if marked else ("!", "late") if late else (" ", "text")
            body = "dim" if over else "text"
            moment = f"{one.at:%H:%M} {_length(one.minutes)}"
            narrow = width < NARROW
            title_width = width - 2 - MOMENT if narrow else max(24, (width - 2 - MOMENT) * 3 // 5)
            line: Line = (
                Run(f"{sign} ", token),
                cell(moment, MOMENT, "late" if late else body),
                *self._title(one, title_width, body),
            )
            if not narrow:
                kind = "" if one.what == "appointment" else one.kind
                words = next_words(kind, one.text, "dim", hue=not over)
                if one.what == "appointment":
                    words = make((_("appointment"), "dim"))
                clash = make((_("clash"), "due")) if day.overlaps(one) else EMPTY
                line = (*line, *indent(join((clash, words)), 2))
            return clip(line, width)

        return Row.item(_id(one), draw)

    def _title(self, one: Timed, width: int, token: str) -> Line:
        """Company and subject of a lead in two columns of the whole week; else the words."""
        if one.what == "appointment":
            return (cell(one.title, width, token),)
        every = (other.title for day in self.days for other in day.timed)
        return titles.in_cells(one.title, width, titles.column_of(every, width), token)

    def tick(self) -> None:
        super().tick()
        if self.days and self.session.now.second < 2:
            self.show(self.days)

    # -- what is under the cursor --------------------------------------------------------------

    @property
    def timed(self) -> Timed | None:
        """What the cursor stands on."""
        cursor = self.records.cursor_id
        return next((one for day in self.days for one in day.timed if _id(one) == cursor), None)

    def subject(self) -> int | None:
        one = self.timed
        return one.id if one is not None and one.what == "lead" else None

    def booking(self) -> tuple[int, date] | None:
        one = self.timed
        return (one.id, one.at.date()) if one is not None and one.what == "appointment" else None

    def order(self) -> list[int]:
        return [one.id for day in self.days for one in day.timed if one.what == "lead"]

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        self._show_pane(moved=True)

    async def on_record_list_opened(self, event: RecordList.Opened) -> None:
        one = self.timed
        if one is None:
            return
        if one.what == "lead":
            self.crm.open_lead(one.id, self.order())
        elif one.what == "prospect":
            from tui_crm.tui.screens.calling.screen import CallingScreen

            self.crm.screen_of(CallingScreen).start_at(one.id)
            self.crm.go("calling")
        else:
            self.call_later(self.action_edit)

    def _show_pane(self, moved: bool = False) -> None:
        self.pane.show_lead(self.session, self.subject(), self.size.width >= WIDE, moved=moved)

    def after_undo(self, undone: undo.Undone) -> None:
        if undone.lead_id is not None:
            self._jump("lead", undone.lead_id)

    def made_lead(self, number: int) -> None:
        self._jump("lead", number)

    def _jump(self, what: str, number: int) -> None:
        """Put the cursor on a lead or an appointment, where it is in this week."""
        for day in self.days:
            for one in day.timed:
                if (one.what, one.id) == (what, number):
                    self.records.jump(_id(one))
                    return

    def hints(self) -> list[Hint]:
        if any(day.timed for day in self.days):
            return super().hints()
        names = ("week.block", "week.before", "week.on", "go.today", "move.back")
        return [hint_of(self, name) for name in names]

    def summary(self) -> Line:
        if self.marks:
            return self.marks.line("")
        if any(day.timed for day in self.days):
            return week_strip.legend()
        key = hint_of(self, "week.block").key
        words = _("Nothing has a time in this week; {key} blocks some.").format(key=key)
        return make((words, "dim"))

    # -- moving --------------------------------------------------------------------------------

    def action_other_week(self, by: int) -> None:
        self._weeks_on += by
        self.reload()

    def action_back(self) -> None:
        if self._weeks_on and not self.marks:
            self._weeks_on = 0  # first to the week that it is
            self.reload()
            return
        super().action_back()

    @conversation
    async def action_block_time(self) -> None:
        number = await block_time(self)
        if number is not None:
            self._go_to(appointments.get(self.session, number).at.date())
            self._jump("appointment", number)

    def action_move_day(self, by: int) -> None:
        one = self.timed
        if one is None:
            self.explain_key("left" if by < 0 else "right", _("nothing stands here to move."))
            return
        day = one.at.date() + timedelta(days=by)
        works = {other.day: other.works for other in self.days}
        while not works.get(day, day.weekday() < 5):
            day += timedelta(days=by)
        self._move(one, datetime.combine(day, one.at.time()))

    def action_move_clock(self, by: int) -> None:
        one = self.timed
        if one is None:
            self.explain_key("J" if by > 0 else "K", _("nothing stands here to move."))
            return
        moved = one.at.replace(tzinfo=None) + timedelta(minutes=by)
        if moved.date() != one.at.date():
            self.explain_key("J" if by > 0 else "K", _("there the day ends; right moves it a day."))
            return
        self._move(one, moved)

    def _move(self, one: Timed, clock: datetime) -> None:
        """Move a timed thing to another time of the clock; the cursor goes with it."""
        if one.what == "prospect":
            words = _("a callback is agreed with the prospect; Enter opens it in Calling.")
            self.explain_key("r", words)
            return
        at = instant(clock.date(), clock.time(), self.session.zone)
        if at < self.session.now:
            self.explain_key("left", _("that moment is over."))
            return
        reading = Reading(day=clock.date(), at=at, minutes=one.minutes)
        number = one.id
        if one.what == "lead":
            if self.crm.perform(next_actions.set_next, one.id, reading) is None:
                return
        else:
            changed = self.crm.perform(appointments.change, one.id, reading, one.at.date())
            if changed is None:
                return
            number = int(changed)
        self._go_to(clock.date())
        self._jump(one.what, number)
        lead, booking = (number, None) if one.what == "lead" else (None, number)
        self.say(
            Message(
                _("Moved"),
                "strong",
                one.title,
                figure=f"{day_label(clock.date(), self.session.today)} {clock:%H:%M}",
                note=clash_words(self, reading, lead, booking),
                right=Hint("u", _("undo")),
            )
        )

    def _go_to(self, day: date) -> None:
        """Show the week of a day."""
        today = self.session.today
        weeks = (day - (today - timedelta(days=today.weekday()))).days // 7
        if weeks != self._weeks_on:
            self._weeks_on = weeks
            self.reload()


def _length(minutes: int | None) -> str:
    """``20m``, ``2h``, ``1h30``; empty for what has none."""
    hours, rest = divmod(minutes or 0, 60)
    if not hours:
        return f"{rest}m" if rest else ""
    return f"{hours}h{rest:02d}" if rest else f"{hours}h"


def _id(one: Timed) -> tuple[str, int, str]:
    """What a row is known by; the turns of a recurring appointment by their day as well."""
    return one.what, one.id, one.at.date().isoformat() if one.rule and one.what != "lead" else ""
