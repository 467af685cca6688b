"""Today: the morning in one screen, worked down to a provable zero."""

from __future__ import annotations

import pytest

from tui_crm.core.dates import reader
from tui_crm.core.leads import actions, leads, next_actions
from tui_crm.settings import Settings

SIZES = [(80, 24), (120, 36), (40, 10)]


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden(crm, size):
    async with crm.driving(size) as d:
        d.golden(f"today-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden_on_the_first_morning(empty, size):
    async with empty.driving(size) as d:
        d.golden(f"today-empty-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden_at_zero(crm, size):
    work_off(crm)
    async with crm.driving(size) as d:
        d.golden(f"today-zero-{size[0]}x{size[1]}")


async def test_golden_in_ascii(crm):
    async with crm.driving((80, 24), settings=Settings(glyphs="ascii")) as d:
        d.golden("today-ascii-80x24")


def runs(d) -> list[str]:
    """Every run of the screen with what its style would send, one row each."""
    shown = []
    for y in range(len(d.screen())):
        for text, style in d.styles(y):
            if text.strip():
                shown.append(f"{y:2} {style or '-'!s:24} {text.strip()}")
    return shown


async def test_golden_without_colour(crm):
    from tests.driver import compare_golden

    async with crm.driving((80, 24), NO_COLOR="1") as d:
        compare_golden("today-mono-80x24", runs(d))
        for y in range(24):
            for _text, style in d.styles(y):
                assert style.color is None or style.color.is_default
                assert style.bgcolor is None or style.bgcolor.is_default


async def test_golden_in_sixteen_colours(crm):
    from tests.driver import compare_golden

    async with crm.driving((80, 24), TERM="linux", settings=Settings(glyphs="unicode")) as d:
        compare_golden("today-16-80x24", runs(d))
        for y in range(24):
            for _text, style in d.styles(y):
                for colour in (style.color, style.bgcolor):
                    assert colour is None or colour.is_default or (colour.number or 0) < 16


def work_off(crm) -> None:
    """Do everything that is to do."""
    for section in next_actions.today(crm.session).sections:
        if section.name in ("tomorrow", "week"):
            continue
        for row in section.rows:
            leads.set_owner(crm.session, row.id, crm.session.user_id)
            actions.log(crm.session, row.id, "call", outcome=1)
            next_actions.set_next(
                crm.session, row.id, reader.read("tomorrow 15:00", crm.session.now)
            )


# -- what stands where -------------------------------------------------------------------------


def sections(d) -> list[str]:
    """The section words from the top."""
    return [row.partition(" ──")[0].strip() for row in d.screen() if " ──" in row]


async def test_sections_come_in_the_order_of_the_day(crm):
    async with crm.driving() as d:
        assert sections(d) == [
            "! Overdue 3",
            "Today 3",
            "To do, no date 1",
            "New, nobody's 1",
            "Tomorrow 1",
            "This week 1",
        ]


async def test_overdue_by_its_moment_today_by_the_clock_then_the_starred(crm):
    async with crm.driving() as d:
        rows = [
            d.find(name)
            for name in ("Acme GmbH", "Talleres", "Borealis", "Casa Ruiz", "Northgate", "Lindqvist")
        ]
        assert rows == sorted(rows)


async def test_the_cursor_stands_on_the_first_thing_to_do(crm):
    async with crm.driving() as d:
        assert d.app.screen.subject() == crm.number("acme")
        assert d.row(2).startswith("▌!")


async def test_a_moment_is_now_for_five_minutes_around_it_then_late(crm):
    async with crm.driving() as d:
        assert "09:30 20m  Casa Ruiz" in d.row(d.find("Casa Ruiz"))
        crm.clock.go(minutes=18)
        d.app.poll_changes()
        await d.settle()
        assert " now        Casa Ruiz" in d.row(d.find("Casa Ruiz"))
        assert d.row(0).count("09:30") == 1
        crm.clock.go(minutes=5)
        d.app.poll_changes()
        await d.settle()
        assert " now        Casa Ruiz" in d.row(d.find("Casa Ruiz"))
        crm.clock.go(minutes=1)
        d.app.poll_changes()
        await d.settle()
        assert "! 09:30 20m  Casa Ruiz" in d.row(d.find("Casa Ruiz"))


async def test_the_lead_leaves_and_the_cursor_moves_on(crm):
    async with crm.driving((80, 24), "w", "enter") as d:
        assert d.app.screen.subject() == crm.number("ibarra")
        assert not d.shows("Acme GmbH: website relaunch            12.4k")
        assert d.shows("Won   Acme GmbH: website relaunch")


async def test_all_overdue_go_to_tomorrow_by_four_keys(crm):
    keys = ["b", "1", "r", "enter"]
    async with crm.driving((80, 24)) as d:
        assert d.shows("! Overdue 3")
        await d.press(*keys[:2])
        assert d.shows("+ 3 marked")
        await d.press(keys[2])
        await d.type("tomorrow")
        await d.press(keys[3])
        assert d.shows("Next  3 leads, Tue 24 Nov") and "Overdue" not in str(d)
        await d.press("u")
        assert d.shows("! Overdue 3")


async def test_the_overdue_rest_rolls_over_by_marks_and_one_r(crm):
    async with crm.driving((80, 24), "space", "space", "space", "r") as d:
        assert d.shows("3 marked leads")
        await d.type("tomorrow")
        await d.press("enter")
        assert "Overdue" not in str(d)
        assert "Tomorrow 4" in str(d)
        await d.press("u")
        assert d.shows("! Overdue 3")


async def test_zero_is_said_with_what_was_done_and_what_tomorrow_holds(crm):
    work_off(crm)
    async with crm.driving() as d:
        assert d.shows("Done. Nothing is forgotten.")
        assert "8 reached" in d.row(d.find("8 calls")) and "€5,000" in d.row(d.find("1 won"))
        assert "tomorrow: 9 actions, first at 09:00" in d.row(d.find("first at"))


async def test_nothing_to_do_is_not_nothing_at_all(empty):
    async with empty.driving() as d:
        assert d.shows("Nothing to do yet.")
        await d.press("plus")
        await d.type("Acme GmbH: website relaunch €12k >fri 9:30 call Anna")
        assert d.shows("= next Fri 27 Nov 09:30")
        await d.press("enter")
        assert d.shows("#1 Acme GmbH: website relaunch") and d.shows("This week 1")
        assert empty.lead(1).amount == 1_200_000


@pytest.mark.parametrize(
    ("digit", "place"),
    [("1", "new lead"), ("2", "prospects"), ("3", "leads of another CRM")],
)
async def test_each_first_step_is_one_digit_away(empty, digit, place):
    async with empty.driving((120, 36)) as d:
        assert not d.shows("│"), "nothing could stand in the pane"
        await d.press("7")
        assert d.shows("there are four steps to begin with")
        await d.press(digit)
        assert d.shows(place), d


async def test_a_first_list_says_where_it_is_called(empty):
    async with empty.driving() as d:
        await d.press("2")
        await d.paste("Company\tPhone\nAcme GmbH\t+49 30 90182044\nBeta SL\t+34 91 4960099\n")
        while len(d.app.workers):
            await d.app.workers.wait_for_complete()
            await d.settle()
        await d.press("enter")
        while len(d.app.workers):
            await d.app.workers.wait_for_complete()
            await d.settle()
        await d.press("T")
        assert "Call prospects" in d.row(d.find("C  Call"))
        await d.press("C")
        assert "2       2" in d.row(d.find("Pasted"))


async def test_a_digit_says_why_it_does_nothing_once_there_are_leads(crm):
    async with crm.driving() as d:
        await d.press("4")
        assert d.shows("a digit chooses while there is no lead yet")


async def test_the_lead_is_beside_the_list_from_100_columns(crm):
    async with crm.driving((100, 24)) as d:
        assert d.shows("Anna Weber") and d.shows("│")
        await d.resize(99, 24)
        assert not d.shows("Anna Weber") and not d.shows("│")


async def test_e_mail_is_written_the_same_everywhere(crm):
    async with crm.driving((120, 36)) as d:
        assert "e-mail" in d.row(d.find("Lindqvist")) and not d.shows(" email")


# -- the palette -------------------------------------------------------------------------------


async def test_the_palette_goes_to_a_lead_by_name_and_by_number(crm):
    async with crm.driving((80, 24), "colon") as d:
        await d.type("polska")
        await d.press("enter")
        assert d.app.screen.NAME == "lead" and d.app.screen.number == crm.number("polska")
        await d.press("colon")
        await d.type("#4")
        await d.press("enter")
        assert d.app.screen.number == 4


async def test_the_palette_goes_to_the_page_of_a_client(crm):
    async with crm.driving((80, 24), "colon") as d:
        await d.type("Northgate Foods")
        place = next(
            i
            for i, r in enumerate(d.app.screen.query("PaletteSheet").first().results)
            if r.kind == "client"
        )
        await d.press(*["down"] * place, "enter")
        assert d.app.screen.NAME == "client" and d.row(1).startswith(" Northgate Foods")
        assert d.shows("Open 1") and d.shows("Northgate Foods  cold chain")


async def test_the_palette_runs_commands(crm):
    async with crm.driving((80, 24), "colon") as d:
        await d.type("star it")
        await d.press("enter")
        assert crm.lead("acme").starred
        await d.press("colon")
        await d.type("what was done")
        await d.press("enter")
        assert d.app.screen.NAME == "feed"


async def test_q_leaves_from_today_and_comes_back_to_it_from_elsewhere(crm):
    async with crm.driving((80, 24), "F", "q") as d:
        assert d.app.screen.NAME == "today"
        await d.press("q")
        assert d.app.return_value == 0


async def test_the_cursor_moves_on_when_its_lead_has_left_the_day(crm):
    """PRODUCT: the cursor stays on its lead after every act and moves on when the lead leaves."""
    async with crm.driving() as d:
        today = d.app.screen
        rows = [
            row.id for s in today.view.sections if s.name in ("overdue", "today") for row in s.rows
        ]
        assert today.subject() == rows[0]
        await d.press("r")
        await d.type("tomorrow 9 call")
        await d.press("enter")
        assert today.subject() == rows[1]
        await d.press("u")
        assert today.subject() == rows[0]


async def test_a_moment_is_never_cut_where_room_is_short(empty):
    """At 40 columns: without a date, come in unassigned, and tomorrow with a length."""
    empty.add("Undated: one")
    leads.set_owner(empty.session, empty.add("Arrived: two"), None)
    empty.add("Tomorrow: three", "tomorrow 9:30 20m call")
    async with empty.driving((40, 10)) as d:
        assert d.shows("0d    Undated  one")
        assert d.shows("09:12 Arrived  two")
        assert d.shows("09:30 Tomorrow  three")


async def test_esc_never_ends_the_program(crm):
    async with crm.driving((80, 24)) as d:
        await d.press("escape")
        assert d.shows("leaves the program")  # q, that is
        for _n in range(3):
            await d.press("escape")
        assert not d.shows("leaves the program")
        await d.press("space", "escape")
        assert d.app.is_running and d.app.return_value is None
        await d.press("q")
        assert d.app.return_value == 0


async def test_ctrl_z_where_no_shell_is_says_so_also_in_an_entry(crm):
    async with crm.driving((80, 24), "n") as d:
        await d.type("half a note")
        await d.press("ctrl+z")
        assert d.shows("half a note")
        await d.press("escape", "ctrl+z")
        assert d.shows("no shell to go to")
