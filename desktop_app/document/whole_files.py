"""The last steps of writing a file whole: onto the disk, and into its place in one step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

# Virus scanners and synchronising folders hold a file for moments, on Windows above all.
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)


def replace(fresh: Path, target: Path, sleep: Callable[[float], None]) -> None:
    """Put `fresh` in the place of `target`, trying again while another program holds it; OSError at last."""
    for wait in _WAITS:
        try:
            fresh.replace(target)
        except PermissionError:
            sleep(wait)
        else:
            return
    fresh.replace(target)


def sync_to_disk(path: Path) -> None:
    """Return when the file's content is on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make a new name itself last through a power cut, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        # Some network shares know no fsync of a folder; the file itself is on the disk already.
        return
    finally:
        os.close(descriptor)
