"""Text on its way in, on its way to the screen, and compared."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from tui_crm.core import text
from tui_crm.core.fuzzy import score
from tui_crm.core.text import clean, clean_counted, fields, fit, fold, show, wrap

# Letters of many scripts with everything that is known to break a terminal's columns.
PIECES = [
    "a",
    "1",
    "é",
    "e\u0301",
    "\u0301" * 6,
    " ",
    "株",
    "한",
    "\u1100",
    "\u1161",
    "ア",
    "กำ",
    "ﷺ",
    "\u0915",
    "\u094d",
    "\u0937",
    "ම",
    "\u0600",
    "❤",
    "☎",
    "👩",
    "💻",
    "🏽",
    "🇩",
    "🇪",
    "🏴",
    "\u200d",
    "\u200c",
    "\ufe0f",
    "\u20e3",
    "\u200b",
    "\ufeff",
    "\xad",
    "\x1b",
    "\x9b",
    "\x07",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ud83d",
    "\ude00",
    "\ufffe",
    "\U000e0041",
    "\n",
    "\r",
    "\t",
    "\u2028",
    "\x85",
    "[/]",
    "[@click=app.quit]x[/]",
]
hostile = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(
    st.characters(), max_size=20
)

DANGEROUS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


@pytest.fixture(autouse=True)
def utf8_english() -> Iterator[None]:
    yield
    text.set_encoding(None)
    text.use_language("en")


# ------------------------------------------------------------------ the way in


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Müller GmbH", "Müller GmbH"),
        ("Mu\u0308ller", "Müller"),
        ("\x1b]0;owned\x07Ana", "�]0;owned�Ana"),
        ("a\x9b31mb", "a�31mb"),
        ("\u202egnp.exe", "�gnp.exe"),
        ("\ufeffName\u200b", "Name"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("a\tb", "a b"),
        ("\ud83d\ude00", "😀"),
        ("file\udce9", "file�"),
        ("👩\u200d💻 نامه\u200cها", "👩\u200d💻 نامه\u200cها"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("x\U000e0041", "x�"),
        ("Acme [Berlin] [/]", "Acme [Berlin] [/]"),
        ("  kept  ", "  kept  "),
    ],
)
def test_what_is_kept(raw: str, kept: str) -> None:
    assert clean(raw) == kept


def test_a_single_line() -> None:
    assert clean("one\r\ntwo\nthree", single_line=True) == "one two three"


def test_an_import_can_say_how_many_were_cleaned() -> None:
    assert clean_counted("a\x1b\u200bb\n\tc") == ("a�b\n c", 2)
    assert clean_counted("Mu\u0308ller") == ("Müller", 0)


@given(hostile, st.booleans())
def test_nothing_dangerous_gets_in(raw: str, single_line: bool) -> None:
    kept = clean(raw, single_line)
    assert not DANGEROUS.search(kept)
    assert "\n" not in kept or not single_line
    assert clean(kept, single_line) == kept
    assert unicodedata.is_normalized("NFC", kept)
    kept.encode("utf-8")  # raises on half a character


def test_every_single_code_point_is_safe_on_screen_in_cells_as_the_screen_library_counts() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1)]
    shown = [show(character) for character in characters]
    assert not [character for character in shown if DANGEROUS.search(character)]
    assert {len(character) for character in shown} <= {0, 1, 2, 3}
    known = (at for at, c in enumerate(characters) if unicodedata.category(c) != "Cn")
    assert not [shown[at] for at in known if text.width(shown[at]) != cell_len(shown[at])]


# ------------------------------------------------------------------ the way out


@given(hostile)
def test_showing_is_safe_whatever_is_stored(stored: str) -> None:
    shown = show(stored)
    assert not DANGEROUS.search(shown) and "\n" not in shown
    assert show(shown) == shown


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "no-such-encoding"])
@given(stored=hostile)
def test_a_terminal_without_utf8_gets_question_marks(encoding: str, stored: str) -> None:
    text.set_encoding(encoding)
    known = "ascii" if encoding.startswith("no-") else encoding
    for shown in (show(stored), fit(stored, 7)):
        assert shown.encode(known).decode(known) == shown
    assert text.width(fit(stored, 7)) == 7


def test_question_marks_and_the_plain_sign_of_a_cut() -> None:
    text.set_encoding("latin-1")
    assert show("Müller 株 €") == "Müller ? ?"
    assert fit("Müller GmbH", 5) == "Müll>"
    text.set_encoding("utf-8", ascii_signs=True)
    assert fit("株式会社", 5) == "株式>"


def test_a_pile_of_marks_is_lowered() -> None:
    assert len(show("z" + "\u0334" * 40)) <= 4


# ------------------------------------------------------------------ cells


@given(hostile)
def test_cells_are_counted_as_the_screen_library_does(stored: str) -> None:
    shown = show(stored)
    # Code points newer than either table, and lone ones, may differ; see the next test.
    if all(unicodedata.category(character) != "Cn" for character in shown):
        assert text.width(shown) == cell_len(shown)


@given(hostile, st.integers(0, 12), st.sampled_from(["left", "right"]))
def test_a_column_is_exactly_as_wide_as_asked(stored: str, cells: int, align: str) -> None:
    shown = fit(stored, cells, align)
    assert text.width(shown) == cells
    assert not DANGEROUS.search(shown)
    assert text.width(fit(stored, cells, align, pad=False)) <= cells


@pytest.mark.parametrize(
    ("stored", "cells", "shown"),
    [
        ("Acme", 6, "Acme  "),
        ("Acme Corporation", 6, "Acme …"),
        ("株式会社", 6, "株式… "),
        ("株式会社", 5, "株式…"),
        ("👩\u200d💻👩\u200d💻", 3, "👩\u200d💻…"),
        ("🇩🇪🇫🇷", 3, "🇩🇪…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("a\nb", 3, "a b"),
    ],
)
def test_cut_between_graphemes_and_padded(stored: str, cells: int, shown: str) -> None:
    assert fit(stored, cells) == shown


def test_amounts_stand_on_the_right() -> None:
    assert fit("12.4k", 8, "right") == "   12.4k"


@given(hostile, st.integers(1, 12))
def test_wrapped_lines_fit(stored: str, cells: int) -> None:
    lines = wrap(stored, cells)
    assert all(text.width(line) <= cells for line in lines)
    assert not any(DANGEROUS.search(line) for line in lines)


@given(st.text("ab 株é\n", max_size=40), st.integers(2, 12))
def test_wrapping_loses_no_letter(stored: str, cells: int) -> None:
    assert "".join(wrap(stored, cells)).replace(" ", "") == "".join(stored.split())


def test_wrapping_breaks_between_words() -> None:
    assert wrap("call Anna about\n\nthe quote", 9) == ["call Anna", "about", "", "the quote"]
    assert wrap("株式会社 x", 5) == ["株式", "会社", "x"]
    assert wrap("", 9) == []


# ------------------------------------------------------------------ comparing


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("  Ángel  MÜLLER ", "angel muller"),
        ("STRASSE", "straße"),
        ("Øresund Łódź", "oresund lodz"),
        ("ＡＣＭＥ", "acme"),
        ("Ｃafe\u0301", "café"),
        ("ΑΘΗΝΑ", "Αθήνα"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_that_are_not() -> None:
    assert len({fold(name) for name in ("か", "が", "Ana", "Anna", "")}) == 5


@given(hostile)
def test_a_key_of_a_key_is_itself(stored: str) -> None:
    assert fold(fold(clean(stored))) == fold(clean(stored))


def test_the_fields_of_a_description() -> None:
    description = (
        "Call back after lunch\nPhone: 600 100 200\nTéléphone : 06 12\n- Sector:Food\n"
        "Web: https://example.com\nhttps://example.com/a: b\nmailto:ana@example.com\n"
        "10:30 meeting\nphone: 91 000\nEmpty:\n: nothing"
    )
    assert fields(description) == {
        "Phone": "600 100 200, 91 000",
        "Téléphone": "06 12",
        "Sector": "Food",
        "Web": "https://example.com",
        "Empty": "",
    }


# ------------------------------------------------------------------ finding


def test_finding_without_case_and_accents() -> None:
    assert score("ang", "Ángel Müller") == score("ANG", "angel muller")
    assert score("xyz", "Ángel") is None
    assert score("", "anything") == (0, ())


def test_the_letters_found_are_told() -> None:
    assert score("mul", "Ángel Müller")[1] == (6, 7, 8)  # type: ignore[index]
    assert score("muller ang", "Ángel Müller")[1] == (0, 1, 2, 6, 7, 8, 9, 10, 11)  # type: ignore[index]


def test_better_finds_earn_more() -> None:
    names = ["Backup corp", "Corporate Up", "coral reef project", "Acme Corp"]
    best = max(names, key=lambda name: (score("corp", name) or (-99,))[0])
    assert best in ("Corporate Up", "Acme Corp", "Backup corp")
    found = {name: score("acm", name) for name in ("ACM", "Acme", "Big Acme", "Hacmann")}
    points = {name: row[0] for name, row in found.items() if row}
    assert points["ACM"] > points["Acme"] > points["Big Acme"] > points["Hacmann"]


def test_scattered_letters_are_no_match() -> None:
    for query, name in (
        ("ac", "a big corp"),
        ("ac", "black"),  # two letters inside a word say nothing
        ("ggl", "Goals: set, change, retire"),
        ("frgt", "Forget a person"),
        ("acme gb", "Acme GmbH"),
    ):
        assert score(query, name) is None
    assert score("port", "Import a list") is not None


@given(st.text(alphabet="abc éÉ", min_size=1, max_size=8), hostile)
def test_each_word_is_found_in_one_piece(query: str, stored: str) -> None:
    found = score(query, stored)
    if found is not None:
        places, runs = list(found[1]), 0
        for n, place in enumerate(places):
            runs += not n or place != places[n - 1] + 1
        assert runs <= len(query.split())


@given(st.text(max_size=6), hostile)
def test_found_letters_are_letters_of_the_query(query: str, stored: str) -> None:
    found = score(query, stored)
    if found is not None:
        assert list(found[1]) == sorted(set(found[1]))
        assert all(0 <= place < len(stored) for place in found[1])


# ------------------------------------------------------------------ language and start-up


def test_without_a_catalogue_everything_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "../../etc:tlh")
    text.use_language()
    assert text._("Saved.") == "Saved."
    assert [text.ngettext("a lead", "leads", n) for n in (0, 1, 2)] == ["leads", "a lead", "leads"]


def test_a_catalogue_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "tui_crm.mo").write_bytes(
        catalogue({"": "Content-Type: text/plain; charset=utf-8\n", "Saved.": "Guardado."})
    )
    monkeypatch.setattr(text, "LOCALE_FOLDER", str(tmp_path))
    text.use_language("es_MX.UTF-8")
    assert text._("Saved.") == "Guardado."
    assert text._("Not translated.") == "Not translated."


def catalogue(messages: dict[str, str]) -> bytes:
    """A compiled gettext catalogue (the .mo format: header, two tables, the strings)."""
    pairs = [(one.encode(), other.encode()) for one, other in sorted(messages.items())]
    offset = 28 + 16 * len(pairs)
    tables: list[list[int]] = [[], []]
    strings = b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += [len(pair[side]), offset + len(strings)]
            strings += pair[side] + b"\0"
    head = [0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, offset]
    return b"".join(n.to_bytes(4, "little") for n in [*head, *tables[0], *tables[1]]) + strings


def test_plain_text_needs_no_pattern_and_no_table() -> None:
    code = (
        "import sys; before = set(sys.modules); from tui_crm.core.text import _, fit, fold, show;"
        "fit(show(_('Acme')), 9); fold('Acme'); print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["tui_crm", "tui_crm.core", "tui_crm.core.text"]
