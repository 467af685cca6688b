"""A small company told line by line: leads, their moves and closings, actions, prospect lists.

    story = Story(session)
    story.user("ben")
    deal = story.lead("2026-10-01", amount=5000, owner="ben")
    story.move(deal, "Proposal", "2026-10-10")
    story.close(deal, "won", "2026-10-21")
    story.call("ben", "2026-10-02 10:00", reached=True, lead=deal)

Rows are put straight into the tables, as an import of history leaves them: every value with the
history row that operations write, days as given. Amounts are in whole euros.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tui_crm.core.store import tables as t
from tui_crm.core.text import fold

OUTCOMES = {True: "Interested", False: "No answer"}


def euros(amount: float | None) -> int | None:
    """Minor units, as the store keeps them."""
    return None if amount is None else round(amount * 100)


class Story:
    """Writes rows for a store's reports to read."""

    def __init__(self, session: Any) -> None:
        self.session = session
        store = session.store
        self.users = dict(store.rows("SELECT name, id FROM users"))
        self.steps = dict(store.rows("SELECT name, id FROM steps"))
        self.pipeline = store.value("SELECT MIN(id) FROM pipelines")
        self.outcomes = dict(store.rows("SELECT label, id FROM outcomes WHERE kind = 'call'"))
        self.reasons = dict(
            store.rows("SELECT label, id FROM reasons WHERE kind <> 'not_interested'")
        )
        self.now = int(session.now.timestamp())

    def user(self, name: str, zone: str = "", team: str = "") -> int:
        team_id = None
        if team:
            team_id = self.session.store.value("SELECT id FROM teams WHERE name = ?", (team,))
            team_id = team_id or t.Team.insert(name=team).execute()
        self.users[name] = t.User.insert(
            name=name, full_name=name, zone=zone, team_id=team_id
        ).execute()
        return self.users[name]

    def new_pipeline(self, name: str, *steps: str) -> None:
        number = t.Pipeline.insert(name=name, position=2).execute()
        for place, step in enumerate(steps, 1):
            self.steps[step] = t.Step.insert(
                pipeline_id=number, name=step, position=place, probability=50
            ).execute()

    # -- leads -------------------------------------------------------------------------------------

    def lead(
        self,
        created: str,
        *,
        amount: float | None = None,
        owner: str | None = "ana",
        step: str = "Qualified",
        expected: str | None = None,
        probability: int | None = None,
        list_id: int | None = None,
        prospect_id: int | None = None,
        source: str = "",
        tags: tuple[str, ...] = (),
        next_day: str | None = None,
        next_at: int | None = None,
        next_kind: str = "",
        title: str = "A lead",
    ) -> int:
        """A lead created on a day; its number."""
        owner_id = self.users[owner] if owner else None
        number = t.Lead.insert(
            title=title,
            pipeline_id=self._pipeline_of(step),
            step_id=self.steps[step],
            amount=euros(amount),
            probability=probability,
            owner_id=owner_id,
            source=source,
            expected_close=expected,
            created_on=created,
            created_at=self.now,
            list_id=list_id,
            prospect_id=prospect_id,
            created_by_id=self.users["ana"],
            touched_at=self.now,
            next_day=next_day,
            next_at=next_at,
            next_kind=next_kind,
        ).execute()
        self._kept(number, "status", None, "open", created)
        self._kept(number, "step", None, self.steps[step], created)
        for field, value in (
            ("owner", owner_id),
            ("amount", euros(amount)),
            ("expected_close", expected),
            ("probability", probability),
        ):
            if value is not None:
                self._kept(number, field, None, value, created)
        for name in tags:
            tag = t.Tag.select().where(t.Tag.match == fold(name)).first()
            t.LeadTag.insert(lead_id=number, tag_id=tag.id).execute()
        return number

    def tag(self, name: str, category: str = "Source") -> None:
        found = t.TagCategory.get(t.TagCategory.name == category)
        t.Tag.insert(name=name, match=fold(name), category_id=found.id).execute()

    def move(self, lead: int, step: str, on: str) -> None:
        """The lead goes to a step on a day."""
        self.change(lead, on, step_id=self.steps[step])
        t.Lead.update(pipeline_id=self._pipeline_of(step)).where(t.Lead.id == lead).execute()

    def give(self, lead: int, owner: str | None, on: str) -> None:
        """The lead goes to another rep on a day."""
        self.change(lead, on, owner_id=self.users[owner] if owner else None)

    def change(self, lead: int, on: str, **values: Any) -> None:
        """Other columns of the lead change on a day (amounts in minor units)."""
        row = t.Lead.select().where(t.Lead.id == lead).dicts().get()
        t.Lead.update(**values).where(t.Lead.id == lead).execute()
        for column, value in values.items():
            self._kept(lead, column.removesuffix("_id"), row[column], value, on)

    def close(self, lead: int, status: str, on: str, reason: str | None = None) -> None:
        """The lead is won, lost or cancelled on a day, by whoever owns it then."""
        row = t.Lead.select().where(t.Lead.id == lead).dicts().get()
        t.Lead.update(
            status=status,
            closed_on=on,
            closed_at=self.now,
            closed_owner_id=row["owner_id"],
            reason_id=self.reasons[reason] if reason else None,
            next_day=None,
            next_at=None,
        ).where(t.Lead.id == lead).execute()
        self._kept(lead, "status", "open", status, on)

    def reopen(self, lead: int, on: str) -> None:
        row = t.Lead.select().where(t.Lead.id == lead).dicts().get()
        t.Lead.update(
            status="open", closed_on=None, closed_at=None, closed_owner_id=None, reason_id=None
        ).where(t.Lead.id == lead).execute()
        self._kept(lead, "status", row["status"], "open", on)

    def _kept(self, lead: int, field: str, was: Any, became: Any, on: str) -> None:
        t.History.insert(
            lead_id=lead,
            at=self.now,
            on_day=on,
            user_id=self.users["ana"],
            field=field,
            was=None if was is None else str(was),
            became=None if became is None else str(became),
        ).execute()

    def _pipeline_of(self, step: str) -> int:
        return t.Step.get(t.Step.id == self.steps[step]).pipeline_id

    # -- prospects and actions ---------------------------------------------------------------------

    def list(self, name: str) -> int:
        return t.ProspectList.insert(name=name, match=fold(name), created_at=self.now).execute()

    def prospect(self, list_id: int, zone: str = "", **values: Any) -> int:
        return t.Prospect.insert(list_id=list_id, line=1, zone=zone, **values).execute()

    def call(self, who: str, when: str, reached: bool = False, **values: Any) -> int:
        """A call by a rep at a time of the rep's clock (``2026-11-23 09:30``)."""
        return self.act(who, when, "call", reached=reached, outcome=OUTCOMES[reached], **values)

    def act(
        self,
        who: str,
        when: str,
        kind: str,
        *,
        reached: bool = False,
        outcome: str | None = None,
        minutes: float | None = None,
        lead: int | None = None,
        prospect: int | None = None,
        list_id: int | None = None,
    ) -> int:
        zone = t.User.get(t.User.id == self.users[who]).zone or "Europe/Madrid"
        return t.Action.insert(
            user_id=self.users[who],
            at=instant(when, zone),
            kind=kind,
            reached=int(reached),
            outcome_id=self.outcomes[outcome] if outcome else None,
            lead_id=lead,
            seconds=None if minutes is None else round(minutes * 60),
            prospect_id=prospect,
            list_id=list_id,
        ).execute()

    def goal(self, kind: str, period: str, target: int, user: str | None = None) -> None:
        t.Goal.insert(
            kind=kind, period=period, target=target, user_id=self.users[user] if user else None
        ).execute()


def instant(when: str, zone: str) -> int:
    """Epoch seconds of a wall clock in a zone."""
    from zoneinfo import ZoneInfo

    return int(datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone)).timestamp())
