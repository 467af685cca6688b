"""A user's own keys: the table ``[keys]`` of config.toml, checked against the key table."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _
from tui_crm.tui.keys import HINTS, SHOWN, TABLE, here

# What terminals send as something else, and what has no twin on a plain terminal.
IMPOSSIBLE = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+j": "enter",
    "ctrl+h": "backspace",
    "ctrl+space": "nothing",
    "ctrl+slash": "ctrl+_",
}
NAMES = {shown: name for name, shown in SHOWN.items() if len(shown) == 1}


def check(
    remap: Mapping[str, str], lines: Mapping[str, int] | None = None, file: str = ""
) -> dict[str, str]:
    """A user's remapping (id -> key) as Textual's key names.

    Raises CrmError, with the line of the file, for an unknown id, a key that no terminal sends,
    and a key that means something else on a screen where both act."""
    at = {
        k: f"{file}:{n}: " if file else _("line {n}: ").format(n=n)
        for k, n in (lines or {}).items()
    }
    chosen: dict[str, str] = {}
    ids = [row.id for row in TABLE]
    for wanted, typed in remap.items():
        where = at.get(wanted, "")
        if wanted not in ids:
            near = difflib.get_close_matches(wanted, ids, 1)
            raise CrmError(
                _("{where}{id} is no key id.").format(where=where, id=wanted),
                _("Did you mean {near}?").format(near=near[0])
                if near
                else _("tui-crm keys lists them."),
            )
        names = [
            NAMES.get(k.strip(), k.strip()) for k in (typed.split(",") if typed != "," else [","])
        ]
        for name in names:
            if name in IMPOSSIBLE:
                raise CrmError(
                    _("{where}terminals send {key} as {other}.").format(
                        where=where, key=name, other=IMPOSSIBLE[name]
                    ),
                    _("Choose a plain letter."),
                )
            if "alt+" in name or not name:
                raise CrmError(
                    _("{where}{key} cannot be used: Esc and a letter look the same.").format(
                        where=where, key=name or "''"
                    ),
                    _("Choose a plain letter."),
                )
        chosen[wanted] = ",".join(names)
    for screen in HINTS:
        taken: dict[str, str] = {}
        rows = here(screen)
        for row in rows:
            for name in chosen.get(row.id, row.keys).split(","):
                other = taken.setdefault(name, row.id)
                if other != row.id and (other in chosen or row.id in chosen):
                    moved = row.id if row.id in chosen else other
                    stays = other if moved == row.id else row.id
                    raise CrmError(
                        _("{where}{key} is {other} on the screen {screen} already.").format(
                            where=at.get(moved, ""),
                            key=SHOWN.get(name, name),
                            other=stays,
                            screen=screen,
                        ),
                        _("Give {other} another key too, or choose another.").format(other=stays),
                    )
    return chosen
