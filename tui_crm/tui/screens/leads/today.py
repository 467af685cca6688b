"""Today: everything that is to be done today, until nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cache, partial

from textual.containers import Horizontal
from textual.widget import Widget

from tui_crm.core import money
from tui_crm.core.dates import labels
from tui_crm.core.dates.labels import length_in_words
from tui_crm.core.leads import next_actions
from tui_crm.core.leads.next_actions import DayRow, DaySection, Today
from tui_crm.core.leads.week import next_days
from tui_crm.core.store import undo
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.leads import first_steps
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.appointments import block_time
from tui_crm.tui.screens.leads.first_steps import BLOCK, block, margin
from tui_crm.tui.screens.leads.side_pane import AIR, WIDE, LeadPane
from tui_crm.tui.widgets import bars, day_rows, week_strip
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.day_rows import DayLayout
from tui_crm.tui.widgets.hints import Hint
from tui_crm.tui.widgets.lines import EMPTY, Line, indent, make
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

NAMES = {
    "overdue": "Overdue",
    "today": "Today",
    "nodate": "To do, no date",
    "unassigned": "New, nobody's",
    "callbacks": "Callbacks",
    "tomorrow": "Tomorrow",
    "week": "This week",
    "silent": "Silent clients",
}
LATER = ("tomorrow", "week")  # sections that are not to be done yet

Columns = Callable[[int], DayLayout]
"""The columns of the day, by the width of the list in cells."""


def _to_do(view: Today) -> list[tuple[str, int]]:
    """The rows that are to be done today, in order."""
    return [
        (row.what, row.id)
        for section in view.sections
        if section.name not in LATER
        for row in section.rows
        if row.what != "appointment"
    ]


def _row_id(row: DayRow) -> tuple[str, int] | tuple[str, int, date]:
    """What a row is known by; a turn of a recurring appointment by its day as well."""
    if row.what == "appointment" and row.at is not None:
        return row.what, row.id, row.at.date()
    return row.what, row.id


def _leads(view: Today) -> Iterator[DayRow]:
    """The rows that are leads; the others are prospects."""
    return (row for section in view.sections for row in section.rows if row.what == "lead")


class TodayScreen(LeadActions):
    """The day in sections: overdue, today, to do without a date, callbacks; then the days after."""

    NAME = "today"
    TAB = "T"

    def __init__(self) -> None:
        super().__init__()
        self.records = RecordList()
        self.pane = LeadPane()
        self.view: Today | None = None

    def middle(self) -> Iterable[Widget]:
        yield Horizontal(self.records, self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        self.show(next_actions.today(self.session))
        self.show_frame()
        if self.crm.notice:
            from tui_crm.tui.widgets.hints import Message

            notice, self.crm.notice = self.crm.notice, ""
            self.say(Message(_("Welcome"), "strong", notice))

    def show(self, view: Today) -> None:
        """A pure function of the view and the size."""
        cursor = self._next_to_do(view)
        self.view = view
        self.marks.update({row.id: row.amount or 0 for row in _leads(view)})
        rows = self._rows(view)
        self.records.show(ListRows(rows), cursor)
        # The lines above the first record (the day is done) are scrolled into view with it.
        first = next((i for i, row in enumerate(rows) if row.kind == "item"), None)
        if first is not None and self.records.cursor_index == first < self.size.height - 4:
            self.records.action_top()
            self.records.redraw()
        self._show_pane()

    def _next_to_do(self, view: Today) -> tuple[str, int] | None:
        """The row that the cursor goes to when its own is not to be done today any more: the next
        one that is, else the last before it. None: the cursor stays."""
        cursor = self.records.cursor_id
        if self.view is None or cursor is None:
            return None
        before, left = _to_do(self.view), set(_to_do(view))
        if cursor not in before or cursor in left:
            return None
        place = before.index(cursor)
        return next((r for r in (*before[place:], *before[place::-1]) if r in left), None)

    def tick(self) -> None:
        # A timed action may have come due. The day is short: it is read again.
        if self.view is None or self.session.now.minute != self.view.now.minute:
            self.reload()

    def _rows(self, view: Today) -> list[Row]:
        rows: list[Row] = []
        air = self.size.height >= AIR
        every = [row for part in view.sections for row in part.rows]
        columns = cache(partial(day_rows.layout, every, beside=self.size.width >= WIDE))
        if first_steps.wanted(view):
            return first_steps.rows(view, self.size.height)
        if view.left == 0:
            rows += self._day_done(view)
        for part in view.sections:
            if not part.rows:
                continue
            if air:
                rows.append(Row.blank())
            later = part.name in LATER
            token = {"overdue": "late"}.get(part.name, "dim" if later else "strong")
            rows.append(
                Row.section(
                    _(NAMES[part.name]), len(part.rows), self._section_note(part, view.now), token
                )
            )
            rows += [self._row(row, part, view.now, columns) for row in part.rows]
        return rows

    def _section_note(self, part: DaySection, now: datetime) -> str:
        """The dim note at the end of a section's head."""
        if part.name == "overdue":
            return money.compact(part.amount, self.session.currency) if part.amount else ""
        if part.name == "callbacks":
            names = list(dict.fromkeys(row.list_name for row in part.rows))
            return names[0] if len(names) == 1 else _("{n} lists").format(n=len(names))
        if part.name == "today":
            timed = [row for row in part.rows if row.at]
            booked = sum(row.minutes or 0 for row in timed)
            ahead = [row.at for row in timed if row.at and row.at > now]
            words = []
            if booked:
                words.append(_("{time} booked").format(time=length_in_words(booked)))
            if ahead:
                minutes = int((min(ahead) - now).total_seconds() // 60)
                if minutes < 120:
                    words.append(_("first in {n} min").format(n=minutes))
            return ", ".join(words)
        return ""

    def _row(self, row: DayRow, part: DaySection, now: datetime, columns: Columns) -> Row:
        later = part.name in LATER
        late = part.name == "overdue" or (
            part.name in ("today", "callbacks")
            and row.what != "appointment"
            and labels.is_late(row.day, row.at, now)
        )
        marked = row.what == "lead" and row.id in self.marks

        def draw(width: int) -> Line:
            sign = " ", "text"
            if marked:
                sign = "+", "key"
            elif late:
                sign = "!", "late"
            elif row.starred:
                sign = "*", "strong"
            moment = self._moment(row, part.name, now, width)
            currency = self.session.currency
            return day_rows.draw(row, columns(width), sign, moment, currency, later=later)

        return Row.item(_row_id(row), draw)

    def _moment(self, row: DayRow, section: str, now: datetime, width: int) -> tuple[str, str]:
        narrow = width < day_rows.NARROW
        if section == "nodate":
            # That there is no date is in the head of the section: here, for how many days.
            words = _("{n}d") if narrow else _("idle {n}d")
            return words.format(n=row.idle), "text"
        if section == "silent":
            return (_("{n}d") if narrow else _("idle {n}d")).format(n=row.idle), "late"
        if section == "unassigned":
            # When it came in, with the day where that is not today.
            short = labels.narrow if narrow else labels.short
            return short(None, row.came, None, now) if row.came else "", "text"
        if narrow:
            text = labels.narrow(row.day, row.at, row.minutes, now)
        else:
            text = labels.short(row.day, row.at, row.minutes, now)
        running = row.what == "appointment" and row.at is not None and row.at <= now
        if section not in LATER and (labels.is_now(row.at, now) or running):
            return _("now"), "due.b"
        if section == "overdue" or labels.is_late(row.day, row.at, now):
            return text, "late"
        if section == "tomorrow" and row.at:
            length = f" {row.minutes}m" if row.minutes and not narrow else ""
            return f"{row.at:%H:%M}{length}", "text"
        if section == "tomorrow":
            return _("any"), "text"
        return text, "text"

    # -- empty places --------------------------------------------------------------------------

    def _day_done(self, view: Today) -> list[Row]:
        """What stands where nothing is left to do: the full line, what was done today, and what
        there is tomorrow."""
        done, currency = view.done, self.session.currency
        figures = [
            (
                done.calls,
                ngettext("call", "calls", done.calls),
                _("{n} reached").format(n=done.reached),
            ),
            (done.emails, ngettext("e-mail", "e-mails", done.emails), ""),
            (done.meetings, ngettext("meeting", "meetings", done.meetings), ""),
            (done.new_leads, ngettext("new lead", "new leads", done.new_leads), ""),
            (done.won, _("won"), money.full(done.won_amount, currency)),
        ]
        lines = [
            make((f"{n:>4} ", "strong"), (f"{word:<14}", "text"), (note, "dim"))
            for n, word, note in figures
            if n
        ] or [make((_("nothing was logged today"), "dim"))]
        first = f", {_('first at')} {done.tomorrow_first:%H:%M}" if done.tomorrow_first else ""
        tomorrow = _("tomorrow holds nothing yet")
        if done.tomorrow:
            tomorrow = ngettext("tomorrow: {n} action", "tomorrow: {n} actions", done.tomorrow)
            tomorrow = tomorrow.format(n=done.tomorrow) + first
        # Tomorrow and the week follow below: the block is no higher than it must be.
        head = make((_("Done. Nothing is forgotten."), "won.b"))
        high = self.size.height >= AIR
        return [
            *[Row.blank()] * (5 if high else 1),
            block(head),
            Row(
                lambda width: indent(
                    bars.progress_bar(1, 1, min(width - 2 * margin(width), BLOCK), token="won"),
                    margin(width),
                ),
                kind="text",
            ),
            Row.blank(),
            *(block(line) for line in lines),
            Row.blank(),
            block(make((tomorrow, "text"))),
            *[Row.blank()] * (3 if high else 1),
        ]

    # -- leads under the cursor ----------------------------------------------------------------

    def subject(self) -> int | None:
        found = self.records.cursor_id
        return found[1] if isinstance(found, tuple) and found[0] == "lead" else None

    def order(self) -> list[int]:
        return [row.id for row in _leads(self.view)] if self.view else []

    def section(self) -> tuple[str, list[int]]:
        cursor = self.records.cursor_id
        for part in self.view.sections if self.view else ():
            if any(cursor == _row_id(row) for row in part.rows):
                return _(NAMES[part.name]), [row.id for row in part.rows if row.what == "lead"]
        return "", []

    def action_mark(self) -> None:
        number = self.subject()
        if number is None or self.view is None:
            self.explain_key("space", _("only leads can be marked."))
            return
        amount = next((row.amount for row in _leads(self.view) if row.id == number), None)
        self.marks.toggle(number, amount)
        self.show(self.view)
        self.records.action_move(1)
        self.messages.show(self.summary())

    def summary(self) -> Line:
        if not self.marks:
            return self._month_line()
        return self.marks.line(money.full(self.marks.total, self.session.currency))

    def _month_line(self) -> Line:
        """``Nov: 12 calls, 5 reached, 3 leads, 1 won €5.0k``: what one did this month."""
        if self.view is None or self.view.month.nothing:
            return EMPTY
        month, pieces = self.view.month, []
        for n, words in (
            (month.calls, ngettext("{n} call", "{n} calls", month.calls)),
            (month.reached, _("{n} reached")),
            (month.new_leads, ngettext("{n} lead", "{n} leads", month.new_leads)),
            (month.won, _("won {n}")),
        ):
            if n:
                pieces.append(words.format(n=f"{n:,}"))
        amount = f"  {money.full(month.won_amount, self.session.currency)}"
        return make(
            (f"{labels.month_name(self.view.now.month)}  ", "strong"),
            (", ".join(pieces), "dim"),
            (amount if month.won_amount else "", "won"),
        )

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        self._show_pane(moved=True)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if not isinstance(event.id, tuple):
            return
        what, number = event.id[:2]
        if what == "lead":
            self.crm.open_lead(number, [row.id for row in _leads(self.view)] if self.view else [])
        elif what == "client":
            self.crm.open_client(number)
        elif what == "appointment":
            self.call_later(self.action_edit)
        else:
            from tui_crm.tui.screens.calling.screen import CallingScreen

            self.crm.screen_of(CallingScreen).start_at(number)
            self.crm.go("calling")

    def booking(self) -> tuple[int, date] | None:
        cursor = self.records.cursor_id
        if not isinstance(cursor, tuple) or cursor[0] != "appointment" or self.view is None:
            return None
        rows = (row for part in self.view.sections for row in part.rows)
        return next(
            (
                (row.id, row.at.date())
                for row in rows
                if row.at is not None and _row_id(row) == cursor
            ),
            None,
        )

    @conversation
    async def action_block_time(self) -> None:
        await block_time(self)

    def _show_pane(self, moved: bool = False) -> None:
        wide = self.size.width >= WIDE
        if self.view is not None and first_steps.wanted(self.view):
            wide = False  # nothing could stand in the pane
        self.pane.show_lead(self.session, self.subject(), wide, moved=moved, foot=self._strip)

    def _strip(self, width: int) -> list[Line]:
        """The next working days by the hour, at the end of the pane."""
        if self.view is None:
            return []
        days = next_days(self.view)
        return week_strip.strip(days, width, self.view.now.date()) if days else []

    def after_undo(self, undone: undo.Undone) -> None:
        if undone.lead_id is not None:
            self.records.jump(("lead", undone.lead_id))

    def made_lead(self, number: int) -> None:
        self.records.jump(("lead", number))

    def hints(self) -> list[Hint]:
        if self.view is not None and first_steps.wanted(self.view):
            return first_steps.hints(self, self.view)
        if self.view is not None and self.view.left == 0:
            return [
                *(hint_of(self, f"go.{name}") for name in ("calling", "leads", "stats")),
                Hint("q", _("go home")),
                *super().hints()[:4],
            ]
        return super().hints()

    @property
    def takes_digits(self) -> bool:
        return self.view is not None and first_steps.wanted(self.view)

    async def action_digit(self, number: int) -> None:
        """Take one of the first steps, which a day without any lead offers."""
        if self.takes_digits:
            await first_steps.take(self, number)
        else:
            why = _("a digit chooses while there is no lead yet; space marks rows.")
            self.explain_key(str(number), why)

    async def action_filter(self) -> None:
        from tui_crm.tui.screens.leads.leads import LeadsScreen

        self.crm.go("leads")
        await self.crm.screen_of(LeadsScreen).action_filter()
