"""Entries in sequence: a coroutine that awaits what each sheet ends with.

    @conversation
    async def action_owner(self) -> None:
        index = await ask(self, MenuSheet(_("owner"), lead.title, options))
        if index is not None:
            ...

A method under `conversation` returns to its caller as soon as a sheet has the keys, and is resumed
within the keypress that ends the sheet, so that keys typed ahead find the screen as that key left
it. It calls other coroutines that ask by awaiting them; only the outermost one is decorated.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, ParamSpec, TypeVar

from textual.screen import Screen

from tui_crm.tui.widgets.sheet import Sheet

P = ParamSpec("P")
Value = TypeVar("Value")


class ask(Generic[Value]):
    """Await this in a conversation: opens ``sheet`` on ``screen``, gives its value, None when the
    sheet is left."""

    def __init__(self, screen: Screen[Any], sheet: Sheet[Value]) -> None:
        self.screen, self.sheet = screen, sheet

    def __await__(self) -> Generator[ask[Value], Value | None, Value | None]:
        return (yield self)


def conversation(
    method: Callable[P, Coroutine[Any, Any, None]],
) -> Callable[P, Coroutine[Any, Any, None]]:
    """Decorator: let a coroutine method await sheets. See the module."""

    @functools.wraps(method)
    async def start(*args: P.args, **kwargs: P.kwargs) -> None:
        await _resume(method(*args, **kwargs), None)

    return start


async def _resume(coroutine: Coroutine[Any, Any, None], value: Any) -> None:
    """Send ``value`` into the conversation; open the sheet that it awaits next, if any."""
    request = await _run(coroutine, value)
    if request is not None:
        await request.sheet.open(request.screen, lambda value: _resume(coroutine, value))


@types.coroutine
def _run(coroutine: Coroutine[Any, Any, None], value: Any) -> Generator[Any, Any, ask[Any] | None]:
    """Run until a sheet is awaited, or to the end (None). Whatever else is awaited (a worker, a
    mount) is passed on to the event loop."""
    try:
        awaited = coroutine.send(value)
        while not isinstance(awaited, ask):
            try:
                result = yield awaited
            except BaseException as error:
                awaited = coroutine.throw(error)
            else:
                awaited = coroutine.send(result)
    except StopIteration:
        return None
    return awaited
