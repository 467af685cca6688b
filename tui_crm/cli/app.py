"""The root command, and the one place where a run ends: exit code, streams, errors."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_crm.cli import commands, output, streams
from tui_crm.cli.commands import N_, Call, Group, WrongUsage
from tui_crm.cli.context import Context
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show, use_language

if TYPE_CHECKING:
    from tui_crm.tui.catalogue import Subject

MODULES = {
    "status": "upkeep",
    "today": "leads",
    "leads": "leads",
    "show": "leads",
    "feed": "leads",
    "find": "find",
    "edit": "edit",
    "duplicates": "duplicates",
    "add": "work",
    "log": "work",
    "correct": "entries",
    "next": "work",
    "step": "work",
    "won": "work",
    "lost": "work",
    "cancel": "work",
    "reopen": "work",
    "merge": "work",
    "undo": "work",
    "redo": "work",
    "lists": "lists",
    "import": "exchange",
    "export": "exchange",
    "calendar": "exchange",
    "report": "reports",
    "backup": "upkeep",
    "restore": "upkeep",
    "check": "upkeep",
    "client": "clients",
    "clients": "clients",
    "users": "people",
    "teams": "people",
    "goals": "goals",
    "costs": "costs",
    "appointments": "appointments",
    "pipelines": "pipelines",
    "outcomes": "outcomes",
    "fields": "fields",
    "kinds": "kinds",
    "templates": "templates",
    "attach": "attachments",
    "attachments": "attachments",
    "detach": "attachments",
    "tags": "tags",
    "reasons": "reasons",
    "workspace": "people",
    "blocked": "blocked",
    "forget": "blocked",
    "demo": "upkeep",
    "keys": "upkeep",
    "completion": "upkeep",
}
"""Command -> the module of this folder that holds it; imported when it is used."""


def open_app(context: Context) -> int:
    """Open the app on the store in use; its exit code. Refused at once without a terminal."""
    if not has_terminal():
        output.tell(_("tui-crm needs a terminal; for scripts: tui-crm status"))
        return 2
    session = context.session()
    gc.disable()  # until the first frame is drawn
    from tui_crm.tui.app import run_app

    code = run_app(session, context.settings, context.greeting, subjects)
    if code == 128 + signal.SIGHUP:  # the terminal is gone
        streams.to_nowhere("stdout", "stderr")
    return code


def subjects() -> Sequence[Subject]:
    """What the settings screen of the app can set: the catalogues among the commands."""
    from tui_crm.cli import in_app

    return in_app.subjects(ROOT)


ROOT = Group(
    "tui-crm",
    N_(
        "The tool a salesperson lives in. Without a command it opens the app.\n\n"
        "Data goes to stdout, talk to stderr. Exit code 0: done, 1: refused, 2: wrong usage."
    ),
    (),
    open_app,
    MODULES,
)


def has_terminal() -> bool:
    """Whether both ends are a terminal that can be drawn on."""
    if os.environ.get("TERM", "dumb") in ("", "dumb"):
        return False
    try:
        return sys.stdin.isatty() and sys.stdout.isatty()
    except (AttributeError, ValueError):
        return False


def run(argv: Sequence[str], context: Context | None = None) -> int:
    """Do what ``argv`` (without the program's name) says; the exit code. Never raises.

    0 done, 1 refused (one sentence and the next step on stderr), 2 wrong usage, 130 interrupted,
    70 a bug of ours (a sentence and the path of a log without customers' data)."""
    context = context or Context()
    gc.disable()  # until the store is open: a start makes many objects and no garbage
    try:
        code = _run(argv, context)
        sys.stdout.flush()
        return code
    except OSError as error:
        return refused_by_system(error)
    finally:
        gc.enable()
        with contextlib.suppress(Exception):  # the work is done or refused already
            context.close()


def _run(argv: Sequence[str], context: Context) -> int:
    try:
        streams.prepare()
        _choose_language(context)
        completing = os.environ.get("_TUI_CRM_COMPLETE")
        call = None if completing else commands.read(ROOT, argv)
        if call is not None:
            return _call(call, context)
        from tui_crm.cli import click_tree

        if completing:
            return click_tree.complete(ROOT, completing, context)
        return click_tree.run(ROOT, argv, context)
    except (KeyboardInterrupt, EOFError):
        return 130
    except CrmError as error:
        output.tell(error.message)
        output.tell(error.hint)
        return 1
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.EPIPE, errno.ENOSPC, errno.EIO):
            raise
        return refused_by_system(error)


def _call(call: Call, context: Context) -> int:
    try:
        return call.run(context)
    except WrongUsage as wrong:
        output.tell_wrong_usage(str(wrong), f"{ROOT.name} {call.path}")
        return 2


def _choose_language(context: Context) -> None:
    """Use the settings' language, else the environment's. Settings that cannot be read are for the
    command that needs them to report, not for ``--help``."""
    try:
        use_language(context.settings.language)
    except CrmError:
        use_language()


def our_fault(error: Exception) -> int:
    """Keep where a bug of ours came from, say one sentence about it; exit code 70."""
    from tui_crm.cli import faults

    log = faults.keep(error)
    output.tell(_("Something went wrong in tui-crm itself; your data is as it was."))
    if log:
        output.tell(_("What happened, without your data, is in {file}").format(file=show(log)))
    return 70


def refused_by_system(error: Exception) -> int:
    """Say in one sentence what the system refused, which is nobody's bug: a file, a folder, the
    output; the exit code. Anything else is a bug of ours."""
    if not isinstance(error, OSError) or not error.strerror:
        return our_fault(error)
    if error.errno == errno.EPIPE:
        return _hung_up()
    if error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF) and not error.filename:
        return _unwritable(error)
    name = show(str(error.filename)) if error.filename else ""
    output.tell(": ".join(part for part in (name, str(error.strerror)) if part) + ".")
    return 1


def _hung_up() -> int:
    """The reader has enough: no word about it, nor when Python closes the streams."""
    streams.to_nowhere()
    return 0


def _unwritable(error: OSError) -> int:
    streams.to_nowhere()
    output.tell(_("The output cannot be written: {why}.").format(why=error.strerror or error))
    return 1
