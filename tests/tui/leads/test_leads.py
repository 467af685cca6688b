"""Leads: filter, order, views, marks, many leads."""

from __future__ import annotations

import pytest

from tui_crm.core import saved_views
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import filter as lead_filter, leads
from tui_crm.core.setup import tags
from tui_crm.core.store import journal, undo

SIZES = [(80, 24), (120, 36), (40, 10)]


def titles(d) -> list[str]:
    """The titles in view, from the top."""
    records = d.app.screen.records
    lines = d.screen()[3:-2]
    return [line[9:40].strip() for line in lines if line.strip()] if records else []


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden(crm, size):
    async with crm.driving(size, "L", "j", "j") as d:
        d.golden(f"leads-{size[0]}x{size[1]}")


async def test_golden_compact(crm):
    async with crm.driving((120, 36), "L", "v", "space") as d:
        d.golden("leads-compact-120x36")


async def test_it_opens_on_my_open_leads_and_says_so(crm):
    async with crm.driving((80, 24), "L") as d:
        assert d.row(1).startswith(" / status:open owner:me")
        assert "9 of 12" in d.row(1) and "€161k" in d.row(1)
        assert not d.shows("Stadtwerke") and not d.shows("Kaminski")


async def test_the_weighted_sum_is_amount_times_probability(crm):
    found = lead_filter.listing(crm.session, "status:open owner:me")
    expected = (
        sum((lead.amount or 0) * lead.probability for lead in (crm.lead(n) for n in found.numbers))
        // 100
    )
    async with crm.driving((120, 36), "L") as d:
        assert d.app.screen.filter.sums.weighted == expected
        assert "weighted" in d.row(1)


# -- the filter --------------------------------------------------------------------------------


async def test_the_list_narrows_while_the_filter_is_typed(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("step:closing")
        assert d.shows("= 1 lead") and d.shows("Lindqvist") and not d.shows("Casa Ruiz")
        await d.press("enter")
        assert d.row(1).startswith(" / status:open owner:me step:closing")
        assert not d.app.screen.sheet_open


async def test_escape_brings_the_list_back(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("step:closing")
        await d.press("escape")
        assert d.row(1).startswith(" / status:open owner:me   ")
        assert d.shows("Casa Ruiz")


async def test_enter_on_an_empty_filter_shows_all(crm):
    async with crm.driving((80, 24), "L", "slash", "ctrl+u", "enter") as d:
        assert d.row(1).startswith(" / all leads") and "12 of 12" in d.row(1)
        assert d.shows("w 11") and d.shows("won 23 Nov")


async def test_tab_completes_and_goes_on_to_the_next_offer(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("step:")
        await d.press("tab")
        assert "step:Qualified" in d.row(-3)
        await d.press("tab")
        assert "step:Contacted" in d.row(-3)
        assert d.shows("= 2 leads")
        await d.press("enter")
        assert d.row(1).startswith(" / status:open owner:me step:Contacted")


async def test_or_brackets_minus_and_fields(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("(employees>50 or step:closing) -with:phone")
        assert d.shows("= 1 lead") and d.shows("Lindqvist") and not d.shows("Acme GmbH")
        await d.press("enter")
        assert d.row(1).startswith(" / status:open owner:me (employees>50 or step:closing) -with")


async def test_what_a_word_could_become_stands_with_how_many_leads_there_are_then(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("step:")
        assert d.shows("tab step:Qualified 2  step:Contacted 2  step:Proposal 4  step:Closing 1")
        await d.press("ctrl+u", "ctrl+u")
        await d.type("Emp")
        await d.press("tab")
        assert "Employees:" in d.row(-3)
        await d.press("tab", "enter")


async def test_a_filter_says_what_it_leaves_out_and_ctrl_u_looks_in_all(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("stadtwerke")
        assert d.shows("= 0 leads") and d.shows("in your open leads; ctrl+u for all")
        await d.press("ctrl+u")
        assert d.shows("= 1 lead") and not d.shows("ctrl+u for all")
        await d.press("enter")
        assert d.row(1).startswith(" / stadtwerke") and "1 of 12" in d.row(1)
        await d.press("slash", "ctrl+u")
        assert d.shows("= 12 leads")


async def test_what_makes_no_sense_is_said_and_excludes_nothing(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("step:nowhere")
        assert d.shows("? step:nowhere: nothing is called nowhere; there are: Qualified, ")
        assert d.shows("= 9 leads")
        await d.press("enter")
        assert "? step:nowhere: nothing is called nowhere; there are: " in d.row(-2)


async def test_an_empty_result_names_the_word_that_excludes_most(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("acme amount>1m")
        await d.press("enter")
        assert d.shows("Without amount>1m it would be 2 leads.")
        await d.press("backspace")
        assert d.row(1).startswith(" / status:open owner:me acme ") and "2 of 12" in d.row(1)
        await d.press("backspace")
        assert "backspace  drops a word only where nothing is found." in d.row(-2)


async def test_the_filter_is_kept_while_the_program_runs(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("acme")
        await d.press("enter", "T", "L")
        assert d.row(1).startswith(" / status:open owner:me acme")


async def test_filter_from_today_goes_to_leads(crm):
    async with crm.driving((80, 24), "slash") as d:
        await d.type("polska")
        await d.press("enter")
        assert d.app.screen.NAME == "leads" and d.shows("1 of 12")


async def test_search_finds_fields_people_and_notes(crm):
    async with crm.driving((80, 24), "L") as d:
        for words in ("typo3", "weber", "quote friday"):
            d.app.screen.filter.apply(words)
            await d.settle()
            assert d.shows("Acme GmbH  ") and d.shows("1 of 12"), words


# -- order and views ---------------------------------------------------------------------------


async def test_sorting_by_a_digit_and_the_same_again_turns_it_round(crm):
    async with crm.driving((80, 24), "L", "comma", "2") as d:
        order = [crm.lead(n).amount for n in d.app.screen.filter.found.numbers]
        assert order == sorted(order, reverse=True)
        assert "amount v" in d.row(2)
        await d.press("comma", "2")
        order = [crm.lead(n).amount for n in d.app.screen.filter.found.numbers]
        assert order == sorted(order)
        assert "amount ^" in d.row(2)
        await d.press("comma", "3")
        order = [crm.lead(n).title.lower() for n in d.app.screen.filter.found.numbers]
        assert order == sorted(order)


async def test_the_cursor_stays_on_its_lead_through_sorting(crm):
    async with crm.driving((80, 24), "L", "j", "j", "j") as d:
        here = d.app.screen.subject()
        await d.press("comma", "2")
        assert d.app.screen.subject() == here


async def test_a_sort_word_becomes_the_order_and_leaves_the_line(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("sort:title")
        await d.press("enter")
        assert d.row(1).startswith(" / status:open owner:me  ")
        assert "lead ^" in d.row(2)


async def test_a_view_is_saved_and_brought_back_by_its_digit(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("acme")
        await d.press("enter", "comma", "2", "V")
        await d.type("Big ones")
        await d.press("enter")
        assert "1 brings it back" in d.row(-2)
        assert (
            saved_views.views(crm.session, "leads")[0].query
            == "status:open owner:me acme sort:amount"
        )
        await d.press("slash", "ctrl+u", "enter", "comma", "3", "1")
        assert d.row(1).startswith(" / status:open owner:me acme") and "amount v" in d.row(2)
        assert d.row(-2).endswith("view Big ones")
        await d.press("2")
        assert "2 no view is saved under it." in d.row(-2)


async def test_a_view_is_shared_by_tab_and_its_owner_takes_it_away(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("acme group:step columns:age,amount")
        await d.press("enter", "V")
        assert d.shows("tab shares it with everybody")
        await d.type("Acme by step")
        await d.press("tab")
        assert d.shows("everybody has it; tab for you alone")
        await d.press("enter")
        assert d.shows("Saved  Acme by step  shared with everybody, 1 brings it back")
        ben = crm.as_("ben")
        theirs = saved_views.views(ben, "leads")
        assert [(v.name, v.by, v.own, v.digit) for v in theirs] == [
            ("Acme by step", "ana", False, 1)
        ]
        with pytest.raises(CrmError, match="ana shares a view"):
            saved_views.save(ben, "leads", "acme BY step", "tag:hot")
        with pytest.raises(CrmError):
            saved_views.forget(ben, theirs[0].id)
        saved_views.save(ben, "leads", "Hot", "tag:hot", shared=True)
        # One's own keeps its digit, that of a colleague takes the next.
        await d.press("slash", "ctrl+u", "enter", "0")
        assert d.shows("1 Acme by step shared") and d.shows("2 Hot by ben")
        await d.press("1")
        assert d.shows("Proposal 1 ") and d.row(-2).endswith("view Acme by step")
        assert "age" in d.row(2) and "next" not in d.row(2)
        await d.press("V", "ctrl+u", "enter")
        assert d.shows("Removed  Acme by step")
        assert [v.name for v in saved_views.views(crm.session, "leads")] == ["Hot"]
        await d.press("u")
        assert len(saved_views.views(crm.session, "leads")) == 2


# -- groups and columns ------------------------------------------------------------------------


async def test_groups_by_step_with_sums_by_two_keys(crm):
    async with crm.driving((80, 24), "L", "semicolon", "2") as d:
        assert [line.split()[0] for line in d.screen() if "───" in line] == [
            "Qualified", "Contacted", "Proposal", "Closing"
        ]  # fmt: skip
        assert d.row(d.find("Proposal 4")).endswith("€83.1k ") or d.shows("Proposal 4")
        order = d.app.screen.order()
        assert [crm.lead(n).step_place for n in order] == sorted(
            crm.lead(n).step_place for n in order
        )
        await d.press("g", "b", "1")
        assert {crm.lead(n).step for n in d.app.screen.marked()} == {"Qualified"}
        await d.press("escape", "G", "j")
        assert crm.lead(d.app.screen.subject()).step == "Closing"
        await d.press("enter", "K")
        assert crm.lead(d.app.screen.subject()).step == "Proposal"
        await d.press("escape", "semicolon", "1")
        assert not any("───" in line for line in d.screen())


async def test_a_lead_with_two_tags_stands_under_both(crm):
    tags.change(crm.session, crm.number("acme"), "hot")
    async with crm.driving((80, 24), "L", "semicolon", "4") as d:
        assert d.shows("hot 1 ") and d.shows("inbound 1 ") and d.shows("no tag 8 ")
        await d.press("g")
        assert d.app.screen.subject() == crm.number("acme")
        await d.press("j")
        assert d.app.screen.subject() == crm.number("acme")
        await d.press("j")
        assert d.app.screen.subject() != crm.number("acme")
        assert "9 of 12" in d.row(1)


async def test_columns_are_chosen_and_stand_in_that_order(crm):
    async with crm.driving((120, 36), "L", "v", "semicolon", "6") as d:
        await d.type("contacted age ow amo")
        assert d.shows("contacted  age  owner  amount")
        await d.press("enter")
        head = d.row(3).split()
        assert head == ["#", "lead", "contact", "age", "owner", "amount"]
        assert "5d" in d.row(d.find("Casa Ruiz")) and "40.0k" in d.row(d.find("Casa Ruiz"))
        await d.press("semicolon", "6", "ctrl+u")
        await d.type("mood")
        assert d.shows("There is no column mood.")
        await d.press("escape")


async def test_a_group_that_makes_no_sense_is_said(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("group:mood")
        assert d.shows("? group:mood: leads cannot be grouped so; one of: step, owner, tag, client")


async def test_v_goes_from_list_to_compact_to_board_and_back(crm):
    async with crm.driving((120, 36), "L", "v") as d:
        assert "idle" in d.row(3) and "owner" in d.row(3)
        await d.press("v")
        assert d.app.screen.NAME == "board"
        await d.press("v")
        assert d.app.screen.NAME == "leads" and "idle" not in d.row(3)


# -- the lead under the cursor -----------------------------------------------------------------


async def test_the_lead_stands_beside_the_list(crm):
    async with crm.driving((120, 36), "L", "g", "j") as d:
        assert d.shows("Anna Weber  purchasing")
        await d.press("j")
        assert d.shows("Talleres Ibarra  flota 2027") and not d.shows("Anna Weber")


async def test_where_the_cursor_stands_is_said_where_there_is_room(crm):
    async with crm.driving((120, 36), "L", "g", "j") as d:
        assert d.row(-2) == " 2 of 9"
        await d.press("G")
        assert d.row(-2) == " 9 of 9"


async def test_enter_opens_and_j_goes_through_this_list(crm):
    async with crm.driving((80, 24), "L", "g", "enter") as d:
        order = list(crm.app and lead_filter.listing(crm.session, "status:open owner:me").numbers)
        assert d.app.screen.NAME == "lead" and d.app.screen.subject() == order[0]
        await d.press("J")
        assert d.app.screen.subject() == order[1]
        await d.press("escape")
        assert d.app.screen.NAME == "leads"


async def test_a_closed_lead_leaves_and_the_cursor_moves_on(crm):
    async with crm.driving((80, 24), "L", "g", "j") as d:
        order = list(d.app.screen.filter.found.numbers)
        await d.press("l", "1")
        assert d.app.screen.subject() == order[2]
        assert "8 of 12" in d.row(1)


async def test_a_new_lead_is_under_the_cursor(crm):
    async with crm.driving((80, 24), "L", "plus") as d:
        await d.type("Nordhavn Logistik: skids €7500")
        await d.press("enter")
        assert crm.lead(d.app.screen.subject()).title == "Nordhavn Logistik: skids"


async def test_a_new_lead_that_the_filter_leaves_out_is_said(crm):
    async with crm.driving((80, 24), "L") as d:
        d.app.screen.filter.apply("status:won")
        await d.settle()
        await d.press("plus")
        await d.type("Nordhavn")
        await d.press("enter", "enter")  # no next action: it is asked for
        assert "the filter leaves it out" in d.row(-2)


async def test_marks_add_up(crm):
    async with crm.driving((80, 24), "L", "comma", "2", "g", "space", "space", "space") as d:
        assert d.row(-2).startswith(" + 3 marked  €122k   a Do key acts on all")
        await d.press("o", "2")
        assert {crm.lead(n).owner for n in ("lind", "ruiz", "north")} == {"ben"}
        assert "6 of 12" in d.row(1)
        await d.press("u")
        assert "9 of 12" in d.row(1)


async def test_all_that_are_found_are_marked_by_two_keys(crm):
    async with crm.driving((80, 24), "L", "b", "3") as d:
        assert d.row(-2).startswith(" + 9 marked  €161k   a Do key acts on all")
        await d.press("o", "2")
        assert d.shows("Owner  9 leads, ben")
        assert "0 of 12" in d.row(1)


async def test_a_range_from_the_last_mark_to_here(crm):
    async with crm.driving((80, 24), "L", "comma", "2", "g", "j", "space", "j", "j", "b") as d:
        assert d.shows("2 from the last mark to here 4")
        await d.press("2")
        order = list(d.app.screen.filter.found.numbers)
        assert d.app.screen.marked() == order[1:5]
        await d.press("b", "4")
        assert d.app.screen.marked() == [] and not d.shows("marked")
        await d.press("k", "b", "2")
        assert d.app.screen.marked() == order[:4]


async def test_a_column_of_the_board_is_a_section(crm):
    async with crm.driving((80, 24), "L", "v", "b", "1") as d:
        column = d.app.screen.board.columns[0]
        assert d.app.screen.marked() == list(column.numbers)


# -- many --------------------------------------------------------------------------------------


async def test_thousands_of_leads_are_read_page_by_page(crm):
    def make(w, count):
        for n in range(count):
            leads.new_lead(w, f"Firm {n:05d}: offer", amount=n * 100, owner_id=w.user_id)

    journal.Operation("test.make", make)(crm.session, 3_000)
    async with crm.driving((80, 24), "L") as d:
        d.app.screen.filter.apply("firm sort:title")
        await d.settle()
        source = d.app.screen.records.rows
        assert len(source) == 3_000 and len(source._pages) == 1
        await d.press("G")
        assert d.shows("Firm 02999  ") and d.app.screen.records.cursor_index == 2_999
        assert len(source._pages) <= 3
        await d.burst(*"kkkkk")
        assert crm.lead(d.app.screen.subject()).title == "Firm 02994: offer"
        await d.burst(*["pageup"] * 60)
        assert len(source._pages) <= 12


async def test_a_lead_that_somebody_took_away_is_said_not_raised(crm):
    async with crm.driving((80, 24), "L") as d:
        number = crm.add("Short: lived")
        d.app.screen.reload()
        await d.settle()
        undo.undo(crm.session)
        d.app.screen.records.rows._pages.clear()
        d.app.screen.records.repaint()
        await d.settle()
        assert number in d.app.screen.filter.found.numbers and d.shows("gone")
        d.app.poll_changes()
        await d.settle()
        assert number not in d.app.screen.filter.found.numbers


async def test_the_first_morning(empty):
    async with empty.driving((80, 24), "L") as d:
        assert d.shows("No leads yet.") and d.shows("+  a lead: type its title and press Enter")
