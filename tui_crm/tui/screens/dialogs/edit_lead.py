"""Edit a lead: a menu of what can be corrected, then one line for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import closing, leads
from tui_crm.core.leads.views import LeadView
from tui_crm.core.text import _
from tui_crm.tui.screens.leads import echo as lead_echo
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.tui.screens.base import CrmScreen


def past_day(session: Session, text: str) -> date:
    """A typed day that may lie behind: `2026-11-03`, `3 nov`, `yesterday`. Raises CrmError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    found = reader.read(text, session.now, lead_echo.locale_of(session))
    if found.day is None and found.at is None:
        raise CrmError(_("{text} is no day.").format(text=text), _("Type it as 2026-11-03."))
    day = found.day or found.at.astimezone(session.zone).date()  # type: ignore[union-attr]
    # Typed dates always mean the future; of a day without a year the last one is meant here.
    if day > session.today and str(day.year) not in text:
        try:
            day = day.replace(year=day.year - 1)
        except ValueError:
            day = day.replace(year=day.year - 1, day=28)
    return day


def _day_echo(session: Session, text: str, past: bool) -> Echo:
    try:
        day = past_day(session, text) if past else _future_day(session, text)
    except CrmError as error:
        return Echo([EchoRow("?", "late", make((str(error), "late")))], refuse=True)
    return Echo([EchoRow("=", "won", make((f"{day:%a} {day.isoformat()}", "strong")))])


def _future_day(session: Session, text: str) -> date:
    found = lead_echo.moment(session, text)
    if found.problem or (found.day is None and found.at is None):
        raise CrmError(found.problem or _("that is no day."))
    return found.day or found.at.astimezone(session.zone).date()  # type: ignore[union-attr]


def _percent(text: str) -> int | None:
    if text.strip() in ("-", "–"):
        return None
    try:
        return int(text.strip().rstrip("% "))
    except ValueError:
        raise CrmError(_("That is no percentage."), _("Type 60, or - for its step's.")) from None


async def open(screen: CrmScreen, lead: LeadView) -> None:
    """Choose what to edit, then edit it; every change can be undone."""
    session = screen.session
    first_field = next(iter(lead.fields), _("Label"))

    def describe(text: str) -> str:
        """The description with one field set: `Label: value` replaces the line of that label."""
        name = text.partition(":")[0].strip().casefold()
        lines = lead.description.splitlines()
        for i, line in enumerate(lines):
            if ":" in text and line.partition(":")[0].strip(" -*•\t").casefold() == name:
                lines[i] = text
                break
        else:
            lines.append(text)
        return "\n".join(lines)

    def field_changed(text: str) -> Any:
        return leads.set_description, describe(text), {"seen": lead.description}

    entries: list[tuple[str, str, str, Callable[[str], Echo] | None, Callable[[str], Any]]] = [
        (
            _("Title"),
            lead.title,
            lead.title,
            None,
            lambda t: (leads.set_title, t, {"seen": lead.title}),
        ),
        (
            _("Expected close"),
            str(lead.expected_close or "–"),
            "",
            lambda t: _day_echo(session, t, False),
            lambda t: (leads.set_expected_close, _future_day(session, t), {}),
        ),
        (
            _("Probability"),
            f"{lead.probability}%",
            "",
            None,
            lambda t: (leads.set_probability, _percent(t), {}),
        ),
        (
            _("Client"),
            lead.client or "–",
            lead.client or "",
            None,
            lambda t: (leads.set_client, "" if t == "-" else t, {}),
        ),
        (_("Field"), first_field, "", None, field_changed),
        (
            _("Source"),
            lead.source or "–",
            lead.source,
            None,
            lambda t: (leads.set_source, "" if t == "-" else t, {}),
        ),
        (
            _("Created"),
            lead.created.isoformat(),
            "",
            lambda t: _day_echo(session, t, True),
            lambda t: (closing.set_created_on, past_day(session, t), {}),
        ),
    ]
    if lead.closed:
        entries.append(
            (
                _("Closed"),
                lead.closed.isoformat(),
                "",
                lambda t: _day_echo(session, t, True),
                lambda t: (closing.set_closed_on, past_day(session, t), {}),
            )
        )
    else:
        entries.append((_("Merge"), _("with another lead"), "", None, lambda t: _merged(t)))

    def _merged(text: str) -> Any:
        number = text.strip().lstrip("#")
        if not number.isdigit():
            raise CrmError(_("Type the number of the other lead."), _("For instance 1042"))
        return leads.merge, int(number), {}

    async def chosen(index: int | None) -> None:
        if index is not None:
            await ask(index, entries[index][2])

    async def ask(index: int, value: str) -> None:
        name, now, _value, echo, act = entries[index]
        hint = _("Label: value") if act is field_changed else _("now {value}").format(value=now)

        async def entered(text: str | None) -> None:
            if text is None:
                return
            try:
                what, argument, extra = act(text)
            except CrmError as error:
                screen.refused(error)
                await ask(index, text)
                return
            if screen.crm.perform(what, lead.number, argument, **extra) is None:
                await ask(index, text)
                return
            screen.say(Message(name, "strong", lead.title, text, right=Hint("u", _("undo"))))

        await PromptSheet(
            name.lower(),
            lead.title,
            echo or (lambda _t: Echo()),
            value=value,
            rows=1,
            examples=make((hint, "dim")),
        ).open(screen, entered)

    options = [MenuOption(name, now) for name, now, *_rest in entries]
    await MenuSheet(_("edit"), lead.title, options, also_leaves=("i",)).open(screen, chosen)
