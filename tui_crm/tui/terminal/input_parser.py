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
terminal sends its Esc as a sequence). What then follows all the same and looks like the rest of a
sequence is dropped (`AFTER_ESCAPE`), never typed.
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
HELD = 0.7
"""Seconds that such a sign alone waits for more; then it was typed."""
OPEN = 30.0
"""Seconds that a sequence stays open while nothing comes. Lines keep their order: what comes next
is its rest, unless bytes were lost, and then a key or two of the user are swallowed."""
LONGEST = 8192
"""Characters of a control string; a longer one is dropped to its end."""

ESC = "\x1b"
_STRINGS = {"]", "P", "X", "^", "_"}
_C1 = {"\x9b": "[", "\x8f": "O", "\x9d": "]", "\x90": "P", "\x98": "X", "\x9e": "^", "\x9f": "_"}
_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"
_KEY = re.compile(r"\x1b\[(\d*(?::\d*)*)(?:;(\d*)(?::(\d*))?)?(?:;([\d:]*))?([u~A-HPQRS])")
_SYNC = re.compile(r"\x1b\[\?2026;(\d)\$y")
_KITTY = re.compile(r"\x1b\[\?\d+u")


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

    ``mouse`` says that mouse reports were asked for; else they are dropped like all that nobody
    asked for."""

    def __init__(self, mouse: bool = False) -> None:
        self.mouse = mouse
        self.kitty = False
        """Whether the terminal has said that it speaks kitty's keyboard protocol."""
        self._state = State.GROUND
        self._sequence = ""
        self._paste: list[str] = []
        self._skip = 0  # characters of an old mouse report still to come
        self._last = 0.0  # when the last character came
        self._escaped: float | None = None  # when the last key was an ESC that nothing followed
        self._rest = False  # this sequence is the rest of one whose ESC was taken for a key
        self._alt = False  # ESC ESC: the sequence is a key with alt
        self._keys = XTermParser()

    def feed(self, text: str, now: float) -> list[Message]:
        """What these characters, which came together, say."""
        found = self.expire(now)
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
        waited = now - self._last
        if self._state is State.GROUND or waited < self._patience():
            return []
        state, sequence = self._state, self._sequence
        self._state = State.GROUND
        if state is State.ESCAPE:
            self._escaped = now
            return [events.Key("escape", ESC) for _escape in sequence]
        if state is State.PASTE:
            return self._pasted()
        if self._rest and len(sequence) == 2:
            self._rest, self._escaped = False, None
            return list(self._key(sequence[1]))
        self._rest = False
        return []

    def _patience(self) -> float:
        if self._state is State.ESCAPE:
            return LONE_ESCAPE_KITTY if self.kitty else LONE_ESCAPE
        return HELD if self._rest and len(self._sequence) == 2 else OPEN

    # -- one character -------------------------------------------------------------------------

    def _take(self, character: str, more: int, now: float) -> list[Message]:
        """``more`` characters came together with this one, behind it."""
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
                    self._state = State.GROUND
            case State.STRING:
                if character == ESC:
                    self._state = State.STRING_ESCAPE
                elif character in ("\x07", "\x9c", "\x18", "\x1a"):
                    self._end()
                elif len(self._sequence) < LONGEST:
                    self._sequence += character
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
        begins = character in "[O" or character in _STRINGS
        if begins and escaped is not None and (more or now - escaped < AFTER_ESCAPE):
            # The rest of a sequence whose ESC came so early that it was taken for the key; alone,
            # and long after, it was typed.
            self._rest = True
            return self._introduced(character)
        if "\x80" <= character <= "\x9f":
            return []
        return list(self._key(character))

    def _introduced(self, character: str) -> list[Message]:
        state = {"[": State.CSI, "O": State.SS3}.get(character, State.STRING)
        self._open(state, ESC + character)
        return []

    def _open(self, state: State, sequence: str) -> None:
        self._state, self._sequence = state, sequence

    def _end(self) -> None:
        self._state, self._rest, self._alt = State.GROUND, False, False

    def _behind_escape(self, character: str, now: float) -> list[Message]:
        if character == ESC:
            self._sequence += ESC
            return []
        escapes = len(self._sequence)
        self._alt = escapes > 1
        # ESC ESC [ A is a key with alt; all but the last two ESC were keys of their own.
        found: list[Message] = [events.Key("escape", ESC) for _n in range(escapes - 2)]
        if character in "[O" or character in _STRINGS:
            return found + self._introduced(character)
        self._state = State.GROUND
        found += [events.Key("escape", ESC)] if self._alt else []
        self._alt = False
        if ESC + character in ANSI_SEQUENCES_KEYS:  # alt with b, f …: a word on
            return [*found, *self._key(ESC + character)]
        if character < " " or "\x7f" <= character <= "\x9f":
            return found  # a control key with alt is no key here
        return [*found, *self._key(character, alt=True)]

    def _in_control_sequence(self, character: str, more: int, now: float) -> list[Message]:
        if self._sequence == ESC + "[" and character == "[":
            self._sequence += character  # the Linux console: ESC [ [ A is F1
            return []
        self._sequence += character
        if "@" <= character <= "~":
            sequence, dropped = self._sequence, self._rest or self._alt
            self._end()
            if sequence == ESC + "[M":
                self._state, self._skip = State.MOUSE, 3
                return []
            if sequence == _PASTE:
                self._state = State.PASTE
                self._paste.clear()
                return []
            return [] if dropped else list(self._control_sequence(sequence))
        if " " <= character <= "?" and len(self._sequence) < LONGEST:
            return []
        return self._broken(character, more, now)

    def _behind_ss3(self, character: str, more: int, now: float) -> list[Message]:
        self._sequence += character
        if character.isascii() and character.isdigit() and len(self._sequence) < 5:
            return []  # a modifier: ESC O 5 P
        if "!" <= character <= "~":
            sequence, dropped = self._sequence, self._rest or self._alt
            self._end()
            return [] if dropped else list(self._key(sequence))
        return self._broken(character, more, now)

    def _broken(self, character: str, more: int, now: float) -> list[Message]:
        """A character that no sequence holds: the sequence is dropped, the character stands."""
        self._end()
        return self._at_ground(character, more, now)

    # -- pastes --------------------------------------------------------------------------------

    def _take_paste(self, text: str, position: int, found: list[Message]) -> int:
        """Take what belongs to the paste from ``position`` on; where it ends."""
        # The end sign may be cut: look for it in the last characters taken as well.
        before = "".join(self._paste)[-len(_PASTE_END) + 1 :]
        here = (before + text[position:]).find(_PASTE_END)
        if here < 0:
            self._paste.append(text[position:])
            return len(text)
        end = position + here - len(before) + len(_PASTE_END)
        whole = "".join(self._paste) + text[position:end]
        self._paste = [whole[: -len(_PASTE_END)]]
        self._state = State.GROUND
        found += self._pasted()
        return end

    def _pasted(self) -> list[Message]:
        text = "".join(self._paste).replace("\0", "")
        self._paste = []
        return [events.Paste(text)]

    # -- whole sequences -----------------------------------------------------------------------

    def _control_sequence(self, sequence: str) -> Iterator[Message]:
        if sequence == "\x1b[I":
            yield events.AppFocus()
        elif sequence == "\x1b[O":
            yield events.AppBlur()
        elif found := _SYNC.fullmatch(sequence):
            if found[1] != "0":
                yield TerminalSupportsSynchronizedOutput()
        elif _KITTY.fullmatch(sequence):
            self.kitty = True
        elif sequence[2] == "<" and self.mouse:
            message = self._keys.parse_mouse_code(sequence)
            if message is not None:
                yield message
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
    if event == "3":
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
