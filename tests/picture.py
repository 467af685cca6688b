"""A picture of a screen, drawn cell by cell.

Letters come from a font; lines, blocks and half cells are drawn as exact geometry, because fonts
leave gaps between them. Used to look at screens, and to make the screenshots of the README.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN, SIZE = 9, 19, 8, 15
"""Cell, border and letters, in pixels."""

FOLDERS = (
    "/usr/share/fonts/truetype/jetbrains-mono",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/TTF",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
FONTS = (
    ("JetBrainsMono-Regular.ttf", "JetBrainsMono-Bold.ttf"),
    ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    ("Menlo.ttc", "Menlo.ttc"),
    ("consola.ttf", "consolab.ttf"),
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Cell:
    """One cell. ``text`` is a grapheme, "" for the right half of a wide one. Colours are RGB."""

    text: str
    fg: tuple[int, int, int]
    bg: tuple[int, int, int]
    bold: bool = False
    underline: bool = False


def _fonts() -> tuple[Font, Font]:
    for names in FONTS:
        for folder in FOLDERS:
            paths = [Path(folder) / name for name in names]
            if all(path.exists() for path in paths):
                regular, bold = (ImageFont.truetype(str(path), SIZE) for path in paths)
                return regular, bold
    plain = ImageFont.load_default(SIZE)
    return plain, plain


def _geometry(draw: ImageDraw.ImageDraw, cell: Cell, x: int, y: int) -> bool:
    """Draw ``cell`` if it is a line or a block; False when it is a letter."""
    right, bottom = x + WIDTH - 1, y + HEIGHT - 1
    middle, half = y + HEIGHT // 2, x + WIDTH // 2
    boxes = {
        "─": (x, middle, right, middle),
        "━": (x, middle - 1, right, middle + 1),
        "╸": (x, middle - 1, half - 1, middle + 1),
        "│": (half, y, half, bottom),
        "█": (x, y, right, bottom),
        "▌": (x, y, x + 3, bottom),
        "▀": (x, y, right, middle - 1),
        "▄": (x, middle, right, bottom),
    }
    if cell.text in boxes:
        draw.rectangle(boxes[cell.text], fill=cell.fg)
        return True
    if cell.text and cell.text in "▁▂▃▄▅▆▇":
        top = bottom + 1 - round(HEIGHT * ("▁▂▃▄▅▆▇".index(cell.text) + 1) / 8)
        draw.rectangle((x, top, right, bottom), fill=cell.fg)
        return True
    return False


def draw(grid: Sequence[Sequence[Cell]], path: str | Path) -> Path:
    """Write ``grid`` (rows of cells) as a PNG file and give back its path."""
    rows, columns = len(grid), max((len(row) for row in grid), default=0)
    ground = grid[-1][-1].bg if rows and grid[-1] else (0, 0, 0)
    size = (columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN)
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    regular, bold = _fonts()
    for row_number, row in enumerate(grid):
        y = MARGIN + row_number * HEIGHT
        for column, cell in enumerate(row):
            x = MARGIN + column * WIDTH
            if cell.bg != ground:
                pen.rectangle((x, y, x + WIDTH - 1, y + HEIGHT - 1), fill=cell.bg)
    for row_number, row in enumerate(grid):
        y = MARGIN + row_number * HEIGHT
        for column, cell in enumerate(row):
            x = MARGIN + column * WIDTH
            if not cell.text.strip() or _geometry(pen, cell, x, y):
                continue
            pen.text((x, y), cell.text, font=bold if cell.bold else regular, fill=cell.fg)
            if cell.underline:
                pen.line((x, y + HEIGHT - 2, x + WIDTH - 1, y + HEIGHT - 2), fill=cell.fg)
    path = Path(path)
    image.save(path)
    return path
