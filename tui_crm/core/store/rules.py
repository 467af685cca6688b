"""The rules that the rows of a store keep, one query each for the rows that break it.

They are those that operations keep (a closed lead has a closing date, an open one none), that the
history and the journal tell the same as the rows, and that everything points at something.
`checks` runs them; what needs more than SQL is in :mod:`.row_checks`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_crm.core.store import tables
from tui_crm.core.store.kind_sql import KNOWN
from tui_crm.core.text import _

PROSPECT_STATES = ("new", "retry", "callback", "done", "blocked", "lead")
STATUSES = ("open", "won", "lost", "cancelled")
ROLES = ("admin", "manager", "rep")
IMPORT = "leads_in.bring_in"  # a file of leads may know no reason of a lost one

HISTORY = {
    "step_id": "step",
    "status": "status",
    "amount": "amount",
    "owner_id": "owner",
    "probability": "probability",
    "expected_close": "expected_close",
    "pipeline_id": "pipeline",
    "title": "title",
    "client_id": "client",
    "source": "source",
    "reason_id": "reason",
}
"""Columns of leads whose changes are kept in the history, by the name of the field there."""

ALWAYS = ("step", "status")
"""The fields that have a history from the first day."""

LOOSE = (
    ("leads", "prospect_id", "prospects"),
    ("entries", "undone_by", "entries"),
    ("entries", "undoes", "entries"),
    ("prospects", "claimed_by", "users"),
    ("drafts", "kept_by", "entries"),
)
"""References that the database itself does not watch."""


@dataclass(frozen=True)
class Rule:
    """What is wrong, and the query that gives the ``id`` of each row of which it is."""

    sentence: str
    sql: str


def rules(known_until: int) -> list[Rule]:
    """Every rule. ``known_until`` is a moment (epoch seconds) that nothing done can lie behind."""
    return [*_leads(known_until), *_history(), *_prospects(), *_others(known_until), *_references()]


def _in(words: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def _no_day(column: str) -> str:
    """The condition for a text that is no day."""
    return (
        f"(LENGTH({column}) <> 10 OR SUBSTR({column}, 5, 1) <> '-' OR SUBSTR({column}, 8, 1) <> '-'"
        f" OR SUBSTR({column}, 1, 4) NOT BETWEEN '0001' AND '9999'"
        f" OR SUBSTR({column}, 6, 2) NOT BETWEEN '01' AND '12'"
        f" OR SUBSTR({column}, 9, 2) NOT BETWEEN '01' AND '31')"
    )


def _leads(known_until: int) -> list[Rule]:
    closed = "status IN ('won', 'lost', 'cancelled')"
    next_action = (
        "next_day IS NOT NULL OR next_at IS NOT NULL OR next_text <> '' OR next_kind <> ''"
        " OR next_rule <> '' OR next_minutes IS NOT NULL"
    )
    words = {
        _("Leads with a status that does not exist"): f"status NOT IN {_in(STATUSES)}",
        _("Leads without a title"): "TRIM(title) = ''",
        _("Leads whose next action is both a day and a moment"): (
            "next_day IS NOT NULL AND next_at IS NOT NULL"
        ),
        _("Leads whose next action is on no day"): (
            f"next_day IS NOT NULL AND {_no_day('next_day')}"
        ),
        _("Leads whose next action takes no time"): "next_minutes <= 0",
        _("Leads whose next action is no kind of action"): (
            f"next_kind <> '' AND next_kind NOT IN {KNOWN}"
        ),
        _("Closed leads without a closing date"): (
            f"{closed} AND (closed_on IS NULL OR closed_at IS NULL)"
        ),
        _("Closed leads with a next action"): f"{closed} AND ({next_action})",
        _("Open leads with a closing date"): (
            "status = 'open' AND (closed_on IS NOT NULL OR closed_at IS NOT NULL"
            " OR reason_id IS NOT NULL OR closed_owner_id IS NOT NULL)"
        ),
        _("Lost or cancelled leads without a reason"): (
            "status IN ('lost', 'cancelled') AND reason_id IS NULL AND NOT EXISTS (SELECT 1"
            " FROM changes JOIN entries ON entries.id = entry_id WHERE changes.name = 'leads'"
            f" AND changes.kind = 'insert' AND op = '{IMPORT}'"
            " AND leads.id BETWEEN changes.row AND changes.last)"
        ),
        _("Won leads with a reason for losing them"): "status = 'won' AND reason_id IS NOT NULL",
        _("Leads closed before they were created"): "closed_on < created_on",
        _("Leads closed in the future"): f"closed_at > {known_until}",
        _("Leads created in the future"): (
            f"created_at > {known_until} OR created_on > {_day(known_until)}"
        ),
        _("Leads with a creation date that is no day"): _no_day("created_on"),
        _("Leads with a closing date that is no day"): (
            f"closed_on IS NOT NULL AND {_no_day('closed_on')}"
        ),
        _("Leads with an expected closing date that is no day"): (
            f"expected_close IS NOT NULL AND {_no_day('expected_close')}"
        ),
        _("Leads with a probability that is none"): "probability NOT BETWEEN 0 AND 100",
        _("Leads with a negative amount"): "amount < 0",
        _("Leads with an amount that is too large"): f"amount > {2**53}",
        _("Leads with a star that is none"): "starred NOT IN (0, 1)",
        _("Leads with a priority that is none"): "priority NOT IN ('', 'low', 'high')",
    }
    found = [Rule(sentence, f"SELECT id FROM leads WHERE {sql}") for sentence, sql in words.items()]
    found += [
        Rule(
            _("Leads on a step of another pipeline"),
            "SELECT leads.id FROM leads JOIN steps ON steps.id = step_id"
            " WHERE steps.pipeline_id <> leads.pipeline_id",
        ),
        Rule(
            _("Leads with a reason of another kind"),
            "SELECT leads.id FROM leads JOIN reasons ON reasons.id = reason_id"
            " WHERE status IN ('lost', 'cancelled') AND reasons.kind <> status",
        ),
        Rule(
            _("Leads that the search does not know"),
            "SELECT id FROM leads WHERE id NOT IN (SELECT rowid FROM lead_text)",
        ),
        Rule(
            _("Leads that the search knows and that do not exist"),
            "SELECT rowid AS id FROM lead_text WHERE rowid NOT IN (SELECT id FROM leads)",
        ),
        Rule(
            _("Clients that the search does not know"),
            "SELECT id FROM clients WHERE id NOT IN (SELECT rowid FROM client_text)",
        ),
        Rule(
            _("Clients that the search knows and that do not exist"),
            "SELECT rowid AS id FROM client_text WHERE rowid NOT IN (SELECT id FROM clients)",
        ),
        Rule(
            _("Prospects that the search does not know"),
            "SELECT id FROM prospects WHERE id NOT IN (SELECT rowid FROM prospect_text)",
        ),
        Rule(
            _("Prospects that the search knows and that do not exist"),
            "SELECT rowid AS id FROM prospect_text WHERE rowid NOT IN (SELECT id FROM prospects)",
        ),
    ]
    return found


def _day(moment: int) -> str:
    from datetime import UTC, datetime

    return f"'{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}'"


def _history() -> list[Rule]:
    found = [
        Rule(
            _("Leads without a history"),
            "SELECT id FROM leads WHERE NOT EXISTS (SELECT 1 FROM history"
            " WHERE lead_id = leads.id AND field = 'status' AND was IS NULL)",
        )
    ]
    for column, field in HISTORY.items():
        # One that was never noted has had no value; a title or a source may have had its first.
        never = f"newest.id IS NULL AND {column} IS NOT NULL" if field in ALWAYS else "1 = 0"
        found.append(
            Rule(
                _("Leads whose {field} is not the one of their history").format(
                    field=field.replace("_", " ")
                ),
                "SELECT leads.id FROM leads LEFT JOIN (SELECT id, lead_id, became,"
                " ROW_NUMBER() OVER (PARTITION BY lead_id ORDER BY id DESC) AS n FROM history"
                f" WHERE field = '{field}') AS newest ON newest.lead_id = leads.id AND n = 1"
                f" WHERE ({never}) OR (newest.id IS NOT NULL"
                f" AND COALESCE(newest.became, '') <> COALESCE(CAST(leads.{column} AS TEXT), ''))",
            )
        )
    return found


def _prospects() -> list[Rule]:
    words = {
        _("Prospects with a state that does not exist"): f"state NOT IN {_in(PROSPECT_STATES)}",
        _("Prospects to call back without a moment"): "state = 'callback' AND due_at IS NULL",
        _("Prospects that became a lead which is not theirs"): (
            "state = 'lead' AND lead_id IS NULL"
        ),
        _("Prospects held by somebody without an end"): (
            "(claimed_by IS NULL) <> (claimed_until IS NULL)"
        ),
        _("Prospects handed to nobody who exists"): (
            "for_id <> 0 AND for_id NOT IN (SELECT id FROM users)"
        ),
        _("Prospects whose tries are not the calls that were logged"): (
            "tries <> (SELECT COUNT(*) FROM actions WHERE prospect_id = prospects.id"
            " AND kind = 'call') AND (tries > 0 OR last_at IS NOT NULL)"
        ),
    }
    return [
        Rule(sentence, f"SELECT id FROM prospects WHERE {sql}") for sentence, sql in words.items()
    ]


def _others(known_until: int) -> list[Rule]:
    names = _in(tuple(tables.BY_NAME))
    words = [
        (
            _("A workspace without an admin who is active"),
            "workspace",
            "NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND active = 1)",
        ),
        (
            _("Workspaces beside the first"),
            "workspace",
            "id > (SELECT MIN(first.id) FROM workspace AS first)",
        ),
        (_("Workspaces without a currency"), "workspace", "LENGTH(currency) <> 3"),
        (_("Users with a role that does not exist"), "users", f"role NOT IN {_in(ROLES)}"),
        (_("Users without a name"), "users", "TRIM(name) = ''"),
        (_("Steps with a probability that is none"), "steps", "probability NOT BETWEEN 0 AND 100"),
        (_("Tags whose name is empty"), "tags", "TRIM(name) = '' OR match = ''"),
        (
            _("Actions that belong to nothing"),
            "actions",
            "lead_id IS NULL AND prospect_id IS NULL",
        ),
        (
            _("Actions of a kind that does not exist"),
            "actions",
            f"kind NOT IN {KNOWN}",
        ),
        (_("Actions in the future"), "actions", f"at > {known_until}"),
        (_("Actions that took less than no time"), "actions", "seconds < 0"),
        (_("Actions that neither reached nor missed"), "actions", "reached NOT IN (0, 1)"),
        (
            _("Actions with an outcome of another kind"),
            "actions",
            "outcome_id IS NOT NULL AND EXISTS (SELECT 1 FROM outcomes"
            " WHERE outcomes.id = outcome_id AND outcomes.kind <> actions.kind)",
        ),
        (
            _("Contacts that belong to nothing"),
            "contacts",
            "lead_id IS NULL AND client_id IS NULL",
        ),
        (_("Numbers to block that are empty"), "blocked", "TRIM(match) = ''"),
        (_("Goals of nothing"), "goals", "target < 1"),
        (
            _("Changes in the journal of a table that does not exist"),
            "changes",
            f"name NOT IN {names}",
        ),
        (
            _("Changes in the journal of no kind"),
            "changes",
            "kind NOT IN ('insert', 'update', 'delete') OR last < row",
        ),
        (
            _("Entries in the journal without what they changed"),
            "entries",
            "op <> 'forget.forget'"
            " AND NOT EXISTS (SELECT 1 FROM changes WHERE entry_id = entries.id)",
        ),
        (
            _("Entries in the journal undone by one that undid another"),
            "entries",
            "undone_by IN (SELECT taker.id FROM entries AS taker"
            " WHERE taker.undoes IS NULL OR taker.undoes <> entries.id)",
        ),
    ]
    return [
        Rule(sentence, f"SELECT id FROM {table} WHERE {condition}")
        for sentence, table, condition in words
    ]


def _references() -> list[Rule]:
    found = []
    watched = [
        (model._meta.table_name, field.column_name, field.rel_model._meta.table_name)
        for model in tables.TABLES
        for field in model._meta.sorted_fields
        if isinstance(field, tables.Ref)
    ]
    for table, column, other in (*watched, *LOOSE):
        found.append(
            Rule(
                _("Rows of {table} whose {column} points to nothing").format(
                    table=table, column=column.removesuffix("_id")
                ),
                f"SELECT id FROM {table} WHERE {column} IS NOT NULL"
                f" AND NOT EXISTS (SELECT 1 FROM {other} AS other"
                f" WHERE other.id = {table}.{column})",
            )
        )
    return found
