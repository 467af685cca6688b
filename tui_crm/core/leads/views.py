"""Leads as the screens and the command line see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from tui_crm.core.dates.labels import day_label
from tui_crm.core.errors import NotFound
from tui_crm.core.leads import contacts
from tui_crm.core.leads.contacts import Person
from tui_crm.core.session import Session
from tui_crm.core.setup import tags
from tui_crm.core.text import _, fields


@dataclass(frozen=True)
class NextAction:
    """What comes next: ``at`` (aware, the rep's zone) when timed, else ``day`` or nothing."""

    day: date | None
    at: datetime | None
    minutes: int | None
    kind: str
    text: str
    rule: str


@dataclass(frozen=True)
class LeadView:
    """A lead, whole but for its history. ``status`` is todo, standby, won, lost or cancelled;
    ``amount`` is in minor units; ``probability`` the one that counts, in percent."""

    number: int
    title: str
    status: str
    pipeline: str
    step: str
    step_id: int
    step_place: int  # 1 is the first of step_count
    step_count: int
    amount: int | None
    probability: int
    own_probability: int | None
    expected_close: date | None
    owner: str | None
    owner_id: int | None
    starred: bool
    tags: tuple[str, ...]
    client: str | None
    client_id: int | None
    people: tuple[Person, ...]
    next: NextAction | None
    created: date
    closed: date | None
    reason: str | None
    description: str
    source: str
    list: str | None
    touched_at: datetime
    idle: int  # whole days since it was last touched

    @property
    def open(self) -> bool:
        return self.status in ("todo", "standby")

    @cached_property
    def fields(self) -> dict[str, str]:
        """The ``Label: value`` lines of the description."""
        return fields(self.description)


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened to a lead. ``system`` lines are changes, the others actions."""

    id: int  # of the action; 0 for a system line
    at: datetime
    by: str
    by_id: int
    kind: str  # call, email … ; step, status, amount, owner, expected_close, lead …
    outcome: str | None
    digit: int | None
    reached: bool
    seconds: int | None
    text: str
    system: bool
    as_prospect: bool
    script: str = ""  # the answers of the list's script that were opened: ``1 no time > 3 send it``


def state_of(status: str, next_day: str | None, next_at: int | None, today: str, now: float) -> str:
    """To do or Standby for an open lead (PRODUCT: a next action in the future), else how it
    closed."""
    if status != "open":
        return status
    if next_at is not None:
        return "standby" if next_at > now else "todo"
    return "standby" if next_day is not None and next_day > today else "todo"


def by_numbers(session: Session, numbers: Sequence[int]) -> list[LeadView]:
    """These leads, in the order asked for; the ones that do not exist are left out."""
    if not numbers:
        return []
    store, now = session.store, session.now
    zone, today, moment = session.zone, now.date().isoformat(), now.timestamp()
    wanted = list(dict.fromkeys(numbers))
    groups, points = tags.of(store, wanted), contacts.of(store, wanted)
    steps = _steps(session)
    found: dict[int, LeadView] = {}
    for r in store.rows(
        "SELECT leads.id, leads.title, leads.status, leads.step_id, leads.amount,"
        " leads.probability, leads.expected_close, users.name, leads.owner_id, leads.starred,"
        " clients.name, leads.client_id, leads.next_day, leads.next_at, leads.next_minutes,"
        " leads.next_kind, leads.next_text, leads.next_rule, leads.created_on, leads.closed_on,"
        " reasons.label, leads.description, leads.source, lists.name, leads.touched_at FROM leads"
        " LEFT JOIN users ON users.id = leads.owner_id"
        " LEFT JOIN clients ON clients.id = leads.client_id"
        " LEFT JOIN reasons ON reasons.id = leads.reason_id"
        " LEFT JOIN lists ON lists.id = leads.list_id"
        f" WHERE leads.id IN ({', '.join('?' * len(wanted))})",
        wanted,
    ):
        pipeline, step, place, count, likely = steps[r[3]]
        following = None
        if r[12] is not None or r[13] is not None or r[15] or r[16]:
            following = NextAction(
                date.fromisoformat(r[12]) if r[12] else None,
                datetime.fromtimestamp(r[13], zone) if r[13] is not None else None,
                r[14],
                r[15],
                r[16],
                r[17],
            )
        found[r[0]] = LeadView(
            r[0],
            r[1],
            state_of(r[2], r[12], r[13], today, moment),
            pipeline,
            step,
            r[3],
            place,
            count,
            r[4],
            r[5] if r[5] is not None else likely,
            r[5],
            date.fromisoformat(r[6]) if r[6] else None,
            r[7],
            r[8],
            bool(r[9]),
            groups.get(r[0], ()),
            r[10],
            r[11],
            points.get(r[0], ()),
            following,
            date.fromisoformat(r[18]),
            date.fromisoformat(r[19]) if r[19] else None,
            r[20],
            r[21],
            r[22],
            r[23],
            datetime.fromtimestamp(r[24], zone),
            max(0, int(moment) - r[24]) // 86400,
        )
    return [found[n] for n in numbers if n in found]


def one(session: Session, number: int) -> LeadView:
    """One lead. Raises NotFound."""
    found = by_numbers(session, [number])
    if not found:
        raise NotFound(
            _("There is no lead #{number}.").format(number=number),
            _("Look for it with / or tui-crm leads."),
        )
    return found[0]


@dataclass(frozen=True)
class StepRow:
    """A step of a pipeline; ``probability`` in percent."""

    id: int
    pipeline: str
    pipeline_id: int
    name: str
    place: int
    count: int
    probability: int
    retired: bool


def steps(session: Session, retired: bool = False) -> list[StepRow]:
    """The steps of all pipelines in order."""
    rows = session.store.rows(
        "SELECT steps.id, pipelines.name, pipelines.id, steps.name, steps.probability,"
        " steps.retired + pipelines.retired FROM steps"
        " JOIN pipelines ON pipelines.id = steps.pipeline_id"
        " ORDER BY pipelines.position, pipelines.id, steps.position, steps.id"
    )
    counts: dict[int, int] = {}
    for r in rows:
        if not r[5]:
            counts[r[2]] = counts.get(r[2], 0) + 1
    places: dict[int, int] = {}
    made = []
    for r in rows:
        if not r[5]:
            places[r[2]] = places.get(r[2], 0) + 1
        if retired or not r[5]:
            made.append(
                StepRow(
                    r[0],
                    r[1],
                    r[2],
                    r[3],
                    places.get(r[2], 0),
                    counts.get(r[2], 0),
                    r[4],
                    bool(r[5]),
                )
            )
    return made


def _steps(session: Session) -> dict[int, tuple[str, str, int, int, int]]:
    return {
        s.id: (s.pipeline, s.name, s.place, s.count, s.probability)
        for s in steps(session, retired=True)
    }


def history(session: Session, number: int) -> list[HistoryLine]:
    """Everything that happened to a lead, newest first, the calls made while it was still a
    prospect included."""
    zone = session.zone
    lines = [
        HistoryLine(
            r[0],
            datetime.fromtimestamp(r[1], zone),
            r[2],
            r[3],
            r[4],
            r[5] or r[6],
            r[7],
            bool(r[8]),
            r[9],
            r[10],
            False,
            r[11] is not None,
            r[12],
        )
        for r in session.store.rows(
            "SELECT actions.id, actions.at, users.name, users.id, actions.kind,"
            " CASE WHEN actions.prospect_id IS NULL AND outcomes.lead_label <> ''"
            " THEN outcomes.lead_label END, outcomes.label, outcomes.digit, actions.reached,"
            " actions.seconds, actions.text, actions.prospect_id, actions.script_path FROM actions"
            " JOIN users ON users.id = actions.user_id"
            " LEFT JOIN outcomes ON outcomes.id = actions.outcome_id WHERE actions.lead_id = ?"
            " ORDER BY actions.id",
            (number,),
        )
    ]
    lines += _system_lines(session, number)
    # Within a second the order is that of writing; its making is the oldest of all.
    lines.sort(key=lambda line: (line.at, line.kind != "lead"))
    return lines[::-1]


def _system_lines(session: Session, number: int) -> list[HistoryLine]:
    from tui_crm.core import money

    names = {
        "step": {str(s.id): s.name for s in steps(session, retired=True)},
        "owner": {str(r[0]): r[1] for r in session.store.rows("SELECT id, name FROM users")},
    }

    def said(field: str, value: str | None) -> str:
        if value is None:
            return "–"
        if field == "amount":
            return money.full(int(value), session.currency)
        if field == "probability":
            return f"{value}%"
        if field == "expected_close":
            return day_label(date.fromisoformat(value), session.today, weekday=False)
        if field == "client":
            return str(session.store.value("SELECT name FROM clients WHERE id = ?", (int(value),)))
        return names.get(field, {}).get(value, value)

    lines, why = [], ""
    reasons = {str(r[0]): r[1] for r in session.store.rows("SELECT id, label FROM reasons")}
    made_at = session.store.value("SELECT created_at FROM leads WHERE id = ?", (number,))
    for at, by, by_id, field, was, became in session.store.rows(
        "SELECT at, users.name, users.id, field, was, became FROM history"
        " JOIN users ON users.id = history.user_id WHERE lead_id = ? ORDER BY history.id",
        (number,),
    ):
        moment = datetime.fromtimestamp(at, session.zone)
        if was is None and field == "status":
            text, field = _origin(session, number), "lead"
        elif was is None and (field in ("step", "owner", "probability") or at == made_at):
            continue  # what it was made with is no change
        elif field == "reason":
            why = reasons.get(became, "")
            continue  # told with the closing, which follows
        elif field == "status":
            text = {"won": _("won"), "lost": _("lost"), "cancelled": _("cancelled")}.get(
                became, _("reopened")
            )
            text, why = f"{text}: {why}" if why else text, ""
        else:
            text = f"{said(field, was)} > {said(field, became)}"
        lines.append(
            HistoryLine(0, moment, by, by_id, field, None, None, False, None, text, True, False)
        )
    return lines


def _origin(session: Session, number: int) -> str:
    found = session.store.rows(
        "SELECT lists.name, prospects.line FROM leads JOIN lists ON lists.id = leads.list_id"
        " LEFT JOIN prospects ON prospects.id = leads.prospect_id WHERE leads.id = ?",
        (number,),
    )
    if found:
        return _("from {list}, row {line}").format(list=found[0][0], line=found[0][1] or "–")
    return _("made")
