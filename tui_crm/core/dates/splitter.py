"""An entry cut into words: also where a day, a time and a word are written as one.

``fri,9:30``, ``fri@9:30``, ``12-dec-2026``, ``half-past``, ``d'ici``, ``Freitagmorgen`` and
``fri9:30`` are several words; ``rendez-vous``, ``2026-12-01`` and ``9-10`` are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_crm.core.dates.lookalikes import DATE_WORDS, KIND_WORDS
from tui_crm.core.dates.phrases import Word, Words, fold
from tui_crm.core.dates.vocabulary import (
    AMBIGUOUS,
    EDGES,
    EVERY_WEEKDAY,
    GERMAN_WEEKDAYS,
    MONTHS,
    PART_WORDS,
    PAST_DAYS,
    RELATIVE_DAYS,
    WEEKDAYS,
)

# A comma ends a word unless it stands inside a number; "@" before a number is a word.
_SPACED = re.compile(r"@(?=[0-9])|(?:[^\s,;@]|@(?![0-9])|(?<=[0-9]),(?=[0-9]))+")
_OPENING = "([{<\"'«“‘„‚¡¿*_~≈"
_CLOSING = ")]}>\"'»”’!?:…*_"
_ELISION = re.compile(r"[dl]['’ʼ´`](?=\w)", re.IGNORECASE)
_JOINTS = re.compile("[-–/]")
_NUMERIC = re.compile(r"[0-9]{1,4}|[0-9]{1,2}[:h.][0-9]{0,2}(?:am|pm|h)?|[0-9]{1,2}(?:am|pm|h)")
_GLUED = re.compile(r"([^\W\d_]{2,})\.?([0-9]{1,2}(?:[:.h].*|[ap]m|th|st|nd|rd)?)")
_LETTER_NUMBER = re.compile("(?:q|t|s|w|kw|cw)[0-9]")
_COMPOUND = re.compile(
    "(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)"
    "(morgen|frueh|früh|vormittag|mittag|nachmittag|abend|nacht)s?",
    re.IGNORECASE,
)


_ANCHORS = frozenset(
    [
        *WEEKDAYS.all_words(),
        *MONTHS.all_words(),
        *RELATIVE_DAYS.all_words(),
        *PAST_DAYS.all_words(),
        *EVERY_WEEKDAY.single_words(),
        *PART_WORDS.all_words(),
        *EDGES.all_words(),
        *("half", "quarter", "viertel", "demi", "apres", "week", "kw"),
        *("twenty", "thirty", "forty", "fifty", "vingt", "trente", "quarante", "cinquante", "dix"),
    ]
)
_GLUED_TO_NUMBERS = frozenset(
    word
    for word in [*WEEKDAYS.single_words(), *MONTHS.single_words(), *RELATIVE_DAYS.single_words()]
    if word not in AMBIGUOUS and len(word) > 2
) | {"kw", "sem", "cw"}


def may_start(words: Words, i: int) -> bool:
    """Whether a moment may start at word ``i``: a word of dates, a number with one behind it, or
    a number in the shape of a time or a date."""
    bare = words[i].bare
    if bare.isdecimal():
        return i + 1 < len(words) and words[i + 1].bare in DATE_WORDS
    if bare in DATE_WORDS or bare[:1].isdecimal() or bare[:1] in ("+", "@", "-"):
        return True
    return bool(_LETTER_NUMBER.match(bare))


def split(text: str) -> Words:
    """The words of a text with their places in it."""
    return tuple(
        _word(text, start, end)
        for part in _SPACED.finditer(text)
        for start, end in _cut(text, *_trimmed(text, part.start(), part.end()))
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A run of characters without the punctuation around it; a lone sign stays as it is."""
    first, last = start, end
    while first < last and text[first] in _OPENING:
        first += 1
    while last > first and (
        text[last - 1] in _CLOSING or (text[last - 1] == "." and text[last - 2] in _CLOSING)
    ):
        last -= 1
    return (first, last) if first < last else (start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of the words that are written as one."""
    raw = text[start:end]
    if elision := _ELISION.match(raw):
        yield start, start + elision.end()
        yield from _cut(text, start + elision.end(), end)
    elif cuts := _joints(raw) or _glued(raw):
        for first, last in cuts:
            yield start + first, start + last
    else:
        yield start, end


def _joints(raw: str) -> list[tuple[int, int]]:
    """``12-dec-2026``, ``fri/mon``, ``half-past``: every part a word of dates or a number."""
    if not _JOINTS.search(raw) or fold(raw) in KIND_WORDS:
        return []
    cuts = [found.span() for found in re.finditer("[^-–/]+", raw)]
    parts = [fold(raw[first:last]).rstrip(".") for first, last in cuts]
    two_letters = all(GERMAN_WEEKDAYS.get(part) is not None for part in parts)  # "Mo/Di"
    if not two_letters and not any(part in _ANCHORS for part in parts):
        return []
    if not all(part in DATE_WORDS or _NUMERIC.fullmatch(part) for part in parts):
        return []
    weekdays = two_letters or all(WEEKDAYS.get(part) is not None for part in parts)
    if len(parts) == 2 and weekdays:
        # "mon-fri": the sign says that the days between are meant too.
        cuts.insert(1, (cuts[0][1], cuts[1][0]))
    return cuts


def _glued(raw: str) -> list[tuple[int, int]]:
    """``fri9:30``, ``dec12``, ``KW49``, ``Freitagmorgen``."""
    if found := _COMPOUND.fullmatch(raw):
        return [found.span(1), found.span(2)]
    if (found := _GLUED.fullmatch(raw)) and fold(found[1]) in _GLUED_TO_NUMBERS:
        return [found.span(1), found.span(2)]
    return []


def _word(text: str, start: int, end: int) -> Word:
    raw = text[start:end]
    word = fold(raw).strip(_OPENING.replace("'", "")).rstrip(_CLOSING.replace("'", ""))
    if word.endswith(".."):
        word = word.rstrip(".") + "."
    return Word(start, end, raw, word, word.rstrip("."), text[end : end + 1] in (",", ";", ":"))
