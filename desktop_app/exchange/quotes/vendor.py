"""Who makes the offer: the name at the head of the quote, as the vendor writes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_app.exchange.quotes import vocabulary_facts as words
from desktop_app.exchange.quotes.dates import find_date
from desktop_app.exchange.quotes.labels import Area, Found, cells_of, labels_of
from desktop_app.exchange.quotes.text import fold, tidy
from desktop_app.exchange.quotes.view import SheetView
from desktop_app.exchange.reading.grid import Cell, address


def find_vendor(
    labelled: Sequence[Found], areas: Sequence[Area], taken: frozenset[str]
) -> tuple[str, Found] | None:
    """(name, where it stands): the labelled one, else the text at the head that looks most like a company."""
    found = next(iter(labelled), None)
    if found is None:
        best: tuple[float, Found] | None = None
        for rank, area in enumerate(areas):
            for cell in cells_of(area, below=False):
                place = address(area.view.name, cell.row, cell.column)
                if cell.row > 15 or not isinstance(cell.value, str) or place in taken:
                    continue
                score = _score(area.view, cell, rank)
                if score is not None and (best is None or score > best[0]):
                    text = tidy(cell.value)
                    best = (score, Found(text, text, area.view.name, cell))
        if best is None:
            return None
        found = best[1]
    return _mixed_case(_name_part(found.value), areas), found


def _score(view: SheetView, cell: Cell, rank: int) -> float | None:
    text = _name_part(tidy(str(cell.value)))
    plain = fold(text)
    # a sentence of the terms may say "limited" too
    legal = bool(words.LEGAL_FORM.search(plain)) and len(text.split()) <= 8
    if (
        not 2 < len(text) <= 90
        or (text.endswith((".", ":", ",", "!")) and not legal)
        or "@" in text
        or not any(c.isalpha() for c in text)
    ):
        return None
    if words.CUSTOMER.search(plain) or find_date(text) is not None or sum(c.isdigit() for c in text) > 4:
        return None
    squeezed = plain.replace(" ", "")
    if words.DOCUMENT_TITLE.fullmatch(plain) or words.DOCUMENT_TITLE.fullmatch(squeezed):
        return None
    labels = list(labels_of(text))
    if labels and not legal and (":" in text or any(end == "" for _, _, end in labels)):
        return None
    left = view.rows[cell.row].get(cell.column - 1)
    before = tidy(left.value) if left is not None and isinstance(left.value, str) else ""
    if (
        before
        and not words.DOCUMENT_TITLE.fullmatch(fold(before))
        and (
            words.CUSTOMER.search(fold(before))
            or before.endswith(":")
            or any(True for _ in labels_of(before))
        )
    ):
        return None
    score = 5.0 * legal - 0.5 * cell.row - 0.1 * cell.column - 2.0 * rank + cell.bold
    if view.rows[cell.row].get(cell.column + 1) is not None and not legal:
        score -= 1.5  # the name of a value beside it, more likely
    if words.DOCUMENT_TITLE.search(plain) and not legal:
        score -= 4
    if len(text.split()) > 8 or plain[:1].islower():
        score -= 3
    return score


def _name_part(text: str) -> str:
    forms = list(words.LEGAL_FORM.finditer(fold(text)))
    if forms and len(fold(text)) == len(text):
        digit = next((i for i, c in enumerate(text) if c.isdigit() and i > forms[0].end()), None)
        ends = [form.end() for form in forms if digit is not None and form.end() <= digit]
        text = text[: ends[-1]] if ends else text  # a registration number or an address follows
    parts = [p.strip() for p in re.split(r"\s[-–—|·•]\s|\s{2,}", text) if p.strip()]
    if len(parts) < 2:
        return text
    latin = [p for p in parts if p[0].isascii()]
    if latin and len(latin) < len(parts) and not any(ord(c) > 0x3000 for c in text):
        return latin[0]
    return next((p for p in parts if words.LEGAL_FORM.search(fold(p))), parts[0])


_KEEP = re.compile(
    r"^(?:GMBH|AG|KG|SE|BV|NV|SA|SAS|SARL|SL|SRL|LLC|LLP|PLC|IT|AI|ICT|USA|UK|EU|HPC|GPU|II|III)$"
)
_WRITTEN = {"GMBH": "GmbH", "LTD": "Ltd", "LTD.": "Ltd.", "PVT": "Pvt", "PTY": "Pty", "PTE": "Pte"}
_SMALL = frozenset(
    [
        "and",
        "of",
        "the",
        "for",
        "de",
        "la",
        "le",
        "du",
        "des",
        "und",
        "der",
        "die",
        "das",
        "y",
        "e",
        "di",
        "del",
        "da",
        "do",
        "dos",
        "das",
        "van",
        "en",
        "et",
    ]
)


def _mixed_case(name: str, areas: Sequence[Area]) -> str:
    """A name printed in capitals as it is written elsewhere in the file, else with capital initials."""
    if not name.isupper() or (
        not name.isascii() and not any(c.isalpha() and c.upper() != c.lower() for c in name)
    ):
        return name
    wanted = fold(name)
    for area in areas:
        for cell in cells_of(area):
            if isinstance(cell.value, str) and len(cell.value) < 400:
                text = tidy(cell.value)
                at = fold(text).find(wanted)
                if at >= 0 and len(fold(text)) == len(text) and not text[at : at + len(name)].isupper():
                    candidate = text[at : at + len(name)]
                    if candidate[:1].isupper():
                        return candidate
    done = []
    for index, word in enumerate(name.split(" ")):
        if (
            _KEEP.match(word.strip(".,"))
            or any(c.isdigit() for c in word)
            or (len(word) > 1 and not set(word) & set("AEIOUYÄÖÜÉ"))
        ):
            done.append(_WRITTEN.get(word, word))
        elif index and word.lower() in _SMALL:
            done.append(word.lower())
        else:
            done.append("-".join(p[:1] + p[1:].lower() for p in word.split("-")))
    return " ".join(done)
