"""Files made to harm or broken by accident: a sentence or a workbook, in time and within memory."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from desktop_app.exchange.reading import Limits, UnreadableFile, read_workbook
from tests.data.hostile import generators

pytestmark = pytest.mark.expected_log("the child ended with status|the first reader fails")

SECONDS = 20
MEMORY_MB = 1000


def _peak_of_children_mb() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1000)


@pytest.mark.parametrize("name", generators.UNREADABLE)
def test_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    path = generators.UNREADABLE[name](tmp_path / name)
    start = time.monotonic()
    with pytest.raises(UnreadableFile) as refusal:
        read_workbook(path)
    assert time.monotonic() - start < SECONDS
    assert _peak_of_children_mb() < MEMORY_MB
    sentence = str(refusal.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert ":" in sentence  # what is wrong: what to do
    if name == "too_many_cells.xlsx":
        assert "1,000,000 filled cells" in sentence


@pytest.mark.parametrize("name", generators.READABLE)
def test_read_all_the_same(name: str, tmp_path: Path) -> None:
    path = generators.READABLE[name](tmp_path / name)
    start = time.monotonic()
    workbook = read_workbook(path)
    assert time.monotonic() - start < SECONDS
    assert _peak_of_children_mb() < MEMORY_MB
    assert {(1, 1), (1, 2)} & workbook.sheets[0].cells.keys()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("encrypted_workbook.xlsx", "password"),
        ("encrypted_member.xlsx", "password"),
        ("ods_encrypted.ods", "password"),
        ("html_table.xls", "HTML"),
        ("pdf.xlsx", "PDF"),
        ("zip_bomb.xlsx", "500 MB"),
        ("duplicate_members.xlsx", "twice"),
        ("billion_laughs.xlsx", "entities"),
        ("external_entity.xlsx", "entities"),
        ("no_sheets.xlsx", "no sheet"),
        ("word_document.xlsx", "Word"),
        ("empty.xlsx", "0 bytes"),
    ],
)
def test_the_sentence_names_the_cause(name: str, word: str, tmp_path: Path) -> None:
    path = generators.UNREADABLE[name](tmp_path / name)
    with pytest.raises(UnreadableFile, match=word):
        read_workbook(path)


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "side"
    folder.mkdir(parents=True)
    read_workbook(generators.climbing_member(folder / "quote.xlsx"))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "quote.xlsx", "side"]


def test_file_larger_than_the_limit(tmp_path: Path) -> None:
    path = generators.write(tmp_path / "big.xlsx", generators.parts())
    with pytest.raises(UnreadableFile, match="larger than"):
        read_workbook(path, limits=Limits(file_bytes=100))


def test_things_that_are_no_files(tmp_path: Path) -> None:
    loop = tmp_path / "loop.xlsx"
    loop.symlink_to(loop)
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    cases = {
        tmp_path: "folder",
        tmp_path / "missing.xlsx": "does not exist",
        tmp_path / "file.xlsx" / "inside.xlsx": "does not exist",
        loop: "leads back to itself",
        pipe: "device or a pipe",
        Path("/dev/zero"): "device or a pipe",
        tmp_path / ("x" * 300): "too long a name",
    }
    for path, words in cases.items():
        with pytest.raises(UnreadableFile, match=words):
            read_workbook(path)


def test_file_name_with_zero_byte() -> None:
    with pytest.raises(UnreadableFile, match="no file name"):
        read_workbook("quote\x00.xlsx")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_file_without_permission(tmp_path: Path) -> None:
    path = generators.write(tmp_path / "quote.xlsx", generators.parts())
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="permission"):
        read_workbook(path)


def test_the_name_in_a_sentence_cannot_forge_another(tmp_path: Path) -> None:
    path = tmp_path / "quote\n\u202eslx.exe"
    path.write_bytes(b"%PDF")
    with pytest.raises(UnreadableFile) as refusal:
        read_workbook(path)
    assert "\n" not in str(refusal.value)
    assert "\u202e" not in str(refusal.value)
