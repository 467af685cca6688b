"""Who works here: the workspace, its users, teams and roles, and the session of one of them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, as_rows, operation
from tui_crm.core.store.tables import Team, User, Workspace
from tui_crm.core.team import defaults
from tui_crm.core.text import _, clean, key

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
ROLES = ("admin", "manager", "rep")
# What a role may do beyond the daily work, which everybody may. Decided here and nowhere else.
RIGHTS = {
    "users": ("admin",),
    "workspace": ("admin",),
    "pipelines": ("admin", "manager"),
    "outcomes": ("admin", "manager"),
    "tags": ("admin", "manager"),
    "reasons": ("admin", "manager"),
    "goals": ("admin", "manager"),
    "lists": ("admin", "manager"),  # archiving, merging and handing over; importing is everybody's
    "unblock": ("admin", "manager"),
    "forget": ("admin", "manager"),  # a person, for good
}


@dataclass(frozen=True)
class Member:
    """A user as others see it."""

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


@dataclass(frozen=True)
class Session:
    """One user at work in a store: who acts, and when it is.

    ``clock`` gives the present moment (aware, UTC); both faces pass one, tests pass their own.
    """

    store: Store
    user: Member
    house: House
    clock: Callable[[], datetime]

    @property
    def user_id(self) -> int:
        return self.user.id

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

    def again(self) -> Session:
        """The same session with the user and the workspace read anew."""
        return replace(self, user=member(self.store, self.user.name), house=house(self.store))


def utc_now() -> datetime:
    """The clock of real life."""
    return datetime.now(UTC)


def start(
    store: Store,
    user: str,
    *,
    zone: str = "UTC",
    locale: str = "en",
    clock: Callable[[], datetime] = utc_now,
) -> tuple[Session, str]:
    """The session of ``user`` (case aside), and one line about what was set up, mostly empty.

    The first start of a new store makes the workspace, its defaults and its first user, an admin,
    from the login name, the system's zone and locale. Raises NotFound for a login that an
    existing store does not know."""
    said = ""
    if store.value("SELECT COUNT(*) FROM workspace") == 0:
        with store.transaction():
            if store.value("SELECT COUNT(*) FROM workspace") == 0:
                said = _set_up(store, user, zone, locale, int(clock().timestamp()))
    return Session(store, member(store, user), house(store), clock), said


def _set_up(store: Store, user: str, zone: str, locale: str, at: int) -> str:
    language, _sep, region = locale.replace("-", "_").partition(".")[0].partition("_")
    language = language if language in ("en", "es", "fr", "de") else "en"
    region = region.upper() if len(region) == 2 else defaults.REGION.get(language, "")
    currency = defaults.currency(region)
    name = clean(user, single_line=True).strip() or "me"
    Workspace.insert(
        name=_("Sales"), currency=currency, zone=zone, region=region, language=language,
        salt=secrets.token_hex(16), created_at=at,
    ).execute()  # fmt: skip
    User.insert(name=name, full_name=name, role="admin").execute()
    defaults.fill(store)
    return _("New workspace: {user} is its admin; {currency}, {zone}.").format(
        user=name, currency=currency, zone=zone
    )


def house(store: Store) -> House:
    """The workspace."""
    row = as_rows(Workspace.select().order_by(Workspace.id))[0]
    return House(**{f: row[f] for f in House.__dataclass_fields__})


def member(store: Store, name: str) -> Member:
    """The user of that name, case aside. Raises NotFound with the command that adds it, and
    NotAllowed for one who has left."""
    found = [m for m in members(store) if key(m.name) == key(name)]
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


def members(store: Store) -> list[Member]:
    """All users, in the order they came, those who left included."""
    return [
        Member(row[0], row[1], row[2], row[3], row[4], row[5], row[6], bool(row[7]))
        for row in store.rows(
            "SELECT users.id, users.name, full_name, email, role, teams.name, zone, active"
            " FROM users LEFT JOIN teams ON teams.id = users.team_id ORDER BY users.id"
        )
    ]


def _holders(store: Store, what: str) -> list[str]:
    return [m.name for m in members(store) if m.active and m.role in RIGHTS[what]]


def find_member(store: Store, name: str) -> Member:
    """A user by name, by full name, or by an unmistakable beginning; active or not.

    Raises NotFound naming the ones there are."""
    everybody = members(store)
    wanted = key(name)
    for test in (
        lambda m: key(m.name) == wanted,
        lambda m: key(m.full_name) == wanted or (m.email and key(m.email) == wanted),
        lambda m: key(m.name).startswith(wanted) or key(m.full_name).startswith(wanted),
    ):
        found = [m for m in everybody if test(m)]
        if len(found) == 1:
            return found[0]
    raise NotFound(
        _("Nobody here is called {name}.").format(name=clean(name, single_line=True)),
        _("There are: {names}.").format(names=", ".join(m.name for m in everybody if m.active)),
    )


# -- operations ----------------------------------------------------------------------------------


@operation("team.add_user")
def add_user(
    w: Write, name: str, *, email: str = "", role: str = "rep", full_name: str = "",
    team: str = "", zone: str = "", active: bool = True,
) -> int:  # fmt: skip
    """Add a user; the number. Raises CrmError for a name that is taken, an unknown role or zone."""
    w.session.require("users")
    return new_user(w, name, email=email, role=role, full_name=full_name, team=team, zone=zone,
                    active=active)  # fmt: skip


def new_user(
    w: Write, name: str, *, email: str = "", role: str = "rep", full_name: str = "",
    team: str = "", zone: str = "", active: bool = True,
) -> int:  # fmt: skip
    """The part of :func:`add_user` that an import needs too, for owners it meets."""
    name = clean(name, single_line=True).strip()
    if not name:
        raise CrmError(_("A user needs a name."))
    if any(key(m.name) == key(name) for m in members(w.store)):
        raise CrmError(_("There is a user called {name} already.").format(name=name))
    _check(role, zone)
    w.say(_("user {name} added").format(name=name))
    return w.insert(
        User, name=name, full_name=full_name or name, email=email, role=role,
        team_id=_team(w, team), zone=zone, active=int(active),
    )  # fmt: skip


@operation("team.edit_user")
def edit_user(w: Write, /, name: str, **values: Any) -> None:
    """Change ``name, full_name, email, role, team, zone`` or ``active`` of a user.

    Raises CrmError when the last admin would lose the role."""
    w.session.require("users")
    who = find_member(w.store, name)
    _check(values.get("role", who.role), values.get("zone", who.zone))
    if "team" in values:
        values["team_id"] = _team(w, values.pop("team"))
    if "active" in values:
        values["active"] = int(values["active"])
    w.update(User, who.id, **values)
    if not any(m.role == "admin" and m.active for m in members(w.store)):
        raise CrmError(_("Somebody must stay admin."), _("Make another user admin first."))
    w.say(_("user {name} changed").format(name=who.name))


@operation("team.set_workspace")
def set_workspace(w: Write, /, **values: Any) -> None:
    """Change what holds for everybody: ``name, zone, region, language, currency, call_from,
    call_until, call_days``. The currency stays as it is once an amount is in the store."""
    w.session.require("workspace")
    row = as_rows(Workspace.select().order_by(Workspace.id))[0]
    if values.get("currency", row["currency"]) != row["currency"] and w.store.value(
        "SELECT 1 FROM leads WHERE amount IS NOT NULL LIMIT 1"
    ):
        raise CrmError(_("The currency cannot change: there are amounts in {code} already.").format(
            code=row["currency"]))  # fmt: skip
    _check("rep", values.get("zone", ""))
    for name in ("call_from", "call_until"):
        if name in values and not _CLOCK.fullmatch(values[name]):
            raise CrmError(
                _("{text} is no time of the day.").format(
                    text=clean(str(values[name]), single_line=True)
                ),
                _("Type it as 08:30."),
            )
    window = {**row, **values}
    if window["call_from"] >= window["call_until"]:
        raise CrmError(_("The calling window must end after it begins."))
    if not set(values.get("call_days", "1")) or set(values.get("call_days", "1")) - set("1234567"):
        raise CrmError(_("Days are digits, 1 Monday to 7 Sunday, for instance 12345."))
    w.update(Workspace, row["id"], **values)
    if {"call_from", "call_until", "call_days"} & values.keys():
        from tui_crm.core.calling.plan import replan

        w.session = replace(w.session, house=house(w.store))
        for (number,) in w.store.rows("SELECT id FROM lists ORDER BY id"):
            replan(w, number)
    w.say(_("workspace changed"))


def _check(role: str, zone: str) -> None:
    if role not in ROLES:
        raise CrmError(
            _("{role} is no role.").format(role=clean(role, single_line=True)),
            _("Roles are: {names}.").format(names=", ".join(ROLES)),
        )
    if zone:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise CrmError(
                _("{zone} is no time zone.").format(zone=clean(zone, single_line=True)),
                _("Zones are named like Europe/Madrid."),
            ) from None


def _team(w: Write, name: str) -> int | None:
    name = clean(name, single_line=True).strip()
    if not name:
        return None
    found = w.store.value("SELECT id FROM teams WHERE lower(name) = lower(?)", (name,))
    return int(found) if found else w.insert(Team, name=name)
