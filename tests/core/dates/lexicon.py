"""The words of the grammar of phrases, language by language, as people write them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from tests.core.dates.numbers import (
    ENGLISH_NUMBERS,
    FRENCH_NUMBERS,
    GERMAN_NUMBERS,
    SPANISH_NUMBERS,
    Spoken,
    english_count,
    english_digits,
    english_ordinal,
    english_spoken,
    french_count,
    french_digits,
    french_spoken,
    german_count,
    german_digits,
    german_spoken,
    hours,
    latin_digits,
    spanish_count,
    spanish_spoken,
)


@dataclass(frozen=True)
class Lexicon:
    """Choices are separated by bars. ``parts``: words, default hour, hours, words behind."""

    locale: str
    relative: tuple[str, str, str]
    long_weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    months: tuple[str, ...]
    on: str
    on_date: str
    at: str
    within: str
    coming: Callable[[str, random.Random], str]
    next_weekday: Callable[[str], str] | None
    next_week: str
    of_next_week: str
    of_the_next_week: str
    next_month: str
    next_year: str
    weeks_later: dict[int, str]
    calendar: Callable[[int, str], list[str]]
    before_year: str
    day_number: Callable[[int], list[str]]
    units: dict[str, tuple[str, str]]
    count: Callable[[int, str], str]
    edges: tuple[str, str, str, str, str, str]
    week_number: tuple[str, ...]
    ordinals: dict[int, str]
    nth: Callable[[str, str, str], str]
    digits: Callable[[time], list[str]]
    hours: dict[int, str]
    spoken: Callable[[int, dict[int, str], random.Random], Spoken]
    parts: tuple[tuple[str, int, tuple[int, ...], str], ...]
    ranges: tuple[str, ...]
    lengths: tuple[str, str, str, str]
    kinds: dict[str, str]
    texts: tuple[str, ...]

    def short_months(self) -> set[str]:
        """The first three letters of every month."""
        return {name.casefold()[:3] for names in self.months for name in names.split("|")}


_NEUTRAL = ("Anna", "Pérez & Co", "room 12", "500 units", "3 invoices", "Anna 49", "A4 [v2] x 3")

LEXICONS = {
    "en": Lexicon(
        locale="en_US",
        relative=("today", "tomorrow|tmrw|tmr", "day after tomorrow|the day after tomorrow"),
        long_weekdays=(
            "Monday|monday",
            "Tuesday|tuesday|tues",
            "Wednesday|wednesday|weds",
            "Thursday|thursday|thurs|thur",
            "Friday|friday",
            "Saturday|saturday",
            "Sunday|sunday",
        ),
        short_weekdays=(
            "mon|Mon",
            "tue|Tue",
            "wed|Wed",
            "thu|Thu",
            "fri|Fri",
            "sat|Sat",
            "sun|Sun",
        ),
        months=(
            "January|january|jan|Jan",
            "February|february|feb",
            "March|march",
            "April|april|apr",
            "May|may",
            "June|june|jun",
            "July|july|jul",
            "August|august|aug",
            "September|september|sept|sep",
            "October|october|oct",
            "November|november|nov",
            "December|december|dec|Dec",
        ),
        on="on|by",
        on_date="on",
        at="at|@|around|at about",
        within="in",
        coming=lambda name, chance: f"{chance.choice(('this', 'coming', 'this coming'))} {name}",
        next_weekday=lambda name: f"next {name}",
        next_week="next week",
        of_next_week="",
        of_the_next_week="of next week|next week",
        next_month="next month",
        next_year="next year",
        weeks_later={1: "week|in a week", 2: "fortnight|in a fortnight|in two weeks|in 2 weeks"},
        calendar=lambda day, month: [
            f"{day} {month}",
            f"{month} {day}",
            f"{month} {english_ordinal(day)}",
            f"{english_ordinal(day)} of {month}",
            f"{english_ordinal(day)} {month}",
            f"{day}-{month}",
        ],
        before_year="",
        day_number=lambda n: [
            f"the {english_ordinal(n)}",
            f"on the {english_ordinal(n)}",
            f"by the {english_ordinal(n)}",
        ],
        units={"day": ("day", "days"), "week": ("week", "weeks"), "month": ("month", "months")},
        count=english_count,
        edges=(
            "early |beginning of |start of |at the beginning of ",
            "mid |mid-|the middle of ",
            "end of |the end of |late ",
            "end of week|end of the week|eow",
            "end of next week|the end of next week|late next week",
            "end of month|end of the month|eom|by the end of the month",
        ),
        week_number=("week {n}", "wk {n}", "W{n}"),
        ordinals={1: "first", 2: "second", 3: "third", -1: "last"},
        nth=lambda nth, day, month: f"{nth} {day} of {month}",
        digits=english_digits,
        hours=hours(ENGLISH_NUMBERS),
        spoken=english_spoken,
        parts=(
            ("morning|in the morning", 9, (7, 8, 9, 10, 11), "in the morning"),
            ("afternoon|in the afternoon", 15, (13, 14, 15, 16, 17), "in the afternoon"),
            ("evening|in the evening", 18, (18, 19, 20, 21), "in the evening|at night"),
        ),
        ranges=("{a}-{b}", "{a} - {b}", "from {a} to {b}", "between {a} and {b}"),
        lengths=("for", "an hour", "hours", "half an hour"),
        kinds={
            "call": "call|phone|call back",
            "email": "email|e-mail|mail",
            "meeting": "meeting|meet",
            "visit": "visit",
            "message": "msg|message",
            "task": "task|todo",
        },
        texts=(*_NEUTRAL, "about the offer", "send the quote to Bob", "her in room 9, 2nd floor"),
    ),
    "es": Lexicon(
        locale="es",
        relative=("hoy", "mañana|Mañana", "pasado mañana"),
        long_weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        short_weekdays=("lun|lun.", "mar|mar.", "mié|mie|miér.", "jue", "vie|vie.", "sáb", "dom"),
        months=(
            "enero|ene",
            "febrero|feb",
            "marzo",
            "abril|abr",
            "mayo",
            "junio|jun",
            "julio|jul",
            "agosto|ago",
            "septiembre|setiembre|sept",
            "octubre|oct",
            "noviembre|nov",
            "diciembre|dic|dic.",
        ),
        on="el|para el",
        on_date="el|para el",
        at="a las|sobre las|a eso de las|hacia las",
        within="en|dentro de|de aquí a",
        coming=lambda name, chance: chance.choice(
            (f"este {name}", f"el próximo {name}", f"el {name} que viene", f"{name} próximo")
        ),
        next_weekday=None,
        next_week="la semana que viene|la próxima semana|semana próxima|semana que viene",
        of_next_week="",
        of_the_next_week="de la semana que viene|de la próxima semana",
        next_month="el mes que viene|el próximo mes|próximo mes",
        next_year="el año que viene|el próximo año",
        weeks_later={1: "en una semana|en ocho días", 2: "en dos semanas|en quince días"},
        calendar=lambda day, month: [f"{day} de {month}", f"{day} {month}", f"{day}-{month}"],
        before_year="de ",
        day_number=lambda n: [f"el {n}", f"el día {n}", f"para el {n}"],
        units={"day": ("día", "días"), "week": ("semana", "semanas"), "month": ("mes", "meses")},
        count=spanish_count,
        edges=(
            "principios de |a principios de ",
            "mediados de |a mediados de ",
            "finales de |a finales de |fin de ",
            "fin de la semana|a finales de semana|eow",
            "a finales de la semana que viene|finales de la próxima semana",
            "fin de mes|a fin de mes|final de mes|a finales de mes",
        ),
        week_number=("semana {n}", "sem {n}", "la semana {n}", "en la semana {n}"),
        ordinals={1: "primer", 2: "segundo", 3: "tercer", -1: "último"},
        nth=lambda nth, day, month: f"el {nth} {day} de {month}",
        digits=latin_digits,
        hours=hours(SPANISH_NUMBERS),
        spoken=spanish_spoken,
        parts=(
            ("por la mañana|a primera hora", 9, (7, 8, 9, 10, 11), "de la mañana"),
            ("por la tarde|tarde|en la tarde", 15, (13, 14, 15, 16, 17), "de la tarde"),
            ("por la noche|noche", 18, (19, 20, 21, 22), "de la noche"),
        ),
        ranges=("{a}-{b}", "de {a} a {b}", "entre las {a} y las {b}", "de las {a} a las {b}"),
        lengths=("durante", "una hora", "horas", "media hora"),
        kinds={
            "call": "llamar|llamada",
            "email": "correo",
            "meeting": "reunión|cita",
            "visit": "visita|visitar",
            "message": "mensaje",
            "task": "tarea",
        },
        texts=(*_NEUTRAL, "enviar la oferta", "calle Mayor 12", "repasar 3 facturas con Ana"),
    ),
    "fr": Lexicon(
        locale="fr_FR",
        relative=("aujourd'hui", "demain|Demain", "après-demain"),
        long_weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        short_weekdays=("lun|lun.", "mar.|mar", "mer.|mer", "jeu.|jeu", "ven.|ven", "sam.", "dim."),
        months=(
            "janvier|janv.|janv",
            "février|févr.|fév",
            "mars",
            "avril|avr.",
            "mai",
            "juin",
            "juillet|juil.",
            "août",
            "septembre|sept.",
            "octobre|oct.",
            "novembre|nov.",
            "décembre|déc.|déc",
        ),
        on="ce|pour|d'ici",
        on_date="le|pour le",
        at="à|vers|@",
        within="dans|d'ici|sous",
        coming=lambda name, chance: chance.choice((f"ce {name}", f"{name} qui vient")),
        next_weekday=lambda name: f"{name} prochain",
        next_week="la semaine prochaine|semaine prochaine",
        of_next_week="",
        of_the_next_week="de la semaine prochaine",
        next_month="le mois prochain|mois prochain",
        next_year="l'année prochaine|l'an prochain",
        weeks_later={
            1: "en huit|dans une semaine|dans huit jours",
            2: "en quinze|dans quinze jours|dans deux semaines",
        },
        calendar=lambda day, month: [
            f"{day} {month}",
            f"{'1er' if day == 1 else day} {month}",
            f"{day}-{month}",
        ],
        before_year="",
        day_number=lambda n: [f"le {n}", f"pour le {n}", f"d'ici le {n}"],
        units={
            "day": ("jour", "jours"),
            "week": ("semaine", "semaines"),
            "month": ("mois", "mois"),
        },
        count=french_count,
        edges=(
            "début |au début de ",
            "mi-|mi |à la mi-",
            "fin |à la fin de |en fin de ",
            "fin de semaine|en fin de semaine|fin de la semaine",
            "fin de semaine prochaine|à la fin de la semaine prochaine",
            "fin du mois|à la fin du mois|fin de mois",
        ),
        week_number=("semaine {n}", "sem. {n}", "S{n}", "la semaine {n}"),
        ordinals={1: "premier", 2: "deuxième", 3: "troisième", -1: "dernier"},
        nth=lambda nth, day, month: f"le {nth} {day} de {month}",
        digits=french_digits,
        hours=hours(FRENCH_NUMBERS),
        spoken=french_spoken,
        parts=(
            ("matin|le matin|au matin", 9, (7, 8, 9, 10, 11), "du matin"),
            ("après-midi|dans l'après-midi", 15, (13, 14, 15, 16, 17), "de l'après-midi"),
            ("soir|en soirée", 18, (18, 19, 20, 21), "du soir"),
        ),
        ranges=("{a}-{b}", "de {a}h à {b}", "entre {a} et {b}", "de {a} à {b}"),
        lengths=("pendant", "une heure", "heures", "une demi-heure"),
        kinds={
            "call": "appeler|appel|rappeler",
            "email": "courriel|mail",
            "meeting": "rdv|rendez-vous|réunion",
            "visit": "visite|visiter",
            "message": "sms",
            "task": "tâche",
        },
        texts=(*_NEUTRAL, "envoyer le devis", "12 rue de la Paix", "Hélène pour 3 factures"),
    ),
    "de": Lexicon(
        locale="de_DE",
        relative=("heute", "morgen|Morgen", "übermorgen|uebermorgen"),
        long_weekdays=(
            "Montag|montag",
            "Dienstag|dienstag",
            "Mittwoch|mittwoch",
            "Donnerstag|donnerstag",
            "Freitag|freitag",
            "Samstag|Sonnabend",
            "Sonntag",
        ),
        short_weekdays=("Mo|Mo.", "Di|Di.", "Mi|Mi.", "Do|Do.", "Fr|Fr.", "Sa|Sa.", "So|So."),
        months=(
            "Januar|Jan.|Jänner",
            "Februar|Feb.",
            "März|Maerz|Mrz",
            "April|Apr.",
            "Mai",
            "Juni|Jun.",
            "Juli|Jul.",
            "August|Aug.",
            "September|Sept.",
            "Oktober|Okt.",
            "November|Nov.",
            "Dezember|Dez.|Dez",
        ),
        on="am|bis|bis zum",
        on_date="am|bis zum",
        at="um|gegen|ca.",
        within="in|binnen",
        coming=lambda name, chance: (
            f"{chance.choice(('diesen', 'kommenden', 'am kommenden', 'diesen kommenden'))} {name}"
        ),
        next_weekday=lambda name: f"nächsten {name}",
        next_week="nächste Woche|naechste Woche|kommende Woche|nächster Woche",
        of_next_week="",
        of_the_next_week="nächster Woche|der nächsten Woche|nächste Woche",
        next_month="nächsten Monat|kommenden Monat",
        next_year="nächstes Jahr",
        weeks_later={
            1: "in einer Woche|in acht Tagen",
            2: "in zwei Wochen|in 14 Tagen|in vierzehn Tagen",
        },
        calendar=lambda day, month: [f"{day}. {month}", f"{day} {month}"],
        before_year="",
        day_number=lambda n: [f"am {n}.", f"bis zum {n}."],
        units={"day": ("Tag", "Tagen"), "week": ("Woche", "Wochen"), "month": ("Monat", "Monaten")},
        count=german_count,
        edges=(
            "Anfang |anfang ",
            "Mitte |mitte ",
            "Ende |ende |bis Ende ",
            "Ende der Woche|eow",
            "Ende nächster Woche|Ende der nächsten Woche",
            "Monatsende|Ende des Monats|bis Ende des Monats",
        ),
        week_number=("KW {n}", "KW{n}", "{n}. KW", "Kalenderwoche {n}", "in KW {n}"),
        ordinals={1: "ersten", 2: "zweiten", 3: "dritten", -1: "letzten"},
        nth=lambda nth, day, month: f"am {nth} {day} im {month}",
        digits=german_digits,
        hours=hours(GERMAN_NUMBERS),
        spoken=german_spoken,
        parts=(
            ("früh|Vormittag|vormittags|morgens", 9, (7, 8, 9, 10, 11), "morgens|vormittags"),
            ("Nachmittag|nachmittags|am Nachmittag", 15, (13, 14, 15, 16, 17), "nachmittags"),
            ("Abend|abends|am Abend", 18, (18, 19, 20, 21), "abends"),
        ),
        ranges=("{a}-{b}", "von {a} bis {b}", "zwischen {a} und {b}", "von {a} bis {b} Uhr"),
        lengths=("für", "eine Stunde", "Stunden", "eine halbe Stunde"),
        kinds={
            "call": "Anruf|anrufen",
            "email": "Mail|E-Mail",
            "meeting": "Termin|Besprechung",
            "visit": "Besuch|besuchen",
            "message": "Nachricht",
            "task": "Aufgabe",
        },
        texts=(*_NEUTRAL, "Angebot schicken", "Vogel wegen Zimmer 9", "Hauptstr. 9"),
    ),
}
