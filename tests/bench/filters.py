"""What a filter line costs against the same question in plain SQL: the leads of a company, the
rows of one large list, the feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.bench.measure import MONDAY, Result, at_most, company, interleaved, timed
from tui_crm.core.team.sign_in import sign_in

RUNS = 5
LEADS = {
    "status:open amount>5000": "status = 'open' AND amount > 500000",
    "-status:open created:2026": "NOT (status = 'open') AND created_on >= '2026-01-01'"
    " AND created_on <= '2026-12-31'",
    "tag:hot stale>14d": "id IN (SELECT lead_id FROM lead_tags JOIN tags ON tags.id = tag_id"
    f" WHERE tags.match LIKE 'hot%') AND touched_at < {int(MONDAY.timestamp()) - 14 * 86400}",
    "(tag:hot or amount>5000) -status:won": "(id IN (SELECT lead_id FROM lead_tags JOIN tags"
    " ON tags.id = tag_id WHERE tags.match LIKE 'hot%') OR amount > 500000)"
    " AND NOT (status = 'won')",
    "contacted<14d with:phone": "id IN (SELECT lead_id FROM actions WHERE lead_id IS NOT NULL"
    " AND kind <> 'note' AND (reached = 1 OR outcome_id IS NULL)"
    f" AND at > {int(MONDAY.timestamp()) - 14 * 86400}) AND id IN (SELECT lead_id FROM contacts"
    " JOIN contact_points ON contact_id = contacts.id WHERE kind = 'phone')",
    "solar status:won": "id IN (SELECT rowid FROM lead_text WHERE words MATCH '\"solar\"*')"
    " AND status = 'won'",
}
ROWS = {
    "madrid": "LIKE",
    "state:new -tries>0": "state = 'new' AND NOT (tries > 0)",
    "phone:600": "EXISTS (SELECT 1 FROM prospect_keys WHERE prospect_id = prospects.id AND"
    " kind = 'phone' AND (lower(value) LIKE '%600%' OR match LIKE '%600%'))",
}
ANYWHERE = ("cells", "name", "company", "city", "note")
ROWS["madrid"] = " OR ".join(f"lower({column}) LIKE '%madrid%'" for column in ANYWHERE)


def filters(leads: int, prospects: int) -> Iterator[Result]:
    """Each line as the program finds its rows, and as plain SQL does."""
    from tui_crm.core import feed
    from tui_crm.core.leads import board, filter as lead_filter, filter_completion
    from tui_crm.core.lists import filter as list_filter
    from tui_crm.core.store import open_store

    store = open_store(company(leads, prospects))
    session = sign_in(store, "you", clock=lambda: MONDAY)[0]

    def compared(row: str, ours: Callable[[], object], plain: str) -> Result:
        took, base = interleaved(
            lambda: timed(ours), lambda: timed(lambda: store.rows(plain)), runs=RUNS
        )
        return at_most(row, f"{took * 1000:.1f} ms, plain SQL {base * 1000:.1f} ms", took / base, 2)

    for line, where in LEADS.items():
        yield compared(
            f"leads, {line}",
            lambda line=line: lead_filter.listing(session, f"{line} sort:amount"),
            f"SELECT id, amount FROM leads WHERE {where} ORDER BY COALESCE(amount, -1) DESC, id",
        )
    list_id, _n = store.rows(
        "SELECT list_id, COUNT(*) FROM prospects GROUP BY list_id ORDER BY 2 DESC LIMIT 1"
    )[0]
    for line, where in ROWS.items():
        yield compared(
            f"list, {line}",
            lambda line=line: list_filter.count(session, list_id, line),
            f"SELECT COUNT(*) FROM prospects WHERE list_id = {list_id} AND ({where})",
        )
    for name, what in (
        ("leads, all by next action", lambda: lead_filter.listing(session, "")),
        ("leads, the first 500", lambda: lead_filter.first(session, "status:open", 500)),
        ("leads, board", lambda: board.board(session, "status:open")),
        (
            "leads, group:tag",
            lambda: board.groups(session, lead_filter.listing(session, "status:open group:tag")),
        ),
        ("leads, a field compared", lambda: lead_filter.listing(session, "employees>50")),
        ("leads, a field's words", lambda: lead_filter.listing(session, "decides:board")),
        (
            "leads, completion of step: with counts",
            lambda: filter_completion.complete(session, "status:open step:"),
        ),
        ("feed, by:you", lambda: feed.feed(session, "by:you")),
    ):
        took = interleaved(lambda what=what: timed(what), runs=RUNS)[0]
        yield at_most(name, "on the same store", took * 1000, 1000, "ms")
    store.close()
