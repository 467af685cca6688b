"""What holds for everybody in a workspace: name, money, zone, language, calling hours."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.session import house
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Workspace
from tui_crm.core.team.members import check_zone
from tui_crm.core.text import _, clean

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@operation("team.set_workspace")
def set_workspace(w: Write, /, **values: Any) -> None:
    """Change what holds for everybody: ``name, zone, region, language, currency, call_from,
    call_until, call_days, silent_days, attachment_mb, score (1 or 0)``. The currency stays as it is
    once an amount is in the
    store."""
    number = w.store.value("SELECT MIN(id) FROM workspace")
    row = w.row(Workspace, number) or {}
    if values.get("currency", row["currency"]) != row["currency"] and w.store.value(
        "SELECT 1 FROM leads WHERE amount IS NOT NULL LIMIT 1"
    ):
        raise CrmError(
            _("The currency cannot change: there are amounts in {code} already.").format(
                code=row["currency"]
            )
        )
    check_zone(values.get("zone", ""))
    if not 0 <= values.get("silent_days", 0) <= 3650:
        raise CrmError(_("Days of silence go from 0 (never) to 3,650."), _("Try 30."))
    if not 1 <= values.get("attachment_mb", 1) <= 200:
        raise CrmError(_("A file may have from 1 to 200 MB."), _("Try 25."))
    for name in ("call_from", "call_until"):
        if name in values and not _CLOCK.fullmatch(values[name]):
            raise CrmError(
                _("{text} is no time of the day.").format(
                    text=clean(str(values[name]), single_line=True)
                ),
                _("Type it as 08:30."),
            )
    window = {**row, **values}
    if window["call_from"] >= window["call_until"]:
        raise CrmError(_("The calling window must end after it begins."))
    if not set(values.get("call_days", "1")) or set(values.get("call_days", "1")) - set("1234567"):
        raise CrmError(_("Days are digits, 1 Monday to 7 Sunday, for instance 12345."))
    w.update(Workspace, number, **values)
    if {"call_from", "call_until", "call_days"} & values.keys():
        from tui_crm.core.calling.plan import replan

        w.session = replace(w.session, house=house(w.store))
        for (list_id,) in w.store.rows("SELECT id FROM lists ORDER BY id"):
            replan(w, list_id)
    w.describe(_("workspace changed"))
