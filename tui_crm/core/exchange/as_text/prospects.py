"""The rows of a prospect list as text: a block a row, a line a column, and the note."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui_crm.core.calling import operations as calling
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.as_text import blocks
from tui_crm.core.exchange.as_text.blocks import Block, Change
from tui_crm.core.exchange.as_text.document import refuse_too_many
from tui_crm.core.lists import filter as list_filter, lists
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Prospect
from tui_crm.core.text import _, clean, ngettext

NOTE = -1  # in place of the column of a value: the note of the row


@dataclass(frozen=True)
class CellEdit:
    """A cell of a row to write: the place of its column from 0, or :data:`NOTE`."""

    prospect_id: int
    column: int
    text: str
    line: int


@operation("calling.edit_text")
def edit_text(w: Write, list_id: int, edits: Sequence[CellEdit]) -> int:
    """Write cells and notes of rows of a list as they were typed; how many rows. Numbers, zone and
    do-not-call state of each row follow. Raises CrmError, with the line of the text, for the first
    that is refused: nothing is changed then."""
    info = lists.get(w.session, list_id)
    for edit in edits:
        try:
            if edit.column == NOTE:
                calling.set_note.within(w, edit.prospect_id, edit.text)
            else:
                calling.edit_row.within(w, edit.prospect_id, {edit.column: edit.text})
        except CrmError as error:
            error.message = _("line {n}: {what}").format(n=edit.line, what=error.message)
            raise
    n = len({edit.prospect_id for edit in edits})
    w.subject.pop("prospect_id", None)
    words = ngettext("{n} row of {list} edited as text", "{n} rows of {list} edited as text", n)
    w.describe(words.format(n=f"{n:,}", list=info.name), list_id=list_id)
    return n


class _Row(NamedTuple):
    id: int
    line: int
    cells: str
    note: str


class ProspectRecords:
    """The rows of a list that a filter finds, to be edited as text, numbered by their line in the
    list. Raises CrmError for too many."""

    def __init__(self, session: Session, list_id: int, query: str = "") -> None:
        self.session, self._info = session, lists.get(session, list_id)
        store = session.store
        refuse_too_many(list_filter.count(session, list_id, query))
        found = list_filter.rows_query(store, self._info, query, Prospect.id)
        ordered = found.order_by(Prospect.line, Prospect.id)
        self._ids = [int(number) for (number,) in store.select(ordered)]
        self._rows: dict[int, int] = {}  # the row of each number in the text
        self._labels = self._label_places()

    def _label_places(self) -> dict[str, int]:
        """The place of the column of each label."""
        names = [(column.name, "") for column in self._info.columns]
        labelled = blocks.block(0, [*names, (_("Note"), "")])
        places = [*range(len(names)), NOTE]
        return dict(zip(labelled.values, places, strict=True))

    def blocks(self) -> list[Block]:
        if not self._ids:
            return []
        columns = (Prospect.id, Prospect.line, Prospect.cells, Prospect.note)
        found = Prospect.select(*columns).where(
            self.session.store.among(Prospect.id, self._ids), Prospect.list_id == self._info.id
        )
        rows = [
            _Row(*row)
            for row in self.session.store.select(found.order_by(Prospect.line, Prospect.id))
        ]
        return [self._block(row) for row in rows]

    def _block(self, row: _Row) -> Block:
        # A list that was merged may have a line twice: the second goes by the number of its row.
        number = row.line
        if self._rows.setdefault(number, row.id) != row.id:
            number = 10**9 + row.id
            self._rows[number] = row.id
        cells = json.loads(row.cells or "[]")
        cells += [""] * (len(self._info.columns) - len(cells))
        values = [(c.name, cell) for c, cell in zip(self._info.columns, cells, strict=False)]
        return blocks.block(number, [*values, (_("Note"), row.note)])

    def intro(self) -> list[str]:
        return [
            _("{list}: what stands behind a colon can be changed; then save and leave.").format(
                list=self._info.name
            ),
            _("A line that is taken out leaves its value as it is; an emptied value is cleared."),
            _("Lines that begin with two blanks go on with the value above them."),
        ]

    def counted(self, n: int) -> str:
        return ngettext("{n} row", "{n} rows", n).format(n=f"{n:,}")

    def check(self, change: Change) -> None:
        if change.label not in self._labels:
            raise CrmError(_("There is no such column."))

    def apply(self, session: Session, changes: Sequence[Change]) -> int:
        return edit_text(
            session,
            self._info.id,
            [
                CellEdit(self._rows[one.number], self._labels[one.label], clean(one.now), one.line)
                for one in changes
            ],
        )
