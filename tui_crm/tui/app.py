"""The app: the session, the screens, the one door for writes, and a watch on what others write."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from textual import events
from textual.binding import Binding

from tui_crm.core.charset import terminal_encoding
from tui_crm.core.drafts import Drafts, DraftText
from tui_crm.core.errors import CrmError, StoreError
from tui_crm.core.store import attempts, journal
from tui_crm.core.store.database import damaged
from tui_crm.core.text import _, ngettext
from tui_crm.tui import digit_row, keys, screens
from tui_crm.tui.crm import Crm, Place, R, S
from tui_crm.tui.header_cache import HeaderCache
from tui_crm.tui.keys import remap
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.terminal import glyphs, links, theme
from tui_crm.tui.terminal.diff import DiffOutput
from tui_crm.tui.terminal.driver import CrmDriver
from tui_crm.tui.terminal.key_order import SequentialKeys
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.settings import Settings
    from tui_crm.tui.catalogue import Subject
    from tui_crm.tui.widgets.hints import Message

POLL_SECONDS = 2.0  # between two looks at the journal for what others wrote
IDLE_SECONDS = 1.0  # without a key, after which there is time for housekeeping
UNREAD = -1  # in place of a number of an entry: what is on screen is older than the store
DIALLER_SECONDS = 0.3  # between two looks at whether the dialler has ended


class CrmApp(DiffOutput, SequentialKeys, Crm):
    """The terminal face: see `Crm` for what screens ask of it."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        Binding("ctrl+q", "leave_program", show=False, priority=True),
        Binding("ctrl+c", "leave_hint", show=False),
    ]

    def __init__(
        self,
        session: Session,
        settings: Settings | None = None,
        notice: str = "",
        environ: dict[str, str] | None = None,
        subjects: Callable[[], Sequence[Subject]] = tuple,
    ) -> None:
        environ = dict(os.environ) if environ is None else environ
        palette = theme.choose(settings.theme if settings else "auto", environ)
        theme.use(palette)
        chosen = glyphs.choose(settings.glyphs if settings else "auto", environ)
        glyphs.use(chosen, terminal_encoding(environ) if chosen.ascii else None)
        links.use(links.choose(settings.links if settings else "auto", environ))
        super().__init__(driver_class=CrmDriver, ansi_color=theme.ansi_color(palette))
        self.animation_level = "none"
        self.session = session
        self.drafts = Drafts(session)
        self.settings = settings
        self.subjects = subjects
        self._environ = environ
        self.notice = notice
        self.header_cache = HeaderCache(session)
        self.last_act = None
        self.dialer: tuple[str, ...] = tuple(settings.dialer) if settings else ()
        self.mailer: tuple[str, ...] = tuple(settings.mailer) if settings else ()
        self._palette = palette
        self.saves_bytes = theme.saves_bytes(environ)
        self._digit_row = digit_row.choose(settings.digit_row if settings else "auto", environ)
        self._said_how_to_leave = False
        self._bug: Exception | None = None
        self.key_remap = remap.check(settings.keys, settings.lines) if settings else {}
        self._seen = 0
        self._leaving = threading.Event()

    # -- life ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        theme.install(self, self._palette)
        if self.key_remap:
            self.set_keymap(self.key_remap)
        self._seen = self.session.store.last_entry()
        left = self.drafts.load()
        loop = asyncio.get_running_loop()
        if not self.is_headless:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
                loop.add_signal_handler(number, self._stop, number)
        self.set_interval(POLL_SECONDS, self.poll_changes)
        self.go("today")
        if self.session.store.is_damaged:
            self.call_after_refresh(lambda: self.current.refused(damaged(self.session.store.file)))
        elif self.session.store.readonly:
            self.call_after_refresh(self._say_readonly)
        elif left:
            self.call_after_refresh(self._say_typed_before, left)
        if not self.is_headless:
            self.run_worker(self._back_up, thread=True, exit_on_error=False)
            self.run_worker(self._read_subjects, thread=True, exit_on_error=False)

    def on_ready(self) -> None:
        """The first frame is drawn: garbage is collected again, and what the start made is never
        looked through for it."""
        if not self.is_headless:
            gc.freeze()
            gc.enable()

    def _say_readonly(self) -> None:
        from tui_crm.tui.widgets.hints import Message

        self.current.say(
            Message(
                "!",
                "due",
                _("Opened to look only: the store may not be written."),
                note=_("Make the file and its folder writable, then start again."),
            )
        )

    def _say_typed_before(self, left: list[DraftText]) -> None:
        """Say that the last program ended while something was typed, and where it is offered."""
        from tui_crm.tui.widgets.hints import Message

        first, more = left[0], len(left) - 1
        names = [str(first.data[key]) for key in ("title", "about") if first.data.get(key)]
        what = _("Typed and not saved: {what}").format(what=" · ".join(names) or first.text)
        note = _("It is there when the same line is opened again.")
        if more:
            note = ngettext("And {n} more. ", "And {n} more. ", more).format(n=more) + note
        self.current.say(Message("~", "due", what, note=note))

    def _back_up(self) -> None:
        """Make a backup at the day's first start, in a thread: the user need not wait for it."""
        from tui_crm.core.store import backup

        try:
            backup.auto_backup(self.session.store, self.session.today, self._leaving.is_set)
        except CrmError as error:
            if not self._leaving.is_set():
                self.call_from_thread(self.current.refused, error)

    def _read_subjects(self) -> None:
        """Load what can be set, in a thread, so that the first palette need not wait for it."""
        self.subjects()

    def exit(self, *args: Any, **kwargs: Any) -> None:
        self._leaving.set()  # a backup under way is given up; the next start makes one
        super().exit(*args, **kwargs)

    def _stop(self, number: int) -> None:
        """End the program for a signal as `q` does: drafts are saved, the terminal is restored."""
        self._keep_typed()
        self.exit(128 + number)

    def _keep_typed(self) -> None:
        """Save the drafts of all entries that are open."""
        for screen in self.screen_stack:
            for sheet in screen.query(Sheet):
                sheet.keep()

    def leave_program(self) -> None:
        if not self._confirm_leave(self.leave_program):
            self.exit(0)

    def action_leave_program(self) -> None:
        self.leave_program()

    def say_how_to_leave(self) -> None:
        if not self._said_how_to_leave:
            self._said_how_to_leave = True
            self.action_leave_hint()

    def suspend_program(self) -> None:
        self._keep_typed()
        if not isinstance(self._driver, CrmDriver) or not self._driver.stop_until_continued():
            self.current.explain_key(
                "ctrl+z", _("there is no shell to go to: nothing would wake us.")
            )

    def action_leave_hint(self) -> None:
        from tui_crm.tui.widgets.hints import Message

        self.current.say(Message("q", "key", _("leaves the program.")))

    @property
    def current(self) -> CrmScreen:
        """The screen on top."""
        screen = self.screen
        assert isinstance(screen, CrmScreen)
        return screen

    def idle_seconds(self) -> float:
        return monotonic() - self.last_key if self.last_key else 0.0

    # -- keys ----------------------------------------------------------------------------------

    def read_key(self, event: events.Key) -> events.Key | None:
        if event.key == self._suspend_key:
            self.suspend_program()
            return None
        if not event.is_printable or len(self.screen_stack) < 2:
            return event
        focused = self.focused
        sheet = focused if isinstance(focused, Sheet) and focused.is_open else None
        layout = self._digit_row or digit_row.layout_of(event.character)
        digit = digit_row.digit_of(layout, event.character)
        if digit is None or not self._digit_acts(digit, event.key, sheet):
            return event
        if self._digit_row:
            return events.Key(digit, digit)
        why = _('is the digit {digit} with digit_row = "{layout}" in config.toml.').format(
            digit=digit, layout=layout
        )
        if sheet is None:
            self.current.explain_key(event.character or "", why)
        else:
            sheet.note = make((event.character or "", "key"), (f" {why}", "dim"))
            sheet.redraw()
        return None

    def _digit_acts(self, digit: str, key: str, sheet: Sheet[Any] | None) -> bool:
        """Whether a digit does something here, and the key in whose place it stands does not: a
        key of this screen alone goes first, one of all screens stands back."""
        if sheet is not None:
            return sheet.DIGITS
        if not self.current.takes_digits:
            return False
        rows = {
            name: row
            for row in keys.here(self.current.NAME)
            for name in self.key_remap.get(row.id, row.keys).split(",")
        }
        if key not in rows:
            return digit in rows
        own = rows[key]
        return (
            digit in rows
            and own.id not in self.key_remap
            and len(own.where) > len(rows[digit].where)
        )

    @property
    def _suspend_key(self) -> str:
        """The key that stops the program in entries as well: ctrl and a letter, which nobody
        types. A plain letter that was chosen in its place acts on the screens alone."""
        key = self.key_remap.get("always.suspend", "ctrl+z")
        return key if key.startswith("ctrl+") else ""

    # -- going ---------------------------------------------------------------------------------

    def screen_of(self, cls: type[S]) -> S:
        if not self.is_screen_installed(cls.NAME):
            self.install_screen(cls(), cls.NAME)
        screen = self.get_screen(cls.NAME)
        assert isinstance(screen, cls)
        return screen

    def go(self, place: Place, message: Message | None = None, at: int | None = None) -> None:
        screen = self.screen_of(screens.find(place))
        if self._confirm_leave(lambda: self.go(place, message, at), but=screen):
            return
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if message is not None or at is not None:
            screen.arrive(message, at)
        if len(self.screen_stack) == 2:
            if self.screen is not screen:
                self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def leave_screen(self, message: Message | None = None) -> None:
        self.pop_screen()
        if message is not None:
            self.current.call_later(self.current.say, message)

    def _confirm_leave(self, then: Callable[[], object], but: CrmScreen | None = None) -> bool:
        """Whether a screen must ask something before it is left, as Calling for the outcome of a
        running call: it asks, and calls ``then`` afterwards."""
        open_screens = (screen for screen in self.screen_stack if isinstance(screen, CrmScreen))
        return any(screen.confirm_leave(then) for screen in open_screens if screen is not but)

    def open_lead(self, number: int, among: Iterable[int] = ()) -> None:
        from tui_crm.tui.screens.leads.lead import LeadScreen

        lead = self.screen_of(LeadScreen)
        lead.show_lead(number, tuple(among))
        if self.screen is not lead:
            self.push_screen(lead)
        else:
            lead.reload()

    def open_client(self, client_id: int) -> None:
        from tui_crm.tui.screens.leads.client import ClientScreen

        client = self.screen_of(ClientScreen)
        client.show_client(client_id)
        if client in self.screen_stack:
            while self.screen is not client:
                self.pop_screen()
            client.reload()
        else:
            self.push_screen(client)

    def open_help(self, about: str) -> None:
        from tui_crm.tui.screens.help import HelpScreen

        screen = self.screen_of(HelpScreen)
        screen.about = about
        self.push_screen(screen)

    def say(self, message: Message) -> None:
        self.current.say(message)

    async def open_palette(self) -> None:
        from tui_crm.tui.screens.dialogs.palette import open_palette

        await open_palette(self.current)

    async def open_search(self) -> None:
        from tui_crm.tui.screens.dialogs.palette import open_palette

        await open_palette(self.current, "/")

    async def open_import(self, kind: Literal["prospects", "leads"]) -> None:
        from tui_crm.tui.screens.importing.screen import ImportScreen

        place = self.screen_of(ImportScreen)
        place.begin(kind)
        await self.push_screen(place)

    @conversation
    async def open_new_lead(self) -> None:
        from tui_crm.tui.screens.dialogs.new_lead import ask_new_lead

        await ask_new_lead(self.current)

    # -- writing -------------------------------------------------------------------------------

    def perform(
        self, what: Callable[..., R], *args: Any, **kwargs: Any
    ) -> R | Literal[True] | None:
        store = self.session.store
        before = store.own_entry
        try:
            result = what(self.session, *args, **kwargs)
        except CrmError as error:
            self.current.refused(error)
            return None
        try:
            # What others wrote before that entry is on the screen after this; what they wrote since
            # is noticed by its number.
            self._seen = store.own_entry if store.own_entry != before else store.last_entry()
            self.header_cache.invalidate()
            self.current.reload_after(result)
        except StoreError as error:
            self.unread(error, done=True)
        return result if result is not None else True

    def renew_session(self) -> None:
        self.session = self.session.reload()
        self.header_cache = HeaderCache(self.session)
        self.current.reload()

    def use_settings(self, settings: Settings) -> None:
        self.settings = settings
        self._palette = theme.choose(settings.theme, self._environ)
        theme.install(self, self._palette)
        chosen = glyphs.choose(settings.glyphs, self._environ)
        glyphs.use(chosen, terminal_encoding(self._environ) if chosen.ascii else None)
        links.use(links.choose(settings.links, self._environ))
        self._digit_row = digit_row.choose(settings.digit_row, self._environ)
        self.dialer, self.mailer = tuple(settings.dialer), tuple(settings.mailer)
        self.current.reload()
        self.current.refresh(layout=True)

    def unread(self, error: StoreError, done: bool = False) -> None:
        """Say that the store could not be read, after an act that is ``done`` or without one. What
        is on screen stays, and is read as soon as the store answers again."""
        self._seen = UNREAD
        if done:
            words = _("It was saved; what is shown is older: {why}").format(why=error.message)
            error = StoreError(words, _("It is read again as soon as the database answers."))
        self.current.refused(error)

    async def on_event(self, event: events.Event) -> None:
        try:
            await super().on_event(event)
        except StoreError as error:
            self.unread(error)

    def perform_on(
        self,
        ids: list[int],
        what: Callable[..., Any],
        *args: Any,
        as_of: int | None = None,
        **kw: Any,
    ) -> Any:
        self.last_act = (what, args, kw)

        def act(session: Session) -> Any:
            seeing = replace(session, as_of=as_of)
            if len(ids) == 1:
                return what(seeing, ids[0], *args, **kw)
            together: Any = what
            return journal.bulk(seeing, together, ids, *args, **kw)

        return self.perform(act)

    def poll_changes(self) -> None:
        """Reload when somebody else wrote (another window, the command line, a colleague)."""
        if len(self.screen_stack) < 2:
            return  # the app is opening or closing
        try:
            self._look_for_pending()
            newest = self.session.store.last_entry()
            if newest != self._seen:
                self.header_cache.invalidate()
                self.current.reload()
        except StoreError as error:
            if self._seen != UNREAD:
                self.unread(error)
            return
        if newest != self._seen:
            self._seen = newest
        else:
            self.current.tick()
            if monotonic() - self.last_key > IDLE_SECONDS:
                with contextlib.suppress(CrmError):
                    self.session.store.checkpoint()
        if not self.is_headless and _hung_up():
            self._stop(signal.SIGHUP)

    def _look_for_pending(self) -> None:
        """Say what became of an act whose answer was lost with the line, once that is known."""
        saved = attempts.look(self.session.store)
        if saved is None:
            return
        from tui_crm.tui.widgets.hints import Message

        if saved:
            self.say(Message("=", "won", _("What was not answered before was saved.")))
        else:
            note = _("Enter it again.")
            self.say(
                Message("!", "due", _("What was not answered before was not saved."), note=note)
            )

    # -- the world outside ---------------------------------------------------------------------

    def copy(self, text: str) -> None:
        # By OSC 52, which crosses SSH, and by the desktop's own tool when there is one.
        self.copy_to_clipboard(text)
        if "SSH_TTY" in os.environ or self.is_headless:
            return
        for command in (("pbcopy",), ("wl-copy",), ("xclip", "-selection", "clipboard")):
            from shutil import which

            if which(command[0]) and (command[0] == "pbcopy" or _has_display(command[0])):
                with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                    subprocess.run(
                        command,
                        input=text.encode(),
                        timeout=1,
                        check=False,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    )
                return

    def dial(self, number: str, failed: Callable[[str], None]) -> str | None:
        # The number is data: it is one argument and never a command.
        if not self.dialer:
            return None
        safe = "".join(c for c in number if c.isdigit() or c in "+*#,;")
        try:
            started = subprocess.Popen(
                [part.replace("{phone}", safe) for part in self.dialer],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except FileNotFoundError:
            return _("the dialler was not found: {name}").format(name=self.dialer[0])
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            return _("the dialler did not start: {why}").format(why=why)

        def ended() -> None:
            # A softphone may run for hours: its end is polled, never waited for.
            code = started.poll()
            if code is None:
                return
            watch.stop()
            if code:
                failed(_("the dialler ended with code {code}").format(code=code))

        watch = self.set_interval(DIALLER_SECONDS, ended)
        return None

    # -- our own bugs --------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """End the program after a bug of ours and restore the terminal. No traceback, which would
        show customers' data, reaches the screen; the log has file names and lines only."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        self._bug = error
        with contextlib.suppress(Exception):
            self._keep_typed()
        self._return_code = 70
        self.exit(70)


def _hung_up() -> bool:
    """Whether the terminal is gone; SIGHUP reaches only the leader of its session."""
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(sys.__stdin__.fileno() if sys.__stdin__ else 0, 0)
    return any(events & (select.POLLHUP | select.POLLNVAL) for _fd, events in poll.poll(0))


def _has_display(command: str) -> bool:
    return bool(os.environ.get("WAYLAND_DISPLAY" if command == "wl-copy" else "DISPLAY"))


def run_app(
    session: Session,
    settings: Settings | None = None,
    notice: str = "",
    subjects: Callable[[], Sequence[Subject]] = tuple,
) -> int:
    """Run the app in this terminal; the exit code. ``subjects`` are what the settings screen can
    set. Mouse reporting stays off, so that the terminal's own selection works."""
    app = CrmApp(session, settings, notice, subjects=subjects)
    try:
        app.run(mouse=bool(settings and settings.mouse))
    finally:
        # Without a terminal Textual's own stopping fails before it ends its input thread, which
        # would then spin for ever.
        if isinstance(app._driver, CrmDriver):
            app._driver.exit_event.set()
    if app._bug is not None:
        raise app._bug
    code = app.return_value
    return code if code is not None else 0
