"""Phone numbers and e-mail addresses, as files and people write them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings, strategies as st

from tui_crm.core import emails, phones

REGIONS = ["ES", "DE", "FR", "GB", "US", "CA", "IT", "AR", "MX", "CH", "AT", "JE", "KZ", "RU", "BR"]
NUMBER_FORMATS = [
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
]


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("600 100 200", "ES", "+34600100200"),
        ("+34 600-100-200", "DE", "+34600100200"),
        ("0034 600 100 200", "ES", "+34600100200"),
        ("030/1234567", "DE", "+49301234567"),
        ("+49 (0)30 1234567", "ES", "+49301234567"),
        ("(020) 7946 0018", "GB", "+442079460018"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+39 06 1234 5678", "ES", "+390612345678"),
        ("600100200.0", "ES", "+34600100200"),
        ("Tel.: 600 100 200", "ES", "+34600100200"),
        ("tel:+34-600-100-200", "US", "+34600100200"),
        ("\u202a+34 600 100 200\u202c", "ES", "+34600100200"),
        ("'+34600100200", "ES", "+34600100200"),
        ("６００１００２００", "ES", "+34600100200"),
    ],
)
def test_a_valid_number(typed: str, region: str, e164: str) -> None:
    phone = phones.read(typed, region)
    assert (phone.e164, phone.problem) == (e164, None)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("6.1E8", "spreadsheet"),
        ("6,1e+08", "spreadsheet"),
        ("12345", "too short"),
        ("+()()()", "not a phone number"),
        ("600 100 20", "too short"),
        ("600 100 200 300", "too long"),
        ("100 100 200", "not a number in use"),
        ("+999 600 100 200", "no such country"),
        ("n/a", "not a phone number"),
        ("", "no number"),
        ("1" * 300, "o"),
    ],
)
def test_an_odd_number_is_kept_and_marked(typed: str, problem: str) -> None:
    phone = phones.read(typed, "ES")
    assert phone.typed == typed
    assert phone.e164 is None
    assert phone.problem is not None and problem in phone.problem
    assert phone.national == phone.international == typed


def test_an_extension_is_kept_apart() -> None:
    phone = phones.read("+34 912 345 678 ext. 12", "ES")
    assert (phone.e164, phone.extension) == ("+34912345678", "12")
    assert phone.national.endswith("12")


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("600 100 200 / 91 000 00 00", ["+34600100200", "+34910000000"]),
        ("600100200,600100201;600100202\n600100203", [f"+3460010020{n}" for n in range(4)]),
        ("600100200 o 600100201", ["+34600100200", "+34600100201"]),
        ("Mobile: 600100200 office 912345678", ["+34600100200", "+34912345678"]),
        ("600 100 200, +34600100200", ["+34600100200"]),
        ("600100200; 12345678", ["+34600100200", None]),
        ("6.1E8", [None]),
        ("n/a", []),
        ("", []),
    ],
)
def test_several_numbers_in_a_cell(cell: str, numbers: list[str | None]) -> None:
    assert [phone.e164 for phone in phones.find(cell, "ES")] == numbers


def test_a_german_area_code_is_not_a_number_of_its_own() -> None:
    assert [phone.e164 for phone in phones.find("030/1234567", "DE")] == ["+49301234567"]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("600100203; 600100204", [("+34600100203", ""), ("+34600100204", "")]),
        ("600 100 203;600 100 204", [("+34600100203", ""), ("+34600100204", "")]),
        ("912345678 ext. 12", [("+34912345678", "12")]),
        ("912345678; 12", [("+34912345678", "12")]),
    ],
)
def test_a_second_number_of_a_cell_is_no_extension(cell, numbers):
    found = phones.read_as(cell, ("ES",))
    assert [(phone.e164, phone.extension) for phone in found] == numbers


@st.composite
def written_numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A number of some country in one of its spellings, now and then damaged, and a region."""
    country = draw(st.sampled_from(REGIONS))
    kind = draw(st.sampled_from([0, 1, 2, 3, 4, 6, 7, 9]))
    number = phonenumbers.example_number_for_type(country, kind) or phonenumbers.example_number(
        country
    )
    assert number is not None
    text = list(phonenumbers.format_number(number, draw(st.sampled_from(NUMBER_FORMATS))))
    for _change in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text) - 1))
        if text[place].isdigit():
            text[place] = draw(st.sampled_from("0123456789"))
    if draw(st.booleans()):
        text.insert(draw(st.integers(0, len(text))), draw(st.sampled_from("0123456789-/ ().+")))
    return draw(st.sampled_from(["", "", "", "0", "00"])) + "".join(text), draw(
        st.sampled_from([country, "ES", "US", "DE", "GB", "IT"])
    )


@settings(max_examples=600, deadline=None)
@given(written_numbers())
def test_the_fast_way_agrees_with_the_library(written: tuple[str, str]) -> None:
    text, region = written
    try:
        number = phonenumbers.parse(text, region)
        valid = phonenumbers.is_valid_number(number)
    except phonenumbers.NumberParseException:
        valid = False
    expected = (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None
    )
    assert phones.read(text, region).e164 == expected


@settings(deadline=None)
@given(st.text(max_size=40) | st.text("0123456789+-/() .eEx;,", max_size=40))
def test_any_text_is_read_without_an_error(text: str) -> None:
    phone = phones.read(text, "ES")
    assert (phone.e164 is None) == (phone.problem is not None)
    phones.find(text, "DE")


@pytest.mark.parametrize(
    ("e164", "zones"),
    [
        ("+12125550123", ("America/New_York",)),
        ("+49301234567", ("Europe/Berlin",)),
        ("+18005550199", ()),
        ("+80012345678", ()),
        ("nonsense", ()),
    ],
)
def test_the_zones_where_a_number_rings(e164: str, zones: tuple[str, ...]) -> None:
    assert phones.zones(e164) == zones


def test_a_country_with_two_zones_gives_both() -> None:
    assert "Europe/Madrid" in phones.zones("+34600100200")


def test_a_number_is_national_at_home_and_international_abroad() -> None:
    assert phones.shown("600100200", "+34600100200", "ES") == "600 10 02 00"
    assert phones.shown("600100200", "+34600100200", "DE") == "+34 600 10 02 00"
    assert phones.shown("+1 613 555 0123", "+16135550123", "US") == "(613) 555-0123"
    assert phones.shown("12345 (old)", None, "ES") == "12345 (old)"
    assert phones.shown("912 345 678 ext 5", "+34912345678", "ES").endswith("5")


def test_emails_in_a_cell() -> None:
    cell = "Ana <Ana@Example.com>; mailto:ben@example.co.uk, ANA@example.com. at@home, x@y"
    assert emails.find(cell) == ["Ana@Example.com", "ben@example.co.uk"]
    assert emails.find("josé@exämple.org") == ["josé@exämple.org"]
    assert emails.find("") == []


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        (" Ana@EXAMPLE.com ", "ana@example.com"),
        ("Ana Gil <ana@example.com>", "ana@example.com"),
        ("ana(at)example.com", None),
        ("a@example.com, b@example.com", None),
        ("", None),
    ],
)
def test_emails_compare_without_case(typed: str, same: str | None) -> None:
    assert emails.key(typed) == same
