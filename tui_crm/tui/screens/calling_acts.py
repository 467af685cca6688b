"""The acts of a calling session: one digit is one whole call, and the words that some need.

`CallingActs` is what the keys of Calling do to the row on screen; the screen itself (what is shown
and when) is `calling.CallingScreen`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tui_crm.core import when
from tui_crm.core.errors import CrmError
from tui_crm.core.moments import day_label
from tui_crm.core.text import _
from tui_crm.core.work import (
    calling,
    calling_queue,
    calling_rules,
    closing,
    lists,
)
from tui_crm.core.work.calling_card import Card, Choice, read_row
from tui_crm.tui.screens import reading
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.screens.calling_sheets import (
    SHEET,
    CallMenu,
    ComingSheet,
    RowNoteSheet,
    ScriptSheet,
    explained,
)
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet, no_echo


class CallingActs(CrmScreen):
    """What the keys of Calling do. The screen gives ``card`` and ``list_id``."""

    card: Card | None
    list_id: int | None
    branch: int | None
    narrowed: str

    def _row(self, key: str) -> Card | None:
        """The row on screen, or a word on why there is none."""
        if self.card is None:
            self.cannot(key, _("there is nobody to call now."), Hint("v", _("says why")))
        return self.card

    @staticmethod
    def _about(card: Card) -> str:
        return ", ".join(p for p in (card.name, card.company) if p) or _("row {n}").format(n=card.row)

    def _tell(self, word: str, card: Card, note: str = "", token: str = "strong") -> None:
        about = self._about(card) + (f": {note}" if note else "")
        self.say(Message(word, token, about, right=Hint("u", _("undo"))))

    def settle(self, state: str) -> None:
        """A row got its outcome: the progress of the list moves without counting it anew."""

    # -- outcomes ------------------------------------------------------------------------------

    async def action_digit(self, number: int) -> None:
        card = self._row(str(number))
        if card is None:
            return
        choice = next((c for c in card.choices if c.digit == number), None)
        if choice is None:
            self.cannot(str(number), _("no outcome has this digit."))
        elif choice.outcome.asks == "lead" and not choice.outcome.next_kind:
            await self._ask_next(card, choice)
        elif choice.outcome.asks == "reason":
            await self._ask_reason(card, choice)
        elif choice.outcome.asks == "callback":
            await self.action_callback(choice=choice)
        else:
            self._log(card, choice)

    def _log(self, card: Card, choice: Choice, **more: Any) -> bool:
        """The whole call in one operation; the next row is on screen when it returns."""
        done = self.crm.perform(calling.outcome, card.prospect_id, choice.digit, **more)
        if done is None:
            return False
        self.settle(choice.state)
        if choice.state == "lead" and done is not True:
            self.say(Message(_("Lead"), "won", f"#{done} {self._about(card)}",
                             right=Hint("u", _("undo"))))  # fmt: skip
        else:
            token = "blocked" if choice.outcome.blocks else "won" if choice.outcome.reached else "strong"
            self._tell(choice.label, card, choice.words, token)
        return True

    async def _ask_next(self, card: Card, choice: Choice, text: str = "") -> None:
        async def answered(value: str | None) -> None:
            if value is None:
                return
            found = reading.moment(self.session, value) if value else None
            if not self._log(card, choice, callback=found):
                await self._ask_next(card, choice, value)

        await PromptSheet(
            _("lead, next?"), self._about(card),
            explained(self, text, lambda typed: self._moment_echo(card, typed)), value=text, rows=SHEET,
            examples=reading.examples(), empty_value="", empty_word=_("keeps it in To do"),
        ).open(self, answered)  # fmt: skip

    async def _ask_reason(self, card: Card, choice: Choice) -> None:
        rows = [r for r in closing.reasons(self.session.store, "not_interested") if not r.retired]
        if not rows:
            self._log(card, choice)
            return

        def chosen(index: int | None) -> None:
            # The outcome stands with the digit; the reason is offered, never demanded.
            self._log(card, choice, reason=rows[index].label if index is not None else None)

        about = make((self._about(card), "text"), (f"   {_('Enter: no reason')}", "dim"))
        await CallMenu(choice.label.lower(), about, [MenuOption(r.label) for r in rows]).open(
            self, chosen
        )

    # -- callback ------------------------------------------------------------------------------

    async def action_callback(self, text: str = "", choice: Choice | None = None) -> None:
        card = self._row("r")
        if card is None:
            return

        async def entered(value: str | None) -> None:
            if value is None:
                return
            found = reading.moment(self.session, value)
            if choice is not None:
                if not self._log(card, choice, callback=found):
                    await self.action_callback(value, choice)
                return
            if self.crm.perform(calling.callback, card.prospect_id, found) is None:
                await self.action_callback(value)
                return
            self.settle("callback")
            self._tell(_("Call back"), card, when.echo(found, self.session.now))

        await PromptSheet(
            _("call back"), self._about(card),
            explained(self, text, lambda typed: self._moment_echo(card, typed, needed=True)),
            value=text, rows=SHEET,
            examples=make((_("tue 10    +2h    12 dec 9:30 after the fair"), "dim")),
        ).open(self, entered)  # fmt: skip

    def _moment_echo(self, card: Card, text: str, needed: bool = False) -> Echo:
        """A typed moment on both clocks, the rep's and the prospect's."""
        found = reading.moment(self.session, text)
        rows = reading.when_rows(self.session, found, None)
        if found.problem or (needed and found.day is None and found.at is None):
            if not found.problem:
                rows = [EchoRow("?", "late", make((_("that is no day; try: tue 10"), "late")))]
            return Echo(rows, refuse=True)
        if found.at is not None:
            there = found.at.astimezone(card.there.tzinfo)
            rows[0] = EchoRow("=", "won", (*rows[0].runs, *self._there(found.at, there, card)))
            rules = calling_queue.rules_of(self.session, card.list_id)
            if not calling_rules.is_open(rules.win, there.tzinfo, int(there.timestamp())):  # type: ignore[arg-type]
                rows.append(EchoRow("!", "due", make((_(
                    "outside calling hours there. Enter keeps it: they chose the moment."), "due"))))  # fmt: skip
        spans = [(start, end, "accent") for start, end, _what in found.spans]
        return Echo(rows, spans)

    def _there(self, at: datetime, there: datetime, card: Card) -> Any:
        if not card.zone_known:
            return make((f"  {_('their zone is not known')}", "dim"))
        if there.utcoffset() == at.astimezone(self.session.zone).utcoffset():
            return make((f"  {_('same time there')}", "dim"))
        day = "" if there.date() == at.astimezone(self.session.zone).date() else (
            f"{day_label(there.date(), self.session.today)} ")  # fmt: skip
        return make((f"  {day}{there:%H:%M} {_('there')}", "strong"))

    # -- dial, clock, pause --------------------------------------------------------------------

    def action_dial(self) -> None:
        card = self._row("Enter")
        if card is None:
            return
        phone = next((p for p in card.phones if card.dialled in (p.e164, p.typed)), None)
        if card.on_call is not None and phone is not None:
            # A second Enter is a slip: the call goes on.
            self.say(Message(_("On this call"), "strong", "", phone.shown,
                             right=Hint("1-9", _("how it ended"))))  # fmt: skip
            return
        try:
            number = calling.dial(self.session, card.prospect_id)
        except CrmError as error:
            self.refused(error)
            return
        self.crm.copy(number)
        problem = self.crm.dial(number)
        self.reload()
        phone = next((p for p in card.phones if number in (p.e164, p.typed)), None)
        shown = phone.shown if phone else number
        note = problem or (_("copied, dialler started") if self.crm.dialer else _("copied"))
        self.say(Message(_("Dial"), "late" if problem else "strong", "", shown, note,
                         Hint("1-9", _("how it ended"))))  # fmt: skip

    def action_pause(self) -> None:
        if self.card is None or self.list_id is None:
            self.cannot("z", _("there is no clock to stop."))
            return
        paused = calling.pause(self.session, self.list_id)
        self.reload()
        self.say(Message(_("Paused") if paused else _("On again"), "strong",
                         _("the clock stands still") if paused else _("the clock goes on"),
                         right=Hint("z", _("go on")) if paused else None))  # fmt: skip

    # -- words ---------------------------------------------------------------------------------

    async def action_note(self) -> None:
        card = self._row("n")
        if card is None:
            return
        kept = read_row(self.session, card.prospect_id)["note"]
        typed = "" if card.saved else card.note
        if kept and typed.startswith(kept):
            typed = typed[len(kept) :]

        def written(_value: str | None) -> None:
            # What was typed is saved already; the outcome takes it with it.
            self.reload()

        await RowNoteSheet(
            self.session, card.prospect_id, self._about(card), kept, " ".join(typed.split())
        ).open(self, written)

    async def action_edit(self) -> None:
        card = self._row("i")
        if card is None:
            return
        columns = [c.name for c in lists.get(self.session, card.list_id).columns]
        values = {name: value for name, value, _field in card.cells}

        async def chosen(index: int | None) -> None:
            if index is None:
                return
            if index < len(columns):
                await self._edit(card, columns[index], values.get(columns[index], ""))
            else:
                await self._edit_note(card)

        options = [MenuOption(name, values.get(name, "–")) for name in columns]
        await CallMenu(
            _("edit"), self._about(card), [*options, MenuOption(_("Note"), card.note)],
            also_leaves=("i",),
        ).open(self, chosen)  # fmt: skip

    async def _edit(self, card: Card, name: str, value: str) -> None:
        async def entered(text: str | None) -> None:
            if text is None:
                return
            if self.crm.perform(calling.edit_row, card.prospect_id, {name: text}) is None:
                await self._edit(card, name, text)
            else:
                self._tell(name, card, text or _("emptied"))

        await PromptSheet(
            _("edit"), make((name, "text"), (f"  {self._about(card)}", "dim")),
            explained(self, value, no_echo), value=" ".join(value.split()), rows=SHEET, empty_value="", empty_word=_("empties it"),
            examples=make((_("what the file said is kept"), "dim")),
        ).open(self, entered)  # fmt: skip

    async def _edit_note(self, card: Card) -> None:
        def entered(text: str | None) -> None:
            if text is not None and self.crm.perform(
                calling.set_note, card.prospect_id, text
            ) is not None:
                self._tell(_("Note"), card, text)

        await PromptSheet(
            _("note"), self._about(card), value=" ".join(card.note.split()), rows=SHEET,
            empty_value="", empty_word=_("empties it"),
        ).open(self, entered)  # fmt: skip

    async def action_copy(self) -> None:
        card = self._row("y")
        if card is None:
            return
        texts = [p.shown if p.e164 else p.typed for p in card.phones] + list(card.emails)
        texts += [text for text in (card.web, card.linkedin) if text]
        if not texts:
            self.cannot("y", _("there is nothing to copy here."), Hint("i", _("edit")))
            return

        def chosen(index: int | None) -> None:
            if index is not None:
                self.crm.copy(texts[index])
                self.say(Message(_("Copied"), "strong", "", texts[index]))

        if len(texts) == 1:
            chosen(0)
            return
        await CallMenu(
            _("copy"), self._about(card), [MenuOption(t) for t in texts], enter=0,
            also_leaves=("y",),
        ).open(self, chosen)  # fmt: skip

    # -- going on without an outcome -----------------------------------------------------------

    def action_move(self, by: int) -> None:
        key = "j" if by > 0 else "k"
        card = self._row(key)
        if card is None or self.list_id is None:
            return
        if card.on_call is not None and self._clock_lost != card.prospect_id:
            # The clock of a call is not thrown away by a slip.
            self._clock_lost = card.prospect_id
            self.cannot(key, _("you are on this call: a digit says how it ended."),
                        Hint(key, _("once more leaves it out")))  # fmt: skip
            return
        self._keep_words(card)
        if by > 0:
            following = calling.skip(self.session, self.list_id)
        else:
            following = calling.back(self.session, self.list_id)
        if following is None and by < 0:
            self.cannot("k", _("no row was stepped over."))
            return
        self.branch = None
        self.reload()
        if by > 0 and following is not None and following.prospect_id == card.prospect_id:
            self.cannot("j", _("this is the only row that may be called now."))

    _clock_lost: int | None = None

    def _keep_words(self, card: Card) -> None:
        """A row that is left takes its note along, for whoever gets it next."""
        if not card.saved:
            self.crm.perform(calling.set_note, card.prospect_id, card.note)

    async def action_coming(self) -> None:
        if self.list_id is None:
            return
        found = calling.coming(self.session, self.list_id)

        def chosen(index: int | None) -> None:
            if index is not None:
                self.stand_on(found.rows[index].prospect_id)

        await ComingSheet(found, self.session.now).open(self, chosen)

    def stand_on(self, prospect_id: int) -> None:
        """Put this very row on the screen, or say why not."""
        try:
            calling.go(self.session, prospect_id)
        except CrmError as error:
            self.refused(error)
            return
        self.branch = None
        self.reload()

    async def action_script(self) -> None:
        card = self._row("tab")
        if card is None:
            return
        if not card.script.opening and not card.script.branches:
            self.cannot("tab", _("this list has no script; i on the list writes one."),
                        Hint("Esc", _("lists")))  # fmt: skip
            return

        def left(branch: int | None) -> None:
            self.branch = branch or None
            self.reload()

        await ScriptSheet(card, self.branch).open(self, left)

    async def action_filter(self) -> None:
        if self.list_id is None:
            return
        list_id = self.list_id

        def echo(text: str) -> Echo:
            rules = calling_queue.rules_of(self.session, list_id)
            found = calling_queue.peek(self.session, rules, 1, text, [])
            if not found:
                return Echo([EchoRow("!", "due", make((_("nobody to call matches"), "due")))])
            row = read_row(self.session, found[0])
            first = ", ".join(p for p in (row["name"], row["company"]) if p)
            return Echo([EchoRow("=", "won", make((_("first: ") , "dim"), (first, "strong")))])

        def entered(value: str | None) -> None:
            if value is None:
                return
            try:
                calling.seat(self.session, list_id, value)
            except CrmError as error:
                self.refused(error)
                return
            self.narrowed = value
            self.reload()
            self.say(Message(_("Narrowed"), "strong", value) if value
                     else Message(_("The whole list"), "strong"))  # fmt: skip

        await PromptSheet(
            _("narrow"), _("rows with all these words"), echo, value=self.narrowed, rows=SHEET,
            examples=make((_("laser city:bilbao"), "dim")), empty_value="",
            empty_word=_("the whole list"),
        ).open(self, entered)  # fmt: skip

    def action_open_warned(self) -> None:
        card = self._row("#")
        if card is None:
            return
        found = next((w.lead_id for w in card.warnings if w.lead_id), None)
        if found is None:
            self.cannot("#", _("no lead has this number."))
        else:
            self.crm.open_lead(found)
