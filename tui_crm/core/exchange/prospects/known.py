"""What the store knows of the phones, e-mails and rows of a file already."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from tui_crm.core.exchange.prospects.parse import Key, text_key_of
from tui_crm.core.exchange.prospects.same_person import Known
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import Block
from tui_crm.core.session import Session
from tui_crm.core.store.database import Store
from tui_crm.core.text import _

T = TypeVar("T")

CHUNK = 5000  # values in one question; both engines take more


def blocked_keys(session: Session, rows: Collection[Iterable[Key]]) -> dict[str, Block]:
    """The do-not-call list by its numbers and e-mails, with those of the keys of ``rows`` that are
    on it by their hash only."""
    blocked = {block.match: block for block in do_not_call.blocked(session)}
    if any(block.forgotten for block in blocked.values()):
        blocked |= do_not_call.forgotten_among(session, _matches(rows), blocked)
    return blocked


def _matches(rows: Iterable[Iterable[Key]]) -> dict[str, None]:
    """Every usable phone and e-mail once."""
    return {match: None for row in rows for _kind, _typed, match in row if match}


def blocked_reason(block: Block) -> str:
    """Why a row with a blocked number or e-mail is skipped."""
    words = f": {block.words}" if block.words else ""
    return _("on the do-not-call list ({who}{words})").format(who=block.who, words=words)


class KnownKeys:
    """Those of the phones and e-mails of many rows that the store has: ``blocked``, and by each
    of them the people who have it, in ``here`` (the list ``list_id``), in other ``lists`` or in
    ``leads``."""

    def __init__(
        self, session: Session, rows: Collection[Iterable[Key]], list_id: int | None
    ) -> None:
        store = session.store
        self.blocked = blocked_keys(session, rows)
        self.here: dict[str, list[Known]] = {}
        self.lists: dict[str, list[Known]] = {}
        self.leads: dict[str, list[Known]] = {}
        has_keys = store.value("SELECT 1 FROM prospect_keys LIMIT 1")
        has_leads = store.value("SELECT 1 FROM contact_points LIMIT 1")
        if not (has_keys or has_leads):
            return
        list_names = dict(store.rows("SELECT id, name FROM lists"))
        for part in chunks(_matches(rows)):
            marks = ", ".join("?" * len(part))
            if has_keys:
                for match, typed, number, line, name, company, email in store.rows(
                    "SELECT k.match, k.value, p.list_id, p.line, p.name, p.company,"
                    " (SELECT MIN(e.match) FROM prospect_keys e WHERE e.prospect_id = p.id"
                    " AND e.kind = 'email' AND p.name = '' AND e.match <> '')"
                    " FROM prospect_keys k JOIN prospects p ON p.id = k.prospect_id"
                    f" WHERE k.match IN ({marks}) ORDER BY p.id",
                    part,
                ):
                    known = in_list(list_names.get(number, "?"), number, line)
                    known = known._replace(
                        name=name, company=company, typed=typed, emails=_one(email)
                    )
                    there = self.here if number == list_id else self.lists
                    there.setdefault(match, []).append(known)
            if has_leads:
                self._read_leads(store, part, marks)

    @property
    def nothing(self) -> bool:
        """Whether the store has none of the keys."""
        return not (self.blocked or self.here or self.lists or self.leads)

    def _read_leads(self, store: Store, part: list[str], marks: str) -> None:
        for match, typed, number, name, owner in store.rows(
            "SELECT contact_points.match, contact_points.value, contacts.lead_id, contacts.name,"
            " users.name FROM contact_points"
            " JOIN contacts ON contacts.id = contact_points.contact_id"
            " JOIN leads ON leads.id = contacts.lead_id"
            " LEFT JOIN users ON users.id = leads.owner_id"
            f" WHERE contact_points.match IN ({marks}) ORDER BY leads.id",
            part,
        ):
            reason = (
                _("lead #{number} already, nobody's").format(number=number)
                if owner is None
                else _("lead #{number} of {owner} already").format(number=number, owner=owner)
            )
            place = _("lead #{number}").format(number=number)
            known = Known(place, reason, name, "", typed)
            self.leads.setdefault(match, []).append(known)


def in_list(name: str, number: int, line: int) -> Known:
    """A row of a list, which is there by its name and number, on a line of it."""
    return Known(
        _("list {list}, line {line}").format(list=name, line=line),
        _("in the list {list} already").format(list=name),
        "",
        "",
        "",
        list_id=number,
    )


def _one(email: str | None) -> frozenset[str]:
    return frozenset((email,)) if email else frozenset()


def known_text_keys(session: Session, list_id: int | None, source: str) -> dict[str, Known]:
    """The text keys (`parse.text_key`) of stored rows without a usable phone or e-mail: those of
    the list that is filled and of lists that came from a file of the same name."""
    rows = session.store.rows(
        "SELECT prospects.id, list_id, lists.name, line, prospects.name, company, city, cells"
        " FROM prospects"
        " JOIN lists ON lists.id = list_id WHERE (list_id = ? OR lists.source = ?)"
        " AND NOT EXISTS (SELECT 1 FROM prospect_keys"
        " WHERE prospect_id = prospects.id AND match <> '')",
        (list_id or 0, source),
    )
    typed: dict[int, list[str]] = {}
    for part in chunks(row[0] for row in rows):
        for number, value in session.store.rows(
            "SELECT prospect_id, value FROM prospect_keys"
            f" WHERE prospect_id IN ({', '.join('?' * len(part))})",
            part,
        ):
            typed.setdefault(number, []).append(value)
    return {
        text_key_of(name, company, city, typed.get(number, ()), json.loads(cells)): in_list(
            list_name, list_id, line
        )
        for number, list_id, list_name, line, name, company, city, cells in rows
    }


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists of `CHUNK`."""
    waiting = iter(values)
    while part := list(islice(waiting, CHUNK)):
        yield part
