"""Rows as named values, Peewee conditions inside plain SQL, and the types of rows."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, get_type_hints

import pytest
from peewee import JOIN, TextField, fn

import tui_crm
from tui_crm.core.leads import leads
from tui_crm.core.store import columns, tables
from tui_crm.core.store.query import typed_row
from tui_crm.core.store.tables import Contact, Lead, User


@dataclass(frozen=True)
class Starred:
    title: str
    starred: bool
    rank: int = 7


class Amount(NamedTuple):
    id: int
    amount: int | None


def test_rows_are_read_as_values_whose_flags_are_booleans(session):
    one = leads.create(session, "One", amount=500)
    two = leads.create(session, "Two")
    leads.star(session, two)
    store = session.store
    rows = store.read(Starred, "SELECT title, starred FROM leads ORDER BY id")
    assert rows == [Starred("One", False), Starred("Two", True)]
    assert [row.starred for row in rows] == [False, True]
    assert all(type(row.starred) is bool for row in rows)
    amounts = store.read(Amount, "SELECT id, amount FROM leads WHERE id >= ? ORDER BY id", (one,))
    assert amounts == [Amount(one, 500), Amount(two, None)]


def test_one_row_or_none(session):
    number = leads.create(session, "One", amount=500)
    query = "SELECT id, amount FROM leads WHERE id = ?"
    found, gone = session.store.fetch_all(
        typed_row(Amount, query, (number,)),
        typed_row(Amount, query, (0,)).map(lambda row: "none" if row is None else row),
    )
    assert (found, gone) == (Amount(number, 500), "none")


def test_a_condition_is_rendered_into_a_plain_statement(session):
    """Tables by their own names, queries inside in brackets, a value for each mark."""
    number = leads.create(session, "100% of 'it'?", contact="Anna", amount=500)
    leads.create(session, "Other", contact="Ben", amount=500)
    condition = (Lead.amount == 500) & Lead.id.in_(
        Contact.select(Contact.lead_id).where(Contact.name == "Anna", Contact.lead_id == Lead.id)
    )
    condition &= Lead.title.contains("100% of 'it'?")
    sql, params = session.store.render(condition)
    found = session.store.rows(
        f"SELECT leads.id FROM leads WHERE status = ? AND {sql}", ["open", *params]
    )
    assert found == [(number,)]
    assert session.store.rows(f"SELECT id FROM leads WHERE NOT ({sql})", params) != []


def test_a_query_of_models_gives_plain_rows(session):
    number = leads.create(session, "Acme", amount=500, owner_id=None)
    query = (
        Lead.select(Lead.id, fn.COALESCE(User.name, "nobody"))
        .join(User, JOIN.LEFT_OUTER, on=(User.id == Lead.owner_id))
        .where(Lead.title.startswith("ac"))
    )
    assert session.store.select(query) == [(number, "nobody")]


TYPED = {
    tables.ProspectList: columns.ListColumns,
    tables.Lead: columns.LeadColumns,
    tables.Contact: columns.ContactColumns,
    tables.Prospect: columns.ProspectColumns,
    tables.Action: columns.ActionColumns,
    tables.Outcome: columns.OutcomeColumns,
    tables.Seat: columns.SeatColumns,
}


@pytest.mark.parametrize("model", TYPED)
def test_the_types_of_rows_are_those_of_the_tables(model):
    hints = get_type_hints(TYPED[model])
    expected = {}
    for name in model._meta.sorted_field_names:
        field = model._meta.fields[name]
        kind = str if isinstance(field, TextField) else int
        expected[name] = kind | None if field.null else kind
    assert hints == expected


def test_operations_write_columns_that_exist():
    """Also where mypy cannot tell: the columns named in every ``w.insert`` and ``w.update``."""
    models = {model.__name__: model for model in tables.TABLES}
    checked, wrong = 0, []
    for path in sorted(Path(tui_crm.__file__).parent.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in ("insert", "update")
                and call.args
                and isinstance(call.args[0], ast.Name)
                and call.args[0].id in models
            ):
                continue
            model = models[call.args[0].id]
            names = {keyword.arg for keyword in call.keywords if keyword.arg}
            checked += len(names)
            wrong += [
                f"{path.name}:{call.lineno}: {model.__name__} has no column {name}"
                for name in names - set(model._meta.fields)
            ]
    assert wrong == []
    assert checked > 100
