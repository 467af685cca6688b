"""The base of every screen: header, message row, hint line, entries, and the keys of every screen.

A screen has a ``NAME`` (its id in the key table) and a ``TAB``, composes its middle in ``middle``,
and keeps the contract ``reload()`` (read a view) / ``show(view)`` (a pure function of the view).
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from tui_crm.core.dates import labels
from tui_crm.core.errors import Conflict, CrmError, StoreError
from tui_crm.core.session import Session
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui import keys
from tui_crm.tui.crm import Crm, Place
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.header import Header
from tui_crm.tui.widgets.hints import Hint, HintLine, Message, MessageRow
from tui_crm.tui.widgets.lines import EMPTY, Line, make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet, no_echo

if TYPE_CHECKING:
    from tui_crm.tui.screens.exporting import Exported

MESSAGE_SECONDS = 8.0  # seconds that a message stays when no key clears it
LOW = 13  # rows of a terminal under which messages are shown in the hint line


@dataclass(frozen=True)
class Field:
    """One line of a form (`CrmScreen.edit_form`): what the menu shows, and how it is edited.

    ``shown`` stands beside the label, ``value`` is what the entry begins with. ``parse`` reads the
    typed text (raises CrmError), ``act`` performs the change with what was read (None or False:
    refused), ``said`` makes the message of a success. With ``choices`` the value is chosen by digit
    instead, and ``act`` and ``said`` get the index. ``edit`` takes the place of all this: it is
    called, and awaited when it is a coroutine. The rest is as for `PromptSheet`."""

    label: str
    shown: str = ""
    act: Callable[[Any], object] = lambda _value: False
    value: str = ""
    parse: Callable[[str], Any] = str
    said: Callable[[Any], Message] | None = None
    echo: Callable[[str], Echo] = no_echo
    hint: str = ""
    rows: int = 1
    empty_value: str | None = None
    empty_word: str | None = None
    choices: Sequence[MenuOption] = ()
    token: str = "text"
    edit: Callable[[], object] | None = None


class CrmScreen(Screen[None]):
    """The base class of all screens."""

    NAME: ClassVar[str] = ""
    TAB: ClassVar[str] = ""  # the capital of the place that is highlighted in the header
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        rows = keys.here(cls.NAME) if cls.NAME else ()
        bindings: list[BindingType] = [
            Binding(row.keys, row.action, show=False, id=row.id)
            for row in rows
            if row.action != "digit"
        ]
        if any(row.action == "digit" for row in rows):
            bindings += [Binding(str(n), f"digit({n})", show=False) for n in range(1, 10)]
        if cls.NAME:
            cls.BINDINGS = bindings
        super().__init_subclass__(**kwargs)

    def __init__(self) -> None:
        super().__init__()
        self.header = Header()
        self.messages = MessageRow()
        self.hint_line = HintLine()
        self.tab = self.TAB
        """The place that is highlighted in the header; a screen above others takes over theirs."""
        self._message: Message | None = None  # the message that is shown now
        self._message_timer: Timer | None = None
        self._shown_size: Size | None = None  # the size the view was last read for
        self._new = False  # mounted, and not resumed since
        self._arrival: Message | None = None  # the message to show when the screen is shown next

    # -- parts ---------------------------------------------------------------------------------

    @property
    def crm(self) -> Crm:
        assert isinstance(self.app, Crm)
        return self.app

    @property
    def session(self) -> Session:
        return self.crm.session

    def compose(self) -> ComposeResult:
        yield self.header
        yield from self.middle()
        yield self.messages
        yield self.hint_line

    def middle(self) -> Iterable[Widget]:
        """The widgets between the header and the message row."""
        raise NotImplementedError

    def main(self) -> Widget | None:
        """The widget that has the focus when no sheet is open."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        """A store that cannot be read, while the line is lost, ends no handler and no screen."""
        try:
            await super().on_event(event)
        except StoreError as error:
            self.crm.unread(error)

    def on_mount(self) -> None:
        self._shown_size, self._new = self.size, True
        self.reload()

    def on_screen_resume(self) -> None:
        # A new screen is mounted, resumed and resized in one go: once is enough to read it.
        if self._new and self._shown_size == self.size:
            self._new = False
            self.focus_main()
        elif self.is_mounted and self.header.is_mounted:
            self._shown_size, self._new = self.size, False
            self.header.settle(again=True)
            self.reload()
            self.focus_main()
        message, self._arrival = self._arrival, None
        if message is not None:
            self.say(message)

    def focus_main(self) -> None:
        """Give the keys to the main widget, unless a sheet has them."""
        widget = self.main()
        if widget is not None and self.focused is not widget and not self.sheet_open:
            self.set_focus(widget, scroll_visible=False)

    @property
    def sheet_open(self) -> bool:
        from tui_crm.tui.widgets.sheet import Sheet

        return any(sheet.is_open for sheet in self.query(Sheet))

    def confirm_leave(self, then: Callable[[], object]) -> bool:
        """Whether the screen must ask something before it is left, such as the outcome of a running
        call. It then asks, and calls ``then`` afterwards."""
        return False

    @property
    def takes_digits(self) -> bool:
        """Whether a digit chooses something now, on a screen that has them in the key table."""
        return True

    def arrive(self, message: Message | None = None, at: int | None = None) -> None:
        """Prepare for being shown next: ``message`` is shown then, and the cursor is put on the
        record ``at``."""
        if message is not None and self.is_current:
            self.say(message)
        else:
            self._arrival = message

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the view from the store and show it, header and hints included."""
        self.show_frame()

    def reload_after(self, result: object) -> None:
        """Show the state after an operation; what it returned need not be read again."""
        self.reload()

    def show_frame(self) -> None:
        """Show header, hint line and message row."""
        self.header.show(self.crm.header_cache.header(self.tab))
        self.show_hints()

    def show_hints(self) -> None:
        """Show the hint line and, while there is no message, the summary."""
        self.hint_line.show(self.hints())
        self.messages.display = self.size.height >= LOW
        if self._message is None:
            self.messages.show(self.summary())
            self.hint_line.say(None)
        self.focus_main()

    def show_summary(self) -> None:
        """Show the summary, unless a message is shown."""
        if self._message is None:
            self.messages.show(self.summary())

    def tick(self) -> None:
        """Called every two seconds while nobody writes: what depends on the clock is shown anew."""
        self.header.show(self.crm.header_cache.header(self.tab))

    def summary(self) -> Line:
        """The content of the message row while there is no message."""
        return EMPTY

    def hints(self) -> list[Hint]:
        """The hint line of this screen; of an empty one only the keys that act there."""
        return [hint_of(self, name) for name in self.empty_hints() or keys.HINTS[self.NAME]]

    def empty_hints(self) -> Sequence[str]:
        """The keys that act while there is nothing on the screen, by id; none while there is."""
        return ()

    # -- messages ------------------------------------------------------------------------------

    def say(self, message: Message) -> None:
        """Show a message above the hints, until the next key or for eight seconds."""
        self._message = message
        if self.size.height < LOW:
            self.hint_line.say(message)
        else:
            self.messages.show(message)
        if self._message_timer is not None:
            self._message_timer.stop()
        self._message_timer = self.set_timer(MESSAGE_SECONDS, self.clear_message)

    def clear_message(self) -> None:
        """Remove the message."""
        if self._message is not None:
            self._message = None
            self.hint_line.say(None)
            self.messages.show(self.summary())

    @property
    def refusal(self) -> str:
        """Why the last act was refused, while that is the message; else empty."""
        message = self._message
        if message is None or message.word != "!":
            return ""
        return " ".join(part for part in (message.subject, message.note) if part)

    def refused(self, error: CrmError) -> None:
        """Show why an operation was refused: one plain line, the next step dim."""
        due = isinstance(error, Conflict)
        self.say(
            Message(
                "!",
                "due" if due else "late",
                error.message,
                note=error.hint,
                subject_token="due" if due else "late",
            )
        )

    def may(self, right: str) -> bool:
        """Whether the user has a right; a message tells who has it where not."""
        try:
            self.session.require(right)
        except CrmError as error:
            self.refused(error)
            return False
        return True

    def explain_key(self, key: str, why: str, right: Hint | None = None) -> None:
        """Show why a key does nothing here, and the key that would help."""
        self.say(Message(key, "key", why, right=right))

    def on_key(self, event: events.Key) -> None:
        self.clear_message()
        self.header.settle()

    def on_resize(self) -> None:
        if self.header.is_mounted and self._shown_size != self.size:
            self._shown_size = self.size
            self.reload()

    # -- entries: see `conversation` -----------------------------------------------------------

    async def choose(
        self,
        title: str,
        about: str | Line,
        options: Sequence[MenuOption],
        *,
        enter: int | None = None,
        also_leaves: Sequence[str] = (),
    ) -> int | None:
        """Ask for one of the options by its digit: its index from 0, None when the menu is left.
        ``enter`` is the option that Enter chooses; ``also_leaves`` are more keys that leave."""
        return await ask(
            self, MenuSheet(title, about, options, enter=enter, also_leaves=also_leaves)
        )

    async def edit_line(
        self,
        title: str,
        about: str | Line | Callable[[], str | Line],
        act: Callable[[Any], object],
        *,
        place: str | None,
        value: str = "",
        goes_on: bool = False,
        parse: Callable[[str], Any] = str,
        said: Callable[[Any], Message] | None = None,
        echo: Callable[[str], Echo] = no_echo,
        examples: Line = EMPTY,
        rows: int = 2,
        empty_value: str | None = None,
        empty_word: str | None = None,
    ) -> bool:
        """Ask for one line, beginning with ``value``, until it is accepted or left; whether it was
        accepted. The first letter replaces the value, cursor keys edit it; one that ``goes_on`` (a
        note, a list of words) is written on instead.

        ``parse`` reads the typed text and raises CrmError for what it cannot read; ``act`` performs
        the change with what was read and returns None (as `Crm.perform` does) or False when it was
        refused: the line opens again then, with the text and the reason. ``about`` may be a
        function, called each time the line opens, that reads what the change is compared with.
        ``place`` is where what is typed is saved as a draft, and offered again after a kill or a
        cut line (``lead:12:amount``); None for what is no loss, such as a filter. ``said`` makes
        the message of a success; the rest is as for `PromptSheet`."""

        selected = not goes_on  # not what was typed, when it was refused and comes back

        def sheet(text: str) -> PromptSheet:
            nonlocal selected
            now, selected = selected, False
            return PromptSheet(
                title,
                about() if callable(about) else about,
                echo,
                value=text,
                selected=now,
                examples=examples,
                rows=rows,
                empty_value=empty_value,
                empty_word=empty_word,
            )

        def keep(text: str) -> bool:
            read = parse(text)
            if _refused(act(read)):
                return False
            if said is not None:
                self.say(said(read))
            return True

        return await self.edit_in(sheet, keep, value, place=place)

    async def edit_in(
        self,
        sheet: Callable[[str], PromptSheet],
        keep: Callable[[str], bool | Awaitable[bool]],
        text: str = "",
        *,
        place: str | None,
        keeps_left: bool = False,
    ) -> bool:
        """`edit_line` in a sheet of its own kind: ``sheet(text)`` makes it; ``keep(typed)`` returns
        whether the text was accepted, or raises CrmError. It may be a coroutine. With
        ``keeps_left`` Esc keeps the draft."""
        draft = self.crm.drafts.at(place) if place is not None else None
        saved, since = text, ""
        if draft is not None:
            draft.keeps_left = keeps_left
            if draft.text.strip() and draft.text != text:
                text = saved = draft.text
                then = datetime.fromtimestamp(draft.at, self.session.zone)
                since = labels.short(None, then, None, self.session.now, room=20)
        while True:
            prompt = sheet(text)
            if draft is not None:
                prompt.keep_draft(draft, saved, since)
            typed = await ask(self, prompt)
            if typed is None:
                return False
            try:
                kept = keep(typed)
                if await kept if inspect.isawaitable(kept) else kept:
                    if draft is not None:
                        draft.drop()
                    return True
            except CrmError as error:
                self.refused(error)
            except BaseException:
                if draft is not None:
                    draft.save(typed)
                raise
            # What was refused is typed and not stored: its draft is saved.
            text, saved, since = typed, "", ""

    async def edit_form(
        self,
        title: str,
        about: str | Line | Callable[[], str | Line],
        fields: Callable[[], Sequence[Field]],
        *,
        place: str,
        also_leaves: Sequence[str] = (),
        stay: bool = False,
    ) -> None:
        """Show a menu of fields with their values; the chosen one is edited, with a draft under
        ``place`` and its label. With ``stay`` the menu
        is shown again, with ``fields()`` read anew, until it is left."""
        while True:
            rows = fields()
            options = [MenuOption(row.label, row.shown, row.token) for row in rows]
            subject = about() if callable(about) else about
            index = await self.choose(title, subject, options, also_leaves=also_leaves)
            if index is None:
                return
            await self.edit_field(rows[index], about, place=place)
            if not stay:
                return

    async def edit_field(
        self, field: Field, about: str | Line | Callable[[], str | Line], *, place: str
    ) -> bool:
        """Edit one field of the form ``place``; whether the change was accepted."""
        if field.edit is not None:
            result = field.edit()
            return not _refused(await result if inspect.isawaitable(result) else result)
        if field.choices:
            subject = about() if callable(about) else about
            index = await self.choose(field.label.lower(), subject, field.choices)
            if index is None or _refused(field.act(index)):
                return False
            if field.said is not None:
                self.say(field.said(index))
            return True
        return await self.edit_line(
            field.label.lower(),
            about,
            field.act,
            place=f"{place}:{field.label}",
            value=field.value,
            parse=field.parse,
            said=field.said,
            echo=field.echo,
            examples=make((field.hint, "dim")) if field.hint else EMPTY,
            rows=field.rows,
            empty_value=field.empty_value,
            empty_word=field.empty_word,
        )

    # -- keys that act everywhere --------------------------------------------------------------

    def action_go(self, place: Place) -> None:
        self.crm.go(place)

    def action_back(self) -> None:
        if len(self.app.screen_stack) > 2:
            self.app.pop_screen()
        elif self.NAME != "today":
            self.crm.go("today")
        else:
            self.crm.say_how_to_leave()

    def action_leave(self) -> None:
        """End the program; a screen that must ask something first does."""
        self.crm.leave_program()

    def action_suspend(self) -> None:
        self.crm.suspend_program()

    def action_undo(self) -> Awaitable[None] | None:
        self.say_undone(self.crm.perform(undo.undo), redo=False)
        return None

    def action_redo(self) -> Awaitable[None] | None:
        self.say_undone(self.crm.perform(undo.redo), redo=True)
        return None

    def say_undone(self, undone: object, redo: bool) -> None:
        """Show what an undo (or a redo) changed, unless it was refused."""
        if not isinstance(undone, undo.Undone):
            return
        if redo:
            self.say(Message(_("Done again"), "strong", undone.text, right=Hint("u", _("undo"))))
        else:
            self.say(Message(_("Undone"), "strong", undone.text, right=Hint("ctrl+r", _("redo"))))
        self.after_undo(undone)

    def after_undo(self, undone: undo.Undone) -> None:
        """Put the cursor on the record that the undo brought back."""

    def action_help(self) -> None:
        self.crm.open_help(self.NAME)

    async def action_palette(self) -> None:
        await self.crm.open_palette()

    async def action_filter(self) -> None:
        """Search everything, where a screen has no list of its own to filter."""
        await self.crm.open_search()

    async def action_import_file(self) -> None:
        """Import a prospect list; a screen with files of its own imports those."""
        await self.crm.open_import("prospects")

    def exported(self) -> Exported | None:
        """What is on screen, to be written to a file; None while there is nothing."""
        return None

    async def action_export_file(self) -> None:
        """Export what is on screen; a screen with a file of its own writes that."""
        from tui_crm.tui.screens import exporting

        what = self.exported()
        if what is None:
            exporting.nothing_to_export(self)
        else:
            await exporting.export(self, what)

    async def action_new_lead(self) -> None:
        await self.crm.open_new_lead()

    # The keys of lists do nothing on screens without one.
    def action_move(self, by: int) -> Awaitable[None] | None: ...
    def action_top(self) -> None: ...
    def action_bottom(self) -> None: ...
    def action_page(self, by: int) -> None: ...
    def action_open(self) -> None: ...

    def company_here(self) -> str:
        """The client of a lead that is made from this screen and names none; empty: none."""
        return ""

    def made_lead(self, number: int) -> None:
        """Called after a lead was created from this screen: put the cursor on it."""


def _refused(result: object) -> bool:
    """Whether the result of an act means that it was refused. A count of 0 is a result."""
    return result is None or result is False


def hint_of(screen: CrmScreen, name: str) -> Hint:
    """The hint of a key by its id; the user's own key where it was remapped."""
    row = keys.by_id(name)
    own = screen.crm.key_remap.get(name)
    shown = keys.SHOWN.get(first := (own or row.keys).split(",")[0], first)
    if row.action == "digit":
        shown = "1-9"
    return Hint(shown, _(row.word))


def echo_error(error: CrmError, hint: bool = False) -> Echo:
    """The echo of a text that cannot be read, with the error's hint if wanted; Enter does nothing
    then."""
    words = f"{error} {error.hint}".strip() if hint else str(error)
    return Echo([EchoRow("?", "late", make((words, "late")))], refuse=True)
