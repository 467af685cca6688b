"""How a call ended: one digit logs the whole call, and asks for the words that an outcome needs.

The functions return whether the call was logged. They are awaited in a conversation (see
`tui_crm.tui.widgets.conversation`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from tui_crm.core.calling import convert, operations as calling
from tui_crm.core.calling.card import Card
from tui_crm.core.calling.explain import OutcomeChoice
from tui_crm.core.dates.reading import Reading
from tui_crm.core.leads import closing, views as lead_views
from tui_crm.core.leads.duplicates import DuplicateLead
from tui_crm.core.text import _
from tui_crm.tui.screens.calling.sheets import ECHO_ROWS, CallMenu
from tui_crm.tui.screens.calling.typed_moment import moment_echo, read_moment
from tui_crm.tui.screens.leads.echo import next_action_examples
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prospect_card import done, title

if TYPE_CHECKING:
    from tui_crm.tui.screens.calling.screen import CallingScreen


async def log_outcome(screen: CallingScreen, digit: int) -> bool:
    """Log a call on the prospect on screen with the outcome of this digit."""
    card = screen.card_for(str(digit))
    if card is None:
        return False
    choice = next((choice for choice in card.choices if choice.digit == digit), None)
    if choice is None:
        screen.explain_key(str(digit), _("no outcome has this digit."))
        return False
    if choice.state == "lead" and card.duplicates:
        done_so = await _log_duplicate(screen, card, choice)
    else:
        done_so = await _log(screen, card, choice)
    if done_so and choice.state == "lead":
        from tui_crm.tui.screens.dialogs.step_needs import ask_categories

        number = convert.lead_of(screen.session.store, card.prospect_id)
        if number is not None:
            await ask_categories(screen, number)
    return done_so


async def log_callback(screen: CallingScreen, card: Card) -> bool:
    """Ask when to call again, and keep that moment."""

    def keep(moment: Reading) -> bool:
        again = card.state == "done"
        if screen.crm.perform(calling.callback, card.prospect_id, moment, again=again) is None:
            return False
        screen.count_outcome("callback")
        screen.held.show_restored()
        screen.say(done(card, _("Call back"), moment.echo(screen.session.now)))
        return True

    return await _ask_callback(screen, card, keep)


async def _log(
    screen: CallingScreen, card: Card, choice: OutcomeChoice, lead_id: int | None = None
) -> bool:
    """Ask for what the outcome needs, and log the call. ``lead_id`` is the lead that the row is
    given to."""
    if choice.outcome.asks == "lead" and not choice.outcome.next_kind:
        return await _log_with_next_action(screen, card, choice, lead_id)
    if choice.outcome.asks == "reason":
        return await _log_with_reason(screen, card, choice)
    if choice.outcome.blocks:
        return await _log_with_words(screen, card, choice)
    if choice.outcome.asks == "callback":
        return await _ask_callback(
            screen, card, lambda moment: _perform(screen, card, choice, moment=moment)
        )
    return _perform(screen, card, choice, lead_id)


def _perform(
    screen: CallingScreen,
    card: Card,
    choice: OutcomeChoice,
    lead_id: int | None = None,
    *,
    moment: Reading | None = None,
    reason: str | None = None,
    words: str = "",
) -> bool:
    """Log the whole call in one operation; the next prospect is on screen when it returns."""
    row, digit, again = card.prospect_id, choice.digit, card.state == "done"
    if lead_id is None:
        made = screen.crm.perform(
            calling.outcome,
            row,
            digit,
            callback=moment,
            reason=reason,
            again=again,
            words=words,
        )
    else:
        made = screen.crm.perform(calling.attach, row, lead_id, digit, callback=moment, again=again)
    if made is None:
        return False
    screen.count_outcome(choice.state)
    screen.held.show_restored()
    if choice.state == "lead" and made is not True:
        word, number = _("Lead") if lead_id is None else _("Attached"), made.lead_id
        screen.say(Message(word, "won", f"#{number} {title(card)}", right=Hint("u", _("undo"))))
    else:
        token = "won" if choice.outcome.reached else "strong"
        token = "blocked" if choice.outcome.blocks else token
        screen.say(done(card, choice.label, choice.words, token))
    return True


# -- what an outcome asks for ----------------------------------------------------------------------


async def _log_with_next_action(
    screen: CallingScreen, card: Card, choice: OutcomeChoice, lead_id: int | None
) -> bool:
    session = screen.session
    return await screen.edit_line(
        _("lead, next?"),
        title(card),
        lambda moment: _perform(screen, card, choice, lead_id, moment=moment),
        place=f"prospect:{card.prospect_id}:next",
        parse=lambda text: read_moment(session, card, text) if text else None,
        echo=lambda text: moment_echo(session, card, text),
        examples=next_action_examples(),
        rows=ECHO_ROWS,
        empty_value="",
        empty_word=_("keeps it in To do"),
    )


async def _log_with_reason(screen: CallingScreen, card: Card, choice: OutcomeChoice) -> bool:
    every = closing.reasons(screen.session.store, "not_interested")
    reasons = [reason.label for reason in every if not reason.retired]
    if not reasons:
        return _perform(screen, card, choice)
    about = make((title(card), "text"), (f"   {_('Enter: no reason')}", "dim"))
    options = [MenuOption(reason) for reason in reasons]
    index = await ask(screen, CallMenu(choice.label.lower(), about, options))
    # The call is logged with its digit: a reason is offered, never demanded.
    return _perform(screen, card, choice, reason=None if index is None else reasons[index])


async def _log_with_words(screen: CallingScreen, card: Card, choice: OutcomeChoice) -> bool:
    """Ask for the words said, which stand on the do-not-call list; they may be left out."""
    return await screen.edit_line(
        choice.label.lower(),
        title(card),
        lambda words: _perform(screen, card, choice, words=words),
        place=f"prospect:{card.prospect_id}:blocked",
        examples=make((_("the words said, for the list: “take me off, I wrote twice”"), "dim")),
        empty_value="",
        empty_word=_("without words") if not card.note else _("the note says it"),
    )


async def _ask_callback(screen: CallingScreen, card: Card, keep: Callable[[Reading], bool]) -> bool:
    session = screen.session
    return await screen.edit_line(
        _("call back"),
        title(card),
        keep,
        place=f"prospect:{card.prospect_id}:callback",
        parse=lambda text: read_moment(session, card, text),
        echo=lambda text: moment_echo(session, card, text, needed=True),
        examples=make(
            (_("tue 10    9:30 there    +2h    fri after the fair    mon, called: no"), "dim")
        ),
        rows=ECHO_ROWS,
    )


# -- a prospect that is a lead already -------------------------------------------------------------


async def _log_duplicate(screen: CallingScreen, card: Card, choice: OutcomeChoice) -> bool:
    """Open the lead that the prospect is already, give the row to it, or make a second one."""
    acts: list[tuple[MenuOption, Literal["open", "attach", "second"], DuplicateLead]] = []
    for lead in card.duplicates:
        closed = f", {_(lead.status)}" if lead.status != "open" else ""
        attach = _("attach the row to #{number}").format(number=lead.lead_id)
        acts += [
            (MenuOption(_("open it"), f"{lead.words}: {lead.why}{closed}"), "open", lead),
            (MenuOption(attach, _("calls, numbers and note go there")), "attach", lead),
        ]
        if len(acts) == 2:
            acts.append((MenuOption(_("make a second one")), "second", lead))
    options = [option for option, _act, _lead in acts]
    index = await ask(screen, CallMenu(_("already a lead"), title(card), options))
    if index is None:
        return False
    _option, act, lead = acts[index]
    if act == "open":
        # To look at it is no outcome: nothing is written, and the call goes on.
        screen.crm.open_lead(lead.lead_id)
        return False
    if act == "second":
        return await _log(screen, card, choice)
    found = lead_views.one(screen.session, lead.lead_id)
    if found.open and found.next is None:
        return await _log(screen, card, choice, lead.lead_id)
    return _perform(screen, card, choice, lead.lead_id)
