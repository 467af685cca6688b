"""Which encoding the terminal speaks, both ways, and what else the environment says of the locale.

Light: ``status`` uses it too.
"""

from __future__ import annotations

import codecs
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def locale_name(environ: Mapping[str, str] = os.environ) -> str:
    """The locale that decides about characters, as it is named: ``de_DE.UTF-8``; else empty."""
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    return next((environ[name] for name in names if environ.get(name)), "")


def dates_region(environ: Mapping[str, str] = os.environ) -> str:
    """The region whose way to write dates was asked for, by LC_ALL or LC_TIME: ``GB``; else empty.

    LANG is no such wish: it made the region of the workspace at its first start.
    """
    named = environ.get("LC_ALL") or environ.get("LC_TIME") or ""
    return named.partition(".")[0].partition("@")[0].partition("_")[2]


def terminal_encoding(environ: Mapping[str, str] = os.environ) -> str:
    """The name of a codec: what the locale names, installed or not; ``ascii`` for C and POSIX;
    what Python found where it names none.

    Python itself turns to UTF-8 under ``LC_ALL=C`` and under a locale that is not installed; a
    terminal set up that way cannot show it."""
    named = "utf-8" if environ.get("PYTHONUTF8") == "1" else environ.get("PYTHONIOENCODING", "")
    locale = locale_name(environ)
    if not named and locale in ("C", "POSIX"):
        return "ascii"
    named = named.partition(":")[0] or locale.partition(".")[2].partition("@")[0]
    for name in (named, getattr(sys.__stdout__, "encoding", None) or "utf-8"):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return "ascii"
