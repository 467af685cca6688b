"""Reports against a second computation: plain Python over all rows of a random store.

The second one knows nothing of the first: it reads whole tables into dictionaries, replays the
history from its beginning, and adds up day by day.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.reports import Filters, Rate
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in

START, TODAY = date(2026, 8, 1), date(2026, 11, 23)
USERS = ("ana", "ben", None)
STEPS = ("Qualified", "Contacted", "Proposal", "Closing")
PERIODS = ("2026-10", "2026-09..2026-11", "2026-w41", "all", "2026-08-15..2026-10-20")

events = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(STEPS)),
    st.tuples(st.just("give"), st.sampled_from(USERS)),
    st.tuples(st.just("amount"), st.sampled_from([None, 0, 100, 33333, 1_000_000])),
    st.tuples(st.just("expect"), st.sampled_from([None, "2026-10-10", "2026-11-23", "2026-12-24"])),
    st.tuples(st.just("probability"), st.sampled_from([None, 0, 33, 100])),
    st.tuples(st.just("close"), st.sampled_from(["won", "lost", "cancelled"])),
    st.tuples(st.just("reopen"), st.none()),
)
lead = st.fixed_dictionaries(
    {
        "created": st.integers(0, 100),
        "owner": st.sampled_from(USERS),
        "amount": st.sampled_from([None, 0, 5, 1234.56]),
        "step": st.sampled_from(STEPS),
        "events": st.lists(st.tuples(st.integers(0, 30), events), max_size=6),
    }
)
action = st.tuples(
    st.sampled_from(["ana", "ben", "cleo"]),
    st.sampled_from(["call", "email", "note", "visit"]),
    st.booleans(),
    st.datetimes(datetime(2026, 9, 28), datetime(2026, 11, 2)),
    st.sampled_from([None, 0.5, 7]),
)
several = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def empty(sqlite_url, clock):
    """Ana in Madrid, Ben in New York, Cleo in Kolkata, and nothing done yet."""
    store = open_store(sqlite_url)
    session, _said = sign_in(store, "ana", clock=clock)
    Story(session).user("ben", zone="America/New_York")
    Story(session).user("cleo", zone="Asia/Kolkata")
    yield session
    store.close()


def fill(session, leads=(), actions=()):
    """A store with these leads and actions and no others."""
    store = session.store
    with store.transaction():
        for table in ("history", "actions", "leads"):
            store.execute(f"DELETE FROM {table}")
        story = Story(session)
        for values in leads:
            day = START + timedelta(days=values["created"])
            number = story.lead(
                day.isoformat(), owner=values["owner"], amount=values["amount"], step=values["step"]
            )
            is_open = True
            for ahead, (what, value) in values["events"]:
                day = min(day + timedelta(days=ahead), TODAY)
                on = day.isoformat()
                if what == "give":
                    story.give(number, value, on)
                elif what == "reopen" and not is_open:
                    story.reopen(number, on)
                    is_open = True
                elif is_open and what == "move":
                    story.move(number, value, on)
                elif is_open and what == "close":
                    story.close(number, value, on)
                    is_open = False
                elif is_open and what in ("amount", "expect", "probability"):
                    column = {"expect": "expected_close"}.get(what, what)
                    story.change(number, on, **{column: value})
        for who, kind, reached, at, minutes in actions:
            when = at.isoformat(" ", "minutes")
            if kind == "call":
                story.call(who, when, reached, minutes=minutes)
            else:
                story.act(who, when, kind, minutes=minutes)


def table(session, name):
    columns = [c.name for c in session.store.db.get_columns(name)]
    return [
        dict(zip(columns, row, strict=True))
        for row in session.store.rows(f"SELECT {', '.join(columns)} FROM {name} ORDER BY id")
    ]


def replayed(session, until):
    """Every lead as its history tells it, from nothing to the end of a day."""
    found = {}
    created = {r["id"]: r["created_on"] for r in table(session, "leads")}
    for act in table(session, "history"):
        if act["on_day"] > until:
            continue
        deal = found.setdefault(
            act["lead_id"],
            {
                "created": created[act["lead_id"]],
                "status": "open",
                "owner": None,
                "amount": None,
                "expected_close": None,
                "probability": None,
                "closed": None,
                "closer": None,
                "path": [],
            },
        )
        value = act["became"]
        if act["field"] == "status":
            shut = value != "open"
            deal.update(
                status=value,
                closed=act["on_day"] if shut else None,
                closer=deal["owner"] if shut else None,
            )
        elif act["field"] == "step":
            deal["path"].append((int(value), act["on_day"]))
        elif act["field"] == "expected_close":
            deal["expected_close"] = value
        else:
            deal[act["field"]] = None if value is None else int(value)
    return list(found.values())


def days_of(period):
    day, found = period.first, []
    while day <= period.last:
        found.append(day.isoformat())
        day += timedelta(days=1)
    return set(found)


def closing_figures(created, closed):
    won = [d for d in closed if d["status"] == "won"]
    lost = sum(d["status"] == "lost" for d in closed)
    cycles = [
        (date.fromisoformat(d["closed"]) - date.fromisoformat(d["created"])).days for d in won
    ]
    paid = [d["amount"] for d in won if d["amount"]]
    return {
        "created": len(created),
        "won": len(won),
        "won_amount": sum(paid),
        "won_without_amount": len(won) - len(paid),
        "average_won": int(sum(paid) / len(paid) + 0.5) if paid else None,
        "lost": lost,
        "cancelled": len(closed) - len(won) - lost,
        "win_rate": Rate(len(won), len(won) + lost),
        "win_rate_all": Rate(len(won), len(closed)),
        "cycle_mean_days": mean(cycles) if cycles else None,
        "cycle_median_days": median(cycles) if cycles else None,
        "created_amount": sum(d["amount"] or 0 for d in created),
    }


def without(row, *keys):
    return {key: value for key, value in row.items() if key not in keys}


GIVEN_LATER = {
    "created": 21,
    "owner": None,
    "amount": None,
    "step": "Qualified",
    "events": [(10, ("close", "won")), (30, ("reopen", None)), (0, ("give", "ana"))],
}


@several
@given(
    st.lists(lead, max_size=12),
    st.sampled_from(PERIODS),
    st.sampled_from(["2026-09-30", "2026-10-12", "2026-11-23", None]),
)
@example([GIVEN_LATER], "2026-09..2026-11", "2026-09-30")
def test_company_and_team(empty, leads, period, as_of):
    fill(empty, leads)
    asked = {"period": period, "as_of": as_of}
    company = reports.run(empty, "company", Filters(by="day", **asked))
    team = reports.run(empty, "team", Filters(**asked))
    deals = list(replayed(empty, as_of or "2026-11-23"))
    span = days_of(company.period)
    created = [d for d in deals if d["created"] in span]
    closed = [d for d in deals if d["closed"] in span]
    assert without(company.totals, "period", "growth") == closing_figures(created, closed)
    for row in company.rows:
        day = row["period"]
        assert without(row, "period", "growth") == closing_figures(
            [d for d in created if d["created"] == day], [d for d in closed if d["closed"] == day]
        )
    sums = [row["won_amount"] for row in company.rows]
    for place, row in enumerate(company.rows[1:], 1):  # by day: none of them is running
        was, now = sums[place - 1 : place + 1]
        over = row["period"] > (as_of or "2026-11-23")
        assert row["growth"] == (None if over else Rate(now - was, was))
    users = {**Story(empty).users, "–": None}
    assert {row["rep"] for row in team.rows} >= {"ana", "ben"}
    for row in team.rows:
        who = users[row["rep"]]
        assert without(row, "rep") == closing_figures(
            [d for d in created if d["owner"] == who], [d for d in closed if d["closer"] == who]
        )
    assert sum(row["won"] for row in team.rows) == team.totals["won"]


@several
@given(
    st.lists(lead, max_size=12),
    st.sampled_from(PERIODS),
    st.sampled_from(["2026-09-30", "2026-10-12", None]),
)
def test_pipeline(empty, leads, period, as_of):
    fill(empty, leads)
    report = reports.run(empty, "pipeline", Filters(period=period, as_of=as_of))
    span = days_of(report.period)
    place = {row["id"]: (row["position"], row["name"]) for row in table(empty, "steps")}
    expected = {name: Counter() for _n, name in place.values()}
    stays = {name: [] for _n, name in place.values()}
    for deal in replayed(empty, as_of or "2026-11-23"):
        path = deal["path"]
        for step, (position, name) in place.items():
            entries = [i for i, (at, _day) in enumerate(path) if at == step]
            if not entries or path[entries[0]][1] not in span:
                continue
            after = path[entries[0] + 1 :]
            on = (
                deal["status"] == "won"
                or max([place[s][0] for s, _d in after], default=0) > position
            )
            fate = "converted" if on else "pending" if deal["status"] == "open" else "lost_here"
            expected[name].update(["entered", fate])
            away = [day for at, day in after if at != step]
            end = away[0] if away else deal["closed"]
            if end:
                begin = date.fromisoformat(path[entries[0]][1])
                stays[name].append((date.fromisoformat(end) - begin).days)
    for row in report.rows:
        counts = expected[row["step"]]
        for column in ("entered", "converted", "pending", "lost_here"):
            assert row[column] == counts[column], (row["step"], column)
        assert row["conversion"] == Rate(counts["converted"], counts["entered"])
        assert row["median_days"] == (median(stays[row["step"]]) if stays[row["step"]] else None)


@several
@given(
    st.lists(lead, max_size=12),
    st.sampled_from([*PERIODS, "2026-11..2026-12"]),
    st.sampled_from(["2026-09-30", "2026-10-12", None]),
)
def test_forecast(empty, leads, period, as_of):
    fill(empty, leads)
    report = reports.run(empty, "forecast", Filters(period=period, by="day", as_of=as_of))
    today = as_of or "2026-11-23"
    chance = {row["id"]: row["probability"] for row in table(empty, "steps")}
    expected = {row["period"]: [0, 0, 0, 0] for row in report.rows}  # won, open, x 100, leads
    for deal in replayed(empty, today):
        if deal["status"] == "won" and deal["closed"] in expected:
            expected[deal["closed"]][0] += deal["amount"] or 0
        if deal["status"] != "open":
            continue
        due = deal["expected_close"]
        key = "undated" if due is None else "overdue" if due < today else due
        if key in expected:
            own = deal["probability"]
            percent = chance[deal["path"][-1][0]] if own is None else own
            row = expected[key]
            row[1] += deal["amount"] or 0
            row[2] += (deal["amount"] or 0) * percent
            row[3] += 1
    for row in report.rows:
        won, open_, weighted, number = expected[row["period"]]
        assert (row["won_amount"], row["open_amount"], row["leads"]) == (won, open_, number)
        assert abs(row["weighted_amount"] * 100 - weighted) <= 50
    dated = [v for k, v in expected.items() if k not in ("undated", "overdue")]
    assert report.totals["won_amount"] == sum(v[0] for v in dated)
    assert report.totals["leads"] == sum(v[3] for v in dated)


@several
@given(
    st.lists(action, max_size=25),
    st.sampled_from(["2026-10", "2026-w40..2026-w44", "all"]),
    st.sampled_from(["day", "week", "month"]),
)
def test_activity(empty, actions, period, by):
    fill(empty, actions=actions)
    report = reports.run(empty, "activity", Filters(period=period, by=by))
    span = days_of(report.period)
    # Days of three zones; those of Madrid and New York change their clocks on different Sundays.
    zones = {
        "ana": ZoneInfo("Europe/Madrid"),
        "ben": ZoneInfo("America/New_York"),
        "cleo": ZoneInfo("Asia/Kolkata"),
    }
    names = {row["id"]: row["name"] for row in table(empty, "users")}
    outcomes = {row["id"]: row for row in table(empty, "outcomes")}
    number, reached, seconds = Counter(), Counter(), Counter()
    for row in table(empty, "actions"):
        who = names[row["user_id"]]
        day = datetime.fromtimestamp(row["at"], UTC).astimezone(zones[who]).date()
        if row["kind"] == "note" or day.isoformat() not in span:
            continue
        year, week, _weekday = day.isocalendar()
        label = {"day": day.isoformat(), "week": f"{year}-W{week:02d}", "month": f"{day:%Y-%m}"}[by]
        outcome = outcomes.get(row["outcome_id"], {"label": None, "lead_label": ""})
        on_lead = row["prospect_id"] is None and outcome["lead_label"]
        key = (who, label, row["kind"], outcome["lead_label" if on_lead else "label"])
        number[key] += 1
        reached[key] += row["reached"]
        seconds[key] += row["seconds"] or 0
    found = {
        (r["rep"], r["period"], r["kind"], r["outcome"]): (r["count"], r["reached"], r["minutes"])
        for r in report.rows
    }
    assert found == {k: (number[k], reached[k], round(seconds[k] / 60, 1)) for k in number}
    assert report.totals["count"] == sum(number.values())
