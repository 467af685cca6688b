"""The invented company put together: people, pipelines, goals, lists, leads, and today."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tui_crm.core.store.database import Store
from tui_crm.core.store.derived import index_clients_and_prospects
from tui_crm.core.store.tables import (
    Action,
    Client,
    Contact,
    ContactPoint,
    Goal,
    History,
    Lead,
    LeadTag,
    Pipeline,
    Prospect,
    ProspectKey,
    SavedView,
    Step,
    Tag,
    TagCategory,
    Team,
    Template,
    User,
    Workspace,
)
from tui_crm.core.team.sign_in import sign_in
from tui_crm.core.text import _, fold
from tui_crm.demo import names as words
from tui_crm.demo.base import Ground
from tui_crm.demo.days import Days, Pool
from tui_crm.demo.leads import House, Leads, Steps
from tui_crm.demo.names import Land
from tui_crm.demo.prospects import Lists

BULK = (Lead, Client, Contact, ContactPoint, LeadTag, History, Action, Prospect, ProspectKey)
SHARES = ((30, 1.1), (3, 1.1), (17, 1.0), (20, 1.25), (14, 0.75), (16, 0.95))
# Of a rep's open leads: how many stand where in the day. The others have a day further on.
LATE, TIMED, UNTIMED, NO_DATE, TOMORROW, WEEK = 4, 3, 5, 3, 4, 6
VIEWS = (("Proposals", "step:proposal"), ("Gone quiet", "stale>21d"), ("Big ones", "amount>10000"))


def build(
    store: Store,
    user: str,
    *,
    leads: int,
    prospects: int,
    seed: int,
    now: datetime,
    zone: str,
    language: str,
) -> None:
    """Fill an empty store, in one transaction: the company is there whole or not at all."""
    with store.transaction():
        session, _line = sign_in(
            store, user, zone=zone, locale=f"{language}_ES", clock=lambda: now.astimezone(UTC)
        )
        g = Ground(store, seed, now, session.zone)
        names = _people(store, session.user_id, session.user.name, seed, now)
        session = session.reload()
        days = [day for day in g.work if day <= g.today][-3:]
        until = g.at(days[0], 0)
        new = min(14, leads // 10)  # leads of the last days
        with g.in_bulk(BULK, leads + prospects):
            house = _house(store, g, list(names))
            lists = Lists(g, session, list(names), until, max(0, leads - new) // 3)
            lists.make(prospects)
            told = Leads(g, house, until)
            told.make(max(0, leads - new), lists.seeds)
            pool = _agenda(g, told.open, list(names))
        told.link()
        index_clients_and_prospects(store)
        _views(store, session.user_id)
        called = [r[0] for r in store.rows("SELECT id FROM lists WHERE name = 'Commerces Lyon'")]
        Days(g, store, names, pool).tell(days, new, called)


def _people(store: Store, me: int, name: str, seed: int, now: datetime) -> dict[int, str]:
    """The colleagues, in two teams, and the workspace as it has been for a year; everybody's name
    by number, the user first, then the manager."""
    begun = int((now - timedelta(days=420)).timestamp())
    salt = random.Random(seed).getrandbits(128).to_bytes(16, "big").hex()
    Workspace.update(name="Faro", salt=salt, created_at=begun).execute()
    teams = {n: int(Team.insert(name=n).execute()) for n in ("North", "South")}
    User.update(team_id=teams["North"], full_name=name.title()).where(User.id == me).execute()
    names = {me: name}
    for login, full_name, role, group in words.COLLEAGUES:
        if fold(login) == fold(name):
            login, full_name = words.SPARE
        number = User.insert(
            name=login,
            full_name=full_name,
            email=f"{login}@faro.example",
            role=role,
            team_id=teams[group],
        ).execute()
        names[int(number)] = login
    for number in names:
        share = 2 if number == me else 1
        for kind, period, target in (
            ("calls", "day", 50),
            ("amount", "month", 3_000_000 * share),
            ("wins", "month", 4 * share),
        ):
            Goal.insert(user_id=number, kind=kind, period=period, target=target).execute()
    Goal.insert(kind="amount", period="month", target=18_000_000).execute()
    for title, language, subject, body in words.TEMPLATES:
        Template.insert(
            name=title, match=fold(title), language=language, subject=subject, body=body
        ).execute()
    return names


def _house(store: Store, g: Ground, users: Sequence[int]) -> House:
    """Pipelines, tags, and what else leads refer to."""
    renewals = int(Pipeline.insert(name=_("Renewals"), position=2).execute())
    steps = ((_("Due"), 60), (_("Offered"), 75), (_("Agreed"), 90))
    for n, (name, probability) in enumerate(steps, 1):
        Step.insert(pipeline_id=renewals, name=name, position=n, probability=probability).execute()
    pipelines = tuple(
        Steps(
            number,
            tuple(
                r[0]
                for r in store.rows(
                    "SELECT id FROM steps WHERE pipeline_id = ? ORDER BY position", (number,)
                )
            ),
        )
        for (number,) in store.rows("SELECT id FROM pipelines ORDER BY position")
    )
    categories = [r[0] for r in store.rows("SELECT id FROM tag_categories ORDER BY position")]
    if len(categories) < 2:
        categories = [
            int(TagCategory.insert(name=n, position=9).execute()) for n in ("Source", "Sector")
        ]
    tags: dict[str, int] = {}
    sources = [name for name, _share in words.SOURCES] + ["Cold list"]
    for category, those in (
        (categories[0], sources),
        (categories[1], words.SECTORS),
        (None, words.FREE_TAGS),
    ):
        for name in those:
            tags[name] = int(
                Tag.insert(name=name, match=fold(name), category_id=category).execute()
            )
    reasons = {
        kind: tuple(
            r[0]
            for r in store.rows("SELECT id FROM reasons WHERE kind = ? ORDER BY position", (kind,))
        )
        for kind in ("lost", "cancelled")
    }
    outcomes = {
        (kind, digit): (number, bool(reached))
        for number, kind, digit, reached in store.rows(
            "SELECT id, kind, digit, reached FROM outcomes WHERE digit IS NOT NULL"
        )
    }
    owners = tuple((u, share, luck) for u, (share, luck) in zip(users, SHARES, strict=True))
    return House(pipelines, owners, users[1], reasons, outcomes, tags)


def _views(store: Store, me: int) -> None:
    for digit, (name, query) in enumerate(VIEWS, 1):
        SavedView.insert(user_id=me, place="leads", name=name, query=query, digit=digit).execute()


# -- today ----------------------------------------------------------------------------------------


def _agenda(
    g: Ground, there: Sequence[tuple[int, int, int, Land, int]], users: Sequence[int]
) -> Pool:
    """Give every open lead its next action, or none: a day with something late, a few timed, a
    few not, some without a date, and the days after. What is left for later, by owner."""
    pool: Pool = {user: [] for user in users}
    rows: list[tuple[Any, ...]] = []
    for user in users:
        mine = [lead for lead in there if lead[1] == user]
        g.chance.shuffle(mine)
        quotas = (LATE, TIMED, UNTIMED, NO_DATE, TOMORROW, WEEK)
        scale = min(1.0, len(mine) * 0.7 / sum(quotas))
        places = [p for p, quota in enumerate(quotas) for _n in range(round(quota * scale))]
        taken: set[int] = set()
        for nth, (number, _owner, created, land, _amount) in enumerate(mine):
            place = places[nth] if nth < len(places) else len(quotas)
            if place == len(quotas):
                pool[user].append((number, land))
            kind, text = g.pick(land.nexts)
            day, at, minutes, rule = _moment(g, place, created, kind, taken)
            if place == 3:
                kind, text = "", ""
            rows.append((day, at, minutes, kind, text, rule, number))
    g.store.execute_many(
        "UPDATE leads SET next_day = ?, next_at = ?, next_minutes = ?, next_kind = ?,"
        " next_text = ?, next_rule = ? WHERE id = ?",
        rows,
    )
    return pool


def _moment(
    g: Ground, place: int, created: int, kind: str, taken: set[int]
) -> tuple[str | None, int | None, int | None, str]:
    """The day or the moment of a next action in a part of the day, its minutes and its rule."""
    minutes = 45 if kind == "meeting" else 20 if g.likely(50) else None
    if place == 0:
        day = g.workday(g.today, -1 - int(g.chance.random() ** 2 * 7))
        return g.iso(max(created, min(day, g.today - 1))), None, None, ""
    if place == 1:
        return None, _slot(g, taken), minutes or 20, ""
    if place == 2:
        return g.iso(g.today), None, None, ""
    if place == 3:
        return None, None, None, ""
    if place == 4:
        day = g.today + 1
    elif place == 5:
        day = g.today + 2 + int(g.chance.random() * 5)
    else:
        day = g.workday(g.today + 8 + int(g.chance.random() ** 2 * 70))
        if g.likely(4):
            return g.iso(day), None, None, f"FREQ=WEEKLY;INTERVAL={g.pick((2, 4))}"
    if g.likely(40):
        at = g.at(day, (17 + int(g.chance.random() * 18)) * 1800)  # 8:30 to 17:00
        if at not in taken:
            taken.add(at)
            return None, at, minutes or 20, ""
    return g.iso(day), None, None, ""


def _slot(g: Ground, taken: set[int]) -> int:
    """A free half hour of today, after now while there is one."""
    ahead = [
        at
        for n in range(17, 37)
        if (at := g.at(g.today, n * 1800)) > g.now + 900 and at not in taken
    ]
    place = min(len(taken) * 3 + int(g.chance.random() * 2), len(ahead) - 1)
    at = ahead[place] if ahead else g.at(g.today, 23 * 3600 + 300 * len(taken))
    taken.add(at)
    return at
