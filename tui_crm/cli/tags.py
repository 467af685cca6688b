"""Tags and their categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.catalogue import RETIRED, Catalogue, Field, Listing, retired_word
from tui_crm.cli.commands import N_, Argument, Choice, Named, Option, Word
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.session import Session


DIRECTION = Choice("inbound", "outbound", "none", exact=True)


def _tell_categories(tags: Any, session: Session) -> None:
    """The categories that the table of tags does not show as they are."""
    for category in tags.categories(session.store):
        if category.letter or category.colour:
            parts = [category.letter, _(category.colour) if category.colour else ""]
            words = ", ".join(part for part in parts if part)
            output.tell(_("category {name}: {words}").format(name=show(category.name), words=words))
        if category.mandatory or not category.tags:
            output.tell(
                (
                    _("category {name}: mandatory")
                    if category.mandatory
                    else _("category {name}: no tags yet")
                ).format(name=show(category.name))
            )


tags = Catalogue(
    "tags",
    N_("Tags and their categories; bare it lists them."),
    core="tui_crm.core.setup.tags",
    list_help=N_("All tags, the most used first."),
    options=(RETIRED,),
    rows=lambda tags, session, retired: tags.all_tags(session.store, retired),
    listing=Listing(
        {
            "tag": "name",
            "category": "category",
            "direction": lambda row, _session: row.direction or None,
            "leads": "leads",
            "retired": "retired",
        },
        Field(N_("tag"), "name", give=True),
        Field(N_("category"), "category", give=True),
        Field("", lambda row, _session: _(row.direction) if row.direction else ""),
        Field(N_("leads"), "leads", right=True),
        Field("", retired_word),
    ),
    after=_tell_categories,
    title=N_("Tags and categories"),
    names={"rename": "name", "category.name": "category", "add.category": "category"},
    asks={"add": ("category",)},
)

tags.operation(
    "add",
    N_("Define a tag, free or in a category."),
    Argument("name"),
    Option("--category", metavar="NAME", default="", help=N_("Made when it is new.")),
    Option(
        "--direction",
        kind=DIRECTION,
        default="",
        help=N_("Whether leads with it came by themselves or were looked for."),
    ),
    call=lambda tags, session, name, category, direction: tags.add(
        session, name, category, direction
    ),
    done=N_("tag {name}"),
)
tags.operation(
    "edit",
    N_("Rename a tag everywhere, or move it."),
    Argument("name", Named("tags")),
    Option("--rename", metavar="TEXT", default="", help=N_("Its new name.")),
    Option("--category", metavar="NAME", help=N_('"" takes it out.')),
    Option("--direction", kind=DIRECTION, help=N_("none: it says nothing.")),
    edits=True,
    call=lambda tags, session, name, rename, category, direction: tags.edit(
        session, name, rename, category, direction
    ),
    done=lambda name, rename, **_others: _("tag {name}").format(name=show(rename or name)),
)
tags.operation(
    "retire",
    N_("No longer offer a tag; leads keep it."),
    Argument("name", Named("tags")),
    call=lambda tags, session, name: tags.retire(session, name),
    done=N_("tag {name} retired"),
)
tags.operation(
    "bring-back",
    N_("Offer a retired tag again."),
    Argument("name", Named("tags")),
    call=lambda tags, session, name: tags.add(session, name),
    done=N_("tag {name} is back"),
)
tags.operation(
    "category",
    N_("Make a category, or say whether every lead needs one of its tags."),
    Argument("name", Named("tags")),
    Option("--mandatory/--optional", default=None, help=N_("Every lead needs one.")),
    Option("--letter", metavar="L", help=N_("Stands for it in lists.")),
    Option(
        "--colour",
        kind=Word("", "blue", "teal", "sand", "mauve"),
        metavar="NAME",
        help=N_("blue, teal, sand or mauve."),
    ),
    call=lambda tags, session, name, **values: tags.set_category(session, name, **values),
    done=N_("tag category {name}"),
)

COMMANDS = {"tags": tags}
