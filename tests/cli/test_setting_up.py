"""Users, goals, pipelines, outcomes, tags, reasons and the workspace from the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Line


def names(crm: Line, *command: str, field: str) -> list:
    return [row[field] for row in crm.done(*command, "--json").json]


def test_users(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    crm.done(
        "users",
        "add",
        "ben",
        "--email",
        "ben@ours.example",
        "--role",
        "manager",
        "--team",
        "North",
        "--full-name",
        "Ben Ode",
    )
    assert crm.done("users", "list", "--json").json[1] == {
        "name": "ben",
        "full_name": "Ben Ode",
        "email": "ben@ours.example",
        "role": "manager",
        "team": "North",
        "zone": "Europe/Madrid",
        "active": True,
    }
    crm.done("users", "edit", "BEN", "--role", "rep", "--zone", "Europe/Paris")
    crm.done("users", "retire", "ben")
    ben = crm.done("users", "--json").json[1]
    assert (ben["role"], ben["zone"], ben["active"]) == ("rep", "Europe/Paris", False)
    assert "left" in crm.done("users").out
    assert crm("leads", user="ben").code == 1
    crm.done("users", "edit", "ben", "--active")
    crm.done("leads", user="ben")
    assert crm("users", "edit", "ben").code == 2
    assert crm("users", "add", "ana").code == 1
    assert crm("users", "retire", "ana").code == 1, "somebody must stay admin"


def test_a_rep_may_not_add_users(crm: Line) -> None:
    crm.done("users", "add", "ben")
    refused = crm("users", "add", "zoe", user="ben")
    assert refused.code == 1 and "Ask one of: ana" in refused.err


def test_goals(crm_everywhere: Line) -> None:
    crm = crm_everywhere
    crm.done("goals", "add", "Calls", "day", "50")
    crm.done("goals", "add", "amount", "month", "20k", "--everybody")
    crm.done("goals", "edit", "calls", "day", "60")
    assert crm.done("goals", "--json").json == [
        {"goal": 1, "user": "ana", "team": None, "kind": "calls", "period": "day", "target": 60},
        {
            "goal": 2,
            "user": None,
            "team": None,
            "kind": "amount",
            "period": "month",
            "target": 20000,
        },
    ]
    assert "€20,000" in crm.done("goals").out
    crm.done("goals", "retire", "1")
    assert names(crm, "goals", "list", field="goal") == [2]
    for wrong in (
        ("add", "calls", "day", "many"),
        ("add", "smiles", "day", "5"),
        ("add", "calls", "day", "0"),
        ("retire", "77"),
    ):
        assert crm("goals", *wrong).code == 1


def test_pipelines(crm: Line) -> None:
    crm.done("pipelines", "add", "Renewals", "--step", "Due", "--step", "Sent")
    crm.done("pipelines", "add", "renewals", "--step", "Signed", "--probability", "90")
    crm.done(
        "pipelines",
        "edit",
        "Renewals",
        "--step",
        "sent",
        "--rename",
        "Offered",
        "--probability",
        "40",
        "--place",
        "1",
    )
    rows = [r for r in crm.done("pipelines", "--json").json if r["pipeline"] == "Renewals"]
    assert [(r["place"], r["step"], r["probability"]) for r in rows] == [
        (1, "Offered", 40),
        (2, "Due", 0),
        (3, "Signed", 90),
    ]
    crm.done("add", "Acme", "--pipeline", "renewals", "--step", "2")
    assert crm.done("show", "1", "--json").json["step"] == "Due"
    crm.done("pipelines", "retire", "renewals", "--step", "due")
    assert "Due" not in crm.done("pipelines").out
    assert "Due" in crm.done("pipelines", "list", "--all").out
    crm.done("pipelines", "retire", "Renewals")
    assert "Renewals" not in crm.done("pipelines").out
    assert crm("pipelines", "retire", "Sales").code == 1, "one must stay"
    assert crm("pipelines", "add", "Sales").code == 1
    assert crm("pipelines", "edit", "Sales", "--step", "1").code == 2


def test_outcomes(crm: Line) -> None:
    assert names(crm, "outcomes", field="digit") == list(range(1, 10))
    crm.done("outcomes", "retire", "busy")
    crm.done("outcomes", "add", "Gatekeeper", "--digit", "5", "--reached", "--again", "4h")
    crm.done("outcomes", "edit", "5", "--label", "Front desk", "--not-reached")
    row = next(r for r in crm.done("outcomes", "--json").json if r["digit"] == 5)
    assert (row["label"], row["reached"], row["retry"]) == ("Front desk", False, "4h")
    assert names(crm, "outcomes", "list", "--kind", "e-mail", field="label")[0] == "Sent"
    crm.done("add", "Acme")
    crm.done("log", "1", "call", "--outcome", "front DESK")
    for wrong in (
        ("add", "Voicemail"),
        ("add", "X", "--again", "soon"),
        ("retire", "nope"),
        ("list", "--kind", "note-ish"),
    ):
        assert crm("outcomes", *wrong).code == 1
    assert crm("outcomes", "edit", "1").code == 2


def test_tags(crm: Line) -> None:
    crm.done("tags", "add", "Fair", "--category", "Source")
    crm.done("add", "Acme", "--tag", "fair", "--tag", "hot")
    rows = {r["tag"]: r for r in crm.done("tags", "--json").json}
    assert rows["Fair"] == {
        "tag": "Fair",
        "category": "Source",
        "direction": None,
        "leads": 1,
        "retired": False,
    }
    crm.done("tags", "edit", "hot", "--rename", "Warm", "--category", "Heat")
    assert crm.done("show", "1", "--json").json["tags"] == ["Fair", "Warm"]
    crm.done("tags", "retire", "warm")
    assert names(crm, "tags", field="tag") == ["Fair"]
    crm.done("tags", "category", "Source", "--mandatory")
    assert "Source: mandatory" in crm.done("tags").err
    assert crm("tags", "edit", "nope", "--rename", "x").code == 1
    assert crm("tags", "edit", "Fair").code == 2


def test_reasons(crm: Line) -> None:
    crm.done("reasons", "add", "lost", "Went quiet")
    crm.done("add", "Acme")
    crm.done("lost", "1", "--reason", "went QUIET")
    crm.done("reasons", "retire", "lost", "went quiet")
    assert "Went quiet" not in crm.done("reasons").out
    assert crm.done("show", "1", "--json").json["reason"] == "Went quiet"
    assert {"kind": "not_interested", "digit": 1, "label": "Has a supplier", "retired": False} in (
        crm.done("reasons", "--json").json
    )
    assert crm("reasons", "add", "won", "Luck").code == 1


def test_the_workspace_and_its_currency(crm: Line) -> None:
    crm.done("workspace", "--currency", "usd", "--region", "us")
    crm.done("add", "Acme", "--amount", "$5k")
    assert "$5,000" in crm.done("show", "1").out
    assert crm.done("workspace", "--json").json["currency"] == "USD"
    assert crm("workspace", "--currency", "EUR").code == 1
    assert "Europe/Madrid" in crm.done("workspace").out


@pytest.mark.parametrize("group", ["users", "goals", "pipelines", "outcomes", "tags", "reasons"])
def test_a_bare_group_lists(crm: Line, group: str) -> None:
    assert crm.done(group).raw == crm.done(group, "list").raw
    assert crm(group, "dance").code == 2
