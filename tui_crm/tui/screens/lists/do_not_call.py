"""Do not call: the phones and e-mails that nobody calls or writes to, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tui_crm.core import phones
from tui_crm.core.dates.labels import short_day
from tui_crm.core.errors import CrmError
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import Block
from tui_crm.core.text import _, fold, ngettext
from tui_crm.tui.screens.base import echo_error
from tui_crm.tui.screens.leads.side_pane import AIR, ListAndPane
from tui_crm.tui.screens.lists.do_not_call_files import export_file, import_file
from tui_crm.tui.screens.lists.erase_person import erase_person
from tui_crm.tui.screens.progress import undo_many
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    cell,
    cells,
    clip,
    label,
    make,
    paragraph,
    section,
)
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet
from tui_crm.tui.widgets.record_list import Id, RecordList, Row


@dataclass(frozen=True)
class DoNotCallView:
    """The entries that the filter finds, of ``total``."""

    blocks: tuple[Block, ...]
    total: int
    filter_text: str


LOOKED_AT = 500  # blocks by which the column of numbers and addresses is sized


class BlockRows:
    """The entries as rows, made when they come into view: there may be a hundred thousand."""

    def __init__(self, head: list[Row], view: DoNotCallView, row: Callable[[Block], Row]) -> None:
        self._head, self._blocks, self._row = head, view.blocks, row
        self._places: dict[Id, int] | None = None

    def __len__(self) -> int:
        return len(self._head) + len(self._blocks)

    def row(self, index: int) -> Row:
        if index < len(self._head):
            return self._head[index]
        return self._row(self._blocks[index - len(self._head)])

    def index(self, id: Id) -> int | None:
        if self._places is None:
            self._places = {b.match: n for n, b in enumerate(self._blocks, len(self._head))}
        return self._places.get(id)


class DoNotCallScreen(ListAndPane):
    """The do-not-call list."""

    NAME = "blocked"
    TAB = "C"

    def __init__(self) -> None:
        super().__init__()
        self.view: DoNotCallView | None = None
        self._longest = 0  # cells of the longest number or address among the first ones
        self.filter_text = ""

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        blocks = do_not_call.blocked(self.session)
        words = fold(self.filter_text)
        digits = "".join(c for c in self.filter_text if c.isdigit())
        found = [
            block
            for block in blocks
            if not words
            or words in fold(f"{block.match} {block.who} {block.words}")
            or (len(digits) > 2 and digits in block.match)
        ]
        self.show(DoNotCallView(tuple(found), len(blocks), self.filter_text))
        self.show_frame()

    def show(self, view: DoNotCallView) -> None:
        """A pure function of the view and the size."""
        self.view = view
        shown = (cells(make(self._shown(block))) for block in view.blocks[:LOOKED_AT])
        self._longest = min(max(shown, default=0) + 1, 64)
        self.records.show(BlockRows(self._head(view), view, self._row))
        self.show_pane()

    def _head(self, view: DoNotCallView) -> list[Row]:
        air = [Row.blank()] if self.size.height >= AIR else []
        if not view.total:
            return [
                Row.blank(),
                Row.text(make((_("  Nobody is on the do-not-call list."), "strong"))),
                Row.text(
                    make(
                        (
                            _(
                                "  Who is, is not called or written to, in any list, import or"
                                " new lead."
                            ),
                            "text",
                        )
                    )
                ),
                Row.blank(),
                Row.text(make(("  +", "key"), (_("  puts a phone or an e-mail on it"), "text"))),
                Row.text(make(("  I", "key"), (_("  imports a file of them"), "text"))),
                Row.text(
                    make(("  9", "key"), (_("  does it after a call, as its outcome"), "text"))
                ),
            ]
        count = f"{len(view.blocks):,}"
        if view.filter_text:
            count += f" {_('of')} {view.total:,}"
        note = f"/ {view.filter_text}" if view.filter_text else ""
        head = [*air, Row.section(_("Do not call"), count, note)]
        if not view.blocks:
            return [
                *head,
                Row.blank(),
                Row.text(make((_("  Nobody of that kind is on the list."), "strong"))),
                Row.text(
                    make(("  /", "key"), ("  " + _("and Enter on an empty line shows all"), "text"))
                ),
            ]
        return [*head, Row(self._titles, kind="text")]

    def _widths(self, width: int) -> tuple[int, int, int]:
        """Cells of the number, the day, and who; what is left is for the words."""
        if width < 50:
            return max(width - 15, 8), 12, 0
        # An address is worth more than the words behind it, which stand in the pane too.
        return max(17, min(self._longest, width - 34)), 12, 10

    def _titles(self, width: int) -> Line:
        match, day, who = self._widths(width)
        line = [
            cell("", 2, "dim"),
            cell(_("number or e-mail"), match, "dim"),
            cell("", 1, "dim"),
            cell(_("when"), day, "dim"),
        ]
        if who:
            line += [
                cell(_("who"), who, "dim"),
                cell(_("words"), width - 3 - match - day - who, "dim"),
            ]
        return clip(tuple(line), width)

    def _row(self, block: Block) -> Row:
        def draw(width: int) -> Line:
            match, day, who = self._widths(width)
            line = [
                Run("9 ", "blocked.b"),
                cell(self._shown(block), match, "dim" if block.forgotten else "text"),
                Run(" ", "dim"),
                cell(self._day(block), day, "dim"),
            ]
            if who:
                words = _("forgotten") if block.forgotten else block.words
                line += [cell(block.who, who - 1, "dim"), Run(" ", "dim"), *make((words, "dim"))]
            return clip(tuple(line), width)

        return Row.item(block.match, draw)

    def _shown(self, block: Block) -> str:
        if block.forgotten:
            return _("hash {start}").format(
                start=do_not_call.short(block.match)[len(do_not_call.HASHED) :]
            )
        if block.kind == "phone":
            return phones.shown(block.match, block.match, self.session.house.region)
        return block.match

    def _day(self, block: Block) -> str:
        day = datetime.fromtimestamp(block.at, self.session.zone).date()
        return short_day(day, self.session.today, weekday=False)

    def block(self) -> Block | None:
        """The entry under the cursor."""
        match = self.records.cursor_id
        blocks = self.view.blocks if self.view is not None else ()
        return next((b for b in blocks if b.match == match), None)

    def about_row(self) -> Callable[[int], list[Line]]:
        block = self.block()
        return lambda width: self._about(block, width) if block is not None else []

    def _about(self, block: Block, width: int) -> list[Line]:
        at = datetime.fromtimestamp(block.at, self.session.zone)
        kind = _("e-mail") if block.kind == "email" else _("phone")
        made = [
            clip(make((self._shown(block), "blocked.b")), width),
            EMPTY,
            label(_("kind"), kind, width),
            label(_("who"), block.who, width),
            label(_("when"), f"{self._day(block)} {at:%H:%M}", width),
            EMPTY,
        ]
        if block.forgotten:
            return made + paragraph(
                _(
                    "The person was forgotten. Only a salted hash is kept: it blocks the number"
                    " wherever it turns up, and tells nobody what it was."
                ),
                width,
            )
        made += paragraph(
            block.words or _("no words were noted"), width, "text" if block.words else "dim"
        )
        has = do_not_call.carriers(self.session.store, block.match)
        made += [EMPTY, section(_("Blocks"), width)]
        made += [
            clip(make((f"{n:>6,} ", "text"), (_("in {list}").format(list=name), "dim")), width)
            for name, n in has.lists
        ]
        made += [
            clip(make((f"{f'#{number}':>6} ", "dim"), (title, "text")), width)
            for number, title in has.leads
        ]
        if not (has.lists or has.leads):
            made += paragraph(_("nothing here carries it today"), width, "dim")
        return made

    def summary(self) -> Line:
        """Where no pane stands beside the list: the words of the entry under the cursor, whole."""
        block = self.block()
        if block is None or self.beside:
            return EMPTY
        return make(
            (self._shown(block), "text"), (f"  {block.words}" if block.words else "", "dim")
        )

    # -- keys ----------------------------------------------------------------------------------

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        block = self.block()
        if block is None:
            return
        has = do_not_call.carriers(self.session.store, block.match)
        if has.leads:
            self.crm.open_lead(has.leads[0][0], [number for number, _title in has.leads])
            return
        rows = sum(n for _name, n in has.lists)
        where = ", ".join(name for name, _n in has.lists)
        said = ngettext("{n} row in {lists}", "{n} rows in {lists}", rows).format(
            n=rows, lists=where
        )
        self.explain_key(
            "Enter", _("no lead has it; {rows}.").format(rows=said if rows else _("no list either"))
        )

    @conversation
    async def action_filter(self) -> None:
        def sheet(text: str) -> PromptSheet:
            return PromptSheet(
                _("filter"),
                _("do not call"),
                value=text,
                rows=1,
                sign="/",
                empty_value="",
                empty_word=_("shows all"),
                examples=make((_("a number, a name, a word"), "dim")),
            )

        await self.edit_in(sheet, self._set_filter, self.filter_text, place=None)

    def _set_filter(self, text: str) -> bool:
        self.filter_text = text
        self.reload()
        return True

    @conversation
    async def action_add(self) -> None:
        def add(entry: tuple[str, str]) -> bool:
            what, words = entry
            if self.crm.perform(do_not_call.block, what, words) is None:
                return False
            match = do_not_call.read(self.session, what)[1]
            self.records.jump(match)
            self.say(Message(_("Do not call"), "blocked", match, words, right=Hint("u", _("undo"))))
            return True

        examples = _("+34 600 000 001, asked on the phone    or    anna@acme.example")
        await self.edit_line(
            _("do not call"),
            "",
            add,
            place="do-not-call:new",
            parse=_split_entry,
            echo=self._entry_echo,
            examples=make((examples, "dim")),
            rows=1,
        )

    def _entry_echo(self, text: str) -> Echo:
        """What a typed entry blocks, and how many rows that closes."""
        session, (what, words) = self.session, _split_entry(text)
        try:
            kind, match = do_not_call.read(session, what)
        except CrmError as error:
            return echo_error(error)
        block = do_not_call.is_blocked(session, [match]).get(match)
        if block is not None:
            row = make((_("on the list already ({who})").format(who=block.who), "late"))
            return Echo([EchoRow("?", "late", row)], refuse=True)
        rows = len(do_not_call.rows_with(session.store, [match]))
        closes = ngettext("closes {n} row", "closes {n} rows", rows).format(n=rows)
        shown = phones.shown(match, match, session.house.region) if kind == "phone" else match
        row = make(
            (shown, "strong"), (f"  {words}", "text"), (f"  {closes}" if rows else "", "dim")
        )
        return Echo([EchoRow("=", "won", row)])

    @conversation
    async def action_remove(self) -> None:
        block = self.block()
        if block is None:
            self.explain_key("-", _("there is nobody to take off."), Hint("+", _("adds one")))
            return
        if not self.may("unblock"):
            return
        match, shown = block.match, self._shown(block)
        await self.edit_line(
            _("take off the list"),
            shown,
            lambda why: self.crm.perform(do_not_call.unblock, match, why),
            place=f"do-not-call:{do_not_call.salted_hash(self.session.house.salt, match)[:16]}",
            said=lambda why: Message(
                _("Off the list"), "strong", shown, why, right=Hint("u", _("undo"))
            ),
            examples=make((_("why it may be called again: they called us"), "dim")),
            rows=1,
        )

    @conversation
    async def action_forget(self) -> None:
        if self.may("forget"):
            block = self.block()
            await erase_person(self, block.match if block and not block.forgotten else "")

    @conversation
    async def action_import_file(self) -> None:
        await import_file(self)

    @conversation
    async def action_export_file(self) -> None:
        await export_file(self)

    @conversation
    async def action_undo(self) -> None:
        await undo_many(self)

    @conversation
    async def action_redo(self) -> None:
        await undo_many(self, redo=True)


def _split_entry(text: str) -> tuple[str, str]:
    """A typed entry as the phone or e-mail, and the words behind the first comma."""
    what, _comma, words = text.partition(",")
    return what.strip(), words.strip()
