"""Words of a typed entry and tables of phrases: folding, matching, slips of the finger."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from itertools import product
from typing import Generic, NamedTuple, TypeVar

V = TypeVar("V", bound=Hashable)

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "´": "'", "`": "'"})
_ELIDED = re.compile(r"\b([dl])'")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class NotUnderstood(Exception):
    """Something looks like a date and cannot be read as one; the text is the sentence that says so.

    ``past``: it can be read, and is over. ``weak``: among other words it may be something else, as
    "12/34" is.
    """

    def __init__(self, sentence: str, past: bool = False, weak: bool = False) -> None:
        super().__init__(sentence)
        self.past, self.weak = past, weak


class MoreThanOne(NotUnderstood):
    """Days or times that exclude each other: "fri or mon", "mon to wed"."""


SIGNS = frozenset(["", "-", "–", "—", "·", ":", "."])
"""Words that are only signs."""


class Word(NamedTuple):
    """One typed word: its place in the text, the word as typed, and its folded forms.

    ``word`` has no accents, capitals or punctuation around it but a trailing dot ("12."); ``bare``
    has no trailing dot either. A sign that stands alone has itself or "" as ``bare``. ``comma``:
    a comma or semicolon follows.
    """

    start: int
    end: int
    raw: str
    word: str
    bare: str
    comma: bool = False


Words = tuple[Word, ...]


def fold(text: str) -> str:
    """Without case and accents, apostrophes straight: what two spellings have in common."""
    if text.isascii():
        return text.lower().replace("`", "'")
    flat = unicodedata.normalize("NFD", text.casefold().translate(_APOSTROPHES))
    return "".join(c for c in flat if unicodedata.category(c) != "Mn")


class Phrases(Generic[V]):
    """Phrases and what they mean: ``{meaning: "a phrase|another"}``.

    Phrases are written as people spell them; they match in any case, without accents, and German
    ones with "ue" for "ü". A hyphen between two words is the same as a space.
    """

    def __init__(self, meanings: Mapping[V, str], keep_hyphens: bool = False) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], V]] = {}
        self._longest: dict[str, int] = {}
        for meaning, spelled in meanings.items():
            # All phrases of a meaning are folded at once: half of the time it takes to load.
            text = spelled if keep_hyphens else spelled.replace("-", " ")
            folded = fold(text)
            if "'" in folded:
                folded = _ELIDED.sub(r"\1' ", folded)
            if not text.isascii() and (digraphs := text.translate(_UMLAUTS)) != text:
                folded = f"{folded}|{fold(digraphs)}"
            for phrase in folded.split("|"):
                self._add(tuple(phrase.split()), meaning)

    def _add(self, words: tuple[str, ...], meaning: V) -> None:
        first = words[0]
        table = self._by_first.get(first)
        if table is None:
            self._by_first[first] = {words: meaning}
            self._longest[first] = len(words)
        else:
            table[words] = meaning
            self._longest[first] = max(self._longest[first], len(words))

    def match(self, words: Words, i: int) -> tuple[V, int] | None:
        """The longest phrase that starts at word ``i``: its meaning, and the next word."""
        if i >= len(words):
            return None
        candidates = self._by_first.get(words[i].bare)
        if candidates is None:
            return None
        for n in range(min(self._longest[words[i].bare], len(words) - i), 0, -1):
            meaning = candidates.get(tuple(w.bare for w in words[i : i + n]))
            if meaning is not None:
                return meaning, i + n
        return None

    def get(self, word: str) -> V | None:
        """What one folded word means by itself."""
        return self._by_first.get(word, {}).get((word,))

    def skip(self, words: Words, i: int) -> int:
        """The next word after a phrase at word ``i``; ``i`` where there is none."""
        found = self.match(words, i)
        return found[1] if found else i

    def single_words(self) -> Iterator[str]:
        """The phrases of one word."""
        return (first for first, table in self._by_first.items() if (first,) in table)

    def all_words(self) -> Iterator[str]:
        """Every word of every phrase."""
        return (word for table in self._by_first.values() for phrase in table for word in phrase)


def word_set(text: str) -> frozenset[str]:
    """The folded words of a text."""
    return frozenset(fold(word) for word in text.split())


def inflected(stems: str, endings: str) -> str:
    """Every stem with every ending: ``inflected("nächste", "|r|n|s")``."""
    return "|".join(a + b for a, b in product(stems.split("|"), endings.split("|")))


def one_slip(a: str, b: str) -> bool:
    """Exactly one letter added, left out or changed, or two neighbours swapped."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = next((n for n in range(len(a)) if a[n] != b[n]), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (
        a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    )
