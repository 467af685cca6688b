"""Commands that print what the screens show: today, leads, show, feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tui_crm.cli import output, typed
from tui_crm.cli.commands import LEAD, N_, Argument, Option, Whole, command
from tui_crm.cli.context import Context
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, fit, ngettext, wrap

if TYPE_CHECKING:
    from tui_crm.core.leads.history import HistoryLine
    from tui_crm.core.leads.next_actions import DayRow, DaySection, Today
    from tui_crm.core.leads.views import LeadView, NextAction
    from tui_crm.core.session import Session

_AT_ONCE = 400
_SIGNS = {"won": "w", "lost": "l", "cancelled": "x"}


# -- today ----------------------------------------------------------------------------------------


@command(
    "today",
    N_("What is to do today: late, timed, untimed, no date."),
)
def today(context: Context) -> None:
    session = context.session()
    from tui_crm.core.leads import next_actions

    day = next_actions.today(session)
    if context.json:
        numbers = [row.id for part in day.sections for row in part.rows if row.what == "lead"]
        output.put_json_rows(lead_rows(session, numbers))
        callbacks = len(day.section("callbacks").rows)
        if callbacks:
            output.tell(
                ngettext(
                    "{n} callback in prospect lists is no lead and not among them.",
                    "{n} callbacks in prospect lists are no leads and not among them.",
                    callbacks,
                ).format(n=callbacks)
            )
        return
    first = True
    for part in day.sections:
        if part.rows:
            if not first:
                output.put()
            _section(session, part, day.now)
            first = False
    if not day.left:
        if not first:
            output.put()
        _nothing_left(session, day)


def _section_name(name: str) -> str:
    return {
        "overdue": "! " + _("Overdue"),
        "today": _("Today"),
        "nodate": _("To do, no date"),
        "unassigned": _("Nobody's yet"),
        "callbacks": _("Callbacks"),
        "tomorrow": _("Tomorrow"),
        "week": _("This week"),
        "silent": _("Silent clients"),
    }.get(name, name)


def _section(session: Session, part: DaySection, now: datetime) -> None:
    note = output.amount(part.amount, session.currency) if part.amount else ""
    output.heading(_section_name(part.name), len(part.rows), note)
    output.table(
        [
            Column(""),
            Column("", right=True),
            Column("", most=11),
            Column("", give=True, most=44),
            Column("", right=True),
            Column("", give=True, most=40),
        ],
        [_day_row(session, part.name, row, now) for row in part.rows],
        head=False,
    )


def _day_row(session: Session, section: str, row: DayRow, now: datetime) -> Sequence[Any]:
    from tui_crm.core.dates import labels

    late = section in ("overdue", "today", "callbacks") and labels.is_late(row.day, row.at, now)
    sign = "!" if late else "*" if row.starred else " "
    if section in ("nodate", "silent"):
        label = _("idle {n}d").format(n=row.idle)
    else:
        label = labels.short(row.day, row.at, row.minutes, now, room=20)
    owner = _("of {name}").format(name=row.owner) if row.owner else ""
    about = " ".join(w for w in (owner, _kind(row.kind), row.text, row.list_name) if w)
    number = f"#{row.id}" if row.what == "lead" else ""
    return (sign, number, label, row.title, output.compact(row.amount, session.currency), about)


def _kind(kind: str) -> str:
    return {
        "call": _("call"),
        "email": _("e-mail"),
        "meeting": _("meeting"),
        "visit": _("visit"),
        "message": _("message"),
        "note": _("note"),
        "task": _("task"),
        "step": _("step"),
        "status": _("status"),
        "amount": _("amount"),
        "owner": _("owner"),
        "lead": _("lead"),
        "expected_close": _("expected close"),
    }.get(kind, kind)


def _nothing_left(session: Session, day: Today) -> None:
    if not day.leads_exist:
        output.put(_("No leads yet."))
        output.tell(_("Add one: tui-crm add TITLE, or bring yours: tui-crm import FILE --leads"))
        return
    done = day.done
    output.put(_("Nothing left to do today."))
    output.put(
        _("Done: {actions} actions, {calls} calls, {reached} reached, {won} won.").format(
            actions=done.actions, calls=done.calls, reached=done.reached, won=done.won
        )
    )
    if done.tomorrow:
        output.put(_("Tomorrow: {n}.").format(n=done.tomorrow))


# -- leads ----------------------------------------------------------------------------------------


@command(
    "leads",
    N_(
        "Leads that a filter finds, all without it; the open ones first.\n\n"
        "QUERY takes the words of the Leads screen: step:proposal owner:ana tag:hot amount>5000 "
        "stale>14d contacted<14d priority:high created:2026-q3 next:none with:phone status:open, "
        "the fields and tag categories of the workspace (Sector:Food, budget>5000), or any word; "
        "or between words, brackets, and - before what must not be. sort:amount orders, group:step "
        "makes sections, columns:next,amount,age chooses what is shown. Put -- before a word that "
        "begins with -."
    ),
    Argument("query", many=True),
)
def leads(context: Context, query: tuple[str, ...]) -> None:
    session = context.session()
    from tui_crm.core.leads import filter as lead_filter

    found = lead_filter.listing(session, typed.words(query))
    if found.filter.problems:
        raise CrmError(
            "; ".join(found.filter.problems).rstrip(".") + ".",
            _("See: {command} --help").format(command="tui-crm leads"),
        )
    if context.json:
        from tui_crm.core.exchange.writers import export

        if found.filter.columns:
            output.tell(_("columns: is for lists and tables; JSON has every key."))
        output.put_json_rows(export.lead_objects(session, found))
        return
    if not found.numbers:
        output.tell(_("No lead is found."))
        blame = lead_filter.culprit(session, found.filter)
        if blame:
            output.tell(_("Without {word} there are {n}.").format(word=blame[0], n=blame[1]))
        return
    read = found.filter
    if read.group:
        from tui_crm.core.leads import board

        for place, group in enumerate(board.groups(session, found)):
            if place:
                output.put()
            name = group.name or _("without")
            total = output.amount(group.amount, session.currency)
            output.heading(name, len(group.numbers), total)
            put_leads(session, group.numbers, read.columns)
    else:
        put_leads(session, found.numbers, read.columns)
    output.tell(
        ngettext("{n} lead, {sum}", "{n} leads, {sum}", len(found)).format(
            n=len(found), sum=output.amount(found.amount, session.currency)
        )
    )


def put_leads(session: Session, numbers: Sequence[int], chosen: Sequence[str] = ()) -> None:
    """Print the rows as they come, so that fifty thousand do not wait for the last; ``chosen``
    are columns of the filter line in place of the usual ones."""
    shown = chosen or ("amount", "percent", "step", "next", "words", "owner")
    columns = [Column(_("lead"), right=True), Column("", most=1)]
    columns += [Column(_("title"), give=True, most=44), *(_column(name) for name in shown)]
    scored = "score" in shown
    for start in range(0, len(numbers), _AT_ONCE):
        views = _views(session, numbers[start : start + _AT_ONCE], scored)
        output.table(columns, [_lead_row(session, v, shown) for v in views])


def _column(name: str) -> Column:
    """The column of a list of leads that has this name in a filter line."""
    if name in ("amount", "percent", "age", "idle", "score"):
        words = {"amount": _("amount"), "percent": "%", "age": _("age"), "idle": _("idle")}
        words["score"] = _("score")
        return Column(words[name], right=True)
    words = {"next": _("next"), "step": _("step"), "owner": _("owner"), "client": _("client")}
    words |= {"close": _("close"), "contacted": _("last contact"), "created": _("created")}
    words |= {"tags": _("tags"), "source": _("source"), "words": ""}
    most = {"step": 14, "next": 15, "words": 30, "owner": 12, "tags": 24, "client": 24}
    return Column(words[name], give=name == "words", most=most.get(name, 16))


def _lead_row(session: Session, lead: LeadView, shown: Sequence[str]) -> Sequence[Any]:
    sign = _SIGNS.get(lead.status) or ("*" if lead.starred else "")
    cells = (_cell(session, lead, name) for name in shown)
    return (f"#{lead.number}", sign, lead.title, *cells)


def _cell(session: Session, lead: LeadView, name: str) -> Any:
    nothing = output.nothing()
    if name == "amount":
        return output.compact(lead.amount, session.currency)
    if name == "percent":
        return lead.probability if lead.open else ""
    if name == "score":
        return nothing if lead.chance is None else f"{lead.chance:.0%}"
    if name == "next":
        return _next_label(session, lead)
    if name == "words":
        return lead.next.text if lead.next else ""
    if name in ("age", "idle"):
        return _("{n}d").format(n=lead.age if name == "age" else lead.idle)
    if name == "tags":
        return ", ".join(lead.tags) or nothing
    days = {"close": lead.expected_close, "created": lead.created}
    if name in days:
        return day.isoformat() if (day := days[name]) else nothing
    if name == "contacted":
        return lead.contacted.date().isoformat() if lead.contacted else nothing
    texts = {"step": lead.step, "owner": lead.owner, "client": lead.client, "source": lead.source}
    return texts[name] or nothing


def _next_label(session: Session, lead: LeadView) -> str:
    from tui_crm.core.dates import labels

    if not lead.open:
        return lead.closed.isoformat() if lead.closed else ""
    if lead.next is None or (lead.next.day is None and lead.next.at is None):
        return _("no date")
    return labels.short(lead.next.day, lead.next.at, None, session.now, room=20)


def _views(session: Session, numbers: Sequence[int], scored: bool = False) -> list[LeadView]:
    from tui_crm.core.leads import views as lead_views

    return lead_views.by_numbers(session, list(numbers), scored=scored)


def lead_rows(session: Session, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The contract's object of each lead, read a few hundred at a time."""
    from tui_crm.core.exchange.writers import json_shape

    for start in range(0, len(numbers), _AT_ONCE):
        for view in _views(session, numbers[start : start + _AT_ONCE]):
            yield json_shape.lead_json(view, session)


# -- show -----------------------------------------------------------------------------------------


@command(
    "show",
    N_("One lead with its people, fields and history."),
    Argument("number", LEAD, metavar="N"),
)
def show_lead(context: Context, number: int) -> None:
    put_lead(context, context.session(), number)


def put_lead(context: Context, session: Session, number: int) -> None:
    """Print a lead with its people, fields and history; with ``--json`` as an object."""
    from tui_crm.core.leads import attachments, history as lead_history, views as lead_views

    lead = lead_views.one(session, number)
    lines = lead_history.history(session, lead.number)
    kept = attachments.of(session, lead.number)
    if lead.number != number:
        output.tell(_("#{number} was merged into #{kept}.").format(number=number, kept=lead.number))
    if context.json:
        from tui_crm.core.exchange.writers import json_shape

        whole = dict(json_shape.lead_json(lead, session))
        whole["attachments"] = json_shape.attachments_json(kept, session)
        whole["history"] = json_shape.history_json(lines, session)
        output.put_json(whole)
        return
    _wrapped(f"#{lead.number} {'* ' if lead.starred else ''}{lead.title}")
    for label, value in _facts(session, lead):
        _fact(label, value)
    for person in lead.people:
        name = ", ".join(p for p in (person.name, person.role) if p)
        output.put()
        _wrapped(name or output.nothing())
        for point in person.points:
            _wrapped(f"{point.value}{'  ' + _('(bad)') if point.bad else ''}", "  ")
    if lead.description.strip():
        output.put()
        _wrapped(lead.description.strip())
    if kept:
        from tui_crm.cli.attachments import file_line

        output.put()
        for row in kept:
            _wrapped(file_line(row, session))
    output.put()
    for line in lines:
        _history_line(line)


def _wrapped(words: str, indent: str = "") -> None:
    for line in wrap(words, output.width() - len(indent)):
        output.put(indent + line)


def _facts(session: Session, lead: LeadView) -> Iterator[tuple[str, str]]:
    status = {
        "todo": _("to do"),
        "standby": _("standby"),
        "won": _("won"),
        "lost": _("lost"),
        "cancelled": _("cancelled"),
    }[lead.status]
    if lead.closed:
        status = f"{status} {lead.closed.isoformat()}"
    yield _("status"), f"{status}: {lead.reason}" if lead.reason else status
    yield _("step"), f"{lead.step} ({lead.step_place}/{lead.step_count}, {lead.pipeline})"
    amount = output.amount(lead.amount, session.currency)
    yield _("amount"), f"{amount}, {lead.probability}%" if lead.open else amount
    if lead.open:
        yield _("next"), next_words(lead.next, session.now)
    if lead.expected_close:
        yield _("expected close"), lead.expected_close.isoformat()
    yield _("owner"), lead.owner or output.nothing()
    for label, value in (
        (_("client"), lead.client),
        (_("tags"), ", ".join(lead.tags)),
        (_("priority"), "" if lead.priority == "none" else _(lead.priority)),
        (_("direction"), _(lead.direction) if lead.direction else ""),
        (_("source"), lead.source),
        (_("list"), lead.list),
        (_("created"), lead.created.isoformat()),
    ):
        if value:
            yield label, value


def next_words(following: NextAction | None, now: datetime) -> str:
    """A next action in one line."""
    from tui_crm.core.dates.reading import Reading

    if following is None:
        return _("no date")
    about = Reading(
        following.day or (following.at.date() if following.at else None),
        following.at,
        following.minutes,
        following.kind or None,
        following.text,
        following.rule or None,
    )
    return about.echo(now).replace(" · ", f" {output.dot()} ")


def _fact(label: str, value: str) -> None:
    lines = wrap(value, max(20, output.width() - 16)) or [""]
    output.put(f"{fit(label, 14)}  {lines[0]}")
    for line in lines[1:]:
        output.put(f"{'':16}{line}")


def _history_line(line: HistoryLine) -> None:
    minutes = f"{(line.seconds + 59) // 60}m" if line.seconds else ""
    head = " ".join(p for p in (_kind(line.kind), line.outcome or "", minutes) if p)
    entry = f"{head}: {line.text}" if line.text else head
    lead_in = f"{_day(line.at)}  {fit(line.by, 10)}  "
    if output.width() < 60:  # no room beside it
        output.put(lead_in)
        _wrapped(entry, "  ")
        return
    lines = wrap(entry, output.width() - 30) or [""]
    output.put(lead_in + lines[0])
    for more in lines[1:]:
        output.put(" " * 30 + more)


def _day(at: datetime | date) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


# -- feed -----------------------------------------------------------------------------------------


@command(
    "feed",
    N_(
        "What was done, and by whom, the newest first.\n\n"
        "QUERY narrows: by:ben kind:call day:today lead:1042, or any word."
    ),
    Argument("query", many=True),
    Option("--most", kind=Whole(1), default=50, show_default=True, help=N_("How many entries.")),
)
def feed(context: Context, query: tuple[str, ...], most: int) -> None:
    session = context.session()
    from tui_crm.core import feed as entries

    rows = entries.feed(session, typed.words(query), most=most)
    if context.json:
        output.put_json_rows(
            {
                "entry": r.id,
                "at": r.at,
                "by": r.by,
                "kind": r.kind,
                "text": r.text,
                "lead": r.lead_id,
                "undone": r.undone,
            }
            for r in rows
        )
        return
    output.table(
        [
            Column(_("when")),
            Column(_("who"), most=12),
            Column(_("kind"), most=12),
            Column(_("lead"), right=True),
            Column(_("what"), give=True, most=200),
        ],
        [
            (
                _day(r.at),
                r.by,
                _kind(r.kind),
                f"#{r.lead_id}" if r.lead_id else "",
                f"({_('undone')}) {r.text}" if r.undone else r.text,
            )
            for r in rows
        ],
    )
    if not rows:
        output.tell(_("Nothing is found."))


COMMANDS = {"today": today, "leads": leads, "show": show_lead, "feed": feed}
