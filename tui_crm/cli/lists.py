"""Prospect lists and how far they are."""

from __future__ import annotations

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Option, desk
from tui_crm.cli.output import Column
from tui_crm.core.text import _


@click.command("lists", cls=Command, help=N_("Prospect lists, and how far each is."))
@click.option("--all", "archived", is_flag=True, cls=Option, help=N_("Archived ones too."))
@click.pass_context
def lists(ctx: click.Context, archived: bool) -> None:
    here = desk(ctx)
    session = here.session()
    from tui_crm.core.work import lists as prospect_lists

    rows = prospect_lists.lists(session, archived)
    if here.json:
        output.put_json_rows(
            {"name": r.name, "rows": r.rows, "new": r.new, "callbacks": r.callbacks,
             "retries": r.retries, "done": r.done, "leads": r.leads, "called": r.called,
             "reached": r.reached}
            for r in rows
        )  # fmt: skip
        return
    if not rows:
        output.tell(_("No prospect list yet: tui-crm import FILE --list NAME"))
        return
    heads = (_("rows"), _("new"), _("callbacks"), _("retries"), _("done"), _("leads"),
             _("called"), _("reached"))  # fmt: skip
    output.table(
        [Column(_("list"), give=True), *(Column(head, right=True) for head in heads)],
        [
            (r.name, r.rows, r.new, r.callbacks, r.retries, r.done, r.leads, r.called, r.reached)
            for r in rows
        ],
    )


COMMANDS = {"lists": lists}
