"""The one door for writes.

A function under :func:`operation` is one thing that a user does: one transaction and one entry in
the journal, which holds every row that it touched as it was and as it became. From that alone any
operation can be undone, today, tomorrow or after an import of a hundred thousand rows, and redone.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from peewee import IntegrityError

from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.store import one_row
from tui_crm.core.store.database import Store
from tui_crm.core.store.derived import renew
from tui_crm.core.store.tables import BY_NAME, Change, Entry
from tui_crm.core.text import _, clean

P = ParamSpec("P")
R = TypeVar("R")

Row = one_row.Row
PARTS_OF_LEADS = ("actions", "contacts", "lead_tags", "history")
RUN = 500  # rows of a bulk delete kept in one journal row
HELD = 1_000_000  # characters of noted rows kept in memory before they go to the store
FOR_GOOD = "forget.forget"  # the one act that cannot be undone: a person was forgotten
CHANGES = 10  # changes read at once when an entry is taken back: each may hold a run of rows


class Actor(Protocol):
    """What the journal must know of who acts: see :class:`tui_crm.core.work.team.Session`."""

    @property
    def store(self) -> Store: ...
    @property
    def user_id(self) -> int: ...
    @property
    def now(self) -> datetime: ...


S = TypeVar("S", bound=Actor)

OPERATIONS: dict[str, Operation[..., Any]] = {}


class Write:
    """The pen of one operation. Every row is inserted, updated and deleted through it.

    ``at`` is the moment of the operation (epoch seconds UTC), ``entry_id`` its journal entry.
    """

    def __init__(self, session: Any, name: str) -> None:
        self.session: Any = session
        self.store: Store = session.store
        self.user_id: int = session.user_id
        self.at = int(session.now.timestamp())
        self.op = name
        self.text = ""
        self.subject: Row = {}
        self.touched: set[int] = set()  # leads whose derived columns are to be renewed
        self._entry: int | None = None
        self._changes: list[tuple[str, int, int, str, str | None, str | None]] = []
        self._held = 0  # characters of rows in these changes
        self._noted = False  # whether any change was noted, in memory or in the store

    @property
    def entry_id(self) -> int:
        if self._entry is None:
            self._entry = one_row.insert(
                self.store, Entry,
                {"at": self.at, "user_id": self.user_id, "op": self.op, **self._words()},
            )  # fmt: skip
        return self._entry

    def _words(self) -> Row:
        return {"text": clean(self.text, single_line=True), **self.subject}

    def say(
        self,
        text: str,
        *,
        lead_id: int | None = None,
        prospect_id: int | None = None,
        list_id: int | None = None,
    ) -> None:
        """What the feed tells of this operation, and what it was about."""
        self.text = text
        for name, value in (
            ("lead_id", lead_id), ("prospect_id", prospect_id), ("list_id", list_id)
        ):  # fmt: skip
            if value is not None:
                self.subject[name] = value

    def row(self, model: Any, number: int) -> Row | None:
        """The row as it is now, locked until the operation ends; ``None`` when there is none."""
        return one_row.read(self.store, model, number, lock=True)

    def insert(self, model: Any, **values: Any) -> int:
        """Add a row; its number."""
        values = one_row.stored(model, _cleaned(values))
        number = one_row.insert(self.store, model, values)
        self._touch(model._meta.table_name, values)
        self._note(model, number, number, "insert", None, None)
        return number

    def insert_many(self, model: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Add many rows at once (values already clean, one per column, without ``id``); the
        number of the first, the others follow one by one."""
        if not rows:
            return 0
        first = self.store.reserve(model, len(rows))
        self.store.insert_rows(
            model._meta.table_name,
            ("id", *columns),
            ((number, *row) for number, row in enumerate(rows, first)),
        )
        self._note(model, first, first + len(rows) - 1, "insert", None, None)
        return first

    def update(
        self, model: Any, number: int, before: Row | None = None, /, **values: Any
    ) -> bool:
        """Change columns of a row; whether anything differs now. Values equal to what is there
        are not written and not noted. ``before`` is what :meth:`row` said, where this operation
        has asked already and changed nothing in the row since."""
        before = before or self.row(model, number)
        if before is None:
            raise CrmError(_("It is gone: somebody removed it."))
        values = one_row.stored(model, _cleaned(values))
        values = {k: v for k, v in values.items() if before[k] != v}
        if not values:
            return False
        one_row.update(self.store, model, number, values)
        was = {k: before[k] for k in values}
        self._touch(model._meta.table_name, before)
        self._note(model, number, number, "update", was, values)
        return True

    def update_many(
        self, model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> int:
        """Change ``columns`` of many rows at once; how many differ now. ``rows`` are ``(id, one
        value per column …)``, the values clean already; rows that are gone are passed over."""
        name, count = model._meta.table_name, 0
        wanted = iter(rows)
        while part := {row[0]: tuple(row[1:]) for row in itertools.islice(wanted, RUN)}:
            fields = [getattr(model, column) for column in ("id", *columns)]
            query = model.select(*fields).where(model.id.in_(list(part))).order_by(model.id)
            found = [row for row in self.store.locked(query).tuples() if row[1:] != part[row[0]]]
            marks = ", ".join(f"{column} = ?" for column in columns)
            self.store.execute_many(
                f"UPDATE {name} SET {marks} WHERE id = ?",
                [(*part[row[0]], row[0]) for row in found],
            )
            if found:
                self._note(
                    model, found[0][0], found[-1][0], "update",
                    {"columns": columns, "rows": found},
                    {"columns": columns, "rows": [(row[0], *part[row[0]]) for row in found]},
                )  # fmt: skip
            if found and name in PARTS_OF_LEADS:
                # Many rows belong to few leads, or, as most calls of a list, to none.
                numbers = [row[0] for row in found]
                self.touched.update(
                    row[0]
                    for row in self.store.rows(
                        f"SELECT DISTINCT lead_id FROM {name} WHERE lead_id IS NOT NULL"
                        f" AND id IN ({', '.join('?' * len(numbers))})",
                        numbers,
                    )
                )
            count += len(found)
        return count

    def delete(self, model: Any, number: int) -> None:
        """Remove a row."""
        before = self.row(model, number)
        if before is None:
            return
        one_row.delete(self.store, model, number)
        self._touch(model._meta.table_name, before)
        self._note(model, number, number, "delete", before, None)

    def _touch(self, name: str, row: Row) -> None:
        """Remember the lead whose search text and last moment this row is part of."""
        if name in PARTS_OF_LEADS and row.get("lead_id"):
            self.touched.add(row["lead_id"])
        elif name == "contact_points":
            lead = self.store.value(
                "SELECT lead_id FROM contacts WHERE id = ?", (row["contact_id"],)
            )
            if lead:
                self.touched.add(lead)

    def _note(
        self, model: Any, row: int, last: int, kind: str, was: Any, became: Any
    ) -> None:
        name = model._meta.table_name
        if name == "leads":
            many = was["rows"] if kind == "update" and "rows" in was else None
            self.touched.update([r[0] for r in many] if many else range(row, last + 1))
        before = None if was is None else json.dumps(was)
        after = None if became is None else json.dumps(became)
        self._changes.append((name, row, last, kind, before, after))
        self._noted = True
        self._held += len(before or "") + len(after or "")
        if self._held > HELD:
            self._keep()

    def _keep(self) -> None:
        """Put the changes noted so far into the store: a hundred thousand rows taken back are
        more than memory should hold."""
        entry = self.entry_id
        self.store.insert_rows(
            "changes",
            ("entry_id", "name", "row", "last", "kind", "was", "became"),
            [(entry, *change) for change in self._changes],
        )
        self._changes.clear()
        self._held = 0

    def _finish(self) -> None:
        if not self._noted:
            return
        if self._entry is not None:  # begun before its words were known
            one_row.update(self.store, Entry, self._entry, self._words())
        self._keep()
        if self.touched:
            renew(self.store, self.touched)


def as_rows(query: Any) -> list[Row]:
    """The rows of a Peewee query as plain dictionaries, column by column."""
    return list(query.dicts())


def _cleaned(values: Row) -> Row:
    """Text goes into the store through the one cleaning function."""
    return {k: clean(v) if type(v) is str else v for k, v in values.items()}


class Operation(Generic[P, R]):
    """One thing that a user does, called as ``op(session, …)``.

    ``inside`` is the function itself, ``inside(write, …)``, for an operation made of several;
    ``name`` is what the journal calls it (``leads.won``)."""

    def __init__(self, inside: Callable[Concatenate[Write, P], R]) -> None:
        self.inside = inside
        self.name = f"{inside.__module__.rpartition('.')[2]}.{inside.__name__}"
        functools.update_wrapper(self, inside)

    def __call__(self, session: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with session.store.transaction():
            write = Write(session, self.name)
            result = self.inside(write, *args, **kwargs)
            write._finish()
        return result


def operation(function: Callable[Concatenate[Write, P], R]) -> Operation[P, R]:
    """Make ``function(write, …)`` an operation. One that changes nothing leaves no entry; errors
    leave the store as it was."""
    made = Operation(function)
    OPERATIONS[made.name] = made
    return made


def together(
    session: Any, what: Operation[..., Any], ids: Iterable[int], *args: Any, **kw: Any
) -> int:
    """The same operation on many, as one transaction, one entry and one undo; how many."""
    numbers = list(ids)
    with session.store.transaction():
        write = Write(session, what.name)
        for number in numbers:
            write.subject = {}
            what.inside(write, number, *args, **kw)
        if len(numbers) > 1:
            write.subject.pop("lead_id", None)
            write.text = _("{what}, {n} together").format(what=write.text, n=len(numbers))
        write._finish()
    return len(numbers)


# -- undo and redo -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Undone:
    """What was taken back or done again: the entry, its words and what it was about."""

    entry_id: int
    op: str
    text: str
    lead_id: int | None
    prospect_id: int | None
    list_id: int | None


def undo(session: Any, entry_id: int | None = None) -> Undone:
    """Take back an entry, by default the last thing this user did that still stands.

    Raises CrmError when there is nothing to take back, Conflict when it would overwrite what
    somebody changed since; the sentence says who."""
    with session.store.transaction():
        if entry_id is None:
            entry = _last_act(session)
            if entry is None:
                raise CrmError(_("There is nothing to undo."))
        else:
            entry = Entry.select().where(Entry.id == entry_id).dicts().first()
            if entry is None or entry["op"] in ("undo", "redo"):
                raise CrmError(_("There is no such entry to undo."))
            if entry["undone_by"]:
                raise CrmError(_("That was undone already."))
            if entry["op"] == FOR_GOOD:
                raise CrmError(_("What was forgotten cannot be brought back."))
        write = Write(session, "undo")
        write.say(entry["text"], **_subject(entry))
        _take_back(write, entry["id"])
        Entry.update(undone_by=write.entry_id).where(Entry.id == entry["id"]).execute()
        Entry.update(undoes=entry["id"]).where(Entry.id == write.entry_id).execute()
        write._finish()
    return Undone(entry["id"], entry["op"], entry["text"], **_subject(entry))


def redo(session: Any) -> Undone:
    """Do again what this user undid last, unless something else was done since.

    Raises CrmError when there is nothing to redo, Conflict as :func:`undo`."""
    with session.store.transaction():
        last = _last_undo(session)
        if last is None:
            raise CrmError(_("There is nothing to redo."))
        first = Entry.select().where(Entry.id == last["undoes"]).dicts().first()
        write = Write(session, "redo")
        write.say(last["text"], **_subject(last))
        _take_back(write, last["id"])
        Entry.update(undone_by=write.entry_id).where(Entry.id == last["id"]).execute()
        Entry.update(undone_by=None).where(Entry.id == first["id"]).execute()
        Entry.update(undoes=last["id"]).where(Entry.id == write.entry_id).execute()
        write._finish()
    return Undone(first["id"], first["op"], first["text"], **_subject(first))


def weight(session: Any, redo: bool = False) -> tuple[int, str]:
    """How many rows, about, :func:`undo` (or :func:`redo`) would change now, and the words of what
    it takes back; ``(0, "")`` where there is nothing."""
    entry = _last_undo(session) if redo else _last_act(session)
    if entry is None:
        return 0, ""
    rows = session.store.value(
        "SELECT SUM(CASE WHEN kind = 'insert' OR last - row < ? THEN last - row + 1 ELSE ? END)"
        " FROM changes WHERE entry_id = ?",
        (RUN, RUN, entry["id"]),
    )
    return int(rows or 0), entry["text"]


def _last_act(session: Any) -> Row | None:
    """The last thing this user did that still stands."""
    found: Row | None = (
        Entry.select()
        .where(Entry.user_id == session.user_id, Entry.undone_by.is_null(),
               Entry.op.not_in(("undo", "redo", FOR_GOOD)))
        .order_by(Entry.id.desc()).dicts().first()
    )  # fmt: skip
    return found


def _last_undo(session: Any) -> Row | None:
    """What this user undid last, unless something else was done since."""
    last: Row | None = (
        Entry.select()
        .where(Entry.user_id == session.user_id, Entry.op != "redo",
               (Entry.op != "undo") | Entry.undone_by.is_null())
        .order_by(Entry.id.desc()).dicts().first()
    )  # fmt: skip
    return last if last is not None and last["op"] == "undo" else None


def _subject(entry: Row) -> dict[str, Any]:
    return {k: entry[k] for k in ("lead_id", "prospect_id", "list_id")}


def _take_back(write: Write, entry_id: int) -> None:
    """Reverse the changes of an entry, last first, checking that each still stands."""
    for change in _last_first(entry_id):
        model = BY_NAME[change["name"]]
        if change["kind"] == "update":
            _take_back_update(write, model, change)
        elif change["kind"] == "insert":
            _take_back_insert(write, model, change)
        else:
            was = json.loads(change["was"])
            rows = was if isinstance(was, list) else [was]
            columns = list(rows[0])
            write.store.insert_rows(
                change["name"], columns, ([row[c] for c in columns] for row in rows)
            )
            write._note(model, change["row"], change["last"], "insert", None, None)
            for row in rows:
                write._touch(change["name"], row)


def _last_first(entry_id: int) -> Iterator[Row]:
    """The changes of an entry, last first, a few at a time: new ones are noted meanwhile."""
    query = Change.select().where(Change.entry_id == entry_id).order_by(Change.id.desc())
    part = as_rows(query.limit(CHANGES))
    while part:
        yield from part
        part = as_rows(query.where(Change.id < part[-1]["id"]).limit(CHANGES))


def _take_back_update(write: Write, model: Any, change: Row) -> None:
    was, became = json.loads(change["was"]), json.loads(change["became"])
    if "rows" in was:
        _take_back_many(write, model, change, was, became)
        return
    now = write.row(model, change["row"])
    if now is None or any(now[k] != v for k, v in became.items()):
        raise _conflict(write, change)
    one_row.update(write.store, model, change["row"], was)
    write._touch(change["name"], now)
    write._note(model, change["row"], change["row"], "update", became, was)


def _take_back_many(write: Write, model: Any, change: Row, was: Row, became: Row) -> None:
    """Rows that one change altered together: all of them still as it left them."""
    columns = became["columns"]
    fields = [getattr(model, column) for column in ("id", *columns)]
    query = model.select(*fields).where(model.id.in_([row[0] for row in became["rows"]]))
    now = {row[0]: list(row) for row in write.store.locked(query).tuples()}
    if any(now.get(row[0]) != row for row in became["rows"]):
        raise _conflict(write, change)
    write.update_many(model, columns, was["rows"])


def _take_back_insert(write: Write, model: Any, change: Row) -> None:
    first, last = change["row"], change["last"]
    if _later(write, change) is not None:
        raise _conflict(write, change)
    # Noted last first, as they are put back first to last by whoever takes this back again.
    for start in reversed(range(first, last + 1, RUN)):
        end = min(start + RUN - 1, last)
        rows = as_rows(model.select().where(model.id.between(start, end)).order_by(model.id))
        if rows:
            write._note(model, start, end, "delete", rows[0] if start == end else rows, None)
        for row in rows:
            write._touch(change["name"], row)
    if change["name"] == "lists":
        # Where somebody sat is nobody's act, and no reason to keep a list.
        write.store.execute("DELETE FROM seats WHERE list_id BETWEEN ? AND ?", (first, last))
    try:
        with write.store.db.atomic():
            model.delete().where(model.id.between(first, last)).execute()
    except IntegrityError:
        raise _conflict(write, change) from None


def _later(write: Write, change: Row) -> Row | None:
    """The newest standing change by another entry to the rows that ``change`` is about."""
    query = (
        Change.select(Change, Entry.user_id, Entry.text, Entry.at)
        .join(Entry, on=(Change.entry_id == Entry.id))
        .where(
            Change.name == change["name"], Change.row <= change["last"],
            Change.last >= change["row"], Change.entry_id > change["entry_id"],
            Change.entry_id != write.entry_id, Entry.undone_by.is_null(),
            Entry.op.not_in(("undo", "redo")),
        )
        .order_by(Change.id.desc())
    )  # fmt: skip
    mine = _rows_of(change)
    return next((c for c in query.dicts().iterator() if _meet(mine, _rows_of(c))), None)


def _rows_of(change: Row) -> range | set[int]:
    """The rows that a change is about. Rows that were changed together lie between its first and
    its last, but are not all of those between."""
    many = json.loads(change["became"]).get("rows") if change["kind"] == "update" else None
    return range(change["row"], change["last"] + 1) if many is None else {row[0] for row in many}


def _meet(mine: range | set[int], theirs: range | set[int]) -> bool:
    if isinstance(theirs, range):
        mine, theirs = theirs, mine
    if isinstance(theirs, range) and isinstance(mine, range):
        return mine.start < theirs.stop and theirs.start < mine.stop
    return any(row in mine for row in theirs)


def _conflict(write: Write, change: Row) -> Conflict:
    later = _later(write, change)
    if later is None:
        return Conflict(
            _("Cannot undo: something else was added to it since."),
            _("Undo that first."),
        )
    who = write.store.value("SELECT name FROM users WHERE id = ?", (later["user_id"],))
    if later["user_id"] == write.user_id:
        return Conflict(
            _("Cannot undo: you changed it since: {what}.").format(what=later["text"]),
            _("Undo that first."),
        )
    return Conflict(
        _("Cannot undo: {who} changed it since: {what}.").format(who=who, what=later["text"]),
        _("Speak with {who} first.").format(who=who),
    )


