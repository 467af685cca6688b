"""What `i` does with the list under the cursor: besides its settings, rows handed to a rep, split
off, merged; an updated file. Every entry says what Enter will do before it does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual import events
from textual.timer import Timer

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import (
    edits as list_edits,
    filter as list_filter,
    lists,
    merge as list_merge,
)
from tui_crm.core.lists.lists import ListRow, ProspectListInfo
from tui_crm.core.session import all_members
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.leads.filter import PAUSE
from tui_crm.tui.screens.lists.settings import Act, ListSettings, refused, understood
from tui_crm.tui.screens.progress import perform_many, run_job, undo_many
from tui_crm.tui.screens.stats.background import JobQueue, JobResult
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet
from tui_crm.tui.widgets.record_list import RecordList

LARGE = 20_000  # rows from which on a list is looked through in the background


class ListActs(ListSettings):
    """The acts on one list, for the screen that shows them all."""

    records: RecordList

    def __init__(self) -> None:
        super().__init__()
        self.counter = JobQueue(self, lambda: self.session.store)

    def on_job_result(self, event: JobResult) -> None:
        self.counter.take(event)

    @conversation
    async def action_undo(self) -> None:
        await undo_many(self)

    @conversation
    async def action_redo(self) -> None:
        await undo_many(self, redo=True)

    def _large(self, info: ProspectListInfo) -> bool:
        """Whether a look through all rows of a list takes longer than a key may."""
        return lists.list_progress(self.session, info.id).rows > LARGE

    def _row(self) -> ListRow | None:
        raise NotImplementedError

    async def action_edit_list(self) -> None:
        row = self._row()
        if row is None:
            self.explain_key("i", _("there is no list here."), Hint("I", _("imports one")))
            return
        info = lists.get(self.session, row.id)
        acts: list[tuple[MenuOption, Act]] = [
            (MenuOption(_("Name"), info.name), lambda: self._ask_name(info)),
            (
                MenuOption(_("Script"), info.script.replace("\n", " | ") or _("none yet")),
                lambda: self._ask_script(info),
            ),
            (MenuOption(_("Rules"), _("hours, tries …")), lambda: self._ask_rules(info)),
            (
                MenuOption(_("Columns"), _("{n}: add, rename").format(n=len(info.columns))),
                lambda: self._ask_columns(info),
            ),
            (MenuOption(_("Hand rows to a rep")), lambda: self._hand_rows(info)),
            (MenuOption(_("Split by a filter")), lambda: self._split_rows(info, row)),
            (MenuOption(_("Merge into another")), lambda: self._merge_list(info)),
            (MenuOption(_("Updated file")), lambda: self._bring_update(info)),
            (
                MenuOption(_("Bring back") if info.archived else _("Archive")),
                lambda: self._put_away(info),
            ),
        ]

        async def chosen(index: int | None) -> None:
            if index is not None:
                await acts[index][1]()

        await MenuSheet(
            _("edit"), info.name, [option for option, _act in acts], also_leaves=("i",)
        ).open(self, chosen)

    # -- rows for a rep ------------------------------------------------------------------------

    async def _hand_rows(self, info: ProspectListInfo) -> None:
        names = [m.name for m in all_members(self.session.store) if m.active]

        async def chosen(index: int | None) -> None:
            if index is not None:
                await self._hand_to(info, names[index - 1] if index else "")

        options = [
            MenuOption(_("Nobody"), _("anybody calls them again")),
            *(MenuOption(name) for name in names),
        ]
        await MenuSheet(_("hand to"), info.name, options, also_leaves=("i",)).open(self, chosen)

    async def _hand_to(self, info: ProspectListInfo, name: str, typed: str = "") -> None:
        whom = name or _("anybody")

        def echo(text: str) -> Echo:
            query, n = _query_and_count(text)
            found = list_edits.hand_preview(self.session, info.id, query, name, n)
            if not found.rows:
                return refused(_("no row that still waits for a call matches"))
            said = ngettext("{n} row for {name}", "{n} rows for {name}", found.rows)
            more = (
                _("{n} stay: somebody else's").format(n=f"{found.others:,}") if found.others else ""
            )
            return understood(said.format(n=f"{found.rows:,}", name=whom), more)

        @conversation
        async def entered(text: str | None) -> None:
            if text is None:
                return
            query, n = _query_and_count(text)
            done: Any = await perform_many(
                self,
                n if n is not None else lists.list_progress(self.session, info.id).rows,
                _("handing over"),
                info.name,
                partial(list_edits.hand, list_id=info.id, query=query, user=name, n=n),
            )
            if done is None:
                await self._hand_to(info, name, text)
                return
            said = ngettext("{n} row for {name}", "{n} rows for {name}", done.rows)
            self.say(
                Message(
                    _("Handed"),
                    "strong",
                    said.format(n=f"{done.rows:,}", name=whom),
                    info.name,
                    right=Hint("u", _("undo")),
                )
            )

        await FilterSheet(
            self,
            info,
            _("rows for {name}").format(name=whom),
            echo,
            value=typed,
            large=self._large(info),
            examples=_("for instance: 50, or city:bilbao, or 50 sector:laser"),
            empty=_("every row that waits"),
        ).open(self, entered)

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

        found: dict[str, int] = {}

        def echo(text: str) -> Echo:
            n = found[text.strip()] = list_filter.count(self.session, info.id, text)
            if not n:
                return refused(_("no row matches"))
            if n == row.rows:
                return refused(_("every row matches: nothing would be left"))
            return understood(_matching(n), _("{n} stay").format(n=f"{row.rows - n:,}"))

        async def entered(text: str | None) -> None:
            if text:
                await self._split_off(info, text, "", found[text])

        await FilterSheet(
            self,
            info,
            _("split"),
            echo,
            value=typed,
            large=self._large(info),
            examples=_("which rows: sector:laser -city:bilbao tries>2"),
        ).open(self, entered)

    async def _split_off(self, info: ProspectListInfo, query: str, name: str, n: int) -> None:
        def echo(text: str) -> Echo:
            said = ngettext(
                "{n} row matches: it becomes the list {name}",
                "{n} rows match: they become the list {name}",
                n,
            )
            return understood(said.format(n=f"{n:,}", name=text.strip()))

        @conversation
        async def entered(text: str | None) -> None:
            if text is None:
                return
            done: Any = await perform_many(
                self,
                n,
                _("splitting"),
                info.name,
                partial(list_edits.split, list_id=info.id, query=query, name=text),
            )
            if done is None:
                await self._split_off(info, query, text, n)
                return
            self.records.jump(done.list_id)
            self.say(
                Message(
                    _("Split off"),
                    "strong",
                    done.name,
                    _matching(done.rows),
                    right=Hint("u", _("undo")),
                )
            )

        value = name or f"{info.name} {query.rpartition(':')[2].strip(' ' + chr(34))}"
        await PromptSheet(_("new list"), _matching(n), echo, value=value, rows=1).open(
            self, entered
        )

    async def _merge_list(self, info: ProspectListInfo) -> None:
        if not self._may():
            return
        others = [r for r in lists.lists(self.session) if r.id != info.id]
        if not others:
            self.explain_key("i", _("there is no other list to merge into."))
            return

        @conversation
        async def chosen(index: int | None) -> None:
            if index is not None:
                await self._merge_into(info, others[index])

        options = [
            MenuOption(r.name, ngettext("{n} row", "{n} rows", r.rows).format(n=f"{r.rows:,}"))
            for r in others
        ]
        await MenuSheet(_("merge into"), info.name, options, also_leaves=("i",)).open(self, chosen)

    async def _merge_into(self, info: ProspectListInfo, into: ListRow) -> None:
        def look(_progress: Any = None, _cancelled: Any = None) -> list_merge.MergeResult:
            return list_merge.merge_preview(self.session, info.id, into.id)

        if not self._large(info) and into.rows <= LARGE:
            await self._sure_to_merge(info, into, look())
            return
        try:
            found = await run_job(
                self,
                _("comparing"),
                f"{info.name} > {into.name}",
                look,
                words=_("which rows are in both lists"),
                cancellable=False,
            )
        except CrmError as error:
            self.refused(error)
        else:
            await self._sure_to_merge(info, into, found)

    async def _sure_to_merge(
        self, info: ProspectListInfo, into: ListRow, seen: list_merge.MergeResult
    ) -> None:
        parts = [
            ngettext("{n} row comes over", "{n} rows come over", seen.rows).format(
                n=f"{seen.rows:,}"
            ),
            _("{n} in both, {closed} closed as duplicates").format(
                n=f"{seen.duplicates:,}", closed=f"{seen.closed:,}"
            )
            if seen.duplicates
            else "",
            _("new columns: {names}").format(names=", ".join(seen.columns)) if seen.columns else "",
        ]

        @conversation
        async def chosen(index: int | None) -> None:
            if index is None:
                return
            done: Any = await perform_many(
                self,
                seen.rows,
                _("merging"),
                f"{info.name} > {into.name}",
                partial(list_merge.merge, list_id=info.id, into_id=into.id),
            )
            if done is not None:
                self.records.jump(into.id)
                self.say(
                    Message(_("Merged"), "strong", into.name, parts[0], right=Hint("u", _("undo")))
                )

        said = "; ".join(part for part in parts if part)
        await MenuSheet(
            _("merge"),
            f"{info.name} > {into.name}",
            [MenuOption(_("Merge"), said)],
            enter=0,
            also_leaves=("i",),
        ).open(self, chosen)

    async def _bring_update(self, info: ProspectListInfo) -> None:
        from tui_crm.tui.screens.importing.screen import ImportScreen

        place = self.crm.screen_of(ImportScreen)
        place.begin("update", info.name)
        self.app.push_screen(place)


class FilterSheet(PromptSheet):
    """A filter over the rows of a list: ``tab`` completes, what makes no sense is said. What it
    finds in a ``large`` list is counted in the background, when the hand rests."""

    def __init__(
        self,
        screen: ListActs,
        info: ProspectListInfo,
        name: str,
        echo: Callable[[str], Echo],
        *,
        value: str = "",
        examples: str = "",
        empty: str | None = None,
        large: bool = False,
    ) -> None:
        self._of, self._info, self._meaning, self._large = screen, info, echo, large
        self._known: dict[str, Echo] = {}
        self._soon: Timer | None = None
        self._entered = ""  # the text that Enter waits for
        super().__init__(
            name,
            info.name,
            self._read,
            value=value,
            rows=2,
            examples=make((examples, "dim")),
            empty_value=None if empty is None else "",
            empty_word=empty,
        )

    def _found(self, text: str) -> list[str]:
        return list_filter.complete(self._of.session, self._info.id, text)

    def _meant(self, text: str) -> Echo:
        try:
            return self._meaning(text)
        except CrmError as error:
            return refused(error.message, error.hint)

    def _read(self, text: str) -> Echo:
        if not self._large:
            echo = self._meant(text)
        else:
            counting = Echo([EchoRow("~", "dim", make((_("counting …"), "dim")))], refuse=True)
            echo = self._known.get(text.strip(), counting)
        found = self._found(text)
        if not found:
            return echo
        row = EchoRow("tab", "accent", make(("  ".join(found), "dim")))
        return Echo([*echo.rows, row], echo.spans, echo.refuse)

    # -- a large list --------------------------------------------------------------------------

    def changed(self) -> None:
        super().changed()
        self._entered = ""
        if self._soon is not None:
            self._soon.stop()
        text = self.value.strip()
        if self._large and text and text not in self._known:
            self._soon = self.set_timer(PAUSE, self._count)

    def _count(self) -> None:
        text = self.value.strip()
        if self.is_open and text and text not in self._known:
            self._of.counter.ask(
                "filter", lambda: self._meant(text), lambda echo: self._told(text, echo)
            )

    def _told(self, text: str, echo: Echo | CrmError) -> None:
        self._known[text] = refused(echo.message, echo.hint) if isinstance(echo, CrmError) else echo
        if not self.is_open:
            return
        entered, self._read_text = self._entered == text, None
        super().changed()
        if entered and not self.reading().refuse:
            self.call_next(self.submit)

    async def submit(self) -> None:
        text = self.value.strip()
        if self._large and text and text not in self._known:
            # Enter came before the answer: it is kept until then.
            self._entered = text
            self._count()
            return
        await super().submit()

    async def leave(self) -> None:
        self._of.counter.drop("filter")
        await super().leave()

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
