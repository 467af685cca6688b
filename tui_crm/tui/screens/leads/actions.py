"""The Do keys: what a rep does to the lead under the cursor, the same on every screen.

A screen that shows leads extends `LeadActions` and returns the lead under the cursor in `subject`.
Words are asked for at the bottom edge; the operation runs when Enter is pressed, and when it is
refused the line opens again with its text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from tui_crm.core import money, phones
from tui_crm.core.calling.follow_up import FollowUp
from tui_crm.core.leads import (
    actions,
    closing,
    contacts,
    leads,
    next_actions,
    people,
    record,
    views as lead_views,
)
from tui_crm.core.leads.contacts import Person
from tui_crm.core.leads.dialling import LeadCall
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import all_members
from tui_crm.core.setup import tags
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.screens.leads import echo as lead_echo, outcome_echo
from tui_crm.tui.screens.leads.appointments import edit_appointment, remove_appointment
from tui_crm.tui.screens.leads.log_action import log_action, log_words
from tui_crm.tui.screens.leads.marks import Marks
from tui_crm.tui.screens.leads.target import Target
from tui_crm.tui.widgets.conversation import ask, conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import Line, make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo


def _between(order: Sequence[int], marked: int | None, here: int | None) -> Sequence[int]:
    """The leads from the one marked last (else the first of all) to the one under the cursor."""
    if here not in order:
        return []
    start = order.index(marked) if marked in order else 0
    first, last = sorted((start, order.index(here)))
    return order[first : last + 1]


class LeadActions(CrmScreen):
    """A screen with leads: marks and the Do keys."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()

    # -- which leads ---------------------------------------------------------------------------

    def subject(self) -> int | None:
        """The number of the lead under the cursor."""
        raise NotImplementedError

    def marked(self) -> list[int]:
        """The marked leads, in the order of the screen."""
        return list(self.marks)

    def order(self) -> Sequence[int]:
        """The leads of the screen, in its order."""
        raise NotImplementedError

    def booking(self) -> tuple[int, date] | None:
        """The appointment under the cursor and the day of the turn that it shows, on a screen that
        has appointments."""
        return None

    def section(self) -> tuple[str, Sequence[int]]:
        """The name of the section that the cursor is in, and its leads; empty where the list has
        no sections."""
        return "", self.order()

    @conversation
    async def action_mark_many(self) -> None:
        """Ask which leads to mark: the section, the range from the last mark to the cursor, all."""
        order, (name, section), here = self.order(), self.section(), self.subject()
        if not order:
            self.explain_key("b", _("there is no lead to mark."))
            return
        span = _between(order, self.marks.last, here)
        choices: list[Sequence[int]] = [section, span, order, []]
        words = [
            _("this section: {name}").format(name=name) if name else _("this list"),
            _("from the last mark to here") if self.marks else _("from the first to here"),
            _("all that are found"),
            _("none"),
        ]
        options = [
            MenuOption(word, f"{len(set(numbers)):,}" if numbers else "")
            for word, numbers in zip(words, choices, strict=True)
        ]
        index = await self.choose(_("mark"), "", options, enter=0, also_leaves=("b",))
        if index is None:
            return
        if choices[index]:
            self.marks.add(lead_views.amounts(self.session, list(dict.fromkeys(choices[index]))))
        else:
            self.marks.clear()
        self.reload()
        self.messages.show(self.summary())

    def clear_marks(self) -> None:
        """Unmark all leads, after they were acted on."""
        self.marks.clear()
        self.reload()

    def action_back(self) -> None:
        if self.marks:
            self.clear_marks()
        else:
            super().action_back()

    def action_leave(self) -> None:
        if self.marks:
            self.clear_marks()
        else:
            super().action_leave()

    def _target(self, key: str, open_: bool = False) -> Target | None:
        """What the key acts on; a message where there is nothing that it can act on."""
        one = self.subject()
        ids = self.marked() or ([one] if one is not None else [])
        as_of = self.session.store.last_entry()  # before the leads are read
        found = lead_views.by_numbers(self.session, ids[:1])
        if not found:
            self.explain_key(key, _("there is no lead under the cursor."), Hint("+", _("new lead")))
            return None
        lead = found[0]
        if open_ and not lead.open and len(ids) == 1:
            self.explain_key(
                key,
                _("cannot: #{n} is {status}.").format(n=lead.number, status=_(lead.status)),
                Hint("w", _("reopens")),
            )
            return None
        return Target(lead, ids, as_of)

    def do(
        self,
        target: Target,
        message: Message | Callable[[Any], Message] | None,
        operation: Callable[..., Any],
        *args: Any,
        **kw: Any,
    ) -> bool:
        """Perform on the target and show the message, or that of what the operation returned (of
        several leads their number). False when it was refused: what was changed by others meanwhile
        is known then, and entering it again overwrites it."""
        # A log entry overwrites nothing, whatever stands on the lead by now.
        as_of = None if operation is actions.log else target.as_of
        done = self.crm.perform_on(target.ids, operation, *args, as_of=as_of, **kw)
        if done is None:
            target.as_of = self.session.store.last_entry()
            return False
        if target.several:
            self.clear_marks()
        if message is not None:
            self.say(message(done) if callable(message) else message)
        return True

    def running_call(self) -> LeadCall | None:
        """The call that was dialled on a lead and has no outcome yet."""
        return None

    def call_ended(self) -> None:
        """Called when the call that was dialled on a lead was logged."""

    # -- logging -------------------------------------------------------------------------------

    @conversation
    async def action_log(self, kind: str) -> None:
        target = self._target(kind[0])
        if target is not None:
            await log_action(self, target, kind)

    @conversation
    async def action_email(self) -> None:
        target = self._target("e")
        if target is not None:
            from tui_crm.tui.screens.leads.email import email

            await email(self, target)

    @conversation
    async def action_note(self) -> None:
        target = self._target("n")
        if target is not None:
            await log_words(self, target, "note", None)

    def phone_line(self, target: Target) -> Line:
        """The subject of a sheet with the first phone, which one reads while it rings."""
        title = (target.title, "text")
        for person in target.lead.people:
            for point in person.phones:
                if point.bad or target.several:
                    continue
                region = self.session.house.region
                shown = phones.shown(point.value, point.match or None, region)
                if point.blocked:
                    shown = f"{shown}  9 {_('do not call')}"
                    return make(title, (f"   {person.name} ", "dim"), (shown, "blocked.b"))
                return make(title, (f"   {person.name} {shown}", "dim"))
        return make(title)

    # -- next action ---------------------------------------------------------------------------

    async def ask_next_action(self, number: int, again: FollowUp | None = None) -> None:
        """Ask once for the next action of an open lead that has none, or whose next one is due and
        to be tried ``again``; Enter takes the moment of that."""
        found = lead_views.by_numbers(self.session, [number])
        if not found or not found[0].open:
            return
        value = outcome_echo.typed(self.session, again) if again is not None else ""
        if found[0].next is not None and not (value and found[0].status == "todo"):
            return
        target = Target(found[0], [number], self.session.store.last_entry())
        await self.edit_line(
            _("Next?"),
            target.title,
            lambda text: not text or self._set_next_action(target, text),
            place=target.place("next"),
            echo=lambda text: lead_echo.next_action_echo(self.session, text, target.lead),
            value=value,
            examples=lead_echo.next_action_examples(),
            empty_value="",
            empty_word=_("keeps it in To do"),
        )

    @conversation
    async def action_next_action(self) -> None:
        if (booking := self.booking()) is not None:
            await edit_appointment(self, *booking)
            return
        target = self._target("r", open_=True)
        if target is None:
            return
        await self.edit_line(
            _("next action"),
            target.title,
            lambda text: self._set_next_action(target, text),
            place=target.place("next"),
            echo=lambda text: lead_echo.next_action_echo(
                self.session, text, target.lead, target.several
            ),
            examples=lead_echo.next_action_examples(),
        )

    def _set_next_action(self, target: Target, text: str) -> bool:
        reading = lead_echo.read_next_action(self.session, text)
        one = None if target.several else target.lead
        words = lead_echo.next_action_words(self.session, reading, one)
        message = target.message(_("Next"), note=words)
        return self.do(target, message, next_actions.set_next, reading)

    def action_do_now(self) -> None:
        target = self._target("d", open_=True)
        if target is not None:
            self.do(target, target.message(_("To do now")), next_actions.do_now)

    # -- closing -------------------------------------------------------------------------------

    @conversation
    async def action_won(self) -> None:
        target = self._target("w")
        if target is None:
            return
        lead = target.lead
        if not lead.open:
            self.do(target, target.message(_("Reopened")), closing.reopen)
            return
        if target.several:
            self.do(target, target.message(_("Won"), token="won"), closing.won)
            return

        def win(text: str) -> bool:
            typed = lead_echo.read_amount(self.session, text) if text else record.NOT_SEEN
            amount = lead.amount if typed is record.NOT_SEEN else typed
            message = target.message(_("Won"), token="won", figure=self._amount(amount))
            return self.do(target, message, closing.won, amount=typed)

        await self.edit_line(
            _("won"),
            lead.title,
            win,
            place=target.place("won"),
            echo=lambda text: lead_echo.amount_echo(self.session, text),
            empty_value="",
            empty_word=_("keeps {amount}").format(amount=self._amount(lead.amount) or "–"),
            rows=1,
            examples=make((_("another amount, for instance 12.8k"), "dim")),
        )

    @conversation
    async def action_lost(self) -> None:
        await self._close("l", "lost", _("lost"), closing.lost)

    @conversation
    async def action_cancelled(self) -> None:
        if (booking := self.booking()) is not None:
            await remove_appointment(self, *booking)
            return
        await self._close("x", "cancelled", _("cancelled"), closing.cancelled)

    async def _close(self, key: str, kind: str, word: str, operation: Callable[..., Any]) -> None:
        """Close the target for a reason that is chosen by its digit."""
        target = self._target(key, open_=True)
        if target is None:
            return
        reasons = [r for r in closing.reasons(self.session.store, kind) if not r.retired]
        options = [MenuOption(reason.label) for reason in reasons]
        index = await self.choose(word, self.phone_line(target), options, also_leaves=(key,))
        if index is not None:
            reason = reasons[index].label
            message = target.message(word.capitalize(), token="lost.b", note=reason)
            self.do(target, message, operation, reason)

    # -- step, amount, tags, owner, star -------------------------------------------------------

    @conversation
    async def action_step(self) -> None:
        target = self._target("s", open_=True)
        if target is None:
            return
        lead = target.lead
        steps = lead_views.steps(self.session)
        several = len({step.pipeline_id for step in steps}) > 1
        steps.sort(key=lambda step: step.pipeline != lead.pipeline)
        options = [
            MenuOption(
                f"{step.pipeline}: {step.name}" if several else step.name,
                _("here now") if step.id == lead.step_id else f"{step.probability}%",
            )
            for step in steps
        ]
        index = await self.choose(_("step"), self.phone_line(target), options, also_leaves=("s",))
        if index is not None:
            await self._to_step(target, steps[index])

    async def _to_step(self, target: Target, step: lead_views.StepRow) -> None:
        """Move the target to a step; when one lead lacks what the step asks for, ask for it."""
        message = target.message(_("Step"), figure=step.name)
        if not self.do(target, message, leads.set_step, step.id) and not target.several:
            from tui_crm.tui.screens.dialogs.step_needs import ask_needs

            if await ask_needs(self, target.lead.number, step):
                self.do(target, message, leads.set_step, step.id)

    @conversation
    async def action_move_step(self, by: int) -> None:
        target = self._target(">" if by > 0 else "<", open_=True)
        if target is None:
            return

        def moved(step: object) -> Message:
            if target.several:  # each from its own
                found = lead_views.by_numbers(self.session, [target.lead.number])
                step = found[0].step if found else ""
            return target.message(_("Step"), figure=str(step))

        if not self.do(target, moved, leads.move_step, by) and not target.several and by > 0:
            here = target.lead
            steps = [s for s in lead_views.steps(self.session) if s.pipeline == here.pipeline]
            following = next((s for s in steps if s.place == here.step_place + by), None)
            if following is not None:
                await self._to_step(target, following)

    @conversation
    async def action_amount(self) -> None:
        target = self._target("a")
        if target is None:
            return
        seen: Any = record.NOT_SEEN

        def about() -> Line:
            # Read anew each time: when somebody else changed it, their amount is what is changed.
            nonlocal seen
            found = lead_views.by_numbers(self.session, [target.lead.number])
            now = (found[0] if found else target.lead).amount
            seen = record.NOT_SEEN if target.several else now
            shown = self._amount(now) or "–"
            return make((target.title, "text"), (f"  {_('now')} {shown}", "dim"))

        def change(text: str) -> bool:
            amount = lead_echo.read_amount(self.session, text)
            message = target.message(_("Amount"), figure=self._amount(amount) or "–")
            return self.do(target, message, leads.set_amount, amount, seen=seen)

        await self.edit_line(
            _("amount"),
            about,
            change,
            place=target.place("amount"),
            echo=lambda text: lead_echo.amount_echo(self.session, text),
            rows=1,
            examples=make((_("for instance 12.8k; - for unknown"), "dim")),
        )

    def _amount(self, amount: int | None) -> str:
        """An amount in full; empty when it is unknown."""
        return money.full(amount, self.session.currency) if amount is not None else ""

    @conversation
    async def action_tags(self) -> None:
        target = self._target("t")
        if target is None:
            return
        known = " ".join(row.name for row in tags.all_tags(self.session.store)[:8])
        has = " ".join(target.lead.tags) or _("none yet")
        await self.edit_line(
            _("tags"),
            make((target.title, "text"), (f"  {has}", "dim")),
            lambda text: self.do(target, target.message(_("Tags"), figure=text), tags.change, text),
            place=target.place("tags"),
            rows=1,
            examples=make((known or _("for instance: hot relaunch"), "dim")),
        )

    @conversation
    async def action_owner(self) -> None:
        target = self._target("o")
        if target is None:
            return
        members = [m for m in all_members(self.session.store) if m.active]
        options = [
            MenuOption(m.full_name or m.name, _("now") if m.id == target.lead.owner_id else "")
            for m in members
        ]
        options.append(MenuOption(_("nobody"), ""))
        index = await self.choose(_("owner"), self.phone_line(target), options, also_leaves=("o",))
        if index is not None:
            who = members[index] if index < len(members) else None
            message = target.message(_("Owner"), figure=who.name if who else _("nobody"))
            self.do(target, message, leads.set_owner, who.id if who else None)

    def action_star(self) -> None:
        target = self._target("*")
        if target is not None:
            starred = target.lead.starred
            message = target.message(_("Star off") if starred else _("Starred"))
            self.do(target, message, leads.star, not starred)

    def action_client(self) -> None:
        target = self._target("A")
        if target is None:
            return
        if target.lead.client_id is None:
            why = _("#{n} has no client.").format(n=target.lead.number)
            self.explain_key("A", why, Hint("i", _("edit")))
        else:
            self.crm.open_client(target.lead.client_id)

    # -- people --------------------------------------------------------------------------------

    @conversation
    async def action_people(self) -> None:
        target = self._target("p")
        if target is None:
            return
        lead = target.lead
        index: int | None = len(lead.people)
        typed = ""
        if lead.people:
            options = [
                MenuOption(p.name or (p.points[0].value if p.points else ""), p.role)
                for p in lead.people
            ]
            options.append(MenuOption(_("another person"), _("or type the name")))
            menu = MenuSheet(_("people"), lead.title, options, letters=len(lead.people))
            index = await ask(self, menu)
            typed = menu.letter
        if index is not None:
            person = lead.people[index] if index < len(lead.people) else None
            await self._person(lead, person, typed)

    async def _person(self, lead: LeadView, person: Person | None, typed: str = "") -> None:
        """Correct a person of the lead, or take them off with a dash; add one for None, whose line
        begins with what was ``typed``."""

        def keep(text: str) -> int | bool | None:
            if person is None:
                return self.crm.perform(people.add, lead.number, text)
            if text == "-":
                return self.crm.perform(people.remove, person.id, lead.number)
            return self.crm.perform(contacts.edit, person.id, text)

        def echo(text: str) -> Echo:
            return lead_echo.person_echo(self.session, text, lead)

        target = Target(lead, [lead.number], self.session.store.last_entry())
        await self.edit_line(
            _("person"),
            lead.title,
            keep,
            place=target.place(f"person:{person.id if person else 'new'}"),
            value=contacts.as_line(person) if person else typed,
            goes_on=bool(typed),
            said=lambda text: target.message(_("Person"), figure=text.split(",")[0]),
            echo=echo,
            examples=make((_("Anna Weber, purchasing, +49 30 9018204, anna@acme.example"), "dim")),
        )

    # -- copy, edit, repeat --------------------------------------------------------------------

    @conversation
    async def action_copy(self) -> None:
        target = self._target("y")
        if target is None:
            return
        points = [(person, point) for person in target.lead.people for point in person.points]
        if not points:
            self.explain_key("y", _("there is no phone or e-mail here."), Hint("p", _("people")))
            return
        region = self.session.house.region
        texts = [
            phones.shown(point.value, point.match or None, region)
            if point.kind == "phone"
            else point.value
            for _person, point in points
        ]
        index: int | None = 0
        if len(points) > 1:
            options = [
                MenuOption(text, person.name, "blocked" if point.blocked else "text")
                for text, (person, point) in zip(texts, points, strict=True)
            ]
            index = await self.choose(
                _("copy"), target.lead.title, options, enter=0, also_leaves=("y",)
            )
        if index is None:
            return
        text = texts[index]
        self.crm.copy(text)
        if points[index][1].blocked:
            note = _("copied all the same; it is on the list")
            self.say(Message(_("Do not call"), "blocked", figure=text, note=note))
        else:
            self.say(Message(_("Copied"), figure=text))

    @conversation
    async def action_edit(self) -> None:
        if (booking := self.booking()) is not None:
            await edit_appointment(self, *booking)
            return
        await self.edit_lead()

    async def edit_lead(self) -> None:
        """Correct the title, dates, client and fields of the lead under the cursor."""
        target = self._target("i")
        if target is not None:
            from tui_crm.tui.screens.dialogs.edit_lead import edit_lead

            await edit_lead(self, target.lead)

    @conversation
    async def action_edit_text(self) -> None:
        """The marked leads, or the one under the cursor, in the user's editor."""
        target = self._target("ctrl+e")
        if target is not None:
            from tui_crm.core.exchange.as_text.leads import LeadRecords
            from tui_crm.tui.screens.dialogs.edit_text import edit_as_text

            done = await edit_as_text(self, lambda: LeadRecords(self.session, target.ids))
            if done and self.marks:
                self.marks.clear()
                self.reload()

    def action_repeat(self) -> None:
        if self.crm.last_act is None:
            self.explain_key(".", _("nothing was done yet that could be repeated."))
            return
        target = self._target(".")
        if target is not None:
            operation, args, kw = self.crm.last_act
            kw = {name: value for name, value in kw.items() if name != "seen"}
            name = operation.__name__.replace("_", " ")
            self.do(target, target.message(_("Again"), note=name), operation, *args, **kw)
