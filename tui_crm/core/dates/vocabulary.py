"""The vocabulary of typed dates: every word of all languages, folded, with its meaning.

Reps mix languages, so every word is understood whatever the locale. The locale decides only what
is ambiguous: the order of ``12/1``, a three-letter weekday that is also a common word, ``9h``.
Words here have no accents and no capitals, because ``fold`` takes them off what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

V = TypeVar("V")
Table = dict[tuple[str, ...], V]

# A comma ends a word unless it stands inside a number ("fri,9:30" but "12,4k"); "@9" is "@ 9".
_SPACED = re.compile(r"@(?=[0-9])|(?:[^\s,;]|(?<=[0-9]),(?=[0-9]))+")
_LONGEST_PHRASE = 4


class NotUnderstood(Exception):
    """Something looks like a date and is none; carries the sentence that says so."""


class Word(NamedTuple):
    """One typed word: its place in the text, and its folded form.

    ``word`` has lost accents, capitals and a trailing ``: ! ?``; ``bare`` also a trailing dot.
    """

    start: int
    end: int
    raw: str
    word: str
    bare: str


Words = tuple[Word, ...]


def fold(text: str) -> str:
    """Case and accents off, curly apostrophes straight: what two spellings have in common."""
    flat = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    return "".join(c for c in flat if unicodedata.category(c) != "Mn")


def split(text: str) -> Words:
    """The words of a text with their places; a sign standing alone after them is no word."""
    found = []
    for part in _SPACED.finditer(text):
        word = fold(part.group()).rstrip(":!?")
        raw = part.group().rstrip(":")
        found.append(Word(part.start(), part.start() + len(raw), raw, word, word.rstrip(".")))
    return tuple(found)


def phrases(meanings: Mapping[V, str]) -> Table[V]:
    """``{meaning: "a phrase|another"}`` turned round: each phrase, word by word, to its meaning."""
    return {
        tuple(phrase.split()): meaning
        for meaning, spelled in meanings.items()
        for phrase in spelled.split("|")
    }


def match(table: Table[V], words: Words, i: int) -> tuple[V, int] | None:
    """The longest phrase of the table that starts at word ``i``: its meaning, and the next word."""
    for n in range(min(_LONGEST_PHRASE, len(words) - i), 0, -1):
        meaning = table.get(tuple(w.bare for w in words[i : i + n]))
        if meaning is not None:
            return meaning, i + n
    return None


RELATIVE_DAYS = phrases(
    {
        0: "today|hoy|aujourd'hui|aujourdhui|heute",
        1: "tomorrow|tom|tmr|tmrw|manana|demain|morgen",
        2: "day after tomorrow|the day after tomorrow|pasado manana|apres-demain|apres demain"
        "|ubermorgen|uebermorgen",
    }
)
YESTERDAY = phrases({True: "yesterday|ayer|hier|gestern"})

WEEKDAYS = phrases(
    {
        0: "mon|monday|lun|lunes|lundi|montag",
        1: "tue|tues|tuesday|mar|martes|mardi|dienstag",
        2: "wed|weds|wednesday|mie|miercoles|mer|mercredi|mittwoch",
        3: "thu|thur|thurs|thursday|jue|jueves|jeu|jeudi|donnerstag",
        4: "fri|friday|vie|viernes|ven|vendredi|freitag",
        5: "sat|saturday|sab|sabado|sam|samedi|samstag|sonnabend",
        6: "sun|sunday|dom|domingo|dim|dimanche|sonntag",
    }
)
# German two-letter weekdays are ordinary words elsewhere ("do", "so"), so only a German rep has
# them, and only with a time or nothing after them.
GERMAN_WEEKDAYS = phrases({0: "mo", 1: "di", 2: "mi", 3: "do", 4: "fr", 5: "sa", 6: "so"})

# Short words that are also something else ("mon devis", "Sam", "vie", "Tom"), with the languages
# that mean the day by them. For other reps they are the day only when a time, a duration, a kind
# or nothing follows.
AMBIGUOUS: dict[str, str] = {
    "tom": "",
    "mon": "en",
    "sat": "en",
    "sun": "en",
    "mar": "es fr",
    "mer": "fr",
    "jeu": "fr",
    "ven": "fr",
    "sam": "fr",
    "dim": "fr",
    "mie": "es",
    "vie": "es",
    "sab": "es",
    "dom": "es",
}

MONTHS = phrases(
    {
        1: "jan|january|ene|enero|janv|janvier|januar|janner",
        2: "feb|february|febrero|fev|fevr|fevrier|februar",
        3: "mar|march|marzo|mars|marz|maerz|mrz",
        4: "apr|april|abr|abril|avr|avril",
        5: "may|mayo|mai",
        6: "jun|june|junio|juin|juni",
        7: "jul|july|julio|juil|juillet|juli",
        8: "aug|august|ago|agosto|aout",
        9: "sep|sept|september|septiembre|septembre",
        10: "oct|october|octubre|octobre|okt|oktober",
        11: "nov|november|noviembre|novembre",
        12: "dec|december|dic|diciembre|decembre|dez|dezember",
    }
)

# What comes as one phrase and stands for a day by itself.
NEXT_WEEK = "next week|la semana que viene|semana que viene|proxima semana|la proxima semana"
NEXT_MONTH = "next month|el mes que viene|mes que viene|proximo mes|el proximo mes"
PERIOD_DAYS = phrases(
    {
        "next week": NEXT_WEEK
        + "|semaine prochaine|la semaine prochaine|nachste woche|nachster woche"
        "|semana proxima|la semana proxima|naechste woche",
        "next month": NEXT_MONTH + "|mois prochain|le mois prochain|nachsten monat|naechsten monat",
        "end of week": "eow|end of week|end of the week|fin de semana laboral|fin de la semana"
        "|fin de semaine|fin de la semaine|ende der woche",
        "end of month": "eom|end of month|end of the month|fin de mes|a fin de mes|fin du mois"
        "|fin de mois|monatsende|ende des monats",
        "end of quarter": "eoq|end of quarter|end of the quarter|fin de trimestre"
        "|fin del trimestre|fin du trimestre|quartalsende",
        "end of year": "eoy|end of year|end of the year|fin de ano|fin del ano|fin d'annee"
        "|fin de l'annee|jahresende",
    }
)

BEFORE_DAY = phrases({True: "on|this|el|este|le|ce|am|den|diesen|the|on the|para el|pour le"})
BEFORE_DAY_NUMBER = phrases({True: "el|el dia|dia|le|am|the|on the|para el|pour le"})
# "next friday" is the Friday of next week in English, French and German; "el próximo viernes"
# and "el viernes que viene" are the coming one.
NEXT = phrases({True: "next|nachsten|naechsten|nachster", False: "proximo|el proximo|el prox"})
NEXT_AFTER = phrases({True: "prochain", False: "que viene|proximo"})

IN = phrases({True: "in|en|dans|dentro de|d'ici"})
AT = phrases({True: "at|@|a las|a la|a|um|gegen|vers"})
FOR = phrases({True: "for|durante|pendant|fur"})
FROM = phrases({True: "from|starting|desde|desde el|a partir de|a partir du|des|ab"})
OF = phrases({True: "of|de|del"})
AND = phrases({True: "and|y|et|und|&|+"})

UNITS = phrases(
    {
        "minute": "min|mins|mn|minute|minutes|minuto|minutos|minuten",
        "hour": "h|hs|hr|hrs|hour|hours|hora|horas|heure|heures|stunde|stunden|std",
        "day": "d|day|days|dia|dias|j|jour|jours|tag|tage|tagen",
        "week": "w|wk|wks|week|weeks|sem|semana|semanas|semaine|semaines|woche|wochen",
        "month": "mo|mos|month|months|mes|meses|mois|monat|monate|monaten",
        "quarter": "quarter|quarters|trimestre|trimestres|trimestral|quartal|quartale",
        "year": "y|yr|yrs|year|years|ano|anos|an|ans|jahr|jahre|jahren",
    }
)
# Hours by these words may be the clock's ("demain 9 heures"); "hours" and "Stunden" never are.
CLOCK_UNITS = frozenset({"h", "hs", "hora", "horas", "heure", "heures"})
OCLOCK = phrases({True: "o'clock|oclock|uhr|en punto|pile"})
COUNTS = phrases(
    {
        1: "a|an|one|un|una|uno|une|ein|eine|einem|einer",
        2: "two|dos|deux|zwei",
        3: "three|tres|trois|drei",
        4: "four|cuatro|quatre|vier",
        5: "five|cinco|cinq|funf",
        6: "six|seis|sechs",
        7: "seven|siete|sept|sieben",
        8: "eight|ocho|huit|acht",
        9: "nine|nueve|neuf|neun",
        10: "ten|diez|dix|zehn",
    }
)

NOON = phrases({12: "noon|midday|mediodia|al mediodia|midi|a midi|mittag|mittags"})
# Parts of the day after a day word are the hour at which such work usually starts.
DAY_PARTS = phrases(
    {
        9: "morning|in the morning|por la manana|matin|au matin|fruh|vormittag|vormittags",
        15: "afternoon|in the afternoon|por la tarde|tarde|apres-midi|nachmittag|nachmittags",
        18: "evening|in the evening|por la noche|noche|soir|abend|abends",
    }
)
TODAY_PARTS = phrases(
    {
        9: "this morning|esta manana|ce matin",
        15: "this afternoon|esta tarde|cet apres-midi",
        18: "this evening|tonight|ce soir|esta noche",
    }
)
MERIDIAN = phrases(
    {
        "am": "am|a.m|in the morning|de la manana|du matin|morgens|vormittags",
        "pm": "pm|p.m|in the afternoon|in the evening|de la tarde|de la noche|de l'apres-midi"
        "|du soir|nachmittags|abends",
    }
)

EVERY = phrases(
    {
        True: "every|cada|chaque|tous les|toutes les|tous|todos los|todas las|jede|jeden|jeder"
        "|jedes|alle"
    }
)
OTHER = phrases({2: "other|second|otro|otra"})
WORKING_DAYS = phrases(
    {
        True: "weekday|weekdays|working day|working days|workday|dia laborable|dias laborables"
        "|jour ouvre|jours ouvres|werktag|werktage"
    }
)
MONTH_END = phrases(
    {True: "last|last day|ultimo|ultimo dia|dernier|dernier jour|letzter|letzten tag"}
)

KINDS = phrases(
    {
        "call": "call|phone|callback|call back|llamar|llamada|llama|telefonear|appeler|appel"
        "|rappeler|telephoner|tel|anrufen|anruf|telefonieren",
        "email": "email|e-mail|mail|mailen|correo|courriel|mel",
        "meeting": "meeting|meet|reunion|reunirse|cita|rdv|rendez-vous|rendezvous|rendez vous"
        "|termin|treffen|besprechung",
        "visit": "visit|visita|visitar|visite|visiter|besuch|besuchen",
        "message": "message|msg|sms|whatsapp|mensaje|nachricht",
        "task": "task|todo|to-do|tarea|tache|aufgabe",
    }
)

_DAY_WORDS = frozenset(
    phrase[0] for table in (RELATIVE_DAYS, WEEKDAYS) for phrase in table if len(phrase) == 1
)
# Day words one letter away from a name or a word that reps do write ("Morgan", "partes").
_LIKE_OTHER_WORDS = frozenset({"morgen", "martes", "manana"})


def looks_like_day(word: str, followed: bool) -> bool:
    """Whether ``word`` is a day word with one slip of the finger ("tuez", "firday").

    ``followed``: a time, a duration, a kind or nothing comes after it, as after a date. Without
    that only long words count, so that an ordinary first word is not called a wrong day.
    """
    if len(word) < 4 or not word.isalpha():
        return False
    for day in _DAY_WORDS:
        if day[0] != word[0] or word == day + "s":
            continue
        if not followed and (len(day) < 6 or day in _LIKE_OTHER_WORDS):
            continue
        if one_slip(word, day):
            return True
    return False


def looks_like_month(word: str) -> bool:
    """The same for a month; meant for a word beside a day's number ("12 decmber")."""
    return len(word) >= 5 and any(len(m) >= 5 and one_slip(word, m) for (m,) in MONTHS)


def one_slip(a: str, b: str) -> bool:
    """Exactly one letter added, left out, changed, or two neighbours swapped."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = next((n for n in range(len(a)) if a[n] != b[n]), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (
        a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    )
