"""`python -m desktop_app`: the window when nothing else is said, otherwise the command line."""

from __future__ import annotations

import sys

from desktop_app.exchange.reading.child import serve_if_asked


def main() -> None:
    """Start the window, or hand the arguments to the command line."""
    serve_if_asked()
    # Imported here: a reading child needs none of it, and the commands none of Qt.
    from desktop_app.cli import main as command_line

    command_line(sys.argv[1:] or ["gui"])


if __name__ == "__main__":
    main()
