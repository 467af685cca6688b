"""A plain command line is read without click, and says what click says of it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tui_crm.cli import click_tree
from tui_crm.cli.app import ROOT
from tui_crm.cli.commands import GLOBAL, Command, Group, read
from tui_crm.cli.context import Context

Called = tuple[str, dict[str, Any], str | None, str | None, bool]

VALUES = ["", "x", "Acme Metal", "12", "0", "3.5", "-1", "-", "--", "#7", "call", "CSV", "up", "ñ"]


def every(group: Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Each command and group with the words that call it."""
    yield path, group
    for name in group.names():
        found = group.find(name)
        assert found is not None
        if isinstance(found, Group):
            yield from every(found, (*path, name))
        else:
            yield (*path, name), found


COMMANDS = dict(every(ROOT))


@pytest.fixture(scope="module")
def called() -> Iterator[list[Called]]:
    """What was called, instead of calling it: path, values, and the global options."""
    calls: list[Called] = []
    functions = {path: command.function for path, command in COMMANDS.items()}

    def recorder(path: str) -> Any:
        def record(context: Context, **values: Any) -> None:
            calls.append((path, values, context.db, context.user, context.json))

        return record

    for path, command in COMMANDS.items():
        command.function = recorder(" ".join(path))
    yield calls
    for path, function in functions.items():
        COMMANDS[path].function = function


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Command lines with known options and any values, in any order."""
    path = draw(st.sampled_from(sorted(COMMANDS)))
    command = COMMANDS[path]
    words: list[str] = []
    values = st.sampled_from(VALUES)

    def options(of: list[Any]) -> None:
        for option in draw(st.lists(st.sampled_from(of), max_size=4)) if of else ():
            spelled = option.off if option.off and draw(st.booleans()) else option.on
            if option.words == 1 and draw(st.booleans()):
                words.append(f"{spelled}={draw(values)}")
            else:
                words.extend([spelled, *(draw(values) for _n in range(option.words))])

    for name in path:
        options(list(GLOBAL))
        words.append(name)
    for _round in range(draw(st.integers(0, 3))):
        words += draw(st.lists(values, max_size=2))
        options([*command.options, *GLOBAL])
    return words


@settings(max_examples=600, deadline=None)
@given(lines())
def test_what_is_read_without_click_is_what_click_reads(
    called: list[Called], words: list[str]
) -> None:
    plain = read(ROOT, words)
    if plain is None:
        return
    called.clear()
    assert plain.run(Context()) == 0
    assert click_tree.run(ROOT, words, Context()) == 0, words
    assert called[0] == called[1]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "today",
        "--db /tmp/a.db --user ana today --json",
        "leads 'stale>20d' step:proposal",
        "show #1042",
        "add Acme Metal --amount=12.4k --tag hot --tag fair --next 'fri 9:30 call Anna'",
        "log 5 call --outcome 2 --note 'wants a quote' --minutes 4.5",
        "next 5 +3d call",
        "goals add calls day 50 --everybody",
        "users edit ben --inactive",
        "lists",
        "lists --all",
        "lists columns Fair --rename A B",
        "tags category Sector --mandatory",
        "report company --compare",
        "feed -- -x",
    ],
)
def test_everyday_lines_need_no_click(line: str) -> None:
    assert read(ROOT, shlex.split(line)) is not None


@pytest.mark.parametrize("line", ["--help", "nosuch", "today --help", "show x", "add", "-x today"])
def test_anything_unusual_is_left_to_click(line: str) -> None:
    assert read(ROOT, shlex.split(line)) is None
