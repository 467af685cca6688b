"""One client: its leads, people and notes."""

from __future__ import annotations

import pytest

from tui_crm.core.calling import workspace
from tui_crm.core.leads import clients, closing, leads

SIZES = [(80, 24), (120, 36), (40, 10)]


@pytest.fixture
def acme(crm):
    """The client of the first lead, with a won and a lost lead, a note and an owner."""
    session = crm.session
    number = crm.lead("acme").client_id
    won = leads.create(session, "Acme GmbH: hosting", company="Acme GmbH", amount=480_000)
    lost = leads.create(session, "Acme GmbH: shop", company="Acme GmbH", amount=90_000)
    closing.won(session, won)
    closing.lost(session, lost, 2)
    clients.note(session, number, "invoices go to the head office in Kiel")
    clients.set_description(session, number, "Sector: Food\nEmployees: 85")
    clients.set_owner(session, number, session.user_id)
    workspace.set_workspace(session, silent_days=3)
    crm.session = session.reload()
    return number


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden(crm, acme, size):
    async with crm.driving(size, "L") as d:
        d.app.open_client(acme)
        await d.settle()
        d.golden(f"client-{size[0]}x{size[1]}")


async def test_it_opens_from_a_lead_and_by_the_palette(crm, acme):
    async with crm.driving((80, 24), "enter", "A") as d:
        assert d.app.screen.NAME == "client" and d.shows("€4,800  so far")
        await d.press("q", "q", "colon")
        await d.type("kiel")  # of a note on the client
        await d.press("enter")
        assert d.app.screen.NAME == "client" and d.shows("€4,800  so far")


async def test_what_the_keys_do_to_the_client_and_to_the_lead_under_the_cursor(crm, acme):
    async with crm.driving((80, 24), "enter", "A") as d:
        await d.press("n")
        await d.type("second note")
        await d.press("enter")
        assert d.shows("second note") and d.shows("Noted")
        await d.press("p")
        await d.type("Eve Adams, IT, eve@acme.example")
        await d.press("enter")
        assert d.shows("Eve Adams")
        await d.press("u", "u")
        assert not d.shows("second note") and not d.shows("Eve Adams")
        await d.press("g", "a")
        await d.type("7k")
        await d.press("enter")
        assert crm.lead("acme").amount == 700_000 and d.shows("Open 1")
        await d.press("plus")
        await d.type("support contract")
        await d.press("enter", "enter")  # no next action
        assert d.shows("Open 2")
        assert clients.one(crm.session, acme).row.open.count == 2


async def test_its_fields_and_silence_are_edited(crm, acme):
    async with crm.driving((80, 24), "enter", "A", "i", "4", "1") as d:
        await d.press("ctrl+u")
        await d.type("Steel")
        await d.press("enter")
        assert d.shows("Steel") and not d.shows("Food")
        await d.press("i", "3")
        await d.type("45")
        await d.press("enter")
        assert d.shows("alarm after 45")
        await d.press("i", "1")
        await d.press("ctrl+u")
        await d.type("Acme SE")
        await d.press("enter")
        assert d.shows("Acme SE")
