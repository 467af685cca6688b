"""The filters of a report, in the words of a user."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Filters:
    """What a report is asked for, as it is typed: words and names, not numbers of the store.

    ``period`` is in the words of `core.dates.periods`. ``by`` is what the rows are: a part of the
    period (day, week, month, quarter, year), for the lists also ``script`` or the name of a column
    (``column:month`` where a name means something else). ``compare`` is ``previous`` (the period
    before), ``year`` (a year ago), "" for no comparison. ``as_of`` is a past day, as
    ``2026-03-31``: the figures as they were at its end.

    An empty period or ``by``, and ``compare`` None, stand for what suits the report.
    """

    period: str = ""
    by: str = ""
    rep: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    pipeline: str = ""
    list_name: str = ""
    compare: str | None = None
    as_of: str = ""
    check: bool = False
    """Of the score: how good it is on leads that are held back."""

    @property
    def line(self) -> str:
        """The filter line that `filter_line.parse` reads as these filters."""
        words = [self.period] if self.period else []
        for name, values in (("rep", self.rep), ("team", self.team), ("tag", self.tag)):
            words += [f"{name}:{_quoted(value)}" for value in values]
        for name, value in (
            ("pipeline", self.pipeline),
            ("list", self.list_name),
            ("by", self.by),
            ("as-of", self.as_of),
        ):
            if value:
                words.append(f"{name}:{_quoted(value)}")
        if self.compare is not None:
            words.append(f"vs:{self.compare or 'off'}")
        return " ".join(words)

    @property
    def names(self) -> tuple[str, ...]:
        """The reps, teams, tags, pipeline and list that the report is narrowed to."""
        words = (*self.rep, *self.team, *(f"#{tag}" for tag in self.tag))
        return (*words, *(value for value in (self.pipeline, self.list_name) if value))


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
