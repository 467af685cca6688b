"""What now on the command line: a sentence for each finding, with its count, money and sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.cli import output
from tui_crm.core.text import _, wrap

if TYPE_CHECKING:
    from tui_crm.core.reports.types import Report
    from tui_crm.core.session import Session


def put(session: Session, report: Report) -> None:
    """Print the findings, the most urgent first."""
    counts = [f"{row['leads']:,}" for row in report.rows]
    sums = [
        output.amount(row["at_stake"], session.currency) if row["at_stake"] else ""
        for row in report.rows
    ]
    if not report.rows:
        output.put(_("Nothing stands out."))
        return
    first, second = max(map(len, counts)), max(map(len, sums))
    for row, count, total in zip(report.rows, counts, sums, strict=True):
        head = f"{count:>{first}}  " + (f"{total:>{second}}  " if second else "")
        room = max(20, output.width() - len(head))
        for place, line in enumerate(wrap(f"{row['sentence']} ({row['sample']})", room)):
            output.put((head if not place else " " * len(head)) + line)
