"""Units of measure: read by pint, then plain products of named units that cost nothing while numbers move.

Hours, months and years are dimensions of their own, because a price per hour and a price per month must never
be added by accident, and each currency is its own dimension. Counted things (GPU, server, FTE, token ...) are
dimensions too. Kilowatt-hours are kW times hour; GB and GiB convert exactly.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# fmt: off
CURRENCIES = (
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "CNY", "HKD", "SGD", "INR", "KRW",
    "TWD", "BRL", "MXN", "ZAR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "ISK",
    "TRY", "ILS", "AED", "SAR", "QAR", "KWD", "THB", "IDR", "MYR", "PHP", "VND", "CLP", "COP",
    "ARS", "PEN", "EGP", "NGN", "KES", "MAD", "UAH", "KZT",
)
COUNTED = (
    "GPU", "server", "node", "rack", "cabinet", "instance", "licence", "user", "request", "token",
    "FTE", "person", "chip", "connection", "model", "unit", "seat", "port",
)
# fmt: on
_DEFINITIONS = (
    "hour = [hour] = h = hours = hr = hrs",
    "minute = hour / 60 = min = minutes",
    "second = hour / 3600 = s = sec = seconds",
    "day = 24 * hour = d = days",
    "week = 168 * hour = weeks",
    "month = [month] = mo = months = mos",
    "quarter = 3 * month = quarters",
    "year = [year] = yr = years = yrs",
    "watt = [power] = W",
    "kilowatt = 1000 * watt = kW",
    "megawatt = 1000000 * watt = MW",
    "gigawatt = 1000000000 * watt = GW",
    "watt_hour = watt * hour = Wh",
    "kilowatt_hour = 1000 * watt * hour = kWh",
    "megawatt_hour = 1000000 * watt * hour = MWh",
    "gigawatt_hour = 1000000000 * watt * hour = GWh",
    "byte = [data] = B",
    "bit = byte / 8",
    "kilobyte = 1000 * byte = kB",
    "megabyte = 1000000 * byte = MB",
    "gigabyte = 1000000000 * byte = GB",
    "terabyte = 1000000000000 * byte = TB",
    "petabyte = 1000000000000000 * byte = PB",
    "kibibyte = 1024 * byte = KiB",
    "mebibyte = 1048576 * byte = MiB",
    "gibibyte = 1073741824 * byte = GiB",
    "tebibyte = 1099511627776 * byte = TiB",
    "pebibyte = 1125899906842624 * byte = PiB",
    "ktoken = 1000 * token = ktokens",
    "Mtoken = 1000000 * token = Mtokens",
    "Gtoken = 1000000000 * token = Gtokens",
    "krequest = 1000 * request = krequests",
    "Mrequest = 1000000 * request = Mrequests",
    "gram_CO2 = [carbon] = gCO2",
    "kilogram_CO2 = 1000 * gram_CO2 = kgCO2",
    "tonne_CO2 = 1000000 * gram_CO2 = tCO2",
    "litre = [volume] = L = liter",
    "cubic_metre = 1000 * litre = m3",
    "square_metre = [area] = m2",
    "metre = [length] = m",
    "FLOP = [operation]",
    "percent = 0.01 = pct",
    "basis_point = 0.0001 = bp = bps",
    "each = 1 = pcs = ratio",
)
_SHORT = {
    "hours": "hour",
    "kilowatt": "kW",
    "megawatt": "MW",
    "gigawatt": "GW",
    "watt": "W",
    "kilowatt_hour": "kWh",
    "megawatt_hour": "MWh",
    "gigawatt_hour": "GWh",
    "watt_hour": "Wh",
    "byte": "B",
    "kilobyte": "kB",
    "megabyte": "MB",
    "gigabyte": "GB",
    "terabyte": "TB",
    "petabyte": "PB",
    "kibibyte": "KiB",
    "mebibyte": "MiB",
    "gibibyte": "GiB",
    "tebibyte": "TiB",
    "pebibyte": "PiB",
    "tonne_CO2": "tCO2",
    "kilogram_CO2": "kgCO2",
    "gram_CO2": "gCO2",
    "litre": "L",
    "square_metre": "m2",
    "cubic_metre": "m3",
    "metre": "m",
    "percent": "%",
}
Powers = tuple[tuple[str, int], ...]


class UnknownUnit(ValueError):
    """The text is not a unit; the message suggests the nearest."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of named units. `dimension` decides what may be added; `factor` is its size in base units."""

    names: Powers = ()
    dimension: Powers = ()
    factor: float = 1.0

    def __mul__(self, other: Unit) -> Unit:
        return _product(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return _product(self, other, -1)

    def __pow__(self, exponent: int) -> Unit:
        return Unit(
            tuple((n, p * exponent) for n, p in self.names if exponent),
            tuple((n, p * exponent) for n, p in self.dimension if exponent),
            self.factor**exponent,
        )

    def __str__(self) -> str:
        return _text(self.names)

    @property
    def words(self) -> str:
        """The unit for a sentence.

        >>> NUMBER.words
        'plain numbers'
        """
        return str(self) or "plain numbers"

    def like(self, other: Unit) -> bool:
        """True if both measure the same thing, in whatever size."""
        return self.dimension == other.dimension

    def in_one(self, other: Unit) -> float | None:
        """How many of the other are in one of this, None where they measure different things.

        Years and months are told apart in prices and rates, but a length of time can be counted in either.

        >>> parse_unit("year").in_one(parse_unit("month"))
        12.0
        >>> parse_unit("USD/year").in_one(parse_unit("USD/month")) is None
        True
        """
        if self.like(other):
            return self.factor / other.factor
        months = _LENGTHS.get(self.dimension), _LENGTHS.get(other.dimension)
        if None in months:
            return None
        return self.factor * (months[0] or 0) / (other.factor * (months[1] or 1))

    @property
    def plain(self) -> tuple[Unit, float]:
        """The unit with what cancels out cancelled, and how many of it are in one of this.

        A number added to tokens x USD/Mtoken must be one in USD, not in millionths of it.

        >>> unit, size = parse_unit("USD*token/Mtoken").plain
        >>> str(unit), size
        ('USD', 1e-06)
        """
        return _plain(self)


NUMBER = Unit()
# Months in what is a length of time and nothing else.
_LENGTHS: dict[Powers, float] = {(("month", 1),): 1.0, (("year", 1),): 12.0}


@lru_cache(maxsize=8192)
def _product(left: Unit, right: Unit, sign: int) -> Unit:
    names = _merge(left.names, right.names, sign)
    factor = 1.0  # from the names, so that what was multiplied and divided again is exactly what it was
    for name, power in names:
        factor *= parse_unit(name).factor ** power
    return Unit(names, _merge(left.dimension, right.dimension, sign), factor)


def _merge(left: Powers, right: Powers, sign: int) -> Powers:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


# Energy is taken apart where power or hours cancel it.
_COMPOSITE = {
    "watt_hour": "watt",
    "kilowatt_hour": "kilowatt",
    "megawatt_hour": "megawatt",
    "gigawatt_hour": "megawatt",
}


@lru_cache(maxsize=8192)
def _plain(unit: Unit) -> tuple[Unit, float]:
    signs: dict[str, set[bool]] = {}
    for name, power in unit.names:
        for dimension, _ in parse_unit(name).dimension or ((name, 1),):
            signs.setdefault(dimension, set()).add(power > 0)
    if all(len(found) == 1 and name in dict(unit.dimension) for name, found in signs.items()):
        return unit, 1.0
    parts: dict[str, int] = {}
    for name, power in unit.names:
        simple = (_COMPOSITE[name], "hour") if name in _COMPOSITE else (name,)
        for one in simple:
            parts[one] = parts.get(one, 0) + power
    names: dict[str, int] = {}
    left = dict(unit.dimension)
    for name in sorted(parts, key=lambda one: -abs(parts[one])):
        dimension = parse_unit(name).dimension[0][0] if parse_unit(name).dimension else name
        wanted = left.get(dimension, 0)
        if wanted * parts[name] > 0:
            names[name] = min(abs(wanted), abs(parts[name])) * (1 if wanted > 0 else -1)
            left[dimension] = wanted - names[name]
    plain = NUMBER
    for name, power in names.items():
        plain = plain * parse_unit(name) ** power
    return plain, unit.factor / plain.factor


@lru_cache(maxsize=8192)
def _text(names: Powers) -> str:
    def word(name: str, power: int) -> str:
        short = _SHORT.get(name, name)
        return short if power == 1 else f"{short}^{power}"

    above = [word(n, p) for n, p in names if p > 0]
    below = [word(n, -p) for n, p in names if p < 0]
    return "/".join(["*".join(above) or ("1" if below else ""), *below])


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(None, cache_folder=None)
    for code in CURRENCIES:
        registry.define(f"{code} = [{code}]")
    for name in COUNTED:
        registry.define(f"{name} = [{name}] = {name}s" if not name.endswith("s") else f"{name} = [{name}]")
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry


@lru_cache(maxsize=1)
def known_units() -> tuple[str, ...]:
    """Every word that can stand in a unit, as written."""
    return tuple(sorted(name for name in _registry()._units if name.isidentifier()))


CURRENCY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW"}
_WORD = re.compile(r"[^\W\d]\w*")
# prices of tokens are quoted "per million tokens", "per M tokens"
_MILLION = re.compile(r"\b(?:million|M)\s+(token|request)s?\b")
_SHAPE = re.compile(r"^[\w\s*/^().%-]*$")


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """Unit of a text such as "USD/GPU/hour", "GPU-hour", "kWh", "%" or "" (a plain number).

    Raises UnknownUnit, whose message names the word and the nearest known one.

    >>> str(parse_unit("USD/GPU-hour")), parse_unit("GiB").factor
    ('USD/GPU/hour', 1073741824.0)
    >>> parse_unit("kW").like(parse_unit("kWh"))
    False
    """
    if len(text) > 200:
        raise UnknownUnit("A unit may have at most 200 characters.")
    plain = text.strip().replace("·", "*").replace("×", "*").replace("%", "percent")
    for sign, code in CURRENCY_SIGNS.items():
        plain = plain.replace(sign, code)
    plain = re.sub(r"\bper\b", "/", plain)
    plain = _MILLION.sub(r"M\1", plain)
    # "USD/GPU-hour" is a price per GPU-hour, so a hyphen binds tighter than the slash before it
    plain = re.sub(r"([^\W\d]\w*)-([^\W\d]\w*)", r"(\1*\2)", plain)
    if plain in ("", "1"):
        return NUMBER
    if not _SHAPE.match(plain) or re.search(r"\*\*|\^\s*\D*\d{2}", plain):
        raise UnknownUnit(f"“{text}” is not a unit: write it like USD/GPU/hour.")
    registry = _registry()
    words = {word: _resolve(registry, word, text) for word in _WORD.findall(plain)}
    canonical = _WORD.sub(lambda match: words[match.group()], plain)
    try:
        quantity = registry.parse_expression(canonical.replace("^", "**"))
        units = registry.Quantity(quantity).units
        base = registry.Quantity(1.0, units).to_base_units()
        dimensionless_scale = float(registry.Quantity(quantity).magnitude)
    except Exception as problem:  # pint raises many kinds for malformed text; each means the same to the user
        raise UnknownUnit(f"“{text}” is not a unit: write it like USD/GPU/hour.") from problem
    if dimensionless_scale != 1.0:
        raise UnknownUnit(f"“{text}” mixes a number into the unit: put the number into the value.")
    if any(power != int(power) for power in units._units.values()):
        raise UnknownUnit(f"“{text}” has a fractional power.")
    names = tuple(sorted((name, int(power)) for name, power in units._units.items() if name != "each"))
    dimension = tuple(sorted((name.strip("[]"), int(p)) for name, p in base.dimensionality.items() if p))
    return Unit(names, dimension, float(base.magnitude))


def _resolve(registry: Any, word: str, text: str) -> str:
    names = registry._units
    plural = (word[:-1].upper() + "s",) if word.endswith("s") else ()
    for candidate in (word, word.upper(), word.lower(), word.capitalize(), *plural):
        if candidate in names:
            return str(names[candidate].name)
    near = difflib.get_close_matches(word, known_units(), n=1, cutoff=0.6)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    raise UnknownUnit(f"“{word}” in the unit “{text}” is not known.{hint}")


@lru_cache(maxsize=64)
def money(currency: str) -> Unit:
    """The unit of an amount of money in a currency."""
    return parse_unit(currency)


def currency_of(unit: Unit) -> str | None:
    """The currency a unit counts in, None where there is none or several."""
    found = [name for name, power in unit.dimension if power == 1 and name in CURRENCIES]
    return found[0] if len(found) == 1 else None
