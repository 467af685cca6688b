"""JSON: an array of objects, one a row, as our own exports and most programs write it.

A value that is an object or an array is flattened as our own leads are: the people of ``contacts``
have a line in each of the cells for name, role, phones and e-mails, ``next`` becomes its columns,
``fields`` become columns of their labels. Others are joined, or stay JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.gather import gather
from tui_crm.core.exchange.readers.table import ReadOptions, Record, Table
from tui_crm.core.text import _, show

_MOST = 300_000_000
"""Bytes of one file; beyond it the values take more memory than a desk has."""

_STARTS = (b"[{", b'{"', b"[\n", b"{\n", b"[\r", b"{\r", b"[ ", b"{ ", b"[]", b"{}")


def matches(head: bytes, _ending: str) -> bool:
    """Whether a file is JSON: an object or an array of them."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_STARTS)


def read(path: Path, _options: ReadOptions) -> Table:
    """The objects in a file as rows. Raises CrmError when it is no array of objects."""
    if path.stat().st_size > _MOST:
        raise _refused(path, _("it is larger than {size} MB").format(size=_MOST // 1_000_000))
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise _refused(path, show(str(error))[:100]) from None
    if isinstance(found, dict):  # {"leads": […]}, {"data": […]}
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else [found]
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _refused(path, _("it is no array of objects"))
    rows = [dict(_cells(one)) for one in found]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return gather(
        (Record(line, [row.get(name, "") for name in columns]) for line, row in enumerate(rows, 1)),
        path=path,
        kind="json",
        columns=columns or ["Name"],
        encoding="utf-8",
    )


def _refused(path: Path, why: str) -> CrmError:
    return CrmError(
        _("{file} cannot be read as JSON: {why}.").format(file=show(path.name), why=why),
        _("An array of objects is read, one object a row; or save the table as CSV."),
    )


def _cells(one: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The cells of a row by their columns."""
    for name, value in one.items():
        if name == "contacts" and _are_objects(value):
            yield from _people(value)
        elif name == "next" and (value is None or isinstance(value, dict)):
            following = value or {}
            yield "next", _text(following.get("at") or following.get("day"))
            for part in ("minutes", "kind", "text"):
                yield f"next_{part}", _text(following.get(part))
        elif name == "fields" and isinstance(value, dict):
            yield from ((str(label), _text(text)) for label, text in value.items())
        else:
            yield name, _text(value)


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _people(people: object) -> Iterator[tuple[str, str]]:
    assert isinstance(people, list)
    for column, key in (
        ("contact", "name"),
        ("role", "role"),
        ("phone", "phones"),
        ("email", "emails"),
    ):
        cell = "\n".join(_text(person.get(key)) for person in people)
        yield column, cell if cell.strip() else ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return "; ".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
