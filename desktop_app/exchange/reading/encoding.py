"""Which encoding a text file is in, and how sure that is."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from desktop_app.exchange.reading.grid import UnreadableFile
from desktop_app.exchange.reading.source import Source

_SAMPLE = 65_536
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The encodings that spreadsheet programs save .csv files in where they do not use Unicode.
_CANDIDATES = [
    "cp1252",
    "cp932",
    "gb18030",
    "big5",
    "cp949",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
]
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.02
_CONTROL_NUMBER = 20
_WESTERN = "cp1252"


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, the encoding it was read in, and whether the bytes prove that encoding."""

    text: str
    encoding: str
    certain: bool


def decode(source: Source) -> DecodedText:
    """The text of a file; UnreadableFile where the bytes are no text in any encoding."""
    decoded = _decode(source.data)
    sample = decoded.text[:_SAMPLE]
    if "\x00" in decoded.text or _is_binary(sample):
        raise UnreadableFile(
            f"{source.name} is no workbook, or a damaged one (its bytes are neither a spreadsheet nor "
            f"text): get a new copy of it."
        )
    return decoded


def _is_binary(sample: str) -> bool:
    number = len(_CONTROL.findall(sample))
    return number > _CONTROL_NUMBER and number > _CONTROL_SHARE * len(sample)


def _decode(data: bytes) -> DecodedText:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _with(data, encoding, certain=True)
    wide = _wide_encoding(data[:_SAMPLE])
    if wide is not None:
        return _with(data, wide, certain=False)
    try:
        return DecodedText(data.decode("utf-8"), "utf-8", True)
    except UnicodeDecodeError:
        pass
    return _with(data, _narrow_encoding(data), certain=False)


def _with(data: bytes, encoding: str, *, certain: bool) -> DecodedText:
    try:
        return DecodedText(data.decode(encoding), encoding, certain)
    except UnicodeDecodeError:
        return DecodedText(data.decode(encoding, "replace"), encoding, False)


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark: the zero bytes of ASCII signs stand at even or at odd places only."""
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.3 * half and even == 0:
        return "utf-16-le"
    if even > 0.3 * half and odd == 0:
        return "utf-16-be"
    return None


def _narrow_encoding(data: bytes) -> str:
    from charset_normalizer import from_bytes

    # Lines that are plain ASCII say nothing; the others say all there is to say.
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    matches = from_bytes(telling, cp_isolation=_CANDIDATES, threshold=0.5)
    best = matches.best()
    if best is None:
        return _WESTERN
    western = next((match for match in matches if _WESTERN in match.could_be_from_charset), None)
    # Short texts often fit several code pages equally well; the Western one is by far the commonest.
    if western is not None and western.chaos <= best.chaos and western.coherence >= best.coherence:
        return _WESTERN
    return best.encoding
