"""Many control sequences, cut and delayed at random, through the parser.

long_run(10_000)    that many texts of sequences; what came through, as figures
"""

from __future__ import annotations

import random
import string
import time

from tests.tui.terminal.test_input_parser import KEYS, REPORTS, keys
from tui_crm.tui.terminal import input_parser
from tui_crm.tui.terminal.input_parser import InputParser

NOT_ALONE = ("\x1b[200~", "\x1b[M", "\x1b[[")
"""What comes after these belongs to them."""


def long_run(count: int, seed: int = 1) -> dict[str, float]:
    """Feed ``count`` texts of one to six sequences in pieces. Raises AssertionError where a text
    presses other keys than it does in one piece."""
    chance, begin, pressed = random.Random(seed), time.monotonic(), 0
    for _n in range(count):
        text = "".join(sequence(chance) for _m in range(chance.randint(1, 6)))
        expected = keys(InputParser(), [(text, 0.5)])
        found = keys(InputParser(), cut(text, chance))
        assert found == expected, (text, found, expected)
        pressed += len(found)
    return {"texts": count, "keys": pressed, "seconds": round(time.monotonic() - begin, 1)}


def sequence(chance: random.Random) -> str:
    """A key, a report, or any control sequence or string that the grammar knows."""
    kind = chance.random()
    if kind < 0.4:
        return chance.choice([*KEYS, *REPORTS])
    if kind < 0.8:
        return _control_sequence(chance)
    content = "".join(chance.choices(string.printable[:95], k=chance.randint(0, 40)))
    return f"\x1b{chance.choice(']PX^_')}{content}{chance.choice([chr(27) + chr(92), chr(0x9C)])}"


def _control_sequence(chance: random.Random) -> str:
    while True:
        parameters = "".join(chance.choices("0123456789:;<=>?", k=chance.randint(0, 10)))
        between = "".join(chance.choices(" !\"#$%&'()*+,-./", k=chance.choice([0, 0, 1, 2])))
        found = f"\x1b[{parameters}{between}{chr(chance.randint(0x40, 0x7E))}"
        if found not in NOT_ALONE:
            return found


def cut(text: str, chance: random.Random) -> list[tuple[str, float]]:
    """The text in up to six pieces, each with a silence behind it: of up to 25 seconds, and behind
    an ESC of less than makes it the key."""
    count = min(chance.randint(0, 5), len(text) - 1)
    places = sorted(chance.sample(range(1, len(text)), count)) if count > 0 else []
    pieces = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    longest = input_parser.LONE_ESCAPE * 0.9
    return [
        (piece, chance.uniform(0, longest if piece.endswith("\x1b") else chance.choice([0.5, 25])))
        for piece in pieces
    ]
