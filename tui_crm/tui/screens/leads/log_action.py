"""Logging an action on leads: the menu of its outcomes, then the line of words, then "Next?"."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from tui_crm.core.calling.follow_up import follow_up, house_window
from tui_crm.core.leads import actions, dialling
from tui_crm.core.setup import outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.leads import echo as lead_echo, outcome_echo
from tui_crm.tui.screens.leads.target import Target
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import hint
from tui_crm.tui.widgets.kinds import kind_name
from tui_crm.tui.widgets.lines import join
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.leads.actions import LeadActions

LETTERS = {"call": "c", "email": "e", "meeting": "m", "visit": "v", "message": "s"}
"""The letter of each kind in the menu of outcomes, where it goes to that kind."""
NEXT_KIND, NO_CALL, OTHER_KIND = -1, -2, -10
"""What the menu of outcomes ends with beside the place of an outcome."""


async def log_action(screen: LeadActions, target: Target, kind: str, ended: bool = False) -> bool:
    """Ask how an action ended, in a menu that other kinds are reached from, and log it; whether it
    was logged. For a call that has ``ended``, which may not have taken place, it is True then."""
    kinds = list(LETTERS)
    first = kind
    while True:
        chosen = await _ask_outcome(screen, target, kind, first, ended)
        if chosen is None:
            return False
        if chosen == NO_CALL:
            dialling.hang_up(screen.session)
            return True
        if isinstance(chosen, OutcomeRow):
            return await log_words(screen, target, kind, chosen)
        kind = kinds[(kinds.index(kind) + 1) % len(kinds) if chosen == NEXT_KIND else -chosen - 10]


async def _ask_outcome(
    screen: LeadActions, target: Target, kind: str, first: str, ended: bool
) -> OutcomeRow | int | None:
    """The outcome that is chosen for a kind of action, or one of the codes above."""
    session = screen.session
    offered = {o.digit: o for o in outcomes.outcomes(session, kind, "lead") if o.digit}
    # An outcome keeps its digit everywhere: a digit without an outcome stays empty.
    rows = [offered.get(digit) for digit in range(1, max(offered, default=0) + 1)]
    numbers = sum(len(person.phones) for person in target.lead.people)
    blocks = ngettext("{n} number", "{n} numbers", numbers).format(n=numbers)
    window = cache(partial(house_window, session))
    options = [
        MenuOption(_("nothing"), "", "dim")
        if o is None
        else MenuOption(o.label_on("lead"), blocks, "blocked")
        if o.blocks and numbers and not target.several
        else MenuOption(
            o.label_on("lead"),
            "" if target.several else outcome_echo.words(session, target.lead, kind, o, window),
            "blocked" if o.blocks else "text",
        )
        for o in rows
    ]
    kinds = list(LETTERS)
    following = kinds[(kinds.index(kind) + 1) % len(kinds)]
    others = {
        letter: OTHER_KIND - place
        for place, (name, letter) in enumerate(LETTERS.items())
        if name not in (kind, first)
    }
    if ended:
        extra, more = {"0": NO_CALL}, hint("0", _("no call took place"))
    else:
        extra = {"tab": NEXT_KIND, **others}
        shown = [hint("tab", kind_name(following))]
        shown += [
            hint(LETTERS[name], kind_name(name))
            for name in ("visit", "message")
            if name not in (kind, first, following)
        ]
        more = join(shown, "  ")
    index = await ask(
        screen,
        MenuSheet(
            _("how did this call end?") if ended else kind_name(kind),
            screen.phone_line(target),
            options,
            also_leaves=() if ended else (LETTERS[first],),
            extra=extra,
            extra_hints=more,
        ),
    )
    if index is None or index < 0:
        return index
    outcome = rows[index]
    if outcome is None:
        screen.explain_key(str(index + 1), _("no outcome has this digit."))
    return outcome


async def log_words(
    screen: LeadActions, target: Target, kind: str, outcome: OutcomeRow | None
) -> bool:
    """Ask for the words of an action and log it, then ask for a next action if none is left;
    whether it was logged."""
    session = screen.session
    lead, label = target.lead, outcome.label_on("lead") if outcome else ""
    call = screen.running_call() if kind == "call" and not target.several else None
    if call is not None and call.lead != lead.number:
        call = None
    took = call.seconds(session.now) if call is not None else None  # the words are not part of it
    known = lead_echo.known_of(session, None if target.several else lead)
    name = f"{kind_name(kind)} · {label}" if label else kind_name(kind)

    def sheet(text: str) -> lead_echo.NoteSheet:
        return lead_echo.NoteSheet(
            screen,
            name,
            screen.phone_line(target),
            lead,
            known=known,
            value=text,
            empty_value="" if kind != "note" else None,
            empty_word=_("no words"),
        )

    def log(text: str) -> bool:
        line = lead_echo.read_note(session, text, known)
        one = None if target.several else lead
        stored = lead_echo.note_words(session, line, one, label or kind_name(kind))
        return screen.do(
            target,
            target.stored(stored),
            actions.log,
            kind,
            outcome=outcome.digit if outcome else None,
            line=line,
            seconds=took if line.minutes is None else None,
            number=call.number if call is not None else "",
        )

    if not await screen.edit_in(sheet, log, place=target.place(kind), keeps_left=True):
        return False
    if call is not None:
        dialling.hang_up(session)
        screen.call_ended()
    if kind != "note":
        again = None
        if outcome is not None and not target.several:
            again = follow_up(session, lead, kind, outcome)
        await screen.ask_next_action(lead.number, again)
    return True
