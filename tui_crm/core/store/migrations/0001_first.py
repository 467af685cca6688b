"""The first tables."""

from tui_crm.core.store import fulltext
from tui_crm.core.store.tables import TABLES


def up(migrator, db):
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES, safe=False)
    fulltext.create(db)
