"""The program that writes an e-mail: the configured one, else the desktop's for mailto: links."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_crm.core.errors import CrmError
from tui_crm.core.mail import LINK, Mail
from tui_crm.core.text import _, show
from tui_crm.tui.terminal.editor import suspended

if TYPE_CHECKING:
    from textual.app import App

IN_TERMINAL = frozenset(
    ("mutt", "neomutt", "aerc", "alpine", "pine", "mail", "mailx", "s-nail", "himalaya", "meli")
)
"""Programs that have the terminal until they end; so has every one that gets ``{file}``."""
OPENERS = (("open",), ("xdg-open",), ("wslview",))


def opener(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The desktop's command that opens links and files; empty where there is none."""
    desktop = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    for command in OPENERS:
        if command[0] == "open" and sys.platform != "darwin":
            continue
        if command[0] == "xdg-open" and not desktop:
            continue
        if shutil.which(command[0]):
            return command
    return ()


def write(app: App[Any], mail: Mail, command: Sequence[str]) -> str:
    """Open a message in a program, for its user to send it there; what there is to tell of it.

    What is filled into the command is data: it is part of one argument and runs in no shell. A link
    that is too long for many programs goes without the text. Raises CrmError when the program
    cannot be started."""
    link, short = mail.link(), mail.link(with_body=False)
    cut = len(link) > LINK and any("{mailto}" in word for word in command)
    parts = {
        "{mailto}": short if cut else link,
        "{to}": mail.to,
        "{subject}": mail.subject,
        "{body}": mail.body,
    }
    folder = ""
    try:
        if any("{file}" in word for word in command):
            folder = tempfile.mkdtemp(prefix="tui-crm-")  # 0700
            file = Path(folder, "message.eml")
            file.write_text(mail.text + "\n", encoding="utf-8")
            parts["{file}"] = str(file)
        words = [_filled(word, parts) for word in command]
        if folder or os.path.basename(words[0]) in IN_TERMINAL:
            with suspended(app):
                code = subprocess.run(words, check=False).returncode
            if code:
                raise CrmError(
                    _("{name} ended with code {code}.").format(name=show(words[0]), code=code)
                )
        else:
            subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
    except (OSError, ValueError) as error:
        raise CrmError(
            _("{name} did not start: {why}.").format(
                name=show(command[0]), why=getattr(error, "strerror", None) or error
            ),
            _("Set “mailer” to one that is there."),
        ) from None
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
    if cut:
        return _(
            "A link of {n} characters is cut by many programs (from {most}): paste the text."
        ).format(n=f"{len(link):,}", most=f"{LINK:,}")
    return ""


def _filled(word: str, parts: Mapping[str, str]) -> str:
    """A word of the command with its places filled in, in one pass: what is filled in is not read
    for places again."""
    made, rest = "", word
    while rest:
        at, place = min(
            ((rest.find(name), name) for name in parts if name in rest), default=(-1, "")
        )
        if at < 0:
            return made + rest
        made += rest[:at] + parts[place]
        rest = rest[at + len(place) :]
    return made
