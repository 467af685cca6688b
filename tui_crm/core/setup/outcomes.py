"""Outcomes: how an action ended. Each is a bundle of flags, and the digit that chooses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Ask
from tui_crm.core.store.tables import Outcome
from tui_crm.core.team.members import Session
from tui_crm.core.text import _, clean, key

KINDS = ("call", "email", "meeting", "visit", "message")
ASKS = ("", "callback", "lead", "reason")
FLAGS = ("reached", "ends_row", "blocks", "bad_number", "on_lead", "on_prospect")


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome: its digit (``None`` when retired), its labels and its flags.

    ``retry`` is a rule of :func:`tui_crm.core.lists.rules.retry_at`; ``most_tries`` 0 is
    no limit; ``asks`` is ``""``, ``callback``, ``lead`` or ``reason``; ``next_kind`` the kind of
    the first next action of a row that becomes a lead.
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
    next_kind: str
    on_lead: bool
    on_prospect: bool
    retired: bool

    def label_on(self, on: str) -> str:
        """The label on a ``"lead"`` or a ``"prospect"``."""
        return self.lead_label if on == "lead" and self.lead_label else self.label


_COLUMNS = tuple(OutcomeRow.__dataclass_fields__)
_TOLD = [name in (*FLAGS, "retired") for name in _COLUMNS]
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM outcomes"


def _row(values: tuple[Any, ...]) -> OutcomeRow:
    told: Any = [bool(v) if flag else v for v, flag in zip(values, _TOLD, strict=True)]
    return OutcomeRow(*told)


# -- operations -----------------------------------------------------------------------------------


@operation("outcomes.add")
def add(w: Write, /, kind: str, label: str, *, digit: int | None = None, **flags: Any) -> int:
    """Add an outcome of a kind of action; its row number. The digit is the next free one unless
    given; ``flags`` are the other fields of :class:`OutcomeRow`.

    Raises CrmError for a label or a digit that is taken, and for rules that make no sense."""
    w.session.require("outcomes")
    if kind not in KINDS:
        raise CrmError(
            _("{kind} has no outcomes.").format(kind=clean(kind, single_line=True)),
            _("Kinds are: {names}.").format(names=", ".join(KINDS)),
        )
    there = every(w.store, kind)
    label = _label(there, label)
    digit = _digit(there, digit)
    values = _checked({"on_prospect": kind == "call", **flags})
    w.say(_("outcome {label}").format(label=f"{digit} {label}" if digit else label))
    return w.insert(
        Outcome, kind=kind, digit=digit, label=label, position=len(there) + 1, **values
    )


@operation("outcomes.edit")
def edit(w: Write, /, kind: str, named: str | int, **values: Any) -> None:
    """Change the label, the digit or the flags of an outcome; calls logged before keep theirs. A
    digit that another one has changes places with it; ``None`` takes the digit away."""
    w.session.require("outcomes")
    row = find_outcome(w.session, kind, named)
    others = [o for o in every(w.store, kind) if o.id != row.id]
    changed = _checked({k: v for k, v in values.items() if k not in ("label", "digit")})
    if "label" in values:
        changed["label"] = _label(others, values["label"])
    if changed.get("lead_label"):
        changed["lead_label"] = _label(others, changed["lead_label"])
    if "reached" in changed and not changed["reached"]:
        _keep_reached(row, others)
    w.update(Outcome, row.id, **changed)
    if "digit" in values and values["digit"] != row.digit:
        _give_digit(w, row, others, values["digit"])
    if {"retry", "most_tries", "ends_row"} & changed.keys():
        from tui_crm.core.calling.plan import replan

        for (number,) in w.store.rows("SELECT id FROM lists ORDER BY id"):
            replan(w, number)
    w.say(_("outcome {label} changed").format(label=changed.get("label", row.label)))


@operation("outcomes.move")
def move(w: Write, kind: str, named: str | int, by: int) -> None:
    """Change places with the outcome before (``by`` -1) or behind (1): place and digit."""
    w.session.require("outcomes")
    row = find_outcome(w.session, kind, named)
    there = [o for o in every(w.store, kind) if not o.retired]
    place = [o.id for o in there].index(row.id)
    if not 0 <= place + by < len(there):
        raise CrmError(_("{label} is the first already.").format(label=row.label) if by < 0
                       else _("{label} is the last already.").format(label=row.label))  # fmt: skip
    order = [o.id for o in there]
    order.insert(place + by, order.pop(place))
    digits = [o.digit for o in there]
    for position, (number, digit) in enumerate(zip(order, digits, strict=True), 1):
        w.update(Outcome, number, position=position, digit=digit)
    w.say(_("outcome {label} moved").format(label=row.label))


@operation("outcomes.retire")
def retire(w: Write, kind: str, named: str | int) -> None:
    """No longer offer an outcome; what was logged with it keeps it. Its digit is free again.

    Raises CrmError for the last outcome of a call in which somebody is reached."""
    w.session.require("outcomes")
    row = find_outcome(w.session, kind, named)
    _keep_reached(row, [o for o in every(w.store, kind) if o.id != row.id])
    w.update(Outcome, row.id, retired=1, digit=None)
    w.say(_("outcome {label} retired").format(label=row.label))


@operation("outcomes.bring_back")
def bring_back(w: Write, kind: str, named: str) -> None:
    """Offer a retired outcome again, under the next free digit (none when all nine are taken).

    Raises NotFound when no retired one is called so."""
    w.session.require("outcomes")
    row = find_outcome(w.session, kind, named, retired=True)
    digit = _digit(every(w.store, kind), None)
    w.update(Outcome, row.id, retired=0, digit=digit)
    w.say(_("outcome {label} is back").format(label=row.label))


def _give_digit(
    w: Write, row: OutcomeRow, others: list[OutcomeRow], digit: int | None
) -> None:
    if digit is None:
        w.update(Outcome, row.id, digit=None)
        return
    if not 1 <= digit <= 9:
        raise CrmError(_("A digit is one from 1 to 9."))
    other = next((o for o in others if o.digit == digit and not o.retired), None)
    w.update(Outcome, row.id, digit=digit)
    if other is not None:
        taken = {digit, *(o.digit for o in others if o.id != other.id and not o.retired)}
        free = next((d for d in range(1, 10) if d not in taken), None)
        w.update(Outcome, other.id, digit=row.digit or free)


def _keep_reached(row: OutcomeRow, others: list[OutcomeRow]) -> None:
    """Without an outcome that says a person was reached, no call would ever count as that."""
    if row.kind == "call" and row.reached and not any(
        o.reached and o.on_prospect and not o.retired for o in others
    ):
        raise CrmError(
            _("{label} is the last outcome of a call in which somebody is reached.").format(
                label=row.label
            ),
            _("Make another one reached first."),
        )


def _label(there: list[OutcomeRow], label: str) -> str:
    label = " ".join(clean(label, single_line=True).split())
    if not key(label):
        raise CrmError(_("An outcome needs a word."))
    if label.isdigit():
        raise CrmError(_("An outcome is named by a word; its digit is set apart."))
    if any(key(label) in (key(o.label), key(o.lead_label)) for o in there):
        raise CrmError(_("There is an outcome {label} already.").format(label=label))
    return label


def _digit(there: list[OutcomeRow], digit: int | None) -> int | None:
    taken = {o.digit for o in there if not o.retired}
    if digit is None:
        return next((d for d in range(1, 10) if d not in taken), None)
    if not 1 <= digit <= 9 or digit in taken:
        raise CrmError(
            _("That digit is taken or is none from 1 to 9."),
            _("Free: {digits}.").format(
                digits=" ".join(str(d) for d in range(1, 10) if d not in taken) or "–"
            ),
        )
    return digit


def _checked(flags: dict[str, Any]) -> dict[str, Any]:
    known = (*FLAGS, "lead_label", "retry", "most_tries", "asks", "next_kind")
    for name in flags:
        if name not in known:
            raise CrmError(
                _("An outcome has no {name}.").format(name=clean(name, single_line=True)),
                _("It has: {names}.").format(names=", ".join(known)),
            )
    values: dict[str, Any] = flags | {k: int(bool(flags[k])) for k in FLAGS if k in flags}
    if not calling_rules.is_retry(values.get("retry", "")):
        raise CrmError(
            _("{rule} is no rule for calling again.").format(rule=values["retry"]),
            _("Try 30m, 4h, 4h other half or next working day."),
        )
    if values.get("next_kind", "") not in ("", *KINDS):
        raise CrmError(
            _("{kind} is no kind of action.").format(
                kind=clean(str(values["next_kind"]), single_line=True)
            ),
            _("Kinds are: {names}.").format(names=", ".join(KINDS)),
        )
    if values.get("asks", "") not in ASKS:
        raise CrmError(_("An outcome asks for nothing, callback, lead or reason."))
    if int(values.get("most_tries", 0)) < 0:
        raise CrmError(_("The most tries are a number; 0 is no limit."))
    return values


# -- views ----------------------------------------------------------------------------------------


def every(store: Store, kind: str) -> list[OutcomeRow]:
    """All outcomes of a kind in their order, retired ones last."""
    return store.ask(asked(kind))


def asked(kind: str) -> Ask[list[OutcomeRow]]:
    """The question of :func:`every`."""
    return Ask(
        f"{_SELECT} WHERE kind = ? ORDER BY retired, COALESCE(digit, 99), position, id", (kind,),
        lambda rows: [_row(row) for row in rows],
    )  # fmt: skip


def outcomes(session: Session, kind: str = "call", on: str = "prospect") -> list[OutcomeRow]:
    """The outcomes offered for a kind of action on a ``"prospect"`` or a ``"lead"``, by digit."""
    return [
        o
        for o in every(session.store, kind)
        if not o.retired and (o.on_lead if on == "lead" else o.on_prospect)
    ]


def by_id(store: Store) -> dict[int, OutcomeRow]:
    """Every outcome there is or was, by row number."""
    return {
        o.id: o for o in map(_row, store.rows(f"{_SELECT} ORDER BY id"))
    }


def then(outcome: OutcomeRow) -> str:
    """What an outcome does to a row of a list, in words: "again in 4 h, other half of the day, at
    most 6 tries"; of an outcome that rows never have, what it says about a lead."""
    if not outcome.on_prospect:
        return _("reached") if outcome.reached else ""
    said: list[str] = []
    if outcome.retry and not outcome.ends_row:
        said.append(_("again {when}").format(when=retry_words(outcome.retry)))
    if outcome.blocks:
        said.append(_("number and e-mail blocked everywhere"))
    elif outcome.asks == "lead":
        said.append(_("becomes a lead"))
    elif outcome.asks == "callback":
        said.append(_("asks when to call back"))
    elif outcome.ends_row:
        said.append(_("row done"))
    elif not outcome.retry:
        said.append(_("row stays as it is"))
    if outcome.bad_number:
        said.append(_("number marked bad"))
    if outcome.asks == "reason":
        said.append(_("asks for a reason"))
    if outcome.next_kind:
        kind = _("e-mail") if outcome.next_kind == "email" else _(outcome.next_kind)
        said.append(_("next: {kind}").format(kind=kind))
    if outcome.most_tries and said and outcome.retry and not outcome.ends_row:
        said.append(_("at most {n} tries").format(n=outcome.most_tries))
    return ", ".join(said)


def retry_words(rule: str) -> str:
    """A rule for calling again in words: "in 4 h, other half of the day"."""
    if rule == "next working day":
        return _("next working day")
    wait = rule.removesuffix(" other half")
    unit = _("h") if "h" in wait else _("min")
    words = _("in {n} {unit}").format(n=wait.strip(" mh"), unit=unit)
    return words + (", " + _("other half of the day") if rule.endswith("other half") else "")


def find_outcome(
    session: Session, kind: str, text: str | int, retired: bool = False
) -> OutcomeRow:
    """The outcome of a kind named by its digit, its label (case aside) or an unmistakable
    beginning; of the ``retired`` ones when it says so. Raises NotFound naming the ones there
    are."""
    there = [o for o in every(session.store, kind) if o.retired is retired]
    said = clean(str(text), single_line=True).strip()
    wanted = key(said)
    for test in (
        lambda o: said == str(o.digit),
        lambda o: wanted in (key(o.label), key(o.lead_label)),
        lambda o: key(o.label).startswith(wanted) or key(o.lead_label).startswith(wanted),
    ):
        found = [o for o in there if wanted and test(o)]
        if len(found) == 1:
            return found[0]
    raise NotFound(
        _("There is no outcome {text} of a {kind}.").format(text=said or "–", kind=kind),
        _("There are: {names}.").format(
            names=", ".join(f"{o.digit} {o.label}" if o.digit else o.label for o in there)
        ),
    )
