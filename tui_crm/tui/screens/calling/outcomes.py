"""How a call ended: one digit is the whole call, and the words that some outcomes need.

A rep who goes on while the clock of a call runs is asked first how it ended (`confirm_leave`): one
call, one outcome.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from tui_crm.core.calling import (
    operations as calling,
    plan as calling_plan,
    session as calling_session,
)
from tui_crm.core.calling.card import Card
from tui_crm.core.calling.explain import OutcomeChoice
from tui_crm.core.dates import reader as dates
from tui_crm.core.dates.labels import day_label
from tui_crm.core.leads import closing, views as lead_views
from tui_crm.core.leads.duplicates import DuplicateLead
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.text import _
from tui_crm.tui.screens.calling.base import RowScreen
from tui_crm.tui.screens.calling.sheets import SHEET, CallMenu, EndedSheet
from tui_crm.tui.screens.leads import echo
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

Then = Callable[[bool], Any]
"""What the rep wanted when the outcome was asked; told whether a call took place."""


class Outcomes(RowScreen):
    """Outcomes, callbacks, and the question that keeps a call from being left without one."""

    _then: Then | None = None
    _came_back: int | None = None  # a row that an undo brought back during this call

    # -- one outcome a call --------------------------------------------------------------------

    def confirm_leave(self, then: Callable[[], Any]) -> bool:
        """Whether a call under way keeps the rep: it is asked how it ended, then ``then`` is
        done. Esc stays on the row."""
        return self._hold(lambda _called: then())

    def _hold(self, then: Then) -> bool:
        """The same, where it matters whether a call took place."""
        if not self.on_call or self not in self.app.screen_stack:
            return False
        self.call_later(self._ask_ended, then)
        return True

    async def _ask_ended(self, then: Then) -> None:
        card = self.card
        if card is None or card.on_call is None or self.list_id is None:
            return
        while self.app.screen is not self:
            self.app.pop_screen()
        list_id = self.list_id

        async def answered(digit: int | None) -> None:
            if digit is None:
                return
            self._then = then
            if digit:
                await self._outcome(digit)
                return
            calling_session.discard_call(self.session, list_id)
            self.reload()
            await self._go_on(called=False)

        await EndedSheet(card).open(self, answered)

    async def _go_on(self, called: bool = True) -> None:
        """Where the rep wanted to go before the outcome was asked."""
        then, self._then = self._then, None
        if then is not None:
            done = then(called)
            if inspect.isawaitable(done):
                await done

    # -- outcomes ------------------------------------------------------------------------------

    async def action_digit(self, number: int) -> None:
        self._then = None
        await self._outcome(number)

    async def _outcome(self, number: int) -> None:
        card = self._row(str(number))
        if card is None:
            return
        choice = next((c for c in card.choices if c.digit == number), None)
        if choice is None:
            self.explain_key(str(number), _("no outcome has this digit."))
        elif choice.state == "lead" and card.duplicates:
            await self._ask_twin(card, choice)
        else:
            await self._ask(card, choice)

    async def _ask(self, card: Card, choice: OutcomeChoice, lead_id: int | None = None) -> None:
        """What the outcome needs to know; ``lead_id`` is the lead that the row is given to."""
        if choice.outcome.asks == "lead" and not choice.outcome.next_kind:
            await self._ask_next(card, choice, lead_id)
        elif choice.outcome.asks == "reason":
            await self._ask_reason(card, choice)
        elif choice.outcome.asks == "callback":
            await self._ask_callback(card, choice=choice)
        else:
            await self._log(card, choice, lead_id)

    async def _log(
        self, card: Card, choice: OutcomeChoice, lead_id: int | None = None, **more: Any
    ) -> bool:
        """The whole call in one operation; the next row is on screen when it returns."""
        if lead_id is None:
            done = self.crm.perform(calling.outcome, card.prospect_id, choice.digit, **more)
        else:
            done = self.crm.perform(calling.attach, card.prospect_id, lead_id, choice.digit, **more)
        if done is None:
            return False
        self.settle(choice.state)
        self._bring_back()
        if choice.state == "lead" and done is not True:
            word = _("Lead") if lead_id is None else _("Attached")
            self.say(
                Message(word, "won", f"#{done} {self._about(card)}", right=Hint("u", _("undo")))
            )
        else:
            token = (
                "blocked"
                if choice.outcome.blocks
                else "won"
                if choice.outcome.reached
                else "strong"
            )
            self._tell(choice.label, card, choice.words, token)
        await self._go_on()
        return True

    def _bring_back(self) -> None:
        """The row that an undo took back during the call comes now."""
        number, self._came_back = self._came_back, None
        if number is not None:
            self.stand_on(number)

    async def _ask_next(
        self, card: Card, choice: OutcomeChoice, lead_id: int | None = None, text: str = ""
    ) -> None:
        async def answered(value: str | None) -> None:
            if value is None:
                return
            found = self._moment(card, value) if value else None
            if not await self._log(card, choice, lead_id, callback=found):
                await self._ask_next(card, choice, lead_id, value)

        await PromptSheet(
            _("lead, next?"),
            self._about(card),
            lambda typed: self._moment_echo(card, typed),
            value=text,
            rows=SHEET,
            examples=echo.next_action_examples(),
            empty_value="",
            empty_word=_("keeps it in To do"),
        ).open(self, answered)

    async def _ask_reason(self, card: Card, choice: OutcomeChoice) -> None:
        rows = [r for r in closing.reasons(self.session.store, "not_interested") if not r.retired]
        if not rows:
            await self._log(card, choice)
            return

        async def chosen(index: int | None) -> None:
            # The outcome stands with the digit; the reason is offered, never demanded.
            await self._log(card, choice, reason=rows[index].label if index is not None else None)

        about = make((self._about(card), "text"), (f"   {_('Enter: no reason')}", "dim"))
        await CallMenu(choice.label.lower(), about, [MenuOption(r.label) for r in rows]).open(
            self, chosen
        )

    # -- a row that is a lead already ----------------------------------------------------------

    async def _ask_twin(self, card: Card, choice: OutcomeChoice) -> None:
        """Open the lead that there is, give the row to it, or make a second one."""
        first, *others = card.duplicates
        options = [*self._twin_options(first), MenuOption(_("make a second one"))]
        acts: list[tuple[str, DuplicateLead]] = [
            ("open", first),
            ("attach", first),
            ("second", first),
        ]
        for twin in others:
            options += self._twin_options(twin)
            acts += [("open", twin), ("attach", twin)]

        async def chosen(index: int | None) -> None:
            if index is None:
                return
            what, twin = acts[index]
            if what == "open":
                # To look at it is no outcome: nothing is written, and the call goes on.
                self._then = None
                self.crm.open_lead(twin.lead_id)
            elif what == "attach":
                lead = lead_views.one(self.session, twin.lead_id)
                if lead.open and lead.next is None:
                    await self._ask(card, choice, twin.lead_id)
                else:
                    await self._log(card, choice, twin.lead_id)
            else:
                await self._ask(card, choice)

        await CallMenu(_("already a lead"), self._about(card), options).open(self, chosen)

    @staticmethod
    def _twin_options(twin: DuplicateLead) -> list[MenuOption]:
        closed = f", {_(twin.status)}" if twin.status != "open" else ""
        return [
            MenuOption(_("open it"), f"{twin.words}: {twin.why}{closed}"),
            MenuOption(
                _("attach the row to #{number}").format(number=twin.lead_id),
                _("calls, numbers and note go there"),
            ),
        ]

    # -- callback ------------------------------------------------------------------------------

    async def action_callback(self) -> None:
        card = self._row("r")
        if card is not None:
            self._then = None
            await self._ask_callback(card)

    async def _ask_callback(
        self, card: Card, text: str = "", choice: OutcomeChoice | None = None
    ) -> None:
        async def entered(value: str | None) -> None:
            if value is None:
                return
            found = self._moment(card, value)
            if choice is not None:
                if not await self._log(card, choice, callback=found):
                    await self._ask_callback(card, value, choice)
                return
            if self.crm.perform(calling.callback, card.prospect_id, found) is None:
                await self._ask_callback(card, value)
                return
            self.settle("callback")
            self._bring_back()
            self._tell(_("Call back"), card, dates.echo(found, self.session.now))

        await PromptSheet(
            _("call back"),
            self._about(card),
            lambda typed: self._moment_echo(card, typed, needed=True),
            value=text,
            rows=SHEET,
            examples=make((_("tue 10    9:30 there    +2h    12 dec 9:30 after the fair"), "dim")),
        ).open(self, entered)

    def _moment(self, card: Card, text: str) -> dates.Reading:
        """A typed moment. ``9:30 there`` is on the prospect's own clock."""
        theirs = _there_in(text)
        if theirs is None or card.there.tzinfo is None:
            return echo.read_next_action(self.session, text)
        # Blanks in place of the word: what was recognised stands where it was typed.
        plain = text[: theirs[0]] + " " * (theirs[1] - theirs[0]) + text[theirs[1] :]
        now = self.session.now.astimezone(card.there.tzinfo)
        found = dates.read(plain, now, echo.locale_of(self.session))
        if found.at is None:
            return found
        return replace(found, day=found.at.astimezone(self.session.zone).date())

    def _moment_echo(self, card: Card, text: str, needed: bool = False) -> Echo:
        """A typed moment on both clocks, the rep's and the prospect's."""
        found = self._moment(card, text)
        rows = echo.next_action_rows(self.session, found, None)
        if found.problem or (needed and found.day is None and found.at is None):
            if not found.problem:
                rows = [EchoRow("?", "late", make((_("that is no day; try: tue 10"), "late")))]
            return Echo(rows, refuse=True)
        if found.at is not None:
            there = found.at.astimezone(card.there.tzinfo)
            rows[0] = EchoRow("=", "won", (*rows[0].runs, *self._there(found.at, there, card)))
            rules = calling_plan.rules_of(self.session, card.list_id)
            if not calling_rules.is_open(rules.win, there.tzinfo, int(there.timestamp())):  # type: ignore[arg-type]
                rows.append(
                    EchoRow(
                        "!",
                        "due",
                        make(
                            (
                                _(
                                    "outside calling hours there. Enter keeps it: they chose the "
                                    "moment."
                                ),
                                "due",
                            )
                        ),
                    )
                )
        spans = [(start, end, "accent") for start, end, _what in found.spans]
        return Echo(rows, spans)

    def _there(self, at: datetime, there: datetime, card: Card) -> Any:
        if not card.zone_known:
            return make((f"  {_('their zone is not known')}", "dim"))
        if there.utcoffset() == at.astimezone(self.session.zone).utcoffset():
            return make((f"  {_('same time there')}", "dim"))
        day = (
            ""
            if there.date() == at.astimezone(self.session.zone).date()
            else (f"{day_label(there.date(), self.session.today)} ")
        )
        return make((f"  {day}{there:%H:%M} {_('there')}", "strong"))


def _there_in(text: str) -> tuple[int, int] | None:
    """Where the word stands that puts a typed time on the prospect's clock: behind the time."""
    words = "|".join(re.escape(word) for word in {"there", _("there")})
    found = re.search(
        rf"\d(?:\s?[ap]m|h)?\s+({words})\b(?!\s+(?:is|are|was|were|will)\b)", text, re.IGNORECASE
    )
    return found.span(1) if found else None
