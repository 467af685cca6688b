"""The pieces of a log line that say more about what was done: how long it took (``20m``), when it
was (``@yesterday 16:00``), who was met (``@Anna``), and what was learnt (``Tel: +49 30 901820``).

What fits more than one thing is none of them: it stays in the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tui_crm.core.text import fold

LONGEST = 24 * 60  # minutes
_LENGTH = re.compile(
    r"(?<!\S)(?:(?P<h>\d{1,2})\s?h(?:\s?(?P<hm>[0-5]\d)(?:\s?min|m)?)?"
    r"|(?P<d>\d)[.,](?P<tenth>\d)\s?h|(?P<m>\d{1,3})\s?(?:m|min|mn))(?=[,;.]?(?!\S))",
    re.IGNORECASE,
)
_HOURS_SURE = 4
"""Hours up to which ``9h`` is taken for a length: more of them are as likely a clock."""
_VALUE_BEFORE = re.compile(r":\s*$")
_CLOCK_BEFORE = re.compile(
    r"(?:\bat|\ba las?|\bà|\bum|\bvers|\bby|\btill|\buntil)\s+$", re.IGNORECASE
)
_AT = re.compile(r"(?<!\S)@(?=\S)")
_MOMENT_WORDS = 4
_TAKEN = "\0"  # stands for a piece that was recognised already


@dataclass(frozen=True)
class Known:
    """Whom and what a log line may name: the people of the lead, the labels of its own fields, and
    the colleagues (every name that each of them goes by), who are read when somebody is named."""

    people: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    colleagues: Callable[[], Sequence[tuple[str, ...]]] = tuple


class Labelled(NamedTuple):
    """Something learnt: ``what`` is phone, email, web, linkedin or role (of a contact), client (a
    field of the company) or lead (a field that the lead has already)."""

    what: str
    label: str
    value: str


class Pieces(NamedTuple):
    """What was recognised; ``spans`` are ``(start, end, what)``. Those of ``mention`` stay in the
    words, too."""

    minutes: int | None
    at: datetime | None
    labelled: tuple[Labelled, ...]
    person: str | None
    mentions: tuple[str, ...]
    spans: tuple[tuple[int, int, str], ...]


CONTACT_LABELS = {
    "phone": "tel|tel.|telephone|telefon|telefono|phone|mobile|mob|movil|handy|portable|cell|fon"
    "|telefonnummer|durchwahl|gsm",
    "email": "email|e-mail|mail|correo|courriel|correo electronico|mel",
    "web": "web|website|site|sitio|sitio web|site web|webseite|homepage|url",
    "linkedin": "linkedin",
    "role": "role|position|job|cargo|puesto|poste|fonction|funktion|rolle|titel|job title",
}
COMPANY_LABELS = (
    "cif|nif|vat|vat id|vat no|vat number|tax id|tax number|ust-id|ustid|ust-idnr|ust-idnr."
    "|steuernummer|hrb|siret|siren|tva|n° tva|numero de tva|rcs|iban|nit|rfc|ein"
)
_WHAT = dict.fromkeys(COMPANY_LABELS.split("|"), "client") | {
    label: what for what, labels in CONTACT_LABELS.items() for label in labels.split("|")
}
_VALUES = {
    "phone": re.compile(r"[+(]{0,2}\d[\d ()./\u00a0-]{4,}\d(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?!\w)"),
    "email": re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]*\w"),
    "web": re.compile(r"(?:https?://)?[^\s,;]+\.[^\s,;]*[\w/]", re.IGNORECASE),
    "linkedin": re.compile(r"(?:https?://)?\S*linkedin\.com/[^\s,;]*\w", re.IGNORECASE),
    # A number with its country or a blank in it: "DE 123 456 789", "B-12345678".
    "client": re.compile(
        r"(?=[^,;]*\d)[A-Za-z]{0,4}[ -]?[A-Za-z]?\d[\dA-Za-z./-]*"
        r"(?: \d[\d./-]*)*(?: [A-Z]{2}\b)?(?!\w)"
    ),
}
_FREE = re.compile(r"[^,;\0]*[^\s,;\0]")
"""A value of any words: up to a comma, the next piece or the end."""


def read(line: str, now: datetime, locale: str, known: Known) -> Pieces:
    """Recognise the pieces of a line in which what was recognised before is blanked out by NULs.
    ``now`` is aware, in the rep's zone. Never raises."""
    spans: list[tuple[int, int, str]] = []
    rest = line

    def take(start: int, end: int, what: str) -> None:
        nonlocal rest
        spans.append((start, end, what))
        rest = rest[:start] + _TAKEN * (end - start) + rest[end:]

    moments: list[tuple[int, int, datetime]] = []
    people: list[str] = []
    mentions: list[str] = []
    for start, end, what, value in _after_at(rest, now, locale, known):
        if isinstance(value, datetime):
            moments.append((start, end, value))
        else:
            (people if what == "person" else mentions).append(value)
            take(start, end, "mention")
    at = None
    if len(moments) == 1:  # of two moments neither is the one
        start, end, at = moments[0]
        take(start, end, "at")
    lengths = [(m, n) for m in _LENGTH.finditer(rest) if (n := _minutes(m, rest))]
    if len(lengths) == 1:
        take(*lengths[0][0].span(), "minutes")
    labelled = []
    for start, end, found in _labelled(rest, known):
        labelled.append(found)
        take(start, end, "label")
    return Pieces(
        lengths[0][1] if len(lengths) == 1 else None,
        at,
        tuple(labelled),
        people[0] if len(set(people)) == 1 else None,
        tuple(dict.fromkeys(mentions)),
        tuple(sorted(spans)),
    )


def minutes(text: str) -> int | None:
    """The minutes that a text of nothing but a length says; None for any other."""
    found = _LENGTH.fullmatch(text.strip())
    return _minutes(found, text) if found else None


def _minutes(found: re.Match[str], line: str) -> int | None:
    """The minutes of a length; None where it is as likely a clock, the value of a field, or
    none."""
    if _VALUE_BEFORE.search(line[: found.start()]):
        return None
    if found["m"]:
        minutes = int(found["m"])
    elif found["d"]:
        minutes = int(found["d"]) * 60 + int(found["tenth"]) * 6
    else:
        minutes = int(found["h"]) * 60 + int(found["hm"] or 0)
        if int(found["h"]) > _HOURS_SURE or _CLOCK_BEFORE.search(line[: found.start()]):
            return None
    return minutes if 0 < minutes <= LONGEST else None


def _after_at(
    line: str, now: datetime, locale: str, known: Known
) -> Iterator[tuple[int, int, str, str | datetime]]:
    """What stands behind each ``@``: a moment that has been, a person, a colleague; neither where
    it fits two of them."""
    from tui_crm.core.dates import past_reader

    for mark in _AT.finditer(line):
        behind = re.split(r"[\0,;>]", line[mark.end() :], maxsplit=1)[0]
        words = list(re.finditer(r"\S+", behind))[:_MOMENT_WORDS]
        people, colleagues = _named(behind, known)
        if len(people) + len(colleagues) == 1:
            ((name, length),) = people or colleagues
            yield mark.start(), mark.end() + length, "person" if people else "mention", name
        if people or colleagues:
            continue
        for count in range(len(words), 0, -1):
            end = words[count - 1].end()
            text = behind[:end].rstrip(".")
            at = past_reader.read_moment(text, now, locale)
            # A bare number is no moment, and what is still to come cannot be logged.
            if at is not None and not text.isdecimal() and at <= now:
                yield mark.start(), mark.end() + len(text), "at", at
                break


def _named(text: str, known: Known) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The people and the colleagues that the text begins with, each with the length of the name
    that was typed; only those of whom most was typed."""
    people = [(name, _begins(text, (name, name.split()[0]))) for name in known.people if name]
    colleagues = [
        (names[0], _begins(text, (*names, *(n.split()[0] for n in names if n.strip()))))
        for names in known.colleagues()
    ]
    most = max((length for _name, length in (*people, *colleagues)), default=0)
    if not most:
        return [], []
    return [p for p in people if p[1] == most], [c for c in colleagues if c[1] == most]


def _begins(text: str, names: Sequence[str]) -> int:
    """The length of the longest of the names that the text begins with as a whole word, case and
    accents aside."""
    best = 0
    for name in filter(None, names):
        found = re.match(r"\S+" + r"\s+\S+" * (len(name.split()) - 1), text)
        typed = found.group().rstrip(".,;:!?)'") if found else ""
        if typed.endswith(("'s", "’s")):
            typed = typed[:-2]
        if typed and fold(" ".join(typed.split())) == fold(name):
            best = max(best, len(typed))
    return best


def _labelled(line: str, known: Known) -> Iterator[tuple[int, int, Labelled]]:
    """Each label with its value; one whose value has not the shape of its kind stays words."""
    own = {fold(label): label for label in known.labels}
    names = sorted({*_WHAT, *own}, key=len, reverse=True)
    folded = _folded(line)
    pattern = re.compile(rf"(?<![^\s\0,;(])({'|'.join(map(re.escape, names))})\s?:\s?(?=\S)")
    starts = [found.start() for found in pattern.finditer(folded)] + [len(line)]
    end_of_last = 0
    for found in pattern.finditer(folded):
        if found.start() < end_of_last:
            continue
        label = found[1]
        stop = min(start for start in starts if start >= found.end())
        what = _WHAT.get(label, "lead")
        shape = _VALUES.get(what, _FREE)
        value = shape.match(line[:stop], found.end())
        if value is None or not value.group().strip():
            continue
        end_of_last = value.end()
        typed = line[found.start(1) : found.end(1)]
        yield found.start(), value.end(), Labelled(what, own.get(label, typed), value.group())


def _folded(line: str) -> str:
    """The line for comparison, letter by letter: as long as it was."""
    if line.isascii():
        return line.lower()
    return "".join(f if len(f := fold(letter)) == 1 else letter for letter in line)
