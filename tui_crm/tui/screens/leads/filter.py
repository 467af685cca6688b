"""The filter of Leads and the Board: one filter line, one order, one set of saved views.

Each of the two screens has a `LeadFilter`, which reads the leads that the line finds and has the
screen show them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from textual import events
from textual.timer import Timer

from tui_crm.core import money, saved_views
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import (
    board,
    filter as lead_filter,
    filter_completion,
    views as lead_views,
)
from tui_crm.core.leads.board import Sums
from tui_crm.core.leads.filter import COLUMNS, GROUPS, Listing
from tui_crm.core.leads.filter_completion import Completion
from tui_crm.core.saved_views import ViewRow
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.filter_state import FilterState, without_settings
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.head_line import HeadLine
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lead_rows import NARROW
from tui_crm.tui.widgets.lines import EMPTY, Line, beside, join, make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

WEIGHTED = 120  # columns from which the weighted sum is shown
MANY = 20_000  # leads from which a typed line is looked up after a pause, not at every key
PAUSE = 0.15  # seconds after the last key
MOST_TYPED = 400  # leads read while a filter line is typed: more than any terminal has rows
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
    "contacted",
    "age",
    "score",
)

Read = Callable[[str, int | None], Listing]
"""Reads the leads of a filter line; with a number only so many of them, for while it is typed."""


class LeadFilter:
    """The filter line of a screen, the leads that it finds and what can be done with both.

    ``state`` returns the state that Leads and the Board share; ``show`` shows the leads ``found``,
    marks included."""

    def __init__(
        self,
        screen: LeadActions,
        state: Callable[[], FilterState],
        read: Read,
        show: Callable[[], None],
    ) -> None:
        self.screen = screen
        self.head = HeadLine()
        self.found: Listing | None = None
        self.sums = Sums(0, 0)
        self._state, self._read, self._show = state, read, show

    @property
    def state(self) -> FilterState:
        """What the filter line asks for."""
        return self._state()

    # -- reading and showing -------------------------------------------------------------------

    def reload(self) -> None:
        """Read the leads of the filter line and show them."""
        query = self.state.query
        found = self._read(query, None)
        if self.screen.marks:
            self.screen.marks.keep(set(found.numbers))
        self._show_found(query, found)

    def try_line(self, text: str) -> None:
        """Show what a line that is being typed finds."""
        trial = replace(self.state)
        trial.set_line(text)
        self._show_found(trial.query, self._read(trial.query, MOST_TYPED))

    def _show_found(self, query: str, found: Listing) -> None:
        session, wide = self.screen.session, self.screen.size.width >= WEIGHTED
        self.found = found
        self.sums = sums = board.sums(session, found.filter, wide)
        line, currency = without_settings(query), session.currency
        self.head.show(lambda width: filter_line(line, found, sums, currency, width))
        self._show()

    def apply(self, text: str, view: str = "") -> None:
        """Show the leads of another filter line, from a saved view or from elsewhere."""
        if view:
            self.state.set_view(text, view)
        else:
            self.state.set_line(text)
        if self.screen.is_mounted:
            self.screen.reload()

    # -- lines for the screen ------------------------------------------------------------------

    def summary(self, left: Line) -> Line:
        """The summary of the screen: the marks, else ``left``; at the right the saved view."""
        screen, view = self.screen, self.view_name()
        if screen.marks:
            left = screen.marks.line(short_sum(screen.marks.total, screen.session.currency))
        return beside(left, view, screen.size.width - 2) if view else left

    def view_name(self) -> Line:
        """The name of the saved view that is shown, if any."""
        view = self.state.view
        return make((f"{_('view')} ", "dim"), (view, "text")) if view else EMPTY

    def position(self, number: int | None) -> Line:
        """``6 of 19``: the place of a lead among those found."""
        if self.found is None or number is None or number not in self.found.numbers:
            return EMPTY
        place = self.found.numbers.index(number) + 1
        return make((_("{n} of {all}").format(n=f"{place:,}", all=f"{len(self.found):,}"), "dim"))

    def empty_lines(self) -> list[Line]:
        """What stands in place of the list where no lead was found."""
        if not self.sums.every:
            return [
                make((_("  No leads yet."), "strong")),
                EMPTY,
                make(("  +", "key"), (_("  a lead: type its title and press Enter"), "text")),
                make(("  :", "key"), (_("  import leads of another CRM, by name"), "text")),
            ]
        lines = [make((_("  Nothing is left by this filter."), "strong")), EMPTY]
        words = self.culprit_words()
        if words:
            lines += [
                make((f"  {words[0].upper()}{words[1:]}.", "text")),
                EMPTY,
                make((f"  {_('backspace')}", "key"), (f"  {_('drops that word')}", "dim")),
            ]
        lines.append(make((f"  {'/':<9}", "key"), (f"  {_('changes the filter')}", "dim")))
        return lines

    def empty_hints(self) -> Sequence[str]:
        """The keys that act where no lead was found; none where there are leads."""
        if self.found is None or len(self.found):
            return ()
        if not self.sums.every:
            return ("always.new", "always.palette", "go.calling")
        return ("always.search", "leads.drop", "leads.views", "always.new", "leads.view")

    def scope_words(self) -> str:
        """Among which leads the line looks, in words: ``in your open leads``; empty for all."""
        if self.found is None:
            return ""
        scope = lead_filter.scope(self.found.filter)
        known = {
            "status:open owner:me": _("in your open leads"),
            "status:open": _("in the open leads"),
            "owner:me": _("in your leads"),
            "": "",
        }
        return known.get(scope, _("in {words}").format(words=scope))

    def _culprit(self) -> tuple[str, int] | None:
        """Where nothing is found: the word that excludes most, and how many leads there would be
        without it."""
        if self.found is None or len(self.found):
            return None
        return lead_filter.culprit(self.screen.session, self.found.filter)

    def culprit_words(self) -> str:
        """Which word of the filter excludes most, in words; empty where something is found."""
        culprit = self._culprit()
        if culprit is None:
            return ""
        word, count = culprit
        return ngettext(
            "without {word} it would be {n} lead", "without {word} it would be {n} leads", count
        ).format(word=word, n=f"{count:,}")

    # -- the keys of the filter ----------------------------------------------------------------

    async def edit(self) -> None:
        """Ask for another filter line; the list follows while it is typed."""
        text = await ask(self.screen, FilterSheet(self))
        if text is not None and " ".join(text.split()) != self.state.line:
            self.state.set_line(text)
        self.screen.reload()
        if self.found is not None and self.found.filter.problems:
            self.screen.say(Message("?", "late", self.found.filter.problems[0]))

    def drop_word(self) -> None:
        """Drop the word that excludes most."""
        culprit = self._culprit()
        if culprit is None:
            self.screen.explain_key(
                "backspace", _("drops a word only where nothing is found."), Hint("/", _("filter"))
            )
            return
        self.state.set_line(lead_filter.without(self.state.line, culprit[0]))
        self.screen.reload()

    async def choose_sort(self) -> None:
        """Ask for the order."""
        now = self.state.sort
        names = {
            "number": _("number"),
            "idle": _("idle longest"),
            "close": _("expected close"),
            "contacted": _("last contact"),
            "score": _("chance to win"),
        }
        options = [
            MenuOption(
                names.get(name, _(name)),
                _("turn round") if name == now else "",
                "strong" if name == now else "text",
            )
            for name in SORTS
        ]
        index = await self.screen.choose(_("sort"), "", options, also_leaves=(",",))
        if index is not None:
            self.state.sort_by(SORTS[index])
            self.screen.reload()

    async def choose_group(self) -> None:
        """Ask what the list is grouped by, or which columns it has."""
        state = self.state
        names = [
            _("no groups"),
            _("by step"),
            _("by owner"),
            _("by tag"),
            _("by client"),
            _("columns"),
        ]
        chosen = ", ".join(_(name) for name in state.columns)
        here = ("", *GROUPS).index(state.group)
        options = [
            MenuOption(name, _("now") if n == here else chosen if n == len(GROUPS) + 1 else "")
            for n, name in enumerate(names)
        ]
        index = await self.screen.choose(_("list"), "", options, also_leaves=(";",))
        if index is None:
            return
        if index <= len(GROUPS):
            state.group = ("", *GROUPS)[index]
            self.screen.reload()
        else:
            await self._choose_columns()

    async def _choose_columns(self) -> None:
        def choose(text: str) -> bool:
            self.state.columns = read_columns(text)
            self.screen.reload()
            return True

        await self.screen.edit_line(
            _("columns"),
            _("in their order, from the left"),
            choose,
            place=None,
            value=" ".join(self.state.columns),
            goes_on=True,
            echo=_columns_echo,
            rows=2,
            examples=make((" ".join(COLUMNS), "dim")),
            empty_value="",
            empty_word=_("the usual ones"),
        )

    async def save_view(self) -> None:
        """Ask for a name and save the filter line, the order, the groups and the columns under it;
        an empty name removes the view that is shown."""
        screen, query = self.screen, self.state.query
        shown = next((view for view in self._views() if view.name == self.state.view), None)
        sheets: list[ViewSheet] = []

        def sheet(text: str) -> ViewSheet:
            shared = sheets[-1].shared if sheets else shown is not None and shown.shared
            removes = shown is not None and shown.own
            sheets.append(ViewSheet(query, text, shared=shared, removes=removes))
            return sheets[-1]

        def save(name: str) -> bool:
            if not name:
                return self._remove_view(shown)
            shared = sheets[-1].shared
            if screen.crm.perform(saved_views.save, "leads", name, query, shared=shared) is None:
                return False
            self.state.view = name
            screen.show_frame()
            digit = next((view.digit for view in self._views() if view.name == name), None)
            note = _("{digit} brings it back").format(digit=digit) if digit else ""
            if shared:
                note = ", ".join(part for part in (_("shared with everybody"), note) if part)
            undo = Hint("u", _("undo"))
            screen.say(Message(_("Saved"), "strong", name, note=note, right=undo))
            return True

        await screen.edit_in(sheet, save, self.state.view, place="leads:view")

    def _views(self) -> list[ViewRow]:
        return saved_views.views(self.screen.session, "leads")

    def _remove_view(self, view: ViewRow | None) -> bool:
        if view is None or not view.own:
            return True
        self.screen.crm.perform(saved_views.forget, view.id)
        self.state.view = ""
        self.screen.show_frame()
        undo = Hint("u", _("undo"))
        self.screen.say(Message(_("Removed"), "strong", view.name, right=undo))
        return True

    async def choose_view(self) -> None:
        """Ask for one of all the views, one's own and those that others share."""
        views = self._views()
        if not views:
            save = Hint("V", _("save view"))
            self.screen.explain_key("0", _("no view is saved yet."), save)
            return
        views.sort(key=lambda view: (view.digit is None, view.digit or 0))
        options = [
            MenuOption(view.name, _("shared") if view.own and view.shared else "")
            if view.own
            else MenuOption(view.name, _("by {user}").format(user=view.by))
            for view in views
        ]
        index = await self.screen.choose(_("views"), "", options)
        if index is not None:
            self.apply(views[index].query, views[index].name)

    def open_view(self, digit: int) -> None:
        """Show the leads of the view that is saved under a digit."""
        view = next((view for view in self._views() if view.digit == digit), None)
        if view is None:
            save = Hint("V", _("save view"))
            self.screen.explain_key(str(digit), _("no view is saved under it."), save)
        else:
            self.apply(view.query, view.name)

    # -- marks ---------------------------------------------------------------------------------

    def marked(self) -> list[int]:
        """The marked leads, in the order of the list."""
        marks = self.screen.marks
        if not marks or self.found is None:
            return []
        return [number for number in self.found.numbers if number in marks]

    def toggle_mark(self) -> None:
        """Mark or unmark the lead under the cursor, and go to the next one."""
        screen, number = self.screen, self.screen.subject()
        if number is None:
            screen.explain_key("space", _("there is no lead under the cursor."))
            return
        found = lead_views.by_numbers(screen.session, [number])
        screen.marks.toggle(number, found[0].amount if found else None)
        self._show()
        screen.action_move(1)
        screen.messages.show(screen.summary())


class FilterSheet(PromptSheet):
    """The entry of the filter line: the list follows while it is typed, tab completes the last
    word, ctrl+u looks in all leads."""

    def __init__(self, of: LeadFilter) -> None:
        self._filter = of
        line = of.state.line
        self._opened_with = f"{line} " if line else ""
        super().__init__(
            _("filter"),
            "",
            self._echo_found,
            value=self._opened_with,
            rows=2,
            sign="/",
            examples=make((_("step:proposal (tag:hot or amount>5000) -with:phone words"), "dim")),
            empty_value="",
            empty_word=_("all leads"),
            echo_empty=True,  # how many leads there are
        )
        self._offered: list[Completion] = []  # what the last word may be completed to
        self._taken = 0  # how many of them tab has tried
        self._timer: Timer | None = None

    def _echo_found(self, text: str) -> Echo:
        found = self._filter.found
        rows: list[EchoRow] = []
        if self._offered:
            rows.append(EchoRow(" ", "dim", make(("tab ", "key"), *self._offers())))
        if found is not None:
            rows += [EchoRow("?", "late", make((text, "late"))) for text in found.filter.problems]
            count = ngettext("{n} lead", "{n} leads", len(found)).format(n=f"{len(found):,}")
            amount = short_sum(found.amount, self._filter.screen.session.currency)
            narrow = self._filter.screen.size.width < NARROW
            line = make((count, "strong"), ("" if narrow else f"  {amount}", "text"))
            if scope := self._filter.scope_words():
                line = make(*line, (f"  {scope}; ", "dim"), ("ctrl+u", "key"))
                line = line if narrow else make(*line, (f" {_('for all')}", "dim"))
            rows.append(EchoRow("=", "won" if len(found) else "due", line))
            if words := self._filter.culprit_words():
                rows.append(EchoRow("!", "due", make((words, "due"))))
        return Echo(rows)

    def _offers(self) -> list[tuple[str, str]]:
        """The words that tab puts in, each with how many leads are found then."""
        pieces = []
        for n, one in enumerate(self._offered):
            pieces.append((one.word, "strong" if n == self._taken - 1 else "text"))
            pieces.append((f" {one.count:,}  " if one.count is not None else "  ", "dim"))
        return pieces

    async def press(self, event: events.Key) -> None:
        if event.key == "tab":
            self._complete()
        elif event.key == "ctrl+u" and self._look_in_all():
            return
        else:
            await super().press(event)

    def _look_in_all(self) -> bool:
        """Take out the words that say whose leads and which status, and keep the others; False
        where nothing was typed beside them: the whole line goes then."""
        text = self.entry.text
        wider = lead_filter.without_scope(text)
        if text == self._opened_with or not wider or wider == " ".join(text.split()):
            return False
        self.entry.text, self.entry.at = wider, len(wider)
        self.changed()
        return True

    def changed(self) -> None:
        text = self.entry.text
        many = self._filter.sums.every > MANY
        self._offer(counted=not many)
        if self._timer is not None:
            self._timer.stop()
        if many:
            # One letter fits most of so many, and looking them up takes longer than typing on.
            self._timer = self.set_timer(PAUSE, self._look_up)
        else:
            self._filter.try_line(text)
        super().changed()

    def _look_up(self) -> None:
        if self.is_open:
            self._filter.try_line(self.entry.text)
            self._offer(counted=True)
            self.read_again()

    def _offer(self, counted: bool) -> None:
        text, session = self.entry.text, self._filter.screen.session
        found = filter_completion.complete(session, text, counted=counted)
        self._offered = [one for one in found if not text.endswith(one.word)]
        self._taken = 0

    def _complete(self) -> None:
        """Put the first completion in place of the last word; the next time, the next one."""
        if not self._offered:
            return
        chosen = self._offered[self._taken % len(self._offered)]
        self._taken = self._taken % len(self._offered) + 1
        text = filter_completion.completed(self.entry.text, chosen.word)
        self._filter.try_line(text)
        self.replace_text(text)


class ViewSheet(PromptSheet):
    """The entry of a view's name; tab shares it with everybody, or keeps it to oneself."""

    def __init__(self, query: str, name: str, *, shared: bool, removes: bool) -> None:
        self.shared = shared
        super().__init__(
            _("save view"),
            query,
            self._echo_shared,
            value=name,
            selected=True,
            rows=1,
            echo_empty=True,
            empty_value="" if removes else None,
            empty_word=_("removes it") if removes else None,
        )

    def _echo_shared(self, _text: str) -> Echo:
        if self.shared:
            words = (_("everybody has it; "), _(" for you alone"))
        else:
            words = (_("for you; "), _(" shares it with everybody"))
        return Echo(
            [EchoRow("=", "won", make((words[0], "text"), ("tab", "key"), (words[1], "dim")))]
        )

    async def press(self, event: events.Key) -> None:
        if event.key == "tab":
            self.shared = not self.shared
            self.read_again()
        else:
            await super().press(event)


def read_columns(text: str) -> tuple[str, ...]:
    """The columns that a line names, by their beginnings, with blanks or commas between. Raises
    CrmError for a name that is none, or could be several."""
    chosen: list[str] = []
    for word in text.replace(",", " ").split():
        begun = [name for name in COLUMNS if name.startswith(word.casefold())]
        if word.casefold() in COLUMNS:
            begun = [word.casefold()]
        if len(begun) != 1:
            raise CrmError(
                _("There is no column {name}.").format(name=word)
                if not begun
                else _("{name} could be {names}.").format(name=word, names=", ".join(begun)),
                _("There are: {names}.").format(names=", ".join(COLUMNS)),
            )
        chosen += begun
    return tuple(dict.fromkeys(chosen))


def _columns_echo(text: str) -> Echo:
    try:
        chosen = read_columns(text)
    except CrmError as error:
        return Echo([EchoRow("?", "late", make((str(error), "late")))])
    left = " ".join(name for name in COLUMNS if name not in chosen)
    return Echo(
        [
            EchoRow("=", "won", make(("  ".join(chosen), "strong"))),
            EchoRow(" ", "dim", make((_("also: {names}").format(names=left), "dim"))),
        ]
    )


def filter_line(line: str, found: Listing, sums: Sums, currency: str, width: int) -> Line:
    """``/ words …   19 of 2,114   €252.0k  weighted €138.7k``."""
    left = make(("/ ", "key"), (line or _("all leads"), "strong" if line else "dim"))
    count = make((f"{len(found):,}", "strong"), (f" {_('of')} {sums.every:,}", "dim"))
    amount = make((short_sum(found.amount, currency), "strong"))
    weighted = make((f"{_('weighted')} ", "dim"), (short_sum(sums.weighted, currency), "text"))
    if width < 58:
        return beside(left, make((f"{len(found):,}", "strong")), width)
    if width < WEIGHTED - 2:
        return beside(left, join((count, amount), "   "), width)
    return beside(left, join((count, join((amount, weighted))), "   "), width)


def short_sum(minor: int, currency: str) -> str:
    """A sum of many amounts, compact, with the sign of its currency: ``€252.0k``."""
    sign = money.full(0, currency).partition("0")[0]
    return f"{sign}{money.compact(minor, currency)}"
