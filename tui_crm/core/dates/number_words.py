"""Numbers in words, in English, Spanish, French and German: counts and ordinals of typed dates."""

from __future__ import annotations

from tui_crm.core.dates.phrases import Phrases, inflected


def _spelled_numbers() -> dict[int, str]:
    """0 to 59 in words, "quarante-cinq" and "forty five" alike, and 90."""
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
        " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés"
        " veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
        " seize dix-sept dix-huit dix-neuf",
        "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn"
        " fünfzehn sechzehn siebzehn achtzehn neunzehn",
    )
    tens = (
        (20, "twenty", ""),
        (30, "thirty", ""),
        (40, "forty", ""),
        (50, "fifty", ""),
        (30, "treinta", "y"),
        (40, "cuarenta", "y"),
        (50, "cincuenta", "y"),
        (20, "vingt", "et"),
        (30, "trente", "et"),
        (40, "quarante", "et"),
        (50, "cinquante", "et"),
        (20, "zwanzig", "und"),
        (30, "dreißig", "und"),
        (40, "vierzig", "und"),
        (50, "fünfzig", "und"),
    )
    spelled: dict[int, list[str]] = {90: ["ninety", "noventa", "quatre-vingt-dix", "neunzig"]}
    for words in small:
        for n, word in enumerate(words.split()):
            spelled.setdefault(n, []).append(word)
    units = {"": small[0], "y": small[1], "et": small[2], "und": small[3]}
    for ten, word, joint in tens:
        spelled.setdefault(ten, []).append(word)
        for n, unit in enumerate(units[joint].split()[1:10], 1):
            if joint == "und":
                phrases = ["ein" + joint + word if n == 1 else unit + joint + word]
            elif joint == "y" or (joint == "et" and n == 1):
                phrases = [f"{word} {joint} {unit}"]
            else:
                phrases = [f"{word} {unit}"]
            spelled.setdefault(ten + n, []).extend(phrases)
    return {n: "|".join(words) for n, words in spelled.items()}


NUMBERS = Phrases(_spelled_numbers())
ONE = "a|an|one|un|una|uno|une|ein|eine|einem|einer|eines|ner"
TWO = "two|dos|deux|zwei|a couple of|couple of|un par de|une paire de"
COUNTS = Phrases({**_spelled_numbers(), 0: "zero", 1: ONE, 2: TWO})
# "in a few days" is no day.
VAGUE_COUNTS = Phrases(
    {
        True: "a few|few|several|some|unos|unas|algunos|algunas|pocos|varios|varias|quelques"
        "|plusieurs|einige|einigen|ein paar|paar|wenigen|mehreren"
    }
)
ORDINALS = Phrases(
    {
        1: "first|1st|primer|primero|primera|primeros|premier|première|premiers|1er|1º|1ª|"
        + inflected("erst", "e|en|er|es"),
        2: "second|2nd|segundo|segunda|segundos|deuxième|deuxièmes|second|seconde|2º|"
        + inflected("zweit", "e|en|er"),
        3: "third|3rd|tercer|tercero|tercera|troisième|3º|" + inflected("dritt", "e|en|er"),
        4: "fourth|4th|cuarto|quatrième|4º|" + inflected("viert", "e|en|er"),
        -1: "last|último|última|últimos|dernier|dernière|derniers|"
        + inflected("letzt", "e|en|er|es"),
    }
)
