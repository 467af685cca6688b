"""The note and the columns of the prospect on screen, and what can be copied of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_crm.core import phones
from tui_crm.core.calling import operations as calling
from tui_crm.core.calling.card import Card, read_row
from tui_crm.core.lists import edits as list_edits, lists
from tui_crm.core.lists.cells import regions_of
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.screens.calling.sheets import ECHO_ROWS, CallMenu, RowNoteSheet
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow
from tui_crm.tui.widgets.prospect_card import done, title
from tui_crm.tui.widgets.prospect_panes import original_words

if TYPE_CHECKING:
    from tui_crm.tui.screens.calling.screen import CallingScreen


async def write_note(screen: CallingScreen, card: Card) -> None:
    """Ask for the note of this call; it is saved while it is typed, and logged with the outcome."""
    earlier = read_row(screen.session, card.prospect_id)["note"]
    typed = "" if card.saved else card.note
    if earlier and typed.startswith(earlier):
        typed = typed[len(earlier) :]
    text = " ".join(typed.split())
    await ask(screen, RowNoteSheet(screen.session, card.prospect_id, title(card), earlier, text))
    screen.reload()


# -- columns ---------------------------------------------------------------------------------------


async def edit_row(screen: CallingScreen, card: Card) -> None:
    """Ask which column is to be changed, then for its value; or for the note, or a new column."""
    columns = lists.get(screen.session, card.list_id).columns
    values = {name: value for name, value, _field in card.cells}
    original = dict(card.original)
    options = []
    for column in columns:
        shown = values.get(column.name, "–")
        if column.name in original:
            shown += f"  {original_words(original[column.name])}"
        options.append(MenuOption(column.name, shown))
    options += [MenuOption(_("Note"), card.note), MenuOption(_("New column"))]
    index = await ask(screen, CallMenu(_("edit"), title(card), options, also_leaves=("i",)))
    if index is None:
        return
    if index < len(columns):
        await _edit_cell(screen, card, columns[index], values.get(columns[index].name, ""))
    elif index == len(columns):
        await _edit_note(screen, card)
    else:
        await _add_column(screen, card)


async def _edit_cell(screen: CallingScreen, card: Card, column: lists.Column, value: str) -> None:
    await screen.edit_line(
        column.name,
        title(card),
        lambda text: screen.crm.perform(calling.edit_row, card.prospect_id, {column.name: text}),
        place=f"prospect:{card.prospect_id}:cell:{column.name}",
        value=" ".join(value.split()),
        said=lambda text: done(card, column.name, text),
        echo=_cell_echo(screen.session, card, column),
        examples=make((_("what the file said is kept"), "dim")) if value else EMPTY,
        rows=ECHO_ROWS,
        empty_value="",
        empty_word=_("empties it") if value else _("leaves it empty"),
    )


def _cell_echo(session: Session, card: Card, column: lists.Column) -> Callable[[str], Echo]:
    """What a cell will be, and what it was in the imported file."""
    original = dict(card.original).get(column.name)

    def echo(text: str) -> Echo:
        rows = []
        if column.field == "phone":
            region = session.house.region
            found = phones.read_as(text, regions_of(card.country, region))
            good = [phones.shown(p.typed, p.e164, region) for p in found if p.e164]
            if good:
                rows.append(EchoRow("=", "won", make((", ".join(good), "strong"))))
            else:
                words = _("no valid number: it is kept as typed, and marked")
                rows.append(EchoRow("!", "due", make((words, "due"))))
        if original is not None:
            rows.append(EchoRow(" ", "dim", make((original_words(original), "dim"))))
        return Echo(rows)

    return echo


async def _edit_note(screen: CallingScreen, card: Card) -> None:
    await screen.edit_line(
        _("note"),
        title(card),
        lambda text: screen.crm.perform(calling.set_note, card.prospect_id, text),
        place=f"prospect:{card.prospect_id}:edited-note",
        value=" ".join(card.note.split()),
        goes_on=True,
        said=lambda text: done(card, _("Note"), text),
        rows=ECHO_ROWS,
        empty_value="",
        empty_word=_("empties it"),
    )


async def _add_column(screen: CallingScreen, card: Card) -> None:
    """One more column for the list, then this row's cell of it."""
    added = await screen.edit_line(
        _("new column"),
        title(card),
        lambda name: screen.crm.perform(list_edits.add_column, card.list_id, name),
        place=f"list:{card.list_id}:column",
        examples=make((_("its name; every row of the list gets it, empty"), "dim")),
        rows=ECHO_ROWS,
    )
    if added:
        await _edit_cell(screen, card, lists.get(screen.session, card.list_id).columns[-1], "")


# -- copy ------------------------------------------------------------------------------------------


async def copy(screen: CallingScreen, card: Card) -> None:
    """Copy a phone, an e-mail or an address; where there are several, ask which."""
    texts = [p.shown if p.e164 else p.typed for p in card.phones] + list(card.emails)
    texts += [text for text in (card.web, card.linkedin) if text]
    if not texts:
        screen.explain_key("y", _("there is nothing to copy here."), Hint("i", _("edit")))
        return
    index: int | None = 0
    if len(texts) > 1:
        options = [MenuOption(text) for text in texts]
        menu = CallMenu(_("copy"), title(card), options, enter=0, also_leaves=("y",))
        index = await ask(screen, menu)
    if index is not None:
        screen.crm.copy(texts[index])
        screen.say(Message(_("Copied"), "strong", "", texts[index]))
