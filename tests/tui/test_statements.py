"""A key asks the store no more than it must: how many statements and trips it takes does not grow.

Where an act needs one more statement for something that it does now, its figure in
`tests.statements` is raised with it; where one was saved, lowered."""

from __future__ import annotations

import pytest

from tests.conftest import Clock
from tests.driver import driving
from tests.postgres import Databases
from tests.statements import ACTS, Act, counting
from tests.tui.calling.store import Place, fair
from tests.tui.conftest import PLAIN, Crm, fill
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in
from tui_crm.tui.app import CrmApp

SIZES = [(80, 24), (120, 36)]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else writes, so nobody looks whether they did, by a clock of its own."""
    monkeypatch.setattr("tui_crm.tui.app.POLL_SECONDS", 3600.0)


async def asked_by(act: Act, app: CrmApp, size: tuple[int, int]) -> list[str]:
    """What the app asks the store for the keys of an act."""
    async with driving(app, size) as d:
        await d.press(*act.before)
        await d.settle(8)  # what is read after a frame belongs to the key before
        with counting(app.session.store) as asked:
            await d.press(*act.keys)
    return asked


def check(name: str, asked: list[str], most: int) -> None:
    told = "\n".join(statement[:200] for statement in asked)
    assert len(asked) <= most, f"{name} asks {len(asked)} times:\n{told}"
    assert len(asked) >= most - 2, f"{name} asks {len(asked)} times: lower its figure, {most}"


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if not act.place])
async def test_an_act_on_leads_takes_no_more_statements(crm: Crm, name, size):
    act = ACTS[name]
    asked = await asked_by(act, crm.app(), size)
    check(name, asked, act.narrow if size == SIZES[0] else act.wide)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.place])
async def test_an_act_on_prospects_takes_no_more_statements(place: Place, name, size):
    act = ACTS[name]
    asked = await asked_by(act, place.app(), size)
    check(name, asked, act.narrow if size == SIZES[0] else act.wide)


@pytest.fixture
def server(request: pytest.FixtureRequest) -> str:
    """The address of a fresh store with a workspace and its admin Ana, on PostgreSQL."""
    databases: Databases = request.getfixturevalue("databases")
    request.addfinalizer(databases.give_back)
    return databases.take()


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_takes_no_more_trips(server: str, clock: Clock, name):
    store = open_store(server)
    session = sign_in(store, "ana", clock=clock)[0]
    act = ACTS[name]
    if act.place:
        fair(session)
    else:
        fill(session, clock)
    asked = await asked_by(act, CrmApp(session, None, "", PLAIN), SIZES[0])
    store.close()
    check(name, asked, act.trips)
