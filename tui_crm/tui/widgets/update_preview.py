"""The preview of an updated file as rows: the figures that add up, what changes, what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tui_crm.core.text import _, ngettext
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.import_preview import MOST, column_row, odd_row, to_look_at
from tui_crm.tui.widgets.lines import Line, cell, clip, make
from tui_crm.tui.widgets.record_list import Row

if TYPE_CHECKING:
    from tui_crm.core.exchange.importing import Preview
    from tui_crm.core.exchange.prospects.update import UpdateComparison


def rows(view: Preview[Any, UpdateComparison], by: str, airy: bool) -> list[Row]:
    """A preview as rows of a list: the columns of the file have their place as id. ``by`` is what
    rows were matched by, in words."""
    air = [Row.blank()] if airy else []
    found = view.comparison
    made: list[Row] = [*air, Row(lambda width: clip(_figures(view), width), kind="text")]
    if airy:
        parts = (view.added, found.updated, found.unchanged, len(view.skipped))
        text = " + ".join(f"{n:,}" for n in parts) + f" = {view.rows:,}"
        made += [*air, Row.text(make((f"{text}: {_('every row is accounted for.')}", "dim")))]
    made.append(Row.text(_about(found, by)))
    if found.changes or found.new_columns:
        made += [*air, Row.section(_("Changes"), f"{sum(c.cells for c in found.changes):,}")]
        for n, change in enumerate(found.changes):
            made.append(Row.item(("change", n), _change(change.name, change.cells)))
            made += [Row.text(_example(*example)) for example in change.examples]
        if found.new_columns:
            names = ", ".join(found.new_columns)
            made.append(Row.text(make((f" {_('new columns')}: ", "dim"), (names, "strong"))))
    made += _section(
        air,
        _("Corrected by hand, kept"),
        len(found.corrected),
        [
            Row.text(_kept(cell_.line, cell_.column, cell_.ours, cell_.theirs))
            for cell_ in found.corrected[:MOST]
        ],
    )
    odd = to_look_at(view)
    made += _section(
        air,
        _("Rows to look at"),
        len(odd),
        [
            Row.item(("row", n), odd_row(line, word, token, why))
            for n, (line, word, token, why) in enumerate(odd[:MOST])
        ],
    )
    made += [*air, Row.section(_("Columns"), len(view.file.columns))]
    size = max((len(column.name) for column in view.file.columns), default=0)
    return made + [Row.item(n, column_row(c, size)) for n, c in enumerate(view.file.columns)]


def _section(air: list[Row], name: str, count: int, shown: list[Row]) -> list[Row]:
    if not count:
        return []
    rows = [*air, Row.section(name, f"{count:,}"), *shown]
    if count > len(shown):
        rows.append(
            Row.text(
                make(
                    (
                        _("and {n} more; the command line lists all").format(
                            n=f"{count - len(shown):,}"
                        ),
                        "dim",
                    )
                )
            )
        )
    return rows


def _figures(view: Preview[Any, UpdateComparison]) -> Line:
    found = view.comparison
    doubtful, out = found.doubtful, len(found.skipped) - found.doubtful
    parts: list[tuple[int, str, str]] = [
        (view.added, _("new"), "won.b"),
        (found.updated, _("changed"), "strong"),
        (found.unchanged, _("unchanged"), "text"),
        (doubtful, _("doubtful"), "due.b"),
        (out, _("skipped"), "late.b"),
    ]
    pieces: list[tuple[str, str]] = [(f"{view.rows:,}", "strong"), (f" {_('rows')}", "dim")]
    for n, word, token in parts:
        pieces += [(f"   {n:,}", token if n else "dim"), (f" {word}", "dim")]
    return make(*pieces)


def _about(found: UpdateComparison, by: str) -> Line:
    pieces = [(_("matched by "), "dim"), (by, "text")]
    if found.gone:
        words = ngettext(
            "{n} row of the list is not in the file and stays",
            "{n} rows of the list are not in the file and stay",
            found.gone,
        )
        pieces.append((f";  {words.format(n=f'{found.gone:,}')}", "dim"))
    return make(*pieces)


def _change(name: str, cells: int) -> Callable[[int], Line]:
    line = make((f" {name}", "strong"), (f"  {cells:,}", "dim"))
    return lambda width: clip(line, width)


def _example(line: int, was: str, now: str) -> Line:
    arrow = glyphs.active().entry
    return make(
        (f"   {_('line')} {line}  ", "dim"),
        (was or "–", "dim"),
        (f" {arrow} ", "dim"),
        (now, "text"),
    )


def _kept(line: int, column: str, ours: str, theirs: str) -> Line:
    return (
        cell(f" {_('line')} {line}", 12, "dim"),
        *make(
            (f"{column}  ", "dim"),
            (ours, "text"),
            (f"  {_('the file says')} ", "dim"),
            (theirs, "dim"),
        ),
    )
