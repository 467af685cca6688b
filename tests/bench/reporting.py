"""Reports over everything there is, each against the plain SQL that counts the same rows."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.measure import MONDAY, Result, at_most, company, interleaved, timed

PERIOD, FIRST, LAST = "2026", "2026-01-01", "2026-12-31"
START, END = 1767222000, 1798758000  # of that year, in Madrid
CLOSED = (
    "SELECT substr(closed_on, 1, 7), {by} status, COUNT(*), SUM(amount), SUM(amount IS NULL),"
    " AVG(julianday(closed_on) - julianday(created_on)) FROM leads WHERE status <> 'open'"
    f" AND closed_on BETWEEN '{FIRST}' AND '{LAST}' GROUP BY 1, 2, 3"
)
CREATED = (
    f"SELECT {{by}}, status, COUNT(*), SUM(amount) FROM leads WHERE created_on BETWEEN '{FIRST}'"
    f" AND '{LAST}' GROUP BY 1, 2"
)
PLAIN: dict[str, tuple[str, ...]] = {
    "company": (CLOSED.format(by="1,"), CREATED.format(by="substr(created_on, 1, 7)")),
    "team": (CLOSED.format(by="closed_owner_id,"), CREATED.format(by="owner_id")),
    "activity": (
        "SELECT user_id, strftime('%Y-%m', at, 'unixepoch', 'localtime'), kind, outcome_id,"
        " COUNT(*), SUM(reached), SUM(seconds) FROM actions"
        f" WHERE at BETWEEN {START} AND {END} GROUP BY 1, 2, 3, 4",
    ),
    "leads": (CREATED.format(by="substr(created_on, 1, 7)"),),
    "pipeline": (
        "SELECT became, COUNT(DISTINCT lead_id) FROM history WHERE field = 'step'"
        f" AND on_day BETWEEN '{FIRST}' AND '{LAST}' GROUP BY became",
        "SELECT lead_id, MIN(at), MAX(at), MAX(CAST(became AS INTEGER)) FROM history"
        " WHERE field = 'step' GROUP BY lead_id",
    ),
    "lists": (
        "SELECT list_id, state, COUNT(*) FROM prospects GROUP BY list_id, state",
        "SELECT list_id, COUNT(*), SUM(reached), COUNT(DISTINCT prospect_id) FROM actions"
        f" WHERE list_id IS NOT NULL AND kind = 'call' AND at BETWEEN {START} AND {END}"
        " GROUP BY list_id",
        "SELECT list_id, status, COUNT(*), SUM(amount) FROM leads WHERE list_id IS NOT NULL"
        " GROUP BY list_id, status",
    ),
    "forecast": (
        "SELECT substr(expected_close, 1, 7), COUNT(*), SUM(amount), SUM(amount *"
        " COALESCE(leads.probability, steps.probability)) FROM leads JOIN steps ON steps.id ="
        " step_id WHERE status = 'open' GROUP BY 1",
        CLOSED.format(by="1,"),
    ),
    "reasons": (
        "SELECT reason_id, status, COUNT(*), SUM(amount) FROM leads WHERE status IN"
        f" ('lost', 'cancelled') AND closed_on BETWEEN '{FIRST}' AND '{LAST}' GROUP BY 1, 2",
    ),
    "hours": (
        "SELECT strftime('%w%H', at, 'unixepoch', 'localtime'), COUNT(*), SUM(reached) FROM"
        f" actions WHERE kind = 'call' AND at BETWEEN {START} AND {END} GROUP BY 1",
    ),
    "sources": (
        "SELECT tag_id, status, COUNT(*), SUM(amount) FROM lead_tags JOIN leads ON leads.id ="
        f" lead_id WHERE created_on BETWEEN '{FIRST}' AND '{LAST}' GROUP BY 1, 2",
    ),
    "ageing": (
        "SELECT step_id, COUNT(*), SUM(amount), AVG(julianday('now') - julianday(created_on))"
        " FROM leads WHERE status = 'open' GROUP BY step_id",
        "SELECT created_on, closed_on FROM leads WHERE status = 'won'",
    ),
    "touchpoints": (
        "SELECT leads.id, COUNT(*) FROM leads JOIN actions ON actions.lead_id = leads.id"
        f" WHERE status = 'won' AND closed_on BETWEEN '{FIRST}' AND '{LAST}' AND kind <> 'note'"
        " GROUP BY leads.id",
    ),
}  # fmt: skip


def reports(leads: int, prospects: int) -> Iterator[Result]:
    """Each report of a year, by month."""
    from tui_crm.core.reports import registry
    from tui_crm.core.store import open_store
    from tui_crm.core.work import team

    store = open_store(company(leads, prospects))
    session = team.start(store, "you", clock=lambda: MONDAY)[0]
    for info in registry.names():
        if info.name not in PLAIN:
            continue

        def plain(name: str = info.name) -> None:
            for question in PLAIN[name]:
                store.rows(question)

        def asked(name: str = info.name) -> None:
            registry.run(session, name, period=PERIOD)

        counted, took = interleaved(lambda: timed(plain), lambda: timed(asked), runs=3)
        yield at_most(
            f"report {info.name}", f"{took * 1000:.0f} ms; plain SQL {counted * 1000:.0f} ms",
            took / counted, 1.5,
        )  # fmt: skip
    store.close()
