"""One prospect list put into another: one operation over any number of rows, and one undo."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import lists
from tui_crm.core.lists.edits import as_json, chunks, nothing_changed
from tui_crm.core.privacy.do_not_call import OPEN
from tui_crm.core.progress import Cancelled, Progress, watched
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Action, Lead, Prospect, ProspectList
from tui_crm.core.text import _, clean, fold, ngettext

_RANK = {"new": 1, "retry": 2, "callback": 3, "blocked": 4, "done": 5, "lead": 6}


@dataclass(frozen=True)
class MergeResult:
    """What a merge does: how many rows come over, how many of them are in the other list too (the
    same phone or e-mail), how many rows that closes, and the columns that are new there."""

    rows: int
    duplicates: int
    closed: int
    columns: tuple[str, ...]


class _Row(NamedTuple):
    """A row that is in both lists."""

    id: int
    line: int
    person: str
    company: str
    state: str
    tries: int
    last_at: int | None

    @property
    def name(self) -> str:
        return ", ".join(filter(None, (self.person, self.company)))

    @property
    def worked(self) -> tuple[int, int, int]:
        """How far it was worked: what became of it, then its calls."""
        return _RANK[self.state], self.tries, self.last_at or 0


def merge_preview(session: Session, list_id: int, into_id: int) -> MergeResult:
    """What :func:`merge` would do now. Raises as it does."""
    return _plan(session, list_id, into_id)[0]


@operation("list_merge.merge")
def merge(
    w: Write,
    list_id: int,
    into_id: int,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> MergeResult:
    """Put all rows of a list into another, behind its own; calls and leads follow, the emptied
    list is archived. Columns of the same name become one, the others are added.

    Where both have a row with the same phone or e-mail, the one worked furthest stays as it is;
    the other is closed, if it still waits for a call, and names the row of which it is a
    duplicate. No row is dropped. Raises NotAllowed for a rep, CrmError for a list into itself, and
    when ``cancelled()`` is true: then nothing is changed."""
    result, closing = _plan(w.session, list_id, into_id)
    source, target = _both_lists(w.session, list_id, into_id)
    _close_duplicates(w, closing)
    place, columns = united(source.columns, target.columns)
    if len(columns) > len(target.columns):
        w.update(ProspectList, into_id, columns=as_json(columns))
    above = int(w.store.value("SELECT MAX(line) FROM prospects WHERE list_id = ?", (into_id,)) or 0)
    moved = _numbers(w, "SELECT id FROM prospects WHERE list_id = ? ORDER BY id", list_id)
    # Where all columns keep their places no cell has to be written again.
    in_place = place == list(range(len(place)))
    names = ("list_id", "line") if in_place else ("list_id", "line", "cells", "original")
    rows = _moved_rows(w, moved, into_id, above, None if in_place else place)
    w.update_many(
        Prospect, names, watched(rows, len(moved), progress, cancelled, nothing_changed())
    )
    for model, name in ((Action, "actions"), (Lead, "leads")):
        numbers = _numbers(w, f"SELECT id FROM {name} WHERE list_id = ? ORDER BY id", list_id)
        w.update_many(model, ("list_id",), ((number, into_id) for number in numbers))
    # A rep has one seat at a list: the one at the list that stays is kept.
    w.store.execute(
        "DELETE FROM seats WHERE list_id = ? AND user_id IN"
        " (SELECT user_id FROM seats WHERE list_id = ?)",
        (list_id, into_id),
    )
    w.store.execute(
        "UPDATE seats SET list_id = ?, query = '' WHERE list_id = ?", (into_id, list_id)
    )
    if not source.archived:
        w.update(ProspectList, list_id, archived=1)
    w.describe(
        ngettext(
            "{n} row of {list} merged into {into}",
            "{n} rows of {list} merged into {into}",
            result.rows,
        ).format(n=f"{result.rows:,}", list=source.name, into=target.name),
        list_id=into_id,
    )
    return result


def _plan(session: Session, list_id: int, into_id: int) -> tuple[MergeResult, dict[int, _Row]]:
    """What a merge does, and the rows that it closes."""
    source, target = _both_lists(session, list_id, into_id)
    pairs, closing = _duplicates(session, list_id, into_id)
    _place, columns = united(source.columns, target.columns)
    rows = lists.list_progress(session, list_id).rows
    added = tuple(c.name for c in columns[len(target.columns) :])
    return MergeResult(rows, pairs, len(closing), added), closing


def _both_lists(
    session: Session, list_id: int, into_id: int
) -> tuple[lists.ProspectListInfo, lists.ProspectListInfo]:
    source, target = lists.get(session, list_id), lists.get(session, into_id)
    if list_id == into_id:
        raise CrmError(_("A list is not merged into itself."), _("Choose another one."))
    return source, target


def united(
    ours: Sequence[lists.Column], theirs: Sequence[lists.Column]
) -> tuple[list[int], list[lists.Column]]:
    """The place of each of our columns among theirs, and theirs with the ones they lack after them.
    Of several columns with one name the first goes with the first, and so on."""
    united = list(theirs)
    free: dict[str, list[int]] = {}
    for n, column in enumerate(theirs):
        free.setdefault(fold(column.name), []).append(n)
    place = []
    for column in ours:
        same_name = free.get(fold(column.name))
        if same_name:
            place.append(same_name.pop(0))
        else:
            place.append(len(united))
            united.append(column)
    return place, united


def _moved_rows(
    w: Write, moved: Sequence[int], into_id: int, above: int, place: list[int] | None
) -> Iterator[tuple[Any, ...]]:
    """The rows as they become in the other list: lines that go on after its last, cells where its
    columns are."""
    for part in chunks(moved):
        marks = ", ".join("?" * len(part))
        for number, line, cells, original in w.store.rows(
            f"SELECT id, line, cells, original FROM prospects WHERE id IN ({marks}) ORDER BY id",
            part,
        ):
            row = (number, into_id, above + line)
            yield (
                row
                if place is None
                else (*row, _reordered(cells, place), _reordered(original, place))
            )


def _reordered(cells: str, place: Sequence[int]) -> str:
    """Cells (JSON) with each at its place among the columns of the other list."""
    if not cells:
        return cells
    values = json.loads(cells)
    cells_there = [""] * (max(place, default=-1) + 1)
    for to, value in zip(place, values, strict=False):
        cells_there[to] = value
    return json.dumps(cells_there, ensure_ascii=False, separators=(",", ":"))


def _duplicates(session: Session, list_id: int, into_id: int) -> tuple[int, dict[int, _Row]]:
    """How many rows of a list are in the other too, and which rows that closes: by their number,
    the row that goes on in their place."""
    pairs = session.store.rows(
        "SELECT DISTINCT ours.prospect_id, theirs.prospect_id FROM prospects AS o"
        " JOIN prospect_keys AS ours ON ours.prospect_id = o.id AND ours.match <> ''"
        " JOIN prospect_keys AS theirs ON theirs.match = ours.match AND theirs.kind = ours.kind"
        " JOIN prospects AS t ON t.id = theirs.prospect_id AND t.list_id = ?"
        " WHERE o.list_id = ? ORDER BY ours.prospect_id, theirs.prospect_id",
        (into_id, list_id),
    )
    rows: dict[int, _Row] = {}
    for part in chunks(sorted({number for pair in pairs for number in pair})):
        for row in session.store.read(
            _Row,
            "SELECT id, line, name, company, state, tries, last_at FROM prospects"
            f" WHERE id IN ({', '.join('?' * len(part))})",
            part,
        ):
            rows[row.id] = row
    duplicates: dict[int, list[int]] = {}
    for ours, theirs in pairs:
        duplicates.setdefault(ours, []).append(theirs)
    closing: dict[int, _Row] = {}
    for number, others in duplicates.items():
        our_row = rows[number]
        their_rows = [rows[n] for n in others if n not in closing] or [rows[others[0]]]
        best = max(their_rows, key=lambda row: (row.worked, -row.line))
        if best.worked >= our_row.worked:
            if our_row.state in OPEN:
                closing[number] = best
        else:
            closing.update({row.id: our_row for row in their_rows if row.state in OPEN})
    return len(duplicates), closing


def _close_duplicates(w: Write, closing: dict[int, _Row]) -> None:
    """Close these rows, each with the name of the row of which it is a duplicate."""

    def closed() -> Iterator[tuple[Any, ...]]:
        for part in chunks(sorted(closing)):
            marks = ", ".join("?" * len(part))
            for number, problem in w.store.rows(
                f"SELECT id, problem FROM prospects WHERE id IN ({marks}) ORDER BY id", part
            ):
                kept = closing[number]
                name = kept.name or _("row {n}").format(n=kept.line)
                note = _("duplicate of {name}").format(name=name)
                words = "; ".join(filter(None, (problem, note)))
                yield number, "done", None, 0, None, clean(words, single_line=True)

    w.update_many(Prospect, ("state", "due_at", "due_exact", "owner_id", "problem"), closed())


def _numbers(w: Write, sql: str, list_id: int) -> list[int]:
    return [int(number) for (number,) in w.store.rows(sql, (list_id,))]
