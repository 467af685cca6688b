"""A prospect as lines: who, the number to dial, what is known, and what each digit will do.

Pure functions of a `Card`. `narrow` draws the whole card in one column, below 100 columns; the two
panes from 100 columns are in `prospect_panes` and use the same parts. The layout depends on the
size alone, not on the prospect, so that only the rows that differ are sent for the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tui_crm.core.calling.card import Card, CardPhone
from tui_crm.core.calling.explain import OutcomeChoice
from tui_crm.core.dates.labels import short_day, weekday_name
from tui_crm.core.text import _, ngettext, wrap
from tui_crm.tui.terminal.links import dialled
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    beside,
    cell,
    cells,
    clip,
    columns,
    hanging,
    join,
    label,
    make,
    section,
)
from tui_crm.tui.widgets.script_text import script_rows

LABEL = 7
ABOVE = ("name", "first_name", "last_name", "company", "role", "city", "country")  # in the head
REACH = ("phone", "email", "web", "linkedin")


# -- the parts ------------------------------------------------------------------------------------


def title(card: Card) -> str:
    """The prospect in a few words, as the subject of sheets and messages."""
    name = ", ".join(part for part in (card.name, card.company) if part)
    return name or _("row {n}").format(n=card.row)


def done(card: Card, word: str, note: str = "", token: str = "strong") -> Message:
    """The message of an act on the prospect that can be undone."""
    subject = title(card) + (f": {note}" if note else "")
    return Message(word, token, subject, right=Hint("u", _("undo")))


def top(card: Card, width: int, calling: bool) -> Line:
    """Why this row is here and which try it is. ``calling``: the clock follows at the right."""
    sign = "! " if card.late else ""
    why = make((f"{sign}{card.why}", "late.b" if card.late else "text"))
    most = _("try {n} of {most}") if card.most_tries else _("try {n}")
    tries = make((most.format(n=card.try_no, most=card.most_tries), "dim"))
    word = _("paused") if card.paused else _("on this call") if calling else ""
    end = make((word, "due" if card.paused else "dim"))
    if width < 50:
        if not calling:
            tries = make((_("try {n}").format(n=card.try_no), "dim"))
            return beside(why, tries, width)
        return clip(why, width)
    both = join((why, tries), "   ")
    # Half a word of the tries says less than none.
    return beside(both if cells(both) + cells(end) + 2 <= width else why, end, width)


def clock(seconds: int | None) -> str:
    """The clock of a call in five cells: ``00:42``, from a hundred minutes on ``1h40``."""
    if seconds is None:
        return ""
    minutes, rest = divmod(max(seconds, 0), 60)
    return f"{minutes:02d}:{rest:02d}" if minutes < 100 else f"{minutes // 60}h{minutes % 60:02d}"


def there(card: Card, weekday: bool = False, short: bool = False) -> Line:
    """The prospect's wall clock, and whether they may be called at this hour."""
    hour = f"{card.there:%H:%M}" + ("" if card.zone_known else " ?")
    day = f", {weekday_name(card.there.date())}" if weekday else ""
    tail = "" if short else ", " + (_("office hours") if card.in_hours else _("outside hours"))
    token = "strong" if weekday else "text"
    return make((hour, token if card.in_hours else "due"), (f" {_('there')}{day}{tail}", "dim"))


def place_words(card: Card) -> str:
    """City and country."""
    return ", ".join(part for part in (card.city, card.country) if part)


def first_phone(card: Card) -> CardPhone | None:
    """The number that Enter dials."""
    good = [phone for phone in card.phones if not phone.bad]
    return next(iter(good or card.phones), None)


def phone_rows(card: Card, width: int, large: bool, today: datetime) -> list[Line]:
    """The number: three rows of half blocks where it is ``large``, else one bold row; or why it
    cannot be dialled."""
    phone = first_phone(card)
    if phone is None:
        return [make((_("no phone"), "due"), ("  i", "key"), (f" {_('gives it one')}", "dim"))]
    if phone.blocked is not None:
        block = phone.blocked
        when = short_day(datetime.fromtimestamp(block.at, today.tzinfo).date(), today.date())
        words = f": {block.words}" if block.words else ""
        text = _("9 do not call {number}").format(number=phone.shown)
        return [clip(make((text, "blocked.b"), (f"  {block.who}, {when}{words}", "text")), width)]
    if large and phone.e164:
        drawn = bars.large_phone(phone.shown if phone.shown.startswith("+") else phone.e164, width)
        if drawn:
            link = dialled("strong", phone.e164)
            return [tuple(Run(run.text, link) for run in row) for row in drawn]
    odd = _("wrong number") if phone.bad else "" if phone.e164 else _("no valid number")
    end = make(("Enter", "key"), (f" {_('dial')}", "dim")) if width < 60 else EMPTY
    shown = phone.shown if phone.e164 else phone.typed
    number = (shown, dialled("strong", phone.e164))
    return [beside(make(number, (f"   {odd}" if odd else "", "due")), end, width)]


def warning_rows(card: Card, width: int) -> list[Line]:
    """The warnings, with the key that opens the lead that the prospect may be."""
    rows = []
    for warning in card.warnings:
        key = make(("#", "key"), (f" {_('opens it')}", "dim")) if warning.lead_id else EMPTY
        words = make((f"! {warning.words}", "blocked" if warning.kind == "blocked" else "due"))
        rows.append(beside(words, key, width))
    return rows


def try_words(card: Card, digit: bool, today: datetime) -> list[Line]:
    """The earlier tries, each with its moment and outcome; with its ``digit`` if wanted."""
    rows = []
    for one in card.tries:
        moment = f"{short_day(one.at.date(), today.date())} {one.at:%H:%M} "
        sign = f"{one.digit} " if digit and one.digit else ""
        words = one.label.lower() + (f", {one.reason}" if one.reason else "")
        rows.append(
            make(
                (moment, "dim" if digit else "text"),
                (sign, "strong"),
                (words, "won" if one.reached else "dim" if digit else "text"),
            )
        )
    return rows


def latest(rows: Sequence[Line], width: int) -> Line:
    """The latest tries, as many as fit on one row."""
    shown: list[Line] = []
    for row in reversed(rows):
        if shown and cells(join([row, *shown], "   ")) > width:
            break
        shown.insert(0, row)
    return clip(join(shown, "   "), width)


def _outcome_words(choice: OutcomeChoice, room: int) -> str:
    """What an outcome will do, in ``room`` cells: whole, or the moment alone, or nothing."""
    for words in (choice.words, choice.words.split(",")[0] if choice.at else ""):
        if words and cells(make(words)) <= room:
            return words
    return ""


def outcome_grid(choices: Sequence[OutcomeChoice], width: int) -> list[Line]:
    """Nine outcomes, three by three. The widths follow from the labels, so that nothing moves from
    one prospect to the next."""
    by_digit = {choice.digit: choice for choice in choices}
    thirds = [[by_digit.get(n) for n in range(start, start + 3)] for start in (1, 4, 7)]
    wanted = [
        max(
            (2 + cells(make(c.label)) + (7 if c.outcome.retry else 0) for c in part if c), default=2
        )
        for part in thirds
    ]
    spare = width - sum(wanted) - 4
    if spare < 0:
        each = (width - 2) // 3
        sizes = [each, each, width - 2 - 2 * each]
        gap = 1
    else:
        # The first column gets what is left: its outcomes have the longest consequences.
        sizes, gap = [wanted[0] + spare, wanted[1], wanted[2]], 2
        half = spare // 2 if spare > 14 else 0
        sizes = [sizes[0] - half, sizes[1] + half, sizes[2]]
    blocks: list[list[Line]] = []
    for part, size in zip(thirds, sizes, strict=True):
        block = []
        for choice in part:
            if choice is None:
                block.append(EMPTY)
                continue
            words = _outcome_words(choice, size - 3 - cells(make(choice.label)))
            token = "blocked" if choice.outcome.blocks else "text"
            block.append(
                clip(
                    make(
                        (str(choice.digit), "key"),
                        (f" {choice.label}", token),
                        (f" {words}" if words else "", "dim"),
                    ),
                    size,
                )
            )
        blocks += [block, [EMPTY]]
    widths = [sizes[0], gap, sizes[1], gap, sizes[2]]
    return columns(blocks[:-1], widths)


def outcome_list(choices: Sequence[OutcomeChoice], width: int, dimmed: bool = False) -> list[Line]:
    """The outcomes under each other with all that they will do; ``dimmed`` while their digits do
    something else."""
    rows = [choice for choice in choices if choice.digit]
    size = min(max((cells(make(c.label)) for c in rows), default=0) + 4, width * 3 // 5)
    return [
        clip(
            (
                *make((f"{c.digit} ", "dim" if dimmed else "key")),
                cell(
                    c.label,
                    size - 2,
                    "dim" if dimmed else "blocked" if c.outcome.blocks else "text",
                ),
                *make((_outcome_words(c, width - size) or c.words, "dim")),
            ),
            width,
        )
        for c in sorted(rows, key=lambda c: c.digit or 0)
    ]


def _more(count: int) -> Line:
    return make((_("{n} more").format(n=count), "dim"), ("  i", "key"))


def cut(rows: list[Line], most: int) -> list[Line]:
    """At most ``most`` rows; the last one shows how many are left out."""
    if len(rows) <= most:
        return rows
    return [*rows[: most - 1], _more(len(rows) - most + 1)] if most > 0 else []


# -- one column -----------------------------------------------------------------------------------


def narrow(
    card: Card, width: int, height: int, *, large: bool, now: datetime, branch: int | None = None
) -> list[Line]:
    """The card in one column, ``height`` rows: the outcomes on the last three, the other parts on
    rows that depend on the size alone."""
    warnings = warning_rows(card, width)[:2]
    note = wrap(card.note, max(width - LABEL, 10)) if card.note else []
    script, name = script_rows(card, branch, width)
    scripted = bool(card.script.opening or card.script.branches)
    left, right = _data(card)
    wide = width >= 58
    room = height - 6
    rows = dict.fromkeys(
        ("warn", "note", "gap", "tries", "data", "script", "air", "top", "large"), 0
    )

    def grant(part: str, wanted: int, whole: bool = False) -> None:
        nonlocal room
        given = min(wanted, room)
        if given <= 0 or (whole and given < wanted):
            return
        rows[part] += given
        room -= given

    # In the order of use, from the size alone: what is granted here has the same rows for every
    # prospect, so that only the rows that differ are sent for the next one.
    grant("note", 1)
    grant("gap", 1)
    grant("tries", 1)
    grant("data", 2)
    grant("script", 2 if scripted else 0, whole=True)
    grant("air", 2, whole=True)
    grant("top", 1)
    grant("script", 1 if rows["script"] else 0)
    grant("large", 2 if large else 0, whole=True)
    grant("data", 1 if scripted else 4)
    grant("script", 2 if rows["script"] else 0)
    grant("data", 3)
    grant("script", room if rows["script"] else 0)
    grant("data", room)
    # A part that only some prospects have takes its rows from its neighbour.
    rows["warn"] = min(len(warnings), rows["data"])
    rows["data"] -= rows["warn"]
    for part, least in (("script", 2), ("data", 1)):
        longer = min(max(len(note) - rows["note"], 0), max(rows[part] - least, 0), 4)
        if rows["note"]:
            rows["note"], rows[part] = rows["note"] + longer, rows[part] - longer

    short = width < 58
    role = make(
        (card.name or _("no name"), "strong" if card.name else "dim"),
        (f"  {card.role}" if card.role and not short else "", "text"),
    )
    made: list[Line] = [EMPTY] * rows["top"]
    if short:
        made.append(beside(role, make((card.role, "text")), width))
        made.append(beside(make(card.company), there(card, short=True), width))
    else:
        made.append(beside(role, there(card), width))
        made.append(beside(make(card.company), make(place_words(card)), width))
    air = [EMPTY] if rows["air"] else []
    made += air
    numbers = phone_rows(card, width, bool(rows["large"]), now)
    made += numbers + [EMPTY] * (1 + rows["large"] - len(numbers))
    made += air
    made += warnings[: rows["warn"]]
    data, missing = _data_rows(left, right, width if wide else 0, rows["data"])
    made += [clip(line, width) for line in data]
    if rows["tries"]:
        more = _more(missing) if missing else EMPTY
        room_left = width - LABEL - (cells(more) + 3 if more else 0)
        tries = latest(try_words(card, False, now), room_left)
        made.append(beside(label(_("tries"), tries, width, LABEL) if tries else EMPTY, more, width))
    if rows["note"]:
        body = (
            hanging((cell(_("note"), LABEL, "dim"),), " ".join(card.note.split("\n")), width)
            if card.note
            else [make((_("note"), "dim"))]
        )
        made += clipped(body, rows["note"], width)
    if rows["script"]:
        n = len(card.script.branches)
        aside = (
            ngettext("tab: {n} answer", "tab: {n} answers", n).format(n=n) if n and not name else ""
        )
        made.append(section(_("Script"), width, note=name or aside))
        made += clipped(script, rows["script"] - 1, width)
    made += [EMPTY] * (height - 3 - len(made))
    return [*made[: max(height - 3, 0)], *outcome_grid(card.choices, width)]


def padded(rows: list[Line], count: int) -> list[Line]:
    """Exactly ``count`` rows, empty ones at the end."""
    return [*rows[:count], *[EMPTY] * (count - len(rows))]


def clipped(rows: list[Line], count: int, width: int) -> list[Line]:
    """Exactly ``count`` rows; where some are left out the last one ends in the sign of a cut."""
    if len(rows) > count > 0:
        last = rows[count - 1]
        token = last[-1].token if last else "dim"
        rows = [*rows[: count - 1], clip((*last, Run(" " * width, token)), width)]
    return padded(rows, count)


def _data(card: Card) -> tuple[list[Line], list[tuple[str, str]]]:
    """The other ways to reach the prospect, and the columns of the list as (label, value)."""
    first = first_phone(card)
    ways: list[Line] = []
    for phone in card.phones:
        if phone is first:
            continue
        odd = _("wrong number") if phone.bad else _("do not call") if phone.blocked else ""
        token = dialled("dim" if odd else "text", None if phone.blocked else phone.e164)
        ways.append(
            make(
                (phone.shown if phone.e164 else phone.typed, token),
                (f"  {odd}" if odd else "", "blocked" if phone.blocked else "dim"),
            )
        )
    ways += [make(text) for text in (*card.emails, card.web, card.linkedin) if text]
    others = [
        (name, value)
        for name, value, field in card.cells
        if field not in ABOVE and field not in REACH
    ]
    return ways, others


def _pair(name: str, value: str, size: int = 12) -> Line:
    return (cell(name, size, "dim"), Run(" ", "text"), *make(value))


def _data_rows(
    left: list[Line], right: list[tuple[str, str]], width: int, count: int
) -> tuple[list[Line], int]:
    """The ways to reach the prospect at the left, the columns with their labels at the right, in
    ``count`` rows; and how many of them are left out. Under each other where ``width`` is 0."""
    names = min(max((cells(make(name)) for name, _v in right), default=0), 13)
    pairs = [_pair(name, value, names) for name, value in right]
    if not width or not pairs or not left:
        every = [*left, *pairs]
        if not width or len(every) <= count:
            return padded(every, count), max(len(every) - count, 0)
        left, pairs = every[:count], every[count:]
    elif len(pairs) > count > len(left):
        # Columns without room at the right go under the ways, where rows are free.
        spare = count - len(left)
        left, pairs = (
            [*left, *pairs[count : count + spare]],
            [*pairs[:count], *pairs[count + spare :]],
        )
    missing = max(len(left) - count, 0) + max(len(pairs) - count, 0)
    start = width * 54 // 100
    rows = columns(
        [padded(left, count), [EMPTY] * count, padded(pairs, count)],
        [start - 2, 2, width - start],
    )
    return rows, missing
