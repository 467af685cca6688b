"""Numbers you can open: :func:`run` a report, :func:`open_figure` to see what is behind it."""

from tui_crm.core.reports.registry import names, open_figure, run
from tui_crm.core.reports.types import (
    SMALL_SAMPLE,
    TOTAL,
    Column,
    Opened,
    Rate,
    Report,
    ReportInfo,
)

__all__ = [
    "SMALL_SAMPLE",
    "TOTAL",
    "Column",
    "Opened",
    "Rate",
    "Report",
    "ReportInfo",
    "names",
    "open_figure",
    "run",
]
