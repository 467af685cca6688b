"""How the data is kept: the database, its tables, and the journal every change goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.core.address import is_postgres

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store


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
    from tui_crm.core.store.database import open_store as open_it

    return open_it(url, **options)
