"""Which column of another CRM's export of leads, deals or opportunities means what.

Made from the headers that HubSpot, Pipedrive, Salesforce, Zoho, Odoo and noCRM write, and from how
people name such columns in English, Spanish, French and German. A header counts as a whole, as in
`tui_crm.core.exchange.columns.prospect_columns`: by the phrase that it is, else by how its words
begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui_crm.core.exchange.columns import by_content as values_of, prospect_columns as prospects
from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.columns.lead_words import PHRASES, STEMS
from tui_crm.core.exchange.columns.prospect_columns import (
    Meaning,
    choose,
    plain_words,
    sample_columns,
)

if TYPE_CHECKING:
    from tui_crm.core.exchange.readers.table import RawRow

FIELDS = (
    "title",
    "amount",
    "status",
    "step",
    "pipeline",
    "owner",
    "created",
    "closed",
    "expected_close",
    "probability",
    "reason",
    "tags",
    "source",
    "client",
    "contact",
    "role",
    "phone",
    "email",
    "next",
    "next_minutes",
    "next_kind",
    "next_text",
    "first_name",
    "last_name",
    "description",
    "starred",
    "priority",
    "currency",
    "company_amount",
    "is_closed",
    "is_won",
    "is_lost",
    "is_active",
    "do_not_call",
    "activity",
)
"""The fields of a lead. ``company_amount`` is in the currency of the company where ``amount`` may
be in another, that of ``currency``; the ones that begin with ``is_`` say yes or no;
``activity`` is the day of the last one before the import."""

FLAGS = ("starred", "is_closed", "is_won", "is_lost", "is_active", "do_not_call")
"""The fields whose cells say yes or no."""

SEVERAL = frozenset({"phone", "email", "tags", "closed", "description", "do_not_call"})
"""The fields that several columns may fill, such as won on and lost on. Of ``closed`` the first
filled one counts, of the others all."""

ALIASES = {
    "company": "client",
    "stage": "step",
    "expected": "expected_close",
    "tag": "tags",
    "name": "title",
}
"""Other words for fields, as they may be typed."""

# Of two fields with one phrase ("closed" is a day, or says yes or no) the content decides.
_FLAG_PHRASES: dict[str, str] = {
    phrase: field for field in FLAGS for phrase in PHRASES[field][0].split()
}
_BY_PHRASE: dict[str, Meaning] = {
    phrase: Meaning(field, weak)
    for field, (sure, perhaps) in PHRASES.items()
    if field not in FLAGS
    for phrases, weak in ((sure, False), (perhaps, True))
    for phrase in phrases.split()
}
_COMPANY_AMOUNT = (
    ("compan", "base", "home", "corporate", "convert", "unternehm", "empresa", "societ", "local"),
    ("currenc", "divisa", "moneda", "devise", "wahrung", "valuta", "moeda"),
)
# Exports put the kind of record before each column: "Deal - Title", "Opportunity Owner".
_RECORDS = word_set(
    "deal lead opportunity potential opportunite oportunidad affaire negocio geschaft trato"
    " transaction trattativa verkaufschance"
)
_CURRENCIES = word_set("eur usd gbp chf euro euros dollar dollars mxn cad aud brl pln")
# Of a deal, "value" is the amount; of a contact's phone it says nothing.
_EMPTY = prospects.EMPTY_WORDS | _CURRENCIES
_EXPECTED = (
    "expected",
    "estimated",
    "est",
    "forecast",
    "forecasted",
    "projected",
    "planned",
    "target",
    "previst",
    "estimad",
    "esperad",
    "prevu",
    "estime",
    "erwartet",
    "voraussichtlich",
    "geplant",
)
_CLOSING = (
    "clos",
    "cierre",
    "clotur",
    "fermeture",
    "abschluss",
    "schlussdatum",
    "signatur",
    "firma",
)
_DATE_WORDS = word_set("date fecha datum")


def meaning(header: str, language: str = "en") -> Meaning | None:
    """The meaning of a header of an export of leads by itself, None when it has none known."""
    left = plain_words(header, _EMPTY)
    if not left:
        return None
    if any(word.startswith(_EXPECTED) for word in left) and any(
        word.startswith(_CLOSING) for word in left
    ):
        return Meaning("expected_close")
    if all(any(word.startswith(stems) for word in left) for stems in _COMPANY_AMOUNT):
        return Meaning("company_amount")
    found = _BY_PHRASE.get("".join(left))
    if found is not None:
        return found
    rest = [word for word in left if word not in _RECORDS]
    if rest and len(rest) < len(left):
        found = _BY_PHRASE.get("".join(rest))
        if found is not None:
            return found._replace(weak=found.weak and found.field != "title")
    other = prospects.meaning(header, language)
    if other is not None and other.field in ("role", "phone", "email", "first_name", "last_name"):
        return other
    if other == Meaning("company"):
        return Meaning("client")
    return _by_stem(rest or left)


def _by_stem(left: Sequence[str]) -> Meaning | None:
    """The field that the words of a header belong to by how they begin."""
    for field, stems, beside in STEMS:
        strong, weak = tuple(stems.split()), tuple(beside.split())
        if any(word.startswith(strong) for word in left) and all(
            word.startswith(strong)
            or word in weak
            or word.startswith(tuple(w for w in weak if len(w) > 3))
            for word in left
        ):
            return Meaning(field, weak=True)
    return None


def recognise(
    columns: Sequence[str], rows: Iterable[RawRow], language: str = "en"
) -> tuple[str | None, ...]:
    """The field (of `FIELDS`) of each column, None where a column becomes a field of its label.

    A "Close Date", which HubSpot and Salesforce fill for open deals too, is ``closed``: of an
    open lead it is the expected day. ``rows`` is a sample, as in `columns.recognise`.
    """
    content = sample_columns(len(columns), rows)
    meanings = [
        _flag(column, cells) or meaning(column, language)
        for column, cells in zip(columns, content, strict=True)
    ]
    _settle_people(columns, meanings)
    # Won on, lost on and closed on may be side by side; a mere "close date" only alone.
    if any(found == Meaning("closed") for found in meanings):
        again = Meaning("expected_close", weak=True)
        meanings = [again if found == Meaning("closed", True) else found for found in meanings]
    for index, found in enumerate(meanings):
        if found is not None and not _may_be(found.field, content[index]):
            meanings[index] = None
    fields = choose(columns, meanings, content, SEVERAL)
    _next_prefers_a_day(columns, fields, meanings, content)
    for index, cells in enumerate(content):  # a file without a header
        if fields[index] is None and re.fullmatch(r"Column \d+", columns[index]):
            if values_of.share(values_of.is_email, cells) >= 0.6:
                fields[index] = "email"
            elif values_of.share(values_of.is_phone, cells) >= 0.8:
                fields[index] = "phone"
    if "amount" not in fields and "company_amount" in fields:
        fields[fields.index("company_amount")] = "amount"
        if "currency" in fields:  # it is not that of this amount
            fields[fields.index("currency")] = None
    return tuple(fields)


def _flag(column: str, content: Sequence[str]) -> Meaning | None:
    """The field that a column says yes or no about; an empty one says nothing."""
    field = _FLAG_PHRASES.get("".join(plain_words(column, _EMPTY)))
    if field is None or not content or values_of.share(values_of.is_flag, content) < 1:
        return None
    return Meaning(field)


def _settle_people(columns: Sequence[str], meanings: list[Meaning | None]) -> None:
    """Of a file of people, "Title" is what they do; beside it "Name" is who they are. A file of
    deals has their stage and amount, or calls the title by another name."""
    have = {found.field for found in meanings if found is not None}
    plain = ["".join(plain_words(column)) for column in columns]
    lone = next((n for n, word in enumerate(plain) if word in prospects.NAME_WORDS), None)
    if lone is not None and len(have & {"first_name", "last_name"}) == 1:
        # "Nombre" beside "Apellidos", "Nom" beside "Prénom".
        other = "last_name" if "first_name" in have else "first_name"
        meanings[lone] = Meaning(other)
        have |= {other}
    names = [n for n, word in enumerate(plain) if word in ("name", "nombre", "nom", "fullname")]
    title = next((n for n, word in enumerate(plain) if word in _JOB_OR_DEAL), None)
    if title is None or have >= {"amount", "step"} or not have & {"email", "phone"}:
        return
    if have >= {"first_name", "last_name"} or names:
        meanings[title] = Meaning("role")
        for n in names if not have >= {"first_name", "last_name"} else ():
            meanings[n] = Meaning("contact")


_JOB_OR_DEAL = frozenset(("title", "titel", "titre", "titulo"))


def _next_prefers_a_day(
    columns: Sequence[str],
    fields: list[str | None],
    meanings: Sequence[Meaning | None],
    content: Sequence[Sequence[str]],
) -> None:
    """Of "Next step", "Reminder date" and "Next action at" the one with day and clock is the next
    action, then one with a day."""
    if "next" not in fields:
        return

    def dated(index: int) -> tuple[float, float, bool]:
        return (
            values_of.share(values_of.has_clock, content[index]),
            values_of.share(values_of.is_date, content[index]),
            bool(_DATE_WORDS & set(plain_words(columns[index]))),
        )

    every = [n for n, found in enumerate(meanings) if found is not None and found.field == "next"]
    best = max(every, key=lambda index: (*dated(index), -index))
    now = fields.index("next")
    if dated(best) > dated(now):
        fields[now] = None
        fields[best] = "next"


def _may_be(field: str, content: Sequence[str]) -> bool:
    if not content:
        return True
    if field == "amount":
        return any(any(sign.isdigit() for sign in text) for text in content)
    if field in ("created", "closed", "expected_close", "activity"):
        return any(sum(sign.isdigit() for sign in text) >= 3 for text in content)
    if field in ("status", "step", "owner", "client", "contact", "title"):
        return values_of.share(values_of.is_date, content) < 0.5
    if field in ("status", "step"):
        return values_of.share(values_of.is_flag, content) < 1
    return True
