"""Recalculating and rendering workbooks with LibreOffice, as an independent reader of what Outlay writes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import zipfile
from pathlib import Path

# By default LibreOffice trusts the cached values of workbooks that say they come from Excel, as XlsxWriter's
# do, and a test would compare our own figures with themselves. 0 means: always recalculate.
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""

_FORMULA_THEN_VALUE = re.compile(rb"(<f\b[^>]*?(?:/>|>[^<]*</f>))<v>[^<]*</v>")


class ConversionFailed(AssertionError):
    """LibreOffice left no new file."""


class LibreOffice:
    """One LibreOffice profile and the jobs tests give it; files it writes go below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._profile = folder / "profile"
        self._folder = folder
        self._jobs = 0
        (self._profile / "user").mkdir(parents=True)
        (self._profile / "user" / "registrymodifications.xcu").write_text(
            _ALWAYS_RECALCULATE, encoding="utf-8"
        )

    def recalculate(self, workbook: Path) -> Path:
        """A copy of the workbook with every formula calculated anew."""
        return self._convert(workbook, "xlsx:Calc MS Excel 2007 XML", ".xlsx", self._job_folder())

    def recalculate_all(self, workbooks: list[Path]) -> list[Path]:
        """Copies of several workbooks, with different names, calculated anew in one run."""
        folder = self._job_folder()
        return self._convert_all(workbooks, "xlsx:Calc MS Excel 2007 XML", ".xlsx", folder)

    def render_pdf(self, workbook: Path) -> Path:
        """The workbook as it would be printed."""
        return self._convert(workbook, "pdf:calc_pdf_Export", ".pdf", self._job_folder())

    def render_png(self, workbook: Path, folder: Path, resolution: int = 80) -> list[Path]:
        """The pages of the workbook as pictures in `folder`, in order."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = folder / workbook.stem
        subprocess.run(
            ["pdftoppm", "-png", "-r", str(resolution), self.render_pdf(workbook), stem],
            check=True,
            timeout=120,
        )
        pages = sorted(folder.glob(f"{workbook.stem}-*.png"), key=lambda page: (len(page.name), page.name))
        if not pages:
            raise ConversionFailed(f"no page of {workbook.name} was drawn")
        return pages

    def _job_folder(self) -> Path:
        self._jobs += 1
        folder = self._folder / f"job{self._jobs}"
        folder.mkdir()
        return folder

    def _convert(self, workbook: Path, target: str, suffix: str, folder: Path) -> Path:
        return self._convert_all([workbook], target, suffix, folder)[0]

    def _convert_all(self, workbooks: list[Path], target: str, suffix: str, folder: Path) -> list[Path]:
        # The exit status is 0 for a broken or missing input too: only a new file counts.
        command = [
            "soffice",
            f"-env:UserInstallation={self._profile.resolve().as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            *(str(workbook.resolve()) for workbook in workbooks),
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        try:
            output, _ = process.communicate(timeout=180 + 10 * len(workbooks))
        except subprocess.TimeoutExpired:
            # soffice is a script: the program that hangs is its grandchild.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        results = [folder / f"{workbook.stem}{suffix}" for workbook in workbooks]
        for workbook, result in zip(workbooks, results, strict=True):
            if not result.is_file():
                raise ConversionFailed(f"LibreOffice made nothing of {workbook.name}: {output.strip()}")
        return results


def without_cached_values(workbook: Path, target: Path) -> Path:
    """Write a copy in which no formula has a value, so that a figure read later was calculated anew."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for member in source.infolist():
            content = source.read(member)
            if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                content = _FORMULA_THEN_VALUE.sub(rb"\1", content)
            copy.writestr(member.filename, content)
    return target
