"""The score: chances learnt from closed leads, against a company whose truth is known."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.calling import workspace
from tui_crm.core.leads import filter as lead_filter, views
from tui_crm.core.reports import TOTAL, Filters, Rate
from tui_crm.core.setup import tags

WINS = {"fair": 0.75, "web": 0.35, "cold": 0.1}  # of 1: the truth that is to be found
FIRST = date(2025, 1, 1)


def life(story, rng, n, source, won=None):
    """A lead of a source; closed after some weeks where ``won`` says how. The winning call and the
    amount come on the day it closes: nobody knows them before."""
    start = FIRST + timedelta(days=n % 600)
    lead = story.lead(start.isoformat(), source=source, title=f"Lead {n}")
    end = start + timedelta(days=rng.randint(5, 60))
    if won is not None:
        story.close(lead, "won" if won else "lost", end.isoformat(), None if won else "No need")
        if won:
            story.change(lead, end.isoformat(), amount=5000_00)
            story.call("ana", f"{end.isoformat()} 11:00", reached=True, lead=lead)
    return lead


@pytest.fixture
def told(session):
    """330 closed leads and a few open ones, and the chances that were meant."""
    story, rng = Story(session), random.Random(7)
    closed, meant = [], {}
    with session.store.transaction():
        for n in range(330):
            source = rng.choice(list(WINS))
            won = rng.random() < WINS[source]
            closed.append((life(story, rng, n, source, won), source, won))
        for n, source in enumerate([*WINS] * 4):
            meant[life(story, rng, 500 + n, source)] = WINS[source]
    return story, closed, meant


def test_chances_are_near_the_truth_and_say_why(told):
    story, closed, meant = told
    session = story.session
    report = reports.run(session, "score", Filters(check=True))
    chances = {row["lead"]: row["chance"] for row in report.rows}
    assert chances.keys() == meant.keys()
    assert all(abs(chances[lead] - meant[lead]) < 0.13 for lead in meant), chances
    assert list(chances.values()) == sorted(chances.values(), reverse=True)

    total = report.totals
    assert total["n"] == 330
    assert total["brier"] < total["brier_base"] - 0.03
    # Nobody can know more than the truth: what came with the closing was not learnt.
    best = sum((WINS[source] - won) ** 2 for _lead, source, won in closed) / 330
    assert total["brier"] > best - 0.005

    first = report.rows[0]["reasons"][0]
    fair = [(lead, won) for lead, source, won in closed if source == "fair"]
    wins = sum(won for _lead, won in fair)
    base = sum(won for _lead, _source, won in closed) / 330
    assert (first.n, first.d) == (wins, len(fair))
    assert first.text == (
        f"source fair: {wins / len(fair):.0%} of {len(fair)} won, against {base:.0%}"
    ).replace("%", " %")
    assert all(len(row["reasons"]) <= 5 for row in report.rows)

    facts = report.more[0]
    place = next(n for n, row in enumerate(facts.rows) if row["fact"] == "source fair")
    opened = reports.open_figure(session, "score", facts.keys[place], "win_rate", part=1)
    assert set(opened.leads) == {lead for lead, _won in fair}
    assert opened.value == Rate(wins, len(fair))
    assert facts.totals["win_rate"].d == 330
    whole = reports.open_figure(session, "score", TOTAL, "n", Filters(check=True))
    assert set(whole.leads) == {lead for lead, _source, _won in closed}

    bands = report.more[1]
    assert sum(row["leads"] for row in bands.rows) == 330
    for row in bands.rows:
        if row["leads"] >= 40:
            assert abs(row["chance"] - row["win_rate"].value) < 0.12


def test_it_learns_only_from_what_had_closed_on_a_past_day(told):
    session = told[0].session
    day = "2025-09-30"
    then = reports.run(session, "score", Filters(as_of=day, check=True))
    known = session.store.value(
        "SELECT COUNT(*) FROM leads WHERE closed_on <= ? AND status IN ('won', 'lost')", (day,)
    )
    assert then.totals["n"] == known < 330


def test_leads_are_ordered_by_it(told):
    story, _closed, meant = told
    session = story.session
    chances = {row["lead"]: row["chance"] for row in reports.run(session, "score").rows}
    numbers = list(lead_filter.listing(session, "sort:score").numbers)
    assert numbers[: len(meant)] == list(chances)
    assert list(lead_filter.listing(session, "status:open sort:-score").numbers) == sorted(
        chances, key=lambda lead: (chances[lead], lead)
    )
    assert lead_filter.first(session, "sort:score", 3).numbers[0] == numbers[0]
    shown = views.by_numbers(session, numbers[:2], scored=True)
    assert [one.chance for one in shown] == [chances[number] for number in numbers[:2]]
    assert lead_filter.parse(session, "sort:score columns:score").problems == ()


def test_it_can_be_switched_off(told):
    session = told[0].session
    workspace.set_workspace(session, score=0)
    session = session.reload()
    report = reports.run(session, "score", Filters(check=True))
    assert report.rows == () and report.totals["n"] == 0 and "switched off" in report.notes[0]
    assert "switched off" in lead_filter.parse(session, "sort:score").problems[0]
    assert lead_filter.listing(session, "sort:score").count == 342


def test_below_fifty_won_and_fifty_lost_it_says_nothing(session):
    story, rng = Story(session), random.Random(1)
    for n in range(99):
        life(story, rng, n, "web", won=n < 50)
    life(story, rng, 200, "web")
    report = reports.run(session, "score")
    assert report.rows == () and "50 won and 50 lost" in report.notes[0]
    life(story, rng, 300, "web", won=False)
    assert len(reports.run(session, "score").rows) == 1


def test_what_foretells_nothing_changes_nothing(session):
    story, rng = Story(session), random.Random(3)
    for n in range(240):
        life(story, rng, n, rng.choice("abcdef"), won=rng.random() < 0.3)
    total = reports.run(session, "score", Filters(check=True)).totals
    assert total["brier"] < total["brier_base"] + 0.004


def test_a_tag_that_came_after_is_not_known_before(told):
    """Tags put on won leads as they close are no sign of a chance."""
    story, closed, _meant = told
    session = story.session
    story.tag("Contract", category="Sector")
    for lead, _source, won in closed:
        if won:
            tags.change(session, lead, "Contract")
    facts = reports.run(session, "score").more[0]
    assert "Sector Contract" not in [row["fact"] for row in facts.rows]


def test_answers_count_by_the_days_before(session):
    story, rng = Story(session), random.Random(5)
    start = datetime(2026, 3, 2, tzinfo=UTC).date()
    for n in range(200):
        won = n % 2 == 0
        day = (start + timedelta(days=n % 90)).isoformat()
        lead = story.lead(day)
        if won if rng.random() < 0.8 else not won:
            story.call("ana", f"{day} 09:00", reached=True, lead=lead)
        end = (start + timedelta(days=n % 90 + 4)).isoformat()
        story.close(lead, "won" if won else "lost", end, None if won else "No need")
    answered = story.lead("2026-11-22")
    story.call("ana", "2026-11-22 09:00", reached=True, lead=answered)
    silent = story.lead("2026-11-22")
    report = reports.run(session, "score")
    found = {row["lead"]: row for row in report.rows}
    assert found[answered]["chance"] > 0.65 and found[silent]["chance"] < 0.35
    assert any(
        reason.text.startswith("answered once in 7 days") and reason.raises
        for reason in found[answered]["reasons"]
    )
