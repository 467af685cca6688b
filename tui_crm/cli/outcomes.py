"""Outcomes: how an action ends, and what follows from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from tui_crm.cli import output, typed
from tui_crm.cli.base import N_, Command, Group, Option, context_of
from tui_crm.cli.output import Column
from tui_crm.core.text import _, show


@click.group("outcomes", cls=Group, help=N_("How actions end; bare it lists those of calls."))
@click.pass_context
def outcomes(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx, "call", False)


@outcomes.command("list", cls=Command, help=N_("The outcomes of a kind of action."))
@click.option("--kind", cls=Option, default="call", metavar="KIND", help=N_("Default: call."))
@click.option("--all", "retired", is_flag=True, cls=Option, help=N_("Retired ones too."))
@click.pass_context
def list_outcomes(ctx: click.Context, kind: str, retired: bool) -> None:
    _list(ctx, kind, retired)


def _list(ctx: click.Context, kind: str, retired: bool) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.setup import outcomes as kept

    rows = [
        o for o in kept.all_outcomes(session.store, typed.kind(kind)) if retired or not o.retired
    ]
    if here.json:
        output.put_json_rows({k: v for k, v in asdict(o).items() if k != "id"} for o in rows)
        return
    output.table(
        [
            Column("", right=True),
            Column(_("outcome"), give=True, most=34),
            Column(_("reached")),
            Column(_("on a lead"), most=20),
            Column(_("then"), give=True, most=70),
        ],
        [
            (
                o.digit or "",
                o.label,
                _("yes") if o.reached else "",
                (o.lead_label or "") if o.on_lead else _("not offered"),
                _("retired") if o.retired else kept.effect_words(o),
            )
            for o in rows
        ],
    )


def _rules(command: Any) -> Any:
    for option in reversed(
        (
            click.option(
                "--kind", cls=Option, default="call", metavar="KIND", help=N_("Default: call.")
            ),
            click.option("--digit", cls=Option, type=click.IntRange(1, 9), help=N_("Its key.")),
            click.option(
                "--reached/--not-reached",
                default=None,
                cls=Option,
                help=N_("A person was spoken to."),
            ),
            click.option(
                "--ends-row/--keeps-row",
                default=None,
                cls=Option,
                help=N_("The prospect needs no more calls."),
            ),
            click.option(
                "--blocks/--no-blocks",
                default=None,
                cls=Option,
                help=N_("Number and e-mail are never called again."),
            ),
            click.option(
                "--bad-number/--good-number",
                default=None,
                cls=Option,
                help=N_("The number is marked bad."),
            ),
            click.option(
                "--again",
                "retry",
                cls=Option,
                metavar="RULE",
                help=N_("30m, 4h, 4h other half, next working day."),
            ),
            click.option(
                "--tries",
                "most_tries",
                cls=Option,
                type=click.IntRange(0),
                help=N_("The most tries; 0: no limit."),
            ),
            click.option(
                "--asks", cls=Option, metavar="WHAT", help=N_("callback, lead, reason or nothing.")
            ),
            click.option(
                "--lead-label",
                cls=Option,
                metavar="TEXT",
                help=N_("What it is called on a lead, where that differs."),
            ),
            click.option(
                "--next-kind",
                cls=Option,
                metavar="KIND",
                help=N_("Of a row that becomes a lead: its first next action."),
            ),
            click.option(
                "--on-leads/--not-on-leads",
                "on_lead",
                default=None,
                cls=Option,
                help=N_("Offered on leads."),
            ),
            click.option(
                "--on-prospects/--not-on-prospects",
                "on_prospect",
                default=None,
                cls=Option,
                help=N_("Offered in Calling."),
            ),
        )
    ):
        command = option(command)
    return command


def _given(values: dict[str, Any]) -> dict[str, Any]:
    given = {k: v for k, v in values.items() if v is not None}
    if str(given.get("asks", "")).casefold() in ("nothing", _("nothing")):
        given["asks"] = ""
    if str(given.get("next_kind", "")).casefold() in ("nothing", _("nothing"), "none"):
        given["next_kind"] = ""
    elif "next_kind" in given:
        given["next_kind"] = typed.kind(given["next_kind"])
    return given


@outcomes.command("add", cls=Command, help=N_("A new outcome."))
@click.argument("label")
@_rules
@click.pass_context
def add(ctx: click.Context, /, label: str, kind: str, **values: Any) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.calling import outcome_rules

    outcome_rules.add(session, typed.kind(kind), label, **_given(values))
    output.tell(_("outcome {label}").format(label=show(label)))


@outcomes.command("edit", cls=Command, help=N_("Change an outcome, named by label or digit."))
@click.argument("name")
@click.option("--label", cls=Option, metavar="TEXT", help=N_("Its new name."))
@_rules
@click.pass_context
def edit(ctx: click.Context, /, name: str, kind: str, **values: Any) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.calling import outcome_rules
    from tui_crm.core.setup import outcomes as kept

    given = _given(values)
    if not given:
        raise click.UsageError(_("Say what to change."), ctx)
    label = kept.find_outcome(session, typed.kind(kind), name).label
    outcome_rules.edit(session, typed.kind(kind), name, **given)
    now = kept.find_outcome(session, typed.kind(kind), given.get("label", label))
    output.tell(_("outcome {label}").format(label=show(f"{now.digit or ''} {now.label}".strip())))


@outcomes.command("retire", cls=Command, help=N_("No longer offer an outcome."))
@click.argument("name")
@click.option("--kind", cls=Option, default="call", metavar="KIND", help=N_("Default: call."))
@click.pass_context
def retire(ctx: click.Context, name: str, kind: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.calling import outcome_rules
    from tui_crm.core.setup import outcomes as kept

    label = kept.find_outcome(session, typed.kind(kind), name).label
    outcome_rules.retire(session, typed.kind(kind), name)
    output.tell(_("outcome {label} retired").format(label=show(label)))


@outcomes.command("bring-back", cls=Command, help=N_("Offer a retired outcome again."))
@click.argument("name")
@click.option("--kind", cls=Option, default="call", metavar="KIND", help=N_("Default: call."))
@click.pass_context
def bring_back(ctx: click.Context, name: str, kind: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.calling import outcome_rules

    outcome_rules.bring_back(session, typed.kind(kind), name)
    output.tell(_("outcome {label} is back").format(label=show(name)))


@outcomes.command(
    "move",
    cls=Command,
    help=N_("Change places with the outcome before (up) or behind (down); the digits go along."),
)
@click.argument("name")
@click.argument("way", type=click.Choice(("up", "down"), case_sensitive=False))
@click.option("--kind", cls=Option, default="call", metavar="KIND", help=N_("Default: call."))
@click.pass_context
def move(ctx: click.Context, name: str, way: str, kind: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.calling import outcome_rules
    from tui_crm.core.setup import outcomes as kept

    label = kept.find_outcome(session, typed.kind(kind), name).label
    outcome_rules.move(session, typed.kind(kind), name, -1 if way.casefold() == "up" else 1)
    now = kept.find_outcome(session, typed.kind(kind), label)
    output.tell(_("outcome {label} moved").format(label=show(f"{now.digit or ''} {label}".strip())))


COMMANDS = {"outcomes": outcomes}
