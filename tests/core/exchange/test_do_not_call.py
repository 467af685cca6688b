"""Files of phones and e-mails onto the do-not-call list, and the list as a file."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.core.lists.prospects import fill, ids, row, state
from tests.core.whole import entries, snapshot
from tui_crm.core.calling import workspace
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange import do_not_call as do_not_call_files
from tui_crm.core.exchange.do_not_call import DoNotCallImport
from tui_crm.core.exchange.importing import preview, run_import
from tui_crm.core.privacy import do_not_call
from tui_crm.core.store import undo

PHONE = "+34600000001"


@pytest.fixture
def list_id(session):
    return fill(
        session,
        [
            row(2, "A", phone=PHONE),
            row(3, "B", phone=PHONE, email="b@x.example"),
            row(4, "C", email="c@x.example"),
        ],
    )


@pytest.fixture
def file(tmp_path):
    def made(text, name="stop.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return made


def bring(session, path, column=None):
    done = run_import(session, preview(session, DoNotCallImport(column), path))
    assert done.rows == done.added + len(done.duplicates) + len(done.skipped)
    return done


def test_many_in_one_act_and_one_undo(session, list_id, file):
    path = file(
        "Contact,At,Why\n"
        "600 000 001,2023-11-14T22:13:20+00:00,angry\n"
        "C@x.example,,\n"
        "+34 600 000 001,,twice in the file\n"
        "nobody,,\n"
    )
    before, count = snapshot(session.store), entries(session.store)
    done = bring(session, path)
    assert (done.added, len(done.comparison.new)) == (2, 2)
    assert [tuple(double) for double in done.duplicates] == [(4, "same as line 2", "line 2")]
    assert [line for line, _reason in done.skipped] == [5]
    assert [state(session, n) for n in ids(session, list_id)] == ["blocked"] * 3
    found = do_not_call.is_blocked(session, [PHONE])[PHONE]
    assert (found.words, found.at) == ("angry", 1_700_000_000)
    assert entries(session.store) == count + 1
    again = bring(session, path)
    assert (again.added, len(again.duplicates)) == (0, 3)
    assert entries(session.store) == count + 1
    undo.undo(session)
    assert snapshot(session.store) == before


def test_days_are_read_by_the_order_of_the_file(session, list_id, file):
    bring(session, file("Phone,Date\n600000007,04/03/2026\n600000008,25/03/2026 10:00\n"))
    at = session.store.rows("SELECT at FROM blocked ORDER BY match")
    days = [datetime.fromtimestamp(at, session.zone).isoformat()[:16] for (at,) in at]
    assert days == ["2026-03-04T00:00", "2026-03-25T10:00"]


def test_an_address_blocks_nobody_else(session, list_id, file):
    done = bring(session, file("Email\npaula.o'c@x.example\njohn c@x.example\n"))
    assert (done.added, [line for line, _reason in done.skipped]) == (1, [3])
    assert state(session, ids(session, list_id)[2]) == "new"


def test_a_preview_changes_nothing_and_what_is_blocked_meanwhile_counts(session, list_id, file):
    before = snapshot(session.store)
    seen = preview(session, DoNotCallImport(), file("600000001\nc@x.example\n"))
    assert seen.added == 2 and snapshot(session.store) == before
    do_not_call.block(session, PHONE)
    done = run_import(session, seen)
    assert [tuple(double) for double in done.duplicates] == [
        (1, "on the list already", "do-not-call list")
    ]
    assert [block.match for block in done.comparison.new] == ["c@x.example"]


def test_an_imported_hash_closes_the_rows_that_it_means(session, list_id, file):
    secret = do_not_call.salted_hash(session.house.salt, PHONE)
    assert len(secret) == 71 and PHONE not in secret
    assert bring(session, file(f"match\n{secret}\n")).comparison.hashes == 1
    assert [state(session, n) for n in ids(session, list_id)] == ["blocked", "blocked", "new"]
    assert list(do_not_call.is_blocked(session, [PHONE, "c@x.example"])) == [PHONE]
    do_not_call.unblock(session, secret, "they called us")
    assert [state(session, n) for n in ids(session, list_id)] == ["new", "new", "new"]


@pytest.mark.parametrize("region", ["ES", "DE"])
def test_only_columns_of_phones_and_emails_are_read(session, file, region):
    workspace.set_workspace(session, region=region)
    session = session.reload()
    path = file(
        "Customer,Phone,Asked on,Remark\n"
        "A,+34600000002,23.11.2026,ring +34600000012\n"
        "B,+34600000003,24.11.2026,\n"
        "C,,25.11.2026,moved\n"
        "D,+34600000005,26.11.2026,told us\n"
    )
    seen = preview(session, DoNotCallImport(), path)
    assert [c.name for c in seen.file.columns if c.field == "match"] == ["Phone"]
    assert [b.match[-1] for b in seen.comparison.new] == ["2", "3", "5"]
    assert [tuple(row) for row in seen.skipped] == [(4, "no phone and no e-mail")]
    with pytest.raises(CrmError, match=r"No column of stop\.csv holds phones") as refused:
        preview(session, DoNotCallImport(), file("Customer,Since\nA,2026\n"))
    assert "--column" in refused.value.hint


def test_a_column_by_its_number_and_one_that_is_not_there(session, file):
    path = file("Customer,Phone,Home\nA,600000002,600000012\n")
    seen = preview(session, DoNotCallImport("2"), path)
    assert [block.match for block in seen.comparison.new] == ["+34600000002"]
    with pytest.raises(CrmError, match=r"stop\.csv has no column 4"):
        preview(session, DoNotCallImport("4"), path)


def test_the_list_is_saved_by_its_ending(session, tmp_path):
    do_not_call.block(session, PHONE, "=1+1")
    assert do_not_call_files.save(session, tmp_path / "out.CSV") == 1
    head, entry = (tmp_path / "out.CSV").read_text(encoding="utf-8").splitlines()
    assert head == "match,kind,at,who,words,note"
    assert entry.startswith(f"{PHONE},phone,2026-11-23T") and "'=1+1" in entry
    with pytest.raises(CrmError, match="csv, xlsx, json"):
        do_not_call_files.save(session, tmp_path / "out.md")
