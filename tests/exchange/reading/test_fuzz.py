"""Sample workbooks with bytes flipped, cut out and repeated: a workbook or one sentence, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.exchange.reading import Limits, UnreadableFile, in_child
from desktop_app.exchange.reading.encoding import decode
from desktop_app.exchange.reading.source import Source
from desktop_app.exchange.reading.values import clean_text, date_kind, from_serial
from tests.data.hostile import generators
from tests.exchange.reading import fuzzing

QUOTES = Path(__file__).parents[2] / "data" / "quotes"
SAMPLES = [
    path
    for path in sorted(QUOTES.iterdir())
    if path.suffix not in (".json", ".md") and path.stat().st_size < 50_000
]

pytestmark = pytest.mark.expected_log("the child ended with status")


def _in_children(function: Callable[..., tuple[int, int]], sample: Path, folder: Path, rounds: int) -> int:
    """Run the rounds of a fuzzing function in child processes; the number of workbooks read.

    The second reader can end its whole process; a new child then goes on with the next round.
    """
    read = 0
    start = 0
    while start < rounds:
        try:
            workbooks, start = in_child(function, sample, folder, start, rounds, limits=Limits(seconds=60))
            read += workbooks
        except UnreadableFile as refusal:
            assert "cannot be read" in str(refusal) or "memory" in str(refusal)
            start = int((folder / fuzzing.ROUND).read_text()) + 1
    return read


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_damaged_bytes(sample: Path, tmp_path: Path) -> None:
    _in_children(fuzzing.damaged_bytes, sample, tmp_path, 40)


@pytest.mark.parametrize(
    "sample",
    [path for path in SAMPLES if path.suffix in (".xlsx", ".xlsm", ".ods")],
    ids=lambda path: path.name,
)
def test_damaged_parts_in_a_sound_archive(sample: Path, tmp_path: Path) -> None:
    assert _in_children(fuzzing.damaged_parts, sample, tmp_path, 40) > 0


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_way_to_be_cut_off(sample: Path, tmp_path: Path) -> None:
    _in_children(fuzzing.cut_off, sample, tmp_path, 22)


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
    written = "".join(f' {key}="{text}"' for key, text in attributes.items())
    return f"<{name}{written}>{content}</{name}>"


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
    fuzzing.read(generators.sheet(tmp_path / "quote.xlsx", "".join(elements)))


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
