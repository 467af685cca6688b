"""Charts out of block characters: pure functions from figures to runs.

Two rules hold for all of them. Thickness is certainty: a block is done, a heavy line expected, a
hairline possible. And a figure never stands alone: these functions draw the line only, the caller
puts the numbers beside it. Every part has its ASCII twin through `glyphs`.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, make


def _halves(part: float, whole: float, width: int) -> int:
    """Half cells of ``width`` that ``part`` of ``whole`` fills; anything above zero shows."""
    if whole <= 0 or part <= 0:
        return 0
    filled = round(min(part / whole, 1.0) * width * 2)
    if part < whole:
        # Full means reached; nearly reached must not look like it.
        filled = min(filled, width * 2 - 1)
    return max(filled, 1)


def _heavy(halves: int) -> str:
    drawn = glyphs.active()
    return drawn.heavy * (halves // 2) + (drawn.half if halves % 2 else "")


def progress_bar(
    part: float, whole: float, width: int, token: str = "accent", done: str = "won"
) -> Line:
    """A line that fills: ``part`` of ``whole`` in ``width`` cells.

    Heavy for what is done, light for the rest, with a half cell at the end. Full, it turns
    ``done``. Nothing done or no whole: the light line alone.
    """
    if width <= 0:
        return EMPTY
    halves = _halves(part, whole, width)
    heavy = _heavy(halves)
    rest = glyphs.active().rule * (width - len(heavy))
    return make((heavy, done if halves == width * 2 else token), (rest, "rule"))


def bar(value: float, peak: float, width: int, token: str = "accent", rest: bool = False) -> Line:
    """A bar from a common zero, to an eighth of a cell; ``peak`` takes the whole ``width``.

    With ``rest`` a light line goes on to the full width (there is a goal, or columns to cross);
    without it the cells behind are empty. Anything above zero shows. Always ``width`` cells.
    """
    if width <= 0:
        return EMPTY
    eighths = 0
    if peak > 0 and value > 0:
        eighths = max(1, round(min(value / peak, 1.0) * width * 8))
    drawn = glyphs.active()
    block = drawn.block * (eighths // 8)
    if eighths % 8:
        block += drawn.eighths[eighths % 8 - 1]
    if eighths and not block.strip():
        block = drawn.block  # less than half a cell, without the signs for it
    block = block.rstrip(" ")
    left = width - len(block)
    return make((block, token), ((drawn.rule if rest else " ") * left, "rule" if rest else token))


def heavy_bar(value: float, peak: float, width: int, token: str = "dim") -> Line:
    """A bar as a heavy line, to half a cell: rows of them stay apart without a row between. Always
    ``width`` cells."""
    line = _heavy(_halves(value, peak, width) if value < peak else 2 * width if peak > 0 else 0)
    return make((line, token), (" " * (width - len(line)), token))


def shaded(parts: Sequence[float], peak: float, width: int, token: str = "accent") -> Line:
    """Bars end to end in weights of one hue, the first the heaviest; ``peak`` takes ``width``."""
    shades = glyphs.active().shades
    pieces = [
        (shades[min(place, len(shades) - 1)] * size, token)
        for place, size in enumerate(shares(parts, peak, width))
    ]
    left = width - sum(len(text) for text, _token in pieces)
    return make(*pieces, (" " * left, token))


def upright_bars(
    values: Sequence[tuple[float, str]], each: int, rows: int, gap: int = 1
) -> list[Line]:
    """Bars from a common ground, each in ``each`` cells with its ``gap`` and ``rows`` of eight
    heights, the top row first. ``values`` come with their tokens."""
    peak = max((value for value, _token in values), default=0.0)
    drawn = glyphs.active()
    steps = f" {drawn.levels}{drawn.block}"
    heights = [
        max(1, round(value / peak * rows * 8)) if peak > 0 and value > 0 else 0
        for value, _token in values
    ]
    return [
        make(
            *(
                (steps[min(max(height - row * 8, 0), 8)] * (each - gap) + " " * gap, token)
                for height, (_value, token) in zip(heights, values, strict=True)
            )
        )
        for row in reversed(range(rows))
    ]


def shares(parts: Sequence[float], peak: float, width: int) -> list[int]:
    """Whole cells for ``parts`` laid end to end on a scale where ``peak`` takes ``width``.

    Rounded at the joints, so that the sum is right; a part above zero gets a cell while there is
    room for it.
    """
    if peak <= 0:
        return [0] * len(parts)
    cells: list[int] = []
    total, used = 0.0, 0
    for part in parts:
        total += max(part, 0)
        end = min(max(round(total / peak * width), used + (part > 0)), width)
        cells.append(end - used)
        used = end
    return cells


def stacked(parts: Sequence[tuple[float, str]], peak: float, width: int, rest: bool = True) -> Line:
    """Bars end to end, one token each (reached, not reached); ``peak`` takes ``width``. The first
    is a block, the second a heavy line, the third a light one: they are told apart without colour.
    """
    sizes = shares([value for value, _token in parts], peak, width)
    drawn = glyphs.active()
    weights = (drawn.block, drawn.heavy, drawn.rule)
    pieces = [
        (weight * size, token)
        for weight, size, (_v, token) in zip(weights, sizes, parts, strict=False)
    ]
    left = width - sum(sizes)
    return make(*pieces, ((drawn.rule if rest else " ") * left, "rule"))


def spark(values: Sequence[float | None], width: int, token: str = "dim") -> Line:
    """A sparkline, one cell a value, scaled from zero to the peak; the last ``width`` values.

    Zero is the lowest level, None (nothing known) is empty.
    """
    shown = list(values)[-width:] if width > 0 else []
    peak = max((value for value in shown if value is not None), default=0.0)
    return make(("".join(level(value, peak) for value in shown), token))


def high_spark(
    values: Sequence[float | None], width: int, rows: int, token: str = "dim"
) -> list[Line]:
    """`spark` in several ``rows``, the top one first: eight heights in each of them."""
    shown = list(values)[-width:] if width > 0 else []
    peak = max((value for value in shown if value is not None), default=0.0)
    drawn = glyphs.active()
    steps = f" {drawn.levels}{drawn.block}"
    heights = [
        0 if value is None else max(1, round(value / peak * rows * 8)) if peak > 0 else 1
        for value in shown
    ]
    return [
        make(("".join(steps[min(max(height - row * 8, 0), 8)] for height in heights), token))
        for row in reversed(range(rows))
    ]


def level(value: float | None, peak: float) -> str:
    """One of seven heights for ``value`` on a scale from zero to ``peak``; a space for None."""
    if value is None:
        return " "
    steps = glyphs.active().levels
    if peak <= 0 or value <= 0:
        return steps[0]
    return steps[min(round(value / peak * (len(steps) - 1)), len(steps) - 1)]


def heat(value: float | None, peak: float, width: int = 3) -> Line:
    """A heat cell of ``width`` cells: accent from a third of ``peak`` up, else dim."""
    strong = value is not None and peak > 0 and value >= peak / 3
    return make((level(value, peak) * width, "accent" if strong else "dim"))


def funnel(
    went_on: float,
    still_there: float,
    lost_here: float,
    first: float,
    width: int,
    token: str = "accent",
) -> Line:
    """One step of the funnel: went on, still there, lost here; scaled to the ``first`` step."""
    done, waiting, gone = shares([went_on, still_there, lost_here], first, width)
    drawn = glyphs.active()
    return make(
        (drawn.block * done + drawn.heavy * waiting, token),
        (drawn.rule * gone, "dim"),
        (" " * (width - done - waiting - gone), "text"),
    )


def forecast(won: float, weighted: float, open_: float, peak: float, width: int) -> Line:
    """One period of the forecast: won, the weighted part of what is open, the rest of it.

    ``open_`` is the whole open amount, ``weighted`` the part of it that probability makes.
    ``peak`` is the largest won + open of all rows.
    """
    done, expected, rest = shares([won, weighted, max(open_ - weighted, 0)], peak, width)
    drawn = glyphs.active()
    return make(
        (drawn.block * done, "won"),
        (drawn.heavy * expected, "accent"),
        (drawn.rule * rest, "dim"),
        (" " * (width - done - expected - rest), "text"),
    )


# Large signs, at most five pixels wide and five high, one string a row.
_PIXELS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": ("## ", " # ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "+": ("   ", " # ", "###", " # ", "   "),
    "-": ("   ", "   ", "###", "   ", "   "),
    ".": (" ", " ", " ", " ", "#"),
    " ": (" ", " ", " ", " ", " "),
    "%": ("#  #", "  # ", " ## ", " #  ", "#  #"),
    "k": ("#  ", "# #", "## ", "# #", "# #"),
    "m": ("     ", "#### ", "# # #", "# # #", "# # #"),
    "M": ("#   #", "## ##", "# # #", "#   #", "#   #"),
    "d": ("  #", "  #", "###", "# #", "###"),
    "€": (" ###", "#   ", "### ", "#   ", " ###"),
    "$": (" ##", "#  ", " # ", "  #", "## "),
    "£": (" ##", "#  ", "## ", "#  ", "###"),
}


def phone_groups(number: str) -> list[str]:
    """The digits of an international number in the groups it is written in, at most four each."""
    groups: list[str] = []
    for word in "".join(c if c.isdigit() or c == "+" else " " for c in number).split():
        # Longer groups are halved, never left with a single digit at the end.
        while len(word.lstrip("+")) > 4:
            take = 3 if len(word) > 4 and len(word) != 8 else 4
            groups.append(word[:take])
            word = word[take:]
        groups.append(word)
    return groups


def large_phone(number: str, width: int) -> list[Line]:
    """``number`` in three rows of half blocks; [] where it cannot be drawn.

    Four cells a digit, two more between groups. It cannot be drawn when it is wider than
    ``width``, with ASCII glyphs, or when it has a letter or an extension: then the caller shows
    one bold row.
    """
    if any(c.isalpha() or c in "#;,*" for c in number):
        return []
    return _large(phone_groups(number), "   ", width)


def large_figure(text: str, width: int) -> list[Line]:
    """A figure (``€612k``, ``37%``) in three rows of half blocks; [] where it cannot be drawn:
    wider than ``width``, with ASCII glyphs, or with a sign that has no pixels."""
    return _large([text], "", width)


def _large(groups: Sequence[str], between: str, width: int) -> list[Line]:
    """Groups of signs in three rows of half blocks, a pixel between signs."""
    drawn = glyphs.active()
    # ASCII digits only: what another script draws cannot be dialled by looking at these pixels.
    if drawn.ascii or not groups or any(c not in _PIXELS for group in groups for c in group):
        return []
    rows = [
        between.join(" ".join(_PIXELS[c][y] for c in group) for group in groups) for y in range(5)
    ]
    rows.append(" " * len(rows[0]))
    if len(rows[0]) > width:
        return []
    halves = {("#", "#"): drawn.block, ("#", " "): drawn.upper, (" ", "#"): drawn.lower}
    return [
        (
            Run(
                "".join(halves.get(pair, " ") for pair in zip(rows[y], rows[y + 1], strict=True)),
                "strong",
            ),
        )
        for y in (0, 2, 4)
    ]


def attempts(
    tries: Sequence[tuple[int, int, str]], hours: tuple[int, int], now: tuple[int, int] | None
) -> Line:
    """The attempts strip: five weekdays, one cell an hour.

    ``tries`` are (weekday 0-4, hour, outcome digit), a later one on the same cell wins; ``hours``
    is the first and last hour shown; ``now`` is the weekday and hour of this call.
    """
    first, last = hours
    marks = {(day, hour): (digit, "strong") for day, hour, digit in tries}
    if now is not None:
        marks[now] = ("?", "key")
    runs: list[Run] = []
    for day in range(5):
        if day:
            runs.append(Run(" ", "dim"))
        for hour in range(first, last + 1):
            text, token = marks.get((day, hour), (glyphs.active().slot, "dim"))
            if runs and runs[-1].token == token:
                runs[-1] = Run(runs[-1].text + text, token)
            else:
                runs.append(Run(text, token))
    return tuple(runs)
