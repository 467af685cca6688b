"""Whether a file names its columns, and in which row.

A header taken for a row is a row too many; a row taken for a header is a person lost. So the
first row is data as soon as it looks like data and no word of it is known.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.exchange.columns import by_content as values_of, lead_columns, prospect_columns
from tui_crm.core.exchange.columns.by_content import word_set

# Words of headers that are no field here.
_KNOWN = word_set(
    """
    id index number numero nummer nr date fecha datum status estado statut state county region
    provincia province bundesland kanton zip postcode postalcode plz cp codigo code address
    adresse direccion calle rue street strasse notes note notas notizen comments comment
    bemerkung bemerkungen comentarios commentaires description descripcion beschreibung age
    sex gender geschlecht sexo genre birthday geburtstag cumpleanos language sprache idioma
    langue industry branche sector secteur type tipo typ size value price fax salutation anrede
    department abteilung departamento employees mitarbeiter empleados revenue umsatz cif nif
    vat siret siren account quantity total currency score rating owner user
    """
)


def find(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the header among the first ``rows`` of a file (none blank); None without one.

    Lines above it (the title of a report) are recognised by their single cell and by the known
    words of the row below.
    """
    first = 0
    for index, row in enumerate(rows[:10]):
        if _filled(row) > 1:
            if index and _known(row) >= 2:
                first = index
            break
    return first if _is_header(rows[first], rows[first + 1 :]) else None


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell and not cell.isspace())


def _known(row: Sequence[str]) -> int:
    return sum(1 for cell in row if _is_known(cell))


def _is_known(cell: str) -> bool:
    if not cell.strip() or len(cell) > 60 or values_of.is_number(cell.strip()):
        return False
    if prospect_columns.meaning(cell) is not None or lead_columns.meaning(cell) is not None:
        return True
    return not _KNOWN.isdisjoint(prospect_columns.plain_words(cell)) and len(cell.split()) <= 4


def _is_data(cell: str) -> bool:
    cell = cell.strip()
    return bool(cell) and (
        values_of.is_number(cell)
        or values_of.is_date(cell)
        or values_of.is_web(cell)
        or values_of.is_phone(cell)
        or ("@" in cell and values_of.is_email(cell))
    )


def _is_header(row: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    known = _known(row)
    data = sum(1 for cell in row if _is_data(cell))
    if known or data:
        return known > data if data else True
    if not rest:
        return False
    # No word is known and none is data: are the cells below of another kind?
    for index, cell in enumerate(row):
        below = [other[index].strip() for other in rest if index < len(other)]
        below = [text for text in below if text]
        if cell.strip() and below and values_of.share(_is_data, below) >= 0.6:
            return True
    # One column of words is a list of names; a table of words mostly has a header.
    return max(map(_filled, [row, *rest])) > 1 and not _repeats(row, rest)


def _repeats(row: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether a cell of the first row comes again below it: headers do not."""
    return any(
        cell.strip() and any(index < len(other) and other[index] == cell for other in rest)
        for index, cell in enumerate(row)
    )
