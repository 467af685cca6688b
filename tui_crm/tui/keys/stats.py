"""The keys of Stats and of an opened figure."""

from __future__ import annotations

from tui_crm.tui.keys.key import N_, Key

ROWS: tuple[Key, ...] = (
    Key(
        "stats.before",
        "left_square_bracket",
        "period(-1)",
        N_("period"),
        N_("the period before"),
        "here",
        ("stats",),
    ),
    Key(
        "stats.on",
        "right_square_bracket",
        "period(1)",
        N_("period"),
        N_("the period after"),
        "here",
        ("stats",),
    ),
    Key(
        "stats.compare",
        "equals_sign",
        "compare",
        N_("compare"),
        N_("compare with the period before, or a year ago"),
        "here",
        ("stats",),
    ),
    Key(
        "stats.dashboard",
        "0",
        "digit(0)",
        N_("dashboard"),
        N_("the company at a glance"),
        "here",
        ("stats",),
    ),
    Key(
        "stats.more",
        "m",
        "more_reports",
        N_("more"),
        N_("the reports without a digit, and the saved views"),
        "here",
        ("stats",),
    ),
    Key(
        "stats.left",
        "h,left",
        "column(-1)",
        N_("left"),
        N_("the figure to the left"),
        "here",
        ("stats",),
    ),
    Key(
        "stats.right",
        "right",
        "column(1)",
        N_("right"),
        N_("the figure to the right"),
        "here",
        ("stats",),
    ),
    Key(
        "stats.now",
        "N",
        "what_now",
        N_("what now"),
        N_("What now: what the figures ask for, each with the leads to act on"),
        "here",
        ("stats",),
    ),
    Key("stats.view", "v", "next_view", N_("view"), N_("the next saved view"), "here", ("stats",)),
    Key(
        "stats.save",
        "V",
        "save_view",
        N_("save view"),
        N_("keep this report and its filters as a view"),
        "here",
        ("stats",),
    ),
    Key(
        "figure.tab",
        "tab",
        "left_out",
        N_("left out"),
        N_("the rows that were left out, and why"),
        "here",
        ("figure",),
    ),
)

HINTS: dict[str, tuple[str, ...]] = {
    "stats": (
        "move.open",
        "stats.now",
        "choose.digit",
        "stats.more",
        "stats.before",
        "stats.on",
        "always.search",
        "stats.compare",
        "stats.view",
    ),
    "figure": ("move.open", "do.call", "do.next", "do.step", "do.note", "figure.tab", "move.back"),
}
