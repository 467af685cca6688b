"""Appointments on screen: time is blocked, moved and given free again in an entry or a menu."""

from __future__ import annotations

from datetime import date

from tui_crm.core.dates.labels import day_label
from tui_crm.core.dates.reading import Reading
from tui_crm.core.dates.recurrence import in_words
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import appointments, next_actions
from tui_crm.core.leads.appointments import Booking
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.screens.leads.echo import next_action_rows, read_next_action
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow

UNDO = "u"


async def block_time(screen: CrmScreen, value: str = "") -> int | None:
    """Ask for an appointment and keep it; its number, None when the entry was left. ``value`` is
    what the entry begins with."""
    made: list[int] = []

    def keep(reading: Reading) -> bool:
        number = screen.crm.perform(appointments.add, reading)
        if number is None:
            return False
        made.append(number)
        return True

    await screen.edit_line(
        _("block time"),
        _("an appointment of your own"),
        keep,
        place="appointment:new",
        value=value,
        parse=lambda text: read_next_action(screen.session, text),
        said=lambda reading: _message(screen, _("Blocked"), reading),
        echo=lambda text: _echo(screen, None, text),
        examples=make((_("mon 14:00 1h dentist    every mon 9 30m team"), "dim")),
    )
    return made[0] if made else None


async def edit_appointment(screen: CrmScreen, number: int, turn: date | None = None) -> int | None:
    """Ask for another moment or other words of an appointment; of a recurring one that of the turn
    on a day. The number of what was changed, None when nothing was."""
    booking = _get(screen, number)
    if booking is None:
        return None
    changed: list[int] = []

    def keep(reading: Reading) -> bool:
        found = screen.crm.perform(appointments.change, number, reading, turn)
        if found is None:
            return False
        changed.append(found)
        return True

    await screen.edit_line(
        _("appointment"),
        about(screen, booking, turn),
        keep,
        place=f"appointment:{number}",
        parse=lambda text: read_next_action(screen.session, text),
        said=lambda reading: _message(screen, _("Changed"), _made(booking, reading)),
        echo=lambda text: _echo(screen, booking, text),
        examples=make((_("fri 9:30    +1d    2h    other words"), "dim")),
    )
    return changed[0] if changed else None


async def remove_appointment(screen: CrmScreen, number: int, turn: date | None = None) -> None:
    """Give the time of an appointment free again; of a recurring one this turn, or all of them."""
    booking = _get(screen, number)
    if booking is None:
        return
    if booking.rule and turn is not None:
        options = [
            MenuOption(day_label(turn, screen.session.today), _("the others stay")),
            MenuOption(_("All turns"), in_words(booking.rule)),
        ]
        index = await screen.choose(_("free again"), booking.title, options)
        if index is None:
            return
        turn = turn if index == 0 else None
    else:
        turn = None
    if screen.crm.perform(appointments.remove, number, turn) is not None:
        undo = Hint(UNDO, _("undo"))
        screen.say(Message(_("Free again"), "strong", booking.title, right=undo))


def about(screen: CrmScreen, booking: Booking, turn: date | None = None) -> str:
    """The subject of a sheet: the words of an appointment, its moment and how it repeats."""
    day = turn or booking.at.date()
    words = [booking.title, f"{day_label(day, screen.session.today)} {booking.at:%H:%M}"]
    if booking.rule:
        words.append(in_words(booking.rule))
    return "  ".join(words)


def clash_words(screen: CrmScreen, reading: Reading, lead: int | None, booking: int | None) -> str:
    """What a moment clashes with, in a few words; empty where it is free."""
    found = next_actions.clashes(screen.session, reading, but=lead, but_booking=booking)
    if not found:
        return ""
    return _("clash: {at} {title}").format(at=f"{found[0].at:%H:%M}", title=found[0].title)


def _get(screen: CrmScreen, number: int) -> Booking | None:
    try:
        return appointments.get(screen.session, number)
    except CrmError as error:
        screen.refused(error)
        return None


def _made(booking: Booking | None, typed: Reading) -> Reading:
    """What is typed, over an appointment."""
    return typed if booking is None else appointments.changed(booking, typed)


def _message(screen: CrmScreen, word: str, reading: Reading) -> Message:
    words = reading.echo(screen.session.now)
    return Message(word, "strong", figure=words, right=Hint(UNDO, _("undo")))


def _echo(screen: CrmScreen, booking: Booking | None, text: str) -> Echo:
    """How a typed appointment is read, its warnings and what it clashes with."""
    typed = read_next_action(screen.session, text)
    spans = [(start, end, "accent") for start, end, _what in typed.spans]
    if typed.problem:
        return Echo([EchoRow("?", "late", make((typed.problem, "late")))], spans, refuse=True)
    made = _made(booking, typed)
    if made.at is None:
        why = _("blocked time begins at a clock: mon 14:00")
        return Echo([EchoRow("?", "late", make((why, "late")))], spans, refuse=True)
    number = booking.id if booking is not None else None
    rows = next_action_rows(
        screen.session, made._replace(warnings=typed.warnings), None, but_booking=number
    )
    return Echo(rows, spans)
