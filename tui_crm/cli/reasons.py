"""Reasons: why leads are lost or cancelled, and prospects not interested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli.catalogue import RETIRED, Catalogue, Field, Listing, retired_word
from tui_crm.cli.commands import N_, Argument, Option, Whole, Word
from tui_crm.core.text import _, show

KINDS = ("lost", "cancelled", "not_interested")

if TYPE_CHECKING:
    from tui_crm.core.session import Session


def _reasons(closing: Any, session: Session, retired: bool) -> list[Any]:
    return [
        reason
        for kind in KINDS
        for reason in closing.reasons(session.store, kind)
        if retired or not reason.retired
    ]


def _kind_word(reason: Any, _session: Session) -> str:
    return {
        "lost": _("lost"),
        "cancelled": _("cancelled"),
        "not_interested": _("not interested"),
    }[reason.kind]


def _kind(typed: str) -> str:
    """A kind as the store has it: ``Not interested`` is ``not_interested``."""
    return typed.strip().casefold().replace(" ", "_").replace("-", "_")


reasons = Catalogue(
    "reasons",
    N_("Why leads are lost or cancelled; bare it lists."),
    core="tui_crm.core.leads.closing",
    list_help=N_("The reasons of each kind."),
    options=(RETIRED,),
    rows=_reasons,
    listing=Listing(
        {"kind": "kind", "digit": "digit", "label": "label", "retired": "retired"},
        Field(N_("for"), _kind_word),
        Field("", "digit", right=True),
        Field(N_("reason"), "label", give=True),
        Field("", retired_word),
    ),
    title=N_("Reasons"),
    names={"rename": "label", "add.kind": "kind"},
)
KIND = Argument("kind", Word(*KINDS))

reasons.operation(
    "add",
    N_("A new reason.\n\nKIND: lost, cancelled, not_interested."),
    KIND,
    Argument("label"),
    Option("--digit", kind=Whole(1, 9), help=N_("Default: the next free.")),
    call=lambda closing, session, kind, label, digit: closing.add_reason(
        session, _kind(kind), label, digit
    ),
    done=N_("reason {label}"),
)
reasons.operation(
    "edit",
    N_("Rename a reason, or give it another digit; the other reason takes the old one."),
    KIND,
    Argument("label"),
    Option("--rename", metavar="TEXT", default="", help=N_("Its new name.")),
    Option("--digit", kind=Whole(1, 9), help=N_("Its key.")),
    edits=True,
    call=lambda closing, session, kind, label, rename, digit: closing.edit_reason(
        session, _kind(kind), label, new_label=rename, digit=digit
    ),
    done=lambda kind, label, rename, digit: _("reason {label}").format(label=show(rename or label)),
)
reasons.operation(
    "bring-back",
    N_("Offer a retired reason again."),
    KIND,
    Argument("label"),
    call=lambda closing, session, kind, label: closing.bring_back_reason(
        session, _kind(kind), label
    ),
    done=N_("reason {label} is back"),
)
reasons.operation(
    "retire",
    N_("No longer offer a reason; leads keep it."),
    KIND,
    Argument("label"),
    call=lambda closing, session, kind, label: closing.retire_reason(session, _kind(kind), label),
    done=N_("reason {label} retired"),
)

COMMANDS = {"reasons": reasons}
