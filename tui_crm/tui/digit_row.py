"""The digit row of keyboards on which a digit needs shift, as digits.

Digits choose: an outcome, a report, a menu option. On a French keyboard the key of the 2 types
``é``, on a Czech one ``ě``. Where ``digit_row`` in config.toml names the layout, or the locale
does, such a letter is its digit wherever digits act and the letter itself means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

LAYOUTS = {
    "azerty": "&é\"'(-è_çà",
    "belgian": "&é\"'(§è!çà",
    "czech": "+ěščřžýáíé",
    "slovak": "+ľščťžýáíé",
}
"""What the keys of the digits 1 to 9 and 0 type without shift."""

_LANGUAGES = {"fr": "azerty", "cs": "czech", "sk": "slovak"}
_TERRITORIES = {"FR": "azerty", "BE": "belgian", "CZ": "czech", "SK": "slovak"}
_OTHERS = {"CA", "CH", "LU", "US", "GB"}
"""Territories where French is typed on a row of plain digits."""


def choose(setting: str, environ: Mapping[str, str]) -> str:
    """The name of the layout; empty: the row types digits. ``auto`` asks the locale of the
    characters (LC_ALL, LC_CTYPE, LANG), the first that names a language."""
    if setting != "auto":
        return setting if setting in LAYOUTS else ""
    for variable in ("LC_ALL", "LC_CTYPE", "LANG"):
        name = environ.get(variable, "").partition(".")[0].partition("@")[0]
        language, _sign, territory = name.partition("_")
        if language in ("", "C", "POSIX"):
            continue
        if territory in _TERRITORIES:
            return _TERRITORIES[territory]
        return "" if territory in _OTHERS else _LANGUAGES.get(language, "")
    return ""


def digit_of(layout: str, character: str | None) -> str | None:
    """The digit whose key types ``character`` (or with caps lock its capital) in a layout."""
    row = LAYOUTS.get(layout, "")
    place = row.find(character.lower()) if character and len(character) == 1 else -1
    return None if place < 0 else str((place + 1) % 10)


def layout_of(character: str | None) -> str:
    """The first layout in which ``character`` is a digit without shift; else empty."""
    return next((name for name in LAYOUTS if digit_of(name, character)), "")
