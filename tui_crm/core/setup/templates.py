"""Templates of messages: a name, a language, a subject and a text with ``{placeholders}``, for all
users of the workspace."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.store.tables import Template
from tui_crm.core.text import _, clean, fold

LONGEST = 20_000  # characters of a text
_LANGUAGE = re.compile(r"[a-z]{2,3}")
LANGUAGES = {
    "en": ("english", "ingles", "anglais", "englisch"),
    "es": ("spanish", "espanol", "castellano", "espagnol", "spanisch"),
    "fr": ("french", "frances", "francais", "franzosisch"),
    "de": ("german", "aleman", "allemand", "deutsch"),
    "it": ("italian", "italiano", "italien", "italienisch"),
    "pt": ("portuguese", "portugues", "portugais", "portugiesisch"),
    "ca": ("catalan", "catala", "katalanisch"),
    "nl": ("dutch", "holandes", "neerlandais", "niederlandisch", "nederlands"),
    "pl": ("polish", "polaco", "polonais", "polnisch", "polski"),
}
"""The names of languages, folded, in those that the program speaks and in their own."""


@dataclass(frozen=True)
class TemplateRow:
    """A template. ``label`` names it among those of other languages: ``Offer (es)``."""

    id: int
    name: str
    language: str
    subject: str
    body: str
    retired: bool

    @property
    def label(self) -> str:
        return f"{self.name} ({self.language})"


def all_templates(store: Store) -> list[TemplateRow]:
    """Every template in order of name and language, retired ones last."""
    return store.fetch(templates_query())


def templates_query() -> Query[list[TemplateRow]]:
    """The query of :func:`all_templates`."""
    return typed_rows(
        TemplateRow,
        "SELECT id, name, language, subject, body, retired FROM templates"
        " ORDER BY retired, match, language, id",
        (),
    )


def offered(store: Store, language: str) -> list[TemplateRow]:
    """The templates to choose from for somebody who reads ``language``: one in it stands for those
    of its name in others; theirs come first."""
    known = [row for row in all_templates(store) if not row.retired]
    there = {fold(row.name) for row in known if row.language == language}
    first = [row for row in known if row.language == language]
    return first + [
        row for row in known if row.language != language and fold(row.name) not in there
    ]


def find(store: Store, text: str, language: str = "", retired: bool = False) -> TemplateRow:
    """The template of that name (``Offer``, or ``Offer (es)`` where there are several; the one in
    ``language`` where that decides), or of its unmistakable beginning; of the ``retired`` ones
    when it says so. Raises NotFound naming those there are."""
    known = [row for row in all_templates(store) if bool(row.retired) is retired]
    wanted = " ".join(fold(text).split())
    for matches in (
        [row for row in known if fold(row.label) == wanted],
        [row for row in known if fold(row.name) == wanted],
        [row for row in known if wanted and fold(row.name).startswith(wanted)],
    ):
        in_language = [row for row in matches if row.language == language]
        if len(matches) == 1 or len(in_language) == 1:
            return (in_language or matches)[0]
        if matches:
            break
    raise NotFound(
        _("There is no one template {name}.").format(name=clean(text, single_line=True)),
        _("There are: {names}.").format(names=", ".join(row.label for row in known))
        if known
        else _("Add one: tui-crm templates add"),
    )


def language_code(text: str) -> str:
    """The code of a language that is named by it or by its name (``es``, ``Spanish``,
    ``español``); empty where it is none."""
    word = fold(text).strip()
    named = next((code for code, names in LANGUAGES.items() if word in names), "")
    if not named and _LANGUAGE.fullmatch(short := re.split("[_-]", word)[0]):
        return short
    return named


# -- operations -----------------------------------------------------------------------------------


@operation("templates.add")
def add(w: Write, name: str, subject: str = "", body: str = "", language: str = "") -> int:
    """Define a template; without a ``language`` it is in the workspace's. Its row number. Raises
    CrmError for one that there is already, and for one that says nothing."""
    values = {"name": _name(name), "language": _language(language or w.session.house.language)}
    values |= {"subject": _subject(subject), "body": _body(body)}
    if not (values["subject"] or values["body"]):
        raise CrmError(_("A template needs a subject or a text."))
    values["match"] = fold(values["name"])
    _refuse_double(w.store, 0, values["name"], values["language"])
    w.describe(_("template {name}").format(name=values["name"]))
    return w.insert(Template, **values)


@operation("templates.edit")
def edit(
    w: Write,
    name: str,
    *,
    rename: str | None = None,
    subject: str | None = None,
    body: str | None = None,
    language: str | None = None,
) -> None:
    """Change a template; what is None stays."""
    row = find(w.store, name, w.session.house.language)
    values: dict[str, str] = {}
    if rename:
        values["name"] = _name(rename)
        values["match"] = fold(values["name"])
    if language:
        values["language"] = _language(language)
    if subject is not None:
        values["subject"] = _subject(subject)
    if body is not None:
        values["body"] = _body(body)
    if not (values.get("subject", row.subject) or values.get("body", row.body)):
        raise CrmError(_("A template needs a subject or a text."))
    _refuse_double(
        w.store, row.id, values.get("name", row.name), values.get("language", row.language)
    )
    w.update(Template, row.id, **values)
    w.describe(_("template {name} changed").format(name=values.get("name", row.name)))


@operation("templates.retire")
def retire(w: Write, name: str) -> None:
    """No longer offer a template."""
    row = find(w.store, name, w.session.house.language)
    w.update(Template, row.id, retired=1)
    w.describe(_("template {name} retired").format(name=row.name))


@operation("templates.bring_back")
def bring_back(w: Write, name: str) -> None:
    """Offer a retired template again. Raises CrmError where another has its name by now."""
    row = find(w.store, name, w.session.house.language, retired=True)
    _refuse_double(w.store, row.id, row.name, row.language)
    w.update(Template, row.id, retired=0)
    w.describe(_("template {name} is back").format(name=row.name))


def _refuse_double(store: Store, number: int, name: str, language: str) -> None:
    for other in all_templates(store):
        same = fold(other.name) == fold(name) and other.language == language
        if same and other.id != number and not other.retired:
            raise CrmError(_("There is a template {name} already.").format(name=other.label))


def _name(text: str) -> str:
    name = " ".join(clean(text, single_line=True).split())
    if not fold(name) or len(name) > 60:
        raise CrmError(_("A template needs a name of at most 60 letters."))
    return name


def _language(text: str) -> str:
    code = language_code(clean(text, single_line=True))
    if not code:
        raise CrmError(
            _("{text} is no language.").format(text=clean(text, single_line=True)),
            _("Type a code, like es."),
        )
    return code


def _subject(text: str) -> str:
    return " ".join(clean(text, single_line=True).split())


def _body(text: str) -> str:
    body = clean(text).strip("\n")
    if len(body) > LONGEST:
        raise CrmError(
            _("The text of a template has at most {n} characters.").format(n=f"{LONGEST:,}")
        )
    return body
