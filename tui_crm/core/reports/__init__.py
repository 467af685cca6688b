"""Reports: :func:`run` one with its `Filters`, :func:`open_figure` for the rows behind a figure."""

from tui_crm.core.reports.filters import Filters
from tui_crm.core.reports.registry import names, open_figure, refuse_by, run
from tui_crm.core.reports.types import (
    SMALL_SAMPLE,
    TOTAL,
    Column,
    DrillDown,
    Rate,
    Report,
    ReportInfo,
)

__all__ = [
    "SMALL_SAMPLE",
    "TOTAL",
    "Column",
    "DrillDown",
    "Filters",
    "Rate",
    "Report",
    "ReportInfo",
    "names",
    "open_figure",
    "refuse_by",
    "run",
]
