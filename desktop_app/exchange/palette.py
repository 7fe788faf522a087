"""The colours of every table and chart, in the window and on paper.

They differ in lightness as well as in hue, so that a page printed in grey still reads.
"""

from __future__ import annotations

from typing import Final

INK: Final = "#1F2933"
MUTED: Final = "#5F6B76"
RULE: Final = "#B8C1CA"
BAND: Final = "#E9EDF1"
PAPER: Final = "#FFFFFF"

# Roles of cells.
INPUT_INK: Final = "#0000FF"
INPUT_PAPER: Final = "#FFF9DB"
INPUT_TAB: Final = "#F2D44E"
LINK_INK: Final = "#00703C"
HOLDS_INK: Final = "#1E6B3A"
HOLDS_PAPER: Final = "#E3F2E7"
FAILS_INK: Final = "#9C0006"
FAILS_PAPER: Final = "#FBE0E0"

# Kinds of cost: from dark to light, as they are stacked from the axis up.
CAPEX: Final = "#1B3A5C"
OPEX: Final = "#6F93B5"
PEOPLE: Final = "#C9D6E2"

# More and less cost in bridges and tornados.
ADVERSE: Final = "#A63D40"
FAVOURABLE: Final = "#6BA57B"
TOTAL: Final = "#4A5560"

# Lines of scenarios: the preferred one, then the baseline, then the others.
PREFERRED: Final = "#0B5FA5"
BASELINE: Final = "#1F2933"
OTHERS: Final = ("#C7762B", "#7A5195", "#3B8C8C", "#A0A7AE", "#B5651D", "#5C7A3A")
