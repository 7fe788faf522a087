"""`python -m desktop_app`: the window when nothing else is said, otherwise the command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Start the window, or hand the arguments to the command line."""
    # Imported here: the commands must work where Qt's system libraries are missing.
    from desktop_app.cli import main as command_line

    command_line(sys.argv[1:] or ["gui"])


if __name__ == "__main__":
    main()
