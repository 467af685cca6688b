"""What a screen shows as a file: a list of leads with its columns in its order, the feed with its
filter, a prospect list, a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from tui_crm.core import feed, money
from tui_crm.core.exchange.writers import export, formats
from tui_crm.core.exchange.writers.formats import Value
from tui_crm.core.leads import views as lead_views
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.text import _

CHUNK = 400  # leads read at once
MOST = 1_000_000  # entries of the feed that are written

Get = Callable[[LeadView, Session], Value]


def _amount(lead: LeadView, session: Session) -> Value:
    return None if lead.amount is None else money.decimal(lead.amount, session.currency)


def _next(lead: LeadView, _session: Session) -> Value:
    return (lead.next.at or lead.next.day) if lead.next else None


LEAD: dict[str, Get] = {
    "number": lambda lead, _session: lead.number,
    "title": lambda lead, _session: lead.title,
    "amount": _amount,
    "percent": lambda lead, _session: lead.probability,
    "close": lambda lead, _session: lead.expected_close,
    "next": _next,
    "next_text": lambda lead, _session: lead.next.text if lead.next else None,
    "step": lambda lead, _session: lead.step,
    "contacted": lambda lead, _session: lead.contacted,
    "age": lambda lead, _session: lead.age,
    "idle": lambda lead, _session: lead.idle,
    "owner": lambda lead, _session: lead.owner,
    "client": lambda lead, _session: lead.client,
    "tags": lambda lead, _session: "; ".join(lead.tags),
    "created": lambda lead, _session: lead.created,
    "source": lambda lead, _session: lead.source,
    "score": lambda lead, _session: None if lead.chance is None else round(lead.chance, 4),
    "status": lambda lead, _session: lead.status,
}
"""The columns of a list of leads by the name that a filter gives them."""


def leads(
    session: Session, numbers: Sequence[int], columns: Sequence[str], form: str, out: BinaryIO
) -> int:
    """Write these leads in their order with these columns (of `LEAD`; others are fields of the
    workspace), number and title before them; how many there were."""
    names = list(dict.fromkeys(("number", "title", *columns)))
    if "next" in names:
        names.insert(names.index("next") + 1, "next_text")

    def rows() -> Iterator[Sequence[Value]]:
        for start in range(0, len(numbers), CHUNK):
            part = list(numbers[start : start + CHUNK])
            found = {
                lead.number: lead
                for lead in lead_views.by_numbers(session, part, scored="score" in names)
            }
            for number in part:
                if (lead := found.get(number)) is not None:
                    yield [_value(lead, session, name) for name in names]

    return formats.write(form, names, rows(), out)


def _value(lead: LeadView, session: Session, name: str) -> Value:
    get = LEAD.get(name)
    return get(lead, session) if get is not None else lead.fields.get(name)


def entries(session: Session, query: str, form: str, out: BinaryIO) -> int:
    """Write the feed that a filter line finds, the newest first; how many entries there were.
    Raises CrmError for a word of the line that makes no sense."""
    found = feed.feed(session, query, most=MOST)
    rows = (
        [row.at, row.by, row.kind, row.text, row.lead_id, _("undone") if row.undone else None]
        for row in found
    )
    return formats.write(form, ["at", "by", "kind", "text", "lead", "undone"], rows, out)


def prospects(session: Session, list_name: str, form: str, out: BinaryIO) -> int:
    """Write a prospect list: the file's own columns with the cells as they are now, then line,
    state, tries and lead; how many rows there were."""
    heads, rows = export.table(session, "prospects", list_name=list_name)
    return formats.write(form, heads, rows, out)
