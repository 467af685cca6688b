"""The prospect lists: how far each is, and the way into calling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from textual import events

from tui_crm.core.calling import counts as calling_counts, session as calling_session
from tui_crm.core.calling.counts import RowCounts
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists import lists
from tui_crm.core.lists.lists import ListRow
from tui_crm.core.store import undo
from tui_crm.core.text import _, fold
from tui_crm.tui.screens.base import Field
from tui_crm.tui.screens.exporting import Exported, exported_list
from tui_crm.tui.screens.leads.side_pane import AIR, ListAndPane
from tui_crm.tui.screens.lists.list_pane import list_lines
from tui_crm.tui.screens.lists.row_filter import LARGE
from tui_crm.tui.screens.lists.rows import hand_rows, merge_list, split_rows
from tui_crm.tui.screens.lists.settings import archive_field, list_fields
from tui_crm.tui.screens.progress import undo_many
from tui_crm.tui.screens.stats.background import JobQueue, JobResult
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import Line, Run, cell, clip, make
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row


@dataclass(frozen=True)
class ListsView:
    """The lists with the counts of their rows, the callbacks that are due, and the filter. The
    lists in ``uncounted`` are still being counted."""

    rows: tuple[ListRow, ...]
    counts: dict[int, RowCounts]
    due: dict[int, int]
    filter_text: str
    uncounted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ListCounts:
    """What was counted of one list; ``counts`` is None for an archived one."""

    row: ListRow
    counts: RowCounts | None
    due: int


def with_counts(view: ListsView, found: ListCounts) -> ListsView:
    """The view with one list counted."""
    list_id = found.row.id
    counts = {n: tally for n, tally in view.counts.items() if n != list_id}
    if found.counts is not None:
        counts[list_id] = found.counts
    return replace(
        view,
        rows=tuple(found.row if row.id == list_id else row for row in view.rows),
        counts=counts,
        due={**view.due, list_id: found.due},
        uncounted=view.uncounted - {list_id},
    )


class ListsScreen(ListAndPane):
    """Choose a list to call, and change the lists."""

    NAME = "lists"
    TAB = "C"

    def __init__(self) -> None:
        super().__init__()
        self.jobs = JobQueue(self, lambda: self.session.store)
        self.view: ListsView | None = None
        self.filter_text = ""
        """What the lists that are shown have in their name."""
        self._cursor_list: int | None = None  # the list to put the cursor on, once it is shown

    def arrive(self, message: Message | None = None, at: int | None = None) -> None:
        super().arrive(message, at)
        if at is not None:
            self._cursor_list = at

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        in_background = lists.estimate_rows(self.session.store) > LARGE
        read = lists.without_counts if in_background else lists.lists
        rows = read(self.session, archived=True)
        if self.filter_text:
            rows = [row for row in rows if fold(self.filter_text) in fold(row.name)]
        view = ListsView(tuple(rows), {}, {}, self.filter_text)
        if in_background:
            view = self._with_known_counts(view)
            numbers = [(row.id, row.archived) for row in rows]
            self.jobs.submit("lists", lambda: self._count(numbers), self._show_counts)
        else:
            for row in rows:
                view = with_counts(view, self._count_list(row.id, row.archived, row))
        if self.view is None and self._cursor_list is None:
            self._cursor_list = calling_session.last_list(self.session)
        self.show(view)
        if self._cursor_list is not None and self.records.jump(self._cursor_list):
            self._cursor_list = None
        self.show_frame()

    # -- counting ------------------------------------------------------------------------------

    def on_job_result(self, event: JobResult) -> None:
        self.jobs.deliver(event)

    def _count_list(self, list_id: int, archived: bool, row: ListRow | None = None) -> ListCounts:
        row = row or lists.count_list(self.session, list_id)
        counts = None if archived else calling_counts.count_rows(self.session, list_id)
        due = calling_session.callbacks_due(self.session, list_id) if row.callbacks else 0
        return ListCounts(row, counts, due)

    def _count(self, numbers: list[tuple[int, bool]]) -> Iterator[ListCounts]:
        for list_id, archived in numbers:
            with suppress(NotFound):  # its import was undone meanwhile
                yield self._count_list(list_id, archived)

    def _show_counts(self, found: ListCounts | CrmError) -> None:
        if isinstance(found, CrmError):
            self.refused(found)
        elif self.view is not None:
            self.show(with_counts(self.view, found))

    def _with_known_counts(self, view: ListsView) -> ListsView:
        """The names as they are now, with the counts as they were until the new ones come."""
        before = self.view or ListsView((), {}, {}, "")
        counted = {row.id: row for row in before.rows if row.id not in before.uncounted}
        rows = tuple(
            replace(counted[row.id], name=row.name, archived=row.archived)
            if row.id in counted
            else row
            for row in view.rows
        )
        return ListsView(
            rows=rows,
            counts=before.counts,
            due=before.due,
            filter_text=view.filter_text,
            uncounted=frozenset(row.id for row in rows if row.id not in counted),
        )

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
        """Cells of the name and of the bar."""
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
        counts, due = view.counts.get(row.id), view.due.get(row.id, 0)
        now = counts.callable_now if counts is not None else 0
        body = "dim" if row.archived else "text"

        def draw(width: int) -> Line:
            name, line = self._widths(width)
            if row.id in view.uncounted:
                return clip(
                    (
                        Run("  ", body),
                        cell(row.name, name - 1, body),
                        Run(f" {_('counting …')}", "dim"),
                    ),
                    width,
                )
            filled = bars.progress_bar(
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
        if view.filter_text:
            words = _("  No list has {text} in its name.").format(text=view.filter_text)
            return [
                Row.blank(),
                Row.text(make((words, "strong"))),
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
        info, counts = lists.get(self.session, row.id), self.view.counts.get(row.id)
        house = self.session.house
        return lambda width: list_lines(row, info, counts, house, width)

    def empty_hints(self) -> Sequence[str]:
        if self.view is None or self.view.rows:
            return ()
        return ("lists.import", "lists.blocked", "lists.outcomes", "move.back")

    def exported(self) -> Exported | None:
        row = self._row()
        return exported_list(self.session, row.name) if row is not None else None

    def _row(self) -> ListRow | None:
        """The list under the cursor."""
        list_id = self.records.cursor_id
        rows = self.view.rows if self.view is not None else ()
        return next((row for row in rows if row.id == list_id), None)

    # -- keys ----------------------------------------------------------------------------------

    @conversation
    async def action_edit_list(self) -> None:
        row = self._row()
        if row is None:
            self.explain_key("i", _("there is no list here."), Hint("I", _("imports one")))
            return
        info = lists.get(self.session, row.id)
        fields = [
            *list_fields(self, info),
            Field(_("Hand rows to a rep"), edit=partial(hand_rows, self, info)),
            Field(_("Split by a filter"), edit=partial(split_rows, self, info, row.rows)),
            Field(_("Merge into another"), edit=partial(merge_list, self, info)),
            Field(_("Updated file"), edit=partial(self._import_update, info.name)),
            archive_field(self, info),
        ]
        place = f"list:{info.id}"
        await self.edit_form(_("edit"), info.name, lambda: fields, place=place, also_leaves=("i",))

    @conversation
    async def action_undo(self) -> None:
        await undo_many(self)

    @conversation
    async def action_redo(self) -> None:
        await undo_many(self, redo=True)

    def after_undo(self, undone: undo.Undone) -> None:
        if undone.list_id is not None:
            self.records.jump(undone.list_id)

    @conversation
    async def action_filter(self) -> None:
        await self.edit_line(
            _("lists"),
            _("with this in their name"),
            self._set_filter,
            place=None,
            value=self.filter_text,
            examples=make((_("for instance: fair"), "dim")),
            rows=1,
            empty_value="",
            empty_word=_("shows all"),
        )

    def _set_filter(self, text: str) -> bool:
        self.filter_text = text
        self.reload()
        return True

    # -- going ---------------------------------------------------------------------------------

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
        from tui_crm.tui.screens.lists.do_not_call import DoNotCallScreen

        self.app.push_screen(self.crm.screen_of(DoNotCallScreen))

    async def action_import_file(self) -> None:
        self._import(None)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if not self.sheet_open and event.text.strip():
            self._import(event.text)

    def _import(self, pasted: str | None) -> None:
        from tui_crm.tui.screens.importing.screen import ImportScreen

        screen = self.crm.screen_of(ImportScreen)
        screen.begin("prospects", pasted=pasted)
        self.app.push_screen(screen)

    def _import_update(self, name: str) -> None:
        """Import an updated file into the list of this name."""
        from tui_crm.tui.screens.importing.screen import ImportScreen

        screen = self.crm.screen_of(ImportScreen)
        screen.begin("update", name)
        self.app.push_screen(screen)
