"""Files on leads: kept once by their content, in backups, found when missing, back by undo."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import datetime

import pytest

from tests.core.whole import snapshot
from tui_crm.core.calling import workspace
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import attachments, leads
from tui_crm.core.store import backup, blobs, checks, open_store, undo
from tui_crm.core.team.sign_in import sign_in

PDF = b"%PDF-1.7\x00\xff" * 3000


@pytest.fixture
def pdf(tmp_path):
    path = tmp_path / "Offer  2026.pdf"
    path.write_bytes(PDF)
    return str(path)


def test_a_file_is_kept_once_and_comes_back_by_undo(session, pdf, tmp_path):
    one, other = leads.create(session, "Acme"), leads.create(session, "Beta")
    before = snapshot(session.store)
    number = attachments.attach(session, one, pdf, kind="quotation", amount=1_240_000)
    row = attachments.find(session, one, "offer")
    assert (row.id, row.size, row.hash) == (number, len(PDF), hashlib.sha256(PDF).hexdigest())
    with pytest.raises(CrmError, match="already"):
        attachments.attach(session, one, pdf)
    attachments.attach(session, other, pdf)
    if session.store.path is None:
        assert session.store.value("SELECT COUNT(*) FROM blobs") == 1
    else:
        folder = blobs.folder_of(session.store.path)
        assert os.listdir(folder) == [row.hash]
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / row.hash).stat().st_mode) == 0o600
    os.remove(pdf)
    attachments.remove(session, number)
    assert attachments.of(session, one) == []
    undo.undo(session)
    back = attachments.find(session, one, str(number))
    assert attachments.copy_out(session, back, tmp_path).read_bytes() == PDF
    for _n in range(2):
        undo.undo(session)
    assert snapshot(session.store) == before


def test_what_cannot_be_kept_is_refused_in_a_sentence(session, tmp_path):
    lead = leads.create(session, "Acme")
    workspace.set_workspace(session, attachment_mb=1)
    session = session.reload()
    large, empty, pipe = (tmp_path / name for name in ("large", "empty", "pipe"))
    large.write_bytes(b"x" * 1_000_001)
    empty.touch()
    os.mkfifo(pipe)
    for path, words in (
        (large, "larger than 1 MB"),
        (empty, "empty"),
        (pipe, "no ordinary file"),
        (tmp_path, "no ordinary file|cannot be read"),
        (tmp_path / "none", "cannot be read"),
    ):
        with pytest.raises(CrmError, match=words):
            attachments.attach(session, lead, str(path))
    empty.write_bytes(b"x")
    with pytest.raises(CrmError, match="no kind"):
        attachments.attach(session, lead, str(empty), kind="song")
    assert attachments.of(session, lead) == []


@pytest.mark.parametrize(
    "name", [b"-rf *.pdf", b".hidden", b"\xff\xfe.pdf", "a\x1b[31m\u202eb.pdf".encode(), b"x" * 250]
)
def test_a_hostile_name_is_only_a_name(session, tmp_path, name):
    lead = leads.create(session, "Acme")
    path = os.path.join(os.fsencode(tmp_path), name)
    with open(path, "wb") as file:
        file.write(name)
    attachments.attach(session, lead, os.fsdecode(path))
    (row,) = attachments.of(session, lead)
    assert "\x1b" not in row.name and "\u202e" not in row.name
    out = attachments.copy_out(session, row, tmp_path / "out")
    assert out.parent == tmp_path / "out" and out.name[0] not in ".-"
    assert out.read_bytes() == name
    with pytest.raises(NotFound):
        attachments.find(session, lead, "../../etc/passwd")


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "..", "", "a/../../b", "\\\\host\\x"])
def test_a_copy_stays_in_its_folder(name):
    made = blobs.safe_name(name)
    assert made and "/" not in made and "\\" not in made and made not in (".", "..")


def test_a_backup_holds_the_contents_and_restores_them(session, pdf, tmp_path):
    lead = leads.create(session, "Acme")
    attachments.attach(session, lead, pdf)
    safe = tmp_path / "safe" / "backup.db"
    safe.parent.mkdir()
    backup.backup(session.store, safe)
    copy = open_store(str(safe))  # a backup that is used as a store
    there = sign_in(copy, "ana")[0]
    assert attachments.copy_out(there, attachments.of(there, lead)[0], tmp_path).read_bytes() == PDF
    assert not list(checks.check(copy))
    copy.close()
    made = tmp_path / "other" / "new.db"
    backup.restore(str(made), safe, now=datetime(2026, 11, 23, 9, 12))
    store = open_store(str(made))
    again = sign_in(store, "ana")[0]
    assert store.value("SELECT COUNT(*) FROM blobs") == 0
    (row,) = attachments.of(again, lead)
    assert (blobs.folder_of(made) / row.hash).read_bytes() == PDF
    assert not checks.check(store)
    store.close()


def test_a_missing_or_damaged_content_is_found_and_named(session, pdf):
    lead = leads.create(session, "Acme")
    attachments.attach(session, lead, pdf)
    digest = attachments.of(session, lead)[0].hash
    store = session.store
    assert not checks.check(store)

    def put(content):
        if store.path is None:
            with store.transaction():
                store.execute("DELETE FROM blobs")
                if content is not None:
                    store.execute("INSERT INTO blobs VALUES (?, ?)", (digest, content))
        else:
            place = blobs.folder_of(store.path) / digest
            place.unlink()
            if content is not None:
                place.write_bytes(content)

    put(PDF[:-1])
    assert checks.check(store) == [f"The content of a file of #{lead} is damaged: Offer  2026.pdf."]
    with pytest.raises(CrmError, match="missing or damaged"):
        blobs.read(store, digest)
    attachments.attach(session, leads.create(session, "Beta"), pdf)  # which mends it
    if store.path is not None:
        assert not checks.check(store)
        put(None)
        assert "is missing: Offer" in checks.check(store)[0]
