"""The chance of a lead to be won, learnt from the leads that the workspace closed itself.

A naive Bayes classifier: each known fact of a lead (its source, the step it stands on, how often it
answered) moves the base rate of winning by its log-odds, smoothed toward the base rate by
`SMOOTHING` leads. Facts that say the same twice (many actions, many answers) would count twice:
their sum is scaled by two numbers fitted on held-back leads (Platt, "Probabilistic outputs for
support vector machines", 1999). A sum that foretells nothing is scaled to the base rate.

What is known of a lead, and when, is read in :mod:`.score_facts`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from tui_crm.core.text import _

LEAST = 50
"""Won leads, and lost leads, below which nothing is said."""
SMOOTHING = 10
"""Leads at the base rate that are added to those of each fact."""
MOST_REASONS = 5
LEAST_OF_REASON = 5
"""Leads with a fact below which it is no reason."""
_LEAST_WEIGHT = 0.05  # log-odds of a reason: about one per cent of a chance
_FOLDS = 5


class Fact(NamedTuple):
    """Something known of a lead: ``kind`` says what (source, step, answers), ``value`` which."""

    kind: str
    value: int | str


class Example(NamedTuple):
    """A closed lead with what was known of it at a day before."""

    lead: int
    won: bool
    facts: tuple[Fact, ...]


class Reason(NamedTuple):
    """Why a chance is what it is: ``n`` of the ``d`` closed leads with a fact were won.
    ``raises`` says whether that is more than usual."""

    text: str
    n: int
    d: int
    raises: bool


class Scored(NamedTuple):
    """The chance of a lead from 0 to 1, the facts that speak loudest first."""

    chance: float
    facts: tuple[Fact, ...]


class Check(NamedTuple):
    """Chances of held-back leads: of each its number, its chance, whether it was won, and the base
    rate that the others had."""

    lead: int
    chance: float
    won: bool
    base: float


_Counts = dict[Fact, tuple[int, int]]


def _counted(examples: Iterable[Example]) -> _Counts:
    """Of each fact how many leads had it and were won, and how many had it."""
    counts: dict[Fact, tuple[int, int]] = {}
    for example in examples:
        for fact in example.facts:
            n, d = counts.get(fact, (0, 0))
            counts[fact] = n + example.won, d + 1
    return counts


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _weight(n: int, d: int, base: float) -> float:
    """The log-odds by which a fact moves the base rate."""
    return _logit((n + SMOOTHING * base) / (d + SMOOTHING)) - _logit(base)


@dataclass(frozen=True)
class Model:
    """What was learnt: of each fact ``counts`` (won, all); the chance is the logistic function of
    ``shift + scale *`` the sum of the weights. ``bounds`` are the amounts in minor units at which
    bands begin, ``labels`` the facts in words."""

    examples: Sequence[Example]
    counts: Mapping[Fact, tuple[int, int]]
    base: float
    shift: float
    scale: float
    bounds: tuple[int, ...] = ()
    labels: Mapping[Fact, str] = field(default_factory=dict)

    @cached_property
    def weights(self) -> dict[Fact, float]:
        """The log-odds of each fact."""
        return {fact: _weight(n, d, self.base) for fact, (n, d) in self.counts.items()}

    @cached_property
    def _scored(self) -> dict[tuple[Fact, ...], Scored]:
        return {}

    def score(self, facts: tuple[Fact, ...]) -> Scored:
        """The chance of a lead with these facts, and those of them that are reasons."""
        if facts in self._scored:
            return self._scored[facts]
        weights = self.weights
        whole = sum(weights.get(fact, 0.0) for fact in facts)
        telling = [
            fact
            for fact in facts
            if fact in weights
            and abs(self.scale * weights[fact]) >= _LEAST_WEIGHT
            and self.counts[fact][1] >= LEAST_OF_REASON
        ]
        telling.sort(key=lambda fact: (-abs(weights[fact]), fact.kind))
        chance = _logistic(self.shift + self.scale * whole)
        found = self._scored[facts] = Scored(chance, tuple(telling[:MOST_REASONS]))
        return found

    def reasons(self, scored: Scored) -> tuple[Reason, ...]:
        """The reasons in words, with their numbers."""
        return tuple(self.reason(fact) for fact in scored.facts)

    def reason(self, fact: Fact) -> Reason:
        """A fact as a reason: "answered twice in 7 days: 41 % of 66 won, against 22 %"."""
        n, d = self.counts[fact]
        words = _("{fact}: {share} % of {n} won, against {base} %").format(
            fact=self.labels.get(fact, fact.kind),
            share=f"{100 * n / d:.0f}",
            n=f"{d:,}",
            base=f"{100 * self.base:.0f}",
        )
        return Reason(words, n, d, n / d > self.base)

    def leads_with(self, facts: Iterable[Fact], won: bool | None = None) -> list[int]:
        """The numbers of the closed leads that had one of these facts, by number."""
        wanted = set(facts)
        return sorted(
            one.lead
            for one in self.examples
            if (won is None or one.won is won) and not wanted.isdisjoint(one.facts)
        )


def enough(examples: Sequence[Example]) -> bool:
    """Whether there are so many won and lost leads that something can be said."""
    won = sum(example.won for example in examples)
    return won >= LEAST and len(examples) - won >= LEAST


def fit(examples: Sequence[Example], bounds: tuple[int, ...] = ()) -> Model:
    """Learn from closed leads, of which some were won and some lost."""
    counts = _counted(examples)
    won = sum(example.won for example in examples)
    base = won / len(examples)
    sums = []
    for fold in range(_FOLDS):
        held = examples[fold::_FOLDS]
        inside = _counted(held)
        rest = len(examples) - len(held)
        # The rate of the others, never 0 or 1.
        usual = (won - sum(one.won for one in held) + 0.5) / (rest + 1)
        weights: dict[Fact, float] = {}
        for fact, (n, d) in inside.items():
            all_n, all_d = counts[fact]
            weights[fact] = _weight(all_n - n, all_d - d, usual)
        sums += [(sum(weights[fact] for fact in one.facts), one.won) for one in held]
    shift, scale = _scaled(sums, base)
    return Model(examples, counts, base, shift, scale, bounds)


def _scaled(sums: Sequence[tuple[float, bool]], base: float) -> tuple[float, float]:
    """The shift and the scale that make chances of sums of weights: the likeliest ones, by
    Newton's method."""
    shift, scale = _logit(base), 0.5
    for _turn in range(30):
        g0 = g1 = h01 = 0.0
        h00 = h11 = 1e-6
        for x, won in sums:
            chance = _logistic(shift + scale * x)
            spread = chance * (1 - chance)
            g0 += won - chance
            g1 += (won - chance) * x
            h00 += spread
            h01 += spread * x
            h11 += spread * x * x
        det = h00 * h11 - h01 * h01
        if det <= 0:
            break
        by_shift, by_scale = (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det
        shift, scale = shift + max(-2, min(2, by_shift)), scale + max(-1, min(1, by_scale))
        if abs(by_shift) + abs(by_scale) < 1e-7:
            break
    return (shift, scale) if scale > 0 else (_logit(base), 0.0)


def check(examples: Sequence[Example]) -> Iterator[Check]:
    """The chance of each lead as the leads of the other four fifths give it."""
    for fold in range(_FOLDS):
        held = examples[fold::_FOLDS]
        others = [one for place, one in enumerate(examples) if place % _FOLDS != fold]
        model = fit(others)
        for one in held:
            yield Check(one.lead, model.score(one.facts).chance, one.won, model.base)
