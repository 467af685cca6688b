"""A lead as lines: its facts, people, fields and history. Pure functions of a `CardView`.

`pane` is the card beside a list and the whole lead below 100 columns; `two_columns` the whole lead
from 100 columns, the history on the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tui_crm.core import money, phones
from tui_crm.core.dates import labels, recurrence
from tui_crm.core.dates.labels import is_far, month_name, short_day
from tui_crm.core.leads.attachments import AttachmentRow
from tui_crm.core.leads.history import HistoryLine
from tui_crm.core.leads.views import LeadView
from tui_crm.core.setup.tags import TagMark
from tui_crm.core.text import _, ngettext
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import lead_rows, titles
from tui_crm.tui.widgets.kinds import kind_name, kind_token, next_words
from tui_crm.tui.widgets.lead_rows import SIGN, is_late, step_bar
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    Tinted,
    beside,
    cell,
    cells,
    clip,
    columns,
    fixed,
    hanging,
    indent,
    join,
    label,
    make,
    paragraph,
    plain,
    section,
    tinted,
)

HUES = {"blue": "call", "teal": "email", "sand": "meeting", "mauve": "visit"}
"""The tokens of the colours that a tag category can have."""
LABEL = 8  # cells of a label
NARROW = 60  # cells under which the whole lead is drawn for a phone
STATUS = {
    "todo": ("To do", "strong"),
    "standby": ("Standby", "text"),
    "won": ("Won", "won.b"),
    "lost": ("Lost", "lost"),
    "cancelled": ("Cancelled", "lost"),
}


@dataclass(frozen=True)
class CardView:
    """A lead with its history, newest first, as one user sees it: ``now`` is aware, ``region`` is
    the workspace's for phone numbers, ``me`` the user's id."""

    lead: LeadView
    history: Sequence[HistoryLine]
    now: datetime
    currency: str
    region: str
    me: int
    cursor: int | None = None
    """The line of the history that the cursor is on; None: on none."""
    files: Sequence[AttachmentRow] = ()
    """The files of the lead, newest first."""


def status_word(status: str) -> tuple[str, str]:
    """The word and token of a status."""
    word, token = STATUS[status]
    return _(word), token


def head(lead: LeadView, width: int, currency: str) -> list[Line]:
    """Title and number; status, step with its bar, amount and probability."""
    star = (*_signs(lead), *make((f"#{lead.number}", "dim")))
    word, token = status_word(lead.status)
    sign = SIGN.get(lead.status)
    state = (
        *make(
            (f"{sign[0]} ", sign[1]) if sign else ("", "text"), (word, f"{token.split('.')[0]}.b")
        ),
        *make(("  ", "text"), (f"{lead.step} {lead.step_place}/{lead.step_count} ", "text")),
        *step_bar(lead, 10 if width >= 40 else 5),
    )
    amount = money.full(lead.amount, currency) if lead.amount is not None else "–"
    right = make(
        (amount, "strong"), (f"  {lead.probability}%", "dim") if lead.open else ("", "dim")
    )
    return [beside(titles.in_line(lead.title), star, width), beside(state, right, width)]


def _signs(lead: LeadView) -> Line:
    """The star of a lead and its priority, with a blank behind them."""
    signs = ("*" if lead.starred else "", "strong"), lead_rows.priority_sign(lead.priority)
    shown = [one for one in signs if one[0].strip()]
    return make(*shown, (" ", "text")) if shown else EMPTY


def facts(lead: LeadView, width: int, now: datetime) -> list[Line]:
    """Next action, chance to win, expected close, owner and client, tags, source."""
    rows: list[Line] = []
    following = lead.next
    if following is not None and (following.day or following.at):
        late = is_late(lead, now)
        due = not late and (
            following.day == now.date() or (following.at is not None and following.at <= now)
        )
        token = "late" if late else "due" if due else "strong"
        moment = labels.short(following.day, following.at, following.minutes, now, room=width)
        if not late and not due and following.day and following.day > now.date():
            moment = short_day(following.day, now.date())
        pieces = make(
            ("! " if late else "", f"{token}.b"),
            (moment, f"{token}.b"),
            (f"  {labels.ago(following.day, following.at, now)}", "late" if late else "dim"),
            (f"  {recurrence.in_words(following.rule)}" if following.rule else "", "dim"),
        )
        rows.append(label(_("next"), pieces, width, LABEL))
        words = next_words(following.kind, following.text)
        if words:
            *kind, last = words
            rows += hanging((*make(" " * LABEL), *kind), last.text, width, last.token)
    elif lead.open:
        words = next_words(following.kind, following.text) if following else EMPTY
        pieces = join((make((_("no date"), "due")), words))
        rows.append(label(_("next"), pieces, width, LABEL))
    if lead.step_late:
        days = ngettext("{n} day", "{n} days", lead.in_step).format(n=lead.in_step)
        target = _("at most {n} on {step}").format(n=lead.step_target, step=lead.step)
        rows.append(
            label(_("step"), make((f"! {days}", "late"), (f"  {target}", "dim")), width, LABEL)
        )
    if lead.chance is not None:
        told = label(_("chance"), make(f"{lead.chance:.0%}  "), width, LABEL)
        rows += hanging(told, lead.why_chance, width, "dim")
    if lead.closed:
        pieces = make(
            (short_day(lead.closed, now.date()), "text"), (f"  {lead.reason or ''}", "dim")
        )
        rows.append(label(_("closed"), pieces, width, LABEL))
    age = ((lead.closed or now.date()) - lead.created).days
    aside = _("open {n} days").format(n=age) if lead.open else _("after {n} days").format(n=age)
    if lead.expected_close and lead.open:
        overdue = lead.expected_close < now.date()
        pieces = make(
            (
                ("! " if overdue else "") + short_day(lead.expected_close, now.date(), False),
                "late" if overdue else "text",
            ),
            (f"  {aside}", "dim"),
        )
        rows.append(label(_("close"), pieces, width, LABEL))
    else:
        rows.append(
            label(
                _("made"),
                make((short_day(lead.created, now.date(), False), "text"), (f"  {aside}", "dim")),
                width,
                LABEL,
            )
        )
    owner = make((lead.owner or _("nobody"), "text" if lead.owner else "due"))
    if lead.client:
        owner = (*owner, *make((f"   {_('client')} ", "dim"), lead.client))
    rows.append(label(_("owner"), owner, width, LABEL))
    if lead.tags:
        rows += _tags(lead, width)
    origin = lead.source
    if lead.list and lead.list != lead.source:
        origin = f"{origin} {_('list {n}').format(n=lead.list)}".strip()
    if origin:
        rows.append(label(_("source"), make((origin, "text")), width, LABEL))
    return rows


def people(lead: LeadView, width: int, region: str) -> list[Line]:
    """The contacts: name, role, and each phone and address on a row of its own."""
    rows: list[Line] = []
    names = max((cells(make(p.name)) for p in lead.people), default=0)
    roles = max((cells(make(p.role)) for p in lead.people), default=0)
    name_width = min(max(names, 8) + 2, width // 3)
    role_width = min(roles + 2, width // 4) if roles else 0
    for person in lead.people:
        first = (
            cell(person.name or "–", name_width - 1),
            Run(" ", "text"),
            *((cell(person.role, role_width - 1, "dim"), Run(" ", "text")) if role_width else ()),
        )
        at = cells(first)
        points = [
            make(
                (
                    phones.shown(p.value, p.match or None, region)
                    if p.kind == "phone"
                    else p.value,
                    "blocked" if p.blocked else "dim" if p.bad else "text",
                ),
                (f"  9 {_('do not call')}" if p.blocked else "", "blocked.b"),
                (f"  {_('wrong number')}" if p.bad else "", "dim"),
            )
            for p in person.points
        ]
        rows.append(first if not points else clip((*first, *points[0]), width))
        if points and cells(points[0]) > width - at:
            rows[-1:] = [clip(first, width), *_own_rows(points[0], width)]
        for point in points[1:]:
            rows += [indent(point, at)] if cells(point) <= width - at else _own_rows(point, width)
    return rows


def _own_rows(point: Line, width: int) -> list[Line]:
    """A phone or an address that has no room behind its person: a row of its own, or two, for it is
    never cut."""
    if cells(point) <= width - 2:
        return [indent(point, 2)]
    rows = [indent(row, 2) for row in paragraph(point[0].text, width - 2, point[0].token)]
    return [*rows, *(indent((run,), 2) for run in point[1:])]


def _tags(lead: LeadView, width: int) -> list[Line]:
    """The tags, each with the letter of its category and in its colour."""
    plain_text = "  ".join(_tag_text(mark) for mark in lead.marked_tags)
    head = make((_("tags").ljust(LABEL), "dim"))
    if cells(head) + cells(make(plain_text)) > width:
        return hanging(head, plain_text, width)
    line = head
    for place, mark in enumerate(lead.marked_tags):
        gap = "  " if place else ""
        letter = f"{mark.letter}:" if mark.letter else ""
        token = HUES.get(mark.colour, "text")
        line = (*line, *make((gap + letter, "dim"), (mark.name, token)))
    return [line]


def _tag_text(mark: TagMark) -> str:
    return f"{mark.letter}:{mark.name}" if mark.letter else mark.name


def field_rows(lead: LeadView, width: int) -> list[Line]:
    """The `Label: value` lines of the description, then its other words."""
    fields = lead.fields
    size = min(max((cells(make(name)) for name in fields), default=0) + 2, width // 2)
    rows: list[Line] = []
    for name, value in lead.shown_fields or fields.items():
        rows += hanging((cell(name, size, "dim"),), value or "–", width)
    known = set(fields)
    for line in lead.description.splitlines():
        if line.strip() and line.partition(":")[0].strip(" -*•\t") not in known:
            rows += paragraph(line.strip(), width)
    return rows


def history(card: CardView, width: int, *, wrap: bool = True) -> list[Line]:
    """Newest first: the day once, the month when it changes, kind, outcome, words, and a name
    only when it was not you. System lines are dim, the line under the cursor is tinted, a pinned
    one has a star."""
    lines, now, me = card.history, card.now, card.me
    blocks: list[list[Line]] = []
    kinds = [kind_name(one.kind) for one in lines]
    # Eight cells hold all the usual kinds; a longer word takes what it needs, in every row.
    size = min(max((cells(make(kind)) for kind in kinds), default=0) + 1, max(12, width // 6))
    size = max(size, 8)
    ends = [_outcome(one) for one in lines]
    # Twelve hold the usual outcomes with their minutes; "interested 12m" takes two more.
    most = min(max((cells(make(end)) for end in ends), default=0), max(14, width // 4))
    dates = _dates([one.at.date() for one in lines], now.date())
    first_size = max(7, *(cells(make(one)) + 1 for one in dates)) if dates else 7
    for one, day, kind, outcome in zip(lines, dates, kinds, ends, strict=True):
        token = "dim" if one.system else "text"
        by = one.by if one.by_id != me else ""
        words = one.text or (_("as a prospect") if one.as_prospect else "")
        first = (
            cell(day, first_size, token if day else "dim"),
            cell(kind, size, kind_token(one.kind, token)),
        )
        if one.system:
            body = make((words, "dim"))
            end = make((by, "dim"))
            body = clip((*first, *body), width - (cells(end) + 2 if by else 0))
            blocks.append([beside(body, end, width)])
            continue
        tone = "won" if one.reached else "dim" if one.kind != "note" else "text"
        lead_in = (
            first
            if one.kind == "note"
            else (*first, cell(outcome, max(most, 12), tone), Run(" ", "text"))
        )
        if one.pinned:
            lead_in = (*lead_in, Run("* ", "strong"))
        end = make((by, "dim"))
        room = width - (cells(end) + 2 if by else 0)
        if wrap and words:
            made = hanging(lead_in, " ".join(words.split("\n")), room)
        else:
            made = [(*lead_in, *make((" ".join(words.split()), "text")))]
        if one.script:
            made = _with_answers(made, one.script, cells(lead_in), room, wrap)
        made = [clip(row, room) for row in made]
        blocks.append([beside(made[0], end, width) if by else made[0], *made[1:]])
    return [
        tinted(fixed(row, width)) if place == card.cursor else row
        for place, block in enumerate(blocks)
        for row in block
    ]


def _dates(days: Sequence[date], today: date) -> list[str]:
    """``19 Nov``, ``17``, nothing: the day where it changes, the month where that does too."""
    labels: list[str] = []
    last: tuple[date, str] | None = None
    for day in days:
        month = month_name(day.month) + (f" {day:%y}" if is_far(day, today) else "")
        if last is not None and day == last[0]:
            labels.append("")
        else:
            same = last is not None and month == last[1]
            labels.append(f"{day:%d}" if same else f"{day:%d} {month}")
        last = day, month
    return labels


def _outcome(one: HistoryLine) -> str:
    """How it ended, and the minutes it took."""
    outcome = (one.outcome or "").casefold()
    return f"{outcome} {max(1, round(one.seconds / 60))}m".strip() if one.seconds else outcome


def _with_answers(made: list[Line], path: str, at: int, room: int, wrap: bool) -> list[Line]:
    """A call's rows, with the answers of the script that were opened on it behind its words, or
    under them (``at`` cells from the left) where there is no room."""
    said = _("script: {path}").format(path=path)
    last = join((made[-1], make((said, "dim"))))
    if cells(last) <= room or not wrap:
        return [*made[:-1], last]
    return [*made, *hanging(indent(EMPTY, at), said, room, "dim")]


def tally(lines: Sequence[HistoryLine]) -> str:
    """`7 calls, 3 reached`."""
    calls = [line for line in lines if line.kind == "call" and not line.system]
    if not calls:
        return ""
    reached = sum(line.reached for line in calls)
    return ngettext(
        "{n} call, {reached} reached", "{n} calls, {reached} reached", len(calls)
    ).format(n=len(calls), reached=reached)


def file_rows(card: CardView, width: int) -> list[Line]:
    """The files: name, kind, amount and day."""
    rows = []
    for one in card.files:
        amount = money.full(one.amount, card.currency) if one.amount is not None else ""
        day = short_day(one.dated, card.now.date()) if one.dated else ""
        about = [(f"  {_(one.kind)}" if one.kind else "", "dim")]
        about += [(f"  {amount}" if amount else "", "strong"), (f"  {day}" if day else "", "dim")]
        rows.append(clip(make((one.name, "text"), *about), width))
    return rows


def pane(card: CardView, width: int, height: int, *, whole: bool = False) -> list[Line]:
    """The card in one column. ``whole``: everything, to be scrolled; else history is cut to one
    row each, so that much of it is in sight."""
    if whole and width < NARROW:
        return small(card, width)
    lead, lines = card.lead, card.history
    air = [EMPTY] if height >= 30 else []
    rows = [*air, *head(lead, width, card.currency), *air, *facts(lead, width, card.now)]

    def block(name: str, body: list[Line], count: int | None = None, note: str = "") -> None:
        if body:
            rows.extend([*air, section(name, width, count, note), *body])

    block(_("People"), people(lead, width, card.region))
    block(_("Fields"), field_rows(lead, width))
    block(_("Files"), file_rows(card, width))
    past = history(card, width, wrap=whole)
    block(_("History"), past or _nothing(), len(lines), tally(lines) if width >= 60 else "")
    return rows


def small(card: CardView, width: int) -> list[Line]:
    """The whole lead on a phone: what one needs while dialling comes first, on nine rows; the
    rest is below."""
    lead, lines = card.lead, card.history
    word, token = status_word(lead.status)
    sign = SIGN.get(lead.status)
    state = (
        *make(
            (f"{sign[0]} ", sign[1]) if sign else ("", "text"),
            (word, f"{token.split('.')[0]}.b"),
            (f"  {lead.step} {lead.step_place}/{lead.step_count} ", "text"),
        ),
        *step_bar(lead, 5),
    )
    amount = money.full(lead.amount, card.currency) if lead.amount is not None else "–"
    star = _signs(lead)[:-1]
    rows = [
        beside(titles.in_line(lead.title), star, width),
        beside(state, make((amount, "strong")), width),
    ]
    about = facts(lead, width, card.now)
    soon = [i for i, line in enumerate(about) if line and line[0].text.strip() == _("next")]
    if soon:  # the next action without its label, then its words
        rows.append(about[soon[0]][1:])
        behind = about[soon[0] + 1 : soon[0] + 2]
        if behind and not behind[0][0].text.strip():
            rows.append(make((f"  {plain(behind[0]).strip()}", "text")))
            about = about[2:]
        else:
            about = about[1:]
    phone = next(((p, point) for p in lead.people for point in p.phones if not point.bad), None)
    if phone is not None:
        shown = phones.shown(phone[1].value, phone[1].match or None, card.region)
        line = make((f"{phone[0].name} ", "text"), (shown, "strong"))
        if phone[1].blocked:
            line = make((f"9 {_('do not call')} ", "blocked.b"), (shown, "blocked"))
        rows.append(clip(line, width))
    past = history(card, width, wrap=False)
    last = [_one_row(one, width) for one in lines[:2]]
    if card.cursor is not None and card.cursor < len(last):
        last[card.cursor] = tinted(fixed(last[card.cursor], width))
    rows += [section(_("History"), width, len(lines)), *(last or _nothing())]
    rows += [section(_("Lead"), width, f"#{lead.number}"), *about]
    for name, body in (
        (_("People"), people(lead, width, card.region)),
        (_("Fields"), field_rows(lead, width)),
        (_("Files"), file_rows(card, width)),
    ):
        if body:
            rows += [section(name, width), *body]
    if len(past) > 2:
        rows += [section(_("Earlier"), width, len(past) - 2), *past[2:]]
    return rows


def _one_row(one: HistoryLine, width: int) -> Line:
    """A line of history without columns, for where there is no room to align it."""
    token = "dim" if one.system else "text"
    outcome = f"{(one.outcome or '').casefold()} " if one.outcome else ""
    return clip(
        make(
            (f"{one.at.day:02d} {month_name(one.at.month)} ", "dim"),
            (f"{kind_name(one.kind)} ", kind_token(one.kind, token)),
            (outcome, "won" if one.reached else "dim"),
            (" ".join(one.text.split()), token),
        ),
        width,
    )


def _nothing() -> list[Line]:
    return [make((_("nothing yet;") + " ", "dim"), ("c", "key"), (f" {_('logs a call')}", "dim"))]


def two_columns(card: CardView, width: int, height: int) -> list[Line]:
    """The whole lead from 100 columns: its facts on the left, its history on the right."""
    lead, lines = card.lead, card.history
    left_width = width * 42 // 100
    right_width = width - left_width - 3
    air = [EMPTY] if height >= 30 else []
    left = [*air, *head(lead, left_width, card.currency), *air]
    left += facts(lead, left_width, card.now)
    for name, body in (
        (_("People"), people(lead, left_width, card.region)),
        (_("Fields"), field_rows(lead, left_width)),
        (_("Files"), file_rows(card, left_width)),
    ):
        if body:
            left += [*air, section(name, left_width), *body]
    right = [*air, section(_("History"), right_width, len(lines), tally(lines)), *air]
    right += history(card, right_width) or _nothing()
    rows = max(len(left), len(right), height)
    upright: list[Line] = [(Run(glyphs.active().upright, "rule"),)] * rows
    bar = (Run(glyphs.active().cursor, "accent"),)
    made = []
    for start, row in zip(
        columns([left, [EMPTY] * rows, upright], [left_width, 1, 1]),
        [*right, *[EMPTY] * (rows - len(right))],
        strict=True,
    ):
        line: Line = (*start, *fixed(EMPTY, 1), *fixed(row, right_width))
        if isinstance(row, Tinted):
            line = tinted((*start, *bar, *fixed(row, right_width)), past=len(start))
        made.append(line)
    return made
