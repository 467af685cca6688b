"""Who acts in a store, and when: the session of a user, the workspace, the rights of each role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from tui_crm.core.charset import dates_region
from tui_crm.core.errors import NotAllowed, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.text import _, clean, fold

ROLES = ("admin", "manager", "rep")


# What a role may do beyond the daily work, which everybody may. Decided here and nowhere else.
RIGHTS = {
    "users": ("admin",),
    "workspace": ("admin",),
    "pipelines": ("admin", "manager"),
    "fields": ("admin", "manager"),
    "outcomes": ("admin", "manager"),
    "tags": ("admin", "manager"),
    "reasons": ("admin", "manager"),
    "goals": ("admin", "manager"),
    "costs": ("admin", "manager"),
    "lists": ("admin", "manager"),  # archiving, merging and handing over; importing is everybody's
    "unblock": ("admin", "manager"),
    "forget": ("admin", "manager"),  # a person, for good
    "undo": ("admin", "manager"),  # what somebody else did
    "backup": ("admin", "manager"),
    "restore": ("admin",),
    "check": ROLES,
    "repair": ("admin",),
}

# The right that an operation asks for, to do it, to undo it and to redo it. One that is not named
# here is daily work, or asks by what it is about (days off, goals).
OPERATION_RIGHTS = {
    "team.add_user": "users",
    "team.edit_user": "users",
    "team.set_workspace": "workspace",
    "team.add_team": "users",
    "team.edit_team": "users",
    "team.retire_team": "users",
    "pipelines.add": "pipelines",
    "pipelines.add_step": "pipelines",
    "pipelines.edit_step": "pipelines",
    "pipelines.retire_step": "pipelines",
    "pipelines.retire": "pipelines",
    "fields.add": "fields",
    "fields.edit": "fields",
    "fields.retire": "fields",
    "fields.bring_back": "fields",
    "pipelines.rename": "pipelines",
    "pipelines.bring_back": "pipelines",
    "kinds.add": "outcomes",
    "kinds.edit": "outcomes",
    "kinds.retire": "outcomes",
    "kinds.bring_back": "outcomes",
    "outcomes.add": "outcomes",
    "outcomes.edit": "outcomes",
    "outcomes.move": "outcomes",
    "outcomes.retire": "outcomes",
    "outcomes.bring_back": "outcomes",
    "costs.add": "costs",
    "costs.retire": "costs",
    "costs.bring": "costs",
    "tags.add": "tags",
    "tags.edit": "tags",
    "tags.retire": "tags",
    "tags.set_category": "tags",
    "closing.add_reason": "reasons",
    "closing.retire_reason": "reasons",
    "closing.edit_reason": "reasons",
    "closing.bring_back_reason": "reasons",
    "list_acts.split": "lists",
    "lists.archive": "lists",
    "list_merge.merge": "lists",
    "calling.unblock": "unblock",
    "blocklist.unblock": "unblock",
}


@dataclass(frozen=True)
class Member:
    """A user; ``team`` is its name, ``zone`` an IANA name."""

    id: int
    name: str
    full_name: str
    email: str
    role: str
    team: str | None
    zone: str  # empty: the workspace's
    active: bool


@dataclass(frozen=True)
class House:
    """The workspace: what holds for everybody."""

    name: str
    currency: str
    zone: str
    region: str
    language: str
    call_from: str
    call_until: str
    call_days: str
    salt: str
    attachment_mb: int  # the most that one attached file may have, in millions of bytes
    silent_days: int  # until a client without a real action is silent; 0: never
    score: int  # 1: the chance of open leads is told, where enough are closed


@dataclass(frozen=True)
class Session:
    """One user at work in a store: who acts, and when it is.

    ``clock`` gives the present moment (aware, UTC); both faces pass one, tests pass their own.
    ``as_of`` is the newest entry of the journal that the user has seen, where that is known: what
    was changed on a lead since is not overwritten (`Write.update` raises Conflict).
    """

    store: Store
    user: Member
    house: House
    clock: Callable[[], datetime]
    as_of: int | None = None

    @property
    def user_id(self) -> int:
        return self.user.id

    @property
    def locale(self) -> str:
        """The language of the workspace, and the region whose order of day and month counts:
        that of LC_TIME where the environment names one, else the workspace's."""
        region = dates_region() or self.house.region
        return f"{self.house.language}_{region}" if region else self.house.language

    @property
    def now(self) -> datetime:
        """This moment, aware, in the rep's zone."""
        return self.clock().astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.user.zone or self.house.zone)

    @property
    def currency(self) -> str:
        return self.house.currency

    def may(self, what: str) -> bool:
        """Whether this user's role has the right (a key of :data:`RIGHTS`)."""
        return self.user.role in RIGHTS[what]

    def require(self, what: str) -> None:
        """Raises NotAllowed when the role lacks the right."""
        if not self.may(what):
            raise NotAllowed(
                _("A {role} may not do that.").format(role=self.user.role),
                _("Ask one of: {names}.").format(names=", ".join(_holders(self.store, what))),
            )

    def require_operation(self, name: str) -> None:
        """Raises NotAllowed when the role may not do the operation ``name``."""
        right = OPERATION_RIGHTS.get(name)
        if right is not None:
            self.require(right)

    def reload(self) -> Session:
        """The same session with the user and the workspace read anew."""
        return replace(self, user=member(self.store, self.user.name), house=house(self.store))


def utc_now() -> datetime:
    """The clock of real life."""
    return datetime.now(UTC)


def house(store: Store) -> House:
    """The workspace."""
    columns = ", ".join(House.__dataclass_fields__)
    return store.read(House, f"SELECT {columns} FROM workspace ORDER BY id LIMIT 1")[0]


def member(store: Store, name: str) -> Member:
    """The user of that name, case aside. Raises NotFound with the command that adds it, and
    NotAllowed for one who has left."""
    found = [m for m in all_members(store) if fold(m.name) == fold(name)]
    if not found:
        raise NotFound(
            _("{name} is not a user of this store.").format(name=clean(name, single_line=True)),
            _("An admin adds you with: tui-crm users add {name}").format(
                name=clean(name, single_line=True)
            ),
        )
    if not found[0].active:
        raise NotAllowed(
            _("{name} is no longer active here.").format(name=found[0].name),
            _("An admin brings you back with: tui-crm users edit {name} --active").format(
                name=found[0].name
            ),
        )
    return found[0]


def all_members(store: Store) -> list[Member]:
    """All users, in the order they came, those who left included."""
    return store.read(
        Member,
        "SELECT users.id, users.name, full_name, email, role, teams.name, zone, active"
        " FROM users LEFT JOIN teams ON teams.id = users.team_id ORDER BY users.id",
    )


def _holders(store: Store, what: str) -> list[str]:
    return [m.name for m in all_members(store) if m.active and m.role in RIGHTS[what]]


def find_member(store: Store, name: str) -> Member:
    """A user by name, by full name, or by an unmistakable beginning; active or not.

    Raises NotFound naming the ones there are."""
    everybody = all_members(store)
    wanted = fold(name)
    by_name = [m for m in everybody if fold(m.name) == wanted]
    by_full_name = [
        m for m in everybody if fold(m.full_name) == wanted or (m.email and fold(m.email) == wanted)
    ]
    by_beginning = [
        m
        for m in everybody
        if fold(m.name).startswith(wanted) or fold(m.full_name).startswith(wanted)
    ]
    for found in (by_name, by_full_name, by_beginning):
        if len(found) == 1:
            return found[0]
    raise NotFound(
        _("Nobody here is called {name}.").format(name=clean(name, single_line=True)),
        _("There are: {names}.").format(names=", ".join(m.name for m in everybody if m.active)),
    )
