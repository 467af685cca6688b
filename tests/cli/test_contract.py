"""What holds for every command there is."""

from __future__ import annotations

import io
import re
from pathlib import Path

import click
import pytest

from tests.cli.conftest import Line, Program
from tui_crm.cli import docs
from tui_crm.cli.app import run
from tui_crm.core import suggestions
from tui_crm.core.store import open_store

COMMANDS = dict(docs.every_command())
CONTRACT = [
    "status",
    "today",
    "leads",
    "show",
    "feed",
    "add",
    "log",
    "correct",
    "next",
    "step",
    "won",
    "lost",
    "cancel",
    "reopen",
    "undo",
    "lists",
    "import",
    "export",
    "report",
    "calendar",
    "backup",
    "restore",
    "check",
    "users",
    "goals",
    "pipelines",
    "outcomes",
    "tags",
    "demo",
    "keys",
]
BAD = "Zo\x1b]0;pwned\x07 \x9b31m [/] [bold] \u202egnp.exe"


def test_the_contract_is_whole() -> None:
    assert set(CONTRACT) <= set(COMMANDS)
    for group in ("users", "goals", "pipelines", "outcomes", "tags"):
        assert {f"{group} {verb}" for verb in ("list", "add", "edit", "retire")} <= set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_explains_itself(path: str, capsysbinary) -> None:
    assert run([*path.split(), "--help"]) == 0
    out, err = capsysbinary.readouterr()
    command = COMMANDS[path]
    assert err == b"" and (command.help or "").split(".")[0][:30].encode() in out
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{path} {option.opts} has no help"
    assert all(len(line) <= 80 for line in out.decode().splitlines())


@pytest.mark.parametrize("path", COMMANDS)
def test_a_bad_option_is_wrong_usage(path: str, crm: Line) -> None:
    ran = crm(*path.split(), "--no-such-option")
    assert ran.code == 2 and ran.out == ""
    assert "--help" in ran.err


def test_every_command_is_in_the_reference_and_the_reference_is_fresh() -> None:
    text = docs.FILE.read_text(encoding="utf-8")
    for path in COMMANDS:
        assert f"\n## {path}\n" in text
    assert text == docs.reference(), "python -m tui_crm.cli.docs"


def test_global_options_stand_before_and_behind(crm: Line, tmp_path: Path) -> None:
    crm.done("add", "Acme")
    crm.done("users", "add", "ben")
    for order in (
        ("--json", "leads"),
        ("leads", "--json"),
        ("--json", "users", "list"),
        ("users", "--json", "list"),
        ("users", "list", "--json"),
    ):
        assert len(crm.done(*order).json) == (1 if "leads" in order else 2)
    assert run(["leads", "--json", "--db", crm.url, "--user", "ben"]) == 0
    assert run(["--db", str(tmp_path / "nope"), "leads", "--db", crm.url, "--user", "ana"]) == 0


def test_settings_and_environment_name_store_and_user(
    crm: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary
) -> None:
    crm.done("add", "Acme")
    folder = tmp_path / "xdg_config_home" / "tui-crm"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'db = "{crm.url}"\nuser = "ana"\n')
    assert run(["leads"]) == 0 and b"Acme" in capsysbinary.readouterr()[0]
    monkeypatch.setenv("TUI_CRM_USER", "zoe")
    assert run(["leads"]) == 1
    (folder / "config.toml").write_text("colour = 1\n")
    assert run(["leads"]) == 1
    assert b"line 1" in capsysbinary.readouterr()[1]


def hostile_commands() -> list[tuple[str, ...]]:
    """Every command that prints, with data that would like to be more than text."""
    return [
        ("today",),
        ("leads",),
        ("leads", BAD),
        ("show", "1"),
        ("feed",),
        ("lists",),
        ("users",),
        ("goals",),
        ("pipelines",),
        ("outcomes",),
        ("tags",),
        ("reasons",),
        ("workspace",),
        ("report", "company"),
        ("report", "team"),
        ("report", "activity"),
        ("report", "sources"),
        ("report", "lists"),
        ("report", "company", "--format", "md"),
        ("export", "leads"),
        ("export", "actions"),
        ("export", "clients"),
        ("calendar",),
        ("status",),
        ("status", "--format", BAD),
        ("add", BAD),
        ("log", "1", "call", "--note", BAD),
        ("log", "1", BAD),
        ("correct", "1"),
        ("correct", "1", "1", "--kind", BAD),
        ("next", "1", BAD),
        ("step", "1", BAD),
        ("lost", "1", "--reason", BAD),
        ("report", BAD),
        ("report", "company", "--period", BAD),
        ("users", "add", BAD),
        ("import", BAD, "--leads"),
        ("restore", BAD),
        ("leads", f"--{BAD}"),
        (BAD,),
        ("show", BAD),
        ("won", "1", "--amount", BAD),
        ("won", "1", "--on", BAD),
        ("leads", "--json"),
        ("show", "1", "--json"),
        ("undo",),
    ]


def test_no_control_byte_reaches_the_terminal(crm: Line) -> None:
    crm.done(
        "add",
        BAD,
        "--company",
        BAD,
        "--contact",
        BAD,
        "--phone",
        BAD,
        "--tag",
        BAD,
        "--description",
        f"{BAD}: {BAD}",
        "--next",
        f"today call {BAD}",
    )
    crm.done("pipelines", "add", BAD, "--step", BAD)
    for command in hostile_commands():
        ran = crm(*command)
        assert ran.code in (0, 1, 2), (command, ran.err)
        for stream in (ran.raw.decode("utf-8-sig"), ran.err):
            bad = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", stream)
            assert bad is None, (command, stream)


def test_markup_in_data_is_shown_as_typed(crm: Line) -> None:
    crm.done("add", "[/] [bold]x[/bold] [@click=app.quit]y[/]")
    for command in (("leads",), ("show", "1"), ("today",), ("feed",)):
        assert "[/] [bold]x[/bold]" in crm.done(*command).out


def test_no_password_is_ever_printed(capsysbinary, tmp_path: Path) -> None:
    url = "postgresql://ana:hunter2@127.0.0.1:1/none?connect_timeout=1"
    for command in (("status",), ("leads",), ("check",), ("backup", str(tmp_path / "b.db"))):
        assert run(["--db", url, *command]) == 1
        out, err = capsysbinary.readouterr()
        assert b"hunter2" not in out + err and b"does not answer" in err


def test_completion_scripts(crm: Line) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "_TUI_CRM_COMPLETE" in crm.done("completion", shell).out
    assert crm("completion", "cmd.exe").code == 2


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("report comp", "company"),
        ("log 1 call --outcome vo", "Voicemail"),
        ("lost 1 --reason too", "Too expensive"),
        ("step 1 qual", "Qualified"),
        ("add X --step qual", "Qualified"),
        ("add X --owner an", "ana"),
        ("leads --user an", "ana"),
        ("users edit an", "ana"),
        ("import f.csv --list spr", "Spring fair"),
        ("lists rename spr", "Spring fair"),
        ("show ", "1"),
        ("won #", "1"),
        ("export leads --format x", "xlsx"),
        ("add X --tag in", "inbound"),
    ],
)
def test_the_words_that_a_store_knows_are_completed(
    program: Program, tmp_path: Path, line: str, word: str
) -> None:
    program("add", "Acme: website", "--tag", "inbound")
    people = tmp_path / "people.csv"
    people.write_text("name,phone\nBen,+34600100200\n")
    program("import", str(people), "--list", "Spring fair")
    words = ["tui-crm", *line.split(" ")]
    ran = program(
        _TUI_CRM_COMPLETE="bash_complete",
        COMP_WORDS=" ".join(words),
        COMP_CWORD=str(len(words) - 1),
    )
    offered = [row.partition(",")[2] for row in ran.out.splitlines()]
    assert ran.code == 0 and word in offered
    if word == "1":
        assert offered == ["1"]


def test_completing_makes_no_store_and_says_no_error(program: Program, tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    ran = program(
        TUI_CRM_DB=str(missing),
        _TUI_CRM_COMPLETE="bash_complete",
        COMP_WORDS="tui-crm show ",
        COMP_CWORD="2",
    )
    assert (ran.code, ran.out.strip(), ran.err) == (0, "", "") and not missing.exists()


def test_every_kind_of_name_is_offered_from_a_store(sqlite_url: str) -> None:
    open_store(sqlite_url).close()
    for what in suggestions.KINDS:
        assert isinstance(suggestions.suggestions(sqlite_url, what), list)


def test_keys_lists_every_key(crm: Line) -> None:
    rows = crm.done("keys", "--json").json
    assert {"id": "do.won", "keys": "w"}.items() <= next(
        row for row in rows if row["id"] == "do.won"
    ).items()
    assert all(set(row) == {"group", "keys", "id", "does"} for row in rows)


# -- exit codes -----------------------------------------------------------------------------------

OPENS = {"demo", "completion", "keys"}  # nothing that is typed behind them names anything
WRONG = ("99999", "2026-13-45", "-", "\u202e")


def wrong_lines(path: str) -> list[list[str]]:
    """The command with words that mean nothing: for what it needs, and for each option."""
    command = COMMANDS[path]
    needed = [p for p in command.params if isinstance(p, click.Argument) and p.required]
    options = [p for p in command.params if isinstance(p, click.Option) and not p.is_flag]
    must = [p.opts[-1] for p in options if p.required]
    lines = []
    for word in WRONG:
        known = [pair for name in must for pair in (name, word)]
        lines.append([*path.split(), *known, "--", *(word for _p in needed)])
    for option in options:
        known = [pair for name in must for pair in (name, "zzz") if option.opts[-1] != name]
        lines.append(
            [*path.split(), *known, option.opts[-1], "zz:z", "--", *("1" for _p in needed)]
        )
    return lines


@pytest.mark.parametrize("path", sorted(set(COMMANDS) - OPENS))
def test_what_means_nothing_is_refused_in_a_sentence(
    path: str, crm: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 0, 1 or 2; a refusal says why on stderr, and stdout has nothing of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    crm.done("add", "Acme")
    crm.done("users", "add", "rita", "--role", "rep")
    for words in wrong_lines(path):
        for user in ("ana", "rita"):
            ran = crm(*words, user=user)
            told = (words, user, ran.code, ran.err[-300:])
            assert ran.code in (0, 1, 2), told
            assert "Traceback" not in ran.err, told
            if ran.code:
                assert ran.err.strip() and not ran.out, told
                assert len(ran.err.strip().splitlines()) <= 4, told
    assert crm(*wrong_lines(path)[0], user="nobody").code in (1, 2)
