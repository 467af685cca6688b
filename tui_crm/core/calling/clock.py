"""The clock of a call that runs, wherever the rep went meanwhile."""

from __future__ import annotations

from tui_crm.core.team.members import Session


def running(session: Session) -> tuple[int, int] | None:
    """List and row of the call whose clock runs for this rep, ``None`` when there is none."""
    found = session.store.rows(
        "SELECT list_id, prospect_id FROM seats WHERE user_id = ? AND dialled_at IS NOT NULL"
        " AND prospect_id IS NOT NULL ORDER BY seen_at DESC, list_id DESC LIMIT 1",
        (session.user_id,),
    )
    return (int(found[0][0]), int(found[0][1])) if found else None


def throw_away(session: Session, list_id: int) -> None:
    """No call took place after all: the clock of this rep's seat at a list goes back to nothing.
    The row stays on screen as it was."""
    session.store.execute(
        "UPDATE seats SET dialled_at = NULL, dialled = '', paused_at = NULL"
        " WHERE user_id = ? AND list_id = ?",
        (session.user_id, list_id),
    )
