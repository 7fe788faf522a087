"""Understanding a vendor quote: blocks, rows, facts, and the proof of its arithmetic."""

from desktop_app.exchange.quotes.as_json import quote_to_json
from desktop_app.exchange.quotes.model import Block, Issue, Line, Mapping, Quote
from desktop_app.exchange.quotes.understand import understand

__all__ = ["Block", "Issue", "Line", "Mapping", "Quote", "quote_to_json", "understand"]
