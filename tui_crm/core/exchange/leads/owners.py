"""Whose the leads of a file become: each owner that it names is a user of the store, the one who
imports, nobody, or somebody new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.leads.parse import LeadRow
from tui_crm.core.session import Member, Session, all_members, find_member
from tui_crm.core.text import _, fold, ngettext, show

ME, NOBODY, NEW = "me", "nobody", "new"
"""What an owner may become beside a user: who imports, nobody, a new user who is not active."""


@dataclass(frozen=True)
class FileOwner:
    """An owner as a file names it, how many of its new leads are theirs and how many of those are
    open. ``user`` is the name of the user it becomes ("": nobody), ``active`` whether that user is
    active; ``is_new`` says that the user is made."""

    name: str
    leads: int
    open: int
    user: str
    active: bool
    is_new: bool


class OwnerMap:
    """The owners of a file. ``chosen`` says by name what some of them become: :data:`ME`,
    :data:`NOBODY`, :data:`NEW` or a user.

    The only owner of a file is the only active user of the store, if nobody said otherwise: a rep
    who brings their own leads. Other unknown owners become new users who are not active, so that
    the figures by owner hold. Raises CrmError for a chosen name that the file has not, NotFound for
    a user there is none of."""

    def __init__(
        self,
        session: Session,
        rows: Iterable[LeadRow],
        chosen: Mapping[str, str],
        known: Callable[[str], bool],
    ) -> None:
        self.session = session
        self.members: dict[str, Member] = {}
        members = all_members(session.store)
        for column in ("email", "full_name", "name"):  # the later one counts
            self.members |= {fold(v): m for m in members if (v := getattr(m, column))}
        names = {fold(row.owner): row.owner for row in rows if row.owner}
        self._become: dict[str, str] = {}
        for name, who in chosen.items():
            if fold(name) not in names:
                raise CrmError(
                    _("The file has no owner {name}.").format(name=show(name)),
                    _("It has: {names}.").format(names=", ".join(list(names.values())[:9]) or "–"),
                )
            self._become[fold(name)] = self._user(names[fold(name)], who)
        self.sole: str | None = None
        """The only owner of the file, whose leads are taken as those of who imports."""
        active = [member for member in members if member.active]
        if len(names) == 1 and len(active) == 1 and not self._become:
            only = next(iter(names))
            if not known(only):
                self._become[only] = session.user.name
                self.sole = names[only]

    def _user(self, name: str, who: str) -> str:
        if fold(who) in (ME, fold(_("me"))):
            return self.session.user.name
        if fold(who) in (NOBODY, fold(_("nobody"))):
            return ""
        return (
            name
            if fold(who) in (NEW, fold(_("new")))
            else find_member(self.session.store, who).name
        )

    def apply(self, row: LeadRow) -> LeadRow:
        """The row with the owner that it becomes."""
        became = self._become.get(fold(row.owner)) if row.owner else None
        return row if became is None or became == row.owner else replace(row, owner=became)

    def found(self, rows: Sequence[LeadRow]) -> tuple[FileOwner, ...]:
        """The owners of ``rows`` (as the file names them) and what each becomes."""
        names = {fold(row.owner): row.owner for row in reversed(rows) if row.owner}
        leads = Counter(fold(row.owner) for row in rows if row.owner)
        still = Counter(fold(row.owner) for row in rows if row.owner and row.status is None)
        found = []
        for key in dict.fromkeys(fold(row.owner) for row in rows if row.owner):
            user = self._become.get(key, names[key])
            member = self.members.get(fold(user)) if user else None
            found.append(
                FileOwner(
                    name=names[key],
                    leads=leads[key],
                    open=still[key],
                    user=member.name if member is not None else user,
                    active=member is not None and bool(member.active),
                    is_new=bool(user) and member is None,
                )
            )
        return tuple(found)


def owner_remarks(owner_map: OwnerMap, owners: Sequence[FileOwner]) -> list[str]:
    """What there is to say on the owners of a file: whose leads are taken as one's own; how many
    open leads are of users who are not active, and how to hand them over."""
    if owner_map.sole is not None and owners:
        return [
            _("The leads of {name} are taken as yours; --map-owner says otherwise.").format(
                name=owner_map.sole
            )
        ]
    left = [one for one in owners if one.user and not one.active and one.open]
    n = sum(one.open for one in left)
    if not n:
        return []
    words = ngettext(
        "{n} open lead belongs to a user who is not active ({names}): it stands in Today under New,"
        ' nobody\'s. To hand it over: o on it, or --map-owner "{first}=me" at the import.',
        "{n} open leads belong to users who are not active ({names}): they stand in Today under"
        ' New, nobody\'s. To hand them over: o on the marked ones, or --map-owner "{first}=me" at'
        " the import.",
        n,
    )
    return [words.format(n=n, names=", ".join(one.name for one in left[:5]), first=left[0].name)]
