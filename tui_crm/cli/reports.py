"""Reports: the figures of Stats, as a table, a file or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from tui_crm.cli import output
from tui_crm.cli.commands import FORCE, N_, OUT, Argument, Choice, Named, Option, command
from tui_crm.cli.context import Context
from tui_crm.cli.output import Column
from tui_crm.core.text import _, fit, wrap

if TYPE_CHECKING:
    from tui_crm.core.reports import Report
    from tui_crm.core.session import Session

WORDS = ("text", "reasons")  # units that are read from the left
FORMATS = ("table", "csv", "xlsx", "md", "json", "html")


@command(
    "report",
    N_(
        "The figures of Stats; without NAME the reports there are.\n\n"
        "--period takes 2026, 2026-q1, 2026-03, 2026-03-01..2026-03-31, this-month, last-quarter, "
        "last-90d, all. In files amounts are decimal numbers, a rate has its numerator and "
        "denominator. Every table of a report is in the file, its totals too: in JSON under "
        "`tables`, in XLSX as further sheets, in CSV and Markdown one below the other; "
        "HTML is one page to hand round or print."
    ),
    Argument("name", Named("reports"), required=False),
    Option("--period", metavar="PERIOD", help=N_("Which days; default: what suits the report.")),
    Option(
        "--by",
        metavar="UNIT",
        help=N_(
            "Rows by day, week, month (the default), quarter or year, of the reports that have "
            "such rows; lists: by script, or with --list by a column of it."
        ),
    ),
    Option(
        "--rep", "reps", kind=Named("users"), metavar="NAME", multiple=True, help=N_("Repeatable.")
    ),
    Option(
        "--team",
        "teams",
        kind=Named("teams"),
        metavar="NAME",
        multiple=True,
        help=N_("Repeatable."),
    ),
    Option(
        "--tag", "tags", kind=Named("tags"), metavar="TAG", multiple=True, help=N_("Repeatable.")
    ),
    Option("--pipeline", kind=Named("pipelines"), metavar="NAME", help=N_("Only this one.")),
    Option(
        "--list",
        "list_name",
        kind=Named("lists"),
        metavar="NAME",
        help=N_("Only this prospect list."),
    ),
    Option("--compare", flag=True, help=N_("With the period before.")),
    Option("--compare-year", flag=True, help=N_("With the same a year ago.")),
    Option("--as-of", metavar="DATE", help=N_("As it stood on a past day.")),
    Option("--check", flag=True, help=N_("Of the score: how good it is on held-back leads.")),
    Option("--explain", flag=True, help=N_("How each figure is made.")),
    Option("--format", "form", Choice(*FORMATS), help=N_("Default: table.")),
    OUT,
    FORCE,
)
def report(
    context: Context,
    name: str | None,
    period: str | None,
    by: str | None,
    reps: tuple[str, ...],
    teams: tuple[str, ...],
    tags: tuple[str, ...],
    pipeline: str | None,
    list_name: str | None,
    compare: bool,
    compare_year: bool,
    as_of: str | None,
    check: bool,
    explain: bool,
    form: str | None,
    out: str | None,
    force: bool,
) -> None:
    session = context.session()
    from tui_crm.cli import typed
    from tui_crm.core import reports

    if name is None:
        _names(context)
        return
    name = name.strip().casefold()
    if by is not None and by.strip():
        reports.refuse_by(name, by)
    filters = reports.Filters(
        period=period or "",
        by=(by or "month").strip() or "month",
        rep=reps,
        team=teams,
        tag=tags,
        pipeline=pipeline or "",
        list_name=list_name or "",
        compare="year" if compare_year else "previous" if compare else "",
        as_of=typed.day(as_of, session).isoformat() if as_of else "",
        check=check,
    )
    ran = reports.run(session, name, filters)
    kind = (form or ("json" if context.json else _form_of(out))).casefold()
    if kind == "json":
        _json(session, ran, explain, out, force)
    elif kind == "table" and not out:
        _print(session, ran, explain)
    else:
        _file(session, ran, "md" if kind == "table" else kind, out, force)


def _form_of(out: str | None) -> str:
    from tui_crm.core.exchange.writers.formats import WRITERS, format_of

    return (format_of(out, (*WRITERS, "html")) if out else None) or "table"


def _names(context: Context) -> None:
    from tui_crm.core import reports

    if context.json:
        output.put_json_rows(
            {"report": r.name, "title": r.title, "sentence": r.sentence} for r in reports.names()
        )
        return
    output.table(
        [Column(_("report")), Column("", give=True, most=200)],
        [(r.name, r.sentence) for r in reports.names()],
    )


# -- JSON -----------------------------------------------------------------------------------------


def _json(session: Session, report: Report, explain: bool, out: str | None, force: bool) -> None:
    from tui_crm.core.exchange.writers import reports as writer

    whole = writer.as_json(session, report, explain)
    if out is None:
        output.put_json(whole)
        return
    import json

    from tui_crm.core import files

    text = json.dumps(output.plain(whole), ensure_ascii=False, indent=2)
    files.save(out, lambda file: file.write((text + "\n").encode()), replace=force)


# -- files ----------------------------------------------------------------------------------------


def _file(session: Session, report: Report, kind: str, out: str | None, force: bool) -> None:
    """All tables of a report as CSV, XLSX, Markdown or a page of HTML."""
    import io

    from tui_crm.cli.exchange import put_bytes, refuse_workbook_on_terminal
    from tui_crm.core import files

    def write(file: BinaryIO) -> int:
        if kind == "html":
            from tui_crm.core.exchange.writers import report_page

            return report_page.write(session, report, file)
        from tui_crm.core.exchange.writers import reports as writer

        return writer.write(session, report, kind, file)

    if out is not None:
        files.save(out, write, replace=force)
        return
    refuse_workbook_on_terminal(kind)
    packed = io.BytesIO()
    write(packed)
    put_bytes(packed.getvalue())


# -- the table ------------------------------------------------------------------------------------


def _print(session: Session, report: Report, explain: bool) -> None:
    output.put(f"{report.title}  {report.period.label}")
    if report.name == "now":
        from tui_crm.cli import now

        now.put(session, report)
    else:
        _table(session, report)
    if report.before is not None:
        output.put()
        output.put(f"{report.title}  {report.before.period.label}")
        _table(session, report.before)
    for table in report.more:
        if table.table != "running":  # a line a day: for files, not for reading
            output.put()
            _table(session, table)
    notes = list(report.notes)
    if notes:
        output.put()
    for note in notes:
        for line in wrap(note, output.width()):
            output.put(line)
    if any(table.table == "running" for table in report.more) and report.rows:
        output.tell(_("The totals of each day: --format csv, xlsx, json or html"))
    if explain:
        output.put()
        _explain(report)
        for table in report.more:
            output.put()
            _explain(table)


def _explain(report: Report) -> None:
    labels = {c.key: c.label for c in report.columns}
    for key, formula in report.formulas.items():
        lines = wrap(formula, max(20, output.width() - 22))
        output.put(f"{fit(labels.get(key, key), 20)}  {lines[0] if lines else ''}")
        for line in lines[1:]:
            output.put(" " * 22 + line)


def _table(session: Session, report: Report) -> None:
    """The table; when it is too wide for the terminal, several tables under one another, each
    with the columns that name a row."""
    from tui_crm.core.exchange.writers import reports as writer

    rows: list[list[str]] = []
    for row_key, row in (*zip(report.keys, report.rows, strict=True), ("total", report.totals)):
        rows.append(
            [
                _text(session, writer.unit_of(c, row), writer.value_of(session, c, row))
                + ("~" if (row_key, c.key) in report.small else "")
                for c in report.columns
            ]
        )
    if any(value is not None for value in report.totals.values()) and report.rows:
        rows[-1][0] = _("total")
    else:
        rows.pop()
    if not report.rows:
        output.put(_("Nothing in this period."))
        return
    heads = [
        Column(c.label, right=c.unit not in WORDS, give=c.unit in WORDS) for c in report.columns
    ]
    for place, part in enumerate(_parts(heads, rows)):
        if place:
            output.put()
        output.table([heads[i] for i in part], [[row[i] for i in part] for row in rows])


def _parts(heads: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[list[int]]:
    """The places of the columns of each table."""
    from tui_crm.core.text import width

    sizes = [
        min(40, max(width(h.head), *(width(row[i]) for row in rows))) for i, h in enumerate(heads)
    ]
    words = [i for i, h in enumerate(heads) if not h.right]
    first = [i for i in words if words[: i + 1] == list(range(i + 1))] or [0]
    # All columns that name a row, while one figure has room beside them: else rows look alike.
    if sum(sizes[i] + 2 for i in first) > output.width() - 16:
        first = [0]
    start = sum(sizes[i] for i in first) + 2 * (len(first) - 1)
    parts, used = [[*first]], start
    for i in range(len(first), len(heads)):
        if used + 2 + sizes[i] > output.width() and len(parts[-1]) > len(first):
            parts.append([*first])
            used = start
        parts[-1].append(i)
        used += 2 + sizes[i]
    return parts


def _text(session: Session, unit: str, value: Any) -> str:
    """A value as it is printed: what the terminal lacks is replaced."""
    from tui_crm.core.exchange.writers import reports as writer

    if value is None or (unit in writer.RATES and value.value is None):
        return output.nothing()
    if unit == "money":
        return output.amount(int(value), session.currency)
    return writer.text_of(session, unit, value)


COMMANDS = {"report": report}
