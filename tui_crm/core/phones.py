"""Phone numbers: read from what people type, compared, shown.

A number is kept as typed, with its E.164 form (``+34600100200``) beside it when it is valid. An
odd one is never refused: it is kept with a sentence about what is wrong with it. The rules are
those of `phonenumbers` (Google's metadata); ``region`` is always an ISO country code (``"ES"``),
the workspace's, for numbers written without a country code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tui_crm.core import emails
from tui_crm.core.text import PLACEHOLDER, _, clean

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


class Phone(NamedTuple):
    """One number: as it was ``typed``, and what it means.

    ``e164`` is None when the number is not valid, and ``problem`` then says why in a few words;
    ``extension`` are the digits behind the number, "" without one.
    """

    typed: str
    e164: str | None = None
    extension: str = ""
    problem: str | None = None

    @property
    def national(self) -> str:
        """As people of its own country write it; as typed when it is not valid."""
        return _formatted(self.typed, self.e164, self.extension, True)

    @property
    def international(self) -> str:
        """With its country code, in groups; as typed when it is not valid."""
        return _formatted(self.typed, self.e164, self.extension, False)


# A spreadsheet that took a phone for a number: 6.1E8 (digits are lost), 600100200.0 (none are).
_ROUNDED = r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+"
_FLOAT = r"(\+?\d{7,})[.,]0+"


def read(text: str, region: str) -> Phone:
    """The one number in ``text``, whose country is ``region`` unless it says otherwise."""
    typed = clean(text, single_line=True).strip()
    plain = typed.replace(PLACEHOLDER, "").strip()
    if fast := plainly(plain, region):
        return Phone(typed, fast)
    if not plain:
        return Phone(typed, problem=_("no number"))
    if re.fullmatch(_ROUNDED, plain):
        return Phone(typed, problem=_("rounded by a spreadsheet: digits are lost"))
    if whole := re.fullmatch(_FLOAT, plain):
        plain = whole[1]
    import phonenumbers

    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException as error:
        return Phone(typed, problem=_parse_problem(error.error_type, plain))
    if not phonenumbers.is_valid_number(number):
        return Phone(typed, extension=number.extension or "", problem=_invalid_problem(number))
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(typed, e164, number.extension or "")


def _parse_problem(kind: int, text: str) -> str:
    from phonenumbers import NumberParseException as Kind

    if kind == Kind.INVALID_COUNTRY_CODE:
        if not text.lstrip().startswith(("+", "00")):
            return _("its country is not known")
        return _("no such country code")
    if kind == Kind.TOO_LONG:
        return _("too long for a phone number")
    if kind in (Kind.TOO_SHORT_NSN, Kind.TOO_SHORT_AFTER_IDD) or re.search(r"\d", text):
        return _("too short for a phone number")
    return _("not a phone number")


def _invalid_problem(number: PhoneNumber) -> str:
    from phonenumbers import (
        ValidationResult,
        is_possible_number_with_reason,
        region_code_for_country_code,
    )

    country = region_code_for_country_code(number.country_code or 0)
    reason = is_possible_number_with_reason(number)
    if reason in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return _("too short for a number of {country}").format(country=country)
    if reason == ValidationResult.TOO_LONG:
        return _("too long for a number of {country}").format(country=country)
    return _("not a number in use in {country}").format(country=country)


# --------------------------------------------------------------------------- plain numbers
#
# An import reads every number of a file, and nearly all of them are plain: digits, a little
# punctuation, valid. For these the same metadata is applied directly, with one pattern a length
# instead of one a kind of number. Whatever is not plainly valid here is left to
# `phonenumbers.parse`; tests hold both to the same answers.


@cache
def _plain_pattern() -> re.Pattern[str]:
    return re.compile(r"[ (]*(\+?)([0-9 ()./\-\xa0]{6,30})")


_punctuation = {ord(sign): None for sign in " ()./-\xa0"}


class _Plan(NamedTuple):
    """What the metadata says about the numbers of one region, ready to match."""

    code: str
    lengths: frozenset[int]
    general: re.Pattern[str]
    prefix: re.Pattern[str] | None
    prefix_is_simple: bool
    abroad: re.Pattern[str] | None
    leading: re.Pattern[str] | None
    kinds: dict[int, re.Pattern[str]]

    def has(self, number: str) -> bool:
        """Whether ``number`` (national, digits only) is of a known kind in this region."""
        pattern = self.kinds.get(len(number))
        return pattern is not None and pattern.fullmatch(number) is not None


@cache
def _plan(region: str) -> _Plan | None:
    from phonenumbers import PhoneMetadata

    found = PhoneMetadata.metadata_for_region(region, None)
    whole = found.general_desc if found is not None else None
    if found is None or whole is None or whole.national_number_pattern is None:
        return None
    general = re.compile(whole.national_number_pattern)
    by_length: dict[int, list[str]] = {}
    for kind in (
        found.premium_rate,
        found.toll_free,
        found.shared_cost,
        found.voip,
        found.personal_number,
        found.pager,
        found.uan,
        found.voicemail,
        found.fixed_line,
        found.mobile,
    ):
        if kind is None or kind.national_number_pattern is None:
            continue
        for length in kind.possible_length or whole.possible_length:
            if length in whole.possible_length:
                by_length.setdefault(length, []).append(kind.national_number_pattern)
    prefix = found.national_prefix_for_parsing
    pattern = re.compile(prefix) if prefix else None
    # Some countries rewrite behind the prefix (Argentina, Mexico): not for the fast way.
    simple = not found.national_prefix_transform_rule and (pattern is None or pattern.groups == 0)
    return _Plan(
        str(found.country_code),
        frozenset(whole.possible_length),
        general,
        pattern,
        simple,
        re.compile(found.international_prefix) if found.international_prefix else None,
        re.compile(found.leading_digits) if found.leading_digits else None,
        {
            length: re.compile(f"(?={general.pattern}\\Z)(?:{'|'.join(patterns)})")
            for length, patterns in by_length.items()
        },
    )


@cache
def _owners(code: str) -> tuple[_Plan, ...]:
    """The plans of the regions that share a country code, up to the first without a plan."""
    found = []
    for name in _regions(code):
        plan = _plan(name)
        if plan is None:
            break
        found.append(plan)
    return tuple(found)


@lru_cache(maxsize=1024)
def _abroad(start: str) -> tuple[int, _Plan] | None:
    """How long the country code is in a number that begins with ``start``, three digits at most,
    and the plan of its main region; None when there is no such code, or it is no country's."""
    for length in range(1, len(start) + 1):
        if start[0] != "0" and (shared := _regions(start[:length])):
            plan = _plan(shared[0])
            return None if plan is None else (length, plan)
    return None


@cache
def _regions(code: str) -> tuple[str, ...]:
    """The regions that share a country code, the main one first; none for ``+800`` and such."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    found: tuple[str, ...] = COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    return () if "001" in found else found


def plainly(text: str, region: str) -> str | None:
    """The E.164 form of a plainly written, valid number without blanks around it, as `read` gives
    it; None says nothing: `read` it then."""
    found = _plain_pattern().fullmatch(text)
    if found is None:
        return None
    digits = found[2].replace(" ", "")
    if not digits.isdigit():
        digits = digits.translate(_punctuation)
    plan = None
    if not found[1]:
        plan = _plan(region)
        if plan is None or digits.startswith(plan.code):
            return None
        if plan.abroad is not None and plan.abroad.match(digits):
            if plan.abroad.pattern != "00" or digits[2:3] in ("", "0"):
                return None
            digits = digits[2:]
            plan = None
    if plan is None:
        country = _abroad(digits[:3])
        if country is None:
            return None
        length, plan = country
        digits = digits[length:]
    if plan.prefix is not None and (prefix := plan.prefix.match(digits)) and prefix.end():
        if not plan.prefix_is_simple:
            return None
        rest = digits[prefix.end() :]
        if not plan.general.fullmatch(digits) or plan.general.fullmatch(rest):
            digits = rest
    if len(digits) not in plan.lengths:
        return None
    for owner in _owners(plan.code):
        if owner.leading is not None:
            if owner.leading.match(digits):
                return f"+{plan.code}{digits}" if owner.has(digits) else None
        elif owner.has(digits):
            return f"+{plan.code}{digits}"
    return None


# --------------------------------------------------------------------------- several in a cell

_BETWEEN = (
    r"[;,|\n]+|\s+:::\s+|\s+(?=(?i:(?:tele)?fax\b|f\s*:))"
    r"|\s+(?:or|and|o|y|u|ou|et|oder|und)\s+|\s*[/&]\s*"
)


def find(cell: str, region: str) -> list[Phone]:
    """Every number in a cell of a file, in order, each once; [] when there is not a digit.

    ``"600 100 200 / 91 000 00 00"`` are two; ``"030/1234567"`` is one. What looks like a number
    but is none stays in the list with its problem, so that nothing is lost.
    """
    text = clean(cell)
    if not any(character.isdigit() for character in text):
        return []
    found: list[Phone] = []
    for part in _parts(text):
        phone = read(part, region)
        found += [phone] if phone.e164 else list(_matches(part, region)) or [phone]
    return list({(phone.e164 or phone.typed, phone.extension): phone for phone in found}.values())


_FAX = re.compile(
    r"\b(?:tele|work|home|office|business)?fax(?:e|nummer|number|nr)?\b|\bt[eé]l[eé]copie(?:ur)?\b|"
    r"\btel[eé]copia(?:dora)?\b|\bf\s*:",
    re.IGNORECASE,
)


def is_fax(label: str) -> bool:
    """Whether the words beside a number say that it is a fax, and no phone to dial."""
    return "fax" in label.casefold() or _FAX.search(label) is not None


def _parts(text: str) -> list[str]:
    """The cell at its separators, where both sides have the digits of a number; without those
    that it calls a fax."""
    return [part for part in _split_at_gaps(text) if not is_fax(part)]


def _split_at_gaps(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for gap in re.finditer(_BETWEEN, text):
        if _digits(text[start : gap.start()]) >= 6 and _digits(text[gap.end() :]) >= 6:
            parts.append(text[start : gap.start()])
            start = gap.end()
    return [*parts, text[start:]]


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def read_as(cell: str, regions: Sequence[str]) -> list[Phone]:
    """The numbers in a cell (:func:`find`), read as those of the first of the countries that makes
    a valid one of them; of the first of all when none does."""
    tried: list[Phone] | None = None
    for region in regions:
        one = read(cell, region)
        # What follows a ";" is read as an extension, and may be a second number.
        single = one.e164 and not one.extension and not is_fax(cell)
        found = [one] if single else find(cell, region)
        if any(phone.e164 for phone in found):
            return found
        tried = tried or found
    return tried or []


def _matches(text: str, region: str) -> Iterator[Phone]:
    """Valid numbers inside other words."""
    from phonenumbers import PhoneNumberMatcher

    if re.fullmatch(_ROUNDED, text.strip()):
        return
    for match in PhoneNumberMatcher(text, region):
        phone = read(match.raw_string, region)
        if phone.e164:
            yield phone


# --------------------------------------------------------------------------- showing, placing


@lru_cache(maxsize=4096)
def _formatted(typed: str, e164: str | None, extension: str, national: bool) -> str:
    if e164 is None:
        return typed
    from phonenumbers import PhoneNumberFormat, format_number, parse

    number = parse(e164, None)
    number.extension = extension or None
    style = PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    return format_number(number, style)


def shown(typed: str, e164: str | None, region: str) -> str:
    """A stored number for the eyes of a rep in ``region``: national at home, else international.

    One that is not valid is shown as typed; an extension that was typed is kept.
    """
    if e164 is None:
        return typed
    extension = ""
    if re.search(r"[^\d\s()./+\-]", typed):
        extension = read(typed, region).extension
    plan = _plan(region)
    at_home = plan is not None and region in _regions(plan.code) and _code(e164) == plan.code
    return _formatted(typed, e164, extension, at_home)


def _code(e164: str) -> str:
    return next((e164[1:end] for end in (2, 3, 4) if _regions(e164[1:end])), "")


def has_numbers(region: str) -> bool:
    """Whether a country, an ISO code, has phone numbers of its own."""
    return _plan(region) is not None


def country(e164: str) -> str:
    """The country, an ISO code, that a number's prefix stands for, the main one of several; empty
    for a prefix that is no country's."""
    return next(iter(_regions(_code(e164))), "") if _code(e164) else ""


@lru_cache(maxsize=65536)
def zones(e164: str) -> tuple[str, ...]:
    """The IANA zones where this number may ring, ``()`` when it does not tell.

    A free or shared-cost number of a country with several zones does not tell; nor does one
    that belongs to no country.
    """
    from phonenumbers import NumberParseException, PhoneNumberType, number_type, parse
    from phonenumbers.timezone import time_zones_for_number

    try:
        number = parse(e164, None)
    except NumberParseException:
        return ()
    found: tuple[str, ...] = tuple(time_zones_for_number(number))
    if found == ("Etc/Unknown",):
        return ()
    nowhere = (
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.UNKNOWN,
    )
    if len(found) > 1 and (number_type(number) in nowhere or not _code(e164)):
        return ()
    return found


# --------------------------------------------------------------------------- looking for one

ENDS = 6  # digits by whose end a number is found


def digits(text: str) -> str:
    """The digits of a text, of any script, as ``0`` to ``9``."""
    return "".join(c if c.isascii() else str(int(c)) for c in text if c.isdecimal())


def ends(text: str, region: str) -> tuple[str, ...]:
    """What the digits of a number end in that ``text`` may be, in any printed spelling and with or
    without what stands before it in its own country or abroad; the longest first, () for less than
    :data:`ENDS` digits. ``+34 600 10 02 00``, ``0034 600100200`` and ``600.100.200`` all find the
    number, as does ``100200``."""
    typed = digits(re.sub(r"\(\s*0\s*\)", "", text))
    if len(typed) < ENDS:
        return ()
    found = {typed, typed.lstrip("0")}
    if e164 := read(text, region).e164:
        found |= {e164[1:], e164[1 + len(_code(e164)) :]}
    return tuple(sorted((end for end in found if len(end) >= ENDS), key=len, reverse=True))


def ends_in(number: str, wanted: Sequence[str]) -> str:
    """The longest of the ``wanted`` ends (:func:`ends`) that a number has, E.164 or as typed; empty
    when it has none."""
    own = digits(number)
    return next((end for end in wanted if own.endswith(end)), "")


# --------------------------------------------------------------------------- comparing


def match_of(kind: str, value: str, region: str) -> str:
    """What a phone or e-mail is compared by: E.164 or the address without case; else empty."""
    if kind == "phone":
        return read(value, region).e164 or ""
    if kind == "email":
        return emails.key(value) or ""
    return ""
