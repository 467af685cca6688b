"""How the data is stored: the database, its tables, and the journal every change goes through.

``status`` passes through here on its way to :mod:`.reader`, so nothing is imported that it can do
without, ``typing`` neither.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui_crm.core.store.database import Store


def load_driver(url: str) -> None:
    """Load the driver of a PostgreSQL address before peewee, which looks for its drivers once,
    when it is first imported. Raises StoreError when it is not installed."""
    from tui_crm.core.store.url import is_postgres

    if not is_postgres(url):
        return
    from importlib import import_module

    try:
        import_module("psycopg")
    except ImportError:
        from tui_crm.core.errors import StoreError
        from tui_crm.core.text import _

        raise StoreError(
            _("PostgreSQL needs one more package."),
            _("Install it with: pip install 'tui-crm[postgres]'"),
        ) from None


def open_store(url: str, **options: Any) -> Store:
    """Open the store at ``url``; see :func:`tui_crm.core.store.opening.open_store`.

    Call this before anything that imports peewee: it keeps away what takes long to import and is
    not needed (:mod:`.deferred`). Raises StoreError."""
    load_driver(url)
    from tui_crm.core.store import deferred

    kept_away = deferred.begin()
    try:
        from tui_crm.core.store.opening import open_store as open_it
    finally:
        deferred.end(kept_away)
    return open_it(url, **options)
