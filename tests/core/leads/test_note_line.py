"""The line in which a rep writes what happened: what is recognised, and that nothing is lost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, strategies as st

from tui_crm.core.leads import note_line
from tui_crm.core.leads.log_pieces import Known

NOW = datetime(2026, 11, 28, 15, 30, tzinfo=ZoneInfo("Europe/Madrid"))
KNOWN = Known(
    people=("Anna Weber", "Pierre Dupont", "Ben Other"),
    colleagues=lambda: (("ben", "Ben Smith"), ("carla",)),
    labels=("Machines",),
)


def read(text: str, locale: str = "en_GB", known: Known | None = KNOWN) -> note_line.NoteLine:
    return note_line.read(text, NOW, locale=locale, currency="EUR", known=known)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("20m", 20), ("1h05", 65), ("45 min", 45), ("2h", 120), ("1,5h", 90), ("1 h 10", 70)],
)
def test_a_length_is_how_long_it_took(typed, minutes):
    found = read(f"about the quote {typed}, wants more")
    assert (found.minutes, found.text) == (minutes, "about the quote, wants more")


@pytest.mark.parametrize(
    "typed",
    [
        "20m of 5m cable",  # two lengths
        "call at 9h30",  # a clock
        "rappeler à 2h30",
        "open 9h",
        "0m",
        "2000m away",
        "5mm screws",
        "a20m",
        "@Ben said so",  # a colleague and a contact
        "@16 people",
        "@tomorrow 9:00",
        "@yesterday 9:00 or @fri 10:00",  # two moments
        "a@b.example and @nobody",
        "Tel: not yet",
        "E-mail: tomorrow",
        "CIF: later",
        "he said: yes",
        "https://acme.example:8080/x",
    ],
)
def test_what_is_ambiguous_stays_words(typed):
    found = read(typed)
    assert found.text == typed
    assert (found.minutes, found.at, found.labelled, found.person) == (None, None, (), None)


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("@yesterday 16:00", "2026-11-27 16:00"),
        ("@ayer 9h30", "2026-11-27 09:30"),
        ("@hier à 16h", "2026-11-27 16:00"),
        ("@gestern um 16:00", "2026-11-27 16:00"),
        ("@14:05", "2026-11-28 14:05"),
        ("@fri 4pm", "2026-11-27 16:00"),
        ("@3 nov 9:30", "2026-11-03 09:30"),
        ("@2026-11-20 10:00", "2026-11-20 10:00"),
    ],
)
def test_a_moment_behind_an_at_is_when_it_was(typed, when):
    found = read(f"talked {typed} about it", locale="es_ES" if "ayer" in typed else "en_GB")
    assert found.at is not None
    assert f"{found.at.astimezone(NOW.tzinfo):%Y-%m-%d %H:%M}" == when
    assert found.text == "talked about it"


def test_people_are_named_and_stay_in_the_words():
    found = read("met @Anna and @carla, then @Pierre Dupont")
    assert (found.person, found.mentions) == (None, ("carla",))  # two were met
    assert found.text == "met @Anna and @carla, then @Pierre Dupont"
    assert read("@anna's boss").person == "Anna Weber"
    assert read("with @Ben Smith").mentions == ("ben",)
    assert read("with @Ben Other").person == "Ben Other"


def test_what_was_learnt_has_its_label_in_every_language():
    found = read(
        "Tel: +34 600 100 200, correo: a.b@acme.example; CIF: B-12345678 Cargo: jefa de compras,"
        " machines: 12 wants it 20m >fri 9:30 send quote #hot €12.8k"
    )
    assert [tuple(one) for one in found.labelled] == [
        ("phone", "Tel", "+34 600 100 200"),
        ("email", "correo", "a.b@acme.example"),
        ("client", "CIF", "B-12345678"),
        ("role", "Cargo", "jefa de compras"),
        ("lead", "Machines", "12 wants it"),
    ]
    assert (found.minutes, found.tags, found.amount) == (20, ("hot",), 1_280_000)
    assert found.following is not None and found.following.text == "send quote"
    assert found.text == ""
    for label in ("téléphone", "Telefon", "Teléfono", "Mobile", "MÓVIL"):
        assert read(f"{label}: 0612345678").labelled[0].what == "phone"
    assert read("USt-IdNr: DE 123 456 789").labelled[0].value == "DE 123 456 789"


PIECES = (
    "20m|1h05|at|@Anna|@Ben|@yesterday 16:00|Tel:|+34 600 100 200|CIF:|B12345678|#hot|€5k|é:|a  b|,"
    "|@|mail:|x@y.example|:|machines:"
)


@given(
    st.lists(st.one_of(st.sampled_from(PIECES.split("|")), st.text(max_size=6)), max_size=8).map(
        " ".join
    )
)
@example("İ: tel: 600100200")
@example("@Anna\x00 20m")
def test_what_is_not_recognised_stays_letter_for_letter(line):
    """A second computation: cut the spans out of the line, and compare the letters."""
    found = read(line)
    taken = [span for span in found.spans if span[2] != "mention"]
    assert all(0 <= start < end <= len(line) for start, end, _what in taken)
    letters = list(line)
    for start, end, _what in taken:
        letters[start:end] = " " * (end - start)

    def bare(text: str) -> str:
        return re.sub(r"[\s,;.]+", "", text)

    assert bare(found.text) == bare("".join(letters))
    if not taken:
        assert found.text == line.strip()
    for start, end, what in found.spans:
        if what == "mention":
            assert line[start:end] in found.text
    if found.at is not None:
        assert found.at <= NOW + timedelta(seconds=0)


@given(st.text(max_size=40))
def test_a_title_knows_nothing_of_actions(line):
    found = read(line, known=None)
    assert (found.minutes, found.at, found.labelled, found.mentions) == (None, None, (), ())
