"""Do not call: the list of numbers and e-mails, and forgetting a person."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from tui_crm.cli import output, typed
from tui_crm.cli.catalogue import Catalogue, Field, Listing
from tui_crm.cli.commands import FORCE, N_, OUT, Argument, Choice, File, Option, command
from tui_crm.cli.context import Context
from tui_crm.cli.exchange import duplicates_with_places, export_format, put_reasons, put_table
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.writers.formats import TABLES
from tui_crm.core.text import _, ngettext, show

if TYPE_CHECKING:
    from tui_crm.core.privacy.do_not_call import Block
    from tui_crm.core.session import Session


def _short(row: Block, _session: Session) -> str:
    from tui_crm.core.privacy import do_not_call

    return do_not_call.short(row.match)


def _at(row: Block, session: Session) -> datetime:
    return datetime.fromtimestamp(row.at, session.zone)


blocked = Catalogue(
    "blocked",
    N_(
        "Do not call: numbers and e-mails nobody here calls or writes to.\n\n"
        "They are blocked in every list, in imports and when leads are made. Bare it lists them."
    ),
    core="tui_crm.core.privacy.do_not_call",
    list_help=N_("Who is on the list, the newest first."),
    rows=lambda do_not_call, session: do_not_call.blocked(session),
    listing=Listing(
        {
            "match": "match",
            "kind": "kind",
            "who": "who",
            "words": "words",
            "at": _at,
            "forgotten": "forgotten",
        },
        Field(N_("number or e-mail"), _short, most=60),
        Field(N_("who"), "who", most=14),
        Field(N_("when"), lambda row, session: _at(row, session).date().isoformat()),
        Field(
            N_("words"),
            lambda row, _session: _("forgotten") if row.forgotten else row.words,
            give=True,
            most=60,
        ),
    ),
    title=N_("Do not call"),
    right="",
)


@blocked.command(
    "add",
    N_("Put a phone or an e-mail on the list."),
    Argument("what", many=True, metavar="PHONE|EMAIL", required=True),
    Option("--why", metavar="TEXT", default="", help=N_("The words said.")),
)
def add(context: Context, what: tuple[str, ...], why: str) -> None:
    session = context.session()
    from tui_crm.core.privacy import do_not_call

    text = typed.words(what)
    closed = do_not_call.block(session, text, why)
    output.tell(
        ngettext(
            "do not call {what}: {n} row closed", "do not call {what}: {n} rows closed", closed
        ).format(what=show(text), n=closed)
    )


@blocked.command(
    "remove",
    N_("Take a phone or an e-mail off the list again."),
    Argument("what", many=True, metavar="PHONE|EMAIL", required=True),
    Option(
        "--why",
        metavar="TEXT",
        required=True,
        help=N_("Why it may be called again; kept in the feed."),
    ),
)
def remove(context: Context, what: tuple[str, ...], why: str) -> None:
    session = context.session()
    from tui_crm.core.privacy import do_not_call

    text = typed.words(what)
    do_not_call.unblock(session, text, why)
    output.tell(_("{what} may be called again").format(what=show(text)))


@blocked.command(
    "import",
    N_("Put the phones or e-mails of a file on the list: CSV, TXT, XLSX. One undo takes it back."),
    Argument("file", File()),
    Option("--column", metavar="NAME", help=N_("Default: found by what is in it.")),
    Option("--sheet", metavar="NAME", help=N_("Of a workbook; default: the first.")),
    Option("--dry-run", flag=True, help=N_("Only say what would happen.")),
)
def import_blocked(
    context: Context, file: str, column: str | None, sheet: str | None, dry_run: bool
) -> None:
    session = context.session()
    from tui_crm.core.exchange import importing
    from tui_crm.core.exchange.do_not_call import DoNotCallImport
    from tui_crm.core.exchange.readers.table import ReadOptions

    path, options = os.path.expanduser(file), ReadOptions(sheet=sheet)
    done = importing.preview(session, DoNotCallImport(column), path, options)
    if not dry_run:
        done = importing.run_import(session, done)
    columns = [column.name for column in done.file.columns if column.field == "match"]
    if context.json:
        output.put_json(
            {
                "file": done.file.name,
                "rows": done.rows,
                "added": done.added,
                "known": len(done.duplicates),
                "duplicates": len(done.duplicates),
                "duplicate_rows": [
                    {"line": line, "of": of, "reason": reason}
                    for line, reason, of in done.duplicates
                ],
                "skipped": [{"line": line, "reason": reason} for line, reason in done.skipped],
                "columns": columns,
                "hashes": done.comparison.hashes,
                "dry_run": dry_run,
            }
        )
        return
    head = _("Would be added") if dry_run else _("Added")
    output.put(
        _("{head}: {added} of {rows} rows; {known} known, {skipped} not readable.").format(
            head=head,
            added=done.added,
            rows=done.rows,
            known=len(done.duplicates),
            skipped=len(done.skipped),
        )
    )
    output.put(_("Read: {columns}").format(columns=", ".join(map(show, columns))))
    put_reasons([*duplicates_with_places(done.duplicates), *done.skipped])
    if done.comparison.hashes:
        output.put(_("Hashes of forgotten people work only in the workspace they come from."))


@blocked.command(
    "export",
    N_("Write the list as CSV, XLSX or JSON. Of forgotten people it has only a hash."),
    Option("--format", "form", Choice(*TABLES), help=N_("Default: the file's ending, else csv.")),
    OUT,
    FORCE,
)
def export(context: Context, form: str | None, out: str | None, force: bool) -> None:
    kind = export_format(context, form, out)
    session = context.session()
    from tui_crm.core.exchange import do_not_call

    heads, rows = do_not_call.table(session)
    put_table(kind, heads, rows, out, force)


@command(
    "forget",
    N_(
        "Forget a person for good: whoever has this phone or e-mail.\n\n"
        "Names, numbers, cells, notes go, in lists, leads and the journal; what was counted stays. "
        "They stay blocked by a hash. This cannot be undone; without --yes it only says what it "
        "would do."
    ),
    Argument("what", many=True, metavar="PHONE|EMAIL", required=True),
    Option("--yes", flag=True, help=N_("Do it.")),
    Option(
        "--block/--no-block",
        default=True,
        help=N_("Whether they stay on the do-not-call list; default: they do."),
    ),
)
def forget(context: Context, what: tuple[str, ...], yes: bool, block: bool) -> None:
    session = context.session()
    from tui_crm.core.privacy import erase as forgetting

    text = typed.words(what)
    if not yes:
        found = forgetting.preview(session, text)
        raise CrmError(
            _("{match}: {what} would be emptied for good.").format(
                match=found.match, what=_what(found.rows, found.people, found.leads)
            ),
            _("This cannot be undone; to do it: tui-crm forget {match} --yes").format(
                match=found.match
            ),
        )
    done = forgetting.erase(session, text, block)
    if context.json:
        output.put_json(
            {
                "rows": done.rows,
                "people": done.people,
                "leads": done.leads,
                "blocked": done.blocked,
                "backups": done.backups,
            }
        )
    output.tell(_("forgotten: {what}").format(what=_what(done.rows, done.people, done.leads)))
    if done.backups:
        output.tell(
            ngettext(
                "{n} backup beside the store still holds them; delete it when it may go.",
                "{n} backups beside the store still hold them; delete them when they may go.",
                done.backups,
            ).format(n=done.backups)
        )


def _what(rows: int, people: int, leads: int) -> str:
    return ", ".join(
        (
            ngettext("{n} row", "{n} rows", rows).format(n=rows),
            ngettext("{n} person", "{n} people", people).format(n=people),
            ngettext("{n} lead", "{n} leads", leads).format(n=leads),
        )
    )


COMMANDS = {"blocked": blocked, "forget": forget}
