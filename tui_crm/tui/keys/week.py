"""The keys of the week, and of the appointments in it and in Today."""

from __future__ import annotations

from tui_crm.tui.keys.key import N_, Key

ROWS: tuple[Key, ...] = (
    Key(
        "week.before",
        "less_than_sign",
        "other_week(-1)",
        N_("week"),
        N_("the week before"),
        "here",
        ("week",),
    ),
    Key(
        "week.on",
        "greater_than_sign",
        "other_week(1)",
        N_("week"),
        N_("the week after"),
        "here",
        ("week",),
    ),
    Key(
        "week.day_before",
        "left,h",
        "move_day(-1)",
        N_("day back"),
        N_("move it to the working day before, at the same time"),
        "here",
        ("week",),
    ),
    Key(
        "week.day_on",
        "right",
        "move_day(1)",
        N_("day on"),
        N_("move it to the next working day, at the same time"),
        "here",
        ("week",),
    ),
    Key(
        "week.earlier",
        "K",
        "move_clock(-30)",
        N_("earlier"),
        N_("half an hour earlier"),
        "here",
        ("week",),
    ),
    Key(
        "week.later",
        "J",
        "move_clock(30)",
        N_("later"),
        N_("half an hour later"),
        "here",
        ("week",),
    ),
    Key(
        "week.block",
        "B",
        "block_time",
        N_("block time"),
        N_("block time without a lead; on it r and i change it, x gives it free"),
        "here",
        ("today", "week"),
    ),
)

HINTS: dict[str, tuple[str, ...]] = {
    "week": (
        "move.open",
        "do.next",
        "week.day_before",
        "week.day_on",
        "week.earlier",
        "week.later",
        "week.before",
        "week.on",
        "week.block",
        "move.back",
    ),
}
