"""``blocked`` and ``forget``: the do-not-call list from the command line."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def filled(crm, tmp_path):
    """A list of three people; one of them asked not to be called."""
    file = tmp_path / "fair.csv"
    file.write_text(
        "Name,Company,Phone,Email\n"
        "Katrin Vogel,Müller,600 000 001,k@mueller.example\n"
        "Luc Rousseau,Atelier,600 000 002,luc@rousseau.example\n"
        "Jo Brandt,Brandt,600 000 003,jo@brandt.example\n",
        encoding="utf-8",
    )
    crm.done("import", str(file), "--list", "Fair")
    crm.done("blocked", "add", "600", "000", "001", "--why", "never again")
    return crm


def states(crm):
    rows = crm.done("export", "prospects", "--list", "Fair", "--format", "json").json
    return [row["_state"] for row in rows]


def test_add_list_remove_undo(filled):
    assert states(filled) == ["blocked", "new", "new"]
    rows = filled.done("blocked", "--json").json
    assert rows == [
        {
            "match": "+34600000001",
            "kind": "phone",
            "who": "ana",
            "words": "never again",
            "at": "2026-11-23T09:12:00+01:00",
            "forgotten": False,
        }
    ]
    assert filled.done("blocked", "list").lines[1].split() == [
        "+34600000001",
        "ana",
        "2026-11-23",
        "never",
        "again",
    ]
    assert filled.done("blocked", "remove", "600000001", "--why", "they called us").err.strip() == (
        "600000001 may be called again"
    )
    assert states(filled) == ["new", "new", "new"]
    filled.done("undo")
    assert states(filled)[0] == "blocked"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("blocked", "add", "hello"), 1, "no phone and no e-mail"),
        (("blocked", "add", "600000001"), 1, "already (ana)"),
        (("blocked", "remove", "600000001"), 2, "--why"),
        (("blocked", "remove", "600000009", "--why", "x"), 1, "not on the do-not-call list"),
        (("add", "Again", "--phone", "600 000 001"), 1, "do-not-call list (ana, 2026-11-23: never"),
        (("forget", "600000009", "--yes"), 1, "Nothing here carries +34600000009."),
    ],
)
def test_refused_with_a_sentence(filled, args, code, said):
    ran = filled(*args)
    assert (ran.code, said in ran.err) == (code, True), ran.err


def test_import_says_what_is_new_known_and_unreadable(filled, tmp_path):
    file = tmp_path / "robinson.txt"
    file.write_text("600000001\n+34 600 000 002\njo@brandt.example\nnobody\n600000002\n")
    dry = filled.done("blocked", "import", str(file), "--dry-run", "--json").json
    assert dry == {
        "file": "robinson.txt",
        "rows": 5,
        "added": 2,
        "known": 2,
        "duplicates": 2,
        "duplicate_rows": [
            {"line": 1, "of": "do-not-call list", "reason": "on the list already"},
            {"line": 5, "of": "line 2", "reason": "same as line 2"},
        ],
        "skipped": [{"line": 4, "reason": "nobody: no phone and no e-mail"}],
        "columns": dry["columns"],
        "hashes": 0,
        "dry_run": True,
    }
    assert states(filled) == ["blocked", "new", "new"]
    assert (
        "Added: 2 of 5 rows; 2 known, 1 not readable."
        in filled.done("blocked", "import", str(file)).lines
    )
    assert states(filled) == ["blocked", "blocked", "blocked"]
    filled.done("undo")
    assert states(filled) == ["blocked", "new", "new"]


def test_import_takes_a_column_by_name_and_the_words_with_it(filled, tmp_path):
    file = tmp_path / "stop.csv"
    file.write_text("Customer,Phone,Home,Why\nA,600000002,600000012,angry\nB,600000003,,moved\n")
    filled.done("blocked", "import", str(file), "--column", "phone")
    rows = filled.done("blocked", "--json").json
    assert {(row["match"], row["words"]) for row in rows} == {
        ("+34600000001", "never again"),
        ("+34600000002", "angry"),
        ("+34600000003", "moved"),
    }
    refused = filled("blocked", "import", str(file), "--column", "Fax")
    assert (refused.code, "It has: Customer, Phone, Home, Why." in refused.err) == (1, True)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_what_goes_out_comes_in_again(filled, tmp_path, form):
    filled.done("forget", "600000001", "--yes")
    filled.done("blocked", "add", "luc@rousseau.example", "--why", "=1+1")
    out = tmp_path / f"out.{form}"
    filled.done("blocked", "export", "--out", str(out))
    before = filled.done("blocked", "--json").json
    assert [row["forgotten"] for row in before] == [False, True, True]
    if form == "json":
        rows = json.loads(out.read_text(encoding="utf-8"))
        assert rows[1]["match"].startswith("sha256:")
        assert rows[1]["note"] == "forgotten: only a hash is kept"
        return
    for row in before:
        filled.done("blocked", "remove", row["match"], "--why", "to try")
    assert filled.done("blocked", "--json").json == []
    said = filled.done("blocked", "import", str(out)).out
    assert "Added: 3 of 3 rows" in said and "only in the workspace they come from" in said
    after = filled.done("blocked", "--json").json
    key = lambda row: row["match"]  # noqa: E731
    assert sorted(after, key=key) == sorted(before, key=key)
    assert filled("add", "Again", "--phone", "600 000 001").code == 1


def test_forget_asks_for_yes_and_cannot_be_undone(filled):
    asked = filled("forget", "600 000 001")
    assert asked.code == 1
    assert (
        "+34600000001: 1 row, 0 people, 0 leads" in asked.err
        and "tui-crm forget +34600000001 --yes" in asked.err
    )
    assert "Katrin" in filled.done("export", "prospects", "--list", "Fair").out
    done = filled.done("forget", "600 000 001", "--yes", "--json")
    assert done.json["rows"] == 1 and done.json["blocked"] == 2
    out = filled.done("export", "prospects", "--list", "Fair").out
    assert "Katrin" not in out and "600 000 001" not in out and "Luc" in out
    assert "2026-11-23  forgotten" in " ".join(filled.done("blocked").out.split(" "))
    filled.done("undo")  # the block before it
    assert "Katrin" not in filled.done("export", "prospects", "--list", "Fair").out


def test_rep_may_add_and_import_but_not_remove_or_forget(filled, tmp_path):
    filled.done("users", "add", "ben")
    filled.done("blocked", "add", "600000002", user="ben")
    for args in (
        ("blocked", "remove", "600000002", "--why", "x"),
        ("forget", "600000002", "--yes"),
    ):
        ran = filled(*args, user="ben")
        assert (ran.code, "A rep may not do that." in ran.err) == (1, True)
