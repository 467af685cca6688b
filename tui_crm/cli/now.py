"""What now on the command line: plain sentences, each with its count, its money and its sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.cli import output
from tui_crm.core.text import _, wrap

if TYPE_CHECKING:
    from tui_crm.core.reports.types import Report
    from tui_crm.core.session import Session


def put(session: Session, found: Report) -> None:
    """Print the findings, the most urgent first, under each other."""
    counts = [f"{row['leads']:,}" for row in found.rows]
    sums = [
        output.amount(row["at_stake"], session.currency) if row["at_stake"] else ""
        for row in found.rows
    ]
    if not found.rows:
        output.put(_("Nothing stands out."))
        return
    first, second = max(map(len, counts)), max(map(len, sums))
    for row, count, total in zip(found.rows, counts, sums, strict=True):
        head = f"{count:>{first}}  " + (f"{total:>{second}}  " if second else "")
        room = max(20, output.width() - len(head))
        for place, line in enumerate(wrap(f"{row['sentence']} ({row['sample']})", room)):
            output.put((head if not place else " " * len(head)) + line)
