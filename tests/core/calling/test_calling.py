"""One key is one whole call: what it writes, what one undo takes back, what the card shows."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.core.lists.prospects import COLUMNS, everything, fill, ids, row, state
from tui_crm.core import drafts
from tui_crm.core.calling import (
    card as calling_card,
    figures as calling_figures,
    list_rules,
    operations as calling,
    outcome_rules,
    session as calling_session,
)
from tui_crm.core.dates import reader
from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.leads import leads
from tui_crm.core.lists import lists
from tui_crm.core.privacy import do_not_call
from tui_crm.core.setup import tags
from tui_crm.core.store import undo
from tui_crm.core.team import goals

KATRIN = row(
    2,
    "Katrin Vogel",
    "Müller Metallbau GmbH",
    "+497513661208",
    "K.Vogel@mueller.example",
    "DE",
    "Trumpf 3030",
    zone="Europe/Berlin",
)
PAUL = row(3, "Paul Rousseau", "Atelier Rousseau", "+33140205050", "paul@atelier.example", "FR")


@pytest.fixture
def spring(session):
    """A list of two rows: Katrin in Germany, Paul in France."""
    return fill(session, [KATRIN, PAUL])


def number(session, list_id):
    return ids(session, list_id)[0]


def reading(session, text):
    return reader.read(text, session.now)


def action(session):
    return session.store.rows(
        "SELECT kind, at, seconds, number, try_no, reached, text FROM actions ORDER BY id DESC "
        "LIMIT 1"
    )[0]


def test_the_card_carries_what_is_known(session, spring):
    lists.set_script(
        session,
        spring,
        "Guten Tag {first name}, {my name} here. Your {Maschinen}?\n[1] no time\nIn "
        "{city}?\n{what}",
    )
    calling_session.open_seat(session, spring)
    card = calling_session.next_card(session, spring)
    assert (card.name, card.company, card.country) == (
        "Katrin Vogel",
        "Müller Metallbau GmbH",
        "DE",
    )
    assert (card.row, card.rows, card.why) == (1, 2, "new, row 1 of 2")
    assert [(p.e164, p.shown, p.bad) for p in card.phones] == [
        ("+497513661208", "+49 751 3661208", False)
    ]
    assert card.emails == ("K.Vogel@mueller.example",)
    assert (f"{card.there:%H:%M}", card.zone_known, card.in_hours) == ("09:12", True, True)
    assert [label for label, _value, _field in card.cells][:3] == ["Telefon", "Mail", "Maschinen"]
    assert card.script.opening == "Guten Tag Katrin, ana here. Your Trumpf 3030?"
    assert card.script.branches == ((1, "no time", "In ?\n{what}"),)
    assert (card.try_no, card.most_tries, card.note, card.tries) == (1, 6, "", ())


def test_each_key_says_its_consequence(session, spring):
    calling_session.open_seat(session, spring)
    words = {c.digit: c.words for c in calling_session.next_card(session, spring).choices}
    assert words == {
        1: "becomes a lead",
        2: "row done",
        3: "13:12, then try 2 of 6",
        4: "Tue 24",
        5: "09:42",
        6: "number marked bad",
        7: "Tue 24",
        8: "lead, e-mail to do",
        9: "blocked everywhere",
    }


def test_do_not_call_says_what_it_blocks(session):
    bare = fill(session, [row(2, "Nobody", "Nameless Ltd", "", "", "DE")])
    calling_session.open_seat(session, bare)
    choices = calling_session.next_card(session, bare).choices
    assert {c.digit: c.words for c in choices}[9] == "only this row: it has no number"


def test_the_last_try_says_so(session, spring, clock):
    list_rules.set_rules(session, spring, most_tries=2)
    first = number(session, spring)
    calling.outcome(session, first, 3)
    clock.go(hours=4)
    card = calling_session.open_row(session, first)
    assert card.why == "2nd try, other half of the day"
    assert [c.words for c in card.choices if c.digit == 3] == ["try 2 of 2: row done"]
    calling.outcome(session, first, 3)
    assert state(session, first) == "done"


def test_no_answer_is_one_action_and_the_next_try(session, spring, clock):
    calling_session.open_seat(session, spring)
    card = calling_session.next_card(session, spring)
    calling_session.dial(session, card.prospect_id)
    clock.go(seconds=42)
    assert calling_session.next_card(session, spring).on_call == 42
    calling.outcome(session, card.prospect_id, 3)
    kind, at, seconds, dialled, try_no, reached, text = action(session)
    assert (kind, seconds, dialled, try_no, reached, text) == (
        "call",
        42,
        "+497513661208",
        1,
        0,
        "",
    )
    assert at == int(session.now.timestamp())
    due = session.store.value("SELECT due_at FROM prospects WHERE id = ?", (card.prospect_id,))
    assert due == int((session.now + timedelta(hours=4)).timestamp())
    assert calling_session.next_card(session, spring).name == "Paul Rousseau"


def test_a_pause_does_not_count(session, spring, clock):
    calling_session.open_seat(session, spring)
    calling_session.dial(session, calling_session.next_card(session, spring).prospect_id)
    clock.go(seconds=10)
    assert calling_session.pause(session, spring)
    clock.go(minutes=7)
    assert calling_session.next_card(session, spring).on_call == 10
    assert not calling_session.pause(session, spring)
    clock.go(seconds=5)
    assert calling_session.next_card(session, spring).on_call == 15


def dialled(session, spring):
    calling_session.open_seat(session, spring)
    row = calling_session.next_card(session, spring).prospect_id
    calling_session.dial(session, row)
    return row


def beats(session, spring, clock, seconds, idle=0.0):
    """The program is alive and watches the call for so long."""
    for _n in range(seconds // 10):
        clock.go(seconds=10)
        calling_session.sign_of_life(session, spring, idle)


def test_a_long_call_counts_whole_while_the_program_watches(session, spring, clock):
    row = dialled(session, spring)
    beats(session, spring, clock, 45 * 60)
    calling.outcome(session, row, 3)
    assert action(session)[2] == 45 * 60


@pytest.mark.parametrize("first", ["outcome", "sign", "card", "pause", "restart"])
def test_a_machine_that_slept_during_a_call_does_not_talk(session, spring, clock, first):
    """269 minutes of sleep, whatever is done first afterwards."""
    row = dialled(session, spring)
    beats(session, spring, clock, 80)
    clock.go(minutes=269)
    match first:
        case "sign":
            assert calling_session.sign_of_life(session, spring, 0.0)
        case "card":
            assert calling_session.next_card(session, spring).on_call == 80
        case "pause":
            assert calling_session.pause(session, spring)
            clock.go(minutes=3)
            assert not calling_session.pause(session, spring)
        case "restart":
            calling_session.open_seat(session, spring)
    more = 20 if first not in ("outcome",) else 0
    clock.go(seconds=more)
    calling.outcome(session, row, 3)
    assert action(session)[2] == 80 + more


def test_a_call_that_nobody_ends_for_hours_is_not_hours_long(session, spring, clock):
    row = dialled(session, spring)
    clock.go(hours=3)
    calling.outcome(session, row, 3)
    assert action(session)[2] == 0


def test_an_hour_without_a_key_stops_the_clock_at_the_last_one(session, spring, clock):
    row = dialled(session, spring)
    beats(session, spring, clock, 120)
    for minutes in range(1, 62):
        clock.go(minutes=1)
        calling_session.sign_of_life(session, spring, minutes * 60.0)
    card = calling_session.next_card(session, spring)
    assert card.paused and card.on_call == 120
    clock.go(hours=2)
    assert not calling_session.pause(session, spring)  # the rep goes on talking
    beats(session, spring, clock, 30)
    calling.outcome(session, row, 3)
    assert action(session)[2] == 150


def test_interested_makes_a_lead_with_everything(session, spring, clock):
    first = number(session, spring)
    calling.outcome(session, first, 4, note="secretary says Tuesday")
    clock.go(days=1)
    calling_session.save_note(session, first, "secretary says Tuesday\nwants a quote")
    lead = calling.outcome(session, first, 1).lead_id
    title, description, owner, list_id, prospect, status = session.store.rows(
        "SELECT title, description, owner_id, list_id, prospect_id, status FROM leads WHERE id = ?",
        (lead,),
    )[0]
    assert title == "Müller Metallbau GmbH: Katrin Vogel"
    assert description == "Land: DE\nMaschinen: Trumpf 3030"
    assert (owner, list_id, prospect, status) == (session.user_id, spring, first, "open")
    points = session.store.rows("SELECT kind, value FROM contact_points ORDER BY id")
    assert sorted(points) == [("email", "K.Vogel@mueller.example"), ("phone", "+497513661208")]
    history = session.store.rows("SELECT text FROM actions WHERE lead_id = ? ORDER BY id", (lead,))
    assert history == [("secretary says Tuesday",), ("wants a quote",)]
    assert state(session, first) == "lead"


def test_a_column_named_as_a_lead_field_fills_it(session):
    columns = [
        *COLUMNS,
        {"name": "Importe", "field": None},
        {"name": "Source", "field": None},
        {"name": "Tags", "field": "tags"},
    ]
    list_id = lists.create(session, "With amounts", columns)
    new = row(2, "Ana", "Acme", "+34911234567", machines="x")
    cells = (*new.cells, "12.400,00 €", "Fair", "hot, relaunch")
    lists.add_rows(session, list_id, [lists.NewRow(2, cells, new.values, new.keys)])
    lead = calling.outcome(session, number(session, list_id), 1).lead_id
    assert session.store.rows(
        "SELECT amount, source, description FROM leads WHERE id = ?", (lead,)
    ) == [(1240000, "Fair", "Maschinen: x")]
    assert tags.of(session.store, [lead])[lead] == ("hot", "relaunch")


def test_send_information_leaves_an_email_to_do(session, spring):
    lead = calling.outcome(session, number(session, spring), 8).lead_id
    assert session.store.rows("SELECT next_day, next_kind FROM leads WHERE id = ?", (lead,)) == [
        ("2026-11-23", "email")
    ]


def test_interested_with_a_next_action(session, spring):
    lead = calling.outcome(
        session, number(session, spring), 1, callback=reading(session, "fri 9:30 quote")
    ).lead_id
    assert session.store.rows("SELECT next_at, next_text FROM leads WHERE id = ?", (lead,)) == [
        (int((session.now.replace(hour=9, minute=30) + timedelta(days=4)).timestamp()), "quote")
    ]


def test_wrong_number_marks_the_one_that_was_dialled(session, spring):
    first = number(session, spring)
    calling.outcome(session, first, 6)
    assert state(session, first) == "done"
    assert [p.bad for p in calling_card.card(session, first).phones] == [True]


def test_not_interested_with_a_reason(session, spring):
    first = number(session, spring)
    calling.outcome(session, first, 2, reason="has a supplier", note="since 2019")
    (earlier,) = calling_card.card(session, first).tries
    assert (earlier.digit, earlier.reason, earlier.text) == (2, "Has a supplier", "since 2019")


def test_do_not_call_blocks_in_every_list(session, spring):
    other = fill(
        session,
        [row(2, "K. V.", "Elsewhere", "+497513661208"), row(3, "Safe", "S", "+34600000001")],
        "Other",
    )
    calling.outcome(session, number(session, spring), 9, note="take me off")
    assert [state(session, n) for n in ids(session, other)] == ["blocked", "new"]
    (block,) = [b for b in do_not_call.blocked(session) if b.kind == "phone"]
    assert (block.match, block.who, block.words) == ("+497513661208", "ana", "take me off")
    later = fill(session, [row(2, "Again", "G", "", "k.vogel@MUELLER.example")], "Later")
    assert [state(session, n) for n in ids(session, later)] == ["blocked"]
    undo.undo(session, session.store.value("SELECT id FROM entries WHERE op = 'calling.outcome'"))
    assert [state(session, n) for n in ids(session, other)] == ["new", "new"]
    assert do_not_call.blocked(session) == []


def test_a_callback_leaves_and_comes_back_first(session, spring, clock):
    calling_session.open_seat(session, spring)
    first = calling_session.next_card(session, spring).prospect_id
    calling.callback(session, first, reading(session, "tue 10 after the Jour fixe, called: no"))
    assert session.store.value("SELECT COUNT(*) FROM actions") == 0
    assert calling_session.next_card(session, spring).name == "Paul Rousseau"
    calling.outcome(session, ids(session, spring)[1], 4)
    clock.go(days=1, minutes=52)  # Tuesday 10:04
    card = calling_session.next_card(session, spring)
    assert card.name == "Katrin Vogel"
    assert (card.why, card.late) == ("callback 10:00 after the Jour fixe, 4 min late", True)
    assert card.try_no == 1  # it was said to be no call


def test_a_callback_that_is_agreed_is_a_call_that_reached_somebody(session, spring):
    calling_session.open_seat(session, spring)
    calling.callback(session, number(session, spring), reading(session, "tue 10"))
    kind, _at, _seconds, _number, try_no, reached, _text = action(session)
    assert (kind, try_no, reached) == ("call", 1, 1)
    figures = calling_figures.figures(session)
    assert (figures.calls, figures.reached) == (1, 1)


def test_a_callback_during_a_call_is_a_call(session, spring, clock):
    calling_session.open_seat(session, spring)
    first = calling_session.next_card(session, spring).prospect_id
    calling_session.dial(session, first)
    clock.go(seconds=30)
    calling.callback(session, first, reading(session, "tue 10"), note="in a meeting")
    kind, _at, seconds, _number, try_no, reached, text = action(session)
    assert (kind, seconds, try_no, reached, text) == ("call", 30, 1, 1, "in a meeting")


@pytest.mark.parametrize("text", ["nonsense", ""])
def test_a_callback_without_a_day_is_refused(session, spring, text):
    with pytest.raises(CrmError):
        calling.callback(session, number(session, spring), reading(session, text))
    assert state(session, number(session, spring)) == "new"


def test_undo_reopens_the_row_with_its_note(session, spring):
    calling_session.open_seat(session, spring)
    first = calling_session.next_card(session, spring).prospect_id
    calling_session.save_note(session, first, "back from leave today")
    before, counted = everything(session), calling_figures.figures(session)
    calling.outcome(session, first, 3)
    assert calling_figures.figures(session).calls == 1
    assert drafts.load(session, f"prospect:{first}") is None
    undone = undo.undo(session)
    assert everything(session) == before
    assert calling_figures.figures(session) == counted
    card = calling_session.open_row(session, undone.prospect_id)
    assert (card.prospect_id, card.note, card.tries) == (first, "back from leave today", ())
    undo.redo(session)
    assert drafts.load(session, f"prospect:{first}") is None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 9), st.sampled_from(["", "said this"])),
        min_size=1,
        max_size=6,
    )
)
def test_undo_of_any_calls_gives_the_exact_rows_back(session, clock, calls):
    """Whatever was called, undoing all of it, last first, leaves every table as it was."""
    list_id = fill(
        session,
        [
            row(2, "A", "One", "+34600000001", "a@x.example"),
            row(3, "B", "One", "+34600000001"),
            row(4, "C", "", "", "a@x.example"),
            row(5, "", "", "12"),
        ],
        f"Undo {clock.now.timestamp()}",
    )
    rows, before, done = ids(session, list_id), everything(session), 0
    for place, digit, note in calls:
        clock.go(minutes=1)
        if state(session, rows[place]) in do_not_call.OPEN:
            calling.outcome(session, rows[place], digit, note=note)
            done += 1
    for _n in range(done):
        undo.undo(session)
    assert everything(session) == before
    clock.go(minutes=1)


def test_the_same_key_twice_in_a_moment_is_one_call(session, spring):
    first = number(session, spring)
    calling.outcome(session, first, 3)
    with pytest.raises(CrmError, match="this very moment"):
        calling.outcome(session, first, 3)
    assert calling_figures.figures(session).calls == 1


def test_a_row_with_its_outcome_takes_no_other(session, spring):
    first = number(session, spring)
    calling.outcome(session, first, 2)
    with pytest.raises(Conflict, match="outcome already"):
        calling.outcome(session, first, 1)


def test_a_colleagues_row_takes_no_outcome(session, spring, colleague):
    ben = colleague("ben")
    calling_session.open_seat(ben, spring)
    first = calling_session.next_card(ben, spring).prospect_id
    with pytest.raises(Conflict, match="ben has this row"):
        calling.outcome(session, first, 3)


def test_resume_on_the_same_row_with_note_and_clock(session, spring, clock):
    calling_session.open_seat(session, spring)
    first = calling_session.next_card(session, spring).prospect_id
    calling_session.dial(session, first)
    calling_session.save_note(session, first, "half a wor")
    clock.go(minutes=12)
    again = calling_session.open_seat(session, spring)  # a new process would do just this
    card = calling_session.next_card(session, spring)
    assert again.resumed and again.prospect_id == first
    assert (card.prospect_id, card.note, card.saved, card.on_call) == (
        first,
        "half a wor",
        False,
        720,
    )
    assert card.why == "new, row 1 of 2, yours since 09:12"


def test_skip_and_back(session, spring):
    calling_session.open_seat(session, spring)
    assert calling_session.next_card(session, spring).name == "Katrin Vogel"
    assert calling_session.skip(session, spring).name == "Paul Rousseau"
    assert calling_session.previous_card(session, spring).name == "Katrin Vogel"
    assert calling_session.previous_card(session, spring) is None
    assert calling_session.next_card(session, spring).name == "Katrin Vogel"
    calling_session.skip(session, spring)
    assert calling_session.skip(session, spring).name == "Katrin Vogel"  # round again


def test_a_narrowed_session_is_resumed(session, spring):
    calling_session.open_seat(session, spring, "rousseau")
    assert calling_session.next_card(session, spring).name == "Paul Rousseau"
    assert calling_session.open_seat(session, spring).query == "rousseau"
    calling_session.open_seat(session, spring, "company:MÜLLER 3030")
    assert calling_session.next_card(session, spring).name == "Katrin Vogel"
    calling_session.open_seat(session, spring, "100%")
    assert calling_session.next_card(session, spring) is None


def test_convert_without_a_call(session, spring):
    lead = calling.convert(session, number(session, spring))
    assert session.store.value("SELECT COUNT(*) FROM actions") == 0
    assert session.store.value("SELECT prospect_id FROM leads WHERE id = ?", (lead,)) == number(
        session, spring
    )
    undo.undo(session)
    assert state(session, number(session, spring)) == "new"


def test_edit_keeps_the_original(session, spring):
    first = number(session, spring)
    do_not_call.block(session, "+34 911 234 567", "no")
    calling.edit_row(
        session, first, {"telefon": "+34 911 234 568", "maschinen": "none", "name": "Karin"}
    )
    calling.edit_row(session, first, {"maschinen": "two"})
    original, cells, name = session.store.rows(
        "SELECT original, cells, name FROM prospects WHERE id = ?", (first,)
    )[0]
    assert "Trumpf 3030" in original and '"two"' in cells and name == "Karin"
    card = calling_card.card(session, first)
    assert [p.e164 for p in card.phones] == ["+34911234568"]
    calling.edit_row(session, first, {"Telefon": "+34 911 23 45 67"})
    assert state(session, first) == "blocked"
    with pytest.raises(CrmError, match="no column"):
        calling.edit_row(session, first, {"Colour": "red"})


def test_a_corrected_country_reads_its_phones_anew(session):
    columns = [{"name": n, "field": n.lower()} for n in ("Name", "Phone", "Country")]
    number_of = lists.create(session, "Abroad", columns)
    lists.add_rows(
        session,
        number_of,
        [
            lists.NewRow(
                2,
                ("Jo", "020 7946 0018", "Spain"),
                {"name": "Jo", "country": "Spain"},
                [("phone", "020 7946 0018", "")],
            )
        ],
    )
    first = ids(session, number_of)[0]
    calling.edit_row(session, first, {"country": "United Kingdom"})
    assert [p.e164 for p in calling_card.card(session, first).phones] == ["+442079460018"]
    calling.edit_row(session, first, {"phone": "07400 123456"})
    card = calling_card.card(session, first)
    assert [p.e164 for p in card.phones] == ["+447400123456"] and str(
        card.there.tzinfo
    ) == "Europe/London"
    undo.undo(session)
    undo.undo(session)
    assert [(p.typed, p.e164) for p in calling_card.card(session, first).phones] == [
        ("020 7946 0018", None)
    ]


def test_unblock_puts_the_row_back(session, spring):
    first = number(session, spring)
    do_not_call.block(session, "k.vogel@mueller.example", "wrote to us")
    assert state(session, first) == "blocked"
    calling.unblock(session, first, "asked for a call")
    assert state(session, first) == "new"


def test_notes(session, spring):
    first = number(session, spring)
    calling.set_note(session, first, "one")
    calling.add_note(session, first, "two")
    assert calling_card.card(session, first).note == "one\ntwo"
    undo.undo(session)
    assert session.store.value("SELECT note FROM prospects WHERE id = ?", (first,)) == "one"


def test_warnings(session, spring, colleague):
    ben = colleague("ben")
    twin = leads.create(ben, "Müller: relaunch", points=[("phone", "+49 751 3661208")])
    other = fill(session, [row(2, "K.", "M", "+497513661208")], "Other")
    calling.outcome(ben, number(ben, other), 3)
    warnings = calling_card.card(session, number(session, spring)).warnings
    assert [(w.kind, w.lead_id) for w in warnings] == [("lead", twin), ("today", None)]
    assert "Müller: relaunch (ben)" in warnings[0].words
    do_not_call.block(session, "+497513661208", "please")
    assert calling_card.card(session, number(session, spring)).warnings[0].kind == "blocked"


def test_a_blocked_number_is_not_dialled(session, spring):
    do_not_call.block(session, "+497513661208")
    with pytest.raises(CrmError, match="do-not-call"):
        calling_session.dial(session, number(session, spring))


def test_figures_goal_and_summary(session, spring, clock):
    goals.put(session, "calls", "day", 50)
    calling_session.open_seat(session, spring)
    calling.outcome(session, ids(session, spring)[0], 3)
    clock.go(minutes=8)
    calling.outcome(session, ids(session, spring)[1], 1)
    figures = calling_figures.figures(session)
    assert figures.goal == 50
    assert (figures.calls, figures.reached, figures.active, figures.per_hour) == (2, 1, 480, None)
    clock.go(minutes=30)  # a coffee is no work
    calling.callback(session, ids(session, spring)[0], reading(session, "tue 10"))
    assert calling_figures.figures(session).active == 480
    # Whoever agrees on a callback was spoken to, dialled from here or not.
    assert (
        calling_figures.summary(session, spring).words == "3 calls, 2 reached, 1 lead, 1 callback"
    )
    undo.undo(session)
    assert (
        calling_figures.summary(session, spring).words == "2 calls, 1 reached, 1 lead, 0 callbacks"
    )


def test_an_outcome_of_the_teams_own(session, spring):
    outcome_rules.retire(session, "call", 7)
    outcome_rules.add(session, "call", "Call me in an hour", retry="1h", reached=True)
    first = number(session, spring)
    calling.outcome(session, first, "call me")
    due = session.store.value("SELECT due_at FROM prospects WHERE id = ?", (first,))
    assert due == int((session.now + timedelta(hours=1)).timestamp())
