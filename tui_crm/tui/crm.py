"""What a screen may ask of the app. The app itself (:mod:`.app`) knows all screens; a screen knows
only this."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from textual.app import App
from textual.screen import Screen

from tui_crm.core.session import Session

if TYPE_CHECKING:
    from tui_crm.settings import Settings
    from tui_crm.tui.header_cache import HeaderCache
    from tui_crm.tui.widgets.hints import Message

R = TypeVar("R")
S = TypeVar("S", bound=Screen[Any])
Place = Literal["today", "leads", "board", "calling", "lists", "stats", "feed"]
"""The places that a key goes to; everything else is opened above one of them."""


class Crm(App[int]):
    """The session, the one door for writes, and the ways between screens."""

    session: Session
    settings: Settings | None
    header_cache: HeaderCache
    key_remap: dict[str, str]
    """The keys that the user chose, by the id of the key."""
    notice: str
    """What the start had to say, until the first screen says it."""
    dialer: tuple[str, ...]
    """The configured dialler, an argument list with ``{phone}``; empty: none."""
    last_act: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]] | None
    """The last act on leads, for `.` (repeat): operation, arguments behind the lead, keywords."""

    # -- writing -------------------------------------------------------------------------------

    def perform(
        self, what: Callable[..., R], *args: Any, **kwargs: Any
    ) -> R | Literal[True] | None:
        """The only door for writes from the screens: run ``what(session, …)``, show the new state.

        Its result, True where it has none; None when it was refused, which one line then says.
        Nothing typed is lost by that: a sheet asks again with its text."""
        raise NotImplementedError

    def perform_on(self, ids: list[int], what: Callable[..., Any], *args: Any, **kw: Any) -> bool:
        """The same on each of these leads, as one undo; remembered for `.`. False when refused."""
        raise NotImplementedError

    # -- going ---------------------------------------------------------------------------------

    def screen_of(self, cls: type[S]) -> S:
        """The installed screen of this class, made the first time: reused screens are cheap."""
        raise NotImplementedError

    def go(self, place: Place, message: Message | None = None, at: int | None = None) -> None:
        """Show one of the places, nothing above it. ``message`` is said there, and its cursor
        stands on the record ``at``."""
        raise NotImplementedError

    def leave_screen(self, message: Message | None = None) -> None:
        """Close the screen on top; the one below says ``message``."""
        raise NotImplementedError

    def open_lead(self, number: int, among: Iterable[int] = ()) -> None:
        """Show one lead, whole; ``among`` is the list it was opened from."""
        raise NotImplementedError

    def open_help(self, about: str) -> None:
        """Show the keys of the screen of that name."""
        raise NotImplementedError

    def say(self, message: Message) -> None:
        """Say a message on the screen on top, whichever it is by now."""
        raise NotImplementedError

    async def open_palette(self) -> None:
        """Every command, lead, client and list, by name."""
        raise NotImplementedError

    async def open_new_lead(self) -> None:
        """Ask for a new lead."""
        raise NotImplementedError

    # -- the world outside ---------------------------------------------------------------------

    def copy(self, text: str) -> None:
        """Put a text on the clipboard of the terminal and, at a desk, of the desktop."""
        raise NotImplementedError

    def dial(self, number: str, failed: Callable[[str], None]) -> str | None:
        """Run the configured dialler; what went wrong, if anything. ``failed`` is told when the
        dialler gives up later."""
        raise NotImplementedError
