"""What can be set, as the settings screen shows it: subjects, their rows, and the acts on them.

The command line describes its catalogues (pipelines, reasons, users …) in these words and hands
them to the app (`tui_crm.cli.in_app`), so that a catalogue that it gets is in the app as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tui_crm.core.session import Session

Value = str | int | float | bool | None | tuple[str, ...]
"""A value of a parameter. ``None``: not given."""


@dataclass(frozen=True)
class Parameter:
    """One value that an act takes. ``label`` is its name for a person, ``about`` says what it is.

    ``choices`` are ``(value, label)`` to choose from by digit; without them a line is typed, which
    ``parse`` reads (raises CrmError); a ``long`` one is written in the editor. ``needed``: the act
    cannot be done without it."""

    name: str
    label: str
    about: str = ""
    needed: bool = False
    choices: tuple[tuple[Value, str], ...] = ()
    parse: Callable[[str], Value] = str
    long: bool = False


@dataclass(frozen=True)
class Act:
    """Something that can be done: to a row, or (``add``) without one. ``steps``: it moves the row
    by the value of its parameter ``place``, or its ``way`` (up, down)."""

    name: str
    about: str
    parameters: tuple[Parameter, ...]

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((one for one in self.parameters if one.name == name), None)


@dataclass(frozen=True)
class Head:
    """A column of the rows: its head, ``right`` for numbers, ``give`` for one that is cut first."""

    name: str
    right: bool = False
    give: bool = False
    most: int = 40


@dataclass(frozen=True)
class SetupRow:
    """A row: its cells, the values of the parameters as they are now, and whether it is retired
    (no longer offered)."""

    id: str
    name: str
    cells: tuple[str, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    retired: bool = False


@dataclass(frozen=True)
class Subject:
    """One subject of the settings: ``title`` with ``about`` in a sentence, the right it asks for
    ("" : everybody may), and how its rows are read and changed.

    ``run(session, act, values)`` does an act and returns a sentence on what was done; it raises
    CrmError. ``kind`` ``"record"`` is a subject of one row whose parameters are listed."""

    name: str
    title: str
    about: str
    right: str
    heads: tuple[Head, ...]
    rows: Callable[[Session], Sequence[SetupRow]]
    acts: Mapping[str, Act]
    run: Callable[[Session, str, Mapping[str, Value]], str]
    kind: Literal["rows", "record"] = "rows"

    def may(self, session: Session) -> bool:
        """Whether the user may change it."""
        return not self.right or session.may(self.right)
