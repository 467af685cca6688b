"""What looks like a date and is none, and what looks like none and was meant as one.

Counts ("12 pallets"), addresses ("at 12 Main Street"), dates that belong to the words ("the offer
of 12 March"), and day words with a slip of the finger ("firday").
"""

from __future__ import annotations

import re

from tui_crm.core.dates import number_words, vocabulary
from tui_crm.core.dates.phrases import Phrases, Word, Words, one_slip, word_set
from tui_crm.core.dates.vocabulary import (
    ENGLISH_DAYS,
    EVERY_WEEKDAY,
    KINDS,
    MONTH_NAMES,
    MONTHS,
    RELATIVE_DAYS,
    WEEKDAY_NAMES,
    WEEKDAYS,
)

KIND_WORDS = frozenset(KINDS.all_words())
DATE_WORDS = frozenset(
    word
    for table in (*vars(number_words).values(), *vars(vocabulary).values())
    if isinstance(table, Phrases) and table is not KINDS
    for word in table.all_words()
)
"""Every word of the vocabulary but the kinds."""

# Behind a number these make it a count, an amount or an address.
COUNTED_NOUNS = word_set(
    "units unit pieces pcs pc pallets boxes items people persons pax users seats licenses"
    " licences invoices orders offers copies samples rooms desks unidades facturas cajas palés"
    " personas licencias usuarios pedidos muestras piezas pièces palettes factures cartons"
    " personnes licences commandes postes échantillons stück paletten rechnungen angebote kisten"
    " kartons personen leute kunden lizenzen teile muster bestellungen mitarbeiter plätze eur"
    " euro euros usd gbp chf dollars pounds % kg km m2 qm cm mm liter litres tons tonnes x k"
    " percent prozent pour-cent tsd mio"
)
SINGULARS_IN_S = word_set(
    "sales status business news series campus process access press express plus previous"
    " des les las los das mis mes ses tus sus nos vos pas puis chez dans sans sous vers fois"
    " avis devis temps projets-pilotes apres antes gracias entonces paris its this as is was has"
    " yes us details"
)
STREETS = word_set(
    "street st road rd avenue ave av lane ln drive square sq boulevard bd blvd place rue chemin"
    " allee impasse quai"
)
NOT_AFTER_ORDINAL = word_set(
    "floor party parties time times draft round half version place class edition generation piso"
    " planta plantas etage stock stockwerk etagen runde mal seite vez veces fois rang grade step"
    " attempt follow try quarter"
)
CURRENCIES = "€$£¥%"
NO_DATES = frozenset({"24/7"})
"""No dates unless they stand alone: "24/7 support"."""

# In front of a date in the middle of the words: the date belongs to the words ("the offer of
# 12 March", "la reunión del lunes").
GENITIVES = Phrases(
    {
        True: "of|about|re|regarding|since|de|del|de las|de los|du|depuis|vom|von|seit|wegen"
        "|über|sobre|concernant"
    }
)
CONTENT_BEFORE = Phrases(
    {
        True: "of|about|re|regarding|since|the|de|del|de las|de los|du|depuis|vom|von|seit|wegen"
        "|über|sobre|concernant|der|die|das|des|dem|concerning|and the|last|past|each|her|his|their"
        "|our|my|your|su|sus|mi|tu|sa|ses|notre|votre|sein|ihr|unser|except|excepto|sauf|außer"
        "|a|con|mit|avec|with|señor|first|second|third"
    }
)
SURE_PREPOSITIONS = word_set("on by am el le at um @ las vers gegen ab para pour bis in")

_MOMENT_SHAPE = re.compile(
    r"(?:[01]?[0-9]|2[0-4])(?::[0-5][0-9]|h[0-5][0-9])(?:[ap]m)?|[0-9]{1,2}(?:\.[0-9]{2})?[ap]m"
    r"|20[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[./][0-9]{1,2}[./](?:20)?[0-9]{2}|q[1-4]"
)
_DIGITS = re.compile(r"\+?(?!(?:19|20|21)[0-9]{2}$)[0-9]+")
"""A group of digits that is no year."""
_DAY_WORDS = frozenset([*RELATIVE_DAYS.single_words(), *WEEKDAYS.single_words()])
# Day words one letter away from a name or a word that reps do write ("Morgan", "partes").
_LIKE_OTHER_WORDS = frozenset({"morgen", "martes", "manana"})
_OTHER_WORDS = word_set(
    "domain domains montage vienes vienen morgan heure heures money market demand demander marks"
    " maries lunch lundy sundry sundae sondag fridays jeune jeunes juices today's marte heure heat"
    " marques mares nueves uebermorgens"
)


def looks_like_day(word: str, followed: bool) -> bool:
    """Whether ``word`` is a day word with one slip of the finger ("tuez", "firday").

    ``followed``: a time, a length, a kind or nothing comes after it, as after a date. Without
    that only long words count, so that an ordinary first word is not called a wrong day.
    """
    if len(word) < 4 or not word.isalpha() or word in _OTHER_WORDS:
        return False
    if word in _DAY_WORDS or EVERY_WEEKDAY.get(word) is not None:
        return False
    for day in _DAY_WORDS:
        if len(day) < 4 or day[0] != word[0] or word == day + "s":
            continue
        if not followed and (len(day) < 6 or day in _LIKE_OTHER_WORDS):
            continue
        if one_slip(word, day):
            return True
    return False


def looks_like_moment(words: Words, i: int, language: str) -> bool:
    """Whether word ``i`` alone is a day or a month or has the shape of a time or a date: "friday",
    "december", ``9:30``, ``9.30am``, ``2026-12-01``."""
    word = words[i].bare
    if word in ENGLISH_DAYS:
        named = i > 0 and words[i].raw.istitle()
        return language not in ("en", ENGLISH_DAYS[word]) and not named
    if word in NO_DATES or word in _LIKE_OTHER_WORDS or is_count(words, i):
        return False
    if len(word) > 3 and word in _DAY_WORDS and word not in WEEKDAY_NAMES:
        return True
    if len(word) > 3 and word not in MONTH_NAMES and MONTHS.get(word) is not None:
        return True
    return bool(_MOMENT_SHAPE.fullmatch(word))


def looks_like_month(word: str) -> bool:
    """The same for a month; meant for a word beside a day's number ("12 decmber")."""
    names = MONTHS.single_words()
    return len(word) >= 5 and any(len(name) >= 5 and one_slip(word, name) for name in names)


def is_possessive(word: Word) -> bool:
    """ "friday's", "tomorrow's": a day that belongs to the next word."""
    base = word.bare.removesuffix("'s")
    return base != word.bare and base in _DAY_WORDS


def is_count(words: Words, i: int) -> bool:
    """Whether the number at word ``i`` counts the next word: "12 pallets", "9 %", "10 €"."""
    if i + 1 >= len(words) or words[i].comma:
        return False
    noun = words[i + 1]
    if noun.bare in COUNTED_NOUNS:
        return True
    if words[i].bare in ("½", "1/2", "1/3", "2/3", "1/4", "3/4"):
        return f"{noun.bare}s" in COUNTED_NOUNS
    return noun.raw[:1] in tuple(CURRENCIES)


def is_address(words: Words, i: int) -> bool:
    """Whether the number at word ``i`` is that of a house: "12 Main Street", "9 rue de Rivoli"."""
    if i + 1 >= len(words) or words[i].comma:
        return False
    if words[i + 1].bare in STREETS:
        return True
    named = words[i + 1]
    if not named.raw.istitle() or not named.raw[0].isalpha() or named.bare in DATE_WORDS:
        return False
    return any(word.bare in STREETS for word in words[i + 2 : i + 4])


def is_phone(words: Words, i: int) -> bool:
    """Whether word ``i`` is one of three or more numbers in a row, as phone numbers are typed; one
    that counts the next word is none of them."""
    first = last = i
    while first > max(0, i - 2) and _is_digits(words, first - 1) and not words[first - 1].comma:
        first -= 1
    nearby = min(len(words) - 1, i + 2)
    while last < nearby and _is_digits(words, last + 1) and not words[last].comma:
        last += 1
    return last - first >= 2 and _is_digits(words, i)


def _is_digits(words: Words, i: int) -> bool:
    return bool(_DIGITS.fullmatch(words[i].bare)) and not is_count(words, i)


def may_be_count(words: Words, i: int) -> bool:
    """Whether the word behind the number at ``i`` looks like the plural of a noun."""
    if i + 1 >= len(words) or words[i].comma:
        return False
    bare = words[i + 1].bare
    return (
        words[i + 1].raw[:1].islower()
        and len(bare) > 3
        and bare.isalpha()
        and bare.endswith("s")
        and not bare.endswith(("ss", "us", "is"))
        and bare not in SINGULARS_IN_S
        and bare not in DATE_WORDS | KIND_WORDS
    )
