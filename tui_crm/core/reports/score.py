"""Score: the chance of each open lead to be won, with the reasons.

What the chance is made of is in `core.leads.score`, what is known of a lead, and of a closed one at
which day, in `core.leads.score_facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from tui_crm.core.leads import score, score_facts
from tui_crm.core.leads.score import Check, Fact, Model
from tui_crm.core.leads.score_facts import Moment
from tui_crm.core.reports.lead_groups import LeadGroupQuery
from tui_crm.core.reports.question import Question, midnight
from tui_crm.core.reports.types import Cell, Cells, Column, Table, plain, ratio
from tui_crm.core.text import _

_BANDS = 5  # of the calibration, of 20 per cent each


def compute(q: Question) -> Table:
    """One row for each open lead, the likeliest first; nothing while too few are closed."""
    moment = _moment(q)
    model = score_facts.learn(q.session, moment)
    rows: list[tuple[str, Cells]] = []
    checks = list(score.check(model.examples)) if model and q.filters.check else []
    if model is not None:
        source, params = LeadGroupQuery(q, "open", ()).source()
        found = score_facts.scores(q.session, model, moment, source, params)
        order = sorted(found, key=lambda lead: (-found[lead].chance, lead))
        for lead in order:
            scored = found[lead]
            rows.append(
                (
                    str(lead),
                    {
                        "lead": plain(lead),
                        "chance": Cell(scored.chance, _one(lead)),
                        "reasons": Cell(model.reasons(scored), _with(model, scored.facts)),
                    },
                )
            )
    checked = q.filters.check
    columns = [
        Column("lead", _("lead"), "lead"),
        Column("chance", _("chance"), "chance"),
        Column("reasons", _("reasons"), "reasons"),
    ]
    totals = {"lead": plain(None), "chance": plain(None), "reasons": plain(None)}
    if checked:
        columns += [
            Column("brier", _("Brier"), "fraction"),
            Column("brier_base", _("Brier of the base rate"), "fraction"),
            Column("n", _("held back"), "count"),
        ]
        totals |= _brier(checks)
        rows = [(key, {**cells, **_no_brier()}) for key, cells in rows]
    return Table(
        columns=tuple(columns),
        rows=rows,
        totals=totals,
        notes=_notes(q, model, moment),
        formulas=_formulas(),
        more=(_facts(model), *([_calibration(checks)] if checked else [])),
    )


def _moment(q: Question) -> Moment:
    if q.as_of is None:
        return score_facts.now(q.session)
    return Moment(q.today, midnight(q.today + timedelta(days=1), q.session.zone), q.table)


def _one(lead: int) -> Callable[[], list[int]]:
    return lambda: [lead]


def _with(model: Model, facts: Sequence[Fact]) -> Callable[[], list[int]]:
    return lambda: model.leads_with(facts)


def _notes(q: Question, model: Model | None, moment: Moment) -> list[str]:
    if model is None:
        return [score_facts.silence(q.session, moment)]
    won = sum(one.won for one in model.examples)
    return [
        _("Learnt from {n} closed leads, {won} of them won.").format(
            n=f"{len(model.examples):,}", won=f"{won:,}"
        )
    ]


def _formulas() -> dict[str, str]:
    return {
        "chance": _(
            "the base rate moved by the log-odds of each known fact (source, list, tags with a"
            " category, amount, step and days in it, last contact, answers in {days} days,"
            " actions), smoothed by {n} leads at the base rate; learnt from the last {most} leads"
            " won or lost, each as it was known at one day of its open life"
        ).format(
            days=score_facts.ANSWER_DAYS, n=score.SMOOTHING, most=f"{score_facts.MOST_EXAMPLES:,}"
        ),
        "reasons": _(
            "the facts that move the chance most, at most {n}; opens the closed leads"
        ).format(n=score.MOST_REASONS),
        "brier": _(
            "mean of (chance - outcome)² over closed leads, each held back while the others"
            " are learnt from; 0 is perfect"
        ),
        "brier_base": _("the same for the base rate of the others as every chance"),
        "n": _("closed leads that were held back in turn"),
    }


# -- the facts ------------------------------------------------------------------------------------


def _facts(model: Model | None) -> Table:
    """What was learnt: each fact with the closed leads that had it."""
    rows: list[tuple[str, Cells]] = []
    if model is not None:
        weights = model.weights
        known = [fact for fact, (_n, d) in model.counts.items() if d >= score.LEAST_OF_REASON]
        for fact in sorted(known, key=lambda fact: (-weights[fact], fact.kind, str(fact.value))):
            label = model.labels[fact]
            rows.append((label, {"fact": plain(label), **_of_fact(model, [fact])}))
    totals: Cells = {
        "fact": plain(None),
        "leads": Cell(0, list),
        "win_rate": ratio(0, 0, list, "leads"),
    }
    if model is not None:
        everything = sorted(one.lead for one in model.examples)
        won = sum(one.won for one in model.examples)
        totals["leads"] = Cell(len(everything), lambda: everything)
        totals["win_rate"] = ratio(won, len(everything), lambda: everything, "leads")
    return Table(
        name="facts",
        columns=(
            Column("fact", _("what was known"), "text"),
            Column("leads", _("leads"), "count"),
            Column("win_rate", _("win rate"), "rate"),
        ),
        rows=rows,
        totals=totals,
        formulas={
            "leads": _("leads won or lost of which it was known, at one day of their open life"),
            "win_rate": _("won / (won + lost) of them"),
        },
    )


def _of_fact(model: Model, facts: Sequence[Fact]) -> Cells:
    n, d = model.counts[facts[0]]
    leads = _with(model, facts)
    return {"leads": Cell(d, leads), "win_rate": ratio(n, d, leads, "leads")}


# -- the check ------------------------------------------------------------------------------------


def _no_brier() -> Cells:
    return {"brier": plain(None), "brier_base": plain(None), "n": plain(None)}


def _brier(checks: Sequence[Check]) -> Cells:
    leads = sorted(one.lead for one in checks)
    n = len(checks)
    brier = sum((one.chance - one.won) ** 2 for one in checks) / n if n else None
    base = sum((one.base - one.won) ** 2 for one in checks) / n if n else None
    return {
        "brier": Cell(brier, lambda: leads),
        "brier_base": Cell(base, lambda: leads),
        "n": Cell(n, lambda: leads),
    }


def _calibration(checks: Sequence[Check]) -> Table:
    """Chances that were told against what came: where they agree, the chance can be believed."""

    def cells(label: str | None, ones: Sequence[Check]) -> Cells:
        leads = sorted(one.lead for one in ones)
        told = sum(one.chance for one in ones) / len(ones) if ones else None
        return {
            "band": plain(label),
            "leads": Cell(len(ones), lambda: leads),
            "chance": Cell(told, lambda: leads),
            "win_rate": ratio(sum(one.won for one in ones), len(ones), lambda: leads, "leads"),
        }

    rows = []
    for band in range(_BANDS):
        label = f"{band * 100 // _BANDS}–{(band + 1) * 100 // _BANDS} %"
        ones = [one for one in checks if min(int(one.chance * _BANDS), _BANDS - 1) == band]
        if ones:
            rows.append((label, cells(label, ones)))
    return Table(
        name="calibration",
        columns=(
            Column("band", _("chance"), "text"),
            Column("leads", _("leads"), "count"),
            Column("chance", _("told"), "chance"),
            Column("win_rate", _("win rate"), "rate"),
        ),
        rows=rows,
        totals=cells(None, checks),
        formulas={
            "leads": _("closed leads that were held back and had such a chance"),
            "chance": _("mean of the chances that they had"),
            "win_rate": _("won / (won + lost) of them"),
        },
    )
