"""Doing: add, log, next, step, won, lost, cancel, reopen, undo, redo; the operations of the
keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from tui_crm.cli import output, typed
from tui_crm.cli.base import LEAD, N_, Command, Context, Option, context_of, words
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.dates.reader import Reading
    from tui_crm.core.session import Session


def _told(here: Context, session: Session, number: int, said: str) -> None:
    """What was done, to stderr; the whole lead as JSON when it was asked for."""
    output.tell(said)
    if here.json:
        from tui_crm.cli.leads import put_lead

        put_lead(here, session, number)


def _title(session: Session, number: int) -> str:
    from tui_crm.core.leads import views as lead_views

    return f"#{number} {show(lead_views.one(session, number).title)}"


def _echo(session: Session, reading: Reading, but: int | None = None) -> None:
    """How a next action was read, with its warnings: to stderr."""
    from tui_crm.core.dates import reader as dates
    from tui_crm.core.leads import next_actions

    output.tell(dates.echo(reading, session.now).replace(" · ", f" {output.dot()} "))
    for warning in reading.warnings:
        output.tell(f"! {warning}")
    for slot in next_actions.clashes(session, reading, but):
        output.tell(
            _("! clash: {time} #{number} {title}").format(
                time=f"{slot.at:%H:%M}", number=slot.lead_id, title=show(slot.title)
            )
        )


@click.command("add", cls=Command, help=N_("A new lead; prints its number."))
@click.argument("title", nargs=-1, required=True)
@click.option("--amount", cls=Option, metavar="MONEY", help=N_("12400, 12.4k, 12.400,50"))
@click.option("--step", cls=Option, metavar="NAME", help=N_("Default: the first step."))
@click.option("--pipeline", cls=Option, metavar="NAME", help=N_("Default: the first pipeline."))
@click.option("--tag", "tags", cls=Option, multiple=True, metavar="TAG", help=N_("Repeatable."))
@click.option("--company", cls=Option, metavar="NAME", default="", help=N_("The client's name."))
@click.option("--contact", cls=Option, metavar="NAME", default="", help=N_("A person there."))
@click.option("--role", cls=Option, metavar="TEXT", default="", help=N_("Of that person."))
@click.option(
    "--phone", "phones", cls=Option, multiple=True, metavar="NUMBER", help=N_("Repeatable.")
)
@click.option(
    "--email", "emails", cls=Option, multiple=True, metavar="ADDRESS", help=N_("Repeatable.")
)
@click.option(
    "--next",
    "following",
    cls=Option,
    metavar="TEXT",
    help=N_('The next action: "fri 9:30 call Anna".'),
)
@click.option("--created", cls=Option, metavar="DATE", help=N_("A day in the past."))
@click.option("--close", cls=Option, metavar="DATE", help=N_("The expected closing day."))
@click.option(
    "--probability",
    cls=Option,
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help=N_("Default: the step's."),
)
@click.option("--owner", cls=Option, metavar="NAME", help=N_("Default: you; none: nobody yet."))
@click.option("--source", cls=Option, metavar="TEXT", default="", help=N_("Where it came from."))
@click.option(
    "--description",
    cls=Option,
    metavar="TEXT",
    default="",
    help=N_("“Label: value” lines are fields."),
)
@click.pass_context
def add(
    ctx: click.Context,
    title: tuple[str, ...],
    amount: str | None,
    step: str | None,
    pipeline: str | None,
    tags: tuple[str, ...],
    company: str,
    contact: str,
    role: str,
    phones: tuple[str, ...],
    emails: tuple[str, ...],
    following: str | None,
    created: str | None,
    close: str | None,
    probability: int | None,
    owner: str | None,
    source: str,
    description: str,
) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import duplicates, leads
    from tui_crm.core.session import find_member

    points = [("phone", p) for p in phones] + [("email", e) for e in emails]
    reading = typed.following(following, session) if following else None
    more: dict[str, Any] = {}
    if owner is not None:
        nobody = owner.strip().casefold() in ("", "none", _("none"))
        more["owner_id"] = None if nobody else find_member(session.store, owner).id
    twins = duplicates.find_duplicates(session, title=words(title), points=points)
    number = leads.create(
        session,
        words(title),
        description=description,
        amount=typed.amount(amount, session) if amount else None,
        step_id=_step(session, step, pipeline),
        tag_names=tags,
        company=company,
        contact=contact,
        role=role,
        points=points,
        following=reading,
        created_on=typed.day(created, session) if created else None,
        expected_close=typed.future_day(close, session) if close else None,
        probability=probability,
        source=source,
        **more,
    )
    for twin in twins:
        output.tell(
            _("! like #{number} {title} ({why}, {owner})").format(
                number=twin.lead_id,
                title=show(twin.title),
                why=twin.why,
                owner=show(twin.owner or output.nothing()),
            )
        )
    if reading is not None:
        _echo(session, reading, number)
    if here.json:
        _told(here, session, number, "")
    else:
        output.put(str(number))


def _step(session: Session, step: str | None, pipeline: str | None) -> int | None:
    from tui_crm.core.setup import pipelines

    if step is None and pipeline is None:
        return None
    number = pipelines.find(session.store, pipeline) if pipeline else None
    return pipelines.step_named(session.store, step or "1", number)


@click.command(
    "log",
    cls=Command,
    help=N_(
        "Log what was done on lead N.\n\nKIND is call, email, meeting, visit, message or note, "
        "or its digit 1 to 6."
    ),
)
@click.argument("number", type=LEAD, metavar="N")
@click.argument("kind")
@click.option("--outcome", cls=Option, metavar="NAME", help=N_("How it ended, by label or digit."))
@click.option("--note", cls=Option, metavar="TEXT", default="", help=N_("The words."))
@click.option(
    "--minutes",
    cls=Option,
    type=click.FloatRange(0, 24 * 60),
    metavar="M",
    help=N_("How long it took."),
)
@click.option("--next", "following", cls=Option, metavar="TEXT", help=N_("The next action."))
@click.option("--at", cls=Option, metavar="TIME", help=N_("When it was; default: now."))
@click.pass_context
def log(
    ctx: click.Context,
    number: int,
    kind: str,
    outcome: str | None,
    note: str,
    minutes: float | None,
    following: str | None,
    at: str | None,
) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import actions
    from tui_crm.core.leads.note_line import NoteLine

    reading = typed.following(following, session) if following else None
    name = typed.kind(kind)
    completed = actions.log(
        session,
        number,
        name,
        outcome=outcome,
        line=NoteLine(note.strip(), reading, (), None, ()),
        seconds=round(minutes * 60) if minutes is not None else None,
        at=typed.moment(at, session) if at else None,
    )
    if reading is not None:
        _echo(session, reading, number)
    said = _("logged: {kind}, {title}").format(kind=_(name), title=_title(session, number))
    _told(here, session, number, said)
    if completed and reading is None:
        output.tell(
            _("Its next action is done; what comes next? tui-crm next {number} TEXT").format(
                number=number
            )
        )


@click.command(
    "next",
    cls=Command,
    help=N_(
        "Set what comes next on lead N.\n\n"
        "TEXT: fri 9:30 20m call Anna, +3d, tomorrow 9, every 2w. --now drops the date, --clear "
        "takes the next action off."
    ),
)
@click.argument("number", type=LEAD, metavar="N")
@click.argument("text", nargs=-1)
@click.option("--now", "drop", is_flag=True, cls=Option, help=N_("To do at once."))
@click.option("--clear", is_flag=True, cls=Option, help=N_("No next action."))
@click.pass_context
def next_(ctx: click.Context, number: int, text: tuple[str, ...], drop: bool, clear: bool) -> None:
    if bool(text) + drop + clear != 1:
        raise click.UsageError(_("Say one of TEXT, --now and --clear."), ctx)
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import next_actions

    if drop:
        next_actions.do_now(session, number)
        said = _("to do now: {title}").format(title=_title(session, number))
    elif clear:
        next_actions.clear_next(session, number)
        said = _("no next action: {title}").format(title=_title(session, number))
    else:
        reading = typed.following(words(text), session)
        next_actions.set_next(session, number, reading)
        _echo(session, reading, number)
        said = ""
    _told(here, session, number, said)


@click.command(
    "step",
    cls=Command,
    help=N_(
        "Move lead N to a step, by its name or place; + and - are the next and the previous one."
    ),
)
@click.argument("number", type=LEAD, metavar="N")
@click.argument("name", nargs=-1, required=True)
@click.pass_context
def step(ctx: click.Context, number: int, name: tuple[str, ...]) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import leads, views as lead_views
    from tui_crm.core.setup import pipelines

    lead = lead_views.one(session, number)
    said = words(name)
    if said in ("+", "-", ">", "<"):
        leads.move_step(session, number, 1 if said in "+>" else -1)
    else:
        own = pipelines.find(session.store, lead.pipeline)
        try:
            found = pipelines.step_named(session.store, said, own)
        except CrmError:
            if said.isdecimal():
                raise
            found = pipelines.step_named(session.store, said)
        leads.set_step(session, number, found)
    now = lead_views.one(session, number).step
    _told(here, session, number, f"#{number} {show(lead.title)} > {show(now)}")


@click.command("won", cls=Command, help=N_("Win lead N."))
@click.argument("number", type=LEAD, metavar="N")
@click.option("--amount", cls=Option, metavar="MONEY", help=N_("What it was won for."))
@click.option("--on", cls=Option, metavar="DATE", help=N_("A day in the past; default: today."))
@click.pass_context
def won(ctx: click.Context, number: int, amount: str | None, on: str | None) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import closing

    more: dict[str, Any] = {"amount": typed.amount(amount, session)} if amount else {}
    closing.won(session, number, on=typed.day(on, session) if on else None, **more)
    _told(here, session, number, _("won: {title}").format(title=_title(session, number)))


def _ended(ctx: click.Context, number: int, reason: str, on: str | None, name: str) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import closing

    act: Callable[..., None] = getattr(closing, name)
    act(session, number, reason, on=typed.day(on, session) if on else None)
    said = _("lost: {title}") if name == "lost" else _("cancelled: {title}")
    _told(here, session, number, said.format(title=_title(session, number)))


@click.command("lost", cls=Command, help=N_("Lose lead N for a reason."))
@click.argument("number", type=LEAD, metavar="N")
@click.option(
    "--reason",
    cls=Option,
    required=True,
    metavar="R",
    help=N_("By label or digit; see: tui-crm reasons"),
)
@click.option("--on", cls=Option, metavar="DATE", help=N_("A day in the past; default: today."))
@click.pass_context
def lost(ctx: click.Context, number: int, reason: str, on: str | None) -> None:
    _ended(ctx, number, reason, on, "lost")


@click.command("cancel", cls=Command, help=N_("Cancel lead N: it was none."))
@click.argument("number", type=LEAD, metavar="N")
@click.option(
    "--reason",
    cls=Option,
    required=True,
    metavar="R",
    help=N_("By label or digit; see: tui-crm reasons"),
)
@click.option("--on", cls=Option, metavar="DATE", help=N_("A day in the past; default: today."))
@click.pass_context
def cancel(ctx: click.Context, number: int, reason: str, on: str | None) -> None:
    _ended(ctx, number, reason, on, "cancelled")


@click.command("reopen", cls=Command, help=N_("Open lead N again; it is To do."))
@click.argument("number", type=LEAD, metavar="N")
@click.pass_context
def reopen(ctx: click.Context, number: int) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import closing

    closing.reopen(session, number)
    _told(here, session, number, _("reopened: {title}").format(title=_title(session, number)))


@click.command(
    "undo",
    cls=Command,
    help=N_("Take back the last thing you did, or the ENTRY that feed --json names."),
)
@click.argument("entry", type=click.IntRange(1), required=False)
@click.pass_context
def undo(ctx: click.Context, entry: int | None) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.store import undo as journal_undo

    _undone(here, journal_undo.undo(session, entry), _("undone: {what}"))


@click.command("redo", cls=Command, help=N_("Do again what you took back last."))
@click.pass_context
def redo(ctx: click.Context) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.store import undo as journal_undo

    _undone(here, journal_undo.redo(session), _("done again: {what}"))


def _undone(here: Context, what: Any, said: str) -> None:
    output.tell(said.format(what=show(what.text)))
    if here.json:
        output.put_json({"entry": what.entry_id, "what": what.text, "lead": what.lead_id})


COMMANDS = {
    "add": add,
    "log": log,
    "next": next_,
    "step": step,
    "won": won,
    "lost": lost,
    "cancel": cancel,
    "reopen": reopen,
    "undo": undo,
    "redo": redo,
}
