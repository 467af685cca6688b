"""A company to look at: invented, seeded, and looking lived in on every screen.

``make`` fills a store of its own with people, leads, prospect lists and a year of history. The
same seed and moment give the same company. The history is written in bulk and without the
journal: it was there from the beginning, and undo does not take it away. The last three days are
lived through the operations, so that the feed tells of them and undo works on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from tui_crm.core.errors import CrmError
from tui_crm.core.store import open_store
from tui_crm.core.text import _

LEADS, PROSPECTS, SEED = 600, 3000, 1


@dataclass(frozen=True)
class Summary:
    """What was made: the store's address, and how many of each there are."""

    url: str
    user: str
    users: int
    leads: int
    open_leads: int
    prospects: int
    lists: int
    actions: int


def make(
    url: str,
    *,
    leads: int = LEADS,
    prospects: int = PROSPECTS,
    seed: int = SEED,
    now: datetime | None = None,
    user: str = "you",
    zone: str = "Europe/Madrid",
    language: str = "en",
) -> Summary:
    """Make the company in the new or empty store at ``url``, with ``user`` as its admin.

    ``leads`` and ``prospects`` say how large it is (200,000 and 1,000,000 take minutes); ``now``
    is the moment at which it stands (aware; default: this one), ``zone`` the IANA zone of
    everybody. Raises CrmError for a store that is in use, and for counts below 0."""
    if leads < 0 or prospects < 0:
        raise CrmError(_("A demo has 0 leads and prospects, or more."))
    store = open_store(url)
    try:
        if store.value("SELECT 1 FROM workspace LIMIT 1") is not None:
            raise CrmError(
                _("That store is in use: the demo goes into one of its own."),
                _("Name a new file with --db."),
            )
        # After opening: on PostgreSQL the driver must come before the tables.
        from tui_crm.demo.company import build

        build(
            store,
            user,
            leads=leads,
            prospects=prospects,
            seed=seed,
            now=now or datetime.now(UTC),
            zone=zone,
            language=language,
        )
        counted = [
            int(store.value(f"SELECT COUNT(*) FROM {table}"))
            for table in (
                "users",
                "leads",
                "leads WHERE status = 'open'",
                "prospects",
                "lists",
                "actions",
            )
        ]
        return Summary(url, user, *counted)
    finally:
        store.close()
