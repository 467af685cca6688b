"""Logging an action on leads: the menu of its outcomes, then the line of words, then "Next?"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from tui_crm.core.calling.follow_up import follow_up, house_window
from tui_crm.core.leads import actions, dialling
from tui_crm.core.setup import kinds, outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.leads import echo as lead_echo, outcome_echo
from tui_crm.tui.screens.leads.target import Target
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint, hint
from tui_crm.tui.widgets.kinds import kind_name
from tui_crm.tui.widgets.lines import join
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.leads.actions import LeadActions

DIRECT = ("call", "email", "meeting")  # the kinds with a key on the lead
NEXT_KIND, NO_CALL, NO_OUTCOME, OTHER_KIND = -1, -2, -3, -10
"""What the menu of outcomes ends with beside the place of an outcome."""


async def log_action(screen: LeadActions, target: Target, kind: str, ended: bool = False) -> bool:
    """Ask how an action ended, in a menu that other kinds are reached from, and log it; whether it
    was logged. For a call that has ``ended``, which may not have taken place, it is True then."""
    known = [row for row in kinds.offered(screen.session.store) if row.name != "note"]
    letters = {row.name: row.letter for row in known}
    names, first = list(letters), kind
    if kind not in letters:
        screen.explain_key(kind[0], _("this kind of action is retired."), Hint("c", _("call")))
        return False
    while True:
        chosen = await _ask_outcome(screen, target, (kind, first), letters, ended)
        if chosen is None:
            return False
        if chosen == NO_CALL:
            dialling.hang_up(screen.session)
            return True
        if isinstance(chosen, OutcomeRow):
            return await log_words(screen, target, kind, chosen)
        if chosen == NO_OUTCOME:
            return await log_words(screen, target, kind, None)
        place = names.index(kind) + 1 if chosen == NEXT_KIND else OTHER_KIND - chosen
        kind = names[place % len(names)]


async def _ask_outcome(
    screen: LeadActions,
    target: Target,
    at: tuple[str, str],
    letters: Mapping[str, str],
    ended: bool,
) -> OutcomeRow | int | None:
    """The outcome that is chosen for a kind of action, or one of the codes above. ``at`` is the
    kind, and the one that the menu was opened with; ``letters`` are those of all kinds."""
    session = screen.session
    kind, first = at
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
    names = list(letters)
    following = names[(names.index(kind) + 1) % len(names)]
    others = {
        letter: OTHER_KIND - place
        for place, (name, letter) in enumerate(letters.items())
        if letter and name not in (kind, first)
    }
    if ended:
        extra, more = {"0": NO_CALL}, hint("0", _("no call took place"))
    else:
        extra = {"tab": NEXT_KIND, **others}
        shown = [hint("tab", kind_name(following))]
        shown += [
            hint(letter, kind_name(name))
            for name, letter in letters.items()
            if letter and name not in (kind, first, following, *DIRECT)
        ]
        more = join(shown, "  ")
    if not options:
        options, rows = [MenuOption(_("done"))], [None]
    index = await ask(
        screen,
        MenuSheet(
            _("how did this call end?") if ended else kind_name(kind),
            screen.phone_line(target),
            options,
            also_leaves=() if ended else (letters[first] or first[0],),
            extra=extra,
            extra_hints=more,
        ),
    )
    if index is None or index < 0:
        return index
    outcome = rows[index]
    if outcome is None and not offered:
        return NO_OUTCOME
    if outcome is None:
        screen.explain_key(str(index + 1), _("no outcome has this digit."))
    return outcome


async def log_words(
    screen: LeadActions, target: Target, kind: str, outcome: OutcomeRow | None
) -> bool:
    """Ask for the words of an action and log it, with the next try that its outcome has (tab leaves
    that out); then ask for a next action if none is left. Whether it was logged."""
    session = screen.session
    lead, label = target.lead, outcome.label_on("lead") if outcome else ""
    call = screen.running_call() if kind == "call" and not target.several else None
    if call is not None and call.lead != lead.number:
        call = None
    took = call.seconds(session.now) if call is not None else None  # the words are not part of it
    known = lead_echo.known_of(session, None if target.several else lead)
    again = None
    if outcome is not None and kind != "note" and not target.several:
        again = follow_up(session, lead, kind, outcome)
    retry = outcome_echo.retry(lead, again) if again is not None else None
    sheets: list[lead_echo.NoteSheet] = []
    name = f"{kind_name(kind)} · {label}" if label else kind_name(kind)

    def sheet(text: str) -> lead_echo.NoteSheet:
        opened = lead_echo.NoteSheet(
            screen,
            name,
            screen.phone_line(target),
            lead,
            known=known,
            value=text,
            empty_value="" if kind != "note" else None,
            empty_word=_("no words"),
            retry=retry if not sheets else sheets[-1].retry,
            words=again.text if again is not None else "",
        )
        sheets.append(opened)
        return opened

    def log(text: str) -> bool:
        line = lead_echo.read_note(session, text, known)
        if line.following is None and sheets:
            line = replace(line, following=sheets[-1].retry)
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
        # What was planned in the line, or taken off it, is not asked for again.
        await screen.ask_next_action(lead.number, again if retry is None else None)
    return True
