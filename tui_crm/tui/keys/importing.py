"""The keys of an import."""

from __future__ import annotations

from tui_crm.tui.keys.key import N_, Key

ROWS: tuple[Key, ...] = (
    Key(
        "import.run",
        "enter",
        "run",
        N_("import"),
        N_("bring the rows in; one undo takes them back"),
        "here",
        ("import",),
    ),
    Key(
        "import.meaning",
        "m",
        "meaning",
        N_("meaning"),
        N_("what the column under the cursor means"),
        "here",
        ("import",),
    ),
    Key(
        "import.name",
        "n",
        "name_list",
        N_("list name"),
        N_("the list to make or to add to"),
        "here",
        ("import",),
    ),
    Key(
        "import.by",
        "b",
        "matched_by",
        N_("match by"),
        N_("what the rows of an updated file are matched by"),
        "here",
        ("import",),
    ),
    Key(
        "import.country",
        "c",
        "country",
        N_("country"),
        N_("in which country phones without a prefix ring"),
        "here",
        ("import",),
    ),
    Key(
        "import.encoding",
        "e",
        "encoding",
        N_("encoding"),
        N_("read the file in another encoding"),
        "here",
        ("import",),
    ),
    Key(
        "import.delimiter",
        "d",
        "delimiter",
        N_("delimiter"),
        N_("what stands between two cells"),
        "here",
        ("import",),
    ),
    Key(
        "import.sheet",
        "s",
        "sheet",
        N_("sheet"),
        N_("another sheet of the workbook"),
        "here",
        ("import",),
    ),
    Key(
        "import.file",
        "f",
        "file",
        N_("file"),
        N_("another file, or pasted cells"),
        "here",
        ("import",),
    ),
)

HINTS: dict[str, tuple[str, ...]] = {
    "import": (
        "import.run",
        "import.by",
        "import.meaning",
        "import.name",
        "import.country",
        "import.encoding",
        "import.delimiter",
        "import.sheet",
        "import.file",
        "move.back",
    ),
}
