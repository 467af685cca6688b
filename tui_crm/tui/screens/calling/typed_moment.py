"""A typed moment of a callback or of a lead's next action, on the rep's clock and the prospect's.

``tue 10`` is a time of the rep; ``9:30 there`` is one on the prospect's own clock.
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from tui_crm.core.calling import plan as calling_plan
from tui_crm.core.calling.card import Card
from tui_crm.core.dates import reader
from tui_crm.core.dates.labels import day_label
from tui_crm.core.dates.reading import Reading
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.screens.leads import echo
from tui_crm.tui.widgets.lines import Line, make
from tui_crm.tui.widgets.prompt import Echo, EchoRow


def read_moment(session: Session, card: Card, text: str) -> Reading:
    """Read a typed moment. One on the prospect's clock becomes a day of the rep."""
    word = _find_there(text)
    if word is None or card.there.tzinfo is None:
        return echo.read_next_action(session, text)
    # Blanks in place of the word: the positions of what is recognised stay those of the text.
    start, end = word
    plain = text[:start] + " " * (end - start) + text[end:]
    now = session.now.astimezone(card.there.tzinfo)
    reading = reader.read(plain, now, session.locale)
    if reading.at is None:
        return reading
    return reading._replace(day=reading.at.astimezone(session.zone).date())


def moment_echo(session: Session, card: Card, text: str, needed: bool = False) -> Echo:
    """The echo of a typed moment on both clocks. ``needed``: a text without a day is refused."""
    reading = read_moment(session, card, text)
    rows = echo.next_action_rows(session, reading, None)
    if reading.problem:
        return Echo(rows, refuse=True)
    if needed and reading.day is None and reading.at is None:
        why = make((_("that is no day; try: tue 10"), "late"))
        return Echo([EchoRow("?", "late", why)], refuse=True)
    if reading.at is not None:
        rows[0] = EchoRow("=", "won", (*rows[0].runs, *_on_their_clock(session, card, reading.at)))
        if not _in_calling_hours(session, card, reading.at):
            words = _("outside calling hours there. Enter keeps it: they chose the moment.")
            rows.append(EchoRow("!", "due", make((words, "due"))))
    spans = [(start, end, "accent") for start, end, _role in reading.spans]
    return Echo(rows, spans)


def _in_calling_hours(session: Session, card: Card, at: datetime) -> bool:
    zone = card.there.tzinfo
    if not isinstance(zone, ZoneInfo):
        return True
    rules = calling_plan.rules_of(session, card.list_id)
    return calling_rules.is_open(rules.win, zone, int(at.timestamp()))


def _on_their_clock(session: Session, card: Card, at: datetime) -> Line:
    if not card.zone_known:
        return make((f"  {_('their zone is not known')}", "dim"))
    here, there = at.astimezone(session.zone), at.astimezone(card.there.tzinfo)
    if there.utcoffset() == here.utcoffset():
        return make((f"  {_('same time there')}", "dim"))
    day = ""
    if there.date() != here.date():
        day = f"{day_label(there.date(), session.today)} "
    return make((f"  {day}{there:%H:%M} {_('there')}", "strong"))


def _find_there(text: str) -> tuple[int, int] | None:
    """Where the word ``there`` stands behind a time, which it puts on the prospect's clock."""
    words = "|".join(re.escape(word) for word in {"there", _("there")})
    found = re.search(
        rf"\d(?:\s?[ap]m|h)?\s+({words})\b(?!\s+(?:is|are|was|were|will)\b)", text, re.IGNORECASE
    )
    return found.span(1) if found else None
