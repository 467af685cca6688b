"""What the store knows of the phones, e-mails and rows of a file already."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from tui_crm.core.exchange.prospects.parse import Key, text_key_of
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import Block
from tui_crm.core.session import Session
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
    """Those of the phones and e-mails of many rows that the store has: ``blocked``, in a list (its
    number; of several lists, ``list_id`` comes first), or of a lead (its number)."""

    def __init__(
        self, session: Session, rows: Collection[Iterable[Key]], list_id: int | None
    ) -> None:
        store = session.store
        self.blocked = blocked_keys(session, rows)
        self.in_lists: dict[str, int] = {}
        self.of_leads: dict[str, int] = {}
        has_keys = store.value("SELECT 1 FROM prospect_keys LIMIT 1")
        has_leads = store.value("SELECT 1 FROM contact_points LIMIT 1")
        if has_keys or has_leads:
            for part in chunks(_matches(rows)):
                marks = ", ".join("?" * len(part))
                if has_keys:
                    for match, number in store.rows(
                        "SELECT prospect_keys.match, prospects.list_id FROM prospect_keys"
                        " JOIN prospects ON prospects.id = prospect_keys.prospect_id"
                        f" WHERE prospect_keys.match IN ({marks})",
                        part,
                    ):
                        if match not in self.in_lists or number == list_id:
                            self.in_lists[match] = number
                if has_leads:
                    self.of_leads.update(
                        store.rows(
                            "SELECT contact_points.match, contacts.lead_id FROM contact_points"
                            " JOIN contacts ON contacts.id = contact_points.contact_id"
                            " WHERE contacts.lead_id IS NOT NULL"
                            f" AND contact_points.match IN ({marks})",
                            part,
                        )
                    )
        self._list_names = dict(store.rows("SELECT id, name FROM lists"))
        self._owners = _owners(session, set(self.of_leads.values()))
        self._list_reasons: dict[int, str] = {}

    def list_reason(self, number: int) -> str:
        """Why a row that is in a list is a duplicate."""
        if number not in self._list_reasons:
            self._list_reasons[number] = _("in the list {list} already").format(
                list=self._list_names.get(number, "?")
            )
        return self._list_reasons[number]

    def lead_reason(self, number: int) -> str:
        """Why a row that is a lead is a duplicate."""
        owner = self._owners.get(number)
        if owner is None:
            return _("lead #{number} already, nobody's").format(number=number)
        return _("lead #{number} of {owner} already").format(number=number, owner=owner)


def _owners(session: Session, leads: set[int]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for part in chunks(leads):
        found.update(
            session.store.rows(
                "SELECT leads.id, users.name FROM leads"
                " LEFT JOIN users ON users.id = leads.owner_id"
                f" WHERE leads.id IN ({', '.join('?' * len(part))})",
                part,
            )
        )
    return found


def known_text_keys(session: Session, list_id: int | None, source: str) -> dict[str, int]:
    """The text keys (`parse.text_key`) of stored rows without a usable phone or e-mail, with their
    list: those of the list that is filled and of lists that came from a file of the same name."""
    rows = session.store.rows(
        "SELECT prospects.id, list_id, prospects.name, company, city, cells FROM prospects"
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
        text_key_of(name, company, city, typed.get(number, ()), json.loads(cells)): in_list
        for number, in_list, name, company, city, cells in rows
    }


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists of `CHUNK`."""
    waiting = iter(values)
    while part := list(islice(waiting, CHUNK)):
        yield part
