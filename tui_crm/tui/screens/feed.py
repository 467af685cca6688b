"""The feed: the journal as a list, what was done and by whom; any entry can be undone here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget

from tui_crm.core import feed
from tui_crm.core.dates.labels import short_day
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.writers import on_screen
from tui_crm.core.feed import FeedRow
from tui_crm.core.store import undo
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.base import echo_error
from tui_crm.tui.screens.exporting import Exported
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.side_pane import AIR, WIDE, LeadPane
from tui_crm.tui.widgets.conversation import ask, conversation
from tui_crm.tui.widgets.head_line import HeadLine
from tui_crm.tui.widgets.kinds import kind_name, kind_token
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, beside, cell, clip, make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

PAGE = 300  # entries read at once
NEAR_END = 40  # rows from the end at which the next page is read


class FeedFilter(PromptSheet):
    """The entry of the filter line: the feed follows while it is typed, tab completes the last
    word."""

    def __init__(self, screen: FeedScreen) -> None:
        self._feed = screen
        self._offered: list[str] = []  # what the last word may be completed to
        self._taken = 0  # how many of them tab has tried
        super().__init__(
            _("filter"),
            "",
            self._read,
            value=f"{screen.line} " if screen.line else "",
            rows=1,
            sign="/",
            examples=make((_("by:me kind:call day:today lead:1042 words"), "dim")),
            empty_value="",
            empty_word=_("everything"),
        )

    def _read(self, text: str) -> Echo:
        if self._offered:
            pieces = [
                (f"{word}  ", "strong" if n == self._taken - 1 else "text")
                for n, word in enumerate(self._offered)
            ]
            return Echo([EchoRow(" ", "dim", make(("tab ", "key"), *pieces))])
        return echo_error(self._feed.problem) if self._feed.problem else Echo()

    def changed(self) -> None:
        text = self.entry.text
        found = feed.complete(self._feed.session, text)
        self._offered = [word for word in found if not text.endswith(word)]
        self._taken = 0
        self._feed.read(text)
        super().changed()

    async def press(self, event: events.Key) -> None:
        if event.key != "tab":
            await super().press(event)
        elif self._offered:
            # The first completion in place of the last word; the next time, the next one.
            word = self._offered[self._taken % len(self._offered)]
            self._taken = self._taken % len(self._offered) + 1
            text = self.entry.text.rpartition(" ")
            line = f"{text[0]}{text[1]}{word}"
            self._feed.read(line)
            self.replace_text(line)


class FeedScreen(LeadActions):
    """The journal, newest first, in sections by day."""

    NAME = "feed"
    TAB = "F"

    def __init__(self) -> None:
        super().__init__()
        self.head = HeadLine()
        self.records = RecordList()
        self.pane = LeadPane()
        self.line = ""
        self.rows: list[FeedRow] = []
        self.more = False
        self.problem: CrmError | None = None

    def middle(self) -> Iterable[Widget]:
        yield self.head
        yield Horizontal(self.records, self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    def empty_hints(self) -> Sequence[str]:
        if self.rows:
            return ()
        return ("always.search",) if self.line else ("always.new", "go.today", "go.calling")

    def exported(self) -> Exported | None:
        if not self.rows:
            return None
        number = f"{len(self.rows):,}{'+' if self.more else ''}"
        count = ngettext("{n} entry", "{n} entries", len(self.rows)).format(n=number)
        about = f"{count}  {self.line}"
        write = partial(on_screen.entries, self.session, self.line)
        return Exported(f"feed {self.line}", about.rstrip(), write)

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        self.read(self.line, most=max(PAGE, len(self.rows)))
        self.show_frame()

    def read(self, line: str, most: int = PAGE) -> None:
        """Read and show the entries of a filter line. A line that cannot be read changes nothing;
        why is in ``problem``."""
        line = " ".join(line.split())
        try:
            rows = feed.feed(self.session, line, most=most)
        except CrmError as error:
            self.problem = error
            return
        self.problem = None
        self.more = len(rows) >= most
        self.show(rows, line)

    def show(self, rows: list[FeedRow], line: str) -> None:
        """A pure function of the entries and the size."""
        self.rows = rows
        count = f"{len(rows):,}{'+' if self.more else ''}"
        self.head.show(lambda width: _head(line, count, width))
        self.records.show(ListRows(self._list(rows) or self._nothing(line)))
        self._show_pane()

    def _list(self, rows: list[FeedRow]) -> list[Row]:
        made: list[Row] = []
        today = self.session.today
        air = self.size.height >= AIR
        names = max((len(row.by) for row in rows), default=0)
        counts: dict[date, int] = {}
        for row in rows:
            counts[row.at.date()] = counts.get(row.at.date(), 0) + 1
        last: date | None = None
        for row in rows:
            day = row.at.date()
            if day != last:
                last = day
                if air:
                    made.append(Row.blank())
                name = _("Today") if day == today else short_day(day, today)
                note = short_day(day, today) if day == today else ""
                made.append(Row.section(name, counts[day], note))
            made.append(self._row(row, min(names, 12)))
        return made

    @staticmethod
    def _nothing(line: str) -> list[Row]:
        if line:
            words, about = _("Nothing of that kind was done."), _("/ changes the filter")
        else:
            words = _("Nothing was done yet.")
            about = _("Every act stands here, with who did it; u takes one back.")
        return [
            Row.blank(),
            Row.text(make((f"  {words}", "strong"))),
            Row.text(make((f"  {about}", "dim"))),
        ]

    @staticmethod
    def _row(row: FeedRow, names: int) -> Row:
        kind = kind_name(row.kind)
        # The text begins with the kind, which has a column of its own.
        text = row.text
        for prefix in (row.kind, _(row.kind)):
            rest = text[len(prefix) :]
            if text.casefold().startswith(prefix.casefold()) and rest[:1] in (":", " "):
                text = rest.lstrip(": ")
                break

        def said(body: str) -> Line:
            """What changed, an outcome in its colour, then the title."""
            token = {"reached": "won", "blocks": "blocked"}.get(row.meaning, "strong")
            if row.undone or not row.outcome or not text.startswith(row.outcome):
                return make((text, body))
            return make((row.outcome, token), (text[len(row.outcome) :], body))

        def draw(width: int) -> Line:
            body = "dim" if row.undone else "text"
            clock, by = f"{row.at:%H:%M}", cell(row.by, names, "dim")
            if width < 58:
                line = (
                    Run("  ", body),
                    cell(clock, 6, "dim"),
                    cell(kind, 8, body if row.undone else kind_token(row.kind, body)),
                    *said(body),
                )
                return clip(line, width)
            token = "won" if row.kind == "won" else kind_token(row.kind, body)
            token = body if row.undone else token
            line = (
                Run("  ", "dim"),
                cell(clock, 7, "dim"),
                by,
                Run("  ", "dim"),
                cell(kind, 9, token),
                *said(body),
            )
            end = make((_("undone"), "dim")) if row.undone else EMPTY
            return beside(line, end, width) if end else clip(line, width)

        return Row.item(row.id, draw)

    # -- under the cursor ----------------------------------------------------------------------

    def entry(self) -> FeedRow | None:
        """The entry under the cursor."""
        number = self.records.cursor_id
        return next((row for row in self.rows if row.id == number), None)

    def subject(self) -> int | None:
        row = self.entry()
        return row.lead_id if row is not None else None

    def _show_pane(self, moved: bool = False) -> None:
        self.pane.show_lead(self.session, self.subject(), self.size.width >= WIDE, moved=moved)

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        if (
            self.more
            and self.rows
            and len(self.records.rows) - self.records.cursor_index < NEAR_END
        ):
            older = feed.feed(self.session, self.line, before=self.rows[-1].id, most=PAGE)
            self.more = len(older) >= PAGE
            self.show([*self.rows, *older], self.line)
        self._show_pane(moved=True)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        number = self.subject()
        if number is None:
            self.explain_key("Enter", _("this entry is about no single lead."))
            return
        among = dict.fromkeys(row.lead_id for row in self.rows if row.lead_id is not None)
        self.crm.open_lead(number, among)

    def action_undo(self) -> None:
        row = self.entry()
        if row is None:
            self.explain_key("u", _("there is no entry under the cursor."))
            return
        self.say_undone(self.crm.perform(undo.undo, row.id), redo=False)

    @conversation
    async def action_filter(self) -> None:
        text = await ask(self, FeedFilter(self))
        if text is not None:
            self.line = " ".join(text.split())
        self.rows = []
        self.reload()


def _head(line: str, count: str, width: int) -> Line:
    left = make(("/ ", "key"), (line or _("everything"), "strong" if line else "dim"))
    return beside(left, make((count, "strong")), width)
