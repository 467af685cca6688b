"""The script of a list: the words to say, in plain Markdown, filled in from the row on screen.

Of Markdown there is what a script needs and nothing that data could abuse: headings (``#``), lists
(``-``, ``*``, ``1.``), quotes (``>``) and bold (``**so**``); a line break stays one. The marks are
read from the script alone, before the ``{columns}`` are filled in, so that no cell of a list is
ever taken for one. A line ``[1] no time`` begins the answer to that objection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui_crm.core import drafts
from tui_crm.core.lists.lists import Column
from tui_crm.core.session import Session
from tui_crm.core.store.columns import ProspectColumns
from tui_crm.core.store.journal import Write
from tui_crm.core.text import clean, fold

_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,60})\}")
_ANSWER = re.compile(r"\[([1-9])\]\s*(.*)")
_LINE = re.compile(r"(\s*)(?:(#{1,6})|([-*+•])|(\d{1,2}[.)])|(>))\s+(.*)")
# A backslash makes the next sign an ordinary one; bold needs letters at both its ends.
_INLINE = re.compile(
    r"\\([\\*_#>\-+\[\]{}`])|\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__"
    r"|(?<![\w*])\*(?=[^\s*])([^*]*)(?<=\S)\*(?![\w*])|(?<![\w_])_(?=[^\s_])([^_]*)(?<=\S)_(?![\w_])"
)
_BETWEEN = " > "
MOST_ANSWERS = 12  # opened answers that are kept of one call

Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class ScriptLine:
    """A line to say: ``kind`` is ``text``, ``heading``, ``item`` or ``quote``; ``mark`` is what
    is before an item (``-``, ``1.``); ``depth`` counts from 0 how far an item is set in;
    ``pieces`` are ``(words, bold)``, filled in."""

    kind: str
    pieces: Pieces
    mark: str = ""
    depth: int = 0

    @property
    def text(self) -> str:
        """The words alone."""
        return " ".join(filter(None, (self.mark, "".join(words for words, _bold in self.pieces))))


@dataclass(frozen=True)
class ScriptPart:
    """The opening (``digit`` 0), or the answer to the objection of a digit."""

    digit: int
    label: str
    lines: tuple[ScriptLine, ...]

    @property
    def text(self) -> str:
        """The words alone, line by line."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Script:
    """The words to say, filled in: the opening first, then the answers by digit."""

    parts: tuple[ScriptPart, ...] = ()

    def part(self, digit: int | None) -> ScriptPart | None:
        """The opening (0 or ``None``), or the answer of a digit."""
        return next((part for part in self.parts if part.digit == (digit or 0)), None)

    @property
    def opening(self) -> str:
        """The words of the opening alone."""
        part = self.part(0)
        return part.text if part else ""

    @property
    def branches(self) -> tuple[tuple[int, str, str], ...]:
        """``(digit, label, words)`` of each answer."""
        return tuple((part.digit, part.label, part.text) for part in self.parts if part.digit)


def script(
    session: Session,
    text: str,
    row: ProspectColumns,
    cells: tuple[tuple[str, str, str | None], ...],
    columns: Sequence[Column],
) -> Script:
    """A list's script with its ``{columns}`` filled in from a row. A placeholder that names no
    column stays as it is; one whose cell is empty becomes nothing."""
    if not text:
        return Script()
    words = {fold(label): value for label, value, _field in reversed(cells)}
    parts = row["name"].split()
    first = row["first_name"] or (parts or [""])[0]
    known = {
        "first name": first,
        "last name": row["last_name"] or " ".join(parts[1:]),
        "name": row["name"],
        "company": row["company"],
        "role": row["role"],
        "city": row["city"],
        "country": row["country"],
        "my name": session.user.full_name or session.user.name,
    }
    names = {fold(column.name) for column in columns}

    def fill(placeholder: re.Match[str]) -> str:
        name = fold(placeholder[1])
        found = known.get(name) or known.get(name.replace("_", " "))
        if found:
            return str(found)
        return words.get(name, "" if name in known or name in names else placeholder[0])

    # An empty cell leaves no gap.
    return parse(text, lambda piece: re.sub("  +", " ", _PLACEHOLDER.sub(fill, piece)))


def parse(text: str, fill: Callable[[str], str] = str) -> Script:
    """Parse a script; ``fill`` fills in each piece after its marks were read."""
    parts: list[tuple[int, str, list[ScriptLine]]] = [(0, "", [])]
    for line in text.splitlines():
        answer = _ANSWER.fullmatch(line.strip())
        if answer:
            label = "".join(words for words, _bold in _pieces(answer[2].strip(), fill))
            parts.append((int(answer[1]), " ".join(label.split()), []))
        else:
            parts[-1][2].append(_line(line, fill))
    return Script(tuple(ScriptPart(digit, label, _trimmed(lines)) for digit, label, lines in parts))


def _line(line: str, fill: Callable[[str], str]) -> ScriptLine:
    marked = _LINE.fullmatch(line.rstrip())
    if marked is None:
        return ScriptLine("text", _pieces(line.strip(), fill))
    indent, heading, bullet, number, quote, rest = marked.groups()
    if heading:
        return ScriptLine("heading", _pieces(rest.rstrip("# "), fill))
    if quote:
        return ScriptLine("quote", _pieces(rest, fill))
    depth = min(len(indent.replace("\t", "    ")) // 2, 4)
    return ScriptLine("item", _pieces(rest, fill), "-" if bullet else number, depth)


def _pieces(text: str, fill: Callable[[str], str]) -> Pieces:
    """The words of a line, each with whether it is bold."""
    found: list[tuple[str, bool]] = []
    at = 0
    for match in _INLINE.finditer(text):
        found.append((fill(text[at : match.start()]), False))
        escaped, *bold = match.groups()
        if escaped:
            found.append((escaped, False))
        else:
            found.append((fill(next(words for words in bold if words)), True))
        at = match.end()
    found.append((fill(text[at:]), False))
    return tuple((words, bold) for words, bold in found if words)


def _trimmed(lines: list[ScriptLine]) -> tuple[ScriptLine, ...]:
    """Without empty lines at the ends."""
    full = [n for n, line in enumerate(lines) if line.pieces]
    return tuple(lines[full[0] : full[-1] + 1]) if full else ()


# -- the answers that were opened -----------------------------------------------------------------


def answers_place(prospect_id: int) -> str:
    """The place under which the answers opened on a prospect are drafted."""
    return f"prospect:{prospect_id}:script"


def opened_answers(session: Session, prospect_id: int) -> str:
    """The answers opened on this row since its last outcome: ``1 no time > 3 send it``."""
    draft = drafts.load(session, answers_place(prospect_id))
    return draft.text if draft else ""


def open_answer(session: Session, prospect_id: int, digit: int, label: str) -> str:
    """Note that an answer was opened, at once, so that a cut line does not forget it; all of them.
    The same one twice in a row is one."""
    label = " ".join(clean(label, single_line=True).replace(">", " ").split())[:60]
    path = opened_answers(session, prospect_id)
    steps = [step for step in path.split(_BETWEEN) if step]
    step = f"{digit} {label}".strip()
    if steps and steps[-1] == step:
        return path
    path = _BETWEEN.join([*steps, step][-MOST_ANSWERS:])
    drafts.save(session, answers_place(prospect_id), path)
    return path


def take_over(w: Write, prospect_id: int, opened: str, path: str | None) -> str:
    """For the operation that logs the call: the path that the action keeps, in place of the draft.
    ``None`` takes the answers that were ``opened`` (:func:`opened_answers`)."""
    path = opened if path is None else clean(path, single_line=True).strip()
    if opened or path:
        drafts.take_over(w, answers_place(prospect_id), path)
    return path


def last_digit(path: str) -> int | None:
    """The digit of the answer that was opened last."""
    digit = path.rpartition(_BETWEEN)[2][:1]
    return int(digit) if digit.isdecimal() else None
