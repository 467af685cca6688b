"""What sources and prospect lists cost: an amount for the days of a period."""

from __future__ import annotations

from dataclasses import dataclass

from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Cost
from tui_crm.core.text import _, clean, fold

MOST = 2**53
"""Minor units; what every spreadsheet and JSON reader keeps exactly."""


@dataclass(frozen=True)
class CostRow:
    """An ``amount`` in minor units that a ``source`` or a prospect list cost from ``first_day`` to
    ``last_day``, both days included (text ``2026-10-01``)."""

    id: int
    source: str
    list_name: str | None
    first_day: str
    last_day: str
    amount: int
    retired: bool

    @property
    def name(self) -> str:
        """Whose cost it is."""
        return self.list_name if self.list_name is not None else self.source

    @property
    def of(self) -> str:
        """``list`` or ``source``."""
        return "source" if self.list_name is None else "list"


def costs(store: Store, retired: bool = False) -> list[CostRow]:
    """All costs, the latest period first."""
    return store.read(
        CostRow,
        "SELECT costs.id, costs.source, lists.name, first_day, last_day, amount, retired FROM costs"
        " LEFT JOIN lists ON lists.id = costs.list_id"
        f" {'' if retired else 'WHERE retired = 0'} ORDER BY first_day DESC, costs.id DESC",
    )


def read_period(w: Write, words: str) -> Period:
    """The days of a cost, in the words of a report's period (``2026-10``, ``2026-q4``). Raises
    CrmError for anything else, and for all time."""
    found = periods.period(words, w.session.today)
    if found.unit == "all":
        raise CrmError(_("A cost needs a period."), _("Try 2026-10 or 2026-q4."))
    return found


def put(
    w: Write, amount: int, period: Period, *, source: str = "", list_id: int | None = None
) -> int:
    """Insert a cost; its number. Raises CrmError for no amount and for no source."""
    source = " ".join(clean(source, single_line=True).split())
    if not 0 <= amount <= MOST:
        raise CrmError(_("A cost is an amount of money."), _("Try 1200 or 1.2k."))
    if not source and list_id is None:
        raise CrmError(_("A cost is of a source or of a list."), _("Say --source or --list."))
    return w.insert(
        Cost,
        source="" if list_id is not None else source,
        list_id=list_id,
        first_day=period.first.isoformat(),
        last_day=period.last.isoformat(),
        amount=amount,
        user_id=w.user_id,
        at=w.at,
    )


def list_named(store: Store, name: str) -> int | None:
    """The number of the prospect list of that name."""
    found = store.value("SELECT id FROM lists WHERE match = ?", (fold(name),))
    return None if found is None else int(found)


# -- operations -----------------------------------------------------------------------------------


@operation("costs.add")
def add(w: Write, amount: int, period: str, source: str = "", list_name: str = "") -> int:
    """A cost of a source or of a prospect list (``amount`` in minor units) for the days of a
    period; its number. Raises NotFound for an unknown list."""
    list_id = None
    if list_name:
        list_id = list_named(w.store, list_name)
        if list_id is None:
            raise NotFound(
                _("There is no list {name}.").format(name=clean(list_name, single_line=True))
            )
    days = read_period(w, period)
    number = put(w, amount, days, source=source, list_id=list_id)
    w.describe(_("cost of {name}, {period}").format(name=list_name or source, period=days.label))
    return number


@operation("costs.retire")
def retire(w: Write, cost_id: int) -> None:
    """Take a cost out of the figures. Raises NotFound for an unknown one."""
    row = w.row(Cost, cost_id)
    if row is None or row["retired"]:
        raise NotFound(_("There is no cost {number}.").format(number=cost_id))
    w.update(Cost, cost_id, retired=1)
    w.describe(_("cost {number} retired").format(number=cost_id))
