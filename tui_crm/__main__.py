"""The door of the program: ``status`` is answered before anything heavy is imported."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run what ``argv`` (default: the command line) says; the exit code."""
    args = sys.argv[1:] if argv is None else argv
    if "status" in args:
        from tui_crm.cli import status

        code = status.quick(args)
        if code is not None:
            return code
    from tui_crm.cli.app import run

    return run(args)


if __name__ == "__main__":
    sys.exit(main())
