"""Asking one thing after another, written as one coroutine.

A method under `conversation` awaits what the sheets end with, in plain order:

    @conversation
    async def action_owner(self) -> None:
        index = await ask(self, MenuSheet(_("owner"), lead.title, options))
        if index is not None:
            ...

It returns to the caller as soon as a sheet has the keys, and goes on within the keypress that ends
the sheet, so that what is typed ahead finds the screen as that key left it. It calls other
coroutines that ask by awaiting them; only the outermost one is decorated.
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
    """Awaited in a conversation, as a function is: open ``sheet`` on ``screen``; its value, None
    when it is left."""

    def __init__(self, screen: Screen[Any], sheet: Sheet[Value]) -> None:
        self.screen, self.sheet = screen, sheet

    def __await__(self) -> Generator[ask[Value], Value | None, Value | None]:
        return (yield self)


def conversation(
    method: Callable[P, Coroutine[Any, Any, None]],
) -> Callable[P, Coroutine[Any, Any, None]]:
    """Lets a coroutine wait for sheets: see the module."""

    @functools.wraps(method)
    async def start(*args: P.args, **kwargs: P.kwargs) -> None:
        await _go_on(method(*args, **kwargs), None)

    return start


async def _go_on(talk: Coroutine[Any, Any, None], value: Any) -> None:
    """Hand ``value`` to the conversation; open the sheet that it asks for next, if any."""
    asked = await _next_question(talk, value)
    if asked is not None:
        await asked.sheet.open(asked.screen, lambda answer: _go_on(talk, answer))


@types.coroutine
def _next_question(
    talk: Coroutine[Any, Any, None], value: Any
) -> Generator[Any, Any, ask[Any] | None]:
    """Run until a sheet is asked for, or to the end (None). Whatever else it waits for (a worker,
    a mount) goes on to the event loop."""
    try:
        awaited = talk.send(value)
        while not isinstance(awaited, ask):
            try:
                sent = yield awaited
            except BaseException as error:
                awaited = talk.throw(error)
            else:
                awaited = talk.send(sent)
    except StopIteration:
        return None
    return awaited
