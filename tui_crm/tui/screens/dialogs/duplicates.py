"""Duplicates: likely pairs of leads, people and clients, made one or remembered as two."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_crm.core import money
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import contacts, merge, pairs, views
from tui_crm.core.leads.pairs import Pair
from tui_crm.core.leads.record import NOT_SEEN, NotSeen
from tui_crm.core.progress import Cancelled, Progress
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.screens.progress import MANY, run_job
from tui_crm.tui.widgets.conversation import ask, conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import Line, make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.review import ReviewSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

LIST = -1
"""What a decision ends with when the list of all pairs is wanted."""


@conversation
async def find_duplicates(screen: CrmScreen) -> None:
    """Show the likely pairs one after another, or in a menu, until all are decided."""
    try:
        found = await _look(screen)
    except CrmError as error:
        screen.refused(error)
        return
    if not found:
        screen.say(Message(_("Duplicates"), note=_("there are none that can be seen")))
    kinds = {"leads": _("lead"), "people": _("person"), "clients": _("client")}
    listed = False
    while found:
        if not listed:  # the first at once, one after another; l lists them
            pair = found[0]
            gone = await _decide(screen, pair, len(found))
            if gone is None:
                return
            if gone == LIST:
                listed = True
            else:
                found = _without(found, pair, gone)
            continue
        options = [
            MenuOption(f"{kinds[pair.kind]}  {pair.one_name} = {pair.other_name}", pair.why)
            for pair in found
        ]
        title = _("duplicates")
        index = await screen.choose(title, _("{n} pairs").format(n=len(found)), options)
        if index is None:
            return
        pair = found[index]
        gone = await _decide(screen, pair)
        if gone is not None:
            found = _without(found, pair, gone)


def _without(found: list[Pair], pair: Pair, gone: int) -> list[Pair]:
    """The pairs that are left after one was decided: looking again takes seconds where there are
    very many leads."""
    return [
        one
        for one in found
        if one != pair and not (one.kind == pair.kind and gone in (one.one, one.other))
    ]


async def _look(screen: CrmScreen) -> list[Pair]:
    """The likely pairs; among many records they are looked for in the background, which Esc ends.
    Raises CrmError."""
    session = screen.session
    if (records := pairs.weight(session)) <= MANY:
        return pairs.pairs(session)

    def look(_progress: Progress, cancelled: Cancelled) -> list[Pair]:
        with session.store.cancellable(lambda: not cancelled()):
            return pairs.pairs(session, cancelled=cancelled)

    about = _("among some {n} records").format(n=f"{records:,}")
    words = _("What has a phone, an address, a client or a name in common is compared.")
    return await run_job(screen, _("duplicates"), about, look, words=words)


async def _decide(screen: CrmScreen, pair: Pair, of: int = 0) -> int | None:
    """Show what a merge would leave, and do what is chosen: the record that is gone, 0 when both
    stay, LIST when the list is wanted of the pairs, of which there are ``of``; None when nothing
    was done."""
    keys = [
        ("enter", "Enter", _("merge")),
        ("x", "x", _("the other stays")),
        ("n", "n", _("not the same")),
    ]
    if of > 1:
        keys.append(("l", "l", _("list of {n}").format(n=of)))
    keep, other = pair.one, pair.other
    while True:
        names = {pair.one: pair.one_name, pair.other: pair.other_name}
        key = await ask(
            screen,
            ReviewSheet(
                _("same?"),
                f"{names[keep]} = {names[other]}",
                _survivor(screen.session, pair.kind, keep, other),
                keys,
                leaves=_("leave"),
            ),
        )
        if key == "x":
            keep, other = other, keep
            continue
        if key is None:
            return None
        if key == "l":
            return LIST
        word, note = _("Merged"), names[keep]
        if key == "n":
            if screen.crm.perform(pairs.not_same, pair.kind, keep, other) is None:
                return None
            word, note = _("Not the same"), _("they stay two")
        elif not await _merge(screen, pair.kind, keep, other, names[keep]):
            return None
        screen.say(Message(word, "strong", note, right=Hint("u", _("undo"))))
        return 0 if key == "n" else other


async def _merge(screen: CrmScreen, kind: str, keep: int, other: int, name: str) -> bool:
    """Make two one; of two leads whose amounts differ the one that holds is asked for."""
    if kind == "people":
        return screen.crm.perform(merge.merge_people, keep, other) is not None
    if kind == "clients":
        return screen.crm.perform(merge.merge_clients, keep, other) is not None
    session = screen.session
    found = merge.amounts(session, keep, other)
    amount: int | NotSeen = NOT_SEEN
    if len(found) > 1:
        options = [
            MenuOption(money.full(one, session.currency), f"#{number}")
            for one, number in zip(found, (keep, other), strict=True)
        ]
        index = await screen.choose(_("which amount holds?"), name, options, enter=0)
        if index is None:
            return False
        amount = found[index]
    act = partial(merge.merge, amount=amount)
    return screen.crm.perform(act, keep, other) is not None


def _survivor(session: Session, kind: str, keep: int, other: int) -> list[Line]:
    """What is there after the merge, a line each: what stays, and what comes to it."""
    if kind == "leads":
        return _lead_lines(session, keep, other)
    if kind == "people":
        return [_record_line(sign, _person_words(session, n)) for sign, n in _signs(keep, other)]
    rows = []
    for sign, number in _signs(keep, other):
        name, leads, people = pairs.client_counts(session, number)
        rows.append(
            _record_line(
                sign, _("{name}, {n} leads, {p} people").format(name=name, n=leads, p=people)
            )
        )
    return rows


def _signs(keep: int, other: int) -> tuple[tuple[str, int], ...]:
    return (("=", keep), ("+", other))


def _record_line(sign: str, words: str) -> Line:
    """What stays (``=``), or what goes into it (``+``)."""
    stays = sign == "="
    return make(
        (f"{sign} ", "won.b" if stays else "due.b"),
        ((_("stays") if stays else _("goes in")) + "  ", "dim"),
        (words, "strong" if stays else "text"),
    )


def _person_words(session: Session, contact_id: int) -> str:
    return contacts.as_line(merge.person(session, contact_id))


def _lead_lines(session: Session, keep: int, other: int) -> list[Line]:
    found = {lead.number: lead for lead in views.by_numbers(session, [keep, other])}
    rows = []
    for sign, number in _signs(keep, other):
        lead = found.get(number)
        if lead is None:
            continue
        amount = "" if lead.amount is None else money.full(lead.amount, session.currency)
        parts = [f"#{number} {lead.title}", _(lead.status), lead.step, amount, lead.owner or ""]
        rows.append(_record_line(sign, ", ".join(part for part in parts if part)))
        rows += [make(("    ", "dim"), (contacts.as_line(person), "dim")) for person in lead.people]
    return rows
