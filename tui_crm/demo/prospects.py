"""The prospect lists of the invented company: one called to its end, one half called, one with
callbacks, one fresh; with every call that was made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tui_crm.core.calling import plan as calling_plan
from tui_crm.core.calling.script import parse
from tui_crm.core.lists.rules import zone_named
from tui_crm.core.lists.zones import zone_of
from tui_crm.core.session import Session
from tui_crm.core.setup.outcomes import OutcomeRow, find_outcome
from tui_crm.core.store.tables import Action, Blocked, Prospect, ProspectKey, ProspectList
from tui_crm.core.text import fold
from tui_crm.demo import names as words
from tui_crm.demo.base import CHUNK, HALF, Ground
from tui_crm.demo.names import Land

INTERESTED, NOT, NO_ANSWER, VOICEMAIL, BUSY, WRONG, ELSE, INFO, NEVER, CALLBACK = *range(1, 10), 0
ENDS = (  # how a cold call ends, in percent
    (NO_ANSWER, 36),
    (VOICEMAIL, 14),
    (BUSY, 5),
    (NOT, 27),
    (WRONG, 4.3),
    (ELSE, 7),
    (INTERESTED, 1.8),
    (INFO, 1.2),
    (NEVER, 0.7),
    (CALLBACK, 3),
)
SAID = {
    NO_ANSWER: "no",
    VOICEMAIL: "voicemail",
    NOT: "not",
    ELSE: "else",
    INTERESTED: "want",
    INFO: "want_info",
    NEVER: "never",
    CALLBACK: "reached",
}
FIELDS = (
    "company",
    "first_name",
    "last_name",
    "role",
    "phone",
    "email",
    "web",
    "city",
    "country",
    None,
    None,
    None,
)
COLUMNS = {
    "DE": (
        "Firma",
        "Vorname",
        "Nachname",
        "Funktion",
        "Telefon",
        "E-Mail",
        "Web",
        "Ort",
        "Land",
        "Branche",
        "Mitarbeiter",
        "Quelle",
    ),
    "FR": (
        "Société",
        "Prénom",
        "Nom",
        "Fonction",
        "Téléphone",
        "E-mail",
        "Site",
        "Ville",
        "Pays",
        "Secteur",
        "Salariés",
        "Origine",
    ),
    "GB": (
        "Company",
        "First name",
        "Last name",
        "Job title",
        "Phone",
        "Email",
        "Website",
        "City",
        "Country",
        "Sector",
        "Employees",
        "Origin",
    ),
}
WEEK = 7 * 86_400
COLUMNS["US"] = COLUMNS["GB"]
SCRIPTS = {
    "DE": "Guten Tag {Vorname}, hier ist {my name} von Faro. Wir machen Websites für Betriebe "
    "in {Ort}, die vom Telefon aus gepflegt werden. Wer kümmert sich bei Ihnen darum?\n"
    "[1] keine Zeit\nDann rufe ich an, wann es passt: lieber früh oder nach vier?\n"
    "[2] schon versorgt\nWas müsste besser sein, damit Sie wechseln?\n"
    "[3] zu teuer\nVerglichen womit? Die meisten zahlen danach weniger.",
    "FR": "Bonjour {Prénom}, {my name}, de chez Faro. Nous faisons des sites que les "
    "commerces de {Ville} tiennent à jour eux-mêmes. Qui s'en occupe chez vous ?\n"
    "[1] pas le temps\nJe rappelle quand vous voulez : plutôt le matin ou après seize heures ?\n"
    "[2] déjà équipés\nQu'est-ce qui vous ferait changer ?\n"
    "[3] trop cher\nPar rapport à quoi ? La plupart paient moins ensuite.",
    "GB": "Hello {First name}, {my name} from Faro. We build websites that firms in {City} "
    "keep up to date themselves. Who looks after yours?\n"
    "[1] no time\nWhen suits you better: early, or after four?\n"
    "[2] have a supplier\nWhat would have to be better for you to change?\n"
    "[3] too dear\nCompared with what? Most pay less afterwards.",
}
SCRIPTS["US"] = SCRIPTS["GB"]
# The answers that each list's script has, as a call keeps them.
ANSWERS = {
    land: tuple(f"{digit} {label}" for digit, label, _words in parse(text).branches)
    for land, text in SCRIPTS.items()
}
# Which answers were needed on calls that reached somebody, in percent; 0 is the opening alone.
OPENED = (((0,), 64), ((1,), 11), ((2,), 12), ((3,), 6), ((2, 3), 4), ((1, 2), 3))


@dataclass(frozen=True)
class Plan:
    """A list: how many of all rows, how many of them called, from and until how many days ago,
    and which colleagues call (places among the callers)."""

    name: str
    land: str
    share: float
    called: float
    since: int
    until: int
    callers: tuple[int, ...]


PLANS = (
    Plan("Handwerk Nord", "DE", 0.2, 1.0, 215, 140, (0, 2, 4)),
    Plan("Commerces Lyon", "FR", 0.3, 0.5, 33, 0, (0, 0, 3)),
    Plan("US resellers", "US", 0.1, 0.6, 20, 0, (0, 5)),
    Plan("UK fit-out firms", "GB", 0.4, 0.0, 1, 0, (0,)),
)


@dataclass
class Row:
    """A prospect while its calls are made."""

    land: Land
    company: str
    sector: str
    first: str
    last: str
    role: str
    city: str
    keys: tuple[tuple[str, str, str], ...]  # kind, as typed, match
    zone: str
    cells: str
    state: str = "new"
    due_at: int | None = None
    due_exact: int = 0
    due_text: str = ""
    tries: int = 0
    last_at: int | None = None
    last_outcome: int | None = None
    owner: int | None = None
    said: list[str] = field(default_factory=list)
    told: list[tuple[Any, ...]] = field(default_factory=list)  # its calls

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True)
class Seed:
    """A prospect that became a lead: the lead is made of it with all others."""

    at: int
    user_id: int
    row: Row
    list_id: int
    list_name: str
    prospect_id: int
    info: bool  # asked for information, nothing more


class Lists:
    """Makes the lists; ``seeds`` are the leads that came of them, at most ``most_leads``."""

    def __init__(
        self, ground: Ground, session: Session, callers: Sequence[int], until: int, most_leads: int
    ) -> None:
        self.g = ground
        self.session = session
        self.callers = callers
        self.until = until  # no call after this moment
        self.most_leads = most_leads
        self.seeds: list[Seed] = []
        self.outcomes: dict[int, OutcomeRow] = {
            digit: find_outcome(session, "call", digit) for digit in range(1, 10)
        }
        self.why_not: list[int] = [
            r[0]
            for r in session.store.rows(
                "SELECT id FROM reasons WHERE kind = 'not_interested' ORDER BY position"
            )
        ]
        self._blocked: dict[str, tuple[Any, ...]] = {}
        self._places: dict[str, int] = {}  # how many companies have the name already
        self._promised = self._callbacks_of_today()

    def make(self, rows: int) -> None:
        """All lists, of so many rows together."""
        left = rows
        for plan in PLANS:
            count = min(left, round(rows * plan.share)) if plan is not PLANS[-1] else left
            left -= count
            if count:
                self._list(plan, count)
        self.g.put(
            Blocked,
            ("match", "kind", "at", "user_id", "words"),
            [(match, *rest) for match, rest in self._blocked.items()],
        )

    def _list(self, plan: Plan, count: int) -> None:
        g = self.g
        columns = [
            {"name": name, "field": what}
            for name, what in zip(COLUMNS[plan.land], FIELDS, strict=True)
        ]
        made = g.at(g.workday(g.today - plan.since, -1), 10 * 3600)
        list_id = g.put(
            ProspectList,
            (
                "name",
                "match",
                "source",
                "columns",
                "script",
                "new_first",
                "call_from",
                "call_until",
                "call_days",
                "most_tries",
                "zone",
                "owner_id",
                "archived",
                "created_at",
                "script_no",
            ),
            [
                (
                    plan.name,
                    fold(plan.name),
                    f"{words.address(plan.name)}.csv",
                    json.dumps(columns),
                    SCRIPTS[plan.land],
                    0,
                    "",
                    "",
                    "",
                    0,
                    "",
                    self.callers[0],
                    0,
                    made,
                    1,
                )
            ],
        )
        rules = calling_plan.rules_of(self.session, list_id)
        called = round(count * plan.called)
        first_day = g.workday(g.today - plan.since)
        last_day = g.day_of(self.until) if not plan.until else g.today - plan.until
        for start in range(0, count, CHUNK):
            rows = []
            first = self.g.store.reserve(Prospect, min(CHUNK, count - start))
            for n in range(start, min(start + CHUNK, count)):
                row = self._row(words.LANDS[plan.land], plan.name)
                number = first + n - start
                if n < called:
                    day = first_day + (last_day - first_day) * n // called
                    promise = plan.called == 0.5 and called - 1 - n in (0, 2, 4)
                    self._calls(plan, rules, row, list_id, number, day, promise)
                elif self._blocked and n % 211 == 7:
                    self._twin_of_blocked(row)
                rows.append(row)
            self._write(list_id, first, start, rows)

    def _row(self, land: Land, list_name: str) -> Row:
        g = self.g
        company, sector = land.company(g.pick)
        first, last = land.person(g.pick)
        typed, e164, city = g.phone(land)
        city = city or g.pick(land.cities)
        place = words.address(company)
        self._places[place] = nth = self._places.get(place, 0) + 1
        site = f"{place}-{nth}.example" if nth > 1 else f"{place}.example"
        mail = f"{words.address(first)}.{words.address(last)}@{site}"
        role, size = g.pick(land.roles), g.pick(land.fields[0][1])
        cells = (
            company,
            first,
            last,
            role,
            typed,
            mail,
            f"www.{site}",
            city,
            land.country,
            sector,
            size,
            list_name,
        )
        return Row(
            land=land,
            company=company,
            sector=sector,
            first=first,
            last=last,
            role=role,
            city=city,
            keys=(("phone", typed, e164), ("email", mail, mail)),
            zone=zone_of("", land.country, (e164,) if e164 else ()),
            cells=json.dumps(cells, ensure_ascii=False, separators=(",", ":")),
        )

    def _twin_of_blocked(self, row: Row) -> None:
        """The same number once more: the do-not-call list holds for it too."""
        match = next((m for m, rest in self._blocked.items() if rest[0] == "phone"), "")
        row.keys = (("phone", match, match), row.keys[1])
        row.state = "blocked"

    # -- calls ---------------------------------------------------------------------------------

    def _calls(
        self,
        plan: Plan,
        rules: calling_plan.Rules,
        row: Row,
        list_id: int,
        number: int,
        day: int,
        promise: bool,
    ) -> None:
        """Call a row until it has its end, or until now; or until it is promised a call today."""
        g = self.g
        user = self.callers[g.pick(plan.callers) % len(self.callers)]
        at = self._moment(g.workday(day), row)
        dialled = row.keys[0][2] or row.keys[0][1]
        while at < self.until and row.state in ("new", "retry", "callback"):
            end = CALLBACK if promise else self._end(at, row)
            how = self.outcomes[end] if end else None
            said = g.pick(row.land.said[SAID[end]]) if end in SAID else ""
            reached = how.reached if how else True
            seconds = int(
                g.chance.lognormvariate(5.1, 0.6) if reached else 12 + g.chance.random() * 25
            )
            reason = g.pick(self.why_not) if end == NOT and self.why_not and g.likely(70) else None
            row.tries += 1
            row.last_at, row.last_outcome = at, how.id if how else row.last_outcome
            row.told.append(
                (
                    number,
                    list_id,
                    user,
                    at,
                    "call",
                    how.id if how else None,
                    reason,
                    int(reached),
                    seconds,
                    said,
                    dialled,
                    row.tries,
                    1,
                    self._answers(plan.land) if reached else "",
                )
            )
            if said and said not in row.said:
                row.said.append(said)
            row.due_at, row.due_exact, row.due_text, row.owner = None, 0, "", None
            if how is None:
                at = self._callback(row, user, at, promise)
                if row.owner is not None:
                    return
                continue
            wait = 0 if end == BUSY else 1 + int(g.chance.random() * 3)
            again = (
                at + 2700 + int(g.chance.random() * 5400)
                if not wait
                else self._moment(g.workday(g.day_of(at), wait), row)
            )
            if again < self.until - WEEK and how.retry and row.tries < (how.most_tries or 99):
                row.state, at = "retry", again  # called again long ago: no need of the exact rule
                continue
            row.state, row.due_at = calling_plan.next_state(rules, row.zone, row.tries, how, at)
            if end == NEVER:
                for kind, _typed, match in row.keys:
                    if match:
                        self._blocked.setdefault(match, (kind, at, user, said))
            elif row.state == "lead":
                self.seeds.append(Seed(at, user, row, list_id, plan.name, number, end == INFO))
            at = again
            if row.state == "retry" and row.due_at is not None:
                at = max(at, row.due_at + 60)

    def _answers(self, land: str) -> str:
        """The answers of the script that were opened on a call."""
        opened = self.g.weighed(OPENED)
        return " > ".join(ANSWERS[land][digit - 1] for digit in opened if digit)

    def _moment(self, day: int, row: Row) -> int:
        """A moment of a day in the office hours of a prospect: mornings of those who get up when
        it is afternoon here."""
        g = self.g
        if row.land.code != "US":
            return g.at(day, g.office())
        there = zone_named(row.zone) or g.zone
        apart = datetime.fromtimestamp(g.at(day, HALF), there).replace(tzinfo=None)
        here = datetime.fromtimestamp(g.at(day, HALF), g.zone).replace(tzinfo=None)
        return g.at(day, (8.2 + g.chance.random() * 2.6) * 3600 + (here - apart).total_seconds())

    def _end(self, at: int, row: Row) -> int:
        """How a call ends: people are reached in the late morning and afternoon."""
        g = self.g
        end = g.weighed(ENDS)
        hour = datetime.fromtimestamp(at, zone_named(row.zone) or g.zone).hour
        if end in (NOT, ELSE, INTERESTED, INFO, CALLBACK) and hour not in (10, 11, 16, 17):
            end = NO_ANSWER if g.likely(30) else end
        if end in (INTERESTED, INFO) and len(self.seeds) >= self.most_leads:
            end = NOT
        return end

    def _callback(self, row: Row, user: int, at: int, promise: bool) -> int:
        """Agree on a moment. The ones of today are few and the user's own; what would fall into
        the days that are still to be told is agreed for later."""
        g = self.g
        due = g.at(g.workday(g.day_of(at), 1 + int(g.chance.random() * 6)), g.office() // 900 * 900)
        row.state, row.due_exact = "callback", 1
        if due < self.until and not promise:
            row.due_at = due
            return due + 60
        if promise and self._promised:
            row.due_at, user = self._promised.pop()
        else:
            later = g.workday(g.today, 1 + int(g.chance.random() * 9))
            row.due_at = g.at(later, g.office() // 900 * 900)
        row.owner = user
        row.due_text = g.pick(row.land.nexts)[1] if g.likely(60) else ""
        row.told[-1] = (*row.told[-1][:2], user, *row.told[-1][3:])
        return due

    def _callbacks_of_today(self) -> list[tuple[int, int]]:
        """Moments of today with whom they were promised by, the last one first."""
        g, me = self.g, self.callers[0]
        soon = [g.now - 4 * 60, g.now + 40 * 60, g.now + 3 * 3600 + 600]
        found = [(at // 300 * 300 + (60 if at < g.now else 0), me) for at in soon]
        return [(at, user) for at, user in found[::-1] if g.day_of(at) == g.today]

    # -- rows ----------------------------------------------------------------------------------

    def _write(self, list_id: int, first: int, before: int, rows: Sequence[Row]) -> None:
        g = self.g
        g.put_at(
            Prospect,
            first,
            (
                "list_id",
                "line",
                "state",
                "due_at",
                "due_exact",
                "due_text",
                "tries",
                "last_at",
                "last_outcome_id",
                "name",
                "first_name",
                "last_name",
                "company",
                "role",
                "city",
                "country",
                "zone",
                "cells",
                "original",
                "note",
                "problem",
                "owner_id",
            ),
            [
                (
                    list_id,
                    before + n + 2,
                    r.state,
                    r.due_at,
                    r.due_exact,
                    r.due_text,
                    r.tries,
                    r.last_at,
                    r.last_outcome,
                    r.name,
                    r.first,
                    r.last,
                    r.company,
                    r.role,
                    r.city,
                    r.land.country,
                    r.zone,
                    r.cells,
                    "",
                    "\n".join(r.said),
                    "",
                    r.owner,
                )
                for n, r in enumerate(rows)
            ],
        )
        g.put(
            ProspectKey,
            ("prospect_id", "kind", "value", "match", "bad", "position"),
            list(self._keys(first, rows)),
        )
        g.put(
            Action,
            (
                "prospect_id",
                "list_id",
                "user_id",
                "at",
                "kind",
                "outcome_id",
                "reason_id",
                "reached",
                "seconds",
                "text",
                "number",
                "try_no",
                "script_no",
                "script_path",
            ),
            [call for r in rows for call in r.told],
        )

    def _keys(self, first: int, rows: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
        for n, row in enumerate(rows):
            wrong = row.last_outcome == self.outcomes[WRONG].id
            for place, (kind, typed, match) in enumerate(row.keys):
                yield first + n, kind, typed, match, int(wrong and kind == "phone"), place
