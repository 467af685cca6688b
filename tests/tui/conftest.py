"""A small believable store, on SQLite, for the screens: Ana's Monday morning.

    async with crm.driving() as d:          # 80x24, on Today
        await d.press("c", "1")

`crm.lead("acme")` is the lead as the store has it now, `crm.number("acme")` its number.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.conftest import ZONE, Clock
from tests.driver import Driver, driving
from tests.tui import year
from tests.tui.calling.store import Place
from tui_crm.cli.app import subjects
from tui_crm.core.dates import reader
from tui_crm.core.leads import actions, closing, history as lead_history, leads, views as lead_views
from tui_crm.core.leads.history import HistoryLine
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.store import open_store
from tui_crm.core.team import members
from tui_crm.core.team.sign_in import sign_in
from tui_crm.settings import Settings
from tui_crm.tui.app import CrmApp
from tui_crm.tui.terminal import glyphs, theme

T = TypeVar("T")
PLAIN = {"TERM": "xterm-256color"}

# name, title, amount in minor units, next action, step
LEADS = (
    ("acme", "Acme GmbH: website relaunch", 1_240_000, "thu 9 call Anna about pricing", 3),
    ("borealis", "Borealis Énergie: contrat support", 320_000, "fri e-mail the revised offer", 3),
    ("ibarra", "Talleres Ibarra: flota 2027", 800_000, "fri 16:00 call Iñaki, budget", 2),
    ("ruiz", "Casa Ruiz: renovación flota", 4_000_000, "mon 9:30 20m call Marta", 3),
    ("north", "Northgate Foods: cold chain", 2_750_000, "mon 10:30 45m meeting Leeds", 3),
    ("lind", "Lindqvist & Partners: licences", 5_400_000, "mon e-mail the contract", 4),
    ("port", "Brasserie du Port: caisses", 210_000, "", 1),
    ("polska", "Acme Polska: pilot", 750_000, "tue 9 20m call Ola", 2),
    ("sonne", "Weingut Sonnenberg: Etiketten", 610_000, "26 nov 14:00 visit", 1),
)


@dataclass
class Crm:
    """The store, and the app over it."""

    session: Session
    clock: Clock
    numbers: dict[str, int] = field(default_factory=dict)
    path: str = ""

    def number(self, name: str) -> int:
        """The number of a lead by its short name."""
        return self.numbers[name]

    def lead(self, name: str | int) -> LeadView:
        """A lead as it stands in the store."""
        return lead_views.one(self.session, self.numbers[name] if isinstance(name, str) else name)

    def history(self, name: str) -> list[HistoryLine]:
        """Its history, newest first."""
        return lead_history.history(self.session, self.numbers[name])

    def add(self, title: str, following: str = "", **values: Any) -> int:
        """One more lead; its number."""
        reading = reader.read(following, self.session.now) if following else None
        return leads.create(self.session, title, following=reading, **values)

    def entries(self) -> int:
        """How many things were done so far."""
        return int(self.session.store.value("SELECT COUNT(*) FROM entries"))

    def as_(self, name: str) -> Session:
        """Somebody else, on the same store."""
        return sign_in(self.session.store, name, clock=self.clock)[0]

    def app(self, settings: Settings | None = None, **environ: str) -> CrmApp:
        """The app of Ana."""
        own = settings or Settings(glyphs="unicode")
        return CrmApp(self.session, own, "", PLAIN | environ, subjects)

    @asynccontextmanager
    async def driving(
        self,
        size: tuple[int, int] = (80, 24),
        *keys: str,
        settings: Settings | None = None,
        **environ: str,
    ) -> AsyncIterator[Driver]:
        """The running app, after ``keys``."""
        async with driving(self.app(settings, **environ), size) as driver:
            await driver.press(*keys)
            yield driver


def fill(session: Session, clock: Clock) -> dict[str, int]:
    """The leads, made on the Wednesday before; their numbers by short name."""
    members.add_user(session, "ben")
    clock.go(days=-5)
    numbers = {}
    for name, title, amount, following, step in LEADS:
        extra: dict[str, Any] = {}
        if name == "acme":
            extra = {
                "contact": "Anna Weber",
                "role": "purchasing",
                "tag_names": ["inbound"],
                "points": [("phone", "+49 30 90182044"), ("email", "anna.weber@acme-gmbh.example")],
                "description": "Employees: 85\nSite today: Typo3 9\nDecides: board, 4 Dec",
            }
        numbers[name] = leads.create(
            session,
            title,
            amount=amount,
            company=title.split(":")[0],
            **extra,
            following=reader.read(following, session.now) if following else None,
        )
        leads.set_step(session, numbers[name], step)
    ben = sign_in(session.store, "ben", clock=clock)[0]
    numbers["bens"] = leads.create(ben, "Stadtwerke Aalen: Zähler", amount=1_800_000)
    clock.go(minutes=30)
    actions.log(session, numbers["acme"], "call", outcome=1, text="wants a quote by Friday")
    clock.go(days=5, minutes=-30)
    leads.star(session, numbers["lind"], True)
    leads.set_expected_close(session, numbers["acme"], date(2026, 11, 30))
    leads.set_expected_close(session, numbers["ibarra"], date(2026, 11, 12))
    numbers["won"] = leads.create(
        session,
        "Kaminski Pumpen: Dichtungen",
        amount=500_000,
        created_on=session.today - timedelta(days=30),
    )
    closing.won(session, numbers["won"])
    numbers["mirador"] = leads.create(session, "Hotel Mirador: reservas", owner_id=None)
    return numbers


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    path = tmp_path_factory.mktemp("filled") / "crm.db"
    return path, _written(path, fill)


@pytest.fixture(scope="session")
def _year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("year") / "crm.db"
    _written(path, lambda session, _clock: year.write(session))
    return path


def _written(path: Path, write: Callable[[Session, Clock], T]) -> T:
    """Make a store and have it filled; what ``write`` gave."""
    store, clock = open_store(str(path)), Clock()
    made = write(sign_in(store, "ana", zone=ZONE, locale="es_ES.UTF-8", clock=clock)[0], clock)
    store.close()
    return made


@contextmanager
def _opened(path: Path, clock: Clock, numbers: dict[str, int]) -> Iterator[Crm]:
    store = open_store(str(path))
    yield Crm(sign_in(store, "ana", clock=clock)[0], clock, numbers, str(path))
    store.close()
    theme.use(theme.DARK)
    glyphs.use(glyphs.UNICODE)


def _copy(of: Path, folder: Path) -> Path:
    path = folder / "crm.db"
    shutil.copy(of, path)
    path.chmod(0o600)
    return path


@pytest.fixture
def crm(_filled: tuple[Path, dict[str, int]], tmp_path: Path, clock: Clock) -> Iterator[Crm]:
    """Ana's Monday, 09:12."""
    with _opened(_copy(_filled[0], tmp_path), clock, dict(_filled[1])) as opened:
        yield opened


@pytest.fixture
def a_year(_year: Path, tmp_path: Path, clock: Clock) -> Iterator[Crm]:
    """A team with a year behind it; Ana's Monday, 09:12."""
    with _opened(_copy(_year, tmp_path), clock, {}) as opened:
        yield opened


@pytest.fixture
def empty(sqlite_url: str, clock: Clock) -> Iterator[Crm]:
    """A store on its first morning."""
    with _opened(Path(sqlite_url), clock, {}) as opened:
        yield opened


@pytest.fixture
def place(sqlite_url: str) -> Place:
    """The list "Spring fair", called on already. Lead #1 is Ben's and has the phone of the second
    row, Jean Rousseau."""
    return Place(sqlite_url)
