"""Files on leads: attached, listed, written out, taken off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_crm.cli import output, typed
from tui_crm.cli.commands import LEAD, N_, Argument, Choice, File, Option, command
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.cli.context import Context
    from tui_crm.core.leads.attachments import AttachmentRow
    from tui_crm.core.session import Session


@command(
    "attach",
    N_("Attach FILE to the lead N; its content is kept in the store."),
    Argument("number", LEAD, metavar="N"),
    Argument("file", File()),
    Option(
        "--kind",
        kind=Choice("quotation", "sale note", "invoice"),
        metavar="KIND",
        help=N_("quotation, sale note or invoice."),
    ),
    Option("--amount", metavar="AMOUNT", help=N_("What it comes to, like 12.4k.")),
    Option("--date", "day", metavar="DAY", help=N_("Its day, like 2026-11-23 or mon.")),
)
def attach(
    context: Context, number: int, file: str, kind: str | None, amount: str | None, day: str | None
) -> None:
    session = context.session()
    from tui_crm.core.leads import attachments

    made = attachments.attach(
        session,
        number,
        file,
        kind=kind or "",
        amount=typed.amount(amount, session) if amount else None,
        day=typed.day(day, session) if day else None,
    )
    row = attachments.find(session, number, str(made))
    output.tell(_("#{n}: {file}").format(n=number, file=show(row.name)))
    if context.json:
        _put_json([row], session)


@command(
    "attachments",
    N_("The files of the lead N; --out FOLDER writes them there."),
    Argument("number", LEAD, metavar="N"),
    Option("--out", "folder", kind=File(), metavar="FOLDER", help=N_("Write them there.")),
)
def list_attachments(context: Context, number: int, folder: str | None) -> None:
    session = context.session()
    from tui_crm.core.leads import attachments, views

    lead = views.one(session, number)
    rows = attachments.of(session, lead.number)
    if context.json:
        _put_json(rows, session)
    elif folder is None:
        output.table(
            [
                output.Column(_("number"), True),
                output.Column(_("file"), give=True, most=60),
                output.Column(_("kind")),
                output.Column(_("amount"), True),
                output.Column(_("day")),
                output.Column(_("size"), True),
            ],
            [
                (
                    row.id,
                    row.name,
                    _(row.kind) if row.kind else "",
                    _amount(row, session),
                    row.day,
                    size_words(row.size),
                )
                for row in rows
            ],
        )
    if folder is not None:
        names: set[str] = set()
        for row in rows:
            place = Path(folder).expanduser()
            if row.name in names:  # another file of the same name
                place /= str(row.id)
            names.add(row.name)
            output.tell(show(str(attachments.copy_out(session, row, place))))


@command(
    "detach",
    N_("Take a file off the lead N, by its number or name; undo brings it back."),
    Argument("number", LEAD, metavar="N"),
    Argument("name", metavar="FILE"),
)
def detach(context: Context, number: int, name: str) -> None:
    session = context.session()
    from tui_crm.core.leads import attachments

    row = attachments.find(session, number, name)
    attachments.remove(session, row.id)
    output.tell(_("#{n}: {file} taken off").format(n=number, file=show(row.name)))


def file_line(row: AttachmentRow, session: Session) -> str:
    """A file in one line: name, kind, amount, day, size."""
    parts = (
        row.name,
        _(row.kind) if row.kind else "",
        _amount(row, session),
        row.day,
        size_words(row.size),
    )
    return "  ".join(part for part in parts if part)


def size_words(size: int) -> str:
    """A size in bytes, in words: ``2.1 MB``."""
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} B"


def _amount(row: AttachmentRow, session: Session) -> str:
    return "" if row.amount is None else output.amount(row.amount, session.currency)


def _put_json(rows: list[AttachmentRow], session: Session) -> None:
    from tui_crm.core.exchange.writers import json_shape

    output.put_json_rows(json_shape.attachments_json(rows, session))


COMMANDS = {"attach": attach, "attachments": list_attachments, "detach": detach}
