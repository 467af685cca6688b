"""E-mail addresses: found in what people type, whole or not at all, and compared.

An address is what RFC 5322 allows (letters and digits of any script, ``!#$%&'*+/=?^_`{|}~-`` and
single dots, or a quoted part, before the ``@``; a host name with at least two labels behind it).
It ends at a blank, a comma, a semicolon, a bracket or a quotation mark. What has an ``@`` and is
not understood whole is no address: the part of one could be somebody else's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tui_crm.core.text import PLACEHOLDER, clean, fold

_ATOM = r"[\w!#$%&'*+/=?^`{|}~\-]+"
_LOCAL = rf"(?P<local>{_ATOM}(?:\.{_ATOM})*|\"(?:[^\"\\@\n]|\\.){{1,62}}\")"
_LABEL = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_DOMAIN = rf"(?P<domain>(?:{_LABEL}\.){{1,8}}(?:xn--[a-z0-9\-]{{2,58}}|[^\W\d_]{{2,63}}))"
_ADDRESS = re.compile(rf"{_LOCAL}@{_DOMAIN}(?![\w\-])(?!\.[\w.])", re.IGNORECASE)

plain = re.compile(
    r"(?=[^@]{1,64}@)[a-z0-9_+-]{1,40}(?:\.[a-z0-9_+-]{1,40}){0,8}@(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,5}[a-z]{2,40}",
    re.ASCII | re.IGNORECASE,
).fullmatch
"""Matches a cell that is one address, plainly written, and nothing else: as most are, so that no
search through the text is needed."""

_PARTS = re.compile(r"\"(?:[^\"\\]|\\.)*\"@[^\s,;<>()\[\]\"]*|[^\s,;<>()\[\]\"\\]+")
_LABELLED = re.compile(r"(?:[^\W\d_]|[.\- ]){2,30}:+", re.IGNORECASE)
_PAIRS = frozenset(("''", "‘’", "“”", "„“", "«»", "‹›", "`´", "**"))
_BETWEEN = "/|&+:"
_AFTER = re.compile(r"[.!?:’”»…*]*")
_AND = frozenset(
    ("and", "or", "y", "o", "u", "e", "ou", "et", "und", "oder", "cc", "bcc", "to", "mail", "email")
)


class Emails(NamedTuple):
    """The addresses of a cell as typed, in order, and the parts with an ``@`` that are none."""

    found: tuple[str, ...]
    odd: tuple[str, ...]


def read(cell: str) -> Emails:
    """Every address in a cell, each once whatever its case, and what is odd about the cell.

    ``"Ana <ana@example.com>; mailto:ben@example.com"`` has two, ``"john smith@example.com"`` none:
    whether a word before an address belongs to it is not known, unless it names the same person
    (``"Ana Ruiz ana.ruiz@example.com"``) or a sign parts them."""
    if plain(cell):
        return Emails((cell,), ())
    text = clean(cell).replace(PLACEHOLDER, " ").replace("mailto:", " mailto:")
    if "@" not in text:
        return Emails((), ())
    found: dict[str, str] = {}
    odd: list[str] = []
    words: list[str] = []  # directly before, parted by blanks only
    end = 0
    for part in _PARTS.finditer(text):
        if text[end : part.start()].strip():
            words = []
        end = part.end()
        if "@" not in part[0]:
            words = [] if part[0][-1] in ":-–—=/|&" else [*words, part[0]]
            continue
        addresses = _whole(part[0])
        if _is_glued(text, part.start()):
            odd.append(part[0])
        elif not addresses or not _stands_alone(words, addresses[0]):
            odd.append(" ".join([*words, part[0]]) if addresses else part[0])
        else:
            for address in addresses:
                found.setdefault(address.casefold(), address)
        words = []
    return Emails(tuple(found.values()), tuple(odd))


def find(cell: str) -> list[str]:
    """Every address in a cell, as typed, in order, each once whatever its case."""
    return list(read(cell).found)


def key(text: str) -> str | None:
    """The one address in ``text`` for comparing, without case; None when there is not one, or
    something beside it that may be another."""
    addresses, odd = read(text)
    return addresses[0].casefold() if len(addresses) == 1 and not odd else None


def _whole(part: str) -> list[str]:
    """The addresses that a part without blanks consists of, [] when it is not only addresses."""
    mailto = part.lower().startswith("mailto:")
    if part[0] + part[-1] in _PAIRS:
        part = part[1:-1]
    if label := _LABELLED.match(part):
        part = part[label.end() :]
    if part[:1] == "'":  # a spreadsheet's sign for text, or the first of a name: not known
        return []
    found = []
    while match := _ADDRESS.match(part):
        if len(match["local"]) > 64:
            return []
        found.append(match[0])
        rest = part[match.end() :]
        if not rest or _AFTER.fullmatch(rest) or (mailto and rest[0] == "?"):
            return found
        if rest[0] not in _BETWEEN:
            return []
        part = rest.lstrip(_BETWEEN)
    return []


def _is_glued(text: str, start: int) -> bool:
    """Whether what stands directly before a part may belong to its address: ``a,b@example.com``,
    ``(a)b@example.com``, ``"a"b@example.com``."""
    sign, before = text[start - 1 : start], text[max(start - 2, 0) : start - 1]
    if sign == ",":
        return bool(before) and not before.isspace() and "@" not in text[:start].split(",")[-2]
    return (sign != "" and sign in ")]\\") or (sign == '"' and text.count('"', 0, start) % 2 == 0)


def _stands_alone(words: list[str], address: str) -> bool:
    """Whether the words before an address are no part of it."""
    if not words or fold(words[-1]) in _AND:
        return True
    local = fold(address.rpartition("@")[0])
    names = [fold(word).strip(".,'\"") for word in words]
    return len(names) > 1 and any(len(name) > 2 and name in local for name in names)
