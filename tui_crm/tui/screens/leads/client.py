"""One client: its leads, people and notes in one list, and what is known of it beside or above."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.containers import Horizontal
from textual.widget import Widget

from tui_crm.core import money, phones
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import clients, contacts, people
from tui_crm.core.leads.clients import ClientView
from tui_crm.core.leads.contacts import Person
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import all_members
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen, Field
from tui_crm.tui.screens.dialogs.fields import FieldsOf, edit_fields
from tui_crm.tui.screens.leads import echo as lead_echo
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.side_pane import AIR, WIDE, RowPane
from tui_crm.tui.screens.leads.target import UNDO
from tui_crm.tui.widgets import client_card, lead_rows
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, Line, make, pane
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, no_echo
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

HIGH = 20  # rows of a terminal from which all that is known of it stands above its leads


class ClientScreen(LeadActions):
    """The client that was opened. The Do keys act on the lead under the cursor; those of the client
    itself (note, edit, owner, people, copy) on the client."""

    NAME = "client"

    def __init__(self) -> None:
        super().__init__()
        self.records = RecordList()
        self.pane = RowPane()
        self.client_id = 0
        self.tab = "L"
        self.view: ClientView | None = None

    def middle(self) -> Iterable[Widget]:
        yield Horizontal(self.records, self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    def show_client(self, client_id: int) -> None:
        """Set which client :meth:`reload` shows."""
        self.client_id = client_id
        if isinstance(below := self.crm.screen, CrmScreen) and below is not self:
            self.tab = below.tab or self.tab

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        try:
            view = clients.one(self.session, self.client_id) if self.client_id else None
        except NotFound:
            view = None
        self.show(view)
        self.show_frame()

    def show(self, view: ClientView | None) -> None:
        """A pure function of the client and the size."""
        self.view = view
        if view is not None:
            self.marks.update({lead.number: lead.amount or 0 for lead in view.leads})
        self.records.show(ListRows(self._rows(view)))
        self.pane.display = self._beside and view is not None
        if view is not None and self._beside:
            air = [EMPTY] if self.size.height >= AIR else []
            self.pane.show(
                lambda width, height: pane(
                    [*air, *self._about(view, width - 4, air)], width, height
                ),
                from_top=True,
            )

    @property
    def _beside(self) -> bool:
        return self.size.width >= WIDE

    def _about(self, view: ClientView, width: int, air: list[Line]) -> list[Line]:
        return [
            *client_card.head(view, width, self.session.currency),
            *air,
            *client_card.facts(view, width, self.session.now),
        ]

    def _rows(self, view: ClientView | None) -> list[Row]:
        if view is None:
            return [Row.blank(), Row.text(make((_("This client is gone."), "dim")))]
        rows: list[Row] = []
        below: list[Line] = []
        if not self._beside:
            width = max(self.size.width - 2, 10)
            about = self._about(view, width, [])
            above = about if self.size.height >= HIGH else about[:3]
            below = about[len(above) :]
            rows += [Row.text(line) for line in above]
        still_open = [lead for lead in view.leads if lead.open]
        won = [lead for lead in view.leads if lead.status == "won"]
        lost = [lead for lead in view.leads if lead.status in ("lost", "cancelled")]
        row = view.row
        for name, leads, figure in (
            (_("Open"), still_open, row.open),
            (_("Won"), won, row.won),
            (_("Lost"), lost, row.lost),
        ):
            amount = money.full(figure.amount, self.session.currency) if figure.amount else ""
            self._section(rows, name, figure.count, amount, [self._lead(one) for one in leads])
        if view.more:
            rows.append(
                Row.text(
                    make((_("{n} more: L, then client:… all of them").format(n=view.more), "dim"))
                )
            )
        persons = [self._person_row(person) for person in view.people]
        notes = [self._note(note) for note in view.notes]
        self._section(rows, _("People"), len(persons), "", persons)
        self._section(rows, _("Notes"), len(notes), "", notes)
        self._section(rows, _("Client"), None, "", [Row.text(line) for line in below])
        if not (view.leads or view.people or view.notes):
            rows.append(Row.text(make((_("+ a lead   p a person   n a note"), "dim"))))
        return rows

    def _section(
        self, rows: list[Row], name: str, count: int | None, note: str, body: Sequence[Row]
    ) -> None:
        """Add a section, where there is something in it."""
        if body:
            if self.size.height >= AIR:
                rows.append(Row.blank())
            rows += [Row.section(name, count, note), *body]

    def _lead(self, lead: LeadView) -> Row:
        session, marked = self.session, lead.number in self.marks
        largest = max((one.number for one in self.view.leads), default=1) if self.view else 1

        def draw(width: int) -> Line:
            columns = lead_rows.layout(width, largest, pane=self._beside)
            return lead_rows.row(lead, columns, session.now, session.currency, marked)

        return Row.item(("lead", lead.number), draw)

    def _person_row(self, person: Person) -> Row:
        region, among = self.session.house.region, self.view.people if self.view else (person,)
        return Row.item(
            ("person", person.id),
            lambda width: client_card.person_row(person, among, width, region),
        )

    def _note(self, note: clients.Note) -> Row:
        now, me = self.session.now, self.session.user_id
        return Row.item(("note", note.id), lambda width: client_card.note_row(note, width, now, me))

    # -- what is under the cursor --------------------------------------------------------------

    def _under(self, what: str) -> int | None:
        found = self.records.cursor_id
        return found[1] if isinstance(found, tuple) and found[0] == what else None

    def subject(self) -> int | None:
        return self._under("lead")

    def order(self) -> list[int]:
        return [lead.number for lead in self.view.leads] if self.view else []

    def section(self) -> tuple[str, Sequence[int]]:
        here = next((one for one in self._leads() if one.number == self.subject()), None)
        if here is None:
            return "", self.order()
        return _("Open") if here.open else _("Closed"), [
            one.number for one in self._leads() if one.open == here.open
        ]

    def _leads(self) -> Sequence[LeadView]:
        return self.view.leads if self.view else ()

    def action_mark(self) -> None:
        number = self.subject()
        if number is None:
            self.explain_key("space", _("only leads can be marked."))
            return
        amount = next((one.amount for one in self._leads() if one.number == number), None)
        self.marks.toggle(number, amount)
        self.show(self.view)
        self.records.action_move(1)
        self.messages.show(self.summary())

    def summary(self) -> Line:
        if not self.marks:
            return EMPTY
        return self.marks.line(money.full(self.marks.total, self.session.currency))

    @conversation
    async def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if not isinstance(event.id, tuple):
            return
        what, number = event.id
        if what == "lead":
            self.crm.open_lead(number, self.order())
        elif what == "person":
            await self._edit_person(number)
        else:
            await self._edit_note(number)

    def made_lead(self, number: int) -> None:
        self.records.jump(("lead", number))

    def company_here(self) -> str:
        return self.view.row.name if self.view else ""

    # -- the client ----------------------------------------------------------------------------

    def _client(self, key: str) -> ClientView | None:
        """The client, or a message that it is gone."""
        if self.view is None:
            self.explain_key(key, _("this client is gone."))
        return self.view

    def _said(self, word: str, figure: str = "") -> Message:
        name = self.view.row.name if self.view else ""
        return Message(word, "strong", name, figure=figure, right=Hint(UNDO, _("undo")))

    @conversation
    async def action_note(self) -> None:
        view = self._client("n")
        if view is not None:
            await self.edit_line(
                _("note"),
                view.row.name,
                lambda text: self.crm.perform(clients.note, view.row.id, text),
                place=f"client:{view.row.id}:note",
                said=lambda _id: self._said(_("Noted")),
                rows=1,
            )

    async def _edit_note(self, number: int) -> None:
        """Change a note; a dash takes it away."""
        view = self._client("Enter")
        note = next((one for one in view.notes if one.id == number), None) if view else None
        if view is None or note is None:
            return
        await self.edit_line(
            _("note"),
            view.row.name,
            lambda text: self.crm.perform(clients.edit_note, number, "" if text == "-" else text),
            place=f"client:{view.row.id}:note:{number}",
            value=" ".join(note.text.split()),
            said=lambda _id: self._said(_("Noted")),
            examples=make((_("- takes it away"), "dim")),
            rows=1,
        )

    @conversation
    async def action_people(self) -> None:
        view = self._client("p")
        if view is not None:
            await self._person_line(view, None)

    async def _edit_person(self, number: int) -> None:
        view = self._client("Enter")
        person = next((p for p in view.people if p.id == number), None) if view else None
        if view is not None and person is not None:
            await self._person_line(view, person)

    async def _person_line(self, view: ClientView, person: Person | None) -> None:
        """Correct a person, take them off the client and its leads with a dash; add one for
        None."""

        def keep(text: str) -> object:
            if person is None:
                return self.crm.perform(clients.add_person, view.row.id, text)
            if text == "-":
                return self.crm.perform(people.remove, person.id)
            return self.crm.perform(contacts.edit, person.id, text)

        await self.edit_line(
            _("person"),
            view.row.name,
            keep,
            place=f"client:{view.row.id}:person:{person.id if person else 'new'}",
            value=contacts.as_line(person) if person else "",
            said=lambda _id: self._said(_("Person")),
            echo=lambda text: lead_echo.person_echo(self.session, text, None),
            examples=make((_("Anna Weber, purchasing, +49 30 9018204, anna@acme.example"), "dim")),
        )

    @conversation
    async def action_owner(self) -> None:
        view = self._client("o")
        if view is None:
            return
        members = [m for m in all_members(self.session.store) if m.active]
        options = [
            MenuOption(m.full_name or m.name, _("now") if m.id == view.row.owner_id else "")
            for m in members
        ]
        options.append(MenuOption(_("nobody"), ""))
        index = await self.choose(_("owner"), view.row.name, options, also_leaves=("o",))
        if index is not None:
            who = members[index] if index < len(members) else None
            given = self.crm.perform(clients.set_owner, view.row.id, who.id if who else None)
            if given is not None:
                self.say(self._said(_("Owner"), who.name if who else _("nobody")))

    @conversation
    async def action_copy(self) -> None:
        view = self._client("y")
        if view is None:
            return
        region, here = self.session.house.region, self._under("person")
        found = [
            (person, point)
            for person in view.people
            if here in (None, person.id)
            for point in person.points
        ][:9]
        if not found:
            self.explain_key("y", _("there is no phone or e-mail here."), Hint("p", _("people")))
            return
        texts = [
            phones.shown(point.value, point.match or None, region)
            if point.kind == "phone"
            else point.value
            for _person, point in found
        ]
        index: int | None = 0
        if len(texts) > 1:
            options = [
                MenuOption(text, person.name, "blocked" if point.blocked else "text")
                for text, (person, point) in zip(texts, found, strict=True)
            ]
            index = await self.choose(_("copy"), view.row.name, options, also_leaves=("y",))
        if index is not None:
            self.crm.copy(texts[index])
            self.say(Message(_("Copied"), figure=texts[index]))

    @conversation
    async def action_edit(self) -> None:
        view = self._client("i")
        if view is None:
            return

        def field(
            name: str,
            shown: str,
            act: Callable[[str], object],
            value: str = "",
            hint: str = "",
            echo: Callable[[str], Echo] = no_echo,
        ) -> Field:
            return Field(
                name,
                shown,
                act,
                value=value,
                said=lambda text: self._said(name, text),
                hint=hint or _("now {value}").format(value=shown or "–"),
                echo=echo,
            )

        def fields() -> list[Field]:
            row = self.view.row if self.view else view.row

            def set_silence(text: str) -> object:
                return self.crm.perform(clients.set_silence, row.id, silence(text))

            return [
                field(
                    _("Name"),
                    row.name,
                    lambda text: self.crm.perform(clients.rename, row.id, text),
                    row.name,
                ),
                Field(_("Owner"), row.owner or _("nobody"), edit=self.action_owner),
                field(
                    _("Silence"),
                    str(row.silent_days) if row.silent_days else _("never"),
                    set_silence,
                    hint=_("days without an action until it is silent; 0 never; - as everybody"),
                ),
                Field(
                    _("Fields"),
                    next(iter(row.fields), _("Label: value")),
                    edit=lambda: edit_fields(self, of),
                ),
            ]

        place, number = f"client:{view.row.id}", view.row.id

        def keep(after: str, before: str) -> object:
            return self.crm.perform(clients.set_description, number, after, seen=before)

        of = FieldsOf(
            view.row.name,
            "client",
            place,
            lambda: clients.one(self.session, number).row.description,
            keep,
        )
        await self.edit_form(_("edit"), view.row.name, fields, place=place, also_leaves=("i",))


def silence(text: str) -> int | None:
    """Typed days until a client is silent; ``None`` for a dash. Raises CrmError."""
    typed = text.strip().rstrip("dD ")
    if typed in ("-", "–"):
        return None
    if not typed.isdecimal() or len(typed) > 5:
        raise CrmError(_("That is no number of days."), _("Type 30, 0 for never, - as everybody."))
    return int(typed)
