"""The sheets of the import: the path of a file, and how far it is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote, urlparse

from textual import events

from tui_crm.core.text import _
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, clip, indent, make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet
from tui_crm.tui.widgets.sheet import Sheet

NAMED = 8  # completions that are named


def path_of(typed: str) -> str:
    """A path as people paste it: quoted, with ``~``, as a ``file://`` address, with ``\\ ``."""
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    elif text.startswith("file://"):
        text = unquote(urlparse(text).path)
    elif "\\ " in text and not os.path.exists(os.path.expanduser(text)):
        text = text.replace("\\ ", " ")
    return os.path.expanduser(text)


def completions(typed: str) -> list[str]:
    """What a path may go on to, folders with their slash, tables first."""
    from tui_crm.core.exchange.readers.open import ENDINGS

    path = path_of(typed)
    if typed.strip().endswith(("/", os.sep)) and not path.endswith(os.sep):
        path += os.sep
    folder, start = os.path.split(path)
    found: list[tuple[int, str]] = []
    try:
        with os.scandir(folder or ".") as entries:
            for entry in entries:
                if not entry.name.startswith(start) or entry.name[0] == "." != start[:1]:
                    continue
                try:
                    is_folder = entry.is_dir()
                except OSError:
                    continue
                known = entry.name.lower().endswith(ENDINGS)
                if is_folder or known or start:
                    rank = 0 if known else 1 if is_folder else 2
                    found.append(
                        (rank, os.path.join(folder, entry.name) + ("/" if is_folder else ""))
                    )
    except OSError:
        return []
    best = sorted(found)
    tables = [path for rank, path in best if rank < 2]
    return tables or [path for _rank, path in best]


class PathSheet(PromptSheet):
    """Asks for a file. ``tab`` completes; pasted cells end it with the cells themselves."""

    def __init__(self, about: str, value: str = "", problem: str = "") -> None:
        self._problem = problem
        super().__init__(
            _("file"),
            about,
            self._read,
            value=value,
            rows=2,
            examples=make(
                (_("CSV, XLSX, XLS, ODS or vCard; tab completes; or paste cells here"), "dim")
            ),
        )

    def _read(self, text: str) -> Echo:
        path = path_of(text)
        if os.path.isfile(path):
            size = os.path.getsize(path)
            unit = f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.1f} kB"
            rows = [EchoRow("=", "won", make((Path(path).name, "strong"), (f"  {unit}", "dim")))]
            if self._problem:
                rows.append(EchoRow("?", "late", make((self._problem, "late"))))
            return Echo(rows)
        names = [
            os.path.basename(p.rstrip("/")) + ("/" if p.endswith("/") else "")
            for p in completions(text)
        ]
        if not names:
            return Echo(
                [EchoRow("?", "late", make((_("there is no such file"), "late")))], refuse=True
            )
        shown = "  ".join(names[:NAMED]) + (
            f"  +{len(names) - NAMED}" if len(names) > NAMED else ""
        )
        return Echo([EchoRow("tab", "accent", make((shown, "dim")))], refuse=True)

    async def press(self, event: events.Key) -> None:
        if event.key == "tab":
            found = completions(self.value)
            if found:
                # Letter by letter, not folder by folder: sorted, the ends tell it all.
                first, last = min(found), max(found)
                same = len(
                    list(takewhile(lambda ab: ab[0] == ab[1], zip(first, last, strict=False)))
                )
                common = first[:same]
                if len(found) == 1 or len(common) > len(path_of(self.value)):
                    self._problem = ""
                    self.entry.text, self.entry.at = common, len(common)
                    self._read_text = None
                    self.changed()
            return
        self._problem = ""
        await super().press(event)

    async def submit(self) -> None:
        if self.value.strip() and not self.reading().refuse:
            await self.choose(path_of(self.value))
        elif not self.value.strip():
            await self.leave()

    async def on_paste(self, event: events.Paste) -> None:  # type: ignore[override]
        event.stop()
        # Every base class has its own handler of pastes, which would take the cells as a path.
        event.prevent_default()
        if not self.is_open:
            return
        text = event.text
        if "\t" in text or "\n" in text.strip("\r\n") or "\r" in text.strip("\r\n"):
            await self.choose(text.replace("\r\n", "\n").replace("\r", "\n") + "\n")
        else:
            self.entry.insert(text.strip("\r\n"))
            self.changed()


class ProgressSheet(Sheet[None]):
    """How far a job is. Esc or q asks it to stop, where it can; the job itself says when it has.
    ``words`` say what is done; a job that counts no rows shows how long it has been at work."""

    def __init__(
        self, name: str, about: str, cancel: Callable[[], None] | None, words: str = ""
    ) -> None:
        super().__init__(name, about)
        self._cancel = cancel
        self._words = words or _("One transaction: nothing is added until the line is full.")
        self._count, self._total = 0, 0
        self._began = time.monotonic()
        self._stopping = False

    def on_mount(self) -> None:
        self.set_interval(1.0, self.redraw)

    def tell(self, done: int, total: int) -> None:
        """So many rows of so many are done."""
        self._count, self._total = done, total
        self.redraw()

    async def finish(self) -> None:
        """The job is over."""
        await super().leave()

    def rows_wanted(self, width: int, height: int) -> int:
        return 3

    def body(self, width: int, height: int) -> list[Line]:
        spent = time.monotonic() - self._began
        line = bars.filling(self._count, self._total, max(width - 36, 8))
        figure = make(
            (f"  {self._count:,}", "strong"),
            (f" {_('of')} {self._total:,}" if self._total else "", "dim"),
        )
        if not self._total:
            figure = make(("  " + _("{n} s").format(n=int(spent)), "strong"))
        if self._count and spent > 0.5 and width >= 80:
            figure = (*figure, Run(f"   {self._count / spent:,.0f}/s", "dim"))
        words = self._words
        keys = make(
            ("Esc", "key"),
            (" " + _("or") + " ", "dim"),
            ("q", "key"),
            (f" {_('cancel, the store stays as it was')}", "dim"),
        )
        if self._stopping:
            words = _("Stopping; the store stays as it was.")
        elif self._cancel is None:
            keys = make((_("it cannot be stopped half way"), "dim"))
        rows = [
            indent(clip((*line, *figure), width - 2)),
            indent(clip(make((words, "dim")), width - 2)),
            indent(keys),
        ]
        return rows if height >= 3 else [rows[0], EMPTY][:height]

    async def press(self, event: events.Key) -> None:
        if event.character == "q":
            await self.leave()

    async def leave(self) -> None:
        if self._cancel is None:
            return
        self._stopping = True
        self._cancel()
        self.redraw()
