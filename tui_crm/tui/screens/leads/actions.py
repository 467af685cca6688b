"""The Do keys: what a rep does to the lead under the cursor, the same on every screen.

A screen that shows leads mixes `LeadActs` in and says which leads are meant (`targets`) and which
one is under the cursor (`subject`). Words are asked for at the bottom edge; the operation runs
when Enter is pressed, and a refusal opens the line again with its text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui_crm.core import drafts, money, phones
from tui_crm.core.leads import (
    actions,
    closing,
    contacts,
    leads,
    next_actions,
    record,
    views as lead_views,
)
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import all_members
from tui_crm.core.setup import outcomes, tags
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.screens.leads import echo as lead_echo
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import Line, make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import PromptSheet

UNDO = "u"


class LeadActs(CrmScreen):
    """Mix-in for screens with leads."""

    # -- which leads ---------------------------------------------------------------------------

    def subject(self) -> int | None:
        """The number of the lead under the cursor."""
        raise NotImplementedError

    def marked(self) -> list[int]:
        """The marked leads, in the order of the screen."""
        return []

    def clear_marks(self) -> None:
        """Forget the marks, after they were acted on."""

    def targets(self) -> list[int]:
        """What a Do key acts on: the marked leads, else the one under the cursor."""
        one = self.subject()
        return self.marked() or ([one] if one is not None else [])

    def lead(self) -> LeadView | None:
        """The first of the targets, read anew."""
        found = lead_views.by_numbers(self.session, self.targets()[:1])
        return found[0] if found else None

    def about(self, lead: LeadView) -> str:
        """The subject of a sheet."""
        several = len(self.targets())
        return _("{n} marked leads").format(n=several) if several > 1 else lead.title

    def _need(self, key: str, open_: bool = False) -> LeadView | None:
        """The lead that a key is about, or a word on why there is none."""
        lead = self.lead()
        if lead is None:
            self.explain_key(key, _("there is no lead under the cursor."), Hint("+", _("new lead")))
            return None
        if open_ and not lead.open and len(self.targets()) == 1:
            self.explain_key(
                key,
                _("cannot: #{n} is {status}.").format(n=lead.number, status=_(lead.status)),
                Hint("w", _("reopens")),
            )
            return None
        return lead

    def do(self, message: Message | None, what: Callable[..., Any], *args: Any, **kw: Any) -> bool:
        """Perform on the targets and say so. False when it was refused."""
        ids = self.targets()
        if not self.crm.perform_on(ids, what, *args, **kw):
            return False
        if len(ids) > 1:
            self.clear_marks()
        if message is not None:
            self.say(message)
        return True

    def done(
        self, word: str, lead: LeadView, *, token: str = "strong", figure: str = "", note: str = ""
    ) -> Message:
        """The usual message: a word, the subject, `u undo` at the right."""
        return Message(word, token, self.about(lead), figure, note, Hint(UNDO, _("undo")))

    # -- logging -------------------------------------------------------------------------------

    async def action_log(self, kind: str) -> None:
        lead = self._need(kind[0])
        if lead is None:
            return
        offered = {o.digit: o for o in outcomes.outcomes(self.session, kind, "lead") if o.digit}
        # An outcome keeps its digit everywhere: a digit that nothing has stays empty.
        rows = [offered.get(digit) for digit in range(1, max(offered, default=0) + 1)]
        numbers = sum(len(person.phones) for person in lead.people)
        blocks = ngettext("{n} number", "{n} numbers", numbers).format(n=numbers)
        options = [
            MenuOption(_("nothing"), "", "dim")
            if o is None
            else MenuOption(o.lead_label or o.label, blocks, "blocked")
            if o.blocks and numbers and len(self.targets()) == 1
            else MenuOption(o.lead_label or o.label, "", "blocked" if o.blocks else "text")
            for o in rows
        ]

        async def chosen(index: int | None) -> None:
            if index is not None and rows[index] is None:
                self.explain_key(str(index + 1), _("no outcome has this digit."))
            elif index is not None:
                await self._log_line(lead, kind, rows[index])

        names = {"call": _("call"), "email": _("e-mail"), "meeting": _("meeting")}
        key = {"call": "c", "email": "e", "meeting": "m"}[kind]
        await MenuSheet(names[kind], self._head(lead), options, also_leaves=(key,)).open(
            self, chosen
        )

    def _head(self, lead: LeadView) -> Any:
        """The subject of a sheet with the first phone, which one reads while it rings."""
        for person in lead.people:
            for point in person.phones:
                if not point.bad and len(self.targets()) == 1:
                    shown = phones.shown(
                        point.value, point.match or None, self.session.house.region
                    )
                    if point.blocked:
                        shown = f"{shown}  9 {_('do not call')}"
                        return make(
                            (self.about(lead), "text"),
                            (f"   {person.name} ", "dim"),
                            (shown, "blocked.b"),
                        )
                    return make((self.about(lead), "text"), (f"   {person.name} {shown}", "dim"))
        return make((self.about(lead), "text"))

    async def _log_line(self, lead: LeadView, kind: str, outcome: Any, text: str = "") -> None:
        label = (outcome.lead_label or outcome.label) if outcome else ""
        place = f"lead:{lead.number}:{kind}"
        kept = drafts.load(self.session, place) if not text else None

        async def written(value: str | None) -> None:
            if value is None:
                return
            line = lead_echo.note(self.session, value)
            done = self.do(
                self.done(_("Logged"), lead, note=f"{_(kind)}, {label}" if label else _(kind)),
                actions.log,
                kind,
                outcome=outcome.digit if outcome else None,
                line=line,
            )
            if not done:
                await self._log_line(lead, kind, outcome, value)
                return
            drafts.drop(self.session, place)
            if kind != "note":
                await self._ask_next(lead.number)

        title = f"{_(kind)} · {label}" if label else _(kind)
        sheet = lead_echo.NoteSheet(
            self,
            title,
            self._head(lead),
            lead,
            place=place,
            value=text or (kept.text if kept else ""),
            empty_value="" if kind != "note" else None,
            empty_word=_("no words"),
        )
        await sheet.open(self, written)

    async def action_note(self) -> None:
        lead = self._need("n")
        if lead is not None:
            await self._log_line(lead, "note", None)

    async def _ask_next(self, number: int) -> None:
        """After a real action: a lead without a next action is asked for one, once."""
        found = lead_views.by_numbers(self.session, [number])
        if not found or not found[0].open or found[0].next is not None:
            return
        lead = found[0]

        async def answered(value: str | None) -> None:
            if value:
                await self._set_next([number], lead, value)

        await PromptSheet(
            _("Next?"),
            lead.title,
            lambda text: lead_echo.when_echo(self.session, text, number),
            examples=lead_echo.examples(),
            empty_value="",
            empty_word=_("keeps it in To do"),
        ).open(self, answered)

    # -- next action ---------------------------------------------------------------------------

    async def action_next_action(self, text: str = "") -> None:
        lead = self._need("r", open_=True)
        if lead is None:
            return
        ids = self.targets()

        async def written(value: str | None) -> None:
            if value is not None:
                await self._set_next(ids, lead, value)

        await PromptSheet(
            _("next action"),
            self.about(lead),
            lambda typed: lead_echo.when_echo(self.session, typed, lead.number),
            examples=lead_echo.examples(),
            value=text,
            rows=2,
        ).open(self, written)

    async def _set_next(self, ids: list[int], lead: LeadView, value: str) -> None:
        found = lead_echo.moment(self.session, value)
        if self.crm.perform_on(ids, next_actions.set_next, found):
            if len(ids) > 1:
                self.clear_marks()
            echo = lead_echo.in_words(self.session, found)
            self.say(
                Message(
                    _("Next"), "strong", self.about(lead), note=echo, right=Hint(UNDO, _("undo"))
                )
            )
        else:
            await self.action_next_action(value)

    def action_do_now(self) -> None:
        lead = self._need("d", open_=True)
        if lead is not None:
            self.do(self.done(_("To do now"), lead), next_actions.do_now)

    # -- closing -------------------------------------------------------------------------------

    async def action_won(self) -> None:
        lead = self._need("w")
        if lead is None:
            return
        if not lead.open:
            self.do(self.done(_("Reopened"), lead), closing.reopen)
            return
        if len(self.targets()) > 1:
            self.do(self.done(_("Won"), lead, token="won"), closing.won)
            return
        currency = self.session.currency
        shown = money.full(lead.amount, currency) if lead.amount is not None else ""

        def won(amount: Any) -> bool:
            figure = money.full(amount, currency) if isinstance(amount, int) else shown
            return self.do(
                self.done(_("Won"), lead, token="won", figure=figure), closing.won, amount=amount
            )

        async def entered(value: str | None) -> None:
            if value is None:
                return
            amount = lead_echo.amount(self.session, value) if value else record.NOT_SEEN
            if not won(amount):
                await self.action_won()

        await PromptSheet(
            _("won"),
            lead.title,
            lambda text: lead_echo.amount_echo(self.session, text),
            empty_value="",
            empty_word=_("keeps {amount}").format(amount=shown or "–"),
            rows=1,
            examples=make((_("another amount, for instance 12.8k"), "dim")),
        ).open(self, entered)

    async def action_lost(self) -> None:
        await self._close("l", "lost", _("lost"), closing.lost)

    async def action_cancelled(self) -> None:
        await self._close("x", "cancelled", _("cancelled"), closing.cancelled)

    async def _close(self, key: str, kind: str, word: str, what: Callable[..., Any]) -> None:
        lead = self._need(key, open_=True)
        if lead is None:
            return
        rows = [r for r in closing.reasons(self.session.store, kind) if not r.retired]

        def chosen(index: int | None) -> None:
            if index is not None:
                reason = rows[index]
                message = self.done(word.capitalize(), lead, token="lost.b", note=reason.label)
                self.do(message, what, reason.label)

        await MenuSheet(
            word, self._head(lead), [MenuOption(r.label) for r in rows], also_leaves=(key,)
        ).open(self, chosen)

    # -- step, amount, tags, owner, people, star ------------------------------------------------

    async def action_step(self) -> None:
        lead = self._need("s", open_=True)
        if lead is None:
            return
        rows = lead_views.steps(self.session)
        many = len({r.pipeline_id for r in rows}) > 1
        rows.sort(key=lambda r: r.pipeline != lead.pipeline)

        def chosen(index: int | None) -> None:
            if index is not None:
                step = rows[index]
                self.do(self.done(_("Step"), lead, figure=step.name), leads.set_step, step.id)

        options = [
            MenuOption(
                f"{r.pipeline}: {r.name}" if many else r.name,
                _("here now") if r.id == lead.step_id else f"{r.probability}%",
            )
            for r in rows
        ]
        await MenuSheet(_("step"), self._head(lead), options, also_leaves=("s",)).open(self, chosen)

    def action_move_step(self, by: int) -> None:
        lead = self._need(">" if by > 0 else "<", open_=True)
        if lead is not None and self.do(None, leads.move_step, by):
            found = lead_views.by_numbers(self.session, [lead.number])
            self.say(self.done(_("Step"), lead, figure=found[0].step if found else ""))

    @conversation
    async def action_amount(self) -> None:
        lead = self._need("a")
        if lead is None:
            return
        before, currency = lead, self.session.currency
        seen: Any = record.NOT_SEEN

        def about() -> Line:
            # Read anew each time: after somebody else's change, what stands now is what is changed.
            nonlocal seen
            now = self.lead() or before
            seen = now.amount if len(self.targets()) == 1 else record.NOT_SEEN
            return make((self.about(now), "text"), (f"  {_('now')} {figure(now.amount)}", "dim"))

        def read(text: str) -> int | None:
            return None if text in ("-", "–") else lead_echo.amount(self.session, text)

        def figure(amount: int | None) -> str:
            return "–" if amount is None else money.full(amount, currency)

        await self.edit_line(
            _("amount"),
            about,
            lambda amount: self.do(None, leads.set_amount, amount, seen=seen),
            parse=read,
            said=lambda amount: self.done(_("Amount"), lead, figure=figure(amount)),
            echo=lambda typed: lead_echo.amount_echo(self.session, typed),
            rows=1,
            examples=make((_("for instance 12.8k; - for unknown"), "dim")),
        )

    @conversation
    async def action_tags(self) -> None:
        lead = self._need("t")
        if lead is None:
            return
        known = " ".join(row.name for row in tags.all_tags(self.session.store)[:8])
        has = " ".join(lead.tags) or _("none yet")
        await self.edit_line(
            _("tags"),
            make((self.about(lead), "text"), (f"  {has}", "dim")),
            lambda typed: self.do(None, tags.change, typed),
            said=lambda typed: self.done(_("Tags"), lead, figure=typed),
            rows=1,
            examples=make((known or _("for instance: hot relaunch"), "dim")),
        )

    @conversation
    async def action_owner(self) -> None:
        lead = self._need("o")
        if lead is None:
            return
        members = [m for m in all_members(self.session.store) if m.active]
        options = [
            MenuOption(m.full_name or m.name, _("now") if m.id == lead.owner_id else "")
            for m in members
        ]
        options.append(MenuOption(_("nobody"), ""))
        index = await self.choose(_("owner"), self._head(lead), options, also_leaves=("o",))
        if index is not None:
            who = members[index] if index < len(members) else None
            message = self.done(_("Owner"), lead, figure=who.name if who else _("nobody"))
            self.do(message, leads.set_owner, who.id if who else None)

    def action_star(self) -> None:
        lead = self._need("*")
        if lead is not None:
            word = _("Star off") if lead.starred else _("Starred")
            self.do(self.done(word, lead), leads.star, not lead.starred)

    async def action_people(self) -> None:
        lead = self._need("p")
        if lead is None:
            return
        if not lead.people:
            await self._person(lead, None)
            return

        async def chosen(index: int | None) -> None:
            if index is not None:
                await self._person(lead, lead.people[index] if index < len(lead.people) else None)

        options = [
            MenuOption(p.name or p.points[0].value if p.points else p.name, p.role)
            for p in lead.people
        ] + [MenuOption(_("another person"))]
        await MenuSheet(_("people"), lead.title, options, also_leaves=("p",)).open(self, chosen)

    async def _person(self, lead: LeadView, person: Any, text: str = "") -> None:
        async def entered(value: str | None) -> None:
            if value is None:
                return
            message = self.done(_("Person"), lead, figure=value.split(",")[0])
            if person is None:
                kept = self.crm.perform(contacts.add, lead.number, value)
            elif value == "-":
                kept = self.crm.perform(contacts.remove, person.id)
            else:
                kept = self.crm.perform(contacts.edit, person.id, value)
            if kept is None:
                await self._person(lead, person, value)
            else:
                self.say(message)

        await PromptSheet(
            _("person"),
            lead.title,
            lambda typed: lead_echo.person_echo(self.session, typed, lead),
            value=text or (contacts.as_line(person) if person else ""),
            rows=2,
            examples=make((_("Anna Weber, purchasing, +49 30 9018204, anna@acme.example"), "dim")),
        ).open(self, entered)

    # -- copy, edit, repeat --------------------------------------------------------------------

    async def action_copy(self) -> None:
        lead = self._need("y")
        if lead is None:
            return
        points = [(person, p) for person in lead.people for p in person.points]
        if not points:
            self.explain_key("y", _("there is no phone or e-mail here."), Hint("p", _("people")))
            return
        region = self.session.house.region

        def text_of(point: Any) -> str:
            if point.kind != "phone":
                return str(point.value)
            return phones.shown(point.value, point.match or None, region)

        def chosen(index: int | None) -> None:
            if index is not None:
                text = text_of(points[index][1])
                self.crm.copy(text)
                if points[index][1].blocked:
                    self.say(
                        Message(
                            _("Do not call"),
                            "blocked",
                            "",
                            text,
                            _("copied all the same; it is on the list"),
                        )
                    )
                else:
                    self.say(Message(_("Copied"), "strong", "", text))

        if len(points) == 1:
            chosen(0)
            return
        options = [
            MenuOption(text_of(p), person.name, "blocked" if p.blocked else "text")
            for person, p in points
        ]
        await MenuSheet(_("copy"), lead.title, options, enter=0, also_leaves=("y",)).open(
            self, chosen
        )

    async def action_edit(self) -> None:
        lead = self._need("i")
        if lead is not None:
            from tui_crm.tui.screens.dialogs import edit_lead

            await edit_lead.open(self, lead)

    def action_repeat(self) -> None:
        if self.crm.last_act is None:
            self.explain_key(".", _("nothing was done yet that could be repeated."))
            return
        lead = self._need(".")
        if lead is not None:
            what, args, kw = self.crm.last_act
            kw = {name: value for name, value in kw.items() if name != "seen"}
            self.do(
                self.done(_("Again"), lead, note=what.__name__.replace("_", " ")), what, *args, **kw
            )
