"""What stops a formula from being compiled, raised inside the engine; `issues` is what a caller gets."""

from __future__ import annotations

from desktop_app.engine.formula.syntax import Span


class Problem(ValueError):
    """Something in a formula that the user must mend; `span` is the place in the text."""

    def __init__(self, code: str, message: str, span: Span = (0, 0)) -> None:
        super().__init__(message)
        self.code = code
        self.span = span


class Waits(Problem):
    """A formula is right but for what it reads; `root` says where the mistake is ("driver gpu_price")."""

    def __init__(self, root: str, span: Span) -> None:
        super().__init__("broken-input", f"This needs {root}: mend that first.", span)
        self.root = root
