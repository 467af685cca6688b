"""The people in a row of leads, each with their own numbers and addresses.

Several people stand in one cell as ``Ben (ben@…);Cleo (cleo@…)``, or one on each line, in the
same order in the columns of names, roles, phones and e-mails (so our own exports write them).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_crm.core import emails, phones
from tui_crm.core.text import _

Point = tuple[str, str, str]  # kind, as typed, match


@dataclass(frozen=True)
class PersonRow:
    """A person as the file has them."""

    name: str = ""
    role: str = ""
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class People:
    """The people of a row, and the parts of cells that were not understood: whether they are of
    phones or of e-mails, the text, and what is wrong with it."""

    people: tuple[PersonRow, ...]
    odd: tuple[tuple[str, str, str], ...]


def read(
    names: Sequence[str],
    roles: Sequence[str],
    phone_cells: Sequence[str],
    email_cells: Sequence[str],
    regions: Sequence[str],
) -> People:
    """The people in the filled cells of a row; its phones are those of the first of the countries
    ``regions`` that makes them valid. Points that no name stands beside are the first one's."""
    odd: list[tuple[str, str, str]] = []

    def numbers(cell: str) -> list[Point]:
        found = phones.read_as(cell, regions)
        if not found and cell.strip():
            odd.append(("phone", cell, _("no phone; kept as text")))
        return [("phone", one.typed, one.e164 or "") for one in found]

    def addresses(cell: str) -> list[Point]:
        found, rest = emails.read(cell)
        if not found and not rest and cell.strip():
            rest = (cell,)
        odd.extend(("email", text, _("no e-mail; kept as text")) for text in rest)
        return [("email", typed, typed.casefold()) for typed in found]

    lines = max((len(cell.split("\n")) for cell in names), default=0)
    if lines > 1 and len(names) == 1:
        columns = [
            [cell.split("\n") for cell in cells] for cells in (roles, phone_cells, email_cells)
        ]
        if all(len(parts) == lines for cells in columns for parts in cells):
            people = [
                PersonRow(
                    " ".join(name.split()),
                    " ".join(" ".join(parts[n].split()) for parts in columns[0]),
                    _once(
                        point
                        for parts, reader in (
                            *((parts, numbers) for parts in columns[1]),
                            *((parts, addresses) for parts in columns[2]),
                        )
                        for point in reader(parts[n])
                    ),
                )
                for n, name in enumerate(names[0].split("\n"))
            ]
            return People(tuple(people), tuple(odd))

    found: list[PersonRow] = []
    nobodys: list[Point] = []
    for cell in names:
        for part in re.split(r"[;\n]|(?<=[>)\]])\s*,", cell):
            own = [("email", typed, typed.casefold()) for typed in emails.find(part)]
            name = part
            for _kind, typed, _match in own:
                name = name.replace(typed, " ")
            name = " ".join(re.sub(r"[<(\[]\s*(?:mailto:)?\s*[>)\]]", " ", name).split())
            if name:
                found.append(PersonRow(name, "", tuple(own)))
            else:
                nobodys += own
    points = [point for cell in phone_cells for point in numbers(cell)]
    points += [point for cell in email_cells for point in addresses(cell)]
    taken = {match for person in found for _kind, _typed, match in person.points}
    rest = [point for point in [*points, *nobodys] if point[2] not in taken or not point[2]]
    role = next((" ".join(cell.split()) for cell in roles), "")
    if found or rest or role:
        first = found[0] if found else PersonRow()
        found[:1] = [PersonRow(first.name, role, _once([*rest, *first.points]))]
    return People(tuple(found), tuple(odd))


def _once(points: Iterable[Point]) -> tuple[Point, ...]:
    found: dict[str, Point] = {}
    for point in points:
        found.setdefault(point[2] or point[1], point)
    return tuple(found.values())
