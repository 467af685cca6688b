"""Who starts the program, and what the system says of language and time zone.

Without `getpass` and `locale`: ``tui-crm status`` asks on every prompt.
"""

from __future__ import annotations

import os


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
    said = os.environ.get("TZ", "").removeprefix(":")
    places = [said.partition("zoneinfo/")[2] or said]
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
        said = os.environ.get(name, "")
        if said and said.partition(".")[0] not in ("C", "POSIX"):
            return said
    return "en"
