"""Finance as pure functions: depreciation, tax, annuities, net present value, leases, break-even, sizing,
unit costs.

Common to all of them:

* Arguments are numbers or NumPy arrays and broadcast. Where a series is meant, the trailing axis is the month
  or the period and the leading axes (trials, lines) broadcast.
* Rates are nominal annual rates as fractions (0.08 is 8%) unless the argument says "per period".
* Money keeps the currency it came in. Costs are positive; functions that work on cash flows take receipts as
  positive and payments as negative, and the annuity functions keep the spreadsheet's signs.
* What is undefined is nan, never an exception, a warning or an infinity.
"""
