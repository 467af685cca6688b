"""The fields that a workspace defines for its leads and clients: text, number, money, day, choice,
phone, e-mail, web. Their values stand in the descriptions, as ``Label: value`` lines; a field says
how they are read, shown and ordered."""

from __future__ import annotations

import functools

from tui_crm.core.text import field_line, fold


@functools.lru_cache(maxsize=8192)
def squeezed(name: str) -> str:
    """A label as it is compared: letters and digits alone, case and accents aside."""
    return "".join(c for c in fold(name) if c.isalnum())


def with_value(description: str, label: str, value: str) -> str:
    """A description with a value in the place of what it had under that label, or behind all other
    lines; without a value the field goes."""
    wanted, label, value = squeezed(label), " ".join(label.split()), value.strip()
    lines: list[str] = []
    done = inside = False
    for line in description.split("\n"):
        if inside and line.startswith(("    ", "\t")):
            continue
        head, colon, _rest = line.lstrip("-*• \t\xa0").partition(":")
        inside = bool(colon) and squeezed(head) == wanted
        if not inside:
            lines.append(line)
        elif value and not done:
            lines.append(field_line(head.strip(), value))
            done = True
    if value and not done:
        lines.append(field_line(label, value))
    return "\n".join(lines).strip("\n")
