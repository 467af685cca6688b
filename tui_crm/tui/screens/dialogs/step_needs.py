"""What a step asks for, and what every lead is to have, asked in a row: an amount, a person, a
field, a tag of a mandatory category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.leads import leads, next_actions, people, step_needs, views as lead_views
from tui_crm.core.leads.step_needs import Need
from tui_crm.core.leads.views import LeadView, StepRow
from tui_crm.core.setup import fields, tags
from tui_crm.core.text import _
from tui_crm.tui.screens.leads import echo as lead_echo
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import Line, make
from tui_crm.tui.widgets.menu import MenuOption

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def ask_needs(screen: CrmScreen, number: int, step: StepRow) -> bool:
    """Ask for each thing that a lead lacks to stand on a step; whether it has all of them then."""
    session = screen.session
    left = step_needs.missing(session, lead_views.one(session, number), step.id)
    for place, need in enumerate(left, 1):
        lead = lead_views.one(session, number)
        about = make(
            (lead.title, "text"),
            (
                f"  {_('{step} needs it').format(step=step.name)}, {place}/{len(left)}",
                "dim",
            ),
        )
        if not need.met(lead) and not await _ask(screen, lead, need, about):
            return False
    return bool(left)


async def _ask(screen: CrmScreen, lead: LeadView, need: Need, about: Line) -> bool:
    """Ask for one thing; whether it was given."""
    if need.field is not None and need.field.kind == "choice":
        options = [MenuOption(one) for one in need.field.choices]
        index = await screen.choose(need.label, about, options)
        return index is not None and _set(screen, lead, need, need.field.choices[index])
    examples = {
        "amount": "12.8k",
        "close": "30 sep",
        "client": "Acme GmbH",
        "next": "fri 9:30 call Anna",
        "tags": "hot",
    }
    example = examples.get(
        need.name, "" if need.field else _("Anna Weber, +49 30 9018204, a@b.example")
    )
    return await screen.edit_line(
        need.label,
        about,
        lambda text: _set(screen, lead, need, text),
        place=f"lead:{lead.number}:need:{need.name}",
        rows=1,
        examples=make((_("for instance {example}").format(example=example), "dim"))
        if example
        else (),
    )


def _set(screen: CrmScreen, lead: LeadView, need: Need, text: str) -> bool:
    """Give the lead what was typed; False when it was refused. Raises CrmError for what cannot be
    read, and for what does not give it what is asked for."""
    session, perform, number = screen.session, screen.crm.perform, lead.number
    done: object
    if need.field is not None:
        value = fields.read(session, need.field, text)
        described = fields.with_value(lead.description, need.field.name, value)
        done = perform(leads.set_description, number, described, seen=lead.description)
    elif need.name == "amount":
        done = perform(leads.set_amount, number, lead_echo.read_amount(session, text))
    elif need.name == "close":
        from tui_crm.tui.screens.dialogs.edit_lead import future_day

        done = perform(leads.set_expected_close, number, future_day(session, text))
    elif need.name == "client":
        done = perform(leads.set_client, number, text)
    elif need.name == "next":
        reading = lead_echo.read_next_action(session, text)
        done = perform(next_actions.set_next, number, reading)
    elif need.name == "tags":
        done = perform(tags.change, number, text)
    else:
        done = perform(people.add, number, text)
    if done is None:
        return False
    if not need.met(lead_views.one(session, number)):
        raise CrmError(_("{name} is still missing.").format(name=need.label))
    return True


async def ask_categories(screen: CrmScreen, number: int) -> None:
    """Ask for a tag of each mandatory category of which a lead has none."""
    for category in tags.lacking(screen.session.store, number):
        lead = lead_views.one(screen.session, number)
        options = [MenuOption(name) for name in category.tags]
        index = await screen.choose(category.name, lead.title, options)
        if index is None:
            words = _("{name} is mandatory: t adds one").format(name=category.name)
            screen.say(Message("!", "due", lead.title, note=words))
            return
        name = category.tags[index]
        if screen.crm.perform(tags.change, number, name) is not None:
            screen.say(
                Message(
                    category.name, "strong", lead.title, figure=name, right=Hint("u", _("undo"))
                )
            )
