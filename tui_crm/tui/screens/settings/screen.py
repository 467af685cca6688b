"""Settings: everything that can be set, and below each of it its rows: added, renamed, edited,
moved, retired."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tui_crm.core.text import _, width as width_of
from tui_crm.tui.catalogue import Head, SetupRow, Subject
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.leads.side_pane import AIR, ListAndPane
from tui_crm.tui.screens.settings import edits
from tui_crm.tui.screens.settings.places import Place, places, section_names
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.header import TitleView
from tui_crm.tui.widgets.hints import Hint
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Align,
    Line,
    Run,
    cell,
    clip,
    join,
    label,
    make,
    paragraph,
)
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

NARROW = 60
TITLE = 26  # cells of the name of a place


@dataclass(frozen=True)
class SettingsView:
    """The places, or the rows of one subject."""

    places: tuple[Place, ...] = ()
    subject: Subject | None = None
    rows: tuple[SetupRow, ...] = ()


class SettingsScreen(ListAndPane):
    """The list of what can be set; Enter goes into one of it, Esc back to the list."""

    NAME = "settings"

    def __init__(self) -> None:
        super().__init__()
        self.view = SettingsView()
        self._subject: Subject | None = None
        self._from_list = False  # whether Esc goes to the list of the settings first

    def enter(self, subject: Subject | None, from_list: bool = False) -> None:
        """Show a subject, or the list, before the screen is shown or on it."""
        self._subject, self._from_list = subject, from_list
        if self.header.is_mounted:
            self.reload()
            self.records.action_top()

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        if self._subject is None:
            self.show(SettingsView(places=tuple(places(self))))
        else:
            rows = tuple(self._subject.rows(self.session))
            self.show(SettingsView(subject=self._subject, rows=rows))
        self.show_frame()

    def tick(self) -> None: ...

    def show(self, view: SettingsView) -> None:
        """A pure function of the view and the size."""
        self.view = view
        made = self._list(view) if view.subject is None else self._rows(view.subject, view.rows)
        self.records.show(ListRows(made))
        self.show_pane()

    def show_frame(self) -> None:
        subject = self.view.subject
        right = make((self.session.house.name, "dim"))
        self.header.show(TitleView(_("Settings"), subject.title if subject else "", right=right))
        self.show_hints()

    def hints(self) -> list[Hint]:
        """Only the keys that act on this subject."""
        subject = self.view.subject
        shown = ["move.open"]
        if subject is not None:
            acts = subject.acts
            edit = acts.get("edit")
            if "add" in acts:
                shown.append("settings.add")
            if edit is not None and edits.new_name(edit) is not None:
                shown.append("settings.rename")
            if "retire" in acts:
                shown.append("settings.retire")
            if "move" in acts or (edit is not None and edit.parameter("place") is not None):
                shown += ["settings.earlier", "settings.later"]
            shown.append("always.undo")
        return [hint_of(self, name) for name in (*shown, "always.palette", "move.back")]

    def _list(self, view: SettingsView) -> list[Row]:
        made: list[Row] = []
        names = section_names()
        for section, part in groupby(view.places, key=lambda place: place.section):
            made += [Row.blank()] if self.size.height >= AIR else []
            made.append(Row.section(names[section]))
            made += [Row.item(place.name, _place_row(place)) for place in part]
        return made

    def _rows(self, subject: Subject, rows: Sequence[SetupRow]) -> list[Row]:
        air = [Row.blank()] if self.size.height >= AIR else []
        if not rows:
            text = _("There is none yet. {about}").format(about=subject.about)
            key = hint_of(self, "settings.add").key
            return [
                *air,
                Row.text(make((" ", "text"), (text, "dim"))),
                Row.text(make((f" {key}", "key"), (f" {_('adds the first')}", "dim"))),
            ]
        here = [row for row in rows if not row.retired]
        made = [*air, Row.section(subject.title, len(here))]
        heads = [head.name for head in subject.heads]
        if any(heads):
            made.append(Row(_row(subject.heads, rows, heads, "dim"), kind="text"))
        made += [Row.item(row.id, _row(subject.heads, rows, row.cells, "text")) for row in here]
        retired = [row for row in rows if row.retired]
        if retired:
            note = _("no longer offered; what has it keeps it")
            made += [*air, Row.section(_("Retired"), len(retired), note, "dim")]
            made += [
                Row.item(row.id, _row(subject.heads, rows, row.cells, "dim")) for row in retired
            ]
        return made

    def about_row(self) -> Callable[[int], list[Line]]:
        view, row, place = self.view, self.row(), self.place()
        if view.subject is not None and row is not None:
            subject = view.subject
            return lambda width: _about(subject, row, width)
        if place is None:
            return lambda width: []
        rows = place.subject.rows(self.session) if place.subject is not None else ()
        return lambda width: _contents(place, rows, width)

    # -- under the cursor ----------------------------------------------------------------------

    def row(self) -> SetupRow | None:
        """The row under the cursor."""
        return self.row_of(str(self.records.cursor_id))

    def row_of(self, name: str) -> SetupRow | None:
        """A row of the subject by its id, as it is now."""
        return next((row for row in self.view.rows if row.id == name), None)

    def place(self) -> Place | None:
        """The place under the cursor."""
        name = self.records.cursor_id
        return next((place for place in self.view.places if place.name == name), None)

    # -- keys ----------------------------------------------------------------------------------

    @conversation
    async def on_record_list_opened(self, event: RecordList.Opened) -> None:
        subject, row, place = self.view.subject, self.row(), self.place()
        if subject is not None and row is not None:
            await edits.edit_row(self, subject, row)
        elif place is not None and place.open is not None:
            await place.open(self)
        elif place is not None:
            self.enter(place.subject, from_list=True)

    @conversation
    async def action_add(self) -> None:
        subject = self._needs("+", "add")
        if subject is None:
            return
        before = {row.id for row in self.view.rows}
        if await edits.ask_values(self, subject, subject.acts["add"], self.row()):
            new = next((row.id for row in self.view.rows if row.id not in before), None)
            if new is not None:
                self.records.jump(new)

    @conversation
    async def action_rename(self) -> None:
        subject, row = self._needs("r", "edit"), self.row()
        if subject is not None and row is not None:
            await edits.rename_row(self, subject, row)

    def action_retire(self) -> None:
        subject, row = self._needs("-", "retire"), self.row()
        if subject is not None and row is not None:
            edits.retire_row(self, subject, row)

    def action_shift(self, by: int) -> None:
        subject, row = self._needs("<" if by < 0 else ">", "edit"), self.row()
        if subject is not None and row is not None:
            edits.shift_row(self, subject, row, by)

    def _needs(self, key: str, act: str) -> Subject | None:
        """The subject on screen if it has this act; else a message on why the key does nothing."""
        subject = self.view.subject
        if subject is None:
            self.explain_key(key, _("go into one of these first."), Hint("Enter", _("opens it")))
        elif act not in subject.acts:
            self.explain_key(key, _("these are there for good: Enter changes one."))
        else:
            return subject
        return None

    def action_back(self) -> None:
        if self._subject is not None and self._from_list:
            name = self._subject.name
            self.enter(None)
            self.records.jump(name)
        else:
            super().action_back()

    def action_undo(self) -> Awaitable[None] | None:
        done = super().action_undo()
        self.crm.renew_session()
        return done


# -- drawing --------------------------------------------------------------------------------------


def _place_row(place: Place) -> Callable[[int], Line]:
    def draw(width: int) -> Line:
        wide = width >= NARROW - 2
        about = make((place.about if wide else "", "dim"))
        title = cell(place.title, TITLE if wide else max(width - 4, 1), "text")
        return clip((Run("  ", "text"), title, *about), width)

    return draw


def _row(
    heads: Sequence[Head], rows: Sequence[SetupRow], cells: Sequence[str], token: str
) -> Callable[[int], Line]:
    """A row of a subject, its columns as wide as what stands in them."""
    sizes = [
        min(head.most, max([width_of(head.name), *(width_of(row.cells[n]) for row in rows)]))
        for n, head in enumerate(heads)
    ]

    def draw(width: int) -> Line:
        own = _squeezed(sizes, heads, width - 2)
        parts = [
            (cell(text, size, token if n == 0 or head.right else "dim", _align(head)),)
            for n, (text, size, head) in enumerate(zip(cells, own, heads, strict=True))
            if size
        ]
        return clip((Run("  ", "text"), *join(parts)), width)

    return draw


def _align(head: Head) -> Align:
    return "right" if head.right else "left"


def _squeezed(sizes: Sequence[int], heads: Sequence[Head], width: int) -> list[int]:
    """Sizes that fit: the columns that may be cut give first, then the last ones go."""
    own = list(sizes)
    over = sum(own) + 2 * (len([size for size in own if size]) - 1) - width
    for least, may in ((8, [n for n, head in enumerate(heads) if head.give]), (4, range(len(own)))):
        while over > 0:
            widest = max(may, key=lambda n: own[n], default=0)
            if not may or own[widest] <= least:
                break
            own[widest] -= 1
            over -= 1
    return own


def _about(subject: Subject, row: SetupRow, width: int) -> list[Line]:
    """The pane about a row: what can be changed of it, as it is."""
    act = subject.acts.get("edit")
    made = [clip(make((row.name, "strong")), width), EMPTY]
    if subject.kind == "record" and act is not None:
        parameter = act.parameter(row.id)
        text = parameter.about if parameter is not None else ""
        return [*made, *paragraph(text, width, "dim")]
    for one in edits.editable(act) if act is not None else ():
        value = edits.shown(one, edits.value_of(row, act, one.name)) if act is not None else ""
        if one is not (edits.new_name(act) if act is not None else None):
            made.append(label(one.label, value, width, 16))
    if row.retired:
        made += [EMPTY, *paragraph(_("Retired: no longer offered."), width, "dim")]
    return made


def _contents(place: Place, rows: Sequence[SetupRow], width: int) -> list[Line]:
    """The pane about a place: what it is for, and what there is."""
    made = [clip(make((place.title, "strong")), width), EMPTY]
    made += paragraph(place.about, width, "dim")
    made.append(EMPTY)
    for row in rows:
        if not row.retired:
            made.append(clip(make(("  ".join(text for text in row.cells if text), "text")), width))
    return made
