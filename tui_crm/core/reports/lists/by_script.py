"""Lists by script: what each wording, and each way through its answers, brought."""

from __future__ import annotations

from functools import partial

from tui_crm.core.reports.lists.by_list import time_ranges, worked
from tui_crm.core.reports.lists.parts import Segment, columns, figures, won
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import Cells, Column, Table, plain
from tui_crm.core.text import _

Said = tuple[int, int, str]
"""A list, the number of the wording (0: none was kept), the answers that were opened."""


def by_script(q: Question) -> Table:
    """One row for each list, wording of its script, and answers opened on the call."""
    names = {row[0]: row[1] for row in q.store.rows("SELECT id, name FROM lists")}
    where, values = time_ranges(q)
    calls: dict[Said, int] = {}
    called: dict[Said, tuple[set[int], set[int]]] = {}
    # One way along the calls: adding up in SQL sorts them for each of the two counts of different
    # prospects (measured: twice the time on a million).
    for number, script, path, prospect, reached in q.store.each(
        "SELECT a.list_id, COALESCE(a.script_no, 0), a.script_path, a.prospect_id, a.reached"
        f" FROM actions a WHERE {where}",
        values,
    ):
        said = (number, script, path)
        found = called.get(said)
        if found is None:
            found, calls[said] = called.setdefault(said, (set(), set())), 0
        calls[said] += 1
        if prospect is not None:
            found[0].add(prospect)
            if reached:
                found[1].add(prospect)
    parts = {
        said: Segment(len(found[0]), len(found[1]), calls[said]) for said, found in called.items()
    }
    all_calls, all_called, all_reached = (sum(figure.values()) for figure in worked(q))
    total = Segment(all_called, all_reached, all_calls)
    heard = _heard(q)
    for leads, name in ((q.created(), "made"), (won(q), "wins")):
        for lead in leads:
            if lead.list_id is not None:
                script, path = heard.get(lead.id, (0, ""))
                part = parts.setdefault((lead.list_id, script, path), Segment())
                getattr(part, name).append(lead)
                getattr(total, name).append(lead)

    def cells(said: Said | None, part: Segment) -> Cells:
        if said is None:
            texts: tuple[str | None, ...] = (None, None, None)
        else:
            texts = (names.get(said[0], NOBODY), wording(said[1]), path_words(said[1], said[2]))
        return {
            "list": plain(texts[0]),
            "script": plain(texts[1]),
            "path": plain(texts[2]),
            **figures(part, partial(_prospects, called, said), partial(_calls_said, q, said)),
        }

    return Table(
        (
            Column("list", _("list"), "text"),
            Column("script", _("script"), "text"),
            Column("path", _("answers"), "text"),
            *columns(),
        ),
        [(f"{said[0]}/{said[1]}/{said[2]}", cells(said, parts[said])) for said in sorted(parts)],
        cells(None, total),
        (_("A prospect who heard several counts under each of them, once in the totals."),)
        if sum(part.called for part in parts.values()) > total.called
        else (),
        formulas(),
    )


def formulas() -> dict[str, str]:
    """What the figures by script mean, by column."""
    return {
        "called": _(
            "prospects with at least one call in the period on which this wording was on"
            " screen and these answers were opened"
        ),
        "reached": _("those of them whom such a call reached"),
        "answered": _("prospects reached / prospects called, with this wording and these answers"),
        "leads": _(
            "leads created in the period that came from the list, by the last call on their"
            " prospect before; one that no call made is under no script"
        ),
        "won": _("leads won in the period, by the call that made them"),
        "won_amount": _("sum of the amounts of those; one without amount adds 0"),
        "calls": _("calls in the period with this wording and these answers"),
        "calls_per_lead": _("those calls / those leads"),
    }


def wording(number: int) -> str:
    """``script 2``; a call without one, or from before they were kept, had none."""
    return _("script {n}").format(n=number) if number else _("no script")


def path_words(number: int, path: str) -> str:
    """The answers opened on a call, one after the other."""
    return path or (_("opening only") if number else NOBODY)


def _heard(q: Question) -> dict[int, tuple[int, str]]:
    """The wording and the answers of the call that made each lead: the last on its prospect up to
    the moment it was made."""
    narrow, values = ("l.list_id = ?", (q.list_id,)) if q.list_id else ("l.list_id > 0", ())
    return {
        row[0]: (row[1], row[2])
        for row in q.store.each(
            "SELECT l.id, COALESCE(a.script_no, 0), a.script_path FROM leads l JOIN actions a"
            " ON a.id = (SELECT b.id FROM actions b WHERE b.prospect_id = l.prospect_id"
            " AND b.kind = 'call' AND b.at <= l.created_at ORDER BY b.at DESC, b.id DESC LIMIT 1)"
            f" WHERE {narrow}",
            values,
        )
    }


def _prospects(
    called: dict[Said, tuple[set[int], set[int]]], said: Said | None, reached: int
) -> list[int]:
    chosen = called.values() if said is None else [called[said]] if said in called else []
    return sorted({number for found in chosen for number in found[reached]})


def _calls_said(q: Question, said: Said | None) -> list[int]:
    where, values = time_ranges(q)
    extra: tuple[int | str, ...] = ()
    if said is not None:
        where = (
            f"({where}) AND a.list_id = ? AND COALESCE(a.script_no, 0) = ? AND a.script_path = ?"
        )
        extra = said
    return [
        row[0]
        for row in q.store.rows(
            f"SELECT a.id FROM actions a WHERE {where} ORDER BY a.id", (*values, *extra)
        )
    ]
