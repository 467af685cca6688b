"""Erasing a person, for good: the right to erasure (GDPR, article 17).

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
from tui_crm.core.privacy.find_person import PersonFinder, map_image
from tui_crm.core.privacy.redact import PersonPatterns, person_patterns
from tui_crm.core.session import Session
from tui_crm.core.store.columns import Row
from tui_crm.core.store.derived import renew, renew_clients, renew_prospects
from tui_crm.core.store.erasure import backups, erasing
from tui_crm.core.store.query import PEOPLE_OF_LEADS
from tui_crm.core.store.tables import BY_NAME, Blocked, Entry
from tui_crm.core.store.undo import FOR_GOOD
from tui_crm.core.text import _, fold

# Columns that hold text about people, by table.
TEXTS: dict[str, tuple[str, ...]] = {
    "clients": ("name", "description"),
    "leads": ("title", "description", "next_text", "source"),
    "contacts": ("name", "role"),
    "contact_points": ("value", "match"),
    "attachments": ("name", "path"),
    "client_notes": ("text",),
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
    "appointments": ("text",),
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
class ErasePreview:
    """What the store has of a number (E.164) or e-mail: how many rows of lists, how many people of
    leads and clients, on how many leads; and whether it is on the do-not-call list."""

    kind: str
    match: str
    rows: int
    people: int
    leads: int
    blocked: bool


@dataclass(frozen=True)
class Erased:
    """What was erased: rows emptied, people removed, leads they were on, numbers and e-mails that
    stay blocked by their hash; and how many backups beside the store still have the person."""

    rows: int
    people: int
    leads: int
    blocked: int
    backups: int


def preview(session: Session, phone_or_email: str) -> ErasePreview:
    """What erasing would empty, to be shown before. Raises CrmError when it is neither a phone
    nor an e-mail, NotAllowed for a rep."""
    session.require("forget")
    kind, match = do_not_call.read(session, phone_or_email)
    found = PersonFinder(session.store, match)
    return ErasePreview(
        kind=kind,
        match=match,
        rows=len(found.alive("prospects")),
        people=len(found.alive("contacts")),
        leads=len(found.alive("leads")),
        blocked=bool(do_not_call.is_blocked(session, [match])),
    )


def erase(session: Session, phone_or_email: str, block: bool = True) -> Erased:
    """Erase the person with this phone or e-mail, everywhere; cannot be undone.

    ``block`` keeps their numbers and e-mails on the do-not-call list, as hashes; those that were on
    it stay there in any case. Other numbers of the person go too, unless somebody else has them as
    well. Raises NotAllowed for a rep, CrmError for what is neither a phone nor an e-mail, NotFound
    when nothing here carries it."""
    session.require("forget")
    _kind, match = do_not_call.read(session, phone_or_email)
    store = session.store
    with erasing(store):
        erased = _Erasure(session, match, block).run()
    return erased


class _Erasure:
    """The erasure of one person, inside its transaction."""

    def __init__(self, session: Session, match: str, block: bool) -> None:
        self.session, self.store = session, session.store
        self.block, self.match = block, match
        self.found = PersonFinder(self.store, match)
        self.own, shared, typed = self.found.gather()
        self.patterns: PersonPatterns = person_patterns(
            sorted(self.own),
            sorted(shared),
            sorted(typed),
            self.found.names,
            self.found.companies,
        )
        self.sole_leads = self._sole_leads()
        self.touched: set[int] = set()
        self.touched_rows: set[int] = set()
        self.touched_clients: set[int] = set()
        self.changed = 0

    def _sole_leads(self) -> set[int]:
        """The leads on which they are the only person: everything noted there is about them."""
        leads = self.found.ids["leads"]
        others = f"SELECT lead_id FROM {PEOPLE_OF_LEADS} AS people"
        if self.found.ids["contacts"]:
            others += f" WHERE contact_id NOT IN ({self.found.numbers('contacts')})"
        return leads - {lead for (lead,) in self.store.rows(others)}

    def run(self) -> Erased:
        found = self.found
        rows, people = found.alive("prospects"), found.alive("contacts")
        blocks = do_not_call.is_blocked(self.session, sorted(self.own))
        erased = Erased(
            rows=len(rows),
            people=len(people),
            leads=len(found.alive("leads")),
            blocked=len(self.own) if self.block else len(blocks),
            backups=backups(self.store),
        )
        for name in TEXTS:
            self._cut_table(name)
        self._cut_images()
        self._close_rows(rows)
        self._remove("prospect_keys", found.ids["prospect_keys"])
        self._remove("contact_points", found.ids["contact_points"])
        self._remove("lead_people", found.ids["lead_people"])
        self._remove("contacts", people)
        self._remove_drafts()
        if not (rows or people or blocks or self.changed):
            raise NotFound(_("Nothing here carries {match}.").format(match=self.match))
        self._hash_blocks(blocks)
        renew(self.store, self.touched | found.alive("leads"))
        renew_clients(self.store, self.touched_clients | found.alive("clients"))
        renew_prospects(self.store, {(n, n) for n in self.touched_rows | rows})
        Entry.insert(
            at=int(self.session.now.timestamp()),
            user_id=self.session.user_id,
            op=FOR_GOOD,
            text=_("a person was forgotten"),
        ).execute()
        return erased

    # -- what becomes of a row -----------------------------------------------------------------

    def _without_person(self, name: str, number: int, record: Row) -> Row:
        """A row, or an image of it in the journal, without the person: the same rule for both, so
        that a later undo still finds the row as its image says."""
        made = dict(record)
        if name == "blocked" and record.get("match") in self.own:
            made["match"] = do_not_call.salted_hash(self.session.house.salt, record["match"])
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
            return self.patterns.cut_lines(value, about)
        left = self.patterns.cut(value, about)
        if column == "title" and not left:
            return _("(forgotten)")
        return left

    def _is_all_theirs(self, number: int, record: Row) -> bool:
        """Whether an action is about nobody else: it was made on their row, or on a lead of theirs
        alone."""
        lead_id, prospect_id = record.get("lead_id"), record.get("prospect_id")
        if "lead_id" not in record:  # an image with other columns
            action = self.store.rows(
                "SELECT lead_id, prospect_id FROM actions WHERE id = ?", (number,)
            )
            if action:
                lead_id, prospect_id = action[0]
        return prospect_id in self.found.ids["prospects"] or lead_id in self.sole_leads

    # -- the tables ----------------------------------------------------------------------------

    def _cut_table(self, name: str) -> None:
        """Cut the person from the rows of a table that are about them, and what is theirs alone
        from all others."""
        columns = TEXTS[name]
        extra = [
            c
            for c in ("lead_id", "prospect_id", "contact_id", "client_id")
            if c in BY_NAME[name]._meta.fields and c not in columns
        ]
        match = ["match"] if name in ("clients", "blocked") else []
        names = list(dict.fromkeys(("id", *columns, *extra, *match)))
        found = self._candidates(name, columns, names)
        for row in found:
            record = dict(zip(names, row, strict=True))
            made = self._without_person(name, row[0], record)
            changed = {c: made[c] for c in names if made[c] != record[c]}
            if changed:
                self.changed += 1
                marks = ", ".join(f"{column} = ?" for column in changed)
                self.store.execute(
                    f"UPDATE {name} SET {marks} WHERE id = ?", (*changed.values(), row[0])
                )
                self._touch(name, record)

    def _candidates(
        self, name: str, columns: Sequence[str], names: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        likes = [f"lower({column}) LIKE ?" for column in columns for _like in self.patterns.likes]
        params: list[Any] = [like for _column in columns for like in self.patterns.likes]
        of = [f"id IN ({self.found.numbers(name)})"] if name in self.found.ids else []
        of += [
            f"{column} IN ({self.found.numbers(table)})"
            for column, table in _OF.items()
            if column in names and self.found.ids[table]
        ]
        return self.store.rows(
            f"SELECT {', '.join(names)} FROM {name} WHERE {' OR '.join([*of, *likes])}", params
        )

    def _touch(self, name: str, record: Row) -> None:
        if name == "leads":
            self.touched.add(record["id"])
        elif record.get("lead_id"):
            self.touched.add(record["lead_id"])
        if name == "prospects":
            self.touched_rows.add(record["id"])
        elif record.get("prospect_id"):
            self.touched_rows.add(record["prospect_id"])
        if name == "clients":
            self.touched_clients.add(record["id"])
        elif record.get("client_id"):
            self.touched_clients.add(record["client_id"])

    def _cut_images(self) -> None:
        """Cut the person from every image in the journal."""
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
            for like in self.patterns.near_likes
        ]
        wanted: set[int] = set()
        for where, params in (*by_row, *likes):
            rows = self.store.rows(
                f"SELECT id FROM changes WHERE ({where})"
                " AND (was IS NOT NULL OR became IS NOT NULL)",
                params,
            )
            wanted |= {number for (number,) in rows}
        for number in sorted(wanted):
            name, row, *images = self.store.rows(
                "SELECT name, row, was, became FROM changes WHERE id = ?", (number,)
            )[0]
            cut = [self._image(name, row, image) for image in images]
            if cut != images:
                self.changed += 1
                self.store.execute(
                    "UPDATE changes SET was = ?, became = ? WHERE id = ?", (*cut, number)
                )

    def _image(self, name: str, row: int, image: str | None) -> str | None:
        if image is None:
            return None
        parsed = json.loads(image)
        made = map_image(parsed, row, lambda n, record: self._without_person(name, n, record))
        return image if made == parsed else json.dumps(made)

    # -- the rest ------------------------------------------------------------------------------

    def _close_rows(self, rows: set[int]) -> None:
        """Close the rows of the person: there is nobody left to call on them."""
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

    def _remove_drafts(self) -> None:
        places = [f"prospect:{n}" for n in self.found.ids["prospects"]]
        leads = [f"lead:{n}" for n in self.found.ids["leads"]]
        self.store.execute_many(
            "DELETE FROM drafts WHERE place = ? OR place LIKE ?",
            [(place, f"{place}:%") for place in (*places, *leads)],
        )

    def _hash_blocks(self, blocks: dict[str, do_not_call.Block]) -> None:
        """Leave the hash alone on the do-not-call list."""
        salt = self.session.house.salt
        for match in sorted(self.own):
            secret = do_not_call.salted_hash(salt, match)
            if match in blocks:
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
