"""The Do keys: what each writes, that `u` takes it back, and how many keys it costs.

Typed text aside, PRODUCT counts: an outcome with a line 2 + Enter, won 1 + Enter, lost with its
reason 2, a next action 1 + Enter, undo 1. The presses below are those counts.
"""

from __future__ import annotations

from datetime import date

import pytest

from tui_crm.core.dates import reader
from tui_crm.core.leads import (
    actions,
    closing,
    duplicates,
    leads,
    learnt,
    next_actions,
    note_line,
    people,
)
from tui_crm.core.setup import kinds
from tui_crm.core.store import open_store, undo
from tui_crm.core.team.sign_in import sign_in
from tui_crm.tui.terminal import theme

# Keys that bring each screen up with the cursor on Acme.
SCREENS = {
    "today": (),
    "lead": ("enter",),
    "leads": ("L", "g", "j"),
    "board": ("L", "v", "right", "right", "g"),
    "feed": ("F",),
}


@pytest.fixture(params=list(SCREENS))
def place(request, crm):
    """Each screen with leads, its keys, with the cursor on Acme."""
    if request.param == "feed":  # the newest entry is about Acme
        leads.set_source(crm.session, crm.number("acme"), "fair")
    return SCREENS[request.param]


async def on_acme(d):
    assert d.app.screen.subject() == 1, str(d)


async def test_a_call_with_its_outcome_is_two_keys_and_a_line(crm, place):
    async with crm.driving((80, 24), *place) as d:
        await on_acme(d)
        await d.press("c", "1")
        await d.type("Anna wants it >fri 9:30 send quote #hot €13k")
        assert d.shows("= next Fri 27 Nov 09:30")
        await d.press("enter")
        done = next(line for line in crm.history("acme") if line.kind == "call")
        assert (done.outcome, done.text) == ("Reached", "Anna wants it")
        lead = crm.lead("acme")
        assert lead.amount == 1_300_000 and "hot" in lead.tags
        assert lead.next.at.isoformat().startswith("2026-11-27T09:30")
        assert d.shows(" Logged   Reached, next Fri 27 Nov 09:30, €13,000, #hot")
        if place != ("F",):  # in Feed, u is about the entry under the cursor
            await d.press("u")
            lead = crm.lead("acme")
            assert lead.amount == 1_240_000 and "hot" not in lead.tags
            assert len([line for line in crm.history("acme") if line.kind == "call"]) == 1


async def test_a_log_line_says_how_long_when_with_whom_and_what_was_learnt(crm):
    """Each piece is echoed before Enter and stored by it; one `u` takes all of it back."""
    async with crm.driving((120, 36), "enter", "c", "1") as d:
        await d.type(
            "@yesterday 16:00 1h05 @Anna and @ben agree Mobile: +49 151 12345678, CIF: B-7 12"
        )
        assert d.shows("= done Sun 22 Nov 16:00  took 1 h 05  with Anna Weber  colleague ben")
        assert d.shows("= phone +49 1511 2345678  of Anna Weber")
        assert d.shows("= CIF B-7 12  of Acme GmbH")
        await d.press("enter")
        done = next(line for line in crm.history("acme") if line.kind == "call")
        assert (done.text, done.seconds) == ("@Anna and @ben agree", 65 * 60)
        assert done.at.isoformat() == "2026-11-22T16:00:00+01:00"
        client = "SELECT description FROM clients WHERE id = ?"
        lead = crm.lead("acme")
        assert [p.match for p in lead.people[0].phones] == ["+493090182044", "+4915112345678"]
        assert crm.session.store.value(client, (lead.client_id,)) == "CIF: B-7 12"
        await d.press("escape", "u")
        assert len(crm.lead("acme").people[0].phones) == 1
        assert crm.session.store.value(client, (lead.client_id,)) == ""
        assert all(line.seconds != 65 * 60 for line in crm.history("acme"))


async def test_a_figure_that_an_act_changed_is_in_the_accent_until_the_next_key(crm):
    fresh = theme.style("accent.b", "raised")
    async with crm.driving((120, 36), "T") as d:
        assert not [text for text, style in d.styles(0) if style == fresh and "1" in text]
        await d.press("c", "3", "enter")
        assert [text.strip() for text, style in d.styles(0) if style == fresh and "1" in text]
        await d.press("escape", "j")
        assert not [text for text, style in d.styles(0) if style == fresh and "1" in text]
        await d.press("w", "enter")
        chip = theme.style("chip.won")
        assert [text for text, style in d.styles(d.find(" Won ")) if style == chip] == [" Won "]
        assert any("k" in text for text, style in d.styles(0) if style == fresh)


async def test_visits_and_messages_are_two_keys_from_the_menu_of_any_kind(crm, place):
    async with crm.driving((80, 24), *place) as d:
        await d.press("m")
        assert d.shows("tab visit") and d.shows("s message")
        await d.press("tab")
        assert d.shows("1 Held") and d.shows("── visit")
        await d.press("1", "enter", "escape")
        visit = next(line for line in crm.history("acme") if line.kind == "visit")
        assert (visit.outcome, visit.reached) == ("Held", True)
        crm.clock.go(minutes=1)
    async with crm.driving((80, 24), *place) as d:
        await d.press("c", "s", "1", "enter", "escape")
        assert crm.history("acme")[0].kind == "message"


async def test_a_kind_of_its_own_is_its_letter_in_the_menu(crm):
    kinds.add(crm.session, "demo")
    async with crm.driving((80, 24), "m") as d:
        assert d.shows("d demo")
        await d.press("d")
        assert d.shows("── demo")
        await d.press("1")
        await d.type("all of it")
        await d.press("enter", "escape")
        demos = [line.text for line in crm.history("acme") if line.kind == "demo"]
        assert demos == ["all of it"]


async def test_what_is_learnt_goes_to_the_company_and_to_the_one_who_was_met(crm):
    number = crm.add(
        "Firm: two people", company="Firm", contact="Jo", points=[("phone", "+49 30 901820 77")]
    )
    people.add(crm.session, number, "Zoë Maier, boss")
    note = note_line.read(
        "SIRET: 552 100 554 00013 Tel: 030 90182099 E-mail: zoe@firm.example @zoe",
        crm.session.now,
        known=learnt.known(crm.session, crm.lead(number).people),
    )
    actions.log(crm.session, number, "note", line=note)
    lead = crm.lead(number)
    jo, zoe = lead.people
    assert [p.value for p in zoe.points] == ["030 90182099", "zoe@firm.example"]
    assert len(jo.points) == 1
    sql = "SELECT description FROM clients WHERE id = ?"
    assert crm.session.store.value(sql, (lead.client_id,)) == "SIRET: 552 100 554 00013"


async def test_what_an_outcome_does_is_said_before_its_digit(crm):
    async with crm.driving((80, 24), "c") as d:
        assert d.shows("9 Do not call 1 number")
        await d.press("9", "enter")
        assert any(line.outcome == "Do not call" for line in crm.history("acme"))
        await d.press("escape", "p", "2")
        await d.type("Anna again, anna.weber@acme-gmbh.example")
        await d.press("enter")
        assert len(crm.lead("acme").people) == 1  # blocked, and said so


async def test_won_is_one_key_and_enter(crm, place):
    async with crm.driving((80, 24), *place) as d:
        await d.press("w", "enter")
        assert crm.lead("acme").status == "won"
        assert d.shows("€12,400") and d.shows("Won")


async def test_won_at_another_amount(crm, place):
    async with crm.driving((80, 24), *place, "w") as d:
        await d.type("15k")
        assert d.shows("= €15,000")
        await d.press("enter")
        lead = crm.lead("acme")
        assert (lead.status, lead.amount) == ("won", 1_500_000)


async def test_won_at_an_unknown_amount(crm):
    async with crm.driving((80, 24), "w") as d:
        await d.type("-")
        assert d.shows("= amount unknown")
        await d.press("enter")
        lead = crm.lead("acme")
        assert (lead.status, lead.amount) == ("won", None)


async def test_lost_with_its_reason_is_two_keys(crm, place):
    async with crm.driving((80, 24), *place, "l", "2") as d:
        lead = crm.lead("acme")
        assert (lead.status, lead.reason, lead.next) == ("lost", "Chose another", None)
        assert d.shows("Lost")


async def test_cancelled_with_its_reason_is_two_keys(crm, place):
    async with crm.driving((80, 24), *place, "x", "1"):
        lead = crm.lead("acme")
        assert (lead.status, lead.reason) == ("cancelled", "Duplicate")


async def test_a_next_action_is_one_key_a_line_and_enter(crm, place):
    async with crm.driving((80, 24), *place, "r") as d:
        await d.type("fri 9:30 20m call Anna")
        assert d.shows("= Fri 27 Nov 09:30, 20 min, in 4 days")
        await d.press("enter")
        following = crm.lead("acme").next
        assert following.at.isoformat() == "2026-11-27T09:30:00+01:00"
        assert (following.minutes, following.kind, following.text) == (20, "call", "Anna")


async def test_a_moment_alone_keeps_the_words_and_words_alone_the_moment(crm):
    async with crm.driving((80, 24), *SCREENS["lead"], "r") as d:
        await d.type("fri 9:30 20m call chase the quote")
        await d.press("enter", "r")
        await d.type("+5d")
        assert d.shows("= Sat 28 Nov, 20 min, in 5 days  call  chase the quote (kept)")
        await d.press("enter", "r")
        assert (crm.lead("acme").next.day.day, crm.lead("acme").next.kind) == (28, "call")
        await d.type("ask for the budget")
        assert d.shows("= Sat 28 Nov, 20 min, in 5 days (kept)  call (kept)  ask for the budget")
        await d.press("enter", "r")
        assert crm.lead("acme").next.text == "ask for the budget"
        await d.type("-")
        await d.press("enter")
        following = crm.lead("acme").next
        assert (following.day.day, following.minutes, following.text) == (28, 20, "")


async def test_undo_is_one_key_and_brings_the_lead_back_under_the_cursor(crm):
    for keys in SCREENS["today"], SCREENS["leads"], SCREENS["board"]:
        async with crm.driving((80, 24), *keys) as d:
            await d.press("l", "1")
            assert crm.lead("acme").status == "lost"
            assert d.app.screen.subject() != 1
            await d.press("u")
            assert crm.lead("acme").status == "todo"
            await on_acme(d)
            await d.press("ctrl+r")
            assert crm.lead("acme").status == "lost"
            await d.press("u")


async def test_keys_without_a_question(crm, place):
    async with crm.driving((80, 24), *place) as d:
        await d.press("d")
        assert crm.lead("acme").next is None or crm.lead("acme").next.at is None
        await d.press("asterisk")
        assert crm.lead("acme").starred


async def test_steps(crm, place):
    async with crm.driving((80, 24), *place) as d:
        await d.press("greater_than_sign")
        assert crm.lead("acme").step == "Closing"
        if place != ("F",):
            await d.press("less_than_sign")
            assert crm.lead("acme").step == "Proposal"
            await d.press("s", "1")
            assert crm.lead("acme").step == "Qualified"
            await on_acme(d)


async def test_amount_tags_owner(crm, place):
    async with crm.driving((80, 24), *place, "a") as d:
        await d.type("9k")
        await d.press("enter")
        assert crm.lead("acme").amount == 900_000
        await d.press("t")
        await d.type("hot -inbound")
        await d.press("enter")
        assert crm.lead("acme").tags == ("hot",)
        await d.press("o", "2")
        assert crm.lead("acme").owner == "ben"


async def test_an_unknown_amount_is_a_dash(crm):
    async with crm.driving((80, 24), "a") as d:
        await d.type("-")
        await d.press("enter")
        assert crm.lead("acme").amount is None


async def test_nonsense_is_said_and_not_kept(crm):
    async with crm.driving((80, 24), "a") as d:
        await d.type("a lot")
        assert d.row(-1).startswith(" ?")
        await d.press("enter")
        assert crm.lead("acme").amount == 1_240_000
        await d.press("escape", "r")
        await d.type("32 december")
        await d.press("enter")
        assert "2027-12-32" not in str(crm.lead("acme").next)


async def test_people_are_added_corrected_and_taken_off(crm):
    async with crm.driving((80, 24), "p") as d:
        await d.press("2")
        await d.type("Jörg Thiel, IT, +49 171 5550148")
        assert d.shows("+49 171 5550148")
        await d.press("enter")
        assert [p.name for p in crm.lead("acme").people] == ["Anna Weber", "Jörg Thiel"]
        await d.press("p", "2", "ctrl+u")
        await d.type("-")
        await d.press("enter")
        assert [p.name for p in crm.lead("acme").people] == ["Anna Weber"]


async def test_copy_shows_what_it_copied(crm):
    async with crm.driving((80, 24), "y", "1") as d:
        assert d.shows("Copied") and d.shows("+49 30 90182044")
        assert d.app.clipboard == "+49 30 90182044"


async def test_copy_says_when_there_is_nothing(crm):
    async with crm.driving((80, 24), "j", "y") as d:
        assert "y there is no phone or e-mail here." in d.row(-2)


@pytest.mark.parametrize(
    ("digit", "typed", "field", "value"),
    [
        ("1", "Acme GmbH: everything", "title", "Acme GmbH: everything"),
        ("2", "2026-12-18", "expected_close", date(2026, 12, 18)),
        ("3", "35%", "own_probability", 35),
        ("4", "Acme Holding", "client", "Acme Holding"),
        ("6", "Spring fair", "source", "Spring fair"),
        ("7", "2026-10-14", "created", date(2026, 10, 14)),
    ],
)
async def test_edit(crm, digit, typed, field, value):
    before = getattr(crm.lead("acme"), field)
    async with crm.driving((80, 24), "i", digit, "ctrl+u") as d:
        await d.type(typed)
        await d.press("enter")
        assert getattr(crm.lead("acme"), field) == value
        await d.press("u")
        assert getattr(crm.lead("acme"), field) == before


async def test_fields_are_edited_by_their_label_and_another_is_added(crm):
    before = crm.lead("acme").description
    async with crm.driving((80, 24), "i", "5", "1", "ctrl+u") as d:
        await d.type("90")
        await d.press("enter")
        assert crm.lead("acme").description == before.replace("Employees: 85", "Employees: 90")
        await d.press("i", "5", "4")
        await d.type("Region: Baden")
        await d.press("enter")
        assert crm.lead("acme").fields["Region"] == "Baden"
        await d.press("u", "u")
        assert crm.lead("acme").description == before


async def test_priority_stands_beside_the_star_and_direction_is_chosen(crm):
    async with crm.driving((80, 24), "asterisk", "i", "9") as d:
        assert d.shows("before the others")
        await d.press("1")
        assert crm.lead("acme").priority == "high" and d.shows("Priority") and d.shows("high")
        assert any("▲" in row and "Acme GmbH" in row for row in d.screen())
        await d.press("enter")
        assert d.shows(f"*▲ #{crm.number('acme')}")
        await d.press("i", "0", "1")
        assert d.shows("it was looked for")
        await d.press("2")
        assert crm.lead("acme").direction == "outbound"
        await d.press("u", "u")
        assert (crm.lead("acme").priority, crm.lead("acme").direction) == ("none", "")


async def test_the_closing_day_can_be_corrected_but_not_into_the_future(crm):
    async with crm.driving((80, 24), "L") as d:
        d.app.screen.filter.apply("status:won")
        await d.settle()
        await d.press("i", "8")
        await d.type("2026-11-20")
        await d.press("enter")
        assert crm.lead("won").closed == date(2026, 11, 20)
        await d.press("i", "8")
        await d.type("2026-12-20")
        await d.press("enter")
        assert crm.lead("won").closed == date(2026, 11, 20)
        assert d.shows("2026-12-20")  # the line is open again, with its text


async def test_merging_asks_which_amount_holds_and_is_one_undo(crm):
    mine, other = crm.lead("acme"), crm.lead("polska")
    assert None not in (mine.amount, other.amount) and mine.amount != other.amount
    async with crm.driving((80, 24), "i", "8") as d:
        await d.type(str(other.number))
        assert d.shows(f"= #{other.number} {other.title}")
        await d.press("enter")
        assert d.shows("which amount holds?")
        await d.press("2")
        assert crm.lead("acme").title == mine.title and crm.lead("acme").amount == other.amount
        assert not any("Acme Polska" in row for row in d.screen()[:20])
        await d.press("u")
        assert (crm.lead("acme"), crm.lead("polska")) == (mine, other)


async def test_a_merge_that_is_left_at_the_question_changes_nothing(crm):
    entries = crm.entries()
    async with crm.driving((80, 24), "i", "8") as d:
        await d.type(str(crm.number("polska")))
        await d.press("enter", "escape", "escape")
        assert crm.entries() == entries


async def test_the_number_of_a_merged_lead_opens_the_one_it_went_into(crm):
    acme, polska = crm.number("acme"), crm.number("polska")
    async with crm.driving((80, 24), "i", "8") as d:
        await d.type(str(polska))
        await d.press("enter", "enter")
        d.app.open_lead(polska)
        await d.settle()
        assert d.app.screen.subject() == acme and d.shows("Acme GmbH  website relaunch")


# -- several at once ---------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [SCREENS["today"], SCREENS["leads"], SCREENS["board"]])
async def test_marked_leads_are_one_act_and_one_undo(crm, keys):
    async with crm.driving((80, 24), *keys) as d:
        first = d.app.screen.subject()
        await d.press("space", "space")
        assert d.shows("+ 2 marked")
        marked = d.app.screen.marked()
        assert first in marked and len(marked) == 2
        before = crm.entries()
        await d.press("r")
        await d.type("wed")
        await d.press("enter")
        assert {str(crm.lead(n).next.day) for n in marked} == {"2026-11-25"}
        assert crm.entries() == before + 1
        assert d.shows("Next  2 leads, Wed 25 Nov") and not d.app.screen.marked()
        await d.press("u")
        assert str(crm.lead(first).next.day) != "2026-11-25"


async def test_marked_leads_keep_each_its_own_words(crm):
    async with crm.driving((80, 24), "space", "space") as d:
        marked = d.app.screen.marked()
        before = [(crm.lead(n).next.kind, crm.lead(n).next.text) for n in marked]
        assert any(text for _kind, text in before)
        await d.press("r")
        await d.type("+3d")
        assert d.shows("= Thu 26 Nov, in 3 days  each keeps its words")
        await d.press("enter")
        assert [(crm.lead(n).next.kind, crm.lead(n).next.text) for n in marked] == before
        assert {crm.lead(n).next.day.day for n in marked} == {26}


async def test_marks_are_taken_off_by_space_and_by_escape(crm):
    async with crm.driving((80, 24), "space", "k", "space") as d:
        assert not d.shows("marked")
        await d.press("space", "space", "escape")
        assert not d.shows("marked") and d.app.screen.NAME == "today"


async def test_repeat_does_the_last_thing_again_here(crm):
    async with crm.driving((80, 24), "r") as d:
        await d.type("wed")
        await d.press("enter")
        d.app.screen.records.jump(("lead", crm.number("ibarra")))
        await d.press("full_stop")
        assert str(crm.lead("ibarra").next.day) == "2026-11-25"


async def test_repeat_with_nothing_to_repeat_says_so(crm):
    async with crm.driving((80, 24), "full_stop") as d:
        assert ". nothing was done yet" in d.row(-2)


# -- after a logged action ---------------------------------------------------------------------


async def test_a_due_next_action_is_completed_and_the_next_one_asked_for(crm):
    async with crm.driving((80, 24), "c", "1", "enter") as d:
        assert crm.lead("acme").next is None
        assert d.shows("Next?") and d.shows("keeps it in To do")
        await d.type("tue 10")
        await d.press("enter")
        assert crm.lead("acme").next.at.isoformat() == "2026-11-24T10:00:00+01:00"


async def test_enter_on_next_keeps_the_lead_in_to_do(crm):
    async with crm.driving((80, 24), "c", "1", "enter", "enter") as d:
        assert crm.lead("acme").status == "todo" and crm.lead("acme").next is None
        assert not d.app.screen.sheet_open


async def test_after_no_answer_enter_plans_the_next_try_with_its_words(crm):
    planned = crm.lead("acme").next
    async with crm.driving((80, 24), "c") as d:
        assert d.shows("1 Reached done") and d.shows("3 No answer 13:12")
        assert d.shows("6 Wrong number stays") and d.shows("4 Voicemail Tue")
        await d.press("3")
        # Nothing is completed by it; at 09:12 the other half of the day begins at 13:12.
        assert crm.lead("acme").next == planned
        assert d.shows("next Mon 23 Nov 13:12") and d.shows(f"{planned.text}   tab takes it off")
        await d.press("enter")
        now = crm.lead("acme").next
        assert now.at.isoformat() == "2026-11-23T13:12:00+01:00"
        assert (now.kind, now.text) == ("call", planned.text)
        assert not d.app.screen.sheet_open
        await d.press("u")
        assert crm.lead("acme").next == planned


async def test_tab_takes_the_next_try_off_and_words_may_plan_another(crm):
    planned = crm.lead("acme").next
    async with crm.driving((80, 24), "c", "3", "tab") as d:
        assert d.shows("no next try")
        await d.type("out until Friday")
        await d.press("enter")
        assert crm.lead("acme").next == planned and not d.app.screen.sheet_open
        await d.press("c", "3")
        await d.type("on holiday >fri 10 call Bob")
        assert not d.shows("takes it off")
        await d.press("enter")
        assert crm.lead("acme").next.at.isoformat() == "2026-11-27T10:00:00+01:00"


async def test_an_unreached_call_leaves_a_planned_e_mail(crm):
    next_actions.set_next(
        crm.session, crm.number("acme"), reader.read("today email the quote", crm.session.now)
    )
    async with crm.driving((80, 24), "c", "3", "enter", "escape"):
        following = crm.lead("acme").next
        assert (following.kind, following.text) == ("email", "the quote")


async def test_a_future_next_action_stays(crm):
    async with crm.driving((80, 24), "G") as d:
        number = d.app.screen.subject()
        kept = crm.lead(number).next
        await d.press("c", "4", "enter")
        assert crm.lead(number).next == kept
        assert not d.app.screen.sheet_open


async def test_a_recurring_action_moves_on(crm):
    number = crm.add("Kessler: Wartung", "every 2w call")
    async with crm.driving(
        (80, 24),
        ":",
    ) as d:
        await d.type("Kessler")
        await d.press("enter")
        crm.clock.go(days=14)
        first = crm.lead(number).next
        await d.press("c", "1", "enter")
        moved = crm.lead(number).next
        assert moved.rule == first.rule and moved.day > first.day


# -- what cannot be ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["r", "d", "l", "x", "s", "greater_than_sign"])
async def test_a_closed_lead_says_why_a_key_cannot_act(crm, key):
    async with crm.driving((80, 24), "L") as d:
        d.app.screen.filter.apply("status:won")
        await d.settle()
        before = crm.entries()
        await d.press(key)
        assert f"cannot: #{crm.number('won')} is won." in d.row(-2)
        assert "w reopens" in d.row(-2)
        assert crm.entries() == before and not d.app.screen.sheet_open


async def test_w_on_a_closed_lead_reopens_it_and_keeps_the_closing_in_history(crm):
    async with crm.driving((80, 24), "L") as d:
        d.app.screen.filter.apply("status:won")
        await d.settle()
        await d.press("w")
        assert crm.lead("won").open
        assert [line.text for line in crm.history("won") if line.kind == "status"] == [
            "reopened",
            "won",
        ]


async def test_undo_with_nothing_done_says_so(empty):
    async with empty.driving((80, 24), "u") as d:
        assert "There is nothing to undo." in d.row(-2)


@pytest.mark.parametrize("key", ["c", "n", "r", "w", "l", "s", "a", "asterisk", "i", "y"])
async def test_without_a_lead_every_do_key_says_so(empty, key):
    async with empty.driving((80, 24), key) as d:
        assert "there is no lead under the cursor." in d.row(-2)
        assert "+ new lead" in d.row(-2)


# -- together with others ----------------------------------------------------------------------


async def test_a_colleagues_change_is_not_overwritten_and_both_values_are_shown(crm):
    async with crm.driving((120, 36), "a") as d:
        leads.set_amount(crm.as_("ben"), 1, 1_500_000)
        await d.type("13k")
        await d.press("enter")
        assert crm.lead("acme").amount == 1_500_000
        assert d.app.screen.sheet_open and "13k" in str(d)  # nothing typed is lost
        said = d.app.screen._message
        assert "ben" in said.subject and "€12,400" in said.subject and "€15,000" in said.subject


async def test_a_title_that_somebody_changed_is_asked_for_again_with_theirs(crm):
    async with crm.driving((120, 36), "i", "1", "ctrl+u") as d:
        leads.set_title(crm.as_("ben"), 1, "Acme GmbH: shop")
        await d.type("Acme GmbH: relaunch")
        await d.press("enter")
        assert crm.lead("acme").title == "Acme GmbH: shop"
        assert d.app.screen.sheet_open and d.shows("› Acme GmbH: relaunch")
        await d.press("enter")
        assert crm.lead("acme").title == "Acme GmbH: relaunch"


async def test_a_line_is_about_the_lead_it_was_opened_on(crm):
    """A colleague takes the lead over meanwhile: the cursor goes to the next one, the line does
    not."""
    async with crm.driving((80, 24), "L", "g", "j", "a") as d:
        others = {n: crm.lead(n).amount for n in d.app.screen.filter.found.numbers if n != 1}
        ben = crm.as_("ben")
        leads.set_owner(ben, 1, ben.user_id)
        d.app.poll_changes()
        await d.settle()
        assert d.app.screen.subject() != 1
        await d.type("13k")
        await d.press("enter")
        assert crm.lead("acme").amount == 1_300_000
        assert {n: crm.lead(n).amount for n in others} == others


async def test_undo_refuses_to_overwrite_and_says_whose_change(crm):
    async with crm.driving((120, 36), "a") as d:
        await d.type("13k")
        await d.press("enter")
        leads.set_amount(crm.as_("ben"), 1, 1_500_000)
        await d.press("u")
        assert crm.lead("acme").amount == 1_500_000
        assert "ben changed it since" in d.row(-2)


async def test_what_another_process_wrote_comes_on_the_screen(crm):
    async with crm.driving() as d:
        other = open_store(crm.path)  # a connection of its own, as another process has
        ben = sign_in(other, "ben", clock=crm.clock)[0]
        closing.won(ben, crm.number("ibarra"))
        other.close()
        assert d.shows("Talleres Ibarra")
        d.app.poll_changes()
        await d.settle()
        assert not d.shows("Talleres Ibarra")


# -- notes -------------------------------------------------------------------------------------


async def test_a_note_that_was_left_is_there_again(crm):
    async with crm.driving((80, 24), "n") as d:
        await d.type("Jörg is for us")
        await d.press("escape")
        assert not any(line.kind == "note" for line in crm.history("acme"))
    async with crm.driving((80, 24), "n") as d:
        assert d.shows("› Jörg is for us")
        await d.press("enter")
        notes = [line.text for line in crm.history("acme") if line.kind == "note"]
        assert notes == ["Jörg is for us"]
        await d.press("n")
        assert not d.shows("› Jörg is for us")


async def test_keys_typed_ahead_are_not_lost(crm):
    async with crm.driving() as d:
        await d.burst("c", "4", *"left a message", "enter")
        call = next(line for line in crm.history("acme") if line.kind == "call")
        assert (call.outcome, call.text) == ("Voicemail", "left a message")


async def test_a_double_enter_writes_once(crm):
    before = crm.entries()
    async with crm.driving() as d:
        await d.burst("r", *"fri", "enter", "enter")
        assert crm.entries() == before + 1
        assert not d.app.screen.sheet_open


async def test_a_person_who_is_known_is_said_at_a_new_lead(crm):
    async with crm.driving((80, 24), "plus") as d:
        await d.type("Acme GmbH: shop anna.weber@acme-gmbh.example")
        assert any("#1 Acme GmbH" in row for row in d.screen()[-4:])
        await d.press("enter")
    found = duplicates.find_duplicates(
        crm.session, points=[("email", "anna.weber@acme-gmbh.example")], most=5
    )
    assert len(found) == 2


async def test_undo_all_the_way_leaves_the_store_as_it_was(crm):
    before = crm.lead("acme")
    async with crm.driving((80, 24), "asterisk") as d:
        await d.press("a")
        await d.type("1k")
        await d.press("enter", "greater_than_sign", "t")
        await d.type("x")
        await d.press("enter", "u", "u", "u", "u")
    assert crm.lead("acme") == before
    assert undo.redo(crm.session).lead_id == 1


MEANWHILE = {
    "r": lambda s: next_actions.set_next(s, 1, reader.read("thu 10 visit", s.now)),
    "s": lambda s: leads.move_step(s, 1, 1),
    "o": lambda s: leads.set_owner(s, 1, None),
}


@pytest.mark.parametrize("key", MEANWHILE)
async def test_what_a_colleague_changed_while_one_typed_is_told(crm, key):
    async with crm.driving((120, 36), "L", "g", "j", key) as d:
        await on_acme(d)
        MEANWHILE[key](crm.as_("ben"))
        if key == "r":
            await d.type("fri 9 call")
            await d.press("enter")
        else:
            await d.press("1")
        assert "ben changed it meanwhile" in d.app.screen.refusal
        if key == "r":
            assert d.app.screen.sheet_open and d.shows("fri 9 call")  # nothing typed is lost
            await d.press("enter")  # having been told
            assert not d.app.screen.sheet_open


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_next_action_far_off_shows_its_hour_on_the_lead(crm, size):
    async with crm.driving(size, "r") as d:
        await d.type("2026-12-14 09:30 call Anna")
        await d.press("enter")
        d.app.open_lead(crm.number("acme"))
        await d.settle()
        assert d.shows("14 Dec 09:30")


async def test_a_new_lead_takes_its_next_action_from_the_end_and_tab_gives_it_back(crm):
    async with crm.driving((80, 24), "plus") as d:
        await d.type("Nordhavn Logistik: skids 2 €7.5k fri 9:30 call Bob")
        assert d.shows("= next Fri 27 Nov 09:30") and d.shows("tab takes it back")
        await d.press("tab")
        assert d.shows("= Nordhavn Logistik: skids 2 fri 9:30 call Bob") and not d.shows("= next")
        await d.press("tab", "enter")
        assert not d.app.screen.sheet_open
    lead = crm.lead(crm.number("mirador") + 1)
    assert (lead.title, lead.client) == ("Nordhavn Logistik: skids 2", "Nordhavn Logistik")
    assert (lead.next.kind, lead.next.text, lead.amount) == ("call", "Bob", 750_000)
    assert lead.next.at.isoformat() == "2026-11-27T09:30:00+01:00"


@pytest.mark.parametrize(
    "title",
    [
        "Acme: Sun Microsystems",
        "Ibarra: flota 2027",
        "Acme: 24h support",
        "Monday.com: rollout",
        "Acme: 12 pumps",
    ],
)
async def test_the_words_of_a_title_are_no_next_action(crm, title):
    note = note_line.read(title, crm.session.now, unmarked=True)
    assert (note.text, note.following) == (title, None)


async def test_a_new_lead_without_a_next_action_is_asked_for_one(crm):
    before = crm.entries()
    async with crm.driving((80, 24), "plus") as d:
        await d.type("Nordhavn")
        await d.press("enter")
        assert d.shows("Next? #13 Nordhavn"), str(d)
        await d.type("+3d")
        assert d.shows("= Thu 26 Nov")
        await d.press("enter")
        assert d.shows("Next  #13 Nordhavn")
        assert crm.lead(13).next.day == date(2026, 11, 26) and crm.entries() == before + 2
        await d.press("plus")
        await d.type("Südhavn")
        await d.press("enter", "enter")
        assert d.shows("New  #14 Südhavn") and crm.lead(14).next is None


async def test_the_first_letter_replaces_what_was_filled_in_and_cursor_keys_edit_it(crm):
    async with crm.driving((80, 24), "i", "1") as d:  # the title
        await d.type("New name")
        await d.press("enter")
        assert crm.lead("acme").title == "New name"
        await d.press("i", "1", "left", "right", "s", "enter")
        assert crm.lead("acme").title == "New names"
        await d.press("i", "1", "backspace", "enter")
        assert crm.lead("acme").title == "New name"
        await d.press("i", "1", "ctrl+u", "enter")  # empty: left
        assert crm.lead("acme").title == "New name"


async def test_letters_in_the_people_of_a_lead_start_another(crm):
    async with crm.driving((80, 24), "p") as d:
        await d.type("Paula Quint, IT, p.quint@acme")
        assert d.shows("? p.quint@acme is no e-mail address")
        await d.press("enter")
        assert d.app.screen.sheet_open and len(crm.lead("acme").people) == 1
        await d.type("-gmbh.example")
        await d.press("enter")
    paula = crm.lead("acme").people[1]
    assert (paula.name, paula.role) == ("Paula Quint", "IT")
    assert [point.value for point in paula.points] == ["p.quint@acme-gmbh.example"]
