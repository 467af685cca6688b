"""Tags and their categories."""

from __future__ import annotations

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Group, Option, context_of
from tui_crm.cli.output import Column
from tui_crm.core.text import _, show


@click.group("tags", cls=Group, help=N_("Tags and their categories; bare it lists them."))
@click.pass_context
def tags(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx, False)


@tags.command("list", cls=Command, help=N_("All tags, the most used first."))
@click.option("--all", "retired", is_flag=True, cls=Option, help=N_("Retired ones too."))
@click.pass_context
def list_tags(ctx: click.Context, retired: bool) -> None:
    _list(ctx, retired)


def _list(ctx: click.Context, retired: bool) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.setup import tags as kept

    rows = kept.all_tags(session.store, retired)
    if here.json:
        output.put_json_rows(
            {"tag": t.name, "category": t.category, "leads": t.leads, "retired": t.retired}
            for t in rows
        )
        return
    output.table(
        [
            Column(_("tag"), give=True),
            Column(_("category"), give=True),
            Column(_("leads"), right=True),
            Column(""),
        ],
        [(t.name, t.category or "", t.leads, _("retired") if t.retired else "") for t in rows],
    )
    for category in kept.categories(session.store):
        if category.mandatory or not category.tags:
            output.tell(
                (
                    _("category {name}: mandatory")
                    if category.mandatory
                    else _("category {name}: no tags yet")
                ).format(name=show(category.name))
            )


@tags.command("add", cls=Command, help=N_("Define a tag, free or in a category."))
@click.argument("name")
@click.option("--category", cls=Option, metavar="NAME", default="", help=N_("Made when it is new."))
@click.pass_context
def add(ctx: click.Context, name: str, category: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.setup import tags as kept

    kept.add(session, name, category)
    output.tell(_("tag {name}").format(name=show(name)))


@tags.command("edit", cls=Command, help=N_("Rename a tag everywhere, or move it."))
@click.argument("name")
@click.option("--rename", cls=Option, metavar="TEXT", default="", help=N_("Its new name."))
@click.option("--category", cls=Option, metavar="NAME", help=N_('"" takes it out.'))
@click.pass_context
def edit(ctx: click.Context, name: str, rename: str, category: str | None) -> None:
    if not rename and category is None:
        raise click.UsageError(_("Say what to change."), ctx)
    session = context_of(ctx).session()
    from tui_crm.core.setup import tags as kept

    kept.edit(session, name, rename, category)
    output.tell(_("tag {name}").format(name=show(rename or name)))


@tags.command("retire", cls=Command, help=N_("No longer offer a tag; leads keep it."))
@click.argument("name")
@click.pass_context
def retire(ctx: click.Context, name: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.setup import tags as kept

    kept.retire(session, name)
    output.tell(_("tag {name} retired").format(name=show(name)))


@tags.command(
    "category",
    cls=Command,
    help=N_("Make a category, or say whether every lead needs one of its tags."),
)
@click.argument("name")
@click.option("--mandatory/--optional", default=False, cls=Option, help=N_("Every lead needs one."))
@click.pass_context
def category(ctx: click.Context, name: str, mandatory: bool) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.setup import tags as kept

    kept.set_category(session, name, mandatory)
    output.tell(_("tag category {name}").format(name=show(name)))


COMMANDS = {"tags": tags}
