"""Columns of a prospect list that are named as a field of a lead, and what their cells mean.

The names are those of usual lists in English, Spanish, French and German; a column counts as a
whole. What makes no sense as the field's value is ``None``: it stays a line of text.
"""

from __future__ import annotations

import re
from datetime import date

from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session
from tui_crm.core.text import fold

_NAMES = {
    "title": """title leadtitle dealtitle dealname leadname opportunity opportunityname titulo
        nombrenegocio oportunidad titre nomaffaire affaire opportunite titel verkaufschance""",
    "amount": """amount value dealvalue dealamount dealsize budget importe valor monto presupuesto
        montant valeur betrag wert summe auftragswert volumen""",
    "step": """step stage dealstage leadstage salesstage phase etapa fase etape stufe schritt
        verkaufsphase""",
    "expected_close": """expectedclose expectedclosedate expectedclosing closedate closingdate
        estimatedclose estimatedclosedate forecastdate fechacierre fechaprevista cierreprevisto
        fechadecierre dateprevue dateclotureprevue cloture dateclosing abschlussdatum
        voraussichtlicherabschluss erwarteterabschluss geplanterabschluss""",
    "probability": """probability winprobability likelihood probabilidad probabilite
        wahrscheinlichkeit abschlusswahrscheinlichkeit""",
    "source": """source leadsource origin origen fuente origine provenance quelle leadquelle
        herkunft""",
    "tags": """tag tags label labels etiqueta etiquetas etiquette etiquettes schlagwort
        schlagworte schlagworter stichworte""",
    "description": "description descripcion beschreibung",
}
_FIELD = {name: field for field, names in _NAMES.items() for name in names.split()}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_PERCENT = re.compile(r"(\d{1,3})(?:[.,]\d+)?\s*%?")
_PART = re.compile(r"0[.,]\d+")


def field_of(name: str) -> str | None:
    """The field of a lead that a column is named as, ``None`` for any other column."""
    return _FIELD.get("".join(c for c in fold(name) if c.isalnum()))


def value_of(session: Session, field: str, text: str) -> str | int | date | None:
    """What a cell means as a field of a lead: text, minor units, a day, per cent, or the number of
    a step; ``None`` when it makes no sense there."""
    if field in ("title", "source"):
        return text
    if field == "amount":
        return _amount(session, text)
    if field == "step":
        return _step(session, text)
    return probability(text) if field == "probability" else day(text, session.house.language)


def _amount(session: Session, text: str) -> int | None:
    from tui_crm.core import money

    try:
        return money.parse(text, session.currency, session.house.language)
    except CrmError:
        return None


def _step(session: Session, name: str) -> int | None:
    """The step of that name (case and accents aside), of the first pipeline that has it."""
    for number, step in session.store.rows(
        "SELECT steps.id, steps.name FROM steps JOIN pipelines ON pipelines.id = pipeline_id"
        " WHERE steps.retired = 0 AND pipelines.retired = 0"
        " ORDER BY pipelines.position, pipelines.id, steps.position, steps.id"
    ):
        if fold(step) == fold(name):
            return int(number)
    return None


def probability(text: str) -> int | None:
    """Per cent of "60%", "60" or "0,6"; ``None`` for anything else and above 100."""
    if _PART.fullmatch(text):
        return round(float(text.replace(",", ".")) * 100)
    found = _PERCENT.fullmatch(text)
    return int(found[1]) if found and int(found[1]) <= 100 else None


def day(text: str, language: str = "en") -> date | None:
    """The day of "2026-12-31", "31.12.2026" or "31/12/26". With slashes or dashes English lists
    put the month first, all others the day; what no calendar has in that order is read in the
    other."""
    if found := _ISO.fullmatch(text):
        return _calendar(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if year < 100 else 0
        if language.startswith("en") and found[2] != ".":
            first, second = second, first
        return _calendar(year, second, first) or _calendar(year, first, second)
    return None


def _calendar(year: int, month: int, day_of_month: int) -> date | None:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None
