"""Understanding a vendor quote: blocks, rows, facts, and the proof of its arithmetic."""

from desktop_app.exchange.quotes.as_json import quote_to_json
from desktop_app.exchange.quotes.compare import (
    FieldChange,
    LineChange,
    QuoteComparison,
    compare_quotes,
    fingerprint,
)
from desktop_app.exchange.quotes.model import (
    Alternative,
    Block,
    Charge,
    Evidence,
    GrandTotal,
    Issue,
    Lease,
    Line,
    Mapping,
    Note,
    Quote,
    Restated,
    Source,
    Total,
)
from desktop_app.exchange.quotes.read import read_quote, read_sheets_and_quote
from desktop_app.exchange.quotes.understand import understand

__all__ = [
    "Alternative",
    "Block",
    "Charge",
    "Evidence",
    "FieldChange",
    "GrandTotal",
    "Issue",
    "Lease",
    "Line",
    "LineChange",
    "Mapping",
    "Note",
    "Quote",
    "QuoteComparison",
    "Restated",
    "Source",
    "Total",
    "compare_quotes",
    "fingerprint",
    "quote_to_json",
    "read_quote",
    "read_sheets_and_quote",
    "understand",
]
