"""What a plan's settings may be."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.engine.issues import Issue, error
from desktop_app.engine.model import Plan
from desktop_app.engine.scenarios import nearest
from desktop_app.engine.units import CURRENCIES


def settings_problem(plan: Plan) -> Issue | None:
    """The first thing wrong with the plan's settings that stops every computation."""
    settings = plan.settings
    allowed: Mapping[str, tuple[str, ...]] = {
        "fiscal_label": ("end", "start"),
        "fiscal_pattern": ("months", "4-4-5", "4-5-4", "5-4-4"),
        "hours": ("calendar", "730", "720"),
        "discount_timing": ("start", "middle", "end"),
        "horizon_value": ("none", "book"),
        "lease_standard": ("ifrs16", "asc842"),
    }
    for field, choices in allowed.items():
        value = getattr(settings, field)
        if value not in choices:
            return error("bad-setting", f"setting {field}", f"“{value}” is not one of {', '.join(choices)}.")
    if not 1 <= settings.months <= 600:
        return error("bad-setting", "setting months", f"A plan has 1 to 600 months, not {settings.months}.")
    if not 1 <= settings.fiscal_year_start <= 12:
        return error(
            "bad-setting", "setting fiscal_year_start", "The fiscal year starts in a month from 1 to 12."
        )
    if not 1990 <= settings.start.year <= 2100:
        return error(
            "bad-setting",
            "setting start",
            f"A plan starts between 1990 and 2100, not in {settings.start.year}.",
        )
    if settings.currency not in CURRENCIES:
        hint = nearest(settings.currency, CURRENCIES)
        return error(
            "bad-setting",
            "setting currency",
            f"“{settings.currency}” is not the ISO code of a currency.{hint}",
        )
    return None
