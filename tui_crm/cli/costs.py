"""Costs: what sources and prospect lists cost, for what they bring (the report roi)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tui_crm.cli import output, typed
from tui_crm.cli.catalogue import RETIRED, Catalogue, Field, Listing, retired_word
from tui_crm.cli.commands import N_, Argument, File, Named, Option, Whole
from tui_crm.cli.context import Context
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.core.setup.costs import CostRow


def _amount(row: CostRow, session: Session) -> str:
    return output.amount(row.amount, session.currency)


def _number(row: CostRow, session: Session) -> float:
    from tui_crm.core import money

    return money.number(row.amount, session.currency)


costs = Catalogue(
    "costs",
    N_("What sources and prospect lists cost; bare it lists."),
    core="tui_crm.core.setup.costs",
    list_help=N_("All costs, the latest period first."),
    options=(RETIRED,),
    rows=lambda costs, session, retired: costs.costs(session.store, retired),
    listing=Listing(
        {
            "cost": "id",
            "of": "of",
            "name": "name",
            "first": "first_day",
            "last": "last_day",
            "amount": _number,
            "retired": "retired",
        },
        Field(N_("cost"), "id", right=True),
        Field(N_("of"), lambda row, _session: _(row.of)),
        Field("", "name", give=True),
        Field(N_("from"), "first_day"),
        Field(N_("until"), "last_day"),
        Field(N_("amount"), _amount, right=True),
        Field("", retired_word),
        empty=N_(
            "No costs yet. For instance: tui-crm costs add --source Fair --period 2026-10 900"
        ),
    ),
)


def _add(costs: Any, session: Session, amount: str, period: str, source: str, name: str) -> None:
    costs.add(session, typed.amount(amount, session), period, source=source, list_name=name)


costs.operation(
    "add",
    N_("What a source or a list cost in a period: a month, a quarter, a week, days."),
    Argument("amount"),
    Option("--period", metavar="PERIOD", required=True, help=N_("2026-10, 2026-q4, 2026-w41.")),
    Option("--source", metavar="NAME", default="", help=N_("A tag of Source, or a lead's source.")),
    Option("--list", "name", kind=Named("lists"), metavar="NAME", default="", help=N_("A list.")),
    call=_add,
    done=lambda amount, period, source, name: _("cost of {name}, {period}").format(
        name=show(name or source), period=show(period)
    ),
)
costs.operation(
    "retire",
    N_("Take a cost out of the figures, by its number."),
    Argument("cost", Whole(1)),
    call=lambda costs, session, cost: costs.retire(session, cost),
    done=N_("cost {cost} retired"),
)


@costs.command(
    "import",
    N_("Bring the costs of a file: columns for source or list, period, amount."),
    Argument("file", File()),
    Option("--dry-run", flag=True, help=N_("Only say what would happen.")),
)
def import_costs(context: Context, file: str, dry_run: bool) -> None:
    session = context.session()
    from tui_crm.cli.exchange import duplicates_with_places, put_reasons
    from tui_crm.core.exchange import importing
    from tui_crm.core.exchange.costs import CostImport

    done = importing.preview(session, CostImport(), os.path.expanduser(file))
    if not dry_run:
        done = importing.run_import(session, done)
    if context.json:
        output.put_json(done.as_json(dry_run))
        return
    output.put(
        _("{head}: {added} of {rows} rows; {known} known, {skipped} not readable.").format(
            head=_("Would be added") if dry_run else _("Added"),
            added=done.added,
            rows=done.rows,
            known=len(done.duplicates),
            skipped=len(done.skipped),
        )
    )
    put_reasons([*duplicates_with_places(done.duplicates), *done.skipped])


COMMANDS = {"costs": costs}
