"""Every figure of every report on the demo, opened and worked out again from the rows it opened.

What a figure is, is said here a second time, in plain Python over the opened rows and the whole
tables. A new column has no way of being worked out again until somebody writes one here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.core.reports.test_random import table
from tui_crm.core import reports
from tui_crm.core.dates import periods
from tui_crm.core.errors import CrmError
from tui_crm.core.reports import TOTAL, Filters, Rate
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in
from tui_crm.demo import make

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
FOURTEEN = (
    "company",
    "activity",
    "pipeline",
    "forecast",
    "hours",
    "team",
    "leads",
    "lists",
    "goals",
    "reasons",
    "sources",
    "ageing",
    "velocity",
    "touchpoints",
    "dashboard",
    "clients",
    "roi",
    "emails",
    "meetings",
    "process",
)


@dataclass
class Whole:
    """All that the store holds, by row number."""

    session: Any
    leads: dict[int, dict[str, Any]]
    actions: dict[int, dict[str, Any]]
    steps: dict[int, dict[str, Any]]
    history: dict[int, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = str(tmp_path_factory.mktemp("demo") / "demo.db")
    make.make(path, leads=300, prospects=900, seed=11, now=NOW, user="ana")
    store = open_store(path)
    session = sign_in(store, "ana", clock=lambda: NOW)[0]
    history = defaultdict(list)
    for row in table(session, "history"):
        history[row["lead_id"]].append(row)

    def by_number(name: str) -> dict[int, dict[str, Any]]:
        return {row["id"]: row for row in table(session, name)}

    yield Whole(session, by_number("leads"), by_number("actions"), by_number("steps"), history)
    store.close()


@dataclass
class Figure:
    """One figure with what it opened to, and the row that it stands in."""

    whole: Whole
    row: dict[str, Any]
    opened: Any
    value: Any

    @property
    def leads(self) -> list[dict[str, Any]]:
        return [self.whole.leads[n] for n in self.opened.leads]

    @property
    def actions(self) -> list[dict[str, Any]]:
        return [self.whole.actions[n] for n in self.opened.actions]


def whole_number(value: float) -> int:
    return int(value + 0.5)


def counted(f: Figure) -> Any:
    return len(f.opened.leads) + len(f.opened.actions) + len(f.opened.prospects)


def amount(f: Figure) -> Any:
    return sum(lead["amount"] or 0 for lead in f.leads)


def average(f: Figure) -> Any:
    return whole_number(mean(x["amount"] for x in f.leads)) if f.leads else None


def win_rate(f: Figure) -> Any:
    return Rate(sum(x["status"] == "won" for x in f.leads), len(f.leads))


def cycles(found: list[dict[str, Any]]) -> list[int]:
    return [
        (date.fromisoformat(x["closed_on"]) - date.fromisoformat(x["created_on"])).days
        for x in found
    ]


def cycle_median(f: Figure) -> Any:
    return median(cycles(f.leads)) if f.leads else None


def cycle_mean(f: Figure) -> Any:
    return pytest.approx(mean(cycles(f.leads)), abs=0.06) if f.leads else None


def age_median(f: Figure) -> Any:
    today = f.whole.session.today
    ages = [(today - date.fromisoformat(x["created_on"])).days for x in f.leads]
    return median(ages) if ages else None


def reached_rate(f: Figure) -> Any:
    return Rate(sum(x["reached"] for x in f.actions), len(f.actions))


def minutes(f: Figure) -> Any:
    return round(sum(x["seconds"] or 0 for x in f.actions) / 60, 1)


def average_minutes(f: Figure) -> Any:
    return (
        round(sum(x["seconds"] for x in f.actions) / len(f.actions) / 60, 1) if f.actions else None
    )


def weighted(f: Figure) -> Any:
    """A lead's own probability, else its step's; won ones count whole."""
    hundredths = 0
    for lead in f.leads:
        own = lead["probability"]
        percent = f.whole.steps[lead["step_id"]]["probability"] if own is None else own
        hundredths += (lead["amount"] or 0) * (100 if lead["status"] == "won" else percent)
    return pytest.approx(hundredths / 100, abs=len(f.leads) + 1)


def per_hour(f: Figure) -> Any:
    """Active are the gaps of up to ten minutes between this rep's acts of the period."""
    store, acts = f.whole.session.store, sorted({x["user_id"] for x in f.actions})
    everybody = {row[0]: row[1] for row in store.rows("SELECT name, id FROM users")}
    who = [everybody[f.row["rep"]]] if f.row["rep"] else list(everybody.values())
    assert set(acts) <= set(who)
    period = reports.run(f.whole.session, "activity").period
    zone, seconds = ZoneInfo("Europe/Madrid"), 0
    for user in who:
        moments = sorted(
            x["at"]
            for x in f.whole.actions.values()
            if x["user_id"] == user
            and period.first <= datetime.fromtimestamp(x["at"], zone).date() <= period.last
        )
        seconds += sum(b - a for a, b in pairwise(moments) if b - a <= 600)
    return Rate(len(f.actions) * 3600, seconds) if seconds >= 20 * 60 else Rate(0, 0)


def over(column: str) -> Callable[[Figure], Any]:
    """The opened calls, over another figure of the row."""
    return lambda f: Rate(len(f.actions), f.row[column])


def over_denominator(f: Figure) -> Any:
    """The opened calls, over leads that are counted elsewhere (company, by the same rep)."""
    return Rate(len(f.actions), f.value.d)


def path(f: Figure, lead: dict[str, Any]) -> list[tuple[int, str]]:
    return [
        (int(row["became"]), row["on_day"])
        for row in f.whole.history[lead["id"]]
        if row["field"] == "step"
    ]


def fate(f: Figure, lead: dict[str, Any]) -> tuple[str, int | None]:
    """What became of a lead that entered the row's step, and how many days its stay took."""
    steps, way = f.whole.steps, path(f, lead)
    name = f.row["step"].rpartition(": ")[2]
    place = next(i for i, (n, _d) in enumerate(way) if steps[n]["name"] == name)
    number, entered = way[place]
    later = way[place + 1 :]
    on = lead["status"] == "won" or any(
        steps[n]["position"] > steps[number]["position"] for n, _day in later
    )
    away = [day for n, day in later if n != number]
    end = away[0] if away else lead["closed_on"]
    days = (date.fromisoformat(end) - date.fromisoformat(entered)).days if end else None
    return "on" if on else "there" if lead["status"] == "open" else "lost", days


def conversion(f: Figure) -> Any:
    if f.row["step"] is None:  # the totals: all steps together
        return f.value
    return Rate(sum(fate(f, lead)[0] == "on" for lead in f.leads), len(f.leads))


def stay_median(f: Figure) -> Any:
    if f.row["step"] is None:
        return f.value
    days = [days for lead in f.leads if (days := fate(f, lead)[1]) is not None]
    return median(days) if days else None


def so_far(f: Figure) -> Any:
    if f.row["step"] is None:
        return f.value
    today = f.whole.session.today
    days = []
    for lead in f.leads:
        step, _since = path(f, lead)[-1]
        assert f.whole.steps[step]["name"] == f.row["step"].rpartition(": ")[2]
        begun = next(day for n, day in path(f, lead) if n == step)
        days.append((today - date.fromisoformat(begun)).days)
    return median(days) if days else None


def came_of_forecasts(f: Figure, place: float) -> Any:
    """Won and weighted times what came of the twelve forecasts before, each as it stood then."""
    today = f.whole.session.today
    try:
        span = periods.period(f.row["period"], today)
    except CrmError:
        return None  # the overdue, the undated
    came = []
    for _n in range(24):
        span = periods.previous(span)
        if span.last < today and len(came) < 12:
            start = (span.first - timedelta(days=1)).isoformat()
            asked = Filters(period=span.label)
            then = reports.run(f.whole.session, "forecast", replace(asked, as_of=start)).totals
            won = reports.run(f.whole.session, "forecast", asked).totals["won_amount"]
            came.append(won / then["weighted_amount"] if then["weighted_amount"] else None)
    shares = sorted(share for share in came if share is not None)
    if len(shares) < 6:
        return None
    below, part = divmod(place * (len(shares) - 1), 1)
    above = min(int(below) + 1, len(shares) - 1)
    share = shares[int(below)] * (1 - part) + shares[above] * part
    return pytest.approx(f.row["won_amount"] + f.row["weighted_amount"] * share, abs=1)


def goal_done(f: Figure) -> Any:
    if f.value is None:  # of a day that is to come
        return None
    if f.row.get("goal", f.row.get("kind")) == "amount":
        return amount(f)
    return counted(f)


def goal_share(f: Figure) -> Any:
    return Rate(f.row["done"], f.row["target"])


def even_pace(f: Figure) -> Any:
    """The demo's goals end on a working day that today is one of, and nobody is away."""
    return f.row["target"] * (f.row["days_gone"] - 1) // f.row["days"]


def velocity(f: Figure) -> Any:
    row = f.row
    if row["won"] < 5 or not row["cycle_days"]:
        return None
    exact = len(f.leads) * row["average_won"] * row["win_rate"].value / row["cycle_days"]
    return pytest.approx(exact, abs=0.51)


def touches(f: Figure) -> list[int]:
    zones = dict(f.whole.session.store.rows("SELECT id, zone FROM users"))
    found = []
    for lead in f.leads:
        zone = ZoneInfo(zones.get(lead["closed_owner_id"]) or "Europe/Madrid")
        found.append(
            sum(
                x["kind"] != "note"
                and (
                    x["lead_id"] == lead["id"]
                    or (
                        not x["lead_id"]
                        and x["prospect_id"]
                        and x["prospect_id"] == lead["prospect_id"]
                    )
                )
                and datetime.fromtimestamp(x["at"], zone).date().isoformat() <= lead["closed_on"]
                for x in f.whole.actions.values()
            )
        )
    return found


def as_it_is(f: Figure) -> Any:
    """Working days and the like: no rows stand behind it."""
    assert not f.opened.leads and not f.opened.actions
    return f.value


def contact_days(f: Figure) -> list[date]:
    """The days, in Madrid, with a real action on the opened leads or the rows they were."""
    zone = ZoneInfo("Europe/Madrid")
    leads = {lead["id"] for lead in f.leads}
    rows = {lead["prospect_id"] for lead in f.leads if lead["prospect_id"]}
    return sorted(
        {
            datetime.fromtimestamp(x["at"], zone).date()
            for x in f.whole.actions.values()
            if x["kind"] != "note"
            and (x["lead_id"] in leads or (not x["lead_id"] and x["prospect_id"] in rows))
        }
    )


def silent_days(f: Figure) -> Any:
    return (f.whole.session.today - contact_days(f)[-1]).days if f.value is not None else None


def usual_days(f: Figure) -> Any:
    if f.row["client"] is None:
        return None
    gaps = [(b - a).days for a, b in pairwise(contact_days(f))]
    return median(gaps) if len(gaps) >= 3 else None


RULES: dict[str, Callable[[Figure], Any]] = {
    "won_amount": amount,
    "created_amount": amount,
    "open_amount": amount,
    "amount": amount,
    "older_amount": amount,
    "average_won": average,
    "win_rate": win_rate,
    "win_rate_all": win_rate,
    "cycle_mean_days": cycle_mean,
    "cycle_median_days": cycle_median,
    "cycle_days": cycle_median,
    "median_age_days": age_median,
    "reached_rate": reached_rate,
    "answer_rate": reached_rate,
    "reply_rate": reached_rate,
    "held_rate": reached_rate,
    "silent_days": silent_days,
    "usual_days": usual_days,
    "roi.cost": as_it_is,
    "cost_per_lead": lambda f: None,  # the demo has no costs
    "cost_per_win": lambda f: None,
    "clicked": lambda f: None,
    "minutes": minutes,
    "average_minutes": average_minutes,
    "active_minutes": as_it_is,
    "follow_up": lambda f: f.value and Rate(sum(x["follow_up"] for x in f.actions), len(f.actions)),
    "weighted_amount": weighted,
    "calls_per_hour": per_hour,
    "calls_per_lead": over_denominator,
    "calls_per_win": over_denominator,
    "calls_on_won": over_denominator,
    "conversion": conversion,
    "median_days": stay_median,
    "so_far_days": so_far,
    "done": goal_done,
    "share": goal_share,
    "velocity": velocity,
    "by_now": even_pace,
    "target": lambda f: f.value,
    "goals.line": lambda f: f.value,  # worked out again beside the goals
    "low_amount": lambda f: came_of_forecasts(f, 0.1),
    "high_amount": lambda f: came_of_forecasts(f, 0.9),
    "needed_per_day": lambda f: f.value,
    "days_gone": as_it_is,
    "days": as_it_is,
    "calls_needed": lambda f: f.value,
    "mean": lambda f: pytest.approx(mean(touches(f)), abs=0.06) if f.leads else None,
    "median": lambda f: median(touches(f)) if f.leads else None,
    "lists.calls_per_lead": over("leads"),
}
FIGURES = ("count", "money", "rate", "ratio", "days", "minutes", "goal", "number", "percent")


@pytest.mark.parametrize("name", FOURTEEN)
def test_every_figure_opens_to_rows_that_give_it_again(whole: Whole, name: str) -> None:
    session, checked, filled = whole.session, 0, 0
    first = reports.run(session, name)
    for part, report in enumerate(first.parts):
        rows = [*zip(report.keys, report.rows, strict=True), (TOTAL, report.totals)]
        for key, row in rows:
            for column in report.columns:
                if column.unit not in FIGURES or (name == "goals" and key == TOTAL):
                    continue
                value = row[column.key]
                opened = reports.open_figure(session, name, key, column.key, part=part)
                assert opened.value == value and opened.formula, (key, column.key)
                figure = Figure(whole, row, opened, value)
                if value is None and column.unit == "count":
                    assert counted(figure) == 0
                    continue
                rule = RULES.get(f"{name}.{column.key}") or RULES.get(column.key)
                if rule is None:
                    assert column.unit == "count", f"no second computation of {column.key}"
                    rule = counted
                assert value == rule(figure), (key, column.key)
                checked += 1
                filled += counted(figure) > 0
    assert checked and filled > checked / 8
