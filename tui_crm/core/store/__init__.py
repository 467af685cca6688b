"""How the data is stored: the database, its tables, and the journal every change goes through.

``status`` passes through here on its way to :mod:`.url`, so nothing is imported that it can do
without, ``typing`` neither.
"""

from __future__ import annotations

import sys

from tui_crm.core.store.url import is_postgres

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui_crm.core.store.database import Store

DRIVERS = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb")


def open_store(url: str, **options: Any) -> Store:
    """Open the store at ``url``; see :func:`tui_crm.core.store.opening.open_store`.

    Call this before anything that imports peewee: it looks for its database drivers once, when it
    is first imported, and psycopg alone costs a SQLite user ten times the import of peewee
    (measured). Drivers that are not loaded yet are hidden from it for that long; a PostgreSQL
    address loads psycopg first. Raises StoreError."""
    if is_postgres(url):
        try:
            import psycopg  # noqa: F401
        except ImportError:
            from tui_crm.core.errors import StoreError
            from tui_crm.core.text import _

            raise StoreError(
                _("PostgreSQL needs one more package."),
                _("Install it with: pip install 'tui-crm[postgres]'"),
            ) from None
    hidden = [name for name in DRIVERS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        from tui_crm.core.store.opening import open_store as open_it
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
    return open_it(url, **options)
