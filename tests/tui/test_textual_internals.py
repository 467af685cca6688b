"""The private names of Textual (and Rich) that the app and its tests lean on, all in one list.

An update of Textual that removes one, or gives it other parameters, fails here first, and says
where it is used.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console
from textual import _ansi_sequences, _compositor, _keyboard_protocol, events, keys
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

ROOT = Path(__file__).parents[2]
FOLDERS = ("tui_crm/tui", "tests/tui", "tests/pty", "tests/bench")
FILES = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for path in (*FILES, *(ROOT / "tests").glob("*.py"))
    if path != Path(__file__)
}

CALLED: dict[str, tuple[Callable[..., object], tuple[str, ...]]] = {
    # terminal/diff.py
    "_display": (App._display, ("screen", "renderable")),
    "ChopsUpdate": (_compositor.ChopsUpdate, ("chops", "spans", "chop_ends")),
    "LayoutUpdate": (_compositor.LayoutUpdate, ("strips", "region")),
    "render_segments": (_compositor.CompositorUpdate.render_segments, ("console",)),
    "render_style": (Strip.render_style, ("style", "text", "color_system")),
    # terminal/key_order.py
    "on_event": (App.on_event, ("event",)),
    "_check_bindings": (App._check_bindings, ("key", "priority")),
    "_set_forwarded": (Message._set_forwarded, ()),
    "_context": (MessagePump._context, ()),
    # terminal/driver.py, terminal/input_parser.py
    "_run_input_thread": (LinuxDriver._run_input_thread, ()),
    "run_input_thread": (LinuxDriver.run_input_thread, ()),
    "_get_terminal_size": (LinuxDriver._get_terminal_size, ()),
    "_query_in_band_window_resize": (LinuxDriver._query_in_band_window_resize, ()),
    "process_message": (LinuxDriver.process_message, ("message",)),
    "_sigtstp_application": (LinuxDriver._sigtstp_application, ("_",)),
    "_sigcont_application": (LinuxDriver._sigcont_application, ("_",)),
    "_sequence_to_key_events": (XTermParser._sequence_to_key_events, ("sequence", "alt")),
    "parse_mouse_code": (XTermParser.parse_mouse_code, ("code",)),
    # app.py
    "_handle_exception": (App._handle_exception, ("error",)),
    # widgets/canvas.py, widgets/sheet.py
    "render_line": (Widget.render_line, ("y",)),
    "render_lines": (Widget.render_lines, ("crop",)),
    "get_line_filters": (Widget.get_line_filters, ()),
    "check_consume_key": (Widget.check_consume_key, ("key", "character")),
    # tests/driver.py
    "_wait_for_screen": (Pilot._wait_for_screen, ("timeout",)),
    "_on_timer_update": (Screen._on_timer_update, ()),
    "render_strips": (_compositor.Compositor.render_strips, ("size",)),
    "_character_to_key": (keys._character_to_key, ("character",)),
}
"""What is called or overridden, with the names of its parameters."""

READ: dict[str, Callable[[App[None]], object]] = {
    "_running": lambda app: app,
    "_batch_count": lambda app: app,
    "_driver": lambda app: app,
    "_return_code": lambda app: app,
    "_compositor": lambda app: app.screen,
    "_stop_propagation": lambda app: events.Key("a", "a"),
    "is_forwarded": lambda app: events.Key("a", "a"),
    "bubble": lambda app: events.Key("a", "a"),
    "_color_system": lambda app: Console(),
    "ANSI_SEQUENCES_KEYS": lambda app: _ansi_sequences,
    "FUNCTIONAL_KEYS": lambda app: _keyboard_protocol,
    "_loop": lambda app: LinuxDriver(app),
    "_auto_restart": lambda app: LinuxDriver(app),
    "_must_signal_resume": lambda app: LinuxDriver(app),
    "_app": lambda app: LinuxDriver(app),
    "_mouse": lambda app: LinuxDriver(app),
    "fileno": lambda app: LinuxDriver(app),
    "exit_event": lambda app: LinuxDriver(app),
}
"""Attributes, and an object that has each."""


@pytest.mark.parametrize("name", CALLED)
def test_it_takes_the_parameters_that_we_give(name: str) -> None:
    function, expected = CALLED[name]
    names = tuple(name for name in inspect.signature(function).parameters if name != "self")
    assert names == expected, users(name)


async def test_every_attribute_is_there() -> None:
    app: App[None] = App()
    async with app.run_test():
        for name, holder in READ.items():
            assert hasattr(holder(app), name), (name, users(name))


def test_the_list_is_complete() -> None:
    """Every private name that none of our own files defines, and every import of a private one."""
    own = {"_replace"}  # of every NamedTuple
    used: set[str] = set()
    for source in SOURCES.values():
        for node in ast.walk(ast.parse(source)):
            own |= set(defined(node))
            used |= set(private(node))
    assert used - own <= {*CALLED, *READ, "CompositorUpdate", "XTermParser"}
    assert all(users(name) for name in (*CALLED, *READ)), "nobody leans on it any more"


def defined(node: ast.AST) -> Iterator[str]:
    """The names that a node of our own source defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.attr
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def private(node: ast.AST) -> Iterator[str]:
    """The private names that a node reads from an object or imports from Textual."""
    if isinstance(node, ast.Attribute):
        if node.attr.startswith("_") and not node.attr.startswith("__"):
            yield node.attr
    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
        hidden = "._" in (node.module or "")
        yield from (a.name for a in node.names if hidden or a.name[0] == "_")


def users(name: str) -> list[str]:
    """The files that use a name."""
    return [str(path.relative_to(ROOT)) for path, source in SOURCES.items() if name in source]
