"""The set-up's own behaviour when the machine does not play along: one clear sentence each."""

from __future__ import annotations

import ast
import collections
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from environment import Environment
from problem import SetupProblem
from system_libraries import Need, provide

PROJECT = Path(__file__).resolve().parents[2]
BOOTSTRAP = PROJECT / "packaging" / "bootstrap.py"

MISSING = Need("libnothing.so.1", "libnothing1", lambda: False)


def sentence(
    *arguments: str | Path, variables: dict[str, str] | None = None, script: Path = BOOTSTRAP
) -> str:
    """What bootstrap.py says on stderr when it stops; it must be one line and exit status 1."""
    done = subprocess.run(
        [sys.executable, script, *arguments],
        env={**os.environ, **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without an environment, as far as the set-up looks at it."""
    shutil.copytree(
        PROJECT / "packaging", tmp_path / "packaging", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def test_an_old_python_says_which_one_is_needed() -> None:
    source = BOOTSTRAP.read_text()
    ast.parse(source, feature_version=(3, 4))
    pretend = (
        "import sys, runpy; sys.version_info = (3, 8, 0, 'final', 0); "
        f"runpy.run_path({str(BOOTSTRAP)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer and this is Python 3.8" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_empty_wheelhouse_is_named(checkout: Path) -> None:
    empty = checkout / "wheels"
    empty.mkdir()
    with pytest.raises(SetupProblem, match=r"wheels holds no packages"):
        Environment(checkout).install("run", empty)
    assert not (checkout / ".venv").exists()


def test_a_wheelhouse_that_lacks_a_package_names_it(checkout: Path) -> None:
    wheels = checkout / "wheels"
    wheels.mkdir()
    (wheels / "unrelated-1.0-py3-none-any.whl").touch()
    with pytest.raises(
        SetupProblem, match=r"wheels lacks [\w-]+==\S+ for Python 3\.\d+ on this kind of machine"
    ):
        Environment(checkout).install("run", wheels)
    assert not (checkout / ".venv" / "outlay-stamp.json").exists()


def test_no_network_is_said(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")  # nothing listens on the discard port
    with pytest.raises(SetupProblem, match="index cannot be reached"):
        Environment(checkout).install("run", None)


def test_a_full_disk_is_seen_before_anything_is_made(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - 10**8, 10**8))
    with pytest.raises(SetupProblem, match=r"needs 1\.2 GB .* there is 0\.1 GB"):
        Environment(checkout).install("run", None)
    assert not (checkout / ".venv").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that even root cannot write to")
def test_a_read_only_folder_is_said() -> None:
    with pytest.raises(SetupProblem, match=r"/proc cannot be written to .*: copy it to a folder of your own"):
        Environment(Path("/proc")).require_writable()


def test_a_foreign_venv_folder_is_left_alone(checkout: Path) -> None:
    keep = checkout / ".venv" / "letter.txt"
    keep.parent.mkdir()
    keep.write_text("mine")
    with pytest.raises(SetupProblem, match="is no Python environment: move it away"):
        Environment(checkout).install("run", None)
    assert keep.read_text() == "mine"


def test_a_user_without_rights_gets_the_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "platform", "linux")
    command = "lacks libnothing.so.1: run `sudo apt-get install --no-install-recommends libnothing1`"
    with pytest.raises(SetupProblem, match=command):
        provide([MISSING], offline=False)


def test_a_system_without_apt_gets_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(SetupProblem, match=r"lacks libnothing\.so\.1: install them with its package manager"):
        provide([MISSING], offline=False)


def test_what_is_there_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing is missing")

    monkeypatch.setattr(subprocess, "run", refuse)
    provide([Need("libc", "libc6", lambda: True)], offline=False)


def test_an_unchanged_environment_is_not_touched(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Environment(checkout)
    installs: list[str] = []
    monkeypatch.setattr(
        Environment, "_pip", lambda self, arguments, wheelhouse: installs.append(arguments[0])
    )
    environment.install("test", None)
    assert installs == ["install", "install"]
    environment.install("test", None)
    environment.install("run", None)
    assert len(installs) == 2
    with (checkout / "packaging" / "requirements-dev.lock").open("a") as lock:
        lock.write("# changed\n")
    environment.install("run", None)
    assert len(installs) == 2
    environment.install("test", None)
    assert len(installs) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_app_without_a_display_says_so() -> None:
    no_display = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    assert "There is no display" in sentence("app", variables=no_display)


def test_an_unknown_subcommand_is_wrong_usage() -> None:
    done = subprocess.run([sys.executable, BOOTSTRAP, "dance"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "invalid choice" in done.stderr
