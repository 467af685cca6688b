"""The grammar of the filter line over leads: how a line is split into words, ``or``, brackets and
``-``, and how what was read is written down again. What the words mean is in :mod:`.filter_terms`.

    line  = branch {"or" branch}
    branch = item {["and"] item}
    item  = {"-"} ("(" line ")" | word)
    word  = label sign value | text        sign: : = < > <= >=

Words beside each other must all be true; ``or`` binds weaker than that. Quotes hold a value, a text
or a label together (``client:"Casa Ruiz"``, ``"Postal code":48``), a quote inside them is written
twice. Any text can be read: a bracket that is not closed ends with the line, an ``or`` with nothing
on one side is left out, as both are how a line looks while it is typed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_WORDS = 100  # of one line
MOST_DEEP = 10  # brackets in brackets; SQLite reads a hundred levels, each costs several
SETTINGS = ("sort", "group", "columns")
"""Words that say how the leads are shown; they stand outside the condition, wherever they are."""

_QUOTED = re.compile(r'"((?:[^"]|"")*)(?:"|$)')
_LABELLED = re.compile(r'("(?:[^"]|"")*"|[^\s":<>=()]+)(:|>=|<=|>|<|=)')
_OPERATORS = ("or", "and")


@dataclass(frozen=True)
class Word:
    """One word: a label with a sign and a value (``amount``, ``>``, ``5000``), or a text that is
    searched for, whose label and sign are empty. ``quoted`` tells ``sector:""`` from a word that
    is still being typed."""

    label: str
    sign: str
    value: str
    quoted: bool = False

    def __str__(self) -> str:
        label = self.label
        if label and not re.fullmatch(r'[^\s":<>=()-][^\s":<>=()]*', label):
            label = _quote(label)
        bare = f"{label}{self.sign}{self.value}"
        if not self.quoted and not set(self.value) & set("()") and _tokens(bare) == [self]:
            return bare
        return f"{label}{self.sign}{_quote(self.value)}"


@dataclass(frozen=True)
class Not:
    """What must not be true."""

    part: Tree

    def __str__(self) -> str:
        return f"-{_in_brackets(self.part, (All, Either))}"


@dataclass(frozen=True)
class All:
    """What must be true together; without parts it excludes nothing."""

    parts: tuple[Tree, ...] = ()

    def __str__(self) -> str:
        return " ".join(_in_brackets(part, (Either,)) for part in self.parts)


@dataclass(frozen=True)
class Either:
    """Of what at least one must be true."""

    parts: tuple[Tree, ...]

    def __str__(self) -> str:
        return " or ".join(str(part) for part in self.parts)


Tree = Word | Not | All | Either
EVERYTHING = All()


@dataclass(frozen=True)
class Parsed:
    """A line as it was read: its condition, the words of `SETTINGS`, and the brackets or words
    that could not be used (each as it was typed)."""

    tree: Tree
    settings: tuple[Word, ...] = ()
    unused: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.tree, *self.settings) if part != EVERYTHING)


def read(text: str) -> Parsed:
    """Read a line. Never raises; ``str()`` of the result is read as the same again."""
    return _Reader(text).read()


def words_in(tree: Tree) -> Iterator[Word]:
    """The words of a condition, in order."""
    if isinstance(tree, Word):
        yield tree
    elif isinstance(tree, Not):
        yield from words_in(tree.part)
    else:
        for part in tree.parts:
            yield from words_in(part)


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """What must be true together: the parts of `All`, else the whole."""
    return tree.parts if isinstance(tree, All) else (tree,)


def all_of(parts: tuple[Tree, ...]) -> Tree:
    """`All` of these, flat; one part is itself."""
    flat: list[Tree] = []
    for part in parts:
        flat += part.parts if isinstance(part, All) else (part,)
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def either_of(parts: tuple[Tree, ...]) -> Tree:
    """`Either` of these, flat; one part is itself, and none excludes nothing."""
    flat: list[Tree] = []
    for part in parts:
        flat += part.parts if isinstance(part, Either) else (part,)
    return EVERYTHING if not flat else flat[0] if len(flat) == 1 else Either(tuple(flat))


def without(tree: Tree, dropped: Tree) -> Tree:
    """The condition without one of the parts that must be true together."""
    return all_of(tuple(part for part in parts_of(tree) if part != dropped))


def last_word(text: str) -> str:
    """The word at the end of a line, as it is typed so far, without its ``-`` and brackets; empty
    behind a blank."""
    tokens = _scan(text)
    return text[tokens[-1][1] :] if tokens and tokens[-1][2] == len(text) else ""


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _in_brackets(tree: Tree, kinds: tuple[type[Tree], ...]) -> str:
    return f"({tree})" if isinstance(tree, kinds) else str(tree)


# -- tokens ---------------------------------------------------------------------------------------

Token = Word | str
"""A word, or one of ``( ) - or and``."""


@functools.lru_cache(maxsize=256)
def _scan(text: str) -> tuple[tuple[Token, int, int], ...]:
    """The tokens of a line, each with where it begins and ends."""
    found: list[tuple[Token, int, int]] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()" or (char == "-" and text[at + 1 : at + 2].strip(" \t\n)")):
            found.append((char, at, at + 1))
            at += 1
        else:
            word, end = _word(text, at)
            found.append((word, at, end))
            at = end
    return tuple(found)


def _tokens(text: str) -> list[Token]:
    return [token for token, _start, _end in _scan(text)]


def _word(text: str, at: int) -> tuple[Token, int]:
    """The word that begins at ``at``, and where it ends."""
    labelled = _LABELLED.match(text, at)
    if labelled is not None:
        start = labelled.end()
        quoted = _QUOTED.match(text, start)
        end = quoted.end() if quoted else _end_of_bare(text, start)
        value = quoted.group(1).replace('""', '"') if quoted else text[start:end]
        label = labelled.group(1)
        if label[0] == '"':
            label = label[1:-1].replace('""', '"')
        if not _is_address(label, value) and label:
            return Word(label, labelled.group(2), value, quoted is not None and not value), end
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        return Word("", "", quoted.group(1).replace('""', '"')), quoted.end()
    end = _end_of_bare(text, at)
    bare = text[at:end]
    return (bare.casefold() if bare.casefold() in _OPERATORS else Word("", "", bare)), end


def _is_address(label: str, value: str) -> bool:
    """Whether a colon is that of an address or an hour: ``https://…``, ``9:30``."""
    return value.startswith("//") or label.isdigit()


def _end_of_bare(text: str, at: int) -> int:
    """Where an unquoted word ends: before a blank, or a bracket that was opened before it."""
    opened = 0
    for place in range(at, len(text)):
        char = text[place]
        if char.isspace():
            return place
        if char == "(":
            opened += 1
        elif char == ")":
            if not opened:
                return place
            opened -= 1
    return len(text)


class _Reader:
    """Reads the tokens of one line."""

    def __init__(self, text: str) -> None:
        tokens = _tokens(text)
        self._settings = tuple(t for t in tokens if isinstance(t, Word) and _is_setting(t))
        self._tokens = [t for t in tokens if not (isinstance(t, Word) and _is_setting(t))]
        self._at = 0
        self._words = 0
        self._unused: list[str] = []

    def read(self) -> Parsed:
        parts = [self._either(0)]
        while self._next() == ")":  # one that closes nothing
            if "(" not in self._unused:
                self._unused.append(")")
            self._at += 1
            parts.append(self._either(0))
        return Parsed(all_of(tuple(parts)), self._settings, tuple(dict.fromkeys(self._unused)))

    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _either(self, deep: int) -> Tree:
        branches: list[Tree] = []
        while True:
            branch = self._all(deep)
            if branch != EVERYTHING:
                branches.append(branch)
            if self._next() != "or":
                return either_of(tuple(branches))
            self._at += 1

    def _all(self, deep: int) -> Tree:
        parts: list[Tree] = []
        while (token := self._next()) not in (None, ")", "or"):
            if token == "and":
                self._at += 1
            else:
                parts.append(self._item(deep))
        return all_of(tuple(parts))

    def _item(self, deep: int) -> Tree:
        negated = False
        while self._next() == "-":
            negated = not negated
            self._at += 1
        token = self._next()
        part: Tree = EVERYTHING
        if token == "(":
            self._at += 1
            if deep < MOST_DEEP:
                part = self._either(deep + 1)
            else:
                self._unused.append("(")
                return EVERYTHING
            if self._next() == ")":
                self._at += 1
        elif token is not None and token != ")":
            self._at += 1
            self._words += 1
            word = token if isinstance(token, Word) else Word("", "", token)
            if self._words <= MOST_WORDS:
                part = word
            else:
                self._unused.append(str(word))
        if not negated or part == EVERYTHING:
            return part
        return part.part if isinstance(part, Not) else Not(part)


def _is_setting(word: Word) -> bool:
    return word.label.casefold() in SETTINGS
