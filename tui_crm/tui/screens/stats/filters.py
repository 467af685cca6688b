"""What a report is asked: the filter line of Stats, taken apart and put into words.

Words such as ``rep:ana tag:hot by:week list:"Dental Berlin"``; what is left over is the period, in
the words of `core.periods`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from dateutil.relativedelta import relativedelta

from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import lists
from tui_crm.core.reports import question
from tui_crm.core.reports.lists import by_column
from tui_crm.core.reports.lists.parts import COLUMN, SCRIPT
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow

_WORD = re.compile(r'[\w-]+:"[^"]*"|"[^"]*"|\S+')
_NAMES = {
    "rep": "rep",
    "owner": "rep",
    "team": "team",
    "tag": "tag",
    "pipeline": "pipeline",
    "list": "list_",
    "by": "by",
    "vs": "compare",
    "compare": "compare",
    "as-of": "as_of",
    "asof": "as_of",
    "as_of": "as_of",
}
_COMPARE = {
    "previous": "previous",
    "before": "previous",
    "year": "year",
    "year-ago": "year",
    "off": "",
    "none": "",
}
CUT = ("company", "activity", "leads", "forecast")  # reports that have a row for each part
TIMELESS = ("ageing", "goals", "now")  # about today, whatever the period
COMPARED = ("company", "team")  # compared with the period before without being asked


@dataclass(frozen=True)
class ReportFilters:
    """The filters. Empty is what suits the report; ``compare`` is ``previous``, ``year``, "" for
    off, None for what suits."""

    period: str = ""
    by: str = ""
    rep: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    pipeline: str = ""
    list_: str = ""
    compare: str | None = None
    as_of: str = ""

    @property
    def line(self) -> str:
        """The filter line that says the same."""
        words = [self.period] if self.period else []
        for name in ("rep", "team", "tag"):
            words += [f"{name}:{_quoted(value)}" for value in getattr(self, name)]
        for name, value in (
            ("pipeline", self.pipeline),
            ("list", self.list_),
            ("by", self.by),
            ("as-of", self.as_of),
        ):
            if value:
                words.append(f"{name}:{_quoted(value)}")
        if self.compare is not None:
            words.append(f"vs:{self.compare or 'off'}")
        return " ".join(words)

    @property
    def narrowed(self) -> list[str]:
        """The filters in a few words, the period apart."""
        words = [*self.rep, *self.team, *(f"#{tag}" for tag in self.tag)]
        return [*words, *(value for value in (self.pipeline, self.list_) if value)]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


@dataclass
class Understood:
    """A filter line understood: what it asks, and sentences on what makes no sense."""

    asked: ReportFilters = field(default_factory=ReportFilters)
    problems: list[str] = field(default_factory=list)
    spans: list[tuple[int, int, str]] = field(default_factory=list)


def parse(session: Session, text: str) -> Understood:
    """Take a filter line apart. A word that makes no sense is a problem and asks nothing."""
    found = Understood()
    values: dict[str, Any] = {"rep": [], "team": [], "tag": []}
    rest: list[tuple[int, int, str]] = []
    for match in _WORD.finditer(text):
        word = match.group()
        name, colon, value = word.partition(":")
        value = value.strip('"')
        if word.startswith("#") and len(word) > 1:
            name, colon, value = "tag", ":", word[1:]
        wanted = _NAMES.get(fold(name)) if colon else None
        if wanted is None:
            if colon and not value.startswith((".", "-")) and name.isalpha():
                found.problems.append(
                    _(
                        "{word} is no filter; there are rep: team: tag: pipeline: list: by: vs:"
                        " as-of:"
                    ).format(word=word)
                )
                continue
            rest.append((match.start(), match.end(), word.strip('"')))
            continue
        if not value:
            continue  # still being typed
        try:
            _take(session, values, wanted, value)
        except CrmError as error:
            found.problems.append(str(error))
        else:
            found.spans.append((match.start(), match.end(), "accent"))
    if rest:
        words = " ".join(word for _s, _e, word in rest)
        try:
            periods.period(words, session.today)
        except CrmError as error:
            found.problems.append(str(error))
        else:
            values["period"] = re.sub(r"\s+", "-", words.casefold()).replace("-..-", "..")
            found.spans += [(start, end, "accent") for start, end, _w in rest]
    found.spans.sort()
    for name in ("rep", "team", "tag"):
        values[name] = tuple(dict.fromkeys(values[name]))
    try:
        values["by"] = _cut(session, values.get("by", ""), values.get("list_", ""))
    except CrmError as error:
        found.problems.append(f"{error} {error.hint}".rstrip())
        values["by"] = ""
    found.asked = ReportFilters(**values)
    return found


def _cut(session: Session, by: str, list_: str) -> str:
    """What the rows are, as a report takes it: a part of the period, the script, or a column of
    the list that is named in the same line. Raises CrmError."""
    if fold(by) in ("", *periods.UNITS, SCRIPT):
        return fold(by)
    if not list_:
        raise CrmError(_("by: takes day to year, script, or a column with its list:."))
    of = question.ask(session, "today", "month", list_=list_).list_id
    info = lists.get(session, of or 0)
    name = info.columns[by_column.column_named(info, by)].name
    # A column that is called as a part of the period is asked for with the sign of a column.
    return COLUMN + name if fold(name) in (*periods.UNITS, SCRIPT) else name


def _take(session: Session, values: dict[str, Any], name: str, value: str) -> None:
    """Note one filter. Raises CrmError naming what there is."""
    if name == "compare":
        chosen = _COMPARE.get(fold(value))
        if chosen is None:
            raise CrmError(_("vs: takes previous, year or off."))
        values[name] = chosen
        return
    if name == "by":
        values[name] = value  # understood when the list is known
        return
    if name in ("rep", "team", "tag"):
        for one in value.split(","):
            if one:
                one = session.user.name if one == "me" and name == "rep" else one
                _ask(session, **{"team_" if name == "team" else name: (one,)})
                values[name].append(one)
        return
    _ask(session, **{name: value})
    values[name] = value


def _ask(session: Session, **one: Any) -> None:
    question.ask(session, "today", "month", **one)


def echo(session: Session, text: str) -> Echo:
    """The filter line read back while it is typed; Enter is refused while a word makes none."""
    found = parse(session, text)
    rows = [EchoRow("?", "late", make((problem, "late"))) for problem in found.problems]
    asked = found.asked
    pieces: list[tuple[str, str]] = []
    if asked.period:
        period = periods.period(asked.period, session.today)
        pieces.append((figures.period_words(period), "strong"))
    labels: tuple[tuple[str, Any], ...] = (
        (_("rep"), asked.rep),
        (_("team"), asked.team),
        (_("tag"), asked.tag),
        (_("pipeline"), asked.pipeline),
        (_("list"), asked.list_),
        (_("by"), asked.by and _(asked.by.removeprefix(COLUMN))),
        (_("as of"), asked.as_of),
    )
    for label, value in labels:
        if value:
            said = ", ".join(value) if isinstance(value, tuple) else value
            pieces += [("  " if pieces else "", "text"), (f"{label} ", "dim"), (said, "strong")]
    if asked.compare is not None:
        words = {
            "previous": _("against the period before"),
            "year": _("against a year ago"),
            "": _("no comparison"),
        }[asked.compare]
        pieces.append((("  " if pieces else "") + words, "text"))
    if pieces or not found.problems:
        rows.insert(
            0,
            EchoRow(
                "=", "won", make(*(pieces or [(_("everything, in its usual period"), "text")]))
            ),
        )
    return Echo(rows, found.spans, refuse=bool(found.problems))


# -- for the report --------------------------------------------------------------------------------


def period_for(session: Session, name: str, asked: ReportFilters) -> str | None:
    """The words of the period a report is run over; None is the report's own."""
    if asked.period:
        return asked.period
    if name == "company" and not asked.as_of:
        first = session.today.replace(day=1) - relativedelta(months=5)
        last = session.today.replace(day=1) + relativedelta(months=1, days=-1)
        return f"{first.isoformat()}..{last.isoformat()}"
    return None


def part_for(session: Session, name: str, asked: ReportFilters) -> str:
    """What the period is cut into: as asked, else what gives a readable number of rows."""
    if asked.by in periods.UNITS or (asked.by and name == "lists"):
        return asked.by
    if name not in CUT or not asked.period:
        return "month"
    this = periods.period(asked.period, session.today)
    if this.unit == "all":
        return "quarter"
    for days, part in ((9, "day"), (31, "week"), (550, "month"), (1900, "quarter")):
        if this.days <= days:
            return part
    return "year"


def arguments(session: Session, name: str, asked: ReportFilters) -> dict[str, Any]:
    """The filters as ``run`` and ``open_figure`` take them."""
    return {
        "period": period_for(session, name, asked),
        "by": part_for(session, name, asked),
        "rep": asked.rep,
        "team": asked.team,
        "tag": asked.tag,
        "pipeline": asked.pipeline or None,
        "list": asked.list_ or None,
        "as_of": asked.as_of or None,
    }


def comparing(name: str, asked: ReportFilters) -> str | None:
    """What a report is compared with: ``previous``, ``year`` or nothing."""
    if name in TIMELESS:
        return None
    if asked.compare is not None:
        return asked.compare or None
    whole = fold(asked.period) in ("all", "all-time", "ever")
    return "previous" if name in COMPARED and not whole else None


def next_comparison(name: str, asked: ReportFilters) -> ReportFilters:
    """The next comparison: the period before, a year ago, off."""
    now = comparing(name, asked)
    following = {None: "previous", "previous": "year", "year": ""}[now]
    return replace(asked, compare=following)


SUBTITLES: dict[str, Callable[[], str]] = {
    "company": lambda: _("{period}, by {part}"),
    "activity": lambda: _("{period}, by rep"),
    "pipeline": lambda: _("entered in {period}, as of today"),
    "forecast": lambda: _("by expected close, {period}"),
    "hours": lambda: _("reached of calls, {period}, prospect's own time"),
    "team": lambda: _("{period}, by rep"),
    "leads": lambda: _("created in {period}, by {part}"),
    "ageing": lambda: _("open leads, today"),
    "goals": lambda: _("how far, today"),
    "now": lambda: _("what the figures ask for, today"),
}


def subtitle(name: str, period: Period, asked: ReportFilters, part: str) -> str:
    """What the title of a report says behind its name."""
    pattern = SUBTITLES.get(name, lambda: "{period}")()
    words = pattern.format(period=figures.period_words(period), part=_(part))
    if name == "lists" and part not in periods.UNITS:
        words += _(", by {part}").format(part=_(part.removeprefix(COLUMN)))
    if asked.as_of:
        words = words.replace(_(", as of today"), "") + _(", as of {day}").format(day=asked.as_of)
    return words
