"""What now: each rule just below and just above its threshold, and what its finding opens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tui_crm.core import reports
from tui_crm.core.reports import Filters, hours
from tui_crm.core.reports.now import findings, findings_work
from tui_crm.core.reports.now.findings import upper_quartile, z_of
from tui_crm.core.reports.now.report import MOST, RULES
from tui_crm.core.team import goals

TODAY = date(2026, 11, 23)


def back(days: int) -> str:
    """The day so many days ago."""
    return (TODAY - timedelta(days=days)).isoformat()


def found(story, rule: str, **filters):
    """The row of a rule on the page, or None; its sentence counts what it opens."""
    report = reports.run(story.session, "now", Filters(**filters))
    if rule not in report.keys:
        return None
    row = report.rows[report.keys.index(rule)]
    opened = reports.open_figure(story.session, "now", rule, "leads", Filters(**filters))
    assert row["leads"] == opened.counted == len(opened.leads or opened.prospects)
    return row


def behind(story, rule: str, **filters):
    """What the finding opens."""
    opened = reports.open_figure(story.session, "now", rule, "leads", Filters(**filters))
    return opened.leads or opened.prospects


def silent(story, words: str) -> bool:
    """Whether the page says that a rule has too little to go by."""
    return any(words in note for note in reports.run(story.session, "now").notes)


def test_an_empty_store_has_nothing_to_say(story):
    report = reports.run(story.session, "now")
    assert report.rows == () and report.keys == ()


def test_the_rules_stand_with_the_page(story):
    report = reports.run(story.session, "now")
    assert set(RULES) <= set(report.formulas) and len(RULES) <= MOST == 7
    assert "75th percentile" in report.formulas["stuck"] and "20 stays" in report.formulas["stuck"]


# -- what the rules count with -------------------------------------------------------------------


def test_three_quarters_are_not_longer_than_the_upper_quartile():
    assert upper_quartile([1, 2, 3, 4]) == 3
    assert upper_quartile([4, 3, 2, 1, 9]) == 4
    assert upper_quartile([7]) == 7


def test_z_of_two_shares():
    """60 of 100 against 40 of 100: pooled one half, a standard error of 0.0707, so 2.83."""
    assert z_of(60, 100, 40, 100) == pytest.approx(2.828, abs=0.001)
    assert z_of(40, 100, 60, 100) == pytest.approx(-2.828, abs=0.001)
    assert z_of(5, 5, 0, 100) == 0, "too few for the normal curve"
    assert z_of(0, 0, 4, 9) == z_of(3, 9, 0, 0) == 0


# -- overdue ---------------------------------------------------------------------------------------


def test_overdue_is_what_was_expected_before_today(story):
    story.lead(back(40), amount=5000, expected=TODAY.isoformat())
    assert found(story, "overdue") is None
    small = story.lead(back(40), amount=1000, expected=back(1))
    large = story.lead(back(40), amount=9000, expected=back(30))
    story.close(story.lead(back(40), amount=7000, expected=back(30)), "won", back(2))
    row = found(story, "overdue")
    assert (row["leads"], row["at_stake"], row["sample"]) == (2, 10_000_00, "of 3 with a date")
    assert behind(story, "overdue") == (large, small), "the most money first"


# -- old -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wins", [4, 5])
def test_old_needs_five_wins(story, wins):
    for n in range(wins):
        story.close(story.lead(back(60 + n)), "won", back(30 + n))  # 30 days each
    young, older = story.lead(back(30)), story.lead(back(31))
    assert findings.OLD_WINS == 5
    row = found(story, "old")
    if wins < 5:
        assert row is None and silent(story, "age: 4 of at least 5 wins")
    else:
        assert row["sentence"] == "open lead is older than the 30 days that a won one takes"
        assert behind(story, "old") == (older,) and young not in behind(story, "old")


# -- stuck -----------------------------------------------------------------------------------------


def _went_on(story, stays, owner="ana"):
    """Leads that stayed in Qualified for so many days each and then went on."""
    for days in stays:
        lead = story.lead(back(100), owner=owner)
        story.move(lead, "Contacted", back(100 - days))
        story.close(lead, "lost", back(100 - days))


@pytest.mark.parametrize("stays", [19, 20])
def test_stuck_needs_twenty_stays_that_went_on(story, stays):
    """Stays of 1 to 20 days: three quarters took 15 or less."""
    assert findings.STUCK_STAYS == 20
    _went_on(story, range(1, stays + 1))
    lead = story.lead(back(99))
    story.close(lead, "cancelled", back(9))  # 90 days, but it went nowhere: no stay
    inside, beyond = story.lead(back(15)), story.lead(back(16))
    row = found(story, "stuck")
    if stays < 20:
        assert row is None and silent(story, "time in step: 19 of at least 20 stays")
    else:
        assert behind(story, "stuck") == (beyond,) and inside not in behind(story, "stuck")
        assert row["sentence"].endswith("1 in Qualified (over 15 d)")
        assert row["sample"] == "from 20 stays"


def test_a_stay_begins_when_the_lead_last_came_to_the_step(story):
    """Moved on and back three days ago: it stands there for three days, and going back is no
    going on."""
    _went_on(story, range(1, 21))
    lead = story.lead(back(90))
    story.move(lead, "Contacted", back(89))
    story.move(lead, "Qualified", back(3))
    assert found(story, "stuck") is None
    story.lead(back(90), title="stuck")
    assert found(story, "stuck")["sample"] == "from 21 stays"  # with the one day of the first


def test_a_win_ends_a_stay_as_going_on(story):
    for n in range(20):
        story.close(story.lead(back(50)), "won", back(50 - n - 1))
    beyond = story.lead(back(16))
    assert beyond in behind(story, "stuck")


# -- where most is lost ----------------------------------------------------------------------------


@pytest.mark.parametrize("losses", [19, 20])
def test_losses_need_twenty(story, losses):
    assert findings.LOSSES == 20
    for n in range(losses):
        lead = story.lead(back(80))
        if n < 12:
            story.move(lead, "Proposal", back(70))
        story.close(lead, "lost", back(20), "No budget" if n < 7 else "Too expensive")
    there = story.lead(back(5), step="Proposal")
    story.lead(back(5))
    row = found(story, "loss")
    if losses < 20:
        assert row is None and silent(story, "losses: 19 of at least 20")
    else:
        assert behind(story, "loss") == (there,)
        assert row["sentence"] == (
            "open lead is in Proposal, where most are lost: 12 of 20, mostly: No budget (7)"
        )


@pytest.mark.parametrize(("most", "says"), [(6, False), (7, True)])
def test_no_step_stands_out_below_a_third(story, most, says):
    """Of 20 losses 7 are a third."""
    others = ["Qualified", "Contacted", "Closing"]
    for n in range(20):
        step = "Proposal" if n < most else others[n % 3]
        story.close(story.lead(back(80), step=step), "lost", back(20))
    story.lead(back(5), step="Proposal")
    assert (found(story, "loss") is not None) == says


# -- hours -----------------------------------------------------------------------------------------


def _calls(story, hour, calls, reached, prospect, book):
    for n in range(calls):
        story.call(
            "ana",
            f"{back(1 + n % 20)} {hour:02d}:{n // 20:02d}",
            reached=n < reached,
            prospect=prospect,
            list_id=book,
        )


@pytest.fixture
def book(story):
    """A list with one row done, two that wait, and an archived list with another."""
    number = story.list("Fair")
    story.rows = [story.prospect(number, state=state) for state in ("done", "new", "retry")]
    story.prospect(story.list("Old"), state="new")
    from tui_crm.core.store import tables as t

    t.ProspectList.update(archived=1).where(t.ProspectList.name == "Old").execute()
    return number


@pytest.mark.parametrize(
    ("calls", "reached", "says"),
    [(29, 29, False), (30, 30, True), (30, 12, False), (60, 30, True)],
    ids=["one call short", "enough", "enough, but it may be chance", "more of them"],
)
def test_the_best_hour_needs_calls_and_a_difference_that_is_no_chance(
    story, book, calls, reached, says
):
    """Against 60 of 240 at another hour. 12 of 30 is 1.8 standard errors above, 30 of 60 3.8."""
    assert (hours.LEAST_CALLS, findings_work.Z_BEST) == (30, 2.576)
    _calls(story, 10, 240, 60, story.rows[0], book)
    _calls(story, 16, calls, reached, story.rows[0], book)
    row = found(story, "hours")
    assert (row is not None) == says
    if says:
        assert behind(story, "hours") == tuple(story.rows[1:])
        share = f"{reached / calls:.0%}"
        assert row["sentence"] == (
            f"prospects wait: at 16h {share} of the calls are answered, 25% at other hours"
        )
        assert row["at_stake"] is None


def test_without_prospects_the_leads_that_wait_for_a_call_are_opened(story):
    number = story.list("Fair")
    gone = story.prospect(number, state="done")
    _calls(story, 10, 240, 60, gone, number)
    _calls(story, 16, 40, 40, gone, number)
    assert found(story, "hours") is None, "nobody to call"
    lead = story.lead(back(5), next_day=TODAY.isoformat(), next_kind="call")
    story.lead(back(5), next_day=TODAY.isoformat(), next_kind="email")
    assert (
        behind(story, "hours") == (lead,)
        and "waits for a call" in found(story, "hours")["sentence"]
    )


def test_few_calls_say_so(story, book):
    _calls(story, 10, 29, 9, story.rows[0], book)
    assert found(story, "hours") is None and silent(story, "hours: 29 of at least 30 calls")


# -- a list or a source that does not pay ----------------------------------------------------------


@pytest.mark.parametrize(
    ("calls", "leads", "says"),
    [(99, 0, False), (100, 0, True), (100, 4, False), (100, 6, False)],
    ids=["one call short", "enough", "it may be chance", "not twice as dear"],
)
def test_a_list_that_does_not_pay(story, calls, leads, says):
    """Against 20 leads of 200 calls on the other list, 10 calls each."""
    assert (findings_work.LIST_CALLS, findings_work.TIMES) == (100, 2)
    good, bad = story.list("Good"), story.list("Bad")
    wait = [story.prospect(bad), story.prospect(bad, state="callback")]
    story.prospect(good)
    done = {number: story.prospect(number, state="done") for number in (good, bad)}
    for number, made, count in ((good, 20, 200), (bad, leads, calls)):
        for n in range(count):
            story.call(
                "ana", f"{back(2 + n % 30)} 1{n // 30}:15", prospect=done[number], list_id=number
            )
        for _n in range(made):
            story.lead(back(3), list_id=number)
    row = found(story, "unpaid")
    assert (row is not None) == says
    if says:
        assert behind(story, "unpaid") == tuple(wait)
        assert row["sentence"] == (
            "prospects wait on Bad, where 100 calls brought no lead; on the other lists 10"
        )


@pytest.mark.parametrize(("closed", "says"), [(19, False), (20, True)])
def test_a_source_that_does_not_pay(story, closed, says):
    """No win of those closed from the web, against 30 of 60 of the fair."""
    assert findings_work.SOURCE_CLOSED == 20
    for n in range(60):
        story.close(story.lead(back(60), source="fair"), "won" if n < 30 else "lost", back(9))
    for _n in range(closed):
        story.close(story.lead(back(60), source="web"), "lost", back(9))
    lead = story.lead(back(5), source="web")
    story.lead(back(5), source="fair")
    row = found(story, "unpaid")
    assert (row is not None) == says
    if says:
        assert behind(story, "unpaid") == (lead,)
        assert row["sentence"] == "open lead comes from web, where 0% are won, 50% elsewhere"


# -- goals -----------------------------------------------------------------------------------------


def _wins(story, wins):
    for n in range(wins):
        story.close(story.lead(back(80), amount=1000), "won", back(50 + n))


@pytest.mark.parametrize(("wins", "says"), [(4, False), (5, True)])
def test_a_goal_needs_five_events(story, wins, says):
    assert findings_work.GOAL_EVENTS == 5
    _wins(story, wins)
    lead = story.lead(back(5), expected="2026-11-30")
    story.lead(back(5), expected="2026-12-01")
    goals.put(story.session, "wins", "month", 40, user="ana")
    row = found(story, "goal")
    assert (row is not None) == says
    if says:
        assert row["sentence"] == (
            "open lead is expected by then: ana lacks 40 of 40 wins by 30 Nov, out of reach at the"
            " usual pace"
        )
        assert behind(story, "goal") == (lead,)
    else:
        assert silent(story, "goals: 4 of at least 5 in 90 days")


@pytest.mark.parametrize(
    ("target", "reach"),
    [(1, "within"), (2, "within"), (3, "out of")],
)
def test_out_of_reach_is_what_luck_would_have_to_be_great_for(story, target, reach):
    """8 wins in the 64 working days of 90; 6 are left: 0.75 likely, 2.17 with 1.645 times its
    root. Mid-month is past, so what is not out of reach is within."""
    _wins(story, 8)
    story.lead(back(5))
    goals.put(story.session, "wins", "month", target, user="ana")
    assert f"{reach} reach" in found(story, "goal")["sentence"]


def test_within_reach_waits_for_half_of_the_period(story, clock):
    """On Friday 13 November 10 of the 21 working days are gone, on the Monday 11."""
    _wins(story, 8)
    story.lead(back(15))
    goals.put(story.session, "wins", "month", 1, user="ana")
    clock.go(days=-10)
    assert found(story, "goal") is None
    clock.go(days=3)
    assert "within reach" in found(story, "goal")["sentence"]


def test_a_goal_that_is_reached_or_of_a_day_is_no_finding(story):
    _wins(story, 8)
    story.lead(back(5))
    story.close(story.lead(back(9), amount=500), "won", back(1))
    goals.put(story.session, "wins", "month", 1, user="ana")
    goals.put(story.session, "wins", "day", 9, user="ana")
    assert found(story, "goal") is None


# -- the page --------------------------------------------------------------------------------------


def test_the_order_is_urgency_then_money(story):
    for n in range(5):
        story.close(story.lead(back(60 + n)), "won", back(30 + n))
    for _n in range(21):
        story.close(story.lead(back(80), step="Proposal"), "lost", back(20))
    _went_on(story, [2] * 20)
    story.lead(back(20), amount=4000)  # stuck
    story.lead(back(50), amount=9000, step="Proposal")  # old, and where most are lost
    story.lead(back(1), amount=10, expected=back(1))  # overdue, for next to nothing
    report = reports.run(story.session, "now")
    assert report.keys == ("overdue", "old", "stuck", "loss")


def test_filters_narrow_what_is_found_and_what_it_rests_on(story):
    story.user("ben", team="North")
    mine = story.lead(back(40), expected=back(1))
    other = story.lead(back(40), expected=back(1), owner="ben")
    assert behind(story, "overdue") == (mine, other)
    assert behind(story, "overdue", rep=("ben",)) == (other,)
    assert behind(story, "overdue", team=("north",)) == (other,)
    assert found(story, "overdue", rep=("ben",))["sample"] == "of 1 with a date"
    _went_on(story, [2] * 20)
    story.lead(back(20), owner="ben")
    assert found(story, "stuck") is not None
    assert found(story, "stuck", rep=("ben",)) is None, "ben has no stays of his own"


def test_the_page_can_be_asked_as_of_a_past_day(story):
    lead = story.lead(back(40), expected=back(10))
    story.close(lead, "lost", back(5))
    assert found(story, "overdue") is None
    assert behind(story, "overdue", as_of=back(6)) == (lead,)
    assert found(story, "overdue", as_of=back(10)) is None
