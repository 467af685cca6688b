"""`:duplicates`: two keys from the list of pairs to a merge."""

from __future__ import annotations

import pytest

from tui_crm.core.errors import CrmError
from tui_crm.core.leads import pairs


async def test_a_pair_is_merged_or_remembered_as_two(crm):
    twin = crm.add("Acme GmbH: Website Relaunch", amount=5, company="Acme GmbH")
    async with crm.driving((80, 24), "colon") as d:
        await d.type("duplicates")
        await d.press("enter")
        assert d.shows("Acme GmbH: website relaunch = Acme GmbH: Website Relaunch"), str(d)
        assert d.shows("stays  #1 Acme GmbH: website relaunch") and d.shows("goes in  #13")
        await d.press("n")
        assert d.shows("Not the same") and pairs.pairs(crm.session, ("leads",)) == []
        await d.press("escape", "u", "colon")
        await d.type("duplicates")
        await d.press("enter", "enter")
        assert d.shows("which amount holds?") and d.shows("€12,400 #1")
        await d.press("1")
        assert crm.lead(twin).number == 1 and crm.lead("acme").amount == 1_240_000
        await d.press("u")
        assert crm.lead(twin).number == twin


async def test_among_many_records_they_are_looked_for_in_the_background(crm):
    crm.add("Acme GmbH: Website Relaunch", company="Acme GmbH")
    # As after years: the numbers have gone far beyond what is compared within a key.
    crm.session.store.db.execute_sql(
        "INSERT INTO clients (id, name, match, description, created_at)"
        " VALUES (90000, 'Zz', 'zz', '', 0)"
    )
    async with crm.driving((80, 24), "colon") as d:
        await d.type("duplicates")
        await d.press("enter")
        await d.app.workers.wait_for_complete()
        await d.settle()
        assert d.shows("Acme GmbH: website relaunch = Acme GmbH: Website Relaunch"), str(d)
        await d.press("enter", "u")
        assert d.shows("Undone")


def test_the_search_ends_when_it_is_not_wanted_any_more(crm):
    with pytest.raises(CrmError, match="Not all was compared"):
        pairs.pairs(crm.session, cancelled=lambda: True)


async def test_several_pairs_come_one_after_another_and_as_a_list(crm):
    for name in ("acme", "lind"):
        crm.add(crm.lead(name).title, company=crm.lead(name).client)
    async with crm.driving((80, 24), "colon") as d:
        await d.type("duplicates")
        await d.press("enter")
        assert d.shows("list of 2"), str(d)
        await d.press("l")
        assert d.shows("2 Lindqvist") or d.shows("2 lead  Lindqvist"), str(d)
        await d.press("2", "n", "1", "n")
        assert pairs.pairs(crm.session, ("leads",)) == []
