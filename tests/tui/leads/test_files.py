"""Files on the lead page: dropped, shown, and gone by undo."""

from __future__ import annotations


async def test_a_dropped_file_is_attached_and_shown(crm, tmp_path):
    path = tmp_path / "my offer.pdf"
    path.write_bytes(b"%PDF")
    async with crm.driving((80, 40), "enter") as d:
        assert not d.shows("Files")
        await d.paste(f"'{path}' ")
        assert d.shows("Attached") and d.shows("my offer.pdf")
        d.find("Files")
        await d.press("u")
        assert not d.shows("Files")
        await d.paste("just words")
        assert d.shows("attaches a file that is dropped here")
