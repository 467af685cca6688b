"""Fields of a workspace, and what a step asks for."""

from __future__ import annotations

import pytest

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import filter as lead_filter, leads, people, step_needs, views
from tui_crm.core.setup import fields, pipelines, tags
from tui_crm.core.store import undo


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  two   words ", "two words"),
        ("number", "1,250", "1,250"),
        ("money", "12.4k", "€12,400"),
        ("day", "2026-12-24", "2026-12-24"),
        ("day", "24 dec", "2026-12-24"),
        ("choice", "indu", "Industry"),
        ("phone", "+49 30 901820 44", "+49 30 901820 44"),
        ("email", "a@acme.example", "a@acme.example"),
        ("web", "https://acme.example/de?x=1", "https://acme.example/de?x=1"),
        ("money", "-", ""),
    ],
)
def test_a_value_is_read_by_the_kind_of_its_field(session, kind, typed, kept):
    choices = ("Food", "Industry") if kind == "choice" else ()
    fields.add(session, "One", kind, choices=choices)
    assert fields.read(session, fields.named(session.store, "ONE"), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "many"),
        ("money", "a lot"),
        ("day", "never"),
        ("choice", "Fish"),
        ("phone", "12"),
        ("email", "anna at acme"),
        ("web", "no web"),
    ],
)
def test_what_is_no_value_is_refused(session, kind, typed):
    choices = ("Food", "Industry") if kind == "choice" else ()
    fields.add(session, "One", kind, choices=choices)
    with pytest.raises(CrmError):
        fields.read(session, fields.named(session.store, "one"), typed)


def test_values_are_lines_of_the_description(session):
    before = "met at the fair\nBudget: 5\nSector: Food\n    and drink"
    assert fields.with_value(before, "budget", "6k") == before.replace("Budget: 5", "Budget: 6k")
    assert fields.with_value(before, "SECTOR", "") == "met at the fair\nBudget: 5"
    assert fields.with_value("", "City", "Rome") == "City: Rome"


def test_a_field_that_is_renamed_is_renamed_in_every_lead(session):
    fields.add(session, "Budget", "money")
    number = leads.create(session, "One", description="budget: €5,000\nother words: budget: no")
    fields.edit(session, "budget", new_name="Money")
    assert views.one(session, number).description == "Money: €5,000\nother words: budget: no"
    assert len(lead_filter.listing(session, "money>4000")) == 1
    undo.undo(session)
    assert views.one(session, number).fields["budget"] == "€5,000"


def test_fields_have_an_order_of_their_own_and_two_of_one_name_are_one(session):
    for name in ("A", "B", "C"):
        fields.add(session, name)
    fields.edit(session, "C", place=1)
    assert [one.name for one in fields.rows(session.store)] == ["C", "A", "B"]
    fields.add(session, "A", subject="client")
    fields.add(session, "Turnover", "money", subject="client")
    fields.edit(session, "turnover", new_name="Sales")
    assert [one.name for one in fields.rows(session.store, "client")] == ["A", "Sales"]
    with pytest.raises(CrmError):
        fields.add(session, " a ")
    with pytest.raises(CrmError):
        fields.add(session, "D", "choice", choices=["only one"])
    with pytest.raises(NotFound, match="There is no field D"):
        fields.retire(session, "D")


@pytest.fixture
def asking(session):
    """A lead on the first step; the third asks for an amount and a field, the second a person."""
    fields.add(session, "Budget", "money")
    store = session.store
    pipelines.edit_step(session, "2", needs=step_needs.stored(store, ["person"]))
    pipelines.edit_step(session, "3", needs=step_needs.stored(store, ["amount", "BUDGET"]))
    return leads.create(session, "One")


def test_a_lead_is_not_moved_on_without_what_the_steps_ask_for(session, asking):
    steps = [step.id for step in views.steps(session)]
    lead = views.one(session, asking)
    assert [n.label for n in step_needs.missing(session, lead, steps[2])] == [
        "person",
        "amount",
        "Budget",
    ]
    with pytest.raises(CrmError, match="needs: person, amount, Budget"):
        leads.set_step(session, asking, steps[2])
    people.add(session, asking, "Anna")
    leads.move_step(session, asking, 1)
    leads.set_amount(session, asking, 500)
    leads.set_description(session, asking, "budget: 7")
    leads.set_step(session, asking, steps[2])
    leads.set_amount(session, asking, None)
    leads.set_step(session, asking, steps[0])  # back asks for nothing
    assert views.one(session, asking).step_place == 1
    with pytest.raises(CrmError, match="One of: amount"):
        step_needs.stored(session.store, ["shoe size"])


def test_a_lead_that_stands_on_its_step_for_too_long_is_found(session, clock):
    pipelines.edit_step(session, "1", target_days=7)
    number = leads.create(session, "One")
    other = leads.create(session, "Two")
    leads.move_step(session, other, 1)
    clock.go(days=7)
    assert not views.one(session, number).step_late
    clock.go(days=1)
    lead = views.one(session, number)
    assert lead.step_late and lead.in_step == 8
    assert list(lead_filter.listing(session, "is:stuck").numbers) == [number]
    leads.move_step(session, number, 1)
    assert views.one(session, number).in_step == 0


def test_a_ninth_step_and_one_called_as_a_status_are_warned_of(session):
    assert not pipelines.warnings(session.store, "Proposal")
    (words,) = pipelines.warnings(session.store, "Closed Won")
    assert "is a status" in words
    assert pipelines.warnings(session.store, "Verloren") and pipelines.warnings(
        session.store, "perdu"
    )
    for n in range(5):
        pipelines.add_step(session, f"More {n}")
    assert "9 steps" in pipelines.warnings(session.store, "More 4")[0]


def test_mandatory_categories_of_which_a_lead_has_no_tag(session):
    tags.add(session, "Food", "Sector")
    tags.add(session, "Fair", "Source")
    number = leads.create(session, "One", tag_names=["Fair"])
    assert not tags.lacking(session.store, number)
    tags.set_category(session, "Sector", True, letter="S", colour="teal")
    tags.set_category(session, "Source", True)
    (sector,) = tags.lacking(session.store, number)
    assert (sector.name, sector.letter, sector.colour, sector.tags) == (
        "Sector",
        "S",
        "teal",
        ("Food",),
    )
    tags.set_category(session, "Sector", letter="x")
    assert tags.lacking(session.store, number)[0].mandatory
    for wrong in ({"letter": "AB"}, {"colour": "red"}):
        with pytest.raises(CrmError):
            tags.set_category(session, "Sector", **wrong)


def test_leads_are_sorted_by_a_field_those_without_it_last(session):
    fields.add(session, "Budget", "money")
    fields.add(session, "Decides on", "day")
    made = {
        name: leads.create(session, name, description=text)
        for name, text in (
            ("a", "Budget: €900\nDecides on: 2027-01-05"),
            ("b", "budget: 12,000"),
            ("c", "nothing"),
            ("d", "Budget: €2,500\nDecides on: 2026-12-24"),
        )
    }
    order = {number: name for name, number in made.items()}

    def found(line):
        return "".join(order[n] for n in lead_filter.listing(session, line).numbers)

    assert found("sort:budget") == "adbc" and found("sort:-budget") == "bdac"
    assert found("sort:decideson") == "dabc"
    assert list(lead_filter.first(session, "sort:-budget", 2).numbers) == [made["b"], made["d"]]
    assert "there is no such order" in lead_filter.parse(session, "sort:shoes").problems[0]


def test_fields_are_shown_in_the_order_of_the_workspace_and_typed(session):
    fields.add(session, "Decides", "day")
    fields.add(session, "Budget", "money")
    number = leads.create(session, "One", description="Other: x\nbudget: €5\nDecides: 2026-12-24")
    shown = views.one(session, number).shown_fields
    assert [label for label, _value in shown] == ["Decides", "Budget", "Other"]
    assert "24 Dec" in shown[0][1]
