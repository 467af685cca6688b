"""``python -m tests.bench.opens STORE``: the app on a company, at its own moment: a Monday
morning, when people may be called."""

from __future__ import annotations

import sys

from tests.bench.measure import MONDAY
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in
from tui_crm.tui.app import CrmApp, run_app


def main() -> int:
    CrmApp._back_up = lambda self: None  # type: ignore[method-assign]  # made earlier that day
    session, said = sign_in(open_store(sys.argv[1]), "you", clock=lambda: MONDAY)
    return run_app(session, None, said)


if __name__ == "__main__":
    raise SystemExit(main())
