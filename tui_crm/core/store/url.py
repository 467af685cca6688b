"""The address of a store: which engine it names, and how it may be printed."""

from __future__ import annotations

from tui_crm.core.text import _, show

POSTGRES = ("postgres://", "postgresql://")
IS_OWNER = (
    "SELECT pg_get_userbyid(relowner) = current_user OR rolsuper FROM pg_class"
    " JOIN pg_roles ON rolname = current_user WHERE pg_class.oid = to_regclass('workspace')"
)
"""The query by which a PostgreSQL role knows whether the store is its own."""
_ENGINES = ("postgres", "postgresql", "mysql", "mariadb", "sqlite", "oracle", "mssql", "file")
_LIBPQ = ("host", "hostaddr", "port", "dbname", "user", "password", "passfile", "service")


def is_postgres(url: str) -> bool:
    """Whether ``url`` names a PostgreSQL database; else it is the path of a SQLite file.

    Raises StoreError for what looks like the address of a database and is none of ours: as a path
    it would make a new, empty store, in a folder that may be called after a password."""
    if url.startswith(POSTGRES):
        return True
    if "/" not in url and ":" not in url and "=" not in url:
        return False  # the plain name of a file
    if url.startswith("sqlite:///"):
        url = url.removeprefix("sqlite:///")
    if looks_like_address(url):
        from tui_crm.core.errors import StoreError

        raise StoreError(
            _("That is no address of a store that tui-crm knows; nothing was made."),
            _("Write the path of a file, or postgresql://user@host/database."),
        )
    return False


def looks_like_address(text: str) -> bool:
    """Whether a text is meant as the address of a database rather than as the path of a file: it
    has ``://``, the name of an engine and a colon, a user and a password before a host, or is a
    line as libpq reads it (``host=… dbname=…``)."""
    if "://" in text:
        return True
    head = text.strip()
    scheme, colon, rest = head.partition(":")
    if colon and scheme.partition("+")[0].lower() in _ENGINES:
        return True
    if colon and "/" not in scheme and "@" in rest and "\\" not in rest[:1]:
        return True  # user:password@host
    keyword, equals, _value = head.partition("=")
    return bool(equals) and keyword.strip().lower() in (*_LIBPQ, "sslmode", "options")


def safe_url(url: str) -> str:
    """An address of a store as it may be printed or logged: without its password."""
    if not looks_like_address(url):
        return show(url)
    import re

    # Up to the last @ of all: a password may itself hold any sign, and hiding too much is right.
    head = r"[\w+.\-]+://[^:/@?#]*" if "://" in url else r"[^:/@?#=]*"
    hidden = re.sub(rf"(?s)^(\s*{head}):.*@", r"\1:***@", url)
    hidden = re.sub(
        r"(?i)([?&\s][^=&\s]*(?:password|passwd|secret|token)[^=&\s]*\s*=\s*)"
        r"(?:'(?:[^'\\]|\\.)*'|[^&#\s]*)",
        r"\1***",
        " " + hidden,
    )[1:]
    return show(hidden)
