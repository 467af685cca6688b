"""Leads: making them, and changing their fields.

Every change of step, owner, amount, probability, expected close, title, client and source is kept
in ``history`` with its moment and author, so that a figure can be computed as of a past day.
Closing and reopening are in :mod:`.closing`, next actions in :mod:`.next_actions`, two leads made
one in :mod:`.merge`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tui_crm.core.dates.labels import day_label
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import contacts, people, step_needs
from tui_crm.core.leads.record import (
    NOT_SEEN,
    NotSeen,
    Seen,
    active_user,
    change,
    check_amount,
    check_probability,
    get,
    note_history,
    read_priority,
    refuse_overwrite,
    shown,
)
from tui_crm.core.setup import tags
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Client, Lead
from tui_crm.core.text import _, clean, fold

# -- what other operations are made of ------------------------------------------------------------


def new_lead(
    w: Write,
    title: str,
    *,
    description: str = "",
    amount: int | None = None,
    owner_id: int | None = None,
    step_id: int | None = None,
    client_id: int | None = None,
    source: str = "",
    list_id: int | None = None,
    prospect_id: int | None = None,
    created_on: date | None = None,
    expected_close: date | None = None,
    probability: int | None = None,
    priority: str = "",
    direction: str = "",
) -> int:
    """Insert a lead with its first history; its number. The step defaults to the first of the
    first pipeline. Raises CrmError for a title without a letter, a creation day in the future."""
    title = " ".join(clean(title, single_line=True).split())
    if not title:
        raise CrmError(_("A lead needs a title."), _("Type a few words, then Enter."))
    created = created_on or w.session.today
    if created > w.session.today:
        raise CrmError(_("A lead cannot be created in the future."))
    if step_id is None:
        step_id = first_step(w)
    pipeline_id = w.store.value("SELECT pipeline_id FROM steps WHERE id = ?", (step_id,))
    check_amount(amount)
    check_probability(probability)
    day = created.isoformat()
    number = w.insert(
        Lead,
        title=title,
        description=description,
        amount=amount,
        owner_id=owner_id,
        step_id=step_id,
        pipeline_id=pipeline_id,
        client_id=client_id,
        source=source,
        list_id=list_id,
        prospect_id=prospect_id,
        created_on=day,
        created_at=w.at,
        created_by_id=w.user_id,
        touched_at=w.at,
        probability=probability,
        expected_close=expected_close.isoformat() if expected_close else None,
        priority=read_priority(priority),
        direction=read_direction(direction),
    )
    first = {
        "status": "open",
        "step": step_id,
        "owner": owner_id,
        "amount": amount,
        "expected_close": expected_close and expected_close.isoformat(),
        "probability": probability,
    }
    for field, value in first.items():
        if value is not None:
            note_history(w, number, field, None, value, day)
    return number


def read_direction(word: str) -> str:
    """The stored direction of a lead: ``inbound``, ``outbound``, ``none`` (no saying), or nothing
    for what its tags or its list say. Raises CrmError."""
    wanted = word.strip()
    return tags.read_direction(wanted) or ("none" if wanted else "")


def first_step(w: Write, pipeline_id: int | None = None) -> int:
    """The first step of a pipeline (default: the first pipeline)."""
    where, params = ("pipelines.id = ?", [pipeline_id]) if pipeline_id else ("1 = 1", [])
    found = w.store.value(
        "SELECT steps.id FROM steps JOIN pipelines ON pipelines.id = steps.pipeline_id"
        f" WHERE steps.retired = 0 AND pipelines.retired = 0 AND {where}"
        " ORDER BY pipelines.position, pipelines.id, steps.position, steps.id LIMIT 1",
        params,
    )
    if found is None:
        raise CrmError(_("There is no step to put a lead on."), _("Add one: tui-crm pipelines add"))
    return int(found)


def client_named(w: Write, name: str) -> int | None:
    """The client of that name (case and accents aside), made when there is none."""
    name = " ".join(clean(name, single_line=True).split())
    if not name:
        return None
    found = w.store.value("SELECT id FROM clients WHERE match = ? ORDER BY id", (fold(name),))
    return int(found) if found else w.insert(Client, name=name, match=fold(name), created_at=w.at)


# -- operations -----------------------------------------------------------------------------------


@operation("leads.create")
def create(
    w: Write,
    title: str,
    *,
    description: str = "",
    amount: int | None = None,
    step_id: int | None = None,
    tag_names: Sequence[str] = (),
    company: str = "",
    contact: str = "",
    role: str = "",
    points: Sequence[tuple[str, str]] = (),
    following: Reading | None = None,
    created_on: date | None = None,
    owner_id: int | NotSeen | None = NOT_SEEN,
    expected_close: date | None = None,
    probability: int | None = None,
    source: str = "",
    priority: str = "",
    direction: str = "",
    even_if_blocked: bool = False,
) -> int:
    """A new lead; its number. Its owner is whoever makes it, unless ``owner_id`` says otherwise
    (``None``: nobody's yet).

    ``points`` are ``("phone" | "email" | "web" | "linkedin", text)`` of the contact;
    ``following`` is its next action. Raises CrmError when a phone or e-mail is on the do-not-call
    list."""
    contacts.refuse_blocked(w, points, even_if_blocked)
    client_id = client_named(w, company)
    number = new_lead(
        w,
        title,
        description=description,
        amount=amount,
        step_id=step_id,
        owner_id=w.user_id if owner_id is NOT_SEEN else owner_id,
        client_id=client_id,
        created_on=created_on,
        expected_close=expected_close,
        probability=probability,
        source=source,
        priority=priority,
        direction=direction,
    )
    w.describe(_("new lead: {title}").format(title=title), lead_id=number)
    people.start(w, number, client_id, contact, role, points)
    for name in tag_names:
        tags.put(w, number, name)
    if following is not None:
        from tui_crm.core.leads import next_actions

        next_actions.put(w, get(w, number), following)
    return number


@operation("leads.set_title")
def set_title(w: Write, lead_id: int, title: str, seen: Seen = NOT_SEEN) -> None:
    """Rename a lead."""
    lead = get(w, lead_id)
    title = " ".join(clean(title, single_line=True).split())
    if not title:
        raise CrmError(_("A lead needs a title."))
    refuse_overwrite(w, lead, "title", seen)
    change(w, lead, title=title)
    w.describe(_("title: {title}").format(title=title), lead_id=lead_id)


@operation("leads.set_description")
def set_description(w: Write, lead_id: int, text: str, seen: Seen = NOT_SEEN) -> None:
    """Change the description; its ``Label: value`` lines are the lead's fields."""
    lead = get(w, lead_id)
    refuse_overwrite(w, lead, "description", seen)
    w.update(Lead, lead_id, description=clean(text).strip())
    w.describe(_("fields of {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("leads.set_amount")
def set_amount(w: Write, lead_id: int, amount: int | None, seen: Seen = NOT_SEEN) -> None:
    """The amount in minor units, or ``None`` for unknown."""
    lead = get(w, lead_id)
    check_amount(amount)
    refuse_overwrite(w, lead, "amount", seen)
    change(w, lead, amount=amount)
    w.describe(
        _("amount {was} > {now}: {title}").format(
            was=shown(w, "amount", lead["amount"]),
            now=shown(w, "amount", amount),
            title=lead["title"],
        ),
        lead_id=lead_id,
    )


@operation("leads.set_probability")
def set_probability(w: Write, lead_id: int, percent: int | None) -> None:
    """The lead's own probability in percent, or ``None`` to take its step's."""
    lead = get(w, lead_id)
    check_probability(percent)
    change(w, lead, probability=percent)
    w.describe(_("probability of {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("leads.set_expected_close")
def set_expected_close(w: Write, lead_id: int, day: date | None, seen: Seen = NOT_SEEN) -> None:
    """The day on which the lead is expected to close, or ``None``."""
    lead = get(w, lead_id)
    refuse_overwrite(w, lead, "expected_close", seen)
    change(w, lead, expected_close=day.isoformat() if day else None)
    when = day_label(day, w.session.today, weekday=False) if day else _("unknown")
    w.describe(
        _("expected close {day}: {title}").format(day=when, title=lead["title"]), lead_id=lead_id
    )


@operation("leads.set_source")
def set_source(w: Write, lead_id: int, source: str) -> None:
    """Where the lead came from, in a word."""
    lead = get(w, lead_id)
    change(w, lead, source=clean(source, single_line=True).strip())
    w.describe(_("source of {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("leads.set_direction")
def set_direction(w: Write, lead_id: int, direction: str) -> None:
    """Whether the lead came by itself (``inbound``) or was looked for (``outbound``), for the
    reports; ``none``: no saying; empty: what its tags or its list say."""
    lead = get(w, lead_id)
    w.update(Lead, lead_id, direction=read_direction(direction))
    w.describe(_("direction of {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("leads.set_client")
def set_client(w: Write, lead_id: int, name: str) -> None:
    """Put the lead into the folder of a client, made when there is none; empty takes it out. It
    starts with the people of the client; those it shared with another one stay behind."""
    lead = get(w, lead_id)
    client_id = client_named(w, name)
    if change(w, lead, client_id=client_id):
        people.change_client(w, lead_id, client_id)
    w.describe(_("client of {title}").format(title=lead["title"]), lead_id=lead_id)


def company_in(title: str) -> str:
    """The company that a title begins with: what stands before the first colon with a blank behind
    it (``Acme GmbH: relaunch``); empty where there is none, as in ``Meeting 10:30``."""
    head, colon, _rest = title.partition(": ")
    return " ".join(head.split()) if colon else ""


class _Step(NamedTuple):
    name: str
    pipeline_id: int
    retired: bool
    forward: bool
    asks: bool  # it, or a step before it, asks for something


@operation("leads.set_step")
def set_step(w: Write, lead_id: int, step_id: int, seen: Seen = NOT_SEEN) -> None:
    """Move an open lead to a step, of its pipeline or another. Raises CrmError when it is moved on
    and lacks what the step, or one before it, asks for."""
    lead = get(w, lead_id)
    if lead["status"] != "open":
        raise CrmError(
            _("#{number} is closed: it keeps the step it stood on.").format(number=lead_id),
            _("Reopen it first."),
        )
    refuse_overwrite(w, lead, "step_id", seen)
    steps = w.store.read(
        _Step,
        "SELECT name, pipeline_id, retired, NOT EXISTS (SELECT 1 FROM steps AS now WHERE now.id = ?"
        " AND now.pipeline_id = steps.pipeline_id AND now.position >= steps.position),"
        " EXISTS (SELECT 1 FROM steps AS before WHERE before.pipeline_id = steps.pipeline_id"
        " AND before.position <= steps.position AND before.retired = 0 AND before.needs <> '[]')"
        " FROM steps WHERE id = ?",
        (lead["step_id"], step_id),
    )
    if not steps or (steps[0].retired and step_id != lead["step_id"]):
        raise NotFound(_("There is no such step."))
    step = steps[0]
    if step.forward and step.asks:
        step_needs.refuse_missing(w.session, lead_id, step_id, step.name)
    change(w, lead, step_id=step_id, pipeline_id=step.pipeline_id)
    w.describe(
        _("step {step}: {title}").format(step=step.name, title=lead["title"]), lead_id=lead_id
    )


@operation("leads.move_step")
def move_step(w: Write, lead_id: int, by: int) -> str:
    """Move an open lead ``by`` steps on (or back, when negative) in its pipeline; the name of the
    step that it stands on then."""
    lead = get(w, lead_id)
    steps = w.store.rows(
        "SELECT id, name FROM steps WHERE pipeline_id = ? AND (retired = 0 OR id = ?)"
        " ORDER BY position, id",
        (lead["pipeline_id"], lead["step_id"]),
    )
    place = [step_id for step_id, _name in steps].index(lead["step_id"]) + by
    if not 0 <= place < len(steps):
        raise CrmError(
            _("It stands on the last step already.")
            if by > 0
            else _("It stands on the first step already.")
        )
    step_id, name = steps[place]
    set_step.within(w, lead_id, step_id)
    return str(name)


@operation("leads.set_owner")
def set_owner(w: Write, lead_id: int, user_id: int | None, seen: Seen = NOT_SEEN) -> None:
    """Give the lead to a user, or to nobody (``None``)."""
    lead = get(w, lead_id)
    refuse_overwrite(w, lead, "owner_id", seen)
    who = active_user(w, user_id)
    change(w, lead, owner_id=user_id)
    w.describe(_("owner {who}: {title}").format(who=who, title=lead["title"]), lead_id=lead_id)


@operation("leads.set_priority")
def set_priority(w: Write, lead_id: int, priority: str) -> None:
    """How much the lead matters: ``none``, ``low`` or ``high``. Raises CrmError for another
    word."""
    lead = get(w, lead_id)
    word = read_priority(priority)
    w.update(Lead, lead_id, priority=word)
    w.describe(
        _("priority {word}: {title}").format(word=_(word or "none"), title=lead["title"]),
        lead_id=lead_id,
    )


@operation("leads.star")
def star(w: Write, lead_id: int, on: bool | None = None) -> bool:
    """Star a lead, or take the star off; ``None`` turns it round. The star's new state."""
    lead = get(w, lead_id)
    state = not lead["starred"] if on is None else on
    w.update(Lead, lead_id, starred=int(state))
    w.describe(
        (_("starred {title}") if state else _("no longer starred {title}")).format(
            title=lead["title"]
        ),
        lead_id=lead_id,
    )
    return state
