"""``tui-crm status``, answered before anything else is imported.

It stands in shell prompts and tmux bars, so it may cost little more than starting Python: no
click, no peewee, no `dataclasses`, no `json`.
"""

from __future__ import annotations

import sys
import time

from tui_crm.cli import streams
from tui_crm.core.errors import CrmError
from tui_crm.core.text import show, use_language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui_crm.settings import Settings

_TAKES = ("--db", "--user", "--format")


def quick(argv: list[str]) -> int | None:
    """Answer ``status`` when ``argv`` is a plain one; the exit code. ``None``: anything unusual,
    for the full command line to deal with."""
    options = _parse(argv)
    if options is None:
        return None
    try:
        try:
            streams.prepare()
            from tui_crm import settings

            chosen = settings.load()
            use_language(chosen.language)
            put(
                chosen,
                options.get("--db"),
                options.get("--user"),
                "--json" in options,
                options.get("--format"),
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
        from tui_crm.cli.app import refused_by_system

        return refused_by_system(error)


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
    from tui_crm.cli import identity
    from tui_crm.core import pulse
    from tui_crm.core.store.reader import open_reader

    store = open_reader(db or chosen.db or settings.default_db())
    try:
        name = identity.acting_user(
            user or chosen.user,
            store.role(),
            lambda: pulse.user_names(store.rows),
            store.is_owner,
        )
        figures = pulse.figures(store.rows, name, int(time.time()))
    finally:
        store.close()
    if as_json:
        shown = _json(_in_major_units(figures))
    else:
        if template is None:
            shown = pulse.format_text(figures)
        else:
            shown = pulse.format_string(template, figures)
        if streams.ascii_only:
            shown = shown.replace("–", "-").replace("€", f"{figures['currency']} ")
        shown = show(shown, single_line=False)
    sys.stdout.write(shown if shown.endswith("\n") else shown + "\n")


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
