"""What a lead must have to stand on a step, and what of it is missing when it is moved on: an
amount, a person, a field of the workspace …"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tui_crm.core.errors import CrmError
from tui_crm.core.leads import views
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.setup import fields
from tui_crm.core.setup.fields import FieldRow, squeezed
from tui_crm.core.store.database import Store
from tui_crm.core.text import _

BUILT_IN: dict[str, Callable[[LeadView], bool]] = {
    "amount": lambda lead: lead.amount is not None,
    "close": lambda lead: lead.expected_close is not None,
    "client": lambda lead: lead.client_id is not None,
    "person": lambda lead: bool(lead.people),
    "phone": lambda lead: any(person.phones for person in lead.people),
    "email": lambda lead: any(person.emails for person in lead.people),
    "next": lambda lead: lead.next is not None and bool(lead.next.day or lead.next.at),
    "tags": lambda lead: bool(lead.tags),
}
"""What a lead can have that is no field of the workspace."""


@dataclass(frozen=True)
class Need:
    """Something that a lead must have: one of :data:`BUILT_IN`, or a field of the workspace."""

    name: str
    field: FieldRow | None = None

    @property
    def label(self) -> str:
        """It in words."""
        words = {"close": _("expected close"), "next": _("next action"), "email": _("e-mail")}
        return self.field.name if self.field else words.get(self.name, _(self.name))

    def met(self, lead: LeadView) -> bool:
        """Whether the lead has it."""
        if self.field is None:
            return BUILT_IN[self.name](lead)
        wanted = squeezed(self.field.name)
        return any(squeezed(label) == wanted and value for label, value in lead.fields.items())


def stored(store: Store, names: Iterable[str]) -> str:
    """Typed names of needs as a step keeps them. Raises CrmError for what no lead can have."""
    known = {squeezed(one.name): one for one in fields.rows(store, "lead")}
    found = []
    for name in names:
        wanted = squeezed(name)
        if wanted in BUILT_IN:
            found.append(wanted)
        elif wanted in known:
            found.append(f"field:{known[wanted].id}")
        else:
            possible = [*BUILT_IN, *(one.name for one in known.values())]
            raise CrmError(
                _("A lead has no {name}.").format(name=name),
                _("One of: {names}.").format(names=", ".join(possible)),
            )
    return json.dumps(list(dict.fromkeys(found)))


def needs(store: Store, lists: Iterable[str]) -> list[Need]:
    """The needs that steps keep, each once; fields that are retired ask for nothing."""
    names = dict.fromkeys(name for one in lists for name in json.loads(one))
    by_id = {f"field:{one.id}": one for one in fields.rows(store, "lead")} if names else {}
    return [Need(name, by_id.get(name)) for name in names if name in BUILT_IN or name in by_id]


def missing(session: Session, lead: LeadView, step_id: int) -> list[Need]:
    """What a lead lacks to be moved to a step: the needs of that step and of those before it."""
    lists = session.store.rows(
        "SELECT before.needs FROM steps JOIN steps AS before"
        " ON before.pipeline_id = steps.pipeline_id AND before.retired = 0"
        " AND (before.position < steps.position OR before.id = steps.id)"
        " WHERE steps.id = ? AND before.needs <> '[]' ORDER BY before.position",
        (step_id,),
    )
    return [one for one in needs(session.store, (n for (n,) in lists)) if not one.met(lead)]


def refuse_missing(session: Session, lead_id: int, step_id: int, name: str) -> None:
    """Raises CrmError when a lead lacks what a step asks for, with the names."""
    lacks = missing(session, views.one(session, lead_id), step_id)
    if lacks:
        raise CrmError(
            _("{step} needs: {names}.").format(
                step=name, names=", ".join(one.label for one in lacks)
            ),
            _("Set it first, then move the lead on."),
        )
