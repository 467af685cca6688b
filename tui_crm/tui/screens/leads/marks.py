"""The marked leads of a screen: a Do key acts on all of them, as one undo."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from tui_crm.core.text import _
from tui_crm.tui.widgets.lines import Line, make


class Marks:
    """Numbers of leads, in the order in which they were marked, with their amounts (minor units;
    0 when unknown) for the sum."""

    def __init__(self) -> None:
        self._amounts: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._amounts)

    def __iter__(self) -> Iterator[int]:
        return iter(self._amounts)

    def __contains__(self, number: int) -> bool:
        return number in self._amounts

    def toggle(self, number: int, amount: int | None) -> None:
        """Mark a lead, or unmark it."""
        if number in self._amounts:
            del self._amounts[number]
        else:
            self._amounts[number] = amount or 0

    def add(self, amounts: Mapping[int, int]) -> None:
        """Mark these leads as well."""
        self._amounts.update(amounts)

    @property
    def last(self) -> int | None:
        """The lead that was marked last."""
        return next(reversed(self._amounts), None)

    def clear(self) -> None:
        """Unmark all."""
        self._amounts.clear()

    def keep(self, numbers: Collection[int]) -> None:
        """Unmark the leads that are not among these any more."""
        self._amounts = {n: amount for n, amount in self._amounts.items() if n in numbers}

    def update(self, amounts: Mapping[int, int]) -> None:
        """`keep`, with the amounts as they are now."""
        self._amounts = {n: amounts[n] for n in self._amounts if n in amounts}

    @property
    def total(self) -> int:
        """The sum of their amounts, in minor units."""
        return sum(self._amounts.values())

    def line(self, total: str) -> Line:
        """``+ 3 marked  €85.7k   a Do key acts on all, Esc unmarks``."""
        return make(
            ("+ ", "key"),
            (_("{n} marked").format(n=f"{len(self):,}"), "key"),
            (f"  {total}", "strong"),
            (f"   {_('a Do key acts on all, Esc unmarks')}", "dim"),
        )
