"""The chance to win on the page of a lead and in the list of leads."""

from __future__ import annotations

from tests.core.reports.data import Story
from tui_crm.core.calling import workspace
from tui_crm.core.leads import leads


def closed(session):
    """A hundred closed leads: those of the fair are mostly won, those of the web mostly lost."""
    story = Story(session)
    with session.store.transaction():
        for n in range(100):
            fair = n < 50
            lead = story.lead(f"2026-0{n % 6 + 1}-03", source="fair" if fair else "web")
            won = fair != (n % 10 == 0)
            reason = None if won else "No need"
            story.close(lead, "won" if won else "lost", f"2026-0{n % 6 + 2}-20", reason)


async def test_the_chance_stands_on_the_lead_and_in_the_list(crm):
    closed(crm.session)
    number = crm.lead("acme").number
    leads.set_source(crm.session, number, "fair")
    async with crm.driving((120, 36), "enter") as d:
        assert d.shows("chance") and d.shows("+ source fair: 90 %")
        d.app.go("leads")
        await d.settle()
        await d.press("slash")
        await d.type("status:open sort:score columns:score")
        await d.press("enter")
        assert d.shows("score") and d.shows("%")
        await d.press("escape")


async def test_it_is_quiet_where_it_is_switched_off(crm):
    closed(crm.session)
    workspace.set_workspace(crm.session, score=0)
    crm.session = crm.session.reload()
    async with crm.driving((120, 36), "enter") as d:
        assert not d.shows("chance ")
