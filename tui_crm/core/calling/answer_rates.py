"""When the people of a prospect list answer: reached calls by weekday and hour of their own clock,
and the order of calling that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tui_crm.core.calling.plan import Rules, rules_of
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.session import Session
from tui_crm.core.text import _

K = 20  # calls that the overall rate counts as in the rate of an hour: see `formula`
MOST = 50_000  # the latest calls of a list that are counted
CACHED = 5 * 60  # seconds for which counted rates are used
_QUARTER = 900  # seconds; no zone is off the hour by anything finer

Hour = tuple[int, int]
"""``(ISO weekday, hour of the day)`` on the prospect's clock."""


@dataclass(frozen=True)
class AnswerRates:
    """How often somebody was reached, by the hour of the prospect's clock: ``reached`` of
    ``calls`` in each hour with a call, and of all together. Rows in several zones count by the
    first, rows in none by the list's."""

    reached: Mapping[Hour, int]
    calls: Mapping[Hour, int]
    all_reached: int
    all_calls: int

    @property
    def overall(self) -> float:
        """Reached of all calls, 0.0 to 1.0; 0.0 when there is none."""
        return self.all_reached / self.all_calls if self.all_calls else 0.0

    def rate(self, weekday: int, hour: int) -> float:
        """The rate of an hour, 0.0 to 1.0, drawn towards the overall one the more the fewer
        calls there are: :func:`formula`."""
        at = weekday, hour
        return (self.reached.get(at, 0) + K * self.overall) / (self.calls.get(at, 0) + K)

    def words(self, weekday: int, hour: int) -> str:
        """The hour's figures in words: ``31% answer at this hour (11 of 36)``."""
        reached, calls = self.reached.get((weekday, hour), 0), self.calls.get((weekday, hour), 0)
        if not calls:
            return _("no call at this hour yet")
        return _("{percent}% answer at this hour ({reached} of {calls})").format(
            percent=round(100 * reached / calls), reached=f"{reached:,}", calls=f"{calls:,}"
        )


def formula() -> str:
    """How the hours are ranked, in a sentence: a mean shrunk towards the overall rate."""
    return _(
        "Rate of an hour = (reached in it + {k} x the list's overall rate) / (calls in it + {k}),"
        " by weekday and hour of the prospect's own clock, from the latest {most} calls."
    ).format(k=K, most=f"{MOST:,}")


_cache: dict[tuple[str, int], tuple[int, AnswerRates]] = {}


def answer_rates(session: Session, list_id: int) -> AnswerRates:
    """The rates of a list, from its latest :data:`MOST` calls. Counted at most once in
    :data:`CACHED` seconds: no key waits for it twice. Raises NotFound."""
    rules = rules_of(session, list_id)
    cached = _cache.get((session.store.url, list_id))
    if cached is None or not 0 <= rules.at - cached[0] < CACHED:
        cached = _cache[session.store.url, list_id] = rules.at, _count(session, rules)
    return cached[1]


def _count(session: Session, rules: Rules) -> AnswerRates:
    """The store adds up by zone and quarter of an hour, within which no clock changes its hour;
    the hour of each zone's clock is worked out here."""
    reached: dict[Hour, int] = {}
    calls: dict[Hour, int] = {}
    for zone, quarter, n, n_reached in session.store.rows(
        f"SELECT prospects.zone, latest.at / {_QUARTER}, COUNT(*), SUM(latest.reached) FROM"
        " (SELECT prospect_id, at, reached FROM actions WHERE list_id = ? AND kind = 'call'"
        f" ORDER BY at DESC LIMIT {MOST}) AS latest"
        " JOIN prospects ON prospects.id = latest.prospect_id"
        f" GROUP BY prospects.zone, latest.at / {_QUARTER}",
        (rules.info.id,),
    ):
        at = hour_of(rules, zone, int(quarter) * _QUARTER)
        calls[at] = calls.get(at, 0) + int(n)
        reached[at] = reached.get(at, 0) + int(n_reached)
    return AnswerRates(
        reached=MappingProxyType(reached),
        calls=MappingProxyType(calls),
        all_reached=sum(reached.values()),
        all_calls=sum(calls.values()),
    )


def hour_of(rules: Rules, zone: str, at: int) -> Hour:
    """Weekday and hour of a moment on the clock of a row's zone."""
    local = calling_rules.local_time(at, rules.zone(zone))
    return local.isoweekday(), local.hour
