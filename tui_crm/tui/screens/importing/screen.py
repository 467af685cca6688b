"""Import: preview a file, correct what its columns mean, then bring it in as one operation.

Reading and writing run in the background, behind a sheet with progress and cancel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from textual import events, on
from textual.widget import Widget

from tui_crm.core.errors import CrmError
from tui_crm.core.session import all_members
from tui_crm.core.text import _, ngettext
from tui_crm.tui import keys
from tui_crm.tui.screens.base import CrmScreen, hint_of
from tui_crm.tui.screens.importing.path_sheet import PathSheet
from tui_crm.tui.screens.importing.source import (
    DELIMITERS,
    ENCODINGS,
    Kind,
    Preview,
    Source,
    run_import,
)
from tui_crm.tui.screens.progress import run_job, undo_many
from tui_crm.tui.widgets import import_preview, update_preview
from tui_crm.tui.widgets.conversation import ask, conversation
from tui_crm.tui.widgets.header import TitleView
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, Line, make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import PromptSheet
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

AIR = 32


class ImportScreen(CrmScreen):
    """The preview of a file of prospects or of leads."""

    NAME = "import"

    def __init__(self) -> None:
        super().__init__()
        self.records = RecordList()
        self.source = Source()
        self.view: Preview | None = None
        self._pasted: str | None = None  # cells pasted before the screen was opened

    def begin(self, kind: Kind, list_name: str = "", pasted: str | None = None) -> None:
        """Set what is imported, before the screen is shown: ``list_name`` is the prospect list of
        an updated file, ``pasted`` are cells to read at once. The preview of another kind is
        dropped."""
        if (kind, list_name if kind == "update" else "") != self._purpose:
            self.source, self.view = Source(kind, list_name=list_name), None
        self._pasted = pasted

    @property
    def _purpose(self) -> tuple[Kind, str]:
        kind = self.source.kind
        return kind, self.source.list_name if kind == "update" else ""

    def middle(self) -> Iterable[Widget]:
        yield self.records

    def main(self) -> Widget:
        return self.records

    # Within the key that opens the screen, so that what is typed next is the path.

    @on(events.Mount)
    async def start_when_mounted(self) -> None:
        await self._start()

    @on(events.ScreenResume)
    async def start_when_resumed(self) -> None:
        if self.header.is_mounted:
            await self._start()

    @conversation
    async def _start(self) -> None:
        """Ask for the file, or read the cells that were pasted before."""
        if self.sheet_open:
            return
        pasted, self._pasted = self._pasted, None
        if pasted is not None:
            await self._read_cells(pasted)
        elif self.view is None:
            await self._ask_file()

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        self.show(self.view)

    def tick(self) -> None: ...

    def show(self, view: Preview | None) -> None:
        """A pure function of the preview and the size."""
        self.view = view
        self.records.show(ListRows(self._rows(view) if view is not None else []))
        self.show_frame()

    def _rows(self, view: Preview) -> list[Row]:
        air = self.size.height >= AIR
        if self.source.kind != "update":
            return import_preview.rows(view, self.source.kind, air, self.session.house.region)
        from tui_crm.core.exchange.prospects import update as prospect_update

        words = prospect_update.match_words(view.comparison.matched_by)
        return update_preview.rows(view, words, air)

    def show_frame(self) -> None:
        view = self.view
        name = {"leads": _("Import leads"), "update": _("Updated file")}.get(
            self.source.kind, _("Import")
        )
        right = EMPTY
        if view is not None:
            table = view.file.table
            parts = [
                table.encoding,
                _("tab") if table.delimiter == "\t" else table.delimiter,
                table.sheet,
                _("{n} columns").format(n=len(view.file.columns)),
            ]
            right = make(("  ".join(part for part in parts if part), "dim"))
        self.header.show(TitleView(name, view.file.name if view is not None else "", right=right))
        self.show_hints()

    def hints(self) -> list[Hint]:
        """Only the keys that this file has a use for: no sheets in a CSV file, no delimiter in a
        workbook."""
        view, kind = self.view, self.source.kind
        if view is None:
            return [hint_of(self, "import.file"), hint_of(self, "move.back")]
        hidden = {
            "import.encoding": view.file.table.encoding is None,
            "import.delimiter": view.file.table.delimiter is None,
            "import.sheet": len(view.file.table.sheets) < 2,
            "import.name": kind != "prospects",
            "import.by": kind != "update",
            "import.country": "phone" not in view.file.fields or "country" in view.file.fields,
        }
        return [hint_of(self, name) for name in keys.HINTS[self.NAME] if not hidden.get(name)]

    def summary(self) -> Line:
        """Which list the rows will go into."""
        found = self.view.comparison if self.view is not None else None
        if found is None or not found.list_name:
            return EMPTY
        if self.source.kind == "update":
            words, key, hint = _("brought into the list "), "b", _("match by something else")
        else:
            there = found.list_id is not None
            words = _("added to the list ") if there else _("makes the list ")
            key, hint = "n", _("another name")
        return make(
            (words, "dim"), (found.list_name, "strong"), (f"   {key}", "key"), (f" {hint}", "dim")
        )

    # -- reading -------------------------------------------------------------------------------

    @conversation
    async def action_file(self) -> None:
        await self._ask_file()

    async def _ask_file(self) -> None:
        """Ask for a file until one can be read. Leaving the line without a preview leaves the
        screen."""
        about = {
            "leads": _("leads of another CRM"),
            "update": _("updated, for the list {name}").format(name=self.source.list_name),
        }.get(self.source.kind, _("prospects"))
        text = ""
        while (typed := await ask(self, PathSheet(about, text))) is not None:
            if "\n" in typed or "\t" in typed:
                await self._read_cells(typed)
                return
            self.view = None
            if await self._read(replace(self._unread(), path=typed)):
                return
            text = typed
        if self.view is None:
            self.app.pop_screen()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if event.text.strip() and not self.sheet_open:
            self.call_next(conversation(self._read_cells), event.text)

    async def _read_cells(self, text: str) -> None:
        self.view = None
        await self._read(replace(self._unread(), cells=text))

    def _unread(self) -> Source:
        """The same kind of import, of a file that nothing is known of yet."""
        kind, list_name = self._purpose
        return Source(kind, list_name=list_name)

    async def _read(self, source: Source) -> bool:
        """Read a file and show its preview. False when it cannot be read, for which a message is
        shown; the preview on the screen stays."""
        read = partial(source.preview, self.session)
        try:
            view = await run_job(self, _("reading"), source.name, read)
        except CrmError as error:
            self.refused(error)
            return False
        self.source = source
        self.clear_message()  # what was wrong with a file before
        self.show(view)
        return True

    # -- how it is read ------------------------------------------------------------------------

    def _preview(self, key: str) -> Preview | None:
        """The preview; without one, a message on why the key does nothing."""
        if self.view is None:
            self.explain_key(key, _("there is no file yet."), Hint("f", _("file")))
        return self.view

    @conversation
    async def action_meaning(self) -> None:
        view = self._preview("m")
        if view is None:
            return
        place = self.records.cursor_id
        if isinstance(place, tuple) and place[0] == "owner":
            await self._choose_owner(view, place[1])
            return
        if not isinstance(place, int):
            key = "G" if self.source.kind == "update" else "g"
            self.explain_key("m", _("stand on a column first."), Hint(key, _("to the columns")))
            return
        from tui_crm.core.exchange.columns import lead_columns, prospect_columns

        leads = self.source.kind == "leads"
        fields = [None, *(lead_columns.FIELDS if leads else prospect_columns.FIELDS)]
        column = view.file.columns[place]
        options = [
            MenuOption(
                import_preview.field_name(name) if name else _("kept as is"),
                _("now") if name == column.field else "",
            )
            for name in fields
        ]
        about = make((column.name, "text"), (f"   {column.first}", "dim"))
        index = await self.choose(_("meaning"), about, options, also_leaves=("m",))
        if index is not None:
            name = view.file.table.columns[place]
            others = tuple(pair for pair in self.source.meanings if pair[1] != name)
            meanings = (*others, (fields[index] or "-", name))
            await self._read(replace(self.source, meanings=meanings))

    async def _choose_owner(self, view: Preview, name: str) -> None:
        """Choose whose the leads of an owner of the file become."""
        from tui_crm.core.exchange.leads import owners

        users = [m.name for m in all_members(self.session.store) if m.active]
        others = [user for user in users if user != self.session.user.name]
        values = [owners.ME, *others[: 9 - 3], owners.NEW, owners.NOBODY]
        words = {
            owners.ME: _("me"),
            owners.NEW: _("a new user, not active"),
            owners.NOBODY: _("nobody"),
        }
        options = [MenuOption(words.get(value, value)) for value in values]
        index = await self.choose(_("whose"), name, options, also_leaves=("m",))
        if index is not None:
            rest = tuple(pair for pair in self.source.owners if pair[0] != name)
            await self._read(replace(self.source, owners=(*rest, (name, values[index]))))

    @conversation
    async def action_name_list(self) -> None:
        view = self._preview("n")
        if view is None:
            return
        if self.source.kind == "leads":
            self.explain_key("n", _("leads go into no list."))
            return
        if self.source.kind == "update":
            self.explain_key(
                "n", _("this file is for the list {name}.").format(name=self.source.list_name)
            )
            return
        about = _("made, or added to when there is one of this name")
        name = await ask(
            self,
            PromptSheet(
                _("prospect list"),
                about,
                value=view.comparison.list_name or "",
                selected=True,
                rows=1,
            ),
        )
        if name:
            await self._read(replace(self.source, list_name=name))

    @conversation
    async def action_matched_by(self) -> None:
        if self.source.kind != "update":
            self.explain_key("b", _("only an updated file is matched; i on a list brings one in."))
            return
        view = self._preview("b")
        if view is None:
            return
        new = set(view.comparison.new_columns)
        known = [column.name for column in view.file.columns if column.name not in new]
        columns = [None, "phone", "email", *known]
        labels = [_("the best"), _("phone"), _("e-mail"), *known]
        options = [
            MenuOption(label, _("now") if column == self.source.matched_by else "")
            for column, label in zip(columns, labels, strict=True)
        ]
        index = await self.choose(_("match by"), view.file.name, options, also_leaves=("b",))
        if index is not None:
            await self._read(replace(self.source, matched_by=columns[index]))

    @conversation
    async def action_country(self) -> None:
        """Choose where phones without a prefix ring; every other row of the preview follows."""
        view = self._preview("c")
        if view is None:
            return
        if "country" in view.file.fields:
            self.explain_key("c", _("each row of this file names its country."))
            return
        from tui_crm.core.exchange.columns.phone_country import country_of_numbers

        home = self.session.house.region
        text = ""
        sheet = partial(
            PromptSheet,
            _("country"),
            _("of phones without a prefix; now {country}").format(country=view.file.country or "–"),
            rows=1,
            examples=make(
                (_("US, or its name; {home} is the workspace's").format(home=home), "dim")
            ),
        )
        while (typed := await ask(self, sheet(value=text))) is not None:
            try:
                country = country_of_numbers(typed)
            except CrmError as error:
                self.refused(error)
                text = typed
                continue
            await self._read(replace(self.source, country=country))
            return

    @conversation
    async def action_encoding(self) -> None:
        view = self._preview("e")
        if view is None:
            return
        if view.file.table.encoding is None:
            self.explain_key("e", _("this kind of file has no encoding to choose."))
            return
        encoding = await self._choose_value("e", _("encoding"), ENCODINGS, view.file.table.encoding)
        if encoding is not None:
            await self._read(replace(self.source, encoding=encoding))

    # Another delimiter or sheet makes other columns: what was chosen for them is dropped.

    @conversation
    async def action_delimiter(self) -> None:
        view = self._preview("d")
        if view is None:
            return
        now = view.file.table.delimiter
        if now is None:
            self.explain_key("d", _("this kind of file has no delimiter."))
            return
        now = "tab" if now == "\t" else now
        delimiter = await self._choose_value("d", _("delimiter"), DELIMITERS, now)
        if delimiter is not None:
            await self._read(replace(self.source, delimiter=delimiter, meanings=()))

    @conversation
    async def action_sheet(self) -> None:
        view = self._preview("s")
        if view is None:
            return
        if len(view.file.table.sheets) < 2:
            self.explain_key("s", _("there is one table in this file."))
            return
        table = view.file.table
        sheet = await self._choose_value("s", _("sheet"), table.sheets, table.sheet)
        if sheet is not None:
            await self._read(replace(self.source, sheet=sheet, meanings=()))

    async def _choose_value(
        self, key: str, name: str, values: Sequence[str], now: str | None
    ) -> str | None:
        options = [MenuOption(value, _("now") if value == now else "") for value in values]
        about = self.view.file.name if self.view is not None else ""
        index = await self.choose(name, about, options, also_leaves=(key,))
        return None if index is None else values[index]

    # -- bringing in ---------------------------------------------------------------------------

    async def on_record_list_opened(self, event: RecordList.Opened) -> None:
        await self.action_run()

    @conversation
    async def action_run(self) -> None:
        view = self._preview("Enter")
        if view is None:
            return
        if not view.comparison.has_changes:
            self.explain_key(
                "Enter", _("there is nothing new in this file."), Hint("f", _("another"))
            )
            return
        name = view.comparison.list_name
        about = _("into prospect list {name}").format(name=name) if name else view.file.name
        run = partial(run_import, self.session, view)
        try:
            result = await run_job(self, _("importing"), about, run)
        except CrmError as error:
            self.refused(error)
        else:
            self._show_imported(result)

    def _show_imported(self, done: Preview) -> None:
        """Go where the imported rows are, and say how many there are."""
        self.crm.header_cache.invalidate()
        kind = self.source.kind
        self.source, self.view = self._unread(), None
        self.records.show(ListRows([]))
        parts = [
            _("{n} changed").format(n=f"{done.comparison.updated:,}") if kind == "update" else "",
            _("{n} duplicates").format(n=f"{len(done.duplicates):,}") if done.duplicates else "",
            _("{n} skipped").format(n=f"{len(done.skipped):,}") if done.skipped else "",
        ]
        what = (
            ngettext("{n} lead", "{n} leads", done.added)
            if kind == "leads"
            else ngettext("{n} row into {list}", "{n} rows into {list}", done.added)
        )
        message = Message(
            _("Imported"),
            "won",
            what.format(n=f"{done.added:,}", list=done.comparison.list_name),
            note=", ".join(part for part in parts if part),
            right=Hint("u", _("undo")),
        )
        if kind == "leads":
            self.crm.go("today", message)
        else:
            self.crm.go("lists", message, done.comparison.list_id)

    @conversation
    async def action_undo(self) -> None:
        await undo_many(self)

    @conversation
    async def action_redo(self) -> None:
        await undo_many(self, redo=True)
