"""Papers for who works without a window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtGui import QPageSize

from desktop_app.engine.compute import PlanResult
from desktop_app.ui import app, theme
from desktop_app.ui.executive_summary import write_pdf
from desktop_app.ui.handover import usual_paper

PAPERS = {"a4": QPageSize.PageSizeId.A4, "letter": QPageSize.PageSizeId.Letter}


def write_summary(results: PlanResult, path: Path, paper: str | None = None) -> None:
    """The executive summary as PDF, on one of PAPERS or on that which is usual where the user is.

    Needs no display. ExportError.
    """
    if sys.platform not in ("win32", "darwin"):
        # elsewhere Qt ends the process where it finds no display, and none is needed
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app.application()
    theme.apply(theme.LIGHT)
    write_pdf(results, path, PAPERS[paper] if paper else usual_paper())
