"""`tui-crm edit` and `tui-crm duplicates`: printed, edited elsewhere, read back; pairs made one."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Line


def test_priority_and_direction_are_said_when_a_lead_is_added_and_edited(crm: Line) -> None:
    crm.done("add", "Acme", "--priority", "low", "--direction", "inbound")
    crm.done("add", "Bolt")
    crm.done("log", "2", "call", "--outcome", "3")
    acme, bolt = (crm.done("show", n, "--json").json for n in ("1", "2"))
    assert (acme["priority"], acme["last_contact"], bolt["priority"]) == ("low", None, "none")
    assert bolt["last_contact"] == bolt["history"][0]["at"], "whatever came of the call"
    changed = crm.done("edit", "1", "2", "--priority", "high", "--json").json
    assert [lead["priority"] for lead in changed] == ["high", "high"]
    crm.done("undo")
    assert crm.done("show", "1", "--json").json["priority"] == "low"
    crm.done("edit", "2", "--priority", "high", "--direction", "none")
    assert [lead["number"] for lead in crm.done("leads", "sort:priority", "--json").json] == [2, 1]
    assert [lead["number"] for lead in crm.done("leads", "priority:low", "--json").json] == [1]
    text = crm.done("edit", "2", "--print").out
    assert "Priority: high" in text and "Direction: none" in text
    assert crm("edit", "1", "--priority", "urgent").code != 0
    assert crm("edit", "1", "--print", "--priority", "low").code == 2
    assert crm("edit", "77", "--priority", "low").code == 1


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
