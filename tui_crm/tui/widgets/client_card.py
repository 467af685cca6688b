"""A client as lines: who looks after it, what it has brought, when somebody was last reached, its
fields; and its people and notes as rows of a list. Pure functions of a `ClientView`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tui_crm.core import money, phones
from tui_crm.core.dates import labels
from tui_crm.core.dates.labels import day_label
from tui_crm.core.leads.clients import ClientRow, ClientView, Note, Sum
from tui_crm.core.leads.contacts import Person
from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets.lines import (
    Line,
    Run,
    beside,
    cell,
    cells,
    clip,
    hanging,
    label,
    make,
    paragraph,
)

LABEL = 9  # cells of a label


def head(client: ClientView, width: int, currency: str) -> list[Line]:
    """The name with the value so far; what is open, won and lost."""
    row = client.row
    value = make((money.full(row.won.amount, currency), "strong"), (f"  {_('so far')}", "dim"))
    parts = [
        _part(_("{n} open"), row.open, currency, "text"),
        _part(_("{n} won"), row.won, currency, "won"),
        _part(_("{n} lost"), row.lost, currency, "dim"),
    ]
    figures = tuple(run for part in parts if part for run in (*part, Run("   ", "text")))
    title = make((row.name, "strong"))
    if not figures:
        return [clip(title, width), make((_("no lead yet"), "dim"))]
    return [beside(title, value, width), clip(figures, width)]


def _part(words: str, figure: Sum, currency: str, token: str) -> Line:
    """How many leads of a kind and their money; nothing for none."""
    if not figure.count:
        return ()
    amount = f" {money.compact(figure.amount, currency)}" if figure.amount else ""
    return make((words.format(n=f"{figure.count:,}"), token), (amount, "dim"))


def facts(client: ClientView, width: int, now: datetime) -> list[Line]:
    """Next action, owner, last contact, silence, then its fields and other words: the first is
    what matters where there is room for one."""
    row = client.row
    size = max((cells(make(name)) for name in row.fields), default=0) + 2
    size = max(LABEL, min(size, width // 2))
    lines = [
        label(_("next"), _next(client, now, width), width, size),
        label(
            _("owner"),
            make((row.owner or _("nobody"), "text" if row.owner else "due")),
            width,
            size,
        ),
    ]
    contact = make((_("nobody was reached yet"), "dim"))
    if row.contacted is not None:
        day = row.contacted.date()
        ago = (now.date() - day).days
        words = ngettext("{n} day ago", "{n} days ago", ago).format(n=f"{ago:,}")
        contact = make((day_label(day, now.date()), "text"), (f"  {words}" if ago else "", "dim"))
    lines.append(label(_("contact"), contact, width, size))
    lines.append(label(_("silence"), _silence(row), width, size))
    for name, value in row.fields.items():
        lines += hanging((cell(name, size, "dim"),), value or "–", width)
    known = set(row.fields)
    for text in row.description.splitlines():
        if text.strip() and text.partition(":")[0].strip(" -*•\t") not in known:
            lines += paragraph(text.strip(), width)
    return lines


def _next(client: ClientView, now: datetime, width: int) -> Line:
    """The first next action of its open leads, and on which."""
    lead = client.next
    following = lead.next if lead else None
    if lead is None or following is None:
        word = _("no date") if client.row.open.count else "–"
        return make((word, "due" if client.row.open.count else "dim"))
    day = following.at.date() if following.at else following.day
    late = (following.at < now) if following.at else (day is not None and day < now.date())
    moment = labels.short(following.day, following.at, following.minutes, now, room=width)
    return make(
        (f"! {moment}" if late else moment, "late" if late else "strong"),
        (f"  {following.text or following.kind}", "text"),
        (f"  #{lead.number}", "dim"),
    )


def _silence(row: ClientRow) -> Line:
    """For how many days nobody did anything, and after how many that is an alarm."""
    idle = ngettext("{n} day", "{n} days", row.idle).format(n=f"{row.idle:,}")
    if not row.silent_days:
        return make((idle, "text"), (f"  {_('no alarm')}", "dim"))
    limit = _("alarm after {n}").format(n=row.silent_days)
    if row.silent:
        return make((f"! {idle}", "late"), (f"  {limit}", "dim"))
    return make((idle, "text"), (f"  {limit}", "dim"))


def person_row(person: Person, among: Sequence[Person], width: int, region: str) -> Line:
    """A person on one row: name, role, the first good phone, the first e-mail. Names and roles are
    as wide as ``among`` all that are shown they need to be."""
    name = person.name or next((p.value for p in person.points), "–")
    names = max(cells(make(one.name)) for one in among)
    roles = max(cells(make(one.role)) for one in among)
    line: Line = (Run("  ", "text"), cell(name, max(8, min(names, width // 3)), "text"))
    if width >= 60 and roles:
        line = (*line, Run("  ", "text"), cell(person.role, min(roles, width // 5), "dim"))
    phone = next((p for p in person.phones if not p.bad), None)
    if phone is not None:
        shown = phones.shown(phone.value, phone.match or None, region)
        sign = f"9 {shown}" if phone.blocked else shown
        line = (*line, *make((f"  {sign}", "blocked" if phone.blocked else "text")))
    mail = next(iter(person.emails), None)
    if mail is not None and cells(line) + cells(make(mail.value)) + 2 <= width:
        line = (*line, *make((f"  {mail.value}", "text")))
    return clip(line, width)


def note_row(note: Note, width: int, now: datetime, me: int) -> Line:
    """A note on one row: its day, its words, and whose it is when it is not one's own."""
    day = labels.compact_day(note.at.date(), now.date())
    words = make((f"  {day.ljust(8)} ", "dim"), (" ".join(note.text.split()), "text"))
    return beside(words, make((note.by if note.by_id != me else "", "dim")), width)
