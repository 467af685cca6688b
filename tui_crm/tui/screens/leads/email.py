"""An e-mail to somebody on a lead: written from a template, and logged once it was sent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_crm.core.calling.follow_up import follow_up
from tui_crm.core.leads import actions, letters
from tui_crm.core.mail import Mail
from tui_crm.core.setup import outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.tui.screens.dialogs.write_mail import Addressed, write_mail
from tui_crm.tui.screens.leads.log_action import log_action
from tui_crm.tui.screens.leads.target import Target
from tui_crm.tui.widgets.kinds import kind_name

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.tui.screens.leads.actions import LeadActions


async def email(screen: LeadActions, target: Target) -> None:
    """Write an e-mail to a lead and log it; of several leads, log one on each."""
    session, lead = screen.session, target.lead
    if target.several:
        await log_action(screen, target, "email")
        return
    about = Addressed(
        lead.title,
        letters.recipients(lead.people),
        letters.language(session, lead),
        partial(letters.values, session, lead),
    )
    sent = sent_outcome(session)

    def keep(mail: Mail) -> bool:
        words = f"{kind_name('email')}, {mail.subject or mail.recipient}"
        return screen.do(
            target,
            target.stored(words),
            actions.log,
            "email",
            outcome=sent.digit or sent.label if sent else None,
            text=mail.logged,
        )

    logged = await write_mail(screen, about, keep, logs=True)
    if logged is None:
        await log_action(screen, target, "email")
    elif logged:
        again = follow_up(session, lead, "email", sent) if sent else None
        await screen.ask_next_action(lead.number, again)


def sent_outcome(session: Session) -> OutcomeRow | None:
    """The outcome of an e-mail that was sent and has no answer yet: the first that is neither an
    answer nor a message that came back."""
    known = outcomes.outcomes(session, "email", "lead")
    return next((o for o in known if not o.reached and not o.means and not o.blocks), None)
