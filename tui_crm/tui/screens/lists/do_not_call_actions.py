"""What can be done from the do-not-call list beside adding and taking off: forgetting a person, and
the list in and out as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange import do_not_call, importing
from tui_crm.core.exchange.writers import formats
from tui_crm.core.lists import lists
from tui_crm.core.privacy import erase
from tui_crm.core.privacy.do_not_call import Block
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.base import CrmScreen, echo_error
from tui_crm.tui.screens.importing.path_sheet import PathSheet, path_of
from tui_crm.tui.screens.progress import MANY, perform_job, undo_many
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

SKIPPED = 3  # unreadable rows of a file that are named before it is brought in


class BlockedActs(CrmScreen):
    """The acts; the screen says which entry is under the cursor."""

    def block(self) -> Block | None:
        """The entry under the cursor."""
        raise NotImplementedError

    def may(self, what: str) -> bool:
        """Whether this user has the right; where not, it is said who has."""
        try:
            self.session.require(what)
        except CrmError as error:
            self.refused(error)
            return False
        return True

    @conversation
    async def action_undo(self) -> None:
        await undo_many(self)

    @conversation
    async def action_redo(self) -> None:
        await undo_many(self, redo=True)

    # -- forgetting ----------------------------------------------------------------------------

    async def action_forget(self, text: str | None = None) -> None:
        """Ask whom, show what would go, and take a clear yes by digit: it cannot be undone."""
        if not self.may("forget"):
            return
        block = self.block()
        if text is None:
            text = block.match if block is not None and not block.forgotten else ""

        def echo(typed: str) -> Echo:
            try:
                found = erase.preview(self.session, typed)
            except CrmError as error:
                return echo_error(error)
            return Echo([EchoRow("!", "due", make((_gone(found), "due")))])

        async def entered(typed: str | None) -> None:
            if typed is not None:
                await self._sure(typed)

        await PromptSheet(
            _("forget a person"),
            _("for good: this cannot be undone"),
            echo,
            value=text,
            rows=1,
            keep=_("goes on"),
            examples=make(
                (_("a phone or an e-mail: names, numbers and notes go, counts stay"), "dim")
            ),
        ).open(self, entered)

    async def _sure(self, typed: str) -> None:
        found = erase.preview(self.session, typed)

        leave = MenuOption(_("Leave it"), _("nothing changes"))
        options = [
            MenuOption(_("Forget, never call"), _("their hash stays on the list"), "blocked"),
            MenuOption(_("Forget only"), _("may be imported again"), "late"),
            leave,
        ]
        if found.blocked:
            options = [MenuOption(_("Forget"), _("they stay blocked, by a hash"), "blocked"), leave]

        @conversation
        async def chosen(index: int | None) -> None:
            if index is None or options[index] is leave:
                self.say(Message(_("Nobody"), "strong", _("was forgotten")))
                return
            block = index == 0

            done: Any
            if self._much():
                done = await perform_job(
                    self,
                    _("forgetting"),
                    found.match,
                    lambda _progress, _cancelled: erase.erase(self.session, typed, block),
                    words=_("The tables and the whole journal are gone through."),
                    cancellable=False,
                )
            else:
                done = self.crm.perform(erase.erase, typed, block)
            await self._forgotten(typed, done)

        await MenuSheet(
            _("forget for good"),
            _("{match}: {what}").format(match=found.match, what=_gone(found)),
            options,
        ).open(self, chosen)

    async def _forgotten(self, typed: str, done: Any) -> None:
        if not isinstance(done, erase.Erased):
            await self.action_forget(typed)
            return
        note = ""
        if done.backups:
            note = ngettext(
                "{n} backup still holds them", "{n} backups still hold them", done.backups
            ).format(n=done.backups)
        said = ngettext("{n} row emptied", "{n} rows emptied", done.rows).format(n=done.rows)
        self.say(Message(_("Forgotten"), "strong", said, note))

    def _much(self) -> bool:
        """Whether forgetting takes longer than a key may: it looks at everything there is."""
        store = self.session.store
        return max(lists.estimate_rows(store), store.last_entry()) > MANY

    # -- files ---------------------------------------------------------------------------------

    async def action_import_file(self, path: str = "", problem: str = "") -> None:
        async def entered(value: str | None) -> None:
            if value is None:
                return
            try:
                seen = importing.preview(
                    self.session, do_not_call.DoNotCallImport(), path_of(value)
                )
            except (CrmError, OSError) as error:
                await self.action_import_file(value, str(error))
                return
            await self._import(seen)

        await PathSheet(_("do not call: one phone or e-mail a row"), path, problem).open(
            self, entered
        )

    async def _import(self, seen: importing.Preview[Any, do_not_call.BlockComparison]) -> None:
        figures = _("{added} new of {rows} rows, {known} known, {skipped} not readable").format(
            added=seen.added,
            rows=seen.rows,
            known=len(seen.duplicates),
            skipped=len(seen.skipped),
        )
        name = seen.file.name
        if not seen.comparison.has_changes:
            self.say(Message("!", "due", name, figures, subject_token="due"))
            return

        def chosen(index: int | None) -> None:
            if index != 0:
                return
            done = self.crm.perform(importing.run_import, seen)
            if isinstance(done, importing.Preview):
                self.say(
                    Message(
                        _("Do not call"),
                        "blocked",
                        _("{n} more").format(n=len(done.comparison.new)),
                        figures,
                        right=Hint("u", _("undo")),
                    )
                )

        first = [
            _("line {line}: {reason}").format(line=s.line, reason=s.reason)
            for s in seen.skipped[:SKIPPED]
        ]
        await MenuSheet(
            name,
            figures,
            [
                MenuOption(
                    _("Put {n} on the list").format(n=seen.added), _("one undo takes them off")
                ),
                MenuOption(_("Leave it"), "; ".join(first)),
            ],
            enter=0,
        ).open(self, chosen)

    async def action_export_file(self, path: str = "do-not-call.csv") -> None:
        def echo(typed: str) -> Echo:
            target = Path(path_of(typed))
            if formats.format_of(target) is None:
                row = make((_("the ending says the format: .csv, .xlsx or .json"), "late"))
                return Echo([EchoRow("?", "late", row)], refuse=True)
            if target.exists():
                return Echo([EchoRow("!", "due", make((_("is there: Enter replaces it"), "due")))])
            return Echo([EchoRow("=", "won", make((str(target.absolute()), "strong")))])

        async def entered(value: str | None) -> None:
            if value is None:
                return
            try:
                count = do_not_call.save(self.session, path_of(value))
            except CrmError as error:
                self.refused(error)
                await self.action_export_file(value)
                return
            rows = ngettext("{n} row", "{n} rows", count).format(n=count)
            self.say(Message(_("Written"), "strong", path_of(value), rows))

        await PromptSheet(
            _("export"),
            _("do not call"),
            echo,
            value=path,
            rows=1,
        ).open(self, entered)


def _gone(found: erase.ErasePreview) -> str:
    """What would be emptied, in words."""
    rows = ngettext("{n} row", "{n} rows", found.rows).format(n=found.rows)
    people = ngettext("{n} person", "{n} people", found.people).format(n=found.people)
    leads = ngettext("{n} lead", "{n} leads", found.leads).format(n=found.leads)
    return _("{rows} of lists, {people}, {leads} for good").format(
        rows=rows, people=people, leads=leads
    )
