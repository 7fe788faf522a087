"""What a quote line is, by its words: the category and asset class that are proposed for it.

The words are those that vendors use, in English, German, French, Spanish, Japanese and Hebrew. They only
propose: a person may change every proposal before it is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of thing that vendors sell. `capital`: it is capitalised when it is bought once."""

    name: str
    category: str
    asset_class: str
    capital: bool


SERVERS = Sort("servers", "Compute", "Servers", True)
NETWORK = Sort("network", "Compute", "Network", True)
STORAGE = Sort("storage", "Compute", "Storage", True)
SITE = Sort("site equipment", "Site", "Site equipment", True)
SOFTWARE = Sort("software", "Software", "Software", True)
SUPPORT = Sort("support", "Support", "", False)
INSTALLATION = Sort("installation", "Set-up", "", True)
SERVICES = Sort("services", "Set-up", "", False)
PEOPLE = Sort("people", "People", "", False)
COLOCATION = Sort("colocation", "Site", "", False)
CLOUD = Sort("cloud", "Cloud compute", "", False)

# What is done comes before what it is done to ("support, per server"): the first sort with a match wins.
_SERVICES: tuple[tuple[Sort, tuple[str, ...]], ...] = (
    (
        SUPPORT,
        (
            r"support\b",
            "warrant",
            "maintenance",
            "care ?(?:pack|plan)",
            "monitoring",
            "service contract",
            "garantie",
            "wartung",
            "gewährleistung",
            "mantenimiento",
            "garant[ií]a",
            "assistance",
            "保守",
            "保証",
            "サポート",
            "אחריות",
            "תמיכה",
        ),
    ),
    (
        SOFTWARE,
        (
            "software",
            "licen[cs]e",
            "licencia",
            "lizenz",
            "subscription",
            "abonnement",
            "suscripci",
            "enterprise ai",
            "operating system",
            "ライセンス",
            "ソフトウェア",
        ),
    ),
    (
        SERVICES,
        (
            "training",
            "workshop",
            "schulung",
            r"\bformation\b",
            "capacitaci",
            "benchmark",
            "report",
            "travel",
            "reise",
            "研修",
        ),
    ),
    (
        INSTALLATION,
        (
            "install",
            "deploy",
            "integrat",
            "burn-?in",
            "commission",
            "rack(?:ing)?,? (?:and|&) (?:stack|cable)",
            "acceptance test",
            "cabling",
            "set-?up",
            "montage",
            "inbetriebnahme",
            "einbau",
            "mise en service",
            "puesta en marcha",
            "instalaci",
            "alta de",
            "設置",
            "据付",
            "導入",
            "התקנה",
        ),
    ),
    (
        COLOCATION,
        (
            r"\bcage\b",
            r"colo(?:cation)?\b",
            "cross[- ]?connect",
            "remote hands",
            "committed power",
            "kw per",
            "per kw",
            "potencia",
            "jaula",
            "conexi[oó]n cruzada",
            "manos remotas",
            "tr[aá]nsito",
            r"\btransit\b",
            "stellfläche",
            "コロケーション",
        ),
    ),
)
# Of things the head word comes first ("storage cluster, 4 nodes"): the sort with the earliest match wins.
_THINGS: tuple[tuple[Sort, tuple[str, ...]], ...] = (
    (
        NETWORK,
        (
            "switch",
            "transceiver",
            r"\bcable\b",
            r"cables\b",
            "patch",
            r"fib(?:er|re)\b",
            "optic",
            r"\bdac\b",
            r"\baoc\b",
            "adapter",
            r"nics?\b",
            "trunk",
            "infiniband",
            "ethernet",
            "router",
            "firewall",
            "netz",
            "kabel",
            "réseau",
            "スイッチ",
            "רשת",
            "ケーブル",
            "アダプタ",
        ),
    ),
    (
        SERVERS,
        (
            "server",
            r"\bnode\b",
            r"nodes\b",
            r"\bgpus?\b",
            r"\bhgx",
            r"\bdgx",
            "accelerator",
            "chassis",
            r"\bcpu",
            "h100",
            "h200",
            "b200",
            "b300",
            "a100",
            "l40s",
            r"mi3\d\d",
            "servidor",
            "serveur",
            "workstation",
            "rechner",
            "サーバ",
            "שרת",
            "dimm",
            "memory",
            "ノード",
        ),
    ),
    (
        STORAGE,
        (
            "storage",
            "nvme",
            r"\bssd\b",
            r"\bhdd\b",
            r"\bnas\b",
            r"\bsan\b",
            "flash",
            r"\bdisk",
            "speicher",
            "stockage",
            "almacenamiento",
            "ストレージ",
        ),
    ),
    (
        SITE,
        (
            r"\brack",
            r"\bpdu\b",
            r"\bups\b",
            "cooling",
            "power shelf",
            "heat exchanger",
            "leak detect",
            "coolant",
            "manifold",
            r"\bcdu\b",
            "power (?:strip|meter|distribution)",
            "generator",
            "busway",
            "schrank",
            "kühl",
            "ラック",
            "電源",
            "冷却",
        ),
    ),
)


def _compiled(words: tuple[tuple[Sort, tuple[str, ...]], ...]) -> tuple[tuple[Sort, re.Pattern[str]], ...]:
    return tuple((sort, re.compile("|".join(patterns), re.IGNORECASE)) for sort, patterns in words)


_SERVICE_PATTERNS, _THING_PATTERNS = _compiled(_SERVICES), _compiled(_THINGS)
_ROLE = re.compile(
    r"engineer|architect|consultant|manager|developer|analyst|administrator|specialist|ingenieur|berater|consultor"
    r"|ingenier|ingénieur|エンジニア",
    re.IGNORECASE,
)
# Working time of one person in a month, by the unit it is sold in.
_WORKING_TIME = tuple(
    (number, re.compile(rf"^\W*(?:(?:per|pro|par|por|person|man)[- ]?)?(?:{words})\W*$", re.IGNORECASE))
    for number, words in (
        (160, r"h|hrs?|hours?|std\.?|stunden?|heures?|horas?|時間"),
        (20, r"d|days?|tage?|pt|jours?|d[ií]as?|日|人日"),
        (4, r"wk|weeks?|wochen?|semaines?|semanas?|週"),
    )
)
_MONTHS = r"months?|mos?\b|monate?n?|meses|mois|ヶ月|か月|カ月"
_YEARS = r"years?|yrs?\b|jahre?n?|años?|ans?\b|年"
_TERM = re.compile(rf"(\d{{1,3}})\s*[- ]?\s*(?:(?P<months>{_MONTHS})|(?P<years>{_YEARS}))", re.IGNORECASE)
_RECOVERABLE = re.compile(
    r"\bvat\b|mwst|ust\b|\biva\b|\btva\b|\bgst\b|\bhst\b|consumption tax|消費税|value[- ]added", re.IGNORECASE
)


@lru_cache(maxsize=65_536)
def sort_of(description: str) -> Sort | None:
    """What a line sells, None where the words do not tell.

    >>> sort_of("Support, per GPU server, 36 months").category, sort_of("64-port switch").asset_class
    ('Support', 'Network')
    """
    for sort, pattern in _SERVICE_PATTERNS:
        if pattern.search(description):
            return sort
    found = [
        (match.start(), sort) for sort, pattern in _THING_PATTERNS if (match := pattern.search(description))
    ]
    return min(found, key=lambda one: one[0])[1] if found else None


def is_role(description: str) -> bool:
    """True if a line sells the time of a person."""
    return _ROLE.search(description) is not None


def units_per_month(unit: str) -> int | None:
    """How many of a unit of working time a person has in a month (160 hours, 20 days, 4 weeks).

    None where it is no unit of time.

    >>> units_per_month("day"), units_per_month("Std."), units_per_month("each")
    (20, 160, None)
    """
    return next((number for number, pattern in _WORKING_TIME if pattern.match(unit)), None)


def term_in(description: str) -> int | None:
    """Months of a term that a description names.

    >>> term_in("Wartung vor Ort, 36 Monate"), term_in("3-year support"), term_in("8-GPU server")
    (36, 36, None)
    """
    match = _TERM.search(description)
    if match is None:
        return None
    return int(match[1]) * (12 if match["years"] else 1)


def is_recoverable_tax(label: str) -> bool:
    """True for taxes that businesses usually get back, such as VAT."""
    return _RECOVERABLE.search(label) is not None
