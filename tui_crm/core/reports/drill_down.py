"""What stands behind a figure, as it is read: several rows opened as one, actions, prospects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_crm.core.errors import NotFound
from tui_crm.core.reports import registry
from tui_crm.core.reports.types import TOTAL, Cell, Opened, Table
from tui_crm.core.session import Session
from tui_crm.core.text import _


@dataclass(frozen=True)
class ActionLine:
    """An action behind a figure. ``at`` is aware, in the zone of the one who looks; ``title`` that
    of the lead, else the name of the prospect it was about."""

    id: int
    at: datetime
    by: str
    kind: str
    outcome: str
    digit: int | None
    reached: bool
    text: str
    lead_id: int | None
    prospect_id: int | None
    title: str


@dataclass(frozen=True)
class ProspectLine:
    """A prospect behind a figure: its line of the file, its list, how often it was tried."""

    id: int
    line: int
    list: str
    title: str
    city: str
    state: str
    tries: int
    outcome: str
    lead_id: int | None


def open_rows(
    session: Session, name: str, rows: Sequence[str], column: str, *, part: int = 0, **asked: Any
) -> Opened:
    """One figure that adds up rows of a report: the rows behind all of them together.

    ``rows`` are keys of the report (one is the same as ``open_figure``), ``asked`` the filters it
    was run with, in the words of ``run``. A value and what it was counted from are given for a
    count; raises NotFound as ``open_figure`` does.
    """
    if len(rows) == 1:
        return registry.open_figure(session, name, rows[0], column, part=part, **asked)
    _entry, question = registry._question(
        session,
        name,
        asked.get("period"),
        asked.get("by", "month"),
        asked.get("rep", ()),
        asked.get("team", ()),
        asked.get("tag", ()),
        asked.get("pipeline"),
        asked.get("list"),
        asked.get("as_of"),
    )
    table: Table | None = registry._compute(name, question)
    table = table.second if part and table is not None else table
    known = dict(registry._keyed(table)) if table is not None else {}
    found = next((c for c in (table.columns if table else ()) if c.key == column), None)
    if table is None or found is None or any(row not in known for row in rows):
        raise NotFound(_("The report {name} has no such figure.").format(name=name))
    cells: list[Cell] = [known[row][column] for row in rows]
    ids = [number for cell in cells for number in (cell.ids() if cell.ids else ())]
    left_out = [line for cell in cells for line in (cell.left_out() if cell.left_out else ())]
    behind = {cells[0].what: tuple(dict.fromkeys(ids))} if cells else {}
    return Opened(
        name,
        TOTAL,
        found,
        sum(cell.value for cell in cells),
        table.formulas.get(column, ""),
        leads=behind.get("leads", ()),
        actions=behind.get("actions", ()),
        prospects=behind.get("prospects", ()),
        counted=len(ids),
        left_out=tuple(left_out),
    )


def actions(session: Session, numbers: Sequence[int]) -> list[ActionLine]:
    """These actions, in the order asked for; the ones that are gone are left out."""
    if not numbers:
        return []
    zone = session.zone
    found = {
        r[0]: ActionLine(
            r[0],
            datetime.fromtimestamp(r[1], zone),
            r[2],
            r[3],
            r[4] or r[5] or "",
            r[6],
            bool(r[7]),
            r[8],
            r[9],
            r[10],
            r[11] or r[12] or r[13] or "",
        )
        for r in session.store.rows(
            "SELECT actions.id, actions.at, users.name, actions.kind,"
            " CASE WHEN actions.prospect_id IS NULL AND outcomes.lead_label <> ''"
            " THEN outcomes.lead_label END, outcomes.label, outcomes.digit, actions.reached,"
            " actions.text, actions.lead_id, actions.prospect_id, leads.title,"
            " NULLIF(prospects.company, ''), prospects.name FROM actions"
            " JOIN users ON users.id = actions.user_id"
            " LEFT JOIN outcomes ON outcomes.id = actions.outcome_id"
            " LEFT JOIN leads ON leads.id = actions.lead_id"
            " LEFT JOIN prospects ON prospects.id = actions.prospect_id"
            f" WHERE actions.id IN ({', '.join('?' * len(numbers))})",
            tuple(numbers),
        )
    }
    return [found[n] for n in numbers if n in found]


def prospects(session: Session, numbers: Sequence[int]) -> list[ProspectLine]:
    """These prospects, in the order asked for; the ones that are gone are left out."""
    if not numbers:
        return []
    found = {
        r[0]: ProspectLine(r[0], r[1], r[2], r[3] or r[4] or "", r[5], r[6], r[7], r[8] or "", r[9])
        for r in session.store.rows(
            "SELECT prospects.id, prospects.line, lists.name, NULLIF(prospects.company, ''),"
            " prospects.name, prospects.city, prospects.state, prospects.tries, outcomes.label,"
            " prospects.lead_id FROM prospects JOIN lists ON lists.id = prospects.list_id"
            " LEFT JOIN outcomes ON outcomes.id = prospects.last_outcome_id"
            f" WHERE prospects.id IN ({', '.join('?' * len(numbers))})",
            tuple(numbers),
        )
    }
    return [found[n] for n in numbers if n in found]
