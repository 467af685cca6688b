"""Finding a name by the words typed so far: what the palette and the search rank by.

Our own, because `textual.fuzzy` finds "Ángel Müller" neither by ``ang`` nor by ``muller ang``, and
rapidfuzz measures how alike two texts are: for ``mmet`` it puts "Moment" before "Acme Metal", and
it does not tell which letters it found. Letters scattered over a name are no match: in a list of
thousands of names everything would match a few letters.
"""

from __future__ import annotations

from functools import lru_cache

from tui_crm.core.text import fold

INSIDE = 3  # letters from which on a word is also found inside another


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    return (fold(character) or character)[0]


@lru_cache(maxsize=16384)
def _folded(text: str) -> str:
    """``text`` without case and accents, one character for each of its characters."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_character, text))


def _word_score(word: str, text: str) -> tuple[int, int] | None:
    """The points of the best place of ``word`` in ``text``, and that place; both folded."""
    best: tuple[int, int] | None = None
    place = text.find(word)
    while place >= 0:
        starts = place == 0 or not text[place - 1].isalnum()
        if starts or len(word) >= INSIDE:
            end = place + len(word)
            whole = starts and (end == len(text) or not text[end].isalnum())
            score = 16 * len(word) + 24 * starts + 8 * whole - min(place, 12)
            if best is None or score > best[0]:
                best = score, place
        place = text.find(word, place + 1)
    return best


def score(query: str, text: str) -> tuple[int, tuple[int, ...]] | None:
    """How well ``query`` finds ``text``: points, and the indices of the letters it found.

    None when it does not: every word of the query must be there in one piece, in any order, without
    regard to case and accents; one of less than three letters at the beginning of a word. More
    points are better, a whole word is better than a beginning, an empty query is 0. Of texts with
    equal points the shorter should stand first.
    """
    points, places, missing = partial_score(query, text)
    return None if missing else (points, places)


def partial_score(query: str, text: str) -> tuple[int, tuple[int, ...], int]:
    """The same for those words of the query that ``text`` has, and how many it has not."""
    folded = _folded(text)
    points = missing = 0
    places: set[int] = set()
    for word in _folded(query).split():
        found = _word_score(word, folded)
        if found is None:
            missing += 1
            continue
        points += found[0]
        places.update(range(found[1], found[1] + len(word)))
    return points, tuple(sorted(places)), missing
