"""Outcomes: how actions end, what each of them does, and the digit that chooses it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from textual.widget import Widget

from tui_crm.core.calling import outcome_rules
from tui_crm.core.setup import kinds, outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.text import _
from tui_crm.tui.screens.leads.side_pane import AIR, ListAndPane
from tui_crm.tui.screens.lists.outcome_edits import (
    edit_outcome,
    kind_name,
    lead_words,
    retry_words,
)
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.head_line import HeadLine
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    cell,
    cells,
    clip,
    hanging,
    join,
    label,
    make,
    paragraph,
)
from tui_crm.tui.widgets.prompt import Echo, EchoRow
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

NARROW = 60


@dataclass(frozen=True)
class OutcomesView:
    """The outcomes of one kind of action, in their order, retired ones last."""

    kind: str
    rows: tuple[OutcomeRow, ...]


class OutcomesScreen(ListAndPane):
    """The outcomes of one kind of action; digits and tab choose the kind."""

    NAME = "outcomes"
    TAB = "C"

    def __init__(self) -> None:
        super().__init__()
        self.head = HeadLine()
        self.view: OutcomesView | None = None
        self.kind = "call"
        self.kinds: tuple[str, ...] = outcomes.KINDS
        """The kinds that have outcomes: all that are offered but notes."""

    def middle(self) -> Iterable[Widget]:
        yield self.head
        yield from super().middle()

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        offered = (kind.name for kind in kinds.offered(self.session.store))
        self.kinds = tuple(name for name in offered if name != "note")
        if self.kind not in self.kinds:
            self.kind = self.kinds[0]
        self.show(
            OutcomesView(self.kind, tuple(outcomes.all_outcomes(self.session.store, self.kind)))
        )
        self.show_frame()

    def show(self, view: OutcomesView) -> None:
        """A pure function of the view and the size."""
        self.view = view
        self.head.show(lambda width: _kinds(self.kinds, view.kind, width))
        air = [Row.blank()] if self.size.height >= AIR else []
        made: list[Row] = []
        for retired in (False, True):
            part = [row for row in view.rows if row.retired is retired]
            if part or not retired:
                name = _("Retired") if retired else kind_name(view.kind)
                token = "dim" if retired else "strong"
                note = _("no longer offered; the history keeps them") if retired else ""
                made += [*air, Row.section(name, len(part), note, token=token)]
                if not retired and self.size.width >= NARROW:
                    made.append(Row(self._titles, kind="text"))
                made += [Row.item(row.id, self._drawn(row)) for row in part]
        self.records.show(ListRows(made))
        self.show_pane()

    @staticmethod
    def _widths(width: int) -> tuple[int, int]:
        """Cells of the label, and of the word for a person that was reached."""
        if width < NARROW - 2:
            return max(width - 4, 8), 0
        return min(26, max(width // 3, 14)), 9

    def _titles(self, width: int) -> Line:
        name, reached = self._widths(width)
        return clip(
            (
                cell("", 4, "dim"),
                cell(_("outcome"), name, "dim"),
                cell(_("reached"), reached, "dim"),
                Run(_("then"), "dim"),
            ),
            width,
        )

    def _drawn(self, row: OutcomeRow) -> Callable[[int], Line]:
        dim = row.retired

        def draw(width: int) -> Line:
            name, reached = self._widths(width)
            digit = str(row.digit) if row.digit else glyphs.active().nothing
            token = "dim" if dim else "blocked" if row.blocks else "text"
            said = row.label
            if row.lead_label:
                said = _("{label} / {lead}").format(label=row.label, lead=row.lead_label)
            start = (
                Run("  ", token),
                Run(f"{digit} ", "dim" if dim or not row.digit else "key"),
                cell(said, name - 1, token),
                Run(" ", token),
            )
            if not reached:
                return clip(start, width)
            yes = _("yes") if row.reached else ""
            return clip(
                (
                    *start,
                    cell(yes, reached, "dim" if dim else "won"),
                    *make(
                        (outcomes.effect_words(row) if row.on_prospect else lead_words(row), "dim")
                    ),
                ),
                width,
            )

        return draw

    def row(self) -> OutcomeRow | None:
        """The outcome under the cursor."""
        number = self.records.cursor_id
        rows = self.view.rows if self.view is not None else ()
        return next((row for row in rows if row.id == number), None)

    def about_row(self) -> Callable[[int], list[Line]]:
        row = self.row()
        return lambda width: _about(row, width) if row is not None else []

    def summary(self) -> Line:
        """Without a pane beside the list: what the outcome under the cursor does."""
        row = self.row()
        if row is None or self.beside:
            return EMPTY
        return make((outcomes.effect_words(row), "dim"))

    # -- keys ----------------------------------------------------------------------------------

    def action_digit(self, number: int) -> None:
        if number > len(self.kinds):
            self.explain_key(
                str(number),
                _("there are {n} kinds of action.").format(n=len(self.kinds)),
                Hint("tab", _("next kind")),
            )
            return
        self.kind = self.kinds[number - 1]
        self.reload()
        self.records.action_top()

    def action_next_kind(self) -> None:
        self.action_digit((self.kinds.index(self.kind) + 1) % len(self.kinds) + 1)

    def say_outcome(self, outcome_id: int, word: str) -> None:
        """Show what an outcome is and does now."""
        rows = self.view.rows if self.view is not None else ()
        row = next((row for row in rows if row.id == outcome_id), None)
        if row is None:
            return
        label = f"{row.digit} {row.label}" if row.digit else row.label
        right = Hint("u", _("undo"))
        self.say(Message(word, "strong", label, outcomes.effect_words(row), right=right))

    def action_shift(self, by: int) -> None:
        row = self.row()
        if row is None or row.retired:
            self.explain_key("<" if by < 0 else ">", _("a retired one has no place."))
        elif (
            self.may("outcomes")
            and self.crm.perform(outcome_rules.move, row.kind, row.label, by) is not None
        ):
            self.say_outcome(row.id, _("Moved"))

    def action_retire(self) -> None:
        row = self.row()
        if row is None or row.retired:
            self.explain_key("-", _("it is retired already."), Hint("Enter", _("brings it back")))
        elif (
            self.may("outcomes")
            and self.crm.perform(outcome_rules.retire, row.kind, row.label) is not None
        ):
            note, right = _("the history keeps it"), Hint("u", _("undo"))
            self.say(Message(_("Retired"), "strong", row.label, note, right=right))

    @conversation
    async def action_add(self) -> None:
        if not self.may("outcomes"):
            return
        rows = self.view.rows if self.view is not None else ()
        taken = {row.digit for row in rows if not row.retired}
        free = next((digit for digit in range(1, 10) if digit not in taken), None)

        def echo(text: str) -> Echo:
            digit = str(free) if free else _("no digit is free")
            row = make((f"{digit}  ", "key"), (text.strip(), "strong"))
            return Echo([EchoRow("=", "won", row)])

        added = await self.edit_line(
            _("new outcome"),
            kind_name(self.kind),
            self._add,
            place=f"outcome:new:{self.kind}",
            echo=echo,
            examples=make((_("a word or two: Reception"), "dim")),
            rows=1,
        )
        if added:
            await self._edit()

    def _add(self, label: str) -> bool:
        outcome_id = self.crm.perform(outcome_rules.add, self.kind, label)
        if outcome_id is None:
            return False
        self.records.jump(outcome_id)
        self.say_outcome(outcome_id, _("New"))
        return True

    @conversation
    async def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if self.may("outcomes"):
            await self._edit()

    async def _edit(self) -> None:
        row = self.row()
        if row is not None:
            await edit_outcome(self, row)


def _kinds(kinds: Sequence[str], now: str, width: int) -> Line:
    """The kinds with their digits, the chosen one strong; where there is no room, only that one."""
    parts: list[Line] = []
    for digit, kind in enumerate(kinds, 1):
        name = kind_name(kind)
        parts.append(make((str(digit), "key"), (f" {name}", "strong" if kind == now else "dim")))
    line = join(parts, "   ")
    if cells(line) <= width:
        return line
    place = kinds.index(now) + 1
    return clip((*parts[place - 1], Run(f"  {place}/{len(kinds)}", "dim")), width)


def _about(row: OutcomeRow, width: int) -> list[Line]:
    """The pane: every flag in words."""
    reached = _("yes: a person was spoken to") if row.reached else _("no")
    made = [clip(make((row.label, "strong")), width), EMPTY]
    made += [
        label(name, value, width, 14)
        for name, value in (
            (_("digit"), str(row.digit or "–")),
            (_("reached"), reached),
            (_("on a lead"), lead_words(row)),
            (_("in Calling"), _("offered") if row.on_prospect else _("not offered")),
        )
    ]
    if row.on_prospect:
        again = retry_words("" if row.ends_row else row.retry)
        made += [
            *hanging((cell(_("again"), 14, "dim"),), again, width),
            label(_("most tries"), str(row.most_tries or _("no limit")), width, 14),
            EMPTY,
            *paragraph(_("Then: {what}.").format(what=outcomes.effect_words(row)), width),
        ]
    if row.retired:
        made += [
            EMPTY,
            *paragraph(
                _("Retired: no longer offered. What was logged with it keeps it."), width, "dim"
            ),
        ]
    return made
