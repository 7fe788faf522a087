"""A workbook is written whole or not at all, and the person is told in one sentence."""

from __future__ import annotations

import errno
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from desktop_app.document.document import Document
from desktop_app.engine.model import Plan
from desktop_app.exchange.workbook import saving
from desktop_app.exchange.workbook.saving import ExportError, check_workbook, write_safely

OLD = b"the old file"


def _workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Cover").write_string(0, 0, "Outlay")
    book.close()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "pack.xlsx"
    path.write_bytes(OLD)
    return path


def _refused(target: Path, write: Callable[[Path], None], *words: str) -> str:
    """The sentence of the error; the old file is intact and nothing lies beside it."""
    with pytest.raises(ExportError) as caught:
        write_safely(target, write)
    message = str(caught.value)
    for word in words:
        assert word in message
    assert "\n" not in message
    assert message.endswith(".")
    assert target.read_bytes() == OLD
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    return message


def test_a_new_file_and_one_that_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "Board pack 2027 – עברית 🖥️.xlsx"
    write_safely(path, _workbook)
    first = path.read_bytes()
    path.chmod(0o640)
    write_safely(path, _workbook)
    check_workbook(path)
    assert len(path.read_bytes()) == len(first)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_a_link_keeps_pointing_at_the_file_that_is_replaced(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_bytes(OLD)
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    write_safely(link, lambda path: path.write_text("new") and None)
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_the_temporary_file_has_the_suffix_and_is_what_is_checked(target: Path) -> None:
    seen: list[tuple[str, bytes]] = []
    write_safely(
        target,
        lambda path: path.write_bytes(b"new") and None,
        lambda path: seen.append((path.suffix, path.read_bytes())),
    )
    assert seen == [(".xlsx", b"new")]
    assert target.read_bytes() == b"new"


def test_a_full_disk(target: Path) -> None:
    def write(path: Path) -> None:
        path.write_bytes(b"half")
        Path("/dev/full").write_bytes(b"x" * 100_000)

    _refused(target, write, "no room", "pack.xlsx", "elsewhere")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EROFS, "on a disk that cannot be written"),
        (errno.EACCES, "permission"),
        (errno.EIO, "cannot be written"),
        (errno.ENOENT, "folder"),
    ],
)
def test_what_the_system_reports_while_writing(target: Path, code: int, words: str) -> None:
    def write(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(code, os.strerror(code), str(path))

    _refused(target, write, words, "pack.xlsx" if code != errno.ENOENT else "")


def test_an_error_that_xlsxwriter_wraps(target: Path) -> None:
    def write(path: Path) -> None:
        book = xlsxwriter.Workbook(path.parent / "gone" / path.name)
        book.add_worksheet()
        book.close()

    _refused(target, write, "folder", "no longer there")


def test_a_name_that_is_too_long_or_impossible(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="too long"):
        write_safely(tmp_path / ("n" * 300 + ".xlsx"), _workbook)
    with pytest.raises(ExportError, match="another name"):
        write_safely(tmp_path / "a\0b.xlsx", _workbook)
    assert list(tmp_path.iterdir()) == []


def test_folders_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist: make it"):
        write_safely(tmp_path / "missing" / "pack.xlsx", _workbook)
    (tmp_path / "file").write_bytes(OLD)
    with pytest.raises(ExportError, match="is not a folder"):
        write_safely(tmp_path / "file" / "pack.xlsx", _workbook)
    with pytest.raises(ExportError, match="is a folder: choose a file name"):
        write_safely(tmp_path, _workbook)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_plan_is_never_replaced_whatever_its_name(tmp_path: Path, target: Path) -> None:
    plan = tmp_path / "plan.outlay"
    Document.create(Plan("Kept"), plan).close()
    content = plan.read_bytes()
    for name in ("plan.outlay", "plan.xlsx"):
        plan.rename(tmp_path / name)
        plan = tmp_path / name
        with pytest.raises(ExportError, match=f"“{name}” is a plan of Outlay and stays as it is"):
            write_safely(plan, _workbook)
        assert plan.read_bytes() == content
    write_safely(target, _workbook)
    check_workbook(target)


@pytest.mark.skipif(sys.platform == "win32", reason="has no files for devices")
def test_a_device_is_no_file_to_replace() -> None:
    with pytest.raises(ExportError, match="is a device and no file"):
        write_safely(Path(os.devnull), _workbook)
    assert Path(os.devnull).is_char_device()


def test_a_target_that_is_marked_read_only(target: Path) -> None:
    target.chmod(0o444)
    _refused(target, _workbook, "read-only", "pack.xlsx")


def test_a_target_that_another_program_holds(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Only Windows refuses to replace an open file.
    def refuse(self: Path, other: Path) -> Path:
        raise PermissionError(errno.EACCES, "Access is denied", str(other))

    monkeypatch.setattr(Path, "replace", refuse)
    waited: list[float] = []
    monkeypatch.setattr(saving.time, "sleep", waited.append)
    for count in ("(new)", "(new 2)"):
        with pytest.raises(ExportError, match="open in another program") as caught:
            write_safely(target, _workbook)
        kept = target.with_name(f"pack {count}.xlsx")
        assert kept.name in str(caught.value)
        check_workbook(kept)
    assert target.read_bytes() == OLD
    assert len(list(target.parent.iterdir())) == 3
    assert 1 < sum(waited) / 2 < 3


@pytest.mark.parametrize("lock", ["~$target.xlsx", ".~lock.target.xlsx#"])
def test_a_target_that_a_spreadsheet_program_has_open(tmp_path: Path, lock: str) -> None:
    target = tmp_path / "target.xlsx"
    _workbook(target)
    old = target.read_bytes()
    (tmp_path / lock).write_bytes(b"\x06Finance")
    with pytest.raises(ExportError, match="open in Excel or LibreOffice: close it there"):
        write_safely(target, _workbook)
    assert target.read_bytes() == old
    assert {path.name for path in tmp_path.iterdir()} == {"target.xlsx", lock}
    write_safely(tmp_path / "another.xlsx", _workbook)


def test_a_target_that_is_held_for_a_moment(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace
    failures = [PermissionError(), PermissionError()]

    def replace(self: Path, other: Path) -> Path:
        if failures:
            raise failures.pop()
        return real(self, other)

    monkeypatch.setattr(Path, "replace", replace)
    write_safely(target, _workbook)
    check_workbook(target)


class _Cancelled(BaseException):
    pass


def test_what_is_no_fault_of_the_environment_passes_through(target: Path) -> None:
    def write(path: Path) -> None:
        path.write_bytes(b"half")
        raise _Cancelled

    with pytest.raises(_Cancelled):
        write_safely(target, write)
    assert target.read_bytes() == OLD
    assert len(list(target.parent.iterdir())) == 1


def test_a_workbook_that_does_not_read_back_never_replaces_the_old_one(target: Path) -> None:
    def torn(path: Path) -> None:
        _workbook(path)
        os.truncate(path, path.stat().st_size // 2)

    def flipped(path: Path) -> None:
        _workbook(path)
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("xl/worksheets/sheet1.xml")
        content = bytearray(path.read_bytes())
        content[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0xFF
        path.write_bytes(content)

    def empty(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook><sheets/></workbook>")

    _refused(target, torn, "cannot be read back")
    _refused(target, flipped, "disk")
    _refused(target, empty, "no sheet")
