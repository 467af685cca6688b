"""What every screen has: header, message row, hint line, and the keys that act everywhere.

A screen says its ``NAME`` and ``TAB``, composes its middle in ``middle``, and keeps the contract
``reload()`` (read a view) / ``show(view)`` (a pure function of the view).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from tui_crm.core.errors import Conflict, CrmError
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

STAYS = 8.0  # seconds that a message stays when no key takes it away
LOW = 13  # rows under which the message row goes and messages take the hint row


@dataclass(frozen=True)
class Field:
    """One line of a form (`CrmScreen.edit_form`): what the menu shows, and how it is edited.

    ``shown`` stands beside the label, ``value`` is what the entry begins with. ``parse`` reads what
    was typed (raises CrmError), ``act`` does it (None or False: refused). With ``choices`` it is
    chosen by digit instead, and ``act`` gets the index. The rest is as for `PromptSheet`."""

    label: str
    shown: str
    act: Callable[[Any], Any]
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


class CrmScreen(Screen[None]):
    """The ground of all screens."""

    NAME: ClassVar[str] = ""
    TAB: ClassVar[str] = ""  # the capital that is lit in the header
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[Any]] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if cls.NAME:
            cls.BINDINGS = [
                Binding(row.keys, row.action, show=False, id=row.id)
                for row in keys.here(cls.NAME)
                if row.action != "digit"
            ] + [
                Binding(str(n), f"digit({n})", show=False)
                for n in range(1, 10)
                if any(row.action == "digit" for row in keys.here(cls.NAME))
            ]
        super().__init_subclass__(**kwargs)

    def __init__(self) -> None:
        super().__init__()
        self.header = Header()
        self.messages = MessageRow()
        self.hint_line = HintLine()
        self._said: Message | None = None
        self._fades: Any = None
        self._shown_at: Any = None  # the size the view was last read for
        self._new = False  # mounted, and not resumed since
        self._arrival: Message | None = None  # said when the screen is shown next

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
        """The widget that has the keys when no sheet is open."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self._shown_at, self._new = self.size, True
        self.reload()

    def on_screen_resume(self) -> None:
        # A new screen is mounted, resumed and resized in one go: once is enough to read it.
        if self._new and self._shown_at == self.size:
            self._new = False
            self._take_keys()
        elif self.is_mounted and self.header.is_mounted:
            self._shown_at, self._new = self.size, False
            self.reload()
            self._take_keys()
        message, self._arrival = self._arrival, None
        if message is not None:
            self.say(message)

    def _take_keys(self) -> None:
        widget = self.main()
        if widget is not None and self.focused is not widget and not self.sheet_open:
            self.set_focus(widget, scroll_visible=False)

    @property
    def sheet_open(self) -> bool:
        from tui_crm.tui.widgets.sheet import Sheet

        return any(sheet.is_open for sheet in self.query(Sheet))

    def confirm_leave(self, then: Callable[[], Any]) -> bool:
        """Whether something under way here is to be settled before it is left: the screen then
        asks for it, and does ``then`` afterwards."""
        return False

    def arrive(self, message: Message | None = None, at: int | None = None) -> None:
        """Somebody comes here next from another screen: ``message`` is said then, and the cursor
        stands on the record ``at``."""
        if message is not None and self.is_current:
            self.say(message)
        else:
            self._arrival = message

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the view anew and show it; the head and the hints with it."""
        self.show_frame()

    def show_frame(self) -> None:
        """Header, hint line, message row."""
        self.header.show(self.crm.header_cache.header(self.TAB))
        self.hint_line.show(self.hints())
        low = self.size.height < LOW
        self.messages.display = not low
        if self._said is None:
            self.messages.show(self.summary())
            self.hint_line.say(None)
        self._take_keys()

    def tick(self) -> None:
        """Called every two seconds when nothing was written: the clock may have moved on."""
        self.header.show(self.crm.header_cache.header(self.TAB))

    def summary(self) -> Line:
        """What the message row says when there is no message."""
        return EMPTY

    def hints(self) -> list[Hint]:
        """The hint line of this screen."""
        return [hint_of(self, name) for name in keys.HINTS[self.NAME]]

    # -- messages ------------------------------------------------------------------------------

    def say(self, message: Message) -> None:
        """One row above the hints, until the next key or for eight seconds."""
        self._said = message
        if self.size.height < LOW:
            self.hint_line.say(message)
        else:
            self.messages.show(message)
        if self._fades is not None:
            self._fades.stop()
        self._fades = self.set_timer(STAYS, self.clear_message)

    def clear_message(self) -> None:
        """Take the message away."""
        if self._said is not None:
            self._said = None
            self.hint_line.say(None)
            self.messages.show(self.summary())

    @property
    def refusal(self) -> str:
        """Why the last act was refused, while it is said; else empty."""
        said = self._said
        if said is None or said.word != "!":
            return ""
        return " ".join(part for part in (said.subject, said.note) if part)

    def refused(self, error: CrmError) -> None:
        """An operation said no: one plain line, the next step dim."""
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

    def explain_key(self, key: str, why: str, right: Hint | None = None) -> None:
        """A key that cannot act says why, and names the key that would help."""
        self.say(Message(key, "key", why, right=right))

    def on_key(self, event: Any) -> None:
        self.clear_message()

    def on_resize(self) -> None:
        if self.header.is_mounted and self._shown_at != self.size:
            self._shown_at = self.size
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
        """Choose one of the options by its digit: its index from 0, None when the menu is left.
        ``enter`` is the option that Enter chooses; ``also_leaves`` are more keys that leave."""
        return await ask(
            self, MenuSheet(title, about, options, enter=enter, also_leaves=also_leaves)
        )

    async def edit_line(
        self,
        title: str,
        about: str | Line | Callable[[], str | Line],
        act: Callable[[Any], Any],
        *,
        value: str = "",
        parse: Callable[[str], Any] = str,
        said: Callable[[Any], Message] | None = None,
        echo: Callable[[str], Echo] = no_echo,
        examples: Line = EMPTY,
        rows: int = 2,
        empty_value: str | None = None,
        empty_word: str | None = None,
    ) -> bool:
        """Ask for one line, beginning with ``value``, until it is kept or left; whether it was.

        ``parse`` reads what was typed and raises CrmError for what it cannot; ``act`` does it with
        what was read and gives None (as `Crm.perform` does) or False when it was refused: the line
        opens again then, with the text and the reason. ``about`` may be a function, called each
        time the line opens, that reads anew what the change is compared with. ``said`` makes the
        message of a success; the rest is as for `PromptSheet`."""

        def sheet(text: str) -> PromptSheet:
            return PromptSheet(
                title,
                about() if callable(about) else about,
                echo,
                value=text,
                examples=examples,
                rows=rows,
                empty_value=empty_value,
                empty_word=empty_word,
            )

        def keep(text: str) -> bool:
            read = parse(text)
            if act(read) in (None, False):
                return False
            if said is not None:
                self.say(said(read))
            return True

        return await self.edit_in(sheet, keep, value)

    async def edit_in(
        self, sheet: Callable[[str], PromptSheet], keep: Callable[[str], bool], text: str = ""
    ) -> bool:
        """`edit_line` in a sheet of its own kind: ``sheet(text)`` makes it, ``keep(typed)`` says
        whether what was typed was kept, or raises CrmError."""
        while (typed := await ask(self, sheet(text))) is not None:
            try:
                if keep(typed):
                    return True
            except CrmError as error:
                self.refused(error)
            text = typed
        return False

    async def edit_form(
        self,
        title: str,
        about: str | Line,
        fields: Callable[[], Sequence[Field]],
        *,
        also_leaves: Sequence[str] = (),
        stay: bool = False,
    ) -> None:
        """A menu of fields with what they hold; the chosen one is edited. With ``stay`` the menu
        comes back, with ``fields()`` read anew, until it is left."""
        while True:
            rows = fields()
            options = [MenuOption(row.label, row.shown, row.token) for row in rows]
            index = await self.choose(title, about, options, also_leaves=also_leaves)
            if index is None:
                return
            await self.edit_field(rows[index], about)
            if not stay:
                return

    async def edit_field(self, field: Field, about: str | Line) -> bool:
        """Edit one field of a form; whether it was kept."""
        if field.choices:
            index = await self.choose(field.label.lower(), about, field.choices)
            return index is not None and field.act(index) not in (None, False)
        return await self.edit_line(
            field.label.lower(),
            about,
            field.act,
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
            self.app.exit(0)

    def action_undo(self) -> Any:
        self.told_back(self.crm.perform(undo.undo), redo=False)

    def action_redo(self) -> Any:
        self.told_back(self.crm.perform(undo.redo), redo=True)

    def told_back(self, undone: Any, redo: bool) -> None:
        """Something was undone or done again: say it."""
        if not isinstance(undone, undo.Undone):
            return
        if redo:
            self.say(Message(_("Done again"), "strong", undone.text, right=Hint("u", _("undo"))))
        else:
            self.say(Message(_("Undone"), "strong", undone.text, right=Hint("ctrl+r", _("redo"))))
        self.after_undo(undone)

    def after_undo(self, undone: undo.Undone) -> None:
        """Put the cursor on what came back."""

    def action_help(self) -> None:
        self.crm.open_help(self.NAME)

    async def action_palette(self) -> None:
        await self.crm.open_palette()

    def action_filter(self) -> Any:
        self.explain_key("/", _("there is nothing to filter here."))

    async def action_new_lead(self) -> None:
        await self.crm.open_new_lead()

    # Keys of lists, for screens without one.
    def action_move(self, by: int) -> None: ...
    def action_top(self) -> None: ...
    def action_bottom(self) -> None: ...
    def action_page(self, by: int) -> None: ...
    def action_open(self) -> None: ...

    def made_lead(self, number: int) -> None:
        """A lead was made from here: screens that show it put their cursor on it."""


def hint_of(screen: CrmScreen, name: str) -> Hint:
    """The hint of a key by its id, with the user's own key when it was remapped."""
    row = keys.by_id(name)
    own = screen.crm.key_remap.get(name)
    shown = keys.SHOWN.get(first := (own or row.keys).split(",")[0], first)
    if row.action == "digit":
        shown = "1-9"
    return Hint(shown, _(row.word))


def echo_error(error: CrmError) -> Echo:
    """An echo row for what was not understood; Enter is refused."""
    return Echo([EchoRow("?", "late", make((str(error), "late")))], refuse=True)
