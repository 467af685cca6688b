"""The parts every screen is made of, driven by keys and read from the screen."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console
from textual._compositor import LayoutUpdate
from textual.geometry import Region

from tests.driver import driving
from tests.tui.kit_app import HEAD, KitApp, search, today_row
from tui_crm.core import text as words
from tui_crm.tui.terminal import glyphs, theme
from tui_crm.tui.terminal.diff import ScreenBuffer
from tui_crm.tui.widgets import bars, lines, titles
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.header import Header, SessionView, header_line
from tui_crm.tui.widgets.hints import Hint, HintLine, Message, MessageRow, hint_line
from tui_crm.tui.widgets.lines import Run, beside, cells, clip, make, plain, section
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.palette import PaletteSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, Entry, PromptSheet, no_echo
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

SIZES = [(120, 36), (80, 24), (40, 10), (20, 5), (1, 1)]

HOSTILE = (
    "[/]",
    "[bold",
    "[@click=app.quit]x[/]",
    "\x1b]0;owned\x07",
    "a\u202eb",
    "株式会社" * 30,
    "e\u0301" * 90,
    "\x9b31m",
    "line\nline",
)


@pytest.fixture(autouse=True)
def _default_look():
    theme.use(theme.DARK)
    glyphs.use(glyphs.UNICODE)
    yield
    theme.use(theme.DARK)
    glyphs.use(glyphs.UNICODE)


def numbered(count: int, start: int = 0) -> ListRows:
    return ListRows([Row.item(n, today_row("", "any", f"Lead {n}")) for n in range(start, count)])


class Million:
    """A source of a million records that counts what is asked of it."""

    def __init__(self) -> None:
        self.asked = 0

    def __len__(self) -> int:
        return 1_000_000

    def row(self, index: int) -> Row:
        self.asked += 1
        return Row.item(index, today_row("", "any", f"Lead {index}"))

    def index(self, id: Any) -> int | None:
        return id if isinstance(id, int) and 0 <= id < len(self) else None


# --------------------------------------------------------------------------- lines


def test_a_line_is_cut_by_cells_with_one_sign() -> None:
    assert plain(clip(make("株式会社アクメ"), 6)) == "株式…"
    assert plain(clip(make("Acme ", ("GmbH", "dim")), 7)) == "Acme G…"
    cut_twice = clip((lines.cell("website relaunch", 8), Run("   12.4k")), 8)
    assert plain(cut_twice).count("…") == 1


def test_two_ends_share_a_row() -> None:
    assert plain(beside(make("Acme"), make("12.4k"), 14)) == "Acme     12.4k"
    assert plain(beside(make("Acme GmbH: website"), make("12.4k"), 14)) == "Acme G…  12.4k"
    assert plain(beside(make("Acme"), make("12.4k"), 5)) == "Acme "


def test_a_section_reaches_the_edge_with_its_note() -> None:
    assert plain(section("Today", 24, 6, "2h booked")) == "Today 6 ────── 2h booked"
    assert plain(section("Overdue", 16, 3, token="late")) == "! Overdue 3 ────"
    assert plain(section("Today", 10, 6, "2h 20m booked")) == "Today 6 ──"


def test_a_plain_row_is_three_runs() -> None:
    row = today_row("", "09:30 20m", "Casa Ruiz", "40.0k", "call Marta")(78)
    assert len(lines.merged(lines.fixed(lines.indent(row), 80))) <= 3


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_text_is_plain_text(data: str) -> None:
    strip = lines.strip((Run(data, "text"),), 30)
    assert strip.cell_length == 30 and words.width(strip.text) == 30
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e" for c in strip.text)


# --------------------------------------------------------------------------- charts


def test_the_line_fills_by_half_cells_and_turns_green() -> None:
    assert plain(bars.progress_bar(12, 50, 9)) == "━━───────"
    assert plain(bars.progress_bar(1, 1000, 4)) == "╸───"
    assert plain(bars.progress_bar(999, 1000, 4)) == "━━━╸"
    assert bars.progress_bar(50, 50, 4) == (Run("━━━━", "won"),)
    assert plain(bars.progress_bar(0, 50, 4)) == plain(bars.progress_bar(3, 0, 4)) == "────"


def test_thickness_is_certainty() -> None:
    assert plain(bars.forecast(10, 10, 20, 30, 12)) == "████━━━━────"
    assert plain(bars.funnel(63, 14, 19, 96, 32)) == "█" * 21 + "━" * 5 + "─" * 6
    assert cells(bars.stacked([(84, "won"), (128, "dim")], 268, 12)) == 12
    # A part too small for a cell has one all the same, and the empty part behind it none.
    assert plain(bars.stacked([(3, "won"), (0, "dim")], 66, 11)) == "█" + "─" * 10


def test_levels_start_at_zero_and_unknown_is_empty() -> None:
    assert plain(bars.spark([0, None, 5, 10], 4)) == "▁ ▄▇"
    assert plain(bars.heat(40, 40)) == "▇▇▇" and bars.heat(40, 40)[0].token == "accent"
    assert bars.heat(5, 40)[0].token == "dim"


def test_charts_have_ascii_twins() -> None:
    glyphs.use(glyphs.ASCII)
    for line in (
        bars.progress_bar(12, 50, 9),
        bars.forecast(1, 1, 3, 4, 12),
        bars.spark([1, 2], 2),
        bars.funnel(3, 2, 1, 6, 12),
        bars.attempts([], (8, 17), None),
    ):
        assert plain(line).isascii()
    assert bars.large_phone("+49 751 366", 80) == []


def test_the_large_phone_is_four_cells_a_digit_two_a_gap() -> None:
    phone = bars.large_phone("+49 751 366 1208", 78)
    assert [cells(row) for row in phone] == [57, 57, 57]
    assert bars.large_phone("+49 751 366 1208", 56) == []
    assert bars.large_phone("+49 751 366 ext. 12", 80) == []
    assert bars.phone_groups("+34 612345678") == ["+34", "612", "345", "678"]


# --------------------------------------------------------------------------- list


async def test_the_cursor_skips_what_is_no_record() -> None:
    async with driving(KitApp()) as d:
        records = d.app.screen.query_one(RecordList)
        await d.press("j", "j", "j")
        assert records.cursor_id == "Casa Ruiz: renovación flota"
        assert "▌" in d.row(d.find("Casa Ruiz"))
        await d.press("k")
        assert records.cursor_id == "Talleres Ibarra: flota 2027"
        await d.press("G")
        assert records.cursor_id == "Grupo Vallès: SLA"
        await d.press("g")
        assert records.cursor_id == "Acme GmbH: website relaunch" and d.shows("Overdue 3")


async def test_the_cursor_stays_on_its_record_and_moves_on_when_it_leaves() -> None:
    async with driving(KitApp(rows=numbered(40))) as d:
        records = d.app.screen.query_one(RecordList)
        await d.press("j", "j", "j")
        records.show(ListRows([numbered(1).row(0), *(numbered(40, 3).row(n) for n in range(30))]))
        await d.settle()
        assert records.cursor_id == 3 and "▌" in d.row(2)
        records.show(numbered(40, 4))
        await d.settle()
        assert records.cursor_id == 5  # the record now in its place
        records.show(ListRows([]))
        assert records.cursor_id is None
        await d.press("j", "G", "enter")
        assert records.cursor_index == -1


async def test_moved_and_opened_are_told_once() -> None:
    async with driving(KitApp(rows=numbered(5))) as d:
        await d.press("j", "k", "k", "enter")
        assert d.app.page.heard == [("moved", 1), ("moved", 0), ("opened", 0)]


async def test_a_million_rows_ask_only_for_what_is_in_view() -> None:
    source = Million()
    async with driving(KitApp(rows=source)) as d:  # type: ignore[arg-type]
        await d.press("G")
        assert d.shows("Lead 999999")
        source.asked = 0
        await d.press("k", "pageup", "g")
        assert d.row(1).endswith("Lead 0") and source.asked < 400


async def test_a_move_changes_two_rows_and_a_note_of_another_row_one() -> None:
    async with driving(KitApp(rows=numbered(10))) as d:
        records = d.app.screen.query_one(RecordList)
        painted: list[int] = []
        refresh = records.refresh

        def painting(*regions: Region, **more: bool) -> RecordList:
            painted.extend(region.y if region.height == 1 else -1 for region in regions)
            return refresh(*regions, **more)

        records.refresh = painting  # type: ignore[method-assign]
        await d.press("j")
        assert set(painted) == {0, 1}


async def test_the_pane_without_keys_keeps_its_place_without_tint() -> None:
    async with driving(KitApp(rows=numbered(3))) as d:
        records = d.app.screen.query_one(RecordList)
        ground = theme.style("text").bgcolor
        assert d.styles(1)[0][1].bgcolor != ground
        records.active = False
        await d.settle()
        assert {style.bgcolor for _t, style in d.styles(1)} == {ground}
        assert any(style.bold for _t, style in d.styles(1))


# --------------------------------------------------------------------------- header, hints


def test_the_header_gives_up_what_matters_least() -> None:
    wide = plain(header_line(HEAD, 120))
    assert wide.startswith(" T Today  L Leads  C Calling ") and "Mon 23 Nov 09:12" in wide
    assert "calls 12/50 ━━━" in wide and "won €12.4k/20k ━━━━━───" in wide
    assert "won" not in plain(header_line(HEAD, 110)) and "23 Nov" in plain(header_line(HEAD, 110))
    assert plain(header_line(HEAD, 80)).rstrip().endswith("09:12  calls 12/50 ━━───────")
    assert plain(header_line(HEAD, 40)).split() == ["Today", "!3", "late", "6", "due", "12/50"]


def test_the_session_header_shows_the_list() -> None:
    view = SessionView("C", "Spring fair", 41, 1204, 341, 12, 50, 4, 19, "09:12")
    assert plain(header_line(view, 80)).split() == [
        "C",
        "Spring",
        "fair",
        "41/1,204",
        "━━━───────",
        "calls",
        "12/50",
        "reached",
        "4",
        "19/h",
        "09:12",
    ]
    assert "row 41/1,204" in plain(header_line(view, 120))
    assert "341 done" in plain(header_line(view, 120))


@pytest.mark.parametrize("width", range(1, 160))
def test_headers_and_hints_fill_every_width(width: int) -> None:
    session = SessionView(
        "C", "A list with a very long name indeed", 41, 99999, 4, 1, 5, 4, 19, "9:12"
    )
    hints = [Hint(letter, "a word") for letter in "abcdefghijkl"]
    for line in (
        header_line(HEAD, width),
        header_line(session, width),
        hint_line(hints, width, Hint("?", "keys")),
    ):
        assert cells(line) == width


def test_hints_are_cut_by_whole_items_and_keys_is_last() -> None:
    hints = [Hint(*item.split()) for item in ("Enter open", "c call", "w won", "l lost")]
    line = plain(hint_line(hints, 40, Hint("?", "keys")))
    assert line == " Enter open  c call  w won       ? keys "
    many = [Hint(letter, "x") for letter in "abcdefghijkl"]
    assert plain(hint_line(many, 140)).split()[-2:] == ["j", "x"]


async def test_a_message_stands_above_the_hints() -> None:
    async with driving(KitApp()) as d:
        row = d.app.screen.query_one(MessageRow)
        row.show(Message("Won", "won", "Acme GmbH", "€12,400", right=Hint("u", "undo")))
        await d.settle()
        assert d.row(-2).startswith("  Won   Acme GmbH  €12,400") and d.row(-2).endswith("u undo")
        row.show(None)
        d.app.screen.query_one(HintLine).say(Message("!", "late", "Not saved."))
        await d.settle()
        assert d.row(-2) == "" and d.row(-1) == " ! Not saved."


# --------------------------------------------------------------------------- sheets


async def test_the_entry_is_read_while_typed_and_ends_once() -> None:
    async with driving(KitApp()) as d:
        await d.press("r")
        assert d.row(-4).startswith("── next action Acme GmbH: website relaunch ──")
        assert d.row(-3).endswith("Enter or Esc leave") and "fri 9:30" in d.row(-2)
        await d.type("tue 10 20m")
        assert d.row(-3).startswith(" › tue 10 20m") and d.row(-2).startswith(" = Tue 24 Nov")
        assert d.row(-1).startswith(" ! clash")
        await d.burst("enter", "enter")
        assert d.app.page.ended == ["tue 10 20m"]
        assert not d.app.screen.query(PromptSheet)
        assert isinstance(d.app.focused, RecordList)


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_an_empty_entry_is_left_by_either_key(key: str) -> None:
    async with driving(KitApp()) as d:
        await d.press("r", key)
        assert d.app.page.ended == [None] and d.row(-1).endswith("? keys")


async def test_keys_typed_ahead_go_where_they_belong() -> None:
    async with driving(KitApp()) as d:
        await d.burst("c", "4", "j", "r", "t", "u", "e", " ", "1", "0", "enter", "j")
        assert d.app.page.ended == [3, "tue 10"]
        assert d.app.screen.query_one(RecordList).cursor_id == "Talleres Ibarra: flota 2027"


async def test_a_sheet_may_open_the_next_one() -> None:
    async with driving(KitApp()) as d:
        ended: list[Any] = []

        async def then(index: int | None) -> None:
            await PromptSheet("call", "", no_echo).open(d.app.screen, ended.append)

        await MenuSheet("call", "", [MenuOption("Reached")]).open(d.app.screen, then)
        await d.burst("1", "h", "i", "enter", "j")
        assert ended == ["hi"]
        assert d.app.screen.query_one(RecordList).cursor_index == 2


async def test_a_paste_is_one_line_and_sends_nothing() -> None:
    async with driving(KitApp()) as d:
        await d.press("r")
        await d.paste("tue 10\nnext\x1b[31m\n")
        assert d.app.screen.query_one(PromptSheet).value.startswith("tue 10 next")
        assert d.app.page.ended == [] and not any("\x1b" in row for row in d.screen())


def test_editing_keys() -> None:
    entry = Entry("call Anna e\u0301")
    entry.press("backspace", None)
    assert entry.text == "call Anna "
    entry.press("ctrl+w", None)
    entry.press("ctrl+a", None)
    entry.press("x", "x")
    assert (entry.text, entry.at) == ("xcall ", 1)
    entry.press("ctrl+e", None)
    entry.press("left", None)
    entry.press("ctrl+u", None)
    assert (entry.text, entry.at) == (" ", 0)
    entry.press("delete", None)
    assert entry.text == "" and not entry.press("f5", None)


def test_a_long_entry_is_shown_around_its_cursor() -> None:
    entry = Entry("株式会社 " * 20 + "end")
    for _step in range(len(entry.text) + 1):
        shown = entry.line(20, ())
        assert cells(shown) <= 20 and any(run.token == "caret" for run in shown)
        entry.press("left", None)
    assert plain(entry.line(20, ())).endswith("›")


async def test_an_echo_may_refuse_enter() -> None:
    async with driving(KitApp()) as d:
        row = EchoRow("?", "late", make("not a day"))
        sheet = PromptSheet("date", "", lambda text: Echo([row], refuse=True))
        ended: list[Any] = []
        await sheet.open(d.app.screen, ended.append)
        await d.type("nonsense")
        await d.press("enter")
        assert ended == [] and d.shows("? not a day")


async def test_a_menu_is_chosen_by_digit() -> None:
    async with driving(KitApp()) as d:
        await d.press("c")
        assert d.row(-4).split("  ")[0] == " 1 Reached then a line"
        assert "9 Do not call" in d.row(-2)
        await d.press("x", "0", "9")
        assert d.app.page.ended == [8]
        await d.press("c", "enter")
        await d.press("c", "q")
        assert d.app.page.ended == [8, 0, None]


async def test_a_long_menu_has_pages() -> None:
    async with driving(KitApp()) as d:
        ended: list[Any] = []
        options = [MenuOption(f"Step {n}") for n in range(1, 13)]
        await MenuSheet("step", "", options).open(d.app.screen, ended.append)
        await d.press("0")
        assert d.shows("1 Step 10") and not d.shows("Step 9")
        await d.press("4", "2")
        assert ended == [10]


async def test_the_palette_finds_and_chooses() -> None:
    async with driving(KitApp()) as d:
        await d.press("colon")
        await d.type("acme")
        assert d.shows("5 of 4,310")
        results = search("acme").results
        await d.press("down", "down", "up", "enter")
        assert [ended.value for ended in d.app.page.ended] == [results[1].value]


async def test_matched_letters_are_bold_and_underlined() -> None:
    async with driving(KitApp()) as d:
        await d.press("colon")
        await d.type("resel")
        row = d.find("Acme resellers")
        hits = [text for text, style in d.styles(row) if style.underline and style.bold]
        assert hits == ["resel"]
        assert d.app.screen.query_one(PaletteSheet).results[0].name == "Acme resellers 2025"


# --------------------------------------------------------------------------- what is sent


def page_of(*rows: str) -> LayoutUpdate:
    strips = [[lines.strip(make(row), 20)] for row in rows]
    return LayoutUpdate(strips, Region(0, 0, 20, len(rows)))  # type: ignore[arg-type]


def test_only_what_differs_is_sent() -> None:
    sent, console = ScreenBuffer(), Console(force_terminal=True, color_system="truecolor")
    first = sent.changed(page_of("one", "two"), (20, 2), console)
    assert "one" in first and "two" in first
    assert sent.changed(page_of("one", "two"), (20, 2), console) == ""
    second = sent.changed(page_of("one", "three"), (20, 2), console)
    # From where it differs: the t of two is the t of three.
    assert "hree" in second and "one" not in second and second.startswith("\x1b[2;2H")
    halves = LayoutUpdate(
        [[lines.strip(make("a"), 10), lines.strip(make("b"), 10)]], Region(0, 0, 20, 1)
    )  # type: ignore[list-item]
    assert sent.changed(halves, (20, 2), console).count("\x1b[1;1H") == 1
    assert "one" in sent.changed(page_of("one", "three"), (20, 2), console)
    assert "three" in sent.changed(page_of("one", "three"), (20, 3), console)  # a resize
    sent.forget()
    assert "one" in sent.changed(page_of("one", "three"), (20, 3), console)


# --------------------------------------------------------------------------- every mode and size


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["", "r", "c", "colon"])
async def test_nothing_breaks_at_any_size(size: tuple[int, int], kind: str) -> None:
    async with driving(KitApp(), size) as d:
        if kind:
            await d.press(kind)
            await d.type("7" if kind != "c" else "x")
        await d.resize(50, 12)
        await d.resize(*size)
        assert len(d.screen()) == size[1]
        assert all(words.width(row) <= size[0] for row in d.screen())


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_data_on_every_part(name: str) -> None:
    rows = ListRows(
        [Row.section(name, 1, name), Row.item(1, today_row("", "any", name, "1", name))]
    )
    async with driving(KitApp(rows=rows), (120, 24)) as d:
        d.app.screen.query_one(Header).show(SessionView("C", name, 1, 2, 0))
        d.app.screen.query_one(MessageRow).show(Message(name, "won", name, name, name))
        d.app.screen.query_one(LinesView).show(lambda w, h: lines.paragraph(name, w))
        sheet = MenuSheet(name, name, [MenuOption(name, name)])
        await sheet.open(d.app.screen)
        await d.settle()
        text = "".join(d.screen())
        assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in text)
        assert "[bold" in text or "[bold" not in name


@pytest.mark.parametrize("mode", ["dark", "plain", "ascii"])
async def test_the_page_looks_as_kept(mode: str) -> None:
    palette = theme.DARK if mode == "dark" else theme.PLAIN
    drawn = glyphs.ASCII if mode == "ascii" else glyphs.UNICODE
    async with driving(KitApp(palette, drawn, specimen=True), (120, 36)) as d:
        d.golden(f"kit-{mode}")


async def test_lines_scroll_and_keep_their_place() -> None:
    async with driving(KitApp(), (120, 24)) as d:
        view = d.app.screen.query_one(LinesView)
        view.show(lambda w, h: [make(f"line {n}") for n in range(100)])
        view.focus()
        await d.press("j", "j", "pagedown")
        assert view.top == 21
        view.show(lambda w, h: [make(f"row {n}") for n in range(100)])
        await d.settle()
        assert view.top == 21 and d.shows("row 21")
        view.reveal(90)
        await d.press("G", "g")
        assert view.top == 0


def test_a_title_is_company_and_subject_and_nothing_is_cut_that_has_room() -> None:
    assert titles.split("Acme GmbH: website: relaunch") == ("Acme GmbH", "website: relaunch")
    assert titles.split("12:30 lunch") == ("12:30 lunch", "")
    assert plain(titles.in_cells("Acme: relaunch", 24, 10)) == "Acme      relaunch      "
    # A long subject begins before its column, a long company ends behind it.
    assert plain(titles.in_cells("Acme: a long relaunch", 24, 10)) == "Acme     a long relaunch"
    assert plain(titles.in_cells("A long company: relaunch", 24, 10)) == "A long company  relaunch"
    assert plain(titles.in_cells("A long company: relaunch", 20, 10)) == "A long company  rel…"
    assert plain(titles.in_cells("A long company: relaunch", 18, 10)) == "A long company    "
