"""What a terminal sends is a key, or nothing: never a letter out of a sequence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, strategies as st
from textual import events

from tui_crm.tui.terminal import input_parser
from tui_crm.tui.terminal.input_parser import InputParser

KEYS = {
    "j": "j",
    "3": "3",
    "ü": "ü",
    "株": "株",
    "\r": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x1a": "ctrl+z",
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[1;5A": "ctrl+up",
    "\x1b[5~": "pageup",
    "\x1b[6~": "pagedown",
    "\x1b[3~": "delete",
    "\x1b[H": "home",
    "\x1bOF": "end",
    "\x1b[Z": "shift+tab",
    "\x1bOP": "f1",
    "\x1b[[A": "f1",
    "\x1b[15~": "f5",
    "\x1b[27u": "escape",
    "\x1b[13u": "enter",
    "\x1b[106;1;106u": "j",
    "\x1b[106;1:1;106u": "j",
    "\x1b[99;5u": "ctrl+c",
    "\x1b[57414u": "enter",
    "\x1b[106;129;106u": "j",  # with num lock
    "\x1b[57400;129;49u": "1",
    "\x1b[97:65;2;65u": "A",
    "\x1b[233;1;233u": "é",
    "\x1b[38;1;38u": "ampersand",
    "\x1b[0;;26666u": "株",  # from an input method
    "\x1b[122;5u": "ctrl+z",
    "\x1b[106;1:2;106u": "j",  # held down
    "\x9bA": "up",
    "\x8fP": "f1",
}
REPORTS = [
    "\x1b[?997;1n",  # light or dark
    "\x1b[?997;2n",
    "\x1b[8;24;80t",  # sizes
    "\x1b[4;600;800t",
    "\x1b[48;24;80;600;800t",
    "\x1b[?25u",  # kitty's flags
    "\x1b[24;80R",  # the cursor
    "\x1b[3;3R",
    "\x1b[0n",
    "\x1b[?62;4;9c",  # who it is
    "\x1b[>41;388;0c",
    "\x1b[?2004;1$y",  # a mode
    "\x1b[?2048;0$y",
    "\x1bP>|XTerm(388)\x1b\\",
    "\x1bP1+r524742=38\x1b\\",
    "\x1b]11;rgb:1616/1818/1d1d\x07",
    "\x1b]10;rgb:d3d3/d7d7/dede\x1b\\",
    "\x1b]52;c;MzMzMzM=\x07",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b^private\x1b\\",
    "\x1b[<0;33;3M",  # the mouse, whom nobody asked
    "\x1b[<0;33;3m",
    "\x1b[M !3",
    "\x1b[32;33;3M",
    "\x1b[106;1:3;106u",  # a key let go
    "\x1b[1;1:3A",
    "\x1b[1114112u",  # codes that are none
    "\x1b[57344u",
    "\x1b[3;5H",
    "\x1b[8;5H",
    "\x1b[?1;2;3;4$z",
    "\x1b[201~",
    "\x1b[99~",
    "\x1b[57441;2u",  # shift by itself
    "\x1b[57358u",
    "\x1b[?1;2c",
    "\x1b[I",  # the window has the focus
    "\x1b[O",
    "\x1b[27;5;106~",
    "\x1bP1$r0m\x1b\\",
    "\x1bP!|00000000\x1b\\",
    "\x1bXstart\x9c",
    "\x1b]4;1;rgb:cd/00/00\x1b\\",
    "\x1b]lof mice\r33\x1b\\",  # a title
    "\x9b?997;1n",
    "\x9d11;rgb:0/0/0\x9c",
]


CSI = st.builds(
    lambda parameters, between, final: f"\x1b[{parameters}{between}{final}",
    st.one_of(
        st.text("0123456789:;<=>?", max_size=12),
        st.lists(st.integers(0, 300), max_size=4).map(lambda ns: ";".join(map(str, ns))),
    ),
    st.text(" !\"#$%&'()*+,-./", max_size=2),
    st.characters(min_codepoint=0x40, max_codepoint=0x7E),
)
STRINGS = st.builds(
    lambda first, content, end: f"\x1b{first}{content}{end}",
    st.sampled_from("]PX^_"),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30),
    st.sampled_from(["\x1b\\", "\x9c"]),
)
"""Control sequences and strings of ECMA-48, whether a terminal sends them or not. Not the first
sign of a paste nor of an old mouse report: what comes after those belongs to them."""
GRAMMAR = st.one_of(
    CSI.filter(lambda s: s not in ("\x1b[200~", "\x1b[M", "\x1b[[")),
    STRINGS,
    st.sampled_from([*KEYS, *REPORTS]),
)


def keys(parser: InputParser, chunks: Sequence[tuple[str, float]]) -> list[str]:
    """What is pressed when these texts come, each with that many seconds of silence behind it."""
    found: list[str] = []
    now = 100.0
    for text, silence in chunks:
        messages = parser.feed(text, now)
        until = now + silence
        while now < until:  # as the thread that reads does
            now = min(now + 0.05, until)
            messages += parser.expire(now)
        for message in messages:
            if isinstance(message, events.Key):
                found.append(message.key)
            elif isinstance(message, events.Paste):
                found.append(f"paste {message.text}")
    return found


@st.composite
def cut(draw: st.DrawFn, text: str, longest: float) -> list[tuple[str, float]]:
    """The text in pieces with silences between; only short ones behind an ESC, where a longer one
    makes it the key."""
    places = sorted(draw(st.sets(st.integers(1, max(len(text) - 1, 1)), max_size=4)))
    pieces = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    short = st.floats(0, input_parser.LONE_ESCAPE * 0.9)
    return [
        (piece, draw(short if piece.endswith("\x1b") else st.floats(0, longest)))
        for piece in pieces
        if piece
    ]


@pytest.mark.parametrize(("sequence", "key"), KEYS.items())
def test_a_key_is_that_key(sequence, key):
    assert keys(InputParser(), [(sequence, 0.5)]) == [key]


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_nothing(report):
    parser = InputParser()
    assert keys(parser, [(report, 0.5), ("j", 0.5)]) == ["j"]


@given(st.lists(st.sampled_from([*KEYS, *REPORTS]), min_size=1, max_size=6), st.data())
def test_sequences_cut_anywhere_are_the_keys_that_they_are(sequences, data):
    text = "".join(sequences)
    expected = [KEYS[s] for s in sequences if s in KEYS]
    assert keys(InputParser(), data.draw(cut(text, 20.0))) == expected


def whole(sequence: str) -> list[str]:
    """What a sequence is when it comes in one piece."""
    return keys(InputParser(), [(sequence, 3.0)])


@given(st.lists(GRAMMAR, min_size=1, max_size=5), st.data())
def test_any_sequence_of_the_grammar_is_the_same_however_it_is_cut(sequences, data):
    expected = [key for sequence in sequences for key in whole(sequence)]
    assert keys(InputParser(), data.draw(cut("".join(sequences), 25.0))) == expected
    assert all(len(whole(sequence)) <= 1 for sequence in sequences)


@given(CSI.filter(lambda s: s not in ("\x1b[200~", "\x1b[M", "\x1b[[")), st.data())
def test_a_control_sequence_waits_for_its_end_however_long(sequence, data):
    place = data.draw(st.integers(2, len(sequence)))
    assert keys(InputParser(), [(sequence[:place], 120.0), (sequence[place:], 3.0)]) == whole(
        sequence
    )


@given(
    GRAMMAR.filter(lambda s: s[:3] not in ("\x1b[[", "\x1b[]", "\x1b][", "\x1b]]")),
    st.floats(0, input_parser.HELD * 0.9),
)
def test_any_sequence_in_single_characters_is_its_key_or_none(sequence, silence):
    found = keys(InputParser(), [*((c, silence) for c in sequence), ("", 3.0)])
    assert found in ([], ["escape"], whole(sequence))


@given(st.sampled_from([*KEYS, *REPORTS]), st.data())
def test_a_sequence_cut_once_for_any_time_is_its_key_or_none(sequence, data):
    """Also behind the ESC, where it may be taken for the key Esc."""
    place = data.draw(st.integers(0, len(sequence)))
    silence = data.draw(st.floats(0, input_parser.OPEN * 0.9))
    found = keys(InputParser(), [(sequence[:place], silence), (sequence[place:], 3.0)])
    assert found in ([], ["escape"], [KEYS.get(sequence, "")])


# The Linux console's own form is left out: nothing lies between it and us that could cut it.
@given(st.sampled_from([s for s in (*KEYS, *REPORTS) if s[:3] != "\x1b[["]), st.data())
def test_a_sequence_in_single_characters_over_a_slow_line_is_its_key_or_none(sequence, data):
    silence = data.draw(st.floats(0, input_parser.HELD * 0.9))
    found = keys(InputParser(), [*((c, silence) for c in sequence), ("", 3.0)])
    assert found in ([], ["escape"], [KEYS.get(sequence, "")])


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x1b"), max_size=40), st.data())
def test_a_paste_comes_whole_whatever_is_in_it(text, data):
    sent = f"\x1b[200~{text}\x1b[201~j"
    expected = [f"paste {text}".replace("\0", ""), "j"]
    assert keys(InputParser(), data.draw(cut(sent, 20.0))) == expected


@given(st.text(max_size=60), st.data())
def test_any_characters_at_all_end_nothing(text, data):
    """At most the three characters of an old mouse report, or the end of a sequence, are taken."""
    parser = InputParser()
    keys(parser, data.draw(cut(text, 5.0)) if text else [])
    assert keys(parser, [("", 60.0), *[("j", 0.5)] * 4])[-1] == "j"


@given(st.lists(st.one_of(GRAMMAR, st.text(max_size=8)), max_size=8), st.data())
def test_esc_and_arrows_act_after_anything(pieces, data):
    """Also where the end of a string or of a paste was lost."""
    parser = InputParser()
    text = "".join(pieces)
    keys(parser, data.draw(cut(text, 1.0)) if text else [])
    keys(parser, [("\x1b", 3.0), ("\x1b", 3.0)])
    assert keys(parser, [*[("j", 0.5)] * 4])[-1] == "j"


def test_a_string_that_stalls_for_minutes_is_still_none():
    parser = InputParser()
    chunks = [("\x1b]11;rgb:16", 300.0), ("16/1818/1", 300.0), ("d1d\x07", 0.1), ("j", 0.1)]
    assert keys(parser, chunks) == ["j"]


def test_a_paste_that_stalls_for_minutes_is_text_and_no_key():
    chunks = [("\x1b[200~call 3", 300.0), ("21\r\rxl", 300.0), ("9u\x1b[201~", 0.1), ("j", 0.1)]
    found = keys(InputParser(), chunks)
    assert found == ["paste call 3", "paste 21\r\rxl", "paste 9u", "j"]


def test_esc_ends_a_paste_whose_end_was_lost():
    assert keys(InputParser(), [("\x1b[200~half", 1.0), ("\x1b", 3.0), ("j", 0.1)]) == [
        "paste half",
        "j",
    ]
    kitty = [("\x1b[?25u\x1b[200~half", 1.0), ("\x1b[27u", 0.1), ("j", 0.1)]
    assert keys(InputParser(), kitty) == ["paste half", "j"]


def test_bytes_that_are_no_text_are_signs_or_the_controls_of_an_old_terminal():
    def typed(raw: bytes) -> list[str]:
        return keys(InputParser(), [(raw.decode("utf-8", "surrogateescape"), 3.0)])

    no_text = "replacement_character"
    assert typed(b"J\xfcr") == ["J", no_text, "r"]
    assert typed(b"\x9b?997;1nj") == ["j"]
    assert typed(b"\x9bA") == ["up"]
    assert typed(b"\x8fPj") == ["f1", "j"]
    assert typed(b"\x9d11;rgb:0/0/0\x9cj") == ["j"]
    assert typed(b"\x901$r0m\x9cj") == ["j"]
    assert typed(b"r\x9bd gr\x9dt") == [
        "r",
        no_text,
        "d",
        "space",
        "g",
        "r",
        no_text,
        "t",
    ]  # cp850: letters
    assert typed(b"na \x9eivot") == ["n", "a", "space", no_text, *"ivot"]


def test_a_line_that_cuts_sequences_is_waited_for_longer():
    parser = InputParser()
    assert keys(parser, [("\x1b", 0.05), ("[", 0.6), ("6~", 0.1)]) == ["pagedown"]
    assert keys(parser, [("\x1b", 0.8), ("[6~", 0.1)]) == ["pagedown"]
    # Esc and a letter are two keys all the same, when they came one after the other.
    assert keys(parser, [("\x1b", 0.3), ("j", 0.1)]) == ["escape", "j"]


def test_esc_is_a_key_when_nothing_follows():
    assert keys(InputParser(), [("\x1b", 0.3), ("j", 0.3)]) == ["escape", "j"]


def test_esc_held_down_comes_as_often_as_it_was_sent():
    assert keys(InputParser(), [("\x1b\x1b\x1b", 0.3)]) == ["escape"] * 3


def test_a_sign_typed_after_esc_is_typed():
    soon = [("\x1b", 0.3), ("[", 1.0), ("]", 0.1), ("]", 0.1), ("]", 0.1)]
    assert keys(InputParser(), soon) == [
        "escape",
        "left_square_bracket",
        *["right_square_bracket"] * 3,
    ]
    assert keys(InputParser(), [("\x1b", 0.3), ("O", 3.0)]) == ["escape", "O"]
    later = [("\x1b", 3.0), ("[", 0.1)]
    assert keys(InputParser(), later) == ["escape", "left_square_bracket"]


def test_where_esc_is_a_sequence_a_bare_one_waits_for_the_rest():
    parser = InputParser()
    assert keys(parser, [("\x1b[?25u", 0.1)]) == []
    assert parser.kitty
    assert keys(parser, [("\x1b", 1.5), ("[6~", 0.1)]) == ["pagedown"]
