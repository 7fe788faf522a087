"""Text tables: encoding, delimiter and quoting by evidence; every cell stays the text it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.exchange.reading import UnreadableFile, Workbook, read_workbook_here

ROWS = [
    ["Item", "Description", "Qty", "Price"],
    ["00123", "Server, 2U", "4", "1,234.50"],
    ["X-1", "Rail kit", "8", "55.00"],
]


def _read(tmp_path: Path, content: bytes, name: str = "quote.csv") -> Workbook:
    path = tmp_path / name
    path.write_bytes(content)
    return read_workbook_here(path)


def _rows(workbook: Workbook) -> list[list[object]]:
    sheet = workbook.sheets[0]
    return [
        [
            sheet.cells[row, column].value if (row, column) in sheet.cells else ""
            for column in range(1, sheet.max_column + 1)
        ]
        for row in range(1, sheet.max_row + 1)
    ]


def _table(delimiter: str, rows: list[list[str]] = ROWS) -> str:
    return "".join(
        delimiter.join(f'"{field}"' if delimiter in field else field for field in row) + "\r\n"
        for row in rows
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii"]
)
def test_delimiters_and_unicode(delimiter: str, encoding: str, tmp_path: Path) -> None:
    workbook = _read(tmp_path, _table(delimiter).encode(encoding), "angebot 7.csv")
    assert _rows(workbook) == ROWS
    assert workbook.sheets[0].name == "angebot 7"
    assert workbook.format == "csv"
    expected = ["encoding_guessed"] if encoding in ("utf-16-le", "utf-16-be") else []
    assert [finding.code for finding in workbook.findings] == expected


GERMAN = "Stückpreis;Menge;Verkäufer\nServer für Löschanlage;4;Müller & Söhne\nGehäuse größer;2;Büro Köln\n"
FRENCH = "Référence;Désignation;Quantité\nA1;Câble réseau protégé;4\nB2;Unité d'hébergement à chaud;1\n"
SPANISH = (
    "Descripción;Cantidad;Año\nDirección técnica de energía eléctrica;4;2026\nInstalación y señal;1;2026\n"
)
JAPANESE = "品名,数量,単価\nサーバー本体（８基搭載）,4,1200000\n設置作業および搬入費,1,80000\n"
CHINESE = "名称,数量,单价\n服务器主机（八卡）,4,1200000\n安装调试以及运输费用,1,80000\n"
KOREAN = "품명,수량,단가\n서버 본체 여덟 장 탑재,4,1200000\n설치 작업 및 운반비,1,80000\n"
RUSSIAN = "Наименование;Количество;Цена\nСервер вычислительный;4;120\nМонтаж и доставка оборудования;1;80\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
        (SPANISH, "cp1252"),
        (JAPANESE, "cp932"),
        (CHINESE, "gb18030"),
        (KOREAN, "cp949"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_encodings_without_a_mark(text: str, encoding: str, tmp_path: Path) -> None:
    workbook = _read(tmp_path, text.encode(encoding))
    delimiter = ";" if ";" in text else ","
    assert _rows(workbook) == [line.split(delimiter) for line in text.splitlines()]
    assert [finding.code for finding in workbook.findings] == ["encoding_guessed"]


def test_decimal_commas_do_not_divide(tmp_path: Path) -> None:
    text = "Pos;Preis\n1;1,50\n2;12,00\n3;7,25\n4;1.250,00\n"
    assert _rows(_read(tmp_path, text.encode()))[1:] == [
        ["1", "1,50"],
        ["2", "12,00"],
        ["3", "7,25"],
        ["4", "1.250,00"],
    ]


def test_rows_above_the_table_do_not_decide(tmp_path: Path) -> None:
    text = "Quote for: Acme; Berlin; Germany\nDate: 2026-10-01\n\n" + _table(",")
    workbook = _read(tmp_path, text.encode())
    assert _rows(workbook)[3][:4] == ROWS[0]
    assert workbook.sheets[0].max_row == 6


def test_doubt_about_the_delimiter_is_said(tmp_path: Path) -> None:
    workbook = _read(tmp_path, b"a|b,c\nd|e,f\ng|h,i\n")
    assert [finding.code for finding in workbook.findings] == ["delimiter_guessed"]


def test_stated_separator(tmp_path: Path) -> None:
    workbook = _read(tmp_path, b"sep=|\r\na,b|c\r\n")
    assert _rows(workbook) == [["a,b", "c"]]


def test_quotes_and_line_breaks_inside(tmp_path: Path) -> None:
    workbook = _read(tmp_path, b'Item,Note\n"A ""big"" one","two\r\nlines"\nB,x\n')
    assert _rows(workbook) == [["Item", "Note"], ['A "big" one', "two\nlines"], ["B", "x"]]


def test_inches_are_no_quotes(tmp_path: Path) -> None:
    workbook = _read(tmp_path, b'Item,Qty\n19" rack,4\n"5" disk",2\n')
    assert _rows(workbook)[1] == ['19" rack', "4"]
    assert len(_rows(workbook)) == 3


def test_quote_that_never_closes_costs_no_row(tmp_path: Path) -> None:
    rows = "".join(f"item {row},{row}\n" for row in range(2000))
    for text in ('Item,Qty\n"5 disk,2\n' + rows, 'Item,Qty\n"' + "x" * 200_000 + ",2\n" + rows):
        workbook = _read(tmp_path, text.encode())
        assert workbook.sheets[0].max_row == 2002
        assert [finding.code for finding in workbook.findings if finding.severity == "error"] == [
            "quotes_unbalanced"
        ]


def test_numbers_formulas_and_dates_stay_text(tmp_path: Path) -> None:
    fields = ["00123", "1E5", "=1+1", "2026-10-01", " 7 ", "TRUE"]
    workbook = _read(tmp_path, (",".join(fields) + "\n").encode())
    assert _rows(workbook) == [fields]
    assert all(
        cell.formula is None and cell.number_format is None for cell in workbook.sheets[0].cells.values()
    )


def test_excel_name_with_a_table_is_read_and_said(tmp_path: Path) -> None:
    workbook = _read(tmp_path, _table("\t").encode(), "quote.xls")
    assert _rows(workbook) == ROWS
    assert [finding.code for finding in workbook.findings] == ["text_with_other_name"]


def test_one_column_is_a_table_only_under_a_table_name(tmp_path: Path) -> None:
    assert len(_rows(_read(tmp_path, b"one\ntwo\n", "list.csv"))) == 2
    with pytest.raises(UnreadableFile, match="plain text"):
        _read(tmp_path, b"one\ntwo\n", "list.xlsx")


def test_control_characters_and_undecodable_bytes(tmp_path: Path) -> None:
    workbook = _read(tmp_path, "a,b\x07\u202ec\n".encode())
    assert _rows(workbook) == [["a", "bc"]]
    assert [(finding.code, finding.cell) for finding in workbook.findings] == [
        ("control_characters", "quote!B1")
    ]
    damaged = _read(tmp_path, b"\xef\xbb\xbfItem,Name\n1,M\xfcller\n")
    assert [(finding.severity, finding.code) for finding in damaged.findings] == [("error", "text_damaged")]


def test_wide_row(tmp_path: Path) -> None:
    workbook = _read(tmp_path, b"," * 16_384 + b"x\n1,2\n")
    assert [finding.code for finding in workbook.findings] == ["cell_outside"]
    assert workbook.sheets[0].cells.keys() == {(2, 1), (2, 2)}
