"""The users of the workspace, their teams and roles."""

from __future__ import annotations

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.session import ROLES, all_members, find_member
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Goal, Team, User
from tui_crm.core.text import _, clean, fold

# -- operations ----------------------------------------------------------------------------------


@operation("team.add_user")
def add_user(
    w: Write,
    name: str,
    *,
    email: str = "",
    role: str = "rep",
    full_name: str = "",
    team: str = "",
    zone: str = "",
    active: bool = True,
) -> int:
    """Add a user; the number. Raises CrmError for a name that is taken, an unknown role or zone."""
    return new_user(
        w, name, email=email, role=role, full_name=full_name, team=team, zone=zone, active=active
    )


def new_user(
    w: Write,
    name: str,
    *,
    email: str = "",
    role: str = "rep",
    full_name: str = "",
    team: str = "",
    zone: str = "",
    active: bool = True,
) -> int:
    """The part of :func:`add_user` that an import needs too, for owners it does not know."""
    name = clean(name, single_line=True).strip()
    if not name:
        raise CrmError(_("A user needs a name."))
    if any(fold(m.name) == fold(name) for m in all_members(w.store)):
        raise CrmError(_("There is a user called {name} already.").format(name=name))
    _check(role, zone)
    w.describe(_("user {name} added").format(name=name))
    return w.insert(
        User,
        name=name,
        full_name=full_name or name,
        email=email,
        role=role,
        team_id=_team(w, team),
        zone=zone,
        active=int(active),
    )


@operation("team.edit_user")
def edit_user(w: Write, /, name: str, **values: Any) -> None:
    """Change ``name, full_name, email, role, team, zone`` or ``active`` of a user.

    Raises CrmError when the last admin would lose the role."""
    who = find_member(w.store, name)
    _check(values.get("role", who.role), values.get("zone", who.zone))
    if "team" in values:
        values["team_id"] = _team(w, values.pop("team"))
    if "active" in values:
        values["active"] = int(values["active"])
    w.update(User, who.id, **values)
    if not any(m.role == "admin" and m.active for m in all_members(w.store)):
        raise CrmError(_("Somebody must stay admin."), _("Make another user admin first."))
    w.describe(_("user {name} changed").format(name=who.name))


@operation("team.add_team")
def add_team(w: Write, name: str) -> int:
    """A new team without users; its row number. Raises CrmError for a name that is taken."""
    name = _free_name(w, name)
    w.describe(_("team {name}").format(name=name))
    return w.insert(Team, name=name)


@operation("team.edit_team")
def edit_team(w: Write, name: str, new_name: str) -> None:
    """Rename a team. Raises NotFound, and CrmError for a name that is taken."""
    team = find_team(w.store, name)
    new_name = _free_name(w, new_name, but=team.id)
    w.update(Team, team.id, name=new_name)
    w.describe(_("team {name}").format(name=new_name))


@operation("team.retire_team")
def retire_team(w: Write, name: str) -> None:
    """Dissolve a team: its users are in none, its goals go. What they did stays theirs."""
    team = find_team(w.store, name)
    for (number,) in w.store.rows("SELECT id FROM users WHERE team_id = ?", (team.id,)):
        w.update(User, number, team_id=None)
    for (number,) in w.store.rows("SELECT id FROM goals WHERE team_id = ?", (team.id,)):
        w.delete(Goal, number)
    w.delete(Team, team.id)
    w.describe(_("team {name} dissolved").format(name=team.name))


def _free_name(w: Write, name: str, but: int | None = None) -> str:
    name = " ".join(clean(name, single_line=True).split())
    if not name:
        raise CrmError(_("A team needs a name."))
    if any(fold(team.name) == fold(name) for team in teams(w.store) if team.id != but):
        raise CrmError(_("There is a team {name} already.").format(name=name))
    return name


# -- views ----------------------------------------------------------------------------------------


class TeamRow(NamedTuple):
    """A team, and the names of its users who are active."""

    id: int
    name: str
    users: tuple[str, ...]


def teams(store: Store) -> list[TeamRow]:
    """All teams by name, with their active users."""
    names: dict[int, list[str]] = {}
    for team, user in store.rows(
        "SELECT team_id, name FROM users WHERE team_id IS NOT NULL AND active = 1 ORDER BY id"
    ):
        names.setdefault(team, []).append(user)
    rows = store.rows("SELECT id, name FROM teams ORDER BY name, id")
    return [TeamRow(number, name, tuple(names.get(number, ()))) for number, name in rows]


def find_team(store: Store, name: str) -> TeamRow:
    """The team of that name, case aside. Raises NotFound naming the ones there are."""
    known = teams(store)
    for team in known:
        if fold(team.name) == fold(name):
            return team
    raise NotFound(
        _("There is no team {name}.").format(name=clean(name, single_line=True)),
        _("There are: {names}.").format(names=", ".join(team.name for team in known) or "–"),
    )


# -- what several operations need -----------------------------------------------------------------


def _check(role: str, zone: str) -> None:
    if role not in ROLES:
        raise CrmError(
            _("{role} is no role.").format(role=clean(role, single_line=True)),
            _("Roles are: {names}.").format(names=", ".join(ROLES)),
        )
    check_zone(zone)


def check_zone(zone: str) -> None:
    """Raises CrmError for what is no IANA zone; empty is fine: no zone of one's own."""
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
    team_id = w.store.value("SELECT id FROM teams WHERE lower(name) = lower(?)", (name,))
    return w.insert(Team, name=name) if team_id is None else int(team_id)
