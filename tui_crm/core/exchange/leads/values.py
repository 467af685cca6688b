"""Values of another CRM's export parsed: a status, a day, a probability.

Statuses are read in English, Spanish, French and German. The order of day and month is a matter
of the column, not of the cell: one 31/12 settles it for all of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.columns.prospect_columns import words

Closed = Literal["won", "lost", "cancelled"]
Order = Literal["dmy", "mdy", "ymd"]

# --------------------------------------------------------------------------- status

_WON = word_set(
    """
    won win wins closedwon dealwon ganado ganada ganados vendido vendida cerradoganado
    cerradaganada cierreganado gagne gagnee gagnes vendu vendue signe signee fermegagne
    clotureegagnee cloturegagne concluegagnee gewonnen abgeschlossengewonnen
    geschlossengewonnen gewonnengeschlossen wongeschlossen verkauft closedandwon success
    successful wonclosed contratfirme exito erfolgreich
    """
)
_LOST = word_set(
    """
    lost loss closedlost deallost perdido perdida perdidos cerradoperdido cerradaperdida
    cierreperdido perdu perdue perdus fermeperdu clotureeperdue clotureperdu verloren
    abgeschlossenverloren geschlossenverloren verlorengeschlossen lostclosed closedandlost
    rejected rechazado rechazada refuse refusee abgelehnt unqualified disqualified
    closedlosttocompetition closedlosttocompetitor nichtgewonnen notwon
    """
)
_CANCELLED = word_set(
    """
    cancelled canceled cancel closedcancelled closedcanceled cancelado cancelada anulado anulada
    annule annulee abandonne abandonnee abandonado abandonada abandoned storniert abgebrochen
    abgesagt annulliert closedabandoned closeddead dead deleted discarded descartado descartada
    cerradocancelado
    """
)
_OPEN = word_set(
    """
    open opened todo standby abierto abierta abiertos enespera porhacer ouvert ouverte enattente
    afaire offen zuerledigen wartend
    """
)
# Words around the one that counts: "Closed - Won", "Abgeschlossen und gewonnen".
_AROUND = word_set(
    """
    closed close cerrado cerrada cierre ferme fermee cloture cloturee geschlossen abgeschlossen
    deal status estado statut and und y et als as
    """
)
# What follows it when a reason is given: "Lost to a competitor", "Ganada por precio".
_BECAUSE = word_set("to due because by por wegen an a pour cause faute aus durch gegen")


def status_or_step(value: str) -> tuple[Closed | None, str | None]:
    """The status and the step of a lead whose status or stage is ``value``.

    ``("won", None)`` for "Closed Won", "Ganado", "5 - Gewonnen"; ``(None, None)`` for what only
    says that it is open ("Open", "To do", "Standby", nothing); any other value is a step, as
    written: ``(None, "Proposal sent")``.
    """
    every = [word for word in words(value) if not word.isdigit()]
    if not every or "".join(every) in _OPEN:
        return None, None
    telling = [word for word in every if word not in _AROUND]
    candidates = {"".join(every), "".join(telling)}
    # "Won - Germany", "Perdu (prix)", "Closed lost: budget", but not "Win-back call".
    if telling and (
        telling[0] != every[0]
        or re.match(r"\W*[^\W\d_]+(\s+[-–—/]|\s*[:(])\s*", value)
        or (len(telling) > 1 and telling[1] in _BECAUSE)
    ):
        candidates.add(telling[0])
    for closed, known in _CLOSINGS:
        if not known.isdisjoint(candidates):
            return closed, None
    return None, " ".join(value.split())


_CLOSINGS: tuple[tuple[Closed, frozenset[str]], ...] = (
    ("won", _WON),
    ("lost", _LOST),
    ("cancelled", _CANCELLED),
)
# --------------------------------------------------------------------------- days

_ISO = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\b.*",
    re.DOTALL,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?")
_PLAIN = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?:[,T\s].*)?", re.DOTALL)
_NAMED = re.compile(
    r"(?:[^\W\d_]{2,}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.|er)?[\s\-/]*(?:de\s+|of\s+)?"
    r"([^\W\d_]{3,})\.?,?[\s\-/]*(?:de\s+|del\s+)?(\d{4}|\d{2})(?:[,T\s].*)?",
    re.DOTALL,
)
_NAMED_FIRST = re.compile(
    r"(?:[^\W\d_]{2,}\.?,\s+)?([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[,T\s].*)?",
    re.DOTALL,
)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_EPOCH = re.compile(r"(\d{10})(\d{3})?")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january enero ene janvier janv januar janner",
            "feb february febrero fevrier fev februar febr",
            "mar march marzo mars marz mrz",
            "apr april abril abr avril avr",
            "may mayo mai",
            "jun june junio juin juni",
            "jul july julio juillet juil juli",
            "aug august agosto ago aout",
            "sep sept september septiembre setiembre septembre",
            "oct october octubre octobre oktober okt",
            "nov november noviembre novembre",
            "dec december diciembre dic decembre dezember dez",
        ),
        1,
    )
    for name in names.split()
}


def date_order(values: Iterable[str], language: str = "en") -> Order:
    """The order of day, month and year in a column: ``"ymd"``, ``"dmy"`` or ``"mdy"``.

    Decided by the values that can be read only one way. Dots mean the day first. When all are
    ambiguous (3/4/2026), the language of the workspace decides: English means the month first,
    every other the day. Where both orders occur for certain, the more frequent one counts.
    """
    day_first = month_first = iso = dotted = slashed = 0
    for value in values:
        text = value.strip()
        if _ISO.fullmatch(text):
            iso += 1
        elif found := _PLAIN.fullmatch(text):
            first, second = int(found[1]), int(found[3])
            dotted += found[2] == "."
            slashed += found[2] != "."
            day_first += first > 12 >= second
            month_first += second > 12 >= first
    if iso and not dotted and not slashed:
        return "ymd"
    if day_first != month_first:
        return "dmy" if day_first > month_first else "mdy"
    if dotted > slashed:
        return "dmy"
    if not dotted and not slashed:
        return "ymd"
    return "mdy" if language.startswith("en") else "dmy"


def day(value: str, order: Order = "ymd") -> dt.date | None:
    """The day of an exported value, None when it is none.

    ISO with or without time and zone (the day as written: the exporter's own), 31/12/2026 by
    ``order``, "12 dic 2026", "Dec 12, 2026", compact 20261231, the serial day numbers of
    spreadsheets from 1954 to 2119, and Unix seconds or milliseconds. A day that no calendar has
    in the order given (13/31/2026 as ``"dmy"``) is read in the other one.
    """
    text = value.strip()
    if found := _ISO.fullmatch(text):
        return _date(int(found[1]), int(found[3]), int(found[4]))
    if found := _PLAIN.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        if order == "ymd" and len(found[4]) == 2 and first > 12 and second <= 12:
            return _date(_year(found[1]), second, int(found[4])) or _date(year, second, first)
        month, of_month = (first, second) if order == "mdy" else (second, first)
        return _date(year, month, of_month) or _date(year, of_month, month)
    if found := _COMPACT.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NAMED.fullmatch(text):
        return _named(found[3], found[2], found[1])
    if found := _NAMED_FIRST.fullmatch(text):
        return _named(found[3], found[1], found[2])
    if found := _SERIAL.fullmatch(text):
        # Day 1 is 1900-01-01, and a 29 February 1900 that never was is counted: hence the 30th.
        serial = int(found[1])
        return dt.date(1899, 12, 30) + dt.timedelta(serial) if 20_000 <= serial < 80_000 else None
    if found := _EPOCH.fullmatch(text):
        return dt.datetime.fromtimestamp(int(found[1]), dt.UTC).date()
    return None


def _named(year: str, month: str, of_month: str) -> dt.date | None:
    number = _MONTHS.get("".join(words(month)))
    return _date(_year(year), number, int(of_month)) if number else None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _date(year: int, month: int, of_month: int) -> dt.date | None:
    try:
        return dt.date(year, month, of_month)
    except ValueError:
        return None


# --------------------------------------------------------------------------- probability

_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(%?)")


def probability(value: str) -> int | None:
    """Per cent, 0 to 100, of "60%", "60", "0.6" or "0,6"; None when it is none of them.

    A bare "1" is 100 %: exports that write parts of one write 1 for the won ones, and no pipeline
    has a step of one per cent. "1%" is one.
    """
    found = _PERCENT.fullmatch(value.strip().replace("\xa0", " "))
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    if not found[2] and number <= 1:
        number *= 100
    return round(number) if number <= 100 else None
