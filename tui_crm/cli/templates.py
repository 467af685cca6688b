"""Templates of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.cli import output, streams
from tui_crm.cli.catalogue import RETIRED, Catalogue, Field, Listing, retired_word
from tui_crm.cli.commands import LEAD, N_, Argument, LongText, Named, Option
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.cli.context import Context

templates = Catalogue(
    "templates",
    N_("Templates of e-mails, with {first name}, {company}, {my name}; bare it lists them."),
    core="tui_crm.core.setup.templates",
    list_help=N_("All templates, with their language."),
    options=(RETIRED,),
    rows=lambda core, session, retired: [
        row for row in core.all_templates(session.store) if retired or not row.retired
    ],
    listing=Listing(
        {
            "template": "name",
            "language": "language",
            "subject": "subject",
            "text": "body",
            "retired": "retired",
        },
        Field(N_("template"), "name", give=True),
        Field(N_("language"), "language"),
        Field(N_("subject"), "subject", give=True),
        Field("", retired_word),
        empty=N_("There are no templates yet: tui-crm templates add NAME --text TEXT"),
    ),
    title=N_("Templates"),
    names={"name": "label", "rename": "name", "body": "body"},
    asks={"add": ("subject", "body", "language")},
    only_here=("fill",),
)

SUBJECT = Option("--subject", metavar="TEXT", help=N_("The subject, with {fields} to fill in."))
TEXT = Option(
    "--text",
    "body",
    kind=LongText(),
    metavar="TEXT",
    help=N_("The text, with {fields} to fill in; - reads it from stdin."),
)
LANGUAGE = Option("--language", metavar="CODE", help=N_("Like es; default: the workspace's."))
NAME = Argument("name", Named("templates"))

templates.operation(
    "add",
    N_("Add a template."),
    Argument("name"),
    SUBJECT,
    TEXT,
    LANGUAGE,
    call=lambda core, session, name, subject, body, language: core.add(
        session, name, subject or "", streams.text_of(body) or "", language or ""
    ),
    done=N_("template {name}"),
)
templates.operation(
    "edit",
    N_("Change a template: NAME, or “NAME (es)” where there are several."),
    NAME,
    Option("--rename", metavar="TEXT", help=N_("Its new name.")),
    SUBJECT,
    TEXT,
    Option("--language", metavar="CODE", help=N_("Like es.")),
    edits=True,
    call=lambda core, session, name, body, **values: core.edit(
        session, name, body=streams.text_of(body), **values
    ),
    done=lambda name, rename, **_more: _("template {name}").format(name=show(rename or name)),
)
templates.operation(
    "retire",
    N_("No longer offer a template."),
    NAME,
    call=lambda core, session, name: core.retire(session, name),
    done=N_("template {name} retired"),
)
templates.operation(
    "bring-back",
    N_("Offer a retired template again."),
    NAME,
    call=lambda core, session, name: core.bring_back(session, name),
    done=N_("template {name} is back"),
)


@templates.command(
    "fill",
    N_("Print a template, filled in for a lead."),
    NAME,
    Argument("number", LEAD),
    Option("--to", metavar="ADDRESS", help=N_("Whom it is to; default: the first address.")),
    Option("--link", flag=True, help=N_("As a mailto: link.")),
)
def fill(context: Context, name: str, number: int, to: str | None, link: bool) -> int:
    """Print the message; 1 when something in it could not be filled in, which is told."""
    from tui_crm.core.errors import NotFound
    from tui_crm.core.leads import letters, views
    from tui_crm.core.mail import LINK
    from tui_crm.core.setup import templates as core

    session = context.session()
    lead = views.one(session, number)
    template = core.find(session.store, name, letters.language(session, lead))
    known = letters.recipients(lead.people)
    if to is not None:
        known = [one for one in known if one.address.casefold() == to.casefold()]
        if not known:
            raise NotFound(
                _("#{n} has nobody with {address}.").format(n=number, address=show(to)),
                _("Leave --to out for the first address."),
            )
    letter = letters.write(template, known[0], letters.values(session, lead, known[0]))
    address = letter.mail.link()
    if context.json:
        output.put_json(
            {
                "to": letter.mail.to,
                "name": letter.mail.name,
                "subject": letter.mail.subject,
                "text": letter.mail.body,
                "link": address,
                "empty": list(letter.empty),
                "unknown": list(letter.unknown),
            }
        )
    else:
        output.put(address if link else show(letter.mail.text, single_line=False))
        for field in letter.empty:
            output.tell(_("{field} is empty.").format(field=show(f"{{{field}}}")))
        for field in letter.unknown:
            output.tell(_("{field} is no field.").format(field=show(f"{{{field}}}")))
        if link and len(address) > LINK:
            output.tell(_too_long(len(address)))
    return 1 if letter.empty or letter.unknown else 0


def _too_long(length: int) -> str:
    from tui_crm.core.mail import LINK

    return _(
        "The link has {n} characters; many programs cut it after {most}: paste the text instead."
    ).format(n=f"{length:,}", most=f"{LINK:,}")


COMMANDS = {"templates": templates}
