"""Each report over a whole year, against the plain SQL that gives its main numbers.

The plain SQL is as good as one can write by hand for SQLite: one statement for each source of the
report, medians included (out of the counts of each value, which is cheaper than to sort the rows).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.bench.measure import MONDAY, Result, at_most, company, interleaved, timed
from tui_crm.core.team.sign_in import sign_in

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store

PERIOD, FIRST, LAST = "2026", "2026-01-01", "2026-12-31"
START, END = 1767222000, 1798758000  # of that year, in Madrid
AT_ONCE = 0.05  # seconds; below it, what every report takes on the emptiest store is most of it
PARTS = (100, 10, 1)  # of what is asked for, to see the growth

WON = f"status = 'won' AND closed_on BETWEEN '{FIRST}' AND '{LAST}'"
CLOSED = f"status IN ('won', 'lost', 'cancelled') AND closed_on BETWEEN '{FIRST}' AND '{LAST}'"
CREATED = f"created_on BETWEEN '{FIRST}' AND '{LAST}'"
# With the users named SQLite takes the index that holds all there is to add up.
IN_YEAR = f"user_id IN (SELECT id FROM users) AND at >= {START} AND at < {END}"
CYCLE = "julianday(closed_on) - julianday(created_on)"
MONEY = "SUM(amount), SUM(CASE WHEN amount > 0 THEN 0 ELSE 1 END)"


def spread(first: str, second: str, value: str, source: str, sums: str = MONEY) -> str:
    """Counts, sums, mean and median of a value, by two keys of the source."""
    money, _comma, bare = sums.partition(", ")
    return (
        "SELECT k, l, SUM(n), SUM(money), SUM(bare), SUM(n * v) / SUM(n),"
        " MIN(CASE WHEN 2 * upto >= whole THEN v END) FROM (SELECT k, l, v, n, money, bare,"
        " SUM(n) OVER (PARTITION BY k, l ORDER BY v) AS upto,"
        " SUM(n) OVER (PARTITION BY k, l) AS whole FROM"
        f" (SELECT {first} AS k, {second} AS l, {value} AS v, COUNT(*) AS n, {money} AS money,"
        f" {bare} AS bare FROM {source} GROUP BY 1, 2, 3)) GROUP BY k, l"
    )


def tagged(where: str, sums: str) -> tuple[str, str]:
    """Leads by tag, and by category those without one of its tags."""
    return (
        f"SELECT tag_id, status, COUNT(*), {sums} FROM leads JOIN lead_tags ON lead_id = leads.id"
        f" WHERE {where} GROUP BY 1, 2",
        f"SELECT c.id, status, COUNT(*), {sums} FROM leads CROSS JOIN tag_categories c"
        f" WHERE {where} AND NOT EXISTS (SELECT 1 FROM lead_tags JOIN tags ON tags.id = tag_id"
        " WHERE lead_id = leads.id AND category_id = c.id) GROUP BY 1, 2",
    )


TOUCHES = (
    "(SELECT COUNT(*) FROM actions WHERE lead_id = leads.id AND kind <> 'note' AND at < ending)"
    " + (SELECT COUNT(*) FROM actions WHERE actions.prospect_id = leads.prospect_id AND kind <>"
    " 'note' AND at < ending AND lead_id IS NULL)"
)
WALK = (
    "SELECT h.lead_id, h.became AS step, s.position AS place, h.on_day, LEAD(h.on_day) OVER "
    "steps_on AS"
    " later, ROW_NUMBER() OVER (PARTITION BY h.lead_id, h.became ORDER BY h.id) AS nth,"
    " MAX(s.position) OVER (PARTITION BY h.lead_id ORDER BY h.id ROWS BETWEEN CURRENT ROW AND"
    " UNBOUNDED FOLLOWING) AS top FROM history h JOIN steps s ON s.id = CAST(h.became AS INTEGER)"
    " WHERE h.field = 'step' WINDOW steps_on AS (PARTITION BY h.lead_id ORDER BY h.id)"
)
PLAIN: dict[str, tuple[str, ...]] = {
    "company": (
        spread("substr(closed_on, 1, 7)", "status", CYCLE, f"leads WHERE {CLOSED}"),
        f"SELECT substr(created_on, 1, 7), COUNT(*) FROM leads WHERE {CREATED} GROUP BY 1",
    ),
    "team": (
        spread("closed_owner_id", "status", CYCLE, f"leads WHERE {CLOSED}"),
        f"SELECT owner_id, COUNT(*) FROM leads WHERE {CREATED} GROUP BY 1",
    ),
    "activity": (
        "SELECT user_id, strftime('%Y-%m', at, 'unixepoch', 'localtime'), kind, outcome_id,"
        f" COUNT(*), SUM(reached), SUM(seconds) FROM actions WHERE {IN_YEAR} GROUP BY 1, 2, 3, 4",
        "SELECT user_id, SUM(gap) FROM (SELECT user_id, at - LAG(at) OVER (PARTITION BY user_id"
        f" ORDER BY at) AS gap FROM actions WHERE {IN_YEAR}) WHERE gap <= 600 GROUP BY user_id",
        f"SELECT owner_id, COUNT(*) FROM leads WHERE {CREATED} GROUP BY 1",
        "SELECT closed_owner_id, COUNT(DISTINCT leads.id), COUNT(*) FROM leads JOIN actions ON"
        f" actions.lead_id = leads.id WHERE {WON} AND kind = 'call' GROUP BY 1",
    ),
    "leads": (
        f"SELECT substr(created_on, 1, 7), status, COUNT(*) FROM leads WHERE {CREATED} GROUP BY "
        "1, 2",
        spread("status", "0", CYCLE, "leads WHERE status = 'won'", "0, 0"),
    ),
    "pipeline": (
        "SELECT step, went_on, COUNT(*), SUM(status = 'open'), SUM(left_on IS NULL),"
        " AVG(julianday(left_on) - julianday(on_day)), SUM(CASE WHEN status = 'won' THEN amount"
        " END)"
        " FROM (SELECT step, on_day, status, amount, COALESCE(later, closed_on) AS left_on,"
        f" (top > place OR status = 'won') AS went_on FROM ({WALK}) walk JOIN leads ON leads.id ="
        f" lead_id WHERE nth = 1 AND on_day BETWEEN '{FIRST}' AND '{LAST}') GROUP BY 1, 2",
    ),
    "lists": (
        "SELECT list_id, COUNT(*) FROM prospects GROUP BY list_id",
        "SELECT list_id, SUM(calls), COUNT(prospect_id), SUM(spoke) FROM (SELECT list_id,"
        " prospect_id, COUNT(*) AS calls, MAX(reached) AS spoke FROM actions WHERE list_id IS NOT"
        f" NULL AND kind = 'call' AND at + 0 >= {START} AND at + 0 < {END} GROUP BY list_id,"
        " prospect_id) GROUP BY list_id",
        f"SELECT list_id, COUNT(*) FROM leads WHERE {CREATED} GROUP BY 1",
        f"SELECT list_id, COUNT(*), {MONEY} FROM leads WHERE {WON} GROUP BY 1",
        f"SELECT source, COUNT(*) FROM leads WHERE {CREATED} GROUP BY 1",
        f"SELECT source, status, COUNT(*), {MONEY} FROM leads WHERE {CLOSED} GROUP BY 1, 2",
    ),
    "forecast": (
        "SELECT substr(expected_close, 1, 7), COUNT(*), SUM(amount), SUM(amount *"
        " COALESCE(leads.probability, steps.probability)) FROM leads JOIN steps ON steps.id ="
        " step_id WHERE status = 'open' GROUP BY 1",
        f"SELECT substr(closed_on, 1, 7), COUNT(*), {MONEY} FROM leads WHERE {WON} GROUP BY 1",
    ),
    "goals": (
        "SELECT user_id, COUNT(*) FROM actions WHERE kind = 'call' AND at >= (SELECT MAX(at) -"
        " 90 * 86400 FROM actions) AND user_id IN (SELECT id FROM users) GROUP BY 1",
        f"SELECT closed_owner_id, status, COUNT(*), {MONEY} FROM leads WHERE status IN ('won',"
        " 'lost', 'cancelled') AND closed_on >= '2026-08-26' GROUP BY 1, 2",
    ),
    "reasons": (
        f"SELECT reason_id, status, COUNT(*), {MONEY} FROM leads WHERE status IN ('lost',"
        f" 'cancelled') AND closed_on BETWEEN '{FIRST}' AND '{LAST}' GROUP BY 1, 2",
    ),
    "hours": (
        "SELECT COALESCE(NULLIF(p.zone, ''), NULLIF(li.zone, ''), ''), strftime('%w%H', at,"
        " 'unixepoch', 'localtime'), COUNT(*), SUM(reached) FROM actions LEFT JOIN prospects p ON"
        " p.id = prospect_id LEFT JOIN lists li ON li.id = p.list_id WHERE kind = 'call' AND"
        f" {IN_YEAR} GROUP BY 1, 2",
    ),
    "sources": (*tagged(CREATED, "0"), *tagged(CLOSED, MONEY)),
    "ageing": (
        spread("step_id", "0", "created_on", "leads WHERE status = 'open'"),
        spread(
            "status", "0", CYCLE, "leads WHERE status = 'won' AND closed_on > '2025-11-23'", "0, 0"
        ),
    ),
    "velocity": (
        spread("closed_owner_id", "status", CYCLE, f"leads WHERE {CLOSED}"),
        "SELECT owner_id, COUNT(*) FROM leads WHERE status = 'open' GROUP BY 1",
    ),
    "touchpoints": (
        spread(
            "owner",
            "0",
            TOUCHES,
            "(SELECT id, prospect_id, closed_owner_id AS owner, CAST(strftime('%s', closed_on, '+1"
            f" day', 'utc') AS INTEGER) AS ending FROM leads WHERE {WON}) AS leads",
            "0, 0",
        ),
    ),
}


def reports(leads: int, prospects: int) -> Iterator[Result]:
    """Each report of a year, by month, on three stores: the growth is in the table."""
    from tui_crm.core.store import open_store

    for part in PARTS:
        store = open_store(company(leads // part, prospects // part))
        yield from _each(store)
        store.close()


def _each(store: Store) -> Iterator[Result]:
    from tui_crm.core.reports import Filters, run

    session = sign_in(store, "you", clock=lambda: MONDAY)[0]
    size = f"{store.value('SELECT COUNT(*) FROM actions') / 1000:,.0f}k acts"
    for name, questions in PLAIN.items():

        def plain(questions: tuple[str, ...] = questions) -> None:
            for question in questions:
                store.rows(question)

        def asked(name: str = name) -> None:
            run(session, name, Filters(period=PERIOD))

        counted, took = interleaved(lambda: timed(plain), lambda: timed(asked), runs=3)
        result = at_most(
            f"report {name}, {size}",
            f"{took * 1000:.0f} ms; plain SQL {counted * 1000:.0f} ms",
            took / counted,
            1.5,
        )
        yield replace(result, ok=result.ok or took <= AT_ONCE)
