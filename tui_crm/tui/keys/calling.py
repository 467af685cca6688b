"""The keys of Calling: about the row on screen."""

from __future__ import annotations

from tui_crm.tui.keys.key import N_, Key

ROWS: tuple[Key, ...] = (
    Key(
        "calling.dial",
        "enter",
        "dial",
        N_("dial"),
        N_("dial: copy the number, run the dialler, start the clock"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.callback",
        "r",
        "callback",
        N_("call back"),
        N_("call back at a moment: tue 10"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.note",
        "n",
        "note",
        N_("note"),
        N_("write the note of this row"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.edit",
        "i",
        "edit",
        N_("edit"),
        N_("edit the row; the original is kept"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.copy",
        "y",
        "copy",
        N_("copy"),
        N_("copy a phone or an e-mail"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.anyway",
        "a",
        "anyway",
        N_("call anyway"),
        N_("where nobody may be called now: call the next row all the same; the journal says so"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.next",
        "v",
        "coming",
        N_("what next"),
        N_("what comes next and why"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.pause",
        "z",
        "pause",
        N_("pause"),
        N_("stop the clock for a while"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.script",
        "tab",
        "script",
        N_("script"),
        N_("into the script and back"),
        "calling",
        ("calling",),
    ),
    Key(
        "calling.lead",
        "number_sign",
        "open_warned",
        N_("lead"),
        N_("open the lead that has this number already"),
        "calling",
        ("calling",),
    ),
)

HINTS: dict[str, tuple[str, ...]] = {
    "calling": (
        "calling.dial",
        "calling.callback",
        "calling.note",
        "move.down",
        "calling.edit",
        "calling.copy",
        "calling.next",
        "calling.pause",
    ),
}
