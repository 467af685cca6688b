"""Values of another CRM's export parsed: a status, a yes or no, a probability.

Statuses are read in English, Spanish, French and German, the usual ones also in Italian,
Portuguese and Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.columns.prospect_columns import words

Closed = Literal["won", "lost", "cancelled"]

# --------------------------------------------------------------------------- status

# A word that closes, in any gender and number; Portuguese, Italian and Dutch beside our languages.
_CLOSING: tuple[tuple[Closed, re.Pattern[str]], ...] = (
    (
        "won",
        re.compile(
            r"won|wins?|sold|success(ful)?|ganad[oa]s?|vendid[oa]s?|exito|gagne?e?s?|vendue?s?"
            r"|signee?s?|gewonnen(e[rns]?)?|verkauft(e[rns]?)?|erfolgreich|vint[oaie]|vendut[oaie]"
            r"|ganh[oa]s?|verkocht|(closed|deal)won"
        ),
    ),
    (
        "lost",
        re.compile(
            r"lost|loss|perdid[oa]s?|perdue?s?|verloren(e[rns]?)?|pers[oaie]|rejected|declined"
            r"|refused|rechazad[oa]s?|refusee?s?|abgelehnt(e[rns]?)?|unqualified|disqualified"
            r"|rifiutat[oaie]|recusad[oa]s?|afgewezen|(closed|deal)lost|notwon|nichtgewonnen"
        ),
    ),
    (
        "cancelled",
        re.compile(
            r"cancell?(ed)?|cancelad[oa]s?|anulad[oa]s?|annulee?s?|abandonn?(ed|ee?s?|ad[oa]s?)"
            r"|storniert(e[rns]?)?|abgebrochen(e[rns]?)?|abgesagt(e[rns]?)?|annulliert|dead"
            r"|deleted|discarded|descartad[oa]s?|annullat[oaie]|geannuleerd|closed(cancell?ed|dead)"
        ),
    ),
)
_OPEN = word_set(
    """
    open opened todo standby abierto abierta abiertos enespera porhacer ouvert ouverte enattente
    afaire offen zuerledigen wartend
    """
)
# Words around the one that counts: "Closed - Won", "Affaire gagnée", "Lost lead".
_AROUND = word_set(
    """
    closed close cerrado cerrada cierre ferme fermee cloture cloturee conclu conclue geschlossen
    abgeschlossen chiuso chiusa fechado fechada gesloten status estado statut stato and und y et e
    as als the of de del la le el der die das is es est ist
    deal deals lead leads opportunity opportunities opp sale sales order contract customer client
    prospect quote account business auftrag angebot geschaft verkauf chance verkaufschance projekt
    vertrag kunde affaire vente opportunite marche contrat projet piste devis negocio venta
    oportunidad trato operacion proyecto pedido contrato cliente presupuesto trattativa affare
    opportunita vendita contratto oportunidade venda deal kans verkoop opdracht klant offer
    oferta offre offerta offerte aanvraag commande bestellung ordine encargo pitch tender
    """
)
_NOT = word_set("not no non nicht niet nao pas")
# What follows it when a reason is given: "Lost to a competitor", "Ganada por precio".
_BECAUSE = word_set("to due because by por wegen an a pour cause faute aus durch gegen per da door")
_CONVERTED = word_set("converted convertido convertida converti convertie konvertiert")
_PARTS = re.compile(r"\s+[-–—/|>]+\s+|\s*[,;:()|]\s*|\s*/\s*")


PRIORITIES = {
    **dict.fromkeys(("", "none", "ninguna", "aucune", "keine"), ""),
    **dict.fromkeys(("high", "alta", "alto", "haute", "hoch"), "high"),
    **dict.fromkeys(("low", "baja", "bajo", "basse", "niedrig"), "low"),
}
"""The stored priority of a word in a file, accents aside."""


def status_or_step(value: str) -> tuple[Closed | None, str | None]:
    """The status and the step of a lead whose status or stage is ``value``.

    ``("won", None)`` for "Closed Won", "Negocio ganado", "5 - Gewonnen", "Lost, no budget": a word
    that closes with nothing beside it but what is closed, or a reason behind it. ``(None, None)``
    for what only says that it is open ("Open", "To do", "Standby", nothing); any other value is a
    step, as written: ``(None, "Proposal sent")``, ``(None, "Lost contact")``.
    """
    every = _words(value)
    if not every or "".join(every) in _OPEN:
        return None, None
    closed = _closes(every)
    if closed is None:
        parts = [words for part in _PARTS.split(value) if (words := _words(part))]
        if len(parts) > 1:
            ends = {_closes(parts[0]), _closes(parts[-1])} - {None}
            closed = ends.pop() if len(ends) == 1 else None
    if closed is None:
        because = next((n for n, word in enumerate(every) if word in _BECAUSE and n), None)
        closed = _closes(every[:because]) if because is not None else None
    return (closed, None) if closed is not None else (None, " ".join(value.split()))


def _words(value: str) -> list[str]:
    return [word for word in words(value) if not word.isdigit()]


def _closes(every: Sequence[str]) -> Closed | None:
    """What some words say that close, where nothing else is among them."""
    found: set[Closed] = set()
    negated = False
    for word in every:
        kind = next((name for name, known in _CLOSING if known.fullmatch(word)), None)
        if kind is not None:
            found.add(kind)
        elif word in _CONVERTED and every[0] in _AROUND:  # of leads: "Closed - Not Converted"
            found.add("won")
        elif word in _NOT:
            negated = True
        elif word not in _AROUND and word.rstrip("sn") not in _AROUND:
            return None
    if len(found) != 1:
        return None
    only = found.pop()
    if negated:
        return "lost" if only == "won" else None
    return only


# --------------------------------------------------------------------------- probability

_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(%?)")


def probability(value: str) -> int | None:
    """Per cent, 0 to 100, of "60%", "60", "0.6" or "0,6"; None when it is none of them.

    A bare "1" is 100 %: exports that write parts of one write 1 for the won ones, and no pipeline
    has a step of one per cent. "1%" is one.
    """
    found = _PERCENT.fullmatch(value.strip().replace("\xa0", " "))
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    if not found[2] and number <= 1:
        number *= 100
    return round(number) if number <= 100 else None
