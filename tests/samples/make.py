"""Small files of every kind, made where a test wants them. Nothing binary is kept in the
project."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def delimited(
    path: Path,
    rows: Sequence[Sequence[str]],
    delimiter: str = ",",
    encoding: str = "utf-8",
    newline: str = "\r\n",
) -> Path:
    """Rows as text; a cell with the delimiter, a quote or an end of line is quoted."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            if any(sign in cell for sign in (delimiter, '"', "\n", "\r")):
                cell = '"' + cell.replace('"', '""') + '"'
            cells.append(cell)
        lines.append(delimiter.join(cells))
    path.write_bytes((newline.join(lines) + newline).encode(encoding))
    return path


def xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook; days are `datetime.date`, None is an empty cell."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(y, x, value)
                elif value is not None:
                    sheet.write(y, x, value)
    book.close()
    return path


def raw_xlsx(path: Path, sheet_xml: str, *, workbook_head: str = "") -> Path:
    """A workbook with one sheet of exactly this XML, for what no honest program writes."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/'
            'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?>{workbook_head}<workbook xmlns="{main}" xmlns:r="{relations}">'
            '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/'
            'worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{sheet_xml}</sheetData>'
            "</worksheet>",
        )
    return path


def ods(path: Path, rows_xml: str) -> Path:
    """An OpenDocument spreadsheet with one table of exactly these rows."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    words = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:'
            'opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content xmlns:office="{office}" '
            f'xmlns:table="{table}" xmlns:text="{words}"><office:body><office:spreadsheet>'
            f'<table:table table:name="Hoja1">{rows_xml}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_row(*cells: str | float, repeated: int = 1) -> str:
    """One row of an OpenDocument table."""
    out = []
    for cell in cells:
        if isinstance(cell, str):
            out.append(
                '<table:table-cell office:value-type="string">'
                f"<text:p>{cell}</text:p></table:table-cell>"
            )
        else:
            out.append(
                f'<table:table-cell office:value-type="float" office:value="{cell}">'
                f"<text:p>{cell}</text:p></table:table-cell>"
            )
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{''.join(out)}</table:table-row>"


def xls(path: Path, rows: Sequence[Sequence[str | float]], sheet: str = "Liste") -> Path:
    """An Excel 97 workbook: BIFF8 records in a compound file ([MS-XLS], [MS-CFB])."""

    def record(number: int, data: bytes) -> bytes:
        return struct.pack("<HH", number, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

    end = record(0x000A, b"")
    cells = b""
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells += record(0x0204, struct.pack("<HHH", y, x, 0) + text)
            else:
                cells += record(0x0203, struct.pack("<HHHd", y, x, 0, value))
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    body = begin(0x0010) + record(0x0200, size) + cells + end
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    head = begin(0x0005)
    place = len(head) + 4 + 6 + len(name) + len(end)
    bound = record(0x0085, struct.pack("<IBB", place, 0, 0) + name)
    stream = head + bound + end + body
    return compound(path, {"Workbook": stream})


def compound(path: Path, streams: dict[str, bytes]) -> Path:
    """A compound file with these streams, each long enough for sectors of its own."""
    sectors: list[bytes] = []
    fat: list[int] = []
    starts: list[tuple[str, int, int]] = []
    for name, data in streams.items():
        data = data.ljust(4096, b"\0")
        chunks = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        starts.append((name, len(sectors), len(data)))
        for index, chunk in enumerate(chunks):
            last = index == len(chunks) - 1
            fat.append(0xFFFFFFFE if last else len(sectors) + 1)
            sectors.append(chunk)

    def entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBB", len(raw), kind, 1)
            + struct.pack("<III", 0xFFFFFFFF, right, child)
            + bytes(16 + 4 + 16)
            + struct.pack("<IQ", start, size)
        )

    nothing = 0xFFFFFFFF
    entries = [entry("Root Entry", 5, 1, nothing, 0xFFFFFFFE, 0)]
    for index, (name, start, size) in enumerate(starts, 1):
        entries.append(
            entry(name, 2, nothing, index + 1 if index < len(starts) else nothing, start, size)
        )
    while len(entries) % 4:
        entries.append(bytes(66 + 2) + struct.pack("<III", *[nothing] * 3) + bytes(48))
    directory = len(sectors)
    data = b"".join(entries)
    for at in range(0, len(data), 512):
        fat.append(0xFFFFFFFE if at + 512 >= len(data) else len(sectors) + 1)
        sectors.append(data[at : at + 512])
    table = len(sectors)
    fat.append(0xFFFFFFFD)
    assert len(fat) <= 128, "one sector of the allocation table is enough for a sample"
    sectors.append(struct.pack("<128I", *fat, *[nothing] * (128 - len(fat))))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", table, *[nothing] * 108)
    )
    path.write_bytes(header + b"".join(sectors))
    return path
