"""Every key there is, in one table: a file a subject, put together here.

CAPITALS GO, small letters DO, digits CHOOSE. A row names the key, the screens where it acts and
what it does; from it come the bindings of the screens, the hint lines, the help page, the palette,
``tui-crm keys`` and the table in the README. A user remaps a key by its id in config.toml
(`remap`).
"""

from __future__ import annotations

from tui_crm.core.text import _
from tui_crm.tui.keys import calling, everywhere, importing, leads, lists, settings, stats, week
from tui_crm.tui.keys.key import GROUPS, SHOWN, Key

__all__ = ["GROUPS", "HINTS", "SHOWN", "TABLE", "Key", "by_id", "here", "table"]

SUBJECTS = (everywhere, leads, week, calling, stats, lists, importing, settings)

TABLE: tuple[Key, ...] = tuple(
    sorted(
        (row for subject in SUBJECTS for row in subject.ROWS),
        key=lambda row: list(GROUPS).index(row.group),
    )
)

# What the screens put into their hint lines, in order of use.
HINTS: dict[str, tuple[str, ...]] = {
    screen: hints for subject in SUBJECTS for screen, hints in subject.HINTS.items()
}


def here(screen: str) -> tuple[Key, ...]:
    """The keys that act on a screen. Where one key has two meanings there, the screen's own
    (narrower) row wins."""
    chosen: dict[str, Key] = {}
    for row in sorted(TABLE, key=lambda k: -len(k.where)):
        if screen in row.where:
            for name in row.keys.split(","):
                chosen[name] = row
    kept = set(chosen.values())
    return tuple(row for row in TABLE if row in kept)


def by_id(wanted: str) -> Key:
    """The row of an id. Raises KeyError."""
    return next(row for row in TABLE if row.id == wanted) if wanted else TABLE[0]


def table() -> list[tuple[str, str, str, str]]:
    """``(group, keys as shown, id, what it does)`` of every row, for ``tui-crm keys``."""
    return [
        (
            _(GROUPS[row.group]),
            " ".join(SHOWN.get(k, k) for k in row.keys.split(",")),
            row.id,
            _(row.says) + ("" if row.group != "here" else f" ({', '.join(row.where)})"),
        )
        for row in TABLE
    ]
