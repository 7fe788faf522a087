"""What stops the set-up through no fault of Outlay's own code."""

from __future__ import annotations


class SetupProblem(Exception):
    """One clear sentence for the user: what is wrong and what to do."""
