"""Files made to harm or broken by accident: linting, filling and taking back end in a sentence, or work."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.exchange.reading import Limits, UnreadableFile
from desktop_app.exchange.workbook.house_template import losses
from desktop_app.exchange.workbook.lint import lint
from tests.data.hostile import generators

pytestmark = pytest.mark.expected_log("the child ended with status|the first reader fails")

# As large as a quote may be: the limits themselves are tested with the reading.
LIMITS = Limits()
NAMES = [name for name in (*generators.UNREADABLE, *generators.READABLE) if name.endswith((".xlsx", ".xlsm"))]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("work", [lint, losses])
def test_a_sentence_or_a_result(name: str, work: object, tmp_path: Path) -> None:
    make = {**generators.UNREADABLE, **generators.READABLE}[name]
    path = make(tmp_path / name)
    assert callable(work)
    try:
        found = work(path, limits=LIMITS)
    except UnreadableFile as refusal:
        assert str(refusal).startswith(name)
        assert str(refusal).endswith(".")
        assert "\n" not in str(refusal)
    else:
        assert isinstance(found, list)
