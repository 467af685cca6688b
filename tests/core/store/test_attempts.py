"""An operation happens once: over a line that is cut at COMMIT, and beside others on one row."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from peewee import IntegrityError

from tests.conftest import Clock
from tests.core.whole import snapshot
from tests.proxy import CUTS, Proxy
from tui_crm.core.errors import Conflict, CrmError, StoreBusy, StoreUnknown
from tui_crm.core.leads import actions, closing, leads, next_actions, people
from tui_crm.core.session import Session
from tui_crm.core.setup import tags
from tui_crm.core.store import attempts, backup, open_store, undo
from tui_crm.core.team.sign_in import sign_in


def name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh PostgreSQL store."""
    databases = request.getfixturevalue("databases")
    yield databases.take()
    databases.give_back()


@pytest.fixture
def line(database: str) -> Iterator[Proxy]:
    with Proxy(database) as proxy:
        yield proxy


@pytest.fixture
def far(line: Proxy, database: str) -> Iterator[Session]:
    """Ana, at the other end of a line that can be cut."""
    store = open_store(line.address(name_of(database)))
    yield sign_in(store, "ana", clock=Clock())[0]
    line.cut, line.down = "", False
    store.close()


def titles(database: str) -> list[str]:
    with psycopg.connect(database) as there:
        return [row[0] for row in there.execute("SELECT title FROM leads ORDER BY id")]


# -- the line is cut at COMMIT --------------------------------------------------------------------


def cut_lines(session: Session, line: Proxy, database: str, count: int, seed: int = 0) -> int:
    """Make ``count`` leads, each over a line that is cut at its COMMIT in one way or another; how
    many were done by a retry. Fails when one is lost or stands twice, or the word said of it was
    not true."""
    chance, again = random.Random(seed), 0
    for n in range(count):
        title = f"lead {seed} {n}"
        line.cut = chance.choice(CUTS)
        try:
            leads.create(session, title)
        except StoreBusy as error:
            assert "nothing was saved" in error.message
            assert title not in titles(database)
            again += 1
            leads.create(session, title)
        assert titles(database).count(title) == 1, title
    tokens = session.store.rows("SELECT token FROM entries WHERE token IS NOT NULL")
    assert len(set(tokens)) == len(tokens)
    return again


@pytest.mark.parametrize("how", CUTS)
def test_a_cut_at_commit_is_looked_for_and_nothing_stands_twice(far, line, database, how):
    line.cut = how
    if how == "after":
        assert leads.create(far, "Acme") == 1  # saved: no word about it, the work goes on
    else:
        with pytest.raises(StoreBusy, match="nothing was saved"):
            leads.create(far, "Acme")
        assert titles(database) == []
        time_of_late = 2 * 0.3
        deadline = time.monotonic() + (time_of_late if how == "late" else 0)
        while time.monotonic() < deadline:  # what arrives afterwards changes nothing
            assert titles(database) == []
        leads.create(far, "Acme")
    assert titles(database) == ["Acme"] and line.cuts == 1
    assert far.store.pending is None


def test_many_lines_are_cut_and_every_lead_stands_once(far, line, database):
    assert 0 < cut_lines(far, line, database, 16) < 16


@pytest.mark.parametrize("how", ["after", "silent"])
def test_while_nobody_answers_it_is_not_known_and_a_retry_never_doubles(
    far, line, database, monkeypatch, how
):
    monkeypatch.setattr(attempts, "LOOK_SECONDS", 0.2)
    line.cut, line.down = how, True
    for _retry in range(3):
        with pytest.raises(StoreUnknown, match="not known yet"):
            leads.create(far, "Acme", amount=5)
    line.down = False
    leads.create(far, "Acme", amount=5)  # saved before, or now: once
    assert titles(database) == ["Acme"]
    leads.create(far, "Acme", amount=5)  # a new one, as it would be without a cut
    assert titles(database) == ["Acme", "Acme"]


def test_what_was_saved_after_all_is_said_before_the_next_one_of_its_kind(
    far, line, database, monkeypatch
):
    number = leads.create(far, "Acme")
    monkeypatch.setattr(attempts, "LOOK_SECONDS", 0.2)
    line.cut, line.down = "after", True
    with pytest.raises(StoreUnknown):
        actions.log(far, number, "note", text="asks for an offer")
    line.down = False
    with pytest.raises(CrmError, match="saved after all"):
        actions.log(far, number, "note", text="asks for an offer, by Friday")
    closing.won(far, number)  # another act goes through
    assert [row[0] for row in far.store.rows("SELECT text FROM actions")] == ["asks for an offer"]


def test_the_pending_one_can_be_looked_for_without_doing_anything(far, line, monkeypatch):
    monkeypatch.setattr(attempts, "LOOK_SECONDS", 0.1)
    assert attempts.look(far.store) is None
    for how, saved in (("after", True), ("before", False)):
        line.cut, line.down = how, True
        with pytest.raises(StoreUnknown):
            leads.create(far, how)
        assert attempts.look(far.store) is None and far.store.pending is not None
        line.down = False
        assert attempts.look(far.store) is saved and far.store.pending is None


def test_undo_and_bulk_over_a_cut_line_happen_once(far, line, database):
    from tui_crm.core.store.journal import bulk

    numbers = [leads.create(far, title) for title in ("one", "two")]
    for how in CUTS:
        before = snapshot(far.store)
        line.cut = how
        try:
            assert bulk(far, leads.set_amount, numbers, 500) == 2
        except StoreBusy:
            assert bulk(far, leads.set_amount, numbers, 500) == 2
        line.cut = how
        try:
            undo.undo(far)
        except StoreBusy:
            undo.undo(far)
        assert snapshot(far.store) == before
    assert backup.check(far.store) == []


def test_a_line_lost_in_the_middle_saved_nothing_and_comes_back(far, line, database):
    line.drop()
    with pytest.raises(StoreBusy, match="nothing was saved"):
        leads.create(far, "Acme")
    leads.create(far, "Acme")
    assert titles(database) == ["Acme"]


# -- two at one instant ---------------------------------------------------------------------------

ACTS: dict[str, Callable[[Session, int, int], object]] = {
    "note": lambda s, lead, n: actions.log(s, lead, "note", text=f"{s.user.name} {n}"),
    "person": lambda s, lead, n: people.add(s, lead, f"{s.user.name} {n}, +49 30 9018204{n:02d}"),
    "tag": lambda s, lead, n: tags.change(s, lead, f"tag{n}"),
    "own tag": lambda s, lead, n: tags.change(s, lead, f"{s.user.name}{n}"),
    "amount": lambda s, lead, n: leads.set_amount(s, lead, 100 * n + s.user_id),
    "title": lambda s, lead, n: leads.set_title(s, lead, f"{s.user.name} {n}"),
    "client": lambda s, lead, n: leads.set_client(s, lead, f"Client {n}"),
    "now": lambda s, lead, _n: next_actions.do_now(s, lead),
    "undo": lambda s, _lead, _n: undo.undo(s),
    "undo the newest": lambda s, _lead, _n: undo.undo(s, s.store.last_entry()),
    "step": lambda s, lead, n: leads.set_step(s, lead, 2 + (n + s.user_id) % 3),
}
ROUNDS = 6


def together(*doings: Callable[[], object]) -> list[Exception]:
    """Do all at one instant, each in a thread with a connection of its own; what went wrong."""
    barrier, wrong = threading.Barrier(len(doings)), []

    def run(doing: Callable[[], object]) -> None:
        barrier.wait(30)
        try:
            doing()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return wrong


def rounds(session: Session, ben: Session, mine: str, theirs: str, count: int = ROUNDS) -> None:
    """Two acts on one lead at one instant, and both taken back at one instant, ``count`` times.
    Fails when anything but a plain Conflict comes of it, or rows are left that belong together."""
    for n in range(count):
        lead = leads.create(session, f"Lead {n}")
        assert together(at(session, mine, lead, n), at(ben, theirs, lead, n)) == []
        for error in together(at(session, "undo", lead, n), at(ben, "undo", lead, n)):
            assert isinstance(error, Conflict) or "nothing to undo" in str(error), error
    assert backup.check(session.store) == []


def at(session: Session, name: str, lead: int, n: int) -> Callable[[], None]:
    """The act of that name, for a thread of its own."""

    def do() -> None:
        try:
            ACTS[name](session, lead, n)
        finally:
            session.store.close()  # this thread's connection

    return do


PAIRS = [
    ("person", "person"),
    ("note", "note"),
    ("tag", "tag"),
    ("own tag", "own tag"),
    ("client", "client"),
    ("title", "person"),
    ("amount", "note"),
    ("step", "step"),
    ("now", "tag"),
]


@pytest.mark.parametrize(("mine", "theirs"), PAIRS)
def test_two_at_one_instant_on_one_lead_both_go_through(session, colleague, mine, theirs):
    rounds(session, colleague("ben"), mine, theirs)


def test_two_who_undo_the_same_entry_at_once(session, colleague):
    ben = colleague("ben", role="manager")
    for n in range(ROUNDS):
        leads.create(session, f"Lead {n}")
        wrong = together(at(session, "undo the newest", 0, n), at(ben, "undo the newest", 0, n))
        assert len(wrong) == 1 and re.search("undone already|no such entry", str(wrong[0]))
    assert session.store.value("SELECT COUNT(*) FROM leads") == 0


def test_eight_at_once_on_one_lead(session, colleague):
    everybody = [colleague(f"rep{n}") for n in range(7)] + [session]
    lead = leads.create(session, "Acme")
    for n, name in enumerate(("person", "tag", "amount", "note")):
        assert together(*(at(s, name, lead, n) for s in everybody)) == []
    assert session.store.value("SELECT COUNT(*) FROM contacts") == 8
    assert session.store.value("SELECT COUNT(*) FROM lead_tags") == 1
    assert session.store.value("SELECT COUNT(*) FROM actions") == 8


def test_met_time_and_again_it_is_a_conflict_and_nothing_is_saved(session, monkeypatch):
    """Only where a server can say so; an operation is begun anew each time, as a whole."""
    if session.store.engine == "sqlite":
        pytest.skip("on SQLite one waits for the other")
    tried = []

    def met(write):
        tried.append(write.token)
        write.insert(leads.Client, name="X", match="x", created_at=0)
        raise IntegrityError(psycopg.errors.UniqueViolation("twice"))

    from tui_crm.core.store.journal import perform

    with pytest.raises(Conflict, match="at this moment"):
        perform(session, "test", met, ("test", (), ()))
    assert len(tried) == 1 + attempts.RETRIES and len(set(tried)) == 1
    assert session.store.value("SELECT COUNT(*) FROM clients") == 0
