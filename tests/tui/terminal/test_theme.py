"""The palette: contrast, depth, choice."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem

from tui_crm.tui.terminal import glyphs, theme

TEXT_TOKENS = ("text", "strong", "dim", "lost", "accent", "late", "due", "won", "blocked")

KINDS = ("call", "email", "meeting", "visit")

# The 256-colour entry of each token, as the look was designed (Rich's own conversion).
ENTRIES = {
    theme.DARK: {
        "bg": 233,
        "raised": 234,
        "sheet": 235,
        "sel": 236,
        "text": 252,
        "strong": 231,
        "dim": 247,
        "rule": 238,
        "accent": 147,
        "late": 210,
        "due": 222,
        "won": 115,
        "lost": 247,
        "blocked": 212,
        "call": 110,
        "email": 109,
        "meeting": 180,
        "visit": 182,
    },
    theme.LIGHT: {
        "bg": 231,
        "raised": 255,
        "sheet": 254,
        "sel": 189,
        "text": 235,
        "strong": 16,
        "dim": 240,
        "rule": 250,
        "accent": 56,
        "late": 124,
        "due": 58,
        "won": 22,
        "lost": 240,
        "blocked": 90,
        "call": 24,
        "email": 23,
        "meeting": 52,
        "visit": 53,
    },
}

# Ratios on the ground and on the row under the cursor: true colours, then 256.
CONTRAST = {
    theme.DARK: {
        "text": (12.3, 9.2, 12.1, 8.6),
        "strong": (16.3, 12.1, 18.7, 13.2),
        "dim": (6.7, 5.0, 7.0, 4.9),
        "lost": (6.7, 5.0, 7.0, 4.9),
        "accent": (8.8, 6.6, 9.3, 6.5),
        "late": (7.7, 5.7, 8.1, 5.7),
        "due": (13.0, 9.7, 13.7, 9.6),
        "won": (10.5, 7.8, 11.0, 7.8),
        "blocked": (8.2, 6.1, 8.7, 6.1),
        "rule": (2.0, 1.5, 1.9, 1.4),
    },
    theme.LIGHT: {
        "text": (14.3, 11.4, 15.1, 10.8),
        "strong": (20.3, 16.3, 21.0, 15.1),
        "dim": (6.4, 5.1, 7.1, 5.1),
        "lost": (6.4, 5.1, 7.1, 5.1),
        "accent": (7.7, 6.1, 8.5, 6.1),
        "late": (6.5, 5.2, 7.4, 5.3),
        "due": (7.5, 6.0, 6.7, 4.8),
        "won": (7.2, 5.8, 8.0, 5.7),
        "blocked": (7.7, 6.2, 8.8, 6.3),
        "rule": (1.8, 1.5, 1.9, 1.4),
    },
}


def rgb(palette: theme.Palette, token: str, depth: int) -> tuple[int, int, int]:
    """The value a terminal of this depth paints."""
    colour = Color.parse(palette.colours[token])
    if depth == 256:
        colour = colour.downgrade(ColorSystem.EIGHT_BIT)
    red, green, blue = colour.get_truecolor()
    return red, green, blue


def luminance(value: tuple[int, int, int]) -> float:
    """Relative luminance of WCAG 2."""
    parts = [part / 255 for part in value]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Contrast ratio of WCAG 2, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", CONTRAST, ids=lambda p: p.name)
def test_contrast_is_as_designed(palette: theme.Palette) -> None:
    for token, expected in CONTRAST[palette].items():
        found = [
            contrast(rgb(palette, token, depth), rgb(palette, ground, depth))
            for depth in (16_777_216, 256)
            for ground in ("bg", "sel")
        ]
        assert found == pytest.approx(expected, abs=0.06), token


@pytest.mark.parametrize("palette", CONTRAST, ids=lambda p: p.name)
@pytest.mark.parametrize("depth", [16_777_216, 256])
def test_every_text_is_readable_on_every_ground(palette: theme.Palette, depth: int) -> None:
    for token in (*TEXT_TOKENS, *KINDS):
        for ground in theme.GROUNDS:
            ratio = contrast(rgb(palette, token, depth), rgb(palette, ground, depth))
            assert ratio >= 4.5, (token, ground, round(ratio, 2))


@pytest.mark.parametrize("palette", CONTRAST, ids=lambda p: p.name)
@pytest.mark.parametrize("depth", [16_777_216, 256])
def test_a_kind_is_no_state_and_the_grounds_differ(palette: theme.Palette, depth: int) -> None:
    """Red, amber and green say how a thing stands: no kind of action has a colour of theirs."""
    states = ("late", "due", "won", "blocked", "accent", "text", "dim")
    colours = [rgb(palette, token, depth) for token in (*states, *KINDS)]
    assert len(set(colours)) == len(colours)
    for kind in KINDS:
        red, green, blue = (part / 255 for part in rgb(palette, kind, depth))
        for state in ("late", "due", "won", "blocked"):
            other = [part / 255 for part in rgb(palette, state, depth)]
            apart = sum((a - b) ** 2 for a, b in zip((red, green, blue), other, strict=True))
            assert apart**0.5 > 0.15, (kind, state)
    assert len({rgb(palette, ground, depth) for ground in theme.GROUNDS}) == len(theme.GROUNDS)


@pytest.mark.parametrize("palette", ENTRIES, ids=lambda p: p.name)
def test_one_theme_serves_both_depths(palette: theme.Palette) -> None:
    found = {
        token: Color.parse(palette.colours[token]).downgrade(ColorSystem.EIGHT_BIT).number
        for token in theme.TOKENS
    }
    assert found == ENTRIES[palette]


@pytest.mark.parametrize("palette", [theme.TERMINAL_DARK, theme.TERMINAL_LIGHT])
def test_sixteen_colours_are_the_terminals_own(palette: theme.Palette) -> None:
    theme.use(palette)
    for token in (*theme.TOKENS, "key", "chip", "caret"):
        for ground in theme.GROUNDS:
            style = theme.style(token, ground)
            for colour in (style.color, style.bgcolor):
                assert colour is None or (colour.number is not None and colour.number < 16), token


def test_no_color_has_no_colour_at_all() -> None:
    theme.use(theme.PLAIN)
    for token in (*theme.TOKENS, "key", "chip", "caret", "late.b"):
        for ground in theme.GROUNDS:
            style = theme.style(token, ground)
            assert style.color is None and style.bgcolor is None, token


def test_meanings_stand_out_without_colour() -> None:
    theme.use(theme.PLAIN)
    for token in ("late", "due", "won", "blocked", "accent", "strong"):
        assert theme.style(token).bold
    for token in ("dim", "rule", "lost"):
        assert theme.style(token).dim
    assert theme.style("chip").reverse and theme.style("text", "sel").reverse


def test_a_misspelt_token_is_refused() -> None:
    theme.use(theme.DARK)
    with pytest.raises(KeyError):
        theme.style("lete")


TRUE = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("setting", "environ", "palette"),
    [
        ("auto", TRUE, theme.DARK),
        ("auto", {"TERM": "screen-256color"}, theme.DARK),
        ("auto", {**TRUE, "COLORFGBG": "0;15"}, theme.LIGHT),
        ("auto", {**TRUE, "COLORFGBG": "0;default;15"}, theme.LIGHT),
        ("auto", {**TRUE, "COLORFGBG": "15;0"}, theme.DARK),
        ("auto", {**TRUE, "COLORFGBG": "nonsense"}, theme.DARK),
        ("auto", {"TERM": "linux"}, theme.TERMINAL_DARK),
        ("auto", {"TERM": "xterm", "COLORFGBG": "0;15"}, theme.TERMINAL_LIGHT),
        ("light", TRUE, theme.LIGHT),
        ("light", {"TERM": "linux"}, theme.TERMINAL_LIGHT),
        ("dark", {**TRUE, "COLORFGBG": "0;15"}, theme.DARK),
        ("terminal", TRUE, theme.TERMINAL_DARK),
        ("light", {**TRUE, "NO_COLOR": "1"}, theme.PLAIN),
        ("auto", {**TRUE, "NO_COLOR": ""}, theme.DARK),
    ],
)
def test_the_palette_follows_setting_and_terminal(
    setting: str, environ: dict[str, str], palette: theme.Palette
) -> None:
    assert theme.choose(setting, environ) is palette


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="solarized"):
        theme.choose("solarized", TRUE)


@pytest.mark.parametrize(
    ("setting", "environ", "encoding", "name"),
    [
        ("auto", {"TERM": "xterm", "LANG": "de_DE.UTF-8"}, "utf-8", "unicode"),
        ("auto", {"TERM": "xterm", "LANG": "de_DE.UTF-8"}, "iso8859-1", "ascii"),
        ("auto", {"TERM": "xterm", "LANG": "C"}, "ascii", "ascii"),
        ("auto", {"TERM": "linux", "LANG": "en_US.UTF-8"}, "UTF-8", "ascii"),
        ("auto", {"TERM": "xterm", "LANG": "ja_JP.UTF-8"}, "utf-8", "ascii"),
        (
            "auto",
            {"TERM": "xterm", "LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"},
            "utf8",
            "ascii",
        ),
        ("unicode", {"TERM": "linux"}, "ascii", "unicode"),
        ("ascii", {"TERM": "xterm"}, "utf-8", "ascii"),
    ],
)
def test_glyphs_follow_setting_encoding_and_locale(
    setting: str, environ: dict[str, str], encoding: str, name: str
) -> None:
    assert glyphs.choose(setting, environ, encoding).name == name


def test_every_ascii_twin_is_ascii_and_one_cell() -> None:
    for field in glyphs.ASCII.__dataclass_fields__:
        value = getattr(glyphs.ASCII, field)
        assert value.isascii()
        if field not in {"name", "levels", "eighths", "shades"}:
            assert len(value) == 1
    assert len(glyphs.ASCII.levels) == len(glyphs.UNICODE.levels) == 7
    assert len(glyphs.ASCII.eighths) == len(glyphs.UNICODE.eighths) == 7
    assert len(glyphs.ASCII.shades) == len(glyphs.UNICODE.shades) == 4


@pytest.fixture(autouse=True)
def _default_look():
    yield
    theme.use(theme.DARK)
    glyphs.use(glyphs.UNICODE)
