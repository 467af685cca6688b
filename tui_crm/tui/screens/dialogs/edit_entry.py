"""Correct an entry of a lead's history: a menu of what there is, then a line or a choice."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tui_crm.core.dates import past_reader
from tui_crm.core.dates.labels import day_label, length_in_words
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import actions, history as lead_history
from tui_crm.core.leads.history import HistoryLine
from tui_crm.core.session import Session
from tui_crm.core.setup import kinds as kind_rows, outcomes
from tui_crm.core.text import _
from tui_crm.tui.screens.base import Field, echo_error
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.kinds import kind_name
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def edit_entry(screen: CrmScreen, number: int, entry: int) -> None:
    """Ask what to correct of the action ``entry`` of lead ``number``, until the menu is left."""
    session = screen.session

    def read() -> HistoryLine | None:
        lines = lead_history.history(session, number)
        return next((line for line in lines if line.id == entry), None)

    def about() -> str:
        line = read()
        return _title(session, line) if line is not None else _("it is gone")

    def said(text: str) -> Message:
        return Message(_("Corrected"), "strong", about(), right=Hint("u", _("undo")))

    def fields() -> list[Field]:
        line = read()
        if line is None:
            return []
        kinds = [row.name for row in kind_rows.offered(session.store)]
        offered = [o for o in outcomes.outcomes(session, line.kind, "lead") if o.digit]

        def set_kind(index: int) -> bool:
            kind = kinds[index]
            done = screen.crm.perform(actions.edit, entry, kind=kind) is not None
            if done:
                screen.say(said(kind))
            return done

        def set_outcome(index: int) -> bool:
            chosen = offered[index].digit if index < len(offered) else None
            done = screen.crm.perform(actions.edit, entry, outcome=chosen) is not None
            if done:
                screen.say(said(""))
            return done

        rows = [
            Field(
                _("Words"),
                " ".join(line.text.split())[:24] or "–",
                lambda text: screen.crm.perform(actions.edit, entry, "" if text == "-" else text),
                value=" ".join(line.text.split("\n")),
                said=said,
                hint=_("- takes them off"),
            ),
            Field(
                _("When"),
                _moment(session, line.at),
                lambda at: screen.crm.perform(actions.edit, entry, at=at),
                parse=lambda text: read_moment(session, text),
                said=said,
                echo=lambda text: _moment_echo(session, text),
                hint=_("yesterday 16:00    fri 9:30    3 nov"),
            ),
            Field(
                _("Minutes"),
                length_in_words(round(line.seconds / 60)) if line.seconds else "–",
                lambda seconds: screen.crm.perform(actions.edit, entry, seconds=seconds),
                parse=read_length,
                said=said,
                hint=_("20m    1h05    - for not known"),
            ),
            Field(
                _("Kind"),
                kind_name(line.kind),
                set_kind,
                choices=[
                    MenuOption(kind_name(kind), _("now") if kind == line.kind else "")
                    for kind in kinds
                ],
            ),
        ]
        if offered:
            options = [
                MenuOption(o.label_on("lead"), _("now") if o.id == line.outcome_id else "")
                for o in offered
            ]
            rows.append(
                Field(
                    _("Outcome"),
                    line.outcome or "–",
                    set_outcome,
                    choices=[*options, MenuOption(_("none"), "", "dim")],
                )
            )
        return rows

    if read() is not None:
        await screen.edit_form(
            _("correct"),
            about,
            fields,
            place=f"lead:{number}:entry:{entry}",
            also_leaves=("i",),
            stay=True,
        )


def _title(session: Session, line: HistoryLine) -> str:
    """What the entry is: ``call, reached, Mon 23 Nov 16:00``."""
    parts = (kind_name(line.kind), (line.outcome or "").casefold(), _moment(session, line.at))
    return ", ".join(part for part in parts if part)


def _moment(session: Session, at: datetime) -> str:
    return f"{day_label(at.date(), session.today)} {at:%H:%M}"


def read_moment(session: Session, text: str) -> datetime:
    """A typed moment that has been. Raises CrmError."""
    at = past_reader.read_moment(text, session.now, session.locale)
    if at is None:
        raise CrmError(
            _("{text} is no moment.").format(text=text), _("Type it as yesterday 16:00.")
        )
    return at


def _moment_echo(session: Session, text: str) -> Echo:
    try:
        at = read_moment(session, text).astimezone(session.zone)
    except CrmError as error:
        return echo_error(error)
    return Echo([EchoRow("=", "won", make((_moment(session, at), "strong")))])


def read_length(text: str) -> int | None:
    """A typed length in seconds: ``20``, ``20m``, ``1h05``; None for a dash. Raises CrmError."""
    from tui_crm.core.leads import log_pieces

    typed = text.strip()
    if typed in ("-", "–"):
        return None
    minutes = log_pieces.minutes(f"{typed}m" if typed.isdecimal() else typed)
    if minutes is None:
        raise CrmError(_("That is no length of time."), _("Type 20m or 1h05, - for not known."))
    return minutes * 60
