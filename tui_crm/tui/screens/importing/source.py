"""What is imported: a file or pasted cells, what they are, and how they are to be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tui_crm.core.progress import Cancelled, Progress
from tui_crm.core.session import Session
from tui_crm.core.text import _

if TYPE_CHECKING:
    from tui_crm.core.exchange import importing
    from tui_crm.core.exchange.importing import Importer

Preview: TypeAlias = "importing.Preview[Any, Any]"

ENCODINGS = ("utf-8", "cp1252", "utf-16", "iso-8859-15", "cp850", "mac-roman")
DELIMITERS = (",", ";", "tab", "|")

Kind = Literal["prospects", "leads", "update"]
"""New prospects, leads of another CRM, or an updated file for a prospect list."""


@dataclass(frozen=True)
class Source:
    """A file, or pasted cells, and how it is to be read, as far as the user chose that.

    ``list_name`` is the prospect list that the rows go into ("": as the file is named),
    ``meanings`` are field by column, ``matched_by`` is the column that the rows of an updated file
    are matched by, ``owners`` are what owners of the file become, ``country`` is the one that
    phones without a prefix are read as ("": guessed)."""

    kind: Kind = "prospects"
    path: str = ""
    cells: str | None = None
    list_name: str = ""
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    meanings: tuple[tuple[str, str], ...] = ()
    matched_by: str | None = None
    owners: tuple[tuple[str, str], ...] = ()
    country: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return _("pasted") if self.cells is not None else Path(self.path).name

    def preview(self, session: Session, progress: Progress, cancelled: Cancelled) -> Preview:
        """Read it and find out what an import would do. Raises CrmError."""
        from tui_crm.core.exchange import importing
        from tui_crm.core.exchange.readers.open import read_pasted
        from tui_crm.core.exchange.readers.table import ReadOptions

        return importing.preview(
            session,
            self._importer(session),
            self.path if self.cells is None else read_pasted(self.cells),
            ReadOptions(self.encoding, self.delimiter, self.sheet),
            mapping=self.meanings,
            country=self.country,
            progress=progress,
            cancelled=cancelled,
        )

    def _importer(self, session: Session) -> Importer[Any, Any]:
        if self.kind == "leads":
            from tui_crm.core.exchange.leads.importer import LeadImport

            return LeadImport(dict(self.owners))
        if self.kind == "update":
            from tui_crm.core.exchange.prospects.update import ListUpdate

            return ListUpdate(session, self.list_name, self.matched_by)
        from tui_crm.core.exchange.prospects.importer import ProspectImport

        return ProspectImport(self.list_name)


def run_import(
    session: Session, preview: Preview, progress: Progress, cancelled: Cancelled
) -> Preview:
    """Bring in what ``preview`` found, as one operation; the preview with the figures of what was
    done. Raises CrmError."""
    from tui_crm.core.exchange import importing

    return importing.run_import(session, preview, progress, cancelled)
