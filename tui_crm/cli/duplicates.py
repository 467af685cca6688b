"""``tui-crm duplicates``: likely pairs of records, made one or said to be two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output, typed
from tui_crm.cli.commands import N_, Argument, Option, Whole, WrongUsage, command
from tui_crm.cli.context import Context
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _

if TYPE_CHECKING:
    from tui_crm.core.session import Session


@command(
    "duplicates",
    N_(
        "Likely pairs of leads, people and clients.\n\n"
        "WHAT is leads, people or clients; all without it. With a WHAT and two numbers of a pair, "
        "--merge makes them one, in which the first stays, and --not-same remembers for everybody "
        "that they are two."
    ),
    Argument("what", many=True),
    Option("--merge", flag=True, help=N_("Make the two one; the first stays.")),
    Option("--not-same", "two", flag=True, help=N_("They are two.")),
    Option("--amount", metavar="MONEY", help=N_("Of two leads: the amount that holds.")),
    Option("--limit", kind=Whole(1, 10_000), metavar="N", help=N_("At most so many (200).")),
)
def duplicates(
    context: Context,
    what: tuple[str, ...],
    merge: bool,
    two: bool,
    amount: str | None,
    limit: int | None,
) -> None:
    from tui_crm.core.leads import pairs

    kinds = [word for word in what if not word.lstrip("#").isdecimal()]
    numbers = [int(word.lstrip("#")) for word in what if word.lstrip("#").isdecimal()]
    if any(kind not in pairs.KINDS for kind in kinds):
        raise WrongUsage(_("WHAT is one of: {names}.").format(names=", ".join(pairs.KINDS)))
    if (merge or two) != bool(numbers) or (merge and two):
        raise WrongUsage(_("For instance: tui-crm duplicates leads 7 9 --merge"))
    session = context.session()
    if not numbers:
        _list(context, session, tuple(kinds) or pairs.KINDS, limit or 200)
        return
    if len(kinds) != 1 or len(numbers) != 2:
        raise WrongUsage(_("For instance: tui-crm duplicates leads 7 9 --merge"))
    kind, (keep, other) = kinds[0], numbers
    if two:
        pairs.not_same(session, kind, keep, other)
        output.tell(_("#{one} and #{other} are two.").format(one=keep, other=other))
        return
    _merge(session, kind, keep, other, amount)
    output.tell(_("#{other} merged into #{keep}.").format(other=other, keep=keep))


def _list(context: Context, session: Session, kinds: tuple[str, ...], most: int) -> None:
    from tui_crm.core.leads import pairs

    found = pairs.pairs(session, kinds, most)
    if context.json:
        output.put_json_rows(
            {
                "kind": pair.kind,
                "one": pair.one,
                "other": pair.other,
                "one_name": pair.one_name,
                "other_name": pair.other_name,
                "why": pair.why,
            }
            for pair in found
        )
    elif found:
        output.table(
            [
                Column("", most=8),
                Column("", right=True),
                Column("", give=True, most=44),
                Column("", right=True),
                Column("", give=True, most=44),
                Column("", most=24),
            ],
            [(p.kind, p.one, p.one_name, p.other, p.other_name, p.why) for p in found],
            head=False,
        )
    if not found:
        output.tell(_("There are no duplicates that can be seen."))


def _merge(session: Session, kind: str, keep: int, other: int, amount: str | None) -> None:
    from tui_crm.core import money
    from tui_crm.core.leads import merge

    if kind == "people":
        merge.merge_people(session, keep, other)
    elif kind == "clients":
        merge.merge_clients(session, keep, other)
    else:
        more: dict[str, Any] = {}
        found = merge.amounts(session, keep, other)
        if amount is not None:
            more["amount"] = typed.amount(amount, session)
        elif len(found) > 1:
            shown = " / ".join(money.full(one, session.currency) for one in found)
            raise CrmError(
                _("Their amounts differ: {amounts}.").format(amounts=shown),
                _("Say which holds: --amount {example}").format(
                    example=money.decimal(found[0], session.currency)
                ),
            )
        merge.merge(session, keep, other, **more)


COMMANDS = {"duplicates": duplicates}
