"""Lists: what each prospect list brought, its scripts, its columns; and the page of one list."""

from __future__ import annotations

from tui_crm.core.reports.lists import by_column, by_list, by_script
from tui_crm.core.reports.lists.segments import SCRIPT
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Table
from tui_crm.core.text import fold


def compute(q: Question) -> Table:
    """One row for each prospect list, or for each segment of `Question.cut`: the wordings of the
    scripts, the values of a column. Raises CrmError for a column without a list, NotFound for one
    that the list has not."""
    if not q.cut:
        return by_list.compute(q)
    return by_script.by_script(q) if fold(q.cut) == SCRIPT else by_column.by_column(q)
