"""Reports as a page of HTML: every figure is on it, no name breaks out of its text, no script."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import pytest

from tests.core.reports.test_opened import full  # noqa: F401
from tui_crm.core import reports
from tui_crm.core.exchange.writers import report_page
from tui_crm.core.exchange.writers.reports import text_of, unit_of, value_of
from tui_crm.core.leads import leads
from tui_crm.core.reports import Filters
from tui_crm.core.team import goals, members

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;\x1b]0;x\x07"
VOID = {"meta", "br"}


class Page(HTMLParser):
    """The tags and the text of a page; raises for a tag that closes another one."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def page_of(session, name, **filters):
    out = io.BytesIO()
    report = reports.run(session, name, Filters(**filters))
    report_page.write(session, report, out)
    return report, Page(out.getvalue().decode("utf-8"))


def check_nothing_runs(page):
    assert not {"script", "img", "iframe", "link", "object", "a"} & set(page.tags)
    assert not any(name.startswith("on") or name in ("src", "href") for name in page.attributes)


@pytest.mark.parametrize("name", [info.name for info in reports.names()])
def test_every_figure_of_a_report_is_on_its_page(full, name):  # noqa: F811
    session = full.session
    report, page = page_of(session, name, period="2026-10..2026-12", compare="previous")
    check_nothing_runs(page)
    words = "\n".join(page.words)
    assert report.title in words
    for part in (*report.parts, *report.before.parts):
        if part.table == "running":
            continue  # drawn: a column a day
        for row in (*part.rows, *([part.totals] if part.rows else [])):
            for column in part.columns:
                shown = text_of(session, unit_of(column, row), value_of(session, column, row))
                is_total = row is part.totals
                if not is_total or (column.unit != "text" and part.table != "open_by_rep"):
                    assert shown in words, (part.table, column.key)
    for note in report.notes:
        assert note in words


def test_names_of_strangers_stay_text(session):
    members.add_user(session, "eve", full_name=HOSTILE)
    leads.create(session, HOSTILE, amount=5000, company=HOSTILE, source=HOSTILE)
    leads.create(session, "Acme", amount=100, tag_names=[HOSTILE])
    goals.put(session, "leads", "month", 9)
    for name in ("clients", "sources", "roi", "ageing", "dashboard", "goals", "now"):
        _report, page = page_of(session, name)
        check_nothing_runs(page)
        assert "\x1b" not in "".join(page.words)
    _report, page = page_of(session, "clients")
    assert "<script>alert(1)</script>" in "".join(page.words), "shown as it is called"


def test_the_dashboard_is_one_page_with_its_figures_large(session):
    leads.create(session, "Acme", amount=5000_00)
    leads.create(session, "Bolt", amount=2500_00)
    report, page = page_of(session, "dashboard")
    at = page.words.index("open amount")
    assert page.words[at - 1] == "€7,500" and "Won by month" in page.words
    assert page.tags.count("h1") == 1 and page.tags.count("html") == 1
    assert report.totals["amount"] == 7500_00
