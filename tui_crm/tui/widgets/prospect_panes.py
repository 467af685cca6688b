"""A prospect in two panes, from 100 columns: the card at the left; the script, the outcomes and
what comes next at the right. And what is shown when nobody may be called. Pure functions."""

from __future__ import annotations

from datetime import datetime

from tui_crm.core.calling.card import Card
from tui_crm.core.calling.session import OtherList, Upcoming
from tui_crm.core.dates.labels import short_day
from tui_crm.core.text import _, fit, ngettext
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.terminal.links import dialled
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    beside,
    cell,
    cells,
    clip,
    fixed,
    make,
    paragraph,
    rule,
    section,
    tinted,
)
from tui_crm.tui.widgets.prospect_card import (
    ABOVE,
    clipped,
    cut,
    latest,
    outcome_list,
    padded,
    phone_rows,
    place_words,
    there,
    try_words,
    warning_rows,
)
from tui_crm.tui.widgets.script_text import script_rows

AIR = 28  # rows of a pane from which blank rows stand between its parts


def left(card: Card, width: int, height: int, *, large: bool, now: datetime) -> list[Line]:
    """The left pane: who, the number, all columns, earlier tries, the note."""
    airy = height >= AIR
    air = [EMPTY] if airy else []
    who = ", ".join(part for part in (card.role, card.company) if part)
    made: list[Line] = [
        *air,
        clip(
            make(
                (card.name or _("no name"), "strong" if card.name else "dim"),
                (f"  {who}" if who else "", "text"),
            ),
            width,
        ),
    ]
    made.append(make((place_words(card), "dim")))
    made += air
    numbers = phone_rows(card, width - 2, large and height >= 18, now)
    made += numbers + [EMPTY] * ((3 if large and height >= 18 else 1) - len(numbers))
    made += air
    dial = make(("Enter", "key"), (f" {_('dial')}", "dim"))
    made.append(beside(there(card, weekday=True), dial, width))
    made += warning_rows(card, width)

    tries = _tries(card, width, now)
    note = paragraph(" ".join(card.note.split("\n")), width) if card.note else []
    fields = _fields(card, width)
    fixed_rows = len(made) + 1 + len(air) + (len(tries) + len(air) if tries else 0) + 1 + len(air)
    room = height - fixed_rows
    if room < len(fields) + max(len(note), 1) and tries:
        # The tries in words do where there is no room for their picture.
        tries = [tries[0], tries[-1]]
        room = height - (len(made) + 1 + 2 + 1 + 3 * len(air))
    for_note = max(min(len(note), max(room - len(fields), 2)), 1)
    shown = cut(fields, max(room - for_note, 0))
    made += [
        *air,
        section(
            _("Row {n}").format(n=f"{card.row:,}"),
            width,
            note=fit(card.problem, width - 14, pad=False),
            note_token="due",
        ),
        *shown,
    ]
    if tries:
        made += [*air, *tries]
    state = _("saved") if card.note else ""
    made += [
        *air,
        section(_("Note"), width, note=state, tail=glyphs.active().rule if state else ""),
    ]
    made += clipped(note, for_note, width) if note else []
    return made[:height]


def original_words(text: str) -> str:
    """What a corrected cell was in the imported file."""
    return _("file said {text}").format(text=text) if text else _("file said nothing")


def _fields(card: Card, width: int) -> list[Line]:
    """All columns with their labels; phones as they are dialled."""
    shown = [(name, value, field) for name, value, field in card.cells if field not in ABOVE]
    size = min(max((cells(make(name)) for name, _v, _f in shown), default=0) + 2, 20)
    by_typed = {phone.typed: phone for phone in card.phones}
    original = dict(card.original)
    rows = []
    for name, value, field in shown:
        phone = by_typed.get(value) if field == "phone" else None
        odd, number = "", None
        if phone is not None:
            number = None if phone.blocked else phone.e164
            value = phone.shown if phone.e164 else value
            odd = _("wrong number") if phone.bad else _("do not call") if phone.blocked else ""
        line = (
            cell(name, max(size, 13), "dim"),
            *make(
                (value, dialled("dim" if odd else "text", number)),
                (f"  {odd}" if odd else "", "dim"),
            ),
        )
        if name in original:
            line = (*line, *make((f"  {original_words(original[name])}", "dim")))
        rows.append(clip(line, width))
    return rows


def _tries(card: Card, width: int, now: datetime) -> list[Line]:
    """Earlier tries: the hours of the week as a strip on the prospect's clock, and in words."""
    if not card.tries:
        return []
    zone = card.there.tzinfo
    at = [(one.at.astimezone(zone), one.digit) for one in card.tries]
    hours = [moment.hour for moment, _digit in at] + [card.there.hour]
    first, last = min(8, *hours), max(17, *hours)
    head = section(_("Earlier tries"), width, len(card.tries))
    words = latest(try_words(card, True, now), width)
    each = last - first + 1
    size = 10
    if size + 5 * each + 4 > width:
        return [head, words]
    marks = [(m.weekday(), m.hour, str(d or "r")) for m, d in at if m.weekday() < 5]
    here = (card.there.weekday(), card.there.hour) if card.there.weekday() < 5 else None
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"))
    days = make((" " * size + " ".join(cell(name, each).text for name in names), "dim"))
    strip = (
        cell(_("{a}h to {b}h").format(a=first, b=last + 1), size, "dim"),
        *bars.attempts(marks, (first, last), here),
    )
    return [head, days, strip, words]


def side(
    card: Card,
    coming: Upcoming | None,
    width: int,
    height: int,
    *,
    branch: int | None = None,
    reading: bool = False,
    top: int = 0,
) -> list[Line]:
    """The right pane: the script, the outcomes with what they will do, and what comes next.

    ``branch`` is the digit of the answer that is shown. While ``reading``, the digits are those of
    the answers: the head of the script is in the accent, and the digits of the outcomes are dim.
    ``top`` is how many rows of the script were scrolled past."""
    airy = height >= AIR
    air = [EMPTY] if airy else []
    note = _("tab gives the digits back") if reading else ""
    outcomes = [
        section(_("Outcome"), width, note=note),
        *outcome_list(card.choices, width, dimmed=reading),
    ]
    following = _next_rows(coming, width)
    room = height - len(outcomes) - 2 * len(air) - len(following)
    if room < 3:
        following, room = [], height - len(outcomes) - len(air)
    script: list[Line] = []
    if room >= 2:
        body, name = script_rows(card, branch, width)
        if not body and not card.script.branches:
            body = [
                make(
                    (_("none yet;"), "dim"),
                    (" i", "key"),
                    (f" {_('on the list writes one')}", "dim"),
                )
            ]
        if card.script.branches:
            body += [*air, *_branch_rows(card, branch, reading, width)]
        kind = name or (_("opening") if card.script.branches else "")
        head = section(_("Script"), width, kind or None)
        if reading:
            head = reading_head(kind, width)
        body = body[max(min(top, len(body) - room + 1), 0) :]
        script = [head, *clipped(body, room - 1, width)]
    made = [*script, *air, *outcomes, *air, *following]
    return padded(made, height)


def reading_head(kind: str, width: int) -> Line:
    """The head of the script while it has the keys: in the accent, like that of a sheet."""
    head = make((_("Script"), "accent.b"), (f" {kind}" if kind else "", "text"), (" ", "text"))
    return clip((*head, *rule(max(width - cells(head), 0), "accent")), width)


def _branch_rows(card: Card, branch: int | None, reading: bool, width: int) -> list[Line]:
    rows = []
    for place, (digit, name, _text) in enumerate(card.script.branches):
        lead_in = make(("tab", "key"), (f" {_('then')} ", "dim")) if place == 0 else EMPTY
        if reading:
            lead_in = make((f"{_('digit')} ", "dim")) if place == 0 else EMPTY
        token = "strong" if digit == branch else "text"
        row = clip((*fixed(lead_in, 10), *make((f"{digit} ", "key"), (name, token))), width)
        rows.append(tinted(fixed(row, width)) if reading and digit == branch else row)
    return rows


def _next_rows(coming: Upcoming | None, width: int) -> list[Line]:
    rows: list[Line] = [section(_("Next"), width)]
    shown = coming.rows[:3] if coming is not None else ()
    for row in shown:
        rows.append(
            clip(
                (
                    cell(row.why, 20, "late" if row.late else "dim"),
                    Run(" ", "dim"),
                    *make((row.company or row.name, "dim")),
                ),
                width,
            )
        )
    rows += [EMPTY] * (3 - len(shown))
    rows.append(clip(hidden_line(coming), width) if coming is not None else EMPTY)
    return rows


def hidden_line(coming: Upcoming) -> Line:
    """``hidden 23: outside hours 17, blocked 4``."""
    total = sum(hidden.count for hidden in coming.hidden)
    if not total:
        return make((_("nothing hidden"), "dim"))
    parts = ", ".join(f"{hidden.words} {hidden.count:,}" for hidden in coming.hidden)
    return make((_("hidden {n}:").format(n=f"{total:,}") + f" {parts}", "dim"))


# -- nothing to call ------------------------------------------------------------------------------


def nothing(
    coming: Upcoming | None, query: str, width: int, now: datetime, other: OtherList | None = None
) -> list[Line]:
    """What is shown for an empty queue: the hidden rows by reason, and when the next one may be
    called; and the ``other`` list that has somebody to call, which Enter goes to."""
    rows: list[Line] = [EMPTY, EMPTY]
    if query:
        rows.append(
            make(
                ("  ", "text"), (_("Nothing to call matches {text}.").format(text=query), "strong")
            )
        )
        rows.append(
            make(("  /", "key"), (f"  {_('Enter on an empty line calls the whole list')}", "text"))
        )
        return [clip(row, width) for row in rows]
    rows.append(make((f"  {_('Nobody may be called now.')}", "strong")))
    if coming is None:
        return rows
    if coming.day_off:
        rows.append(make((f"  {_('Today is a day off.')}", "due")))
    if coming.next_at is not None:
        at = datetime.fromtimestamp(coming.next_at, now.tzinfo)
        day = "" if at.date() == now.date() else f"{short_day(at.date(), now.date())} "
        rows.append(
            make(
                (f"  {_('The next one')} ", "text"),
                (f"{day}{at:%H:%M}", "strong"),
                (f"  {_('this screen then goes on by itself')}", "dim"),
            )
        )
    elif not coming.later and not coming.hidden:
        rows.append(make((f"  {_('Every row of this list has its outcome.')}", "text")))
    rows.append(EMPTY)
    if coming.later:
        rows.append(
            make((f"  {coming.later:>7,}  ", "strong"), (_("wait for their moment"), "dim"))
        )
    for hidden in coming.hidden:
        rows.append(make((f"  {hidden.count:>7,}  ", "strong"), (hidden.words, "dim")))
    rows.append(EMPTY)
    if other is not None:
        may = ngettext("{n} may be called", "{n} may be called", other.rows)
        rows.append(
            make(
                ("  Enter", "key"),
                (f"  {other.name}", "strong"),
                (f"  {may.format(n=f'{other.rows:,}')}", "text"),
            )
        )
    if coming.later or any(hidden.why == "hours" for hidden in coming.hidden):
        rows.append(
            make(
                ("  a", "key"),
                (f"  {_('call the next row anyway')}", "text"),
                (f"  {_('the journal says so')}", "dim"),
            )
        )
    rows += [
        make(
            ("  v", "key"),
            (f"  {_('what comes next')}", "text"),
            ("    Esc", "key"),
            (f"  {_('another list')}", "text"),
        ),
    ]
    return [clip(row, width) for row in rows]
