"""Prospect lists: how far they are, and what is done with a whole list."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.catalogue import Field, Listing
from tui_crm.cli.commands import (
    N_,
    Argument,
    Choice,
    File,
    Named,
    Option,
    Whole,
    WrongUsage,
    group,
)
from tui_crm.cli.context import Context
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError
from tui_crm.core.text import MOST, _, ngettext, show

if TYPE_CHECKING:
    from tui_crm.core.lists.lists import ProspectListInfo
    from tui_crm.core.session import Session


LISTS = Listing(
    {
        "name": "name",
        "rows": "rows",
        "new": "new",
        "callbacks": "callbacks",
        "retries": "retries",
        "done": "done",
        "leads": "leads",
        "called": "called",
        "reached": "reached",
    },
    Field(N_("list"), "name", give=True),
    Field(N_("rows"), "rows", right=True),
    Field(N_("new"), "new", right=True),
    Field(N_("callbacks"), "callbacks", right=True),
    Field(N_("retries"), "retries", right=True),
    Field(N_("done"), "done", right=True),
    Field(N_("leads"), "leads", right=True),
    Field(N_("called"), "called", right=True),
    Field(N_("reached"), "reached", right=True),
    empty=N_("No prospect list yet: tui-crm import FILE --list NAME"),
)
COLUMNS = Listing(
    {"name": "name", "field": "field"},
    Field(N_("column"), "name", give=True),
    Field(N_("holds"), "field"),
)


@group(
    "lists",
    N_("Prospect lists, and how far each is; the commands act on one, named by its beginning."),
    Option("--all", "archived", flag=True, help=N_("Archived ones too.")),
)
def lists(context: Context, archived: bool) -> None:
    session = context.session()
    from tui_crm.core.lists import lists as prospect_lists

    LISTS.put(context, prospect_lists.lists(session, archived))


def _find(context: Context, name: str) -> tuple[Session, ProspectListInfo]:
    session = context.session()
    from tui_crm.core.lists import lists as prospect_lists

    return session, prospect_lists.find(session, name)


@lists.command(
    "rename",
    N_("Give a list another name."),
    Argument("name", Named("lists")),
    Argument("new"),
)
def rename(context: Context, name: str, new: str) -> None:
    session, info = _find(context, name)
    from tui_crm.core.lists import lists as prospect_lists

    prospect_lists.rename(session, info.id, new)
    output.tell(_("list {was} is now {name}").format(was=show(info.name), name=show(new)))


@lists.command(
    "archive",
    N_("Put a list away; its rows and figures stay."),
    Argument("name", Named("lists")),
    Option("--back", flag=True, help=N_("Bring it back.")),
)
def archive(context: Context, name: str, back: bool) -> None:
    session, info = _find(context, name)
    from tui_crm.core.lists import lists as prospect_lists

    prospect_lists.archive(session, info.id, not back)
    sentence = _("list {name} brought back") if back else _("list {name} archived")
    output.tell(sentence.format(name=show(info.name)))


@lists.command(
    "merge",
    N_(
        "Put all rows of a list into another; the emptied one is archived.\n\n"
        "Of rows with the same phone or e-mail the one worked furthest goes on, the other is "
        "closed "
        "and says so."
    ),
    Argument("name", Named("lists")),
    Option(
        "--into",
        kind=Named("lists"),
        metavar="NAME",
        required=True,
        help=N_("The list that stays."),
    ),
    Option("--dry-run", flag=True, help=N_("Only say what would happen.")),
)
def merge(context: Context, name: str, into: str, dry_run: bool) -> None:
    session, info = _find(context, name)
    _session, target = _find(context, into)
    from tui_crm.core.lists import merge as list_merge

    act = list_merge.merge_preview if dry_run else list_merge.merge
    done = act(session, info.id, target.id)
    if context.json:
        output.put_json(
            {
                "list": info.name,
                "into": target.name,
                "rows": done.rows,
                "duplicates": done.duplicates,
                "closed": done.closed,
                "new_columns": list(done.columns),
                "dry_run": dry_run,
            }
        )
        return
    result = _("{n} rows of {list} into {into}; {twins} are there already, {closed} closed")
    _put_result(
        result.format(
            n=done.rows,
            list=show(info.name),
            into=show(target.name),
            twins=done.duplicates,
            closed=done.closed,
        ),
        dry_run,
    )


@lists.command(
    "split",
    N_(
        "Make the rows that a filter matches a list of their own.\n\n"
        "As in: tui-crm lists split Fair 'sector:laser -city:Bilbao' --as 'Fair laser'"
    ),
    Argument("name", Named("lists")),
    Argument("query"),
    Option("--as", "new", metavar="NAME", required=True, help=N_("The new list.")),
    Option("--dry-run", flag=True, help=N_("Only say what would happen.")),
)
def split(context: Context, name: str, query: str, new: str, dry_run: bool) -> None:
    session, info = _find(context, name)
    from tui_crm.core.lists import edits as list_edits, filter as list_filter

    if dry_run:
        rows = list_filter.count(session, info.id, query)
    else:
        rows = list_edits.split(session, info.id, query, new).rows
    if context.json:
        output.put_json({"list": info.name, "as": new, "rows": rows, "dry_run": dry_run})
        return
    result = ngettext("{n} row of {list}: {name}", "{n} rows of {list}: {name}", rows)
    _put_result(result.format(n=rows, list=show(info.name), name=show(new)), dry_run)


def _put_result(result: str, dry_run: bool) -> None:
    """Print what was done, or with ``--dry-run`` what would be."""
    output.put(_("Would be: {what}.").format(what=result) if dry_run else result)


@lists.command(
    "hand",
    N_('Hand rows that still wait for a call to a rep; "nobody" takes them back.'),
    Argument("name", Named("lists")),
    Argument("rep", Named("users")),
    Option(
        "--query",
        metavar="QUERY",
        default="",
        help=N_("Only the rows that a filter matches: city:Bilbao tries:0"),
    ),
    Option("--next", "count", Whole(1), metavar="N", help=N_("The first N that nobody has.")),
    Option("--dry-run", flag=True, help=N_("Only say what would happen.")),
)
def hand(
    context: Context, name: str, rep: str, query: str, count: int | None, dry_run: bool
) -> None:
    session, info = _find(context, name)
    from tui_crm.core.lists import edits as list_edits

    act = list_edits.hand_preview if dry_run else list_edits.hand
    done = act(session, info.id, query, rep, count)
    if context.json:
        output.put_json(
            {
                "list": info.name,
                "rep": done.name or None,
                "rows": done.rows,
                "others": done.others,
                "dry_run": dry_run,
            }
        )
        return
    result = ngettext("{n} row of {list} for {name}", "{n} rows of {list} for {name}", done.rows)
    rep = show(done.name) or _("anybody")
    _put_result(result.format(n=done.rows, list=show(info.name), name=rep), dry_run)
    if done.others:
        output.tell(
            ngettext(
                "{n} row stays: it is somebody else's.",
                "{n} rows stay: they are somebody else's.",
                done.others,
            ).format(n=done.others)
        )


@lists.command(
    "columns",
    N_("The columns of a list; --add and --rename change them."),
    Argument("name", Named("lists")),
    Option("--add", metavar="COLUMN", help=N_("One more, empty in every row.")),
    Option(
        "--field",
        metavar="FIELD",
        help=N_("What the new one holds: name, company, phone, email, city …"),
    ),
    Option(
        "--rename",
        "renamed",
        words=2,
        metavar="COLUMN NEW",
        help=N_("Its name, in the script too."),
    ),
)
def columns(
    context: Context,
    name: str,
    add: str | None,
    field: str | None,
    renamed: tuple[str, str] | None,
) -> None:
    if field is not None and add is None:
        raise WrongUsage(_("--field goes with --add."))
    session, info = _find(context, name)
    from tui_crm.core.lists import edits as list_edits, lists as prospect_lists

    if renamed is not None:
        list_edits.rename_column(session, info.id, *renamed)
    if add is not None:
        list_edits.add_column(session, info.id, add, field.casefold() if field else None)
    info = prospect_lists.get(session, info.id)
    COLUMNS.put(context, info.columns)


_NAMES = (
    "call_from",
    "call_until",
    "call_days",
    "most_tries",
    "most_per_number",
    "most_per_day",
    "avoid_hour",
    "other_half",
    "new_first",
    "order_by",
    "zone",
    "direction",
)


_UNSET = {"order_by": "list", "direction": "outbound"}
"""What an empty rule means."""


@lists.command(
    "rules",
    N_(
        "How a list is called; without an option it says how.\n\n"
        'An empty text ("") goes back to the workspace\'s.'
    ),
    Argument("name", Named("lists")),
    Option(
        "--from", "call_from", metavar="08:00", help=N_("Not before, on the prospect's own clock.")
    ),
    Option("--until", "call_until", metavar="18:00", help=N_("Not after.")),
    Option("--days", "call_days", metavar="12345", help=N_("1 is Monday.")),
    Option(
        "--tries", "most_tries", Whole(0), help=N_("Most tries of a row; 0: as the outcome says.")
    ),
    Option(
        "--tries-number",
        "most_per_number",
        Whole(0),
        help=N_("Most tries of a number in all lists; 0: no limit."),
    ),
    Option(
        "--tries-day", "most_per_day", Whole(0), help=N_("Most calls of a row a day; 0: no limit.")
    ),
    Option(
        "--avoid-hour/--any-hour",
        "avoid_hour",
        help=N_("Not again in the hour of a try that failed."),
    ),
    Option(
        "--other-half/--any-half",
        "other_half",
        help=N_("Again in the other half of the calling day."),
    ),
    Option("--new-first/--retries-first", "new_first", help=N_("New rows before retries.")),
    Option(
        "--order",
        "order_by",
        Choice("list", "answer", exact=True),
        help=N_("Of the new rows: as in the list, or when people answer."),
    ),
    Option(
        "--zone", metavar="ZONE", help=N_("For rows that say nothing of their own: Europe/Madrid")
    ),
    Option(
        "--direction",
        kind=Choice("inbound", "outbound", "none", exact=True),
        help=N_("Whether its leads came by themselves; default: outbound."),
    ),
)
def rules(context: Context, /, name: str, **given: Any) -> None:
    session, info = _find(context, name)
    from tui_crm.core.calling import list_rules
    from tui_crm.core.lists import lists as prospect_lists

    changes = {rule: value for rule, value in given.items() if value is not None}
    if "order_by" in changes:
        changes["order_by"] = "" if changes["order_by"] == "list" else changes["order_by"]
    if changes:
        list_rules.set_rules(session, info.id, **changes)
        info = prospect_lists.get(session, info.id)
    if context.json:
        output.put_json(
            {"list": info.name}
            | {
                rule: getattr(info, rule) or _UNSET.get(rule, getattr(info, rule))
                for rule in _NAMES
            }
        )
        return
    house = session.house
    yes, no = _("yes"), _("no")
    output.table(
        [Column(_("rule"), give=True), Column(_("is"))],
        [
            (
                _("hours"),
                f"{info.call_from or house.call_from}-{info.call_until or house.call_until}",
            ),
            (_("days"), info.call_days or house.call_days),
            (_("most tries of a row"), info.most_tries or _("as the outcome says")),
            (_("most tries of a number"), info.most_per_number or _("no limit")),
            (_("most calls of a row a day"), info.most_per_day or _("no limit")),
            (_("avoids the hour of a failed try"), yes if info.avoid_hour else no),
            (_("prefers the other half of the day"), yes if info.other_half else no),
            (_("first"), _("new rows") if info.new_first else _("retries")),
            (_("order of new rows"), _("when people answer") if info.order_by else _("the list's")),
            (_("zone"), info.zone or _("the rep's")),
            (_("direction of its leads"), _(info.direction or "outbound")),
        ],
    )


@lists.command(
    "script",
    N_("The script of a list; --file FILE (or - for stdin) sets it, an empty one takes it off."),
    Argument("name", Named("lists")),
    Option(
        "--file",
        "source",
        File(dash=True),
        metavar="FILE",
        help=N_("Its words: {first name} is filled in, [1] no time begins an answer."),
    ),
)
def script(context: Context, name: str, source: str | None) -> None:
    session, info = _find(context, name)
    from tui_crm.core.lists import lists as prospect_lists

    if source is not None:
        prospect_lists.set_script(session, info.id, _words(source))
        info = prospect_lists.get(session, info.id)
        output.tell(_("script of {name}").format(name=show(info.name)))
    if context.json:
        output.put_json({"list": info.name, "script": info.script})
    elif source is None:
        for line in info.script.splitlines():
            output.put(show(line))


def _words(source: str) -> str:
    try:
        if source == "-":
            return sys.stdin.read(MOST + 1)  # which is refused as a whole if there is more
        with open(source, encoding="utf-8-sig") as file:
            return file.read(MOST + 1)
    except (OSError, UnicodeError) as error:
        raise CrmError(
            _("{file} cannot be read: {reason}.").format(
                file=show(source), reason=show(getattr(error, "strerror", None) or str(error))
            ),
            _("Name a text file, or - for stdin."),
        ) from None


COMMANDS = {"lists": lists}
