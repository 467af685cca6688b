"""`tui-crm edit` and `tui-crm duplicates`: printed, edited elsewhere, read back; pairs made one."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Line


def test_a_printed_text_is_edited_and_read_back(crm: Line, tmp_path: Path) -> None:
    crm.done("add", "Acme: x\u0301\u0301\u0301\u0301\u0301", "--amount", "5k")
    text = crm.done("edit", "1", "--print").out
    file = tmp_path / "leads.txt"
    file.write_text(text, encoding="utf-8")
    assert "Nothing is different." in crm.done("edit", "1", "--from", str(file)).err
    file.write_text(text.replace("Amount: 5000", "Amount: 6k"), encoding="utf-8")
    ran = crm.done("edit", "status:open", "--from", str(file), "--dry-run")
    assert ran.out == "#1 Amount: 5000 > 6k\n" and "Nothing was changed." in ran.err
    changed = crm.done("edit", "1", "--from", str(file), "--json").json
    assert changed["written"] == 1 and changed["changes"][0]["label"] == "Amount"
    assert crm.done("show", "1", "--json").json["amount"] == 6000
    file.write_text(text.replace("Amount: 5000", "Amount: much"), encoding="utf-8")
    refused = crm("edit", "1", "--from", str(file))
    assert refused.code == 1 and "line 9: Amount: " in refused.err
    crm.done("undo")
    assert crm.done("show", "1", "--json").json["amount"] == 5000


def test_pairs_are_listed_made_one_or_two(crm: Line) -> None:
    for title in ("Acme GmbH: shop", "Acme GmbH: Shop!", "Acme: lot 3"):
        crm.done("add", title, "--amount", str(len(title)))
    found = crm.done("duplicates", "--json").json
    assert [(p["kind"], p["one"], p["other"]) for p in found] == [
        ("leads", 1, 2),
        ("clients", 1, 2),
    ]
    crm.done("duplicates", "clients", "1", "2", "--not-same")
    refused = crm("duplicates", "leads", "1", "2", "--merge")
    assert refused.code == 1 and "Their amounts differ" in refused.err
    crm.done("duplicates", "leads", "1", "2", "--merge", "--amount", "7")
    assert crm.done("duplicates", "--json").json == []
    assert crm.done("show", "2", "--json").json["number"] == 1
    assert crm("duplicates", "leads", "1", "--merge").code == 2
