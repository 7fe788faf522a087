"""The Qt binding itself: some releases end the whole process after some thousand calls."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 20_000


def test_calls_that_return_nothing_keep_the_reference_count_of_none(qtbot: QtBot) -> None:
    """A binding that gives away a reference to None at each call aborts Python 3.11 after about 5,000 calls.

    From 3.12 None cannot be lost, so there the test only says that the calls work.
    """
    label = QLabel()
    qtbot.addWidget(label)
    owner = QObject()
    before = sys.getrefcount(None)
    for number in range(CALLS):
        assert owner.setObjectName(f"name {number % 7}") is None
        assert label.setEnabled(bool(number % 2)) is None
    assert owner.objectName() == f"name {(CALLS - 1) % 7}"
    assert abs(sys.getrefcount(None) - before) < CALLS // 10
