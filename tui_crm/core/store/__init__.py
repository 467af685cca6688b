"""How the data is kept: the database, its tables, and the journal every change goes through."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui_crm.core.address import is_postgres

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store

DRIVERS = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb")


def open_store(url: str, **options: Any) -> Store:
    """Open the store at ``url``; see :func:`tui_crm.core.store.database.open_store`.

    Call this before importing :mod:`tui_crm.core.work`: peewee looks for its database drivers
    once, when it is first imported, and only a PostgreSQL address makes it look for psycopg.
    """
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
    with _without_drivers():
        from tui_crm.core.store.opening import open_store as open_it

    return open_it(url, **options)


@contextmanager
def _without_drivers() -> Iterator[None]:
    """Peewee imports every driver it finds, and psycopg alone costs a SQLite user ten times the
    import of peewee (measured). What is not loaded yet is hidden from it for that long."""
    hidden = [name for name in DRIVERS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
