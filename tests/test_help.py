"""The help pages say what the program does, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import help_pages
import pytest

from desktop_app import cli
from desktop_app.engine.compute import compute
from desktop_app.exchange.templates import load_template, templates
from desktop_app.exchange.text_plan import plan_from_toml
from desktop_app.exchange.workbook.template_values import Values

PAGES = sorted(help_pages.HELP.rglob("*.md"))


@pytest.mark.parametrize("name", help_pages.PAGES)
def test_lists_from_the_engine_are_up_to_date(name: str) -> None:
    text = (help_pages.HELP / name).read_text(encoding="utf-8")
    assert text == help_pages.rendered(name), "run `python packaging/help_pages.py`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_pages_that_exist(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_in_the_pages_exist(page: Path) -> None:
    known = {*cli.outlay.commands, "COMMAND"}
    named = re.findall(r"`outlay ([a-z-]+)", page.read_text(encoding="utf-8"))
    assert set(named) <= known


def test_the_examples_of_text_plans_are_read_without_complaint() -> None:
    """Each block of the page on text plans, put behind a name, holds no key that Outlay does not know."""
    text = (help_pages.HELP / "plan_text.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        whole = block if block.startswith("name =") else f'name = "X"\n{block}'
        _, issues = plan_from_toml(whole)
        assert [issue for issue in issues if "not known" in issue.message] == []


def test_every_marker_of_the_page_on_workbooks_has_a_value() -> None:
    plan = load_template(templates()[0])
    values = Values(compute(plan))
    text = (help_pages.HELP / "workbooks.md").read_text(encoding="utf-8")
    markers = re.findall(r"\{\{outlay:([^}]+)\}\}", text)
    markers += re.findall(r'^value = "(.+)"$', text, re.MULTILINE)
    assert len(markers) >= 10
    for marker in markers:
        assert values.block(marker.replace("Own servers", plan.scenarios[0].name))
