"""Rows of a table that are no records: its totals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.columns.prospect_columns import words
from tui_crm.core.text import _

_TOTAL = re.compile(
    r"(grand|sub|sous|sotto|report|gross|net|zwischen|gesamt)?(totals?|totales|totaux|totale|totali|totaal|sums?"
    r"|suma|sumas|summe|summen|somme|somma|soma|subtotal(e?s)?|gesamt(summe|betrag)?|insgesamt"
    r"|average|promedio|moyenne|durchschnitt|count|anzahl|recuento)(general(e?s)?|generale|geral)?"
)
_BESIDE = word_set(
    """
    records record rows deals leads row registros filas lignes zeilen datensatze general of de all
    amount and for the
    """
)
_AMOUNT = re.compile(
    r"[-+(]*[^\W\d_]{0,4}[$€£¥]?\s*[-+(]*\d[\d.,'’\s]*%?\)?\s*[$€£¥]?[^\W\d_]{0,4}"
)


def why_no_record(cells: Sequence[str]) -> str | None:
    """Why a row is no record but the totals of a table; None where it may be one. Its only words
    are those of a total; all that is beside them are numbers, so a company may be called Total."""
    texts = [cell.strip() for cell in cells if cell and not cell.isspace()]
    if not texts or texts[0][:1].isdigit():
        return None
    plain = [word for word in words(texts[0]) if not word.isdigit()]
    if not plain or len(plain) > 5:
        return None
    if not _TOTAL.fullmatch("".join(word for word in plain if word not in _BESIDE)):
        return None
    rest = texts[1:]
    if not rest and ":" not in texts[0] and "(" not in texts[0] and len(plain) < 2:
        return None
    if all(_AMOUNT.fullmatch(text) and len(re.sub(r"\D", "", text)) < 16 for text in rest):
        return _("the totals of the table, no record")
    return None
