"""Import: look at a file first, say what its columns mean, then bring it in as one operation.

Reading and writing run in one background job with progress and cancel; the job never touches a
widget: it posts what it found, with its number, and what comes from a job that was given up is
dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textual import events
from textual.widget import Widget

from tui_crm.core.errors import CrmError
from tui_crm.core.progress import Cancelled, Progress
from tui_crm.core.text import _, ngettext
from tui_crm.tui import keys
from tui_crm.tui.screens.base import LOW, hint_of
from tui_crm.tui.screens.importing.choices import Choices, ImportChoices
from tui_crm.tui.screens.importing.sheets import PathSheet
from tui_crm.tui.screens.working import Working
from tui_crm.tui.widgets import import_preview, update_preview
from tui_crm.tui.widgets.header import TitleView
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, Line, make
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

AIR = 32


class ImportScreen(Working, ImportChoices):
    """A file of prospects or of leads, before it is brought in."""

    NAME = "import"

    def __init__(self) -> None:
        super().__init__()
        self.records = RecordList()
        self._kind = "prospects"
        self.updating = ""
        """The list that an updated file is for."""
        self.pasted: str | None = None
        """Cells pasted elsewhere, to be looked at at once."""
        self.source: str = ""
        self.chosen = Choices()
        self.view: Any = None
        self._cells: str | None = None

    @property
    def kind(self) -> str:
        """``prospects``, ``leads``, or ``update`` (:meth:`begin_update`); set it before the screen
        is shown. What was looked at as another kind is forgotten."""
        return self._kind

    @kind.setter
    def kind(self, kind: str) -> None:
        if kind != self._kind:
            self.view, self._cells, self.source, self.chosen = None, None, "", Choices()
        self._kind = kind

    def begin_update(self, list_name: str) -> None:
        """The next file is an updated one for this list."""
        if list_name != self.updating:
            self.kind = "prospects"
        self.kind, self.updating = "update", list_name

    def middle(self) -> Iterable[Widget]:
        yield self.records

    def main(self) -> Widget:
        return self.records

    async def on_screen_resume(self) -> None:  # type: ignore[override]
        # Within the key that came here, so that what is typed next is the path.
        if self.header.is_mounted:
            await self._begin()

    async def on_mount(self) -> None:  # type: ignore[override]
        await self._begin()

    async def _begin(self) -> None:
        """Ask for the file, or look at what was pasted before."""
        if self.sheet_open:
            return
        if self.pasted is not None:
            text, self.pasted = self.pasted, None
            await self._look_at_cells(text)
        elif self.view is None and not self.working:
            await self.action_file()

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        self.show(self.view)

    def tick(self) -> None: ...

    def show(self, view: Any) -> None:
        """A pure function of the preview and the size."""
        self.view = view
        airy = self.size.height >= AIR
        self.records.show(ListRows(self._rows(view, airy) if view is not None else []))
        self.show_frame()

    def _rows(self, view: Any, airy: bool) -> list[Row]:
        if self.kind != "update":
            return import_preview.rows(view, self.kind, airy)
        from tui_crm.core.exchange.prospects import update as prospect_update

        return update_preview.rows(
            view, prospect_update.match_words(view.comparison.matched_by), airy
        )

    def show_frame(self) -> None:
        view = self.view
        name = {"leads": _("Import leads"), "update": _("Updated file")}.get(self.kind, _("Import"))
        right = EMPTY
        if view is not None:
            table = view.file.table
            parts = [
                table.encoding,
                {"\t": _("tab")}.get(table.delimiter, table.delimiter),
                table.sheet,
            ]
            parts.append(_("{n} columns").format(n=len(view.file.columns)))
            right = make(("  ".join(part for part in parts if part), "dim"))
        title = view.file.name if view is not None else ""
        self.header.show(TitleView(name, title, right=right))
        self.hint_line.show(self.hints())
        self.messages.display = self.size.height >= LOW
        if self._said is None:
            self.messages.show(self.summary())
            self.hint_line.say(None)
        self._take_keys()

    def hints(self) -> list[Hint]:
        """Only what this file has: no sheets in a CSV, no delimiter in a workbook."""
        view = self.view
        if view is None:
            return [hint_of(self, "import.file"), hint_of(self, "move.back")]
        table = view.file.table
        left_out = set()
        if table.encoding is None:
            left_out.add("import.encoding")
        if table.delimiter is None:
            left_out.add("import.delimiter")
        if len(table.sheets) < 2:
            left_out.add("import.sheet")
        left_out.add("import.name" if self.kind != "prospects" else "import.by")
        if self.kind == "leads":
            left_out.add("import.by")
        return [hint_of(self, name) for name in keys.HINTS[self.NAME] if name not in left_out]

    # -- the background job --------------------------------------------------------------------

    async def _previewed(self, result: Any, error: CrmError | None) -> None:
        if error is not None:
            await self._failed(error)
        else:
            self.show(result)

    async def _imported(self, result: Any, error: CrmError | None) -> None:
        if error is not None:
            await self._failed(error)
        else:
            self._show_result(result)

    async def _failed(self, error: CrmError) -> None:
        self.refused(error)
        if self.view is None and self._cells is None:
            await self.action_file(self.source, error)
        elif self.view is not None:
            # What was tried last did not work: the preview on screen is still true.
            self.chosen = self._good

    # -- looking -------------------------------------------------------------------------------

    _good = Choices()

    async def _look(self, chosen: Choices) -> None:
        """Read the file as ``chosen`` and show what it holds."""
        self._good, self.chosen = self.chosen, chosen
        session, kind, cells, source = self.session, self.kind, self._cells, self.source
        updating = self.updating

        def work(progress: Progress, cancelled: Cancelled) -> Any:
            from tui_crm.core.exchange import importing
            from tui_crm.core.exchange.readers.open import read_pasted
            from tui_crm.core.exchange.readers.table import ReadOptions

            importer: importing.Importer[Any, Any]
            if kind == "leads":
                from tui_crm.core.exchange.leads.importer import LeadImport

                importer = LeadImport()
            elif kind == "update":
                from tui_crm.core.exchange.prospects.update import ListUpdate

                importer = ListUpdate(session, updating, chosen.by)
            else:
                from tui_crm.core.exchange.prospects.importer import ProspectImport

                importer = ProspectImport(chosen.list_name)
            return importing.preview(
                session,
                importer,
                source if cells is None else read_pasted(cells),
                ReadOptions(chosen.encoding, chosen.delimiter, chosen.sheet),
                mapping=chosen.meanings,
                progress=progress,
                cancelled=cancelled,
            )

        name = _("pasted") if cells is not None else Path(source).name
        await self.work(_("reading"), name, work, self._previewed)

    async def _look_at_cells(self, text: str) -> None:
        self.view, self._cells, self.source = None, text, ""
        await self._look(Choices())

    async def action_file(self, text: str = "", error: CrmError | None = None) -> None:
        async def entered(value: str | None) -> None:
            if value is None:
                if self.view is None:
                    self.app.pop_screen()
            elif "\n" in value or "\t" in value:
                await self._look_at_cells(value)
            else:
                self.view, self._cells, self.source = None, None, value
                await self._look(Choices())

        about = {
            "leads": _("leads of another CRM"),
            "update": _("updated, for the list {name}").format(name=self.updating),
        }.get(self.kind, _("prospects"))
        await PathSheet(about, text, str(error) if error else "").open(self, entered)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if event.text.strip() and not self.sheet_open:
            self.call_next(self._look_at_cells, event.text)

    # -- choosing ------------------------------------------------------------------------------

    async def on_record_list_opened(self, event: RecordList.Opened) -> None:
        await self.action_run()

    def summary(self) -> Line:
        """Where the rows will go."""
        found = self.view.comparison if self.view is not None else None
        if found is None or not found.list_name:
            return EMPTY
        if self.kind == "update":
            return make(
                (_("brought into the list "), "dim"),
                (found.list_name, "strong"),
                ("   b", "key"),
                (f" {_('match by something else')}", "dim"),
            )
        there = found.list_id is not None
        return make(
            (_("added to the list ") if there else _("makes the list "), "dim"),
            (found.list_name, "strong"),
            ("   n", "key"),
            (f" {_('another name')}", "dim"),
        )

    # -- bringing in ---------------------------------------------------------------------------

    async def action_run(self) -> None:
        if not self._need("Enter"):
            return
        if not self.view.comparison.has_changes:
            self.explain_key(
                "Enter", _("there is nothing new in this file."), Hint("f", _("another"))
            )
            return
        session, seen = self.session, self.view

        def work(progress: Progress, cancelled: Cancelled) -> Any:
            from tui_crm.core.exchange import importing

            return importing.run_import(session, seen, progress, cancelled)

        name = seen.comparison.list_name
        about = _("into prospect list {name}").format(name=name) if name else seen.file.name
        await self.work(_("importing"), about, work, self._imported)

    def _show_result(self, done: Any) -> None:
        """Say what was imported on the screen where it can be seen."""
        self.crm.header_cache.invalidate()
        self.view, self._cells, self.chosen = None, None, Choices()
        self.records.show(ListRows([]))
        parts = [
            _("{n} duplicates").format(n=f"{len(done.duplicates):,}") if done.duplicates else "",
            _("{n} skipped").format(n=f"{len(done.skipped):,}") if done.skipped else "",
        ]
        what = (
            ngettext("{n} lead", "{n} leads", done.added)
            if self.kind == "leads"
            else ngettext("{n} row into {list}", "{n} rows into {list}", done.added)
        )
        if self.kind == "update":
            parts.insert(0, _("{n} changed").format(n=f"{done.comparison.updated:,}"))
        message = Message(
            _("Imported"),
            "won",
            what.format(n=f"{done.added:,}", list=done.comparison.list_name),
            note=", ".join(part for part in parts if part),
            right=Hint("u", _("undo")),
        )
        if self.kind != "leads":
            self.crm.go("lists", message, done.comparison.list_id)
        else:
            self.crm.go("today", message)
