"""Commands that change leads: add, log, next, step, won, lost, cancel, reopen, merge, undo,
redo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tui_crm.cli import output, typed
from tui_crm.cli.commands import (
    LEAD,
    N_,
    Argument,
    Choice,
    Named,
    Number,
    Option,
    Whole,
    WrongUsage,
    command,
)
from tui_crm.cli.context import Context
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.dates.reading import Reading
    from tui_crm.core.session import Session
    from tui_crm.core.store.undo import Undone


PRIORITY = Option(
    "--priority",
    kind=Choice("none", "low", "high", exact=True),
    help=N_("How much it matters beside the others."),
)
DIRECTION = Option(
    "--direction",
    kind=Choice("inbound", "outbound", "none", exact=True),
    help=N_("Whether it came by itself; without it its tags and its list say so."),
)


def _report(context: Context, session: Session, number: int, sentence: str) -> None:
    """Tell what was done to a lead; with ``--json`` print the lead."""
    output.tell(sentence)
    if context.json:
        from tui_crm.cli.leads import put_lead

        put_lead(context, session, number)


def _title(session: Session, number: int) -> str:
    from tui_crm.core.leads import views as lead_views

    return f"#{number} {show(lead_views.one(session, number).title)}"


def echo(
    session: Session,
    reading: Reading,
    but: int | None = None,
    kept: frozenset[str] = frozenset(),
    but_booking: int | None = None,
) -> None:
    """Tell how a next action, or an appointment, was read, its warnings, and what it clashes
    with."""
    from tui_crm.core.leads import next_actions

    output.tell(reading.echo(session.now, kept).replace(" · ", f" {output.dot()} "))
    for warning in reading.warnings:
        output.tell(f"! {warning}")
    for slot in next_actions.clashes(session, reading, but, but_booking):
        number = f"#{slot.lead_id} " if slot.lead_id else ""
        output.tell(
            _("! clash: {time} {title}").format(
                time=f"{slot.at:%H:%M}", title=number + show(slot.title)
            )
        )


@command(
    "add",
    N_("A new lead; prints its number."),
    Argument("title", many=True, required=True),
    Option("--amount", metavar="MONEY", help=N_("12400, 12.4k, 12.400,50")),
    Option("--step", kind=Named("steps"), metavar="NAME", help=N_("Default: the first step.")),
    Option(
        "--pipeline",
        kind=Named("pipelines"),
        metavar="NAME",
        help=N_("Default: the first pipeline."),
    ),
    Option(
        "--tag", "tags", kind=Named("tags"), metavar="TAG", multiple=True, help=N_("Repeatable.")
    ),
    Option(
        "--company",
        metavar="NAME",
        default="",
        help=N_("The client; default: what stands before a colon."),
    ),
    Option("--contact", metavar="NAME", default="", help=N_("A person there.")),
    Option("--role", metavar="TEXT", default="", help=N_("Of that person.")),
    Option("--phone", "phones", metavar="NUMBER", multiple=True, help=N_("Repeatable.")),
    Option("--email", "emails", metavar="ADDRESS", multiple=True, help=N_("Repeatable.")),
    Option(
        "--next", "following", metavar="TEXT", help=N_('The next action: "fri 9:30 call Anna".')
    ),
    Option("--created", metavar="DATE", help=N_("A day in the past.")),
    Option("--close", metavar="DATE", help=N_("The expected closing day.")),
    Option("--probability", kind=Whole(0, 100), metavar="PERCENT", help=N_("Default: the step's.")),
    Option(
        "--owner", kind=Named("users"), metavar="NAME", help=N_("Default: you; none: nobody yet.")
    ),
    Option("--source", metavar="TEXT", default="", help=N_("Where it came from.")),
    PRIORITY,
    DIRECTION,
    Option(
        "--description", metavar="TEXT", default="", help=N_("“Label: value” lines are fields.")
    ),
)
def add(
    context: Context,
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
    priority: str | None,
    direction: str | None,
    description: str,
) -> None:
    session = context.session()
    from tui_crm.core.leads import duplicates, leads
    from tui_crm.core.session import find_member

    points = [("phone", p) for p in phones] + [("email", e) for e in emails]
    reading = typed.following(following, session) if following else None
    more: dict[str, Any] = {}
    if owner is not None:
        nobody = owner.strip().casefold() in ("", "none", _("none"))
        more["owner_id"] = None if nobody else find_member(session.store, owner).id
    words = typed.words(title)
    twins = duplicates.find_duplicates(session, title=words, points=points)
    number = leads.create(
        session,
        words,
        description=description,
        amount=typed.amount(amount, session) if amount else None,
        step_id=_step(session, step, pipeline),
        tag_names=tags,
        company=company or leads.company_in(words),
        contact=contact,
        role=role,
        points=points,
        following=reading,
        created_on=typed.day(created, session) if created else None,
        expected_close=typed.future_day(close, session) if close else None,
        probability=probability,
        source=source,
        priority=priority or "",
        direction=direction or "",
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
        echo(session, reading, number)
    if context.json:
        _report(context, session, number, "")
    else:
        output.put(str(number))


def _step(session: Session, step: str | None, pipeline: str | None) -> int | None:
    from tui_crm.core.setup import pipelines

    if step is None and pipeline is None:
        return None
    number = pipelines.find(session.store, pipeline) if pipeline else None
    return pipelines.step_named(session.store, step or "1", number)


@command(
    "log",
    N_(
        "Log what was done on lead N.\n\nKIND is call, email, meeting, visit, message or note, "
        "or its digit 1 to 6."
    ),
    Argument("number", LEAD, metavar="N"),
    Argument("kind"),
    Option(
        "--outcome",
        kind=Named("outcomes"),
        metavar="NAME",
        help=N_("How it ended, by label or digit."),
    ),
    Option("--note", metavar="TEXT", default="", help=N_("The words.")),
    Option("--minutes", kind=Number(0, 24 * 60), metavar="M", help=N_("How long it took.")),
    Option("--next", "following", metavar="TEXT", help=N_("The next action.")),
    Option("--at", metavar="TIME", help=N_("When it was; default: now.")),
)
def log(
    context: Context,
    number: int,
    kind: str,
    outcome: str | None,
    note: str,
    minutes: float | None,
    following: str | None,
    at: str | None,
) -> None:
    session = context.session()
    from tui_crm.core.leads import actions
    from tui_crm.core.leads.note_line import NoteLine

    reading = typed.following(following, session) if following else None
    name = typed.kind(kind, session)
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
        echo(session, reading, number)
    sentence = _("logged: {kind}, {title}").format(kind=_(name), title=_title(session, number))
    _report(context, session, number, sentence)
    if completed and reading is None:
        output.tell(
            _("Its next action is done; what comes next? tui-crm next {number} TEXT").format(
                number=number
            )
        )


@command(
    "next",
    N_(
        "Set what comes next on lead N.\n\n"
        "TEXT: fri 9:30 20m call Anna, +3d, tomorrow 9, every 2w. --now drops the date, --clear "
        "takes the next action off. A date alone keeps the words, words alone keep the date; "
        "- clears the words."
    ),
    Argument("number", LEAD, metavar="N"),
    Argument("text", many=True),
    Option("--now", "drop", flag=True, help=N_("To do at once.")),
    Option("--clear", flag=True, help=N_("No next action.")),
)
def next_(context: Context, number: int, text: tuple[str, ...], drop: bool, clear: bool) -> None:
    if bool(text) + drop + clear != 1:
        raise WrongUsage(_("Say one of TEXT, --now and --clear."))
    session = context.session()
    from tui_crm.core.leads import next_actions

    if drop:
        next_actions.do_now(session, number)
        sentence = _("to do now: {title}").format(title=_title(session, number))
    elif clear:
        next_actions.clear_next(session, number)
        sentence = _("no next action: {title}").format(title=_title(session, number))
    else:
        reading = typed.following(typed.words(text), session)
        combined = next_actions.combined(session, number, reading)
        next_actions.set_next(session, number, reading)
        echo(session, combined.reading._replace(warnings=reading.warnings), number, combined.kept)
        sentence = ""
    _report(context, session, number, sentence)


@command(
    "step",
    N_("Move lead N to a step, by its name or place; + and - are the next and the previous one."),
    Argument("number", LEAD, metavar="N"),
    Argument("name", Named("steps"), many=True, required=True),
)
def step(context: Context, number: int, name: tuple[str, ...]) -> None:
    session = context.session()
    from tui_crm.core.leads import leads, views as lead_views
    from tui_crm.core.setup import pipelines

    lead = lead_views.one(session, number)
    wanted = typed.words(name)
    if wanted in ("+", "-", ">", "<"):
        leads.move_step(session, number, 1 if wanted in "+>" else -1)
    else:
        own = pipelines.find(session.store, lead.pipeline)
        try:
            found = pipelines.step_named(session.store, wanted, own)
        except CrmError:
            if wanted.isdecimal():
                raise
            found = pipelines.step_named(session.store, wanted)
        leads.set_step(session, number, found)
    now = lead_views.one(session, number).step
    _report(context, session, number, f"#{number} {show(lead.title)} > {show(now)}")


ON = Option("--on", metavar="DATE", help=N_("A day in the past; default: today."))


@command(
    "won",
    N_("Win lead N."),
    Argument("number", LEAD, metavar="N"),
    Option("--amount", metavar="MONEY", help=N_("What it was won for.")),
    ON,
)
def won(context: Context, number: int, amount: str | None, on: str | None) -> None:
    session = context.session()
    from tui_crm.core.leads import closing

    more: dict[str, Any] = {"amount": typed.amount(amount, session)} if amount else {}
    closing.won(session, number, on=typed.day(on, session) if on else None, **more)
    _report(context, session, number, _("won: {title}").format(title=_title(session, number)))


REASON = Option(
    "--reason",
    kind=Named("reasons"),
    metavar="R",
    required=True,
    help=N_("By label or digit; see: tui-crm reasons"),
)


def _close(context: Context, number: int, reason: str, on: str | None, name: str) -> None:
    session = context.session()
    from tui_crm.core.leads import closing

    act: Callable[..., None] = getattr(closing, name)
    act(session, number, reason, on=typed.day(on, session) if on else None)
    sentence = _("lost: {title}") if name == "lost" else _("cancelled: {title}")
    _report(context, session, number, sentence.format(title=_title(session, number)))


@command(
    "lost",
    N_("Lose lead N for a reason."),
    Argument("number", LEAD, metavar="N"),
    REASON,
    ON,
)
def lost(context: Context, number: int, reason: str, on: str | None) -> None:
    _close(context, number, reason, on, "lost")


@command(
    "cancel",
    N_("Cancel lead N: it was none."),
    Argument("number", LEAD, metavar="N"),
    REASON,
    ON,
)
def cancel(context: Context, number: int, reason: str, on: str | None) -> None:
    _close(context, number, reason, on, "cancelled")


@command(
    "reopen",
    N_("Open lead N again; it is To do."),
    Argument("number", LEAD, metavar="N"),
)
def reopen(context: Context, number: int) -> None:
    session = context.session()
    from tui_crm.core.leads import closing

    closing.reopen(session, number)
    _report(context, session, number, _("reopened: {title}").format(title=_title(session, number)))


@command(
    "merge",
    N_(
        "Make two leads one: OTHER goes into lead N.\n\nN takes over the people, actions, tags and "
        "whatever it lacks; OTHER is in no figure any more, and its number leads to N."
    ),
    Argument("number", LEAD, metavar="N"),
    Argument("other", LEAD, metavar="OTHER"),
    Option("--amount", metavar="MONEY", help=N_("The amount that holds, where they differ.")),
)
def merge(context: Context, number: int, other: int, amount: str | None) -> None:
    session = context.session()
    from tui_crm.core import money
    from tui_crm.core.leads import merge as lead_merge

    more: dict[str, Any] = {"amount": typed.amount(amount, session)} if amount else {}
    found = lead_merge.amounts(session, number, other)
    if len(found) > 1 and not more:
        shown = [money.full(value, session.currency) for value in found]
        raise CrmError(
            _("#{number} has {mine}, #{other} has {theirs}.").format(
                number=number, mine=shown[0], other=other, theirs=shown[1]
            ),
            _("Say which amount holds: --amount {example}").format(
                example=f"{money.decimal(found[0], session.currency)}"
            ),
        )
    lead_merge.merge(session, number, other, **more)
    sentence = _("#{other} merged into {title}")
    _report(context, session, number, sentence.format(other=other, title=_title(session, number)))


@command(
    "undo",
    N_("Take back the last thing you did, or the ENTRY that feed --json names."),
    Argument("entry", Whole(1), required=False),
)
def undo(context: Context, entry: int | None) -> None:
    session = context.session()
    from tui_crm.core.store import undo as journal_undo

    _report_entry(context, journal_undo.undo(session, entry), _("undone: {what}"))


@command(
    "redo",
    N_("Do again what you took back last."),
)
def redo(context: Context) -> None:
    session = context.session()
    from tui_crm.core.store import undo as journal_undo

    _report_entry(context, journal_undo.redo(session), _("done again: {what}"))


def _report_entry(context: Context, done: Undone, sentence: str) -> None:
    """Tell which entry of the journal was taken back, or done again."""
    output.tell(sentence.format(what=show(done.text)))
    if context.json:
        output.put_json({"entry": done.entry_id, "what": done.text, "lead": done.lead_id})


COMMANDS = {
    "add": add,
    "log": log,
    "next": next_,
    "step": step,
    "won": won,
    "lost": lost,
    "cancel": cancel,
    "reopen": reopen,
    "merge": merge,
    "undo": undo,
    "redo": redo,
}
