"""Whatever is typed: a date that is to come, or a word about every date left in the text."""

from __future__ import annotations

import random
import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tui_crm.core.dates.reader import read
from tui_crm.core.dates.reading import Reading

NOW = datetime(2026, 12, 1, 10, 20, tzinfo=ZoneInfo("Europe/Madrid"))
MOST_WARNINGS = 4
LOCALES = ("en", "en_US", "es", "fr_FR", "de_DE")

_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday"
    " lunes martes miércoles jueves viernes sábado"
    " lundi mardi mercredi jeudi vendredi samedi dimanche"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag"
    " tomorrow demain übermorgen heute today hoy"
)
DAYS = _DAYS.split()
"""Words that are a day and nothing else in these languages."""
CLOCKS = ("9:30", "14:00", "9h30", "9.30am", "3pm", "17:45")
DATES = ("2026-12-24", "24.12.2026", "24/12/2026", "12 December", "12 de enero", "3. März")
SHAPES = re.compile(
    r"\b(?:[01]?[0-9]|2[0-3])[:h][0-5][0-9]\b|\b[0-9]{1,2}(?:\.[0-9]{2})?[ap]m\b"
    r"|\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b|\b[0-9]{1,2}[./][0-9]{1,2}[./]20[0-9]{2}\b"
    r"|\b[0-9]{1,2}\.? (?:de )?(?:december|enero|marz)\b"
)
_OTHERS = (
    "call Anna about the offer of for at on by in with and or the next every last half quarter to"
    " past el la los de del a las por con y o en para que viene media cuarto le les à avec et ou"
    " dans pour prochain demi midi am um bis vor nach und oder mit nächsten jeden halb viertel uhr"
    " morning tarde matin früh afternoon week semana semaine woche month mes mois 9 10 12 30 3 500"
    " 20m 1h +3d 2w units invoices , - : ( ) Bob quote llamar appeler anrufen Q1 KW 49 eom Mayor"
)
OTHERS = _OTHERS.split()


def plain(text: str) -> str:
    flat = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


def left(reading: Reading) -> list[str]:
    """What looks like a day or a time in the words of a reading."""
    words = re.findall(r"[^\W\d_]+", plain(reading.text))
    days = [day for day in map(plain, DAYS) if day in words]
    return days + SHAPES.findall(plain(reading.text))


def entries(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    dates = (*DAYS, *CLOCKS, *DATES)
    made = []
    for _n in range(count):
        words = chance.choices(OTHERS, k=chance.randrange(7))
        for date in chance.choices(dates, k=chance.randrange(3)):
            words.insert(chance.randrange(len(words) + 1), date)
        made.append(" ".join(words))
    return made


@pytest.mark.parametrize("locale", LOCALES)
def test_no_date_is_left_in_the_words_in_silence(locale: str) -> None:
    silent = []
    for typed in entries(seed=1, count=600):
        reading = read(typed, NOW, locale)
        if reading.problem is None and len(reading.warnings) < MOST_WARNINGS:
            said = plain(" ".join(reading.warnings))
            silent += [(typed, piece) for piece in left(reading) if piece.split()[-1] not in said]
    assert silent == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_moment_is_past_unless_that_is_said(locale: str) -> None:
    for typed in entries(seed=2, count=600):
        reading = read(typed, NOW, locale)
        if reading.problem is not None:
            assert (reading.day, reading.at, reading.text) == (None, None, typed.strip()), typed
        elif reading.day is not None:
            past = reading.day < NOW.date() or (reading.at is not None and reading.at <= NOW)
            assert not past or any("is past" in warning for warning in reading.warnings), typed


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_left_are_words_that_were_typed(locale: str) -> None:
    """Words are taken out whole and in order; nothing is added, nothing else is lost."""
    for typed in entries(seed=3, count=600):
        reading = read(typed, NOW, locale)
        rest = iter(typed.split())
        assert all(any(word in have for have in rest) for word in reading.text.split()), typed
