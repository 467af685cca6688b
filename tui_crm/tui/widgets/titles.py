"""A lead's title as two things: the company, which one looks for, and what it is about.

``Acme GmbH: website relaunch`` is the company strong and the subject dim, in two columns where
there are rows under each other. A title without a colon is all company. The column is soft: a long
company takes what it needs of it and a long subject begins earlier, so that nothing is cut which
has room in the row.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui_crm.core.text import width as width_of
from tui_crm.tui.widgets.lines import Line, cell, make

GAP = 2  # cells between company and subject
SOME = 4  # cells of a subject that are worth to be shown


def split(title: str) -> tuple[str, str]:
    """Company and subject of a title; no subject where there is no colon between two words."""
    company, _colon, subject = title.partition(": ")
    return (company, subject.strip()) if company.strip() and subject.strip() else (title, "")


def in_line(title: str, company_token: str = "strong", subject_token: str = "dim") -> Line:
    """A title in a line of its own: ``Acme GmbH  website relaunch``."""
    company, subject = split(title)
    return make(
        (company, company_token), (f"{' ' * GAP}{subject}" if subject else "", subject_token)
    )


def in_cells(
    title: str,
    width: int,
    column: int,
    company_token: str = "strong",
    subject_token: str = "dim",
) -> Line:
    """A title in exactly ``width`` cells, its subject at ``column`` where it has room there."""
    return side_by_side(*split(title), width, column, company_token, subject_token)


def side_by_side(
    company: str,
    subject: str,
    width: int,
    column: int,
    company_token: str = "strong",
    subject_token: str = "dim",
) -> Line:
    """`in_cells` for what is two texts already."""
    at = max(width_of(company) + GAP, min(column, width - width_of(subject)))
    if not subject or at + min(SOME, width_of(subject)) > width:
        return (cell(company, width, company_token),)
    return (cell(company, at, company_token), cell(subject, width - at, subject_token))


def longest(titles: Iterable[str]) -> int:
    """Cells of the longest of these titles."""
    return max((width_of(title) for title in titles), default=0)


def in_columns(titles: Iterable[str]) -> int:
    """Cells that the longest company and the longest subject of these titles take in two columns,
    or the longest title without a subject."""
    parts = [split(title) for title in titles]
    whole = max((width_of(title) for title, subject in parts if not subject), default=0)
    companies = max((width_of(company) + GAP for company, subject in parts if subject), default=0)
    subjects = max((width_of(subject) for _company, subject in parts), default=0)
    return max(whole, companies + subjects)


def column_of(titles: Iterable[str], width: int) -> int:
    """Where the subjects of these titles begin in ``width`` cells: behind the longest company, but
    no further than leaves room for the longest subject, and never in the first third."""
    parts = [split(title) for title in titles]
    companies = max((width_of(company) for company, subject in parts if subject), default=0)
    subjects = max((width_of(subject) for _company, subject in parts), default=0)
    return max(min(companies + GAP, width - subjects), width // 3)
