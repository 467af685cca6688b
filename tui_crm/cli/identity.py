"""Who acts, and the language and time zone of the system.

Without `getpass` and `locale`: ``tui-crm status`` needs it on every prompt.
"""

from __future__ import annotations

import os

from tui_crm.core.errors import CrmError, NotAllowed
from tui_crm.core.text import _, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def acting_user(
    named: str | None,
    role: str | None,
    users: Callable[[], Iterable[str]],
    is_owner: Callable[[], bool] = lambda: False,
) -> str:
    """The name of the user who acts: the one ``named``, else the login name.

    On PostgreSQL the database ``role`` decides, and nobody acts as another. Only a role that owns
    the store, which nothing in it can hold back, and that is none of its ``users`` may name one.
    Raises CrmError, NotAllowed."""
    if role is None:
        name = named or login()
        if not name:
            raise CrmError(_("There is no login name."), _("Name yourself: tui-crm --user NAME"))
        return name
    if not named or fold(named) == fold(role):
        return role
    if any(fold(user) == fold(role) for user in users()) or not is_owner():
        raise NotAllowed(
            _("The database knows you as {role}.").format(role=role),
            _("Connect with the role of {name} to act as them.").format(name=named),
        )
    return named


def login() -> str:
    """The login name, as the shell's environment or the password database has it; or ``""``."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if os.environ.get(name):
            return os.environ[name]
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return ""


def system_zone() -> str:
    """The IANA zone of this machine: TZ, else /etc/localtime, else /etc/timezone, else UTC."""
    named = os.environ.get("TZ", "").removeprefix(":")
    places = [named.partition("zoneinfo/")[2] or named]
    try:
        places.append(os.path.realpath("/etc/localtime").partition("zoneinfo/")[2])
        with open("/etc/timezone", encoding="ascii", errors="replace") as file:
            places.append(file.read(100).strip())
    except OSError:
        pass
    from zoneinfo import ZoneInfo

    for name in places:
        name = name.removeprefix("posix/").removeprefix("right/")
        try:
            if name and name != "localtime":
                return ZoneInfo(name).key
        except (OSError, ValueError):
            continue
        except KeyError:  # ZoneInfoNotFoundError
            continue
    return "UTC"


def locale() -> str:
    """The locale of the environment for a new workspace: ``es_ES.UTF-8``; English when unset."""
    for name in ("LC_ALL", "LC_MONETARY", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value and value.partition(".")[0] not in ("C", "POSIX"):
            return value
    return "en"
