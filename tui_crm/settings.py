"""Settings: ``config.toml`` and the environment, as one frozen object.

A missing file is fine: every key has a default. An unknown key or a wrong value is refused at start
with the file, the line and the nearest valid key.
"""

from __future__ import annotations

import os
import sys

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

APP = "tui-crm"


class Settings:
    """What ``config.toml`` may set, frozen. ``None`` and ``"auto"``: decided at start.

    Not a dataclass by decorator: `dataclasses` takes as long to import as Python takes to start,
    and ``tui-crm status`` reads the settings on every prompt.
    """

    db: str | None = None
    """Path of a SQLite file, or a ``postgresql://`` address."""
    user: str | None = None
    theme: str = "auto"
    glyphs: str = "auto"
    digit_row: str = "auto"
    """The layout whose digit row types letters without shift (`tui_crm.tui.digit_row`)."""
    links: str = "auto"
    """Whether phone numbers are links that the terminal can open."""
    language: str | None = None
    """A language code (``"es"``); None is the environment's."""
    mouse: bool = False
    """Off, so that the terminal's own selection works."""
    dialer: tuple[str, ...] = ()
    """The command that dials, an argument list; ``{phone}`` in it is the number."""
    mailer: tuple[str, ...] = ()
    """The command that writes e-mails, an argument list; ``{mailto}`` in it is a mailto: link,
    ``{file}`` a text file, ``{to}``, ``{subject}``, ``{body}`` the parts. None: the editor."""
    keys: Mapping[str, str] = {}
    """Id of a key in the key table -> the key to use for it. Checked where the table is."""
    zone: str | None = None
    """An IANA zone (``"Europe/Madrid"``); None is the system's."""
    path: str | None = None
    """The file that was read; None when there was none."""
    lines: Mapping[str, int] = {}
    """Id of a remapped key -> its line in the file, for messages."""

    def __init__(self, **values: Any) -> None:
        if unknown := values.keys() - Settings.__annotations__.keys():
            raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")
        vars(self).update(values)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"settings are frozen: {name}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and all(
            getattr(self, name) == getattr(other, name) for name in Settings.__annotations__
        )

    def __repr__(self) -> str:
        from tui_crm.core.store.url import safe_url

        shown = {**vars(self), "db": safe_url(self.db) if self.db else None}
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


CHOICES = {
    "theme": ("auto", "dark", "light", "terminal"),
    "glyphs": ("auto", "unicode", "ascii"),
    "digit_row": ("auto", "off", "azerty", "belgian", "czech", "slovak"),
    "links": ("auto", "on", "off"),
}
_KEYS = (
    "db",
    "user",
    "theme",
    "glyphs",
    "digit_row",
    "links",
    "language",
    "mouse",
    "dialer",
    "mailer",
    "keys",
    "zone",
)


def load(path: str | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Read ``path``, else the file `TUI_CRM_CONFIG` names, else the platform's own place.

    ``env`` (default: the process's) gives TUI_CRM_CONFIG, TUI_CRM_DB and TUI_CRM_USER; the last
    two win over the file. Only the platform's own place may be missing.

    Raises:
        CrmError: the file cannot be read, or says something it may not.
    """
    env = os.environ if env is None else env
    named = path or env.get("TUI_CRM_CONFIG") or None
    try:
        file = named or os.path.join(config_folder(env), "config.toml")
    except CrmError:  # without a home there is no file of our own to read
        file = ""
    found: dict[str, Any] = {}
    if file and (named or os.path.exists(file)):
        found = _read(os.path.expanduser(file))
        found["path"] = file
    for key, name in (("db", "TUI_CRM_DB"), ("user", "TUI_CRM_USER")):
        if env.get(name):
            found[key] = env[name]
    return Settings(**found)


def save(key: str, value: Any, path: str | None = None) -> Settings:
    """Set ``key`` in the file of the settings (``path``, else the one that `load` reads; made when
    there is none) and read it again. Everything else in the file stays as it is, comments too.

    Raises:
        CrmError: the value is none, the file cannot be read or written, or it sets the key in a way
            that only a person can change, such as on several lines.
    """
    import json
    import tomllib

    from tui_crm.core import files

    try:
        _value(key, list(value) if isinstance(value, tuple) else value)
    except _Wrong as wrong:
        raise CrmError(f"{wrong.why}.", wrong.hint) from None
    file = path or os.environ.get("TUI_CRM_CONFIG") or ""
    file = os.path.expanduser(file or os.path.join(config_folder(), "config.toml"))
    source = ""
    if os.path.exists(file):
        _read(file)
        with open(file, encoding="utf-8-sig") as stream:
            source = stream.read()
    before = tomllib.loads(source)
    typed = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    lines, number = source.splitlines(), _line(source, key)
    lines[number - 1 if number else 0 : number] = [f"{key} = {typed}"]
    made = "\n".join(lines) + "\n"
    wanted = before | {key: list(value) if isinstance(value, tuple) else value}
    try:
        whole = tomllib.loads(made) == wanted
    except tomllib.TOMLDecodeError:
        whole = False
    if not whole:
        raise CrmError(
            _("“{key}” is set in {file} in a way that cannot be changed here.").format(
                key=key, file=show(file)
            ),
            _("Change line {n} of that file.").format(n=number),
        )
    files.make_folder(os.path.dirname(os.path.abspath(file)))
    files.save(os.path.realpath(file), lambda out: out.write(made.encode("utf-8")))
    return load(path)


def _read(file: str) -> dict[str, Any]:
    import re
    import tomllib

    try:
        with open(file, encoding="utf-8-sig") as stream:
            source = stream.read()
    except OSError as error:
        raise CrmError(
            _("The settings {file} cannot be read: {why}.").format(
                file=show(file), why=error.strerror or error
            ),
            _("Name another file in TUI_CRM_CONFIG, or none."),
        ) from None
    except UnicodeDecodeError as error:
        raise _bad(file, 0, _("it is not UTF-8 text ({why})").format(why=error.reason)) from None
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line[1]) if line else source.rstrip().count("\n") + 1
        why = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise _bad(file, number, show(why)) from None
    found: dict[str, Any] = {}
    for key, value in data.items():
        line_number = _line(source, key)
        if key not in _KEYS:
            raise _bad(
                file,
                line_number,
                _("there is no setting “{key}”").format(key=show(key)),
                _nearest(key, _KEYS),
            )
        try:
            found[key] = _value(key, value)
        except _Wrong as wrong:
            at = line_number if not wrong.inner else _line(source, wrong.inner, key)
            raise _bad(file, at, wrong.why, wrong.hint) from None
    if "keys" in found:
        found["lines"] = {name: _line(source, name, "keys") for name in found["keys"]}
    return found


class _Wrong(Exception):
    """A value that cannot be: why, what to do, and at which key of its table."""

    def __init__(self, why: str, hint: str = "", inner: str = "") -> None:
        super().__init__(why)
        self.why, self.hint, self.inner = why, hint, inner


def _value(key: str, value: Any) -> Any:
    if key == "mouse":
        if not isinstance(value, bool):
            raise _Wrong(_("“mouse” is true or false"))
        return value
    if key == "dialer":
        if not (isinstance(value, list) and all(isinstance(word, str) for word in value)):
            raise _Wrong(
                _("“dialer” is a list of words"), _('For example ["xdg-open", "tel:{phone}"].')
            )
        if value and (not value[0].strip() or not any("{phone}" in word for word in value[1:])):
            raise _Wrong(
                _("“dialer” does not say where the number goes"),
                _("Put {phone} into one of the words after the command."),
            )
        return tuple(value)
    if key == "mailer":
        if not (isinstance(value, list) and all(isinstance(word, str) for word in value)):
            raise _Wrong(
                _("“mailer” is a list of words"), _('For example ["xdg-open", "{mailto}"].')
            )
        named = any(place in word for word in value[1:] for place in ("{mailto}", "{file}", "{to}"))
        if value and (not value[0].strip() or not named):
            raise _Wrong(
                _("“mailer” does not say where the message goes"),
                _("Put {mailto} or {file} into one of the words after the command."),
            )
        return tuple(value)
    if key == "keys":
        if not isinstance(value, dict):
            raise _Wrong(_("“keys” is a table"), _('For example [keys] and below it won = "W".'))
        for name, pressed in value.items():
            if not isinstance(pressed, str) or not pressed.strip():
                raise _Wrong(
                    _("the key for “{name}” is not a text").format(name=show(name)), inner=name
                )
        return dict(value)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(
            _("“{key}” is a text in quotes").format(key=key),
            _('For example {key} = "{example}".').format(key=key, example=_EXAMPLES[key]),
        )
    if key in CHOICES and value not in CHOICES[key]:
        raise _Wrong(
            _("“{value}” is no {key}").format(value=show(value), key=key),
            _nearest(value, CHOICES[key]),
        )
    if key == "zone":
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(value)
        except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
            raise _Wrong(*_no_zone(value)) from None
        except KeyError:
            raise _Wrong(*_no_zone(value)) from None
    return value


_EXAMPLES = {
    "db": "~/sales.db",
    "user": "ana",
    "theme": "dark",
    "glyphs": "ascii",
    "digit_row": "azerty",
    "links": "on",
    "language": "es",
    "zone": "Europe/Madrid",
}


def _no_zone(value: str) -> tuple[str, str]:
    from zoneinfo import available_timezones

    return (
        _("there is no time zone “{value}”").format(value=show(value)),
        _nearest(value, sorted(available_timezones()), all_of_them=False),
    )


def _nearest(word: str, valid: tuple[str, ...] | list[str], all_of_them: bool = True) -> str:
    import difflib

    near = difflib.get_close_matches(word.lower(), [name.lower() for name in valid], 1, 0.6)
    if near:
        name = next(name for name in valid if name.lower() == near[0])
        return _("Did you mean “{name}”?").format(name=name)
    if all_of_them:
        return _("Valid are: {names}.").format(names=", ".join(valid))
    return _("For example {example}.").format(example="Europe/Madrid")


def _bad(file: str, line: int, why: str, hint: str = "") -> CrmError:
    place = f"{show(file)}, " + _("line {line}").format(line=line) if line else show(file)
    return CrmError(f"{place}: {why}.", hint)


def _line(source: str, key: str, table: str = "") -> int:
    """The line (from 1) that sets ``key`` in ``table``; 0 when it is written some other way.

    The parser gives no positions; a look for ``key =`` or ``[key]`` finds every usual spelling.
    """
    import re

    name = rf"""["']?{re.escape(key)}["']?"""
    setting = re.compile(rf"\s*{name}\s*[=.]")
    header = re.compile(rf"\s*\[\[?\s*{name}\s*[\].]")
    dotted = re.compile(
        rf"""\s*["']?{re.escape(table)}["']?\s*(?:\.\s*{name}\s*=|=.*\b{name}\s*=)"""
    )
    current = ""
    for number, line in enumerate(source.splitlines(), 1):
        if (not table and header.match(line)) or (table and not current and dotted.match(line)):
            return number
        if opened := re.match(r"""\s*\[\[?\s*["']?([^\]"']+?)["']?\s*\]""", line):
            current = opened[1]
        elif current == table and setting.match(line):
            return number
    return 0


# --------------------------------------------------------------------------- places
#
# The folders of `platformdirs` (tests compare them), without importing it: `status` needs them on
# every prompt, and the import takes longer than a start of Python.


def config_folder(env: Mapping[str, str] | None = None, platform: str = sys.platform) -> str:
    """The folder of ``config.toml``."""
    return _folder(os.environ if env is None else env, platform, "XDG_CONFIG_HOME", ".config")


def default_db(env: Mapping[str, str] | None = None, platform: str = sys.platform) -> str:
    """Path of the store when nobody named one, in the platform's data folder.

    Raises:
        CrmError: there is no home folder, or its data folder cannot be written.
    """
    folder = _folder(
        os.environ if env is None else env,
        platform,
        "XDG_DATA_HOME",
        os.path.join(".local", "share"),
    )
    existing = folder
    while not os.path.isdir(existing) and (parent := os.path.dirname(existing)) != existing:
        existing = parent
    file = os.path.join(folder, "tui-crm.db")
    if not os.path.exists(file) and not os.access(existing, os.W_OK | os.X_OK):
        raise CrmError(
            _("There is no place for the data: {folder} cannot be written.").format(
                folder=show(existing)
            ),
            _("Name a file of your own: tui-crm --db FILE."),
        )
    return file


def _folder(env: Mapping[str, str], platform: str, variable: str, below_home: str) -> str:
    if platform == "win32":
        local = env.get("LOCALAPPDATA") or os.path.join(_home(env, "USERPROFILE"), "AppData\\Local")
        return os.path.join(local, APP)
    chosen = env.get(variable, "").strip()
    if chosen and os.path.isabs(chosen):
        return os.path.join(chosen, APP)
    if platform == "darwin":
        below_home = os.path.join("Library", "Application Support")
    return os.path.join(_home(env, "HOME"), below_home, APP)


def _home(env: Mapping[str, str], variable: str) -> str:
    home = env.get(variable, "")
    if not os.path.isabs(home) and env is os.environ:
        # As the shell does: the password database knows a home that the environment lacks.
        try:
            import pwd

            home = pwd.getpwuid(os.getuid()).pw_dir
        except (ImportError, KeyError):
            home = ""
    if not home or (sys.platform != "win32" and not os.path.isabs(home)):
        raise CrmError(
            _("There is no home folder to keep the data in ({variable} is not set).").format(
                variable=variable
            ),
            _("Name a file of your own: tui-crm --db FILE."),
        )
    return home
