"""What a step asks for is asked when a lead is moved on; so is a tag of a mandatory category."""

from __future__ import annotations

from tui_crm.core.calling import workspace
from tui_crm.core.leads import leads, step_needs
from tui_crm.core.setup import fields, pipelines, tags


async def test_moving_on_asks_for_what_is_missing(crm):
    session = crm.session
    fields.add(session, "Sector", "choice", choices=["Food", "Steel"])
    fields.add(session, "Budget", "money")
    names = ["close", "Budget", "Sector"]
    pipelines.edit_step(session, "4", needs=step_needs.stored(session.store, names))
    async with crm.driving((80, 24), "enter", "greater_than_sign") as d:
        assert d.shows("Budget") and d.shows("needs it, 1/2")  # it has an expected close
        await d.type("soon")
        await d.press("enter")
        assert "Budget" not in crm.lead("acme").fields and d.shows("needs it, 1/2")
        await d.press("ctrl+u")
        await d.type("12k")
        await d.press("enter", "2")
        lead = crm.lead("acme")
        assert lead.step_place == 4 and lead.fields["Sector"] == "Steel"
        assert lead.fields["Budget"] == "€12,000" and d.shows("Closing")


async def test_leaving_the_question_leaves_the_lead_where_it_was(crm):
    fields.add(crm.session, "Budget", "money")
    names = step_needs.stored(crm.session.store, ["Budget"])
    pipelines.edit_step(crm.session, "4", needs=names)
    async with crm.driving((80, 24), "enter", "s", "4") as d:
        assert d.shows("needs it")
        await d.press("escape")
        assert crm.lead("acme").step_place == 3


async def test_a_new_lead_is_asked_for_a_tag_of_every_mandatory_category(crm):
    for name in ("Food", "Steel"):
        tags.add(crm.session, name, "Sector")
    tags.set_category(crm.session, "Sector", True)
    async with crm.driving((80, 24), "plus") as d:
        await d.type("Fresh: one >tomorrow call")
        await d.press("enter")
        assert d.shows("Sector") and d.shows("Steel")
        await d.press("2")
        number = crm.session.store.value("SELECT MAX(id) FROM leads")
        assert crm.lead(number).tags == ("Steel",)


async def test_a_lead_that_stands_too_long_is_marked_on_the_lead_the_board_and_the_list(crm):
    pipelines.edit_step(crm.session, "3", target_days=2)
    async with crm.driving((120, 36), "enter") as d:
        assert d.shows("! 5 days  at most 2 on Proposal")
        d.app.go("board")
        await d.settle()
        assert d.shows("! 5/2d")
        d.app.go("leads")
        await d.settle()
        await d.press("v")  # the compact list, which has the step
        assert d.shows("! Proposal"), str(d)


async def test_fields_are_edited_by_their_kind_and_a_duplicate_is_said(crm):
    fields.add(crm.session, "CIF", duplicates=True)
    fields.add(crm.session, "Budget", "money")
    leads.set_description(crm.session, crm.number("ruiz"), "CIF: B12345678")
    async with crm.driving((80, 24), "enter", "i", "5") as d:
        assert d.shows("CIF") and d.shows("Budget")
        await d.press("2")
        await d.type("plenty")
        await d.press("enter")
        assert "Budget" not in crm.lead("acme").fields
        await d.press("ctrl+u")
        await d.type("7.5k")
        await d.press("enter")
        assert crm.lead("acme").fields["Budget"] == "€7,500"
        await d.press("i", "5", "1")
        await d.type("B12345678")
        assert d.shows("has it too")
        await d.press("enter")
        assert crm.lead("acme").fields["CIF"] == "B12345678"


async def test_a_tag_has_the_letter_of_its_category(crm):
    tags.add(crm.session, "Food", "Sector")
    tags.set_category(crm.session, "Sector", letter="S", colour="teal")
    tags.change(crm.session, 1, "Food")
    async with crm.driving((80, 24), "enter") as d:
        assert d.shows("S:Food")


async def test_silent_clients_stand_in_today_and_open_their_page(crm):
    workspace.set_workspace(crm.session, silent_days=3)
    crm.session = crm.session.reload()
    async with crm.driving((80, 40)) as d:
        assert d.shows("Silent clients")
        await d.press("G", "enter")
        assert d.app.screen.NAME == "client"
