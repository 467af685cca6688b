"""Rules of a store that need more than SQL: texts, JSON, numbers, and what the search knows."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from tui_crm.core import emails
from tui_crm.core.phones import is_fax
from tui_crm.core.store import derived, fulltext
from tui_crm.core.store.database import Store
from tui_crm.core.text import _, clean

TEXTS = {
    "leads": ("title", "source", "next_text"),
    "contacts": ("name", "role"),
    "clients": ("name",),
    "prospects": ("name", "company", "role", "city"),
    "lists": ("name",),
    "users": ("name", "full_name"),
    "steps": ("name",),
    "tags": ("name",),
    "reasons": ("label",),
    "outcomes": ("label",),
}
"""Columns of one line that people see."""
LONG_TEXTS = {
    "leads": ("description",),
    "actions": ("text",),
    "prospects": ("note",),
    "blocked": ("words",),
}
JSON: dict[str, dict[str, type]] = {
    "prospects": {"cells": list, "original": list},
    "lists": {"columns": list},
    "workspace": {"days_off": list},
    "users": {"days_off": list},
    "appointments": {"skipped": list},
    "mappings": {"fields": object},
    "drafts": {"data": dict},
    "changes": {"was": object, "became": object},
    "seats": {"skipped": list},
}
"""Columns of structured text, and what each holds."""
E164 = re.compile(r"\+[1-9]\d{5,14}")
CHUNK = 400

Found = dict[str, list[int]]
"""A sentence -> the numbers of the rows that it is true of."""


def check_rows(store: Store) -> Found:
    """What is wrong with single rows."""
    found: Found = {}
    for check in (_texts, _json, _matches, missing_keys, _zones):
        for sentence, number in check(store):
            found.setdefault(sentence, []).append(number)
    unlike = unlike_search(store)
    if unlike:
        found[_("Leads that the search knows by other words")] = unlike
    touched = unlike_touched(store)
    if touched:
        found[_("Leads last touched at another moment than they say")] = touched
    return found


def _texts(store: Store) -> Iterator[tuple[str, int]]:
    for columns, single_line in ((TEXTS, True), (LONG_TEXTS, False)):
        for table, names in columns.items():
            sentence = _("Rows of {table} with characters that a terminal would obey").format(
                table=table
            )
            for number, *values in store.each(f"SELECT id, {', '.join(names)} FROM {table}"):
                if any(value and clean(value, single_line) != value for value in values):
                    yield sentence, number


def _json(store: Store) -> Iterator[tuple[str, int]]:
    for table, columns in JSON.items():
        for column, kind in columns.items():
            sentence = _("Rows of {table} whose {column} cannot be read").format(
                table=table, column=column
            )
            rows = store.each(
                f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL AND {column} <> ''"
            )
            for number, text in rows:
                if not _is_json(text, kind):
                    yield sentence, number


def _is_json(text: str, kind: type) -> bool:
    try:
        return isinstance(json.loads(text), kind)
    except ValueError:
        return False


def _matches(store: Store) -> Iterator[tuple[str, int]]:
    for table, number in wrong_matches(store):
        sentence = _("Rows of {table} with a number or address that is not the one typed")
        yield sentence.format(table=table), number


def wrong_matches(store: Store) -> Iterator[tuple[str, int]]:
    """The table and the number of each phone or e-mail that is dialled as another."""
    for table in ("contact_points", "prospect_keys"):
        rows = store.each(
            f"SELECT id, kind, value, match FROM {table} WHERE match <> ''"
            " AND kind IN ('phone', 'email')"
        )
        for number, kind, value, match in rows:
            if not (is_phone if kind == "phone" else _is_email)(match, value):
                yield table, number


def is_phone(match: str, value: str) -> bool:
    """Whether an E.164 number is one, and can be what was typed: it ends in the same digits."""
    plain = match.partition(";")[0].partition("x")[0]
    if not E164.fullmatch(plain):
        return False
    if any(sign.isalpha() and sign not in "xXtTeElL" for sign in value):
        return True  # letters may be digits of a keypad, or words beside the number
    return plain[-4:] in digits(value)


def digits(text: str) -> str:
    """The digits of a text, of whatever script, as ASCII ones."""
    return "".join(
        str(unicodedata.digit(sign)) for sign in text if unicodedata.digit(sign, None) is not None
    )


def _is_email(match: str, value: str) -> bool:
    return "@" in match and match == match.casefold() and match in value.casefold()


def missing_keys(store: Store) -> Iterator[tuple[str, int]]:
    """Prospects with a phone or an e-mail in their cells, and none that could be dialled."""
    sentence = _("Prospects without the numbers and addresses of their cells")
    with_keys: dict[str, set[int]] = {"phone": set(), "email": set()}
    for number, kind in store.each("SELECT prospect_id, kind FROM prospect_keys"):
        with_keys.setdefault(kind, set()).add(number)
    looks: dict[str, Callable[[str], bool]] = {"phone": _phone_like, "email": _email_like}
    for list_id, columns in store.rows("SELECT id, columns FROM lists"):
        if not _is_json(columns, list):
            continue
        places = [
            (n, column.get("field"))
            for n, column in enumerate(json.loads(columns))
            if column.get("field") in looks
        ]
        if not places:
            continue
        rows = store.each("SELECT id, cells FROM prospects WHERE list_id = ?", (list_id,))
        for number, text in rows:
            if not _is_json(text, list):
                continue
            cells = json.loads(text)
            # A label beside a number may say that it is a fax, which is no number to dial.
            if any(
                n < len(cells) and looks[field](str(cells[n])) and number not in with_keys[field]
                for n, field in places
            ) and not any(is_fax(str(cell)) for cell in cells):
                yield sentence, number


def _phone_like(cell: str) -> bool:
    return len(digits(cell)) >= 7


def _email_like(cell: str) -> bool:
    return emails.plain(cell.strip()) is not None


def _zones(store: Store) -> Iterator[tuple[str, int]]:
    for table in ("workspace", "users"):
        sentence = _("Rows of {table} with a time zone that does not exist").format(table=table)
        for number, zone in store.rows(f"SELECT id, zone FROM {table} WHERE zone <> ''"):
            try:
                ZoneInfo(zone)
            except (KeyError, ValueError, OSError):
                yield sentence, number


def _chunks_of_leads(store: Store) -> Iterator[list[int]]:
    last = 0
    while numbers := [
        row[0]
        for row in store.rows(
            f"SELECT id FROM leads WHERE id > ? ORDER BY id LIMIT {CHUNK}", (last,)
        )
    ]:
        yield numbers
        last = numbers[-1]


def unlike_search(store: Store) -> list[int]:
    """Leads whose search text is not that of their title, people and notes."""
    return [
        number
        for numbers in _chunks_of_leads(store)
        for number in fulltext.unlike(store, list(derived.search_texts(store, numbers).items()))
    ]


def unlike_touched(store: Store) -> list[int]:
    """Leads whose last moment is not that of their last action or of their creation."""
    found: list[int] = []
    for numbers in _chunks_of_leads(store):
        right = derived.touched_moments(store, numbers)
        marks = ", ".join("?" * len(numbers))
        rows = store.rows(f"SELECT id, touched_at FROM leads WHERE id IN ({marks})", numbers)
        found += sorted(number for number, moment in rows if moment != right[number])
    return found
