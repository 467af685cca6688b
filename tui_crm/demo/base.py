"""What the invented company stands on: chance from a seed, a calendar of working days, and rows
written in bulk."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tui_crm.core.dates.labels import instant
from tui_crm.core.store.database import Store
from tui_crm.demo import names as name_pools

T = TypeVar("T")
HALF = 43_200  # seconds from midnight to noon
BACK, AHEAD = 640, 420  # days that the calendar knows before and after today
MANY = 20_000  # rows from which on writing is faster without indexes, made again afterwards
CHUNK = 5_000


class Ground:
    """The chance and the calendar of one company. Days are ordinals (``date.toordinal``), moments
    epoch seconds UTC; ``now`` and all days are those of ``zone``."""

    def __init__(self, store: Store, seed: int, now: datetime, zone: ZoneInfo) -> None:
        self.store = store
        self.zone = zone
        self.chance = random.Random(seed)
        self.now = int(now.timestamp())
        self.here = now.astimezone(zone)
        self.today = self.here.date().toordinal()
        self._noons: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self.work: list[int] = []  # the working days, in order
        self._place: list[int] = []  # for each day from `_first` on: the first working day from it
        self._first = self.today - BACK
        for day in range(self._first, self.today + AHEAD):
            self._place.append(len(self.work))
            if date.fromordinal(day).weekday() < 5:
                self.work.append(day)

    # -- chance --------------------------------------------------------------------------------

    def pick(self, among: Sequence[T]) -> T:
        """One of them, each as likely."""
        return among[int(self.chance.random() * len(among))]

    def likely(self, percent: float) -> bool:
        """True so often."""
        return self.chance.random() * 100 < percent

    def weighed(self, among: Sequence[tuple[T, float]]) -> T:
        """One of the ``(value, weight)``, by weight."""
        left = self.chance.random() * sum(weight for _value, weight in among)
        for value, weight in among:
            left -= weight
            if left < 0:
                return value
        return among[-1][0]

    def phone(self, land: name_pools.Land) -> tuple[str, str, str]:
        """A number that nobody has yet: as typed, in E.164 and its city, if it tells one."""
        nth = self._numbers.get(land.code, 0)
        self._numbers[land.code] = nth + 1
        return (*land.phone(nth), land.city_of(nth))

    # -- calendar ------------------------------------------------------------------------------

    def at(self, day: int, seconds: float) -> int:
        """The moment at so many seconds after midnight, as clocks show it, of a day. Clocks are
        put forward and back at night: counted from noon, office hours are always right."""
        noon = self._noons.get(day)
        if noon is None:
            wall = instant(date.fromordinal(day), time(12), self.zone)
            noon = self._noons[day] = int(wall.timestamp())
        return noon - HALF + int(seconds)

    def iso(self, day: int) -> str:
        """The day as the store keeps it."""
        name = self._names.get(day)
        if name is None:
            name = self._names[day] = date.fromordinal(day).isoformat()
        return name

    def day_of(self, at: int) -> int:
        """The day of a moment."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone).toordinal()

    def workday(self, day: int, ahead: int = 0) -> int:
        """The first working day from ``day`` on, and ``ahead`` more of them."""
        place = self._place[min(max(day - self._first, 0), len(self._place) - 1)] + ahead
        return self.work[min(max(place, 0), len(self.work) - 1)]

    def office(self) -> float:
        """A moment of the working day, in seconds from midnight: rarely at lunch."""
        hour = 8.5 + self.chance.random() * 9.2
        if 13 <= hour < 14.5 and self.chance.random() < 0.7:
            hour -= 3
        return hour * 3600

    # -- rows ----------------------------------------------------------------------------------

    def put(self, model: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Write rows without the journal: the company is there from the beginning, and ``u`` does
        not take it away. The number of the first; the others follow one by one."""
        if not rows:
            return 0
        first = self.store.reserve(model, len(rows))
        self.put_at(model, first, columns, rows)
        return first

    def put_at(
        self, model: Any, first: int, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """The same for numbers that are reserved already, from ``first`` on."""
        names = ", ".join(("id", *columns))
        marks = ", ".join("?" * (len(columns) + 1))
        self.store.execute_many(
            f"INSERT INTO {model._meta.table_name} ({names}) VALUES ({marks})",
            ((first + n, *row) for n, row in enumerate(rows)),
        )

    @contextmanager
    def in_bulk(self, models: Sequence[Any], rows: int) -> Iterator[None]:
        """Many rows go in without the secondary indexes, which are made once at the end."""
        many = rows >= MANY
        for model in models if many else ():
            model._schema.drop_indexes()
        yield
        for model in models if many else ():
            model._schema.create_indexes()
