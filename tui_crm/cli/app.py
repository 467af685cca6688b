"""The root command, and the one place where a run ends: exit code, streams, errors."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Sequence

import click

from tui_crm.cli import output, streams
from tui_crm.cli.base import N_, Context, Group, context_of
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show, use_language

PROGRAM = "tui-crm"

MODULES = {
    "status": "upkeep",
    "today": "leads",
    "leads": "leads",
    "show": "leads",
    "feed": "leads",
    "add": "work",
    "log": "work",
    "next": "work",
    "step": "work",
    "won": "work",
    "lost": "work",
    "cancel": "work",
    "reopen": "work",
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
    "users": "people",
    "goals": "goals",
    "pipelines": "pipelines",
    "outcomes": "outcomes",
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


@click.group(
    PROGRAM,
    cls=Group,
    modules=MODULES,
    help=N_(
        "The tool a salesperson lives in. Without a command it opens the app.\n\n"
        "Data goes to stdout, talk to stderr. Exit code 0: done, 1: refused, 2: wrong usage."
    ),
)
@click.version_option(package_name=PROGRAM, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def root(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        ctx.exit(open_app(context_of(ctx)))


def open_app(here: Context) -> int:
    """Open the app on the desk's store; its exit code. Refused at once without a terminal."""
    if not has_terminal():
        output.tell(_("tui-crm needs a terminal; for scripts: tui-crm status"))
        return 2
    session = here.session()
    from tui_crm.tui.app import run_app

    return run_app(session, here.settings, here.said)


def has_terminal() -> bool:
    """Whether both ends are a terminal that can be drawn on."""
    if os.environ.get("TERM", "dumb") in ("", "dumb"):
        return False
    try:
        return sys.stdin.isatty() and sys.stdout.isatty()
    except (AttributeError, ValueError):
        return False


def run(argv: Sequence[str], here: Context | None = None) -> int:
    """Do what ``argv`` (without the program's name) says; the exit code. Never raises.

    0 done, 1 refused (one sentence and the next step on stderr), 2 wrong usage, 130 interrupted,
    70 a bug of ours (a sentence and the path of a log without customers' data)."""
    here = here or Context()
    try:
        code = _run(list(argv), here)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return _hung_up()
    except OSError as error:
        if error.errno == errno.EPIPE:
            return _hung_up()
        return _unwritable(error)
    finally:
        with contextlib.suppress(Exception):  # the work is done or refused already, and said
            here.close()


def _run(argv: list[str], here: Context) -> int:
    try:
        streams.prepare()
        _choose_language(here)
        completing = os.environ.get("_TUI_CRM_COMPLETE")
        if completing:
            from click.shell_completion import shell_complete

            return shell_complete(root, {"obj": here}, PROGRAM, "_TUI_CRM_COMPLETE", completing)
        with root.make_context(PROGRAM, argv, obj=here) as ctx:
            found = root.invoke(ctx)
            return found if isinstance(found, int) and not isinstance(found, bool) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.UsageError as error:
        _usage(error)
        return 2
    except click.ClickException as error:
        output.tell(error.format_message())
        return 1
    except (click.Abort, KeyboardInterrupt, EOFError):
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
        if isinstance(error, OSError) and error.strerror:
            return _refused_by_system(error)
        return our_fault(error)


def _choose_language(here: Context) -> None:
    """The settings' language, else the environment's. Settings that cannot be read are told by
    the command that needs them, not by ``--help``."""
    try:
        use_language(here.settings.language)
    except CrmError:
        use_language()


def _usage(error: click.UsageError) -> None:
    output.tell(error.format_message())
    if error.ctx is not None:
        path = error.ctx.command_path
        output.tell(_("See: {command} --help").format(command=path))


def our_fault(error: Exception) -> int:
    """Keep where a bug of ours came from, say one sentence about it; exit code 70."""
    from tui_crm.cli import faults

    log = faults.keep(error)
    output.tell(_("Something went wrong in tui-crm itself; your data is as it was."))
    if log:
        output.tell(_("What happened, without your data, is in {file}").format(file=show(log)))
    return 70


def _refused_by_system(error: OSError) -> int:
    """A file or folder that the system refuses is nobody's bug."""
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
