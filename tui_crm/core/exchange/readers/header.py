"""Whether a file names its columns, and in which row.

A header taken for a row is a row too many; a row taken for a header is a person lost. So the
first row is data as soon as it looks like data and no word of it is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_crm.core.exchange.columns import by_content as values_of, lead_columns, prospect_columns
from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.columns.not_records import why_no_record
from tui_crm.core.text import PLACEHOLDER, _

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
    words of the row below. Of two rows of names the one that names more columns counts.
    """
    first = 0
    for index, row in enumerate(rows[:10]):
        if _filled(row) > 1:
            if index and _known(row) >= 2:
                first = index
            break
    if first + 1 < len(rows):
        below = rows[first + 1]
        if not any(map(_is_data, below)) and _known(below) > max(_known(rows[first]), 1):
            first += 1
    return first if _is_header(rows[first], rows[first + 1 :]) else None


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell and not cell.isspace())


def known_columns(columns: Sequence[str]) -> int:
    """How many columns have a name that is known."""
    return _known(columns)


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


# -- rows beside the header that are no records ---------------------------------------------------


def with_upper_row(names: Sequence[str], upper: Sequence[str]) -> list[str]:
    """The names of the columns with those of a row above them: where a column has no name of its
    own, and where only the group that it stands under tells whose name it is (``Company`` above
    ``Name``)."""
    found = list(names) + [""] * (len(upper) - len(names))
    group = ""
    for index, name in enumerate(found):
        own = upper[index] if index < len(upper) else ""
        group = own or group
        if not name:
            found[index] = own
        elif group and prospect_columns.meaning(name) == prospect_columns.Meaning("name"):
            whole = prospect_columns.meaning(f"{group} {name}")
            if whole == prospect_columns.Meaning("company"):
                found[index] = f"{group} {name}"
    return found


def is_second_row(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the row below the header (the first of ``rows``) tells more about the columns
    ("Open-Ended Response") and is no record: it repeats itself, holds no data, and what is below
    it does."""
    if len(rows) < 3:
        return False
    texts = [cell.strip() for cell in rows[1] if cell.strip()]
    if len(texts) < 2 or any(map(_is_data, texts)) or len(set(texts)) > len(texts) / 2:
        return False
    return any(_is_data(cell) for row in rows[2:] for cell in row)


def why_repeated(cells: Sequence[str], names: Sequence[str]) -> str | None:
    """Why a row is no record but the header again (files put behind each other); None where it is
    one. ``names`` are the names of the columns in small letters."""
    texts = [cell.strip().casefold() for cell in cells]
    filled = [text for text in texts if text]
    if texts == list(names[: len(texts)]) and len(filled) >= min(2, len(names)):
        return _("repeats the column names")
    return None


def is_end_of_file(text: str) -> bool:
    """Whether all that a row holds is what became of a control character, such as the end-of-file
    sign of DOS."""
    return not text.replace(PLACEHOLDER, "").strip()


_FOOTER = re.compile(
    r"©|\(c\)|copyright|confidential|vertraulich|confidencial|confidentiel|generated|generado"
    r"|g[ée]n[ée]r[ée]|erstellt am|exportiert|exported|exportado|export[ée]|printed|page \d"
    r"|seite \d|all rights reserved|report|bericht|informe|rapport",
    re.IGNORECASE,
)


Lone = tuple[int, int, str, bool]
"""A row that has its first cell only: its position, its line, the cell, and whether it was written
without any delimiter."""


def footers(tail: Sequence[Lone], line: int, before: Sequence[str]) -> list[int]:
    """The positions of those rows at the end of a table that are the footer of a report: one of
    them says so, or they follow the totals and a blank line. A record that has its first cell only
    is none. ``before`` is the row before them, which starts on ``line``."""
    after_total = why_no_record(before) is not None
    apart = tail[0][1] > line + 1 and line > 0
    says = any(_FOOTER.search(text) or len(text.split()) > 6 for _n, _line, text, _alone in tail)
    if (says and (after_total or apart or tail[0][3])) or (apart and after_total):
        return [index for index, _line, _text, _alone in tail]
    return []
