"""Pipelines and their steps."""

from __future__ import annotations

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Group, Option, context_of
from tui_crm.cli.output import Column
from tui_crm.core.text import _, clean, fold, show


@click.group("pipelines", cls=Group, help=N_("Pipelines and their steps; bare it lists them."))
@click.pass_context
def pipelines(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx, False)


@pipelines.command("list", cls=Command, help=N_("All pipelines with their steps."))
@click.option("--all", "retired", is_flag=True, cls=Option, help=N_("Retired ones too."))
@click.pass_context
def list_pipelines(ctx: click.Context, retired: bool) -> None:
    _list(ctx, retired)


def _list(ctx: click.Context, retired: bool) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.leads import views as lead_views

    rows = lead_views.steps(session, retired)
    if here.json:
        output.put_json_rows(
            {
                "pipeline": s.pipeline,
                "step": s.name,
                "place": s.place or None,
                "probability": s.probability,
                "retired": s.retired,
            }
            for s in rows
        )
        return
    output.table(
        [
            Column(_("pipeline"), give=True),
            Column("", right=True),
            Column(_("step"), give=True),
            Column("%", right=True),
            Column(""),
        ],
        [
            (s.pipeline, s.place or "", s.name, s.probability, _("retired") if s.retired else "")
            for s in rows
        ],
    )


_STEP = N_("A step of it.")


@pipelines.command(
    "add",
    cls=Command,
    help=N_("A new pipeline with its first --step; or a new last --step of one there is."),
)
@click.argument("name")
@click.option("--step", "steps", cls=Option, multiple=True, metavar="STEP", help=N_("Repeatable."))
@click.option(
    "--probability",
    cls=Option,
    type=click.IntRange(0, 100),
    default=0,
    metavar="PERCENT",
    help=N_("Of the steps added."),
)
@click.pass_context
def add(ctx: click.Context, name: str, steps: tuple[str, ...], probability: int) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.leads import views as lead_views
    from tui_crm.core.setup import pipelines as kept

    name = clean(name, single_line=True)
    there = {fold(s.pipeline) for s in lead_views.steps(session, retired=True)}
    bare = {fold(r[0]) for r in session.store.rows("SELECT name FROM pipelines WHERE retired = 0")}
    if fold(name) not in there | bare or not steps:
        kept.add(session, name)
    for step in steps or ((_("Qualified"),) if fold(name) not in there else ()):
        kept.add_step(session, step, probability, name)
    output.tell(_("pipeline {name}").format(name=show(name)))


@pipelines.command("edit", cls=Command, help=N_("Change a step of pipeline NAME."))
@click.argument("name")
@click.option("--step", cls=Option, required=True, metavar="STEP", help=N_("By name or place."))
@click.option("--rename", cls=Option, metavar="TEXT", default="", help=N_("Its new name."))
@click.option(
    "--probability",
    cls=Option,
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help=N_("Its probability of winning."),
)
@click.option(
    "--place", cls=Option, type=click.IntRange(1), metavar="N", help=N_("Its place; 1 is first.")
)
@click.pass_context
def edit(
    ctx: click.Context,
    name: str,
    step: str,
    rename: str,
    probability: int | None,
    place: int | None,
) -> None:
    if not rename and probability is None and place is None:
        raise click.UsageError(_("Say what to change."), ctx)
    session = context_of(ctx).session()
    from tui_crm.core.setup import pipelines as kept

    kept.edit_step(
        session, step, new_name=rename, probability=probability, place=place, pipeline=name
    )
    output.tell(_("step {name}").format(name=show(rename or step)))


@pipelines.command(
    "retire",
    cls=Command,
    help=N_("No longer offer a pipeline, or one --step of it; leads keep it."),
)
@click.argument("name")
@click.option("--step", cls=Option, metavar="STEP", help=_STEP)
@click.pass_context
def retire(ctx: click.Context, name: str, step: str | None) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.setup import pipelines as kept

    if step:
        kept.retire_step(session, step, name)
        output.tell(_("step {name} retired").format(name=show(step)))
    else:
        kept.retire(session, name)
        output.tell(_("pipeline {name} retired").format(name=show(name)))


COMMANDS = {"pipelines": pipelines}
