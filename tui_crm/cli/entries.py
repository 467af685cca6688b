"""``tui-crm correct``: what was logged on a lead, corrected, pinned or taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output, typed
from tui_crm.cli.commands import LEAD, N_, Argument, Named, Option, Whole, WrongUsage, command
from tui_crm.cli.context import Context
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.leads.history import HistoryLine
    from tui_crm.core.session import Session


@command(
    "correct",
    N_(
        "Correct what was logged on lead N.\n\n"
        "ENTRY is 1 for the newest action, 2 for the one before it; with nothing to correct the "
        "actions are listed with these numbers. What is not named stays; another kind drops the "
        "outcome unless one is given with it. Figures follow."
    ),
    Argument("number", LEAD, metavar="N"),
    Argument("entry", Whole(1), required=False),
    Option("--note", metavar="TEXT", help=N_("The words; - takes them off.")),
    Option("--kind", metavar="KIND", help=N_("By its name or digit.")),
    Option(
        "--outcome",
        kind=Named("outcomes"),
        metavar="NAME",
        help=N_("How it ended, by label or digit; - for nothing."),
    ),
    Option("--at", metavar="TIME", help=N_("When it was: 14:30, yesterday 9:30.")),
    Option("--minutes", metavar="M", help=N_("How long it took: 20, 1h05; - for not known.")),
    Option("--pin/--no-pin", help=N_("Keep it above the rest of the history.")),
    Option("--take-back", flag=True, help=N_("Undo it with all that came with it.")),
)
def correct(
    context: Context,
    number: int,
    entry: int | None,
    pin: bool | None,
    take_back: bool,
    **changes: str | None,
) -> None:
    session = context.session()
    from tui_crm.core.leads import actions, history as lead_history, views as lead_views

    given = {name: text for name, text in changes.items() if text is not None}
    if (wanted := bool(given) + (pin is not None) + take_back) > 1:
        raise WrongUsage(_("Correct, pin or take back: one at a time."))
    lead = lead_views.one(session, number)
    history = lead_history.history(session, lead.number)
    found = sorted(
        (line for line in history if not line.system), key=lambda line: (line.at, line.id)
    )[::-1]
    if not wanted:
        _list(context, [*enumerate(found, 1)][slice(entry - 1, entry) if entry else slice(None)])
        return
    if not 0 < (place := 1 if entry is None else entry) <= len(found):
        raise NotFound(
            _("Lead #{number} has no entry {entry}.").format(number=lead.number, entry=place),
            _("tui-crm correct {number} lists what was logged.").format(number=lead.number),
        )
    line = found[place - 1]
    what = f"{_words(line)}, {line.at:%Y-%m-%d %H:%M}"
    if take_back:
        said = _("taken back: {what}")
        lead_history.take_back(session, line)
    elif pin is not None:
        said = _("pinned: {what}") if pin else _("no longer pinned: {what}")
        actions.pin(session, line.id, pin)
    else:
        said = _("corrected: {what}")
        actions.edit(session, line.id, **_values(session, given))
    output.tell(said.format(what=show(what)))
    if context.json:
        from tui_crm.cli.leads import put_lead

        put_lead(context, session, lead.number)


def _values(session: Session, given: dict[str, str]) -> dict[str, Any]:
    """What the options say, as `actions.edit` takes it. Raises CrmError."""
    values: dict[str, Any] = {}
    for name, text in given.items():
        none = text.strip() == "-"
        if name == "note":
            values["text"] = "" if none else text
        elif name == "kind":
            values["kind"] = typed.kind(text, session)
        elif name == "outcome":
            values["outcome"] = None if none else text
        elif name == "at":
            values["at"] = typed.moment(text, session)
        else:
            values["seconds"] = None if none else _seconds(text)
    return values


def _seconds(text: str) -> int:
    from tui_crm.core.leads import log_pieces

    minutes = log_pieces.minutes(f"{text}m" if text.strip().isdecimal() else text.strip())
    if minutes is None:
        raise CrmError(
            _("“{typed}” is no length of time.").format(typed=show(text)[:60]),
            _("Type 20, 20m or 1h05; - for not known."),
        )
    return minutes * 60


def _words(line: HistoryLine) -> str:
    return " ".join(part for part in (_(line.kind), line.outcome or "") if part)


def _list(context: Context, lines: list[tuple[int, HistoryLine]]) -> None:
    """The actions with the numbers that they are corrected by."""
    if context.json:
        output.put_json_rows(
            {
                "entry": place,
                "at": line.at,
                "by": line.by,
                "kind": line.kind,
                "outcome": line.outcome,
                "pinned": line.pinned,
                "text": line.text,
            }
            for place, line in lines
        )
        return
    output.table(
        [
            Column(_("entry"), right=True),
            Column(_("when")),
            Column(_("who"), most=12),
            Column(_("what"), most=30),
            Column(""),
            Column(_("words"), give=True, most=200),
        ],
        [
            (
                str(place),
                f"{line.at:%Y-%m-%d %H:%M}",
                line.by,
                _words(line),
                _("pinned") if line.pinned else "",
                " ".join(line.text.split()),
            )
            for place, line in lines
        ],
    )
    if not lines:
        output.tell(_("Nothing was logged."))


COMMANDS = {"correct": correct}
