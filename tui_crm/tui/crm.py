"""The app as the screens see it: an interface. The app itself (:mod:`.app`) imports all screens, so
a screen imports only this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from textual.app import App

from tui_crm.core.drafts import Drafts
from tui_crm.core.errors import StoreError
from tui_crm.core.session import Session

if TYPE_CHECKING:
    from tui_crm.settings import Settings
    from tui_crm.tui.catalogue import Subject
    from tui_crm.tui.header_cache import HeaderCache
    from tui_crm.tui.screens.base import CrmScreen
    from tui_crm.tui.widgets.hints import Message

R = TypeVar("R")
S = TypeVar("S", bound="CrmScreen")
Place = Literal["today", "week", "leads", "board", "calling", "lists", "stats", "feed"]
"""The places that a capital letter goes to; other screens are opened above one of them."""


class Crm(App[int]):
    """The session, the one door for writes, and the ways between screens."""

    session: Session
    drafts: Drafts
    """What was typed and not stored, by the place of its entry."""
    settings: Settings | None
    subjects: Callable[[], Sequence[Subject]]
    """What the settings screen can set beside what it knows itself."""
    header_cache: HeaderCache
    key_remap: dict[str, str]
    """The keys that the user chose, by the id of the key."""
    notice: str
    """What the start of the program has to tell the user, until the first screen shows it."""
    dialer: tuple[str, ...]
    """The configured dialler, an argument list with ``{phone}``; empty: none."""
    mailer: tuple[str, ...]
    """The configured mail program, an argument list; empty: the editor."""
    saves_bytes: bool
    """Whether the line may be slow: see `theme.saves_bytes`."""
    last_act: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]] | None
    """The last act on leads, for `.` (repeat): operation, arguments behind the lead, keywords."""

    def idle_seconds(self) -> float:
        """Seconds since the last key."""
        raise NotImplementedError

    # -- writing -------------------------------------------------------------------------------

    def perform(
        self, what: Callable[..., R], *args: Any, **kwargs: Any
    ) -> R | Literal[True] | None:
        """The only door for writes from the screens: run ``what(session, …)``, show the new state.

        Returns its result, True where it has none; None when it was refused, for which a message
        is shown. No typed text is lost by that: a sheet asks again with its text."""
        raise NotImplementedError

    def unread(self, error: StoreError, done: bool = False) -> None:
        """Say that the store could not be read, after an act that is ``done`` or without one."""
        raise NotImplementedError

    def perform_on(
        self,
        ids: list[int],
        what: Callable[..., Any],
        *args: Any,
        as_of: int | None = None,
        **kw: Any,
    ) -> Any:
        """The same on each of these leads, as one undo; remembered for `.`. Its result, of several
        leads how many; True where it has none. None when refused, as it is when somebody changed
        the same after the entry ``as_of``."""
        raise NotImplementedError

    def renew_session(self) -> None:
        """Read the user and the workspace of the session anew, after they were changed."""
        raise NotImplementedError

    def use_settings(self, settings: Settings) -> None:
        """Go on with other settings: theme, glyphs, links, digits and dialler change at once."""
        raise NotImplementedError

    # -- going ---------------------------------------------------------------------------------

    def screen_of(self, cls: type[S]) -> S:
        """The screen of this class, which is made and installed the first time."""
        raise NotImplementedError

    def go(self, place: Place, message: Message | None = None, at: int | None = None) -> None:
        """Show one of the places with nothing above it. ``message`` is shown there, and its cursor
        is put on the record ``at``."""
        raise NotImplementedError

    def leave_program(self) -> None:
        """End the program, once every screen that must ask something first has done so."""
        raise NotImplementedError

    def say_how_to_leave(self) -> None:
        """Show which key leaves the program, once: Esc never does."""
        raise NotImplementedError

    def suspend_program(self) -> None:
        """Stop the program, as ctrl+z does, until the shell continues it."""
        raise NotImplementedError

    def leave_screen(self, message: Message | None = None) -> None:
        """Close the screen on top; the one below shows ``message``."""
        raise NotImplementedError

    def open_lead(self, number: int, among: Iterable[int] = ()) -> None:
        """Show one lead; ``among`` are the numbers of the list it was opened from."""
        raise NotImplementedError

    def open_client(self, client_id: int) -> None:
        """Show one client: its leads, people and notes."""
        raise NotImplementedError

    def open_help(self, about: str) -> None:
        """Show the keys of the screen of that name."""
        raise NotImplementedError

    def say(self, message: Message) -> None:
        """Show a message on the screen on top, whichever that is by now."""
        raise NotImplementedError

    async def open_palette(self) -> None:
        """Ask for a command, or for anything that the search finds, and go to it."""
        raise NotImplementedError

    async def open_search(self) -> None:
        """Ask for anything that the search finds, without the commands, and go to it."""
        raise NotImplementedError

    async def open_import(self, kind: Literal["prospects", "leads"]) -> None:
        """Show the import of a file."""
        raise NotImplementedError

    async def open_new_lead(self) -> None:
        """Ask for a new lead and create it."""
        raise NotImplementedError

    # -- the world outside ---------------------------------------------------------------------

    def copy(self, text: str) -> None:
        """Put a text on the clipboard of the terminal and of the desktop, where there is one."""
        raise NotImplementedError

    def dial(self, number: str, failed: Callable[[str], None]) -> str | None:
        """Run the configured dialler; returns why it could not be started, None when it was.
        ``failed`` is called with the reason when the dialler ends with an error later."""
        raise NotImplementedError
