"""The operations of the keys, as commands."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Line

SHOWN = {
    "number",
    "title",
    "status",
    "pipeline",
    "step",
    "amount",
    "probability",
    "expected_close",
    "owner",
    "starred",
    "priority",
    "last_contact",
    "tags",
    "client",
    "contacts",
    "next",
    "created",
    "closed",
    "reason",
    "fields",
    "history",
    "attachments",
}


def shown(crm: Line, number: int | str = 1) -> dict:
    return crm.done("show", str(number), "--json").json


def test_add_prints_the_number_and_nothing_else(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    first, second = crm.done("add", "Acme"), crm.done("add", "Bolt", "and", "Sons")
    assert (first.out, second.out, first.err) == ("1\n", "2\n", "")


def test_add_makes_the_client_that_the_title_begins_with(crm: Line) -> None:
    for title, client in (("Acme GmbH: relaunch", "Acme GmbH"), ("Meeting 10:30", None)):
        number = crm.done("add", title).out.strip()
        assert shown(crm, number)["client"] == client


def test_add_takes_everything_a_lead_has(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    made = crm.done(
        "add",
        "Acme: relaunch",
        "--amount",
        "12.4k",
        "--step",
        "proposal",
        "--tag",
        "hot",
        "--tag",
        "Web",
        "--company",
        "Acme GmbH",
        "--contact",
        "Anna Weber",
        "--role",
        "buyer",
        "--phone",
        "+49 30 901820",
        "--email",
        "Anna@Acme.example",
        "--next",
        "fri 9:30 20m call Anna",
        "--created",
        "2026-11-02",
        "--close",
        "2026-12-20",
        "--probability",
        "35",
        "--description",
        "Budget: 20k",
        "--json",
    )
    lead = made.json
    assert set(lead) == SHOWN
    history, next_day = lead.pop("history"), lead["next"]["day"]
    assert next_day in (None, "2026-11-27")
    assert {"by": "ana"}.items() <= history[0].items()
    assert lead == {
        "number": 1,
        "title": "Acme: relaunch",
        "status": "standby",
        "pipeline": "Sales",
        "step": "Proposal",
        "amount": 12400,
        "probability": 35,
        "expected_close": "2026-12-20",
        "owner": "ana",
        "starred": False,
        "priority": "none",
        "last_contact": None,
        "tags": ["hot", "Web"],
        "client": "Acme GmbH",
        "contacts": [
            {
                "name": "Anna Weber",
                "role": "buyer",
                "phones": ["+49 30 901820"],
                "emails": ["Anna@Acme.example"],
            }
        ],
        "next": {
            "day": next_day,
            "at": "2026-11-27T09:30:00+01:00",
            "minutes": 20,
            "kind": "call",
            "text": "Anna",
        },
        "created": "2026-11-02",
        "closed": None,
        "reason": None,
        "fields": {"Budget": "20k"},
        "attachments": [],
    }
    assert "Fri 27 Nov 09:30" in made.err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--amount", "lots"), "amount"),
        (("--step", "Nirvana"), "Steps:"),
        (("--created", "2027-01-01"), "future"),
        (("--created", "someday"), "no day"),
        (("--next", "32 dec call"), ""),
        (("--owner", "zoe"), "Nobody here"),
    ],
)
def test_what_add_does_not_understand_is_refused_and_nothing_is_made(
    crm: Line, wrong: tuple[str, str], said: str
) -> None:
    ran = crm("add", "Acme", *wrong)
    assert ran.code == 1 and ran.out == "" and said in ran.err
    assert crm.done("leads", "--json").json == []


def test_a_text_over_the_limit_is_refused_in_one_sentence(
    crm: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.done("add", "Acme")
    (tmp_path / "fair.csv").write_text("name,phone\nAna,+34910100300\n")
    crm.done("import", str(tmp_path / "fair.csv"), "--list", "Fair")
    long = "x" * 1_000_001
    monkeypatch.setattr("sys.stdin", io.StringIO(long))
    for command in (
        ["add", long],
        ["log", "1", "note", "--note", long],
        ["next", "1", f"fri {long}"],
        ["lists", "script", "Fair", "--file", "-"],
    ):
        ran = crm(*command)
        assert ran.code == 1 and "at most 1,000,000 are kept" in ran.err, (
            command[:2],
            ran.err[:200],
        )
        assert len(ran.err) < 300
    assert crm.done("export", "leads", "--format", "json").json[0]["title"] == "Acme"


def test_a_twin_is_told_while_it_is_made_all_the_same(crm: Line) -> None:
    crm.done("add", "Acme", "--phone", "600 100 200")
    second = crm.done("add", "Other", "--phone", "+34600100200")
    assert second.out == "2\n"
    assert "#1 Acme" in second.err and "same phone" in second.err


def test_log_counts_completes_and_sets_what_comes_next(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    crm.done("add", "Acme", "--next", "today call")
    ran = crm.done(
        "log",
        "#1",
        "CALL",
        "--outcome",
        "VOICEMAIL",
        "--note",
        "left word >fri #x €9k",
        "--minutes",
        "3",
        "--next",
        "tomorrow 10 call again",
        "--at",
        "9:00",
    )
    assert "logged" in ran.err and ran.out == ""
    lead = shown(crm)
    assert lead["next"]["at"] == "2026-11-24T10:00:00+01:00"
    assert (lead["tags"], lead["amount"]) == ([], None), "a note from a script is only words"
    call = next(line for line in lead["history"] if line["kind"] == "call")
    assert {k: call[k] for k in ("at", "by", "kind", "outcome", "minutes", "text")} == {
        "at": "2026-11-23T09:00:00+01:00",
        "by": "ana",
        "kind": "call",
        "outcome": "Voicemail",
        "minutes": 3,
        "text": "left word >fri #x €9k",
    }
    status = crm.done("show", "1").out
    assert "Voicemail" in status and "left word" in status


def test_what_was_logged_is_corrected_pinned_and_taken_back(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    crm.done("add", "Acme")
    crm.done("log", "1", "call", "--outcome", "4", "--note", "first", "--at", "8:00")
    crm.done("log", "1", "email", "--note", "second", "--next", "fri call", "--at", "9:00")

    def told() -> list[tuple[object, ...]]:
        lines = [line for line in shown(crm)["history"] if line["kind"] in ("call", "email")]
        return [
            (li["kind"], li["outcome"], li["minutes"], li["text"], li["at"][11:16]) for li in lines
        ]

    assert (
        "corrected: call Voicemail"
        in crm.done("correct", "1", "2", "--outcome", "1", "--minutes", "1h05", "--at", "7:30").err
    )
    crm.done("correct", "#1", "--note", "-", "--kind", "call")
    assert told() == [
        ("call", None, None, "", "09:00"),
        ("call", "Reached", 65, "first", "07:30"),
    ]
    crm.done("correct", "1", "2", "--pin")
    listed = crm.done("correct", "1", "--json").json
    assert [(li["entry"], li["text"], li["pinned"]) for li in listed] == [
        (1, "", False),
        (2, "first", True),
    ]
    assert [line[3] for line in told()] == ["first", ""]
    assert "pinned" in crm.done("correct", "1").out
    crm.done("undo")
    assert [line[3] for line in told()] == ["", "first"]
    crm.done("correct", "1", "2", "--take-back")
    assert len(told()) == 1
    for wrong, why in (
        (("9", "--pin"), "no entry 9"),
        (("1", "--pin", "--note", "x"), "one at a time"),
        (("1", "--minutes", "long"), "no length"),
        (("1", "--at", "2027-01-01 10:00"), "still to come"),
        (("1", "--outcome", "Maybe"), "Maybe"),
    ):
        ran = crm("correct", "1", *wrong)
        assert ran.code in (1, 2) and why in ran.err, ran.err


def test_a_due_next_action_is_completed_and_the_next_one_asked_for(crm: Line) -> None:
    crm.done("add", "Acme", "--next", "today call")
    before = shown(crm)["next"]
    assert "what comes next?" not in crm.done("log", "1", "1", "--outcome", "4").err
    assert shown(crm)["next"] == before, "nobody was reached"
    assert "what comes next?" not in crm.done("log", "1", "email", "--outcome", "1").err
    assert shown(crm)["next"] == before, "it was a call that was planned"
    assert "what comes next?" in crm.done("log", "1", "1", "--outcome", "1").err
    assert shown(crm)["status"] == "todo" and not shown(crm)["next"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("log", "1", "dance"),
        ("log", "1", "call", "--outcome", "Maybe"),
        ("log", "1", "call", "--at", "2027-01-01 10:00"),
        ("log", "1", "note"),
        ("log", "99", "call"),
        ("next", "99", "fri"),
        ("next", "1", "32 dec call"),
        ("step", "1", "Nirvana"),
        ("won", "1", "--on", "2027-01-01"),
        ("lost", "1", "--reason", "Because"),
        ("reopen", "1"),
        ("show", "99"),
        ("redo",),
    ],
)
def test_refusals_are_one_sentence_and_change_nothing(crm: Line, wrong: tuple[str, ...]) -> None:
    crm.done("add", "Acme")
    before = shown(crm)
    ran = crm(*wrong)
    assert ran.code == 1 and ran.out == ""
    assert 1 <= len(ran.err.splitlines()) <= 2
    assert shown(crm) == before


def following(crm: Line, *typed: str) -> tuple:
    """What ``next 1`` makes of the next action: day, clock, minutes, kind, words."""
    crm.done("next", "1", *typed)
    found = shown(crm)["next"]
    clock = found["at"] and found["at"][11:16]
    return found["day"], clock, found["minutes"], found["kind"], found["text"]


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("+2d", ("2026-11-25", None, 20, "call", "chase the quote")),
        ("mon 15:00", ("2026-11-30", "15:00", 20, "call", "chase the quote")),
        ("mon 15:00 1h", ("2026-11-30", "15:00", 60, "call", "chase the quote")),
        ("ask for the budget", ("2026-11-27", "09:30", 20, "call", "ask for the budget")),
        ("email", ("2026-11-27", "09:30", 20, "email", "")),
        ("email the quote", ("2026-11-27", "09:30", 20, "email", "the quote")),
        ("mon call", ("2026-11-30", None, 20, "call", "chase the quote")),
        ("mon email", ("2026-11-30", None, 20, "email", "")),
        ("mon email Bob", ("2026-11-30", None, None, "email", "Bob")),
        ("thu send the quote", ("2026-11-26", None, None, None, "send the quote")),
        ("-", ("2026-11-27", "09:30", 20, "call", "")),
        ("mon -", ("2026-11-30", None, 20, "call", "")),
    ],
)
def test_next_replaces_what_is_typed_and_keeps_the_rest(crm: Line, typed: str, then: tuple) -> None:
    crm.done("add", "Acme", "--next", "fri 9:30 20m call chase the quote")

    assert following(crm, *typed.split()) == then

    crm.done("undo")
    assert shown(crm)["next"]["text"] == "chase the quote"


@pytest.mark.parametrize(
    ("environ", "day"),
    [
        ({}, "2027-01-12"),
        ({"LC_TIME": "en_US.UTF-8"}, "2026-12-01"),
        ({"LC_TIME": "en_GB.UTF-8"}, "2027-01-12"),
        ({"LC_TIME": "en_US.UTF-8", "LC_ALL": "de_AT.UTF-8"}, "2027-01-12"),
        ({"LC_TIME": "C.UTF-8"}, "2027-01-12"),
        ({"LANG": "en_US.UTF-8"}, "2027-01-12"),
    ],
)
def test_the_locale_of_the_time_decides_between_day_and_month(
    crm: Line, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], day: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    crm.done("add", "Acme", "--next", "12/1 call")
    assert shown(crm)["next"]["day"] == day


def test_the_first_start_takes_the_order_from_lang(
    tmp_path: Path, crm: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    crm.url = str(tmp_path / "new.db")
    crm.done("add", "Acme", "--next", "12/1 call")
    assert shown(crm)["next"]["day"] == "2026-12-01"


def test_next_says_what_it_keeps(crm: Line) -> None:
    crm.done("add", "Acme", "--next", "fri 9:30 call chase the quote")

    assert "chase the quote (kept)" in crm.done("next", "1", "+2d").err
    assert "Wed 25 Nov, in 2 days (kept)" in crm.done("next", "1", "ask", "Bob").err
    assert "(kept)" not in crm.done("next", "1", "fri", "call", "Bob").err


def test_next_moves_one_turn_of_a_recurring_action(crm: Line) -> None:
    crm.done("add", "Acme", "--next", "every mon 9 call Anna")

    assert "every Mon" in crm.done("next", "1", "wed 15:00").err
    crm.clock.go(days=2, hours=7)
    crm.done("log", "1", "call", "--outcome", "1")

    assert shown(crm)["next"]["at"] == "2026-11-30T09:00:00+01:00"


def test_a_recurring_action_keeps_the_clock_that_clocks_going_forward_skipped(crm: Line) -> None:
    crm.clock.now = datetime(2027, 3, 27, 19, tzinfo=UTC)  # the evening before, in Madrid
    crm.done("add", "Acme", "--next", "every sun 2:30am call")
    assert shown(crm)["next"]["at"] == "2027-03-28T03:00:00+02:00"
    for sunday in ("2027-04-04", "2027-04-11"):
        crm.clock.go(days=7)
        crm.done("log", "1", "call", "--outcome", "1")
        assert shown(crm)["next"]["at"] == f"{sunday}T02:30:00+02:00"


def test_next_is_set_dropped_and_cleared(crm: Line) -> None:
    crm.done("add", "Acme")
    assert "Fri 27 Nov" in crm.done("next", "1", "fri", "9:30", "call", "Anna").err
    assert shown(crm)["status"] == "standby"
    crm.done("next", "1", "--now")
    assert shown(crm)["next"] == {
        "day": None,
        "at": None,
        "minutes": None,
        "kind": "call",
        "text": "Anna",
    }
    crm.done("next", "1", "--clear")
    assert shown(crm)["next"] in (
        None,
        {"day": None, "at": None, "minutes": None, "kind": None, "text": None},
    )
    assert crm("next", "1").code == 2
    assert crm("next", "1", "fri", "--now").code == 2


def test_a_clash_is_said(crm: Line) -> None:
    crm.done("add", "Acme", "--next", "tomorrow 10:00 30m call")
    assert "clash" in crm.done("add", "Bolt", "--next", "tomorrow 10:15 call").err


def test_steps_by_name_place_and_direction(crm: Line) -> None:
    crm.done("add", "Acme")
    for said, now in (
        ("PROPOSAL", "Proposal"),
        ("2", "Contacted"),
        ("+", "Proposal"),
        ("-", "Contacted"),
        ("clo", "Closing"),
    ):
        assert now in crm.done("step", "1", "--", said).err
        assert shown(crm)["step"] == now


def test_closing_and_reopening(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    crm.done("add", "Acme", "--amount", "100", "--created", "2026-11-01")
    crm.done("won", "1", "--amount", "12,400.50", "--on", "fri")
    lead = shown(crm)
    assert (lead["status"], lead["amount"], lead["closed"]) == ("won", 12400.5, "2026-11-20")
    crm.done("reopen", "1")
    crm.done("lost", "1", "--reason", "too EXPENSIVE")
    lead = shown(crm)
    assert (lead["status"], lead["reason"], lead["next"]) == ("lost", "Too expensive", None)
    crm.done("reopen", "1")
    assert crm.done("cancel", "1", "--reason", "1", "--json").json["status"] == "cancelled"
    assert crm("lost", "1").code == 2, "a reason must be given"


def test_undo_and_redo(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    crm.done("add", "Acme")
    crm.done("won", "1")
    assert crm.done("undo", "--json").json == {"entry": 2, "what": "won: Acme", "lead": 1}
    assert shown(crm)["status"] == "todo"
    assert "won: Acme" in crm.done("redo").err
    assert shown(crm)["status"] == "won"
    assert crm("undo", "999").code == 1


def test_two_reps_have_their_own_undo(crm: Line) -> None:
    crm.done("users", "add", "ben")
    crm.done("add", "Acme")
    crm.done("won", "1", user="ben")
    assert "reopened" not in crm.done("undo", user="ben").err
    assert shown(crm)["status"] == "todo"


def test_an_unknown_login_is_refused_with_the_command_that_adds_it(crm: Line) -> None:
    ran = crm("leads", user="zoe")
    assert ran.code == 1 and "tui-crm users add zoe" in ran.err


def test_merge_asks_for_the_amount_where_they_differ(crm: Line) -> None:
    crm.done("add", "Acme", "--amount", "5000", "--email", "a@acme.example")
    crm.done("add", "ACME relaunch", "--amount", "8000")
    refused = crm("merge", "1", "2")
    assert refused.code == 1 and "#1 has €5,000, #2 has €8,000." in refused.err
    crm.done("merge", "1", "2", "--amount", "8000")
    shown = crm.done("show", "2", "--json")
    assert (shown.json["number"], shown.json["amount"]) == (1, 8000)
    assert "#2 was merged into #1." in shown.err
    assert "#2 was merged into #1." in crm("won", "2").err
    crm.done("won", "1")
    totals = crm.done("report", "company", "--period", "all", "--json").json["totals"]
    assert (totals["created"], totals["won"], totals["won_amount"]) == (1, 1, 8000)


def test_a_next_action_far_off_shows_its_hour(crm: Line) -> None:
    crm.done("add", "Acme", "--next", "2026-12-14 09:30 call Anna")
    assert "14 Dec 09:30" in crm.done("show", "1").out
    assert "14 Dec 09:30" in crm.done("leads").out


def test_a_kind_of_ones_own_is_read_in_a_next_action(crm: Line) -> None:
    crm.done("kinds", "add", "demo")
    crm.done("add", "Acme", "--next", "fri 9 demo Anna")
    following = shown(crm)["next"]
    assert (following["kind"], following["text"]) == ("demo", "Anna")
    crm.done("kinds", "retire", "demo")
    crm.done("next", "1", "fri 10 demo Bob")
    assert shown(crm)["next"]["text"] == "demo Bob"
