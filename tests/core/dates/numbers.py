"""Times, counts and ordinals as people write and speak them, in four languages."""

from __future__ import annotations

import random
from datetime import time

Spoken = list[tuple[str, int]]
"""Ways to say a time of an hour, with the minutes after that hour."""


def colon(at: time) -> list[str]:
    return [f"{at.hour}:{at.minute:02d}", f"{at.hour:02d}:{at.minute:02d}"]


def english_digits(at: time) -> list[str]:
    half = "am" if at.hour < 12 else "pm"
    hour = (at.hour - 1) % 12 + 1
    minutes = f":{at.minute:02d}" if at.minute else ""
    forms = [f"{hour}{minutes}{half}", f"{hour}{minutes} {half}", f"{hour}{minutes}{half.upper()}"]
    return [*colon(at), f"{at.hour}.{at.minute:02d}", *forms]


def latin_digits(at: time) -> list[str]:
    minutes = f"{at.minute:02d}" if at.minute else ""
    return [*colon(at), f"{at.hour}h{minutes}", f"{at.hour}h{at.minute:02d}"]


def french_digits(at: time) -> list[str]:
    minutes = f" {at.minute:02d}" if at.minute else ""
    return [*latin_digits(at), f"{at.hour} h{minutes}", f"{at.hour} heures{minutes}"]


def german_digits(at: time) -> list[str]:
    minutes = f" {at.minute:02d}" if at.minute else ""
    plain = colon(at)
    return [*plain, f"{plain[0]} Uhr", f"{at.hour} Uhr{minutes}", f"{at.hour}.{at.minute:02d} Uhr"]


def english_spoken(hour: int, hours: dict[int, str], chance: random.Random) -> Spoken:
    name = chance.choice((str(hour), hours[hour]))
    after = chance.choice((str(hour + 1), hours[hour + 1]))
    return [
        (f"half past {name}", 30),
        (f"half {name}", 30),
        (f"quarter past {name}", 15),
        (f"a quarter past {name}", 15),
        (f"quarter to {after}", 45),
        (f"twenty past {name}", 20),
        (f"20 past {name}", 20),
        (f"20 to {after}", 40),
        (f"twenty-five to {after}", 35),
        (f"{name} o'clock", 0),
        (f"{hours[hour]} thirty", 30),
        (f"{hours[hour]} forty-five", 45),
    ]


def spanish_spoken(hour: int, hours: dict[int, str], chance: random.Random) -> Spoken:
    name = chance.choice((str(hour), hours[hour]))
    after = chance.choice((str(hour + 1), hours[hour + 1]))
    return [
        (f"{name} y media", 30),
        (f"{name} y cuarto", 15),
        (f"{after} menos cuarto", 45),
        (f"{name} y veinte", 20),
        (f"{name} y 10", 10),
        (f"{after} menos diez", 50),
        (f"{after} menos veinticinco", 35),
        (f"{name} en punto", 0),
    ]


def french_spoken(hour: int, hours: dict[int, str], chance: random.Random) -> Spoken:
    name = chance.choice((f"{hour}h", f"{hour} heures", f"{hours[hour]} heures"))
    after = chance.choice((f"{hour + 1}h", f"{hours[hour + 1]} heures"))
    return [
        (f"{name} et demie", 30),
        (f"{name} et quart", 15),
        (f"{after} moins le quart", 45),
        (f"{after} moins dix", 50),
        (f"{after} moins vingt", 40),
        (f"{hours[hour]} heures trente", 30),
        (f"{hours[hour]} heures quarante-cinq", 45),
        (f"{name} pile", 0),
    ]


def german_spoken(hour: int, hours: dict[int, str], chance: random.Random) -> Spoken:
    name = chance.choice((str(hour), hours[hour]))
    after = chance.choice((str(hour + 1), hours[hour + 1]))
    return [
        (f"halb {after}", 30),
        (f"Viertel nach {name}", 15),
        (f"Viertel vor {after}", 45),
        (f"dreiviertel {after}", 45),
        (f"viertel {after}", 15),
        (f"zehn nach {name}", 10),
        (f"fünf vor halb {after}", 25),
        (f"5 nach halb {after}", 35),
        (f"zwanzig vor {after}", 40),
        (f"{hours[hour]} Uhr", 0),
        (f"{hours[hour]} Uhr dreißig", 30),
    ]


ENGLISH_NUMBERS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
SPANISH_NUMBERS = [
    "una",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
]
FRENCH_NUMBERS = [
    "une",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
]
GERMAN_NUMBERS = [
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
]


def hours(names: list[str]) -> dict[int, str]:
    return dict(enumerate(names, 1))


def english_count(n: int, unit: str) -> str:
    return {1: "a"}.get(n, ENGLISH_NUMBERS[n - 1])


def spanish_count(n: int, unit: str) -> str:
    return {1: "una" if unit == "week" else "un"}.get(n, SPANISH_NUMBERS[n - 1])


def french_count(n: int, unit: str) -> str:
    return {1: "une" if unit == "week" else "un"}.get(n, FRENCH_NUMBERS[n - 1])


def german_count(n: int, unit: str) -> str:
    return {1: "einer" if unit == "week" else "einem"}.get(n, GERMAN_NUMBERS[n - 1])


def english_ordinal(n: int) -> str:
    if n in (11, 12, 13):
        return f"{n}th"
    return f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th') }"


# No words that are a date or a time themselves, but numbers that might be taken for one.
