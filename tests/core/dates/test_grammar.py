"""Typed dates against a grammar that makes phrases in four languages with what they mean."""

from __future__ import annotations

import pytest

from tests.core.dates.grammar import LANGUAGES, Meaning, Phrase, phrases
from tui_crm.core.dates.reader import read

MANY = 300


def meaning(phrase: Phrase) -> Meaning | str:
    """What the reader makes of a phrase, or what it says it did not understand."""
    reading = read(phrase.typed, phrase.now, phrase.locale)
    if reading.problem is not None:
        return reading.problem
    clock = reading.at.astimezone(phrase.now.tzinfo).time() if reading.at else None
    return Meaning(reading.day, clock, reading.minutes, reading.kind, reading.text)


def misread(language: str, seed: int, count: int) -> list[str]:
    """The phrases that are read as something else, each with what it means and what was read."""
    return [
        f"{phrase.typed!r} at {phrase.now:%a %F %H:%M}: {phrase.meaning}, not {found}"
        for phrase in phrases(language, seed, count)
        if (found := meaning(phrase)) != phrase.meaning
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_grammar_means_what_it_says(language: str) -> None:
    assert misread(language, seed=1, count=MANY) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_grammar_makes_many_different_phrases(language: str) -> None:
    made = list(phrases(language, seed=2, count=1000))

    assert len({phrase.typed.casefold() for phrase in made}) > 950
    assert made == list(phrases(language, seed=2, count=1000))
    kinds = [
        lambda m: m.clock is not None,
        lambda m: m.minutes is not None,
        lambda m: m.kind is not None,
        lambda m: bool(m.text),
    ]
    for has in kinds:
        assert 100 < sum(has(phrase.meaning) for phrase in made) < 900
