"""How a file is to be read: what its columns mean, its encoding, delimiter and sheet, the list it
is for, and what the rows of an updated one are matched by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.widgets import import_preview
from tui_crm.tui.widgets.hints import Hint
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import PromptSheet
from tui_crm.tui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from tui_crm.core.exchange.importing import FileColumn

ENCODINGS = ("utf-8", "cp1252", "utf-16", "iso-8859-15", "cp850", "mac-roman")
DELIMITERS = (",", ";", "tab", "|")


@dataclass(frozen=True)
class Choices:
    """How a file is to be read, as far as somebody said so; ``meanings`` are field by column;
    ``by`` is what the rows of an updated file are matched by."""

    list_name: str = ""
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    meanings: tuple[tuple[str, str], ...] = ()
    by: str | None = None


class ImportChoices(CrmScreen):
    """The keys that say how; each looks at the file again."""

    records: RecordList
    view: Any
    chosen: Choices
    updating: str
    kind: Any

    async def _look(self, chosen: Choices) -> None:
        raise NotImplementedError

    def _need(self, key: str) -> bool:
        if self.view is None:
            self.explain_key(key, _("there is no file yet."), Hint("f", _("file")))
        return self.view is not None

    async def action_meaning(self) -> None:
        if not self._need("m"):
            return
        place = self.records.cursor_id
        if not isinstance(place, int):
            self.explain_key(
                "m",
                _("stand on a column first."),
                Hint("G" if self.kind == "update" else "g", _("to the columns")),
            )
            return
        from tui_crm.core.exchange.columns import lead_columns, prospect_columns

        fields = prospect_columns.FIELDS if self.kind != "leads" else lead_columns.FIELDS
        column: FileColumn = self.view.file.columns[place]
        names = [None, *fields]

        async def chosen(index: int | None) -> None:
            if index is None:
                return
            name = self.view.file.table.columns[place]
            others = tuple(pair for pair in self.chosen.meanings if pair[1] != name)
            await self._again(meanings=(*others, (names[index] or "-", name)))

        options = [
            MenuOption(
                import_preview.field_name(name) if name else _("kept as is"),
                _("now") if name == column.field else "",
            )
            for name in names
        ]
        about = make((column.name, "text"), (f"   {column.first}", "dim"))
        await MenuSheet(_("meaning"), about, options, also_leaves=("m",)).open(self, chosen)

    async def _again(self, **changes: Any) -> None:
        await self._look(replace(self.chosen, **changes))

    async def action_name_list(self) -> None:
        if not self._need("n"):
            return
        if self.kind == "leads":
            self.explain_key("n", _("leads go into no list."))
            return
        if self.kind == "update":
            self.explain_key("n", _("this file is for the list {name}.").format(name=self.updating))
            return

        async def entered(value: str | None) -> None:
            if value:
                await self._again(list_name=value)

        await PromptSheet(
            _("prospect list"),
            _("made, or added to when there is one of this name"),
            value=self.view.comparison.list_name,
            rows=1,
        ).open(self, entered)

    async def action_matched_by(self) -> None:
        if self.kind != "update":
            self.explain_key("b", _("only an updated file is matched; i on a list brings one in."))
            return
        if not self._need("b"):
            return
        new = set(self.view.comparison.new_columns)
        there = [column.name for column in self.view.file.columns if column.name not in new]
        words = [None, "phone", "email", *there]
        labels = [_("the best"), _("phone"), _("e-mail"), *there]

        async def chosen(index: int | None) -> None:
            if index is not None:
                await self._again(by=words[index])

        options = [
            MenuOption(label, _("now") if word == self.chosen.by else "")
            for word, label in zip(words, labels, strict=True)
        ]
        await MenuSheet(_("match by"), self.view.file.name, options, also_leaves=("b",)).open(
            self, chosen
        )

    async def action_encoding(self) -> None:
        if self._need("e"):
            if self.view.file.table.encoding is None:
                self.explain_key("e", _("this kind of file has no encoding to choose."))
                return
            await self._menu(
                "e", _("encoding"), ENCODINGS, self.view.file.table.encoding, "encoding"
            )

    async def action_delimiter(self) -> None:
        if self._need("d"):
            if self.view.file.table.delimiter is None:
                self.explain_key("d", _("this kind of file has no delimiter."))
                return
            now = (
                "tab" if self.view.file.table.delimiter == "\t" else self.view.file.table.delimiter
            )
            await self._menu("d", _("delimiter"), DELIMITERS, now, "delimiter")

    async def action_sheet(self) -> None:
        if self._need("s"):
            if len(self.view.file.table.sheets) < 2:
                self.explain_key("s", _("there is one table in this file."))
                return
            await self._menu(
                "s", _("sheet"), self.view.file.table.sheets, self.view.file.table.sheet, "sheet"
            )

    async def _menu(self, key: str, name: str, values: Any, now: str, what: str) -> None:
        async def chosen(index: int | None) -> None:
            if index is not None:
                # Another table may have other columns: what was said about them goes.
                more = {"meanings": ()} if what != "encoding" else {}
                await self._again(**{what: values[index]}, **more)

        options = [MenuOption(v, _("now") if v == now else "") for v in values]
        await MenuSheet(name, self.view.file.name, options, also_leaves=(key,)).open(self, chosen)
