"""In and out: import, export, calendar."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.commands import (
    FORCE,
    N_,
    OUT,
    Argument,
    Choice,
    File,
    Named,
    Option,
    WrongUsage,
    command,
)
from tui_crm.cli.context import Context
from tui_crm.core import files
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.writers import formats
from tui_crm.core.text import _, ngettext, show

if TYPE_CHECKING:
    from tui_crm.core.exchange.importing import Duplicate, Preview, Skipped
    from tui_crm.core.exchange.prospects.update import UpdateComparison
    from tui_crm.core.progress import Progress

_REASONS_SHOWN = 20


# -- what leaves as bytes -------------------------------------------------------------------------


def put_bytes(data: bytes) -> None:
    """A file on stdout, byte for byte; on a terminal as lines that it may safely show."""
    sys.stdout.flush()
    if sys.stdout.isatty():
        for line in data.decode("utf-8-sig", "replace").splitlines():
            output.put(line)
        return
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(data.decode("utf-8-sig", "replace"))
        return
    stream.write(data)
    stream.flush()


def put_table(
    kind: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    out: str | None,
    force: bool = False,
) -> None:
    """Columns and rows as CSV, XLSX, JSON or Markdown, to a file or to stdout."""
    if out is not None:
        formats.save(kind, heads, rows, out, replace=force)
        return
    refuse_workbook_on_terminal(kind)
    packed = io.BytesIO()
    formats.write(kind, heads, rows, packed)
    put_bytes(packed.getvalue())


def export_format(context: Context, form: str | None, out: str | None) -> str:
    """The format to export as: the one asked for, else what the file's ending says, else JSON
    with ``--json`` and CSV. Raises CrmError for a workbook on a terminal."""
    ending = formats.format_of(out) if out else None
    kind = (form or ending or ("json" if context.json else "csv")).casefold()
    if not out:
        refuse_workbook_on_terminal(kind)
    return kind


def refuse_workbook_on_terminal(kind: str) -> None:
    """Raises CrmError where stdout is a terminal, which cannot show a workbook."""
    if kind == "xlsx" and sys.stdout.isatty():
        raise CrmError(
            _("A workbook cannot be shown in a terminal."), _("Name a file: --out FILE.xlsx")
        )


# -- import ---------------------------------------------------------------------------------------


@command(
    "import",
    N_(
        "Bring in a file of prospects (--list NAME) or of leads (--leads).\n\n"
        "CSV, TSV, TXT, XLSX, XLS, ODS, vCard, JSON. --map FIELD=COLUMN overrules what was "
        "recognised. "
        "Leads: title, amount, status, step, pipeline, owner, created, closed, expected_close, "
        "probability, reason, tags, source, client, contact, role, phone, email, next. Prospects: "
        "name, first_name, last_name, company, role, phone, email, web, linkedin, city, country, "
        "zone, tags. Any other name becomes a field of that label. One undo takes all of it "
        "back.\n\n"
        "--list NAME --update brings an updated file into a list: known rows are changed, new ones "
        "added, none is taken away."
    ),
    Argument("file", File()),
    Option(
        "--list", "list_name", kind=Named("lists"), metavar="NAME", help=N_("Made when it is new.")
    ),
    Option("--leads", "as_leads", flag=True, help=N_("The rows are leads.")),
    Option("--update", flag=True, help=N_("Change the rows the list has.")),
    Option(
        "--key",
        "key_column",
        metavar="COLUMN",
        help=N_("What rows are matched by: phone, email or a column; default: found out."),
    ),
    Option("--map", "pairs", metavar="FIELD=COLUMN", multiple=True, help=N_("Repeatable.")),
    Option(
        "--map-owner",
        "owners",
        metavar="OWNER=USER",
        multiple=True,
        help=N_("Of leads: whose an owner's become, a user, me, nobody or new. Repeatable."),
    ),
    Option(
        "--country",
        metavar="CC",
        default="",
        help=N_("Where phones without a prefix ring, like US; default: guessed, else the region."),
    ),
    Option("--sheet", metavar="NAME", help=N_("Of a workbook; default: the first.")),
    Option("--encoding", metavar="NAME", help=N_("Default: found out.")),
    Option("--delimiter", metavar="SIGN", help=N_("Default: found out.")),
    Option("--dry-run", flag=True, help=N_("Only say what would happen.")),
)
def import_(
    context: Context,
    file: str,
    list_name: str | None,
    as_leads: bool,
    update: bool,
    key_column: str | None,
    pairs: tuple[str, ...],
    owners: tuple[str, ...],
    country: str,
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
    dry_run: bool,
) -> None:
    if as_leads == (list_name is not None):
        raise WrongUsage(_("Say one of --list NAME and --leads."))
    if (update or key_column) and (as_leads or not update):
        raise WrongUsage(_("--key goes with --update, and --update with --list."))
    if owners and not as_leads:
        raise WrongUsage(_("--map-owner goes with --leads."))
    mapping = [_pair("--map", "FIELD=COLUMN", pair) for pair in pairs]
    whose = dict(_pair("--map-owner", "OWNER=USER", pair) for pair in owners)
    session = context.session()
    from tui_crm.core.exchange import importing
    from tui_crm.core.exchange.columns.phone_country import country_of_numbers
    from tui_crm.core.exchange.readers.table import ReadOptions

    importer: importing.Importer[Any, Any]
    if as_leads:
        from tui_crm.core.exchange.leads.importer import LeadImport

        importer = LeadImport(whose)
    elif update:
        from tui_crm.core.exchange.prospects.update import ListUpdate

        importer = ListUpdate(session, list_name or "", key_column)
    else:
        from tui_crm.core.exchange.prospects.importer import ProspectImport

        importer = ProspectImport(list_name or "")
    options = ReadOptions(encoding=encoding, delimiter=delimiter or None, sheet=sheet)
    path = os.path.expanduser(file)
    done: Preview[Any, Any] = importing.preview(
        session, importer, path, options, mapping=mapping, country=country_of_numbers(country)
    )
    if not dry_run:
        done = importing.run_import(session, done, progress=_progress())
    if context.json:
        output.put_json(done.as_json(dry_run=dry_run))
    else:
        if update:
            _changes(done.comparison, dry_run)
        else:
            _added(done, dry_run)
        _summary(done, dry_run)


def _pair(option: str, form: str, text: str) -> tuple[str, str]:
    """What stands on both sides of the sign in the value of an option."""
    left, sign, right = text.partition("=")
    if not sign or not left.strip() or not right.strip():
        raise WrongUsage(
            _("{option} takes {form}, not {text}.").format(
                option=option, form=form, text=show(text)
            )
        )
    return left.strip(), right.strip()


def _progress() -> Progress | None:
    """A line on stderr that counts, on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        return None
    last = -1

    def show_progress(done: int, total: int) -> None:
        nonlocal last
        percent = 100 * done // total if total else 100
        if percent != last:
            last = percent
            end = "\n" if done >= total else ""
            sys.stderr.write(f"\r{percent:3d}% {done}/{total}{end}")
            sys.stderr.flush()

    return show_progress


def _added(done: Preview[Any, Any], dry_run: bool) -> None:
    head = _("Would be added") if dry_run else _("Added")
    output.put(
        _("{head}: {added} of {rows} rows; {duplicates} duplicates, {skipped} skipped.").format(
            head=head,
            added=done.added,
            rows=done.rows,
            duplicates=len(done.duplicates),
            skipped=len(done.skipped),
        )
    )


def _changes(found: UpdateComparison, dry_run: bool) -> None:
    """What an update does to the rows that are there, with the first changes of each column."""
    from tui_crm.core.exchange.prospects import update as prospect_update

    head = _("Would be") if dry_run else _("Done")
    output.put(f"{head}: {prospect_update.summary_line(found)}.")
    output.put(_("Matched by: {by}").format(by=show(prospect_update.match_words(found.matched_by))))
    for change in found.changes:
        output.put(f"{show(change.name)}: {change.cells}")
        for example in change.examples:
            output.put(
                "  "
                + _("line {line}: {reason}").format(
                    line=example.line,
                    reason=f"{show(example.was) or output.nothing()} -> {show(example.now)}",
                )
            )
    if found.corrected:
        output.put(_("Corrected by hand, and kept:"))
    for cell in found.corrected[:_REASONS_SHOWN]:
        output.put(
            "  "
            + _("line {line}: {reason}").format(
                line=cell.line, reason=f"{show(cell.column)}: {show(cell.ours)}"
            )
        )
    if len(found.corrected) > _REASONS_SHOWN:
        output.put("  " + _("and {n} more").format(n=len(found.corrected) - _REASONS_SHOWN))


def _summary(done: Preview[Any, Any], dry_run: bool) -> None:
    cleaned = done.file.table.cleaned
    if cleaned:
        output.put(
            ngettext(
                "{n} cell had control characters; they were replaced.",
                "{n} cells had control characters; they were replaced.",
                cleaned,
            ).format(n=cleaned)
        )
    for title, rows in (
        (_("Duplicates"), duplicates_with_places(done.duplicates)),
        (_("Skipped"), done.skipped),
        (_("Kept, but odd"), done.remarks),
    ):
        if rows:
            output.put(f"{title}:")
            put_reasons(rows)
    if dry_run:
        for column in done.file.columns:
            output.put(f"  {show(column.name)} = {column.field or output.nothing()}")


def duplicates_with_places(rows: Sequence[Duplicate]) -> list[Skipped]:
    """The rows that are there already, each with its line, why, and where the other one is."""
    from tui_crm.core.exchange.importing import Skipped

    return [
        Skipped(line, reason if of in reason else f"{reason} ({of})") for line, reason, of in rows
    ]


def put_reasons(rows: Sequence[Skipped]) -> None:
    """The first rows of a file that were left out or remarked on, each with its line and why."""
    for row in rows[:_REASONS_SHOWN]:
        output.put("  " + _("line {line}: {reason}").format(line=row.line, reason=show(row.reason)))
    if len(rows) > _REASONS_SHOWN:
        more = len(rows) - _REASONS_SHOWN
        output.put("  " + _("and {n} more; all with --json").format(n=more))


# -- export ---------------------------------------------------------------------------------------

WHAT = ("leads", "actions", "prospects", "clients")


@command(
    "export",
    N_(
        "Write leads, actions, prospects (--list NAME) or clients as CSV, XLSX or JSON.\n\n"
        "Cells that a spreadsheet would run are made inert."
    ),
    Argument("what", Choice(*WHAT)),
    Option(
        "--list", "list_name", kind=Named("lists"), metavar="NAME", help=N_("The prospect list.")
    ),
    Option(
        "--query",
        metavar="QUERY",
        default="",
        help=N_("Only the leads that a filter finds, as in: tui-crm leads"),
    ),
    Option(
        "--format",
        "form",
        Choice(*formats.TABLES),
        help=N_("Default: the file's ending, else csv."),
    ),
    Option("--bom", flag=True, help=N_("CSV with a byte order mark, for a double click in Excel.")),
    OUT,
    FORCE,
)
def export(
    context: Context,
    what: str,
    list_name: str | None,
    query: str,
    form: str | None,
    bom: bool,
    out: str | None,
    force: bool,
) -> None:
    if what == "prospects" and not list_name:
        raise WrongUsage(_("Say which: export prospects --list NAME"))
    if what != "prospects" and list_name:
        raise WrongUsage(_("--list goes with prospects only."))
    kind = export_format(context, form, out)
    if bom and kind != "csv":
        raise WrongUsage(_("--bom goes with CSV only."))
    kind = formats.CSV_WITH_BOM if bom else kind
    session = context.session()
    from tui_crm.core.exchange.writers import export as exports

    arranged = exports.arranges(session, query) if query else ""
    if arranged and (what == "actions" or (arranged == "columns" and kind == "json")):
        words = _("{word}: arranges tables of leads; here it changes nothing.")
        output.tell(words.format(word=arranged))
    made = exports.export(
        session, what.casefold(), kind, out, query=query, list_name=list_name, replace=force
    )
    if made.data is None:
        _written(context, str(out), made.rows)
    else:
        put_bytes(made.data)


def _written(context: Context, out: str, count: int) -> None:
    output.tell(
        ngettext("{file}: {n} row", "{file}: {n} rows", count).format(file=show(out), n=count)
    )
    if context.json:
        output.put_json({"file": out, "rows": count})


# -- calendar -------------------------------------------------------------------------------------


@command(
    "calendar",
    N_("Your next actions as iCalendar, for the calendar on a phone or beside the mail."),
    Option("--everybody", flag=True, help=N_("Not only yours.")),
    OUT,
    FORCE,
)
def calendar(context: Context, everybody: bool, out: str | None, force: bool) -> None:
    session = context.session()
    from tui_crm.core.exchange.writers import ical

    data = ical.calendar(session, everybody)
    if out is None:
        put_bytes(data)
        return
    files.save(out, lambda file: file.write(data), replace=force)
    _written(context, out, data.count(b"BEGIN:VEVENT"))


COMMANDS = {"import": import_, "export": export, "calendar": calendar}
