"""Where the files that ship with Outlay are: templates, price books, examples, icons, help.

In a checkout they stand in the folder `resources` beside the package; an installed Outlay carries the same
folder inside the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Path of a shipped file or folder; `FileNotFoundError` where Outlay's own files are incomplete.

    >>> resource("help").is_dir()
    True
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"Outlay's own file {'/'.join(parts)} is missing; install Outlay again")
