"""Reasons: why leads are lost or cancelled, and prospects not interested."""

from __future__ import annotations

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Group, Option, context_of
from tui_crm.cli.output import Column
from tui_crm.core.text import _, show

KINDS = ("lost", "cancelled", "not_interested")


@click.group("reasons", cls=Group, help=N_("Why leads are lost or cancelled; bare it lists."))
@click.pass_context
def reasons(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx, False)


@reasons.command("list", cls=Command, help=N_("The reasons of each kind."))
@click.option("--all", "retired", is_flag=True, cls=Option, help=N_("Retired ones too."))
@click.pass_context
def list_reasons(ctx: click.Context, retired: bool) -> None:
    _list(ctx, retired)


def _list(ctx: click.Context, retired: bool) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import closing

    rows = [
        r
        for kind in KINDS
        for r in closing.reasons(session.store, kind)
        if retired or not r.retired
    ]
    if here.json:
        output.put_json_rows(
            {"kind": r.kind, "digit": r.digit, "label": r.label, "retired": r.retired} for r in rows
        )
        return
    names = {"lost": _("lost"), "cancelled": _("cancelled"), "not_interested": _("not interested")}
    output.table(
        [Column(_("for")), Column("", right=True), Column(_("reason"), give=True), Column("")],
        [(names[r.kind], r.digit or "", r.label, _("retired") if r.retired else "") for r in rows],
    )


@reasons.command(
    "add", cls=Command, help=N_("A new reason.\n\nKIND: lost, cancelled, not_interested.")
)
@click.argument("kind")
@click.argument("label")
@click.option("--digit", cls=Option, type=click.IntRange(1, 9), help=N_("Default: the next free."))
@click.pass_context
def add(ctx: click.Context, kind: str, label: str, digit: int | None) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.leads import closing

    closing.add_reason(session, _kind(kind), label, digit)
    output.tell(_("reason {label}").format(label=show(label)))


@reasons.command("retire", cls=Command, help=N_("No longer offer a reason; leads keep it."))
@click.argument("kind")
@click.argument("label")
@click.pass_context
def retire(ctx: click.Context, kind: str, label: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.leads import closing

    closing.retire_reason(session, _kind(kind), label)
    output.tell(_("reason {label} retired").format(label=show(label)))


def _kind(said: str) -> str:
    return said.strip().casefold().replace(" ", "_").replace("-", "_")


COMMANDS = {"reasons": reasons}
