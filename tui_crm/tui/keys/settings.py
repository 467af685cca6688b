"""The keys of the settings."""

from __future__ import annotations

from tui_crm.tui.keys.key import N_, Key

ROWS: tuple[Key, ...] = (
    Key("settings.add", "plus", "add", N_("add"), N_("add one"), "here", ("settings",)),
    Key(
        "settings.rename",
        "r",
        "rename",
        N_("rename"),
        N_("rename it, everywhere"),
        "here",
        ("settings",),
    ),
    Key(
        "settings.retire",
        "minus",
        "retire",
        N_("retire"),
        N_("no longer offer it; a retired one is brought back"),
        "here",
        ("settings",),
    ),
    Key(
        "settings.later",
        "greater_than_sign",
        "shift(1)",
        N_("down"),
        N_("change places with the next"),
        "here",
        ("settings",),
    ),
    Key(
        "settings.earlier",
        "less_than_sign",
        "shift(-1)",
        N_("up"),
        N_("change places with the one before"),
        "here",
        ("settings",),
    ),
)

HINTS: dict[str, tuple[str, ...]] = {
    "settings": (
        "move.open",
        "settings.add",
        "settings.rename",
        "settings.retire",
        "settings.earlier",
        "settings.later",
        "always.undo",
        "move.back",
    ),
}
