"""Write the quotes and their truth files.

python -m tests.exchange.quotes.exam.write [FOLDER]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.exchange.quotes.exam import paper
from tests.exchange.quotes.exam.america import AMERICA
from tests.exchange.quotes.exam.around import AROUND
from tests.exchange.quotes.exam.asia import ASIA
from tests.exchange.quotes.exam.doubts import DOUBTS
from tests.exchange.quotes.exam.europe import EUROPE
from tests.exchange.quotes.exam.europe_more import EUROPE_MORE
from tests.exchange.quotes.exam.faults import FAULTS
from tests.exchange.quotes.exam.fresh import FRESH
from tests.exchange.quotes.exam.harder import HARDER
from tests.exchange.quotes.exam.layouts import LAYOUTS
from tests.exchange.quotes.exam.mixed import MIXED
from tests.exchange.quotes.exam.odd_files import ODD_FILES
from tests.exchange.quotes.exam.offers import OFFERS
from tests.exchange.quotes.exam.truth import Quote

FOLDER = Path(__file__).parents[3] / "data" / "quotes_exam"
MAKERS = [
    *AMERICA,
    *AROUND,
    *ASIA,
    *DOUBTS,
    *EUROPE,
    *EUROPE_MORE,
    *FAULTS,
    *FRESH,
    *HARDER,
    *LAYOUTS,
    *MIXED,
    *ODD_FILES,
    *OFFERS,
]


def write(quote: Quote, folder: Path) -> None:
    """The workbook and what a careful reader finds in it."""
    path = folder / quote.file
    if path.suffix in (".csv", ".tsv"):
        paper.write_text(quote.sheets[0], path, quote.how["delimiter"], quote.how["encoding"])
    elif path.suffix in (".xls", ".ods"):
        paper.convert(quote.sheets, path)
    else:
        paper.write_xlsx(quote.sheets, path, date_1904=quote.how.get("date_1904", False))
    if not quote.how.get("saved", True):
        paper.drop_saved_values(path)
    if quote.how.get("strict"):
        paper.make_strict(path)
    truth = json.dumps(quote.truth, ensure_ascii=False, indent=1)
    path.with_suffix(".truth.json").write_text(truth + "\n", encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    only = sys.argv[2:]
    for maker in MAKERS:
        made = maker()
        if not only or any(made.file.startswith(name) for name in only):
            write(made, target)
