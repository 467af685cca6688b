"""Amounts: what people type, what is kept, what is shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from tui_crm.core import money
from tui_crm.core.errors import CrmError

CURRENCIES = ["EUR", "USD", "GBP", "CHF", "JPY", "CLP", "KWD", "PLN", "BRL", "XYZ"]
amounts = st.integers(-money.MOST, money.MOST)


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("12400", "12400"),
        ("12,400", "12400"),
        ("12.400", "12400"),
        ("1.234", "1234"),
        ("12.400,50 €", "12400.50"),
        ("12,400.50", "12400.50"),
        ("12 400,5 €", "12400.50"),
        ("12\u00a0400 €", "12400"),
        ("12\u202f400,00", "12400"),
        ("12'400.50", "12400.50"),
        ("1,234,567", "1234567"),
        ("12,34,567", "1234567"),
        ("12.4k", "12400"),
        ("1,5k", "1500"),
        ("1.234k", "1234"),
        ("1.2m", "1200000"),
        ("1,2 Mio €", "1200000"),
        ("€12k", "12000"),
        ("12k€", "12000"),
        ("3 mil", "3000"),
        ("EUR 12", "12"),
        ("12 eur", "12"),
        ("0.5", "0.50"),
        (".5", "0.50"),
        ("0,125k", "125"),
        ("１２００", "1200"),
        ("12.50 ", "12.50"),
        ("+5", "5"),
        ("0", "0"),
        ("1e5", "100000"),
        ("1E+05", "100000"),
        ("5000,-", "5000"),
        ("1.234,--", "1234"),
        ("€ 1.234,-", "1234"),
        ("12 TEUR", "12000"),
        ("TEUR 12", "12000"),
        ("12 k€", "12000"),
        ("k€ 12", "12000"),
        ("12 Tsd. €", "12000"),
    ],
)
def test_amounts_as_people_type_them(typed: str, euros: str) -> None:
    assert money.decimal(money.parse(typed, "EUR"), "EUR") == Decimal(euros)
    assert money.parse(typed, "EUR", "de") == money.parse(typed, "EUR", "en")


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        "12x",
        "-5",
        "--5",
        "1.2.3",
        "1,2.3,4",
        "12.345.6",
        "$12",
        "12$",
        "€12€",
        "0.125",
        "1234.567",
        "12-13",
        "nan",
        "٣",
        "k",
        "€",
        "[/]",
        "\x1b[31m5",
        "999999999999999999999999999999",
        "99999999999m",
        "12kk",
    ],
)
def test_nonsense_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(CrmError) as refused:
        money.parse(typed, "EUR")
    assert "“" in refused.value.message and refused.value.hint
    assert "\x1b" not in str(refused.value)


def test_a_negative_amount_only_where_it_makes_sense() -> None:
    assert money.parse("-€5.25", "EUR", allow_negative=True) == -525
    assert money.parse("€-5.25", "EUR", allow_negative=True) == -525
    with pytest.raises(CrmError, match="negative"):
        money.parse("-5", "EUR")


def test_the_currency_decides_the_decimals() -> None:
    assert money.parse("1200", "JPY") == 1200
    assert money.parse("1.5k", "JPY") == 1500
    with pytest.raises(CrmError, match="decimals"):
        money.parse("12.50", "JPY")
    assert money.parse("1.234", "KWD", "en") == 1234
    assert money.parse("1,234", "KWD", "en") == 1_234_000
    assert money.parse("1,234", "KWD", "de") == 1234
    assert [money.exponent(currency) for currency in ("EUR", "jpy", "KWD")] == [2, 0, 3]


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (12_400_00, "EUR", "€12,400"),
        (12_400_50, "EUR", "€12,400.50"),
        (-5, "EUR", "-€0.05"),
        (900, "CHF", "CHF 9"),
        (1200, "JPY", "¥1,200"),
        (12_500, "KWD", "KWD 12.500"),
    ],
)
def test_the_whole_amount(minor: int, currency: str, shown: str) -> None:
    assert money.full(minor, currency) == shown


@pytest.mark.parametrize(
    ("euros", "shown"),
    [
        ("0", "0"),
        ("0.49", "0"),
        ("999.49", "999"),
        ("999.50", "1.0k"),
        ("1234", "1.2k"),
        ("12400", "12.4k"),
        ("99949", "99.9k"),
        ("99950", "100k"),
        ("123456", "123k"),
        ("999499", "999k"),
        ("999500", "1.0m"),
        ("1250000", "1.3m"),
        ("3100000000", "3.1b"),
        ("-12400", "-12.4k"),
    ],
)
def test_the_narrow_amount(euros: str, shown: str) -> None:
    assert money.compact(money.from_decimal(euros, "EUR"), "EUR") == shown


@given(amounts, st.sampled_from(CURRENCIES))
def test_what_is_shown_can_be_typed_back(minor: int, currency: str) -> None:
    assert money.parse(money.full(minor, currency), currency, allow_negative=True) == minor


@given(amounts, st.sampled_from(["EUR", "JPY", "CHF"]))
def test_what_is_shown_reads_the_same_in_every_language(minor: int, currency: str) -> None:
    shown = money.full(minor, currency)
    for locale in ("es", "fr", "de"):
        assert money.parse(shown, currency, locale, allow_negative=True) == minor


@given(amounts, st.sampled_from(CURRENCIES))
def test_decimals_are_exact_both_ways(minor: int, currency: str) -> None:
    assert money.from_decimal(money.decimal(minor, currency), currency) == minor


@given(st.integers(-(10**14), 10**14), st.sampled_from(CURRENCIES))
def test_json_numbers_are_exact_both_ways(minor: int, currency: str) -> None:
    assert money.from_decimal(money.number(minor, currency), currency) == minor


@given(st.integers(0, 10**12 - 1))
def test_the_narrow_amount_is_narrow_and_near(minor: int) -> None:
    shown = money.compact(minor, "EUR")
    assert len(shown) <= 6
    scale = {"k": 10**3, "m": 10**6, "b": 10**9}.get(shown[-1], 1)
    meant = Decimal(shown.rstrip("kmb")) * scale * 100
    assert abs(meant - minor) <= max(Decimal(50), Decimal(minor) / 19)


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_refusal(typed: str) -> None:
    try:
        assert 0 <= money.parse(typed, "EUR") <= money.MOST
    except CrmError as refused:
        assert refused.hint


@pytest.mark.parametrize("amount", ["nan", "inf", "1e30", "x", float("inf"), 1e300])
def test_a_cell_that_is_no_amount(amount: str | float) -> None:
    with pytest.raises(CrmError):
        money.from_decimal(amount, "EUR")


def test_a_cell_that_is_a_float() -> None:
    assert money.from_decimal(0.1 + 0.2, "EUR") == 30
    assert money.from_decimal(1234.565, "EUR") == 123456


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (("10543.21", "987.654"), "."),
        (("1.234", "45,5"), ","),
        (("1.234.567", "987.654"), ","),
        (("1 234,567",), ","),
        (("1'234.567",), "."),
        (("1,234.00",), "."),
        (("12345.678",), "."),
        (("0.500",), "."),
        (("€ 1.234,-",), ","),
        (("1.234", "12.345"), None),
        (("12000", "abc", ""), None),
        (("1.5", "1,5"), None),
    ],
)
def test_the_decimal_sign_of_a_column(cells: tuple[str, ...], sign: str | None) -> None:
    assert money.decimal_sign(cells) == sign


def test_a_column_decides_what_an_amount_alone_does_not() -> None:
    assert money.parse_cell("987.654", "EUR", decimal=".") == 98_765
    assert money.parse_cell("987.654", "EUR", decimal=",") == 98_765_400
    assert money.parse_cell("1.234,50", "EUR", decimal=".") == 123_450
    assert money.parse_cell("1234.5678", "EUR") == 123_457


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=8),
    st.sampled_from(CURRENCIES),
    st.sampled_from(["en", "es", "fr", "de"]),
    st.sampled_from([("", "."), ("", ","), (",", "."), (".", ","), (" ", ","), ("'", ".")]),
)
def test_a_column_written_whole_is_read_the_same_in_every_language(
    minors: list[int], currency: str, language: str, signs: tuple[str, str]
) -> None:
    """Amounts with all their decimals, grouped or not, as programs write them."""
    group, point = signs
    places = money.exponent(currency)

    def written(minor: int) -> str:
        whole, part = divmod(minor, 10**places)
        return f"{whole:,}".replace(",", group) + (f"{point}{part:0{places}d}" if places else "")

    cells = [written(minor) for minor in minors]
    sign = money.decimal_sign(cells) or (point if places == 3 else None)
    assert [money.parse_cell(c, currency, language, sign) for c in cells] == minors


@pytest.mark.parametrize(
    ("header", "other"),
    [
        ("Amount (USD)", "USD"),
        ("Value $", "USD"),
        ("Betrag in CHF", "CHF"),
        ("Amount", None),
        ("Importe €", None),
        ("Amount EUR", None),
    ],
)
def test_the_currency_that_a_column_names(header: str, other: str | None) -> None:
    assert money.other_currency(header, "EUR") == other


def test_whether_a_cell_names_our_currency() -> None:
    assert all(money.is_own(text, "EUR") for text in ("EUR", "eur", "€", "Euro", "EUR - Euro"))
    assert not any(money.is_own(text, "EUR") for text in ("USD", "$", "US Dollar", "CHF", "euros?"))
