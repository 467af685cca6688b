"""A message to one person: its text as an editor has it, and as a mailto link (RFC 6068). Templates
of messages are filled in here: ``{first name}``, ``{company}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from tui_crm.core.text import clean, fold

LINK = 2000
"""Characters of a mailto link that every mail program and system takes (Windows: 2,083)."""
PLACEHOLDER = re.compile(r"\{([^{}\n]{1,60})\}")
_HEADER = re.compile(r"\s*(to|subject)\s*:(.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Mail:
    """A message: ``to`` is an address, ``name`` the person's; ``body`` has several lines."""

    to: str
    name: str
    subject: str
    body: str

    @property
    def recipient(self) -> str:
        """``Anna Weber <anna@acme.example>``."""
        return f"{self.name} <{self.to}>" if self.name and self.to else self.to or self.name

    @property
    def text(self) -> str:
        """The message as it is edited: two headers, an empty line, the body."""
        return f"To: {self.recipient}\nSubject: {self.subject}\n\n{self.body}"

    @property
    def logged(self) -> str:
        """What the history keeps of it: the subject, to whom, the text."""
        head = "\n".join(part for part in (self.subject, f"> {self.recipient}") if part)
        return f"{head}\n\n{self.body}".strip()

    def edited(self, text: str) -> Mail:
        """The message that a text of :attr:`text`'s shape is. A header that was taken out is empty;
        without any header all of it is the body."""
        lines = clean(text).split("\n")
        found: dict[str, str] = {}
        while lines and (header := _HEADER.fullmatch(lines[0])):
            found[header[1].lower()] = header[2].strip()
            del lines[0]
        body = "\n".join(lines).strip("\n")
        if not found:
            return replace(self, body=body)
        to, name = _address(found.get("to", ""))
        return Mail(to, name, found.get("subject", ""), body)

    def link(self, with_body: bool = True) -> str:
        """The ``mailto:`` link of RFC 6068: UTF-8, percent-encoded, lines end in CR LF. Only
        letters, digits and ``-._~@`` stand in it as they are."""
        local, at, domain = self.to.rpartition("@")
        address = f"{_encoded(local)}{at}{_encoded(domain)}"
        fields = {"subject": self.subject, "body": self.body if with_body else ""}
        query = "&".join(f"{name}={_encoded(value)}" for name, value in fields.items() if value)
        return f"mailto:{address}?{query}" if query else f"mailto:{address}"

    @property
    def left(self) -> tuple[str, ...]:
        """The placeholders that still stand in it."""
        return tuple(dict.fromkeys(PLACEHOLDER.findall(f"{self.subject}\n{self.body}")))


def _encoded(text: str) -> str:
    return quote(text.replace("\r\n", "\n").replace("\n", "\r\n"), safe="", errors="replace")


def _address(text: str) -> tuple[str, str]:
    """Address and name of ``Anna <anna@acme.example>``."""
    name, bracket, address = text.rpartition("<")
    if bracket and address.rstrip().endswith(">"):
        return address.rstrip()[:-1].strip(), name.strip().strip('"')
    return text.strip(), ""


@dataclass(frozen=True)
class Filled:
    """A text with its placeholders filled in; ``empty`` are those that had nothing to be filled
    with, ``unknown`` those that name no field. Both stand in the text as they were."""

    text: str
    empty: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Fill in ``{names}`` from ``values``, whose names are compared without case, accents and
    underscores; of two alike the first that has a value. What is filled in is not read for
    placeholders again."""
    known: dict[str, str] = {}
    for name, value in values.items():
        known[_same(name)] = known.get(_same(name)) or value
    empty: dict[str, None] = {}
    unknown: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        value = known.get(_same(found[1]))
        if value is None:
            unknown[found[1]] = None
        elif not value:
            empty[found[1]] = None
        return value or found[0]

    return Filled(PLACEHOLDER.sub(put, text), tuple(empty), tuple(unknown))


def _same(name: str) -> str:
    return " ".join(fold(name.replace("_", " ")).split())
