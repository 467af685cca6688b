"""Undo and redo, from the journal alone: any operation, today, tomorrow or after an import of a
hundred thousand rows, as long as nobody changed its rows since."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peewee import IntegrityError

from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.store import attempts, rows as table_rows
from tui_crm.core.store.columns import Row
from tui_crm.core.store.journal import RUN, Write, as_rows, perform
from tui_crm.core.store.tables import BY_NAME, Change, Entry
from tui_crm.core.text import _

if TYPE_CHECKING:
    from tui_crm.core.session import Session

FOR_GOOD = "forget.forget"  # the one operation that cannot be undone: a person was erased
CHANGES = 10  # changes read at once when an entry is taken back: each may hold a run of rows


@dataclass(frozen=True)
class Undone:
    """What was undone or redone: the entry, its text and what it was about."""

    entry_id: int
    op: str
    text: str
    lead_id: int | None
    prospect_id: int | None
    list_id: int | None


def undo(session: Session, entry_id: int | None = None) -> Undone:
    """Undo an entry, by default the last thing this user did that is not undone.

    Asks for the right of the operation, and for one of its own where somebody else did it. Raises
    CrmError when there is nothing to undo, NotAllowed, and Conflict when it would overwrite what
    somebody changed since; the sentence says who."""

    def act(write: Write) -> Undone:
        entry = _last_act(session) if entry_id is None else _entry(write, entry_id)
        if entry is None:
            raise CrmError(_("There is nothing to undo."))
        _require_right(write, entry, entry["op"])
        write.describe(entry["text"], **_subject(entry))
        write.subject["undoes"] = entry["id"]
        _lock_leads(write, entry)
        _take_back(write, entry["id"])
        Entry.update(undone_by=write.entry_id).where(Entry.id == entry["id"]).execute()
        return Undone(entry["id"], entry["op"], entry["text"], **_subject(entry))

    return perform(session, "undo", act, attempts.call_key("undo", (entry_id,), {}))


@dataclass(frozen=True)
class MadeBy:
    """The entry that a row was made by, and whether it made many rows of that table."""

    entry_id: int
    many: bool


def made_by(session: Session, table: str, row: int) -> MadeBy | None:
    """The entry, not undone, that inserted a row; None where no entry did."""
    found = session.store.rows(
        "SELECT entry_id, (SELECT SUM(last - row + 1) FROM changes AS others"
        " WHERE others.entry_id = changes.entry_id AND others.name = changes.name"
        " AND others.kind = 'insert') FROM changes JOIN entries ON entries.id = entry_id"
        " WHERE changes.name = ? AND row <= ? AND last >= ? AND changes.kind = 'insert'"
        " AND undone_by IS NULL AND op NOT IN ('undo', 'redo') ORDER BY changes.id DESC LIMIT 1",
        (table, row, row),
    )
    most = 1 if table == "actions" else CHANGES
    return MadeBy(found[0][0], int(found[0][1]) > most) if found else None


def redo(session: Session) -> Undone:
    """Redo what this user undid last, unless something else was done since.

    Raises CrmError when there is nothing to redo, NotAllowed and Conflict as :func:`undo`."""

    def act(write: Write) -> Undone:
        last = _last_undo(session)
        if last is None:
            raise CrmError(_("There is nothing to redo."))
        (first,) = as_rows(Entry.select().where(Entry.id == last["undoes"]))
        _require_right(write, first, first["op"])
        write.describe(last["text"], **_subject(last))
        write.subject["undoes"] = last["id"]
        _lock_leads(write, last)
        _take_back(write, last["id"])
        Entry.update(undone_by=write.entry_id).where(Entry.id == last["id"]).execute()
        Entry.update(undone_by=None).where(Entry.id == first["id"]).execute()
        return Undone(first["id"], first["op"], first["text"], **_subject(first))

    return perform(session, "redo", act, attempts.call_key("redo", (), {}))


def _entry(write: Write, number: int) -> Row | None:
    """The entry of that number, locked: of two who undo it at once the second is told. Raises
    CrmError for one that cannot be undone."""
    entry: Row | None = write.store.locked(Entry.select().where(Entry.id == number)).dicts().first()
    if entry is None or entry["op"] in ("undo", "redo"):
        raise CrmError(_("There is no such entry to undo."))
    if entry["undone_by"]:
        raise CrmError(_("That was undone already."))
    if entry["op"] == FOR_GOOD:
        raise CrmError(_("What was forgotten cannot be brought back."))
    return entry


def _require_right(write: Write, entry: Row, op: str) -> None:
    """Raises NotAllowed for whoever may not do, and so not take back, what the entry did."""
    session = write.session
    session.require_operation(op)
    if entry["user_id"] != session.user_id:
        session.require("undo")
    # Operations that everybody may do on what is theirs, and only some on what is not.
    changed = write.store.rows(
        "SELECT DISTINCT name, row FROM changes WHERE entry_id = ?"
        " AND name IN ('users', 'workspace') AND kind = 'update'",
        (entry["id"],),
    )
    for name, row in changed:
        if name == "workspace":
            session.require("workspace")
        elif row != session.user_id:
            session.require("users")
    if op.startswith("goals."):
        for was, user_id in write.store.rows(
            "SELECT was, goals.user_id FROM changes LEFT JOIN goals ON goals.id = changes.row"
            " WHERE entry_id = ? AND changes.name = 'goals'",
            (entry["id"],),
        ):
            goal = json.loads(was) if was else {}
            if goal.get("user_id", user_id) != session.user_id:
                session.require("goals")


def _lock_leads(write: Write, entry: Row) -> None:
    """Lock the leads that an entry is about before anything of theirs, as every operation does, so
    that two at once wait for one another and do not meet half-way."""
    if write.store.engine == "postgresql":
        write.store.rows(
            "SELECT id FROM leads WHERE id = ? OR id IN (SELECT row FROM changes"
            " WHERE entry_id = ? AND name = 'leads' AND last = row) ORDER BY id FOR UPDATE",
            (entry["lead_id"] or 0, entry["id"]),
        )


def weight(session: Session, redo: bool = False) -> tuple[int, str]:
    """About how many rows :func:`undo` (or :func:`redo`) would change now, and the text of the
    entry; ``(0, "")`` where there is none."""
    entry = _last_undo(session) if redo else _last_act(session)
    if entry is None:
        return 0, ""
    rows = session.store.value(
        "SELECT SUM(CASE WHEN kind = 'insert' OR last - row < ? THEN last - row + 1 ELSE ? END)"
        " FROM changes WHERE entry_id = ?",
        (RUN, RUN, entry["id"]),
    )
    return int(rows or 0), entry["text"]


def _last_act(session: Session) -> Row | None:
    """The last entry of this user that is not undone."""
    found: Row | None = (
        Entry.select()
        .where(
            Entry.user_id == session.user_id,
            Entry.undone_by.is_null(),
            Entry.op.not_in(("undo", "redo", FOR_GOOD)),
        )
        .order_by(Entry.id.desc())
        .dicts()
        .first()
    )
    return found


def _last_undo(session: Session) -> Row | None:
    """The last undo of this user, unless something else was done since."""
    last: Row | None = (
        Entry.select()
        .where(
            Entry.user_id == session.user_id,
            Entry.op != "redo",
            (Entry.op != "undo") | Entry.undone_by.is_null(),
        )
        .order_by(Entry.id.desc())
        .dicts()
        .first()
    )
    return last if last is not None and last["op"] == "undo" else None


def _subject(entry: Row) -> dict[str, Any]:
    return {k: entry[k] for k in ("lead_id", "prospect_id", "list_id")}


def _take_back(write: Write, entry_id: int) -> None:
    """Reverse the changes of an entry, last first; raises Conflict when one was changed since."""
    for change in _last_first(entry_id):
        model = BY_NAME[change["name"]]
        if change["kind"] == "update":
            _take_back_update(write, model, change)
        elif change["kind"] == "insert":
            _take_back_insert(write, model, change)
        else:
            was = json.loads(change["was"])
            rows = was if isinstance(was, list) else [was]
            _refuse_taken(write, model, rows)
            columns = list(rows[0])
            write.store.insert_rows(
                change["name"], columns, ([row[c] for c in columns] for row in rows)
            )
            write._note(model, change["row"], change["last"], "insert", None, None)
            for row in rows:
                write.outdated.add_part(change["name"], row)


def _refuse_taken(write: Write, model: Any, rows: list[Row]) -> None:
    """Raises Conflict when a deleted row cannot come back: somebody has made another one of what
    there can be only one, such as the same tag on the same lead. Of many rows together the database
    itself refuses it."""
    if len(rows) > CHANGES:
        return
    fields = model._meta.sorted_fields
    unique = [(field.column_name,) for field in fields if field.unique and not field.primary_key]
    unique += [tuple(one[0]) for one in model._meta.indexes if isinstance(one, tuple) and one[1]]
    for row in rows:
        for names in unique:
            values = [row[name] for name in names]
            if None in values:
                continue
            found = write.store.value(
                f"SELECT id FROM {model._meta.table_name}"
                f" WHERE {' AND '.join(f'{name} = ?' for name in names)}",
                values,
            )
            if found is not None:
                since = {"name": model._meta.table_name, "row": found, "last": found}
                raise _conflict(write, {**since, "kind": "insert", "entry_id": 0})


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
    if _later(write, change, became) is not None:
        raise _conflict(write, change, became)  # changed, and changed back: it is theirs now
    table_rows.update(write.store, model, change["row"], was)
    for row in (now, now | was):
        write.outdated.add_part(change["name"], row, was)
    write._note(model, change["row"], change["row"], "update", became, was)


def _take_back_many(write: Write, model: Any, change: Row, was: Row, became: Row) -> None:
    """Reverse a change of many rows together; all of them must be as it left them."""
    columns = became["columns"]
    fields = [getattr(model, column) for column in ("id", *columns)]
    query = model.select(*fields).where(model.id.in_([row[0] for row in became["rows"]]))
    now = {number: [number, *values] for number, *values in write.store.locked(query).tuples()}
    if any(now.get(row[0]) != row for row in became["rows"]):
        raise _conflict(write, change)
    if _later(write, change, columns) is not None:
        raise _conflict(write, change, columns)
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
            write.outdated.add_part(change["name"], row)
    if change["name"] == "lists":
        # A seat is nobody's act, and no reason to keep a list.
        write.store.execute("DELETE FROM seats WHERE list_id BETWEEN ? AND ?", (first, last))
    try:
        with write.store.db.atomic():
            model.delete().where(model.id.between(first, last)).execute()
    except IntegrityError:
        raise _conflict(write, change) from None


def _later(write: Write, change: Row, columns: Collection[str] | None = None) -> Row | None:
    """The newest change by another entry, not undone, to the rows that ``change`` is about, and,
    where they are given, to one of these columns."""
    query = (
        Change.select(Change, Entry.user_id, Entry.text, Entry.at)
        .join(Entry, on=(Change.entry_id == Entry.id))
        .where(
            Change.name == change["name"],
            Change.row <= change["last"],
            Change.last >= change["row"],
            Change.entry_id > change["entry_id"],
            Change.entry_id != write.entry_id,
            Entry.undone_by.is_null(),
            Entry.op.not_in(("undo", "redo")),
        )
        .order_by(Change.id.desc())
    )
    mine = _rows_of(change)
    return next(
        (
            later
            for later in query.dicts().iterator()
            if (columns is None or _touches(later, columns)) and _meet(mine, _rows_of(later))
        ),
        None,
    )


def _touches(change: Row, columns: Collection[str]) -> bool:
    """Whether a change is to one of these columns, or to the row as a whole."""
    if change["kind"] != "update":
        return True
    became = json.loads(change["became"])
    return not set(columns).isdisjoint(became["columns"] if "rows" in became else became)


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


def _conflict(write: Write, change: Row, columns: Collection[str] | None = None) -> Conflict:
    later = _later(write, change, columns)
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
