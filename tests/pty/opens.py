"""``python -m tests.pty.opens PROGRAM``: the installed program opens on a terminal and leaves."""

from __future__ import annotations

import sys

from tests.pty.terminal import Terminal


def main() -> int:
    """0 when Today came up and ``q`` ended the program cleanly."""
    with Terminal([sys.argv[1]]) as terminal:
        terminal.wait_for("Today")
        terminal.send("q")
        status = terminal.wait_end()
    print(f"{sys.argv[1]} opened, and left with {status}")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
