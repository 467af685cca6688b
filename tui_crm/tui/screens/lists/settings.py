"""The settings of a prospect list: name, script, rules and columns, as tables of fields.

The functions are awaited in a conversation (see `tui_crm.tui.widgets.conversation`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual import events

from tui_crm.core.calling import list_rules
from tui_crm.core.dates.labels import weekdays_words
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import edits as list_edits, lists
from tui_crm.core.lists.lists import ProspectListInfo
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen, Field
from tui_crm.tui.screens.lists.list_pane import retry_time_words
from tui_crm.tui.screens.lists.row_filter import accepted
from tui_crm.tui.terminal.editor import edit_text
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet, no_echo

# What a retry avoids, the hour and the half of the day of the try that failed: two rules as one
# choice.
RETRY_TIMES = ((False, False), (True, False), (False, True), (True, True))


def list_fields(screen: CrmScreen, info: ProspectListInfo) -> list[Field]:
    """The fields of a list: name, script, and the forms of its rules and columns."""
    name = _line(
        screen,
        info,
        _("Name"),
        info.name,
        lambda text: screen.crm.perform(lists.rename, info.id, text),
        value=info.name,
    )
    script = info.script.replace("\n", " | ") or _("none yet")
    columns = _("{n}: add, rename").format(n=len(info.columns))
    return [
        name,
        Field(_("Script"), script, edit=partial(_edit_script, screen, info)),
        Field(_("Rules"), _("hours, tries …"), edit=partial(_edit_rules, screen, info)),
        Field(_("Columns"), columns, edit=partial(_edit_columns, screen, info)),
    ]


def archive_field(screen: CrmScreen, info: ProspectListInfo) -> Field:
    """Archives a list, or brings it back."""

    def archive() -> bool:
        if screen.crm.perform(lists.archive, info.id, archived=not info.archived) is None:
            return False
        screen.say(_message(info, _("Brought back") if info.archived else _("Archived")))
        return True

    return Field(_("Bring back") if info.archived else _("Archive"), edit=archive)


def _message(info: ProspectListInfo, label: str, text: str = "") -> Message:
    return Message(label, "strong", info.name, text, right=Hint("u", _("undo")))


def _line(
    screen: CrmScreen,
    info: ProspectListInfo,
    label: str,
    shown: str,
    change: Callable[[str], object],
    *,
    value: str = "",
    hint: str = "",
    empty_word: str | None = None,
    echo: Callable[[str], Echo] = no_echo,
) -> Field:
    """A field that is one line. ``empty_word`` tells what an empty line does, None that it does
    nothing."""
    return Field(
        label,
        shown,
        change,
        value=value,
        said=lambda text: _message(info, label, text),
        echo=echo,
        hint=hint,
        empty_value=None if empty_word is None else "",
        empty_word=empty_word,
    )


# -- rules -----------------------------------------------------------------------------------------


async def _edit_rules(screen: CrmScreen, info: ProspectListInfo) -> None:
    house = screen.session.house
    hours = f"{info.call_from or house.call_from}-{info.call_until or house.call_until}"
    days = info.call_days or house.call_days
    workspace, outcome, no_limit = _("the workspace's"), _("the outcome's"), _("no limit")

    def change(**rules: object) -> object:
        return screen.crm.perform(list_rules.set_rules, info.id, **rules)

    def turn(label: str, shown: str, **rules: object) -> Field:
        def edit() -> bool:
            if change(**rules) is None:
                return False
            screen.say(_message(info, label))
            return True

        return Field(label, shown, edit=edit)

    def count(label: str, rule: str, value: int, none: str) -> Field:
        return _line(
            screen,
            info,
            label,
            str(value or none),
            lambda text: change(**{rule: text or 0}),
            value=str(value or ""),
            hint=_("a number; 0: {none}").format(none=none),
            empty_word=none,
        )

    fields = [
        _line(
            screen,
            info,
            _("Hours"),
            hours,
            lambda text: change(**_read_hours(text)),
            value=hours,
            hint=_("on the prospect's own clock, for instance 09:00-18:00"),
            empty_word=workspace,
        ),
        _line(
            screen,
            info,
            _("Days"),
            weekdays_words(days),
            lambda text: change(call_days=text),
            value=days,
            hint=_("1 is Monday: 12345"),
            empty_word=workspace,
            echo=lambda text: accepted(weekdays_words(text)),
        ),
        _line(
            screen,
            info,
            _("Zone"),
            info.zone or _("the rep's"),
            lambda text: change(zone=text),
            value=info.zone,
            hint=_("for rows that say nothing of their own: Europe/Madrid"),
            empty_word=_("the rep's"),
        ),
        turn(
            _("First"),
            _("new rows") if info.new_first else _("retries"),
            new_first=not info.new_first,
        ),
        turn(
            _("New"),
            _("when people answer") if info.order_by else _("in list order"),
            order_by="" if info.order_by else "answer",
        ),
        count(_("Tries"), "most_tries", info.most_tries, outcome),
        count(_("On a number"), "most_per_number", info.most_per_number, no_limit),
        count(_("In a day"), "most_per_day", info.most_per_day, no_limit),
        Field(
            _("Again"),
            retry_time_words(info.avoid_hour, info.other_half),
            edit=partial(_choose_retry_time, screen, info),
        ),
    ]
    await screen.edit_form(
        _("rules"), info.name, lambda: fields, place=f"list:{info.id}", also_leaves=("i",)
    )


async def _choose_retry_time(screen: CrmScreen, info: ProspectListInfo) -> bool:
    now = (info.avoid_hour, info.other_half)
    options = [
        MenuOption(retry_time_words(*time), _("now") if time == now else "") for time in RETRY_TIMES
    ]
    title = _("again, after a try that failed")
    index = await screen.choose(title, info.name, options, also_leaves=("i",))
    if index is None:
        return False
    avoid_hour, other_half = RETRY_TIMES[index]
    rules = {"avoid_hour": avoid_hour, "other_half": other_half}
    if screen.crm.perform(list_rules.set_rules, info.id, **rules) is None:
        return False
    screen.say(_message(info, _("Again"), retry_time_words(avoid_hour, other_half)))
    return True


def _read_hours(text: str) -> dict[str, str]:
    opens, dash, closes = text.replace("–", "-").partition("-")
    if text.strip() and not dash:
        raise CrmError(_("Hours have a beginning and an end."), _("Type them as 09:00-18:00."))
    return {"call_from": opens.strip(), "call_until": closes.strip()}


# -- columns ---------------------------------------------------------------------------------------


async def _edit_columns(screen: CrmScreen, info: ProspectListInfo) -> bool:
    options = [MenuOption(_("Add a column"), _("the last one"))]
    options += [MenuOption(column.name, _("rename")) for column in info.columns]
    index = await screen.choose(_("columns"), info.name, options, also_leaves=("i",))
    if index is None:
        return False
    if index == 0:
        field = _line(
            screen,
            info,
            _("New column"),
            "",
            lambda text: screen.crm.perform(list_edits.add_column, info.id, text),
            hint=_("its name; it is empty in every row"),
            echo=lambda text: accepted(_("the last column, empty in every row")),
        )
    else:
        column = info.columns[index - 1].name
        field = _line(
            screen,
            info,
            _("Column"),
            column,
            lambda text: screen.crm.perform(list_edits.rename_column, info.id, column, text),
            value=column,
            hint=_("its new name, in the script too"),
        )
    return await screen.edit_field(field, info.name, place=f"list:{info.id}:columns")


# -- script ----------------------------------------------------------------------------------------


async def _edit_script(screen: CrmScreen, info: ProspectListInfo) -> bool:
    """Ask for the script on one line, or by `tab` in the user's own editor."""
    sheets: list[ScriptSheet] = []
    refused: list[str] = []  # what the editor made, while the store does not take it

    def sheet(text: str) -> ScriptSheet:
        sheets.append(ScriptSheet(info.name, refused.pop() if refused else text))
        return sheets[-1]

    def keep(text: str) -> bool:
        script = _read_script(text)
        if sheets[-1].in_editor:
            edited = edit_text(screen.crm, script)
            if edited is None:
                return False  # not changed there: what was typed is asked for again
            script = edited
        if screen.crm.perform(lists.set_script, info.id, script) is None:
            refused.append(_on_one_line(script))
            return False
        screen.say(_message(info, _("Script"), _on_one_line(script)))
        return True

    text = _on_one_line(info.script)
    return await screen.edit_in(sheet, keep, text, place=f"list:{info.id}:script")


class ScriptSheet(PromptSheet):
    """A script on one line. ``tab`` ends it with ``in_editor`` set: the text is to be edited in the
    user's editor."""

    def __init__(self, about: str, script: str) -> None:
        hint = _("| ends a line; {first name} is filled in; [1] no time begins an answer")
        super().__init__(
            _("script"),
            about,
            _script_echo,
            value=script,
            rows=3,
            examples=make((hint, "dim")),
            empty_value="",
            empty_word=_("no script"),
        )
        self.in_editor = False
        self.note = make(("tab", "key"), (" " + _("your editor"), "dim"))

    async def press(self, event: events.Key) -> None:
        if event.key == "tab":
            self.in_editor = True
            await self.choose(self.value)
        else:
            await super().press(event)


def _read_script(text: str) -> str:
    """A script typed on one line: ``|`` ends a line."""
    return "\n".join(part.strip() for part in text.split("|"))


def _on_one_line(script: str) -> str:
    return script.replace("\n", " | ")


def _script_echo(text: str) -> Echo:
    """The last lines of a typed script."""
    rows = [row for row in _read_script(text).split("\n") if row]
    return Echo([EchoRow("=", "won", make((row, "text"))) for row in rows[-3:]])
