"""Changing the outcomes: labels, digits, flags, and what follows a call that ends so."""

from __future__ import annotations

from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.setup import kinds
from tui_crm.core.setup.outcomes import (
    ASKS,
    FLAGS,
    KINDS,
    MEANINGS,
    OutcomeRow,
    all_outcomes,
    find_outcome,
)
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Outcome
from tui_crm.core.text import _, clean, fold


@operation("outcomes.add")
def add(w: Write, /, kind: str, label: str, *, digit: int | None = None, **flags: Any) -> int:
    """Add an outcome of a kind of action; its row number. The digit is the next free one unless
    given; ``flags`` are the other fields of :class:`OutcomeRow`.

    Raises CrmError for a label or a digit that is taken, and for rules that make no sense."""
    names = [row.name for row in kinds.all_kinds(w.store) if row.name != "note"]
    if kind not in names:
        raise CrmError(
            _("{kind} has no outcomes.").format(kind=clean(kind, single_line=True)),
            _("Kinds are: {names}.").format(names=", ".join(names)),
        )
    known = all_outcomes(w.store, kind)
    label = _label(known, label)
    digit = _digit(known, digit)
    values = _checked({"on_prospect": kind == "call", **flags})
    w.describe(_("outcome {label}").format(label=f"{digit} {label}" if digit else label))
    return w.insert(Outcome, kind=kind, digit=digit, label=label, position=len(known) + 1, **values)


@operation("outcomes.edit")
def edit(w: Write, /, kind: str, named: str | int, **values: Any) -> None:
    """Change the label, the digit or the flags of an outcome; calls logged before keep theirs. The
    digit of another outcome is swapped with it; ``None`` takes the digit away."""
    row = find_outcome(w.session, kind, named)
    others = [o for o in all_outcomes(w.store, kind) if o.id != row.id]
    changed = _checked({k: v for k, v in values.items() if k not in ("label", "digit")})
    if "label" in values:
        changed["label"] = _label(others, values["label"])
    if changed.get("lead_label"):
        changed["lead_label"] = _label(others, changed["lead_label"])
    if "reached" in changed and not changed["reached"]:
        _keep_reached(row, others)
    w.update(Outcome, row.id, **changed)
    if "digit" in values and values["digit"] != row.digit:
        _set_digit(w, row, others, values["digit"])
    if {"retry", "most_tries", "ends_row"} & changed.keys():
        from tui_crm.core.calling.plan import replan

        for (list_id,) in w.store.rows("SELECT id FROM lists ORDER BY id"):
            replan(w, list_id)
    w.describe(_("outcome {label} changed").format(label=changed.get("label", row.label)))


@operation("outcomes.move")
def move(w: Write, kind: str, named: str | int, by: int) -> None:
    """Swap an outcome with the one before (``by`` -1) or behind (1): place and digit."""
    row = find_outcome(w.session, kind, named)
    offered = [o for o in all_outcomes(w.store, kind) if not o.retired]
    order = [o.id for o in offered]
    place = order.index(row.id)
    if not 0 <= place + by < len(order):
        raise CrmError(
            _("{label} is the first already.").format(label=row.label)
            if by < 0
            else _("{label} is the last already.").format(label=row.label)
        )
    order.insert(place + by, order.pop(place))
    digits = [o.digit for o in offered]
    for position, (number, digit) in enumerate(zip(order, digits, strict=True), 1):
        w.update(Outcome, number, position=position, digit=digit)
    w.describe(_("outcome {label} moved").format(label=row.label))


@operation("outcomes.retire")
def retire(w: Write, kind: str, named: str | int) -> None:
    """No longer offer an outcome; what was logged with it keeps it. Its digit is free again.

    Raises CrmError for the last outcome of a call in which somebody is reached."""
    row = find_outcome(w.session, kind, named)
    _keep_reached(row, [o for o in all_outcomes(w.store, kind) if o.id != row.id])
    w.update(Outcome, row.id, retired=1, digit=None)
    w.describe(_("outcome {label} retired").format(label=row.label))


@operation("outcomes.bring_back")
def bring_back(w: Write, kind: str, named: str) -> None:
    """Offer a retired outcome again, under the next free digit (none when all nine are taken).

    Raises NotFound when no retired one is called so."""
    row = find_outcome(w.session, kind, named, retired=True)
    digit = _digit(all_outcomes(w.store, kind), None)
    w.update(Outcome, row.id, retired=0, digit=digit)
    w.describe(_("outcome {label} is back").format(label=row.label))


def _set_digit(w: Write, row: OutcomeRow, others: list[OutcomeRow], digit: int | None) -> None:
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
    """Raises CrmError for the last outcome of a call in which somebody is reached: without one no
    call would ever count as that."""
    if (
        row.kind == "call"
        and row.reached
        and not any(o.reached and o.on_prospect and not o.retired for o in others)
    ):
        raise CrmError(
            _("{label} is the last outcome of a call in which somebody is reached.").format(
                label=row.label
            ),
            _("Make another one reached first."),
        )


def _label(others: list[OutcomeRow], label: str) -> str:
    label = " ".join(clean(label, single_line=True).split())
    if not fold(label):
        raise CrmError(_("An outcome needs a word."))
    if label.isdigit():
        raise CrmError(_("An outcome is named by a word; its digit is set apart."))
    if any(fold(label) in (fold(o.label), fold(o.lead_label)) for o in others):
        raise CrmError(_("There is an outcome {label} already.").format(label=label))
    return label


def _digit(others: list[OutcomeRow], digit: int | None) -> int | None:
    taken = {o.digit for o in others if not o.retired}
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
    known = (*FLAGS, "lead_label", "retry", "most_tries", "asks", "means", "next_kind")
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
    if values.get("means", "") not in MEANINGS:
        raise CrmError(_("An outcome means nothing more, bounced or moved."))
    if int(values.get("most_tries", 0)) < 0:
        raise CrmError(_("The most tries are a number; 0 is no limit."))
    return values
