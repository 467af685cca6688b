"""Outcomes: how an action ends, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output, typed
from tui_crm.cli.catalogue import NOTHING, RETIRED, Catalogue, Field, Listing
from tui_crm.cli.commands import N_, Argument, Choice, Named, Option, Whole, WrongUsage
from tui_crm.cli.context import Context
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.core.setup.outcomes import OutcomeRow

KIND = Option("--kind", metavar="KIND", default="call", help=N_("Default: call."))


def _outcomes(outcomes: Any, session: Session, kind: str, retired: bool) -> list[OutcomeRow]:
    rows = outcomes.all_outcomes(session.store, typed.kind(kind, session))
    return [row for row in rows if retired or not row.retired]


def _on_lead(row: OutcomeRow, _session: Session) -> str:
    return row.lead_label if row.on_lead else _("not offered")


def _then(row: OutcomeRow, _session: Session) -> str:
    from tui_crm.core.setup.outcomes import effect_words

    return _("retired") if row.retired else effect_words(row)


outcomes = Catalogue(
    "outcomes",
    N_("How actions end; bare it lists those of calls."),
    core="tui_crm.core.setup.outcomes",
    list_help=N_("The outcomes of a kind of action."),
    options=(KIND, RETIRED),
    rows=_outcomes,
    listing=Listing(
        {
            name: name
            for name in (
                "kind",
                "digit",
                "label",
                "lead_label",
                "reached",
                "ends_row",
                "blocks",
                "bad_number",
                "retry",
                "most_tries",
                "asks",
                "means",
                "next_kind",
                "on_lead",
                "on_prospect",
                "retired",
            )
        },
        Field("", "digit", right=True),
        Field(N_("outcome"), "label", give=True, most=34),
        Field(N_("reached"), lambda row, _session: _("yes") if row.reached else ""),
        Field(N_("on a lead"), _on_lead, most=20),
        Field(N_("then"), _then, give=True, most=70),
    ),
    names={"name": "label"},
)

RULES = (
    KIND,
    Option("--digit", kind=Whole(1, 9), help=N_("Its key.")),
    Option("--reached/--not-reached", help=N_("A person was spoken to.")),
    Option("--ends-row/--keeps-row", help=N_("The prospect needs no more calls.")),
    Option("--blocks/--no-blocks", help=N_("Number and e-mail are never called again.")),
    Option("--bad-number/--good-number", help=N_("The number is marked bad.")),
    Option(
        "--again",
        "retry",
        metavar="RULE",
        help=N_("30m, 4h, 4h other half, next working day."),
    ),
    Option("--tries", "most_tries", Whole(0), help=N_("The most tries; 0: no limit.")),
    Option("--asks", metavar="WHAT", help=N_("callback, lead, reason or nothing.")),
    Option(
        "--means",
        metavar="WHAT",
        help=N_("bounced (an e-mail came back), moved (a meeting), or nothing."),
    ),
    Option(
        "--lead-label", metavar="TEXT", help=N_("What it is called on a lead, where that differs.")
    ),
    Option(
        "--next-kind",
        metavar="KIND",
        help=N_("Of a row that becomes a lead: its first next action."),
    ),
    Option("--on-leads/--not-on-leads", "on_lead", help=N_("Offered on leads.")),
    Option("--on-prospects/--not-on-prospects", "on_prospect", help=N_("Offered in Calling.")),
)


def _given(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, as the operations take them."""
    given = {k: v for k, v in values.items() if v is not None}
    if str(given.get("asks", "")).casefold() in ("nothing", _("nothing")):
        given["asks"] = ""
    if str(given.get("means", "")).casefold() in ("nothing", _("nothing")):
        given["means"] = ""
    if str(given.get("next_kind", "")).casefold() in ("nothing", _("nothing"), "none"):
        given["next_kind"] = ""
    elif "next_kind" in given:
        given["next_kind"] = typed.kind(given["next_kind"], session)
    return given


def _label(session: Session, kind: str, name: str) -> str:
    """The label of the outcome that is named by its label or digit."""
    from tui_crm.core.setup import outcomes

    return outcomes.find_outcome(session, typed.kind(kind, session), name).label


def _digit_and_label(session: Session, kind: str, label: str) -> str:
    from tui_crm.core.setup import outcomes

    now = outcomes.find_outcome(session, typed.kind(kind, session), label)
    return show(f"{now.digit or ''} {now.label}".strip())


@outcomes.command("add", N_("A new outcome."), Argument("label"), *RULES)
def add(context: Context, /, label: str, kind: str, **values: Any) -> None:
    session = context.session()
    from tui_crm.core.calling import outcome_rules

    outcome_rules.add(session, typed.kind(kind, session), label, **_given(session, values))
    output.tell(_("outcome {label}").format(label=show(label)))


@outcomes.command(
    "edit",
    N_("Change an outcome, named by label or digit."),
    Argument("name", Named("outcomes")),
    Option("--label", metavar="TEXT", help=N_("Its new name.")),
    *RULES,
)
def edit(context: Context, /, name: str, kind: str, **values: Any) -> None:
    session = context.session()
    from tui_crm.core.calling import outcome_rules

    given = _given(session, values)
    if not given:
        raise WrongUsage(_(NOTHING))
    label = _label(session, kind, name)
    outcome_rules.edit(session, typed.kind(kind, session), name, **given)
    now = _digit_and_label(session, kind, given.get("label", label))
    output.tell(_("outcome {label}").format(label=now))


@outcomes.command(
    "retire", N_("No longer offer an outcome."), Argument("name", Named("outcomes")), KIND
)
def retire(context: Context, name: str, kind: str) -> None:
    session = context.session()
    from tui_crm.core.calling import outcome_rules

    label = _label(session, kind, name)
    outcome_rules.retire(session, typed.kind(kind, session), name)
    output.tell(_("outcome {label} retired").format(label=show(label)))


@outcomes.command(
    "bring-back", N_("Offer a retired outcome again."), Argument("name", Named("outcomes")), KIND
)
def bring_back(context: Context, name: str, kind: str) -> None:
    session = context.session()
    from tui_crm.core.calling import outcome_rules

    outcome_rules.bring_back(session, typed.kind(kind, session), name)
    output.tell(_("outcome {label} is back").format(label=show(name)))


@outcomes.command(
    "move",
    N_("Change places with the outcome before (up) or behind (down); the digits go along."),
    Argument("name", Named("outcomes")),
    Argument("way", Choice("up", "down")),
    KIND,
)
def move(context: Context, name: str, way: str, kind: str) -> None:
    session = context.session()
    from tui_crm.core.calling import outcome_rules

    label = _label(session, kind, name)
    outcome_rules.move(session, typed.kind(kind, session), name, -1 if way == "up" else 1)
    now = _digit_and_label(session, kind, label)
    output.tell(_("outcome {label} moved").format(label=now))


COMMANDS = {"outcomes": outcomes}
