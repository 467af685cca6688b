"""tui-crm find: what it prints, its JSON to the key, its exit codes."""

from __future__ import annotations

from tests.cli.conftest import Line

KEYS = {"kind", "number", "list", "line", "title", "match", "state", "owner", "blocked"}


def listed(crm: Line, tmp_path) -> None:
    path = tmp_path / "fair.csv"
    path.write_text(
        "Name,Company,Phone,Email\n"
        "José Ruiz,Ruiz SL,+34 600 100 200,jose@ruiz.example\n"
        "Ana Gil,Gil e Hijos,+34 600 100 300,\n",
        encoding="utf-8",
    )
    crm.done("import", str(path), "--list", "Fair")


def test_a_phone_in_any_spelling_finds_its_row(crm: Line, tmp_path) -> None:
    listed(crm, tmp_path)
    for words in (["600100200"], ["+34", "600", "100", "200"], ["0034-600.10.02.00"], ["100200"]):
        found = crm.done("find", *words, "--json").json
        assert [set(row) for row in found] == [KEYS]
        assert found[0] == {
            "kind": "prospect",
            "number": None,
            "list": "Fair",
            "line": 2,
            "title": "José Ruiz, Ruiz SL",
            "match": "+34 600 100 200",
            "state": "new",
            "owner": None,
            "blocked": None,
        }


def test_words_numbers_and_people(crm: Line, tmp_path) -> None:
    listed(crm, tmp_path)
    crm.done("add", "Ruiz: awning", "--contact", "Pía Moll", "--email", "pia@ruiz.example")
    found = crm.done("find", "ruiz", "--json").json
    assert {(row["kind"], row["number"], row["line"]) for row in found} >= {
        ("lead", 1, None),
        ("prospect", None, 2),
    }
    assert crm.done("find", "PIA", "moll", "--json").json[0]["kind"] == "person"
    assert [row["number"] for row in crm.done("find", "#1", "--json").json] == [1]
    assert len(crm.done("find", "ruiz", "--limit", "1", "--json").json) == 1
    assert "more than 1" in crm.done("find", "ruiz", "--limit", "1").err


def test_a_blocked_row_says_so(crm: Line, tmp_path) -> None:
    listed(crm, tmp_path)
    crm.done("blocked", "add", "+34600100200", "--why", "asked by letter")
    row = crm.done("find", "jose ruiz", "--json").json[0]
    assert (row["state"], row["blocked"]["match"], row["blocked"]["words"]) == (
        "blocked",
        "+34600100200",
        "asked by letter",
    )
    out = crm.done("find", "jose ruiz").out
    assert "Fair, line 2" in out and "do not call" in out


def test_exit_codes(crm: Line) -> None:
    nothing = crm("find", "zzzz")
    assert (nothing.code, nothing.out) == (0, "") and "zzzz" in nothing.err
    assert crm.done("find", "zzzz", "--json").json == []
    assert crm("find").code == 2
    assert crm("find", " ").code == 2
    assert crm("find", "x", "--limit", "none").code == 2
