"""One prospect list put into another: one operation over any number of rows, and one undo."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import lists
from tui_crm.core.lists.edits import as_json, chunks, nothing_done
from tui_crm.core.privacy.do_not_call import OPEN
from tui_crm.core.progress import Cancelled, Progress, watched
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Action, Lead, Prospect, ProspectList
from tui_crm.core.text import _, clean, fold, ngettext

_RANK = {"new": 1, "retry": 2, "callback": 3, "blocked": 4, "done": 5, "lead": 6}


@dataclass(frozen=True)
class Merged:
    """What a merge does: rows that come over, how many of them are in the other list too (the
    same phone or e-mail), how many rows that closes, and the columns that are new there."""

    rows: int
    duplicates: int
    closed: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    id: int
    line: int
    name: str
    state: str
    tries: int
    last_at: int
    problem: str

    @property
    def worked(self) -> tuple[int, int, int]:
        """How far it was worked: what became of it, then its calls."""
        return _RANK[self.state], self.tries, self.last_at


def merge_preview(session: Session, list_id: int, into_id: int) -> Merged:
    """What :func:`merge` would do now. Raises as it does."""
    return _look(session, list_id, into_id)[0]


@operation("list_merge.merge")
def merge(
    w: Write,
    list_id: int,
    into_id: int,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Merged:
    """Put all rows of a list into another, behind its own; calls and leads follow, the emptied
    list is archived. Columns of the same name become one, the others are added.

    Where both have a row with the same phone or e-mail, the one worked furthest stays as it is;
    the other is closed, if it still waits for a call, and says of which it is a duplicate. No row
    is dropped. Raises NotAllowed for a rep, CrmError for a list into itself, and when
    ``cancelled()`` says so: nothing of it stays then."""
    w.session.require("lists")
    done, closing = _look(w.session, list_id, into_id)
    source, target = _two(w.session, list_id, into_id)
    _close_duplicates(w, closing)
    place, columns = united(source.columns, target.columns)
    if len(columns) > len(target.columns):
        w.update(ProspectList, into_id, columns=as_json(columns))
    above = int(w.store.value("SELECT MAX(line) FROM prospects WHERE list_id = ?", (into_id,)) or 0)
    moved = _numbers(w, "SELECT id FROM prospects WHERE list_id = ? ORDER BY id", list_id)
    # Columns that stand where they stood: then no cell has to be written again.
    straight = place == list(range(len(place)))
    names = ("list_id", "line") if straight else ("list_id", "line", "cells", "original")
    laid = _laid(w, moved, into_id, above, None if straight else place)
    w.update_many(Prospect, names, watched(laid, len(moved), progress, cancelled, nothing_done()))
    for model, name in ((Action, "actions"), (Lead, "leads")):
        found = _numbers(w, f"SELECT id FROM {name} WHERE list_id = ? ORDER BY id", list_id)
        w.update_many(model, ("list_id",), ((number, into_id) for number in found))
    # A rep has one seat at a list: the one at the list that stays.
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
            done.rows,
        ).format(n=f"{done.rows:,}", list=source.name, into=target.name),
        list_id=into_id,
    )
    return done


def _look(session: Session, list_id: int, into_id: int) -> tuple[Merged, dict[int, _Row]]:
    """What a merge does, and the rows that it closes."""
    source, target = _two(session, list_id, into_id)
    pairs, closing = _duplicates(session, list_id, into_id)
    _place, columns = united(source.columns, target.columns)
    rows = lists.how_far(session, list_id).rows
    added = tuple(c.name for c in columns[len(target.columns) :])
    return Merged(rows, pairs, len(closing), added), closing


def _two(
    session: Session, list_id: int, into_id: int
) -> tuple[lists.ProspectListInfo, lists.ProspectListInfo]:
    source, target = lists.get(session, list_id), lists.get(session, into_id)
    if list_id == into_id:
        raise CrmError(_("A list is not merged into itself."), _("Choose another one."))
    return source, target


def united(
    ours: Sequence[lists.Column], theirs: Sequence[lists.Column]
) -> tuple[list[int], list[lists.Column]]:
    """Where each of our columns stands among theirs, and these with the ones they lack behind.
    Of several columns with one name the first goes with the first, and so on."""
    united = list(theirs)
    free: dict[str, list[int]] = {}
    for n, column in enumerate(theirs):
        free.setdefault(fold(column.name), []).append(n)
    place = []
    for column in ours:
        there = free.get(fold(column.name))
        if there:
            place.append(there.pop(0))
        else:
            place.append(len(united))
            united.append(column)
    return place, united


def _laid(
    w: Write, moved: Sequence[int], into_id: int, above: int, place: list[int] | None
) -> Iterator[tuple[Any, ...]]:
    """The rows as they are in the other list: lines that go on behind its last, cells where its
    columns are."""
    for part in chunks(moved):
        marks = ", ".join("?" * len(part))
        for number, line, cells, original in w.store.rows(
            f"SELECT id, line, cells, original FROM prospects WHERE id IN ({marks}) ORDER BY id",
            part,
        ):
            row = (number, into_id, above + line)
            yield row if place is None else (*row, _relaid(cells, place), _relaid(original, place))


def _relaid(cells: str, place: Sequence[int]) -> str:
    if not cells:
        return cells
    values = json.loads(cells)
    laid = [""] * (max(place, default=-1) + 1)
    for to, value in zip(place, values, strict=False):
        laid[to] = value
    return json.dumps(laid, ensure_ascii=False, separators=(",", ":"))


def _duplicates(session: Session, list_id: int, into_id: int) -> tuple[int, dict[int, _Row]]:
    """How many rows of a list are in the other too, and which rows that closes: by their number,
    the row that goes on in their place."""
    found = session.store.rows(
        "SELECT DISTINCT ours.prospect_id, theirs.prospect_id FROM prospects AS o"
        " JOIN prospect_keys AS ours ON ours.prospect_id = o.id AND ours.match <> ''"
        " JOIN prospect_keys AS theirs ON theirs.match = ours.match AND theirs.kind = ours.kind"
        " JOIN prospects AS t ON t.id = theirs.prospect_id AND t.list_id = ?"
        " WHERE o.list_id = ? ORDER BY ours.prospect_id, theirs.prospect_id",
        (into_id, list_id),
    )
    rows: dict[int, _Row] = {}
    for part in chunks(sorted({number for pair in found for number in pair})):
        for row in session.store.rows(
            "SELECT id, line, name, company, state, tries, last_at, problem FROM prospects"
            f" WHERE id IN ({', '.join('?' * len(part))})",
            part,
        ):
            name = ", ".join(filter(None, row[2:4]))
            rows[row[0]] = _Row(row[0], row[1], name, row[4], row[5], row[6] or 0, row[7])
    twins: dict[int, list[int]] = {}
    for ours, theirs in found:
        twins.setdefault(ours, []).append(theirs)
    closing: dict[int, _Row] = {}
    for number, others in twins.items():
        ours_row = rows[number]
        there = [rows[n] for n in others if n not in closing] or [rows[others[0]]]
        best = max(there, key=lambda row: (row.worked, -row.line))
        if best.worked >= ours_row.worked:
            if ours_row.state in OPEN:
                closing[number] = best
        else:
            closing.update({row.id: ours_row for row in there if row.state in OPEN})
    return len(twins), closing


def _close_duplicates(w: Write, closing: dict[int, _Row]) -> None:
    def closed() -> Iterator[tuple[Any, ...]]:
        for part in chunks(sorted(closing)):
            marks = ", ".join("?" * len(part))
            for number, problem in w.store.rows(
                f"SELECT id, problem FROM prospects WHERE id IN ({marks}) ORDER BY id", part
            ):
                twin = closing[number]
                said = _("duplicate of {name}").format(
                    name=twin.name or _("row {n}").format(n=twin.line)
                )
                words = "; ".join(filter(None, (problem, said)))
                yield number, "done", None, 0, None, clean(words, single_line=True)

    w.update_many(Prospect, ("state", "due_at", "due_exact", "owner_id", "problem"), closed())


def _numbers(w: Write, sql: str, list_id: int) -> list[int]:
    return [int(row[0]) for row in w.store.rows(sql, (list_id,))]
