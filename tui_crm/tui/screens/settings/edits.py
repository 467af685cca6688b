"""Changing what can be set: a row's form, and the values that an act asks for one after another.

The functions are awaited in a conversation (see `tui_crm.tui.widgets.conversation`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _
from tui_crm.tui.catalogue import Act, Parameter, SetupRow, Subject, Value
from tui_crm.tui.screens.base import Field
from tui_crm.tui.terminal.editor import edit_text
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption

if TYPE_CHECKING:
    from tui_crm.tui.screens.settings.screen import SettingsScreen

ROW_ACTS = ("add", "edit", "rename", "retire", "bring-back", "move")
"""Acts that have a key, or a place in the form; the others stand in the form by their names."""
NEW_NAME = ("rename", "label", "new_name")
"""What the parameter is called that gives a row another name."""


def known(act: Act, row: SetupRow) -> dict[str, Value]:
    """The values that say which row an act is about."""
    new = new_name(act)
    return {
        one.name: value
        for one in act.parameters
        if one.needed and one is not new and (value := value_of(row, act, one.name)) is not None
    }


def value_of(row: SetupRow, act: Act, name: str) -> Value:
    """The value that a row has for a parameter of an act."""
    return row.values.get(f"{act.name}.{name}", row.values.get(name))


def new_name(act: Act) -> Parameter | None:
    """The parameter that gives a row another name."""
    found = (act.parameter(name) for name in NEW_NAME)
    return next((one for one in found if one and not (one.name == "label" and one.needed)), None)


def editable(act: Act) -> list[Parameter]:
    """The parameters that can be changed of a row, its name first."""
    new = new_name(act)
    rest = [one for one in act.parameters if not one.needed and one is not new]
    return [*([new] if new is not None else []), *rest]


def run(screen: SettingsScreen, subject: Subject, act: str, values: Mapping[str, Value]) -> bool:
    """Do an act and show what it did; False when it was refused."""
    told = screen.crm.perform(subject.run, act, values)
    if told is None:
        return False
    screen.crm.renew_session()
    words = told if isinstance(told, str) else ""
    undo = None if subject.name == "program" else Hint("u", _("undo"))
    screen.say(Message("=", "won", words[:1].upper() + words[1:], right=undo))
    return True


async def edit_row(screen: SettingsScreen, subject: Subject, row: SetupRow) -> None:
    """Ask what of a row is changed, and change it, until the form is left."""
    act = subject.acts.get("edit")
    if subject.kind == "record" and act is not None:
        parameter = act.parameter(row.id)
        if parameter is not None:
            keep = _keep(screen, subject, act, {}, parameter)
            await ask_one(screen, row.name, parameter, row.values.get(row.id), keep)
        return

    def fields() -> Sequence[Field]:
        now = screen.row_of(row.id) or row
        made = []
        if act is not None:
            made = [_field(screen, subject, act, one, now) for one in editable(act)]
        for name, other in subject.acts.items():
            if name not in ROW_ACTS:
                made.append(
                    Field(
                        name.replace("-", " ").capitalize(),
                        other.about,
                        edit=partial(ask_values, screen, subject, other, now),
                        token="dim",
                    )
                )
        return made

    if not fields():
        screen.explain_key("Enter", _("there is nothing to change: - retires it, + adds another."))
        return
    await screen.edit_form(
        subject.title.lower(),
        lambda: (screen.row_of(row.id) or row).name,
        fields,
        place=f"settings:{subject.name}:{row.id}",
        stay=True,
    )


Keep = Callable[[Value], bool]


def _keep(
    screen: SettingsScreen,
    subject: Subject,
    act: Act,
    which: Mapping[str, Value],
    parameter: Parameter,
) -> Keep:
    return lambda value: run(screen, subject, act.name, {**which, parameter.name: value})


def _field(
    screen: SettingsScreen, subject: Subject, act: Act, parameter: Parameter, row: SetupRow
) -> Field:
    """A line of the form of a row."""
    value = value_of(row, act, parameter.name)
    label = _("Name") if parameter is new_name(act) else parameter.label.capitalize()
    keep = _keep(screen, subject, act, known(act, row), parameter)
    return Field(
        label,
        shown(parameter, value),
        edit=partial(ask_one, screen, row.name, parameter, value, keep),
    )


def shown(parameter: Parameter, value: Value) -> str:
    """A value in words."""
    for one, words in parameter.choices:
        if one == value and isinstance(one, bool) == isinstance(value, bool):
            return words
    if value is None or value == "":
        return "–"
    if parameter.long:
        return " ".join(str(value).split())
    return ", ".join(value) if isinstance(value, tuple | list) else str(value)


async def ask_one(
    screen: SettingsScreen, title: str, parameter: Parameter, value: Value, keep: Keep
) -> bool:
    """Ask for one value until it is kept, or left; whether it was kept."""
    label = _("name") if parameter.name in ("rename", "new_name", "name") else parameter.label
    if parameter.choices:
        options = [
            MenuOption(words, _("now") if shown(parameter, value) == words else "")
            for _value, words in parameter.choices
        ]
        index = await screen.choose(label, title, options)
        return index is not None and keep(parameter.choices[index][0])
    if parameter.long:
        return _edit_long(screen, parameter, str(value or ""), keep)
    text = shown(parameter, value) if value not in (None, "") else ""
    return await screen.edit_line(
        label,
        title,
        keep,
        place=f"settings:{title}:{parameter.name}",
        value=text,
        parse=parameter.parse,
        rows=1,
        examples=make((parameter.about, "dim")),
        empty_value=""
        if text and not parameter.needed and parameter.name not in NEW_NAME
        else None,
        empty_word=_("none"),
    )


def _edit_long(screen: SettingsScreen, parameter: Parameter, text: str, keep: Keep) -> bool:
    """Write a text of several lines in the editor; whether it was kept."""
    try:
        left = edit_text(screen.crm, text, "text.txt")
        return keep(parameter.parse(left if left is not None else text))
    except CrmError as error:
        screen.refused(error)
        return False


async def ask_values(
    screen: SettingsScreen, subject: Subject, act: Act, row: SetupRow | None
) -> bool:
    """Ask for everything that an act needs, one after another, and do it; whether it was done. An
    act on a row begins with what the row has; a new row only with what it shares with the row
    under the cursor, such as its pipeline."""
    own = act.name not in ROW_ACTS
    asked = [one for one in act.parameters if one.needed or own]
    values: dict[str, Value] = {}
    for one in asked:
        value: Value = None
        if row is not None:
            shared = row.values.get(f"{act.name}.{one.name}")
            value = shared if act.name == "add" else value_of(row, act, one.name)
        last = one is asked[-1]

        def keep(read: Value, one: Parameter = one, last: bool = last) -> bool:
            values[one.name] = read
            return run(screen, subject, act.name, values) if last else True

        title = act.about if own else subject.title.lower()
        if not await ask_one(screen, title, one, value, keep):
            return False
    return True


async def rename_row(screen: SettingsScreen, subject: Subject, row: SetupRow) -> None:
    """Ask for another name of a row."""
    act = subject.acts.get("edit")
    parameter = new_name(act) if act is not None else None
    if act is None or parameter is None:
        screen.explain_key("r", _("this has no other name to give."))
        return
    keep = _keep(screen, subject, act, known(act, row), parameter)
    await ask_one(screen, row.name, parameter, row.name, keep)


def retire_row(screen: SettingsScreen, subject: Subject, row: SetupRow) -> None:
    """No longer offer a row, or offer a retired one again."""
    act = subject.acts.get("bring-back" if row.retired else "retire")
    if act is None:
        why = _("it is retired already.") if row.retired else _("this cannot be retired.")
        screen.explain_key("-", why)
        return
    run(screen, subject, act.name, known(act, row))


def shift_row(screen: SettingsScreen, subject: Subject, row: SetupRow, by: int) -> None:
    """Move a row up or down among its kind."""
    edit, move = subject.acts.get("edit"), subject.acts.get("move")
    place = row.values.get("place")
    if move is not None:
        run(screen, subject, "move", {**known(move, row), "way": "up" if by < 0 else "down"})
    elif edit is not None and edit.parameter("place") is not None and isinstance(place, int):
        run(screen, subject, "edit", {**known(edit, row), "place": max(1, place + by)})
    else:
        screen.explain_key("<" if by < 0 else ">", _("these have no order of their own."))
