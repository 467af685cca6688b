"""Finding and cutting a person in text: their numbers however they were typed, e-mails and names.

What is theirs alone (a number, an address) is cut wherever it occurs; a name, which others may
have too, only in records that are about this person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tui_crm.core.text import fold

_GAP = r"[\s().\-/\u00a0]{0,3}"
_WORD = re.compile(r"[^\W\d_]{3,}")
_ENDS = " \t,;:-–·"


def _phone(e164: str) -> tuple[str, str]:
    """The pattern of a number in every spelling, and its national digits."""
    import phonenumbers

    number = phonenumbers.parse(e164)
    digits = phonenumbers.national_significant_number(number)
    abroad = rf"(?:(?:\+|00)?{_GAP}{number.country_code}{_GAP})?"
    trunk = rf"(?:\(?0\)?{_GAP})?"
    return rf"(?<!\d)\(?{abroad}{trunk}{_GAP.join(digits)}(?!\d)", digits


def _email(address: str) -> str:
    """The pattern of an address, but not where it is the end of a longer one (`core.emails`)."""
    signs = r"\w.!#$%&*+/=?^`{|}~\-"
    starts = rf"(?:(?<![{signs}'])|(?<=[\s(\[,;]')|(?<=^'))"
    return rf"{starts}{re.escape(address)}(?![\w-])"


def _brackets(found: re.Match[str]) -> str:
    """What stays of a match: a bracket whose other half is outside of it."""
    opened = found[0].count("(") - found[0].count(")")
    return "(" * opened + ")" * -opened


def _words(parts: list[str]) -> str:
    between = r"[\s,]+"
    return rf"(?<!\w){between.join(parts)}(?!\w)"


def _typed(value: str) -> str:
    return rf"(?<!\w){re.escape(value)}(?!\w)"


@dataclass(frozen=True)
class PersonPatterns:
    """The patterns of a person: ``own`` finds what belongs to nobody else; ``near`` that and what
    others may share.

    ``likes`` and ``near_likes`` are LIKE patterns, over lower-case text, of which one matches every
    text that the patterns find something in: the engine passes over all other rows."""

    own: re.Pattern[str]
    near: re.Pattern[str]
    likes: tuple[str, ...]
    near_likes: tuple[str, ...]

    def cut(self, text: str, near: bool = False) -> str:
        """The text without the person; the gaps are tidied."""
        pattern = self.near if near else self.own
        left, count = pattern.subn(_brackets, text)
        if not count:
            return text
        left = re.sub(r"([,;:–-]) *(?:[,;:] *)+", r"\1 ", left.replace("()", ""))
        return re.sub(r"  +", " ", left).strip(_ENDS)

    def cut_lines(self, text: str, near: bool) -> str:
        """The same line by line; a line that loses all but its label is dropped."""
        lines = []
        for line in text.split("\n"):
            left = self.cut(line, near)
            if left == line or (left and not (":" in line and ":" not in left)):
                lines.append(left)
        return "\n".join(lines)


def person_patterns(
    own: Iterable[str],
    shared: Iterable[str],
    typed: Iterable[str],
    names: Iterable[str],
    companies: Iterable[str],
) -> PersonPatterns:
    """The patterns of a person. ``own`` and ``shared`` are numbers (E.164) and e-mails, ``typed``
    phones that are no valid number; the words of ``companies`` are kept, even in a name."""
    mine, likes = _numbers(own)
    others, other_likes = _numbers(shared)
    others += [_typed(value) for value in typed if value.strip()]
    other_likes += [_like(value) for value in typed if value.strip()]
    kept = {fold(word) for company in companies for word in _WORD.findall(company)}
    single: set[str] = set()
    full: list[str] = []
    for name in sorted({" ".join(n.split()) for n in names if n.strip()}, key=len, reverse=True):
        parts = [re.escape(part) for part in name.split()]
        if len(name) >= 2:
            full.append(_words(parts))
            other_likes.append(_like(name))
        if len(parts) > 1:
            full.append(_words([parts[-1], *parts[:-1]]))
        single |= {word for word in _WORD.findall(name) if fold(word) not in kept}
    other_likes += [_like(word) for word in sorted(single)]
    words = [rf"(?-i:(?<!\w){re.escape(word)}(?!\w))" for word in sorted(single)]
    return PersonPatterns(
        re.compile("|".join(mine), re.IGNORECASE),
        re.compile("|".join([*mine, *others, *full, *words]), re.IGNORECASE),
        tuple(likes),
        tuple(dict.fromkeys([*likes, *other_likes])),
    )


def _numbers(matches: Iterable[str]) -> tuple[list[str], list[str]]:
    patterns, likes = [], []
    for match in matches:
        if match.startswith("+"):
            pattern, digits = _phone(match)
            likes.append(f"%{'%'.join(digits)}%")
        else:
            pattern = _email(match)
            likes.append(_like(match))
        patterns.append(pattern)
    return patterns, likes


def _like(text: str) -> str:
    """A LIKE pattern over lower-case text: letters beyond ASCII may be escaped in JSON."""
    found = "".join(c if c.isascii() and (c.isalnum() or c in "@.") else "%" for c in text.lower())
    return f"%{found}%"
