"""Outlay as others install it: the wheel, in an environment of its own, run from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import smoke

import desktop_app

PROJECT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    offline = ("--no-deps", "--no-build-isolation", "--no-index")
    run(*pip, "wheel", *offline, "-w", folder, PROJECT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs folder of an environment that holds the wheel, and borrows only its dependencies."""
    folder = tmp_path_factory.mktemp("clean") / "env"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    paths = {"base": str(folder), "platbase": str(folder)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    # A path line adds the folder alone, not the .pth file in it that leads to this checkout.
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--python", folder, "--disable-pip-version-check")
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder.parent)
    return scripts


def test_the_wheel_holds_the_package_and_the_resources_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name.split("/")[0] for name in names} == {
        "desktop_app",
        f"outlay-{desktop_app.__version__}.dist-info",
    }
    resources = {path.relative_to(PROJECT) for path in (PROJECT / "resources").rglob("*") if path.is_file()}
    assert resources
    assert {f"desktop_app/{path.as_posix()}" for path in resources} <= names
    assert not [name for name in names if name.endswith(".pyc")]


def test_an_installed_outlay_finds_its_own_resources(installed: Path, tmp_path: Path) -> None:
    code = (
        "from desktop_app.resource_files import resource; print(resource('help', 'decisions', 'set-up.md'))"
    )
    found = Path(run(installed / "python", "-c", code, cwd=tmp_path).strip())
    assert found.read_bytes() == (PROJECT / "resources/help/decisions/set-up.md").read_bytes()
    assert found.is_relative_to(installed.parent)


def test_an_installed_outlay_lists_the_same_templates(installed: Path, tmp_path: Path) -> None:
    listed = run(installed / "outlay", "templates", cwd=tmp_path)
    assert "llm-inference" in listed
    assert listed == run(sys.executable, "-m", "desktop_app", "templates", cwd=PROJECT)


def test_an_installed_outlay_does_the_main_job(installed: Path) -> None:
    assert smoke.main([str(installed / "outlay")]) == 0
