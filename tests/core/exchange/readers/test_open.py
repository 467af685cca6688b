"""Every format that is read, on a file of its own and on a broken one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.samples import make
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.open import ENDINGS, open_table

ROWS = [["Name", "City"], ["Ana", "León"]]


def card(path: Path) -> Path:
    path.write_text("BEGIN:VCARD\nVERSION:4.0\nFN:Ana\nADR:;;;León;;;\nEND:VCARD\n", "utf-8")
    return path


def objects(path: Path) -> Path:
    path.write_text('[\n{"Name": "Ana", "City": "León"}\n]\n', "utf-8")
    return path


MADE: dict[str, Callable[[Path], Path]] = {
    ".xlsx": lambda path: make.xlsx(path, {"S": ROWS}),
    ".xls": lambda path: make.xls(path, ROWS),
    ".ods": lambda path: make.ods(path, "".join(make.ods_row(*row) for row in ROWS)),
    ".vcf": card,
    ".vcard": card,
    ".json": lambda path: objects(path),
    ".csv": lambda path: make.delimited(path, ROWS),
    ".tsv": lambda path: make.delimited(path, ROWS, delimiter="\t"),
    ".txt": lambda path: make.delimited(path, ROWS, delimiter=";"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_of_every_format_is_read(tmp_path: Path, ending: str) -> None:
    table = open_table(MADE[ending](tmp_path / f"x{ending}"))
    assert table.columns == ("Name", "City")
    assert [row.cells for row in table.rows] == [("Ana", "León")]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("share", [3, 7])
def test_a_broken_file_of_every_format_is_refused_or_read_as_far_as_it_goes(
    tmp_path: Path, ending: str, share: int
) -> None:
    whole = MADE[ending](tmp_path / f"x{ending}")
    data = whole.read_bytes()
    noise = tmp_path / f"noise{ending}"
    noise.write_bytes(b"\0\0\1\2" * 400)
    with pytest.raises(CrmError) as refused:
        open_table(noise)
    assert refused.value.hint
    whole.write_bytes(data[: len(data) * share // 10])
    try:
        table = open_table(whole)
    except CrmError as error:
        assert error.hint
    else:
        assert ending not in (".xlsx", ".xls", ".ods")
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
