"""Appointments: time of one's own that is blocked without a lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output, typed
from tui_crm.cli.catalogue import Catalogue, Field, Listing
from tui_crm.cli.commands import N_, Argument, Whole

if TYPE_CHECKING:
    from tui_crm.core.dates.reading import Reading
    from tui_crm.core.leads.appointments import Booking
    from tui_crm.core.session import Session


def _when(booking: Booking, session: Session) -> str:
    from tui_crm.core.dates.labels import day_label

    return f"{day_label(booking.at.date(), session.today)} {booking.at:%H:%M}"


def _length(booking: Booking, _session: Session) -> str:
    from tui_crm.core.dates.labels import length_in_words

    return length_in_words(booking.minutes)


def _repeats(booking: Booking, _session: Session) -> str:
    from tui_crm.core.dates.recurrence import in_words

    return in_words(booking.rule) if booking.rule else ""


appointments = Catalogue(
    "appointments",
    N_("Time of your own that is blocked without a lead; bare it lists what is to come."),
    core="tui_crm.core.leads.appointments",
    list_help=N_("Your appointments to come; a recurring one with its next turn."),
    rows=lambda appointments, session: appointments.coming(session),
    listing=Listing(
        {
            "appointment": "id",
            "at": lambda booking, _session: booking.at.isoformat(),
            "minutes": "minutes",
            "kind": lambda booking, _session: booking.kind or None,
            "text": "text",
            "rule": lambda booking, _session: booking.rule or None,
        },
        Field(N_("number"), "id", right=True),
        Field(N_("when"), _when),
        Field(N_("length"), _length, right=True),
        Field(N_("what"), "title", give=True),
        Field(N_("repeats"), _repeats),
        empty=N_(
            'Nothing is blocked. For instance: tui-crm appointments add "mon 14:00 1h dentist"'
        ),
    ),
)


def _add(appointments: Any, session: Session, text: tuple[str, ...]) -> None:
    _echo(appointments, session, appointments.add(session, _reading(session, text)))


def _reading(session: Session, text: tuple[str, ...]) -> Reading:
    return typed.following(typed.words(text), session)


def _echo(appointments: Any, session: Session, number: int) -> None:
    """Tell how an appointment was read, and what it clashes with."""
    from tui_crm.cli.work import echo

    output.put(str(number))
    echo(session, appointments.get(session, number).reading, but_booking=number)


def _edit(appointments: Any, session: Session, appointment: int, text: tuple[str, ...]) -> None:
    number = appointments.change(session, appointment, _reading(session, text))
    _echo(appointments, session, number)


appointments.operation(
    "add",
    N_('Block time, typed as "mon 14:00 1h dentist" or "every mon 9 1h team meeting".'),
    Argument("text", many=True, required=True),
    call=_add,
    done=N_("time blocked"),
)
appointments.operation(
    "edit",
    N_("Move an appointment, or change its words; what is not typed stays."),
    Argument("appointment", Whole(1)),
    Argument("text", many=True, required=True),
    call=_edit,
    done=N_("appointment {appointment} changed"),
)
appointments.operation(
    "remove",
    N_("Give the time of an appointment free again."),
    Argument("appointment", Whole(1)),
    call=lambda appointments, session, appointment: appointments.remove(session, appointment),
    done=N_("appointment {appointment} removed"),
)

COMMANDS = {"appointments": appointments}
