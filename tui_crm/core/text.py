"""Text: translated, cleaned on its way in, made safe on its way to the screen, compared.

Names, notes and columns are written by strangers and by broken software. `clean` is the one way
into the store, `show` and `fit` are the one way to the screen; neither lets a control character
through. Lengths on screen are *cells* (a wide character takes two), never ``len``.

Importing this module costs next to nothing: ``tui-crm status`` does it on every prompt. What is
only needed for unusual characters (patterns, Unicode tables) or beyond English (`gettext`) is
loaded when it is needed: the patterns alone take as long to build as Python takes to start.
"""

from __future__ import annotations

import os
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Container, Iterable

    from tui_crm.core.errors import CrmError

PLACEHOLDER = "\ufffd"
"""Stands, visibly, where a character was that must not reach a terminal."""

_OBJECT = "\ufffc"
"""Where a word processor had a picture; shows nothing."""

# --------------------------------------------------------------------------- language

LOCALE_FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")

_gettext: Callable[[str], str] | None = None
_ngettext: Callable[[str, str, int], str] | None = None


def use_language(language: str | None = None) -> None:
    """Translate every message into ``language`` (``"es"``, ``"fr_CA"``) from now on.

    Without one, the environment decides (LANGUAGE, LC_ALL, LC_MESSAGES, LANG, in that order). A
    language without a catalogue means English: a translation may be missing, a word never.
    """
    global _gettext, _ngettext
    if language is None:
        names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
        language = next((os.environ[name] for name in names if os.environ.get(name)), "en")
    wanted = language.split(":")[0].split(".")[0].split("@")[0].replace("-", "_")
    _gettext = _ngettext = None
    if not wanted.replace("_", "").isalpha():
        return  # no language at all, and no path out of the folder
    if not any(
        os.path.isdir(os.path.join(LOCALE_FOLDER, name)) for name in (wanted, wanted.split("_")[0])
    ):
        return
    import gettext

    catalogue = gettext.translation("tui_crm", LOCALE_FOLDER, [wanted], fallback=True)
    _gettext, _ngettext = catalogue.gettext, catalogue.ngettext


def _(message: str) -> str:
    """``message`` in the language in use."""
    return message if _gettext is None or not message else _gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a counted message that ``count`` asks for, in the language in use."""
    if _ngettext is not None:
        return _ngettext(one, many, count)
    return one if count == 1 else many


# --------------------------------------------------------------------------- on its way in

MOST = 1_000_000
"""Characters of one text, whatever way it comes in: a field of a file, a note, an argument."""

_suspect: Callable[[str], re.Match[str] | None]  # built with the next one by `_build_patterns`
_odd: re.Pattern[str] | None = None


def _build_patterns() -> None:
    """Build the two patterns of `clean`: is there anything to do, and what."""
    global _suspect, _odd
    import re

    # Ends of line of every kind: Windows, old Mac, VT, FF, NEL, line and paragraph separators.
    newlines = "\n\r\v\f\x85\u2028\u2029"
    # Invisible and without meaning in a name or a note: byte order mark, zero-width space, soft
    # hyphen, word joiner, invisible operators. Two names that differ in these look the same.
    noise = "\xad\u180e\u200b\u2060-\u2064\ufeff"
    # C0, DEL, C1: a terminal obeys them. Bidirectional controls reorder what stands beside them.
    # Interlinear and object marks, noncharacters, half surrogates and tags show nothing, or
    # differ from one terminal to the next.
    forbidden = (
        "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
        "\u061c\u200e\u200f\u202a-\u202e\u2065-\u206f"
        "\ufff0-\ufffc\ufdd0-\ufdef\ud800-\udfff"
        "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    ) + "".join(
        chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
    )
    # The flags of England, Scotland and Wales are the one honest use of tag characters.
    flag = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
    # One character sent as its two UTF-16 halves (JavaScript, old spreadsheets).
    halves = "[\ud800-\udbff][\udc00-\udfff]"
    _suspect = re.compile(f"[\t{newlines}{noise}{forbidden}]").search
    _odd = re.compile(
        f"(?P<keep>{flag})|(?P<halves>{halves})|(?P<line>\r\n|[{newlines}])|(?P<tab>\t)"
        f"|(?P<noise>[{noise}])|(?P<bad>[{forbidden}])"
    )


def _composed(text: str) -> str:
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)


# Signs beyond Latin that titles and notes in our languages have.
_SIGNS = dict.fromkeys(map(ord, "–—‘’‚“”„•…‹›€"))


def _plain(text: str) -> bool:
    """Whether there is nothing to do: one cell and one grapheme a character, Latin or a sign.

    True for nearly every cell of an import, and faster than any pattern.
    """
    return text.isprintable() and (
        text.isascii() or max(text) < "\u0300" or max(text.translate(_SIGNS), default="") < "\u0300"
    )


def clean(text: str, single_line: bool = False) -> str:
    """``text`` as the store may keep it. Every way in calls this: forms, imports, commands.

    Unicode NFC; every end of line is ``\\n`` (with ``single_line`` a space), a tab is a space;
    invisible noise goes; what a terminal could obey, or what hides or reorders text, becomes
    `PLACEHOLDER`. Joiners inside emoji and scripts stay. Nothing else changes: no trimming.
    ``clean(clean(text)) == clean(text)``. Raises CrmError for more than `MOST` characters.
    """
    if len(text) > MOST:
        raise _too_long(len(text))
    return text if _plain(text) else clean_counted(text, single_line)[0]


def _too_long(characters: int) -> CrmError:
    from tui_crm.core.errors import CrmError  # `status` needs none

    return CrmError(
        _("A text of {n} characters is too long: at most {most} are kept.").format(
            n=f"{characters:,}", most=f"{MOST:,}"
        ),
        _("Shorten it, or keep it in a file."),
    )


def clean_counted(text: str, single_line: bool = False) -> tuple[str, int]:
    """`clean`, and how many characters it had to replace or drop.

    Ends of line and tabs do not count, nor does normalisation: nothing of the data is lost.
    """
    flat = text.replace("\n", " ")
    if _plain(flat):
        return flat if single_line else text, 0
    if flat.isprintable() and _OBJECT not in flat:  # of all that is looked for only that prints
        return _composed(flat if single_line else text), 0
    if _odd is None:
        _build_patterns()
        assert _odd is not None
    if _suspect(text) is None:
        return _composed(text), 0
    count = 0
    newline = " " if single_line else "\n"

    def put(found: re.Match[str]) -> str:
        nonlocal count
        match found.lastgroup:
            case "keep":
                return found[0]
            case "line":
                return newline
            case "tab":
                return " "
            case "halves":
                whole = found[0].encode("utf-16", "surrogatepass").decode("utf-16")
                if _suspect(whole) is None:
                    return whole
                count += 1
                return PLACEHOLDER
            case "noise":
                count += 1
                return ""
        count += 1
        return PLACEHOLDER

    # Normalised after the noise is gone: "e", zero-width space, accent composes only then.
    return _composed(_odd.sub(put, text)), count


# --------------------------------------------------------------------------- on its way out

_encoding: str | None = None
_ellipsis = "…"

_column_breakers: list[tuple[re.Pattern[str], str]] = []


def _without_column_breakers(text: str) -> str:
    """``text`` without the selectors, joiners and marks that break the columns beside them."""
    if not _column_breakers:
        import re

        # A joiner draws two emoji as one, a selector makes one of a sign. Behind anything else
        # terminals and our own measure disagree about what they do, and they show nothing: they
        # are left out on screen, kept in the store.
        emoji = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
        signs = "#*0-9\xa9\xae\u203c\u2049\u2122\u2139"
        # More than a few marks on one letter run into the rows above and below.
        marks = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
        _column_breakers.extend(
            (
                (re.compile(f"(?<![{signs}{emoji}])\ufe0f"), ""),
                (re.compile(f"(?<![{emoji}\ufe0f])\u200d|\u200d(?![{emoji}])"), ""),
                (re.compile(f"({marks}{{3}}){marks}+"), r"\1"),
            )
        )
    for pattern, replacement in _column_breakers:
        text = pattern.sub(replacement, text)
    return _composed(text)


def set_encoding(name: str | None, ascii_signs: bool = False) -> None:
    """The encoding of the terminal; what it cannot show is shown as ``?``. None means UTF-8.

    An encoding Python does not know counts as ASCII. With ``ascii_signs``, or where the encoding
    has no ``…``, a cut is marked by ``>``: some fonts draw ``…`` two cells wide.
    """
    global _encoding, _ellipsis
    import codecs

    try:
        known = codecs.lookup(name or "utf-8").name
    except LookupError:
        known = "ascii"
    _encoding = None if known.startswith("utf-8") else known
    lacks_sign = "…".encode(known, "replace").decode(known) != "…"
    _ellipsis = ">" if ascii_signs or lacks_sign else "…"


def show(text: str, single_line: bool = True) -> str:
    """``text`` as it may reach the screen or the standard output, as plain text.

    The safety of `clean` once more, for whatever an older version or another program stored;
    letters with a pile of marks keep three; what the terminal's encoding lacks becomes ``?``.
    """
    if _plain(text) and (_encoding is None or text.isascii()):
        return text
    text = clean(text, single_line)
    if single_line and "\n" in text:
        text = text.replace("\n", " ")
    if text.isascii():
        return text
    if not _plain(text.replace("\n", " ")):
        text = _without_column_breakers(text)
    if _encoding is not None:
        text = text.encode(_encoding, "replace").decode(_encoding)
    return text


# --------------------------------------------------------------------------- cells

# One cell each: Latin, Greek and Cyrillic, signs, arrows, and the lines and blocks we draw with.
# Saying so spares most of our users the Unicode tables, which take as long to load as Python.
_NARROW = (
    " ~",
    "\xa0\xac",
    "\xae\u02ff",
    "\u0370\u0482",
    "\u2010\u2027",
    "\u2030\u205e",
    "\u2190\u2319",
    "\u2500\u25fc",
)


def _is_narrow(text: str) -> bool:
    """Whether every character is one of `_NARROW`: one cell and one grapheme."""
    return all(any(ends[0] <= c <= ends[1] for ends in _NARROW) for c in set(text))


_cells: dict[str, int] = {}
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"


def _cell(character: str) -> int:
    """Cells of one code point, by the Unicode tables of `wcwidth`; 0 for controls.

    Two differences from those tables, both because the second code point never stands alone:
    a skin tone adds nothing to its emoji, and the two letters of a flag are one cell each.
    """
    known = _cells.get(character)
    if known is None and _is_narrow(character):
        known = _cells[character] = 1
    if known is None:
        from wcwidth import wcwidth

        if "\U0001f3fb" <= character <= "\U0001f3ff":
            known = 0
        elif "\U0001f1e6" <= character <= "\U0001f1ff":
            known = 1
        else:
            known = max(wcwidth(character), 0)
        _cells[character] = known
    return known


def _grows(character: str) -> bool:
    """Whether the emoji variation selector makes this narrow character a wide one."""
    pair = character + _EMOJI_STYLE
    known = _cells.get(pair)
    if known is None:
        from wcwidth import wcswidth, wcwidth

        known = _cells[pair] = int(wcswidth(pair) > wcwidth(character) > 0)
    return bool(known)


@lru_cache(maxsize=8192)
def width(text: str) -> int:
    """Cells that ``text`` takes on screen (of its longest line, if it has several).

    The rules are those the screen library lays out by, so that columns stay aligned: sum of the
    code points, an emoji behind a joiner adds nothing, a variation selector widens.
    """
    if _plain(text):
        return len(text)
    if "\n" in text:
        return max(width(line) for line in text.split("\n"))
    if _JOINER not in text and _EMOJI_STYLE not in text:
        return sum(map(_cell, text))
    total = 0
    last = ""
    characters = iter(text)
    for character in characters:
        if character == _JOINER:
            next(characters, None)
        elif character == _EMOJI_STYLE:
            if last:
                total += _grows(last)
                last = ""
        elif cells := _cell(character):
            last = character
            total += cells
    return total


def graphemes(text: str) -> Iterable[str]:
    """``text`` in the pieces a reader takes for one character each."""
    if _plain(text) or _is_narrow(text):
        return text
    from wcwidth import iter_graphemes

    return iter_graphemes(text)


def _cut(text: str, cells: int) -> str:
    """As much of ``text`` as fits into ``cells``, whole graphemes only."""
    if _plain(text):
        return text[:cells]
    kept = []
    for piece in graphemes(text):
        cells -= width(piece)
        if cells < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip(_JOINER)


def fit(text: str, width: int, align: str = "left", pad: bool = True) -> str:
    """``text`` on one line, through `show`, in exactly ``width`` cells.

    Too long, it is cut between graphemes and ends in one ``…``; too short, it is padded with
    spaces on the right, or on the left with ``align="right"``, or not at all without ``pad``
    (then it takes *at most* ``width`` cells).
    """
    if width <= 0:
        return ""
    text = show(text)
    if _plain(text):  # most of a list: no counting of cells
        used = len(text)
        if used > width:
            return text[: width - 1] + _ellipsis
    else:
        used = _width(text)
    if used > width:
        text = _cut(text, width - 1) + _ellipsis
        used = _width(text)
    if not pad or used == width:
        return text
    spaces = " " * (width - used)
    return spaces + text if align == "right" else text + spaces


_width = width  # `fit` and `wrap` name their parameter as their callers think of it


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, through `show`, without padding.

    Breaks between words where it can, inside a longer word between graphemes. Lines of the text
    stay lines, empty ones too; empty text is no line at all.
    """
    width = max(width, 1)
    if not text:
        return []
    lines: list[str] = []
    for paragraph in show(text, single_line=False).split("\n"):
        line, used = "", 0
        for word in paragraph.split(" "):  # a no-break space stays inside its word
            cells = _width(word)
            if used and used + 1 + cells <= width:
                line, used = f"{line} {word}", used + 1 + cells
                continue
            if used:
                lines.append(line)
            if cells > width:
                *full, word = _chopped(word, width)
                lines += full
                cells = _width(word)
            line, used = word, cells
        lines.append(line)
    return lines


def _chopped(word: str, cells: int) -> list[str]:
    """``word`` in lines of at most ``cells``; a wide character has no room in a single one."""
    lines, used = [""], 0
    for piece in graphemes(word):
        size = _width(piece)
        if size > cells:
            piece, size = _ellipsis, 1
        if used + size > cells:
            lines.append("")
            used = 0
        lines[-1] += piece
        used += size
    return lines


# --------------------------------------------------------------------------- comparing

# Letters with a stroke or tied together, which Unicode does not take apart.
_STROKED = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae"}
_STROKED["œ"] = "oe"
_LETTERS = str.maketrans(_STROKED)
UNDECOMPOSED = {**_STROKED, **{c.upper(): as_ for c, as_ in _STROKED.items() if c != "ı"}}
"""Letters that are no letter with an accent, and what `fold` makes of them, in both cases."""
UNDECOMPOSED |= {"ß": "ss", "ẞ": "ss"}
# Kinds of marks (canonical combining classes) that make another letter: nukta, kana voicing,
# virama. All others are accents to somebody who searches.
_LETTER_MARKS = frozenset((7, 8, 9))


def fold(text: str) -> str:
    """``text`` for comparing: without case, accents and doubled or outer spaces.

    ``fold("  Ángel  MÜLLER ") == fold("angel muller")``. Never shown.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    from unicodedata import combining, normalize

    folded = normalize("NFKD", normalize("NFKD", text).casefold())
    bare = "".join(
        character
        for character in folded
        if not (kind := combining(character)) or kind in _LETTER_MARKS
    )
    return " ".join(normalize("NFC", bare.translate(_LETTERS)).split())


# What an address may start with; "tel: 600 100 200" with a space is a field all the same.
_SCHEMES = frozenset(("mailto", "tel", "sms", "callto", "skype", "urn", "data", "file"))


def fields(description: str) -> dict[str, str]:
    """The ``Label: value`` lines of a description, in order: these are a lead's fields.

    A label starts with a letter and has at most 40 characters; an address (``https://…``,
    ``mailto:…``) or a time (``10:30``) is none. A line behind one that begins with a tab or four
    blanks is one more line of its value. A label given twice (case and accents aside) keeps both
    values, ``", "`` between them; a label without a value has ``""``.
    """
    return split_fields(description)[0]


_MORE = "    "
"""What a further line of a value begins with."""


def field_line(label: str, value: str) -> str:
    """A field as `fields` reads it, its value in as many lines as it has."""
    return f"{label}: " + value.replace("\n", f"\n{_MORE}")


def split_fields(
    description: str, only: Container[str] | None = None
) -> tuple[dict[str, str], str]:
    """The fields of a description (those of the labels ``only``), and the lines that are none."""
    found: dict[str, str] = {}
    spelling: dict[str, str] = {}
    rest: list[str] = []
    above: str | None = None  # the field that the next line may go on
    for line in description.split("\n"):
        if above is not None and line.startswith((_MORE, "\t")):
            found[above] = f"{found[above]}\n{line.removeprefix(_MORE).lstrip(chr(9))}"
            continue
        above = None
        label, colon, value = line.lstrip("-*• \t\xa0").partition(":")
        label, tight, value = label.strip(), value[:1].strip(), value.strip()
        is_field = (
            bool(colon)
            and label[:1].isalpha()
            and len(label) <= 40
            and not value.startswith("//")
            and not (tight and label.lower().split()[-1] in _SCHEMES)
        )
        label = spelling.setdefault(fold(label), label) if is_field else ""
        if not is_field or (only is not None and label not in only):
            rest.append(line)
            continue
        above = label
        if found.get(label) and value:
            found[label] = f"{found[label]}, {value}"
        else:
            found[label] = found.get(label) or value
    return found, "\n".join(rest).strip("\n")
