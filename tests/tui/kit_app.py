"""A page with every part of the kit on it, with real widgets: for tests, and for the eye.

python -m tests.tui.kit_app FOLDER     draws it in every mode
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen

from tests.driver import driving
from tui_crm import tui
from tui_crm.core.fuzzy import score
from tui_crm.tui.terminal import glyphs, theme
from tui_crm.tui.terminal.diff import DiffOutput
from tui_crm.tui.terminal.key_order import SequentialKeys
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.header import Header, HeaderView, Tab, TitleView
from tui_crm.tui.widgets.hints import Hint, HintLine, Message, MessageRow, message_line
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    cell,
    fixed,
    make,
    section,
)
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.palette import Found, PaletteSheet, Result
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

STYLESHEET = Path(tui.__file__).with_name("app.tcss")

TABS = tuple(Tab(name[0], name) for name in ("Today", "Leads", "Calling", "Stats", "Feed"))

HEAD = HeaderView(
    TABS,
    "T",
    day="Mon 23 Nov",
    clock="09:12",
    calls=12,
    calls_goal=50,
    won="€12.4k",
    won_goal="20k",
    won_part=0.62,
    late=3,
    due=6,
)


def today_row(
    sign: str,
    moment: str,
    title: str,
    amount: str = "",
    rest: str = "",
    sign_token: str = "text",
    moment_token: str = "text",
    body: str = "text",
) -> Any:
    """The drawing of one row of Today, as a screen makes it."""

    def draw(width: int) -> Line:
        title_width = 36 if width > 70 else 25
        return make(
            (f"{sign or ' '} ", sign_token),
            cell(moment, 10, moment_token),
            cell(title, title_width, body),
            cell(amount, 6, body, "right"),
            (f"   {rest}", "dim"),
        )

    return draw


SPECIMEN = (
    ("", "09:30 20m", "Plain", "40.0k", "call"),
    ("", "10:30 45m", "Under the cursor", "27.5k", "meeting"),
    ("!", "Thu 09:00", "Late", "12.4k", "call", "late", "late"),
    ("*", "any", "Starred", "54.0k", "e-mail", "strong"),
    ("+", "14:00 1h", "Marked", "6.1k", "visit", "key"),
    ("", "now", "Its moment has come", "18.2k", "call", "text", "due.b"),
    ("", "no date", "To do without a date", "2.1k", "idle 12d", "text", "due"),
    ("", "Wed 10:00", "Standby, later", "12.0k", "call", "dim", "dim", "dim"),
    ("w", "won", "Won", "14.2k", "19 Oct", "won", "won"),
    ("l", "lost", "Lost", "9.0k", "too dear", "lost", "lost", "lost"),
    ("x", "cancelled", "Cancelled", "3.0k", "double", "lost", "lost", "lost"),
    ("9", "blocked", "Do not call", "", "3 Mar, Ben", "blocked", "blocked"),
    ("~", "draft", "Note typed, not saved yet", "", "saving", "due", "due"),
    ("?", "10:04 ?", "Zone not known", "", "own clock"),
)

TODAY = (
    (
        "Overdue",
        3,
        "23.6k",
        "late",
        (
            ("!", "Thu 09:00", "Acme GmbH: website relaunch", "12.4k", "call Anna about pricing"),
            ("!", "Fri", "Borealis Énergie: contrat support", "3.2k", "e-mail the revised offer"),
            ("!", "Fri 16:00", "Talleres Ibarra: flota 2027", "8.0k", "call Iñaki, budget round"),
        ),
    ),
    (
        "Today",
        6,
        "2h 20m booked, first in 18 min",
        "strong",
        (
            ("", "09:30 20m", "Casa Ruiz: renovación flota", "40.0k", "call Marta"),
            ("", "10:30 45m", "Northgate Foods: cold chain", "27.5k", "meeting, Leeds"),
            ("", "14:00 1h", "Weingut Sonnenberg: Etiketten", "6.1k", "visit, samples"),
            ("", "15:15 15m", "Maison Delorme: vitrines", "18.2k", "call Hélène"),
            ("*", "any", "Lindqvist & Partners: licences", "54.0k", "e-mail the contract"),
            ("", "any", "Fernández Hnos.: ampliación", "9.8k", "call back on delivery"),
        ),
    ),
    (
        "To do, no date",
        2,
        "",
        "strong",
        (
            ("", "idle 12d", "Brasserie du Port: caisses", "2.1k", ""),
            ("", "idle 5d", "Penrose Tooling: service plan", "4.4k", ""),
        ),
    ),
    (
        "Tomorrow",
        2,
        "",
        "dim",
        (
            ("", "09:00 20m", "Acme Polska: pilot", "7.5k", "call Ola"),
            ("", "11:00 30m", "Grupo Vallès: SLA", "31.0k", "meeting"),
        ),
    ),
)


def specimen_rows() -> ListRows:
    """The rows of every state, and below them the lines and charts."""
    rows = [Row.blank(), Row.section("Rows")]
    rows += [Row.item(number, today_row(*row)) for number, row in enumerate(SPECIMEN)]
    rows += [Row.blank(), Row.section("The line that fills")]
    for name, part, whole, note in (
        ("step 3 of 5", 3, 5, "Proposal"),
        ("calls", 12, 50, "12 of 50"),
        ("goal reached", 24.8, 20, "€24.8k of 20k"),
        ("import", 5131, 8412, "5,131 of 8,412"),
        ("empty", 0, 50, "0 of 50"),
    ):
        line = (cell(name, 14, "dim"), *bars.progress_bar(part, whole, 20), *make(f"  {note}"))
        rows.append(Row.text(line))
    certainty = bars.forecast(10, 12, 26, 36, 36)
    rows += [
        Row.blank(),
        Row.section("Thickness is certainty"),
        Row.text((*certainty, *make(("  won, weighted, open", "dim")))),
        Row.blank(),
        Row.section("Over time"),
        Row.text(
            (
                *bars.spark(
                    [
                        1,
                        1,
                        3,
                        5,
                        4,
                        8,
                        9,
                        7,
                        5,
                        8,
                        9,
                        12,
                        10,
                        8,
                        9,
                        13,
                        9,
                        7,
                        8,
                        9,
                        6,
                        5,
                        8,
                        8,
                        10,
                        13,
                    ],
                    26,
                ),
                *make(("            peak 13, 5 Oct", "dim")),
            )
        ),
    ]
    return ListRows(rows)


def today_rows() -> ListRows:
    """A day, as Today shows it."""
    rows: list[Row] = []
    for name, count, note, token, leads in TODAY:
        rows.append(Row.section(name, count, note, token))
        later = token if token in {"late", "dim"} else "text"
        for sign, moment, title, amount, rest in leads:
            body = "dim" if token == "dim" else "text"
            mark = later if sign in {"!", ""} else "strong"
            draw = today_row(sign, moment, title, amount, rest, mark, later, body)
            rows.append(Row.item(title, draw))
    return ListRows(rows)


def specimen_lines(width: int, height: int) -> list[Line]:
    """The right half of the specimen page."""
    room = width - 3
    made = [EMPTY, section("Text", room)]
    for token, name, use in (
        ("strong", "Strong", "title, figure, section"),
        ("text", "Text", "what you read"),
        ("dim", "Dim", "label, unit, history, later"),
        ("key", "Accent", "keys, focus, the filling line"),
        ("late", "! Late", "past, or wrong"),
        ("due", "Due", "now, open question, warning"),
        ("won", "Good", "won, reached, understood"),
        ("blocked.b", "Blocked", "do not call"),
    ):
        made.append((cell(name, 12, token), *make((use, "dim"))))
    made += [EMPTY, section("The entry line", room)]
    for typed, sign, token, reading in (
        ("tue 10", "=", "won", "Tue 24 Nov 10:00, tomorrow"),
        ("sat 9", "!", "due", "Sat 28 Nov 09:00 is a weekend"),
        ("12/1", "=", "won", "Tue 12 Jan 2027 (day first)"),
        ("tuez", "?", "late", '"tuez" is no day; text only, no date'),
    ):
        made.append(
            make(
                (glyphs.active().entry + " ", "accent"),
                cell(typed, 10, "strong.n"),
                (f"{sign} ", f"{token}.b"),
                (reading, "text" if token == "won" else token),
            )
        )
    made += [EMPTY, section("Messages, one row, above the hints", room)]
    for message in (
        Message("Won", "won", "Acme GmbH", "€12,400", right=Hint("u", "undo")),
        Message("Copied", "strong", "+49 30 901820 44", subject_token="strong.n"),
        Message("!", "late", "Not saved: the disk is full. Note kept here.", subject_token="late"),
        Message("w", "accent", "cannot: #0964 is already won.", right=Hint("u", "reopens")),
        Message("Ben", "due", "changed the amount 2 min ago: 12.4k > 11k", subject_token="due"),
    ):
        made.append(message_line(message, room))
    made += [EMPTY, section("Large phone", room), *bars.large_phone("0123 4567 89+", room)]
    made.append(section("Funnel, hours, tries", room))
    made.append((*bars.funnel(63, 14, 19, 96, 30), *make("  63 14 19")))
    made.append((*bars.stacked([(84, "won"), (128, "dim")], 268, 30), *make("  84/212")))
    made.append(
        tuple(
            run
            for value in (5, 12, 22, 31, 47)
            for run in (*bars.heat(value, 47), *make(f"{value:>3} "))
        )
    )
    made.append(bars.attempts([(1, 10, "3"), (3, 16, "4")], (8, 17), (0, 9)))
    edge = glyphs.active().upright
    framed = [(*make((edge, "rule"), " "), *fixed(line, room), *make(" ")) for line in made]
    framed += [make((edge, "rule"))] * (height - len(framed))
    return framed


def read_date(text: str) -> Echo:
    """A reading with every kind of row, enough for the kit."""
    if text.startswith("tue 10"):
        rows = [
            EchoRow(
                "=",
                "won",
                make(
                    ("Tue 24 Nov 10:00", "strong"),
                    ", 20 min, tomorrow  ",
                    ("call", "strong"),
                    "  Anna about the quote",
                ),
            ),
            EchoRow(
                "!",
                "due",
                make(("clash: 10:00 meeting Grupo Vallès, 30 min. Enter keeps both.", "due")),
            ),
        ]
        return Echo(rows, [(0, 6, "accent")])
    return Echo([EchoRow("?", "late", make((f'"{text}" is no day', "late")))])


OUTCOMES = (
    MenuOption("Reached", "then a line"),
    MenuOption("Not interested", "asks why"),
    MenuOption("No answer", "again 13:12"),
    MenuOption("Voicemail", "again Tue"),
    MenuOption("Busy", "again 09:42"),
    MenuOption("Wrong number", "bad"),
    MenuOption("Somebody else", "note"),
    MenuOption("Send information"),
    MenuOption("Do not call", "2 numbers", "blocked"),
)

THINGS = (
    ("lead", "#1042 Acme GmbH: website relaunch", "12.4k  late", ""),
    ("lead", "#1084 Acme Polska: pilot", "7.5k  Tue 09:00", ""),
    ("client", "Acme GmbH", "3 leads, 2 people", ""),
    ("person", "Jörg Thiel, Acme GmbH", "+49 171 555 0148", ""),
    ("list", "Acme resellers 2025", "212 rows, 190 done", ""),
    ("do", "Add a note to this lead", "", "n"),
    ("go", "Calling: Spring fair", "", "C"),
)


def search(text: str) -> Found:
    """The palette's search, over a handful of things."""
    results = []
    for kind, name, fact, key in THINGS:
        found = score(text, name)
        if found is not None:
            results.append((found[0], Result(kind, name, name, found[1], fact, key)))
    results.sort(key=lambda pair: -pair[0])
    return Found([result for _points, result in results], len(results), 4310)


class Page(Screen[None]):
    """The page: list left, lines right from 100 columns, message and hints below."""

    CSS = """
    Page RecordList { width: 53%; }
    Page #body { height: 1fr; }
    Page.-one RecordList { width: 1fr; }
    Page.-one LinesView { display: none; }
    """

    def __init__(self, rows: ListRows, specimen: bool) -> None:
        super().__init__()
        self._list_rows = rows
        self._specimen = specimen
        self.ended: list[Any] = []
        self.heard: list[tuple[str, Any]] = []

    def compose(self) -> ComposeResult:
        title = TitleView("Specimen", note="every state a row can have, and the parts")
        yield Header(title if self._specimen else HEAD)
        with Horizontal(id="body"):
            yield RecordList(self._list_rows, id="records")
            yield LinesView(specimen_lines)
        yield MessageRow()
        yield HintLine()

    def on_mount(self) -> None:
        keys = (
            "Enter open",
            "c call",
            "r next action",
            "d now",
            "w won",
            "l lost",
            "n note",
            "+ new",
            "u undo",
            "s step",
            "t tags",
        )
        self.query_one(HintLine).show([Hint(*item.split(" ", 1)) for item in keys])
        if self._specimen:
            self.query_one(RecordList).jump(1)

    def on_resize(self) -> None:
        self.set_class(self.size.width < 100, "-one")

    def on_record_list_moved(self, message: RecordList.Moved) -> None:
        self.heard.append(("moved", message.id))

    def on_record_list_opened(self, message: RecordList.Opened) -> None:
        self.heard.append(("opened", message.id))

    async def action_sheet(self, kind: str) -> None:
        subject = "Acme GmbH: website relaunch"
        if kind == "prompt":
            examples = make(("fri 9:30 20m call Anna    +3d    every 2w", "dim"))
            await PromptSheet("next action", subject, read_date, examples=examples).open(
                self, self.ended.append
            )
        elif kind == "menu":
            about = make(f"{subject}   +49 30 901820 44")
            await MenuSheet("call", about, OUTCOMES, enter=0, also_leaves=["c"]).open(
                self, self.ended.append
            )
        else:
            await PaletteSheet("everything", "commands, leads, clients, people", search).open(
                self, self.ended.append
            )

    BINDINGS = [
        ("r", "sheet('prompt')", ""),
        ("c", "sheet('menu')", ""),
        ("colon", "sheet('palette')", ""),
    ]


class KitApp(DiffOutput, SequentialKeys, App[None]):
    """The page in an app with the palette and glyphs it is given."""

    CSS_PATH = STYLESHEET
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        palette: theme.Palette = theme.DARK,
        drawn: glyphs.Glyphs = glyphs.UNICODE,
        rows: ListRows | None = None,
        specimen: bool = False,
    ) -> None:
        glyphs.use(drawn)
        super().__init__(ansi_color=theme.ansi_color(palette))
        theme.install(self, palette)
        default = specimen_rows() if specimen else today_rows()
        self.page = Page(rows if rows is not None else default, specimen)

    def on_mount(self) -> None:
        self.push_screen(self.page)


async def pictures(folder: Path) -> None:
    """Draw the page in every mode into ``folder``."""
    for name, palette, drawn in (
        ("dark", theme.DARK, glyphs.UNICODE),
        ("light", theme.LIGHT, glyphs.UNICODE),
        ("16", theme.TERMINAL_DARK, glyphs.UNICODE),
        ("mono", theme.PLAIN, glyphs.UNICODE),
        ("ascii", theme.PLAIN, glyphs.ASCII),
    ):
        async with driving(KitApp(palette, drawn, specimen=True), (120, 36)) as d:
            d.picture(folder / f"kit-120x36-{name}.png")
        for kind, keys in (("prompt", "r"), ("menu", "c"), ("palette", "colon")):
            for size in ((80, 24), (40, 10)):
                async with driving(KitApp(palette, drawn), size) as d:
                    await d.press(keys)
                    await d.type(
                        {"prompt": "tue 10 20m call Anna", "palette": "acme"}.get(kind, "")
                    )
                    d.picture(folder / f"kit-{kind}-{size[0]}x{size[1]}-{name}.png")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(pictures(target))
