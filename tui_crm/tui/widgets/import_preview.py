"""The preview of an import as rows: the figures that add up, the columns, the rows to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets.lines import Line, Run, cell, clip, make
from tui_crm.tui.widgets.record_list import Row

if TYPE_CHECKING:
    from tui_crm.core.exchange.importing import FileColumn, Preview
    from tui_crm.core.exchange.leads.importer import LeadComparison
    from tui_crm.core.exchange.leads.owners import FileOwner

MOST = 200  # rows to look at that are listed
MANY, FEW = 50, 3  # odd rows from which on only the first few are listed


def rows(view: Preview[Any, Any], kind: str, airy: bool, home: str = "") -> list[Row]:
    """A preview as rows of a list: the columns have their place as id, those that are recognised
    stand first, empty ones are one row. ``home`` is the country of the workspace."""
    air = [Row.blank()] if airy else []
    rows: list[Row] = [*air, Row(lambda width: clip(figures(view, width), width), kind="text")]
    if air:
        parts = (view.added, len(view.duplicates), len(view.skipped))
        text = " + ".join(f"{n:,}" for n in parts) + f" = {view.rows:,}"
        rows += [*air, Row.text(make((f"{text}: {_('every row is accounted for.')}", "dim")))]
    extra = _extra(view.comparison) if kind == "leads" else []
    rows += [Row.text(line) for line in (*extra, *_about_phones(view, kind, home))]
    rows += [*air, Row.section(_("Columns"), len(view.file.columns))]
    shown = [n for n, column in enumerate(view.file.columns) if column.first.strip()]
    shown.sort(key=lambda n: view.file.columns[n].field is None)
    size = max((len(view.file.columns[n].name) for n in shown), default=0)
    rows += [Row.item(n, column_row(view.file.columns[n], size)) for n in shown]
    empty = [column.name for column in view.file.columns if not column.first.strip()]
    if empty:
        words = ngettext("{n} empty column", "{n} empty columns", len(empty)).format(n=len(empty))
        rows.append(Row.text(make((f"   {words}: {', '.join(empty)}", "dim"))))
    owners = view.comparison.owners if kind == "leads" else ()
    if owners:
        rows += [*air, Row.section(_("Owners"), len(owners))]
        longest = max(len(owner.name) for owner in owners)
        rows += [Row.item(("owner", one.name), owner_row(one, longest)) for one in owners]
    odd = to_look_at(view)
    if odd:
        rows += [*air, Row.section(_("Rows to look at"), f"{len(odd):,}")]
        odd, folded = _folded(odd)
        for n, (line, word, token, why) in enumerate(odd[:MOST]):
            rows.append(Row.item(("row", n), odd_row(line, word, token, why)))
        if folded:
            rows.append(Row.text(make((f"   {folded}", "dim"))))
        if len(odd) > MOST:
            rows.append(
                Row.text(
                    make(
                        (
                            _("and {n} more; the command line lists all").format(
                                n=f"{len(odd) - MOST:,}"
                            ),
                            "dim",
                        )
                    )
                )
            )
    return rows


def _about_phones(view: Preview[Any, Any], kind: str, home: str) -> list[Line]:
    """Where phones without a prefix ring, once for all of them, and that there are none."""
    from tui_crm.core.exchange.columns import phone_country

    if kind == "prospects" and not any(
        key[0] == "phone" for keys in view.parsed.keys for key in keys
    ):
        return [make((_("no row has a phone"), "due"))] if view.rows else []
    if "phone" not in view.file.fields or "country" in view.file.fields:
        return []
    token = "due" if view.file.country != home else "dim"
    words = phone_country.words(view.file.country, home)
    return [make((words, token), ("   c", "key"), (f" {_('another country')}", "dim"))]


def _extra(found: LeadComparison) -> list[Line]:
    """Of leads: what they are, and what will be made for them."""
    counts = (
        (found.open, _("open")),
        (found.won, _("won")),
        (found.lost, _("lost")),
        (found.cancelled, _("cancelled")),
    )
    rows = [make((", ".join(f"{n:,} {word}" for n, word in counts if n), "dim"))]
    if found.new_steps:
        rows.append(make((_("new steps: ") + ", ".join(found.new_steps[:5]), "dim")))
    return rows


def figures(view: Preview[Any, Any], width: int) -> Line:
    """The figures that add up, on one row."""
    blocked = sum(1 for row in view.skipped if _blocked(row.reason))
    pieces: list[tuple[str, str]] = [
        (f"{view.rows:,}", "strong"),
        (f" {_('rows')}", "dim"),
        (f"   {view.added:,}", "won.b" if view.added else "dim"),
        (f" {_('to add')}", "dim"),
        (f"   {len(view.duplicates):,}", "due.b" if view.duplicates else "dim"),
        (f" {_('duplicates')}", "dim"),
        (f"   {len(view.skipped):,}", "late.b" if view.skipped else "dim"),
        (f" {_('skipped')}", "dim"),
    ]
    if blocked:
        pieces += [
            (f", {_('of them')} " if width >= 100 else ", ", "dim"),
            (f"{blocked:,}", "blocked.b"),
            (f" {_('do not call')}", "dim"),
        ]
    cleaned = view.file.table.cleaned
    if cleaned:
        pieces.append((f"   {_('{n} cells cleaned').format(n=f'{cleaned:,}')}", "dim"))
    return make(*pieces)


def _blocked(reason: str) -> bool:
    """Whether a row was left out because of the do-not-call list."""
    return reason.startswith(_("on the do-not-call list ({who}{words})").partition("(")[0])


def to_look_at(view: Preview[Any, Any]) -> list[tuple[int, str, str, str]]:
    """Line, word, its token, and why: the rows that are not simply added, in their order."""
    rows = [
        (
            line,
            _("blocked") if _blocked(why) else _("skipped"),
            "blocked" if _blocked(why) else "late",
            why,
        )
        for line, why in view.skipped
    ]
    rows += [(line, _("duplicate"), "due", why) for line, why, _of in view.duplicates]
    rows += [(line, _("odd"), "text", why) for line, why in view.remarks]
    return sorted(rows)


def _folded(odd: list[tuple[int, str, str, str]]) -> tuple[list[tuple[int, str, str, str]], str]:
    """The rows to look at without the remarks beyond :data:`FEW`, where nearly all rows have one,
    and what is said in place of those."""
    remarks = [row for row in odd if row[1] == _("odd")]
    if len(remarks) <= MANY:
        return odd, ""
    kept = set(remarks[:FEW])
    words = _("and {n} more odd rows; c reads the phones of another country").format(
        n=f"{len(remarks) - FEW:,}"
    )
    return [row for row in odd if row[1] != _("odd") or row in kept], words


def field_name(field: str) -> str:
    """A field in words."""
    return {
        "email": _("e-mail"),
        "linkedin": "LinkedIn",
        "first_name": _("first name"),
        "last_name": _("last name"),
        "expected_close": _("expected close"),
        "next": _("next action"),
        "activity": _("last activity"),
        "name": _("full name"),
    }.get(field) or _(field)


def column_row(column: FileColumn, longest: int) -> Callable[[int], Line]:
    def draw(width: int) -> Line:
        size = min(max(longest, 8) + 1, width * 3 // 10)
        meaning = field_name(column.field) if column.field else _("kept as is")
        return clip(
            (
                Run(" ", "text"),
                cell(column.name, size, "text"),
                Run("> ", "dim"),
                cell(meaning, 15 if width >= 60 else 11, "accent" if column.field else "dim"),
                *make((column.first, "text" if column.field else "dim")),
            ),
            width,
        )

    return draw


def owner_row(owner: FileOwner, longest: int) -> Callable[[int], Line]:
    """An owner of the file, whose their leads become, and how many they are."""

    def draw(width: int) -> Line:
        size = min(max(longest, 8) + 1, width * 3 // 10)
        became, token = owner.user or _("nobody"), "accent"
        if not owner.active:
            token = "due"
            if owner.user:
                became = _("{name}, new, not active") if owner.is_new else _("{name}, not active")
                became = became.format(name=owner.user)
        leads = ngettext("{n} lead", "{n} leads", owner.leads).format(n=f"{owner.leads:,}")
        return clip(
            (
                Run(" ", "text"),
                cell(owner.name, size, "text"),
                Run("> ", "dim"),
                *make((became, token), (f"   {leads}", "dim")),
            ),
            width,
        )

    return draw


def odd_row(line: int, word: str, token: str, why: str) -> Callable[[int], Line]:
    def draw(width: int) -> Line:
        return clip(
            (cell(f" {_('line')} {line}", 12, "dim"), cell(word, 11, token), *make((why, "text"))),
            width,
        )

    return draw
