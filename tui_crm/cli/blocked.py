"""Do not call: the list of numbers and e-mails, and forgetting a person."""

from __future__ import annotations

import os
from datetime import datetime

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Group, Option, context_of
from tui_crm.cli.exchange import export_format, put_reasons, put_table
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.writers.formats import TABLES
from tui_crm.core.text import _, ngettext, show


@click.group(
    "blocked",
    cls=Group,
    help=N_(
        "Do not call: numbers and e-mails nobody here calls or writes to.\n\n"
        "They are blocked in every list, in imports and when leads are made. Bare it lists them."
    ),
)
@click.pass_context
def blocked(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx)


@blocked.command("list", cls=Command, help=N_("Who is on the list, the newest first."))
@click.pass_context
def list_blocked(ctx: click.Context) -> None:
    _list(ctx)


def _list(ctx: click.Context) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.privacy import do_not_call

    rows = do_not_call.blocked(session)
    if here.json:
        output.put_json_rows(
            {
                "match": row.match,
                "kind": row.kind,
                "who": row.who,
                "words": row.words,
                "at": datetime.fromtimestamp(row.at, session.zone),
                "forgotten": row.forgotten,
            }
            for row in rows
        )
        return
    output.table(
        [
            output.Column(_("number or e-mail"), most=60),
            output.Column(_("who"), most=14),
            output.Column(_("when")),
            output.Column(_("words"), give=True, most=60),
        ],
        [
            (
                do_not_call.short(row.match),
                row.who,
                datetime.fromtimestamp(row.at, session.zone).date().isoformat(),
                _("forgotten") if row.forgotten else row.words,
            )
            for row in rows
        ],
    )


@blocked.command("add", cls=Command, help=N_("Put a phone or an e-mail on the list."))
@click.argument("what", metavar="PHONE|EMAIL", nargs=-1, required=True)
@click.option("--why", cls=Option, default="", metavar="TEXT", help=N_("The words said."))
@click.pass_context
def add(ctx: click.Context, what: tuple[str, ...], why: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.privacy import do_not_call

    text = " ".join(what)
    closed = do_not_call.block(session, text, why)
    output.tell(
        ngettext(
            "do not call {what}: {n} row closed", "do not call {what}: {n} rows closed", closed
        ).format(what=show(text), n=closed)
    )


@blocked.command("remove", cls=Command, help=N_("Take a phone or an e-mail off the list again."))
@click.argument("what", metavar="PHONE|EMAIL", nargs=-1, required=True)
@click.option(
    "--why",
    cls=Option,
    required=True,
    metavar="TEXT",
    help=N_("Why it may be called again; kept in the feed."),
)
@click.pass_context
def remove(ctx: click.Context, what: tuple[str, ...], why: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.privacy import do_not_call

    text = " ".join(what)
    do_not_call.unblock(session, text, why)
    output.tell(_("{what} may be called again").format(what=show(text)))


@blocked.command(
    "import",
    cls=Command,
    help=N_(
        "Put the phones or e-mails of a file on the list: CSV, TXT, XLSX. One undo takes it back."
    ),
)
@click.argument("file", type=click.Path(path_type=str))
@click.option("--column", cls=Option, metavar="NAME", help=N_("Default: found by what is in it."))
@click.option("--sheet", cls=Option, metavar="NAME", help=N_("Of a workbook; default: the first."))
@click.option("--dry-run", is_flag=True, cls=Option, help=N_("Only say what would happen."))
@click.pass_context
def import_blocked(
    ctx: click.Context, file: str, column: str | None, sheet: str | None, dry_run: bool
) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.exchange import importing
    from tui_crm.core.exchange.do_not_call import DoNotCallImport
    from tui_crm.core.exchange.readers.table import ReadOptions

    path, options = os.path.expanduser(file), ReadOptions(sheet=sheet)
    done = importing.preview(session, DoNotCallImport(column), path, options)
    if not dry_run:
        done = importing.run_import(session, done)
    columns = [column.name for column in done.file.columns if column.field == "match"]
    if here.json:
        output.put_json(
            {
                "file": done.file.name,
                "rows": done.rows,
                "added": done.added,
                "known": len(done.duplicates),
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
    put_reasons(done.skipped)
    if done.comparison.hashes:
        output.put(_("Hashes of forgotten people work only in the workspace they come from."))


@blocked.command(
    "export",
    cls=Command,
    help=N_("Write the list as CSV, XLSX or JSON. Of forgotten people it has only a hash."),
)
@click.option(
    "--format",
    "form",
    cls=Option,
    help=N_("Default: the file's ending, else csv."),
    type=click.Choice(TABLES, case_sensitive=False),
)
@click.option("--out", cls=Option, metavar="FILE", help=N_("Default: stdout."))
@click.pass_context
def export(ctx: click.Context, form: str | None, out: str | None) -> None:
    here = context_of(ctx)
    kind = export_format(here, form, out)
    session = here.session()
    from tui_crm.core.exchange import do_not_call

    heads, rows = do_not_call.table(session)
    put_table(kind, heads, rows, out)


@click.command(
    "forget",
    cls=Command,
    help=N_(
        "Forget a person for good: whoever has this phone or e-mail.\n\n"
        "Names, numbers, cells, notes go, in lists, leads and the journal; what was counted stays. "
        "They stay blocked by a hash. This cannot be undone; without --yes it only says what it "
        "would do."
    ),
)
@click.argument("what", metavar="PHONE|EMAIL", nargs=-1, required=True)
@click.option("--yes", is_flag=True, cls=Option, help=N_("Do it."))
@click.option(
    "--block/--no-block",
    default=True,
    cls=Option,
    help=N_("Whether they stay on the do-not-call list; default: they do."),
)
@click.pass_context
def forget(ctx: click.Context, what: tuple[str, ...], yes: bool, block: bool) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.privacy import erase as forgetting

    text = " ".join(what)
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
    if here.json:
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
