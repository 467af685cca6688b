"""The last days of the invented company, lived through its own operations: so the feed tells of
them, and the last thing done can be undone like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from tui_crm.core.calling import operations as calling, session as calling_session
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError, StoreError
from tui_crm.core.leads import actions, closing, leads
from tui_crm.core.store.database import Store
from tui_crm.core.team.sign_in import sign_in
from tui_crm.demo import names as words
from tui_crm.demo.base import Ground
from tui_crm.demo.leads import ENDS, KINDS
from tui_crm.demo.names import Land
from tui_crm.demo.prospects import ENDS as CALL_ENDS, INFO, INTERESTED, NEVER, NOT, SAID

Act = Callable[[], object]
EARLY, LATE = 8 * 3600 + 300, 17 * 3600 + 1800  # the hours that are told, seconds from midnight
Pool = dict[int, list[tuple[int, Land]]]


class Clock:
    """The clock of all sessions: set to the moment of each act."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


class Days:
    """Plans what was done in the last days and does it in order.

    ``pool`` are the open leads of each user whose next action is in the future: logging on one
    leaves that as it is, so Today stands as it was laid out."""

    def __init__(self, ground: Ground, store: Store, names: Mapping[int, str], pool: Pool) -> None:
        self.g = ground
        self.clock = Clock(ground.now)
        self.pool = pool
        self.users = list(names)
        self.sessions = {
            user: sign_in(store, name, clock=self.clock)[0] for user, name in names.items()
        }
        self.acts: list[tuple[int, int, Act]] = []
        self.new = 0  # leads that are still to come

    def tell(self, days: list[int], new: int, lists: list[int]) -> None:
        """Live these days; ``new`` leads come in or are called up, and the first of ``lists`` is
        called."""
        me = self.users[0]
        for nth, day in enumerate(days):
            start = self.g.at(day, EARLY)
            end = min(self.g.at(day, LATE), self.g.now - 540)
            if end - start < 600:
                continue
            share = (end - start) / (LATE - EARLY)
            if lists:
                gap = 270 if day == self.g.today else 840
                self._calls(me, lists[0], start, end, gap)
                self._calls(self.users[2], lists[0], start + 100, end, 1500)
            for user in self.users:
                self._work(user, start, end, max(2, round(7 * share)))
            closers = (self.users[3], self.users[2]) if nth % 2 else (me, self.users[5])
            for user in closers:
                self._plan(start, end, partial(self._won, user))
            for user in (self.users[4], *([me] if nth == 0 else [])):
                self._plan(start, end, partial(self._ended, user))
        self.new = new
        for n in range(min(new, 6)):
            day = days[-1] if n % 2 == 0 or len(days) < 2 else days[-2]
            first = self.g.at(day, EARLY - 1800)
            last = min(self.g.at(day, LATE), self.g.now - 60)
            if last > first:
                self._plan(first, last, partial(self._arrival, n < 3))
        for at, _order, act in sorted(self.acts, key=lambda planned: planned[:2]):
            self.clock.at = at
            try:
                act()
            except StoreError:
                raise
            except CrmError:
                continue  # a list that is called to its end, a lead that closed in between
        while self.new:
            self.clock.at = self.g.now - 60 * self.new
            self._arrival(False)
        self.clock.at = self.g.now

    def _plan(self, start: int, end: int, act: Act) -> None:
        at = start + int(self.g.chance.random() * (end - start))
        self.acts.append((at, len(self.acts), act))

    def _calls(self, user: int, list_id: int, start: int, end: int, gap: int) -> None:
        at = start
        while (at := at + int(gap * (0.7 + self.g.chance.random() * 0.6))) < end:
            self.acts.append((at, len(self.acts), lambda: self._call(user, list_id)))

    def _work(self, user: int, start: int, end: int, count: int) -> None:
        for _n in range(count):
            self._plan(start, end, lambda: self._log(user))
        self._plan(start, end, lambda: self._step(user))

    # -- one act -------------------------------------------------------------------------------

    def _lead(self, user: int) -> tuple[int, Land]:
        if not self.pool.get(user):
            raise CrmError("")
        return self.g.pick(self.pool[user])

    def _log(self, user: int) -> None:
        g = self.g
        number, land = self._lead(user)
        kind = g.weighed(KINDS)
        digit, said = g.weighed(ENDS[kind])
        text = g.pick(land.said[said]) if said else ""
        seconds = 60 + int(g.chance.random() * 420) if kind == "call" and digit == 1 else None
        actions.log(
            self.sessions[user],
            number,
            kind,
            outcome=digit or None,
            seconds=seconds,
            text=text or (g.pick(land.said["note"]) if kind == "note" else ""),
        )

    def _step(self, user: int) -> None:
        leads.move_step(self.sessions[user], self._lead(user)[0], 1)

    def _won(self, user: int) -> None:
        """Win one of those that stand furthest on, with an amount."""
        number, _land = self._lead(user)
        session = self.sessions[user]
        marks = ", ".join("?" * len(self.pool[user]))
        best = session.store.rows(
            "SELECT leads.id FROM leads JOIN steps ON steps.id = leads.step_id"
            f" WHERE leads.id IN ({marks}) AND amount IS NOT NULL AND status = 'open'"
            " ORDER BY steps.position DESC, ABS(amount - 600000), leads.id LIMIT 3",
            [n for n, _l in self.pool[user]],
        )
        if best:
            number = self.g.pick(best)[0]
        self._closed(user, number)
        closing.won(session, number)

    def _ended(self, user: int) -> None:
        number, _land = self._lead(user)
        self._closed(user, number)
        closing.lost(self.sessions[user], number, 1 + int(self.g.chance.random() * 4))

    def _closed(self, user: int, number: int) -> None:
        self.pool[user] = [pair for pair in self.pool[user] if pair[0] != number]

    def _arrival(self, nobody: bool) -> None:
        """A lead comes in: nobody's yet, or the user's own with its next action."""
        g = self.g
        if not self.new:
            return
        self.new -= 1
        land = words.LANDS[g.weighed(words.HOME)]
        company, sector = land.company(g.pick)
        first, last = land.person(g.pick)
        typed, e164, _city = g.phone(land)
        deal, worth = g.pick(land.deals)
        kind, text = g.pick(land.nexts)
        ahead = date.fromordinal(g.workday(g.today, 3 + int(g.chance.random() * 5)))
        leads.create(
            self.sessions[self.users[1] if nobody else self.users[0]],
            f"{company}: {deal}",
            amount=worth * 100,
            company=company,
            contact=f"{first} {last}",
            role=g.pick(land.roles),
            points=[("phone", e164 or typed), ("email", words.email(first, last, company))],
            tag_names=[sector],
            source="Web form" if nobody else "Phone",
            owner_id=None if nobody else self.users[0],
            following=None if nobody else Reading(day=ahead, kind=kind, text=text),
        )

    def _call(self, user: int, list_id: int) -> None:
        """One call of a list, through the queue as it stands at that moment."""
        g, session = self.g, self.sessions[user]
        card: Any = calling_session.next_card(session, list_id)
        if card is None:
            raise CrmError("")
        digit = g.weighed([pair for pair in CALL_ENDS if pair[0] not in (0, NEVER)])
        said = g.pick(words.FRANCE.said[SAID[digit]]) if digit in SAID else ""
        following = None
        if digit in (INTERESTED, INFO) and self.new <= 6:
            digit, said = NOT, g.pick(words.FRANCE.said["not"])
        if digit in (INTERESTED, INFO):
            self.new -= 1
            kind, text = g.pick(words.FRANCE.nexts)
            ahead = date.fromordinal(g.workday(g.today, 2 + int(g.chance.random() * 4)))
            following = Reading(day=ahead, kind=kind, text=text)
        calling.outcome(
            session,
            card.prospect_id,
            digit,
            note=f"{card.note}\n{said}".strip(),
            seconds=20 + int(g.chance.random() * (200 if said else 15)),
            callback=following,
        )
