"""Outcomes from the command line: order, words on a lead, retired and brought back."""

from __future__ import annotations

from tests.cli.conftest import Line


def digits(crm: Line) -> dict[str, int | None]:
    return {row["label"]: row["digit"] for row in crm.done("outcomes", "--json").json}


def test_moved_swapped_and_undone(crm: Line) -> None:
    crm.done("outcomes", "move", "voicemail", "up")
    assert (digits(crm)["Voicemail"], digits(crm)["No answer"]) == (3, 4)
    assert crm.done("outcomes", "edit", "voicemail", "--digit", "9").err == "outcome 9 Voicemail\n"
    assert (digits(crm)["Voicemail"], digits(crm)["Do not call"]) == (9, 3)
    refused = crm("outcomes", "move", "interested", "up")
    assert (refused.code, "Interested is the first already." in refused.err) == (1, True)
    assert crm("outcomes", "move", "interested", "sideways").code == 2
    crm.done("undo")
    crm.done("undo")
    assert (digits(crm)["Voicemail"], digits(crm)["No answer"]) == (4, 3)


def test_words_on_a_lead_and_what_follows(crm: Line) -> None:
    crm.done("outcomes", "edit", "2", "--lead-label", "No interest", "--next-kind", "email")
    row = crm.done("outcomes", "--json").json[1]
    assert (row["lead_label"], row["next_kind"]) == ("No interest", "email")
    assert "row done, asks for a reason" in crm.done("outcomes").out
    crm.done("outcomes", "edit", "2", "--next-kind", "nothing", "--not-on-leads")
    row = crm.done("outcomes", "--json").json[1]
    assert (row["next_kind"], row["on_lead"]) == ("", False)
    assert crm("outcomes", "edit", "2", "--next-kind", "dance").code != 0


def test_retired_and_brought_back(crm: Line) -> None:
    assert crm.done("outcomes", "retire", "5").err == "outcome Busy retired\n"
    assert "Busy" not in digits(crm)
    assert "retired" in crm.done("outcomes", "list", "--all").out
    crm.done("outcomes", "bring-back", "Busy")
    assert digits(crm)["Busy"] == 5
    refused = crm("outcomes", "bring-back", "Busy")
    assert refused.code == 1
