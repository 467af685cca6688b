"""The pane about a prospect list: where its rows stand, its rules, its script. Pure functions."""

from __future__ import annotations

from tui_crm.core.calling.counts import RowCounts
from tui_crm.core.dates.labels import weekdays_words
from tui_crm.core.lists.lists import ListRow, ProspectListInfo
from tui_crm.core.session import House
from tui_crm.core.text import _
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    cell,
    clip,
    hanging,
    make,
    paragraph,
    section,
)


def list_lines(
    row: ListRow, info: ProspectListInfo, tally: RowCounts | None, house: House, width: int
) -> list[Line]:
    """All there is to show about a list, in ``width`` cells."""
    done = f"{row.worked:,}/{row.rows:,}"
    head = make((done, "strong"), (f"  {_('from')} {row.source}" if row.source else "", "dim"))
    lines: list[Line] = [
        clip(make((row.name, "strong")), width),
        clip((*bars.progress_bar(row.worked, row.rows, 14), Run(" ", "text"), *head), width),
        EMPTY,
    ]
    if tally is not None:
        lines += [section(_("Rows"), width), *_count_lines(tally), EMPTY]
    lines.append(section(_("Rules"), width))
    for name, value in _rules(info, house):
        lines += hanging((cell(name, 8, "dim"),), value, width)
    lines += [EMPTY, section(_("Script"), width)]
    lines += paragraph(info.script, width) or [
        make((_("none yet;"), "dim"), ("  i", "key"), (f" {_('writes one')}", "dim"))
    ]
    return lines


def _count_lines(tally: RowCounts) -> list[Line]:
    counts: list[tuple[int, str, str]] = [
        (tally.callable_now, _("may be called now"), "strong"),
        (tally.later, _("wait for their moment"), "text"),
        (tally.done, _("done"), "text"),
        (tally.leads, _("became leads"), "won"),
        *((hidden.count, hidden.words, "text") for hidden in tally.hidden),
    ]
    return [
        make((f"{n:>7,}  ", token if n else "dim"), (words, "dim")) for n, words, token in counts
    ]


def _rules(info: ProspectListInfo, house: House) -> list[tuple[str, str]]:
    """The rules of a list as (name, words)."""
    hours = f"{info.call_from or house.call_from} - {info.call_until or house.call_until}"
    tries = [str(info.most_tries) if info.most_tries else _("as the outcome says")]
    if info.most_per_number:
        tries.append(_("{n} a number").format(n=info.most_per_number))
    if info.most_per_day:
        tries.append(_("{n} a day").format(n=info.most_per_day))
    first = _("new rows") if info.new_first else _("callbacks, retries, then new rows")
    rules = [
        (_("hours"), f"{hours}, {_('on their clock')}"),
        (_("days"), weekdays_words(info.call_days or house.call_days)),
        (_("first"), first + (f"; {_('new when people answer')}" if info.order_by else "")),
        (_("tries"), ", ".join(tries)),
    ]
    if info.avoid_hour or info.other_half:
        rules.append((_("again"), retry_time_words(info.avoid_hour, info.other_half)))
    if info.zone:
        rules.append((_("zone"), info.zone))
    return rules


def retry_time_words(avoid_hour: bool, other_half: bool) -> str:
    """At what time of day a row comes back after a try that failed."""
    return {
        (False, False): _("at any hour"),
        (True, False): _("at another hour"),
        (False, True): _("other half of the day"),
        (True, True): _("other half and hour"),
    }[avoid_hour, other_half]
