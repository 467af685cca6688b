"""Edit a lead: a menu of what can be corrected, then one line for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tui_crm.core import money
from tui_crm.core.dates import reader
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import closing, leads, merge, views as lead_views
from tui_crm.core.leads.record import NOT_SEEN, NotSeen
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.screens.base import Field, echo_error
from tui_crm.tui.screens.dialogs.fields import FieldsOf, edit_fields
from tui_crm.tui.screens.leads import echo as lead_echo
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lead_card import status_word
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet, no_echo

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def edit_lead(screen: CrmScreen, lead: LeadView) -> None:
    """Ask what to correct, then for its value; every change can be undone."""
    session, number = screen.session, lead.number
    as_of = session.store.last_entry()

    def about() -> str:
        # Read anew each time: what somebody else changed meanwhile is what is changed now.
        nonlocal lead, as_of
        as_of = session.store.last_entry()
        found = lead_views.by_numbers(session, [number])
        lead = found[0] if found else lead
        return lead.title

    def field(
        label: str,
        shown: str,
        change: Callable[[str], Any],
        value: str = "",
        echo: Callable[[str], Echo] = no_echo,
        hint: str = "",
    ) -> Field:
        return Field(
            label,
            shown,
            change,
            value=value,
            said=lambda text: Message(
                label, "strong", lead.title, figure=text, right=Hint("u", _("undo"))
            ),
            echo=echo,
            hint=hint or _("now {value}").format(value=shown),
        )

    def set_to(operation: Callable[..., Any], read: Callable[[str], Any]) -> Callable[[str], Any]:
        def act(text: str) -> Any:
            value = read(text)
            return screen.crm.perform(
                lambda session: operation(replace(session, as_of=as_of), number, value)
            )

        return act

    def choice(
        label: str, operation: Callable[..., Any], words: Mapping[str, str], value: str
    ) -> Field:
        """A field whose value is one of ``words``, by digit; each with what it means."""
        stored = list(words)

        def act(index: int) -> Any:
            return screen.crm.perform(operation, number, stored[index])

        return Field(
            label,
            _(value) if value else _("as its tags or list say"),
            act,
            said=lambda index: Message(
                label,
                "strong",
                lead.title,
                figure=_(stored[index]) if stored[index] else "–",
                right=Hint("u", _("undo")),
            ),
            choices=[MenuOption(_(w) if w else "–", about) for w, about in words.items()],
        )

    priorities = {
        "high": _("before the others"),
        "low": _("after the others"),
        "none": _("like most"),
    }
    directions = {
        "inbound": _("it came by itself"),
        "outbound": _("it was looked for"),
        "none": _("no saying"),
        "": _("what its tags or its list say"),
    }

    def past_echo(text: str) -> Echo:
        return _day_echo(lambda: past_day(session, text))

    def fields() -> list[Field]:
        rows = [
            field(
                _("Title"),
                lead.title,
                lambda text: screen.crm.perform(leads.set_title, number, text, seen=lead.title),
                value=lead.title,
            ),
            field(
                _("Expected close"),
                str(lead.expected_close or "–"),
                set_to(leads.set_expected_close, lambda text: future_day(session, text)),
                echo=lambda text: _day_echo(lambda: future_day(session, text)),
            ),
            field(
                _("Probability"), f"{lead.probability}%", set_to(leads.set_probability, percentage)
            ),
            field(
                _("Client"),
                lead.client or "–",
                set_to(leads.set_client, _or_nothing),
                value=lead.client or "",
            ),
            Field(_("Fields"), next(iter(lead.fields), _("Label: value")), edit=fields_of_lead),
            field(
                _("Source"),
                lead.source or "–",
                set_to(leads.set_source, _or_nothing),
                value=lead.source,
            ),
            field(
                _("Created"),
                lead.created.isoformat(),
                set_to(closing.set_created_on, lambda text: past_day(session, text)),
                echo=past_echo,
            ),
        ]
        if lead.closed:
            correct = set_to(closing.set_closed_on, lambda text: past_day(session, text))
            rows.append(field(_("Closed"), lead.closed.isoformat(), correct, echo=past_echo))
        rows += [
            Field(_("Merge"), _("with another lead"), edit=merge_with),
            choice(_("Priority"), leads.set_priority, priorities, lead.priority),
            choice(_("Direction"), leads.set_direction, directions, lead.direction),
        ]
        return rows

    async def fields_of_lead() -> bool:
        def description() -> str:
            return lead_views.one(session, number).description

        def keep(after: str, before: str) -> object:
            return screen.crm.perform(leads.set_description, number, after, seen=before)

        of = FieldsOf(lead.title, "lead", f"lead:{number}", description, keep, number)
        return await edit_fields(screen, of)

    async def merge_with() -> bool:
        return await merge_leads(screen, number, about)

    await screen.edit_form(_("edit"), about, fields, place=f"lead:{number}", also_leaves=("i",))


async def merge_leads(screen: CrmScreen, number: int, about: Callable[[], str]) -> bool:
    """Ask which lead becomes one with lead ``number``, and where the amounts differ which of them
    holds; whether they were merged."""
    session = screen.session

    def sheet(text: str) -> PromptSheet:
        return PromptSheet(
            _("merge"),
            about(),
            lambda typed: _merge_echo(session, number, typed),
            value=text,
            examples=make((_("the number of the other lead, which goes into this one"), "dim")),
        )

    async def keep(text: str) -> bool:
        other = lead_number(text)
        found = merge.amounts(session, number, other)
        chosen: int | NotSeen = NOT_SEEN
        if len(found) > 1:
            owners = (f"#{number}", f"#{other}")
            options = [
                MenuOption(money.full(amount, session.currency), of)
                for amount, of in zip(found, owners, strict=True)
            ]
            index = await screen.choose(_("which amount holds?"), about(), options, enter=0)
            if index is None:
                return False
            chosen = found[index]
        done = screen.crm.perform(merge.merge, number, other, amount=chosen) is not None
        if done:
            screen.say(
                Message(_("Merged"), "strong", about(), figure=text, right=Hint("u", _("undo")))
            )
        return done

    return await screen.edit_in(sheet, keep, place=f"lead:{number}:merge")


def _merge_echo(session: Session, number: int, text: str) -> Echo:
    """The lead that the typed number means, and what it is."""
    try:
        other = lead_views.one(session, lead_number(text))
    except CrmError as error:
        return echo_error(error) if text.strip() else no_echo(text)
    amount = "–" if other.amount is None else money.full(other.amount, session.currency)
    words = f"#{other.number} {other.title}, {status_word(other.status)[0]}, {amount}"
    return Echo([EchoRow("=", "won", make((words, "strong")))])


# -- reading what is typed -----------------------------------------------------------------------


def past_day(session: Session, text: str) -> date:
    """A typed day that may lie in the past: `2026-11-03`, `3 nov`, `yesterday`. Raises CrmError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    day = _day_of(session, reader.read(text, session.now, session.locale))
    if day is None:
        raise CrmError(_("{text} is no day.").format(text=text), _("Type it as 2026-11-03."))
    # Typed dates are in the future; a day without a year means the last one here.
    if day > session.today and str(day.year) not in text:
        try:
            day = day.replace(year=day.year - 1)
        except ValueError:
            day = day.replace(year=day.year - 1, day=28)
    return day


def future_day(session: Session, text: str) -> date:
    """A typed day as in a next action. Raises CrmError."""
    reading = lead_echo.read_next_action(session, text)
    day = _day_of(session, reading)
    if reading.problem or day is None:
        raise CrmError(reading.problem or _("that is no day."))
    return day


def _day_of(session: Session, reading: Reading) -> date | None:
    if reading.day is not None:
        return reading.day
    return reading.at.astimezone(session.zone).date() if reading.at is not None else None


def _day_echo(read: Callable[[], date]) -> Echo:
    try:
        day = read()
    except CrmError as error:
        return echo_error(error)
    return Echo([EchoRow("=", "won", make((f"{day:%a} {day.isoformat()}", "strong")))])


def percentage(text: str) -> int | None:
    """A typed probability; None for a dash. Raises CrmError."""
    if text.strip() in ("-", "–"):
        return None
    try:
        return int(text.strip().rstrip("% "))
    except ValueError:
        raise CrmError(_("That is no percentage."), _("Type 60, or - for its step's.")) from None


def lead_number(text: str) -> int:
    """The number of a lead, with or without its ``#``. Raises CrmError."""
    number = text.strip().lstrip("#")
    if not number.isdigit():
        raise CrmError(_("Type the number of the other lead."), _("For instance 1042"))
    return int(number)


def _or_nothing(text: str) -> str:
    """A dash empties the field."""
    return "" if text == "-" else text
