"""Finding a name by a few of its letters: what the palette ranks by.

Our own, because `textual.fuzzy` finds "Ángel Müller" neither by ``ang`` nor by ``muller ang``, and
rapidfuzz, ten times as fast, measures how alike two texts are: for ``mmet`` it puts "Moment"
before "Acme Metal", and it does not tell which letters it found.
"""

from __future__ import annotations

from functools import lru_cache

from tui_crm.core.text import fold


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    return (fold(character) or character)[0]


@lru_cache(maxsize=16384)
def _folded(text: str) -> str:
    """``text`` without case and accents, one character for each of its characters."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_character, text))


def _word_score(word: str, text: str) -> tuple[int, list[int]] | None:
    """Best way to find the letters of ``word`` in ``text`` in order; both folded."""
    at = -1
    for letter in word:  # cheap refusal first: the palette asks this of every lead
        at = text.find(letter, at + 1)
        if at < 0:
            return None
    whole = text.find(word)
    best: tuple[int, list[int]] | None = None
    while whole >= 0:  # an unbroken run beats all else; at the start of a word, twice
        starts = whole == 0 or not text[whole - 1].isalnum()
        score = 16 * len(word) + (24 if starts else 0) - min(whole, 12)
        if best is None or score > best[0]:
            best = score, list(range(whole, whole + len(word)))
        whole = text.find(word, whole + 1)
    if best is not None:
        return best
    # Otherwise: each letter earns more after its predecessor, or at the start of a word.
    rows: dict[int, tuple[int, list[int]]] = {-1: (0, [])}
    for letter in word:
        reached: dict[int, tuple[int, list[int]]] = {}
        place = text.find(letter)
        while place >= 0:
            starts = place == 0 or not text[place - 1].isalnum()
            for before, (score, path) in rows.items():
                if before >= place:
                    continue
                gained = 9 if path and place == before + 1 else 8 if starts else 1
                total = score + gained - min(place - before - 1, 3)
                if place not in reached or total > reached[place][0]:
                    reached[place] = total, [*path, place]
            place = text.find(letter, place + 1)
        rows = reached
    return max(rows.values(), default=None, key=lambda row: row[0])


def score(query: str, text: str) -> tuple[int, tuple[int, ...]] | None:
    """How well ``query`` finds ``text``: points, and the indices of the letters it found.

    None when it does not: every word of the query must be there, in any order, its letters in
    order, without regard to case and accents. More points are better; an empty query is 0.
    Of texts with equal points the shorter should stand first.
    """
    folded = _folded(text)
    points = 0
    places: set[int] = set()
    for word in _folded(query).split():
        found = _word_score(word, folded)
        if found is None:
            return None
        points += found[0]
        places.update(found[1])
    return points, tuple(sorted(places))
