"""Forgetting a person, for good: the right to erasure (GDPR, article 17).

Every row of a list and every person of a lead that carries the number or e-mail loses what names
them, in the tables and in the journal; what was counted stays: rows, calls, who was reached. On
the do-not-call list nothing is left but a salted hash, so that nobody calls them again. It is the
one act that cannot be undone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.errors import NotFound
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.find_person import Whereabouts, remade
from tui_crm.core.privacy.redact import Traces, traces
from tui_crm.core.session import Session
from tui_crm.core.store.derived import renew
from tui_crm.core.store.erasure import backups, erasing
from tui_crm.core.store.tables import BY_NAME, Blocked, Entry
from tui_crm.core.store.undo import FOR_GOOD
from tui_crm.core.text import _, fold

# Columns that hold people's words, by table.
TEXTS: dict[str, tuple[str, ...]] = {
    "clients": ("name", "description"),
    "leads": ("title", "description", "next_text", "source"),
    "contacts": ("name", "role"),
    "contact_points": ("value", "match"),
    "attachments": ("name", "path"),
    "prospects": (
        "name",
        "first_name",
        "last_name",
        "company",
        "role",
        "city",
        "cells",
        "original",
        "note",
        "problem",
        "due_text",
    ),
    "prospect_keys": ("value", "match"),
    "actions": ("text", "number"),
    "history": ("was", "became"),
    "blocked": ("words",),
    "saved_views": ("query", "name"),
    "entries": ("text",),
    "drafts": ("text", "data"),
    "seats": ("dialled", "query"),
}
_BLANK = (
    "name",
    "first_name",
    "last_name",
    "company",
    "role",
    "city",
    "note",
    "problem",
    "due_text",
)
_OF = {
    "lead_id": "leads",
    "prospect_id": "prospects",
    "contact_id": "contacts",
    "client_id": "clients",
}


@dataclass(frozen=True)
class Person:
    """What the store holds of a number (E.164) or e-mail: how many rows of lists, how many people
    of leads and clients, on how many leads; and whether it is on the do-not-call list."""

    kind: str
    match: str
    rows: int
    people: int
    leads: int
    blocked: bool


@dataclass(frozen=True)
class Forgotten:
    """What was done: rows emptied, people taken off, leads they were on, numbers and e-mails that
    stay blocked by their hash; and how many backups beside the store still hold the person."""

    rows: int
    people: int
    leads: int
    blocked: int
    backups: int


def person(session: Session, phone_or_email: str) -> Person:
    """What forgetting would empty, to be shown before. Raises CrmError when it is neither a phone
    nor an e-mail, NotAllowed for a rep."""
    session.require("forget")
    kind, match = do_not_call.read(session, phone_or_email)
    found = Whereabouts(session.store, match)
    return Person(
        kind,
        match,
        len(found.alive("prospects")),
        len(found.alive("contacts")),
        len(found.alive("leads")),
        bool(do_not_call.is_blocked(session.store, [match])),
    )


def forget(session: Session, phone_or_email: str, block: bool = True) -> Forgotten:
    """Forget the person with this phone or e-mail, everywhere; cannot be undone.

    ``block`` keeps their numbers and e-mails on the do-not-call list, as hashes; those that were on
    it stay there in any case. Other numbers of the person go too, unless somebody else has them as
    well. Raises NotAllowed for a rep, CrmError for what is neither a phone nor an e-mail, NotFound
    when nothing here carries it."""
    session.require("forget")
    kind, match = do_not_call.read(session, phone_or_email)
    store = session.store
    with erasing(store):
        done = _Erase(session, kind, match, block).run()
    return done


class _Erase:
    """One forgetting, inside its transaction."""

    def __init__(self, session: Session, kind: str, match: str, block: bool) -> None:
        self.session, self.store = session, session.store
        self.kind, self.block, self.match = kind, block, match
        self.found = Whereabouts(self.store, match)
        self.own, shared, typed = self.found.gather()
        self.traces: Traces = traces(
            sorted(self.own),
            sorted(shared),
            sorted(typed),
            self.found.names,
            self.found.companies,
        )
        self.table_lock = self._alone()
        self.touched: set[int] = set()
        self.cut = 0

    def _alone(self) -> set[int]:
        """The leads on which they are the only person: everything noted there is about them."""
        leads = self.found.ids["leads"]
        others = {
            row[0]
            for row in self.store.rows(
                "SELECT lead_id FROM contacts WHERE lead_id IS NOT NULL"
                + (
                    f" AND id NOT IN ({self.found.numbers('contacts')})"
                    if self.found.ids["contacts"]
                    else ""
                )
            )
        }
        return leads - others

    def run(self) -> Forgotten:
        found = self.found
        rows, people = found.alive("prospects"), found.alive("contacts")
        held = do_not_call.is_blocked(self.store, sorted(self.own))
        done = Forgotten(
            len(rows),
            len(people),
            len(found.alive("leads")),
            len(self.own) if self.block else len(held),
            backups(self.store),
        )
        for name in TEXTS:
            self._table(name)
        self._images()
        self._close_rows(rows)
        self._remove("prospect_keys", found.ids["prospect_keys"])
        self._remove("contact_points", found.ids["contact_points"])
        self._remove("contacts", people)
        self._drafts()
        if not (rows or people or held or self.cut):
            raise NotFound(_("Nothing here carries {match}.").format(match=self.match))
        self._blocked(held)
        renew(self.store, self.touched | found.alive("leads"))
        Entry.insert(
            at=int(self.session.now.timestamp()),
            user_id=self.session.user_id,
            op=FOR_GOOD,
            text=_("a person was forgotten"),
        ).execute()
        return done

    # -- what becomes of a row -----------------------------------------------------------------

    def _redone(self, name: str, number: int, record: dict[str, Any]) -> dict[str, Any]:
        """A row, or an image of it in the journal, without the person: the same rule for both, so
        that what is undone later still finds what it left."""
        made = dict(record)
        if name == "blocked" and record.get("match") in self.own:
            made["match"] = do_not_call.hashed(self.session.house.salt, record["match"])
            made["words"] = ""
            return made
        mine = number in self.found.ids.get(name, ())
        if mine and name == "prospects":
            return made | {
                column: _blank_cells(record[column]) if column in ("cells", "original") else ""
                for column in (*_BLANK, "cells", "original")
                if column in record
            }
        about = mine or any(
            record.get(column) in self.found.ids[table] for column, table in _OF.items()
        )
        if name in ("contacts", "contact_points", "prospect_keys") and (
            mine
            or record.get("contact_id") in self.found.ids["contacts"]
            or record.get("prospect_id") in self.found.ids["prospects"]
        ):
            return made | {column: "" for column in TEXTS[name] if column in record}
        if name == "actions" and mine and self._is_all_theirs(number, record):
            return made | {column: "" for column in ("text", "number") if column in record}
        for column in TEXTS.get(name, ()):
            if isinstance(value := record.get(column), str):
                made[column] = self._text(name, column, value, about)
        if name == "clients" and made.get("name") != record.get("name"):
            made["name"] = made["name"] or "–"
            made["match"] = fold(made["name"])
        return made

    def _text(self, name: str, column: str, value: str, about: bool) -> str:
        if column == "description":
            return self.traces.cut_lines(value, about)
        left = self.traces.cut(value, about)
        if column == "title" and not left:
            return _("(forgotten)")
        return left

    def _is_all_theirs(self, number: int, record: dict[str, Any]) -> bool:
        """Whether an action is about nobody else: it was made on their row, or on a lead of theirs
        alone."""
        row = record if "lead_id" in record else None
        if row is None:
            there = self.store.rows(
                "SELECT lead_id, prospect_id FROM actions WHERE id = ?", (number,)
            )
            row = dict(zip(("lead_id", "prospect_id"), there[0], strict=True)) if there else {}
        return (
            row.get("prospect_id") in self.found.ids["prospects"]
            or row.get("lead_id") in self.table_lock
        )

    # -- the tables ----------------------------------------------------------------------------

    def _table(self, name: str) -> None:
        """Clean the rows of a table that are about the person, and all others of what is theirs
        alone."""
        columns = TEXTS[name]
        extra = [
            c
            for c in ("lead_id", "prospect_id", "contact_id", "client_id")
            if c in BY_NAME[name]._meta.fields and c not in columns
        ]
        match = ["match"] if name in ("clients", "blocked") else []
        names = list(dict.fromkeys(("id", *columns, *extra, *match)))
        found = self._asked(name, columns, names)
        for row in found:
            record = dict(zip(names, row, strict=True))
            made = self._redone(name, row[0], record)
            changed = {c: made[c] for c in names if made[c] != record[c]}
            if changed:
                self.cut += 1
                marks = ", ".join(f"{column} = ?" for column in changed)
                self.store.execute(
                    f"UPDATE {name} SET {marks} WHERE id = ?", (*changed.values(), row[0])
                )
                self._touch(name, record)

    def _asked(
        self, name: str, columns: Sequence[str], names: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        likes = [f"lower({column}) LIKE ?" for column in columns for _like in self.traces.likes]
        params: list[Any] = [like for _column in columns for like in self.traces.likes]
        of = [f"id IN ({self.found.numbers(name)})"] if name in self.found.ids else []
        of += [
            f"{column} IN ({self.found.numbers(table)})"
            for column, table in _OF.items()
            if column in names and self.found.ids[table]
        ]
        return self.store.rows(
            f"SELECT {', '.join(names)} FROM {name} WHERE {' OR '.join([*of, *likes])}", params
        )

    def _touch(self, name: str, record: dict[str, Any]) -> None:
        if name == "leads":
            self.touched.add(record["id"])
        elif record.get("lead_id"):
            self.touched.add(record["lead_id"])

    def _images(self) -> None:
        """The same for every image in the journal."""
        by_row = [
            (f"changes.name = ? AND row <= {number} AND last >= {number}", [name])
            for name in (
                "prospects",
                "contacts",
                "actions",
                "leads",
                "clients",
                "prospect_keys",
                "contact_points",
            )
            for number in sorted(self.found.ids[name])
        ]
        likes = [
            (f"lower({column}) LIKE ?", [like])
            for column in ("was", "became")
            for like in self.traces.near_likes
        ]
        wanted: set[int] = set()
        for where, params in (*by_row, *likes):
            wanted |= {
                row[0]
                for row in self.store.rows(
                    f"SELECT id FROM changes WHERE ({where})"
                    " AND (was IS NOT NULL OR became IS NOT NULL)",
                    params,
                )
            }
        for number in sorted(wanted):
            name, row, was, became = self.store.rows(
                "SELECT name, row, was, became FROM changes WHERE id = ?", (number,)
            )[0]
            made = [self._image(name, row, image) for image in (was, became)]
            if made != [was, became]:
                self.cut += 1
                self.store.execute(
                    "UPDATE changes SET was = ?, became = ? WHERE id = ?", (*made, number)
                )

    def _image(self, name: str, row: int, image: str | None) -> str | None:
        if image is None:
            return None
        parsed = json.loads(image)
        made = remade(parsed, row, lambda n, record: self._redone(name, n, record))
        return image if made == parsed else json.dumps(made)

    # -- the rest ------------------------------------------------------------------------------

    def _close_rows(self, rows: set[int]) -> None:
        """There is nobody left to call on them."""
        for number in sorted(rows):
            self.store.execute(
                "UPDATE prospects SET state = CASE WHEN state IN ('new', 'retry', 'callback')"
                " THEN 'done' ELSE state END, due_at = NULL, due_exact = 0, claimed_by = NULL,"
                " claimed_until = NULL WHERE id = ?",
                (number,),
            )

    def _remove(self, name: str, numbers: set[int]) -> None:
        self.store.execute_many(
            f"DELETE FROM {name} WHERE id = ?", [(number,) for number in sorted(numbers)]
        )

    def _drafts(self) -> None:
        places = [f"prospect:{n}" for n in self.found.ids["prospects"]]
        leads = [f"lead:{n}" for n in self.found.ids["leads"]]
        self.store.execute_many(
            "DELETE FROM drafts WHERE place = ? OR place LIKE ?",
            [(place, f"{place}:%") for place in (*places, *leads)],
        )

    def _blocked(self, held: dict[str, do_not_call.Block]) -> None:
        """On the list stays the hash alone."""
        salt = self.session.house.salt
        for match in sorted(self.own):
            secret = do_not_call.hashed(salt, match)
            if match in held:
                self.store.execute(
                    "UPDATE blocked SET match = ?, words = '' WHERE match IN (?, ?)",
                    (secret, match, secret),
                )
            elif self.block:
                Blocked.insert(
                    match=secret,
                    kind="phone" if match.startswith("+") else "email",
                    words="",
                    at=int(self.session.now.timestamp()),
                    user_id=self.session.user_id,
                ).execute()


def _blank_cells(cells: str) -> str:
    """The cells of a row, all empty; as many as there were."""
    if not cells:
        return ""
    return json.dumps([""] * len(json.loads(cells)), separators=(",", ":"))
