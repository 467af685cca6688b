"""The rows of another CRM's export of leads or deals parsed, store aside.

Days are read in the order of their file, amounts by the decimal sign of their column and in the
workspace's currency; a cell that cannot be read is never lost: it stays as a ``Label: value`` line
of the description, with a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tui_crm.core import money
from tui_crm.core.dates.reader import read
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns.by_content import flag, is_date, word_set
from tui_crm.core.exchange.columns.not_records import why_no_record
from tui_crm.core.exchange.columns.prospect_columns import Meaning, meaning, words
from tui_crm.core.exchange.days import DayReader
from tui_crm.core.exchange.leads import people as lead_people, values as lead_values
from tui_crm.core.exchange.leads.people import PersonRow, Point
from tui_crm.core.exchange.leads.values import Closed
from tui_crm.core.exchange.readers.table import RawRow, Table
from tui_crm.core.lists.cells import regions_of
from tui_crm.core.session import Session
from tui_crm.core.setup.tags import split_tags
from tui_crm.core.text import _, field_line, fields, fold, show

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
    is None where the file has none; ``id`` is the other CRM's number. ``remarks`` are sentences
    about what was not understood."""

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
    people: tuple[PersonRow, ...]
    next: Reading | None
    description: str
    starred: bool
    priority: str
    do_not_call: bool
    id: str
    remarks: tuple[str, ...] = field(default=())
    activity: date | None = None  # the day of the last one in the other CRM

    @property
    def points(self) -> tuple[Point, ...]:
        """The phones and e-mails of all people."""
        return tuple(point for person in self.people for point in person.points)


class LeadParser:
    """Parses the rows of one table by the fields and labels of its columns."""

    def __init__(
        self,
        session: Session,
        table: Table,
        column_fields: Sequence[str | None],
        labels: Sequence[str],
        country: str,
    ) -> None:
        self.session, self.labels = session, labels
        self.phone_country = country  # of phones without a prefix, where their row names none
        self.table = table
        self.has_numbers = table.kind in ("xlsx", "xls", "ods", "json")
        self.places: dict[str, list[int]] = {}  # the columns of each field
        for index, name in enumerate(column_fields):
            if name is not None:
                self.places.setdefault(name, []).append(index)
        self.rest = [index for index, name in enumerate(column_fields) if name is None]
        self.id_column = next((i for i in self.rest if "".join(words(labels[i])) in _IDS), None)
        self.own = is_own_export(table.columns)  # our own export, whose amounts have points
        self.country = next(
            (i for i in self.rest if meaning(labels[i]) == Meaning("country")), None
        )
        house = session.house
        decimal = "." if self.own else None
        self.decimal: dict[int, str | None] = {}  # of each column of amounts
        self.currency: dict[int, str | None] = {}  # another one that a column's name says
        for name in ("amount", "company_amount"):
            for index in self.places.get(name, ()):
                cells = (row.cells[index] for row in table.rows if row.cells[index])
                self.decimal[index] = decimal or money.decimal_sign(cells)
                self.currency[index] = money.other_currency(labels[index], session.currency)
        named = [i for n in DAY_FIELDS for i in self.places.get(n, ())]
        sample = table.rows[:50]
        dated = sorted(
            {*named, *(i for i in self.rest if any(is_date(row.cells[i]) for row in sample))}
        )
        cells = (row.cells[i] for row in table.rows for i in dated if row.cells[i])
        self.days = DayReader.of_file(cells, house.region, house.language, session.zone)
        if self.days.undecided and self._contradictions(table, self.days) > self._contradictions(
            table, self.days.other_order()
        ):
            self.days = self.days.other_order()

    def _contradictions(self, table: Table, days: DayReader) -> int:
        """How many rows close before they are created, or do either in the future."""
        count = 0
        today = self.session.today
        created, closed = (self.places.get(name, ())[:1] for name in ("created", "closed"))
        for row in table.rows[:2000]:
            first = days.day(row.cells[created[0]]) if created else None
            last = days.day(row.cells[closed[0]]) if closed else None
            count += first is not None and (first > today or (last is not None and last < first))
        return count

    def notes(self) -> list[str]:
        """What there is to say about the whole file: what it lacks, and what nothing decided."""
        found = []
        if self.days.undecided:
            order = _("day/month") if self.days.order == "dmy" else _("month/day")
            found.append(
                _(
                    "Nothing in the file decides the order of day and month: read as {order}."
                ).format(order=order)
            )
        if not self.places.keys() & {"amount", "company_amount"}:
            found.append(_("No column with an amount: the leads have none."))
        if "owner" not in self.places:
            found.append(_("No column with an owner: the leads are yours."))
        if "created" not in self.places:
            found.append(
                _("No column with the day they were created: the day they closed, or today.")
            )
        return found

    @property
    def id_label(self) -> str | None:
        """The label of the column with the other CRM's own number of a lead."""
        return None if self.id_column is None else self.labels[self.id_column]

    def parse(self, row: RawRow) -> LeadRow | str:
        """The lead of a row, or why there is none."""
        if row.problem is not None:
            return row.problem
        if why := why_no_record(row.cells):
            return why
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
        self.lines.append(field_line(self.parser.labels[index], cell))
        if remark:
            self.remarks.append(f"{self.parser.labels[index]} “{show(cell)[:40]}”: {remark}")

    def day(self, name: str) -> date | None:
        """The first day of a field; a cell that is no day is kept as text."""
        found: date | None = None
        for index, cell in self.cells(name):
            day = self.parser.days.day(cell)
            if day is None:
                self.keep(index, cell, _("no day; kept as text"))
            elif found is None:
                found = day
        return found

    def lead(self) -> LeadRow | str:
        client = self.one("client")
        people = self._people()
        name = people[0].name if people else ""
        title = self.one("title") or ": ".join(filter(None, (client, name)))
        points = [point for person in people for point in person.points]
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
        cells = self.row.cells
        for index in self.parser.rest:
            if cells[index] and not cells[index].isspace():
                self.keep(index, cells[index].strip())
        number = self.parser.id_column
        # Without a column of owners they are whose import it is; an empty cell is nobody.
        owner = self.one("owner") if "owner" in self.parser.places else self.session.user.name
        description = [cell for _index, cell in self.cells("description")]
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
            next=following,
            description="\n".join([*description, *self.lines]),
            starred=self._flag("starred") is True,
            priority=self._priority(),
            do_not_call=self._do_not_call(),
            id=cells[number].strip() if number is not None else "",
            remarks=tuple(self.remarks),
            activity=activity,
        )

    def _priority(self) -> str:
        """The stored priority; a word that is none of ours stays readable on the lead."""
        for index, cell in self.cells("priority"):
            if fold(cell) in lead_values.PRIORITIES:
                return lead_values.PRIORITIES[fold(cell)]
            self.keep(index, cell)
        return ""

    def _flag(self, name: str) -> bool | None:
        """Whether a column says yes or no; None where there is none, or it says nothing."""
        return next((flag(cell) for _index, cell in self.cells(name)), None)

    def _do_not_call(self) -> bool:
        for index, cell in self.cells("do_not_call"):
            if flag(cell):
                self.remarks.append(
                    _("{column}: put on the do-not-call list").format(
                        column=self.parser.labels[index]
                    )
                )
                return True
        return False

    def _status(self) -> tuple[Closed | None, str | None]:
        """A value that means won, lost or cancelled closes the lead, in either column; any other
        is its step. Beside a column of steps, another word for its status stays a field. Where
        neither says so, columns that say yes or no to closed, won, lost or active do."""
        status, other = lead_values.status_or_step(self.one("status"))
        closed, step = lead_values.status_or_step(self.one("step"))
        if other and step and fold(other) != fold(step):
            for index, cell in self.cells("status"):
                self.keep(index, cell)
        return status or closed or self._closed_by_flags(), step or other

    def _closed_by_flags(self) -> Closed | None:
        if self._flag("is_won"):
            return "won"
        if self._flag("is_lost") or (self._flag("is_closed") and self._flag("is_won") is False):
            return "lost"
        if self._flag("is_active") is False:
            return "lost" if self.one("reason") or self.one("closed") else "cancelled"
        return None

    def _amount(self) -> int | None:
        """The amount in the workspace's currency: that in the currency of the company where the
        other one is in another currency, or there is none."""
        named = self.one("currency")
        foreign = bool(named) and not money.is_own(named, self.session.currency)
        for name in ("amount", "company_amount"):
            for index, cell in self.cells(name):
                other = self.parser.currency[index] or (named if foreign else None)
                if other is not None and name == "amount":
                    self.foreign_amount(index, cell, other)
                    continue
                try:
                    amount = self._read_amount(index, cell)
                    if amount <= _MOST_AMOUNT:
                        return amount
                    self.keep(index, cell, _("more than can be kept"))
                except CrmError as error:
                    self.keep(index, cell)
                    self.remarks.append(error.message)
        return None

    def foreign_amount(self, index: int, cell: str, currency: str) -> None:
        """An amount in another currency stays as text; the one in ours beside it is enough."""
        written = cell if currency.casefold() in cell.casefold() else f"{cell} {currency}"
        self.keep(index, written)
        if not any(True for _cell in self.cells("company_amount")):
            self.remarks.append(
                _("{amount}: not in {currency}; kept as text, not counted").format(
                    amount=show(written), currency=self.session.currency
                )
            )

    def _read_amount(self, index: int, cell: str) -> int:
        machine = self.parser.has_numbers or self.parser.own
        if machine and _MACHINE_NUMBER.fullmatch(cell):
            return money.from_decimal(cell, self.session.currency)
        return money.parse_cell(
            cell,
            self.session.currency,
            self.session.house.language,
            self.parser.decimal[index],
        )

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
        minutes, kind, text = (self.one(f"next_{name}") for name in ("minutes", "kind", "text"))
        more = Reading(
            minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 else None,
            kind=kind or None,
            text=text,
        )
        for index, cell in self.cells("next"):
            if status is not None:
                self.keep(index, cell)
                continue
            line = " ".join(cell.split())
            found = self.parser.days.read(line)
            if found is not None and found.clock is not None:
                at = datetime.combine(found.day, found.clock, self.session.zone)
                return more._replace(day=found.day, at=at.astimezone(UTC))
            if found is not None:
                return more._replace(day=found.day)
            reading = read(line, self.session.now, self.session.house.language)
            if reading.problem:
                self.remarks.append(reading.problem)
            return reading if not text else reading._replace(text=f"{reading.text} {text}".strip())
        return more if (more.text or more.kind) and status is None else None

    def _tags(self) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for _index, cell in self.cells("tags"):
            for name in split_tags(cell):
                found.setdefault(fold(name), name)
        return tuple(found.values())

    def _people(self) -> tuple[PersonRow, ...]:
        """The people in the columns of contacts; of a file of people, first and last name."""

        def filled(name: str) -> list[str]:
            return [cell for _index, cell in self.cells(name)]

        names = filled("contact")
        if not names:
            full = " ".join(filter(None, (self.one("first_name"), self.one("last_name"))))
            names = [full] if full else []
        home, country = self.parser.phone_country, self.parser.country
        regions = (home,) if country is None else regions_of(self.row.cells[country], home)
        # Untrimmed: where there are several people, each has a line of every cell.
        raw = {
            name: [
                self.row.cells[index]
                for index in self.parser.places.get(name, ())
                if self.row.cells[index].strip(" \t")
            ]
            for name in ("contact", "role", "phone", "email")
        }
        found = lead_people.read(
            raw["contact"] or names, raw["role"], raw["phone"], raw["email"], regions
        )
        for name, text, why in found.odd:
            index = next(
                (i for i in self.parser.places.get(name, ()) if text in self.row.cells[i]), 0
            )
            self.keep(index, text, why)
        return found.people


DAY_FIELDS = ("created", "closed", "expected_close", "next", "activity")

_OWN_FIELDS = word_set("title status pipeline step next_minutes next_kind created")


def is_own_export(columns: Sequence[str]) -> bool:
    """Whether a file with these columns is our own export of leads."""
    return set(columns) >= _OWN_FIELDS


def id_in(description: str, label: str) -> str | None:
    """The other CRM's number of a lead that was imported before, from its fields."""
    by_label: Mapping[str, str] = {fold(name): value for name, value in fields(description).items()}
    return by_label.get(fold(label))
