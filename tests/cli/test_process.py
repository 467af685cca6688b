"""The real program in a process of its own: streams, exit codes, and what it imports."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import datetime

import pytest

from tests.cli.conftest import Program

STATUS = {
    "overdue",
    "due_today",
    "done_today",
    "next",
    "callbacks_due",
    "calls_today",
    "reached_today",
    "calls_goal",
    "open_leads",
    "open_amount",
    "unassigned_leads",
    "weighted_amount",
    "won_month",
    "won_month_amount",
    "won_month_goal",
    "currency",
    "user",
    "now",
}

LOADED = """
import sys
from tui_crm.__main__ import main
code = main({argv!r})
sys.stdout.flush()
print(code, *sorted(n.partition(".")[0] for n in sys.modules), file=sys.stderr)
"""


def loaded(program: Program, *argv: str) -> set[str]:
    """The top-level modules that a command has imported when it is done. Without ``site``: an
    editable install loads a finder there, and with it half of the standard library."""
    ran = subprocess.run(
        [sys.executable, "-S", "-c", LOADED.format(argv=list(argv))],
        env=program.env(PYTHONPATH=os.pathsep.join(path for path in sys.path if path)),
        capture_output=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    code, *names = ran.stderr.decode().splitlines()[-1].split()
    assert code == "0", ran.stderr.decode()
    return set(names)


def test_status_imports_next_to_nothing(program: Program) -> None:
    for argv in (["status"], ["--db", program.url, "status", "--json"], ["status", "--format=x"]):
        heavy = {
            "peewee",
            "click",
            "textual",
            "rich",
            "dataclasses",
            "typing",
            "json",
            "dateutil",
            "phonenumbers",
            "platformdirs",
            "tomllib",
            "inspect",
            "pathlib",
            "re",
        }
        assert not heavy & loaded(program, *argv)


@pytest.mark.parametrize(
    "argv",
    [
        ["today"],
        ["leads"],
        ["add", "Acme", "--next", "fri 9:30 call Anna"],
        ["log", "1", "call", "--note", "wants a quote"],
        ["show", "1"],
    ],
    ids=" ".join,
)
def test_commands_that_scripts_call_import_little(program: Program, argv: list[str]) -> None:
    program("add", "Bolt")
    heavy = {"click", "inspect", "pathlib", "platform", "socket", "tokenize", "uuid"}
    assert not (heavy | {"textual", "rich", "psycopg", "phonenumbers"}) & loaded(program, *argv)


def test_commands_import_no_screens(program: Program) -> None:
    for argv in (["leads"], ["today"], ["keys"], ["report", "company"], ["users"]):
        assert not {"textual", "rich", "psycopg"} & loaded(program, *argv)


def test_status_both_ways_says_the_same(program: Program) -> None:
    program("add", "Acme", "--amount", "12.4k", "--next", "+2d 9:00 call Anna")
    program("goals", "add", "calls", "day", "50")
    program("goals", "add", "amount", "month", "20k")
    quick = program("status", "--json")
    # An option in an unusual place goes through the whole command line.
    full = program("--json", "status", "--format", "", "--json")
    assert quick.code == full.code == 0
    one, other = quick.json, full.json
    assert set(one) == STATUS == set(other)
    for found in (one, other):
        assert datetime.fromisoformat(found.pop("now")).tzinfo is not None
    assert one == other
    assert set(one["next"]) == {"at", "lead", "title", "kind"}
    assert (one["open_amount"], one["weighted_amount"], one["won_month_goal"]) == (
        12400,
        1240,
        20000,
    )
    assert (one["calls_goal"], one["currency"], one["user"]) == (50, "EUR", "ana")
    assert program("status", "--format", "{open_leads}/{overdue}").out == "1/0\n"
    assert "Acme" in program("status").out


def test_status_of_an_odd_format_or_user_is_refused(program: Program) -> None:
    assert program("status", "--format", "{nope}").code == 1
    unknown = program("status", TUI_CRM_USER="zoe")
    assert unknown.code == 1 and "users add zoe" in unknown.err
    assert program("status", "--bad").code == 2


@pytest.mark.parametrize("mode", ["IMMEDIATE", "EXCLUSIVE"])
def test_status_does_not_wait_for_a_writer(program: Program, mode: str) -> None:
    program("add", "Acme")
    writer = sqlite3.connect(program.url, isolation_level=None)
    writer.execute(f"BEGIN {mode}")
    writer.execute("UPDATE leads SET title = 'half done'")
    try:
        ran = program("status", "--format", "{open_leads}")
        assert (ran.code, ran.out) == (0, "1\n")
        refused = program("add", "Bolt")
        assert refused.code == 1 and "holds the store" in refused.err
    finally:
        writer.execute("ROLLBACK")
        writer.close()


def test_status_never_writes(program: Program) -> None:
    program("add", "Acme")
    with open(program.url, "rb") as file:
        before = file.read()
    assert program("status").code == 0
    with open(program.url, "rb") as file:
        assert file.read() == before


def test_the_first_start_makes_the_workspace_and_says_so(program: Program, tmp_path) -> None:
    new = str(tmp_path / "new" / "own.db")
    env = {
        "TUI_CRM_DB": new,
        "TUI_CRM_USER": "",
        "LOGNAME": "carla",
        "LANG": "fr_CH.UTF-8",
        "TZ": "Europe/Zurich",
    }
    first = program("add", "Acme", **env)
    assert (first.code, first.out) == (0, "1\n")
    assert "carla" in first.err and "CHF" in first.err and "Europe/Zurich" in first.err
    assert os.stat(new).st_mode & 0o777 == 0o600
    assert program("add", "Bolt", **env).err == ""


def test_without_a_terminal_the_app_does_not_start(program: Program, tmp_path) -> None:
    missing = str(tmp_path / "none.db")
    for env in ({}, {"TERM": "dumb"}, {"TERM": "xterm"}):
        ran = program(TUI_CRM_DB=missing, **env)
        assert ran.code == 2 and ran.out == "" and "tui-crm status" in ran.err
    assert not os.path.exists(missing)
    assert program("demo", "--db", missing).code == 2


def test_a_closed_pipe_is_no_error(program: Program) -> None:
    for command in (["leads"], ["status"], ["feed", "--json"], ["--help"], ["export", "leads"]):
        program("add", "Acme")
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as out:
            ran = subprocess.run(
                program.command(*command),
                env=program.env(),
                stdout=out,
                stderr=subprocess.PIPE,
                timeout=60,
            )
        assert (ran.returncode, ran.stderr) == (0, b""), command


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_told(program: Program) -> None:
    program("add", "Acme")
    for command in (["leads"], ["export", "leads"]):
        with open("/dev/full", "wb") as out:
            ran = subprocess.run(
                program.command(*command),
                env=program.env(),
                stdout=out,
                stderr=subprocess.PIPE,
                timeout=60,
            )
        assert ran.returncode == 1 and b"cannot be written" in ran.stderr
        assert b"Traceback" not in ran.stderr and b"Exception" not in ran.stderr


def shell(program: Program, line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """A line of a shell, in which ``tui-crm`` is the program."""
    run = " ".join(program.command())
    return subprocess.run(
        ["sh", "-c", line.replace("tui-crm", run)],
        env=program.env(**env),
        capture_output=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize(
    "line",
    [
        "tui-crm leads >&-",
        "tui-crm status >&-",
        "tui-crm add Second >&-",
        "tui-crm --help >&-",
        "tui-crm >&-",
        "tui-crm completion bash >&-",
        "tui-crm status >/dev/full",
        "tui-crm status --json >/dev/full",
        "tui-crm --help >/dev/full",
        "tui-crm --db / status",
        "tui-crm --db /tmp leads",
        "tui-crm add '' 2>&-",
        "tui-crm leads >&- 2>&-",
    ],
)
def test_an_output_or_a_store_that_is_none_is_one_sentence(program: Program, line: str) -> None:
    program("add", "Acme")
    ran = shell(program, line)
    assert ran.returncode == 1
    said = ran.stderr.decode()
    assert "Traceback" not in said and "Something went wrong" not in said
    assert "2>&-" in line or 1 <= len(said.splitlines()) <= 2
    assert [lead["title"] for lead in json.loads(program("leads", "--json").out)] == ["Acme"]


def test_closed_streams_that_are_not_needed_do_no_harm(program: Program) -> None:
    for line in ("tui-crm add Acme 2>&-", "tui-crm leads <&- 2>&-", "tui-crm status <&-"):
        assert shell(program, line).returncode == 0
    assert shell(program, "tui-crm check <&-").returncode == 0  # nothing was printed into it


def test_an_act_whose_output_cannot_be_written_is_done_once(program: Program) -> None:
    ran = shell(program, "tui-crm add Acme >/dev/full")
    assert ran.returncode == 1 and b"Traceback" not in ran.stderr
    assert b"The output cannot be written" in ran.stderr
    assert len(json.loads(program("leads", "--json").out)) == 1


# -- files that are written -----------------------------------------------------------------------

OUT = ("export leads", "report company", "calendar", "blocked export")


@pytest.mark.parametrize("command", OUT)
def test_out_goes_through_a_symlink_into_a_pipe_and_to_stdout(
    program: Program, tmp_path, command: str
) -> None:
    program("add", "Acme")
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    for _n in range(2):
        assert shell(program, f"tui-crm {command} --out {link}").returncode == 0
        assert link.is_symlink() and target.is_file()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    form = "" if command == "calendar" else "--format csv"
    line = f"cat {pipe} & tui-crm {command} {form} --out {pipe} && wait"
    piped = shell(program, line)
    assert piped.returncode == 0 and pipe.is_fifo()
    shown = shell(program, f"tui-crm {command} {form} --out -")
    assert shown.returncode == 0 and not (tmp_path / "-").exists()
    assert len(shown.stdout.splitlines()) == len(piped.stdout.splitlines()) > 0


@pytest.mark.parametrize("command", [*(f"{name} --out" for name in OUT), "backup"])
def test_what_is_no_ordinary_file_is_never_replaced(
    program: Program, tmp_path, command: str
) -> None:
    program("add", "Acme")
    device, folder = tmp_path / "zero.csv", tmp_path / "folder.csv"
    device.symlink_to("/dev/zero")
    folder.mkdir()
    for name in (device, folder, "/dev/null", "/dev/full"):
        ran = shell(program, f"tui-crm {command} {name}")
        assert ran.returncode == 1 and b"Traceback" not in ran.stderr, name
        assert 1 <= len(ran.stderr.splitlines()) <= 2
    assert device.is_symlink() and folder.is_dir()
    assert os.stat("/dev/null").st_rdev and os.stat("/dev/full").st_rdev


def test_a_backup_goes_through_a_symlink(program: Program, tmp_path) -> None:
    program("add", "Acme")
    target, link = tmp_path / "target.db", tmp_path / "link.db"
    link.symlink_to(target)
    for _n in range(2):
        assert program("backup", str(link)).code == 0
        assert link.is_symlink() and target.read_bytes().startswith(b"SQLite format 3")


def test_without_utf8_the_text_is_shown_as_far_as_it_can_be(program: Program) -> None:
    program("add", "Café Ñandú 株式会社", "--amount", "5k")
    for env in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "latin-1"}):
        for command in (
            ("leads",),
            ("today",),
            ("show", "1"),
            ("status",),
            ("report", "company"),
            ("users", "add", "ü"),
        ):
            ran = program(*command, **env)
            assert ran.code in (0, 1) and "Traceback" not in ran.err
            if "LC_ALL" in env:
                assert ran.raw.isascii()
    assert "EUR 5,000" in program("show", "1", LC_ALL="C").out
    title = json.loads(program("show", "1", "--json", LC_ALL="C").raw)["title"]
    assert title == "Café Ñandú 株式会社", "the data is whole in JSON all the same"


def test_no_colour_anywhere(program: Program) -> None:
    program("add", "Acme")
    for command in (("leads",), ("today",), ("--help",), ("keys",)):
        assert b"\x1b" not in program(*command, NO_COLOR="1", FORCE_COLOR="1").raw


def test_our_own_bug_is_one_sentence_and_a_log_without_data(program: Program, tmp_path) -> None:
    state = tmp_path / "state"
    program("add", "Secret Customer")
    broken = sqlite3.connect(program.url)
    broken.execute("UPDATE leads SET created_on = 'Secret Customer'")  # what no path here writes
    broken.commit()
    broken.close()
    ran = program("show", "1", XDG_STATE_HOME=str(state))
    assert ran.code == 70 and ran.out == "" and "Traceback" not in ran.err
    log = state / "tui-crm" / "errors.log"
    assert str(log) in ran.err
    text = log.read_text()
    assert "leads/views.py" in text and "Secret" not in text and str(tmp_path) not in text
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_missing_home_is_one_sentence_naming_db(program: Program) -> None:
    env = program.env(HOME=os.devnull)
    for name in ("TUI_CRM_DB", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        env.pop(name, None)
    for command in ("status", "leads"):
        ran = subprocess.run(program.command(command), env=env, capture_output=True, timeout=60)
        assert ran.returncode == 1 and b"--db" in ran.stderr and b"Traceback" not in ran.stderr
