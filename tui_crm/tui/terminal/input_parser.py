"""What a terminal sends, as keys: a parser that never makes a key of what is none.

Textual's own hands an escape sequence that it does not know, or that comes too slowly, on as its
letters: a PageDown whose bytes arrive apart, or a report that the terminal sends by itself, then
presses keys. This one reads the grammar of ECMA-48 (5th edition, sections 5.4 and 5.6) to the end
of each sequence, however slowly it comes, and drops what it does not know as a whole.

    ESC [ parameters intermediates final      CSI   keys, reports
    ESC O final                               SS3   keys of the keypad and function keys
    ESC ] … BEL or ESC \\                      OSC   colours, clipboard (likewise DCS, SOS, PM, APC)
    ESC character                             a key with alt

The one thing that cannot be told apart by grammar is the key Esc from the ESC that begins a
sequence: Esc is a key when nothing follows for `LONE_ESCAPE` seconds (`LONE_ESCAPE_KITTY` where the
terminal sends its Esc as a sequence; more on a line that has brought sequences in pieces). What
then follows all the same and looks like the rest of a sequence is dropped (`AFTER_ESCAPE`), never
typed.

A key sequence waits for its end without a limit: bytes keep their order, so what comes next is its
rest. A control string or a paste, which would swallow all that is typed should its end be lost,
ends after `OPEN` seconds of silence; Esc, or any key that is a sequence, ends it as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

LONE_ESCAPE = constants.ESCAPE_DELAY
"""Seconds after which an ESC with nothing behind it is the key."""
LONE_ESCAPE_KITTY = 2.0
"""The same where the terminal has said that it sends Esc as ``CSI 27 u``: an ESC is the beginning
of something, and only a terminal that was exchanged meanwhile sends a bare one."""
AFTER_ESCAPE = 2.0
"""Seconds after such a key in which ``[``, ``O`` … may be the rest of a sequence that it began."""
HELD = 2.0
"""Seconds that such a sign alone waits for more; then it was typed."""
SLOWEST = 2.0
"""The longest time in seconds that an ESC waits on a line that brings sequences in pieces."""
OPEN = 30.0
"""Seconds of silence that end a control string or a paste whose end does not come."""
LONGEST = 8192
"""Characters of a control sequence; a longer one is none."""

ESC = "\x1b"
_STRINGS = {"]", "P", "X", "^", "_"}
_LIKELY = {
    "[": re.compile(r"[0-9;<=>?A-IM-SZ\[]"),
    "O": re.compile(r"[0-9A-Zj-y]"),
    "]": re.compile(r"[0-9lLI]"),
    "P": re.compile(r"[0-9>!$|]"),
    "_": re.compile(r"[G]"),
}
"""What follows the first sign of a sequence in what terminals send: asked where that sign came as
one byte, which may be a letter of another charset."""
_C1 = {"\x9b": "[", "\x8f": "O", "\x9d": "]", "\x90": "P", "\x98": "X", "\x9e": "^", "\x9f": "_"}
_PASTE = "\x1b[200~"
_PASTE_ENDS = re.compile(r"\x1b\[(?:201~|27(?:;[\d:;]{0,12})?u)")
"""The end of a paste; the key Esc of a terminal that sends it as a sequence ends one as well."""
_LONGEST_END = 20
_KEY = re.compile(r"\x1b\[(\d*(?::\d*)*)(?:;(\d*)(?::(\d*))?)?(?:;([\d:]*))?([u~A-HPQRS])")
_SYNC = re.compile(r"\x1b\[\?2026;(\d)\$y")
_KITTY = re.compile(r"\x1b\[\?\d+u")
_COMPOSED = re.compile(r"\x1b\[0;[\d:]*;(\d+(?::\d+)*)u")
_MODIFIERS = {"57358", "57359", "57360", *(str(code) for code in range(57441, 57455))}
"""Caps lock, num lock, shift, control … by themselves: no keys."""


class State(Enum):
    """Where in the grammar the next character stands."""

    GROUND = "between sequences"
    ESCAPE = "behind ESC"
    CSI = "in a control sequence"
    SS3 = "behind ESC O"
    STRING = "in a control string"
    STRING_ESCAPE = "behind an ESC in a control string"
    PASTE = "in a bracketed paste"
    MOUSE = "in the three characters of an old mouse report"


class InputParser:
    """Characters in, Textual's messages out. Times are seconds of one monotonic clock.

    A byte that its charset does not know comes as a lone surrogate (``errors="surrogateescape"``):
    it may be an 8-bit control of a terminal that speaks no UTF-8. ``mouse`` says that mouse reports
    were asked for; else they are dropped like all that nobody asked for."""

    def __init__(self, mouse: bool = False) -> None:
        self.mouse = mouse
        self.kitty = False
        """Whether the terminal has said that it speaks kitty's keyboard protocol."""
        self._state = State.GROUND
        self._sequence = ""
        self._paste: list[str] = []
        self._skip = 0  # characters of an old mouse report still to come
        self._last = 0.0  # when the last character came
        self._gap = 0.0  # the longest silence in the sequence that is open
        self._pace = 0.0  # the longest silence within the latest sequences
        self._escaped: float | None = None  # when the last key was an ESC that nothing followed
        self._unsure: str | None = (
            None  # the key that the first sign is, should this be no sequence
        )
        self._mute = False  # this sequence acts on nothing
        self._given_up: State | None = None  # the string or paste that silence has ended
        self._keys = XTermParser()

    def feed(self, text: str, now: float) -> list[Message]:
        """What these characters, which came together, say."""
        found = self.expire(now)
        if self._state is not State.GROUND or self._escaped is not None:
            self._gap = max(self._gap, now - self._last)
        given_up, self._given_up = self._given_up, None
        if given_up is not None and len(text) > 1 and text[0] != ESC:
            self._state = given_up  # several characters at once: the rest, and no typing
        position = 0
        while position < len(text):
            if self._state is State.PASTE:
                position = self._take_paste(text, position, found)
            else:
                found += self._take(text[position], len(text) - position - 1, now)
                position += 1
            self._last = now
        return found

    def expire(self, now: float) -> list[Message]:
        """What the silence since the last character says. Ask every tenth of a second."""
        patience = self._patience()
        if patience is None or now - self._last < patience:
            return []
        state, sequence, unsure = self._state, self._sequence, self._unsure
        self._end()
        if state is State.ESCAPE:
            self._escaped = now
            return [events.Key("escape", ESC) for _escape in sequence]
        if unsure is not None:
            self._escaped = None
            return list(self._key(unsure))
        if state is State.PASTE:
            alone = self._paste[-1:] == [ESC]
            self._given_up = None if alone else state
            return self._pasted()
        self._given_up = State.STRING
        return []

    def _patience(self) -> float | None:
        """Seconds of silence that end what is open; None where there is nothing to end."""
        match self._state:
            case State.ESCAPE if self.kitty:
                return LONE_ESCAPE_KITTY
            case State.ESCAPE:
                return max(LONE_ESCAPE, min(2 * self._pace, SLOWEST))
            case State.CSI | State.SS3 | State.STRING if self._unsure is not None:
                return HELD
            case State.PASTE if self._paste[-1:] == [ESC]:
                return SLOWEST  # the key Esc, in a paste whose end was lost
            case State.STRING | State.STRING_ESCAPE if self._mute:
                return HELD  # a string that may be none
            case State.STRING | State.STRING_ESCAPE | State.PASTE:
                return OPEN
        return None

    # -- one character -------------------------------------------------------------------------

    def _take(self, character: str, more: int, now: float) -> list[Message]:
        """``more`` characters came together with this one, behind it."""
        if self._unsure is not None and len(self._sequence) == 2:
            typed, self._unsure = self._unsure, None
            if not self._is_sequence(character):
                self._end()
                return [*self._key(typed), *self._at_ground(character, more, now)]
        match self._state:
            case State.GROUND:
                return self._at_ground(character, more, now)
            case State.ESCAPE:
                return self._behind_escape(character, now)
            case State.CSI:
                return self._in_control_sequence(character, more, now)
            case State.SS3:
                return self._behind_ss3(character, more, now)
            case State.MOUSE:
                self._skip -= 1
                if self._skip == 0:
                    self._end()
            case State.STRING:
                if character == ESC:
                    self._state = State.STRING_ESCAPE
                elif character in ("\x07", "\x9c", "\udc9c", "\x18", "\x1a"):
                    self._end()
                elif len(self._sequence) == 2:
                    self._sequence += character  # what a string says is of no use here
            case State.STRING_ESCAPE:
                self._end()
                if character != "\\":  # the string was cut off; something else begins
                    self._open(State.ESCAPE, ESC)
                    return self._behind_escape(character, now)
        return []

    def _at_ground(self, character: str, more: int, now: float) -> list[Message]:
        escaped, self._escaped = self._escaped, None
        if character == ESC:
            self._open(State.ESCAPE, ESC)
            return []
        if character in _C1:
            return self._introduced(_C1[character])
        if "\ud800" <= character <= "\udfff":
            control = _C1.get(chr(ord(character) - 0xDC00))
            if control is not None:
                return self._introduced(control, unsure="\ufffd")
            return list(self._key("\ufffd"))
        begins = character in "[O" or character in _STRINGS
        window = max(AFTER_ESCAPE, 2 * self._pace)
        if begins and escaped is not None and (more or now - escaped < window):
            # The rest of a sequence whose ESC came so early that it was taken for the key; alone,
            # and long after, it was typed.
            self._mute = True
            return self._introduced(character, unsure=None if more else character)
        if "\x80" <= character <= "\x9f":
            return []
        return list(self._key(character))

    def _introduced(self, character: str, unsure: str | None = None) -> list[Message]:
        state = {"[": State.CSI, "O": State.SS3}.get(character, State.STRING)
        self._open(state, ESC + character)
        self._unsure = unsure
        return []

    def _open(self, state: State, sequence: str) -> None:
        self._state, self._sequence = state, sequence

    def _end(self) -> None:
        """A sequence is over: between sequences again."""
        self._state = State.GROUND
        self._unsure, self._mute = None, False
        self._pace, self._gap = max(self._gap, self._pace / 2), 0.0

    def _is_sequence(self, character: str) -> bool:
        """Whether a first sign that may have been typed begins a sequence, by what follows it."""
        if self._mute:
            # Behind an Esc, when in doubt, two keys are lost rather than one made up; only those
            # that are pressed several times in a row stay keys.
            ends = character in "\x1b\x07" and self._sequence[1] in _STRINGS
            again = character in "[]" and self._sequence[1] in "[]"
            return ends or (character >= " " and not again)
        likely = _LIKELY.get(self._sequence[1])
        return likely is not None and likely.match(character) is not None

    def _behind_escape(self, character: str, now: float) -> list[Message]:
        if character == ESC:
            self._sequence += ESC
            return []
        escapes = len(self._sequence)
        # ESC ESC [ A is a key with alt, which none here is; all but the last two ESC were keys of
        # their own.
        found: list[Message] = [events.Key("escape", ESC) for _n in range(escapes - 2)]
        if character in "[O":
            self._mute = escapes > 1
            return found + self._introduced(character)
        found += [events.Key("escape", ESC)] if escapes > 1 else []
        if character in _STRINGS:
            return found + self._introduced(character)
        apart = now - self._last >= LONE_ESCAPE
        self._end()
        if apart and escapes == 1:  # no sequence goes on like this: a key, and another one
            return [events.Key("escape", ESC), *self._at_ground(character, 0, now)]
        if ESC + character in ANSI_SEQUENCES_KEYS:  # alt with b, f …: a word on
            return [*found, *self._key(ESC + character)]
        if character < " " or "\x7f" <= character <= "\x9f" or "\ud800" <= character <= "\udfff":
            return found  # a control key with alt is no key here
        return [*found, *self._key(character, alt=True)]

    def _in_control_sequence(self, character: str, more: int, now: float) -> list[Message]:
        if self._sequence == ESC + "[" and character == "[":
            self._sequence += character  # the Linux console: ESC [ [ A is F1
            return []
        self._sequence += character
        if "@" <= character <= "~":
            sequence, mute = self._sequence, self._mute
            self._end()
            if sequence == ESC + "[M":
                self._state, self._skip = State.MOUSE, 3
                return []
            if sequence == _PASTE:
                self._state = State.PASTE
                self._paste.clear()
                return []
            return [] if mute else list(self._control_sequence(sequence))
        if " " <= character <= "?" and len(self._sequence) < LONGEST:
            return []
        return self._broken(character, more, now)

    def _behind_ss3(self, character: str, more: int, now: float) -> list[Message]:
        self._sequence += character
        if character.isascii() and character.isdigit() and len(self._sequence) < 5:
            return []  # a modifier: ESC O 5 P
        if "!" <= character <= "~":
            sequence, mute = self._sequence, self._mute
            self._end()
            return [] if mute else list(self._key(sequence))
        return self._broken(character, more, now)

    def _broken(self, character: str, more: int, now: float) -> list[Message]:
        """A character that no sequence holds: the sequence is dropped, the character stands."""
        self._end()
        return self._at_ground(character, more, now)

    # -- pastes --------------------------------------------------------------------------------

    def _take_paste(self, text: str, position: int, found: list[Message]) -> int:
        """Take what belongs to the paste from ``position`` on; where it ends."""
        # The end sign may be cut: look for it in the last characters taken as well.
        before = "".join(self._paste)[-_LONGEST_END:]
        here = before + text[position:]
        ends = _PASTE_ENDS.search(here)
        if ends is None:
            self._paste.append(text[position:])
            return len(text)
        end = position + ends.end() - len(before)
        whole = "".join(self._paste) + text[position:end]
        self._paste = [whole[: -len(ends[0])]]
        self._end()
        found += self._pasted()
        return end

    def _pasted(self) -> list[Message]:
        text = "".join(self._paste).replace("\0", "").removesuffix(ESC)
        self._paste = []
        return [events.Paste(re.sub("[\ud800-\udfff]", "\ufffd", text))]

    # -- whole sequences -----------------------------------------------------------------------

    def _control_sequence(self, sequence: str) -> Iterator[Message]:
        if sequence in ("\x1b[I", "\x1b[O"):
            # The window has the focus, or has it no longer: bytes keep their order, so what is
            # typed next is meant for what is on screen. Without the focus Textual would take it
            # from an open entry, and the rest of its words would press keys.
            return
        if found := _SYNC.fullmatch(sequence):
            if found[1] != "0":
                yield TerminalSupportsSynchronizedOutput()
        elif _KITTY.fullmatch(sequence):
            self.kitty = True
        elif sequence[2] == "<" and self.mouse:
            message = self._keys.parse_mouse_code(sequence)
            if message is not None:
                yield message
        elif composed := _COMPOSED.fullmatch(sequence):
            # What an input method composed comes with the number of no key.
            for code in composed[1].split(":"):
                if _is_code(code):
                    yield from self._key(chr(int(code)))
        elif (key := as_key(sequence)) is not None:
            yield from self._key(key)

    def _key(self, sequence: str, alt: bool = False) -> Iterator[Message]:
        """The keys that a whole sequence, or a character, stands for; none for an unknown one."""
        for key in self._keys._sequence_to_key_events(sequence, alt=alt):
            if key.key != Keys.Ignore:
                yield key


def as_key(sequence: str) -> str | None:
    """A control sequence as Textual's tables know it, when it is a key pressed: else None.

    Reports have the same forms: ``CSI 24 ; 80 R`` is where the cursor stands, ``CSI 8 ; 24 ; 80 t``
    a size. A key is ``CSI 1 ; modifiers letter``, ``CSI number ; modifiers ~`` with a number that
    keys have, or ``CSI code ; modifiers ; text u`` with a code that is one; ``modifiers:3`` is its
    release."""
    if sequence.startswith("\x1b[[") or sequence in ("\x1b[Z", "\x1b[E", "\x1b[G"):
        return sequence
    found = _KEY.fullmatch(sequence)
    if found is None:
        return None
    code, modifiers, event, text, final = found.groups(default="")
    number = code.partition(":")[0]
    if event == "3" or number in _MODIFIERS:
        return None
    if final == "u":
        if not _is_code(number) or not all(_is_code(part) for part in text.split(":") if part):
            return None
    elif final == "~":
        if f"{number}~" not in FUNCTIONAL_KEYS:
            return None
    elif number not in ("", "1") or text:
        return None
    if not modifiers and not text:
        return f"\x1b[{number}{final}"
    if not 1 <= int(modifiers or 1) <= 256:
        return None
    return f"\x1b[{number or 1};{modifiers or 1}{';' + text if text else ''}{final}"


def _is_code(number: str) -> bool:
    """Whether this is the code of a key: a character that can be typed, or a functional key."""
    if f"{number}u" in FUNCTIONAL_KEYS:
        return True
    if not number or len(number) > 7:
        return False
    code = int(number)
    private = 0xE000 <= code <= 0xF8FF or code >= 0xF0000
    return code >= 32 and not 0x7F <= code < 0xA0 and not 0xD800 <= code < 0xE000 and not private
