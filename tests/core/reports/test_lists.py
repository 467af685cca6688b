"""Lists cut by script and by column: worked out by hand through the operations of a rep, and
against a second computation over random stores. Every figure opens to what it was counted from."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.core.lists import prospects
from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.calling import (
    answer_rates,
    operations as calling,
    outcome_rules,
    session as calling_session,
)
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import closing
from tui_crm.core.lists import lists, merge as list_merge
from tui_crm.core.reports import TOTAL, Filters, Rate
from tui_crm.core.reports.lists import by_column, by_script, page as list_page
from tui_crm.core.store import open_store, tables as t, undo
from tui_crm.core.team.sign_in import sign_in

COLUMNS = [{"name": "Firma", "field": "company"}, {"name": "Sector", "field": None}]
SECTORS = ("Dental", "dental ", "Hotel", "Hôtel", "", 'Say "hi", \\ you', "Dental", "Wine")
ON_LIST = {"list_name": "Fair"}


def by(session, what, **asked):
    """The rows by the first column, each as (called, reached, calls, leads, won, amount)."""
    report = reports.run(session, "lists", Filters(by=what, **asked))
    texts = [c.key for c in report.columns if c.unit == "text"]
    return {
        tuple(row[name] for name in texts): (
            row["called"],
            row["reached"],
            row["calls"],
            row["leads"],
            row["won"],
            row["won_amount"],
        )
        for row in report.rows
    }


def opened(session, report, **asked):
    """Every figure of a report, opened."""
    for key, row in [*zip(report.keys, report.rows, strict=True), (TOTAL, report.totals)]:
        for column in report.columns:
            if column.unit != "text":
                found = reports.open_figure(session, "lists", key, column.key, Filters(**asked))
                yield key, column, row[column.key], found


def figures_open_to_themselves(session, **asked):
    """Each count is the count of what it opens to; the sums are those of the rows behind."""
    amounts = dict(session.store.rows("SELECT id, COALESCE(amount, 0) FROM leads"))
    report = reports.run(session, "lists", Filters(**asked))
    for key, column, value, found in opened(session, report, **asked):
        behind = found.leads or found.actions or found.prospects
        assert found.value == value and found.formula, (key, column.key)
        assert found.counted == len(behind) == len(set(behind))
        if isinstance(value, Rate):
            assert (found.numerator, found.denominator) == (value.n, value.d)
            assert found.counted == (value.d if column.unit == "rate" else value.n)
        elif column.unit == "money":
            assert value == sum(amounts[n] for n in behind)
        else:
            assert value == found.counted, (key, column.key)
    return report


# -- by hand ---------------------------------------------------------------------------------------


@pytest.fixture
def fair(session):
    """A list of eight with a script, not yet called."""
    number = lists.create(session, "Fair", COLUMNS, "fair.csv")
    lists.add_rows(
        session,
        number,
        [
            lists.NewRow(
                n + 2,
                (f"Firm {n}", sector),
                {"company": f"Firm {n}"},
                [("phone", f"+3460000000{n}", f"+3460000000{n}")],
            )
            for n, sector in enumerate(SECTORS)
        ],
    )
    lists.set_script(session, number, "Hello\n[1] no time\nWhen?\n[2] by mail\nTo whom?")
    return number


def call(session, clock, row, digit, path=""):
    clock.go(minutes=3)
    calling_session.open_row(session, row)
    return calling.outcome(session, row, digit, script_path=path, seconds=30).lead_id


@pytest.fixture
def called(session, clock, fair):
    """Six calls with the first wording, then two with the second, three leads, one of them won."""
    rows = prospects.ids(session, fair)
    call(session, clock, rows[0], 1, "1 no time")
    call(session, clock, rows[1], 3)
    call(session, clock, rows[2], 2, "1 no time > 2 by mail")
    call(session, clock, rows[3], 3)
    won = call(session, clock, rows[4], 1)
    call(session, clock, rows[5], 2, "1 no time")
    lists.set_script(session, fair, "Good morning")
    clock.go(hours=5)
    call(session, clock, rows[1], 7)
    clock.go(days=1)
    call(session, clock, rows[1], 1)
    closing.won(session, won, amount=250_000)
    return rows


def test_by_script_each_wording_and_path_has_its_row(session, called, fair):
    first, second = wordings(session, fair)
    assert by(session, "script") == {
        ("Fair", first, "opening only"): (3, 1, 3, 1, 1, 250_000),
        ("Fair", first, "1 no time"): (2, 2, 2, 1, 0, 0),
        ("Fair", first, "1 no time > 2 by mail"): (1, 1, 1, 0, 0, 0),
        ("Fair", second, "opening only"): (1, 1, 2, 1, 0, 0),
    }
    report = figures_open_to_themselves(session, by="script")
    assert (report.totals["called"], report.totals["reached"]) == (6, 5)
    assert "once in the totals" in report.notes[0]


def wordings(session, list_id):
    number = lists.get(session, list_id).script_no
    return by_script.wording(number - 1), by_script.wording(number)


def test_calls_from_before_scripts_were_kept_have_no_script(session, clock, fair):
    rows = prospects.ids(session, fair)
    call(session, clock, rows[0], 3)
    t.Action.update(script_no=None).execute()
    lists.add_rows(session, fair, [])
    calling.convert(session, rows[1])
    assert by(session, "script") == {("Fair", "no script", "–"): (1, 0, 1, 1, 0, 0)}
    figures_open_to_themselves(session, by="script")


def test_by_column_puts_spellings_together_and_the_empty_last(session, called, fair):
    assert by(session, "sector", **ON_LIST) == {
        ("Dental",): (2, 2, 4, 2, 0, 0),
        ("Hotel",): (2, 1, 2, 0, 0, 0),
        ('Say "hi", \\ you',): (1, 1, 1, 0, 0, 0),
        ("Wine",): (0, 0, 0, 0, 0, 0),
        ("–",): (1, 1, 1, 1, 1, 250_000),
    }
    report = figures_open_to_themselves(session, by="Sector", **ON_LIST)
    assert [row["rows"] for row in report.rows] == [3, 2, 1, 1, 1]
    assert report.columns[0].label == "Sector" and report.filters.by == "Sector"


def test_by_column_agrees_with_the_list_as_a_whole(session, called):
    whole = reports.run(session, "lists", Filters(**ON_LIST)).totals
    cut = reports.run(session, "lists", Filters(by="Sector", **ON_LIST)).totals
    for name in ("rows", "called", "reached", "leads", "won", "won_amount", "calls"):
        assert cut[name] == whole[name], name


def test_an_undone_call_counts_nowhere(session, clock, called):
    before = by(session, "sector", **ON_LIST), by(session, "script")
    call(session, clock, called[7], 2, "1 no time")
    assert by(session, "sector", **ON_LIST) != before[0]
    undo.undo(session)
    assert (by(session, "sector", **ON_LIST), by(session, "script")) == before


def test_a_retired_outcome_counts_as_it_did(session, called):
    before = by(session, "sector", **ON_LIST), by(session, "script")
    for digit in (1, 2, 3, 7):
        outcome_rules.retire(session, "call", digit)
    assert (by(session, "sector", **ON_LIST), by(session, "script")) == before


def test_merged_rows_bring_their_calls_and_leads(session, called, fair):
    other = lists.create(session, "All fairs", [COLUMNS[1]], "all.csv")
    before = by(session, "sector", **ON_LIST)
    list_merge.merge(session, fair, other)
    assert by(session, "sector", list_name="All fairs") == before
    figures_open_to_themselves(session, by="sector", list_name="All fairs")
    assert set(by(session, "sector", **ON_LIST)) == set()


def test_only_the_period_counts_and_only_whose_it_is(session, clock, called, colleague):
    colleague("ben")
    assert by(session, "sector", rep=("ben",), **ON_LIST)[("Dental",)] == (0, 0, 0, 0, 0, 0)
    later = by(session, "sector", period="2026-11-24", **ON_LIST)
    assert later[("Dental",)] == (1, 1, 1, 1, 0, 0)
    figures_open_to_themselves(session, by="sector", period="2026-11-24", **ON_LIST)
    past = by(session, "script", as_of="2026-11-23")
    assert sum(row[2] for row in past.values()) == 7


def test_more_values_than_rows_are_others(session, clock):
    many = lists.create(session, "Many", COLUMNS, "m.csv")
    lists.add_rows(
        session,
        many,
        [lists.NewRow(n + 2, (f"Firm {n}", f"Sector {min(n, 40) % 41}")) for n in range(50)],
    )
    rows = prospects.ids(session, many)
    for row in (rows[3], rows[35], rows[45]):
        call(session, clock, row, 2)
    report = figures_open_to_themselves(session, by="Sector", list_name="Many")
    assert len(report.rows) == by_column.MOST + 1
    assert (report.rows[0]["value"], report.rows[0]["rows"]) == ("Sector 40", 10)
    assert (report.rows[-1]["value"], report.rows[-1]["rows"]) == ("others", 11)
    assert sum(row["rows"] for row in report.rows) == 50
    assert report.notes[0] == "11 more values are under others."


def test_a_value_may_be_called_total_or_others(session):
    odd = lists.create(session, "Odd", COLUMNS, "o.csv")
    names = ["total", "total", "others", "–", ""]
    lists.add_rows(session, odd, [lists.NewRow(n, ("x", s)) for n, s in enumerate(names, 2)])
    report = figures_open_to_themselves(session, by="Sector", list_name="Odd")
    found = {
        key: (row["value"], row["rows"]) for key, row in zip(report.keys, report.rows, strict=True)
    }
    assert found["=total"] == ("total", 2) and found["=others"] == ("others", 1)
    assert (
        reports.open_figure(
            session, "lists", TOTAL, "rows", Filters(by="Sector", list_name="Odd")
        ).value
        == 5
    )


def test_what_cannot_be_asked_is_refused_with_what_can(session, fair):
    with pytest.raises(CrmError, match="A column belongs to one list") as caught:
        reports.run(session, "lists", Filters(by="Sector"))
    assert "--list NAME --by Sector" in caught.value.hint
    with pytest.raises(NotFound, match="no column Size") as caught:
        reports.run(session, "lists", Filters(by="Size", **ON_LIST))
    assert caught.value.hint == "There are: Firma, Sector."
    with pytest.raises(CrmError, match="no part of a period"):
        reports.run(session, "company", Filters(by="script"))


def test_a_column_may_be_called_month_or_script(session):
    odd = lists.create(
        session, "Odd", [{"name": "Month", "field": None}, {"name": "Script", "field": None}]
    )
    lists.add_rows(session, odd, [lists.NewRow(2, ("May", "x")), lists.NewRow(3, ("May", "y"))])
    assert (
        "value" not in reports.run(session, "lists", Filters(by="month", list_name="Odd")).rows[0]
    )
    month = reports.run(session, "lists", Filters(by="column:month", list_name="Odd"))
    assert [(row["value"], row["rows"]) for row in month.rows] == [("May", 2)]
    script = reports.run(session, "lists", Filters(by="column:Script", list_name="Odd"))
    assert [row["value"] for row in script.rows] == ["x", "y"]


# -- the page --------------------------------------------------------------------------------------


def test_the_best_columns_to_sort_by_come_first(session):
    columns = [
        {"name": name, "field": "first_name" if name == "First" else None}
        for name in ("Id", "Land", "Sector", "Same", "Id", "", "First")
    ]
    number = lists.create(session, "Wide", columns, "w.csv")
    lists.add_rows(
        session,
        number,
        [
            lists.NewRow(
                n, (f"{n}", "DE" if n % 10 else "FR", f"S{n % 6}", "x", "1", "2", f"Eva {n % 9}")
            )
            for n in range(120)
        ],
    )
    found = list_page.column_choices(session, number)
    assert [(c.name, c.values, c.good) for c in found] == [
        ("Sector", 6, True),
        ("Land", 2, True),
        ("Id", 120, False),
        ("Same", 1, False),
        ("First", 9, False),
    ]


def test_the_hours_of_the_page_are_those_that_the_order_ranks_by(session, clock, called, fair):
    t.Prospect.update(zone="America/New_York").where(t.Prospect.id == called[0]).execute()
    t.Prospect.update(zone="Europe/Lisbon Europe/Madrid").where(
        t.Prospect.id == called[2]
    ).execute()
    page, ranked = list_page.answer_hours(session, fair), answer_rates.answer_rates(session, fair)
    assert page.rates == ranked
    assert page.rates.calls[1, 3] == 1 and page.rates.calls[1, 8] == 1 and page.rates.all_calls == 8
    rows = dict(zip(page.computed.report.keys, page.computed.report.rows, strict=True))
    for (day, hour), calls in ranked.calls.items():
        row = rows[f"{day}/{hour}"]
        assert row["calls"] == calls and row["reached"] == ranked.reached.get((day, hour), 0)
    for column in ("calls", "reached", "reached_rate"):
        for key in (*page.computed.report.keys, TOTAL):
            found = page.computed.open([key], column)
            value = found.value.d if isinstance(found.value, Rate) else found.value
            assert found.counted == value == len(set(found.actions)), (key, column)
    together = page.computed.open(page.computed.report.keys, "calls")
    assert together.value == together.counted == len(together.actions) == 8


def test_the_page_opens_its_figures_as_the_report_does(session, called, fair):
    for computed, asked in (
        (list_page.figures(session, fair), ON_LIST),
        (list_page.by_column(session, fair, "Sector"), {"by": "Sector", **ON_LIST}),
    ):
        assert computed.report.rows == reports.run(session, "lists", Filters(**asked)).rows
        for key in (*computed.report.keys, TOTAL):
            for column in computed.report.columns:
                if column.unit != "text":
                    alone = reports.open_figure(session, "lists", key, column.key, Filters(**asked))
                    assert computed.open([key], column.key) == alone


def test_the_page_of_a_list_that_was_never_called(session, fair):
    assert list_page.answer_hours(session, fair).computed.report.rows == ()
    assert list_page.by_column(session, fair, "Sector").report.totals["called"] == 0
    empty = lists.create(session, "Empty", [], "")
    assert list_page.column_choices(session, empty) == ()
    assert list_page.figures(session, empty).report.totals["rows"] == 0


# -- random stores, against plain Python over all rows ---------------------------------------------

values = st.sampled_from(
    ["Dental", "DENTAL", "dental  ", "Hotel", "Hôtel", "", " ", 'a"b', "\\", "None", "null"]
)
random_store = st.fixed_dictionaries(
    {
        "rows": st.lists(st.tuples(values, st.booleans()), max_size=12),
        "calls": st.lists(
            st.tuples(
                st.integers(0, 11),
                st.booleans(),
                st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 20)),
                st.sampled_from([None, 0, 1, 2]),
                st.sampled_from(["", "1 no", "1 no > 2 mail"]),
            ),
            max_size=25,
        ),
        "leads": st.lists(
            st.tuples(
                st.integers(0, 13),
                st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 20)),
                st.sampled_from(["open", "won", "lost"]),
                st.sampled_from([None, 100, 250_000]),
            ),
            max_size=8,
        ),
        "period": st.sampled_from(["all", "2026-10", "2026-11-01..2026-11-10"]),
    }
)
several = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def empty(sqlite_url, clock):
    store = open_store(sqlite_url)
    session, _said = sign_in(store, "ana", clock=clock)
    yield session
    store.close()


def fill(session, what):
    """Put the random rows into the tables; half of them on another list. The list's number."""
    store = session.store
    with store.transaction():
        for table in ("history", "actions", "leads", "prospects", "lists"):
            store.execute(f"DELETE FROM {table}")
        story = Story(session)
        ours, theirs = story.list("Fair"), story.list("Other")
        t.ProspectList.update(
            columns='[{"name":"A","field":null},{"name":"Sector","field":null}]'
        ).execute()
        rows = []
        for line, (value, away) in enumerate(what["rows"]):
            rows.append(
                story.prospect(
                    theirs if away else ours, cells=lists._encode(["x", value]), company=value
                )
            )
            t.Prospect.update(line=line).where(t.Prospect.id == rows[-1]).execute()
        for place, reached, at, script, path in what["calls"]:
            if place < len(rows):
                action = story.call(
                    "ana", at.isoformat(" ", "minutes"), reached, prospect=rows[place], list_id=ours
                )
                t.Action.update(script_no=script, script_path=path).where(
                    t.Action.id == action
                ).execute()
        for place, at, status, amount in what["leads"]:
            row = rows[place] if place < len(rows) else None
            day = at.date()
            lead = story.lead(day.isoformat(), amount=amount, list_id=ours, prospect_id=row)
            t.Lead.update(created_at=int(at.timestamp())).where(t.Lead.id == lead).execute()
            if status != "open":
                story.close(lead, status, (day + timedelta(days=2)).isoformat())
    return ours


def plainly(session, what, ours, key_of):
    """The figures by ``key_of(prospect row or None, call or None)``, from whole tables."""

    def table(model):
        return list(model.select().order_by(model.id).dicts())

    found = reports.run(session, "lists", Filters(period=what["period"])).period
    zone = session.zone
    rows = {row["id"]: row for row in table(t.Prospect)}
    calls = [c for c in table(t.Action) if c["list_id"] == ours]
    parts = {}

    def part(name):
        return parts.setdefault(
            name, {"called": set(), "reached": set(), "calls": 0, "leads": 0, "won": 0, "amount": 0}
        )

    for one in calls:
        if datetime.fromtimestamp(one["at"], zone).date() in found:
            mine = part(key_of(rows.get(one["prospect_id"]), one))
            mine["calls"] += 1
            mine["called"].add(one["prospect_id"])
            if one["reached"]:
                mine["reached"].add(one["prospect_id"])
    for lead in table(t.Lead):
        before = [
            c
            for c in table(t.Action)
            if c["prospect_id"] == lead["prospect_id"]
            and lead["prospect_id"] is not None
            and c["at"] <= lead["created_at"]
        ]
        last = max(before, key=lambda c: (c["at"], c["id"]), default=None)
        name = key_of(rows.get(lead["prospect_id"]), last)
        if found.first.isoformat() <= lead["created_on"] <= found.last.isoformat():
            part(name)["leads"] += 1
        if (
            lead["status"] == "won"
            and found.first.isoformat() <= lead["closed_on"] <= found.last.isoformat()
        ):
            part(name)["won"] += 1
            part(name)["amount"] += lead["amount"] or 0
    return {
        name: (len(p["called"]), len(p["reached"]), p["calls"], p["leads"], p["won"], p["amount"])
        for name, p in parts.items()
    }


NAMES = {"dental": "Dental", "hotel": "Hotel", "": "–"}


@several
@given(random_store)
def test_by_column_against_plain_python(empty, what):
    ours = fill(empty, what)

    def value(row, _call):
        if row is None or row["list_id"] != ours:
            return "–"
        return " ".join(row["company"].casefold().replace("ô", "o").split()) or "–"

    asked = {"list_name": "Fair", "period": what["period"]}
    told = {}
    for (label,), found in by(empty, "Sector", **asked).items():
        told[" ".join(label.casefold().replace("ô", "o").split())] = found
    expected = plainly(empty, what, ours, value)
    nothing = (0, 0, 0, 0, 0, 0)
    assert {k: v for k, v in told.items() if v != nothing} == {
        k: v for k, v in expected.items() if v != nothing
    }
    sizes = reports.run(empty, "lists", Filters(by="Sector", **asked))
    assert sum(row["rows"] for row in sizes.rows) == sum(not away for _v, away in what["rows"])
    figures_open_to_themselves(empty, by="Sector", **asked)


@several
@given(random_store)
def test_by_script_against_plain_python(empty, what):
    ours = fill(empty, what)

    def said(_row, one):
        number = (one["script_no"] or 0) if one else 0
        path = one["script_path"] if one else ""
        return (
            "Fair",
            f"script {number}" if number else "no script",
            path or ("opening only" if number else "–"),
        )

    asked = {"period": what["period"]}
    assert by(empty, "script", **asked) == plainly(empty, what, ours, said)
    figures_open_to_themselves(empty, by="script", **asked)
