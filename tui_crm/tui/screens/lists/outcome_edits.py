"""Changing an outcome: a menu of its fields, then one digit or one line for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tui_crm.core.calling import outcome_rules
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.setup import outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import PromptSheet

# What may follow from an outcome of a row, as flags: chosen by one digit.
THEN: tuple[dict[str, Any], ...] = (
    {"ends_row": False, "asks": "", "blocks": False, "bad_number": False},
    {"ends_row": True, "asks": "", "blocks": False, "bad_number": False, "retry": ""},
    {"ends_row": True, "asks": "reason", "blocks": False, "bad_number": False, "retry": ""},
    {"ends_row": True, "asks": "lead", "blocks": False, "bad_number": False, "retry": ""},
    {"ends_row": False, "asks": "callback", "blocks": False, "bad_number": False, "retry": ""},
    {"ends_row": True, "asks": "", "blocks": False, "bad_number": True, "retry": ""},
    {"ends_row": True, "asks": "", "blocks": True, "bad_number": False, "retry": ""},
)
RETRIES = ("30m", "1h", "4h", "4h other half", "next working day", "")


class OutcomeEdits(CrmScreen):
    """The edits; the screen says which outcome is under the cursor, and of which kind they are."""

    kind: str = "call"

    def row(self) -> OutcomeRow | None:
        """The outcome under the cursor."""
        raise NotImplementedError

    def allowed(self) -> bool:
        """Whether this user may change them; where not, it is said who may."""
        try:
            self.session.require("outcomes")
        except CrmError as error:
            self.refused(error)
            return False
        return True

    def change(self, row: OutcomeRow, word: str, **values: Any) -> bool:
        """Change an outcome and say so; False when it was refused."""
        named = row.label
        if self.crm.perform(outcome_rules.edit, row.kind, named, **values) is None:
            return False
        self.tell(row.id, word)
        return True

    def tell(self, number: int, word: str) -> None:
        """What an outcome is and does now, in the message row."""
        now = next(
            (r for r in outcomes.all_outcomes(self.session.store, self.kind) if r.id == number),
            None,
        )
        if now is not None:
            digit = f"{now.digit} " if now.digit else ""
            self.say(
                Message(
                    word,
                    "strong",
                    f"{digit}{now.label}",
                    outcomes.effect_words(now),
                    right=Hint("u", _("undo")),
                )
            )

    async def edit(self) -> None:
        """A menu of what can be changed; a retired one is brought back."""
        row = self.row()
        if row is None:
            return
        if row.retired:
            if self.crm.perform(outcome_rules.bring_back, row.kind, row.label) is not None:
                self.tell(row.id, _("Back"))
            return
        call = row.on_prospect
        entries: list[tuple[str, str, Callable[[OutcomeRow], Any]]] = [
            (_("Label"), row.label, self._ask_label),
            (_("Digit"), str(row.digit or _("none")), self._ask_digit),
            (
                _("Reached"),
                _("yes, a person") if row.reached else _("no"),
                lambda r: self.change(r, _("Reached"), reached=not r.reached),
            ),
            (_("On a lead"), offered(row), self._ask_lead),
            (
                _("In Calling"),
                _("offered") if call else _("not offered"),
                lambda r: self.change(r, _("In Calling"), on_prospect=not r.on_prospect),
            ),
        ]
        if call:
            entries += [
                (_("Then"), outcomes.effect_words(row), self._ask_then),
                (_("Again"), retry(row.retry), self._ask_retry),
                (_("Most tries"), str(row.most_tries or _("no limit")), self._ask_tries),
                (
                    _("Next action"),
                    _kind(row.next_kind) if row.next_kind else _("none"),
                    self._ask_kind,
                ),
            ]

        async def chosen(index: int | None) -> None:
            if index is not None:
                done = entries[index][2](row)
                if done is not None and not isinstance(done, bool):
                    await done

        await MenuSheet(
            _("edit"),
            row.label,
            [MenuOption(name, now) for name, now, _act in entries],
        ).open(self, chosen)

    async def _ask_text(
        self,
        row: OutcomeRow,
        name: str,
        value: str,
        hint: str,
        values: Callable[[str], dict[str, Any]],
        empty: str | None = None,
    ) -> None:
        async def entered(text: str | None) -> None:
            if text is None:
                return
            try:
                given = values(text)
            except CrmError as error:
                self.refused(error)
            else:
                if self.change(row, name, **given):
                    return
            await self._ask_text(row, name, text, hint, values, empty)

        await PromptSheet(
            name.lower(),
            row.label,
            value=value,
            rows=1,
            examples=make((hint, "dim")),
            empty_value=None if empty is None else "",
            empty_word=empty,
        ).open(self, entered)

    async def _menu(
        self, row: OutcomeRow, name: str, options: Sequence[tuple[str, str, dict[str, Any]]]
    ) -> None:
        def chosen(index: int | None) -> None:
            if index is not None:
                self.change(row, name, **options[index][2])

        await MenuSheet(
            name.lower(), row.label, [MenuOption(word, what) for word, what, _given in options]
        ).open(self, chosen)

    async def _ask_label(self, row: OutcomeRow) -> None:
        await self._ask_text(
            row,
            _("Label"),
            row.label,
            _("what was logged with it shows the new word"),
            lambda text: {"label": text},
        )

    async def _ask_digit(self, row: OutcomeRow) -> None:
        there = {
            o.digit: o.label
            for o in outcomes.all_outcomes(self.session.store, row.kind)
            if not o.retired
        }
        await self._menu(
            row,
            _("Digit"),
            [
                (
                    there[n] if n in there else _("free"),
                    _("its own") if n == row.digit else _("swaps") if n in there else "",
                    {"digit": n},
                )
                for n in range(1, 10)
            ],
        )

    async def _ask_lead(self, row: OutcomeRow) -> None:
        async def chosen(index: int | None) -> None:
            if index == 0:
                self.change(row, _("On a lead"), on_lead=True, lead_label="")
            elif index == 1:
                await self._ask_text(
                    row,
                    _("On a lead"),
                    row.lead_label or row.label,
                    _("what it is called there: Reached"),
                    lambda text: {"on_lead": True, "lead_label": text},
                )
            elif index == 2:
                self.change(row, _("On a lead"), on_lead=False)

        await MenuSheet(
            _("on a lead"),
            row.label,
            [
                MenuOption(_("Offered"), _("called the same")),
                MenuOption(_("Offered"), _("under another word")),
                MenuOption(_("Not offered")),
            ],
        ).open(self, chosen)

    async def _ask_then(self, row: OutcomeRow) -> None:
        words = (
            _("Row goes on"),
            _("Row done"),
            _("Done, reason"),
            _("Lead"),
            _("Call back"),
            _("Wrong number"),
            _("Do not call"),
        )
        what = (
            _("again by its rule"),
            _("no more calls"),
            _("asks why"),
            _("becomes one"),
            _("asks when"),
            _("done, marked bad"),
            _("blocked everywhere"),
        )
        await self._menu(row, _("Then"), list(zip(words, what, THEN, strict=True)))

    async def _ask_retry(self, row: OutcomeRow) -> None:
        names = [retry(rule) for rule in RETRIES]

        async def chosen(index: int | None) -> None:
            if index is None:
                return
            if index < len(RETRIES):
                given: dict[str, Any] = {"retry": RETRIES[index]}
                if RETRIES[index]:
                    given["ends_row"] = False
                self.change(row, _("Again"), **given)
                return
            await self._ask_text(
                row,
                _("Again"),
                row.retry,
                _("45m, 6h, 6h other half"),
                lambda text: {"retry": _rule(text), "ends_row": False},
            )

        await MenuSheet(
            _("again"),
            row.label,
            [
                *(MenuOption(name) for name in names),
                MenuOption(_("other"), _("minutes or hours")),
            ],
        ).open(self, chosen)

    async def _ask_tries(self, row: OutcomeRow) -> None:
        await self._ask_text(
            row,
            _("Most tries"),
            str(row.most_tries or ""),
            _("a number"),
            lambda text: {"most_tries": _count(text)},
            _("no limit"),
        )

    async def _ask_kind(self, row: OutcomeRow) -> None:
        await self._menu(
            row,
            _("Next action"),
            [
                (_("none"), _("asks, or To do"), {"next_kind": ""}),
                *(
                    (_kind(kind), _("today, on the lead"), {"next_kind": kind})
                    for kind in outcomes.KINDS
                ),
            ],
        )


# -- words -----------------------------------------------------------------------------------------


def _kind(kind: str) -> str:
    return _("e-mail") if kind == "email" else _(kind)


def kind_name(kind: str) -> str:
    """The heading of a kind's outcomes."""
    return {
        "call": _("Calls"),
        "email": _("E-mails"),
        "meeting": _("Meetings"),
        "visit": _("Visits"),
        "message": _("Messages"),
    }[kind]


def offered(row: OutcomeRow) -> str:
    """What an outcome is called on a lead, or that it is not there."""
    if not row.on_lead:
        return _("not offered")
    return row.lead_label or _("offered")


def retry(rule: str) -> str:
    """A rule for calling again, or that there is none."""
    return outcomes.retry_words(rule) if rule else _("never by itself")


def _rule(text: str) -> str:
    rule = " ".join(text.lower().split())
    if not calling_rules.is_retry(rule):
        raise CrmError(
            _("{rule} is no rule for calling again.").format(rule=text),
            _("Try 45m, 6h or 6h other half."),
        )
    return rule


def _count(text: str) -> int:
    if text.strip() and not text.strip().isdecimal():
        raise CrmError(_("That is no number."), _("An empty line is no limit."))
    return int(text.strip() or 0)
