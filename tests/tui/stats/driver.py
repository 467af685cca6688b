"""Going about in Stats and on the page of a list: what a key asks for is counted before the
next."""

from __future__ import annotations

from typing import Any

from tests.driver import Driver
from tui_crm.core import reports

DIGITS = {r.name: r.digit for r in reports.names()}
MORE = [r.name for r in reports.names() if r.digit is None]


async def counted(d: Driver) -> None:
    """Wait until the screen has counted all that was asked of it."""
    while getattr(d.app.screen, "counting", False):
        await d.app.workers.wait_for_complete()
        await d.settle()


async def press(d: Driver, *keys: str) -> None:
    """Press keys, each after the report before it is there."""
    for key in keys:
        await d.press(key)
        await counted(d)


async def to(d: Driver, name: str) -> None:
    """Go to a report by its keys."""
    if DIGITS[name] is not None:
        await press(d, "S", str(DIGITS[name]))
    else:
        await press(d, "S", *more(MORE.index(name)))


def more(place: int) -> list[str]:
    """The keys that choose one of what has no digit: nine on a page."""
    page, digit = divmod(place, 9)
    return ["m", *["0"] * page, str(digit + 1)]


async def filtered(d: Driver, line: str) -> None:
    """Type a filter line in place of the one there was, and keep it."""
    await press(d, "slash", "ctrl+u")
    await d.type(line)
    await press(d, "enter")


def view(d: Driver) -> Any:
    """What the report's view stands at: its page, its cursor, its figure."""
    return d.app.screen.view  # type: ignore[attr-defined]
