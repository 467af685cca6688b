"""``leads.touched_at`` is the last real action, without any the creation: edits, notes and the
moment of an import were counted before."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.store.derived import created_moment


def up(migrator: Any, db: Any) -> None:
    """Work it out anew for every lead."""
    db.execute_sql(
        "UPDATE leads SET touched_at = COALESCE((SELECT MAX(at) FROM actions"
        " WHERE actions.lead_id = leads.id AND kind <> 'note'), created_at)"
    )
    zones = db.execute_sql("SELECT MIN(zone) FROM workspace").fetchall()
    zone = ZoneInfo(zones[0][0] if zones and zones[0][0] else "UTC")
    mark = db.param
    for number, at, day in db.execute_sql(
        "SELECT id, created_at, created_on FROM leads WHERE touched_at = created_at"
    ).fetchall():
        begun = created_moment(at, day, zone)
        if begun != at:
            db.execute_sql(
                f"UPDATE leads SET touched_at = {mark} WHERE id = {mark}", (begun, number)
            )
