"""The prospect lists: how far each is, and the way into calling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from textual import events

from tui_crm.core.calling import (
    counts as calling_counts,
    session as calling_session,
)
from tui_crm.core.calling.counts import RowCounts
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists import lists
from tui_crm.core.lists.lists import ListRow, ProspectListInfo
from tui_crm.core.store import undo
from tui_crm.core.text import _, fold
from tui_crm.tui.screens.leads.side_pane import AIR, ListAndPane
from tui_crm.tui.screens.lists.actions import LARGE, ListActs
from tui_crm.tui.screens.lists.settings import rules_of
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    cell,
    clip,
    hanging,
    make,
    paragraph,
    section,
)
from tui_crm.tui.widgets.prompt import PromptSheet
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row


@dataclass(frozen=True)
class ListsView:
    """The lists with their counts, what of each may be called now, and the name filter; lists in
    ``waiting`` are not counted yet."""

    rows: tuple[ListRow, ...]
    tallies: dict[int, RowCounts]
    due: dict[int, int]
    query: str
    waiting: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Looked:
    """What was counted of one list; no tally of an archived one."""

    row: ListRow
    tally: RowCounts | None
    due: int


def view_with(view: ListsView, found: Looked) -> ListsView:
    """The view with one list counted."""
    number = found.row.id
    tallies = {n: tally for n, tally in view.tallies.items() if n != number}
    if found.tally is not None:
        tallies[number] = found.tally
    return replace(
        view,
        rows=tuple(found.row if row.id == number else row for row in view.rows),
        tallies=tallies,
        due={**view.due, number: found.due},
        waiting=view.waiting - {number},
    )


class ListsScreen(ListActs, ListAndPane):
    """Choose a list to call."""

    NAME = "lists"
    TAB = "C"

    def __init__(self) -> None:
        super().__init__()
        self.view: ListsView | None = None
        self.narrowed = ""
        self.last: int | None = None
        """The list the cursor goes to when the screen is shown next."""

    def arrive(self, message: Message | None = None, at: int | None = None) -> None:
        super().arrive(message, at)
        if at is not None:
            self.last = at

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        in_background = lists.estimate_rows(self.session.store) > LARGE
        read = lists.without_counts if in_background else lists.lists
        rows = read(self.session, archived=True)
        if self.narrowed:
            rows = [row for row in rows if fold(self.narrowed) in fold(row.name)]
        view = ListsView(tuple(rows), {}, {}, self.narrowed)
        if in_background:
            view = self._as_known(view)
            numbers = [(row.id, row.archived) for row in rows]
            self.counter.ask("lists", lambda: self._count(numbers), self._counted)
        else:
            for row in rows:
                view = view_with(view, self._look(row.id, row.archived, row))
        if self.view is None and self.last is None:
            self.last = calling_session.last_list(self.session)
        self.show(view)
        if self.last is not None and self.records.jump(self.last):
            self.last = None
        self.show_frame()

    # -- counting ------------------------------------------------------------------------------

    def _look(self, number: int, archived: bool, row: ListRow | None = None) -> Looked:
        """One list with its counts."""
        row = row or lists.count_list(self.session, number)
        tally = None if archived else calling_counts.count_rows(self.session, number)
        due = calling_session.callbacks_due(self.session, number) if row.callbacks else 0
        return Looked(row, tally, due)

    def _count(self, numbers: list[tuple[int, bool]]) -> Iterator[Looked]:
        for number, archived in numbers:
            with suppress(NotFound):  # its import was undone meanwhile
                yield self._look(number, archived)

    def _counted(self, found: Looked | CrmError) -> None:
        if isinstance(found, CrmError):
            self.refused(found)
        elif self.view is not None:
            self.show(view_with(self.view, found))

    def _as_known(self, view: ListsView) -> ListsView:
        """The names as they are now with the counts as they were: new ones come one by one."""
        was = self.view or ListsView((), {}, {}, "")
        counted = {row.id: row for row in was.rows if row.id not in was.waiting}
        rows = tuple(
            replace(counted[row.id], name=row.name, archived=row.archived)
            if row.id in counted
            else row
            for row in view.rows
        )
        waiting = frozenset(row.id for row in rows if row.id not in counted)
        return ListsView(rows, was.tallies, was.due, view.query, waiting)

    def show(self, view: ListsView) -> None:
        """A pure function of the view and the size."""
        self.view = view
        self.records.show(ListRows(self._rows(view)))
        self.show_pane()

    def _rows(self, view: ListsView) -> list[Row]:
        if not view.rows:
            return self._empty(view)
        air = [Row.blank()] if self.size.height >= AIR else []
        made: list[Row] = []
        for archived, name in ((False, _("Prospect lists")), (True, _("Archived"))):
            part = [row for row in view.rows if row.archived is archived]
            if part:
                made += [*air, Row.section(name, len(part), token="dim" if archived else "strong")]
                if not archived:
                    made.append(Row(self._head, kind="text"))
                made += [Row.item(row.id, self._drawn(row, view)) for row in part]
        return made

    @staticmethod
    def _widths(width: int) -> tuple[int, int]:
        """Cells of the name and of the filling line."""
        if width < 58:
            return max(width - 20, 8), 8
        return max(width - 54, 16), 12

    def _head(self, width: int) -> Line:
        name, line = self._widths(width)
        if width < 58:
            return (
                cell("", name + 2, "dim"),
                cell("", line + 1, "dim"),
                cell(_("now"), 7, "dim", "right"),
            )
        heads = ((_("rows"), 9), (_("now"), 8), (_("due"), 5), (_("reached"), 9), (_("leads"), 7))
        words = "".join(cell(word, size, "dim", "right").text for word, size in heads)
        return (cell("", name + 2 + line, "dim"), Run(words, "dim"))

    def _drawn(self, row: ListRow, view: ListsView) -> Callable[[int], Line]:
        tally, due = view.tallies.get(row.id), view.due.get(row.id, 0)
        now = tally.callable_now if tally is not None else 0
        body = "dim" if row.archived else "text"

        def draw(width: int) -> Line:
            name, line = self._widths(width)
            if row.id in view.waiting:
                return clip(
                    (
                        Run("  ", body),
                        cell(row.name, name - 1, body),
                        Run(f" {_('counting …')}", "dim"),
                    ),
                    width,
                )
            filled = bars.filling(
                row.worked, row.rows, line, token="dim" if row.archived else "accent"
            )
            start = (Run("  ", body), cell(row.name, name - 1, body), Run(" ", body), *filled)
            if width < 58:
                return clip((*start, cell(f"{now:,}", 8, body, "right")), width)
            return clip(
                (
                    *start,
                    cell(f"{row.rows:,}", 9, "dim", "right"),
                    cell(
                        f"{now:,}" if not row.archived else "–",
                        8,
                        "strong" if now else "dim",
                        "right",
                    ),
                    cell(f"{due:,}", 5, "due" if due else "dim", "right"),
                    Run(f"{row.reached:>9,}{row.leads:>7,}", "dim"),
                ),
                width,
            )

        return draw

    def _empty(self, view: ListsView) -> list[Row]:
        if view.query:
            return [
                Row.blank(),
                Row.text(
                    make((_("  No list has {text} in its name.").format(text=view.query), "strong"))
                ),
                Row.text(
                    make(("  /", "key"), ("  " + _("and Enter on an empty line shows all"), "text"))
                ),
            ]
        return [
            Row.blank(),
            Row.text(make((_("  No prospect list yet."), "strong"))),
            Row.text(
                make(
                    (
                        _(
                            "  A bought or collected table, one row a name: call it with one key"
                            " a call."
                        ),
                        "text",
                    )
                )
            ),
            Row.blank(),
            Row.text(make(("  I", "key"), (_("  imports one: CSV, XLSX, ODS, vCard"), "text"))),
            Row.text(make((_("  or paste the cells of a spreadsheet right here"), "dim"))),
        ]

    def about_row(self) -> Callable[[int], list[Line]]:
        row = self._row()
        if row is None or self.view is None:
            return lambda width: []
        info, tally = lists.get(self.session, row.id), self.view.tallies.get(row.id)
        return lambda width: _about(row, info, tally, width, self.session.house)

    # -- keys ----------------------------------------------------------------------------------

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        row = self._row()
        if row is None:
            return
        if row.archived:
            self.explain_key("Enter", _("this list is archived."), Hint("i", _("brings it back")))
            return
        from tui_crm.tui.screens.calling.screen import CallingScreen

        self.crm.screen_of(CallingScreen).start_list(row.id)
        self.crm.go("calling")

    def _row(self) -> ListRow | None:
        number = self.records.cursor_id
        rows = self.view.rows if self.view is not None else ()
        return next((row for row in rows if row.id == number), None)

    def action_outcomes(self) -> None:
        from tui_crm.tui.screens.lists.outcomes import OutcomesScreen

        self.app.push_screen(self.crm.screen_of(OutcomesScreen))

    def action_page_of_list(self) -> None:
        row = self._row()
        if row is None:
            self.explain_key("v", _("there is no list here."), Hint("I", _("imports one")))
            return
        from tui_crm.tui.screens.lists.page import ListScreen

        page = self.crm.screen_of(ListScreen)
        page.look_at(row.id)
        self.app.push_screen(page)

    def action_blocked(self) -> None:
        from tui_crm.tui.screens.lists.do_not_call import BlockedScreen

        self.app.push_screen(self.crm.screen_of(BlockedScreen))

    def action_import_file(self) -> None:
        self._import(None)

    def _import(self, pasted: str | None) -> None:
        from tui_crm.tui.screens.importing.screen import ImportScreen

        place = self.crm.screen_of(ImportScreen)
        place.begin("prospects", pasted=pasted)
        self.app.push_screen(place)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if not self.sheet_open and event.text.strip():
            self._import(event.text)

    def after_undo(self, undone: undo.Undone) -> None:
        if undone.list_id is not None:
            self.records.jump(undone.list_id)

    async def action_filter(self) -> None:
        def entered(value: str | None) -> None:
            if value is not None:
                self.narrowed = value
                self.reload()

        await PromptSheet(
            _("lists"),
            _("with this in their name"),
            value=self.narrowed,
            rows=1,
            empty_value="",
            empty_word=_("shows all"),
            examples=make((_("for instance: fair"), "dim")),
        ).open(self, entered)


def _about(
    row: ListRow, info: ProspectListInfo, tally: RowCounts | None, width: int, house: Any
) -> list[Line]:
    """The pane of a list: where its rows stand, its rules, its script."""
    done = f"{row.worked:,}/{row.rows:,}"
    head = make((done, "strong"), (f"  {_('from')} {row.source}" if row.source else "", "dim"))
    made: list[Line] = [
        clip(make((row.name, "strong")), width),
        clip((*bars.filling(row.worked, row.rows, 14), Run(" ", "text"), *head), width),
        EMPTY,
    ]
    if tally is not None:
        made.append(section(_("Rows"), width))
        counts: list[tuple[int, str, str]] = [
            (tally.callable_now, _("may be called now"), "strong"),
            (tally.later, _("wait for their moment"), "text"),
            (tally.done, _("done"), "text"),
            (tally.leads, _("became leads"), "won"),
            *((hidden.count, hidden.words, "text") for hidden in tally.hidden),
        ]
        made += [
            make((f"{n:>7,}  ", token if n else "dim"), (words, "dim"))
            for n, words, token in counts
        ]
        made.append(EMPTY)
    made.append(section(_("Rules"), width))
    for name, value in rules_of(info, house):
        made += hanging((cell(name, 8, "dim"),), value, width)
    made += [EMPTY, section(_("Script"), width)]
    made += paragraph(info.script, width) or [
        make((_("none yet;"), "dim"), ("  i", "key"), (f" {_('writes one')}", "dim"))
    ]
    return made
