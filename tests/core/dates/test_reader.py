"""Typed dates: what a rep types, when, and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from tests.core.dates.phrases import BLOCKS, Block
from tui_crm.core.dates.reader import read
from tui_crm.core.dates.reading import Reading

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=MADRID)


EVERYDAY = (Path(__file__).parent / "everyday.txt").read_text(encoding="utf-8")


def everyday() -> Iterator[Block]:
    """The entries of everyday.txt, a block for each language."""
    for part in EVERYDAY.split("\n[")[1:]:
        locale, _bracket, entries = part.partition("]\n")
        yield Block("2026-12-01 10:20", "Europe/Madrid", locale, entries)


def rows() -> Iterator[tuple[Block, str, str]]:
    for block in (*BLOCKS, *everyday()):
        for line in block.rows.strip().splitlines():
            typed, _bar, meaning = line.partition("|")
            yield block, typed.strip(), meaning.strip()


def said(reading: Reading, zone: ZoneInfo) -> str:
    """A reading in the words of the table."""
    if reading.problem is not None:
        return "? " + reading.problem.removesuffix("; kept as text, no date")
    parts = ["no date" if reading.day is None else str(reading.day)]
    if reading.at is not None:
        local = reading.at.astimezone(zone)
        assert local.date() == reading.day
        parts.append(f"{local:%H:%M}")
    if reading.minutes is not None:
        parts.append(f"{reading.minutes}m")
    if reading.kind is not None:
        parts.append(reading.kind)
    if reading.text or reading.kind is not None:
        parts.append(f'"{reading.text}"')
    if reading.rule is not None:
        parts.append(reading.rule)
    return " ".join(parts)


@pytest.mark.parametrize(
    ("block", "typed", "meaning"),
    [pytest.param(*row, id=f"{row[0].now} {row[0].locale}: {row[1]}") for row in rows()],
)
def test_the_table(block: Block, typed: str, meaning: str) -> None:
    zone = ZoneInfo(block.zone)
    now = datetime.fromisoformat(block.now).replace(tzinfo=zone)
    meaning, _sign, instant_utc = meaning.partition(" = ")

    reading = read(typed, now, block.locale)

    assert said(reading, zone) == meaning
    if instant_utc:
        assert f"{reading.at:%H:%MZ}" == instant_utc


def test_the_table_is_large() -> None:
    assert len(list(rows())) >= 850


@pytest.mark.parametrize("typed", ["tuez 10 call Anna", "25:00", "mon 27 nov visit"])
def test_what_is_not_understood_is_kept_as_text_to_the_letter(typed: str) -> None:
    reading = read(typed, NOW)

    assert (reading.text, reading.day, reading.kind) == (typed, None, None)
    assert reading.problem is not None
    assert reading.problem.endswith("kept as text, no date")


# ---------------------------------------------------------------- warnings


@pytest.mark.parametrize(
    ("typed", "warning"),
    [
        ("sat 10", "Sat 28 Nov is a weekend"),
        ("2020-12-01", "Tue 1 Dec 2020 is past"),
        ("2026-11-23 9:00", "Mon 23 Nov is past"),
        ("next fri", "“next fri” is read as next week's; without “next” it is Fri 27 Nov"),
        ("+10m", "“+10m” is read as months; “10 min” is minutes"),
        ("tomorrow 2", "02:00 is at night; “2pm” is the afternoon"),
        ("2027-03-28 2:30", "clocks go forward over 02:30: 03:00"),
        ("talk about Friday", "“Friday” stays in the text; a date comes first"),
        ("send the offer of Monday", "“Monday” stays in the text; a date comes first"),
        ("fri call Anna about tuesday", "“tuesday” stays in the text"),
    ],
)
def test_a_reading_warns(typed: str, warning: str) -> None:
    assert warning in read(typed, NOW).warnings


@pytest.mark.parametrize("typed", ["fri 9:30 call Anna", "eom", "3h", "send the quote", "2 am", ""])
def test_an_ordinary_entry_warns_of_nothing(typed: str) -> None:
    assert read(typed, NOW).warnings == ()


# ---------------------------------------------------------------- what is recognised where


def test_the_recognised_parts_have_their_places() -> None:
    typed = "fri at 9:30 20m call Anna about fri"

    reading = read(typed, NOW)

    assert [(typed[start:end], what) for start, end, what in reading.spans] == [
        ("fri", "date"),
        ("9:30", "time"),
        ("20m", "duration"),
        ("call", "kind"),
    ]


def test_a_team_has_words_of_its_own_for_kinds() -> None:
    reading = read("fri 10 démo Acme", NOW, prefer_kinds={"Démo": "meeting"})

    assert (reading.kind, reading.text) == ("meeting", "Acme")


def test_words_are_kept_as_typed() -> None:
    reading = read("  mañana 9  enviar  la OFERTA [v2] a José  ", NOW, "es")

    assert reading.text == "enviar  la OFERTA [v2] a José"


# ---------------------------------------------------------------- echo and labels


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("fri 9:30 20m call Anna", "Fri 27 Nov 09:30, 20 min, in 4 days · call · Anna"),
        ("tue 10 20m call", "Tue 24 Nov 10:00, 20 min, tomorrow · call"),
        ("9:30", "Mon 23 Nov 09:30, in 18 min"),
        ("today e-mail Iñaki", "Mon 23 Nov, today · e-mail · Iñaki"),
        ("12 jan", "Tue 12 Jan 2027, in 50 days"),
        ("2026-11-19", "Thu 19 Nov, 4 days late"),
        ("every 2w mon 9 call", "Mon 30 Nov 09:00, in 7 days, every 2 weeks, Mon · call"),
        ("send the quote", "no date · send the quote"),
        ("", ""),
    ],
)
def test_the_echo(typed: str, line: str) -> None:
    assert read(typed, NOW).echo(NOW) == line


def test_the_echo_in_parts() -> None:
    assert read("fri 9:30 1h30 call Anna", NOW).echo_parts(NOW) == [
        ("date", "Fri 27 Nov 09:30"),
        ("when", "1 h 30, in 4 days"),
        ("kind", "call"),
        ("text", "Anna"),
    ]


# ---------------------------------------------------------------- whatever is typed

ZONES = st.sampled_from(
    ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
).map(ZoneInfo)
NOWS = st.builds(
    lambda naive, zone: naive.replace(tzinfo=UTC).astimezone(zone),
    st.datetimes(datetime(2020, 1, 1), datetime(2039, 12, 31)),
    ZONES,
)
LOCALES = st.sampled_from(["en", "en_US", "en_GB", "es", "fr_FR", "de", "C", ""])
WORDS = st.sampled_from(
    [
        "fri",
        "lundi",
        "mar",
        "next",
        "every",
        "cada",
        "tous",
        "les",
        "w",
        "2w",
        "+3d",
        "3h",
        "30m",
        "9",
        "9:30",
        "9h30",
        "25:00",
        "2:30",
        "at",
        "a",
        "las",
        "à",
        "in",
        "dans",
        "de",
        "la",
        "tarde",
        "pm",
        "12/1",
        "31/12",
        "29",
        "feb",
        "12.",
        "dec",
        "eom",
        "mañana",
        "tomorrow",
        "today",
        "hoy",
        "el",
        "the",
        "12th",
        "from",
        "month",
        "week",
        "end",
        "of",
        "20m",
        "1h",
        "call",
        "visit",
        "Anna",
        "2",
        "pallets",
        ",",
        "-",
        "99999",
        "999999d",
        "noon",
        "9-10",
        "morning",
        "and",
        "2027",
        "prochain",
        "que",
        "viene",
        "hours",
        "uhr",
    ]
)
ENTRIES = st.lists(WORDS, max_size=7).map(" ".join)
FULL_DATE = ("2027",)


@settings(deadline=None)
@given(text=st.text(), now=NOWS, locale=LOCALES)
@example(text="9 " * 5000, now=NOW, locale="en")
@example(text="٣d ①2/1 9：30 +٣d", now=NOW, locale="en")
@example(text="\ud800 fri", now=NOW, locale="en")
def test_any_text_is_read(text: str, now: datetime, locale: str) -> None:
    reading = read(text, now, locale)

    assert reading.text in text
    assert isinstance(reading.echo(now), str)


@given(entry=ENTRIES, now=NOWS, locale=LOCALES)
@example(entry="2:30", now=datetime(2027, 3, 28, 1, tzinfo=MADRID), locale="en")
@example(entry="29 feb 9", now=datetime(2028, 2, 29, 10, tzinfo=MADRID), locale="en")
@example(entry="every day 9", now=datetime(2039, 12, 31, 8, tzinfo=MADRID), locale="en")
def test_a_date_is_in_the_future_and_said(entry: str, now: datetime, locale: str) -> None:
    reading = read(entry, now, locale)

    if reading.day is None:
        assert reading.at is None and reading.rule is None
        return
    assert reading.echo(now)
    assert reading.problem is None
    if not any(year in entry for year in FULL_DATE):
        assert reading.day >= now.date()
        assert reading.at is None or reading.at > now
    if reading.at is not None:
        assert reading.at.utcoffset() == timedelta()
        assert reading.at.astimezone(now.tzinfo).date() == reading.day


@given(entry=ENTRIES, now=NOWS, locale=LOCALES)
def test_the_recognised_parts_never_overlap(entry: str, now: datetime, locale: str) -> None:
    reading = read(entry, now, locale)

    places = [place for start, end, _what in reading.spans for place in range(start, end)]
    assert len(places) == len(set(places))
    assert all(0 <= place < len(entry) for place in places)
