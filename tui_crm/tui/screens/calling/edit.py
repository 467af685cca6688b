"""The words and cells of the row on screen: its note, its columns, what can be copied of it."""

from __future__ import annotations

from collections.abc import Callable

from tui_crm.core import phones
from tui_crm.core.calling import operations as calling
from tui_crm.core.calling.card import Card, read_row
from tui_crm.core.lists import edits as list_edits, lists
from tui_crm.core.lists.cells import regions_of
from tui_crm.core.text import _
from tui_crm.tui.screens.calling.base import RowScreen
from tui_crm.tui.screens.calling.sheets import SHEET, CallMenu, RowNoteSheet
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet
from tui_crm.tui.widgets.prospect_panes import file_said


class Words(RowScreen):
    """Note, edit, copy."""

    async def action_note(self) -> None:
        card = self._row("n")
        if card is None:
            return
        kept = read_row(self.session, card.prospect_id)["note"]
        typed = "" if card.saved else card.note
        if kept and typed.startswith(kept):
            typed = typed[len(kept) :]

        def written(_value: str | None) -> None:
            # What was typed is saved already; the outcome takes it with it.
            self.reload()

        await RowNoteSheet(
            self.session, card.prospect_id, self._about(card), kept, " ".join(typed.split())
        ).open(self, written)

    async def action_edit(self) -> None:
        card = self._row("i")
        if card is None:
            return
        columns = lists.get(self.session, card.list_id).columns
        values = {name: value for name, value, _field in card.cells}
        said = dict(card.original)

        async def chosen(index: int | None) -> None:
            if index is None:
                return
            if index < len(columns):
                await self._edit(card, columns[index], values.get(columns[index].name, ""))
            elif index == len(columns):
                await self._edit_note(card)
            else:
                await self._add_column(card)

        options = [
            MenuOption(
                c.name,
                values.get(c.name, "–")
                + (f"  {file_said(said[c.name])}" if c.name in said else ""),
            )
            for c in columns
        ]
        await CallMenu(
            _("edit"),
            self._about(card),
            [*options, MenuOption(_("Note"), card.note), MenuOption(_("New column"))],
            also_leaves=("i",),
        ).open(self, chosen)

    async def _add_column(self, card: Card, text: str = "") -> None:
        """One more column for the list, then this row's cell of it."""

        async def entered(name: str | None) -> None:
            if name is None:
                return
            if self.crm.perform(list_edits.add_column, card.list_id, name) is None:
                await self._add_column(card, name)
                return
            await self._edit(card, lists.get(self.session, card.list_id).columns[-1], "")

        await PromptSheet(
            _("new column"),
            self._about(card),
            value=text,
            rows=SHEET,
            examples=make((_("its name; every row of the list gets it, empty"), "dim")),
        ).open(self, entered)

    async def _edit(self, card: Card, column: lists.Column, value: str) -> None:
        async def entered(text: str | None) -> None:
            if text is None:
                return
            if self.crm.perform(calling.edit_row, card.prospect_id, {column.name: text}) is None:
                await self._edit(card, column, text)
            else:
                self._tell(column.name, card, text)

        await PromptSheet(
            column.name,
            self._about(card),
            self._cell_echo(card, column),
            value=" ".join(value.split()),
            rows=SHEET,
            empty_value="",
            empty_word=_("empties it") if value else _("leaves it empty"),
            examples=make((_("what the file said is kept"), "dim")) if value else EMPTY,
        ).open(self, entered)

    def _cell_echo(self, card: Card, column: lists.Column) -> Callable[[str], Echo]:
        """What a cell will be, and what the file said of it."""
        said = dict(card.original).get(column.name)

        def echo(text: str) -> Echo:
            rows = []
            if column.field == "phone":
                regions = regions_of(card.country, self.session.house.region)
                found = phones.read_as(text, regions)
                good = [
                    phones.shown(p.typed, p.e164, self.session.house.region)
                    for p in found
                    if p.e164
                ]
                if good:
                    rows.append(EchoRow("=", "won", make((", ".join(good), "strong"))))
                else:
                    words = _("no valid number: it is kept as typed, and marked")
                    rows.append(EchoRow("!", "due", make((words, "due"))))
            if said is not None:
                rows.append(EchoRow(" ", "dim", make((file_said(said), "dim"))))
            return Echo(rows)

        return echo

    async def _edit_note(self, card: Card) -> None:
        def entered(text: str | None) -> None:
            if (
                text is not None
                and self.crm.perform(calling.set_note, card.prospect_id, text) is not None
            ):
                self._tell(_("Note"), card, text)

        await PromptSheet(
            _("note"),
            self._about(card),
            value=" ".join(card.note.split()),
            rows=SHEET,
            empty_value="",
            empty_word=_("empties it"),
        ).open(self, entered)

    async def action_copy(self) -> None:
        card = self._row("y")
        if card is None:
            return
        texts = [p.shown if p.e164 else p.typed for p in card.phones] + list(card.emails)
        texts += [text for text in (card.web, card.linkedin) if text]
        if not texts:
            self.explain_key("y", _("there is nothing to copy here."), Hint("i", _("edit")))
            return

        def chosen(index: int | None) -> None:
            if index is not None:
                self.crm.copy(texts[index])
                self.say(Message(_("Copied"), "strong", "", texts[index]))

        if len(texts) == 1:
            chosen(0)
            return
        await CallMenu(
            _("copy"),
            self._about(card),
            [MenuOption(t) for t in texts],
            enter=0,
            also_leaves=("y",),
        ).open(self, chosen)
