"""What is set of a list: its name, script, rules and columns, each by a digit and a line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from textual import events

from tui_crm.core.calling import list_rules
from tui_crm.core.dates.labels import weekdays_words
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import edits as list_edits, lists
from tui_crm.core.lists.lists import ProspectListInfo
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.terminal.editor import edit_text
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet, no_echo

Act = Callable[[], Awaitable[None]]
Given = tuple[Callable[..., Any], dict[str, Any]]
"""An operation on a list, and what it is given beside the list."""

# What a failed try keeps away from, the hour and the half of the day: two rules as one choice.
AGAIN = ((False, False), (True, False), (False, True), (True, True))


class ListSettings(CrmScreen):
    """The settings of one list, for the screen that shows them all."""

    # -- words and rules -----------------------------------------------------------------------

    def _done(self, info: ProspectListInfo, word: str, said: str, act: Given) -> bool:
        what, given = act
        if self.crm.perform(what, info.id, **given) is None:
            return False
        self.say(Message(word, "strong", info.name, said, right=Hint("u", _("undo"))))
        return True

    async def _ask(
        self,
        info: ProspectListInfo,
        name: str,
        value: str,
        hint: str,
        act: Callable[[str], Given],
        empty: str | None,
        echo: Callable[[str], Echo] = no_echo,
        rows: int = 1,
    ) -> None:
        """One line for one thing of a list; a text that is refused comes back with the reason.
        ``empty`` says what an empty line does, None that it does nothing."""

        async def entered(text: str | None) -> None:
            if text is None:
                return
            try:
                done = self._done(info, name, text, act(text))
            except CrmError as error:
                self.refused(error)
                done = False
            if not done:
                await self._ask(info, name, text, hint, act, empty, echo, rows)

        await PromptSheet(
            name.lower(),
            info.name,
            echo,
            value=value,
            rows=rows,
            examples=make((hint, "dim")),
            empty_value=None if empty is None else "",
            empty_word=empty,
        ).open(self, entered)

    async def _ask_name(self, info: ProspectListInfo) -> None:
        await self._ask(info, _("Name"), info.name, "", lambda t: (lists.rename, {"name": t}), None)

    async def _ask_script(self, info: ProspectListInfo, script: str | None = None) -> None:
        """The script on one line, or by `tab` in the user's own editor."""
        was = info.script if script is None else script
        entry = ScriptEntry(info.name, was)

        async def entered(text: str | None) -> None:
            if text is None:
                return
            written: str | None = _script(text)
            if entry.in_editor:
                try:
                    written = edit_text(self.crm, written or "")
                except CrmError as error:
                    self.refused(error)
                    await self._ask_script(info, written)
                    return
                if written is None:  # left as it was: what was typed is still there
                    await self._ask_script(info, _script(text))
                    return
            said = (written or "").replace("\n", " | ")
            if not self._done(info, _("Script"), said, (lists.set_script, {"script": written})):
                await self._ask_script(info, written)

        await entry.open(self, entered)

    async def _put_away(self, info: ProspectListInfo) -> None:
        word = _("Brought back") if info.archived else _("Archived")
        self._done(info, word, "", (lists.archive, {"archived": not info.archived}))

    async def _ask_rules(self, info: ProspectListInfo) -> None:
        house = self.session.house
        hours = f"{info.call_from or house.call_from}-{info.call_until or house.call_until}"
        days = info.call_days or house.call_days
        limit, anyway = _("no limit"), _("the workspace's")

        def count(name: str, word: str, value: int, none: str) -> tuple[MenuOption, Act]:
            return MenuOption(word, str(value or none)), lambda: self._ask(
                info,
                word,
                str(value or ""),
                _("a number; 0: {none}").format(none=none),
                lambda t: (list_rules.set_rules, {name: t or 0}),
                none,
            )

        def turn(name: str, word: str, value: Any, said: str) -> tuple[MenuOption, Act]:
            async def act() -> None:
                self._done(info, word, "", (list_rules.set_rules, {name: value}))

            return MenuOption(word, said), act

        entries: list[tuple[MenuOption, Act]] = [
            (
                MenuOption(_("Hours"), hours),
                lambda: self._ask(
                    info,
                    _("Hours"),
                    hours,
                    _("on the prospect's own clock, for instance 09:00-18:00"),
                    lambda t: (list_rules.set_rules, _hours(t)),
                    anyway,
                ),
            ),
            (
                MenuOption(_("Days"), weekdays_words(days)),
                lambda: self._ask(
                    info,
                    _("Days"),
                    days,
                    _("1 is Monday: 12345"),
                    lambda t: (list_rules.set_rules, {"call_days": t}),
                    anyway,
                    lambda t: understood(weekdays_words(t)),
                ),
            ),
            (
                MenuOption(_("Zone"), info.zone or _("the rep's")),
                lambda: self._ask(
                    info,
                    _("Zone"),
                    info.zone,
                    _("for rows that say nothing of their own: Europe/Madrid"),
                    lambda t: (list_rules.set_rules, {"zone": t}),
                    _("the rep's"),
                ),
            ),
            turn(
                "new_first",
                _("First"),
                not info.new_first,
                _("new rows") if info.new_first else _("retries"),
            ),
            turn(
                "order_by",
                _("New"),
                "" if info.order_by else "answer",
                _("when people answer") if info.order_by else _("in list order"),
            ),
            count("most_tries", _("Tries"), info.most_tries, _("the outcome's")),
            count("most_per_number", _("On a number"), info.most_per_number, limit),
            count("most_per_day", _("In a day"), info.most_per_day, limit),
            (
                MenuOption(_("Again"), _again(info.avoid_hour, info.other_half)),
                lambda: self._ask_again(info),
            ),
        ]

        async def chosen(index: int | None) -> None:
            if index is not None:
                await entries[index][1]()

        await MenuSheet(
            _("rules"), info.name, [option for option, _act in entries], also_leaves=("i",)
        ).open(self, chosen)

    async def _ask_again(self, info: ProspectListInfo) -> None:
        now = AGAIN.index((info.avoid_hour, info.other_half))

        async def chosen(index: int | None) -> None:
            if index is not None:
                avoid, half = AGAIN[index]
                self._done(
                    info,
                    _("Again"),
                    _again(avoid, half),
                    (list_rules.set_rules, {"avoid_hour": avoid, "other_half": half}),
                )

        options = [
            MenuOption(_again(*both), _("now") if n == now else "") for n, both in enumerate(AGAIN)
        ]
        await MenuSheet(
            _("again, after a try that failed"), info.name, options, also_leaves=("i",)
        ).open(self, chosen)

    # -- columns -------------------------------------------------------------------------------

    async def _ask_columns(self, info: ProspectListInfo) -> None:
        async def chosen(index: int | None) -> None:
            if index == 0:
                await self._ask(
                    info,
                    _("New column"),
                    "",
                    _("its name; it is empty in every row"),
                    lambda t: (list_edits.add_column, {"name": t}),
                    None,
                    lambda t: understood(_("the last column, empty in every row")),
                )
            elif index is not None:
                was = info.columns[index - 1].name
                await self._ask(
                    info,
                    _("Column"),
                    was,
                    _("its new name, in the script too"),
                    lambda t: (list_edits.rename_column, {"column": was, "name": t}),
                    None,
                )

        options = [
            MenuOption(_("Add a column"), _("the last one")),
            *(MenuOption(c.name, _("rename")) for c in info.columns),
        ]
        await MenuSheet(_("columns"), info.name, options, also_leaves=("i",)).open(self, chosen)


class ScriptEntry(PromptSheet):
    """A script on one line; ``tab`` ends it for the editor, ``in_editor`` says so."""

    def __init__(self, about: str, script: str) -> None:
        hint = _("| ends a line; {first name} is filled in; [1] no time begins an answer")
        super().__init__(
            _("script"),
            about,
            _script_echo,
            value=script.replace("\n", " | "),
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


def understood(said: str, more: str = "") -> Echo:
    """What Enter will do, on one row."""
    return Echo(
        [EchoRow("=", "won", make((said, "strong"), (f"   {more}" if more else "", "dim")))]
    )


def refused(said: str, more: str = "") -> Echo:
    """Why Enter does nothing."""
    row = EchoRow("?", "late", make((said, "late"), (f"  {more}" if more else "", "dim")))
    return Echo([row], refuse=True)


def _again(avoid_hour: bool, other_half: bool) -> str:
    """When a row comes back after a try that failed."""
    return {
        (False, False): _("at any hour"),
        (True, False): _("at another hour"),
        (False, True): _("other half of the day"),
        (True, True): _("other half and hour"),
    }[avoid_hour, other_half]


def _script(text: str) -> str:
    """A script typed on one line: ``|`` ends a line."""
    return "\n".join(part.strip() for part in text.split("|"))


def _script_echo(text: str) -> Echo:
    """The lines that a typed script becomes."""
    rows = [row for row in _script(text).split("\n") if row]
    return Echo([EchoRow("=", "won", make((row, "text"))) for row in rows[-3:]])


def _hours(text: str) -> dict[str, str]:
    opens, dash, closes = text.replace("–", "-").partition("-")
    if text.strip() and not dash:
        raise CrmError(_("Hours have a beginning and an end."), _("Type them as 09:00-18:00."))
    return {"call_from": opens.strip(), "call_until": closes.strip()}


def rules_of(info: ProspectListInfo, house: Any) -> list[tuple[str, str]]:
    """The rules of a list in words, for its pane."""
    hours = f"{info.call_from or house.call_from} - {info.call_until or house.call_until}"
    tries = [str(info.most_tries) if info.most_tries else _("as the outcome says")]
    if info.most_per_number:
        tries.append(_("{n} a number").format(n=info.most_per_number))
    if info.most_per_day:
        tries.append(_("{n} a day").format(n=info.most_per_day))
    first = _("new rows") if info.new_first else _("callbacks, retries, then new rows")
    rules = [
        (_("hours"), f"{hours}, {_('on their clock')}"),
        (_("days"), weekdays_words(info.call_days or house.call_days)),
        (_("first"), first + (f"; {_('new when people answer')}" if info.order_by else "")),
        (_("tries"), ", ".join(tries)),
    ]
    if info.avoid_hour or info.other_half:
        rules.append((_("again"), _again(info.avoid_hour, info.other_half)))
    if info.zone:
        rules.append((_("zone"), info.zone))
    return rules
