"""The templates that ship: whole plans as text, to start from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.engine.model import Plan
from desktop_app.exchange.text_plan import plan_from_toml
from desktop_app.resource_files import resource

FIRST = "llm-inference"


@dataclass(frozen=True, slots=True)
class Template:
    """One template: `id` is what it is chosen by."""

    id: str
    name: str
    purpose: str
    path: Path


def templates() -> list[Template]:
    """All templates, the reference plan first.

    >>> [template.id for template in templates()][0]
    'llm-inference'
    """
    paths = resource("templates").glob("*.toml")
    return [_describe(path) for path in sorted(paths, key=lambda path: (path.stem != FIRST, path.stem))]


def load_template(template: Template) -> Plan:
    """The plan of a template. `ValueError` where Outlay's own file is faulty."""
    plan, issues = plan_from_toml(template.path.read_text(encoding="utf-8"))
    if issues:
        first = issues[0]
        raise ValueError(f"the template {template.path.name} is faulty: {first.where}: {first.message}")
    return plan


def _describe(path: Path) -> Template:
    plan, _ = plan_from_toml(path.read_text(encoding="utf-8"))
    return Template(path.stem, plan.name, plan.texts.purpose, path)
