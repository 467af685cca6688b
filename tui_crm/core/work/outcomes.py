"""Outcomes: how an action ended. Each is a bundle of flags, and the digit that chooses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Outcome
from tui_crm.core.text import _, clean, key
from tui_crm.core.work import calling_rules
from tui_crm.core.work.team import Session

KINDS = ("call", "email", "meeting", "visit", "message")
ASKS = ("", "callback", "lead", "reason")
FLAGS = ("reached", "ends_row", "blocks", "bad_number", "on_lead", "on_prospect")


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome: its digit (``None`` when retired), its labels and its flags.

    ``retry`` is a rule of :func:`tui_crm.core.work.calling_rules.retry_at`; ``most_tries`` 0 is
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


_COLUMNS = ", ".join(OutcomeRow.__dataclass_fields__)


def _row(values: tuple[Any, ...]) -> OutcomeRow:
    named: dict[str, Any] = dict(zip(OutcomeRow.__dataclass_fields__, values, strict=True))
    return OutcomeRow(**(named | {k: bool(named[k]) for k in (*FLAGS, "retired")}))


# -- operations -----------------------------------------------------------------------------------


@operation
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
    w.say(_("outcome {digit} {label}").format(digit=digit or "", label=label))
    return w.insert(
        Outcome, kind=kind, digit=digit, label=label, position=len(there) + 1, **values
    )


@operation
def edit(w: Write, /, kind: str, named: str | int, **values: Any) -> None:
    """Change the label, the digit or the flags of an outcome; calls logged before keep theirs."""
    w.session.require("outcomes")
    row = find_outcome(w.session, kind, named)
    others = [o for o in every(w.store, kind) if o.id != row.id]
    changed = _checked({k: v for k, v in values.items() if k not in ("label", "digit")})
    if "label" in values:
        changed["label"] = _label(others, values["label"])
    if "digit" in values:
        changed["digit"] = _digit(others, values["digit"]) if values["digit"] else None
    w.update(Outcome, row.id, **changed)
    w.say(_("outcome {label} changed").format(label=changed.get("label", row.label)))


@operation
def retire(w: Write, kind: str, named: str | int) -> None:
    """No longer offer an outcome; what was logged with it keeps it. Its digit is free again."""
    w.session.require("outcomes")
    row = find_outcome(w.session, kind, named)
    w.update(Outcome, row.id, retired=1, digit=None)
    w.say(_("outcome {label} retired").format(label=row.label))


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
    if values.get("asks", "") not in ASKS:
        raise CrmError(_("An outcome asks for nothing, callback, lead or reason."))
    if int(values.get("most_tries", 0)) < 0:
        raise CrmError(_("The most tries are a number; 0 is no limit."))
    return values


# -- views ----------------------------------------------------------------------------------------


def every(store: Store, kind: str) -> list[OutcomeRow]:
    """All outcomes of a kind in their order, retired ones last."""
    return [
        _row(row)
        for row in store.rows(
            f"SELECT {_COLUMNS} FROM outcomes WHERE kind = ?"
            " ORDER BY retired, COALESCE(digit, 99), position, id",
            (kind,),
        )
    ]


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
        o.id: o for o in map(_row, store.rows(f"SELECT {_COLUMNS} FROM outcomes ORDER BY id"))
    }


def find_outcome(session: Session, kind: str, text: str | int) -> OutcomeRow:
    """The outcome of a kind named by its digit, its label (case aside) or an unmistakable
    beginning. Raises NotFound naming the ones there are."""
    there = [o for o in every(session.store, kind) if not o.retired]
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
