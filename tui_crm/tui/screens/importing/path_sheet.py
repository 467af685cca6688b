"""PathSheet: asks for a file, with completion of its path."""

from __future__ import annotations

import os
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote, urlparse

from textual import events

from tui_crm.core.text import _
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

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
    """The paths that begin with what is typed, folders with their slash, tables first."""
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
    """Asks for a file: ends with its path, or with pasted cells. ``tab`` completes the path."""

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
                # By letters, not by folders. The first and the last in order differ the most.
                first, last = min(found), max(found)
                same = len(
                    list(takewhile(lambda ab: ab[0] == ab[1], zip(first, last, strict=False)))
                )
                common = first[:same]
                if len(found) == 1 or len(common) > len(path_of(self.value)):
                    self._problem = ""
                    self.replace_text(common)
            return
        self._problem = ""
        await super().press(event)

    async def submit(self) -> None:
        if self.value.strip() and not self.reading().refuse:
            await self.choose(path_of(self.value))
        elif not self.value.strip():
            await self.leave()

    async def paste(self, text: str) -> None:
        if "\t" in text or "\n" in text.strip("\r\n") or "\r" in text.strip("\r\n"):
            await self.choose(text.replace("\r\n", "\n").replace("\r", "\n") + "\n")
        else:
            self.entry.insert(text.strip("\r\n"))
            self.changed()
