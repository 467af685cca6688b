"""Every key there is, in one table.

CAPITALS GO, small letters DO, digits CHOOSE. A row names the key, the screens where it acts and
what it does; from it come the bindings of the screens, the hint lines, the help page, the palette,
``tui-crm keys`` and the table in the README. A user remaps a key by its id in config.toml.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _

# Screens by name. LEADS are those with a lead under the cursor: the Do keys act on all of them.
GO = ("today", "leads", "calling", "stats", "feed")
LEADS = ("today", "lead", "leads", "board", "figure", "feed")
PLACES = (*GO, "lead", "board", "figure", "lists", "list", "import", "blocked", "outcomes", "help")
MOVES = (*PLACES,)


def N_(message: str) -> str:
    """Marks a text for translation; it is translated where it is used."""
    return message


@dataclass(frozen=True)
class Key:
    """One key. ``keys`` are Textual's names, the first is the one shown; ``action`` the method
    ``action_<name>`` that it calls; ``word`` the hint in one or two words; ``where`` the
    screens."""

    id: str
    keys: str
    action: str
    word: str
    says: str
    group: str  # go, move, do, choose, always, here
    where: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The first key as a person reads it on the keyboard."""
        return SHOWN.get(first := self.keys.split(",")[0], first)


SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "space",
    "plus": "+",
    "slash": "/",
    "colon": ":",
    "full_stop": ".",
    "question_mark": "?",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "asterisk": "*",
    "equals_sign": "=",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "number_sign": "#",
    "tab": "tab",
    "ctrl+r": "ctrl+r",
    "ctrl+z": "ctrl+z",
    "ctrl+c": "ctrl+c",
    "pagedown": "page down",
    "pageup": "page up",
    "comma": ",",
    "semicolon": ";",
    "minus": "-",
}

TABLE: tuple[Key, ...] = (
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
    Key("move.down", "j,down", "move(1)", N_("down"), N_("next row"), "move", MOVES),
    Key("move.up", "k,up", "move(-1)", N_("up"), N_("row before"), "move", MOVES),
    Key("move.top", "g,home", "top", N_("top"), N_("first row"), "move", MOVES),
    Key("move.bottom", "G,end", "bottom", N_("bottom"), N_("last row"), "move", MOVES),
    Key(
        "move.page_down", "pagedown,ctrl+d", "page(1)", N_("page"), N_("a screen on"), "move", MOVES
    ),
    Key(
        "move.page_up", "pageup,ctrl+u", "page(-1)", N_("page"), N_("a screen back"), "move", MOVES
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
            "blocked",
            "outcomes",
            "lists",
            "list",
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
        "today.back",
        "escape",
        "back",
        N_("unmark"),
        N_("unmark all; it never leaves the program"),
        "move",
        ("today",),
    ),
    Key("today.leave", "q", "leave", N_("leave"), N_("leave the program"), "move", ("today",)),
    Key(
        "do.call",
        "c",
        "log('call')",
        N_("call"),
        N_("log a call: a digit for the outcome, a line of text"),
        "do",
        LEADS,
    ),
    Key("do.email", "e", "log('email')", N_("e-mail"), N_("log an e-mail"), "do", LEADS),
    Key("do.meeting", "m", "log('meeting')", N_("meeting"), N_("log a meeting"), "do", LEADS),
    Key(
        "do.note",
        "n",
        "note",
        N_("note"),
        N_("write a note; >fri 9:30 sets the next action, #tag tags, €12k the amount"),
        "do",
        LEADS,
    ),
    Key(
        "do.next",
        "r",
        "next_action",
        N_("next action"),
        N_("set the next action: fri 9:30 20m call Anna"),
        "do",
        LEADS,
    ),
    Key("do.now", "d", "do_now", N_("do now"), N_("drop the date: to do at once"), "do", LEADS),
    Key("do.won", "w", "won", N_("won"), N_("won; Enter keeps the amount"), "do", LEADS),
    Key("do.lost", "l", "lost", N_("lost"), N_("lost, for a reason"), "do", LEADS),
    Key("do.cancelled", "x", "cancelled", N_("cancel"), N_("cancelled, for a reason"), "do", LEADS),
    Key("do.step", "s", "step", N_("step"), N_("choose the step"), "do", LEADS),
    Key(
        "do.step_on",
        "greater_than_sign",
        "move_step(1)",
        N_("step on"),
        N_("next step"),
        "do",
        LEADS,
    ),
    Key(
        "do.step_back",
        "less_than_sign",
        "move_step(-1)",
        N_("step back"),
        N_("step before"),
        "do",
        LEADS,
    ),
    Key("do.amount", "a", "amount", N_("amount"), N_("change the amount"), "do", LEADS),
    Key("do.tags", "t", "tags", N_("tags"), N_("add tags; -tag takes one off"), "do", LEADS),
    Key("do.owner", "o", "owner", N_("owner"), N_("give it to somebody"), "do", LEADS),
    Key("do.people", "p", "people", N_("people"), N_("add or correct a person"), "do", LEADS),
    Key(
        "do.star", "asterisk", "star", N_("star"), N_("star it, or take the star off"), "do", LEADS
    ),
    Key(
        "do.edit",
        "i",
        "edit",
        N_("edit"),
        N_("edit title, dates, probability, client, fields"),
        "do",
        LEADS,
    ),
    Key("do.copy", "y", "copy", N_("copy"), N_("copy a phone or an e-mail"), "do", LEADS),
    Key(
        "calling.dial",
        "enter",
        "dial",
        N_("dial"),
        N_("dial: copy the number, run the dialler, start the clock"),
        "do",
        ("calling",),
    ),
    Key(
        "calling.callback",
        "r",
        "callback",
        N_("call back"),
        N_("call back at a moment: tue 10"),
        "do",
        ("calling",),
    ),
    Key(
        "calling.note",
        "n",
        "note",
        N_("note"),
        N_("write the note of this row"),
        "do",
        ("calling",),
    ),
    Key(
        "calling.edit",
        "i",
        "edit",
        N_("edit"),
        N_("edit the row; the original is kept"),
        "do",
        ("calling",),
    ),
    Key(
        "calling.copy", "y", "copy", N_("copy"), N_("copy a phone or an e-mail"), "do", ("calling",)
    ),
    Key(
        "calling.next",
        "v",
        "coming",
        N_("what next"),
        N_("what comes next and why"),
        "do",
        ("calling",),
    ),
    Key(
        "calling.pause",
        "z",
        "pause",
        N_("pause"),
        N_("stop the clock for a while"),
        "do",
        ("calling",),
    ),
    Key(
        "calling.script",
        "tab",
        "script",
        N_("script"),
        N_("into the script and back"),
        "do",
        ("calling",),
    ),
    Key(
        "calling.lead",
        "number_sign",
        "open_warned",
        N_("lead"),
        N_("open the lead that has this number already"),
        "do",
        ("calling",),
    ),
    Key(
        "choose.digit",
        "1,2,3,4,5,6,7,8,9",
        "digit",
        N_("choose"),
        N_("outcome (Calling), report (Stats), saved view (Leads), column (a list)"),
        "choose",
        ("calling", "stats", "leads", "board", "list", "outcomes"),
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
        ("today", "leads", "board", "figure"),
    ),
    Key(
        "always.mark_many",
        "b",
        "mark_many",
        N_("mark many"),
        N_("mark the section, from the last mark to here, or all that are found"),
        "always",
        ("today", "leads", "board"),
    ),
    Key(
        "always.repeat",
        "full_stop",
        "repeat",
        N_("repeat"),
        N_("do the last thing again, here"),
        "always",
        LEADS,
    ),
    Key(
        "always.undo",
        "u",
        "undo",
        N_("undo"),
        N_("undo; in Feed, the entry under the cursor"),
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
    Key(
        "leads.view",
        "v",
        "switch_view",
        N_("board"),
        N_("list, compact list or board"),
        "here",
        ("leads", "board"),
    ),
    Key(
        "leads.sort",
        "comma",
        "sort",
        N_("sort"),
        N_("sort by a column"),
        "here",
        ("leads", "figure"),
    ),
    Key(
        "leads.group",
        "semicolon",
        "group",
        N_("groups"),
        N_("group by step, owner, tag or client; choose the columns"),
        "here",
        ("leads",),
    ),
    Key(
        "leads.views",
        "0",
        "views",
        N_("views"),
        N_("all saved views, your own and those that are shared"),
        "here",
        ("leads", "board"),
    ),
    Key(
        "leads.save",
        "V",
        "save_view",
        N_("save view"),
        N_("keep this filter under a digit, for you or shared; an empty name removes it"),
        "here",
        ("leads", "board"),
    ),
    Key(
        "leads.drop",
        "backspace",
        "drop_word",
        N_("drop word"),
        N_("where nothing is found: drop the word that excludes most"),
        "here",
        ("leads", "board"),
    ),
    Key(
        "lead.next",
        "J",
        "other_lead(1)",
        N_("next lead"),
        N_("the next lead of the list one came from"),
        "here",
        ("lead",),
    ),
    Key(
        "lead.before",
        "K",
        "other_lead(-1)",
        N_("lead before"),
        N_("the lead before"),
        "here",
        ("lead",),
    ),
    Key(
        "board.left",
        "h,left",
        "column(-1)",
        N_("left"),
        N_("the column to the left"),
        "here",
        ("board",),
    ),
    Key(
        "board.right",
        "right",
        "column(1)",
        N_("right"),
        N_("the column to the right"),
        "here",
        ("board",),
    ),
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
        "stats.more",
        "0",
        "more_reports",
        N_("more"),
        N_("the reports beyond nine"),
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
    Key(
        "lists.import",
        "I",
        "import_file",
        N_("import"),
        N_("import a prospect list"),
        "here",
        ("lists", "today", "leads", "calling"),
    ),
    Key(
        "lists.rename",
        "i",
        "edit_list",
        N_("edit"),
        N_("name, script, rules, columns; hand over, split, merge, update, archive"),
        "here",
        ("lists",),
    ),
    Key(
        "lists.page",
        "v",
        "page_of_list",
        N_("page"),
        N_("the list's page: what it brought, who answers, and when"),
        "here",
        ("lists",),
    ),
    Key(
        "list.order",
        "comma",
        "order",
        N_("order"),
        N_("call new rows as in the list, or when people answer"),
        "here",
        ("list",),
    ),
    Key(
        "list.left",
        "h,left",
        "column(-1)",
        N_("left"),
        N_("the figure to the left"),
        "here",
        ("list",),
    ),
    Key(
        "list.right",
        "right",
        "column(1)",
        N_("right"),
        N_("the figure to the right"),
        "here",
        ("list",),
    ),
    Key(
        "lists.blocked",
        "9",
        "blocked",
        N_("do not call"),
        N_("the do-not-call list"),
        "here",
        ("lists",),
    ),
    Key(
        "lists.outcomes",
        "O",
        "outcomes",
        N_("outcomes"),
        N_("the outcomes of calls: labels, digits, what follows"),
        "here",
        ("lists",),
    ),
    Key(
        "blocked.add",
        "plus",
        "add",
        N_("add"),
        N_("put a phone or an e-mail on the list"),
        "here",
        ("blocked",),
    ),
    Key(
        "blocked.remove",
        "minus",
        "remove",
        N_("take off"),
        N_("take it off the list, with the reason"),
        "here",
        ("blocked",),
    ),
    Key(
        "blocked.forget",
        "f",
        "forget",
        N_("forget"),
        N_("forget a person for good; only a hash of the number stays"),
        "here",
        ("blocked",),
    ),
    Key(
        "blocked.import",
        "I",
        "import_file",
        N_("import"),
        N_("put the phones or e-mails of a file on the list"),
        "here",
        ("blocked",),
    ),
    Key(
        "blocked.export",
        "E",
        "export_file",
        N_("export"),
        N_("write the list to a file"),
        "here",
        ("blocked",),
    ),
    Key(
        "outcomes.kind",
        "tab",
        "next_kind",
        N_("kind"),
        N_("outcomes of the next kind: calls, e-mails, meetings …"),
        "here",
        ("outcomes",),
    ),
    Key(
        "outcomes.add",
        "plus",
        "add",
        N_("add"),
        N_("a new outcome of this kind"),
        "here",
        ("outcomes",),
    ),
    Key(
        "outcomes.retire",
        "minus",
        "retire",
        N_("retire"),
        N_("no longer offer it; what was logged keeps it"),
        "here",
        ("outcomes",),
    ),
    Key(
        "outcomes.later",
        "greater_than_sign",
        "shift(1)",
        N_("down"),
        N_("change places with the next; the digits go along"),
        "here",
        ("outcomes",),
    ),
    Key(
        "outcomes.earlier",
        "less_than_sign",
        "shift(-1)",
        N_("up"),
        N_("change places with the one before"),
        "here",
        ("outcomes",),
    ),
    Key(
        "import.run",
        "enter",
        "run",
        N_("import"),
        N_("bring the rows in; one undo takes them back"),
        "here",
        ("import",),
    ),
    Key(
        "import.meaning",
        "m",
        "meaning",
        N_("meaning"),
        N_("what the column under the cursor means"),
        "here",
        ("import",),
    ),
    Key(
        "import.name",
        "n",
        "name_list",
        N_("list name"),
        N_("the list to make or to add to"),
        "here",
        ("import",),
    ),
    Key(
        "import.by",
        "b",
        "matched_by",
        N_("match by"),
        N_("what the rows of an updated file are matched by"),
        "here",
        ("import",),
    ),
    Key(
        "import.encoding",
        "e",
        "encoding",
        N_("encoding"),
        N_("read the file in another encoding"),
        "here",
        ("import",),
    ),
    Key(
        "import.delimiter",
        "d",
        "delimiter",
        N_("delimiter"),
        N_("what stands between two cells"),
        "here",
        ("import",),
    ),
    Key(
        "import.sheet",
        "s",
        "sheet",
        N_("sheet"),
        N_("another sheet of the workbook"),
        "here",
        ("import",),
    ),
    Key(
        "import.file",
        "f",
        "file",
        N_("file"),
        N_("another file, or pasted cells"),
        "here",
        ("import",),
    ),
)

# What the screens put into their hint lines, in order of use.
HINTS: dict[str, tuple[str, ...]] = {
    "today": (
        "move.open",
        "do.call",
        "do.email",
        "do.note",
        "do.next",
        "do.step",
        "do.won",
        "do.lost",
        "always.new",
        "go.calling",
    ),
    "lead": (
        "do.call",
        "do.email",
        "do.note",
        "do.next",
        "do.step",
        "do.won",
        "do.lost",
        "do.edit",
        "move.back",
    ),
    "leads": (
        "move.open",
        "always.mark",
        "always.search",
        "do.step",
        "do.next",
        "do.owner",
        "do.won",
        "always.new",
        "leads.view",
    ),
    "board": (
        "move.open",
        "do.step_on",
        "do.step_back",
        "always.search",
        "do.next",
        "do.won",
        "leads.view",
    ),
    "calling": (
        "calling.dial",
        "calling.callback",
        "calling.note",
        "move.down",
        "calling.edit",
        "calling.copy",
        "calling.next",
        "calling.pause",
    ),
    "lists": (
        "move.open",
        "lists.page",
        "lists.import",
        "lists.rename",
        "lists.blocked",
        "lists.outcomes",
        "always.search",
        "move.back",
    ),
    "list": ("move.open", "choose.digit", "list.order", "go.calling", "move.back"),
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
    "feed": ("move.open", "always.undo", "always.search", "do.call", "do.next"),
    "import": (
        "import.run",
        "import.by",
        "import.meaning",
        "import.name",
        "import.encoding",
        "import.delimiter",
        "import.sheet",
        "import.file",
        "move.back",
    ),
    "blocked": (
        "blocked.add",
        "blocked.remove",
        "always.search",
        "blocked.forget",
        "blocked.import",
        "blocked.export",
        "move.open",
        "move.back",
    ),
    "outcomes": (
        "move.open",
        "outcomes.add",
        "outcomes.retire",
        "outcomes.earlier",
        "outcomes.later",
        "outcomes.kind",
        "always.undo",
        "move.back",
    ),
    "help": ("move.back",),
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


GROUPS = {
    "go": N_("Go"),
    "move": N_("Move"),
    "do": N_("Do"),
    "choose": N_("Choose"),
    "always": N_("Always"),
    "here": N_("Here"),
}


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
