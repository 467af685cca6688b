"""The filter line over leads: what Leads and the Board share.

Both show the leads of one filter line, in one order, with one set of saved views. A screen mixes
`FilteredLeads` in and says in `show_found` how the leads found look.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.timer import Timer

from tui_crm.core import money, saved_views
from tui_crm.core.leads import board, filter as lead_filter, views as lead_views
from tui_crm.core.leads.board import Sums
from tui_crm.core.leads.filter import DESCENDING, Listing
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.leads.actions import LeadActs
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, Line, beside, indent, join, make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

FIRST = "status:open owner:me"
WEIGHTED = 120  # columns from which the weighted sum is shown
MANY = 20_000  # leads from which a line is looked up when the hand rests, not at every key
PAUSE = 0.15  # seconds after the last key
GLANCE = 400  # leads read while a filter line is typed: more than any terminal has rows
SORTS = (
    "next",
    "amount",
    "title",
    "number",
    "created",
    "close",
    "idle",
    "step",
    "probability",
    "owner",
    "status",
    "closed",
)
_SORT = re.compile(r"(?<!\S)sort:(-?)(\w*)\S*", re.I)


@dataclass
class Narrowing:
    """What is asked for: the words of the filter, the order, the saved view it came from."""

    line: str = FIRST
    sort: str = "next"
    turned: bool = False  # the other way round than the order usually is
    view: str = ""

    @property
    def query(self) -> str:
        """The whole line, the order included."""
        return f"{self.line} sort:{'-' if self.turned else ''}{self.sort}".strip()

    @property
    def descending(self) -> bool:
        """Whether the largest comes first."""
        return self.turned != (self.sort in DESCENDING)

    def take(self, text: str, view: str = "") -> None:
        """Take a typed or saved line; a `sort:` in it becomes the order."""
        for sign, name in _SORT.findall(text):
            if name.casefold() in lead_filter.SORTS:
                self.sort, self.turned = name.casefold(), bool(sign)
        self.line = " ".join(_SORT.sub(" ", text).split())
        self.view = view


class FilterHead(LineWidget):
    """Row 1: the filter line, how many it finds, their sum, and what of it may be expected."""

    DEFAULT_CSS = "FilterHead { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._builder: Callable[[int], Line] = lambda width: EMPTY

    def show(self, builder: Callable[[int], Line]) -> None:
        """Show what ``builder`` makes for a width."""
        self._builder = builder
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        return [indent(self._builder(width - 2))]


def filter_line(line: str, found: Listing, sums: Sums, currency: str, width: int) -> Line:
    """``/ words …   19 of 2,114   €252.0k  weighted €138.7k``."""
    left = make(("/ ", "key"), (line or _("all leads"), "strong" if line else "dim"))
    count = make((f"{len(found):,}", "strong"), (f" {_('of')} {sums.every:,}", "dim"))
    amount = make((sum_in_words(found.amount, currency), "strong"))
    weighted = make((f"{_('weighted')} ", "dim"), (sum_in_words(sums.weighted, currency), "text"))
    if width < 58:
        return beside(left, make((f"{len(found):,}", "strong")), width)
    if width < WEIGHTED - 2:
        return beside(left, join((count, amount), "   "), width)
    return beside(left, join((count, join((amount, weighted))), "   "), width)


def sum_in_words(minor: int, currency: str) -> str:
    """A sum of many amounts, compact, with the sign of its currency: ``€252.0k``."""
    sign = money.full(0, currency).partition("0")[0]
    return f"{sign}{money.compact(minor, currency)}"


class FilterSheet(PromptSheet):
    """The filter while it is typed: the list narrows behind it, tab completes the last word."""

    def __init__(self, screen: FilteredLeads) -> None:
        self._narrowed = screen
        line = screen.narrowing.line
        super().__init__(
            _("filter"),
            "",
            self._read,
            value=f"{line} " if line else "",
            rows=2,
            sign="/",
            examples=make((_("step:proposal tag:hot amount>5000 stale>14d words"), "dim")),
            empty_value="",
            empty_word=_("all leads"),
        )
        self._offered: list[str] = []
        self._turn = 0
        self._soon: Timer | None = None

    def _read(self, text: str) -> Echo:
        found = self._narrowed.found
        rows: list[EchoRow] = []
        if self._offered:
            now = self._turn - 1
            pieces = [
                (f"{word}  ", "strong" if i == now else "text")
                for i, word in enumerate(self._offered)
            ]
            rows.append(EchoRow(" ", "dim", make(("tab ", "key"), *pieces)))
        if found is not None:
            asked = found.filter
            rows += [EchoRow("?", "late", make((text, "late"))) for text in asked.problems]
            count = ngettext("{n} lead", "{n} leads", len(found)).format(n=f"{len(found):,}")
            amount = sum_in_words(found.amount, self._narrowed.session.currency)
            rows.append(
                EchoRow(
                    "=",
                    "won" if len(found) else "due",
                    make((count, "strong"), (f"  {amount}", "text")),
                )
            )
            if blame := self._narrowed.blame():
                rows.append(EchoRow("!", "due", make((blame, "due"))))
        return Echo(rows)

    def reading(self) -> Echo:
        # Also with nothing typed: how many there are is worth knowing then too.
        if self._read_text != self.entry.text:
            self._read_text = self.entry.text
            self._reading = self._read(self.entry.text)
        return self._reading

    async def press(self, event: events.Key) -> None:
        if event.key == "tab":
            self._complete()
            return
        await super().press(event)

    def changed(self) -> None:
        text = self.entry.text
        self._offered = self._candidates(text)
        self._turn = 0
        if self._soon is not None:
            self._soon.stop()
        if self._narrowed.sums.every > MANY:
            # One letter fits most of so many, and looking them up takes longer than typing on.
            self._soon = self.set_timer(PAUSE, self._look)
        else:
            self._narrowed.look(text)
        super().changed()

    def _look(self) -> None:
        if self.is_open:
            self._narrowed.look(self.entry.text)
            self._read_text = None
            super().changed()

    def _candidates(self, text: str) -> list[str]:
        if not text or text.endswith(" "):
            return []
        session = self._narrowed.session
        found = lead_filter.complete(session, text)
        return [word for word in found if not text.endswith(word)]

    def _complete(self) -> None:
        """Put the first offer in place of the last word; again, the next one."""
        if not self._offered:
            return
        text = self.entry.text
        last = self._offered[self._turn - 1] if self._turn else None
        if last is None:
            last = text.rpartition(" ")[2]
        chosen = self._offered[self._turn % len(self._offered)]
        self._turn = self._turn % len(self._offered) + 1
        self.entry.text = text[: len(text) - len(last)] + chosen
        self.entry.at = len(self.entry.text)
        self._narrowed.look(self.entry.text)
        self._read_text = None
        super().changed()


class FilteredLeads(LeadActs):
    """A screen over the leads of a filter line. It keeps marks, and a listing of what is found."""

    def __init__(self) -> None:
        super().__init__()
        self.head = FilterHead()
        self.found: Listing | None = None
        self.sums = Sums(0, 0)
        self._marks: dict[int, int] = {}  # number -> amount, for the sum

    @property
    def narrowing(self) -> Narrowing:
        """The filter, one for Leads and the Board."""
        raise NotImplementedError

    # -- showing -------------------------------------------------------------------------------

    def reload(self) -> None:
        self._find(self.narrowing.query)
        self.show_frame()

    def look(self, text: str) -> None:
        """Show what a line being typed would find."""
        trying = Narrowing(sort=self.narrowing.sort, turned=self.narrowing.turned)
        trying.take(text)
        self._show(trying.query, self.glance(trying.query))

    def _find(self, query: str) -> None:
        found = self.ask(query)
        if self._marks:
            there = set(found.numbers)
            self._marks = {n: amount for n, amount in self._marks.items() if n in there}
        self._show(query, found)

    def _show(self, query: str, found: Listing) -> None:
        self.found = found
        self.sums = board.sums(self.session, found.filter, self.size.width >= WEIGHTED)
        line = " ".join(_SORT.sub(" ", query).split())
        currency, sums = self.session.currency, self.sums
        self.head.show(lambda width: filter_line(line, found, sums, currency, width))
        self.show_found()

    def ask(self, query: str) -> Listing:
        """Read the leads of a filter line."""
        return lead_filter.listing(self.session, query)

    def glance(self, query: str) -> Listing:
        """Read as many of them as fit a screen: a line is being typed."""
        return lead_filter.first(self.session, query, GLANCE)

    def show_found(self) -> None:
        """Show the leads that were found, marks included."""
        raise NotImplementedError

    # -- nothing found -------------------------------------------------------------------------

    def _culprit(self) -> tuple[str, int] | None:
        if self.found is None or len(self.found):
            return None
        return lead_filter.culprit(self.session, self.found.filter)

    def blame(self) -> str:
        """Which word of the filter excludes most."""
        found = self._culprit()
        if found is None:
            return ""
        word, count = found
        return ngettext(
            "without {word} it would be {n} lead", "without {word} it would be {n} leads", count
        ).format(word=word, n=f"{count:,}")

    def empty_lines(self) -> list[Line]:
        """What stands where no lead was found."""
        if not self.sums.every:
            return [
                make((_("  No leads yet."), "strong")),
                EMPTY,
                make(("  +", "key"), (_("  a lead: type its title and press Enter"), "text")),
                make(("  :", "key"), (_("  import leads of another CRM, by name"), "text")),
            ]
        lines = [make((_("  Nothing is left by this filter."), "strong")), EMPTY]
        blame = self.blame()
        if blame:
            lines += [
                make((f"  {blame[0].upper()}{blame[1:]}.", "text")),
                EMPTY,
                make((f"  {_('backspace')}", "key"), (f"  {_('drops that word')}", "dim")),
            ]
        lines.append(make((f"  {'/':<9}", "key"), (f"  {_('changes the filter')}", "dim")))
        return lines

    def action_drop_word(self) -> None:
        culprit = self._culprit()
        if culprit is None:
            self.explain_key(
                "backspace", _("drops a word only where nothing is found."), Hint("/", _("filter"))
            )
            return
        self.narrowing.take(lead_filter.without(self.narrowing.line, culprit[0]))
        self.reload()

    # -- filter, order, views ------------------------------------------------------------------

    def narrow(self, text: str, view: str = "") -> None:
        """Show the leads of another filter line, from the top."""
        self.narrowing.take(text, view)
        if self.is_mounted:
            self.reload()

    async def action_filter(self) -> None:
        before = self.narrowing.line

        def ended(text: str | None) -> None:
            if text is not None and " ".join(text.split()) != before:
                self.narrowing.take(text)
            self.reload()
            problems = self.found.filter.problems if self.found is not None else ()
            if problems:
                self.say(Message("?", "late", problems[0]))

        await FilterSheet(self).open(self, ended)

    async def action_sort(self) -> None:
        here = self.narrowing

        def chosen(index: int | None) -> None:
            if index is None:
                return
            name = SORTS[index]
            here.turned = not here.turned if name == here.sort else False
            here.sort = name
            self.reload()

        names = {"number": _("number"), "idle": _("idle longest"), "close": _("expected close")}
        options = [
            MenuOption(
                names.get(name, _(name)),
                (_("turn round") if name == here.sort else ""),
                "strong" if name == here.sort else "text",
            )
            for name in SORTS
        ]
        await MenuSheet(_("sort"), "", options, also_leaves=(",",)).open(self, chosen)

    async def action_save_view(self) -> None:
        def named(name: str | None) -> None:
            if (
                not name
                or self.crm.perform(saved_views.save, "leads", name, self.narrowing.query) is None
            ):
                return
            self.narrowing.view = name
            self.show_frame()
            saved = next(
                (v for v in saved_views.views(self.session, "leads") if v.name == name), None
            )
            digit = str(saved.digit) if saved and saved.digit else ""
            self.say(
                Message(
                    _("Saved"),
                    "strong",
                    name,
                    note=_("{digit} brings it back").format(digit=digit) if digit else "",
                    right=Hint("u", _("undo")),
                )
            )

        await PromptSheet(
            _("save view"),
            self.narrowing.query,
            value=self.narrowing.view,
            rows=1,
            examples=make((_("a name, for instance My proposals"), "dim")),
        ).open(self, named)

    def action_digit(self, digit: int) -> None:
        saved = next(
            (v for v in saved_views.views(self.session, "leads") if v.digit == digit), None
        )
        if saved is None:
            self.explain_key(str(digit), _("no view is saved under it."), Hint("V", _("save view")))
            return
        self.narrow(saved.query, saved.name)

    # -- marks ---------------------------------------------------------------------------------

    def marked(self) -> list[int]:
        if not self._marks or self.found is None:
            return []
        return [number for number in self.found.numbers if number in self._marks]

    def clear_marks(self) -> None:
        self._marks = {}
        self.reload()

    def action_mark(self) -> None:
        number = self.subject()
        if number is None:
            self.explain_key("space", _("there is no lead under the cursor."))
            return
        if number in self._marks:
            del self._marks[number]
        else:
            there = lead_views.by_numbers(self.session, [number])
            self._marks[number] = (there[0].amount or 0) if there else 0
        self.show_found()
        self.action_move(1)
        self.messages.show(self.summary())

    def marks_line(self) -> Line:
        """``+ 3 marked  €85.7k   a Do key acts on all three, Esc unmarks``."""
        amount = sum_in_words(sum(self._marks.values()), self.session.currency)
        return make(
            ("+ ", "key"),
            (_("{n} marked").format(n=len(self._marks)), "key"),
            (f"  {amount}", "strong"),
            (f"   {_('a Do key acts on all, Esc unmarks')}", "dim"),
        )

    def view_line(self) -> Line:
        """The name of the saved view that is shown."""
        name = self.narrowing.view
        return make((f"{_('view')} ", "dim"), (name, "text")) if name else EMPTY

    def action_back(self) -> None:
        if self._marks:
            self.clear_marks()
        else:
            super().action_back()

    def place_line(self, number: Any) -> Line:
        """``6 of 19``: where the cursor stands."""
        if self.found is None or number is None or number not in self.found.numbers:
            return EMPTY
        place = self.found.numbers.index(number) + 1
        return make((_("{n} of {all}").format(n=f"{place:,}", all=f"{len(self.found):,}"), "dim"))
