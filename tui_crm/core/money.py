"""Money: integers of the smallest unit (cents) of one ISO 4217 currency, never floats.

``12_400_00`` with ``"EUR"`` is €12,400. The workspace has one currency; a number of minor units
without its currency means nothing, so every function takes it.
"""

from __future__ import annotations

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

MOST = 2**63 - 1
"""The largest amount both stores can keep, in minor units."""

# ISO 4217, the currencies whose minor unit is not a hundredth.
_EXPONENTS = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)

_SYMBOLS = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "ILS": "₪",
    "UAH": "₴",
    "VND": "₫",
    "TRY": "₺",
    "PHP": "₱",
    "NGN": "₦",
    "BRL": "R$",
    "GHS": "₵",
}
# What people type besides the symbol above and the ISO code.
_TYPED = {
    "CNY": "¥",
    "CHF": "fr",
    "PLN": "zł",
    "SEK": "kr",
    "NOK": "kr",
    "DKK": "kr",
    "ISK": "kr",
    "CZK": "kč",
    "HUF": "ft",
    "RON": "lei",
    "BRL": "$",
    "EUR": "euro euros eur.",
    "USD": "us$ dollar dollars",
    "GBP": "pound pounds sterling",
    **dict.fromkeys(["AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP"], "$"),
}
_TENS = {
    "k": 3,
    "tsd": 3,
    "mil": 3,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "mln": 6,
    "b": 9,
    "bn": 9,
    "mrd": 9,
}


def exponent(currency: str) -> int:
    """Decimal places of a currency: 2, but 0 for yen and 3 for dinars (ISO 4217)."""
    return _EXPONENTS.get(currency.upper(), 2)


def parse(text: str, currency: str, locale: str = "en", allow_negative: bool = False) -> int:
    """Minor units of a typed amount: ``12400``, ``12.4k``, ``1,2m``, ``€12k``, ``12.400,50 €``,
    ``5000,-``, ``1E+05``, ``12 TEUR``.

    Which of ``,`` and ``.`` is the decimal sign is told from the amount itself, so that a figure
    pasted from anywhere reads the same for everybody:

    - both there: the last one is;
    - one of them several times: it groups thousands;
    - one of them once, with exactly three digits behind it and one to three before it (not just
      a zero): it groups thousands, ``1.234`` and ``1,234`` alike. Not before ``k`` or ``m``
      (``1.234k`` is 1,234); and in a currency with three decimal places ``locale`` decides
      (a point in English, a comma elsewhere);
    - otherwise it is the decimal sign.

    Nothing is rounded away: more decimals than the currency has are refused.

    Raises:
        CrmError: not an amount, another currency, negative without ``allow_negative``, too many
            decimals, or more than the store can keep (`MOST`).
    """
    negative, whole, decimals, power = _read(text, currency, locale)
    places = exponent(currency)
    if negative and not allow_negative:
        raise CrmError(
            _("An amount cannot be negative: {typed}.").format(typed=_quoted(text)),
            _("Type it without the minus."),
        )
    if len(decimals) > places + power:
        raise CrmError(
            _("{typed} has more decimals than {currency} has.").format(
                typed=_quoted(text), currency=currency
            ),
            _("For example {example}.").format(example=full(1_234 * 10**places, currency)),
        )
    minor = int(whole + decimals.ljust(places + power, "0"))
    if minor > MOST:
        raise _too_much(text, currency)
    return -minor if negative else minor


def parse_cell(text: str, currency: str, locale: str = "en", decimal: str | None = None) -> int:
    """Minor units of an amount in a file, as `parse`; what a program wrote with more decimals than
    the currency has (``1234.5678``) is rounded, half to even. ``decimal`` is the decimal sign of
    its column (`decimal_sign`), which decides what the amount alone does not.

    Raises CrmError as `parse`."""
    negative, whole, decimals, power = _read(text, currency, locale, decimal)
    if negative:
        raise CrmError(_("An amount cannot be negative: {typed}.").format(typed=_quoted(text)))
    if len(decimals) <= exponent(currency) + power:
        minor = int(whole + decimals.ljust(exponent(currency) + power, "0"))
        if minor > MOST:
            raise _too_much(text, currency)
        return minor
    return from_decimal(f"{whole or 0}.{decimals}e{power}", currency)


def decimal_sign(cells: Iterable[str]) -> str | None:
    """The decimal sign of a column of amounts, ``"."`` or ``","``, by those of its cells that can
    be read in one way only; None where none can, or as many one way as the other."""
    import re

    votes = {".": 0, ",": 0}
    for cell in cells:
        for number in re.findall(r"\d[\d.,'’\s\u00a0\u202f]*\d[.,]?", cell)[:1]:
            sign = _certain_sign(re.sub(r"[\s'’\u00a0\u202f]+", "_", number))
            if sign is not None:
                votes[sign] += 1
    if votes["."] == votes[","]:
        return None
    return "." if votes["."] > votes[","] else ","


def _certain_sign(number: str) -> str | None:
    """The decimal sign of a number that can be read in one way only. ``_`` groups its digits."""
    signs = [sign for sign in number if sign in ".,"]
    if not signs:
        return None
    mark, other = signs[-1], "," if signs[-1] == "." else "."
    if other in signs or (len(signs) == 1 and "_" in number):
        return mark
    if len(signs) > 1:
        return other
    head, _mark, tail = number.partition(mark)
    grouping = len(tail) == 3 and 1 <= len(head) <= 3 and head.strip("0") != ""
    return None if grouping else mark


def is_own(text: str, currency: str) -> bool:
    """Whether a cell names this currency: ``EUR``, ``€``, ``Euro``, ``EUR - Euro``."""
    plain = text.casefold().strip(" .()")
    parts = {part.strip(" .()") for part in plain.replace("–", "-").split("-")}
    own = _own_words(currency)
    return any(
        part in own or set(part.replace("(", " ").replace(")", " ").split()) <= own
        for part in {plain, *parts} - {""}
    ) and not any(part in _CODES - own for part in parts)


_CODES = frozenset(code.casefold() for code in (*_SYMBOLS, *_TYPED, *_EXPONENTS))


def other_currency(header: str, currency: str) -> str | None:
    """Another currency that the name of a column says its amounts are in (``Amount (USD)``,
    ``Betrag in $``); None where it says none, or this one."""
    own = _own_words(currency)
    symbols = {sign: code for code, sign in _SYMBOLS.items() if not sign.isalpha()}
    found = next((symbols[sign] for sign in header if sign in symbols), None)
    if found is None:
        words = "".join(sign if sign.isalnum() else " " for sign in header).split()
        found = next((w for w in words if w.isupper() and w.casefold() in _CODES), None)
        found = found or next((w for w in words if w.casefold() in _NAMES), None)
    if found is None or found.casefold() in own or _SYMBOLS.get(found, "").casefold() in own:
        return None
    return found


_NAMES = frozenset(["euro", "euros", "dollar", "dollars", "pounds", "francs", "franken"])


def _own_words(currency: str) -> set[str]:
    """What this currency is written as, in small letters."""
    own = {currency.casefold(), _SYMBOLS.get(currency.upper(), currency).casefold()}
    return own | set(_TYPED.get(currency.upper(), "").split())


def _read(
    text: str, currency: str, locale: str, decimal: str | None = None
) -> tuple[bool, str, str, int]:
    """Whether an amount is negative, its whole digits, its decimals without zeros at the end, and
    the power of ten that it is to be multiplied by."""
    import re
    from unicodedata import normalize

    places = exponent(currency)
    plain = normalize("NFKC", text).casefold().replace("−", "-")
    plain = re.sub(r"[\s'’_]+", "", plain)
    own = _own_words(currency)
    dashes = re.fullmatch(r"(.*\d)([.,])[-–—]{1,2}(\D{0,12})", plain)
    if dashes:  # 5000,- and 1.234,--: no cents
        plain = f"{dashes[1]}{dashes[3]}"
        decimal = dashes[2]
    if scientific := re.fullmatch(r"(\d(?:[.,]\d{1,15})?)e\+?(\d{1,2})", plain):
        whole, _mark, decimals = scientific[1].replace(",", ".").partition(".")
        return False, whole, decimals.rstrip("0"), int(scientific[2])
    found = re.fullmatch(
        r"([+-]?)([^\d.,+-]{0,8})([+-]?)(\d[\d.,]{0,40}|[.,]\d{1,40})([^\d+-]{0,12})", plain, re.A
    )
    if found is None:
        raise _refusal(text, currency)
    sign, before, inner_sign, number, after = found.groups()
    power, words = _unit(after.rstrip(",;"), own)
    if before and not after:
        thousands, before = _unit(before, own)
        if not before and thousands:
            raise _refusal(text, currency)  # a unit alone before the number is none
        power = power or thousands
    for mark in (before, words):
        if mark and mark not in own:
            raise _refusal(text, currency, other=True)
    if (before and words) or (sign and inner_sign):
        raise _refusal(text, currency)
    split = _split(number, places, power, locale, decimal)
    if split is None:
        raise _refusal(text, currency)
    whole, decimals = split
    return "-" in (sign, inner_sign), whole, decimals.rstrip("0"), power


def _unit(words: str, own: set[str]) -> tuple[int, str]:
    """The power of ten that the words beside a number say, and the rest of them, which is nothing
    or this currency: ``mil``, ``m``, ``k€``, ``mio eur``, ``teur``."""
    if words in own:
        return 0, words
    for unit in sorted(_TENS, key=len, reverse=True):
        rest = words.removeprefix(unit)
        if rest != words and rest.lstrip(".") in own | {""}:
            return _TENS[unit], rest.lstrip(".")
        rest = words.removesuffix(unit)  # €k 12
        if rest != words and rest in own:
            return _TENS[unit], rest
    if words[:1] == "t" and words[1:] in own:
        return 3, words[1:]
    return 0, words


def _too_much(text: str, currency: str) -> CrmError:
    return CrmError(
        _("{typed} is more than can be kept.").format(typed=_quoted(text)),
        _("The largest amount is {most}.").format(most=full(MOST, currency)),
    )


def _split(
    number: str, places: int, power: int, locale: str, decimal: str | None
) -> tuple[str, str] | None:
    """Whole digits and decimals of a number with separators; None when they make no sense.
    ``decimal`` is the decimal sign where the number does not say, None where nothing does."""
    signs = [character for character in number if character in ".,"]
    if not signs:
        return number, ""
    mark = signs[-1]
    head, _mark, tail = number.rpartition(mark)
    if len(set(signs)) == 2:
        grouped = "".join(signs[:-1])
        if mark in grouped:
            return None  # 1,2.3,4
        return (whole, tail) if (whole := _ungrouped(head, grouped[0])) else None
    if len(signs) > 1:
        return (whole, "") if (whole := _ungrouped(number, mark)) else None
    thousands = len(tail) == 3 and 1 <= len(head) <= 3 and head.strip("0") != "" and not power
    if thousands and decimal is not None:
        thousands = mark != decimal
    elif thousands and places == 3:
        thousands = mark == ("," if locale.lower().startswith("en") else ".")
    return (head + tail, "") if thousands else (head or "0", tail)


def _ungrouped(digits: str, mark: str) -> str | None:
    """Digits without group separators; the last group has three, the others two or three."""
    first, *groups = digits.split(mark)
    if not 1 <= len(first) <= 3 or not groups or len(groups[-1]) != 3:
        return None
    if any(len(group) not in (2, 3) for group in groups):
        return None
    return first + "".join(groups)


def _quoted(text: str) -> str:
    return f"“{show(text.strip())[:40]}”"


def _refusal(text: str, currency: str, other: bool = False) -> CrmError:
    if other:
        message = _("{typed} is not an amount in {currency}.")
    else:
        message = _("{typed} is not an amount.")
    return CrmError(
        message.format(typed=_quoted(text), currency=currency),
        _("Type it like {one} or {two}.").format(
            one="12.4k", two=full(12_400 * 10 ** exponent(currency), currency)
        ),
    )


def full(minor: int, currency: str) -> str:
    """The whole amount, to be read and to be typed back: ``€12,400``, ``€12,400.50``, ``CHF 9``.

    Decimals only when there are any; what `parse` makes of it in English is ``minor`` again.
    """
    places = exponent(currency)
    whole, part = divmod(abs(minor), 10**places)
    symbol = _SYMBOLS.get(currency.upper()) or f"{currency.upper()} "
    decimals = f".{part:0{places}d}" if part else ""
    return f"{'-' if minor < 0 else ''}{symbol}{whole:,}{decimals}"


def compact(minor: int, currency: str, trim: bool = False) -> str:
    """The amount for a narrow column, without its currency: ``950``, ``12.4k``, ``40.0k``.

    One decimal, so that amounts under each other compare by eye; ``trim`` leaves a ``.0`` out
    (a goal in a sentence). Rounded half up; at most six cells below ten billion.
    """
    unit = 10 ** exponent(currency)
    sign, size = ("-" if minor < 0 else ""), abs(minor)
    whole = (size * 2 + unit) // (unit * 2)
    if whole < 1_000:
        return f"{sign}{whole}" if whole else "0"
    for power, letter in ((3, "k"), (6, "m"), (9, "b")):
        scale = unit * 10**power
        tenths = (size * 20 + scale) // (scale * 2)
        if tenths < 1_000:
            tail = "" if trim and not tenths % 10 else f".{tenths % 10}"
            return f"{sign}{tenths // 10}{tail}{letter}"
        rounded = (size * 2 + scale) // (scale * 2)
        if rounded < 1_000 or letter == "b":
            return f"{sign}{rounded}{letter}"
    raise AssertionError("unreachable")  # the last letter returns


def decimal(minor: int, currency: str) -> Decimal:
    """The amount in major units, exactly: ``Decimal("12400.50")``. For CSV and workbooks."""
    from decimal import Decimal

    return Decimal((int(minor < 0), _digits(abs(minor)), -exponent(currency)))


def _digits(number: int) -> tuple[int, ...]:
    return tuple(map(int, str(number)))


def number(minor: int, currency: str) -> int | float:
    """The amount in major units as a JSON number: ``12400``, ``12400.5``.

    Output only: the float nearest to the amount prints it exactly up to fifteen digits.
    """
    unit: int = 10 ** exponent(currency)
    return minor / unit if minor % unit else minor // unit


def from_decimal(amount: Decimal | int | float | str, currency: str) -> int:
    """Minor units of a number in major units (a workbook's cell, a JSON number), half to even.

    Raises:
        CrmError: not a finite number, or more than the store can keep.
    """
    from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

    try:
        # str() of a float is what its writer meant: 0.1 is "0.1".
        value = amount if isinstance(amount, Decimal) else Decimal(str(amount))
        context = Context(prec=60, rounding=ROUND_HALF_EVEN)
        if not value.is_finite() or value.adjusted() > 24:
            raise _refusal(str(amount), currency)
        minor = int(value.scaleb(exponent(currency), context).to_integral_value(ROUND_HALF_EVEN))
    except InvalidOperation:
        raise _refusal(str(amount), currency) from None
    if abs(minor) > MOST:
        raise _too_much(str(amount), currency)
    return minor
