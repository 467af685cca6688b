"""The words to say: marks are read from the script alone, data stays text, answers are kept."""

from __future__ import annotations

from tests.core.lists.prospects import fill, ids, row
from tui_crm.core.calling import (
    card as calling_card,
    operations as calling,
    script as calling_script,
    session as calling_session,
)
from tui_crm.core.calling.script import ScriptLine, parse
from tui_crm.core.lists import lists
from tui_crm.core.store import undo

SCRIPT = """# Hello
Guten Tag **Frau {last name}**, you run {Maschinen}?
- ask for *two* minutes
  1. then the price
> never argue
[1] no time
When is **{Firma}** free?
[3] send it
"""


def listed(session, **cells):
    """A list of one row with the script; the row."""
    values = {"name": "Katrin Vogel", "company": "Müller", "phone": "+497513661208"} | cells
    number = fill(session, [row(2, **values)])
    lists.set_script(session, number, SCRIPT)
    calling_session.open_seat(session, number)
    return ids(session, number)[0]


def opening(session, prospect):
    return calling_card.card(session, prospect).script.parts[0].lines


def test_headings_lists_quotes_and_bold(session):
    lines = opening(session, listed(session, machines="Trumpf"))
    assert [(line.kind, line.mark, line.depth, line.pieces) for line in lines] == [
        ("heading", "", 0, (("Hello", False),)),
        (
            "text",
            "",
            0,
            (("Guten Tag ", False), ("Frau Vogel", True), (", you run Trumpf?", False)),
        ),
        ("item", "-", 0, (("ask for ", False), ("two", True), (" minutes", False))),
        ("item", "1.", 1, (("then the price", False),)),
        ("quote", "", 0, (("never argue", False),)),
    ]
    answers = calling_card.card(session, ids(session, 1)[0]).script.branches
    assert answers == ((1, "no time", "When is Müller free?"), (3, "send it", ""))


def test_marks_in_the_data_are_text(session):
    prospect = listed(session, machines="**bold** _x_ [1] # {name}", company="*Acme* [/b]")
    words, answer = (
        opening(session, prospect)[1],
        calling_card.card(session, prospect).script.part(1),
    )
    assert words.pieces[-1] == (", you run **bold** _x_ [1] # {name}?", False)
    assert answer is not None and answer.lines[0].pieces[1] == ("*Acme* [/b]", True)


def test_a_column_may_begin_a_line_with_anything(session):
    number = fill(session, [row(2, "A", machines="# big")])
    lists.set_script(session, number, "{Maschinen}\n{name}: {what}")
    lines = opening(session, ids(session, number)[0])
    assert lines == (
        ScriptLine("text", (("# big", False),)),
        ScriptLine("text", (("A: {what}", False),)),
    )


def test_signs_that_are_no_marks():
    def told(text):
        return parse(text).parts[0].lines[0].pieces

    assert told("2 * 3 * 4") == (("2 * 3 * 4", False),)
    assert told("snake_case_name") == (("snake_case_name", False),)
    assert told("{first_name} and {last_name}") == (("{first_name} and {last_name}", False),)
    assert told(r"\*plain\*") == (("*", False), ("plain", False), ("*", False))
    assert told("**open") == (("**open", False),)
    assert told("-1 degrees") == (("-1 degrees", False),)


def test_an_empty_cell_leaves_no_gap(session):
    (_hello, words, *_rest) = opening(session, listed(session))
    assert words.text == "Guten Tag Frau Vogel, you run ?"


def test_each_wording_has_its_number(session):
    number = fill(session, [row(2, "A"), row(3, "B"), row(4, "C")])
    first, second, third = ids(session, number)
    calling.outcome(session, first, 3)
    lists.set_script(session, number, "Hello")
    lists.set_script(session, number, "Hello ")  # the same words
    calling.outcome(session, second, 3)
    lists.set_script(session, number, "Good morning")
    calling.outcome(session, third, 3)
    kept = [n for (n,) in session.store.rows("SELECT script_no FROM actions ORDER BY id")]
    assert kept == [None, 1, 2]
    undo.undo(session)
    undo.undo(session)
    assert session.store.value("SELECT script_no FROM lists WHERE id = ?", (number,)) == 1


def test_the_answers_opened_are_kept_with_the_call_and_come_back_with_undo(session):
    prospect = listed(session)
    calling_script.open_answer(session, prospect, 1, "no time")
    calling_script.open_answer(session, prospect, 1, "no time")
    assert (
        calling_script.open_answer(session, prospect, 3, "send > it\x1b[0m")
        == "1 no time > 3 send it�[0m"
    )
    assert calling_card.card(session, prospect).answers == "1 no time > 3 send it�[0m"
    calling.outcome(session, prospect, 3)
    told = session.store.rows("SELECT script_no, script_path FROM actions")
    assert told == [(1, "1 no time > 3 send it�[0m")]
    assert calling_card.card(session, prospect).answers == ""
    undo.undo(session)
    assert calling_card.card(session, prospect).answers == "1 no time > 3 send it�[0m"
    calling.callback(session, prospect, session.now.replace(hour=15), called=True)
    assert session.store.rows("SELECT script_path FROM actions") == [("1 no time > 3 send it�[0m",)]


def test_a_path_may_be_given(session):
    prospect = listed(session)
    calling.outcome(session, prospect, 3, script_path="3 send it")
    assert session.store.value("SELECT script_path FROM actions") == "3 send it"


def test_a_long_talk_keeps_its_last_answers(session):
    prospect = listed(session)
    for n in range(30):
        path = calling_script.open_answer(session, prospect, n % 2 + 1, "x" * 200)
    assert path.count(">") == calling_script.MOST_ANSWERS - 1 and len(path) < 1000
