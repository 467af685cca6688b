"""What now: what the figures ask for."""

from tui_crm.core.reports.now.report import compute

__all__ = ["compute"]
