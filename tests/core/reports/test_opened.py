"""Every figure of every report opens, and what it opens to gives the figure again."""

from statistics import mean, median

import pytest

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.errors import NotFound
from tui_crm.core.reports import TOTAL, Filters, Rate
from tui_crm.core.store import tables as t

NAMES = [info.name for info in reports.names()]
PERIOD = {"goals": "", "velocity": "", "ageing": ""}
FIGURES = ("count", "money", "rate", "ratio", "days", "minutes", "goal")


@pytest.fixture
def full(session):
    """Something of everything, within the last quarter."""
    story = Story(session)
    story.user("ben", zone="America/New_York", team="North")
    story.tag("Fair")
    story.goal("calls", "week", 20, "ana")
    story.goal("amount", "quarter", 90_000_00)
    story.goal("wins", "month", 9)
    story.goal("leads", "all", 90)
    book = story.list("Fair 2026")
    for n in range(14):
        prospect = story.prospect(book, zone="Europe/London" if n % 2 else "")
        owner = "ana" if n % 3 else "ben"
        day = f"2026-10-{n + 1:02d}"
        story.call(
            owner,
            f"{day} 1{n % 8}:10",
            reached=n % 2 == 0,
            prospect=prospect,
            list_id=book,
            minutes=2.25,
        )
        lead = story.lead(
            day,
            owner=owner,
            amount=None if n == 4 else 1000 + n,
            list_id=book,
            prospect_id=prospect,
            source="fair",
            tags=("Fair",) if n % 2 else (),
            expected=None if n % 4 == 0 else f"2026-1{n % 3}-24",
        )
        story.act(owner, f"{day} 19:00", "email", lead=lead)
        story.act(owner, f"{day} 19:05", "note", lead=lead)
        if n == 3:
            story.act(owner, f"{day} 19:20", "visit", reached=True, lead=lead)
            acme = t.Client.insert(name="Acme", match="acme", created_at=story.now).execute()
            t.Lead.update(client_id=acme).where(t.Lead.id == lead).execute()
        if n % 2:
            story.move(lead, "Contacted", f"2026-10-{n + 5:02d}")
        if n < 9:
            status = ("won", "won", "lost", "won", "won", "cancelled")[n % 6]
            story.close(
                lead,
                status,
                f"2026-11-{n + 3:02d}",
                {"lost": "No need", "cancelled": "Duplicate"}.get(status),
            )
    return story


def options(name):
    return {"period": PERIOD.get(name, "2026-10..2026-12")}


def figures(report, part=0):
    for key, row in [*zip(report.keys, report.rows, strict=True), (TOTAL, report.totals)]:
        for column in report.columns:
            if column.unit in FIGURES and not (report.name == "goals" and key == TOTAL):
                yield part, key, column, row[column.key]
    for place, table in enumerate(report.more, 1):
        yield from figures(table, place)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_opens_to_rows_that_give_it_again(full, name):
    session, asked = full.session, options(name)
    amounts = dict(session.store.rows("SELECT id, COALESCE(amount, 0) FROM leads"))
    seconds = dict(session.store.rows("SELECT id, COALESCE(seconds, 0) FROM actions"))
    opened_any = False
    for part, key, column, value in figures(reports.run(session, name, Filters(**asked))):
        opened = reports.open_figure(session, name, key, column.key, Filters(**asked), part=part)
        assert opened.value == value
        assert opened.formula or column.key in ("target",)
        behind = opened.leads or opened.actions or opened.prospects
        opened_any = opened_any or bool(behind)
        assert opened.counted == len(behind) == len(set(behind))
        if isinstance(value, Rate):
            assert (opened.numerator, opened.denominator) == (value.n, value.d)
        elif column.unit == "count" and column.key not in (
            "days_gone",
            "days",
            "calls_needed",
            "clicked",
        ):
            if column.key != "median":
                assert value == opened.counted, (key, column.key)
        elif column.key in ("won_amount", "open_amount", "amount", "older_amount"):
            assert value == sum(amounts[n] for n in behind), (key, column.key)
        elif column.key == "average_won" and value is not None:
            assert value == pytest.approx(mean(amounts[n] for n in behind), abs=0.5)
        elif column.key == "minutes":
            assert value == round(sum(seconds[n] for n in behind) / 60, 1)
    # The score tells nothing of so few closed leads; test_score opens its figures.
    assert opened_any is (name != "score")


def test_cycle_opens_to_the_leads_it_is_the_median_of(full):
    opened = reports.open_figure(
        full.session, "company", TOTAL, "cycle_median_days", Filters(period="2026-11")
    )
    days = full.session.store.rows(
        "SELECT id, created_on, closed_on FROM leads WHERE status = 'won'"
    )
    from datetime import date

    cycles = [(date.fromisoformat(b) - date.fromisoformat(a)).days for _n, a, b in days]
    assert set(opened.leads) == {row[0] for row in days}
    assert opened.value == median(cycles)


def test_the_win_rate_says_what_it_left_out(full):
    opened = reports.open_figure(
        full.session, "company", TOTAL, "win_rate", Filters(period="2026-11")
    )
    assert (opened.numerator, opened.denominator) == (6, 8)
    assert [reason for _lead, reason in opened.left_out] == ["cancelled"]
    assert "won / (won + lost)" in opened.formula


@pytest.mark.parametrize("name", NAMES)
def test_every_report_stands_on_an_empty_store(session, name):
    report = reports.run(session, name)
    assert report.columns and report.formulas
    for _part, key, column, value in figures(report):
        opened = reports.open_figure(session, name, key, column.key, part=_part)
        assert opened.counted == 0
        if isinstance(value, Rate):
            assert value == Rate(0, 0) and value.value is None
        else:
            assert value in (0, None)


@pytest.mark.parametrize("name", NAMES)
def test_every_report_takes_every_filter(full, name):
    filters = Filters(
        period="2026-11",
        by="week",
        rep=("ana",),
        team=("north",),
        tag=("fair",),
        pipeline="sales",
        list_name="fair 2026",
        compare="",
        as_of="2026-11-20",
    )
    assert reports.run(full.session, name, filters).filters == filters


def test_the_menu_has_nine_digits():
    assert [(info.digit, info.name) for info in reports.names()][:9] == [
        (1, "company"),
        (2, "activity"),
        (3, "pipeline"),
        (4, "forecast"),
        (5, "hours"),
        (6, "team"),
        (7, "leads"),
        (8, "lists"),
        (9, "goals"),
    ]
    assert all(info.title and info.sentence for info in reports.names())


def test_what_is_not_there_is_said(session):
    with pytest.raises(NotFound, match="company"):
        reports.run(session, "companies")
    with pytest.raises(NotFound):
        reports.open_figure(session, "company", "1999-01", "won")


KEYS = {
    "company": "period created won won_amount won_without_amount average_won lost cancelled"
    " win_rate win_rate_all cycle_mean_days cycle_median_days created_amount growth",
    "team": "rep created won won_amount won_without_amount average_won lost cancelled"
    " win_rate win_rate_all cycle_mean_days cycle_median_days created_amount",
    "leads": "cohort created won lost cancelled open win_rate young",
    "activity": "rep period kind outcome count reached minutes follow_up average_minutes",
    "pipeline": "step entered converted pending lost_here conversion median_days",
    "lists": "list rows called reached leads won won_amount calls calls_per_lead",
    "forecast": "period won_amount open_amount weighted_amount leads low_amount high_amount",
    "reasons": "reason status count amount",
}


@pytest.mark.parametrize("name", KEYS)
def test_the_keys_are_the_contract_of_the_command_line(full, name):
    report = reports.run(full.session, name, Filters(**options(name)))
    wanted = KEYS[name].split()
    assert [column.key for column in report.columns] == wanted
    assert list(report.totals) == wanted
    assert report.rows and all(list(row) == wanted for row in report.rows)
