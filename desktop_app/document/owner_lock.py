"""A lock on a local file that the operating system lets go when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        # flock, not lockf: a second try from the same process must fail as well.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class OwnerLock:
    """A held lock; `release` removes the file too."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> OwnerLock | None:
        """The lock, or None where a living process holds it. Makes the file."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(descriptor)
        except OSError:
            os.close(descriptor)
            return None
        # Between opening and locking, the holder before may have removed the file: then this lock guards
        # nothing.
        try:
            same = os.path.samestat(os.fstat(descriptor), path.stat())
        except FileNotFoundError:
            same = False
        if not same:
            os.close(descriptor)
            return None
        return cls(path, descriptor)

    def release(self, *, keep_file: bool = False) -> None:
        """Let go; with `keep_file` the next one finds the file and may take it."""
        if self._descriptor is None:
            return
        if keep_file or sys.platform == "win32":
            os.close(self._descriptor)
            if not keep_file:
                self.path.unlink(missing_ok=True)
        else:
            self.path.unlink(missing_ok=True)
            os.close(self._descriptor)
        self._descriptor = None
