"""Sample workbooks with bytes flipped, cut out, repeated and cut off: a workbook or one sentence, nothing else."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.exchange.reading import Limits, UnreadableFile, Workbook, read_workbook_here
from desktop_app.exchange.reading.encoding import decode
from desktop_app.exchange.reading.grid import Scalar
from desktop_app.exchange.reading.source import Source
from desktop_app.exchange.reading.values import clean_text, date_kind, from_serial
from tests.data.hostile import generators

QUOTES = Path(__file__).parents[2] / "data" / "quotes"
SAMPLES = [
    path
    for path in sorted(QUOTES.iterdir())
    if path.suffix not in (".json", ".md") and path.stat().st_size < 50_000
]
ROUNDS = 40


def _damage(data: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(max(len(spoiled), 1))
        kind = chance.randrange(5)
        if kind == 0 and spoiled:
            spoiled[place % len(spoiled)] ^= 1 << chance.randrange(8)
        elif kind == 1 and spoiled:
            spoiled[place % len(spoiled)] = chance.choice((0, 0xFF, 0x7F, 0x3C, 0x26, 0x22))
        elif kind == 2:
            del spoiled[place : place + chance.randrange(1, 64)]
        elif kind == 3:
            spoiled[place:place] = spoiled[place : place + chance.randrange(1, 64)]
        elif chance.random() < 0.2:
            del spoiled[place:]
    return bytes(spoiled)


def _read(path: Path) -> Workbook | str:
    try:
        workbook = read_workbook_here(path, limits=Limits(seconds=10))
    except UnreadableFile as refusal:
        sentence = str(refusal)
        assert sentence.startswith(path.name)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return sentence
    assert workbook.sheets
    for sheet in workbook.sheets:
        for place, cell in sheet.cells.items():
            assert place == (cell.row, cell.column)
            assert isinstance(cell.value, Scalar)
            if isinstance(cell.value, str):
                assert clean_text(cell.value) == (cell.value, False, False)
    return workbook


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_damaged_bytes(sample: Path, tmp_path: Path) -> None:
    chance = random.Random(sample.name)
    data = sample.read_bytes()
    path = tmp_path / sample.name
    for _ in range(ROUNDS):
        path.write_bytes(_damage(data, chance))
        _read(path)


@pytest.mark.parametrize(
    "sample",
    [path for path in SAMPLES if path.suffix in (".xlsx", ".xlsm", ".ods")],
    ids=lambda path: path.name,
)
def test_damaged_parts_in_a_sound_archive(sample: Path, tmp_path: Path) -> None:
    chance = random.Random(sample.name)
    with zipfile.ZipFile(sample) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    path = tmp_path / sample.name
    outcomes = []
    for _ in range(ROUNDS):
        victim = chance.choice(sorted(members))
        spoiled = {**members, victim: _damage(members[victim], chance)}
        if chance.random() < 0.1:
            del spoiled[victim]
        path.write_bytes(_archive(spoiled))
        outcomes.append(_read(path))
    assert any(isinstance(outcome, Workbook) for outcome in outcomes)


def _archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_way_to_be_cut_off(sample: Path, tmp_path: Path) -> None:
    data = sample.read_bytes()
    path = tmp_path / sample.name
    for length in sorted(
        {0, 1, 2, 4, 8, 30, 100, 511, 512, 513, *range(0, len(data), max(len(data) // 12, 1))}
    ):
        path.write_bytes(data[:length])
        _read(path)


ATTRIBUTES = st.dictionaries(
    st.sampled_from(["r", "t", "s", "hidden", "ht", "si", "ref"]),
    st.one_of(
        st.sampled_from(
            ["A1", "s", "n", "b", "e", "d", "str", "inlineStr", "shared", "0", "1", "-1", "A0", "XFD1"]
        ),
        st.text(
            st.characters(
                codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters='<>&"\ufffe\uffff'
            ),
            max_size=8,
        ),
    ),
    max_size=4,
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", "1", "-1", "0.5", "1e400", "NaN", "2026-01-01", "true", "#REF!", "99999999999999999999"]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<>&\ufffe\uffff"),
        max_size=12,
    ),
)


def _element(name: str, attributes: dict[str, str], content: str) -> str:
    return f"<{name} {' '.join(f'{key}="{text}"' for key, text in attributes.items())}>{content}</{name}>"


ELEMENTS = st.recursive(
    st.builds(_element, st.sampled_from(["v", "f", "t", "is", "c"]), ATTRIBUTES, TEXTS),
    lambda inner: st.builds(
        lambda name, attributes, children: _element(name, attributes, "".join(children)),
        st.sampled_from(["c", "row", "is", "r", "f", "sheetData", "mergeCell", "col"]),
        ATTRIBUTES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(ELEMENTS, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sheet_xml(tmp_path: Path, elements: list[str]) -> None:
    _read(generators.sheet(tmp_path / "quote.xlsx", "".join(elements)))


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        decoded = decode(Source("quote.csv", "quote", ".csv", data, ""))
    except UnreadableFile:
        return
    assert "\x00" not in decoded.text


@given(st.text(max_size=30), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_any_number_format_and_serial(code: str, serial: float, epoch_1904: bool) -> None:
    kind = date_kind(code)
    if kind is not None:
        from_serial(serial, kind, epoch_1904)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned, _, _ = clean_text(text)
    assert clean_text(cleaned) == (cleaned, False, False)
