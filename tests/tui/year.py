"""A year of a small team, always the same: leads won and lost, calls, lists, goals.

Drawn from a fixed seed, so that the pictures of the reports are of believable figures and the same
on every run. Names of reps, tags, lists and steps are as strangers type them.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from tests.core.reports.data import Story
from tui_crm.core.session import Session

FIRMS = (
    "Acme GmbH",
    "Borealis Énergie",
    "Casa Ruiz",
    "Lindqvist & Partners",
    "Hafen Bremen",
    "Clínica Aranda",
    "Fonderie Vasseur",
    "Pryce & Daughters",
    "Northgate Foods",
    "株式会社さくら",
    "Talleres Ibarra",
    "Brightwater Dental",
    "Weingut Sonnenberg",
    "Maison Delorme",
)
WORK = ("website relaunch", "licences", "flota 2027", "cold chain", "camas", "renewal", "pilot")
STEPS = ("Qualified", "Contacted", "Proposal", "Closing")
LOST = ("Too expensive", "Chose another", "No budget", "No answer any more")
TODAY = date(2026, 11, 23)


def write(session: Session) -> None:
    """Put the year into an empty workspace, in one transaction."""
    with session.store.transaction():
        _Year(session).tell()


class _Year:
    def __init__(self, session: Session) -> None:
        self.story = Story(session)
        self.dice = random.Random(20261123)

    def tell(self) -> None:
        story = self.story
        for name in ("ben", "Chloé", "dieter", "Inés"):
            story.user(name)
        self.reps = ["ana", "ben", "Chloé", "dieter", "Inés"]
        for tag in ("inbound", "fair", "referral"):
            story.tag(tag)
        self.lists = [story.list("Dental Berlin"), story.list("Bodegas [Rioja] 2026")]
        self._leads()
        self._calls()
        story.goal("calls", "day", 50, "ana")
        story.goal("amount", "month", 2_000_000, "ana")
        story.goal("wins", "quarter", 40)

    def _leads(self) -> None:
        dice, story = self.dice, self.story
        day = date(2025, 11, 24)
        while day <= TODAY:
            if day.weekday() < 5:
                for _n in range(dice.choice((0, 1, 1, 1, 2))):
                    self._lead(day)
            day += timedelta(days=1)
        story.lead("2026-11-02", amount=9000, owner=None, title="Hotel Mirador: reservas")

    def _lead(self, day: date) -> None:
        dice, story = self.dice, self.story
        values: dict[str, Any] = {
            "owner": dice.choices(self.reps, (5, 4, 3, 2, 3))[0],
            "amount": dice.choice((None, 2100, 4800, 7400, 9900, 12_400, 14_200, 28_000)),
            "title": f"{dice.choice(FIRMS)}: {dice.choice(WORK)}",
            "source": dice.choice(("fair", "web", "cold call")),
            "tags": (dice.choice(("inbound", "fair", "referral")),) if dice.random() < 0.6 else (),
        }
        if dice.random() < 0.25:
            values["list_id"] = dice.choice(self.lists)
        if dice.random() < 0.7:
            values["expected"] = (day + timedelta(days=dice.randint(30, 160))).isoformat()
        number = story.lead(day.isoformat(), **values)
        fate = dice.choices(("won", "lost", "cancelled", "open"), (20, 36, 9, 35))[0]
        length = max(3, round(dice.gauss(37, 14)))
        end = day + timedelta(days=length)
        if end > TODAY:
            fate, end = "open", TODAY
        at = day
        for step in STEPS[1 : dice.randint(2, 4) if fate != "won" else 4]:
            at += timedelta(days=dice.randint(2, 12))
            if at >= end:
                break
            story.move(number, step, at.isoformat())
        if fate == "lost":
            story.close(number, fate, end.isoformat(), dice.choice(LOST))
        elif fate != "open":
            story.close(number, fate, end.isoformat())

    def _calls(self) -> None:
        dice, story = self.dice, self.story
        prospects = [
            story.prospect(
                number, zone="Europe/Madrid", company=f"{dice.choice(FIRMS)} {n}", city="Berlin"
            )
            for number in self.lists
            for n in range(60)
        ]
        answers = ("No answer", "Voicemail", "Busy", "Wrong number")
        talks = ("Interested", "Not interested", "Spoke to somebody else", "Do not call")
        for day_number in range(60):
            day = TODAY - timedelta(days=day_number)
            if day.weekday() > 4:
                continue
            for rep, calls in zip(self.reps, (7, 9, 5, 3, 6), strict=True):
                for _n in range(calls):
                    hour = dice.choices(range(8, 19), (1, 3, 6, 8, 2, 1, 3, 3, 3, 2, 1))[0]
                    if day == TODAY and hour > 8:
                        continue
                    when = f"{day.isoformat()} {hour:02d}:{dice.randint(0, 59):02d}"
                    place = dice.randrange(len(prospects))
                    likely = {9: 0.35, 10: 0.45, 11: 0.36, 16: 0.48, 17: 0.36}.get(hour, 0.2)
                    reached = dice.random() < likely
                    outcome = (
                        dice.choices(talks, (3, 8, 4, 1))[0]
                        if reached
                        else (dice.choices(answers, (9, 5, 2, 1))[0])
                    )
                    story.act(
                        rep,
                        when,
                        "call",
                        reached=reached,
                        outcome=outcome,
                        prospect=prospects[place],
                        list_id=self.lists[place // 60],
                        minutes=dice.choice((None, 2, 5)),
                    )
                for kind in ("email", "meeting", "visit", "note"):
                    if dice.random() < 0.4:
                        story.act(rep, f"{day.isoformat()} 08:30", kind, lead=dice.randint(1, 150))
