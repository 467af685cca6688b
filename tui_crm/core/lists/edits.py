"""Prospect lists taken apart: split by a filter, rows handed to a rep, columns added and renamed.

Each is one operation over any number of rows, and one undo. The history of a row goes with it: its
calls, its leads, its note, and the seat of the rep who has it on screen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.errors import CrmError, NotAllowed
from tui_crm.core.lists import filter as list_filter, lists
from tui_crm.core.privacy.do_not_call import OPEN
from tui_crm.core.progress import Cancelled, Progress, watched
from tui_crm.core.session import Session, find_member
from tui_crm.core.store.columns import Row
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Action, Lead, Prospect, ProspectList
from tui_crm.core.text import _, clean, fold, ngettext

FIELDS = (*lists.VALUES, "phone", "email", "web", "linkedin", "zone", "tags")
SEVERAL = ("phone", "email", "web", "linkedin", "tags")  # fields that several columns may hold
CHUNK = 5000  # values in one query


# -- split ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SplitResult:
    """The list that a split made, its name, how many rows are in it, how many were left."""

    list_id: int
    name: str
    rows: int
    left: int


@operation("list_acts.split")
def split(
    w: Write,
    list_id: int,
    query: str,
    name: str,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> SplitResult:
    """Make the rows that a filter matches a list of their own, with the same columns, script and
    rules; their calls and leads follow.

    Raises NotAllowed for a rep, CrmError when no row matches, or every one, for a name that is
    taken, and when ``cancelled()`` is true: then nothing is changed."""
    info = lists.get(w.session, list_id)
    if list_filter.condition(w.store, info, query) is None:
        raise CrmError(
            _("Say which rows become a list of their own."), _("For instance: city:Bilbao")
        )
    matching = list_filter.rows_query(w.store, info, query, Prospect.id).order_by(Prospect.id)
    moved = [int(number) for (number,) in w.store.select(matching)]
    left = lists.list_progress(w.session, list_id).rows - len(moved)
    if not moved:
        raise CrmError(
            _("No row of {list} matches {filter}.").format(list=info.name, filter=_shown(query))
        )
    if not left:
        raise CrmError(
            _("Every row of {list} matches {filter}.").format(list=info.name, filter=_shown(query)),
            _("Rename the list instead."),
        )
    made = lists.create.within(w, name, (), info.source)
    own = ("id", "name", "match", "created_at", "archived", "owner_id")
    settings: Row = {k: v for k, v in (w.row(ProspectList, list_id) or {}).items() if k not in own}
    w.update(ProspectList, made, **settings)
    numbers = watched(moved, len(moved), progress, cancelled, nothing_changed())
    w.update_many(Prospect, ("list_id",), ((number, made) for number in numbers))
    _move_calls_and_leads(w, moved, list_id, made)
    # The new list has no seats yet: a rep who has one of its rows on screen keeps it.
    w.store.execute(
        "UPDATE seats SET list_id = ? WHERE list_id = ? AND prospect_id IN"
        " (SELECT id FROM prospects WHERE list_id = ?)",
        (made, list_id, made),
    )
    found = lists.get(w.session, made)
    w.describe(
        ngettext(
            "{n} row of {list} split off: {name}",
            "{n} rows of {list} split off: {name}",
            len(moved),
        ).format(n=f"{len(moved):,}", list=info.name, name=found.name),
        list_id=made,
    )
    return SplitResult(made, found.name, len(moved), left)


def _move_calls_and_leads(w: Write, moved: Sequence[int], was: int, list_id: int) -> None:
    """Give the calls and the leads of these rows to another list."""
    for model, name in ((Action, "actions"), (Lead, "leads")):
        for part in chunks(moved):
            numbers = w.store.rows(
                f"SELECT id FROM {name} WHERE list_id = ? AND prospect_id"
                f" IN ({', '.join('?' * len(part))}) ORDER BY id",
                (was, *part),
            )
            w.update_many(model, ("list_id",), ((number, list_id) for (number,) in numbers))


# -- rows for a rep -------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandResult:
    """How many rows were handed to ``name`` (empty: to nobody, they are anybody's again), and how
    many stayed because they are somebody else's."""

    rows: int
    name: str
    others: int


def hand_preview(
    session: Session, list_id: int, query: str, user: str, n: int | None = None
) -> HandResult:
    """What :func:`hand` would do now. Raises as it does."""
    _for_id, name, numbers, others = _rows_to_hand(session, list_id, query, user, n)
    return HandResult(len(numbers), name, others)


@operation("list_acts.hand")
def hand(
    w: Write,
    list_id: int,
    query: str,
    user: str,
    n: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> HandResult:
    """Hand the rows a filter matches and that still wait for a call to a rep: nobody else is
    offered them. ``user`` is a name; ``""`` makes them anybody's again. ``n`` hands the first
    ``n`` of them, in the order of the list, that nobody has been handed. A callback agreed on is
    the new rep's to keep.

    A rep hands on only rows that are his own or nobody's; the others stay and are counted.
    Raises NotAllowed when there are only such, CrmError when no row matches, and when
    ``cancelled()`` says so: nothing of it stays then."""
    for_id, name, numbers, others = _rows_to_hand(w.session, list_id, query, user, n)
    info = lists.get(w.session, list_id)
    if not numbers:
        if others:
            raise NotAllowed(
                _("Those rows are somebody else's."), _("An admin or a manager hands them over.")
            )
        raise CrmError(_("No row that still waits for a call matches."), _("Try a wider filter."))
    names = ("for_id", "owner_id") if for_id else ("for_id",)
    rows: Iterable[Sequence[Any]] = ((number, 0) for number in numbers)
    if for_id:
        rows = _with_callbacks(w, numbers, for_id)
    w.update_many(
        Prospect, names, watched(rows, len(numbers), progress, cancelled, nothing_changed())
    )
    words = (
        ngettext("{n} row of {list} for {name}", "{n} rows of {list} for {name}", len(numbers))
        if name
        else ngettext(
            "{n} row of {list} for anybody", "{n} rows of {list} for anybody", len(numbers)
        )
    )
    w.describe(words.format(n=f"{len(numbers):,}", list=info.name, name=name), list_id=list_id)
    return HandResult(len(numbers), name, others)


def _rows_to_hand(
    session: Session, list_id: int, query: str, user: str, n: int | None
) -> tuple[int, str, list[int], int]:
    """The rep, by number and name, the rows, and how many more are somebody else's."""
    for_id, name = 0, ""
    if fold(user) not in ("", "nobody", fold(_("nobody"))):
        member = find_member(session.store, user)
        if not member.active:
            raise CrmError(_("{name} is no longer active here.").format(name=member.name))
        for_id, name = member.id, member.name
    if n is not None and n < 1:
        raise CrmError(_("Say how many rows: 1 or more."))
    info = lists.get(session, list_id)
    matching = list_filter.rows_query(session.store, info, query, Prospect.id, Prospect.for_id)
    rows = [
        (number, handed_to)
        for number, handed_to in session.store.select(
            matching.where(Prospect.state.in_(OPEN)).order_by(Prospect.line, Prospect.id)
        )
        if handed_to != for_id and (n is None or not for_id or not handed_to)
    ]
    allowed = [
        number
        for number, handed_to in rows
        if session.may("lists") or handed_to in (0, session.user_id)
    ]
    return for_id, name, allowed[:n], len(rows) - len(allowed)


def _with_callbacks(w: Write, numbers: Sequence[int], rep: int) -> Iterator[tuple[int, int, Any]]:
    """Number, rep and owner of the callback of each row."""
    for part in chunks(numbers):
        marks = ", ".join("?" * len(part))
        for number, state, owner in w.store.rows(
            f"SELECT id, state, owner_id FROM prospects WHERE id IN ({marks}) ORDER BY id", part
        ):
            yield number, rep, rep if state == "callback" else owner


# -- columns --------------------------------------------------------------------------------------


@operation("list_acts.add_column")
def add_column(w: Write, list_id: int, name: str, field: str | None = None) -> int:
    """Give a list one more column, the last, empty in every row; its place from 0. ``field`` is
    what it holds (:data:`FIELDS`), if anything known.

    Raises CrmError for a name that is taken (case and accents aside) and for a field that is
    none, or that a column of the list holds already."""
    info = lists.get(w.session, list_id)
    name = _column_name(info, name)
    if field is not None and field not in FIELDS:
        raise CrmError(
            _("{field} is no field.").format(field=clean(field, single_line=True)),
            _("There are: {names}.").format(names=", ".join(FIELDS)),
        )
    taken = next((c.name for c in info.columns if field and c.field == field), None)
    if taken is not None and field not in SEVERAL:
        raise CrmError(_("The column {name} holds that already.").format(name=taken))
    columns = [*info.columns, lists.Column(name, field)]
    w.update(ProspectList, list_id, columns=as_json(columns))
    w.describe(_("column {name} in {list}").format(name=name, list=info.name), list_id=list_id)
    return len(columns) - 1


@operation("list_acts.rename_column")
def rename_column(w: Write, list_id: int, column: str, name: str) -> None:
    """Give a column another name, in the list's script too, where ``{column}`` is filled in.
    ``column`` is its name or an unmistakable beginning. Raises as :func:`add_column`."""
    info = lists.get(w.session, list_id)
    place = list_filter.column_place(info, column)
    was = info.columns[place]
    name = _column_name(info, name, but=place)
    columns = list(info.columns)
    columns[place] = lists.Column(name, was.field)
    values: dict[str, Any] = {"columns": as_json(columns)}
    script = re.sub(
        r"\{([^{}\n]+)\}",
        lambda at: "{" + name + "}" if fold(at.group(1)) == fold(was.name) else at.group(0),
        info.script,
    )
    if script != info.script:
        values["script"] = script
    w.update(ProspectList, list_id, **values)
    w.describe(
        _("column {was} of {list} is now {name}").format(was=was.name, list=info.name, name=name),
        list_id=list_id,
    )


def _column_name(info: lists.ProspectListInfo, name: str, but: int = -1) -> str:
    name = " ".join(clean(name, single_line=True).split())
    if not fold(name):
        raise CrmError(_("A column needs a name."))
    taken = next(
        (c.name for n, c in enumerate(info.columns) if n != but and fold(c.name) == fold(name)),
        None,
    )
    if taken is not None:
        raise CrmError(
            _("There is a column {name} already.").format(name=taken), _("Choose another name.")
        )
    return name


def as_json(columns: Iterable[lists.Column]) -> str:
    """Columns as JSON, the form in which a list stores them."""
    return json.dumps([{"name": c.name, "field": c.field} for c in columns], ensure_ascii=False)


# -- parts ----------------------------------------------------------------------------------------


def chunks(values: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many at a time that both engines take them as values of one query."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def nothing_changed() -> str:
    """The message when one of these operations was cancelled."""
    return _("Cancelled: nothing was changed.")


def _shown(query: str) -> str:
    return clean(query, single_line=True).strip() or "–"
