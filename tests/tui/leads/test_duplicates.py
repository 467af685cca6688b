"""`:duplicates`: two keys from the list of pairs to a merge."""

from __future__ import annotations

from tui_crm.core.leads import pairs


async def test_a_pair_is_merged_or_remembered_as_two(crm):
    twin = crm.add("Acme GmbH: Website Relaunch", amount=5, company="Acme GmbH")
    async with crm.driving((80, 24), "colon") as d:
        await d.type("duplicates")
        await d.press("enter")
        assert d.shows("lead  Acme GmbH: website relaunch = Acme GmbH: Website Relaunch"), str(d)
        await d.press("1")
        assert d.shows("stays  #1 Acme GmbH: website relaunch") and d.shows("goes in  #13")
        await d.press("n")
        assert d.shows("Not the same") and pairs.pairs(crm.session, ("leads",)) == []
        await d.press("escape", "u", "colon")
        await d.type("duplicates")
        await d.press("enter", "1", "enter")
        assert d.shows("which amount holds?") and d.shows("€12,400 #1")
        await d.press("1")
        assert crm.lead(twin).number == 1 and crm.lead("acme").amount == 1_240_000
        await d.press("u")
        assert crm.lead(twin).number == twin
