"""The figures of `status`, as a prompt asks for them."""

import json
import sqlite3
import subprocess
import sys

import pytest

from tests.core.reports.data import Story, instant
from tui_crm.core import pulse
from tui_crm.core.errors import CrmError, NotFound

MADRID = "Europe/Madrid"


def look(session, user="ana"):
    return pulse.figures(session.store.rows, user, int(session.now.timestamp()))


@pytest.fixture
def morning(story):
    """Monday 23 November 2026, 09:12 in Madrid, Ana's desk and a lead of Ben's."""
    story.user("ben")
    at = lambda when: instant(when, MADRID)  # noqa: E731
    story.lead("2026-11-01", amount=1000, next_day="2026-11-22")  # overdue
    story.lead("2026-11-01", amount=500, next_at=at("2026-11-22 23:59"))  # overdue
    story.lead("2026-11-01", step="Proposal", amount=300, next_day="2026-11-23")  # due
    story.lead("2026-11-01", next_at=at("2026-11-23 00:00"))  # due, its time gone by
    story.lead(
        "2026-11-01",
        next_at=at("2026-11-23 09:30"),
        next_kind="call",
        title="Acme: relaunch",
        amount=70,
        probability=100,
    )  # due, and the next one
    story.lead("2026-11-01", next_at=at("2026-11-24 00:00"))  # tomorrow
    story.lead("2026-11-01")  # no next action
    story.lead("2026-11-01", amount=9999, owner="ben", next_day="2026-11-20")
    story.close(story.lead("2026-10-01", amount=2000), "won", "2026-11-02")
    story.close(story.lead("2026-10-01"), "won", "2026-11-23")
    story.close(story.lead("2026-10-01", amount=5), "won", "2026-10-31")  # last month
    given = story.lead("2026-10-01", amount=40, owner="ben")
    story.close(given, "won", "2026-11-03")
    story.give(given, "ana", "2026-11-04")  # Ben won it
    story.call("ana", "2026-11-22 23:59", reached=True)
    story.call("ana", "2026-11-23 00:00", reached=True)
    story.call("ana", "2026-11-23 09:00")
    story.act("ana", "2026-11-23 09:01", "email")
    story.act("ana", "2026-11-23 09:02", "note")
    story.call("ben", "2026-11-23 09:00")
    book, soon = story.list("Fair"), at("2026-11-23 09:12")
    ben = story.users["ben"]
    story.prospect(book, state="callback", due_at=soon)
    story.prospect(book, state="callback", due_at=soon, claimed_by=ben, claimed_until=soon + 60)
    story.prospect(book, state="callback", due_at=soon, claimed_by=ben, claimed_until=soon - 60)
    story.prospect(book, state="callback", due_at=soon + 1)
    story.prospect(book, state="retry", due_at=soon)
    story.goal("calls", "day", 50)
    story.goal("amount", "month", 20_000_00)
    story.goal("amount", "month", 15_000_00, "ana")
    return story


def test_the_figures_of_a_morning(morning):
    assert look(morning.session) == {
        "overdue": 2,
        "due_today": 3,
        "done_today": 3,  # two calls and an e-mail; a note is no action
        "next": {
            "at": "2026-11-23T09:30:00+01:00",
            "lead": 5,
            "title": "Acme: relaunch",
            "kind": "call",
        },
        "callbacks_due": 2,
        "calls_today": 2,
        "reached_today": 1,
        "calls_goal": 50,
        "open_leads": 7,
        "open_amount": 1870_00,
        "unassigned_leads": 0,
        "weighted_amount": 370_00,  # 10 % of 1,000 and 500, 50 % of 300, 100 % of 70
        "won_month": 2,
        "won_month_amount": 2000_00,
        "won_month_goal": 15_000_00,
        "currency": "EUR",
        "user": "ana",
        "now": "2026-11-23T09:12:00+01:00",
    }


def test_an_empty_store(session):
    found = look(session)
    assert found["next"] is None and found["calls_goal"] is None and found["won_month_goal"] is None
    assert {
        found[k]
        for k in (
            "overdue",
            "due_today",
            "done_today",
            "open_leads",
            "open_amount",
            "weighted_amount",
            "won_month",
            "won_month_amount",
        )
    } == {0}
    assert "ana" in pulse.format_text(found)


def test_today_is_the_users_own(story):
    """At 09:12 in Madrid it is 00:12 of the same Monday in Los Angeles."""
    story.user("ben", zone="America/Los_Angeles")
    story.lead(
        "2026-11-01", owner="ben", next_at=instant("2026-11-22 23:59", "America/Los_Angeles")
    )
    story.lead(
        "2026-11-01", owner="ben", next_at=instant("2026-11-23 23:59", "America/Los_Angeles")
    )
    story.call("ben", "2026-11-22 23:59")
    story.call("ben", "2026-11-23 00:01")
    found = look(story.session, "BEN")
    assert (found["overdue"], found["due_today"], found["calls_today"]) == (1, 1, 1)
    assert found["now"] == "2026-11-23T00:12:00-08:00"


def test_who_is_no_user_is_refused(session):
    with pytest.raises(NotFound, match="tui-crm users add eve"):
        look(session, "eve")


def test_text_is_one_screenful(morning):
    assert pulse.format_text(look(morning.session)).splitlines() == [
        "ana  2026-11-23 09:12",
        "today  2 overdue, 3 due, 3 done",
        "next   09:30 call #5 Acme: relaunch",
        "calls  2/50, 1 reached, 2 callbacks due",
        "open   7 leads, €1,870, weighted €370",
        "won    2 this month, €2,000 of €15,000",
    ]


def test_format_takes_keys_and_short_names(morning):
    found = look(morning.session)
    say = pulse.format_string
    assert say("{overdue}/{today}", found) == "2/3"
    assert say("{calls}/{goal} {next} {won} {{x}}", found) == "2/50 09:30 2.0k {x}"
    assert say("{wins} {won_month} {user}", found) == "2 2 ana"
    assert say("{next}", {**found, "next": None}) == "–"
    for wrong in ("{nothing}", "{overdue", "overdue}", "{}"):
        with pytest.raises(CrmError) as refused:
            say(wrong, found)
        assert "overdue" in refused.value.hint


def test_a_hostile_title_reaches_no_terminal(session):
    story = Story(session)
    story.lead("2026-11-01", next_at=int(session.now.timestamp()) + 60, title="a\x1b]0;x\x07b")
    assert "\x1b" not in pulse.format_text(look(session))


def test_status_loads_nothing_heavy(sqlite_url):
    """A prompt pays for what is imported: sqlite3 and zones, and no more of the program."""
    script = (
        "import sys, sqlite3, json\n"
        "from tui_crm.core import pulse\n"
        "db = sqlite3.connect(sys.argv[1])\n"
        "ask = lambda sql, params: db.execute(sql, params).fetchall()\n"
        "found = pulse.figures(ask, 'ana', 1795421520)\n"
        "print(json.dumps([sorted(sys.modules), found['user']]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, sqlite_url], capture_output=True, text=True, check=True
    )
    modules, user = json.loads(done.stdout)
    assert user == "ana"
    heavy = {"peewee", "click", "textual", "dataclasses", "argparse", "dateutil", "inspect"}
    assert not heavy & {name.partition(".")[0] for name in modules}


def test_no_question_walks_through_a_large_table(sqlite_url):
    """Each one is answered out of an index, so that a million rows cost what a hundred do."""
    db = sqlite3.connect(sqlite_url)
    asked = []

    def ask(sql, params):
        asked.append((sql, params))
        return db.execute(sql, params).fetchall()

    pulse.figures(ask, "ana", 1795421520)
    small = {
        "users",
        "workspace",
        "goals",
        "kinds",
        "steps",
        "house",
        "own",
        "won",
        "coming",
        "CONSTANT",
    }
    looked_up = set()
    for sql, params in asked:
        for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", params):
            way, _space, rest = row[3].partition(" ")
            if way == "SCAN":
                assert rest.split()[0] in small, (sql, row[3])
            elif way == "SEARCH":
                looked_up.add(rest.split()[0])
    assert looked_up >= {"leads", "l", "actions", "prospects"}


def test_all_figures_are_one_question(sqlite_url):
    """On a server each question is a trip over the line: who it is, then everything."""
    db = sqlite3.connect(sqlite_url)
    asked = []

    def ask(sql, params):
        asked.append(sql)
        return db.execute(sql, params).fetchall()

    pulse.figures(ask, "ana", 1795421520)
    assert len(asked) == 2
