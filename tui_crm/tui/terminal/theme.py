"""Colours and ranks: the tokens of the look, for every depth a terminal can have.

A *token* is what a piece of text means (``late``, ``won``, ``dim`` ...), never a colour. Widgets
write tokens; this file is the only place that knows what they look like. There are three kinds of
palette: ``rgb`` (dark and light; every value is rounded by Rich to exactly one entry of the
256-colour table, so one palette serves both depths), ``terminal`` (the terminal's own sixteen
colours on its own ground), and ``plain`` (NO_COLOR: bold, dim and reverse only).

A token may carry marks after a dot: ``late.b`` is bold, ``text.bu`` bold and underlined,
``strong.n`` strong without bold where colour alone is enough (typed text), and ``@`` with a number
is a link that dials it (see `links`). Three
more tokens are made of others: ``key`` (a key to press), ``chip`` (the current screen; ``chip.won``
for a good end) and ``caret`` (the text cursor). ``call``, ``email``, ``meeting`` and ``visit`` are
the kinds of action, quiet hues for the word that names one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from rich.style import Style

from tui_crm.tui.terminal import links

if TYPE_CHECKING:
    from textual.app import App
    from textual.theme import Theme

Kind = Literal["rgb", "terminal", "plain"]

GROUNDS = ("bg", "raised", "sheet", "sel")
"""What text stands on: the page, its header and hint row, an entry, the row under the cursor."""

TOKENS = (
    *GROUNDS,
    "text",
    "strong",
    "dim",
    "rule",
    "accent",
    "late",
    "due",
    "won",
    "lost",
    "blocked",
    "call",
    "email",
    "meeting",
    "visit",
)

SETTINGS = ("auto", "dark", "light", "terminal")


@dataclass(frozen=True)
class Palette:
    """What each token looks like.

    ``colours`` maps a token to a Rich colour name (``#d3d7de``, ``bright_red``); a missing token is
    the terminal's default. ``bold`` and ``faint`` are the tokens that carry SGR 1 and SGR 2 by
    themselves.
    """

    name: str
    dark: bool
    kind: Kind
    colours: Mapping[str, str]
    bold: frozenset[str] = frozenset({"strong"})
    faint: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return hash(self.name)


DARK = Palette(
    "crm-dark",
    True,
    "rgb",
    {
        "bg": "#16181d",
        "raised": "#1c1f25",
        "sheet": "#20242b",
        "sel": "#2b3038",
        "text": "#d3d7de",
        "strong": "#f3f5f8",
        "dim": "#98a0ac",
        "rule": "#434a55",
        "accent": "#afafff",
        "late": "#ff8787",
        "due": "#ffd787",
        "won": "#87d7af",
        "lost": "#98a0ac",
        "blocked": "#ff87d7",
        "call": "#8fb0d8",
        "email": "#87afaf",
        "meeting": "#d0b48a",
        "visit": "#d7afd7",
    },
)

LIGHT = Palette(
    "crm-light",
    False,
    "rgb",
    {
        "bg": "#fbfbf9",
        "raised": "#f2f2ef",
        "sheet": "#ecebe6",
        "sel": "#dfe1f7",
        "text": "#25282e",
        "strong": "#000000",
        "dim": "#575d68",
        "rule": "#b9bdc6",
        "accent": "#5b2fc4",
        "late": "#b3201c",
        "due": "#6b4e00",
        "won": "#00632f",
        "lost": "#575d68",
        "blocked": "#93107f",
        "call": "#2f5f96",
        "email": "#005f5f",
        "meeting": "#5e2f14",
        "visit": "#6a2c6e",
    },
)

TERMINAL_DARK = Palette(
    "crm-terminal-dark",
    True,
    "terminal",
    {
        "rule": "bright_black",
        "accent": "bright_cyan",
        "late": "bright_red",
        "due": "bright_yellow",
        "won": "bright_green",
        "blocked": "bright_magenta",
    },
)

TERMINAL_LIGHT = Palette(
    "crm-terminal-light",
    False,
    "terminal",
    {
        "rule": "white",
        "accent": "blue",
        "late": "red",
        "won": "green",
        "blocked": "magenta",
    },
    # Yellow cannot be read on white, so an open question is only bold there.
    bold=frozenset({"strong", "due", "won"}),
)

PLAIN = Palette(
    "crm-plain",
    True,
    "plain",
    {},
    bold=frozenset({"strong", "accent", "late", "due", "won", "blocked"}),
    faint=frozenset({"dim", "rule", "lost"}),
)

PALETTES = (DARK, LIGHT, TERMINAL_DARK, TERMINAL_LIGHT, PLAIN)

_active = DARK


def _light_ground(environ: Mapping[str, str]) -> bool:
    """Whether COLORFGBG ("15;0", "0;default;15") names a light background."""
    ground = environ.get("COLORFGBG", "").rpartition(";")[2]
    return ground.isdigit() and int(ground) in {7, 9, 10, 11, 12, 13, 14, 15}


def depth(environ: Mapping[str, str]) -> Literal[16, 256, 16_777_216]:
    """How many colours the terminal of ``environ`` shows, by Rich's own reading of it."""
    from rich.console import Console

    # Without NO_COLOR and its like, which tell what is wanted and not what the terminal can show.
    terminal = {name: environ[name] for name in ("TERM", "COLORTERM") if name in environ}
    system = Console(force_terminal=True, legacy_windows=False, _environ=terminal).color_system
    if system == "truecolor":
        return 16_777_216
    return 256 if system == "256" else 16


def saves_bytes(environ: Mapping[str, str]) -> bool:
    """Whether to leave out on a narrow screen what takes many bytes: every run is dearer in true
    colours, and a line from afar (SSH) may be slow."""
    far = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    return far and depth(environ) == 16_777_216


def choose(setting: str = "auto", environ: Mapping[str, str] | None = None) -> Palette:
    """The palette for a configured ``setting`` (one of SETTINGS) in this environment.

    NO_COLOR (not empty) beats everything. A terminal of sixteen colours always gets its own
    palette, because values mixed for 256 are rounded there to muddy pairs. ``auto`` is dark unless
    COLORFGBG says that the ground is light. Raises ValueError for an unknown setting.
    """
    if setting not in SETTINGS:
        raise ValueError(f"theme is one of {', '.join(SETTINGS)}, not {setting!r}")
    environ = os.environ if environ is None else environ
    if environ.get("NO_COLOR"):
        return PLAIN
    light = setting == "light" or (setting != "dark" and _light_ground(environ))
    if setting == "terminal" or depth(environ) == 16:
        return TERMINAL_LIGHT if light else TERMINAL_DARK
    return LIGHT if light else DARK


def use(palette: Palette) -> None:
    """Make ``palette`` the one that every widget paints with. One per process, like the screen."""
    global _active
    _active = palette


def active() -> Palette:
    """The palette in use."""
    return _active


def ansi_color(palette: Palette) -> bool | None:
    """What to pass as ``App(ansi_color=...)``.

    True without colours: Textual picks its NO_COLOR filter when the app is made, before any theme
    is set, and the wrong one paints black on black. None lets the theme decide.
    """
    return True if palette.kind == "plain" else None


def install(app: App[Any], palette: Palette) -> None:
    """Register ``palette`` as a Textual theme, switch ``app`` to it and paint with it."""
    use(palette)
    app.register_theme(textual_theme(palette))
    app.theme = palette.name


def textual_theme(palette: Palette) -> Theme:
    """The same palette as a Textual theme, for the grounds that Textual itself paints."""
    from textual.theme import BUILTIN_THEMES, Theme

    variables: dict[str, str] = {}
    if palette.kind != "rgb":
        # Names that Textual's own style sheet asks for under a theme without colours of its own.
        variables = BUILTIN_THEMES["ansi-dark" if palette.dark else "ansi-light"].variables
        names = dict.fromkeys(TOKENS, "ansi_default")
        names |= {token: f"ansi_{colour}" for token, colour in palette.colours.items()}
    else:
        names = dict(palette.colours)
    return Theme(
        name=palette.name,
        dark=palette.dark,
        ansi=palette.kind != "rgb",
        primary=names["accent"],
        secondary=names["accent"],
        accent=names["accent"],
        warning=names["due"],
        error=names["late"],
        success=names["won"],
        foreground=names["text"],
        background=names["bg"],
        surface=names["raised"],
        panel=names["sheet"],
        boost=names["bg"],
        variables=dict(variables),
    )


def style(token: str, ground: str = "bg") -> Style:
    """The Rich style of ``token`` in the palette in use, on one of GROUNDS.

    Where there are no grounds of our own (terminal, plain) the row under the cursor (``sel``) is
    reverse video without inner colours. Raises KeyError for a token or a ground that does not
    exist: a misspelt one must not pass as ordinary text.
    """
    token, _at, number = token.partition("@")
    found = _style(_active, token, ground)
    address = links.target(number) if number else None
    return _linked(found, address) if address else found


@lru_cache(maxsize=256)
def _linked(plain: Style, address: str) -> Style:
    """A style with a link: cached, so that it stays the same link for the terminal."""
    return plain + Style(link=address)


@lru_cache(maxsize=1024)
def _style(palette: Palette, token: str, ground: str) -> Style:
    if ground not in GROUNDS:
        raise KeyError(ground)
    name, _dot, marks = token.partition(".")
    if name in {"chip", "caret"}:
        return _filled(palette, marks or "accent", bold=name == "chip" or None)
    bold: bool | None = "b" in marks or None
    underline: bool | None = "u" in marks or None
    if name == "key":
        name, bold = "accent", True
    if name not in TOKENS:
        raise KeyError(token)
    if not (bold or ("n" in marks and palette.kind == "rgb")):
        bold = name in palette.bold or None
    if palette.kind != "rgb":
        if ground == "sel":
            return Style(reverse=True)
        return Style(
            color=palette.colours.get(name),
            bold=bold,
            underline=underline,
            # Bold wins: a faint bold letter is read differently by every terminal.
            dim=(name in palette.faint and not bold) or None,
        )
    colours = palette.colours
    return Style(color=colours[name], bgcolor=colours[ground], bold=bold, underline=underline)


def _filled(palette: Palette, token: str, bold: bool | None) -> Style:
    """The page's ground as a text on the colour of ``token``: the chip and the text cursor."""
    if token not in TOKENS:
        raise KeyError(token)
    if palette.kind == "rgb":
        return Style(color=palette.colours["bg"], bgcolor=palette.colours[token], bold=bold)
    return Style(color=palette.colours.get(token), reverse=True, bold=bold)
