"""A store to call in: two prospect lists with every kind of column, earlier tries and a
callback."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.conftest import MONDAY, Clock
from tui_crm.core.calling import operations as calling, session as calling_session
from tui_crm.core.leads import leads
from tui_crm.core.lists import lists
from tui_crm.core.store import open_store
from tui_crm.core.team import goals, members
from tui_crm.core.team.sign_in import sign_in
from tui_crm.tui.app import CrmApp

COLUMNS = (
    ("Ansprechpartner", "name"),
    ("Funktion", "role"),
    ("Firma", "company"),
    ("Telefon", "phone"),
    ("Mobil", "phone"),
    ("E-Mail", "email"),
    ("Webseite", "web"),
    ("LinkedIn", "linkedin"),
    ("Ort", "city"),
    ("Land", "country"),
    ("Mitarbeiter", None),
    ("Maschinen", None),
    ("Stand", None),
    ("Besuch", None),
)
KATRIN = (
    "Katrin Vogel",
    "Leitung Einkauf",
    "Müller Metallbau GmbH",
    "+49 751 366 1208",
    "+49 171 555 2210",
    "k.vogel@mueller-metallbau.example",
    "mueller-metallbau.example",
    "in/katrin-vogel-rv",
    "Ravensburg",
    "DE",
    "120",
    "Trumpf TruLaser 3030, 2017",
    "Halle 4, B17",
    "12 min, Broschüre mitgenommen",
)
JEAN = (
    "Jean Rousseau",
    "gérant",
    "Atelier Rousseau",
    "+33 4 72 10 20 30",
    "",
    "j@rousseau.example",
    "",
    "",
    "Lyon",
    "FR",
    "12",
    "",
    "Halle 2, A3",
    "",
)
TOM = (
    "Tom Hallam",
    "Owner",
    "Hallam Precision",
    "+44 113 496 0000",
    "",
    "",
    "hallam.example",
    "",
    "Leeds",
    "GB",
    "45",
    "Mazak",
    "",
    "",
)
FRANZ = ("Franz Obermayr", "", "Tischlerei Obermayr", "0751 99", *[""] * 10)
SCRIPT = """Guten Tag Frau {last name}, hier ist {my name} von Lasertek. Wir haben auf der \
Frühjahrsmesse kurz über Ihre {Maschinen} gesprochen.

Wie oft stand die Maschine dieses Jahr?
[1] no time
Wann passt es besser?
[2] we have a supplier
Welcher ist es, und seit wann?
[3] send me an e-mail
Gern, an welche Adresse?"""


def new_row(line: int, cells: tuple[str, ...]) -> lists.NewRow:
    """A row as the import hands it over."""
    pairs = [(field, cell) for (_name, field), cell in zip(COLUMNS, cells, strict=True)]
    several = ("phone", "email", "web", "linkedin")
    keys = [
        (field, cell, cell.replace(" ", "") if cell.startswith("+") or "@" in cell else "")
        for field, cell in pairs
        if field in ("phone", "email") and cell
    ]
    values = {field: cell for field, cell in pairs if field and field not in several}
    return lists.NewRow(line, cells, values, keys)


def fair(session: Any, more: int = 36, name: str = "Spring fair") -> int:
    """The list "Spring fair": Katrin, called twice and waiting for a callback since 09:00, three
    others, and ``more`` plain rows."""
    columns = [{"name": name, "field": field} for name, field in COLUMNS]
    number = lists.create(session, name, columns, "fair.csv")
    rows = [KATRIN, JEAN, TOM, FRANZ]
    for n in range(more):
        name, role, company, _phone, *_others = rows[n % 3]
        rows.append((f"{name} {n}", role, company, f"+49 751 366 {2000 + n}", *[""] * 10))
    lists.add_rows(session, number, [new_row(n, cells) for n, cells in enumerate(rows, 2)])
    lists.set_script(session, number, SCRIPT)
    return number


def ids(session: Any, list_id: int) -> list[int]:
    """The rows of a list in its order."""
    return [
        r[0]
        for r in session.store.rows(
            "SELECT id FROM prospects WHERE list_id = ? ORDER BY line", (list_id,)
        )
    ]


class Place:
    """A store with the list, its clock and its rep Ana; ``app()`` opens it, as often as wanted.

    ``url`` is a store with an empty workspace. The list is written into the first one asked for;
    the others of the same kind are copies of its file."""

    def __init__(self, url: str, earlier: bool = True, more: int = 36) -> None:
        self.url, self.clock = url, Clock()
        Path(url).write_bytes(_with_the_list(Path(url).read_bytes(), earlier, more))
        self.store = open_store(url)
        self.session, _line = sign_in(self.store, "ana", clock=self.clock)
        self.list_id = lists.find(self.session, "Spring fair").id
        self.rows = ids(self.session, self.list_id)

    def app(self, **environ: str) -> CrmApp:
        """The program on this store."""
        return CrmApp(self.session, None, "", {"TERM": "xterm-256color", **environ})

    def again(self, **environ: str) -> CrmApp:
        """The program after a kill: nothing of the first process is left but the store."""
        self.store.close()
        self.store = open_store(self.url)
        self.session, _line = sign_in(self.store, "ana", clock=self.clock)
        return self.app(**environ)

    def actions(self) -> int:
        """How many calls are logged."""
        return int(self.store.value("SELECT COUNT(*) FROM actions WHERE kind = 'call'"))

    def state(self, place: int) -> tuple[Any, ...]:
        """State, tries and note of the row at that place of the list."""
        return tuple(
            self.store.rows(
                "SELECT state, tries, note FROM prospects WHERE id = ?", (self.rows[place],)
            )[0]
        )


@cache
def _with_the_list(empty: bytes, earlier: bool, more: int) -> bytes:
    """The file of an empty workspace with the list in it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "crm.db")
        path.touch(0o600)
        path.write_bytes(empty)
        store, clock = open_store(str(path)), Clock()
        session = sign_in(store, "ana", clock=clock)[0]
        list_id = fair(session, more)
        goals.put(session, "calls", "day", 50)
        if earlier:
            _earlier(session, clock, ids(session, list_id)[0])
        store.close()
        return path.read_bytes()


def _earlier(session: Any, clock: Clock, katrin: int) -> None:
    """Two tries last week and a callback promised for this morning, 09:00."""
    for ago, digit, note in (
        (timedelta(days=6, hours=-1.5), 3, ""),
        (timedelta(days=4, hours=-6.9), 4, "Back from leave today. Laser 2 breaks down often."),
    ):
        clock.now = MONDAY - ago
        calling_session.open_row(session, katrin)
        calling.outcome(session, katrin, digit, note=note, seconds=30)
    clock.now = MONDAY - timedelta(days=1)
    calling_session.open_row(session, katrin)
    promised = datetime.fromtimestamp(MONDAY.timestamp() - 12 * 60, session.zone)
    calling.callback(session, katrin, promised, called=False)
    clock.now = MONDAY
    session.store.execute("DELETE FROM seats")
    members.add_user(session, "ben")
    leads.create(
        session,
        "Rousseau: vieux contrat",
        contact="J R",
        points=[("phone", "+33472102030")],
        owner_id=2,
    )


def csv_file(folder: Path, text: str, name: str = "messe.csv") -> Path:
    """A file to import."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
