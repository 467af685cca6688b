"""``tui-crm status``, answered with raw SQL before anything else is imported.

It stands in shell prompts and tmux bars, so it may cost little more than starting Python: no
click, no peewee, no `dataclasses`, no `json`. It never writes, and a busy store does not stop it.
"""

from __future__ import annotations

import os
import sys
import time

from tui_crm.cli import streams
from tui_crm.core.errors import CrmError, NotAllowed, StoreBusy, StoreError
from tui_crm.core.text import _, fold, show, use_language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tui_crm.settings import Settings

    Ask = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

_WAIT = 2.0  # seconds for a writer to let go of a store that is not in WAL mode
_TAKES = ("--db", "--user", "--format")


def quick(argv: list[str]) -> int | None:
    """Answer ``status`` when ``argv`` is a plain one; the exit code. ``None``: anything unusual,
    for the full command line to deal with."""
    asked = _parse(argv)
    if asked is None:
        return None
    try:
        try:
            streams.prepare()
            from tui_crm import settings

            chosen = settings.load()
            use_language(chosen.language)
            put(
                chosen,
                asked.get("--db"),
                asked.get("--user"),
                "--json" in asked,
                asked.get("--format"),
            )
            sys.stdout.flush()
            return 0
        except CrmError as error:
            for line in (error.message, error.hint):
                if line:
                    sys.stderr.write(show(line, single_line=False) + "\n")
            return 1
    except BrokenPipeError:
        streams.to_nowhere()
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from tui_crm.cli.app import our_fault

        return our_fault(error)


def _parse(argv: list[str]) -> dict[str, str] | None:
    """Options by name; ``None`` when this is no plain ``status``."""
    found: dict[str, str] = {}
    command = False
    words = iter(argv)
    for word in words:
        if word == "status" and not command:
            command = True
        elif word == "--json":
            found[word] = ""
        else:
            name, sign, value = word.partition("=")
            if name not in _TAKES or (name == "--format" and not command):
                return None
            given = value if sign else next(words, None)
            if given is None:
                return None
            if given or name == "--format":
                found[name] = given
    return found if command else None


def put(
    chosen: Settings, db: str | None, user: str | None, as_json: bool, template: str | None
) -> None:
    """Print the figures of ``user`` as a screenful, as JSON, or as ``template`` says.

    Raises CrmError for a store that is not there, and for an unknown user."""
    from tui_crm import settings
    from tui_crm.core import pulse

    url = db or chosen.db or settings.default_db()
    postgres = url.startswith(("postgres://", "postgresql://"))
    ask, close = _postgres(url) if postgres else _sqlite(url)
    try:
        name = _who(ask, postgres, user or chosen.user)
        figures = pulse.figures(ask, name, int(time.time()))
    finally:
        close()
    if as_json:
        said = _json(_in_major_units(figures))
    elif template is not None:
        said = pulse.format_string(template, figures)
    else:
        said = pulse.format_text(figures)
    if not as_json:
        if streams.ascii_only:
            said = said.replace("–", "-").replace("€", f"{figures['currency']} ")
        said = show(said, single_line=False)
    sys.stdout.write(said if said.endswith("\n") else said + "\n")


def _who(ask: Ask, postgres: bool, named: str | None) -> str:
    """Whose figures: see :meth:`tui_crm.cli.base.Context.session`."""
    if not postgres:
        from tui_crm.cli import identity

        name = named or identity.login()
        if not name:
            raise CrmError(_("There is no login name."), _("Name yourself: tui-crm --user NAME"))
        return name
    role = str(ask("SELECT current_user", ())[0][0])
    if not named or fold(named) == fold(role):
        return role
    if any(fold(row[0]) == fold(role) for row in ask("SELECT name FROM users", ())):
        raise NotAllowed(
            _("The database knows you as {role}.").format(role=role),
            _("Connect with the role of {name} to act as them.").format(name=named),
        )
    return named


# -- the store, for reading -----------------------------------------------------------------------


def _sqlite(url: str) -> tuple[Ask, Callable[[], None]]:
    path = os.path.abspath(os.path.expanduser(url.removeprefix("sqlite:///")))
    if not os.path.exists(path):
        raise StoreError(
            _("There is no store at {file}.").format(file=show(path)),
            _("Start tui-crm once, or name another with --db."),
        )
    import sqlite3

    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    connection = sqlite3.connect(f"file:{quoted}?mode=ro", uri=True, timeout=_WAIT)
    try:
        connection.execute("SELECT 1 FROM workspace").fetchone()
    except sqlite3.OperationalError as error:
        # A store in a folder that may not be written, at rest: WAL needs no side files then.
        if "unable to open" in str(error) or "readonly" in str(error):
            connection.close()
            connection = sqlite3.connect(f"file:{quoted}?mode=ro&immutable=1", uri=True)
        elif "locked" not in str(error):
            connection.close()
            raise _foreign(path) from None
    except sqlite3.DatabaseError:
        connection.close()
        raise _foreign(path) from None

    def ask(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return connection.execute(sql, params).fetchall()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreBusy(
                    _("Another tui-crm holds the store."), _("Try again in a moment.")
                ) from None
            if "no such" in str(error):
                raise StoreError(
                    _("This store was made by another version of tui-crm; nothing was changed."),
                    _("Start tui-crm once to bring it up to this version."),
                ) from None
            raise StoreError(_("{file} cannot be read.").format(file=show(path))) from None
        except sqlite3.DatabaseError:
            raise StoreError(
                _("{file} is damaged; it was left as it is.").format(file=show(path)),
                _("Restore a backup: tui-crm restore FILE"),
            ) from None

    return ask, connection.close


def _foreign(path: str) -> StoreError:
    return StoreError(
        _("{file} is not a tui-crm database; it was left as it is.").format(file=show(path)),
        _("Name another with --db."),
    )


def _postgres(url: str) -> tuple[Ask, Callable[[], None]]:
    try:
        import psycopg
    except ImportError:
        raise StoreError(
            _("PostgreSQL needs one more package."),
            _("Install it with: pip install 'tui-crm[postgres]'"),
        ) from None
    from tui_crm.core.store.url import safe_url

    try:
        connection = psycopg.connect(
            url,
            connect_timeout=10,
            application_name="tui-crm status",
            autocommit=True,
            options="-c default_transaction_read_only=on",
        )
    except psycopg.Error:
        raise StoreError(
            _("The database {url} does not answer.").format(url=safe_url(url)),
            _("Check the address, the network and the password."),
        ) from None

    def ask(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            text: Any = sql.replace("%", "%%").replace("?", "%s")
            return connection.execute(text, tuple(params)).fetchall()
        except psycopg.errors.UndefinedTable:
            raise StoreError(
                _("There is no store in {url}.").format(url=safe_url(url)),
                _("Start tui-crm once, or name another with --db."),
            ) from None
        except psycopg.OperationalError:
            raise StoreBusy(
                _("The connection to the database was lost."), _("Try again in a moment.")
            ) from None

    return ask, connection.close


# -- JSON -----------------------------------------------------------------------------------------


def _json(value: Any, indent: str = "") -> str:
    """JSON as the other commands print it, without the import of `json`."""
    if isinstance(value, dict):
        if not value:
            return "{}"
        inner = indent + "  "
        lines = (f"{inner}{_word(str(k))}: {_json(v, inner)}" for k, v in value.items())
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return _word(str(value))


def _in_major_units(figures: dict[str, Any]) -> dict[str, Any]:
    from tui_crm.core import money

    amounts = ("open_amount", "weighted_amount", "won_month_amount", "won_month_goal")
    return {
        name: money.number(value, figures["currency"])
        if name in amounts and value is not None
        else value
        for name, value in figures.items()
    }


def _word(text: str) -> str:
    from _json import encode_basestring, encode_basestring_ascii  # the coder `json` itself uses

    from tui_crm.core.text import clean

    encode = encode_basestring_ascii if streams.ascii_only else encode_basestring
    return str(encode(clean(text)))
