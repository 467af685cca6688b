"""Goals, days off and What now from the command line."""

from __future__ import annotations

from tests.cli.conftest import Line


def test_days_off_of_everybody(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    assert crm.done("workspace", "--json").json["days_off"] == []
    crm.done("workspace", "--day-off", "2026-12-24..2026-12-26", "--day-off", "01-01")
    assert crm.done("workspace", "--json").json["days_off"] == [
        "01-01",
        "2026-12-24",
        "2026-12-25",
        "2026-12-26",
    ]
    crm.done("workspace", "--day-on", "2026-12-25")
    assert "01-01 2026-12-24 2026-12-26" in crm.done("workspace").out
    crm.done("undo")
    assert "01-01 2026-12-24..2026-12-26" in crm.done("workspace").out
    refused = crm("workspace", "--day-off", "24 Dec")
    assert refused.code == 1 and "is no day.\nType it as 2026-12-24" in refused.err


def test_days_off_of_a_user(crm: Line) -> None:
    crm.done("users", "add", "ben")
    crm.done("users", "edit", "ben", "--day-off", "2026-11-24", user="ben")
    assert crm.done("users", "days-off", "ben", "--json").json == {
        "user": "ben",
        "days_off": ["2026-11-24"],
        "workspace": [],
    }
    assert "2026-11-24" in crm.done("users", "days-off", user="ben").out
    assert crm("users", "edit", "ana", "--day-off", "2026-11-24", user="ben").code == 1
    assert crm("workspace", "--day-off", "2026-11-24", user="ben").code == 1
    assert crm("users", "days-off", "nobody").code == 1


def test_days_off_change_the_pace(crm: Line) -> None:
    """Six working days are left of November 2026 on the 23rd; with two off, four."""
    crm.done("goals", "add", "leads", "month", "24")

    def needed() -> tuple[int, int]:
        row = crm.done("report", "goals", "--json").json["rows"][0]
        return row["days"], row["needed_per_day"]

    assert needed() == (21, 4)
    crm.done("workspace", "--day-off", "2026-11-26..2026-11-27")
    assert needed() == (19, 6)


def test_goals_in_json_are_in_the_major_unit(crm: Line) -> None:
    crm.done("goals", "add", "amount", "month", "20k")
    crm.done("goals", "add", "calls", "week", "1500")
    money, calls = crm.done("report", "goals", "--json").json["rows"]
    assert (money["target"], money["done"], calls["target"]) == (20000, 0, 1500)
    assert money["share"] == {"n": 0, "d": 20000, "value": 0.0}
    out = crm.done("report", "goals").out
    assert "€20,000" in out and "2000000" not in out
    assert "1,500" in crm.done("goals").out


def test_what_now_is_plain_sentences(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    assert "Nothing stands out." in crm.done("report", "now").out
    number = crm.done("add", "Acme: site", "--amount", "12k").out.split()[0].lstrip("#")
    crm.clock.go(days=10)
    from tui_crm.core.store import open_store

    store = open_store(crm.url)
    store.execute("UPDATE leads SET expected_close = '2026-11-30' WHERE id = ?", (int(number),))
    store.close()
    ran = crm.done("report", "now", "--explain")
    assert (
        "1  €12,000  lead was to close before today and is still open (of 1 with a date)" in ran.out
    )
    assert "open leads with an expected closing day before today" in " ".join(ran.out.split())
    rows = crm.done("report", "now", "--json").json["rows"]
    assert rows == [
        {
            "finding": "overdue forecast",
            "leads": 1,
            "at_stake": 12000,
            "sentence": "lead was to close before today and is still open",
            "sample": "of 1 with a date",
        },
    ]
    assert crm.done("report", "now", "--format", "csv").lines[0] == (
        "finding,leads,at_stake,sentence,sample"
    )
