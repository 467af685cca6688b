"""The log of our own bugs: where they came from, without customers' data."""

from __future__ import annotations

import os
import sys
from types import TracebackType

from tui_crm.core.files import make_folder, state_folder


def keep(error: BaseException) -> str | None:
    """Append where ``error`` came from to the log; the path of the log, ``None`` without one.

    Only the kind of error and the places in the program are written. Neither its message nor any
    value: both may hold names, phones, notes or a password.
    """
    from datetime import UTC, datetime

    lines = [f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} python {sys.version.split()[0]}"]
    seen: BaseException | None = error
    while seen is not None and len(lines) < 400:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        lines += [f"  {place}" for place in _places(seen.__traceback__)]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    try:
        folder = state_folder()
        make_folder(folder)
        path = os.path.join(folder, "errors.log")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n\n")
    except OSError:
        return None
    return path


def _places(trace: TracebackType | None) -> list[str]:
    """File (from the package's folder on), line and function of each step."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        parts = code.co_filename.replace(os.sep, "/").split("/")
        found.append(f"{'/'.join(parts[-3:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found
