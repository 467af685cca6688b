"""Keys are handled one at a time, each to its end, however many of them arrive at once.

Textual hands a key from queue to queue: focused widget, its parents, screen, app. Two keys that
arrive together (a slow line, a quick typist) overtake what the first one opens: in ``c2`` the ``2``
has already gone to the list when the menu of ``c`` appears. `SequentialKeys` takes a key through
all these nodes, and waits for what they posted, before the next one.

    class CrmApp(SequentialKeys, App): ...
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.dom import DOMNode

if TYPE_CHECKING:
    from typing import Any

    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

SETTLE = 1.0
"""Seconds to wait for the handlers of one key. Longer ones run on, and the next key is handled."""


class SequentialKeys(_Base):
    """Mix-in for the app, before `App`."""

    last_key = 0.0
    """When the last key was handled, by the clock of `time.monotonic`."""

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            await self._dispatch_key(event)
            self.last_key = monotonic()
        else:
            await super().on_event(event)

    def read_key(self, event: events.Key) -> events.Key | None:
        """What a key is before any widget sees it: itself, another one, or None where it was dealt
        with."""
        return event

    async def _dispatch_key(self, event: events.Key | events.Paste) -> None:
        if isinstance(event, events.Key):
            read = self.read_key(event)
            if read is None:
                await self._settle()
                return
            event = read
        if isinstance(event, events.Key) and await self._check_bindings(event.key, priority=True):
            await self._settle()
            return
        event._set_forwarded()
        # Otherwise every node would post it to its parent's queue as well.
        event.bubble = False  # type: ignore[misc]
        node: DOMNode | None = self.focused or self.screen
        while node is not None and node is not self:
            with node._context():
                await node.on_event(event)
            if event._stop_propagation:
                break
            parent = node.parent
            node = parent if isinstance(parent, DOMNode) else None
        else:
            await super().on_event(event)
        await self._settle()

    async def _settle(self) -> None:
        """Wait until the messages that this key posted are handled, from the focused widget up."""
        try:
            nodes = (self.focused or self.screen).ancestors_with_self
        except Exception:  # the last screen has gone: the app is closing
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE):
                for node in nodes:
                    if node is self:
                        break
                    done = asyncio.Event()
                    if node.call_later(done.set):
                        await done.wait()
