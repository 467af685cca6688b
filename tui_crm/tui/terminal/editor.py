"""A text of several lines in the user's own editor: VISUAL, else EDITOR, else what there is."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, clean, show

if TYPE_CHECKING:
    from textual.app import App

USUAL = ("nano", "vi", "vim", "notepad")


def edit_text(app: App[Any] | None, text: str, name: str = "script.md") -> str | None:
    """``text`` as it was left in the editor, cleaned; ``None`` when it was not changed.

    The app, where there is one, is suspended meanwhile. ``name`` is that of the file. The editor
    gets the file as one argument and runs in no shell; the file is readable by its owner alone, in
    a folder of its own that goes with all that the editor left there. Raises CrmError when there is
    no editor, when it fails or when it was ended with an error (which is how editors are told to
    give up): nothing has changed then."""
    command = editor(os.environ)
    folder = tempfile.mkdtemp(prefix="tui-crm-")  # 0700
    try:
        file = Path(folder, name)
        with open(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as stream:
            stream.write(text + "\n" if text else "")
        try:
            with suspended(app):
                code = subprocess.run([*command, str(file)], check=False).returncode
        except OSError as error:
            raise CrmError(
                _("The editor {name} did not start: {why}.").format(
                    name=show(command[0]), why=error.strerror or error
                ),
                _("Set EDITOR to one that is there."),
            ) from None
        if code:
            raise CrmError(
                _("The editor ended with code {code}; nothing was changed.").format(code=code)
            )
        left = clean(file.read_text(encoding="utf-8", errors="replace")).strip()
    except OSError as error:
        raise CrmError(
            _("The text could not be edited: {why}.").format(why=error.strerror or error)
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return None if left == text.strip() else left


def editor(environ: Mapping[str, str]) -> list[str]:
    """The editor's command, an argument list. Raises CrmError when there is none."""
    for name in ("VISUAL", "EDITOR"):
        try:
            command = shlex.split(environ.get(name, ""))
        except ValueError:
            command = []
        if command:
            return command
    for usual in USUAL:
        if found := shutil.which(usual):
            return [found]
    raise CrmError(_("There is no editor."), _("Set EDITOR, for instance to nano."))


def suspended(app: App[Any] | None) -> AbstractContextManager[None]:
    """The app suspended, for another program to have the terminal. Without a terminal there is
    none to give."""
    return nullcontext() if app is None or app.is_headless else app.suspend()
