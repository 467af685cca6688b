"""The kinds of action of a workspace: calls, e-mails, meetings, visits, messages, notes, and those
of its own, each with the letter that logs it and whether it counts as a touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.store.tables import Kind
from tui_crm.core.text import _, clean, fold

BUILT_IN = ("call", "email", "meeting", "visit", "message", "note")
"""The kinds that every workspace has; what the program knows of them goes by their names."""
TAKEN = "q"  # leaves the menus where the letters choose


@dataclass(frozen=True)
class KindRow:
    """A kind of action: its name, which is what its actions have; the letter that goes to it in the
    menu of outcomes; whether it counts as a ``touch`` (completes next actions, is counted), and
    whether it is done only when somebody was ``spoken`` to."""

    name: str
    letter: str
    touch: bool
    retired: bool
    id: int = 0

    @property
    def built_in(self) -> bool:
        return self.name in BUILT_IN


def all_kinds(store: Store) -> list[KindRow]:
    """Every kind in its order, retired ones last."""
    return store.fetch(kinds_query())


def kinds_query() -> Query[list[KindRow]]:
    """The query of :func:`all_kinds`."""
    return typed_rows(
        KindRow,
        "SELECT name, letter, touch, retired, id FROM kinds ORDER BY retired, position, id",
        (),
    )


def offered(store: Store) -> list[KindRow]:
    """The kinds that are not retired."""
    return [kind for kind in all_kinds(store) if not kind.retired]


def find(store: Store, text: str, retired: bool = False) -> KindRow:
    """The kind of a name, or its unmistakable beginning; of the ``retired`` ones when it says so.
    Raises NotFound naming those there are."""
    known = [kind for kind in all_kinds(store) if kind.retired is retired]
    wanted = _same(text)
    found = [k for k in known if wanted in (_same(k.name), _same(_(k.name)))]
    found = found or [k for k in known if wanted and _same(k.name).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    raise NotFound(
        _("{kind} is no kind of action.").format(kind=clean(text, single_line=True)),
        _("Kinds are: {names}.").format(names=", ".join(k.name for k in known)),
    )


def own_words(store: Store) -> dict[str, str]:
    """The workspace's own kinds by the words that a typed next action names them with."""
    return {kind.name: kind.name for kind in offered(store) if not kind.built_in}


def _same(text: str) -> str:
    return fold(text).replace("-", "")


# -- operations -----------------------------------------------------------------------------------


@operation("kinds.add")
def add(w: Write, name: str, letter: str = "", touch: bool = True) -> int:
    """Define a kind of action; its row number. Without a letter it gets the first of its name that
    is free. Raises CrmError for a name or a letter that is taken."""
    known = all_kinds(w.store)
    name = _name(known, name)
    letter = _letter(known, letter) if letter else _free_letter(known, name)
    w.describe(_("kind {name}").format(name=name))
    return w.insert(
        Kind,
        name=name,
        letter=letter,
        touch=int(touch),
        position=len(known) + 1,
    )


@operation("kinds.edit")
def edit(
    w: Write,
    name: str,
    *,
    letter: str | None = None,
    touch: bool | None = None,
) -> None:
    """Change the letter of a kind, and whether it counts as a touch, by which the figures of what
    was logged follow. Raises CrmError for a letter that is taken."""
    kind = find(w.store, name)
    others = [k for k in all_kinds(w.store) if k.id != kind.id]
    values: dict[str, str | int] = {}
    if letter is not None:
        values["letter"] = _letter(others, letter)
    if touch is not None:
        values["touch"] = int(touch)
    w.update(Kind, kind.id, **values)
    w.describe(_("kind {name} changed").format(name=kind.name))


@operation("kinds.retire")
def retire(w: Write, name: str) -> None:
    """No longer offer a kind; what was logged keeps it. A call stays: lists are called."""
    kind = find(w.store, name)
    if kind.name in ("call", "note"):
        raise CrmError(_("Calls and notes cannot be retired."), _("The program itself logs them."))
    w.update(Kind, kind.id, retired=1)
    w.describe(_("kind {name} retired").format(name=kind.name))


@operation("kinds.bring_back")
def bring_back(w: Write, name: str) -> None:
    """Offer a retired kind again, with another letter where its own was given away."""
    kind = find(w.store, name, retired=True)
    known = [k for k in all_kinds(w.store) if not k.retired]
    free = kind.letter not in {k.letter for k in known}
    letter = kind.letter if free else _free_letter(known, kind.name)
    w.update(Kind, kind.id, retired=0, letter=letter)
    w.describe(_("kind {name} is back").format(name=kind.name))


def _name(known: Sequence[KindRow], text: str) -> str:
    name = " ".join(clean(text, single_line=True).split()).lower()
    if not fold(name) or len(name) > 20:
        raise CrmError(_("A kind needs a name of at most 20 letters."))
    if any(_same(name) in (_same(k.name), _same(_(k.name))) for k in known):
        raise CrmError(_("There is a kind {name} already.").format(name=name))
    return name


def _letter(others: Sequence[KindRow], text: str) -> str:
    letter = text.strip().lower()
    if len(letter) != 1 or not letter.isalpha() or not letter.isascii() or letter in TAKEN:
        raise CrmError(_("A kind has one letter, a to z without q."))
    owner = next((k.name for k in others if k.letter == letter and not k.retired), None)
    if owner is not None:
        raise CrmError(_("{letter} is the letter of {name}.").format(letter=letter, name=owner))
    return letter


def _free_letter(known: Sequence[KindRow], name: str) -> str:
    """The first letter of the name that is free, else of the alphabet; none when all are taken."""
    used = {k.letter for k in known if not k.retired} | set(TAKEN)
    letters = (*fold(name), *"abcdefghijklmnoprstuvwxyz")
    return next((c for c in letters if c.isascii() and c.isalpha() and c not in used), "")
