"""Workbooks made to break the programs that read them, or broken by accident; each function writes one file.

The files are made when a test needs them: some unpack to gigabytes, and none should lie about.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_PLAIN_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>Item</t></is></c><c r="B1"><v>7</v></c></row>'

Parts = dict[str, str | bytes]


def parts(
    rows: str = _PLAIN_ROW,
    *,
    after: str = "",
    before: str = "",
    strings: str | None = None,
    styles: str | None = None,
    sheets: Iterable[tuple[str, str]] = (("Quote", "worksheets/sheet1.xml"),),
    workbook: str = "",
    namespace: str = TRANSITIONAL,
    head: str = "",
) -> Parts:
    """The parts of an .xlsx with one sheet part; `sheets` lists names and targets of the relationships."""
    listed = list(sheets)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="{target}"/>'
        for n, (_, target) in enumerate(listed, 1)
    )
    items = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in enumerate(listed, 1)
    )
    made: Parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{namespace}" xmlns:r="{_OFFICE}">{workbook}'
        f"<sheets>{items}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{namespace}">{before}<sheetData>{rows}</sheetData>'
        f"{after}</worksheet>",
    }
    if strings is not None:
        made["xl/sharedStrings.xml"] = strings
    if styles is not None:
        made["xl/styles.xml"] = styles
    return made


def write(path: Path, made: Parts) -> Path:
    """Write the parts as a zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return path


def sheet(path: Path, rows: str, **options: object) -> Path:
    """Write an .xlsx with the rows given as XML."""
    return write(path, parts(rows, **options))  # type: ignore[arg-type]


def _streamed(path: Path, part: str, pieces: Iterable[bytes], made: Parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in made.items():
            if name != part:
                archive.writestr(name, content)
        with archive.open(part, "w", force_zip64=True) as stream:
            for piece in pieces:
                stream.write(piece)
    return path


def zip_bomb(path: Path) -> Path:
    """A sheet of 500 MB of blanks."""
    pieces = [
        f'<worksheet xmlns="{TRANSITIONAL}"><sheetData/>'.encode(),
        *[b" " * 1_000_000] * 500,
        b"</worksheet>",
    ]
    return _streamed(path, "xl/worksheets/sheet1.xml", pieces, parts())


def too_many_cells(path: Path) -> Path:
    """A good million of numbers that differ so much that the ratio of their packing is harmless."""

    def pieces() -> Iterable[bytes]:
        yield f'<worksheet xmlns="{TRANSITIONAL}"><sheetData>'.encode()
        for block in range(0, 520_000, 1000):
            rows = (
                f'<row r="{row}"><c r="A{row}"><v>{row * 7919 % 99991}</v></c>'
                f'<c r="B{row}"><v>{row * 104729 % 1299709}</v></c></row>'
                for row in range(block + 1, block + 1001)
            )
            yield "".join(rows).encode()
        yield b"</sheetData></worksheet>"

    return _streamed(path, "xl/worksheets/sheet1.xml", pieces(), parts())


def endless_row(path: Path) -> Path:
    """One row of two million cells."""
    row = "<row>" + "<c><v>1</v></c>" * 2_000_000 + "</row>"
    return sheet(path, row)


def deep_nesting(path: Path) -> Path:
    """A million elements inside one another."""
    return sheet(path, _PLAIN_ROW, after="<a>" * 1_000_000 + "</a>" * 1_000_000)


def huge_string(path: Path) -> Path:
    """A shared string of 9 MB."""
    text = f'<sst xmlns="{TRANSITIONAL}"><si><t>{"x" * 9_000_000}</t></si></sst>'
    return sheet(path, '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=text)


def repeated_string(path: Path) -> Path:
    """A string of 32,000 characters used 100,000 times."""
    text = f'<sst xmlns="{TRANSITIONAL}"><si><t>{"x" * 32_000}</t></si></sst>'
    rows = "".join(f'<row r="{row}"><c t="s"><v>0</v></c></row>' for row in range(1, 100_001))
    return sheet(path, rows, strings=text)


def many_strings(path: Path) -> Path:
    """Two million empty shared strings, packed just badly enough."""
    text = f'<sst xmlns="{TRANSITIONAL}">' + "<si/>" * 2_000_000 + "</sst>"
    return sheet(path, _PLAIN_ROW, strings=text)


def string_count_lie(path: Path) -> Path:
    """A list of texts that claims four thousand million entries."""
    text = (
        f'<sst xmlns="{TRANSITIONAL}" count="4294967295" uniqueCount="4294967295"><si><t>Item</t></si></sst>'
    )
    return sheet(path, '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=text)


def string_count_lie_in_broken_file(path: Path) -> Path:
    """The same where the first reader refuses the sheet."""
    text = (
        f'<sst xmlns="{TRANSITIONAL}" count="4294967295" uniqueCount="4294967295"><si><t>Item</t></si></sst>'
    )
    return sheet(path, '<row r="1"><c r="A1" t="s"><v>0</v></row>', strings=text)


def stray_cell_in_broken_file(path: Path) -> Path:
    """The last cell of the sheet filled, in XML that is not well-formed."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row>'
    return sheet(path, rows)


def billion_laughs(path: Path) -> Path:
    """Entities that double and double in the list of texts."""
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE sst [<!ENTITY l0 "lol">{steps}]><sst xmlns="{TRANSITIONAL}"><si><t>&l9;</t></si></sst>'
    return sheet(path, '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=text)


def quadratic_entity(path: Path) -> Path:
    """One long entity used many times in the workbook part."""
    head = f'<!DOCTYPE workbook [<!ENTITY a "{"a" * 100_000}">]>'
    return sheet(path, _PLAIN_ROW, head=head, workbook="<x>" + "&a;" * 50_000 + "</x>")


def external_entity(path: Path) -> Path:
    """An entity that asks for a file of this machine."""
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
    made = parts(rows)
    made["xl/worksheets/sheet1.xml"] = '<!DOCTYPE worksheet [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + str(
        made["xl/worksheets/sheet1.xml"]
    )
    return write(path, made)


def duplicate_members(path: Path) -> Path:
    """The same sheet part twice, with different prices."""
    made = parts()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in made.items():
            archive.writestr(name, content)
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml ")
        archive.writestr(info, str(made["xl/worksheets/sheet1.xml"]).replace("7", "9"))
    data = path.read_bytes()
    path.write_bytes(data.replace(b"xl/worksheets/sheet1.xml ", b"xl/worksheets/sheet1.xml\x00"))
    return path


def climbing_member(path: Path) -> Path:
    """A member that would be unpacked outside, beside a good workbook."""
    return write(path, {**parts(), "../../../tmp/evil.txt": "evil"})


def sheet_outside(path: Path) -> Path:
    """A sheet whose part lies outside the archive."""
    return write(path, parts(sheets=[("Quote", "../../../../etc/passwd")]))


def size_lie(path: Path) -> Path:
    """A directory that states a tenth of the sheet's size."""
    rows = "".join(f'<row r="{row}"><c><v>{row}</v></c></row>' for row in range(1, 5000))
    write(path, parts(rows))
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    real = struct.pack("<L", info.file_size)
    path.write_bytes(path.read_bytes().replace(real, struct.pack("<L", info.file_size // 10)))
    return path


def many_members(path: Path) -> Path:
    """Twenty thousand parts."""
    return write(path, {**parts(), **{f"xl/media/image{n}.png": b"" for n in range(20_000)}})


def many_sheets(path: Path) -> Path:
    """Ten thousand sheets that share one part."""
    return write(path, parts(sheets=[(f"S{n}", "worksheets/sheet1.xml") for n in range(10_000)]))


def no_sheets(path: Path) -> Path:
    """A workbook without a sheet."""
    return write(path, parts(sheets=[]))


def missing_sheet_part(path: Path) -> Path:
    """A workbook whose only sheet is not in the file."""
    return write(path, parts(sheets=[("Quote", "worksheets/sheet9.xml")]))


def unclosed_xml(path: Path) -> Path:
    """A sheet that ends in the middle."""
    made = parts("".join(f'<row r="{row}"><c><v>{row}</v></c></row>' for row in range(1, 500)))
    made["xl/worksheets/sheet1.xml"] = str(made["xl/worksheets/sheet1.xml"])[:3000]
    return write(path, made)


def truncated(path: Path) -> Path:
    """The first half of a good file."""
    write(path, parts())
    path.write_bytes(path.read_bytes()[:700])
    return path


def encrypted_member(path: Path) -> Path:
    """An archive whose parts are marked as encrypted."""
    write(path, parts())
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(signature, start + 4)
    path.write_bytes(bytes(data))
    return path


def plain_zip(path: Path) -> Path:
    """An archive with a text in it."""
    return write(path, {"readme.txt": "The quote is on our web site."})


def word_document(path: Path) -> Path:
    """A Word document with an Excel name."""
    return write(path, {"[Content_Types].xml": _TYPES, "word/document.xml": "<document/>"})


def _compound_file(stream: str) -> bytes:
    """A compound file (OLE) of which only the header and one directory entry are right."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<LLLLLLLLL", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    table = struct.pack("<LL", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    entry = bytearray(128)
    name = stream.encode("utf-16-le")
    entry[: len(name)] = name
    struct.pack_into("<H", entry, 64, len(name) + 2)
    entry[66] = 2
    return bytes(header) + table + bytes(entry).ljust(512, b"\x00")


def encrypted_workbook(path: Path) -> Path:
    """What Excel writes for a workbook with a password to open."""
    path.write_bytes(_compound_file("EncryptedPackage"))
    return path


def hollow_xls(path: Path) -> Path:
    """A compound file whose workbook stream holds nothing."""
    path.write_bytes(_compound_file("Workbook"))
    return path


def ole_without_workbook(path: Path) -> Path:
    """A compound file that holds something else."""
    path.write_bytes(_compound_file("Thumbs"))
    return path


def html_table(path: Path) -> Path:
    """A web page with an Excel name."""
    path.write_text("\n<html><body><table><tr><td>Item</td><td>7</td></tr></table></body></html>")
    return path


def xml_spreadsheet(path: Path) -> Path:
    """A spreadsheet as Excel 2003 saved it in XML."""
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    )
    return path


def prose(path: Path) -> Path:
    """A letter with an Excel name."""
    path.write_text("Dear customer\nplease find the quote on our web site\nKind regards\n")
    return path


def pdf(path: Path) -> Path:
    """The beginning of a PDF."""
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    return path


def empty(path: Path) -> Path:
    """No bytes at all."""
    path.write_bytes(b"")
    return path


def noise(path: Path) -> Path:
    """Bytes without any meaning."""
    path.write_bytes(bytes((n * n * 31 + n * 7 + 3) % 256 for n in range(20_000)))
    return path


def blank_text(path: Path) -> Path:
    """Nothing but blanks."""
    path.write_text(" \n\t\n ")
    return path


def ods(path: Path, table: str, styles: str = "") -> Path:
    """Write an .ods with one sheet whose rows are given as XML."""
    return write(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": (
                '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
                'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
                'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
                'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
                'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
                'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
                'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
                f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
                f'<table:table table:name="Quote">{table}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>"
            ),
        },
    )


def ods_repeats(path: Path) -> Path:
    """One filled cell repeated over a whole sheet of an .ods."""
    return ods(
        path,
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="float" office:value="1"><text:p>1</text:p>'
        "</table:table-cell></table:table-row>",
    )


def ods_encrypted(path: Path) -> Path:
    """An .ods with a password."""
    ods(path, "")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>")
    return path


def xlsb_of_noise(path: Path) -> Path:
    """A binary workbook whose parts are noise."""
    content = io.BytesIO(bytes(range(256)) * 20).getvalue()
    made = parts()
    made["_rels/.rels"] = str(made["_rels/.rels"]).replace("workbook.xml", "workbook.bin")
    made["xl/workbook.bin"] = content
    del made["xl/workbook.xml"]
    return write(path, made)


def shared_formula_bomb(path: Path) -> Path:
    """A formula of 8,000 characters shared by 20,000 cells."""
    formula = "+".join(["A1"] * 2700)
    first = f'<row r="1"><c r="B1"><f t="shared" si="0" ref="B1:B20000">{formula}</f><v>1</v></c></row>'
    rows = "".join(
        f'<row r="{row}"><c r="B{row}"><f t="shared" si="0"/><v>{row}</v></c></row>'
        for row in range(2, 20_001)
    )
    return sheet(path, first + rows)


def shared_strings_bomb(path: Path) -> Path:
    """A text of 120 MB in many runs."""

    def pieces() -> Iterable[bytes]:
        yield f'<sst xmlns="{TRANSITIONAL}"><si>'.encode()
        for n in range(1200):
            yield f"<r><t>{n:08d}{'y' * 100_000}</t></r>".encode()
        yield b"</si></sst>"

    made = parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings="")
    return _streamed(path, "xl/sharedStrings.xml", pieces(), made)


UNREADABLE: dict[str, Callable[[Path], Path]] = {
    f"{maker.__name__}{suffix}": maker
    for maker, suffix in (
        (zip_bomb, ".xlsx"),
        (too_many_cells, ".xlsx"),
        (endless_row, ".xlsx"),
        (many_strings, ".xlsx"),
        (string_count_lie_in_broken_file, ".xlsx"),
        (stray_cell_in_broken_file, ".xlsx"),
        (billion_laughs, ".xlsx"),
        (quadratic_entity, ".xlsx"),
        (external_entity, ".xlsx"),
        (duplicate_members, ".xlsx"),
        (sheet_outside, ".xlsx"),
        (size_lie, ".xlsx"),
        (many_members, ".xlsx"),
        (many_sheets, ".xlsx"),
        (no_sheets, ".xlsx"),
        (missing_sheet_part, ".xlsx"),
        (truncated, ".xlsx"),
        (encrypted_member, ".xlsx"),
        (encrypted_workbook, ".xlsx"),
        (hollow_xls, ".xls"),
        (ole_without_workbook, ".xls"),
        (plain_zip, ".xlsx"),
        (word_document, ".xlsx"),
        (html_table, ".xls"),
        (xml_spreadsheet, ".xls"),
        (prose, ".xls"),
        (pdf, ".xlsx"),
        (empty, ".xlsx"),
        (noise, ".csv"),
        (blank_text, ".csv"),
        (ods_repeats, ".ods"),
        (ods_encrypted, ".ods"),
        (xlsb_of_noise, ".xlsb"),
        (shared_strings_bomb, ".xlsx"),
    )
}
"""Files that must be refused in one sentence, by name."""

READABLE: dict[str, Callable[[Path], Path]] = {
    f"{maker.__name__}.xlsx": maker
    for maker in (
        shared_formula_bomb,
        deep_nesting,
        huge_string,
        repeated_string,
        string_count_lie,
        climbing_member,
    )
}
"""Files that look frightening and hold a sheet that can be read."""
