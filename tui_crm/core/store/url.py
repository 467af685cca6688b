"""The address of a store: which engine it names, and how it may be printed."""

from __future__ import annotations

from tui_crm.core.text import show


def is_postgres(url: str) -> bool:
    """Whether ``url`` names a PostgreSQL database (anything else is the path of a SQLite file)."""
    return url.startswith(("postgres://", "postgresql://"))


def safe_url(url: str) -> str:
    """An address of a store as it may be printed or logged: without its password."""
    if "://" not in url:
        return show(url)
    import re

    # Up to the last @ of all: a password may itself hold any sign, and hiding too much is right.
    hidden = re.sub(r"(?s)^([\w+.\-]+://[^:/@?#]*):.*@", r"\1:***@", url)
    hidden = re.sub(
        r"(?i)([?&][^=&]*(?:password|passwd|secret|token)[^=&]*=)[^&#]*", r"\1***", hidden
    )
    return show(hidden)
