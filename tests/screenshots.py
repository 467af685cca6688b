"""``python -m tests.screenshots [--check] [NAME…]``: the pictures of the README, out of demo data.

Each screen is driven by keys as a person would, on a company with a fixed seed at a fixed moment,
and kept as SVG (byte for byte the same each time) and as PNG. ``--check`` writes nothing and ends
with 1 when a kept SVG is no longer what the program shows.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.driver import Driver, driving
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in
from tui_crm.demo import make
from tui_crm.settings import Settings
from tui_crm.tui.app import CrmApp

FOLDER = Path(__file__).parents[1] / "screenshots"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # Monday, 10:30 in Madrid
SEED = 1
SIZES = ((80, 24), (120, 36))
WALL = (200, 50)


@dataclass(frozen=True)
class Shot:
    """A screen to show: its name, the keys that lead there (a key that is more than one letter is
    a name), those from 100 columns where they differ, and its looks; with ``wall`` also on the
    largest terminal."""

    name: str
    keys: str
    looks: tuple[str, ...] = ("dark",)
    wide_keys: str = ""
    wall: bool = False


SHOTS = (
    Shot("today", "T", looks=("dark", "light", "16"), wall=True),
    Shot("lead", "T j j enter", wall=True),
    Shot(
        "logging",
        "T c 1 w a n t s space a space q u o t e space > f r i space 9 : 3 0 space "
        "s e n d space i t space # h o t",
    ),
    Shot("next-action", "T r f r i space 9 : 3 0 space 2 0 m space c a l l space A n n a"),
    Shot("outcome", "T c"),
    Shot(
        "new-lead", "T plus A c m e space G m b H : space w e b s i t e space € 1 2 k space # n e w"
    ),
    Shot("week", "W"),
    Shot("client", "T j j enter A"),
    Shot("settings", "T colon s e t t i n g s enter"),
    Shot("leads", "L", wall=True),
    Shot(
        "leads-filter",
        "L slash ctrl+u s t e p : p r o p o s a l space a m o u n t > 5 0 0 0 enter",
    ),
    Shot("board", "L v", wide_keys="L v v", wall=True),
    Shot("calling", "C", looks=("dark", "light", "16"), wall=True),
    Shot("calling-dialled", "C enter"),
    Shot("calling-next", "C v"),
    Shot("calling-script", "C tab 1"),
    Shot("calling-held", "C enter escape"),
    Shot("lists", "C q"),
    Shot("lists-edit", "C q i"),
    Shot("list-page", "C q v"),
    Shot("outcomes", "C q O"),
    Shot("blocked", "C q 9"),
    Shot("stats", "S", looks=("dark", "light"), wall=True),
    Shot("stats-dashboard", "S 0", wall=True),
    Shot("stats-activity", "S 2"),
    Shot("stats-pipeline", "S 3"),
    Shot("stats-forecast", "S 4"),
    Shot("stats-hours", "S 5"),
    Shot("stats-goals", "S 9"),
    Shot("stats-now", "S N"),
    Shot("stats-figure", "S enter"),
    Shot("feed", "F"),
    Shot("palette", "T colon f a l k"),
    Shot("help", "T question_mark"),
)


def wanted(names: list[str]) -> Iterator[tuple[Shot, str, tuple[int, int]]]:
    """The shots by look and size; light and 16 colours at 120x36 only, the largest size in dark."""
    for shot in SHOTS:
        if names and shot.name not in names:
            continue
        for look in shot.looks:
            sizes = SIZES if look == "dark" else SIZES[1:]
            for size in (*sizes, WALL) if shot.wall and look == "dark" else sizes:
                yield shot, look, size


async def counted(d: Driver) -> None:
    """Wait until whatever is counted behind the screen is shown: reports and their figures."""
    await d.app.workers.wait_for_complete()
    while getattr(d.app.screen, "counting", False):
        await d.app.workers.wait_for_complete()
        await d.settle()


async def take(store_path: str, shot: Shot, look: str, size: tuple[int, int]) -> tuple[str, bytes]:
    """The SVG of a shot and its PNG."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/demo.db"
        shutil.copy(store_path, path)  # some keys write
        store = open_store(path)
        try:
            session = sign_in(store, "you", clock=lambda: NOW)[0]
            environ = {
                "TERM": "xterm" if look == "16" else "xterm-256color",
                "COLORTERM": "truecolor",
            }
            if look == "16":
                environ.pop("COLORTERM")
            settings = Settings(
                theme="light" if look == "light" else "auto" if look == "16" else "dark"
            )
            app = CrmApp(session, settings, "", environ)
            async with driving(app, size) as d:
                keys = shot.wide_keys if shot.wide_keys and size[0] >= 100 else shot.keys
                for key in keys.split():
                    await d.press(key)
                    await counted(d)
                await d.settle(6)
                await counted(d)
                picture = d.picture(Path(folder) / "shot.png").read_bytes()
                return steady(app.export_screenshot(title="tui-crm")), picture
        finally:
            store.close()


def steady(svg: str) -> str:
    """The SVG without what is different each time it is made: the number in its class names."""
    found = re.search(r"terminal-(\d+)-", svg)
    return svg.replace(f"terminal-{found[1]}-", "terminal-0-") if found else svg


async def all_of(names: list[str], check: bool) -> int:
    """Take every shot; how many kept ones are stale."""
    stale = 0
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/company.db"
        make.make(store, seed=SEED, now=NOW)
        FOLDER.mkdir(exist_ok=True)
        for shot, look, size in wanted(names):
            name = f"{shot.name}-{size[0]}x{size[1]}-{look}"
            svg, png = await take(store, shot, look, size)
            kept = FOLDER / f"{name}.svg"
            if kept.exists() and kept.read_text(encoding="utf-8") == svg:
                continue
            stale += 1
            print(f"{name}: {'stale' if check else 'taken'}")
            if not check:
                kept.write_text(svg, encoding="utf-8")
                (FOLDER / f"{name}.png").write_bytes(png)
    return stale


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    ask.add_argument("--check", action="store_true", help="write nothing; 1 when one is stale")
    ask.add_argument("name", nargs="*", metavar="NAME", help=", ".join(shot.name for shot in SHOTS))
    asked = ask.parse_args()
    stale = asyncio.run(all_of(asked.name, asked.check))
    return 1 if asked.check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
