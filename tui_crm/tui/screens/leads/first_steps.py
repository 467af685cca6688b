"""What Today shows while there is no lead: the first steps, each chosen by its digit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_crm.core.leads.next_actions import Today
from tui_crm.core.text import _
from tui_crm.tui.terminal.editor import suspended
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import Line, clip, indent, make, rule
from tui_crm.tui.widgets.record_list import Row

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

BLOCK = 60  # cells of the block in the middle of a day without rows
WORDS = 19  # cells of the name of a step
LOW = 14  # rows under which only the steps are there
AIR = 32  # rows from which a blank row stands between the steps


def wanted(view: Today) -> bool:
    """Whether there is nothing on the day, and no lead that could be."""
    return not view.leads_exist and not view.left


def rows(view: Today, height: int) -> list[Row]:
    """The block in the middle: each step with its digit and what it takes."""
    steps = [
        ("1", _("New lead"), _("a title and what comes next")),
        ("2", _("Import prospects"), _("CSV, Excel, vCard, or paste")),
        ("3", _("Import leads"), _("from HubSpot, Pipedrive, noCRM")),
        ("4", _("Look around"), _("a made-up company, thrown away after")),
    ]
    if view.lists_exist:
        steps.insert(0, ("C", _("Call prospects"), _("your list, row by row")))
    made = [
        block(make((_("Nothing to do yet."), "strong"))),
        block(make((_("Bring your work in, and this screen becomes your day."), "dim"))),
        Row.blank(),
    ]
    for key, name, about in steps:
        made.append(block(make((key, "key"), (f"  {name:<{WORDS}}", "text"), (about, "dim"))))
        made += [Row.blank()] if height >= AIR else []
    if height >= LOW:
        last = make((_("0 overdue, 0 today. This line fills as you work."), "dim"))
        made += [Row.blank(), Row(_rule, kind="text"), block(last)]
    above = min(8, max(0, (height - 4 - len(made)) // 2))
    return [*[Row.blank()] * above, *made]


def _rule(width: int) -> Line:
    return indent(rule(min(width - 2 * margin(width), BLOCK)), margin(width))


def hints(screen: CrmScreen, view: Today) -> list[Hint]:
    """Only the keys that act on an empty day."""
    from tui_crm.tui.screens.base import hint_of

    calling = [hint_of(screen, "go.calling")] if view.lists_exist else []
    more = [hint_of(screen, name) for name in ("always.new", "always.palette", "today.leave")]
    return [Hint("1-4", _("choose")), *calling, *more]


async def take(screen: CrmScreen, number: int) -> None:
    """Take the step of a digit."""
    if number == 1:
        await screen.crm.open_new_lead()
    elif number == 2:
        await screen.crm.open_import("prospects")
    elif number == 3:
        await screen.crm.open_import("leads")
    elif number == 4:
        look_around(screen)
    else:
        screen.explain_key(str(number), _("there are four steps to begin with."))


def look_around(screen: CrmScreen) -> None:
    """Open the made-up company in a store of its own, as `tui-crm demo` does, with this terminal;
    the store goes when it is left, and this screen is there again."""
    folder = tempfile.mkdtemp(prefix="tui-crm-demo-")  # 0700
    try:
        command = _command(os.path.join(folder, "demo.db"), screen.session.user.name)
        with suspended(screen.app):
            print(_("A company to look at is being made …"), flush=True)
            code = subprocess.run(command, check=False).returncode
    except OSError as error:
        why = error.strerror or str(error)
        message = _("The demo did not start: {why}.").format(why=why)
        screen.say(Message("!", "late", message, subject_token="late"))
        return
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    screen.reload()
    if code:
        message = _("The demo ended with code {code}.").format(code=code)
        screen.say(Message("!", "due", message, subject_token="due"))
    else:
        note = _("The made-up company is gone; this is your own store.")
        screen.say(Message(_("Back"), "strong", note))


def _command(file: str, user: str) -> Sequence[str]:
    """The demo in a process of its own."""
    return (sys.executable, "-m", "tui_crm", "--db", file, "--user", user, "demo")


def margin(width: int) -> int:
    """Cells at the left of the block, which stands in the middle."""
    return max(2, (width - BLOCK) // 2)


def block(line: Line) -> Row:
    """A line of the block of a day without rows."""
    return Row(lambda width: clip(indent(line, margin(width)), width), kind="text")
