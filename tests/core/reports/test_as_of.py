"""Reports over the life of a small company, told through the operations themselves.

Two checks that know nothing of the reports' own reading: a day's figures asked for later (as of
that day) are the ones that were read on that day; and today's figures are added up again from
whole tables in plain Python.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.conftest import Clock
from tests.core.reports.data import Story
from tests.core.reports.test_random import table
from tui_crm.core import reports
from tui_crm.core.dates import periods
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import actions, closing, leads
from tui_crm.core.reports import Filters, Rate
from tui_crm.core.setup import pipelines, tags
from tui_crm.core.store import open_store, tables
from tui_crm.core.team import members
from tui_crm.core.team.sign_in import sign_in

BEGIN = datetime(2026, 10, 20, 7, 0, tzinfo=UTC)  # the clocks of Madrid change on the 25th
STEPS = ("Qualified", "Contacted", "Proposal", "Closing", "First talk", "Signed")
PRICES = (None, 0, 5_00, 1234_56, 999_999_99)

act = st.tuples(
    st.integers(1, 30),  # hours until then
    st.sampled_from(["ana", "ben"]),
    st.sampled_from(
        ["create"] * 3
        + ["step"] * 3
        + [
            "give",
            "amount",
            "expect",
            "chance",
            "won",
            "won",
            "lost",
            "cancelled",
            "reopen",
            "call",
            "call",
            "email",
            "note",
        ]
    ),
    st.integers(0, 9),
    st.integers(0, 9),
)
corrections = st.lists(
    st.tuples(st.sampled_from(["closed", "created", "tag"]), st.integers(0, 9), st.integers(0, 40)),
    max_size=5,
)
several = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass
class Company:
    """Ana and Ben at work, each through a session of their own, on one clock."""

    ana: Any
    ben: Any
    clock: Clock

    @property
    def numbers(self) -> list[int]:
        return [row[0] for row in self.ana.store.rows("SELECT id FROM leads ORDER BY id")]

    def empty(self) -> None:
        store = self.ana.store
        with store.transaction():
            for name in ("history", "actions", "lead_tags", "changes", "entries", "leads"):
                store.execute(f"DELETE FROM {name}")
        self.clock.now = BEGIN

    def do(self, who: str, what: str, a: int, b: int) -> None:
        """One act; what makes no sense just then is refused and nothing happens."""
        me = self.ana if who == "ana" else self.ben
        there = self.numbers
        if what == "create":
            leads.create(me, f"Lead {len(there)}", amount=PRICES[a % len(PRICES)])
            return
        if not there:
            return
        lead = there[a % len(there)]
        today = me.today
        with contextlib.suppress(CrmError):
            match what:
                case "step":
                    name = STEPS[b % len(STEPS)]
                    step = me.store.value("SELECT id FROM steps WHERE name = ?", (name,))
                    leads.set_step(me, lead, step)
                case "give":
                    leads.set_owner(me, lead, (None, self.ana.user_id, self.ben.user_id)[b % 3])
                case "amount":
                    leads.set_amount(me, lead, PRICES[b % len(PRICES)])
                case "expect":
                    leads.set_expected_close(me, lead, today + timedelta(days=4 * b - 8))
                case "chance":
                    leads.set_probability(me, lead, (None, 0, 33, 50, 100)[b % 5])
                case "won":
                    closing.won(me, lead, on=today - timedelta(days=b // 4))
                case "lost" | "cancelled":
                    getattr(closing, what)(me, lead, 1 + b % 2)
                case "reopen":
                    closing.reopen(me, lead)
                case "call":
                    actions.log(me, lead, "call", outcome=(1, 3)[b % 2], seconds=60 * b)
                case "email" | "note":
                    actions.log(me, lead, what, text="words")


@pytest.fixture
def company(sqlite_url: str) -> Any:
    clock = Clock(BEGIN)
    store = open_store(sqlite_url)
    ana = sign_in(store, "ana", clock=clock)[0]
    members.add_user(ana, "ben")
    ben = sign_in(store, "ben", clock=clock)[0]
    pipelines.add(ana, "Partners")
    for name in STEPS[4:]:
        pipelines.add_step(ana, name, 40, "Partners")
    Story(ana).tag("Fair")
    Story(ana).tag("Web")
    yield Company(ana, ben, clock)
    store.close()


# -- as of a past day -----------------------------------------------------------------------------

HISTORICAL = (
    "company",
    "team",
    "leads",
    "pipeline",
    "forecast",
    "reasons",
    "ageing",
    "velocity",
    "touchpoints",
    "activity",
    "sources",
)


def snapshot(session: Any, as_of: str | None) -> dict[str, Any]:
    found = {}
    for name in HISTORICAL:
        report = reports.run(session, name, Filters(period="2026-10-01..2026-11-30", as_of=as_of))
        found[name] = {
            "rows": sorted(map(repr, report.rows)),
            "totals": report.totals,
            "more": [sorted(map(repr, table.rows)) for table in report.more],
        }
    return found


@several
@given(st.lists(act, min_size=5, max_size=30))
def test_a_past_day_is_told_as_it_was_read_on_that_day(company: Company, acts: list[Any]) -> None:
    company.empty()
    told: dict[date, dict[str, Any]] = {}
    for ahead, who, what, a, b in acts:
        before = company.ana.today
        after = (company.clock.now + timedelta(hours=ahead)).astimezone(company.ana.zone).date()
        if after != before:
            told[before] = snapshot(company.ana, None)
        company.clock.go(hours=ahead)
        if what == "won":
            b = 0  # dated back it counts for an earlier day, by rule: not what was read then
        company.do(who, what, a, b)
    for day, was in list(told.items())[-6:]:
        now = snapshot(company.ana, day.isoformat())
        for name in HISTORICAL:
            assert now[name] == was[name], (day, name)


# -- added up again in plain Python ---------------------------------------------------------------


def cycle(lead: dict[str, Any]) -> int:
    return (date.fromisoformat(lead["closed_on"]) - date.fromisoformat(lead["created_on"])).days


def average(found: list[dict[str, Any]]) -> int | None:
    paid = [lead["amount"] for lead in found if lead["amount"]]
    return int(sum(paid) / len(paid) + 0.5) if paid else None


def money(found: list[dict[str, Any]]) -> int:
    return sum(lead["amount"] or 0 for lead in found)


@several
@given(
    st.lists(act, min_size=5, max_size=30),
    corrections,
    st.sampled_from(["2026-10", "2026-w44..2026-w47", "all"]),
)
def test_every_figure_of_today_is_added_up_again(
    company: Company, acts: list[Any], fixes: list[Any], period: str
) -> None:
    company.empty()
    company.ben = replace(company.ben, user=replace(company.ben.user, zone="America/New_York"))
    tables.User.update(zone="America/New_York").where(tables.User.name == "ben").execute()
    for ahead, who, what, a, b in acts:
        company.clock.go(hours=ahead)
        company.do(who, what, a, b)
    session, there = company.ana, company.numbers
    for what, a, days in fixes:
        if there:
            lead, day = there[a % len(there)], session.today - timedelta(days=days)
            with contextlib.suppress(CrmError):
                if what == "closed":
                    closing.set_closed_on(session, lead, day)
                elif what == "created":
                    closing.set_created_on(session, lead, day)
                else:
                    tags.change(session, lead, ("Fair", "Web")[days % 2])
    span = reports.run(session, "company", Filters(period=period)).period

    def within(day: str | None) -> bool:
        return day is not None and span.first.isoformat() <= day <= span.last.isoformat()

    everything = table(session, "leads")
    created = [lead for lead in everything if within(lead["created_on"])]
    closed = [lead for lead in everything if within(lead["closed_on"])]
    won = [lead for lead in closed if lead["status"] == "won"]
    lost = [lead for lead in closed if lead["status"] == "lost"]
    still = [lead for lead in everything if lead["status"] == "open"]
    users = {row["id"]: row["name"] for row in table(session, "users")}

    # leads: the cohort
    cohort = reports.run(session, "leads", Filters(period=period)).totals
    by = Counter(lead["status"] for lead in created)
    assert [cohort[k] for k in ("created", "won", "lost", "cancelled", "open")] == [
        len(created),
        by["won"],
        by["lost"],
        by["cancelled"],
        by["open"],
    ]
    assert cohort["win_rate"] == Rate(by["won"], len(created))
    cycles = [cycle(lead) for lead in everything if lead["status"] == "won"]
    age = (session.today - span.last).days
    assert cohort["young"] == (age < (median(cycles) if cycles else 0))

    # reasons
    labels = {row["id"]: row["label"] for row in table(session, "reasons")}
    ended: dict[tuple[Any, Any], list[Any]] = defaultdict(list)
    for lead in closed:
        if lead["status"] != "won":
            ended[labels.get(lead["reason_id"]), lead["status"]].append(lead)
    assert {
        (row["reason"], row["status"]): (row["count"], row["amount"])
        for row in reports.run(session, "reasons", Filters(period=period)).rows
    } == {key: (len(found), money(found)) for key, found in ended.items()}

    # sources
    names = {row["id"]: row["name"] for row in table(session, "tags")}
    tagged = defaultdict(set)
    for row in table(session, "lead_tags"):
        tagged[row["lead_id"]].add(names[row["tag_id"]])
    for row in reports.run(session, "sources", Filters(period=period)).rows:
        if row["category"] != "Source":
            continue

        def has(lead: dict[str, Any], tag: str = row["tag"]) -> bool:
            return tag in tagged[lead["id"]] if tag != "–" else not tagged[lead["id"]]

        wins = [lead for lead in won if has(lead)]
        assert row["created"] == sum(map(has, created))
        assert (row["won"], row["won_amount"]) == (len(wins), money(wins))
        assert row["average_won"] == average(wins)
        assert row["win_rate"] == Rate(len(wins), len(wins) + sum(map(has, lost)))

    # ageing
    year = periods.period("last-12m", session.today)
    recent = [
        cycle(lead)
        for lead in everything
        if lead["status"] == "won"
        and year.first.isoformat() <= lead["closed_on"] <= year.last.isoformat()
    ]
    usual = median(recent) if len(recent) >= 5 else None
    ages = {x["id"]: (session.today - date.fromisoformat(x["created_on"])).days for x in still}
    older = [lead for lead in still if usual is not None and ages[lead["id"]] > usual]
    totals = reports.run(session, "ageing").totals
    assert (totals["open"], totals["amount"]) == (len(still), money(still))
    assert totals["median_age_days"] == (median(ages.values()) if ages else None)
    if usual is None:
        assert totals["older"] is totals["older_amount"] is None
    else:
        assert (totals["older"], totals["older_amount"]) == (len(older), money(older))

    # velocity
    totals = reports.run(session, "velocity", Filters(period=period)).totals
    assert (totals["open"], totals["won"]) == (len(still), len(won))
    assert totals["average_won"] == average(won)
    share = Rate(len(won), len(won) + len(lost))
    assert totals["win_rate"] == share
    length = median([cycle(lead) for lead in won]) if won else None
    assert totals["cycle_days"] == length
    if len(won) < 5 or not length or average(won) is None:
        assert totals["velocity"] is None
    else:
        exact = len(still) * average(won) * (share.value or 0) / length
        assert totals["velocity"] == pytest.approx(exact, abs=0.51)

    # touchpoints
    zones = {row["id"]: ZoneInfo(row["zone"] or "Europe/Madrid") for row in table(session, "users")}
    touches = {lead["id"]: 0 for lead in won}
    for row in table(session, "actions"):
        lead = next((x for x in won if x["id"] == row["lead_id"]), None)
        if lead is not None and row["kind"] != "note":
            zone = zones.get(lead["closed_owner_id"], session.zone)
            day = datetime.fromtimestamp(row["at"], UTC).astimezone(zone).date().isoformat()
            touches[lead["id"]] += day <= lead["closed_on"]
    totals = reports.run(session, "touchpoints", Filters(period=period)).totals
    assert (totals["won"], totals["touches"]) == (len(won), sum(touches.values()))
    assert totals["none"] == sum(n == 0 for n in touches.values())
    assert totals["median"] == (median(touches.values()) if touches else None)
    if touches:
        assert totals["mean"] == pytest.approx(mean(touches.values()), abs=0.06)

    # team: each by the owner at closing
    for row in reports.run(session, "team", Filters(period=period)).rows:
        who = next((n for n, name in users.items() if name == row["rep"]), None)
        assert row["created"] == sum(lead["owner_id"] == who for lead in created)
        mine = [lead for lead in won if lead["closed_owner_id"] == who]
        assert (row["won"], row["won_amount"]) == (len(mine), money(mine))

    # hours: on the rep's own clock, since nothing is known of a prospect's
    expected = Counter()
    for row in table(session, "actions"):
        at = datetime.fromtimestamp(row["at"], UTC).astimezone(zones[row["user_id"]])
        if row["kind"] == "call" and within(at.date().isoformat()):
            expected[at.isoweekday(), at.hour, row["reached"]] += 1
    for row in reports.run(session, "hours", Filters(period=period)).rows:
        reached = expected.pop((row["weekday"], row["hour"], 1), 0)
        calls = reached + expected.pop((row["weekday"], row["hour"], 0), 0)
        assert (row["calls"], row["reached_rate"]) == (calls, Rate(reached, calls))
    assert not expected
