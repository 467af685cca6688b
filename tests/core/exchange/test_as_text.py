"""Records as text: hostile values round-trip, what does not parse has its line, what somebody else
changed is not lost, and all that was changed is one undo."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from tests.core.lists.prospects import fill, row
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.as_text import blocks
from tui_crm.core.exchange.as_text.document import Document, open_records
from tui_crm.core.exchange.as_text.leads import LeadRecords
from tui_crm.core.exchange.as_text.prospects import ProspectRecords
from tui_crm.core.leads import leads, merge, views
from tui_crm.core.lists import lists
from tui_crm.core.store import undo
from tui_crm.core.text import clean

NASTY = st.text(
    st.sampled_from("ab:# \n\t\r\x1b\x85\u2028é\u0301\u200b,;-/") | st.characters(), max_size=40
)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**9),
            st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=5),
            st.lists(NASTY, max_size=2),
        ),
        max_size=4,
        unique_by=lambda record: record[0],
    )
)
def test_reading_what_was_written_is_no_difference(records) -> None:
    written = [blocks.block(*record) for record in records]
    edited = blocks.read(blocks.write(["a comment"], written), written)
    assert (edited.changes, edited.problems) == ((), ())
    assert set(edited.values) == {one.number for one in written}
    for one in written:
        assert edited.values[one.number] == one.values
    stripped = "\n".join(line.rstrip() for line in blocks.write([], written).split("\n"))
    assert blocks.read(stripped, written).changes == ()  # as editors do


@given(NASTY, NASTY)
def test_a_changed_value_is_read_as_it_was_typed(was, now) -> None:
    before, after = blocks.block(7, [("Note", was)]), blocks.block(7, [("Note", now)])
    edited = blocks.read(blocks.write([], [after]), [before])
    assert edited.problems == ()
    for change in edited.changes:
        typed = "\n".join(line.rstrip() for line in clean(now).split("\n")).strip()
        assert (change.number, change.label, change.now) == (7, "Note", typed)


def text_of(records) -> tuple[Document, str]:
    document = open_records(records)
    return document, document.text


@pytest.fixture
def two(session) -> tuple[int, int]:
    acme = leads.create(
        session,
        "Acme: website",
        amount=1_240_050,
        company="Acme",
        contact="Anna Weber",
        role="buyer",
        points=[("phone", "+49 30 9018204")],
        tag_names=["hot", "very big"],
        following=reader.read("fri 9:30 20m call Anna: budget #2", session.now),
        description="Employees: 85\n\n  #indented: yes",
    )
    return acme, leads.create(session, "Bolt", owner_id=None)


def test_every_value_of_a_lead_comes_back_and_can_be_changed(session, two) -> None:
    acme, bolt = two
    document, text = text_of(LeadRecords(session, two))
    assert document.read(text).changes == ()
    line = "Next: "
    planned = next(row for row in text.splitlines() if row.startswith(line)).removeprefix(line)
    changed = (
        text.replace("Amount: 12400.5", "Amount: 13k", 1)
        .replace("Expected close: ", "Expected close: 2027-02-01", 1)
        .replace("Tags: hot, very big", "Tags: very big, new one")
        .replace("Starred: no", "Starred: yes", 1)
        .replace(f"Next: {planned}", "Next: 2027-01-04 10:00 visit", 1)
        .replace("Person 1: Anna", "Person 2: Bo, b@acme.example\nPerson 1: Anna Maria")
        .replace("Title: Bolt", "Title: Bolt & Sons")
        .replace("  Employees: 85", "")
    )
    edited = document.read(changed)
    assert edited.problems == ()
    before = [views.one(session, n) for n in two]
    outcome = document.against_now(edited)
    said = document.summary(outcome.changes)
    assert said.startswith("2 leads: person 2, ") and "amount 1, expected close 1" in said
    assert document.apply(outcome.changes, outcome.as_of) == 2
    lead = views.one(session, acme)
    assert (lead.amount, lead.expected_close, lead.starred) == (1_300_000, date(2027, 2, 1), True)
    assert sorted(lead.tags) == ["new one", "very big"]
    assert (lead.next.kind, lead.next.text, lead.next.minutes) == ("visit", "", None)
    assert f"{lead.next.at:%Y-%m-%d %H:%M}" == "2027-01-04 10:00"
    assert [p.name for p in lead.people] == ["Anna Maria Weber", "Bo"]
    assert views.one(session, bolt).title == "Bolt & Sons"
    undo.undo(session)
    assert [views.one(session, n) for n in two] == before


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("Amount: 12400.5", "Amount: a lot", "is not an amount"),
        ("Step:", "Stepp:", "Did you mean Step?"),
        ("Step: ", "Step: Nowhere ", "There is no step"),
        ("Expected close: ", "Expected close: someday", "is no day"),
        ("Probability: ", "Probability: 140", "is no percentage"),
        ("Owner: ana", "Owner: zoe", "Nobody here is called zoe"),
        ("Title: Acme: website", "Title:", "needs a title"),
        ("\n#1\n", "\n#99\n", "none of the records"),
        ("\n#2\n", "\n#1\n", "stands here twice"),
        ("Title: Acme: website", "no label at all", "is no Label: value"),
        ("Source: ", "Source: a\nSource: b", "stands here twice"),
        ("Starred: no", "Starred: maybe", "neither yes nor no"),
    ],
)
def test_what_does_not_parse_is_told_with_its_line(session, two, was, becomes, words) -> None:
    document, text = text_of(LeadRecords(session, two))
    assert was in text
    changed = text.replace(was, becomes, 1)
    problem = document.read(changed).problems[0]
    assert words in problem.words
    place = [
        n
        for n, line in enumerate(changed.split("\n"), 1)
        if becomes.strip().split("\n")[-1] in line
    ]
    assert problem.line in place
    reported = blocks.with_reports(changed, [problem])
    assert reported.split("\n")[problem.line - 1].startswith("#! ")
    assert blocks.without_reports(reported) == changed


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_lost(session, two) -> None:
    acme, bolt = two
    document, text = text_of(LeadRecords(session, two))
    leads.set_amount(session, acme, 99)
    leads.set_source(session, acme, "fair")
    leads.set_title(session, bolt, "Bolt Ltd")
    changed = (
        text.replace("Amount: 12400.5", "Amount: 5")
        .replace("Title: Acme: website", "Title: Acme: shop")
        .replace("Title: Bolt", "Title: Bolt Ltd")
    )
    outcome = document.against_now(document.read(changed))
    assert [(one.change.now, one.theirs) for one in outcome.clashes] == [("5", "0.99")]
    assert [(one.label, one.now) for one in outcome.changes] == [("Title", "Acme: shop")]
    document.apply(outcome.changes, outcome.as_of)
    lead = views.one(session, acme)
    assert (lead.title, lead.amount, lead.source) == ("Acme: shop", 99, "fair")
    # What comes between the look and the writing is refused whole.
    edited = document.against_now(document.read(text.replace("Title: Acme: website", "Title: X")))
    assert [one.theirs for one in edited.clashes] == ["Acme: shop"]
    leads.set_title(session, acme, "Acme: third")
    with pytest.raises(CrmError, match=r"line .*changed it meanwhile"):
        document.apply([edited.clashes[0].change], edited.as_of)
    merge.merge(session, acme, bolt)
    gone = document.against_now(document.read(text.replace("Title: Bolt", "Title: Y")))
    assert gone.gone == (bolt,)


def test_the_rows_of_a_list_are_edited_as_text(session) -> None:
    number = fill(
        session,
        [
            row(2, "Ana", "Acme: the #1", "+34600100200", machines="3"),
            row(3, "Bo", "Bolt", "+34600100201"),
        ],
    )
    document, text = text_of(ProspectRecords(session, number))
    assert document.read(text).changes == ()
    changed = text.replace("Telefon: +34600100201", "Telefon: 600 100 999").replace(
        "Note: ", "Note: ask\n  for the boss", 1
    )
    outcome = document.against_now(document.read(changed))
    assert document.summary(outcome.changes) == "2 rows: note 1, telefon 1"
    assert document.apply(outcome.changes, outcome.as_of) == 2
    _document, after = text_of(ProspectRecords(session, number))
    assert "Telefon: 600 100 999" in after and "Note: ask\n  for the boss" in after
    assert lists.list_progress(session, number).rows == 2
    matches = session.store.rows("SELECT match FROM prospect_keys ORDER BY prospect_id")
    assert [match for (match,) in matches][1].endswith("600100999")
    undo.undo(session)
    assert text_of(ProspectRecords(session, number))[1] == text
    only = text_of(ProspectRecords(session, number, "firma:bolt"))[1]
    assert "#3\n" in only and "#2\n" not in only
