"""The kinds of action as they are drawn: their word, and the hue that it has on every screen.

The hue is on the word alone and says nothing that the word does not: a call is ``call`` in black
and white too. What is no action (a step, an amount) has no hue.
"""

from __future__ import annotations

from tui_crm.core.setup.outcomes import KINDS
from tui_crm.core.text import _
from tui_crm.tui.widgets.lines import Line, make

HUES = {"call": "call", "email": "email", "meeting": "meeting"}


def kind_name(kind: str) -> str:
    """The word of a kind of action, of a field or a system entry of the history."""
    names = {"email": _("e-mail"), "expected_close": _("close"), "probability": _("chance")}
    return names.get(kind) or (_(kind.replace("_", " ")) if kind else "")


def kind_token(kind: str, other: str = "text") -> str:
    """The token of a kind's word; ``other`` for what is no kind of action."""
    return HUES.get(kind, "visit" if kind in KINDS else other)


def next_words(kind: str, text: str, token: str = "text", hue: bool = True) -> Line:
    """``call Anna about pricing``: the kind of a next action, unless its words begin with it, and
    its words in ``token``; without ``hue`` all of it."""
    name = kind_name(kind)
    for word in (name, kind):
        if word and text.casefold().startswith(word.casefold()):
            name, text = text[: len(word)], text[len(word) :]
            break
    else:
        name += " " if name and text else ""
    if text.startswith(" "):
        name, text = f"{name} ", text[1:]
    # A kind of the workspace's own has the hue of the others.
    own = HUES.get(kind, "visit") if kind else token
    return make((name, own if hue else token), (text, token))
