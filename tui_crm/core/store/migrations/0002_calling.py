"""Rules of calling a list, rows handed to a rep, scripts kept with the call, days off."""

from __future__ import annotations

from typing import Any

COLUMNS = """
workspace: days_off text '[]'
users: days_off text '[]'
lists: script_no integer 0, order_by text '', most_per_number integer 0, most_per_day integer 0,
       avoid_hour smallint 0, other_half smallint 0
prospects: for_id bigint 0
actions: script_no integer null, script_path text ''
"""
INDEXES = (
    (
        "prospects_list_id_state_zone_line",
        "prospects_list_id_state_zone_for_id_line",
        "prospects (list_id, state, zone, for_id, line)",
    ),
    (
        "leads_status_closed_on_closed_owner_id_amount",
        "leads_status_closed_on_closed_owner_id_amount_created_on",
        "leads (status, closed_on, closed_owner_id, amount, created_on)",
    ),
    (
        "leads_created_on",
        "leads_created_on_owner_id_status",
        "leads (created_on, owner_id, status)",
    ),
    (
        "history_field_became_at",
        "history_field_lead_id_id_on_day_became",
        "history (field, lead_id, id, on_day, became)",
    ),
)


def up(migrator: Any, db: Any) -> None:
    """Add the columns, each with what it means to have none; a wider index for a narrower one."""
    for line in COLUMNS.replace("\n       ", " ").split("\n"):
        table, _colon, columns = line.partition(":")
        for column in filter(None, columns.split(",")):
            name, kind, default = column.split()
            rule = "" if default == "null" else f" NOT NULL DEFAULT {default}"
            db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind.upper()}{rule}')
    for old, new, what in INDEXES:
        db.execute_sql(f'DROP INDEX "{old}"')
        db.execute_sql(f'CREATE INDEX "{new}" ON {what}')
