"""Goals: working days and days off, the pace against a second computation, the way back to
calls."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, rrule
from hypothesis import given, strategies as st

from tui_crm.core import reports
from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.reports import Filters, Rate
from tui_crm.core.reports.goals import LEAST_WINS, Pace, Z, money_goal
from tui_crm.core.session import find_member
from tui_crm.core.team import days_off, goals, members
from tui_crm.core.team.days_off import Workdays

# -- days off ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-12-24", ("2026-12-24",)),
        ("12-25", ("12-25",)),
        ("2026-12-24, 12-25", ("12-25", "2026-12-24")),
        ("2026-12-30..2027-01-02", ("2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02")),
        ("02-28..03-01", ("02-28", "02-29", "03-01")),
        ("12-30..01-01", ("01-01", "12-30", "12-31")),
        ("12-25 12-25 12-24..12-26", ("12-24", "12-25", "12-26")),
        ("", ()),
    ],
)
def test_days_off_as_typed(typed, kept):
    assert days_off.read(typed) == kept
    assert days_off.read(days_off.as_typed(kept)) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "2026-02-30",
        "13-01",
        "2026-12-31..2026-12-24",
        "12-24..2026-12-31",
        "christmas",
        "2026-01-01..2027-12-31",
        "..",
        "2026-12-24..",
    ],
)
def test_what_is_no_day_off_is_said(typed):
    with pytest.raises(CrmError, match="is no") as refused:
        days_off.read(typed)
    assert refused.value.hint.startswith("Type it as 2026-12-24")


def test_days_that_follow_each_other_read_as_one_range():
    assert days_off.as_typed(days_off.read("12-24..12-26 2026-05-01 2026-05-02 2026-05-04")) == (
        "12-24..12-26 2026-05-01..2026-05-02 2026-05-04"
    )


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(
    first=DAYS,
    length=st.integers(0, 120),
    off=st.sets(DAYS, max_size=20),
    yearly=st.sets(DAYS, max_size=5),
    weekdays=st.sets(st.integers(1, 7), min_size=1),
)
def test_working_days_are_the_weekdays_without_the_days_off(first, length, off, yearly, weekdays):
    """Counted the other way round: all days by dateutil's rule, the days off struck out."""
    last = first + timedelta(days=length)
    kept = frozenset([*(d.isoformat() for d in off), *(d.isoformat()[5:] for d in yearly)])
    struck = {(d.month, d.day) for d in yearly}
    every = rrule(
        DAILY,
        dtstart=datetime(first.year, first.month, first.day),
        until=datetime(last.year, last.month, last.day),
        byweekday=[day - 1 for day in weekdays],
    )
    left = [d for d in every if d.date() not in off and (d.month, d.day) not in struck]
    days = Workdays("".join(str(day) for day in sorted(weekdays)), (kept,))
    assert days.between(first, last) == len(left)


def test_a_team_works_while_one_of_it_does(session):
    members.add_user(session, "ben", team="North")
    members.add_user(session, "cleo", team="North")
    days_off.change(session, add=["2026-11-24..2026-11-27"], user="ben")
    days_off.change(session, add=["2026-11-26"], user="cleo")
    ben, cleo = (find_member(session.store, name).id for name in ("ben", "cleo"))
    week = date(2026, 11, 23), date(2026, 11, 29)

    def works(*users):
        return days_off.workdays(session.store, "12345", users).between(*week)

    assert (works(ben), works(cleo), works(ben, cleo), works()) == (1, 4, 4, 5)


def test_changing_days_off_leaves_the_others_and_undoes(session, clock):
    from tui_crm.core.store import undo

    days_off.change(session, add=["12-25", "2026-12-24"])
    days_off.change(session, add=["2026-12-31"], drop=["2026-12-24"])
    assert days_off.of_house(session.store) == ("12-25", "2026-12-31")
    undo.undo(session)
    assert days_off.of_house(session.store) == ("12-25", "2026-12-24")


def test_a_rep_changes_their_own_days_off_and_no_others(session, colleague):
    ben = colleague("ben")
    days_off.change(ben, add=["2026-12-24"], user="ben")
    assert days_off.of_user(session.store, ben.user_id) == ("2026-12-24",)
    with pytest.raises(NotAllowed):
        days_off.change(ben, add=["2026-12-24"])
    with pytest.raises(NotAllowed):
        days_off.change(ben, add=["2026-12-24"], user="ana")
    with pytest.raises(NotFound):
        days_off.change(session, add=["2026-12-24"], user="nobody")


# -- the pace, computed a second time --------------------------------------------------------------


def _span(day: date, unit: str) -> tuple[date, date]:
    """The running day, week, month, quarter or year, by dateutil and the ISO calendar; of a goal
    that was set today, today."""
    if unit in ("day", "all"):
        return day, day
    if unit == "week":
        year, week, _weekday = day.isocalendar()
        return date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = day.replace(day=1, month=1) if unit == "year" else day.replace(day=1)
    if unit == "quarter":
        first = first.replace(month=(day.month - 1) // 3 * 3 + 1)
    return first, first + relativedelta(months=months, days=-1)


def _working(first: date, last: date, off: list[set[str]]) -> int:
    count = 0
    for moment in rrule(
        DAILY,
        dtstart=datetime.combine(first, datetime.min.time()),
        until=datetime.combine(last, datetime.min.time()),
    ):
        day = moment.date()
        free = [day.isoformat() in one or f"{day:%m-%d}" in one for one in off]
        count += day.weekday() < 5 and not all(free)
    return count


def _again(session) -> list[dict]:
    """The rows of the report out of the exported tables, in plain Python."""
    store, today = session.store, session.today
    users = {
        row[0]: {"name": row[1], "team": row[2], "zone": ZoneInfo(row[3] or "Europe/Madrid")}
        for row in store.rows("SELECT id, name, team_id, zone FROM users")
    }
    actions = store.rows("SELECT user_id, kind, at FROM actions")
    leads = store.rows(
        "SELECT owner_id, closed_owner_id, created_on, closed_on, status, amount FROM leads"
    )
    house = set(days_off.of_house(store))
    found = []
    for user, group, kind, unit, target in store.rows(
        "SELECT user_id, team_id, kind, period, target FROM goals ORDER BY id"
    ):
        whose = (
            [user]
            if user
            else [n for n, u in users.items() if u["team"] == group]
            if group
            else [*users, None]
        )
        first, last = _span(today, unit)
        done = 0
        if kind in ("calls", "actions"):
            for who, what, at in actions:
                day = datetime.fromtimestamp(at, users[who]["zone"]).date()
                right = what == "call" if kind == "calls" else what != "note"
                done += who in whose and right and first <= day <= last
        for owner, closer, created, closed, status, amount in leads:
            if kind == "leads":
                done += owner in whose and first <= date.fromisoformat(created) <= last
            elif kind in ("wins", "amount") and status == "won" and closer in whose:
                right = first <= date.fromisoformat(closed) <= last
                done += right * (1 if kind == "wins" else amount or 0)
        off = [house]
        if user or group:
            off = [house | set(days_off.of_user(store, n)) for n in whose]
        left = _working(today, last, off)
        works = _working(today, today, off)
        days, gone = _working(first, last, off), _working(first, today, off)
        found.append(
            {
                "target": target,
                "done": done,
                "share": Rate(done, target),
                "days": days,
                "days_gone": gone,
                "by_now": target * (gone - works) // days if days else 0,
                "needed_per_day": ceil(max(target - done, 0) / left) if left else None,
            }
        )
        if unit == "all":
            found[-1] |= dict.fromkeys(("days", "days_gone", "by_now", "needed_per_day"))
    return found


@pytest.mark.parametrize(
    "days",
    [0, 7, 28, 38, 39, 42, 128],
    ids=[
        "a Monday",
        "last of November",
        "in the days off",
        "last of the quarter, week 53",
        "1 January, week 53",
        "a Monday in week 1",
        "31 March",
    ],
)
def test_the_pace_is_that_of_a_second_computation(story, clock, days):
    session = story.session
    story.user("ben", zone="America/New_York", team="North")
    story.user("cleo", zone="Asia/Kolkata", team="North")
    clock.go(days=days)
    today = session.today
    for n in range(60):
        day = today - timedelta(days=n)
        who = ("ana", "ben", "cleo")[n % 3]
        story.call(who, f"{day} 0{n % 8}:30")
        story.act(who, f"{day} 23:30", ("email", "note", "visit")[n % 3])
        lead = story.lead(day.isoformat(), amount=None if n % 7 == 0 else 100 * n, owner=who)
        if n % 2:
            story.close(lead, "won" if n % 4 == 1 else "lost", day.isoformat())
            story.give(lead, "ana", day.isoformat())
    days_off.change(session, add=["12-25", "2026-12-08", "2026-12-24..2027-01-02"])
    days_off.change(session, add=["2027-01-04..2027-01-08", "2026-11-24"], user="ben")
    days_off.change(session, add=["2027-01-04..2027-01-05", "2027-03-31"], user="cleo")
    for place, kind in enumerate(goals.KINDS):
        for unit in goals.PERIODS:
            goals.put(session, kind, unit, 7 + 11 * place, user="ben")
            goals.put(session, kind, unit, 50 + place, group="North")
            goals.put(session, kind, unit, 1 + 997 * place)
    rows = reports.run(session, "goals").rows
    assert len(rows) == 90 and any(row["done"] for row in rows)
    for row, again in zip(rows, _again(session), strict=True):
        assert {key: row[key] for key in again} == again, (row["who"], row["goal"], row["period"])


def test_running_totals_follow_a_goal_day_by_day(story, clock):
    session = story.session
    story.user("ben", zone="America/New_York")
    goals.put(session, "calls", "year", 500, user="ben")
    goals.put(session, "amount", "month", 90_000_01)
    goals.put(session, "leads", "all", 9)
    days_off.change(session, add=["2026-11-02"])
    for n in range(40):
        day = session.today - timedelta(days=3 * n)
        story.call("ben", f"{day} 05:30")  # the evening before, in New York
        lead = story.lead(day.isoformat(), amount=None if n % 5 == 0 else 1000 + n)
        if n % 2:
            story.close(lead, "won", day.isoformat())
    clock.go(days=2)
    story.lead(session.today.isoformat())
    report = reports.run(session, "goals")
    (table,) = report.more
    assert table.table == "running"
    calls, money, leads = (
        [row for row in table.rows if row["kind"] == kind] for kind in ("calls", "amount", "leads")
    )
    assert [row["day"] for row in calls] == [
        (date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(365)
    ]
    at = [row[0] for row in session.store.rows("SELECT at FROM actions WHERE kind = 'call'")]
    dialled = [datetime.fromtimestamp(one, ZoneInfo("America/New_York")).date() for one in at]
    won = session.store.rows(
        "SELECT closed_on, COALESCE(amount, 0) FROM leads WHERE status = 'won'"
    )
    works = _working(date(2026, 1, 1), date(2026, 12, 31), [{"2026-11-02"}])
    for row in calls[::7]:
        day = date.fromisoformat(row["day"])
        done = sum(date(2026, 1, 1) <= one <= day for one in dialled)
        assert row["done"] == (done if day <= session.today else None), day
        line = 500 * _working(date(2026, 1, 1), day, [{"2026-11-02"}]) / works
        assert row["line"] == pytest.approx(line, abs=0.005)
    assert len(money) == 30 and money[-1]["line"] == 90_000_01 and money[-1]["done"] is None
    for row in money[:24]:
        assert row["done"] == sum(a for on, a in won if "2026-11-01" <= on <= row["day"])
    assert [(row["day"], row["done"], row["line"]) for row in leads] == [
        ("2026-11-23", 1, None),
        ("2026-11-24", 1, None),
        ("2026-11-25", 2, None),
    ], "since it was set"
    assert (report.rows[-1]["done"], report.rows[-1]["by_now"]) == (2, None)
    assert calls[0]["period"] == "2026" and leads[0]["period"] == "all"


def test_a_goal_in_all_is_typed_beside_everybody_s(session):
    assert goals.read(session, "calls year 5000").period == "year"
    mine, every = goals.read(session, "wins all 9"), goals.read(session, "all calls day 50")
    assert (mine.period, mine.user) == ("all", "ana")
    assert (every.period, every.user, every.group) == ("day", "", "")
    goals.put(session, "wins", "all", 9)
    assert session.store.value("SELECT text FROM entries ORDER BY id DESC").endswith("wins in all")


def test_a_team_s_goal_sums_its_members_and_comes_with_its_filter(story):
    story.user("ben", team="North")
    story.user("cleo", team="North")
    session = story.session
    for who, calls in (("ana", 3), ("ben", 4), ("cleo", 5)):
        for n in range(calls):
            story.call(who, f"2026-11-23 08:{n:02d}")
    goals.put(session, "calls", "day", 20, group="North")
    goals.put(session, "calls", "day", 30)
    goals.put(session, "calls", "day", 10, user="ben")

    def seen(**filters):
        return [
            (r["who"], r["done"]) for r in reports.run(session, "goals", Filters(**filters)).rows
        ]

    assert seen() == [("North", 9), ("everybody", 12), ("ben", 4)]
    assert seen(team=("North",)) == [("North", 9), ("ben", 4)]
    assert seen(rep=("ben",)) == [("ben", 4)]
    assert seen(rep=("ana",)) == []


def test_by_now_leaves_today_out(story):
    """Monday 23 November: 15 of the 21 working days of the month lie behind; of a day, none."""
    goals.put(story.session, "leads", "month", 42)
    goals.put(story.session, "calls", "day", 50)
    month, day = reports.run(story.session, "goals").rows
    assert (month["by_now"], day["by_now"]) == (30, 0)


# -- the way back to calls -------------------------------------------------------------------------


def _score_bounds(wins: int, calls: int) -> tuple[float, float]:
    """The interval of Wilson as it is defined, by halving: the shares from which what was seen is
    not more than Z standard errors away."""

    def far(p: float) -> bool:
        return abs(wins / calls - p) > Z * (p * (1 - p) / calls) ** 0.5

    bounds = []
    for outer in (0.0, 1.0):
        inner = wins / calls
        for _n in range(80):
            middle = (outer + inner) / 2
            outer, inner = (middle, inner) if far(middle) else (outer, middle)
        bounds.append(inner)
    return bounds[0], bounds[1]


@pytest.mark.parametrize(("calls", "wins", "more"), [(212, 10, 2), (100, 5, 1), (1230, 13, 33)])
def test_the_calls_and_their_range(calls, wins, more):
    about, low, high = Pace(calls, wins, None).calls_for(more)
    less, most = _score_bounds(wins, calls)
    assert about == ceil(more * calls / wins)
    assert (low, high) == (ceil(more / most - 1e-9), ceil(more / less - 1e-9))
    assert low <= about <= high


@given(calls=st.integers(0, 3000), wins=st.integers(0, 300), more=st.integers(0, 50))
def test_the_range_holds_the_figure_or_nothing_is_said(calls, wins, more):
    found = Pace(calls, wins, None).calls_for(more)
    if wins < LEAST_WINS or calls < wins or not more:
        assert found is None
    else:
        about, low, high = found
        assert more <= low <= about <= high


def _worked(story, wins):
    for n in range(200):
        story.call("ana", f"2026-10-{n % 28 + 1:02d} 1{n // 28}:10")
    for n in range(wins):
        story.close(story.lead("2026-10-01", amount=1000), "won", f"2026-10-{n + 2:02d}")


@pytest.mark.parametrize("wins", [4, 5])
def test_too_few_wins_say_so_and_no_number(story, wins):
    _worked(story, wins)
    goals.put(story.session, "wins", "month", 2, user="ana")
    report = reports.run(story.session, "goals")
    if wins < LEAST_WINS:
        assert report.rows[0]["calls_needed"] is None
        assert report.notes[0].endswith("say how many calls it takes: 4 of at least 5.")
    else:
        assert report.rows[0]["calls_needed"] == 80
        assert report.notes[0] == (
            "ana: to win 2 more this month: about 80 calls, 14 a day; range 46 to 141, from 200"
            " calls."
        )


def test_money_becomes_wins_first_and_numbers_have_separators(story):
    """100,000 at 1,000 a win: 100 wins, 40 calls each."""
    _worked(story, 5)
    goals.put(story.session, "amount", "quarter", 105_000_00, user="ana")
    report = reports.run(story.session, "goals")
    assert report.rows[0]["calls_needed"] == 4000
    assert "to win 100 more this quarter: about 4,000 calls, " in report.notes[0]


def test_what_nobody_can_dial_is_out_of_reach(story):
    """30 wins take 1,200 calls at 40 calls a win: more than 200 in the one working day left."""
    _worked(story, 5)
    goals.put(story.session, "wins", "day", 30, user="ana")
    report = reports.run(story.session, "goals")
    assert report.rows[0]["calls_needed"] is None
    assert report.notes[0] == "ana: out of reach today: 30 wins in 1 day."


def test_the_goal_beside_a_forecast(story):
    story.user("ben", team="North")
    session = story.session
    assert money_goal(session, Filters(by="month")) is None
    goals.put(session, "amount", "month", 10_000_00, user="ana")
    assert money_goal(session, Filters(by="month")) is None, "one of two reps says nothing of both"
    goals.put(session, "amount", "month", 20_000_00, user="ben")
    both, ben = (
        money_goal(session, Filters(by="month")),
        money_goal(session, Filters(by="month", rep=("ben",))),
    )
    assert both and (both.target, both.who) == (30_000_00, "2 reps")
    assert ben and (ben.target, ben.who) == (20_000_00, "ben")
    assert money_goal(session, Filters(by="week")) is None
    goals.put(session, "amount", "month", 50_000_00)
    whole = money_goal(session, Filters(by="month"))
    assert whole and (whole.target, whole.who) == (50_000_00, "everybody")


# -- as typed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("calls day 50", ("calls", "day", 50, "ana", "")),
        ("20k month amount ben", ("amount", "month", 20_000_00, "ben", "")),
        ("win quarter 9 everybody", ("wins", "quarter", 9, "", "")),
        ("12 leads week team north", ("leads", "week", 12, "", "North")),
    ],
)
def test_a_goal_on_one_line(session, typed, read):
    members.add_user(session, "ben", team="North")
    found = goals.read(session, typed)
    assert (found.kind, found.period, found.target, found.user, found.group) == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("day 50", "Of what"),
        ("calls 50", "For which period"),
        ("calls day", "How many"),
        ("calls day 5x", "no number"),
        ("calls day 50 zoe", "Nobody here"),
        ("", "Of what"),
    ],
)
def test_what_is_no_goal_is_said(session, typed, said):
    with pytest.raises(CrmError, match=said):
        goals.read(session, typed)
