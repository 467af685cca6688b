"""Prospect lists: how far they are, and what is done with a whole list."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Group, Option, context_of
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, ngettext, show

if TYPE_CHECKING:
    from tui_crm.core.lists.lists import ProspectListInfo
    from tui_crm.core.session import Session


@click.group(
    "lists",
    cls=Group,
    help=N_(
        "Prospect lists, and how far each is; the commands act on one, named by its beginning."
    ),
)
@click.option("--all", "archived", is_flag=True, cls=Option, help=N_("Archived ones too."))
@click.pass_context
def lists(ctx: click.Context, archived: bool) -> None:
    if ctx.invoked_subcommand is not None:
        return
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.lists import lists as prospect_lists

    rows = prospect_lists.lists(session, archived)
    if here.json:
        output.put_json_rows(
            {
                "name": r.name,
                "rows": r.rows,
                "new": r.new,
                "callbacks": r.callbacks,
                "retries": r.retries,
                "done": r.done,
                "leads": r.leads,
                "called": r.called,
                "reached": r.reached,
            }
            for r in rows
        )
        return
    if not rows:
        output.tell(_("No prospect list yet: tui-crm import FILE --list NAME"))
        return
    heads = (
        _("rows"),
        _("new"),
        _("callbacks"),
        _("retries"),
        _("done"),
        _("leads"),
        _("called"),
        _("reached"),
    )
    output.table(
        [Column(_("list"), give=True), *(Column(head, right=True) for head in heads)],
        [
            (r.name, r.rows, r.new, r.callbacks, r.retries, r.done, r.leads, r.called, r.reached)
            for r in rows
        ],
    )


def _of(ctx: click.Context, name: str) -> tuple[Session, ProspectListInfo]:
    session = context_of(ctx).session()
    from tui_crm.core.lists import lists as prospect_lists

    return session, prospect_lists.find(session, name)


@lists.command("rename", cls=Command, help=N_("Give a list another name."))
@click.argument("name")
@click.argument("new")
@click.pass_context
def rename(ctx: click.Context, name: str, new: str) -> None:
    session, info = _of(ctx, name)
    from tui_crm.core.lists import lists as prospect_lists

    prospect_lists.rename(session, info.id, new)
    output.tell(_("list {was} is now {name}").format(was=show(info.name), name=show(new)))


@lists.command("archive", cls=Command, help=N_("Put a list away; its rows and figures stay."))
@click.argument("name")
@click.option("--back", is_flag=True, cls=Option, help=N_("Bring it back."))
@click.pass_context
def archive(ctx: click.Context, name: str, back: bool) -> None:
    session, info = _of(ctx, name)
    from tui_crm.core.lists import lists as prospect_lists

    prospect_lists.archive(session, info.id, not back)
    said = _("list {name} brought back") if back else _("list {name} archived")
    output.tell(said.format(name=show(info.name)))


@lists.command(
    "merge",
    cls=Command,
    help=N_(
        "Put all rows of a list into another; the emptied one is archived.\n\n"
        "Of rows with the same phone or e-mail the one worked furthest goes on, the other is "
        "closed "
        "and says so."
    ),
)
@click.argument("name")
@click.option("--into", required=True, cls=Option, metavar="NAME", help=N_("The list that stays."))
@click.option("--dry-run", is_flag=True, cls=Option, help=N_("Only say what would happen."))
@click.pass_context
def merge(ctx: click.Context, name: str, into: str, dry_run: bool) -> None:
    session, info = _of(ctx, name)
    _session, target = _of(ctx, into)
    from tui_crm.core.lists import merge as list_merge

    act = list_merge.merge_preview if dry_run else list_merge.merge
    done = act(session, info.id, target.id)
    if context_of(ctx).json:
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
    said = _("{n} rows of {list} into {into}; {twins} are there already, {closed} closed")
    _put(
        said.format(
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
    cls=Command,
    help=N_(
        "Make the rows that a filter matches a list of their own.\n\n"
        "As in: tui-crm lists split Fair 'sector:laser -city:Bilbao' --as 'Fair laser'"
    ),
)
@click.argument("name")
@click.argument("query")
@click.option("--as", "new", required=True, cls=Option, metavar="NAME", help=N_("The new list."))
@click.option("--dry-run", is_flag=True, cls=Option, help=N_("Only say what would happen."))
@click.pass_context
def split(ctx: click.Context, name: str, query: str, new: str, dry_run: bool) -> None:
    session, info = _of(ctx, name)
    from tui_crm.core.lists import edits as list_edits, filter as list_filter

    if dry_run:
        rows = list_filter.count(session, info.id, query)
    else:
        rows = list_edits.split(session, info.id, query, new).rows
    if context_of(ctx).json:
        output.put_json({"list": info.name, "as": new, "rows": rows, "dry_run": dry_run})
        return
    said = ngettext("{n} row of {list}: {name}", "{n} rows of {list}: {name}", rows)
    _put(said.format(n=rows, list=show(info.name), name=show(new)), dry_run)


def _put(said: str, dry_run: bool) -> None:
    """What was done, or what would be."""
    output.put(_("Would be: {what}.").format(what=said) if dry_run else said)


@lists.command(
    "hand",
    cls=Command,
    help=N_('Hand rows that still wait for a call to a rep; "nobody" takes them back.'),
)
@click.argument("name")
@click.argument("rep")
@click.option(
    "--query",
    cls=Option,
    metavar="QUERY",
    default="",
    help=N_("Only the rows that a filter matches: city:Bilbao tries:0"),
)
@click.option(
    "--next",
    "count",
    cls=Option,
    metavar="N",
    type=click.IntRange(1),
    help=N_("The first N that nobody has."),
)
@click.option("--dry-run", is_flag=True, cls=Option, help=N_("Only say what would happen."))
@click.pass_context
def hand(
    ctx: click.Context, name: str, rep: str, query: str, count: int | None, dry_run: bool
) -> None:
    session, info = _of(ctx, name)
    from tui_crm.core.lists import edits as list_edits

    act = list_edits.hand_preview if dry_run else list_edits.hand
    done = act(session, info.id, query, rep, count)
    if context_of(ctx).json:
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
    said = ngettext("{n} row of {list} for {name}", "{n} rows of {list} for {name}", done.rows)
    whom = show(done.name) or _("anybody")
    _put(said.format(n=done.rows, list=show(info.name), name=whom), dry_run)
    if done.others:
        output.tell(
            ngettext(
                "{n} row stays: it is somebody else's.",
                "{n} rows stay: they are somebody else's.",
                done.others,
            ).format(n=done.others)
        )


@lists.command(
    "columns", cls=Command, help=N_("The columns of a list; --add and --rename change them.")
)
@click.argument("name")
@click.option("--add", cls=Option, metavar="COLUMN", help=N_("One more, empty in every row."))
@click.option(
    "--field",
    cls=Option,
    metavar="FIELD",
    help=N_("What the new one holds: name, company, phone, email, city …"),
)
@click.option(
    "--rename",
    "renamed",
    cls=Option,
    nargs=2,
    metavar="COLUMN NEW",
    help=N_("Its name, in the script too."),
)
@click.pass_context
def columns(
    ctx: click.Context,
    name: str,
    add: str | None,
    field: str | None,
    renamed: tuple[str, str] | None,
) -> None:
    if field is not None and add is None:
        raise click.UsageError(_("--field goes with --add."), ctx)
    session, info = _of(ctx, name)
    from tui_crm.core.lists import edits as list_edits, lists as prospect_lists

    if renamed is not None:
        list_edits.rename_column(session, info.id, *renamed)
    if add is not None:
        list_edits.add_column(session, info.id, add, field.casefold() if field else None)
    info = prospect_lists.get(session, info.id)
    if context_of(ctx).json:
        output.put_json_rows({"name": c.name, "field": c.field} for c in info.columns)
        return
    output.table(
        [Column(_("column"), give=True), Column(_("holds"))],
        [(c.name, c.field or "") for c in info.columns],
    )


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
)


@lists.command(
    "rules",
    cls=Command,
    help=N_(
        "How a list is called; without an option it says how.\n\n"
        'An empty text ("") goes back to the workspace\'s.'
    ),
)
@click.argument("name")
@click.option(
    "--from",
    "call_from",
    cls=Option,
    metavar="08:00",
    help=N_("Not before, on the prospect's own clock."),
)
@click.option("--until", "call_until", cls=Option, metavar="18:00", help=N_("Not after."))
@click.option("--days", "call_days", cls=Option, metavar="12345", help=N_("1 is Monday."))
@click.option(
    "--tries",
    "most_tries",
    cls=Option,
    type=click.IntRange(0),
    help=N_("Most tries of a row; 0: as the outcome says."),
)
@click.option(
    "--tries-number",
    "most_per_number",
    cls=Option,
    type=click.IntRange(0),
    help=N_("Most tries of a number in all lists; 0: no limit."),
)
@click.option(
    "--tries-day",
    "most_per_day",
    cls=Option,
    type=click.IntRange(0),
    help=N_("Most calls of a row a day; 0: no limit."),
)
@click.option(
    "--avoid-hour/--any-hour",
    "avoid_hour",
    default=None,
    cls=Option,
    help=N_("Not again in the hour of a try that failed."),
)
@click.option(
    "--other-half/--any-half",
    "other_half",
    default=None,
    cls=Option,
    help=N_("Again in the other half of the calling day."),
)
@click.option(
    "--new-first/--retries-first",
    "new_first",
    default=None,
    cls=Option,
    help=N_("New rows before retries."),
)
@click.option(
    "--order",
    "order_by",
    cls=Option,
    type=click.Choice(("list", "answer")),
    help=N_("Of the new rows: as in the list, or when people answer."),
)
@click.option(
    "--zone",
    cls=Option,
    metavar="ZONE",
    help=N_("For rows that say nothing of their own: Europe/Madrid"),
)
@click.pass_context
def rules(ctx: click.Context, /, name: str, **given: Any) -> None:
    session, info = _of(ctx, name)
    from tui_crm.core.calling import list_rules
    from tui_crm.core.lists import lists as prospect_lists

    changes = {rule: value for rule, value in given.items() if value is not None}
    if "order_by" in changes:
        changes["order_by"] = "" if changes["order_by"] == "list" else changes["order_by"]
    if changes:
        list_rules.set_rules(session, info.id, **changes)
        info = prospect_lists.get(session, info.id)
    if context_of(ctx).json:
        output.put_json(
            {"list": info.name}
            | {
                rule: getattr(info, rule) or ("list" if rule == "order_by" else getattr(info, rule))
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
        ],
    )


@lists.command(
    "script",
    cls=Command,
    help=N_(
        "The script of a list; --file FILE (or - for stdin) sets it, an empty one takes it off."
    ),
)
@click.argument("name")
@click.option(
    "--file",
    "source",
    cls=Option,
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help=N_("Its words: {first name} is filled in, [1] no time begins an answer."),
)
@click.pass_context
def script(ctx: click.Context, name: str, source: str | None) -> None:
    session, info = _of(ctx, name)
    from tui_crm.core.lists import lists as prospect_lists

    if source is not None:
        prospect_lists.set_script(session, info.id, _words(source))
        info = prospect_lists.get(session, info.id)
        output.tell(_("script of {name}").format(name=show(info.name)))
    if context_of(ctx).json:
        output.put_json({"list": info.name, "script": info.script})
    elif source is None:
        for line in info.script.splitlines():
            output.put(show(line))


def _words(source: str) -> str:
    try:
        if source == "-":
            return sys.stdin.read()
        with open(source, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeError) as error:
        raise CrmError(
            _("{file} cannot be read: {reason}.").format(
                file=show(source), reason=show(getattr(error, "strerror", None) or str(error))
            ),
            _("Name a text file, or - for stdin."),
        ) from None


COMMANDS = {"lists": lists}
