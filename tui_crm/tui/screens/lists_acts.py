"""What `i` does with the list under the cursor: besides its settings, rows handed to a rep, split
off, merged; an updated file. Every entry says what Enter will do before it does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, ngettext
from tui_crm.core.work import list_acts, list_filter, list_merge, lists, team
from tui_crm.core.work.lists import ListRow, ProspectListInfo
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.screens.lists_settings import Act, ListSettings, refused, understood
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet
from tui_crm.tui.widgets.record_list import RecordList


class ListActs(ListSettings):
    """The acts on one list, for the screen that shows them all."""

    records: RecordList

    def _row(self) -> ListRow | None:
        raise NotImplementedError

    async def action_edit_list(self) -> None:
        row = self._row()
        if row is None:
            self.cannot("i", _("there is no list here."), Hint("I", _("imports one")))
            return
        info = lists.get(self.session, row.id)
        acts: list[tuple[MenuOption, Act]] = [
            (MenuOption(_("Name"), info.name), lambda: self._ask_name(info)),
            (MenuOption(_("Script"), info.script.replace("\n", " | ") or _("none yet")),
             lambda: self._ask_script(info)),
            (MenuOption(_("Rules"), _("hours, tries …")), lambda: self._ask_rules(info)),
            (MenuOption(_("Columns"), _("{n}: add, rename").format(n=len(info.columns))),
             lambda: self._ask_columns(info)),
            (MenuOption(_("Hand rows to a rep")), lambda: self._hand_rows(info)),
            (MenuOption(_("Split by a filter")), lambda: self._split_rows(info, row)),
            (MenuOption(_("Merge into another")), lambda: self._merge_list(info)),
            (MenuOption(_("Updated file")), lambda: self._bring_update(info)),
            (MenuOption(_("Bring back") if info.archived else _("Archive")),
             lambda: self._put_away(info)),
        ]  # fmt: skip

        async def chosen(index: int | None) -> None:
            if index is not None:
                await acts[index][1]()

        await MenuSheet(
            _("edit"), info.name, [option for option, _act in acts], also_leaves=("i",)
        ).open(self, chosen)

    # -- rows for a rep ------------------------------------------------------------------------

    async def _hand_rows(self, info: ProspectListInfo) -> None:
        names = [m.name for m in team.members(self.session.store) if m.active]

        async def chosen(index: int | None) -> None:
            if index is not None:
                await self._hand_to(info, names[index - 1] if index else "")

        options = [MenuOption(_("Nobody"), _("anybody calls them again")),
                   *(MenuOption(name) for name in names)]  # fmt: skip
        await MenuSheet(_("hand to"), info.name, options, also_leaves=("i",)).open(self, chosen)

    async def _hand_to(self, info: ProspectListInfo, name: str, typed: str = "") -> None:
        whom = name or _("anybody")

        def echo(text: str) -> Echo:
            query, n = _query_and_count(text)
            found = list_acts.hand_preview(self.session, info.id, query, name, n)
            if not found.rows:
                return refused(_("no row that still waits for a call matches"))
            said = ngettext("{n} row for {name}", "{n} rows for {name}", found.rows)
            more = _("{n} stay: somebody else's").format(n=f"{found.others:,}") if found.others else ""
            return understood(said.format(n=f"{found.rows:,}", name=whom), more)

        async def entered(text: str | None) -> None:
            if text is None:
                return
            query, n = _query_and_count(text)
            done = self.crm.perform(list_acts.hand, info.id, query, name, n)
            if done is None:
                await self._hand_to(info, name, text)
                return
            said = ngettext("{n} row for {name}", "{n} rows for {name}", done.rows)
            self.say(Message(_("Handed"), "strong", said.format(n=f"{done.rows:,}", name=whom),
                             info.name, right=Hint("u", _("undo"))))  # fmt: skip

        await FilterSheet(
            self, info, _("rows for {name}").format(name=whom), echo, value=typed,
            examples=_("for instance: 50, or city:bilbao, or 50 sector:laser"),
            empty=_("every row that waits"),
        ).open(self, entered)  # fmt: skip

    # -- split and merge -----------------------------------------------------------------------

    def _may(self) -> bool:
        try:
            self.session.require("lists")
        except CrmError as error:
            self.refused(error)
            return False
        return True

    async def _split_rows(self, info: ProspectListInfo, row: ListRow, typed: str = "") -> None:
        if not self._may():
            return

        def echo(text: str) -> Echo:
            n = list_filter.count(self.session, info.id, text)
            if not n:
                return refused(_("no row matches"))
            if n == row.rows:
                return refused(_("every row matches: nothing would be left"))
            return understood(_matching(n), _("{n} stay").format(n=f"{row.rows - n:,}"))

        async def entered(text: str | None) -> None:
            if text:
                await self._split_off(info, text, "")

        await FilterSheet(
            self, info, _("split"), echo, value=typed,
            examples=_("which rows: sector:laser -city:bilbao tries>2"),
        ).open(self, entered)  # fmt: skip

    async def _split_off(self, info: ProspectListInfo, query: str, name: str) -> None:
        n = list_filter.count(self.session, info.id, query)

        def echo(text: str) -> Echo:
            said = ngettext("{n} row matches: it becomes the list {name}",
                            "{n} rows match: they become the list {name}", n)  # fmt: skip
            return understood(said.format(n=f"{n:,}", name=text.strip()))

        async def entered(text: str | None) -> None:
            if text is None:
                return
            done = self.crm.perform(list_acts.split, info.id, query, text)
            if done is None:
                await self._split_off(info, query, text)
                return
            self.records.jump(done.list_id)
            self.say(Message(_("Split off"), "strong", done.name, _matching(done.rows),
                             right=Hint("u", _("undo"))))  # fmt: skip

        value = name or f"{info.name} {query.rpartition(':')[2].strip(' ' + chr(34))}"
        await PromptSheet(
            _("new list"), _matching(n), echo, value=value, rows=1
        ).open(self, entered)  # fmt: skip

    async def _merge_list(self, info: ProspectListInfo) -> None:
        if not self._may():
            return
        others = [r for r in lists.lists(self.session) if r.id != info.id]
        if not others:
            self.cannot("i", _("there is no other list to merge into."))
            return

        async def chosen(index: int | None) -> None:
            if index is not None:
                await self._merge_into(info, others[index])

        options = [
            MenuOption(r.name, ngettext("{n} row", "{n} rows", r.rows).format(n=f"{r.rows:,}"))
            for r in others
        ]
        await MenuSheet(_("merge into"), info.name, options, also_leaves=("i",)).open(self, chosen)

    async def _merge_into(self, info: ProspectListInfo, into: ListRow) -> None:
        seen = list_merge.merge_preview(self.session, info.id, into.id)
        parts = [
            ngettext("{n} row comes over", "{n} rows come over", seen.rows).format(n=f"{seen.rows:,}"),
            _("{n} in both, {closed} closed as duplicates").format(
                n=f"{seen.duplicates:,}", closed=f"{seen.closed:,}") if seen.duplicates else "",
            _("new columns: {names}").format(names=", ".join(seen.columns)) if seen.columns else "",
        ]  # fmt: skip

        async def chosen(index: int | None) -> None:
            if index is None:
                return
            done = self.crm.perform(list_merge.merge, info.id, into.id)
            if done is None:
                return
            self.records.jump(into.id)
            self.say(Message(_("Merged"), "strong", into.name, parts[0],
                             right=Hint("u", _("undo"))))  # fmt: skip

        said = "; ".join(part for part in parts if part)
        await MenuSheet(
            _("merge"), f"{info.name} > {into.name}", [MenuOption(_("Merge"), said)], enter=0,
            also_leaves=("i",),
        ).open(self, chosen)  # fmt: skip

    async def _bring_update(self, info: ProspectListInfo) -> None:
        place: Any = self.crm.screen_named("import")
        place.begin_update(info.name)
        self.app.push_screen(place)


class FilterSheet(PromptSheet):
    """A filter over the rows of a list: ``tab`` completes, what makes no sense is said."""

    def __init__(
        self, screen: CrmScreen, info: ProspectListInfo, name: str, echo: Callable[[str], Echo],
        *, value: str = "", examples: str = "", empty: str | None = None,
    ) -> None:  # fmt: skip
        self._of, self._info, self._meaning = screen, info, echo
        super().__init__(
            name, info.name, self._read, value=value, rows=2,
            examples=make((examples, "dim")), empty_value=None if empty is None else "",
            empty_word=empty,
        )  # fmt: skip

    def _found(self, text: str) -> list[str]:
        return list_filter.complete(self._of.session, self._info.id, text)

    def _read(self, text: str) -> Echo:
        try:
            echo = self._meaning(text)
        except CrmError as error:
            echo = refused(error.message, error.hint)
        found = self._found(text)
        if not found:
            return echo
        row = EchoRow("tab", "accent", make(("  ".join(found), "dim")))
        return Echo([*echo.rows, row], echo.spans, echo.refuse)

    async def press(self, event: events.Key) -> None:
        if event.key != "tab":
            await super().press(event)
            return
        text = self.entry.text
        found = self._found(text) if self.entry.at == len(text) else []
        if found:
            self.entry.text = list_filter.completed(text, found[0])
            self.entry.at = len(self.entry.text)
            self.changed()


def _matching(n: int) -> str:
    return ngettext("{n} row matches", "{n} rows match", n).format(n=f"{n:,}")


def _query_and_count(text: str) -> tuple[str, int | None]:
    """``50 sector:laser``: a number in front is how many rows, the rest the filter."""
    first, _space, rest = text.strip().partition(" ")
    if first.isascii() and first.isdigit() and len(first) < 8:
        return rest.strip(), int(first)
    return text, None
