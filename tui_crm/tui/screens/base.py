"""What every screen has: header, message row, hint line, and the keys that act everywhere.

A screen says its ``NAME`` and ``TAB``, composes its middle in ``middle``, and keeps the contract
``reload()`` (read a view) / ``show(view)`` (a pure function of the view).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui import keys
from tui_crm.tui.widgets.header import Header
from tui_crm.tui.widgets.hints import Hint, HintLine, Message, MessageRow
from tui_crm.tui.widgets.lines import EMPTY, Line, make
from tui_crm.tui.widgets.prompt import Echo, EchoRow

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.tui.app import CrmApp

STAYS = 8.0  # seconds that a message stays when no key takes it away
LOW = 13  # rows under which the message row goes and messages take the hint row


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

    # -- parts ---------------------------------------------------------------------------------

    @property
    def crm(self) -> CrmApp:
        return self.app  # type: ignore[return-value]

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

    # -- keys that act everywhere --------------------------------------------------------------

    def action_go(self, name: str) -> None:
        self.crm.go(name)

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
        screen = self.crm.screen_named("help")
        screen.about = self.NAME  # type: ignore[attr-defined]
        self.app.push_screen(screen)

    async def action_palette(self) -> None:
        from tui_crm.tui.screens.dialogs import everything

        await everything.open(self)

    def action_filter(self) -> Any:
        self.explain_key("/", _("there is nothing to filter here."))

    # New lead: a title is enough; the rest by the same tokens as in notes.
    async def action_new_lead(self) -> None:
        from tui_crm.tui.screens.dialogs import new_lead

        await new_lead.open(self)

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
    own = screen.crm._remap.get(name)
    shown = keys.SHOWN.get(first := (own or row.keys).split(",")[0], first)
    if row.action == "digit":
        shown = "1-9"
    return Hint(shown, _(row.word))


def echo_error(error: CrmError) -> Echo:
    """An echo row for what was not understood; Enter is refused."""
    return Echo([EchoRow("?", "late", make((str(error), "late")))], refuse=True)
