"""The rows of another CRM's export of leads or deals parsed, store aside.

Days are read in the order of their column, amounts in the workspace's currency; a cell that cannot
be read is never lost: it stays as a ``Label: value`` line of the description, with a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tui_crm.core import money, phones
from tui_crm.core.dates.reader import read
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.columns.prospect_columns import words
from tui_crm.core.exchange.leads import values as lead_values
from tui_crm.core.exchange.leads.values import Closed, Order
from tui_crm.core.exchange.readers.table import RawRow, Table
from tui_crm.core.session import Session
from tui_crm.core.text import _, fields, fold, show

_IDS = word_set(
    """
    id recordid dealid leadid opportunityid idregistro idnegocio idoportunidad idlead
    iddelnegocio idtransaction iddatensatz datensatzid dealsid externalid uid uuid systemid
    """
)
_MACHINE_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MOST_AMOUNT = 2**53  # minor units, as in `leads.leads`


@dataclass(frozen=True)
class LeadRow:
    """One lead of a file. ``amount`` is in minor units, ``probability`` in per cent; days are as
    the statistics will count them, ``day_known`` whether the file has the day of creation. ``step``
    is None where the file has none; ``points`` are those of the first person; ``id`` is the other
    CRM's number. ``remarks`` are sentences about what was not understood."""

    line: int
    title: str
    status: Closed | None
    step: str | None
    pipeline: str
    owner: str
    amount: int | None
    probability: int | None
    created: date
    day_known: bool
    closed: date | None
    expected: date | None
    reason: str
    tags: tuple[str, ...]
    source: str
    client: str
    people: tuple[str, ...]
    role: str
    points: tuple[tuple[str, str, str], ...]  # kind, as typed, match
    next: Reading | None
    description: str
    id: str
    remarks: tuple[str, ...] = field(default=())
    activity: date | None = None  # the day of the last one in the other CRM


class LeadParser:
    """Parses the rows of one table by the fields and labels of its columns."""

    def __init__(
        self,
        session: Session,
        table: Table,
        column_fields: Sequence[str | None],
        labels: Sequence[str],
    ) -> None:
        self.session, self.labels = session, labels
        self.is_workbook = table.kind in ("xlsx", "xls", "ods")
        self.places: dict[str, list[int]] = {}  # the columns of each field
        for index, name in enumerate(column_fields):
            if name is not None:
                self.places.setdefault(name, []).append(index)
        self.rest = [index for index, name in enumerate(column_fields) if name is None]
        self.id_column = next((i for i in self.rest if "".join(words(labels[i])) in _IDS), None)
        language = session.house.language
        self.order: dict[int, Order] = {}  # of day and month, by column
        for name in ("created", "closed", "expected_close", "next", "activity"):
            for index in self.places.get(name, ()):
                column = (row.cells[index] for row in table.rows[:2000] if row.cells[index])
                self.order[index] = lead_values.date_order(column, language)

    @property
    def id_label(self) -> str | None:
        """The label of the column with the other CRM's own number of a lead."""
        return None if self.id_column is None else self.labels[self.id_column]

    def parse(self, row: RawRow) -> LeadRow | str:
        """The lead of a row, or why there is none."""
        if row.problem is not None:
            return row.problem
        return _RowParser(self, row).lead()


class _RowParser:
    """Parses one row, and gathers the lines of its description and the remarks about it."""

    def __init__(self, parser: LeadParser, row: RawRow) -> None:
        self.parser, self.row, self.session = parser, row, parser.session
        self.lines: list[str] = []
        self.remarks: list[str] = [row.remark] if row.remark else []

    def cells(self, name: str) -> Iterator[tuple[int, str]]:
        """The filled cells of a field, each with its column."""
        for index in self.parser.places.get(name, ()):
            cell = self.row.cells[index]
            if cell and not cell.isspace():
                yield index, cell.strip()

    def one(self, name: str) -> str:
        """The first filled cell of a field, on one line."""
        return next((" ".join(cell.split()) for _index, cell in self.cells(name)), "")

    def keep(self, index: int, cell: str, remark: str = "") -> None:
        """A cell that fills no field stays readable on the lead."""
        self.lines.append(f"{self.parser.labels[index]}: {cell}")
        if remark:
            self.remarks.append(f"{self.parser.labels[index]} “{show(cell)[:40]}”: {remark}")

    def day(self, name: str) -> date | None:
        """The first day of a field; a cell that is no day is kept as text."""
        found: date | None = None
        for index, cell in self.cells(name):
            day = lead_values.day(cell, self.parser.order[index])
            if day is None:
                self.keep(index, cell, _("no day; kept as text"))
            elif found is None:
                found = day
        return found

    def lead(self) -> LeadRow | str:
        client, people = self.one("client"), self._people()
        points = self._points()
        title = self.one("title") or ": ".join(filter(None, (client, *people[:1])))
        title = title or next((typed for _kind, typed, _match in points), "")
        if not title:
            return _("it has no title, no company and no name")
        status, step = self._status()
        amount = self._amount()
        created, day_known, closed, expected = self._days(status)
        probability = self._probability() if status is None else None
        reason = self.one("reason")
        if reason and status in (None, "won"):
            for index, cell in self.cells("reason"):
                self.keep(index, cell)
            reason = ""
        following = self._next(status)
        activity = self.day("activity")
        if activity is not None and activity > self.session.today:
            self.remarks.append(_("last activity on {day}: not taken").format(day=activity))
            activity = None
        cells, label_of = self.row.cells, self.parser.labels
        for index in self.parser.rest:
            if cells[index] and not cells[index].isspace():
                self.lines.append(f"{label_of[index]}: {cells[index].strip()}")
        number = self.parser.id_column
        # Without a column of owners they are whose import it is; an empty cell is nobody.
        owner = self.one("owner") if "owner" in self.parser.places else self.session.user.name
        return LeadRow(
            line=self.row.line,
            title=title,
            status=status,
            step=step,
            pipeline=self.one("pipeline"),
            owner=owner,
            amount=amount,
            probability=probability,
            created=created,
            day_known=day_known,
            closed=closed,
            expected=expected,
            reason=reason,
            tags=self._tags(),
            source=self.one("source"),
            client=client,
            people=people,
            role=self.one("role"),
            points=points,
            next=following,
            description="\n".join(self.lines),
            id=cells[number].strip() if number is not None else "",
            remarks=tuple(self.remarks),
            activity=activity,
        )

    def _status(self) -> tuple[Closed | None, str | None]:
        """A value that means won, lost or cancelled closes the lead, in either column; any other
        is its step. Beside a column of steps, another word for its status stays a field."""
        status, other = lead_values.status_or_step(self.one("status"))
        closed, step = lead_values.status_or_step(self.one("step"))
        if other and step and fold(other) != fold(step):
            for index, cell in self.cells("status"):
                self.keep(index, cell)
        return status or closed, step or other

    def _amount(self) -> int | None:
        for index, cell in self.cells("amount"):
            try:
                if self.parser.is_workbook and _MACHINE_NUMBER.fullmatch(cell):
                    amount = money.from_decimal(cell, self.session.currency)
                else:
                    amount = self._typed_amount(cell)
                if amount <= _MOST_AMOUNT:
                    return amount
                self.keep(index, cell, _("more than can be kept"))
            except CrmError as error:
                self.keep(index, cell)
                self.remarks.append(error.message)
        return None

    def _typed_amount(self, cell: str) -> int:
        try:
            return money.parse(cell, self.session.currency, self.session.house.language)
        except CrmError:
            # What a program wrote with all its decimals: 1234.5678.
            if re.fullmatch(r"\d+\.\d{4,}", cell):
                return money.from_decimal(cell, self.session.currency)
            raise

    def _days(self, status: Closed | None) -> tuple[date, bool, date | None, date | None]:
        """Created, whether the file has it, closed, and expected to close.

        Statistics need created <= closed <= today. Where a file contradicts itself the closing
        day counts: an import into the other CRM often moved the day of creation, never that of
        closing. A close date of an open lead is when it is expected."""
        today = self.session.today
        created, closed = self.day("created"), self.day("closed")
        expected = self.day("expected_close")
        known = created is not None and created <= today
        if created is not None and created > today:
            self.remarks.append(_("created on {day}: today taken").format(day=created))
            created = today
        if status is None:
            return created or today, known, None, expected or closed
        if closed is None and expected is not None and (created or expected) <= expected <= today:
            closed = expected
        if closed is None:
            closed = created or today
            self.remarks.append(_("no closing date: {day} taken").format(day=closed))
        if closed > today:
            self.remarks.append(_("closed on {day}: today taken").format(day=closed))
            closed = today
        if created is None:
            created, known = closed, True
        if closed < created:
            self.remarks.append(
                _("created on {created}, after its closing: {day} taken").format(
                    created=created, day=closed
                )
            )
            created = closed
        return created, known, closed, expected

    def _probability(self) -> int | None:
        for index, cell in self.cells("probability"):
            percent = lead_values.probability(cell)
            if percent is not None:
                return percent
            self.keep(index, cell, _("no probability; kept as text"))
        return None

    def _next(self, status: Closed | None) -> Reading | None:
        for index, cell in self.cells("next"):
            if status is not None:
                self.keep(index, cell)
                continue
            line = " ".join(cell.split())
            if re.fullmatch(r"[\d./\-\s]+", line):
                day = lead_values.day(line, self.parser.order[index])
                if day is not None:
                    return Reading(day=day)
            now = self.session.now
            return read(
                line.replace("T", " ") if re.match(r"\d{4}-", line) else line,
                now,
                self.session.house.language,
            )
        return None

    def _tags(self) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for _index, cell in self.cells("tags"):
            for part in re.split(r"[,;|\n]", cell):
                name = " ".join(part.split()).lstrip("#")
                if fold(name):
                    found.setdefault(fold(name), name)
        return tuple(found.values())

    def _people(self) -> tuple[str, ...]:
        """The names in the contact column; an address beside one is a point of the first."""
        found = []
        for _index, cell in self.cells("contact"):
            for part in re.split(r"[;\n]", cell):
                bare = re.sub(r"[<(\[]?\S+@\S+\.\w+[>)\]]?", " ", part)
                name = " ".join(bare.split())
                if name:
                    found.append(name)
        return tuple(found)

    def _points(self) -> tuple[tuple[str, str, str], ...]:
        found: dict[str, tuple[str, str, str]] = {}
        region = self.session.house.region
        for index, cell in self.cells("phone"):
            numbers = phones.find(cell, region)
            for one in numbers:
                found.setdefault(one.e164 or one.typed, ("phone", one.typed, one.e164 or ""))
            if not numbers:
                self.keep(index, cell, _("no phone; kept as text"))
        for name in ("email", "contact"):
            for index, cell in self.cells(name):
                addresses = phones.emails(cell)
                for typed in addresses:
                    found.setdefault(typed.casefold(), ("email", typed, typed.casefold()))
                if not addresses and name == "email":
                    self.keep(index, cell, _("no e-mail; kept as text"))
        return tuple(found.values())


def id_in(description: str, label: str) -> str | None:
    """The other CRM's number of a lead that was imported before, from its fields."""
    by_label: Mapping[str, str] = {fold(name): value for name, value in fields(description).items()}
    return by_label.get(fold(label))
