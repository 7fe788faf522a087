"""Problems as data: what is wrong, where, and what to do. The engine returns Issues, it never raises for user
input.
"""

from __future__ import annotations

from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem.

    `where` names the thing in the user's words ("driver gpu_count", "line Servers, field quantity");
    `span` is the (start, end) of the offending text in the formula, counted in characters from 0, where there
    is one.
    """

    severity: str
    code: str
    where: str
    message: str
    span: tuple[int, int] | None = None


def error(code: str, where: str, message: str, span: tuple[int, int] | None = None) -> Issue:
    """An Issue that stops the figure it belongs to."""
    return Issue(ERROR, code, where, message, span)


def warning(code: str, where: str, message: str, span: tuple[int, int] | None = None) -> Issue:
    """An Issue the user should know; figures are still given."""
    return Issue(WARNING, code, where, message, span)


def has_errors(issues: tuple[Issue, ...] | list[Issue]) -> bool:
    """True if any Issue is an error."""
    return any(issue.severity == ERROR for issue in issues)
