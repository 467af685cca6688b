"""Changing an outcome: a table of its fields, each edited by digit or on one line.

The functions are awaited in a conversation (see `tui_crm.tui.widgets.conversation`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_crm.core.calling import outcome_rules
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.setup import outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.text import _
from tui_crm.tui.screens.base import Field
from tui_crm.tui.widgets.menu import MenuOption

if TYPE_CHECKING:
    from tui_crm.tui.screens.lists.outcomes import OutcomesScreen

RETRIES = ("30m", "1h", "4h", "4h other half", "next working day", "")

Values = dict[str, bool | int | str]


async def edit_outcome(screen: OutcomesScreen, row: OutcomeRow) -> None:
    """Ask what is to be changed, and change it; a retired outcome is brought back."""
    if not row.retired:
        fields = _fields(screen, row)
        await screen.edit_form(_("edit"), row.label, lambda: fields, place=f"outcome:{row.id}")
    elif screen.crm.perform(outcome_rules.bring_back, row.kind, row.label) is not None:
        screen.say_outcome(row.id, _("Back"))


def _change(screen: OutcomesScreen, row: OutcomeRow, word: str, values: Values) -> bool:
    """Change an outcome and show what it does now; False when it was refused."""
    if screen.crm.perform(outcome_rules.edit, row.kind, row.label, **values) is None:
        return False
    screen.say_outcome(row.id, word)
    return True


# -- fields ----------------------------------------------------------------------------------------


def _fields(screen: OutcomesScreen, row: OutcomeRow) -> list[Field]:
    def turn(label: str, shown: str, values: Values) -> Field:
        return Field(label, shown, edit=lambda: _change(screen, row, label, values))

    fields = [
        Field(
            _("Label"),
            row.label,
            lambda text: _change(screen, row, _("Label"), {"label": text}),
            value=row.label,
            hint=_("what was logged with it shows the new word"),
        ),
        _choices(screen, row, _("Digit"), str(row.digit or _("none")), _digits(screen, row)),
        turn(
            _("Reached"),
            _("yes, a person") if row.reached else _("no"),
            {"reached": not row.reached},
        ),
        Field(_("On a lead"), lead_words(row), edit=partial(_edit_on_lead, screen, row)),
        turn(
            _("In Calling"),
            _("offered") if row.on_prospect else _("not offered"),
            {"on_prospect": not row.on_prospect},
        ),
    ]
    if not row.on_prospect:
        return fields
    return [
        *fields,
        _choices(screen, row, _("Then"), outcomes.effect_words(row), _effects()),
        Field(_("Again"), retry_words(row.retry), edit=partial(_edit_retry, screen, row)),
        Field(
            _("Most tries"),
            str(row.most_tries or _("no limit")),
            lambda n: _change(screen, row, _("Most tries"), {"most_tries": n}),
            value=str(row.most_tries or ""),
            parse=_read_count,
            hint=_("a number"),
            empty_value="",
            empty_word=_("no limit"),
        ),
        _choices(
            screen,
            row,
            _("Next action"),
            _action_name(row.next_kind) if row.next_kind else _("none"),
            _next_actions(),
        ),
    ]


def _choices(
    screen: OutcomesScreen,
    row: OutcomeRow,
    label: str,
    shown: str,
    choices: list[tuple[MenuOption, Values]],
) -> Field:
    """A field whose values are chosen by digit."""
    return Field(
        label,
        shown,
        lambda index: _change(screen, row, label, choices[index][1]),
        choices=[option for option, _values in choices],
    )


def _digits(screen: OutcomesScreen, row: OutcomeRow) -> list[tuple[MenuOption, Values]]:
    rows = screen.view.rows if screen.view is not None else ()
    labels = {other.digit: other.label for other in rows if not other.retired}
    return [
        (
            MenuOption(
                labels.get(digit, _("free")),
                _("its own") if digit == row.digit else _("swaps") if digit in labels else "",
            ),
            {"digit": digit},
        )
        for digit in range(1, 10)
    ]


def _effects() -> list[tuple[MenuOption, Values]]:
    """What may follow for a row of a prospect list: one choice sets several flags."""

    def ends(asks: str = "", **flags: bool) -> Values:
        nothing: Values = {"blocks": False, "bad_number": False, "retry": ""}
        return {"ends_row": True, "asks": asks, **nothing, **flags}

    goes_on: Values = {"ends_row": False, "asks": "", "blocks": False, "bad_number": False}
    return [
        (MenuOption(_("Row goes on"), _("again by its rule")), goes_on),
        (MenuOption(_("Row done"), _("no more calls")), ends()),
        (MenuOption(_("Done, reason"), _("asks why")), ends("reason")),
        (MenuOption(_("Lead"), _("becomes one")), ends("lead")),
        (MenuOption(_("Call back"), _("asks when")), ends("callback", ends_row=False)),
        (MenuOption(_("Wrong number"), _("done, marked bad")), ends(bad_number=True)),
        (MenuOption(_("Do not call"), _("blocked everywhere")), ends(blocks=True)),
    ]


def _next_actions() -> list[tuple[MenuOption, Values]]:
    """The kind of the next action of a row that becomes a lead."""
    choices: list[tuple[MenuOption, Values]] = [
        (MenuOption(_("none"), _("asks, or To do")), {"next_kind": ""})
    ]
    for kind in outcomes.KINDS:
        option = MenuOption(_action_name(kind), _("today, on the lead"))
        choices.append((option, {"next_kind": kind}))
    return choices


async def _edit_on_lead(screen: OutcomesScreen, row: OutcomeRow) -> bool:
    """Ask whether the outcome is offered on a lead, and under which label."""
    label = _("On a lead")
    options = [
        MenuOption(_("Offered"), _("called the same")),
        MenuOption(_("Offered"), _("under another word")),
        MenuOption(_("Not offered")),
    ]
    index = await screen.choose(label.lower(), row.label, options)
    if index is None:
        return False
    if index == 0:
        return _change(screen, row, label, {"on_lead": True, "lead_label": ""})
    if index == 2:
        return _change(screen, row, label, {"on_lead": False})
    field = Field(
        label,
        act=lambda text: _change(screen, row, label, {"on_lead": True, "lead_label": text}),
        value=row.lead_label or row.label,
        hint=_("what it is called there: Reached"),
    )
    return await screen.edit_field(field, row.label, place=f"outcome:{row.id}")


async def _edit_retry(screen: OutcomesScreen, row: OutcomeRow) -> bool:
    """Ask for the rule by which a row is called again."""
    label = _("Again")
    options = [MenuOption(retry_words(rule)) for rule in RETRIES]
    options.append(MenuOption(_("other"), _("minutes or hours")))
    index = await screen.choose(label.lower(), row.label, options)
    if index is None:
        return False
    if index < len(RETRIES):
        rule = RETRIES[index]
        values: Values = {"retry": rule, "ends_row": False} if rule else {"retry": ""}
        return _change(screen, row, label, values)
    field = Field(
        label,
        act=lambda rule: _change(screen, row, label, {"retry": rule, "ends_row": False}),
        value=row.retry,
        parse=_read_retry,
        hint=_("45m, 6h, 6h other half"),
    )
    return await screen.edit_field(field, row.label, place=f"outcome:{row.id}")


def _read_retry(text: str) -> str:
    rule = " ".join(text.lower().split())
    if not calling_rules.is_retry(rule):
        raise CrmError(
            _("{rule} is no rule for calling again.").format(rule=text),
            _("Try 45m, 6h or 6h other half."),
        )
    return rule


def _read_count(text: str) -> int:
    if text.strip() and not text.strip().isdecimal():
        raise CrmError(_("That is no number."), _("An empty line is no limit."))
    return int(text.strip() or 0)


# -- words -----------------------------------------------------------------------------------------


def _action_name(kind: str) -> str:
    return _("e-mail") if kind == "email" else _(kind)


def kind_name(kind: str) -> str:
    """The heading of the outcomes of a kind of action."""
    return {
        "call": _("Calls"),
        "email": _("E-mails"),
        "meeting": _("Meetings"),
        "visit": _("Visits"),
        "message": _("Messages"),
    }.get(kind, kind.capitalize())


def lead_words(row: OutcomeRow) -> str:
    """What an outcome is called on a lead, or that it is not offered there."""
    if not row.on_lead:
        return _("not offered")
    return row.lead_label or _("offered")


def retry_words(rule: str) -> str:
    """A rule for calling again in words, or that there is none."""
    return outcomes.retry_words(rule) if rule else _("never by itself")
