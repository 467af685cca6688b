"""The invented company: the same from the same seed, true to every rule of the store, and with
something to see on every screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tui_crm.core import feed, phones
from tui_crm.core.calling import session as calling_session
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import next_actions
from tui_crm.core.lists import lists
from tui_crm.core.session import Session
from tui_crm.core.store import checks, fulltext, open_store, rows, undo
from tui_crm.core.store.database import Store
from tui_crm.core.store.derived import renew_all
from tui_crm.core.store.tables import TABLES
from tui_crm.core.team.sign_in import sign_in
from tui_crm.demo import make, names

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # Monday, 10:30 in Madrid


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A company of 400 leads and 1,500 prospects."""
    path = str(tmp_path_factory.mktemp("demo") / "demo.db")
    made = make.make(path, leads=400, prospects=1500, seed=7, now=NOW)
    assert (made.leads, made.prospects, made.users, made.lists) == (400, 1500, 6, 4)
    return path


@pytest.fixture
def company(place: str) -> Iterator[Store]:
    opened = open_store(place)
    yield opened
    opened.close()


@pytest.fixture
def you(company: Store) -> Session:
    return sign_in(company, "you", clock=lambda: NOW)[0]


def none(store: Store, question: str) -> bool:
    """Whether a question that should find nothing finds nothing; fails with what it found."""
    found = store.rows(question)
    assert not found, f"{question}\n{found[:5]}"
    return True


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    store = open_store(url)
    tables = {}
    for model in TABLES:
        # The token of an entry is chance.
        names = [f'"{name}"' for name in rows.columns(model) if name != "token"]
        table = model._meta.table_name
        tables[table] = store.rows(f"SELECT {', '.join(names)} FROM {table} ORDER BY id")
    store.close()
    return tables


def test_the_same_seed_and_moment_make_the_same_company(tmp_path: Path) -> None:
    one, two, other = (str(tmp_path / f"{n}.db") for n in range(3))
    for path, seed in ((one, 3), (two, 3), (other, 4)):
        make.make(path, leads=80, prospects=200, seed=seed, now=NOW)
    assert contents(one) == contents(two)
    assert contents(one)["leads"] != contents(other)["leads"]


@pytest.mark.parametrize("leads, prospects", [(0, 0), (1, 0), (0, 50), (5, 3), (30, 0)])
def test_small_companies_work_too(tmp_path: Path, leads: int, prospects: int) -> None:
    made = make.make(str(tmp_path / "small.db"), leads=leads, prospects=prospects, now=NOW)
    assert (made.leads, made.prospects) == (leads, prospects)


def test_any_moment_will_do(tmp_path: Path) -> None:
    """At night, on a Sunday, in the days when clocks change."""
    for n, now in enumerate(
        (
            datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            datetime(2028, 2, 29, 22, 59, tzinfo=UTC),
        )
    ):
        path = str(tmp_path / f"{n}.db")
        make.make(path, leads=60, prospects=120, now=now, zone="America/New_York")
        store = open_store(path)
        assert none(store, f"SELECT id FROM actions WHERE at > {int(now.timestamp())}")
        assert checks.check(store) == []
        store.close()


def test_it_never_goes_over_a_store_in_use(sqlite_url: str) -> None:
    before = contents(sqlite_url)
    with pytest.raises(CrmError, match="in use"):
        make.make(sqlite_url, leads=1, prospects=1, now=NOW)
    assert contents(sqlite_url) == before


def test_it_can_be_made_on_both_engines(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    from tests.postgres import database

    server = database(request.getfixturevalue("postgres"), "demo_company")
    local = str(tmp_path / "local.db")
    for url in (local, server):
        make.make(url, leads=60, prospects=150, seed=2, now=NOW)
    ours, theirs = contents(local), contents(server)
    for name in (
        "leads",
        "history",
        "actions",
        "prospects",
        "prospect_keys",
        "contacts",
        "changes",
    ):
        assert [row[1:] for row in ours[name]] == [row[1:] for row in theirs[name]], name


def test_the_check_of_the_store_is_silent(company: Store) -> None:
    assert checks.check(company) == []


def test_leads_keep_the_rules(company: Store) -> None:
    assert none(
        company,
        "SELECT id FROM leads WHERE status <> 'open' AND (next_day IS NOT NULL"
        " OR next_at IS NOT NULL OR next_text <> '' OR next_kind <> '')",
    )
    assert none(company, "SELECT id FROM leads WHERE next_day IS NOT NULL AND next_at IS NOT NULL")
    assert none(
        company,
        "SELECT id FROM leads WHERE (status = 'open') <> (closed_on IS NULL)"
        " OR (status = 'open') <> (closed_owner_id IS NULL)"
        " OR (status IN ('lost', 'cancelled')) <> (reason_id IS NOT NULL)",
    )
    assert none(company, "SELECT id FROM leads WHERE closed_on < created_on")
    assert none(
        company,
        "SELECT leads.id FROM leads JOIN steps ON steps.id = step_id"
        " WHERE steps.pipeline_id <> leads.pipeline_id",
    )
    assert none(
        company,
        "SELECT actions.id FROM actions JOIN leads ON leads.id = lead_id"
        " WHERE actions.prospect_id IS NULL AND (actions.at < created_at"
        " OR actions.at > closed_at)",
    )


def test_the_history_tells_how_each_lead_came_to_stand_where_it_stands(company: Store) -> None:
    columns = {
        "status": "status",
        "step": "step_id",
        "owner": "owner_id",
        "amount": "amount",
        "expected_close": "expected_close",
        "probability": "probability",
    }
    now = {
        row[0]: dict(zip(columns, row[1:], strict=True))
        for row in company.rows(f"SELECT id, {', '.join(columns.values())} FROM leads")
    }
    told: dict[tuple[int, str], str | None] = {}
    for lead, name, was, became in company.rows(
        "SELECT lead_id, field, was, became FROM history ORDER BY at, id"
    ):
        assert told.get((lead, name)) == was, (lead, name)
        told[lead, name] = became
    for lead, values in now.items():
        for name, value in values.items():
            assert told.get((lead, name)) == (None if value is None else str(value)), (lead, name)
    assert none(
        company,
        "SELECT history.id FROM history JOIN leads ON leads.id = lead_id"
        " WHERE was IS NULL AND field = 'status' AND on_day <> created_on",
    )
    assert none(
        company,
        "SELECT history.id FROM history JOIN leads ON leads.id = lead_id"
        " WHERE field = 'status' AND became <> 'open' AND on_day <> closed_on",
    )


def test_what_is_derived_is_what_would_be_derived(company: Store, tmp_path: Path) -> None:
    def derived() -> list[list[tuple[object, ...]]]:
        texts = [
            company.rows(f"SELECT rowid, words FROM {index} ORDER BY rowid")
            for index in fulltext.INDEXES
        ]
        return [
            *([(number, *sorted(words.split())) for number, words in text] for text in texts),
            company.rows("SELECT id, touched_at FROM leads ORDER BY id"),
        ]

    before = derived()
    with company.db.atomic() as untouched:
        renew_all(company)
        after = derived()
        untouched.rollback()
    assert before == after


def test_prospects_keep_the_rules(company: Store) -> None:
    calls = "(SELECT COUNT(*) FROM actions WHERE prospect_id = prospects.id AND kind = 'call')"
    assert none(company, f"SELECT id, tries FROM prospects WHERE tries <> {calls}")
    assert none(
        company,
        "SELECT id FROM prospects WHERE last_at IS NOT NULL AND last_at <>"
        " (SELECT MAX(at) FROM actions WHERE prospect_id = prospects.id)",
    )
    assert none(company, "SELECT id FROM prospects WHERE (state = 'lead') <> (lead_id IS NOT NULL)")
    assert none(
        company, "SELECT id FROM prospects WHERE state IN ('retry', 'callback') AND due_at IS NULL"
    )
    assert none(company, "SELECT id FROM prospects WHERE state = 'new' AND tries > 0")
    assert none(
        company,
        "SELECT prospects.id FROM prospects JOIN prospect_keys ON prospect_id ="
        " prospects.id JOIN blocked ON blocked.match = prospect_keys.match"
        " WHERE state IN ('new', 'retry', 'callback')",
    )
    assert none(
        company,
        "SELECT leads.id FROM leads JOIN prospects ON prospects.id = prospect_id"
        " WHERE prospects.lead_id <> leads.id OR prospects.list_id <> leads.list_id",
    )
    assert none(
        company,
        "SELECT actions.id FROM actions JOIN prospects ON prospects.id ="
        " prospect_id WHERE COALESCE(actions.lead_id, 0) <> COALESCE(prospects.lead_id, 0)",
    )


def test_today_has_something_everywhere(you: Session) -> None:
    today = next_actions.today(you)
    for name in ("overdue", "today", "nodate", "unassigned", "callbacks", "tomorrow", "week"):
        assert today.section(name).rows, name
    assert any(row.at for row in today.section("today").rows)
    assert 0 < today.done.calls < 50 and today.done.reached
    assert today.left < 60


def test_the_lists_are_at_different_points(you: Session) -> None:
    by_name = {row.name: row for row in lists.lists(you)}
    assert by_name["Handwerk Nord"].new == 0
    half = by_name["Commerces Lyon"]
    assert 0.3 < half.called / half.rows < 0.7
    assert half.callbacks and half.retries and half.leads and half.blocked
    fresh = by_name["UK fit-out firms"]
    assert fresh.new > 0.9 * fresh.rows
    calling_session.open_seat(you, half.id)
    card = calling_session.next_card(you, half.id)
    assert card is not None and card.script.opening and len(card.script.branches) == 3


def test_calls_keep_which_answers_of_the_script_were_opened(company: Store) -> None:
    paths = company.rows(
        "SELECT script_path, reached FROM actions WHERE list_id > 0 AND kind = 'call'"
    )
    reached = [path for path, was_reached in paths if was_reached]
    assert 0.25 < sum(path != "" for path in reached) / len(reached) < 0.45
    assert not any(path for path, was_reached in paths if not was_reached)
    assert {"2 schon versorgt", "1 pas le temps > 2 déjà équipés", "3 too dear"} <= set(reached)
    assert none(
        company, "SELECT id FROM actions WHERE list_id > 0 AND kind = 'call' AND script_no <> 1"
    )


def test_the_last_thing_done_can_be_undone(place: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(Path(place).read_bytes())
    copy.chmod(0o600)
    store = open_store(str(copy))
    session = sign_in(store, "you", clock=lambda: NOW + timedelta(minutes=1))[0]
    leads = store.value("SELECT COUNT(*) FROM leads")
    last = next(row for row in feed.feed(session) if row.by == "you")
    assert undo.undo(session).entry_id == last.id
    assert store.value("SELECT COUNT(*) FROM leads") >= leads - 1
    store.close()


def test_nobody_in_it_exists(company: Store) -> None:
    """Addresses end in .example; numbers lie in the ranges kept for fiction."""
    points = company.rows(
        "SELECT kind, value, match FROM contact_points UNION SELECT kind, value, match FROM"
        " prospect_keys"
    )
    assert all(value.endswith(".example") for kind, value, _m in points if kind == "email")
    fiction = re.compile(
        r"\+44(1134960|1144960|1184960|1214960|1314960|1414960|1514960|1614960"
        r"|1914980|2079460|2920180)\d{3}|\+1\d{3}55501\d\d|\+33(465|199|261|353|536)\d{6}"
        r"|\+49(3023125|4066969|2214710|8999998|6990009)\d{3}"
    )
    numbers = {match for kind, _v, match in points if kind == "phone" and match}
    assert numbers and all(fiction.fullmatch(number) for number in numbers)
    for value in (v for kind, v, match in points if kind == "phone" and not match):
        read = {phones.read(value, code).e164 or "" for code in names.LANDS}
        assert value.startswith("+34 3") or any(fiction.fullmatch(number) for number in read)


def test_numbers_never_run_out_and_never_repeat() -> None:
    for land in names.LANDS.values():
        found = [land.phone(n) for n in range(30_000)]
        assert len(set(found)) == len(found)
        assert all(len(e164) <= 16 for _typed, e164 in found)
        for typed, e164 in found[:50]:
            assert (phones.read(typed, land.code).e164 or "") == e164
