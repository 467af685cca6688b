"""The keys of every screen: where to go, how to move, what acts always."""

from __future__ import annotations

from tui_crm.tui.keys.key import LEAD_ROWS, N_, PLACES, Key

ROWS: tuple[Key, ...] = (
    Key(
        "go.today", "T", "go('today')", N_("today"), N_("Today: what there is to do"), "go", PLACES
    ),
    Key(
        "go.leads", "L", "go('leads')", N_("leads"), N_("Leads: every list of leads"), "go", PLACES
    ),
    Key(
        "go.calling",
        "C",
        "go('calling')",
        N_("calling"),
        N_("Calling: step through a prospect list"),
        "go",
        PLACES,
    ),
    Key("go.stats", "S", "go('stats')", N_("stats"), N_("Stats: numbers that open"), "go", PLACES),
    Key(
        "go.feed",
        "F",
        "go('feed')",
        N_("feed"),
        N_("Feed: what was done, and by whom"),
        "go",
        PLACES,
    ),
    Key(
        "go.week",
        "W",
        "go('week')",
        N_("week"),
        N_("Week: timed actions by day and hour, moved and blocked"),
        "go",
        PLACES,
    ),
    Key("move.down", "j,down", "move(1)", N_("down"), N_("next row"), "move", PLACES),
    Key("move.up", "k,up", "move(-1)", N_("up"), N_("row before"), "move", PLACES),
    Key("move.top", "g,home", "top", N_("top"), N_("first row"), "move", PLACES),
    Key("move.bottom", "G,end", "bottom", N_("bottom"), N_("last row"), "move", PLACES),
    Key(
        "move.page_down",
        "pagedown,ctrl+d",
        "page(1)",
        N_("page"),
        N_("a screen on"),
        "move",
        PLACES,
    ),
    Key(
        "move.page_up", "pageup,ctrl+u", "page(-1)", N_("page"), N_("a screen back"), "move", PLACES
    ),
    Key(
        "move.open",
        "enter",
        "open",
        N_("open"),
        N_("the main act of this row: open it"),
        "move",
        (
            "today",
            "leads",
            "board",
            "stats",
            "feed",
            "figure",
            "week",
            "client",
            "blocked",
            "outcomes",
            "lists",
            "list",
            "settings",
        ),
    ),
    Key(
        "move.back",
        "escape,q",
        "back",
        N_("back"),
        N_("back to where one came from"),
        "move",
        tuple(place for place in PLACES if place != "today"),
    ),
    Key(
        "choose.digit",
        "1,2,3,4,5,6,7,8,9",
        "digit",
        N_("choose"),
        N_(
            "outcome (Calling), report (Stats), saved view (Leads), column (a list), a first step"
            " (an empty Today)"
        ),
        "choose",
        ("today", "calling", "stats", "leads", "board", "list", "outcomes"),
    ),
    Key(
        "always.new",
        "plus",
        "new_lead",
        N_("new lead"),
        N_("new lead: a title is enough"),
        "always",
        PLACES,
    ),
    Key("always.search", "slash", "filter", N_("filter"), N_("search or filter"), "always", PLACES),
    Key(
        "always.palette",
        "colon",
        "palette",
        N_("everything"),
        N_("every command, lead, client, person, prospect and note; phones by their end"),
        "always",
        PLACES,
    ),
    Key(
        "always.mark",
        "space",
        "mark",
        N_("mark"),
        N_("mark; a Do key then acts on all marked"),
        "always",
        ("today", "leads", "board", "figure", "client"),
    ),
    Key(
        "always.mark_many",
        "b",
        "mark_many",
        N_("mark many"),
        N_("mark the section, from the last mark to here, or all that are found"),
        "always",
        ("today", "leads", "board", "client"),
    ),
    Key(
        "always.repeat",
        "full_stop",
        "repeat",
        N_("repeat"),
        N_("do the last thing again, here"),
        "always",
        LEAD_ROWS,
    ),
    Key(
        "always.undo",
        "u",
        "undo",
        N_("undo"),
        N_("undo; in Feed and in a history, the entry under the cursor"),
        "always",
        PLACES,
    ),
    Key(
        "always.redo",
        "ctrl+r",
        "redo",
        N_("redo"),
        N_("do again what was undone"),
        "always",
        PLACES,
    ),
    Key(
        "always.help",
        "question_mark",
        "help",
        N_("keys"),
        N_("the keys of this screen"),
        "always",
        PLACES,
    ),
    Key(
        "always.suspend",
        "ctrl+z",
        "suspend",
        N_("shell"),
        N_("to the shell; fg comes back"),
        "always",
        PLACES,
    ),
)

HINTS: dict[str, tuple[str, ...]] = {
    "help": ("move.back",),
}
