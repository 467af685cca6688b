"""Lists by script: what each wording, and each way through its answers, brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from tui_crm.core.reports.lead_groups import leads_of
from tui_crm.core.reports.lists.by_list import list_figures, time_ranges
from tui_crm.core.reports.lists.segments import Segment, columns, figures
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import Cells, Column, Table, plain
from tui_crm.core.text import _

Script = tuple[int, int, str]
"""A list, the number of the wording (0: none was recorded), the answers that were opened."""


@dataclass(slots=True)
class _Calls:
    """The calls with one script: how many, the prospects called, those reached."""

    count: int = 0
    called: set[int] = field(default_factory=set)
    reached: set[int] = field(default_factory=set)


def by_script(q: Question) -> Table:
    """One row for each list, wording of its script, and answers opened on the call."""
    names = dict(q.store.rows("SELECT id, name FROM lists"))
    where, values = time_ranges(q)
    scripts: dict[Script, _Calls] = {}
    # One way along the calls: adding up in SQL sorts them for each of the two counts of different
    # prospects (measured: twice the time on a million).
    for list_id, number, path, prospect, reached in q.store.each(
        "SELECT a.list_id, COALESCE(a.script_no, 0), a.script_path, a.prospect_id, a.reached"
        f" FROM actions a WHERE {where}",
        values,
    ):
        script = (list_id, number, path)
        calls = scripts.get(script)
        if calls is None:
            calls = scripts[script] = _Calls()
        calls.count += 1
        if prospect is not None:
            calls.called.add(prospect)
            if reached:
                calls.reached.add(prospect)
    segments = {
        script: Segment(len(calls.called), len(calls.reached), calls.count)
        for script, calls in scripts.items()
    }
    sums = list_figures(q)
    total = Segment(
        called=sum(figure.called for figure in sums),
        reached=sum(figure.reached for figure in sums),
        calls=sum(figure.calls for figure in sums),
        created=[lead for lead in leads_of(q, "created") if lead.list_id is not None],
        won=[lead for lead in leads_of(q, "won") if lead.list_id is not None],
    )
    origins = _scripts_of_leads(q)

    def segment(lead_id: int, list_id: int | None) -> Segment:
        number, path = origins.get(lead_id, (0, ""))
        return segments.setdefault((list_id or 0, number, path), Segment())

    for lead in total.created:
        segment(lead.id, lead.list_id).created.append(lead)
    for lead in total.won:
        segment(lead.id, lead.list_id).won.append(lead)

    def cells(script: Script | None, segment: Segment) -> Cells:
        if script is None:
            texts: tuple[str | None, ...] = (None, None, None)
        else:
            list_id, number, path = script
            texts = (names.get(list_id, NOBODY), wording(number), path_words(number, path))
        return {
            "list": plain(texts[0]),
            "script": plain(texts[1]),
            "path": plain(texts[2]),
            **figures(segment, partial(_prospects, scripts, script), partial(_call_ids, q, script)),
        }

    several = sum(segment.called for segment in segments.values()) > total.called
    return Table(
        columns=(
            Column("list", _("list"), "text"),
            Column("script", _("script"), "text"),
            Column("path", _("answers"), "text"),
            *columns(),
        ),
        rows=[
            ("/".join(map(str, script)), cells(script, segments[script]))
            for script in sorted(segments)
        ],
        totals=cells(None, total),
        notes=[_("A prospect who heard several counts under each of them, once in the totals.")]
        if several
        else [],
        formulas=formulas(),
    )


def formulas() -> dict[str, str]:
    """How the figures by script are computed, by column key."""
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
    """``script 2``; 0 is a call without a script, or from before wordings were recorded."""
    return _("script {n}").format(n=number) if number else _("no script")


def path_words(number: int, path: str) -> str:
    """The answers opened on a call, one after the other."""
    return path or (_("opening only") if number else NOBODY)


def _scripts_of_leads(q: Question) -> dict[int, tuple[int, str]]:
    """By lead the wording and the answers of the call that made it: the last call on its prospect
    up to the moment it was made."""
    condition, values = ("l.list_id = ?", (q.list_id,)) if q.list_id else ("l.list_id > 0", ())
    rows = q.store.each(
        "SELECT l.id, COALESCE(a.script_no, 0), a.script_path FROM leads l JOIN actions a"
        " ON a.id = (SELECT b.id FROM actions b WHERE b.prospect_id = l.prospect_id"
        " AND b.kind = 'call' AND b.at <= l.created_at ORDER BY b.at DESC, b.id DESC LIMIT 1)"
        f" WHERE {condition}",
        values,
    )
    return {lead: (number, path) for lead, number, path in rows}


def _prospects(scripts: dict[Script, _Calls], script: Script | None, reached: bool) -> list[int]:
    """The prospects called, or reached, with a script; with any."""
    some = scripts.values() if script is None else [scripts.get(script, _Calls())]
    return sorted(
        {number for calls in some for number in (calls.reached if reached else calls.called)}
    )


def _call_ids(q: Question, script: Script | None) -> list[int]:
    """The calls with a script; with any."""
    where, values = time_ranges(q)
    extra: tuple[int | str, ...] = ()
    if script is not None:
        where = (
            f"({where}) AND a.list_id = ? AND COALESCE(a.script_no, 0) = ? AND a.script_path = ?"
        )
        extra = script
    rows = q.store.rows(
        f"SELECT a.id FROM actions a WHERE {where} ORDER BY a.id", (*values, *extra)
    )
    return [row[0] for row in rows]
