"""Outlay: plan, compare and defend the cost of AI compute."""

__version__ = "0.1.0"
