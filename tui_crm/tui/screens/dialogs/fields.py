"""The fields of a lead or a client in a form: those that the workspace defines, read by their kind,
then the other labels that there are, then a label of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.leads import filter as lead_filter, views as lead_views
from tui_crm.core.setup import fields
from tui_crm.core.setup.fields import FieldRow
from tui_crm.core.text import _, fields as labelled
from tui_crm.tui.screens.base import Field, echo_error
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, no_echo

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

MOST = 9  # rows of the form


@dataclass(frozen=True)
class FieldsOf:
    """Whose fields are edited: ``title`` of the record, its ``subject`` (lead, client), the
    ``place`` of drafts, how its description is read and how it is stored (the new one, and the one
    that was seen; None when it was refused). ``number`` is the lead's."""

    title: str
    subject: str
    place: str
    description: Callable[[], str]
    keep: Callable[[str, str], object]
    number: int | None = None


async def edit_fields(screen: CrmScreen, of: FieldsOf) -> bool:
    """Ask which field to change, then for its value."""
    session = screen.session
    defined = fields.rows(session.store, of.subject)
    known = {fields.squeezed(one.name) for one in defined}

    def set_value(label: str, value: str) -> object:
        before = of.description()
        return of.keep(fields.with_value(before, label, value), before)

    def said(label: str) -> Callable[[object], Message]:
        return lambda value: Message(
            label, "strong", of.title, figure=str(value), right=Hint("u", _("undo"))
        )

    def typed(one: FieldRow, now: str) -> Field:
        if one.kind == "choice":
            options = [MenuOption(c, _("now") if c == now else "") for c in (*one.choices, "–")]
            values = (*one.choices, "")
            return Field(
                one.name,
                now or "–",
                lambda index: set_value(one.name, values[index]),
                choices=options,
            )
        return Field(
            one.name,
            fields.show(session, one, now) or "–",
            lambda value: set_value(one.name, value),
            value=now,
            parse=lambda text: fields.read(session, one, text),
            said=said(one.name),
            echo=lambda text: _echo(screen, of, one, text),
            hint=_("{kind}; - takes it away").format(kind=_(one.kind)),
            rows=2,
        )

    def free(text: str) -> object:
        label, colon, value = text.partition(":")
        if not colon or not label.strip():
            raise CrmError(_("Type a label and its value."), _("For instance Sector: Food"))
        return set_value(label, value)

    def rows() -> list[Field]:
        now = labelled(of.description())
        by_label = {fields.squeezed(label): value for label, value in now.items()}
        made = [typed(one, by_label.get(fields.squeezed(one.name), "")) for one in defined]
        for label, value in now.items():
            if fields.squeezed(label) not in known:
                made.append(_plain(label, value, set_value, said(label)))
        another = Field(_("Another"), _("Label: value"), free, hint=_("Label: value"))
        return [*made[: MOST - 1], another]

    await screen.edit_form(_("fields"), of.title, rows, place=f"{of.place}:fields")
    return True


def _plain(
    label: str,
    value: str,
    set_value: Callable[[str, str], object],
    said: Callable[[object], Message],
) -> Field:
    """The row of a label that the workspace does not define."""
    return Field(
        label,
        value or "–",
        lambda text: set_value(label, "" if text == "-" else text),
        value=" ".join(value.split()),
        said=said,
        hint=_("- takes it away"),
    )


def _echo(screen: CrmScreen, of: FieldsOf, one: FieldRow, text: str) -> Echo:
    """How a typed value is read, and which other lead has it, where that is a duplicate."""
    if not text.strip():
        return no_echo(text)
    try:
        value = fields.read(screen.session, one, text)
    except CrmError as error:
        return echo_error(error, hint=True)
    shown = fields.show(screen.session, one, value) or _("none")
    rows = [EchoRow("=", "won", make((shown, "strong")))]
    if one.duplicates and value and of.subject == "lead":
        line = f'"{one.name}"="{value}" status:all'
        found = lead_filter.first(screen.session, line, 2).numbers
        for other in [number for number in found if number != of.number][:1]:
            lead = lead_views.one(screen.session, other)
            words = _("#{n} {title} has it too. Enter keeps both.").format(
                n=other, title=lead.title
            )
            rows.append(EchoRow("!", "due", make((words, "due"))))
    return Echo(rows)
