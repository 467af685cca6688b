"""An e-mail address is found whole or not at all."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, strategies as st

from tui_crm.core import emails

ATEXT = string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~" + "éñßж"
atoms = st.text(ATEXT, min_size=1, max_size=8)
locals_ = st.lists(atoms, min_size=1, max_size=3).map(".".join).filter(lambda t: t[0] != "'")
labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)
domains = st.tuples(st.lists(labels, min_size=1, max_size=3), st.sampled_from(["example", "co.uk"]))
addresses = st.builds(lambda local, d: f"{local}@{'.'.join([*d[0], d[1]])}", locals_, domains)


@given(addresses)
def test_every_address_is_whole(address: str) -> None:
    assert emails.find(address) == [address]
    assert emails.key(address.upper()) == address.upper().casefold()


@given(st.lists(addresses, max_size=4, unique_by=str.casefold), st.sampled_from(["; ", ", ", "\n"]))
def test_several_in_a_cell_are_each_whole(found: list[str], between: str) -> None:
    assert emails.find(between.join(found)) == found


@given(addresses, st.text(ATEXT + ' .,;:<>()[]"\\@\t’“”', max_size=6), st.booleans())
def test_what_is_stuck_to_an_address_never_makes_another_one(
    address: str, other: str, before: bool
) -> None:
    """Whatever is found is either in the text between signs that no address has, or nothing."""
    text = f"{other}{address}" if before else f"{address}{other}"
    for found in emails.find(text):
        start = text.casefold().index(found.casefold())
        left, right = text[:start][-1:], text[start + len(found) :][:1]
        assert not left or left not in ATEXT + ".\\)]@’" or left in "'*`/|&+"
        assert not right or right not in string.ascii_letters + string.digits + "-_@"


@pytest.mark.parametrize(
    "odd",
    [
        "ben@acme",
        "carl@acme..example",
        ".ana@x.example",
        "ana.@x.example",
        "a@b@c.example",
        "o’rielly@x.example",
        "john smith@acme.example",
        "a,b@x.example",
        "a(b)c@x.example",
        '"a"b@x.example',
        "a\\b@x.example",
        "http://user:word@host.example/x",
        "ana@x.example-",
        "'ana@x.example",
    ],
)
def test_what_is_not_understood_whole_is_no_address(odd: str) -> None:
    assert emails.find(odd) == [] and emails.read(odd).odd


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (
            "Ana <ana@x.example>; mailto:ben@y.example?subject=Hi",
            ["ana@x.example", "ben@y.example"],
        ),
        ('"Ruiz, Ana" <ana@x.example>', ["ana@x.example"]),
        ('"john smith"@x.example', ['"john smith"@x.example']),
        ("'ana@x.example'", ["ana@x.example"]),
        ("ana@x.example ::: ana.ruiz@home.example", ["ana@x.example", "ana.ruiz@home.example"]),
        ("ana@x.example/ben@y.example", ["ana@x.example", "ben@y.example"]),
        ("E-Mail: ana@x.example.", ["ana@x.example"]),
        ("Ana Ruiz ana.ruiz@x.example", ["ana.ruiz@x.example"]),
        ("ana@x.example or ben@x.example", ["ana@x.example", "ben@x.example"]),
    ],
)
def test_addresses_among_other_words(cell: str, found: list[str]) -> None:
    assert emails.find(cell) == found
