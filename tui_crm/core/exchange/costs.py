"""A file of costs: source or list, period, amount; one cost a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns.mapping import FieldMapping
from tui_crm.core.exchange.importing import (
    Comparison,
    Duplicate,
    Importer,
    ImportFile,
    Preview,
    Skipped,
    Watch,
    duplicate_of,
    file_columns,
    write_preview,
)
from tui_crm.core.exchange.readers.table import RawRow, Table
from tui_crm.core.session import Session
from tui_crm.core.setup import costs
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.text import _, clean, fold, ngettext

_HEADS = {
    "source": "source fuente origen canal quelle kanal campaign channel",
    "list": "list lista liste",
    "period": "period periode periodo zeitraum month mes mois monat date",
    "amount": "amount cost costs spend importe coste costo gasto montant cout betrag kosten",
}
"""The words of a head, accents aside, by field."""


class NewCost(NamedTuple):
    """A cost of a source, or of the list of a number, for the days of a period, in minor units."""

    source: str
    list_id: int | None
    period: Period
    amount: int


@dataclass(frozen=True)
class ParsedCosts:
    """The rows that are costs, each with its line, and those that are none."""

    rows: list[tuple[int, NewCost]]
    unreadable: list[Skipped]


class CostImport(Importer[ParsedCosts, Comparison[NewCost]]):
    """Costs of sources and lists. The preview raises CrmError for a file without a column of
    periods or of amounts, or of what they are costs of."""

    operation = operation("costs.bring")(write_preview)

    def read_columns(
        self, session: Session, table: Table, mapping: FieldMapping | None
    ) -> ImportFile:
        """The columns by the words of their heads; each field is the first one that has them."""
        fields: list[str | None] = []
        for name in table.columns:
            words = fold(name).split()
            found = next(
                (f for f, heads in _HEADS.items() if set(words) & set(heads.split())), None
            )
            fields.append(found if found not in fields else None)
        missing = [field for field in ("period", "amount") if field not in fields]
        if missing or not {"source", "list"} & set(fields):
            raise CrmError(
                _("A file of costs has columns for source or list, period and amount."),
                _("Its columns are: {names}.").format(
                    names=", ".join(clean(name, single_line=True) for name in table.columns)
                ),
            )
        return ImportFile(table, file_columns(table, table.columns, fields))

    def parse(self, session: Session, file: ImportFile, rows: Iterable[RawRow]) -> ParsedCosts:
        parsed = ParsedCosts([], [])
        places = {field: n for n, field in enumerate(file.fields) if field}
        currency, language = session.currency, session.house.language
        sign = money.decimal_sign(row.cells[places["amount"]] for row in file.table.rows)
        for row in rows:
            try:
                if row.problem:
                    raise CrmError(row.problem)
                cells = {field: row.cells[n].strip() for field, n in places.items()}
                amount = money.parse_cell(cells["amount"], currency, language, sign)
                period = periods.period(cells["period"], session.today)
                if period.unit == "all":
                    raise CrmError(_("A cost needs a period."))
                name = cells.get("list", "")
                number = costs.list_named(session.store, name) if name else None
                if name and number is None:
                    raise CrmError(_("There is no list {name}.").format(name=name))
                source = "" if name else cells.get("source", "")
                if number is None and not fold(source):
                    raise CrmError(_("no source and no list"))
            except CrmError as error:
                parsed.unreadable.append(Skipped(row.line, error.message))
                continue
            parsed.rows.append((row.line, NewCost(source, number, period, amount)))
        return parsed

    def compare(
        self, session: Session, file: ImportFile, parsed: ParsedCosts
    ) -> Comparison[NewCost]:
        known = {
            (fold(source), list_id, first, last, amount)
            for source, list_id, first, last, amount in session.store.rows(
                "SELECT source, list_id, first_day, last_day, amount FROM costs WHERE retired = 0"
            )
        }
        lines: dict[tuple[object, ...], int] = {}
        new, duplicates = [], []
        for line, cost in parsed.rows:
            days = (cost.period.first.isoformat(), cost.period.last.isoformat())
            key = (fold(cost.source), cost.list_id, *days, cost.amount)
            if key in known:
                duplicates.append(Duplicate(line, _("a cost there is already"), _("costs")))
            elif key in lines:
                duplicates.append(duplicate_of(line, lines[key]))
            else:
                lines[key] = line
                new.append(cost)
        return Comparison(new=new, duplicates=tuple(duplicates), skipped=tuple(parsed.unreadable))

    def write(
        self, w: Write, seen: Preview[ParsedCosts, Comparison[NewCost]], watch: Watch
    ) -> Comparison[NewCost]:
        for cost in watch.rows(seen.comparison.new, seen.added):
            costs.put(w, cost.amount, cost.period, source=cost.source, list_id=cost.list_id)
        words = ngettext("{n} cost", "{n} costs", seen.added).format(n=seen.added)
        w.describe(f"{words} ({seen.file.name})")
        return seen.comparison
