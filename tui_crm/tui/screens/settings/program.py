"""How the program itself looks and behaves on this machine: config.toml as a subject of the
settings."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from tui_crm import settings as config
from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.catalogue import Act, Head, Parameter, SetupRow, Subject, Value

if TYPE_CHECKING:
    from tui_crm.settings import Settings
    from tui_crm.tui.crm import Crm

AT_NEXT_START = ("mouse", "zone", "language")


def subject(crm: Crm) -> Subject:
    """The settings of config.toml, changed in that file."""
    return Subject(
        name="program",
        title=_("Theme, keys and terminal"),
        about=_("How the program looks and behaves here, kept in config.toml."),
        right="",
        heads=(Head(_("setting")), Head(_("value"), give=True), Head("", give=True, most=60)),
        rows=lambda _session: _rows(crm),
        acts={"edit": Act("edit", "", _parameters())},
        run=partial(_run, crm),
        kind="record",
    )


def _parameters() -> tuple[Parameter, ...]:
    def choice(name: str, label: str, about: str) -> Parameter:
        choices = tuple((word, word) for word in config.CHOICES[name])
        return Parameter(name, label, about, choices=choices)

    later = _("From the next start.")
    return (
        choice("theme", _("theme"), _("Colours: dark, light, or the terminal's own.")),
        choice("glyphs", _("glyphs"), _("Lines and signs of Unicode, or plain ASCII.")),
        choice("links", _("links"), _("Phone numbers as links that the terminal opens.")),
        choice("digit_row", _("digit row"), _("Keyboards that type letters in place of digits.")),
        Parameter(
            "dialer",
            _("dialler"),
            _("A command that dials; {phone} is the number: xdg-open tel:{phone}"),
            parse=_words,
        ),
        Parameter(
            "mailer",
            _("mail program"),
            _("A command that writes e-mails, your editor if none: xdg-open {mailto}"),
            parse=_words,
        ),
        Parameter(
            "mouse",
            _("mouse"),
            " ".join((_("Off: the terminal's own selection works."), later)),
            choices=((True, _("on")), (False, _("off"))),
        ),
        Parameter(
            "zone",
            _("time zone"),
            " ".join((_("Like Europe/Madrid; the system's where none is set."), later)),
        ),
        Parameter("language", _("language"), " ".join((_("A code, like es."), later))),
    )


def _words(text: str) -> Value:
    try:
        return tuple(shlex.split(text))
    except ValueError:
        raise CrmError(_("A quote is not closed."), _("Close it, or leave it out.")) from None


def _rows(crm: Crm) -> list[SetupRow]:
    now = _settings(crm)
    made = []
    for one in _parameters():
        value = getattr(now, one.name)
        if isinstance(value, tuple):
            value = shlex.join(value)
        words = {True: _("on"), False: _("off"), None: _("the system's"), "": _("none")}
        shown = words[value] if value in words else str(value)
        cells = (one.label, shown, one.about)
        made.append(SetupRow(one.name, one.label, cells, {one.name: value or ""}))
    return made


def _settings(crm: Crm) -> Settings:
    return crm.settings or config.Settings()


def _run(crm: Crm, _session: Session, _name: str, values: Mapping[str, Value]) -> str:
    ((key, value),) = values.items()
    crm.use_settings(config.save(key, value, _settings(crm).path))
    words = " ".join(value) if isinstance(value, tuple) else str(value)
    if isinstance(value, bool):
        words = _("on") if value else _("off")
    said = _("{key}: {value}").format(key=key.replace("_", " "), value=words)
    return f"{said}; {_('from the next start')}" if key in AT_NEXT_START else said
