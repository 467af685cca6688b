"""How many keys the acts of a day take: pressed, counted, and proved by what the store has then.

Typed text is not counted; the key that opens its entry and the one that ends it are. A count is
what it costs from the row that one looks at.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.driver import Driver, driving
from tests.tui.calling.store import Place
from tui_crm.core.leads import pairs
from tui_crm.core.lists import lists


class Counted:
    """A person at the keyboard whose keys are counted."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.keys = driver, 0

    async def press(self, *keys: str) -> None:
        """Press keys, each of which counts."""
        self.keys += len(keys)
        await self.driver.press(*keys)
        await self.finish()

    async def type(self, text: str) -> None:
        """Type words, which do not count."""
        await self.driver.type(text)

    async def finish(self) -> None:
        """Wait for what runs in the background."""
        await self.driver.app.workers.wait_for_complete()
        await self.driver.settle()

    @asynccontextmanager
    async def within(self, most: int) -> AsyncIterator[Driver]:
        """What is done inside takes at most so many keys."""
        self.keys = 0
        yield self.driver
        assert self.keys <= most, f"{self.keys} keys in place of {most}\n{self.driver}"


async def test_a_call_is_logged_with_its_outcome_and_words_by_3(crm):
    async with crm.driving() as d:
        at = Counted(d)
        async with at.within(3):
            await at.press("c", "1")
            await at.type("wants a quote")
            await at.press("enter")
        line = next(line for line in crm.history("acme") if not line.system)
        assert (line.kind, line.outcome, line.text) == ("call", "Reached", "wants a quote")


async def test_nobody_answers_and_the_next_try_is_planned_by_3(crm):
    async with crm.driving() as d:
        at = Counted(d)
        async with at.within(3):
            await at.press("c", "3", "enter")
        assert not d.app.screen.sheet_open
        line = next(line for line in crm.history("acme") if not line.system)
        assert line.outcome == "No answer"
        assert crm.lead("acme").next.at.isoformat() == "2026-11-23T13:12:00+01:00"
        assert crm.lead("acme").next.text == "Anna about pricing"


async def test_all_that_is_overdue_goes_to_tomorrow_by_4(crm):
    overdue = ("acme", "ibarra", "borealis")
    leads = [crm.lead(name) for name in overdue]
    assert all((one.next.day or one.next.at.date()) < crm.session.today for one in leads)
    async with crm.driving() as d:
        at = Counted(d)
        async with at.within(4):
            await at.press("b", "1", "r")
            await at.type("tomorrow")
            await at.press("enter")
        leads = [crm.lead(name) for name in overdue]
        days = {one.next.day or one.next.at.date() for one in leads}
        assert days == {date(2026, 11, 24)}
        assert crm.lead("acme").next.text == "Anna about pricing"


async def test_a_lead_is_found_by_its_phone_by_2(crm):
    async with crm.driving() as d:
        at = Counted(d)
        async with at.within(2):
            await at.press("colon")
            await at.type("90182044")
            await at.press("enter")
        assert d.app.screen.NAME == "lead" and d.shows("Acme GmbH")


async def test_a_prospect_is_found_by_its_phone_by_2(place: Place):
    async with driving(place.app()) as d:
        at = Counted(d)
        number, name, phone = place.session.store.rows(
            "SELECT prospects.id, name, value FROM prospects JOIN prospect_keys"
            " ON prospect_keys.prospect_id = prospects.id WHERE kind = 'phone' LIMIT 1"
        )[0]
        async with at.within(2):
            await at.press("colon")
            await at.type("".join(c for c in phone if c.isdigit())[-7:])
            await at.press("enter")
        assert d.app.screen.NAME == "calling" and d.shows(name), (number, str(d))


async def test_the_e_mail_of_a_contact_is_copied_by_3(crm, monkeypatch):
    async with crm.driving() as d:
        at = Counted(d)
        async with at.within(3):
            await at.press("y", "2")
        assert d.app.clipboard == "anna.weber@acme-gmbh.example"


async def test_a_person_is_added_by_2(crm):
    async with crm.driving() as d:
        await d.press("j")
        at = Counted(d)
        async with at.within(2):
            await at.press("p")
            await at.type("Iñaki Ibarra, owner, +34 943 100 200")
            await at.press("enter")
        assert [p.name for p in crm.lead("ibarra").people] == ["Iñaki Ibarra"]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
async def test_what_i_did_this_month_is_seen_without_a_key(crm, size):
    mine = [crm.lead(name) for name in crm.numbers]
    made = sum(one.owner == "ana" and one.created.isoformat() >= "2026-11-01" for one in mine)
    async with crm.driving(size) as d:
        at = Counted(d)
        async with at.within(0):
            assert d.shows(f"Nov  1 call, 1 reached, {made} leads, won 1  €5,000"), str(d)


async def test_why_deals_are_lost_is_seen_by_2(crm):
    from tui_crm.core.leads import closing

    closing.lost(crm.session, crm.number("port"), 1)
    async with crm.driving((120, 36)) as d:
        at = Counted(d)
        async with at.within(2):
            await at.press("S", "0")
        assert d.shows("Lost because") and d.shows("Too expensive"), str(d)


async def test_filtered_leads_become_a_file_by_3(crm, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with crm.driving() as d:
        await d.press("L", "slash")
        await d.type("ibarra")
        await d.press("enter")
        at = Counted(d)
        async with at.within(3):
            await at.press("E", "1", "enter")
    (path,) = tmp_path.glob("*.csv")
    rows = path.read_text().splitlines()
    assert len(rows) == 2 and "Talleres Ibarra" in rows[1]


async def test_a_step_is_renamed_by_4(crm):
    async with crm.driving() as d:
        at = Counted(d)
        async with at.within(4):
            await at.press("colon")
            await at.type("pipelines")
            await at.press("enter", "r")
            await at.type("Offer")
            await at.press("enter")
    rows = crm.session.store.rows("SELECT name FROM steps ORDER BY position")
    names = [name for (name,) in rows]
    assert names == ["Offer", "Contacted", "Proposal", "Closing"], str(d)


async def test_duplicates_are_merged_by_3(crm):
    twin = crm.add("Acme GmbH: website relaunch", company="Acme GmbH")
    async with crm.driving() as d:
        at = Counted(d)
        async with at.within(3):
            await at.press("colon")
            await at.type("duplicates")
            await at.press("enter", "enter")
    assert crm.lead(twin).number == crm.number("acme")
    assert pairs.pairs(crm.session, ("leads",)) == []


async def test_a_list_is_imported_by_4_and_its_path(crm, tmp_path: Path):
    path = tmp_path / "fair.csv"
    path.write_text("Name,Company,Phone\nJo Vogel,Vogel AG,+49 30 90182055\nEva Lind,Lind AB,\n")
    async with crm.driving() as d:
        at = Counted(d)
        async with at.within(4):
            await at.press("C", "I")
            await at.type(str(path))
            await at.press("enter")
            await at.press("enter")
    (made,) = lists.lists(crm.session)
    assert (
        crm.session.store.value("SELECT COUNT(*) FROM prospects WHERE list_id = ?", (made.id,)) == 2
    )
