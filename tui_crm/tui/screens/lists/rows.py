"""What is done with the rows of a prospect list: hand them to a rep, split some off, merge all into
another list.

Each entry shows what Enter will do before it does it. The functions are awaited in a conversation
(see `tui_crm.tui.widgets.conversation`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import (
    edits as list_edits,
    filter as list_filter,
    lists,
    merge as list_merge,
)
from tui_crm.core.lists.edits import HandResult, SplitResult
from tui_crm.core.lists.lists import ListRow, ProspectListInfo
from tui_crm.core.lists.merge import MergeResult
from tui_crm.core.progress import Cancelled, Progress
from tui_crm.core.session import all_members
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.lists.row_filter import LARGE, RowFilterSheet, accepted, rejected
from tui_crm.tui.screens.progress import perform_many, run_job
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, PromptSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.lists.screen import ListsScreen


def _is_large(screen: ListsScreen, info: ProspectListInfo) -> bool:
    """Whether looking through all rows of a list takes longer than a key may."""
    return lists.list_progress(screen.session, info.id).rows > LARGE


def _matching(n: int) -> str:
    return ngettext("{n} row matches", "{n} rows match", n).format(n=f"{n:,}")


# -- handing rows to a rep -------------------------------------------------------------------------


async def hand_rows(screen: ListsScreen, info: ProspectListInfo) -> bool:
    """Ask for a rep and for the rows that only this rep is to call."""
    names = [member.name for member in all_members(screen.session.store) if member.active]
    options = [MenuOption(_("Nobody"), _("anybody calls them again"))]
    options += [MenuOption(name) for name in names]
    index = await screen.choose(_("hand to"), info.name, options, also_leaves=("i",))
    if index is None:
        return False
    return await _hand_rows_to(screen, info, names[index - 1] if index else "")


async def _hand_rows_to(screen: ListsScreen, info: ProspectListInfo, name: str) -> bool:
    session, rep = screen.session, name or _("anybody")

    def rows_for_rep(n: int) -> str:
        words = ngettext("{n} row for {name}", "{n} rows for {name}", n)
        return words.format(n=f"{n:,}", name=rep)

    def echo(text: str) -> Echo:
        n, query = _read_count(text)
        preview = list_edits.hand_preview(session, info.id, query, name, n)
        if not preview.rows:
            return rejected(_("no row that still waits for a call matches"))
        others = f"{preview.others:,}" if preview.others else ""
        stay = _("{n} stay: somebody else's").format(n=others) if others else ""
        return accepted(rows_for_rep(preview.rows), stay)

    def sheet(text: str) -> PromptSheet:
        return RowFilterSheet(
            session,
            info,
            _("rows for {name}").format(name=rep),
            echo,
            value=text,
            examples=_("for instance: 50, or city:bilbao, or 50 sector:laser"),
            empty_word=_("every row that waits"),
            jobs=screen.jobs if _is_large(screen, info) else None,
        )

    async def hand(text: str) -> bool:
        n, query = _read_count(text)
        handed = await perform_many(
            screen,
            lists.list_progress(session, info.id).rows if n is None else n,
            _("handing over"),
            info.name,
            partial(list_edits.hand, list_id=info.id, query=query, user=name, n=n),
        )
        if not isinstance(handed, HandResult):
            return False
        words, right = rows_for_rep(handed.rows), Hint("u", _("undo"))
        screen.say(Message(_("Handed"), "strong", words, info.name, right=right))
        return True

    return await screen.edit_in(sheet, hand, place=None)


def _read_count(text: str) -> tuple[int | None, str]:
    """``50 sector:laser``: a number in front is how many rows, the rest is the filter."""
    first, _space, rest = text.strip().partition(" ")
    if first.isascii() and first.isdigit() and len(first) < 8:
        return int(first), rest.strip()
    return None, text


# -- splitting -------------------------------------------------------------------------------------


async def split_rows(screen: ListsScreen, info: ProspectListInfo, rows: int) -> bool:
    """Ask for a filter, and for the name of the list that its rows become. ``rows`` is the number
    of rows of the list."""
    if not screen.may("lists"):
        return False
    counts: dict[str, int] = {}

    def echo(text: str) -> Echo:
        n = counts[text.strip()] = list_filter.count(screen.session, info.id, text)
        if not n:
            return rejected(_("no row matches"))
        if n == rows:
            return rejected(_("every row matches: nothing would be left"))
        return accepted(_matching(n), _("{n} stay").format(n=f"{rows - n:,}"))

    sheet = RowFilterSheet(
        screen.session,
        info,
        _("split"),
        echo,
        examples=_("which rows: sector:laser -city:bilbao tries>2"),
        jobs=screen.jobs if _is_large(screen, info) else None,
    )
    query = await ask(screen, sheet) or ""
    return bool(query) and await _split_off(screen, info, query, counts[query])


async def _split_off(screen: ListsScreen, info: ProspectListInfo, query: str, rows: int) -> bool:
    def echo(text: str) -> Echo:
        words = ngettext(
            "{n} row matches: it becomes the list {name}",
            "{n} rows match: they become the list {name}",
            rows,
        )
        return accepted(words.format(n=f"{rows:,}", name=text.strip()))

    async def split(name: str) -> bool:
        result = await perform_many(
            screen,
            rows,
            _("splitting"),
            info.name,
            partial(list_edits.split, list_id=info.id, query=query, name=name),
        )
        if not isinstance(result, SplitResult):
            return False
        screen.records.jump(result.list_id)
        words, right = _matching(result.rows), Hint("u", _("undo"))
        screen.say(Message(_("Split off"), "strong", result.name, words, right=right))
        return True

    return await screen.edit_in(
        lambda text: PromptSheet(_("new list"), _matching(rows), echo, value=text, rows=1),
        split,
        f"{info.name} {query.rpartition(':')[2].strip(' ' + chr(34))}",
        place=f"list:{info.id}:split",
    )


# -- merging ---------------------------------------------------------------------------------------


async def merge_list(screen: ListsScreen, info: ProspectListInfo) -> bool:
    """Ask for the list to merge into, show what that would do, and do it."""
    if not screen.may("lists"):
        return False
    others = [row for row in lists.lists(screen.session) if row.id != info.id]
    if not others:
        screen.explain_key("i", _("there is no other list to merge into."))
        return False
    options = [
        MenuOption(r.name, ngettext("{n} row", "{n} rows", r.rows).format(n=f"{r.rows:,}"))
        for r in others
    ]
    index = await screen.choose(_("merge into"), info.name, options, also_leaves=("i",))
    if index is None:
        return False
    try:
        preview = await _preview_merge(screen, info, others[index])
    except CrmError as error:
        screen.refused(error)
        return False
    return await _merge(screen, info, others[index], preview)


async def _preview_merge(screen: ListsScreen, info: ProspectListInfo, into: ListRow) -> MergeResult:
    """Find out what merging would do, in the background where one of the lists is large."""

    def preview(
        _progress: Progress | None = None, _cancelled: Cancelled | None = None
    ) -> MergeResult:
        return list_merge.merge_preview(screen.session, info.id, into.id)

    if into.rows <= LARGE and not _is_large(screen, info):
        return preview()
    return await run_job(
        screen,
        _("comparing"),
        f"{info.name} > {into.name}",
        preview,
        words=_("which rows are in both lists"),
        cancellable=False,
    )


async def _merge(
    screen: ListsScreen, info: ProspectListInfo, into: ListRow, preview: MergeResult
) -> bool:
    names = f"{info.name} > {into.name}"
    rows = ngettext("{n} row comes over", "{n} rows come over", preview.rows).format(
        n=f"{preview.rows:,}"
    )
    parts = [rows]
    if preview.duplicates:
        words = _("{n} in both, {closed} closed as duplicates")
        parts.append(words.format(n=f"{preview.duplicates:,}", closed=f"{preview.closed:,}"))
    if preview.columns:
        parts.append(_("new columns: {names}").format(names=", ".join(preview.columns)))
    options = [MenuOption(_("Merge"), "; ".join(parts))]
    if await screen.choose(_("merge"), names, options, enter=0, also_leaves=("i",)) is None:
        return False
    merged = await perform_many(
        screen,
        preview.rows,
        _("merging"),
        names,
        partial(list_merge.merge, list_id=info.id, into_id=into.id),
    )
    if merged is None:
        return False
    screen.records.jump(into.id)
    screen.say(Message(_("Merged"), "strong", into.name, rows, right=Hint("u", _("undo"))))
    return True
