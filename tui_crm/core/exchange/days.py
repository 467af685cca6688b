"""Days and moments in files, in the spellings of programs and of people.

The order of day and month is one for a file: a cell of any of its columns of days that can be
read in one way only decides for all of them, else the region (the United States and their
territories put the month first), else the language. Months are read in English, Spanish, French,
German, Italian, Portuguese and Dutch, whole or abbreviated. A moment with an offset from UTC is a
day and a clock in the zone of the workspace.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.columns.prospect_columns import words

Order = Literal["dmy", "mdy", "ymd"]

_MONTH_FIRST = word_set("US PR GU VI AS MP UM PH FM PW MH")
_BY_LANGUAGE = word_set("CA BZ KY")
"""Countries where both orders are usual."""

_NAMES = (
    "january enero janvier januar janner gennaio janeiro januari",
    "february febrero fevrier februar feber febbraio fevereiro februari",
    "march marzo mars marz maerz mrz marco maart",
    "april abril avril aprile avr",
    "may mayo mai maggio maio mei",
    "june junio juin juni giugno junho",
    "july julio juillet juli luglio julho",
    "august agosto aout augustus",
    "september septiembre setiembre septembre settembre setembro",
    "october octubre octobre oktober ottobre outubro",
    "november noviembre novembre novembro",
    "december diciembre decembre dezember dicembre dezembro",
)

_WEEKDAY = r"(?:[^\W\d_]{2,}[.,]{0,2}\s+)?"
_MONTH = r"([^\W\d_]{3,})\.?"
_GAP = r"[,\s\-/.]*"
_OF = r"(?:(?:de|del|di|of|van)\s+)?"
_REST = r"(?:(?:[,\s]|(?<=\d)T(?=\d))(.*))?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:[,\s]|T(?=\d))(.*))?", re.DOTALL)
_WEEK = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{4,6}Z?))?")
_PLAIN = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})\s*([-/.])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_REST}", re.DOTALL
)
_NAMED = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|re|º|ª|°|e)?{_GAP}{_OF}{_MONTH}{_GAP}{_OF}"
    rf"[’']?(\d{{4}}|\d{{2}}){_REST}",
    re.DOTALL | re.IGNORECASE,
)
_NAMED_FIRST = re.compile(
    rf"{_WEEKDAY}{_MONTH}{_GAP}(\d{{1,2}})(?:st|nd|rd|th)?[,\s\-/.]+(\d{{4}}){_REST}",
    re.DOTALL | re.IGNORECASE,
)
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_GAP}{_MONTH}{_GAP}(\d{{1,2}}){_REST}", re.DOTALL)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_EPOCH = re.compile(r"(\d{10})(\d{3})?")
_CLOCK = re.compile(
    r"(?:[^\W\d_]{1,4}\s+|a\s+las?\s+)?(\d{1,2})(?:\s*[:.h]\s*(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?\s*h?"
    r"(?:uhr|\s*uhr)?\s*([ap])?(?:\.?\s?m\.?)?\s*"
    r"(?:(Z|UTC|GMT)?\s*([+-]\d{2}(?::?\d{2})?)?)\s*(?:[A-Z]{2,5}|[A-Z]\w+/\w+)?\s*(?:\(.*\))?",
    re.IGNORECASE | re.DOTALL,
)


class Moment(NamedTuple):
    """What a cell says: the day, and the clock where there is one. With a ``zone`` they are those
    of that offset from UTC."""

    day: dt.date
    clock: dt.time | None = None
    zone: dt.tzinfo | None = None


class DayReader:
    """Reads the days of one file: ``order`` is that of day and month, ``undecided`` whether only
    region or language decided it for days that can be read in two ways; moments with an offset
    are days in ``zone`` (None: the day as written)."""

    def __init__(
        self, order: Order = "ymd", undecided: bool = False, zone: dt.tzinfo | None = None
    ) -> None:
        self.order, self.undecided, self.zone = order, undecided, zone

    @classmethod
    def of_file(
        cls, cells: Iterable[str], region: str, language: str, zone: dt.tzinfo | None = None
    ) -> DayReader:
        """The reader for a file with these cells in its columns of days."""
        first = second = ambiguous = 0
        for cell in cells:
            found = _PLAIN.fullmatch(cell.strip()) if cell[:1].isascii() else None
            if found is None:
                continue
            one, two = int(found[1]), int(found[3])
            first += (one > 12 >= two) or found[2] == "."
            second += two > 12 >= one
            ambiguous += one <= 12 and two <= 12 and one != two and found[2] != "."
        if first != second:
            return cls("dmy" if first > second else "mdy", zone=zone)
        order: Order = usual_order(region, language) if first or ambiguous else "ymd"
        return cls(order, bool(ambiguous), zone)

    def other_order(self) -> DayReader:
        """The same reader with day and month the other way round."""
        return DayReader("dmy" if self.order == "mdy" else "mdy", self.undecided, self.zone)

    def day(self, text: str) -> dt.date | None:
        """The day of a cell, None when it is none; see `read`."""
        found = self.read(text)
        return found.day if found is not None else None

    def read(self, text: str) -> Moment | None:
        """The day of a cell and its clock, in the zone of this reader; None when it is none.

        ISO with or without a time and an offset, 31/12/2026 by the order, "12 dic 2026", "Thu Mar
        05 2026", compact 20261231, a week with its day (2026-W10-4), the serial day numbers of
        spreadsheets from 1954 to 2119, and Unix seconds or milliseconds. A day that no calendar
        has in the order given (13/31/2026 as ``"dmy"``) is read in the other one. Midnight in UTC
        is a day without a clock: programs write days so."""
        found = _read(text.strip(), self.order)
        if found is None or found.zone is None or found.clock is None or self.zone is None:
            return found
        if found.clock == dt.time() and not found.zone.utcoffset(None):
            return Moment(found.day)
        try:
            at = dt.datetime.combine(found.day, found.clock, found.zone).astimezone(self.zone)
        except OverflowError:
            return None
        return Moment(at.date(), at.time(), self.zone)


def usual_order(region: str, language: str) -> Order:
    """The order of day and month in a country; by the language (English: the month first) where
    the country is not known, or has both."""
    if region.upper() in _MONTH_FIRST:
        return "mdy"
    if region and region.upper() not in _BY_LANGUAGE:
        return "dmy"
    return "mdy" if language.startswith("en") else "dmy"


def _read(text: str, order: Order) -> Moment | None:
    if found := _ISO.fullmatch(text):
        return _moment(_date(int(found[1]), int(found[3]), int(found[4])), found[5])
    if found := _PLAIN.fullmatch(text):
        return _moment(_plain_day(found, order), found[5])
    if found := _COMPACT.fullmatch(text):
        return _moment(_date(int(found[1]), int(found[2]), int(found[3])), None)
    if found := _WEEK.fullmatch(text):
        try:
            return Moment(dt.date.fromisocalendar(int(found[1]), int(found[2]), int(found[3])))
        except ValueError:
            return None
    if found := _SERIAL.fullmatch(text):
        # Day 1 is 1900-01-01, and a 29 February 1900 that never was is counted: hence the 30th.
        serial = int(found[1])
        inside = 20_000 <= serial < 80_000
        return Moment(dt.date(1899, 12, 30) + dt.timedelta(serial)) if inside else None
    if found := _EPOCH.fullmatch(text):
        at = dt.datetime.fromtimestamp(int(found[1]), dt.UTC)
        return Moment(at.date(), at.time(), dt.UTC)
    return _named_day(text)


def _plain_day(found: re.Match[str], order: Order) -> dt.date | None:
    first, second, year = int(found[1]), int(found[3]), _year(found[4])
    if order == "ymd" and len(found[4]) == 2 and first > 12 and second <= 12:
        return _date(_year(found[1]), second, int(found[4])) or _date(year, second, first)
    # Nobody writes the month first with points.
    month_first = order == "mdy" and found[2] != "."
    month, of_month = (first, second) if month_first else (second, first)
    return _date(year, month, of_month) or _date(year, of_month, month)


def _named_day(text: str) -> Moment | None:
    if (found := _NAMED.fullmatch(text)) and (number := month(found[2])):
        return _moment(_date(_year(found[3]), number, int(found[1])), found[4])
    if (found := _NAMED_FIRST.fullmatch(text)) and (number := month(found[1])):
        return _moment(_date(_year(found[3]), number, int(found[2])), found[4])
    if (found := _YEAR_FIRST.fullmatch(text)) and (number := month(found[2])):
        return _moment(_date(int(found[1]), number, int(found[3])), found[4])
    return None


@lru_cache(maxsize=512)
def month(word: str) -> int | None:
    """The number of a month by its name, or by a beginning of it that only one month has."""
    plain = "".join(words(word))
    if len(plain) < 3:
        return None
    for number, names in enumerate(_NAMES, 1):
        if plain in names.split():
            return number
    fitting = {
        number
        for number, names in enumerate(_NAMES, 1)
        if any(name.startswith(plain) for name in names.split())
    }
    return fitting.pop() if len(fitting) == 1 else None


def _moment(day: dt.date | None, rest: str | None) -> Moment | None:
    """A day with the clock in what follows it; None where that is something else."""
    if day is None or not rest or not rest.strip():
        return None if day is None else Moment(day)
    found = _CLOCK.fullmatch(rest.strip())
    if found is None:
        return None
    if not (found[2] or found[4]):
        return None
    hour = int(found[1])
    if found[4]:
        if not 1 <= hour <= 12:
            return None if hour > 23 else _at(day, hour, found)
        hour = hour % 12 + (12 if found[4] in "pP" else 0)
    return _at(day, hour, found)


def _at(day: dt.date, hour: int, found: re.Match[str]) -> Moment | None:
    minute, second = int(found[2] or 0), int(found[3] or 0)
    if hour == 24 and not minute:
        return Moment(day)
    try:
        clock = dt.time(hour, minute, min(second, 59))
    except ValueError:
        return None
    zone: dt.tzinfo | None = dt.UTC if found[5] else None
    if found[6]:
        digits = found[6][1:].replace(":", "").ljust(4, "0")
        away = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if away >= dt.timedelta(days=1):
            return None
        zone = dt.timezone(-away if found[6][0] == "-" else away)
    return Moment(day, clock, zone)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _date(year: int, month: int, of_month: int) -> dt.date | None:
    try:
        return dt.date(year, month, of_month)
    except ValueError:
        return None
