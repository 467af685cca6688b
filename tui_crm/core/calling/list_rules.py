"""Changing the rules by which a list is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.lists.lists import ProspectListInfo, get
from tui_crm.core.lists.zone_names import read_zone
from tui_crm.core.setup import tags
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import ProspectList
from tui_crm.core.text import _, clean, ngettext


@operation("lists.set_rules")
def set_rules(w: Write, /, list_id: int, **rules: Any) -> None:
    """Change how a list is called, and plan its waiting rows anew
    (:func:`.plan.replan`); one undo takes all of it back. The rules:

    * ``new_first``: new rows before retries;
    * ``order_by`` of the new rows: ``""`` as in the list, ``"answer"`` those first whose people
      answer most at this hour;
    * ``call_from``, ``call_until`` (``"08:00"``, the prospect's own clock), ``call_days`` (ISO
      weekdays, ``"12345"``): an empty text goes back to the workspace's;
    * ``most_tries`` of a row (0: the outcome's), ``most_per_number``: calls of one number over
      all lists and leads, ``most_per_day``: calls of one row in a day (0: no limit);
    * ``avoid_hour``: not again in the clock hour of a try that failed; ``other_half``: again in
      the other half of the calling day;
    * ``zone`` for rows that say nothing of their own;
    * ``direction`` of its leads for the reports: ``inbound``, ``none``, else ``outbound``.

    Raises CrmError for what makes no sense."""
    from tui_crm.core.calling import plan as calling_plan

    info = get(w.session, list_id)
    values = _checked_rules(w, info, rules)
    w.update(ProspectList, list_id, **values)
    changed = {name for name, value in values.items() if value != getattr(info, name)}
    count = 0
    if changed - {"new_first", "order_by", "most_per_day", "direction"}:
        count = calling_plan.replan(w, list_id)
    words = _("rules of {name}").format(name=info.name)
    if count:
        words = ngettext(
            "{rules}, {n} row planned anew", "{rules}, {n} rows planned anew", count
        ).format(rules=words, n=f"{count:,}")
    w.describe(words, list_id=list_id)


_FLAGS = ("new_first", "avoid_hour", "other_half")
_COUNTS = ("most_tries", "most_per_number", "most_per_day")
_WORDS = ("order_by", "call_from", "call_until", "call_days", "zone", "direction")


def _checked_rules(w: Write, info: ProspectListInfo, rules: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the list that the rules are stored in."""
    values: dict[str, Any] = {}
    for name, value in rules.items():
        if name in _FLAGS:
            values[name] = int(bool(value))
        elif name in _COUNTS:
            if not str(value).isascii() or not str(value).isdigit() or int(value) > 10_000:
                raise CrmError(_("How many calls is a number; 0 is no limit."), _("Try 3."))
            values[name] = int(value)
        elif name in _WORDS:
            values[name] = clean(str(value), single_line=True).strip()
        else:
            raise CrmError(
                _("A list has no rule {name}.").format(name=clean(name, single_line=True)),
                _("It has: {names}.").format(names=", ".join((*_FLAGS, *_COUNTS, *_WORDS))),
            )
    house = w.session.house
    opens, closes = (
        calling_rules.minutes_of(values.get(n, getattr(info, n)) or getattr(house, n))
        for n in ("call_from", "call_until")
    )
    if opens is None or closes is None or opens >= closes:
        raise CrmError(_("That is no calling window."), _("Try from 08:00 until 18:00."))
    if set(values.get("call_days", "")) - set("1234567"):
        raise CrmError(_("Calling days are digits: 1 is Monday, 7 is Sunday."), _("Try 12345."))
    if typed := values.get("zone"):
        values["zone"] = read_zone(typed)[0]
        if not values["zone"]:
            raise CrmError(
                _("{zone} is no time zone.").format(zone=typed),
                _("Zones are named like Europe/Madrid."),
            )
    if "direction" in values:
        word = values["direction"] or "outbound"
        values["direction"] = tags.read_direction(word) or "none"
    if values.get("order_by", "") not in ("", "answer"):
        raise CrmError(
            _("New rows are called in the order of the list, or when people answer."),
            _("Leave it empty, or say: answer"),
        )
    return values
