"""Words by which the rows of a quote are told apart, as patterns over folded text."""

from __future__ import annotations

from desktop_app.exchange.quotes.text import fold
from desktop_app.exchange.quotes.vocabulary import table, words

_ROWS = table("rows")

SUBTOTAL = words(_ROWS["subtotal"])
TOTAL = words(_ROWS["total"])
FINAL = words(_ROWS["final"])
FREIGHT = words(_ROWS["freight"])
FREIGHT_LEAD = words(_ROWS["freight_lead"])
TAX = words(_ROWS["tax"])
DISCOUNT = words(_ROWS["discount"])
OPTION = words(_ROWS["option"])
NO_BID = words(_ROWS["no_bid"])
ON_REQUEST = words(_ROWS["on_request"])
INCLUDED = words(_ROWS["included"])
CARRY = words(_ROWS["carry"])
SUMMARY = words(_ROWS["summary"])
ONE_OFF = words(_ROWS["one_off"])
MONTHLY = words(_ROWS["monthly"])
ANNUAL = words(_ROWS["annual"])
ALTERNATIVE_BLOCK = words(_ROWS["alternative_block"])
CHOOSE_ONE = words(_ROWS["choose_one"])
LEASE = words(_ROWS["lease"])
NOT_APPLICABLE = frozenset(fold(sign) for sign in _ROWS["not_applicable"])
PLACEHOLDERS = frozenset(fold(sign) for sign in _ROWS["placeholders"])
