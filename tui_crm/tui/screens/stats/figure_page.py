"""FigurePage: the ground of the screens that show figures one can open.

A subclass counts its figures in the background and shows them in a `ReportView`. The cursor on the
figures, the words on the one under it, and opening it are here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from textual.widget import Widget

from tui_crm.core.errors import CrmError
from tui_crm.core.reports import DrillDown
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.screens.stats.background import JobQueue, JobResult
from tui_crm.tui.screens.stats.figure import FigureScreen
from tui_crm.tui.screens.stats.loading import details_of
from tui_crm.tui.widgets.charts.details import FigureDetails, Piece
from tui_crm.tui.widgets.charts.page import Figure
from tui_crm.tui.widgets.charts.view import ReportPage, ReportView

MOST_DETAILS = 64  # figures whose details are remembered


@dataclass(frozen=True)
class FigureSource:
    """What a figure on the page was counted from: ``counted`` is the object that tells an old
    source from a new one, ``open`` reads the rows behind the figure (in a job; raises
    CrmError)."""

    counted: object
    open: Callable[[], DrillDown]


class FigurePage(CrmScreen):
    """A screen of figures. A subclass gives `report_page`, `source_of` and `opening_words`."""

    def __init__(self, view: ReportView) -> None:
        super().__init__()
        self.view = view
        self.jobs = JobQueue(self, lambda: self.session.store)
        self._details: dict[Figure, tuple[object, FigureDetails]] = {}

    def middle(self) -> Iterable[Widget]:
        yield self.view

    def main(self) -> Widget:
        return self.view

    @property
    def counting(self) -> bool:
        """Whether something is being counted."""
        return self.jobs.busy

    # -- what a subclass gives -----------------------------------------------------------------

    def report_page(self) -> ReportPage:
        """What the view shows, of what is counted so far."""
        raise NotImplementedError

    def source_of(self, figure: Figure) -> FigureSource | None:
        """What a figure was counted from; None while it is not known."""
        raise NotImplementedError

    def opening_words(
        self, figure: Figure, details: FigureDetails
    ) -> tuple[str, Sequence[Piece]] | None:
        """The title of an opened figure and the words over its rows; None when it is gone."""
        raise NotImplementedError

    @property
    def settled(self) -> bool:
        """Whether the figures shown are worth opening by themselves: no newer ones are coming."""
        return True

    # -- the contract --------------------------------------------------------------------------

    def show(self, page: ReportPage) -> None:
        """A pure function of the page and the size."""
        self.view.show(page)

    def on_resize(self) -> None:
        if self.header.is_mounted:
            self.show(self.report_page())
            self.show_frame()

    # -- details of a figure -------------------------------------------------------------------

    def on_job_result(self, event: JobResult) -> None:
        event.stop()
        self.jobs.deliver(event)

    def on_report_view_moved(self, event: ReportView.Moved) -> None:
        self.load_details()

    def show_counted(self) -> None:
        """Show new figures; their details are counted anew."""
        if self.is_mounted:
            self.show(self.report_page())
            self.load_details()

    def load_details(self) -> None:
        """Have the figure under the cursor opened, for the words under the page."""
        figure = self.view.figure
        source = self.source_of(figure) if figure is not None and figure.rows else None
        details = self._known(figure, source)
        if figure is None or source is None or details is not None:
            self.jobs.cancel("details")
            self.view.show_details(details)
        elif self.settled:
            self._load("details", figure, source)

    def _known(self, figure: Figure | None, source: FigureSource | None) -> FigureDetails | None:
        """The details of a figure, if it was opened before and not counted anew since."""
        if figure is None or source is None or figure not in self._details:
            return None
        counted, details = self._details[figure]
        return details if counted is source.counted else None

    def _load(self, kind: str, figure: Figure, source: FigureSource) -> None:
        session = self.session

        def receive(result: FigureDetails | CrmError) -> None:
            if isinstance(result, CrmError):
                self.refused(result)
                return
            while len(self._details) >= MOST_DETAILS:
                del self._details[next(iter(self._details))]
            self._details[figure] = (source.counted, result)
            if kind == "open":
                self._open(figure, result)
            elif self.view.figure == figure:
                self.view.show_details(result)

        self.jobs.submit(kind, lambda: details_of(session, source.open()), receive)

    def _open(self, figure: Figure, details: FigureDetails) -> None:
        """Show the rows behind a figure as a screen of their own."""
        self.view.show_details(details)
        words = self.opening_words(figure, details)
        if words is None or self.crm.screen is not self:
            return
        opened = details.drill_down
        if not opened.counted and not opened.left_out:
            self.explain_key("Enter", _("there is nothing behind this figure."))
            return
        title, pieces = words
        screen = self.crm.screen_of(FigureScreen)
        screen.look_at(opened, title, figure.where, pieces)
        self.app.push_screen(screen)

    # -- keys ----------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        self.view.move_down(by)

    def action_page(self, by: int) -> None:
        self.view.move_down(by * max(self.size.height - 6, 1))

    def action_top(self) -> None:
        self.view.move_down(-10_000)

    def action_bottom(self) -> None:
        self.view.move_down(10_000)

    def action_column(self, by: int) -> None:
        self.view.move_right(by)

    def action_open(self) -> None:
        figure = self.view.figure
        source = self.source_of(figure) if figure is not None else None
        if figure is None or source is None:
            self.explain_key("Enter", _("there is no figure under the cursor."))
        elif not figure.rows:
            self.explain_key("Enter", _("there is nothing behind this figure."))
        elif (details := self._known(figure, source)) is not None:
            self._open(figure, details)
        else:
            self.jobs.cancel("details")
            self._load("open", figure, source)
