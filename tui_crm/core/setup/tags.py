"""Tags: free words, and the predefined ones of a category."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, all_rows
from tui_crm.core.store.tables import LeadTag, Tag, TagCategory
from tui_crm.core.text import _, clean, fold

COLOURS = ("blue", "teal", "sand", "mauve")
"""The muted colours that a category can have; red, amber and green mean something already."""


@dataclass(frozen=True)
class TagRow:
    """A tag, its category, the direction of its leads (``inbound``, ``outbound`` or nothing) and
    how many leads have it."""

    id: int
    name: str
    category: str | None
    direction: str
    leads: int
    retired: bool


@dataclass(frozen=True)
class CategoryRow:
    """A tag category; a mandatory one wants one of its tags on every lead."""

    id: int
    name: str
    mandatory: bool
    tags: tuple[str, ...]
    letter: str = ""
    colour: str = ""


def split_tags(cell: str) -> list[str]:
    """The tags in a cell. Google's own groups (``* myContacts``) are none."""
    names = (" ".join(part.split()).lstrip("#") for part in re.split(r"[,;|\n]|:::", cell))
    return [name for name in names if fold(name) and not name.startswith("*")]


def put(w: Write, lead_id: int, name: str) -> bool:
    """Put a tag on a lead, made when it is new; whether it was not there already. One that is
    there is confirmed: whoever put it there first does not take it back from under this one."""
    tag_id = find_or_make(w, name)
    there = w.store.value(
        "SELECT id FROM lead_tags WHERE lead_id = ? AND tag_id = ?", (lead_id, tag_id)
    )
    if there is not None:
        w.confirm(LeadTag, there, lead_id=lead_id, tag_id=tag_id)
        return False
    w.insert(LeadTag, lead_id=lead_id, tag_id=tag_id)
    return True


DIRECTIONS = ("inbound", "outbound", "none")
"""Whether a lead came by itself or was looked for; ``none``: no saying."""


def read_direction(word: str) -> str:
    """The stored direction of a word of :data:`DIRECTIONS`: nothing for ``none``. Raises
    CrmError."""
    word = fold(word)
    if word not in ("", *DIRECTIONS):
        raise CrmError(
            _("“{word}” is no direction.").format(word=clean(word, single_line=True)),
            _("Directions are: {names}.").format(names=", ".join(DIRECTIONS)),
        )
    return "" if word == "none" else word


def find_or_make(w: Write, name: str) -> int:
    """The tag of that name, made when there is none; a retired one comes back."""
    name = " ".join(clean(name, single_line=True).split()).lstrip("#")
    if not fold(name):
        raise CrmError(_("A tag needs a word."))
    tag_id = w.store.value("SELECT id FROM tags WHERE match = ?", (fold(name),))
    if tag_id is None:
        return w.insert(Tag, name=name, match=fold(name))
    w.update(Tag, tag_id, retired=0)
    return int(tag_id)


# -- operations -----------------------------------------------------------------------------------


@operation("tags.change")
def change(w: Write, lead_id: int, text: str) -> None:
    """Tag a lead from one line: ``hot relaunch`` adds, ``-hot`` takes off."""
    words = text.replace(",", " ").split()
    if not words:
        raise CrmError(_("Type tags to add, -tag takes one off."))
    w.lock_lead(lead_id)
    changed = []
    for word in words:
        if word.startswith("-") and len(word) > 1:
            found = w.store.value(
                "SELECT lead_tags.id FROM lead_tags JOIN tags ON tags.id = tag_id"
                " WHERE lead_id = ? AND match = ?",
                (lead_id, fold(word[1:].lstrip("#"))),
            )
            if found is None:
                raise NotFound(
                    _("There is no tag {name} on this lead.").format(
                        name=clean(word[1:], single_line=True)
                    )
                )
            w.delete(LeadTag, found)
        else:
            put(w, lead_id, word)
        changed.append(word)
    w.describe(_("tags: {words}").format(words=" ".join(changed)), lead_id=lead_id)


@operation("tags.add")
def add(w: Write, name: str, category: str = "", direction: str = "") -> int:
    """Define a tag, in a category (made when it is new) or free; its row number. ``direction``
    says whether leads with it came by themselves (``inbound``) or were looked for
    (``outbound``)."""
    number = find_or_make(w, name)
    if category:
        w.update(Tag, number, category_id=_category(w, category))
    if direction:
        w.update(Tag, number, direction=read_direction(direction))
    w.describe(_("tag {name}").format(name=name))
    return number


@operation("tags.edit")
def edit(
    w: Write,
    name: str,
    new_name: str = "",
    category: str | None = None,
    direction: str | None = None,
) -> None:
    """Rename a tag everywhere, move it to another category (``""``: to none), or say the direction
    of its leads (``none``: it says nothing)."""
    row = _find(w, name)
    if new_name:
        if fold(new_name) != fold(name) and w.store.value(
            "SELECT id FROM tags WHERE match = ?", (fold(new_name),)
        ):
            raise CrmError(_("There is a tag {name} already.").format(name=new_name))
        w.update(Tag, row, name=clean(new_name, single_line=True), match=fold(new_name))
    if category is not None:
        w.update(Tag, row, category_id=_category(w, category) if category else None)
    if direction is not None:
        w.update(Tag, row, direction=read_direction(direction))
    w.describe(_("tag {name}").format(name=new_name or name))


@operation("tags.retire")
def retire(w: Write, name: str) -> None:
    """No longer offer a tag; leads keep it."""
    w.update(Tag, _find(w, name), retired=1)
    w.describe(_("tag {name} retired").format(name=name))


@operation("tags.set_category")
def set_category(
    w: Write,
    name: str,
    mandatory: bool | None = None,
    letter: str | None = None,
    colour: str | None = None,
) -> None:
    """Make a category, or change whether it is mandatory, the letter that stands for it, or its
    colour (of :data:`COLOURS`, "" for none)."""
    values: dict[str, object] = {}
    if mandatory is not None:
        values["mandatory"] = int(mandatory)
    if letter is not None:
        letter = clean(letter, single_line=True).strip()
        if len(letter) > 1:
            raise CrmError(_("One letter stands for a category."), _("For instance S for Sector"))
        values["letter"] = letter
    if colour is not None:
        if colour not in ("", *COLOURS):
            raise CrmError(
                _("There is no such colour."),
                _("One of: {names}.").format(names=", ".join(COLOURS)),
            )
        values["colour"] = colour
    number = _category(w, name)
    if values:
        w.update(TagCategory, number, **values)
    w.describe(_("tag category {name}").format(name=name))


def _find(w: Write, name: str) -> int:
    found = w.store.value("SELECT id FROM tags WHERE match = ?", (fold(name),))
    if found is None:
        raise NotFound(_("There is no tag {name}.").format(name=clean(name, single_line=True)))
    return int(found)


def _category(w: Write, name: str) -> int:
    name = " ".join(clean(name, single_line=True).split())
    for number, known in w.store.rows("SELECT id, name FROM tag_categories"):
        if fold(known) == fold(name):
            return int(number)
    return w.insert(TagCategory, name=name)


# -- views ----------------------------------------------------------------------------------------


def of(store: Store, leads: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The tags of these leads, by lead number."""
    return store.fetch(names_query(leads)) if leads else {}


def names_query(leads: Sequence[int]) -> Query[dict[int, tuple[str, ...]]]:
    """The query of :func:`of`."""
    return marks_query(leads).map(
        lambda found: {lead: tuple(one.name for one in marks) for lead, marks in found.items()}
    )


class TagMark(NamedTuple):
    """A tag of a lead with the letter and the colour of its category, "" without."""

    name: str
    letter: str
    colour: str


def marks_query(leads: Sequence[int]) -> Query[dict[int, tuple[TagMark, ...]]]:
    """The tags of these leads with the marks of their categories, by lead number."""

    def by_lead(rows: list[tuple[int, str, str, str]]) -> dict[int, tuple[TagMark, ...]]:
        found: dict[int, list[TagMark]] = {}
        for lead, *mark in rows:
            found.setdefault(lead, []).append(TagMark(*mark))
        return {lead: tuple(marks) for lead, marks in found.items()}

    return all_rows(
        "SELECT lead_id, tags.name, COALESCE(letter, ''), COALESCE(colour, '') FROM lead_tags"
        " JOIN tags ON tags.id = tag_id"
        " LEFT JOIN tag_categories ON tag_categories.id = category_id"
        f" WHERE lead_id IN ({', '.join('?' * len(leads))}) ORDER BY lead_tags.id",
        leads,
    ).map(by_lead)


def all_tags(store: Store, retired: bool = False) -> list[TagRow]:
    """Every tag, the most used first."""
    return store.read(
        TagRow,
        "SELECT tags.id, tags.name, tag_categories.name, tags.direction, COUNT(lead_tags.id),"
        " tags.retired"
        " FROM tags LEFT JOIN tag_categories ON tag_categories.id = category_id"
        " LEFT JOIN lead_tags ON tag_id = tags.id"
        + ("" if retired else " WHERE tags.retired = 0")
        + " GROUP BY tags.id, tags.name, tag_categories.name, tags.direction, tags.retired"
        " ORDER BY COUNT(lead_tags.id) DESC, tags.name",
    )


def categories(store: Store) -> list[CategoryRow]:
    """The tag categories with their tags."""
    names: dict[int, list[str]] = {}
    for category, name in store.rows(
        "SELECT category_id, name FROM tags WHERE category_id IS NOT NULL AND retired = 0"
        " ORDER BY id"
    ):
        names.setdefault(category, []).append(name)
    return [
        CategoryRow(number, name, bool(mandatory), tuple(names.get(number, ())), letter, colour)
        for number, name, mandatory, letter, colour in store.rows(
            "SELECT id, name, mandatory, letter, colour FROM tag_categories"
            " WHERE retired = 0 ORDER BY position, id"
        )
    ]


def lacking(store: Store, lead_id: int) -> list[CategoryRow]:
    """The mandatory categories, with a tag to choose, of which a lead has none."""
    found: dict[int, CategoryRow] = {}
    for number, name, letter, colour, tag in store.rows(
        "SELECT own.id, own.name, letter, colour, tags.name FROM tag_categories AS own"
        " JOIN tags ON tags.category_id = own.id AND tags.retired = 0"
        " WHERE own.mandatory = 1 AND own.retired = 0 AND NOT EXISTS (SELECT 1 FROM lead_tags"
        " JOIN tags AS has ON has.id = lead_tags.tag_id"
        " WHERE lead_tags.lead_id = ? AND has.category_id = own.id)"
        " ORDER BY own.position, own.id, tags.id",
        (lead_id,),
    ):
        before = found[number].tags if number in found else ()
        found[number] = CategoryRow(number, name, True, (*before, tag), letter, colour)
    return list(found.values())
