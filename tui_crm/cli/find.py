"""``tui-crm find``: one search over leads, clients, people, every row of every list, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.commands import N_, Argument, Option, Whole, WrongUsage, command
from tui_crm.cli.context import Context
from tui_crm.cli.output import Column
from tui_crm.core.text import _, ngettext

if TYPE_CHECKING:
    from tui_crm.core.search import Hit
    from tui_crm.core.session import Session

MOST = 50


@command(
    "find",
    N_(
        "Leads, clients, people, every row of every prospect list (done and blocked ones too) and "
        "notes, best first.\n\n"
        "Every one of the WORDS must begin a word there; case and accents do not count. A phone is "
        "found by six of its last digits or more, however it is written; #1042 is the lead of that "
        "number. Put -- before a word that begins with -."
    ),
    Argument("words", many=True, required=True),
    Option("--limit", kind=Whole(1, 1000), metavar="N", help=N_("At most so many (50).")),
)
def find(context: Context, words: tuple[str, ...], limit: int | None) -> None:
    text = " ".join(words).strip()
    if not text:
        raise WrongUsage(_("Say what to find: tui-crm find 600 100 200"))
    session = context.session()
    from tui_crm.core import search

    most = limit or MOST
    hits = search.find(session, text, most + 1)
    more, hits = len(hits) > most, hits[:most]
    if context.json:
        output.put_json_rows(_as_json(session, hit) for hit in hits)
    elif hits:
        columns = [
            Column("", most=8),
            Column("", give=True, most=30),
            Column("", give=True, most=44),
            Column("", most=10),
            Column("", give=True, most=60),
        ]
        output.table(columns, [_row(session, hit) for hit in hits], head=False)
    if not hits:
        output.tell(_("Nothing is found for {words}.").format(words=text))
    elif more:
        words_of_more = ngettext(
            "There is more than {n}: type more of it.", "There are more than {n}: type more.", most
        )
        output.tell(words_of_more.format(n=most))


def _as_json(session: Session, hit: Hit) -> dict[str, Any]:
    blocked = None
    if hit.blocked is not None:
        at = datetime.fromtimestamp(hit.blocked.at, session.zone)
        blocked = {
            "match": hit.blocked.match,
            "by": hit.blocked.who,
            "at": at.isoformat(),
            "words": hit.blocked.words,
        }
    return {
        "kind": hit.kind,
        "number": hit.number,
        "list": hit.list_name or (hit.title if hit.kind == "list" else None),
        "line": hit.line,
        "title": hit.title,
        "match": hit.match or hit.name,
        "state": hit.state or None,
        "owner": hit.owner or None,
        "blocked": blocked,
    }


def _row(session: Session, hit: Hit) -> Sequence[str]:
    from tui_crm.core import search

    place = f"#{hit.number}" if hit.number and hit.kind != "prospect" else ""
    if hit.kind == "prospect":
        place = _("{list}, line {line}").format(list=hit.list_name, line=hit.line)
    found = hit.match or (hit.name if hit.name != hit.title else "")
    if hit.blocked is not None:
        words = search.block_words(session, hit.blocked)
        found = ", ".join(filter(None, (found, _("do not call: {words}").format(words=words))))
    return (search.kind_word(hit.kind), place, hit.title, search.state_word(hit.state), found)


COMMANDS = {"find": find}
