"""What the word being typed in a filter line over leads could become, with how many leads the line
would find then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from peewee import SQL, Case, Node, fn

from tui_crm.core.leads import filter as lead_filter, filter_fields, filter_syntax as syntax
from tui_crm.core.leads.filter import COLUMNS, GROUPS, SORTS
from tui_crm.core.leads.filter_syntax import Word
from tui_crm.core.leads.filter_terms import TERMS
from tui_crm.core.session import Session
from tui_crm.core.setup.fields import squeezed
from tui_crm.core.store.tables import Lead, Step
from tui_crm.core.text import fold

MOST = 9
_SETTINGS = {"sort": sorted(SORTS), "group": GROUPS}


@dataclass(frozen=True)
class Completion:
    """``word`` in place of the last one; ``count`` leads are found then, ``None`` for a word that
    is not whole yet (``step:``) or where they were not counted."""

    word: str
    count: int | None = None


def complete(session: Session, text: str, *, counted: bool = True) -> list[Completion]:
    """What the last word of the line could become: labels, or values after ``step:``, ``Sector:``
    …; the whole word each, without the ``-`` or bracket before it; at most `MOST`. ``counted``
    looks up how many leads each would find: one query that reads the leads once."""
    last = syntax.last_word(text)
    if not last:
        return []
    read = syntax.read(last)
    word = next(iter((*read.settings, *syntax.words_in(read.tree))), None)
    if word is None or not word.label:
        return [Completion(label) for label in _labels(session, last)]
    label = word.label.casefold()
    if label == "columns":
        return [Completion(f"{word.label}:{one}") for one in _columns(word.value)]
    if word.sign != ":":
        return []
    if label in _SETTINGS:
        begun = (v for v in _SETTINGS[label] if v.startswith(fold(word.value).lstrip("-")))
        return [Completion(f"{word.label}:{value}") for value in begun][:MOST]
    term = TERMS.get(label)
    values = term.values(session) if term else filter_fields.values(session, word.label)
    found = [str(Word(word.label, ":", value)) for value in _begun(values, word.value)]
    if not counted or not found:
        return [Completion(one) for one in found]
    before = text[: len(text) - len(last)]
    counts = _counts(session, [before + one for one in found])
    return [Completion(one, count) for one, count in zip(found, counts, strict=True)]


def completed(text: str, word: str) -> str:
    """The line with its last word become ``word``."""
    return text[: len(text) - len(syntax.last_word(text))] + word


def _begun(values: Iterable[str], typed: str) -> list[str]:
    """The values that begin with what is typed, then those with a word that does."""
    wanted = fold(typed)
    first = [v for v in values if fold(v).startswith(wanted)]
    later = [v for v in values if wanted and f" {wanted}" in fold(v) and v not in first]
    return [*first, *later][:MOST]


def _labels(session: Session, typed: str) -> list[str]:
    """Labels that begin with what is typed, the words of every workspace before its own fields
    and categories."""
    wanted = fold(typed.strip('"'))
    if not wanted:
        return []
    own = [*filter_fields.categories(session), *filter_fields.labels(session)]
    built_in = {squeezed(label) for label in TERMS}
    named = dict.fromkeys(one for one in own if squeezed(one) not in built_in)
    labels = [_begin(label) for label in TERMS if label.startswith(wanted)]
    labels += [str(Word(one, ":", "")) for one in named if fold(one).startswith(wanted)]
    labels += [f"{name}:" for name in syntax.SETTINGS if name.startswith(wanted)]
    return labels[:MOST]


def _begin(label: str) -> str:
    """A label with the sign that usually follows: ``step:``, ``amount>``."""
    example = TERMS[label].example
    return label + example[len(label)]


def _columns(typed: str) -> list[str]:
    """Lists of columns with the last one completed."""
    before, comma, last = typed.rpartition(",")
    chosen = before.split(",")
    begun = (c for c in COLUMNS if c.startswith(fold(last)) and c not in chosen)
    return [f"{before}{comma}{column}" for column in begun][:MOST]


def _counts(session: Session, lines: list[str]) -> list[int]:
    """How many leads each of the lines finds, from one pass over the leads."""
    conditions = [lead_filter.parse(session, line).condition() for line in lines]
    sums: list[Node] = [fn.SUM(Case(None, [(one, 1)], 0)) for one in conditions]
    query = Lead.select(*sums, fn.COUNT(SQL("*"))).join(Step, on=(Step.id == Lead.step_id))
    return [int(count or 0) for count in session.store.select(query)[0][: len(lines)]]
