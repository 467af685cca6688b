"""The leads of the invented company: a year of them with seasons, from the first word to the
closing, with everything that was done and every change kept in the history."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tui_crm.core.store import fulltext
from tui_crm.core.store.tables import (
    Action,
    Client,
    Contact,
    ContactPoint,
    History,
    Lead,
    LeadTag,
)
from tui_crm.core.text import fold
from tui_crm.demo import names as words
from tui_crm.demo.base import CHUNK, Ground
from tui_crm.demo.names import Land
from tui_crm.demo.prospects import Seed

DAYS = 395  # how far back the leads go: a year and a month
SEASONS = (8, 9, 12, 10, 12, 10, 8, 6, 11, 13, 11, 6)  # how many leads come, by month
KINDS = (("call", 56), ("email", 26), ("meeting", 9), ("visit", 2), ("message", 2), ("note", 5))
ENDS: dict[str, tuple[tuple[tuple[int, str], float], ...]] = {  # (digit, what is said), percent
    "call": (
        ((1, "reached"), 47),
        ((3, "no"), 26),
        ((4, "voicemail"), 14),
        ((5, "no"), 4),
        ((7, "else"), 9),
    ),
    "email": (((1, "sent"), 68), ((2, "answered"), 30), ((3, ""), 2)),
    "meeting": (((1, "held"), 82), ((2, "moved"), 13), ((3, ""), 5)),
    "visit": (((1, "held"), 80), ((2, "no"), 20)),
    "message": (((1, "sent"), 60), ((2, "answered"), 40)),
    "note": (((0, "note"), 100),),
}
LUCK = {"Referral": 1.45, "Partner": 1.2, "Web form": 0.95, "Phone": 0.9, "Trade fair": 0.8}
CLOSED = {"won": 26.0, "lost": 55.0, "cancelled": 11.0}  # percent; the rest stays open


@dataclass(frozen=True)
class Steps:
    """A pipeline and its steps in order."""

    pipeline_id: int
    ids: tuple[int, ...]


@dataclass(frozen=True)
class House:
    """What leads refer to. ``owners`` are ``(user, share of the leads, luck)``; ``reasons`` and
    ``outcomes`` are found by kind (and digit); ``tags`` by name."""

    pipelines: tuple[Steps, ...]
    owners: tuple[tuple[int, float, float], ...]
    manager: int
    reasons: dict[str, tuple[int, ...]]
    outcomes: dict[tuple[str, int], tuple[int, bool]]
    tags: dict[str, int]


@dataclass
class Company:
    """A client with the person one speaks to there."""

    number: int  # 0 until it is written
    name: str
    sector: str
    land: Land
    first: str
    last: str
    role: str
    points: list[tuple[str, str, str]]
    city: str


@dataclass
class Life:
    """A lead while it is told."""

    at: int
    owner: int
    company: Company
    source: str
    seed: Seed | None
    title: str = ""
    description: str = ""
    amount: int | None = None
    pipeline: int = 0
    step: int = 0
    probability: int | None = None
    status: str = "open"
    starred: int = 0
    expected: str | None = None
    closed_on: str | None = None
    closed_at: int | None = None
    closed_owner: int | None = None
    reason: int | None = None
    touched: int = 0
    tags: list[str] = field(default_factory=list)
    history: list[tuple[Any, ...]] = field(default_factory=list)
    actions: list[tuple[Any, ...]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class Leads:
    """Makes the leads. ``open`` holds those still open afterwards as ``(number, owner, day of
    creation, land, amount)``."""

    def __init__(self, ground: Ground, house: House, until: int) -> None:
        self.g = ground
        self.house = house
        self.until = until
        self.open: list[tuple[int, int, int, Land, int]] = []
        self._owners = [((user, luck), share) for user, share, luck in house.owners]
        self._luck = {user: luck for user, _share, luck in house.owners}
        self._companies: list[Company] = []
        self._fresh: list[Company] = []  # clients that are still to be written
        self._names: dict[str, int] = {}
        self._of_prospects: list[tuple[int, int]] = []

    def make(self, count: int, seeds: Sequence[Seed]) -> int:
        """``count`` leads, those of the lists among them; the number of the first."""
        g = self.g
        moments = self._moments(max(0, count - len(seeds)))
        told: list[tuple[int, Seed | None]] = [(at, None) for at in moments]
        told += [(seed.at, seed) for seed in seeds]
        told.sort(key=lambda pair: pair[0])
        first = g.store.reserve(Lead, len(told)) if told else 0
        for start in range(0, len(told), CHUNK):
            lives = []
            for n, (at, seed) in enumerate(told[start : start + CHUNK], first + start):
                life = self._life(at, seed)
                lives.append(life)
                if seed:
                    self._of_prospects.append((n, seed.prospect_id))
                if life.status == "open":
                    self.open.append(
                        (n, life.owner, g.day_of(at), life.company.land, life.amount or 0)
                    )
            self._write(first + start, lives)
        return first

    def link(self) -> None:
        """Tell the prospects which leads they became, and their calls whose history they are."""
        for table, column in (("prospects", "id"), ("actions", "prospect_id")):
            self.g.store.execute_many(
                f"UPDATE {table} SET lead_id = ? WHERE {column} = ?", self._of_prospects
            )

    def _moments(self, count: int) -> list[int]:
        """When leads come: on working days, more in some months than in others, more each month."""
        g = self.g
        days = [d for d in g.work if g.today - DAYS <= d <= g.day_of(self.until)]
        weights = [
            SEASONS[int(g.iso(day)[5:7]) - 1] * (1 + (day - days[0]) / DAYS * 0.35) for day in days
        ]
        sums = list(itertools.accumulate(weights))
        found = []
        for _n in range(count):
            day = days[bisect.bisect(sums, g.chance.random() * sums[-1])]
            found.append(min(g.at(day, g.office()), self.until))
        return found

    # -- one life ------------------------------------------------------------------------------

    def _life(self, at: int, seed: Seed | None) -> Life:
        g = self.g
        if seed is not None:
            life = Life(at, seed.user_id, self._company_of(seed), seed.list_name, seed)
        else:
            owner, _luck = g.weighed(self._owners)
            source = g.weighed(words.SOURCES)
            life = Life(at, owner, self._company(), source, None)
        self._about(life)
        self._course(life)
        return life

    def _company(self) -> Company:
        """A client: nearly half of the time one that was here before."""
        g = self.g
        if self._companies and g.likely(42):
            return self._companies[
                -1 - int(g.chance.random() ** 2 * min(len(self._companies), 4000))
            ]
        land = words.LANDS[g.weighed(words.HOME)]
        name, sector = land.company(g.pick)
        first, last = land.person(g.pick)
        typed, e164, city = g.phone(land)
        mail = words.email(first, last, name)
        return self._new(
            name,
            sector,
            land,
            first,
            last,
            g.pick(land.roles),
            [("phone", e164 or typed, e164), ("email", mail, mail)],
            city or g.pick(land.cities),
        )

    def _company_of(self, seed: Seed) -> Company:
        r = seed.row
        return self._new(
            r.company,
            r.sector,
            r.land,
            r.first,
            r.last,
            r.role,
            [(kind, match or value, match) for kind, value, match in r.keys],
            r.city,
        )

    def _new(
        self,
        name: str,
        sector: str,
        land: Land,
        first: str,
        last: str,
        role: str,
        points: list[tuple[str, str, str]],
        city: str,
    ) -> Company:
        """A client under a name that no other has: chance repeats itself."""
        many = self._names.get(fold(name), 0)
        self._names[fold(name)] = many + 1
        if many:
            name = f"{name} {city}" if many == 1 else f"{name} {city} {many}"
        made = Company(
            number=0,
            name=name,
            sector=sector,
            land=land,
            first=first,
            last=last,
            role=role,
            points=points,
            city=city,
        )
        self._companies.append(made)
        self._fresh.append(made)
        return made

    def _about(self, life: Life) -> None:
        """What it is about: title, amount, tags, the fields of its description."""
        g, company = self.g, life.company
        deal, worth = g.pick(company.land.deals)
        life.title = f"{company.name}: {deal}"
        renewal = life.seed is None and len(self.house.pipelines) > 1 and g.likely(12)
        life.pipeline = 1 if renewal else 0
        if not g.likely(7):
            amount = worth * g.chance.lognormvariate(0, 0.5)
            life.amount = (
                int(amount // (100 if amount > 2000 else 50)) * (100 if amount > 2000 else 50) * 100
            )
        if g.likely(60):
            life.description = "\n".join(
                f"{label}: {g.pick(values)}"
                for label, values in company.land.fields
                if g.likely(75)
            )
        if life.seed:
            life.tags.append("Cold list")
        elif g.likely(85):
            life.tags.append(life.source)
        if g.likely(80):
            life.tags.append(company.sector)
        if g.likely(24):
            life.tags.append(g.pick(words.FREE_TAGS))

    def _course(self, life: Life) -> None:
        """How it went: steps, closing, changes of mind, and what was done on the way."""
        g = self.g
        steps = self.house.pipelines[life.pipeline].ids
        begun = g.day_of(life.at)
        cycle = min(max(int(g.chance.lognormvariate(3.75, 0.72)), 2), 300)
        status = self._fate(life)
        closing = g.workday(begun + cycle)
        end = g.at(closing, g.office())
        if status == "open" or end >= self.until or end <= life.at + 7200:
            status, end = "open", self.until
        if status == "won":
            last = len(steps) - 1
        elif status == "open":
            gone = (g.day_of(end) - begun) / cycle
            last = min(int(gone * len(steps) * (0.9 + g.chance.random() * 0.7)), len(steps) - 1)
        else:
            last = g.weighed(((0, 34), (1, 31), (2, 26), (3, 9)))
        last = min(last, len(steps) - 1)
        self._begin(life, steps, begun, cycle)
        if end - life.at > 7200:
            self._advance(life, steps, last, end)
            self._act(life, end, 3.0 + last * 0.8 + (1.2 if status == "won" else 0.0))
        if status != "open":
            self._close(life, status, closing, end)
        elif g.likely(5):
            life.starred = 1
        done = [action[1] for action in life.actions if action[2] != "note"]
        done += [life.seed.at] if life.seed else []
        life.touched = max(done, default=life.at)

    def _fate(self, life: Life) -> str:
        """Won, lost, cancelled or open for long: by its owner, its source, its month."""
        g = self.g
        month = int(g.iso(g.day_of(life.at))[5:7])
        luck = self._luck.get(life.owner, 1.0) * LUCK.get(life.source, 0.75)
        luck *= 0.8 + SEASONS[month - 1] / 40
        won = min(CLOSED["won"] * luck, 60.0)
        rest = 100 - 8 - won
        lost = rest * CLOSED["lost"] / (CLOSED["lost"] + CLOSED["cancelled"])
        return g.weighed((("won", won), ("lost", lost), ("cancelled", rest - lost), ("open", 8.0)))

    def _begin(self, life: Life, steps: Sequence[int], begun: int, cycle: int) -> None:
        g, day = self.g, self.g.iso(begun)
        if g.likely(60):
            life.expected = g.iso(begun + int(cycle * (0.7 + g.chance.random() * 0.8)) + 7)
        life.step = steps[0]
        first = (
            ("status", "open"),
            ("step", life.step),
            ("owner", life.owner),
            ("amount", life.amount),
            ("expected_close", life.expected),
        )
        for name, value in first:
            if value is not None:
                life.history.append((life.at, day, life.owner, name, None, str(value)))

    def _change(self, life: Life, at: int, name: str, was: Any, became: Any) -> None:
        life.history.append(
            (
                at,
                self.g.iso(self.g.day_of(at)),
                life.owner,
                name,
                None if was is None else str(was),
                None if became is None else str(became),
            )
        )

    def _between(self, begin: int, end: int, part: float) -> int:
        """A moment in office hours, so far on the way from ``begin`` to ``end``."""
        g = self.g
        day = g.workday(g.day_of(begin + int((end - begin) * part)))
        return min(max(g.at(day, g.office()), begin + 600), end - 60)

    def _advance(self, life: Life, steps: Sequence[int], last: int, end: int) -> None:
        g = self.g
        moments = sorted(self._between(life.at, end, g.chance.random() * 0.9) for _n in range(last))
        skipped = last >= 2 and g.likely(12)
        for place, at in enumerate(moments, 1):
            if skipped and place == 1:
                continue
            self._change(life, at, "step", life.step, steps[place])
            life.step = steps[place]
            if place == 2:
                self._offer(life, at, end)
        if g.likely(4):
            at = self._between(life.at, end, 0.3 + g.chance.random() * 0.5)
            other = g.weighed(self._owners)[0]
            if other != life.owner and (not moments or at > moments[-1]):
                self._change(life, at, "owner", life.owner, other)
                life.owner = other
        if g.likely(6):
            chance = g.pick((5, 15, 30, 60, 70, 90))
            at = moments[-1] if moments else self._between(life.at, end, 0.5)
            self._change(life, at, "probability", None, chance)
            life.probability = chance

    def _offer(self, life: Life, at: int, end: int) -> None:
        """With the proposal the amount is known, and the day of the decision."""
        g = self.g
        if life.amount is None or g.likely(30):
            base = life.amount or 600_000
            amount = max(int(base * (0.75 + g.chance.random() * 0.5)) // 10_000 * 10_000, 50_000)
            if amount != life.amount:
                self._change(life, at, "amount", life.amount, amount)
                life.amount = amount
        if g.likely(80):
            day = g.iso(
                g.workday(max(g.day_of(at) + 14, g.day_of(end) - 12) + int(g.chance.random() * 70))
            )
            if day != life.expected:
                self._change(life, at, "expected_close", life.expected, day)
                life.expected = day

    def _act(self, life: Life, end: int, about: float) -> None:
        """What was done on it, oldest first."""
        g = self.g
        count = max(1, round(g.chance.gauss(about, 1.4)))
        moments = sorted(
            self._between(life.at, end, (n + g.chance.random()) / count * 0.97)
            for n in range(count)
        )
        for at in dict.fromkeys(moments):
            kind = g.weighed(KINDS)
            digit, said = g.weighed(ENDS[kind])
            outcome, reached = self.house.outcomes.get((kind, digit), (None, False))
            text = g.pick(life.company.land.said[said]) if said else ""
            seconds: int | None = None
            if kind == "call":
                seconds = int(
                    g.chance.lognormvariate(5.5, 0.6) if reached else 15 + g.chance.random() * 25
                )
            elif kind in ("meeting", "visit") and reached:
                seconds = g.pick((1800, 2700, 3600, 5400))
            number = next((m for k, _v, m in life.company.points if k == "phone"), "")
            life.actions.append(
                (
                    life.owner,
                    at,
                    kind,
                    outcome,
                    int(reached),
                    seconds,
                    text,
                    number if kind == "call" else "",
                )
            )
            if text:
                life.words.append(text)

    def _close(self, life: Life, status: str, day: int, end: int) -> None:
        g = self.g
        life.status, life.closed_at = status, end
        life.closed_on = g.iso(day)
        life.closed_owner = life.owner
        if status != "won":
            reasons = self.house.reasons[status]
            life.reason = g.weighed([(r, 10 / (n + 1)) for n, r in enumerate(reasons)])
            self._change(life, end, "reason", None, life.reason)
        elif life.amount is None and g.likely(80):
            life.amount = 450_000
            self._change(life, end, "amount", None, life.amount)
        self._change(life, end, "status", "open", status)

    # -- rows ----------------------------------------------------------------------------------

    def _write(self, first: int, lives: Sequence[Life]) -> None:
        g = self.g
        if self._fresh:
            number = g.put(
                Client,
                ("name", "match", "description", "created_at"),
                [(c.name, fold(c.name), "", lives[0].at) for c in self._fresh],
            )
            for n, company in enumerate(self._fresh, number):
                company.number = n
            self._fresh = []
        g.put_at(
            Lead,
            first,
            (
                "title",
                "description",
                "client_id",
                "pipeline_id",
                "step_id",
                "amount",
                "probability",
                "status",
                "owner_id",
                "starred",
                "expected_close",
                "created_on",
                "created_at",
                "created_by_id",
                "closed_on",
                "closed_at",
                "closed_owner_id",
                "reason_id",
                "source",
                "list_id",
                "prospect_id",
                "next_kind",
                "next_text",
                "next_rule",
                "touched_at",
            ),
            [
                (
                    v.title,
                    v.description,
                    v.company.number,
                    self.house.pipelines[v.pipeline].pipeline_id,
                    v.step,
                    v.amount,
                    v.probability,
                    v.status,
                    v.owner,
                    v.starred,
                    v.expected,
                    v.history[0][1],
                    v.at,
                    v.history[0][2],
                    v.closed_on,
                    v.closed_at,
                    v.closed_owner,
                    v.reason,
                    v.source,
                    v.seed.list_id if v.seed else None,
                    v.seed.prospect_id if v.seed else None,
                    "",
                    "",
                    "",
                    v.touched,
                )
                for v in lives
            ],
        )
        g.put(
            History,
            ("lead_id", "at", "on_day", "user_id", "field", "was", "became"),
            [(n, *row) for n, v in enumerate(lives, first) for row in v.history],
        )
        g.put(
            Action,
            (
                "lead_id",
                "user_id",
                "at",
                "kind",
                "outcome_id",
                "reached",
                "seconds",
                "text",
                "number",
            ),
            [(n, *row) for n, v in enumerate(lives, first) for row in v.actions],
        )
        g.put(
            LeadTag,
            ("lead_id", "tag_id"),
            [
                (n, self.house.tags[t])
                for n, v in enumerate(lives, first)
                for t in dict.fromkeys(v.tags)
            ],
        )
        self._people(first, lives)
        self._index(first, lives)

    def _people(self, first: int, lives: Sequence[Life]) -> None:
        g = self.g
        contact = g.put(
            Contact,
            ("lead_id", "name", "role", "position"),
            [
                (n, f"{v.company.first} {v.company.last}", v.company.role, 0)
                for n, v in enumerate(lives, first)
            ],
        )
        g.put(
            ContactPoint,
            ("contact_id", "kind", "value", "match", "bad"),
            [
                (n, kind, value, match, 0)
                for n, v in enumerate(lives, contact)
                for kind, value, match in v.company.points
            ],
        )

    def _index(self, first: int, lives: Sequence[Life]) -> None:
        """The text by which each lead is found; the calls of its time as a prospect belong to
        it."""
        texts = []
        for n, v in enumerate(lives, first):
            c = v.company
            parts = [v.title, v.description, c.name]
            for kind, value, match in c.points:
                parts += [f"{c.first} {c.last}", c.role, value, match]
                if kind == "phone":
                    parts.append(fulltext.phone_word(value, match))
            parts += v.words
            if v.seed:
                parts += [call[9] for call in v.seed.row.told]
            texts.append((n, "\n".join(part for part in parts if part)))
        fulltext.put(self.g.store, texts)
