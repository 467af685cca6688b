"""Outcomes: how an action ended. Each is a bundle of flags, and the digit that chooses it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_crm.core.errors import NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.text import _, clean, fold

if TYPE_CHECKING:
    from tui_crm.core.session import Session

KINDS = ("call", "email", "meeting", "visit", "message")
ASKS = ("", "callback", "lead", "reason")
MEANINGS = ("", "bounced", "moved")
"""What an outcome that reached nobody may mean: an e-mail came back, a meeting has another date."""
FLAGS = ("reached", "ends_row", "blocks", "bad_number", "on_lead", "on_prospect")


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome: its digit (``None`` when retired), its labels and its flags.

    ``retry`` is a rule of :func:`tui_crm.core.lists.rules.retry_at`; ``most_tries`` 0 is
    no limit; ``means`` is one of :data:`MEANINGS`; ``asks`` is ``""``, ``callback``, ``lead`` or
    ``reason``; ``next_kind`` the kind of the first next action of a row that becomes a lead.
    """

    id: int
    kind: str
    digit: int | None
    label: str
    lead_label: str  # on a lead, where it differs; else empty
    reached: bool
    ends_row: bool
    blocks: bool
    bad_number: bool
    retry: str
    most_tries: int
    asks: str
    means: str
    next_kind: str
    on_lead: bool
    on_prospect: bool
    retired: bool

    def label_on(self, on: str) -> str:
        """The label on a ``"lead"`` or a ``"prospect"``."""
        return self.lead_label if on == "lead" and self.lead_label else self.label


_SELECT = f"SELECT {', '.join(OutcomeRow.__dataclass_fields__)} FROM outcomes"


def all_outcomes(store: Store, kind: str) -> list[OutcomeRow]:
    """All outcomes of a kind in their order, retired ones last."""
    return store.fetch(outcomes_query(kind))


def outcomes_query(kind: str) -> Query[list[OutcomeRow]]:
    """The query of :func:`all_outcomes`."""
    return typed_rows(
        OutcomeRow,
        f"{_SELECT} WHERE kind = ? ORDER BY retired, COALESCE(digit, 99), position, id",
        (kind,),
    )


def outcomes(session: Session, kind: str = "call", on: str = "prospect") -> list[OutcomeRow]:
    """The outcomes offered for a kind of action on a ``"prospect"`` or a ``"lead"``, by digit."""
    return [
        o
        for o in all_outcomes(session.store, kind)
        if not o.retired and (o.on_lead if on == "lead" else o.on_prospect)
    ]


def by_id(store: Store) -> dict[int, OutcomeRow]:
    """Every outcome there is or was, by row number."""
    return {o.id: o for o in store.read(OutcomeRow, f"{_SELECT} ORDER BY id")}


def effect_words(outcome: OutcomeRow) -> str:
    """What an outcome does to a row of a list, in words: "again in 4 h, other half of the day, at
    most 6 tries"; of an outcome that rows never have, what it says about a lead."""
    if not outcome.on_prospect:
        return _("reached") if outcome.reached else ""
    parts: list[str] = []
    if outcome.retry and not outcome.ends_row:
        parts.append(_("again {when}").format(when=retry_words(outcome.retry)))
    if outcome.blocks:
        parts.append(_("number and e-mail blocked everywhere"))
    elif outcome.asks == "lead":
        parts.append(_("becomes a lead"))
    elif outcome.asks == "callback":
        parts.append(_("asks when to call back"))
    elif outcome.ends_row:
        parts.append(_("row done"))
    elif not outcome.retry:
        parts.append(_("row stays as it is"))
    if outcome.bad_number:
        parts.append(_("number marked bad"))
    if outcome.asks == "reason":
        parts.append(_("asks for a reason"))
    if outcome.next_kind:
        kind = _("e-mail") if outcome.next_kind == "email" else _(outcome.next_kind)
        parts.append(_("next: {kind}").format(kind=kind))
    if outcome.most_tries and parts and outcome.retry and not outcome.ends_row:
        parts.append(_("at most {n} tries").format(n=outcome.most_tries))
    return ", ".join(parts)


def retry_words(rule: str) -> str:
    """A rule for calling again in words: "in 4 h, other half of the day"."""
    if rule == "next working day":
        return _("next working day")
    wait = rule.removesuffix(" other half")
    unit = _("h") if "h" in wait else _("min")
    words = _("in {n} {unit}").format(n=wait.strip(" mh"), unit=unit)
    return words + (", " + _("other half of the day") if rule.endswith("other half") else "")


def find_outcome(session: Session, kind: str, text: str | int, retired: bool = False) -> OutcomeRow:
    """The outcome of a kind named by its digit, its label (case aside) or an unmistakable
    beginning; of the ``retired`` ones when it says so. Raises NotFound naming the ones there
    are."""
    return pick_outcome(all_outcomes(session.store, kind), kind, text, retired)


def pick_outcome(
    outcomes: Iterable[OutcomeRow], kind: str, text: str | int, retired: bool = False
) -> OutcomeRow:
    """:func:`find_outcome` among all the outcomes of a kind."""
    known = [o for o in outcomes if o.retired is retired]
    text = clean(str(text), single_line=True).strip()
    wanted = fold(text)
    by_digit = [o for o in known if text == str(o.digit)]
    by_label = [o for o in known if wanted in (fold(o.label), fold(o.lead_label))]
    begun = [o for o in known if any(fold(n).startswith(wanted) for n in (o.label, o.lead_label))]
    for found in (by_digit, by_label, begun):
        if wanted and len(found) == 1:
            return found[0]
    raise NotFound(
        _("There is no outcome {text} of a {kind}.").format(text=text or "–", kind=kind),
        _("There are: {names}.").format(
            names=", ".join(f"{o.digit} {o.label}" if o.digit else o.label for o in known)
        ),
    )
