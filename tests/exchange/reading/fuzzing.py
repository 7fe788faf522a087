"""Rounds of fuzzing that run in a child process; each round spoils a sample in another way and reads it."""

from __future__ import annotations

import logging
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

from desktop_app.exchange.reading import Limits, UnreadableFile, Workbook, read_workbook_here
from desktop_app.exchange.reading.grid import Scalar
from desktop_app.exchange.reading.values import clean_text

ROUND = "round.txt"
Report = Callable[[float, str], None]


class _Strict(logging.Handler):
    """A first reader that fails other than by a refusal is a fault, though the second may save the day."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and not _is_from_xlrd(record):
            raise AssertionError(self.format(record))


def _is_from_xlrd(record: logging.LogRecord) -> bool:
    """xlrd trusts what it reads, and raises whatever comes of it."""
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        if "xlrd" in trace.tb_frame.f_code.co_filename:
            return True
        trace = trace.tb_next
    return False


def read(path: Path) -> bool:
    """Read a file and check what comes of it; True for a workbook, False for a refusal in one sentence."""
    try:
        workbook = read_workbook_here(path, limits=Limits(seconds=10))
    except UnreadableFile as refusal:
        sentence = str(refusal)
        assert sentence.startswith(path.name)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return False
    _check(workbook)
    return True


def _check(workbook: Workbook) -> None:
    assert workbook.sheets
    for sheet in workbook.sheets:
        for place, cell in sheet.cells.items():
            assert place == (cell.row, cell.column)
            assert isinstance(cell.value, Scalar)
            if isinstance(cell.value, str):
                assert clean_text(cell.value) == (cell.value, False, False)


def damage(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them flipped, overwritten, cut out, repeated or cut off."""
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


def damaged_bytes(
    sample: Path, folder: Path, start: int, rounds: int, *, progress: Report
) -> tuple[int, int]:
    """Damage anywhere in the file."""
    data = sample.read_bytes()

    def spoil(path: Path, number: int, chance: random.Random) -> None:
        path.write_bytes(damage(data, chance))

    return _rounds(sample, folder, start, rounds, spoil)


def damaged_parts(
    sample: Path, folder: Path, start: int, rounds: int, *, progress: Report
) -> tuple[int, int]:
    """Damage within one part of a sound archive, or that part left out."""
    with zipfile.ZipFile(sample) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}

    def spoil(path: Path, number: int, chance: random.Random) -> None:
        victim = chance.choice(sorted(members))
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                if name != victim:
                    archive.writestr(name, content)
                elif chance.random() < 0.9:
                    archive.writestr(name, damage(content, chance))

    return _rounds(sample, folder, start, rounds, spoil)


def cut_off(sample: Path, folder: Path, start: int, rounds: int, *, progress: Report) -> tuple[int, int]:
    """The beginning of the file only."""
    data = sample.read_bytes()
    lengths = [0, 1, 2, 4, 8, 30, 100, 511, 512, 513]
    lengths += [len(data) * step // (rounds - len(lengths)) for step in range(rounds - len(lengths))]

    def spoil(path: Path, number: int, chance: random.Random) -> None:
        path.write_bytes(data[: lengths[number]])

    return _rounds(sample, folder, start, rounds, spoil)


def _rounds(
    sample: Path, folder: Path, start: int, rounds: int, spoil: Callable[[Path, int, random.Random], None]
) -> tuple[int, int]:
    logging.getLogger().addHandler(_Strict(logging.WARNING))
    read_well = 0
    path = folder / sample.name
    for number in range(start, rounds):
        (folder / ROUND).write_text(str(number))
        spoil(path, number, random.Random(f"{sample.name} {number}"))
        read_well += read(path)
    return read_well, rounds
