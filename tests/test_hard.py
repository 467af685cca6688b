"""The command of the long runs: a small part of two of them, and the table it writes."""

from __future__ import annotations

import pytest

from tests import hard


def test_runs_are_printed_with_their_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert hard.main(["--part", "0.01", "phrases", "sequences"]) == 0
    first, phrases, sequences = capsys.readouterr().out.splitlines()
    assert "cores" in first
    assert "80 phrases, 0 misread" in phrases and "100 texts" in sequences


def test_figures_replace_those_of_the_same_run(tmp_path, monkeypatch) -> None:
    doc = tmp_path / "reliability.md"
    doc.write_text(f"# Head\n\n{hard.BEGIN}\n{hard.END}\n\nTail\n", encoding="utf-8")
    monkeypatch.setattr(hard, "DOC", doc)
    hard.write({"kills": hard.row("kills", {"kills": 7}, 60)}, doc)
    assert hard.main(["--part", "0.005", "--write", "phrases"]) == 0
    hard.write({"kills": hard.row("kills", {"kills": 1000, "lost": 0}, 600)}, doc)
    written = doc.read_text(encoding="utf-8")
    assert written.startswith("# Head\n") and written.endswith("\n\nTail\n")
    assert "40 phrases" in written and "1,000 kills, 0 lost | 10.0 |" in written
    assert "7 kills" not in written and written.index("| kills |") < written.index("| phrases |")


def test_what_a_run_finds_makes_it_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def find(_count: int, _seed: int) -> hard.Figures:
        raise AssertionError("lead 7 is gone")

    monkeypatch.setitem(hard.RUNS, "kills", hard.Run(find, 10, "finds something"))
    assert hard.main(["kills"]) == 1
    out = capsys.readouterr().out
    assert "kills: FAILED with --seed 1" in out and "lead 7 is gone" in out
