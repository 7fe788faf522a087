"""Words by which the facts of a quote are labelled, as patterns over folded text."""

from __future__ import annotations

import re

from desktop_app.exchange.quotes.text import fold
from desktop_app.exchange.quotes.vocabulary import any_of, table, words

_FACTS = table("facts")
_LABELS: dict[str, dict[str, list[str]]] = _FACTS["labels"]
_DOCUMENT = f"(?:{any_of(_FACTS['document']['english'] + _FACTS['document']['other'])})"
_NUMBER = (
    r"(?:n\.|no\b\.?|nos\b\.?|nr\b\.?|number|num\b\.?|#|id\b|ref\b\.?|reference|code|nummer|n°|numero|番号|no\.|号|編號|编号|单号|번호|מס'|מספר|№|referenz|referencia|riferimento|rif\b\.?|"
    r"referentie|zeichen|numer|cislo)"
)
_KIND = r"(?:(?:your|our|vendor|sales|budgetary|firm|formal|revised|price|commercial|official) )*"
NUMBER_LABEL = re.compile(
    rf"^(?:{_KIND}{_DOCUMENT}s?(?:[\s.\-/]*{_NUMBER})+|"
    rf"{_NUMBER}(?:\s*(?:de|du|d'|della|do|da|del|der|van|of|di|dell')?\s*(?:la |l')?){_DOCUMENT}|"
    rf"(?:our )?(?:ref|reference|referenz|referencia|referentie|riferimento)\b\.?(?:\s*(?:no|"
    rf"nr|number)\b\.?)?|{_KIND}{_DOCUMENT}|vorgangsnummer|belegnummer|beleg-?nr\.?|"
    rf"doc(?:ument|\.)? ?(?:no|nr|#|number)\.?)"
    r"(?:\s*[/&]\s*rev(?:ision)?\.?)?(?![^\W_])"
)

LABEL_PATTERNS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"^(?:{any_of(phrases['english'] + phrases['other'])})(?![^\W_])")
    for name, phrases in _LABELS.items()
}
ENGLISH_LABELS = frozenset(fold(p) for phrases in _LABELS.values() for p in phrases["english"])
# East Asian labels say nothing about days and months: dates are written year first there.
DAY_FIRST_LABELS = frozenset(
    word
    for phrases in _LABELS.values()
    for word in map(fold, phrases["other"])
    if word[0].isascii() or "\u0590" <= word[0] <= "\u05ff"
)
DOCUMENT_TITLE = words(_FACTS["words"]["document_title"])
CUSTOMER = words(_FACTS["words"]["customer"])
FIRM = words(_FACTS["words"]["firm"])
BUDGETARY = words(_FACTS["words"]["budgetary"])
LEGAL_FORM = re.compile(
    r"(?<![^\W_])(?:inc|inc\.|corp|corp\.|corporation|incorporated|llc|l\.l\.c\.|ltd|ltd\.|limited|plc|llp|lp|co\.|company|pty|gmbh|ag|kg|se|ug|ohg|e\.k\.|mbh|sa|s\.a\.|sas|s\.a\.s\.?|sarl|s\.a\.r\.l\.|eurl|sl|s\.l\.|"
    r"s\.l\.u\.|slu|s\.a\.u\.|lda|lda\.|ltda|ltda\.|s/a|eireli|me|spa|s\.p\.a\.|srl|s\.r\.l\.|"
    r"sapa|bv|b\.v\.|nv|n\.v\.|vof|ab|as|a/s|aps|oy|oyj|a\.s\.|s\.r\.o\.|sp\. z o\.o\.|kft|"
    r"zrt|pvt|pte|bhd|sdn|k\.k\.|kk|ood|ooo|jsc|fzco|fze|"
    r"group|holdings|s de rl|s\.c\.|cv|de cv)(?![^\W_])|株式会社|有限会社|合同会社|㈱|"
    r"有限公司|股份|주식회사|㈜|בע\"מ|ооо",
)
NOT = re.compile(
    r"(?:not|no|nao|non|never|nicht|kein|keine|pas|sin|sem|niet|geen)[\s-]+(?:(?:constitui|"
    r"constituye|constitute|constitue|costituisce|est|is|e|es|ist|un|als) )*(?:a |an |eine? |"
    r"une |una |uma )?(?:(?:oferta|offre|offerta|offer) )?$"
)
THE_FIRM = re.compile(r"(?<![a-z])(?:the|our|your|law) firm(?:'s)?$|(?<![a-z])firm's$")
VALID_FOR = re.compile(
    r"valid|gultig|valable|valide|valid[oa]s?|validez|validade|validita|geldig|gyldig|giltig|"
    r"good for|open for|hold|bindefrist|bindend fur|gebunden|vigencia|有効|有效|유효|בתוקף|"
    r"prices? (?:are )?(?:held|firm) for|expires? (?:in|after)"
)
TERMS_TEXT = re.compile(
    r"(?:(?:is |are |will be )?((?:invoiced|billed|payable|due) [^.;]{0,60}?(?:net \d+|\d+ "
    r"days[^.;]{0,30}|in advance|in arrears|upfront|monthly)(?:, ?net \d+)?)|(\d+(?:/\d+|% "
    r"\d+)?,? ?net ?\d+(?: days)?|net ?\d+(?: days)?(?: from [a-z ]{3,20})?))",
    re.IGNORECASE,
)
PAYMENT_WORDS = re.compile(
    r"net\b|\d|days|prepa|advance|arrears|deposit|deliver|order|invoice|cash|cod\b|credit|"
    r"upfront|tage|netto|jours|dias|giorni|dagen|vorkasse|rechnung|comptant|contado|transfer|"
    r"bonific|a vista|overboeking|virement|末|現金|振込|预付|שוטף"
)
REVISION = re.compile(
    r"[\s,;/|(\[–-]*(?<![^\W_])((?:rev(?:ision)?|version|ver|vers|issue|amendment|fassung|revisi[oó]n|versi[oó]n|revis[aã]o|vers[aã]o|revisione|versione|versie|indice|v)\.?\s*[:#]?\s*(?:n[o°]\.?\s*)?([A-Z]|\d{1,3}(?:\.\d{1,2})?))\s*[)\]]?\s*$",
    re.IGNORECASE,
)
REVISION_TAIL = (
    re.compile(r"^(.*\d)(\.(\d{1,2}))$"),
    re.compile(r"^(.*\d)([-_/ ]?(?:R|V|REV|r|v|rev)\.?(\d{1,2}))$"),
    re.compile(r"^(.*\d)(-([A-Z]))$"),
    re.compile(r"^(.*\d)(\s*第(\d+)版)$"),
)
