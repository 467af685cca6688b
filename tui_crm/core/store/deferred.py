"""Modules that Peewee and `dataclasses` import and a command does not use, loaded on first use.

A command that a script calls is done in the time of a few starts of Python. `inspect`, `hashlib`
with OpenSSL, `socket`, `uuid`, `calendar` and `traceback` together take longer than one, and
nothing of them is called on the way; psycopg alone takes longer than Peewee.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DRIVERS = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb")
"""What Peewee looks for once, when it is first imported."""

UNUSED = ("calendar", "hashlib", "inspect", "socket", "traceback", "uuid")


class Deferred(ModuleType):
    """Stands for a module until somebody asks for one of its attributes, apart from those in
    ``ready``."""

    def __init__(self, name: str, **ready: Any) -> None:
        super().__init__(name)
        self.__dict__.update(ready)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        real = import_module(self.__name__)
        self.__dict__.update(real.__dict__)
        return getattr(real, name)


def begin() -> list[str]:
    """Until :func:`end`, drivers that are not loaded yet cannot be imported, and `UNUSED` modules
    are imported as `Deferred` ones. The names of what was put in their place."""
    stand_ins: dict[str, Any] = dict.fromkeys(DRIVERS)  # None: it cannot be imported
    stand_ins |= {name: Deferred(name) for name in UNUSED}
    stand_ins["inspect"] = Deferred("inspect", isclass=lambda value: isinstance(value, type))
    names = [name for name in stand_ins if name not in sys.modules]
    sys.modules.update({name: stand_ins[name] for name in names})
    return names


def end(names: list[str]) -> None:
    """From now on these modules are imported as they are."""
    for name in names:
        if not sys.modules[name] or isinstance(sys.modules[name], Deferred):
            del sys.modules[name]
