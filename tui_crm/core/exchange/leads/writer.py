"""Writing the leads of a file: the owners, steps, clients, reasons and tags that they name are
found or made, the rows are inserted in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import time
from itertools import islice
from typing import Any

from tui_crm.core.dates.labels import instant
from tui_crm.core.exchange.importing import Watch
from tui_crm.core.exchange.leads.parse import LeadRow
from tui_crm.core.exchange.leads.people import PersonRow
from tui_crm.core.leads import closing
from tui_crm.core.leads.closing import NO_NEXT
from tui_crm.core.session import Session, all_members
from tui_crm.core.setup import pipelines, tags
from tui_crm.core.store.derived import ACTIVITY
from tui_crm.core.store.journal import Write
from tui_crm.core.store.tables import (
    Client,
    Contact,
    ContactPoint,
    History,
    Lead,
    LeadTag,
    Pipeline,
    Reason,
    Step,
)
from tui_crm.core.team import members
from tui_crm.core.text import _, fold

CHUNK = 1000  # leads written at once

_LEAD = (
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
    "priority",
    "expected_close",
    "created_on",
    "created_at",
    "created_by_id",
    "closed_on",
    "closed_at",
    "closed_owner_id",
    "reason_id",
    "source",
    "touched_at",
    *NO_NEXT,
)
_HISTORY = ("lead_id", "at", "on_day", "user_id", "field", "was", "became")
_POINT = ("contact_id", "kind", "value", "match", "bad")


class LeadWriter:
    """Writes leads. It knows by name what the store has of what they refer to."""

    def __init__(self, session: Session) -> None:
        self.session, store = session, session.store
        self.owners: dict[str, int] = {}
        # A login counts before a full name, a full name before an address.
        for column in ("email", "full_name", "name"):
            for member in all_members(store):
                if getattr(member, column):
                    self.owners[fold(getattr(member, column))] = member.id
        rows = store.rows("SELECT id, name, retired FROM pipelines ORDER BY retired, position, id")
        self.pipelines = {fold(name): int(number) for number, name, _retired in reversed(rows)}
        self.default = int(rows[0][0]) if rows else 0
        self.steps: dict[tuple[int, str], int] = {}
        self.offered: dict[int, list[int]] = {}  # the steps of each pipeline, in their order
        self.retired = {("pipelines", number) for number, _name, retired in rows if retired}
        for number, pipeline, name, retired in store.rows(
            "SELECT id, pipeline_id, name, retired FROM steps ORDER BY retired, position, id"
        ):
            self.steps.setdefault((pipeline, fold(name)), number)
            if retired:
                self.retired.add(("steps", number))
            else:
                self.offered.setdefault(pipeline, []).append(number)
        self.reasons = {
            (kind, fold(reason.label)): reason.id
            for kind in ("lost", "cancelled")
            for reason in reversed(closing.reasons(store, kind))
        }
        self.pipeline_of: dict[int, int] = {}  # of each step
        self.clients: dict[str, int] = {}
        self.tags: dict[str, int] = {}

    def unknown_names(self, rows: Sequence[LeadRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The owners and the steps (``pipeline > step``) of ``rows`` that the store lacks."""
        owners: dict[str, str] = {}
        steps: dict[str, str] = {}
        for row in rows:
            if row.owner and fold(row.owner) not in self.owners:
                owners.setdefault(fold(row.owner), row.owner)
            if row.step and self._step(row) is None:
                name = f"{row.pipeline} > {row.step}" if row.pipeline else row.step
                steps.setdefault(fold(name), name)
        return tuple(owners.values()), tuple(steps.values())

    def _step(self, row: LeadRow) -> int | None:
        """The step of that name in the row's pipeline; without one, in the first, then in any."""
        name = fold(row.step or "")
        if row.pipeline:
            return self.steps.get((self.pipelines.get(fold(row.pipeline), 0), name))
        found = self.steps.get((self.default, name))
        if found is None:
            found = next((n for (_p, step), n in self.steps.items() if step == name), None)
        return found

    # -- writing -----------------------------------------------------------------------------

    def write(self, w: Write, rows: Sequence[LeadRow], watch: Watch) -> tuple[int, ...]:
        """Insert the leads with everything that belongs to them; their numbers."""
        self._make_missing(w, rows)
        numbers: list[int] = []
        remaining = watch.rows(rows, len(rows))
        while part := list(islice(remaining, CHUNK)):
            numbers += self._write(w, part)
        return tuple(numbers)

    def _make_missing(self, w: Write, rows: Sequence[LeadRow]) -> None:
        """Make what the rows name and the store lacks: owners who are not active, pipelines,
        steps, clients, reasons, tags."""
        for name in self.unknown_names(rows)[0]:
            email = name if "@" in name and " " not in name else ""
            self.owners[fold(name)] = members.new_user(w, name, email=email, active=False)
        for row in rows:
            if row.pipeline and fold(row.pipeline) not in self.pipelines:
                self.pipelines[fold(row.pipeline)] = pipelines.new_pipeline(w, row.pipeline)
        self._make_steps(w, rows)
        self.pipeline_of = {step: pipeline for (pipeline, _name), step in self.steps.items()}
        self._make_clients(w, rows)
        for row in rows:
            if row.reason and row.status and (row.status, fold(row.reason)) not in self.reasons:
                self.reasons[row.status, fold(row.reason)] = self._reason(w, row.status, row.reason)
            for name in row.tags:
                if fold(name) not in self.tags:
                    self.tags[fold(name)] = tags.find_or_make(w, name)

    def _make_steps(self, w: Write, rows: Sequence[LeadRow]) -> None:
        """New steps follow the ones there are, in the order of the probability that most of their
        open leads have in the file, which also becomes theirs. A retired step or pipeline of an
        open lead is offered again."""
        new: dict[tuple[int, str], str] = {}
        probabilities: dict[tuple[int, str], Counter[int]] = {}
        for row in rows:
            number = self._step(row) if row.step else None
            if row.step and number is None:
                place = (self._pipeline(row), fold(row.step))
                new.setdefault(place, row.step)
                if row.probability is not None:
                    probabilities.setdefault(place, Counter())[row.probability] += 1
            elif number is not None and row.status is None and ("steps", number) in self.retired:
                w.update(Step, number, retired=0)
                self.retired.discard(("steps", number))
            pipeline = self._pipeline(row)
            if row.status is None and ("pipelines", pipeline) in self.retired:
                w.update(Pipeline, pipeline, retired=0)
                self.retired.discard(("pipelines", pipeline))
        usual = {place: counts.most_common(1)[0][0] for place, counts in probabilities.items()}
        for place in sorted(new, key=lambda place: usual.get(place, 0)):
            number = pipelines.new_step(w, new[place], place[0], usual.get(place, 0))
            self.steps[place] = number
            self.offered.setdefault(place[0], []).append(number)
        for pipeline in {self._pipeline(row) for row in rows}:
            if not self.offered.get(pipeline):  # the file had closed leads of it only
                self.offered[pipeline] = [pipelines.new_step(w, _("Qualified"), pipeline, 10)]

    def _make_clients(self, w: Write, rows: Sequence[LeadRow]) -> None:
        for number, match in w.store.rows("SELECT id, match FROM clients ORDER BY id DESC"):
            self.clients[match] = int(number)
        new: dict[str, str] = {}
        for row in rows:
            if fold(row.client) and fold(row.client) not in self.clients:
                new.setdefault(fold(row.client), row.client)
        first = w.insert_many(
            Client,
            ("name", "match", "description", "created_at"),
            [(name, match, "", w.at) for match, name in new.items()],
        )
        self.clients.update((match, first + n) for n, match in enumerate(new))

    def _reason(self, w: Write, kind: str, label: str) -> int:
        known = closing.reasons(w.store, kind)
        taken = {reason.digit for reason in known}
        digit = next((d for d in range(1, 10) if d not in taken), None)
        return w.insert(Reason, kind=kind, label=label, digit=digit, position=len(known) + 1)

    def _pipeline(self, row: LeadRow) -> int:
        return self.pipelines.get(fold(row.pipeline), 0) if row.pipeline else self.default

    def _step_and_pipeline(self, row: LeadRow) -> tuple[int, int]:
        """Step and pipeline. A lead without a step in the file is on the first one, a won lead
        on the last: it went all the way."""
        number = self._step(row) if row.step else None
        if number is not None:
            return number, self.pipeline_of[number]
        pipeline = self._pipeline(row)
        return self.offered[pipeline][-1 if row.status == "won" else 0], pipeline

    def _write(self, w: Write, rows: Sequence[LeadRow]) -> list[int]:
        places = [self._step_and_pipeline(row) for row in rows]
        first = w.insert_many(
            Lead,
            _LEAD,
            [self._lead(w, row, *where) for row, where in zip(rows, places, strict=True)],
        )
        history: list[tuple[Any, ...]] = []
        links: list[tuple[int, int]] = []
        people: list[tuple[Any, ...]] = []
        with_points: list[tuple[int, PersonRow]] = []  # each with the place in `people`
        for number, (row, (step, _pipeline)) in enumerate(
            zip(rows, places, strict=True), start=first
        ):
            history += self._history(w, number, row, step)
            links += [(number, self.tags[fold(name)]) for name in row.tags]
            for place, person in enumerate(row.people):
                with_points.append((len(people), person))
                people.append((number, None, person.name, person.role, place))
        w.insert_many(History, _HISTORY, history)
        w.insert_many(LeadTag, ("lead_id", "tag_id"), links)
        start = w.insert_many(Contact, ("lead_id", "client_id", "name", "role", "position"), people)
        w.insert_many(
            ContactPoint,
            _POINT,
            [
                (start + place, kind, typed, match, 0)
                for place, person in with_points
                for kind, typed, match in person.points
            ],
        )
        return list(range(first, first + len(rows)))

    def _lead(self, w: Write, row: LeadRow, step: int, pipeline: int) -> tuple[Any, ...]:
        owner = self.owners[fold(row.owner)] if row.owner else None
        closed = row.status is not None
        next_action: dict[str, Any] = dict(NO_NEXT)
        if row.next is not None:
            timed = row.next.at
            next_action.update(
                next_day=row.next.day.isoformat() if row.next.day and not timed else None,
                next_at=int(timed.timestamp()) if timed else None,
                next_minutes=row.next.minutes,
                next_kind=row.next.kind or "",
                next_text=row.next.text.strip(),
                next_rule=row.next.rule or "",
            )
        return (
            row.title,
            row.description,
            self.clients.get(fold(row.client)),
            pipeline,
            step,
            row.amount,
            row.probability,
            row.status or "open",
            owner,
            int(row.starred),
            row.priority,
            row.expected.isoformat() if row.expected else None,
            row.created.isoformat(),
            w.at,
            w.user_id,
            row.closed.isoformat() if row.closed else None,
            w.at if closed else None,
            owner if closed else None,
            self.reasons[row.status, fold(row.reason)] if row.status and row.reason else None,
            row.source,
            w.at,
            *next_action.values(),
        )

    def _history(
        self, w: Write, number: int, row: LeadRow, step: int
    ) -> list[tuple[int, int, str, int, str, str | None, str]]:
        """The history of an imported lead, each change on the day it counts for."""
        owner = self.owners[fold(row.owner)] if row.owner else None
        first = {
            "status": "open",
            "step": step,
            "owner": owner,
            "amount": row.amount,
            "expected_close": row.expected and row.expected.isoformat(),
            "probability": row.probability,
        }
        created = row.created.isoformat()
        rows: list[tuple[int, int, str, int, str, str | None, str]] = [
            (number, w.at, created, w.user_id, name, None, str(value))
            for name, value in first.items()
            if value is not None
        ]
        if row.status is not None and row.closed is not None:
            closed = (number, w.at, row.closed.isoformat(), w.user_id)
            if row.reason:
                why = self.reasons[row.status, fold(row.reason)]
                rows.append((*closed, "reason", None, str(why)))
            rows.append((*closed, "status", "open", row.status))
        if row.activity is not None:
            at = int(instant(row.activity, time(), w.session.zone).timestamp())
            day = row.activity.isoformat()
            rows.append((number, w.at, day, w.user_id, ACTIVITY, None, str(at)))
        return rows
