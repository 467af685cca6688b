"""Leads: making, changing, closing, what is kept of it; and two reps on one lead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tui_crm.core.dates import reader
from tui_crm.core.errors import Conflict, CrmError, NotFound
from tui_crm.core.leads import (
    actions,
    closing,
    duplicates,
    history as lead_history,
    leads,
    next_actions,
    views as lead_views,
)
from tui_crm.core.setup import tags


@pytest.fixture
def lead(session):
    return leads.create(
        session,
        "Acme GmbH: website",
        amount=1_240_000,
        company="Acme GmbH",
        contact="Anna Weber",
        role="purchasing",
        points=[("phone", "030 901820 44"), ("email", "Anna@Acme.example")],
        description="Employees: 85\nSite today: Typo3 9",
    )


def history(session, number):
    return [
        (field, was, became)
        for field, was, became in session.store.rows(
            "SELECT field, was, became FROM history WHERE lead_id = ? ORDER BY id", (number,)
        )
    ]


def test_a_title_is_enough(session):
    lead = lead_views.one(session, leads.create(session, "  Acme   relaunch "))
    assert lead.title == "Acme relaunch"
    assert (lead.status, lead.owner, lead.amount, lead.step, lead.probability) == (
        "todo",
        "ana",
        None,
        "Qualified",
        10,
    )


def test_a_title_is_needed(session):
    with pytest.raises(CrmError, match="title"):
        leads.create(session, " \n ")


def test_everything_given_is_there(session, lead):
    view = lead_views.one(session, lead)
    assert view.fields == {"Employees": "85", "Site today": "Typo3 9"}
    assert view.client == "Acme GmbH"
    person = view.people[0]
    assert (person.name, person.role) == ("Anna Weber", "purchasing")
    # The region is Spain: a German number without its prefix is kept as typed, and marked.
    assert person.phones[0].value == "030 901820 44"
    assert person.emails[0].match == "anna@acme.example"


def test_every_change_is_kept_with_its_author(session, lead, colleague):
    ben = colleague("ben")
    leads.set_amount(ben, lead, 900_000)
    leads.set_step(session, lead, 3)
    leads.set_owner(session, lead, ben.user_id)
    assert history(session, lead)[-3:] == [
        ("amount", "1240000", "900000"),
        ("step", "1", "3"),
        ("owner", str(session.user_id), str(ben.user_id)),
    ]
    lines = lead_history.history(session, lead)
    assert [(line.kind, line.text, line.by) for line in lines[:2]] == [
        ("owner", "ana > ben", "ana"),
        ("step", "Qualified > Proposal", "ana"),
    ]


def test_the_second_of_two_reps_sees_both_values(session, lead, colleague):
    ben = colleague("ben")
    leads.set_amount(ben, lead, 1_100_000)
    with pytest.raises(Conflict) as refused:
        leads.set_amount(session, lead, 1_300_000, seen=1_240_000)
    assert "ben changed the amount" in refused.value.message
    assert "€12,400" in refused.value.message and "€11,000" in refused.value.message
    assert lead_views.one(session, lead).amount == 1_100_000


class TestClosing:
    def test_won_clears_the_next_action_and_keeps_the_step(self, session, lead):
        next_actions.set_next(session, lead, reader.read("fri 9 call", session.now))
        leads.set_step(session, lead, 3)
        closing.won(session, lead, amount=1_300_000)
        view = lead_views.one(session, lead)
        assert (view.status, view.next, view.step, view.amount, view.closed) == (
            "won",
            None,
            "Proposal",
            1_300_000,
            session.today,
        )

    def test_a_closing_day_lies_between_creation_and_today(self, session, lead, clock):
        clock.go(days=10)
        with pytest.raises(CrmError, match="future"):
            closing.won(session, lead, on=session.today + timedelta(days=1))
        with pytest.raises(CrmError, match="before it was created"):
            closing.won(session, lead, on=session.today - timedelta(days=11))
        closing.won(session, lead, on=session.today - timedelta(days=10))

    def test_lost_needs_a_reason_by_digit_or_label(self, session, lead):
        with pytest.raises(NotFound, match="no such reason"):
            closing.lost(session, lead, "because")
        closing.lost(session, lead, "too EXPENSIVE")
        assert lead_views.one(session, lead).reason == "Too expensive"

    def test_closed_twice_is_refused(self, session, lead):
        closing.won(session, lead)
        with pytest.raises(CrmError, match="won already"):
            closing.lost(session, lead, 1)

    def test_reopening_keeps_the_old_closing_in_the_history(self, session, lead):
        closing.won(session, lead)
        closing.reopen(session, lead)
        assert lead_views.one(session, lead).status == "todo"
        assert [h for h in history(session, lead) if h[0] == "status"] == [
            ("status", None, "open"),
            ("status", "open", "won"),
            ("status", "won", "open"),
        ]

    def test_corrected_dates_move_the_history_too(self, session, lead, clock):
        clock.go(days=30)
        closing.won(session, lead)
        closing.set_closed_on(session, lead, session.today - timedelta(days=5))
        closing.set_created_on(session, lead, session.today - timedelta(days=90))
        view = lead_views.one(session, lead)
        assert (view.created, view.closed) == (
            session.today - timedelta(days=90),
            session.today - timedelta(days=5),
        )
        days = dict(
            session.store.rows(
                "SELECT became, on_day FROM history WHERE lead_id = ? AND field = 'status'", (lead,)
            )
        )
        assert days == {"open": view.created.isoformat(), "won": view.closed.isoformat()}

    def test_a_creation_day_after_the_closing_is_refused(self, session, lead, clock):
        clock.go(days=30)
        closing.won(session, lead, on=session.today - timedelta(days=20))
        with pytest.raises(CrmError, match="closed on"):
            closing.set_created_on(session, lead, session.today - timedelta(days=10))

    def test_a_closed_lead_takes_no_next_action_and_no_step(self, session, lead):
        closing.won(session, lead)
        with pytest.raises(CrmError, match="closed"):
            next_actions.set_next(session, lead, reader.read("fri", session.now))
        with pytest.raises(CrmError, match="closed"):
            leads.move_step(session, lead, 1)


class TestStatus:
    @pytest.mark.parametrize(
        ("typed", "status"),
        [("today", "todo"), ("tomorrow", "standby"), ("today 15:00", "standby"), ("", "todo")],
    )
    def test_it_follows_from_the_next_action(self, session, lead, typed, status):
        if typed:
            next_actions.set_next(session, lead, reader.read(f"{typed} call", session.now))
        assert lead_views.one(session, lead).status == status

    def test_a_lead_comes_back_by_itself(self, session, lead, clock):
        next_actions.set_next(session, lead, reader.read("today 15:00 call", session.now))
        clock.go(hours=6)
        assert lead_views.one(session, lead).status == "todo"


class TestLogging:
    def test_a_real_action_completes_a_due_next_action(self, session, lead):
        next_actions.set_next(session, lead, reader.read("today call", session.now))
        assert actions.log(session, lead, "call", outcome=1) is True
        assert lead_views.one(session, lead).next is None

    @pytest.mark.parametrize(
        ("planned", "kind", "outcome", "completed"),
        [
            ("today call the buyer", "call", 1, True),  # reached
            ("today call the buyer", "call", 3, False),  # no answer
            ("today call the buyer", "call", 4, False),  # voicemail
            ("today call the buyer", "call", None, True),
            ("today call the buyer", "email", 1, False),  # of another kind
            ("today email the quote", "email", 1, True),  # sent: nobody is reached by it
            ("today email the quote", "call", 3, False),
            ("today email the quote", "call", 1, False),
            ("today meeting", "meeting", 3, False),  # no show
            ("today meeting", "meeting", 1, True),
            ("today the quote", "call", 1, True),  # of no kind
            ("today the quote", "call", 5, False),
            ("today the quote", "message", 1, True),
        ],
    )
    def test_an_action_completes_one_of_its_kind_when_somebody_was_reached(
        self, session, lead, planned, kind, outcome, completed
    ):
        next_actions.set_next(session, lead, reader.read(planned, session.now))
        before = lead_views.one(session, lead).next
        assert actions.log(session, lead, kind, outcome=outcome) is completed
        assert lead_views.one(session, lead).next == (None if completed else before)

    def test_a_future_one_stays(self, session, lead):
        next_actions.set_next(session, lead, reader.read("fri call", session.now))
        actions.log(session, lead, "call", outcome=1)
        assert lead_views.one(session, lead).next is not None

    def test_a_note_completes_nothing(self, session, lead):
        next_actions.set_next(session, lead, reader.read("today call", session.now))
        actions.log(session, lead, "note", text="thinking")
        assert lead_views.one(session, lead).next is not None

    def test_a_recurring_one_moves_on(self, session, lead, clock):
        next_actions.set_next(session, lead, reader.read("every mon 9 call", session.now))
        first = lead_views.one(session, lead).next.at
        clock.now = first + timedelta(minutes=5)
        actions.log(session, lead, "call", outcome=1)
        following = lead_views.one(session, lead).next
        assert following.at == first + timedelta(days=7) and following.rule

    def test_do_not_call_blocks_the_numbers(self, session):
        number = leads.create(session, "Blocked", contact="X", points=[("email", "x@y.example")])
        actions.log(session, number, "call", outcome=9, text="never again")
        with pytest.raises(CrmError, match="do-not-call"):
            leads.create(session, "Again", points=[("email", "X@Y.example")])

    def test_what_is_still_to_come_cannot_be_logged(self, session, lead):
        with pytest.raises(CrmError):
            actions.log(session, lead, "call", at=session.now + timedelta(days=1))


def test_duplicates_are_found_by_mail_and_by_company(session, lead):
    found = duplicates.find_duplicates(session, points=[("email", "ANNA@acme.example")])
    assert [(t.lead_id, t.why) for t in found] == [(lead, "same e-mail")]
    found = duplicates.find_duplicates(session, title="acme gmbh: something else")
    assert [(t.lead_id, t.why) for t in found] == [(lead, "same client")]


def test_tags_are_added_and_taken_off_by_one_line(session, lead):
    tags.change(session, lead, "hot #Inbound")
    tags.change(session, lead, "-HOT relaunch")
    assert lead_views.one(session, lead).tags == ("Inbound", "relaunch")
    with pytest.raises(NotFound):
        tags.change(session, lead, "-nothing")


class TestToday:
    def test_each_lead_stands_in_its_section(self, session, clock):
        clock.go(days=-3)
        late = leads.create(session, "late", following=reader.read("tomorrow call", session.now))
        clock.go(days=3)
        timed = leads.create(
            session, "timed", following=reader.read("today 15:00 call", session.now)
        )
        day = leads.create(session, "day", following=reader.read("today call", session.now))
        none = leads.create(session, "none")
        nobody = leads.create(session, "nobody's", owner_id=None)
        soon = leads.create(session, "soon", following=reader.read("tomorrow 9", session.now))
        leads.create(session, "far", following=reader.read("+60d", session.now))
        view = next_actions.today(session)
        assert {s.name: [r.id for r in s.rows] for s in view.sections} == {
            "overdue": [late],
            "today": [timed, day],
            "nodate": [none],
            "unassigned": [nobody],
            "callbacks": [],
            "tomorrow": [soon],
            "week": [],
            "silent": [],
        }
        assert view.left == 5

    def test_starred_first_then_weight(self, session):
        small = leads.create(
            session, "small", amount=100, following=reader.read("today", session.now)
        )
        big = leads.create(session, "big", amount=900, following=reader.read("today", session.now))
        star = leads.create(session, "star", following=reader.read("today", session.now))
        leads.star(session, star)
        rows = next_actions.today(session).section("today").rows
        assert [r.id for r in rows] == [star, big, small]

    def test_a_clash_is_said_at_once(self, session):
        leads.create(
            session, "first", following=reader.read("tomorrow 10 30m meeting", session.now)
        )
        assert next_actions.clashes(session, reader.read("tomorrow 10:15 20m", session.now))
        assert not next_actions.clashes(session, reader.read("tomorrow 10:30 20m", session.now))
        assert not next_actions.clashes(session, reader.read("tomorrow", session.now))


def test_nine_stays_nine_over_daylight_saving(session, clock):
    number = leads.create(session, "spring", following=reader.read("2027-03-29 9:00", session.now))
    clock.now = clock.now.replace(year=2027, month=3, day=29, hour=5)
    assert lead_views.one(session, number).next.at.strftime("%H:%M %z") == "09:00 +0200"


def test_a_lead_cannot_be_made_in_the_future(session):
    with pytest.raises(CrmError, match="future"):
        leads.create(session, "x", created_on=date(2030, 1, 1))
