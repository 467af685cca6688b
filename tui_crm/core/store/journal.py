"""The one door for writes.

A function under :func:`operation` is one thing that a user does: one transaction and one entry in
the journal, which holds every row that it touched as it was and as it became: enough to take it
back (:mod:`.undo`).
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    ParamSpec,
    TypeVar,
    Unpack,
    cast,
    overload,
)

from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.store import attempts, fulltext, rows as table_rows
from tui_crm.core.store.columns import (
    ActionColumns,
    ContactColumns,
    HasRows,
    LeadColumns,
    ListColumns,
    OutcomeColumns,
    ProspectColumns,
    Row,
)
from tui_crm.core.store.database import Store
from tui_crm.core.store.derived import Outdated
from tui_crm.core.store.tables import (
    Action,
    Contact,
    Entry,
    Lead,
    Outcome,
    Prospect,
    ProspectList,
    UntypedTable,
)
from tui_crm.core.text import _, clean

if TYPE_CHECKING:
    from tui_crm.core.session import Session  # above: only its type is used here

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C")

PARTS_OF_LEADS = ("actions", "contacts", "history")
CLAIM = ("claimed_by", "claimed_until")
"""The columns of a row by which it is on a rep's screen: they are given back with what is done to
it, and no part of the journal."""
RUN = 500  # rows of a bulk delete kept in one journal row
IN_MEMORY = 1_000_000  # characters of noted rows kept in memory before they go to the store


OPERATIONS: dict[str, Operation[..., Any]] = {}


class Write:
    """The writes of one operation: every row is inserted, updated and deleted through it, and noted
    in the journal.

    ``session`` is who acts, ``at`` the moment of the operation (epoch seconds UTC), ``entry_id``
    its journal entry.
    """

    def __init__(self, session: Session, name: str, token: str = "") -> None:
        self.session: Session = session
        self.token = token or attempts.new_token()
        self.store: Store = session.store
        self.user_id: int = session.user_id
        self.at = int(session.now.timestamp())
        self.op = name
        self.text = ""
        self.subject: Row = {}
        self.outdated = Outdated()
        self._lead: tuple[int, LeadColumns] | None = None  # the one read last, as it is now
        self._entry: int | None = None
        self._stored_words: Row = {}
        self._changes: list[tuple[str, int, int, str, str | None, str | None]] = []
        self._size = 0  # characters of rows in these changes
        self._noted = False  # whether any change was noted, in memory or in the store

    @property
    def entry_id(self) -> int:
        if self._entry is None:
            self._stored_words = self._words()
            self._entry = table_rows.insert(
                self.store,
                Entry,
                {
                    "at": self.at,
                    "user_id": self.user_id,
                    "op": self.op,
                    "token": self.token,
                    **self._stored_words,
                },
            )
        return self._entry

    def _words(self) -> Row:
        return {"text": clean(self.text, single_line=True), **self.subject}

    def describe(
        self,
        text: str,
        *,
        lead_id: int | None = None,
        prospect_id: int | None = None,
        list_id: int | None = None,
    ) -> None:
        """Set the text of the journal entry, and the lead, prospect or list it is about."""
        self.text = text
        for name, value in (
            ("lead_id", lead_id),
            ("prospect_id", prospect_id),
            ("list_id", list_id),
        ):
            if value is not None:
                self.subject[name] = value

    def lock_lead(self, number: int | None) -> None:
        """Lock a lead before its people, tags or actions are changed, as every operation on a lead
        does: two at once then wait for one another. A SQLite transaction has locked it already."""
        if number is not None and self.store.engine == "postgresql":
            self.store.rows("SELECT id FROM leads WHERE id = ? FOR UPDATE", (number,))

    def row(self, model: type[HasRows[C]], number: int) -> C | None:
        """The row as it is now, locked until the operation ends; ``None`` when there is none."""
        # Most operations are about one lead, which their parts ask for again and again. Nothing but
        # this operation can change it meanwhile.
        is_lead = cast(object, model) is Lead
        if is_lead and self._lead is not None and self._lead[0] == number:
            return cast(C, self._lead[1])
        found = table_rows.read(self.store, model, number, lock=True)
        if is_lead and found is not None:
            self._lead = (number, cast(LeadColumns, found))
        return found

    # Each typed table has its own signature, so that mypy knows its columns. Where it says that
    # UntypedTable was expected, a column is misspelt or has a value of another type.

    @overload
    def insert(self, model: type[Action], **values: Unpack[ActionColumns]) -> int: ...
    @overload
    def insert(self, model: type[Contact], **values: Unpack[ContactColumns]) -> int: ...
    @overload
    def insert(self, model: type[Lead], **values: Unpack[LeadColumns]) -> int: ...
    @overload
    def insert(self, model: type[Outcome], **values: Unpack[OutcomeColumns]) -> int: ...
    @overload
    def insert(self, model: type[Prospect], **values: Unpack[ProspectColumns]) -> int: ...
    @overload
    def insert(self, model: type[ProspectList], **values: Unpack[ListColumns]) -> int: ...
    @overload
    def insert(self, model: type[UntypedTable], **values: Any) -> int: ...
    def insert(self, model: Any, **values: Any) -> int:
        """Add a row; its number."""
        values = table_rows.stored(model, cleaned(values))
        number = table_rows.insert(self.store, model, values)
        self.outdated.add_part(model._meta.table_name, values)
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
        name = model._meta.table_name
        if name in PARTS_OF_LEADS and "lead_id" in columns:
            place = list(columns).index("lead_id")
            for row in rows:
                self.outdated.add_part(name, {"lead_id": row[place]})
        return first

    @overload
    def update(
        self,
        model: type[Action],
        number: int,
        before: Any = ...,
        /,
        **values: Unpack[ActionColumns],
    ) -> bool: ...
    @overload
    def update(
        self,
        model: type[Contact],
        number: int,
        before: Any = ...,
        /,
        **values: Unpack[ContactColumns],
    ) -> bool: ...
    @overload
    def update(
        self, model: type[Lead], number: int, before: Any = ..., /, **values: Unpack[LeadColumns]
    ) -> bool: ...
    @overload
    def update(
        self,
        model: type[Outcome],
        number: int,
        before: Any = ...,
        /,
        **values: Unpack[OutcomeColumns],
    ) -> bool: ...
    @overload
    def update(
        self,
        model: type[Prospect],
        number: int,
        before: Any = ...,
        /,
        **values: Unpack[ProspectColumns],
    ) -> bool: ...
    @overload
    def update(
        self,
        model: type[ProspectList],
        number: int,
        before: Any = ...,
        /,
        **values: Unpack[ListColumns],
    ) -> bool: ...
    @overload
    def update(
        self, model: type[UntypedTable], number: int, before: Any = ..., /, **values: Any
    ) -> bool: ...
    def update(self, model: Any, number: int, before: Any = None, /, **values: Any) -> bool:
        """Change columns of a row; whether anything differs now. Values that the row has already
        are not written and not noted. ``before`` is the row from :meth:`row`, where this operation
        has read it and changed nothing in it since. Raises CrmError when the row is gone."""
        before = before or self.row(model, number)
        if before is None:
            raise CrmError(_("It is gone: somebody removed it."))
        values = table_rows.stored(model, cleaned(values))
        values = {k: v for k, v in values.items() if before[k] != v}
        if not values:
            return False
        if self.session.as_of is not None and model is Lead:
            self._refuse_overwrite(number, values, before)
        table_rows.update(self.store, model, number, values)
        values = {k: v for k, v in values.items() if k not in CLAIM}
        if not values:
            return True
        was = {k: before[k] for k in values}
        for row in (before, before | values):  # it may go to another lead
            self.outdated.add_part(model._meta.table_name, row, values)
        self._note(model, number, number, "update", was, values)
        if model is Lead:
            self._lead = (number, before | values)
        return True

    def confirm(self, model: Any, number: int, **values: Any) -> None:
        """Note that a row has to have these values, which it has already: an undo of who made it
        takes it for changed since. Not what this very entry has made."""
        if not any(
            change[0] == model._meta.table_name and change[1] <= number <= change[2]
            for change in self._changes
        ):
            self._note(model, number, number, "update", values, values)

    def _refuse_overwrite(self, number: int, values: Row, now: Row) -> None:
        """Raises Conflict when one of these columns of a lead was changed by an entry that the user
        has not seen, with who did it and what stands now."""
        later = self.store.rows(
            "SELECT changes.became, users.name, entries.text, users.id FROM changes"
            " JOIN entries ON entries.id = entry_id JOIN users ON users.id = entries.user_id"
            " WHERE changes.name = 'leads' AND row <= ? AND last >= ? AND entry_id > ?"
            " AND entry_id <> ? AND changes.kind = 'update' ORDER BY changes.id DESC",
            (number, number, self.session.as_of, self._entry or 0),
        )
        for became, who, text, user_id in later:
            if not values.keys() & json.loads(became).keys():
                continue
            stands = _next_words(self.session, now) if "next_text" in values else ""
            words = (
                _("You changed it meanwhile: {what}.")
                if user_id == self.user_id
                else _("{who} changed it meanwhile: {what}.")
            )
            what = f"{text} ({stands})" if stands else text
            raise Conflict(
                words.format(who=who, what=what),
                _("Nothing was overwritten; enter it again to change it."),
            )

    def update_many(self, model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Change ``columns`` of many rows at once; how many differ now. ``rows`` are ``(id, one
        value per column …)``, the values clean already; rows that are gone are skipped."""
        name, count = model._meta.table_name, 0
        remaining = iter(rows)
        while wanted := {row[0]: tuple(row[1:]) for row in itertools.islice(remaining, RUN)}:
            fields = [getattr(model, column) for column in ("id", *columns)]
            query = model.select(*fields).where(model.id.in_(list(wanted))).order_by(model.id)
            # Each row is its number and then the columns.
            was = [row for row in self.store.locked(query).tuples() if row[1:] != wanted[row[0]]]
            if not was:
                continue
            numbers = [row[0] for row in was]
            marks = ", ".join(f"{column} = ?" for column in columns)
            self.store.execute_many(
                f"UPDATE {name} SET {marks} WHERE id = ?", [(*wanted[n], n) for n in numbers]
            )
            self._note(
                model,
                numbers[0],
                numbers[-1],
                "update",
                was={"columns": columns, "rows": was},
                became={"columns": columns, "rows": [(n, *wanted[n]) for n in numbers]},
            )
            if name in PARTS_OF_LEADS:
                # Many rows belong to few leads, or, as most calls of a list, to none.
                for (lead,) in self.store.rows(
                    f"SELECT DISTINCT lead_id FROM {name} WHERE lead_id IS NOT NULL"
                    f" AND id IN ({', '.join('?' * len(numbers))})",
                    numbers,
                ):
                    self.outdated.add_part(name, {"lead_id": lead}, columns)
            count += len(was)
        return count

    def delete(self, model: Any, number: int) -> None:
        """Remove a row."""
        before = self.row(model, number)
        if before is None:
            return
        table_rows.delete(self.store, model, number)
        self.outdated.add_part(model._meta.table_name, before)
        self._note(model, number, number, "delete", before, None)

    def index_new(self, first: int, texts: Sequence[str]) -> None:
        """Index new prospects, numbered from ``first`` on, for the search: many at once are written
        with what they are found by, in place of being read again at the end."""
        self.outdated.indexed(first, first + len(texts) - 1)
        fulltext.add(self.store, list(enumerate(texts, first)), fulltext.PROSPECTS)

    def _note(self, model: Any, row: int, last: int, kind: str, was: Any, became: Any) -> None:
        name = model._meta.table_name
        if name in ("leads", "clients", "prospects"):
            self._lead = None if name == "leads" else self._lead
            many = kind == "update" and "rows" in was
            self.outdated.add_rows(
                name,
                [(number, number) for number, *_ in was["rows"]] if many else [(row, last)],
                was["columns"] if many else was if kind == "update" else None,
            )
        before = None if was is None else json.dumps(was)
        after = None if became is None else json.dumps(became)
        self._changes.append((name, row, last, kind, before, after))
        self._noted = True
        self._size += len(before or "") + len(after or "")
        if self._size > IN_MEMORY:
            self._store_changes()

    def _store_changes(self) -> None:
        """Write the changes noted so far: a hundred thousand undone rows are too much for the
        memory."""
        entry = self.entry_id
        self.store.insert_rows(
            "changes",
            ("entry_id", "name", "row", "last", "kind", "was", "became"),
            [(entry, *change) for change in self._changes],
        )
        self._changes.clear()
        self._size = 0

    def _finish(self) -> None:
        if not self._noted:
            return
        if self._entry is not None and (words := self._words()) != self._stored_words:
            table_rows.update(self.store, Entry, self._entry, words)
        self._store_changes()
        self.outdated.renew(self.store)


def _next_words(session: Session, lead: Row) -> str:
    """The next action of a lead's row in a few words."""
    from datetime import datetime

    at = lead["next_at"]
    when = (
        f"{datetime.fromtimestamp(at, session.zone):%Y-%m-%d %H:%M}"
        if at is not None
        else lead["next_day"] or ""
    )
    parts = (when, _(lead["next_kind"]) if lead["next_kind"] else "", lead["next_text"])
    return " ".join(part for part in parts if part)


def as_rows(query: Any) -> list[Row]:
    """The rows of a Peewee query as plain dictionaries, column by column."""
    return list(query.dicts())


def cleaned(values: Mapping[str, Any]) -> Row:
    """Text goes into the store through the one cleaning function."""
    return {k: clean(v) if type(v) is str else v for k, v in values.items()}


def perform(session: Session, name: str, act: Callable[[Write], R], key: tuple[Any, ...]) -> R:
    """``act(write)`` as one transaction with one journal entry of the operation ``name``; its
    result. ``key`` says what was called. Raises as :func:`.attempts.run` does."""
    token = attempts.new_token()
    entry: int | None = None

    def attempt() -> R:
        nonlocal entry
        write = Write(session, name, token)
        result = act(write)
        write._finish()
        entry = write._entry
        return result

    result = attempts.run(session.store, token, attempt, key)
    if entry is not None:
        session.store.own_entry = entry
    return result


class Operation(Generic[P, R]):
    """One thing that a user does, called as ``op(session, …)``.

    ``name`` is what the journal calls it (``closing.won``): stored entries have it for good,
    wherever the function moves. ``within`` is the function itself, ``within(write, …)``, for an
    operation made of several. Both raise NotAllowed for a role without the right."""

    def __init__(self, name: str, function: Callable[Concatenate[Write, P], R]) -> None:
        def within(write: Write, /, *args: P.args, **kwargs: P.kwargs) -> R:
            write.session.require_operation(name)
            return function(write, *args, **kwargs)

        self.name = name
        self.within: Callable[Concatenate[Write, P], R] = within
        functools.update_wrapper(self, function)

    def __call__(self, session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return perform(
            session,
            self.name,
            lambda write: self.within(write, *args, **kwargs),
            attempts.call_key(self.name, args, kwargs),
        )


def operation(
    name: str,
) -> Callable[[Callable[Concatenate[Write, P], R]], Operation[P, R]]:
    """Make ``function(write, …)`` the operation ``name``; the right that it asks for stands in
    `session.OPERATION_RIGHTS`. One that changes nothing leaves no entry;
    errors leave the store as it was. Raises ValueError for a name that is taken."""

    def register(function: Callable[Concatenate[Write, P], R]) -> Operation[P, R]:
        made = Operation(name, function)
        if name in OPERATIONS:
            raise ValueError(f"two operations are called {name}")
        OPERATIONS[name] = made
        return made

    return register


def bulk(
    session: Session, what: Operation[..., Any], ids: Iterable[int], *args: Any, **kw: Any
) -> int:
    """The same operation on many, as one transaction, one entry and one undo; how many."""
    numbers = list(ids)

    def act(write: Write) -> int:
        for number in numbers:
            write.subject = {}
            what.within(write, number, *args, **kw)
        if len(numbers) > 1:
            write.subject.pop("lead_id", None)
            write.text = _("{what}, {n} together").format(what=write.text, n=len(numbers))
        return len(numbers)

    key = attempts.call_key(f"{what.name} together", (numbers, *args), kw)
    return perform(session, what.name, act, key)
