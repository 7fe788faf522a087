"""The folder `.venv`: made once, filled from the hash-locked requirements, and known by its stamp."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from problem import SetupProblem

PROJECT = Path(__file__).resolve().parent.parent
_LOCKS = {
    "run": ("requirements.lock", "requirements-build.lock"),
    "test": ("requirements-dev.lock",),
}
# What a level brings along: an environment made for the tests can run the app.
_COVERS = {"run": ("run",), "test": ("run", "test")}
_NEEDED_BYTES = 1_200_000_000
_NOT_FOR_US = ("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME")
_NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries exceeded|"
    r"Network is unreachable|Connection (?:refused|reset|aborted|broken)|Temporary failure in name resolution"
)


class Environment:
    """Outlay's own Python environment in this checkout."""

    def __init__(self, project: Path = PROJECT) -> None:
        self.project = project
        self.folder = project / ".venv"
        self._stamp = self.folder / "outlay-stamp.json"
        windows = sys.platform == "win32"
        self.programs = self.folder / ("Scripts" if windows else "bin")
        self.python = self.programs / ("python.exe" if windows else "python")

    def install(self, level: str, wheelhouse: Path | None) -> None:
        """Make sure that everything of the level ("run" or "test") is installed; quick when it is."""
        if self._installed(level):
            return
        if wheelhouse is not None and not any(wheelhouse.glob("*.whl")):
            raise SetupProblem(
                f"The wheelhouse {wheelhouse} holds no packages: fill it with `bootstrap.py wheelhouse DIR` "
                "on a machine with a network."
            )
        self.require_writable()
        self._require_space()
        self._make()
        print(f"Installing packages into {self.folder} (about two minutes with a network)")
        source = ["--no-index", "--find-links", str(wheelhouse.resolve())] if wheelhouse else []
        locks = [argument for lock in self._locks(level) for argument in ("-r", str(lock))]
        # No package may run code of its own while it is installed.
        self._pip(["install", "--require-hashes", "--only-binary", ":all:", *source, *locks], wheelhouse)
        self._pip(
            ["install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(self.project)], None
        )
        self._stamp.write_text(json.dumps({name: self._fingerprint(name) for name in _COVERS[level]}))

    def download(self, target: Path, platform: str | None, python: str | None) -> None:
        """Put every locked package into a folder, for this or another kind of machine."""
        self._require_space()
        if not self.python.exists():
            self._make()
        print(f"Downloading packages into {target}")
        kind = []
        if platform:
            kind += ["--platform", platform]
        if python:
            kind += ["--python-version", python]
        locks = [argument for lock in self._locks("test") for argument in ("-r", str(lock))]
        self._pip(
            [
                "download",
                "--require-hashes",
                "--no-deps",
                "--only-binary",
                ":all:",
                "-d",
                str(target),
                *kind,
                *locks,
            ],
            None,
        )

    def run(self, *command: str | Path) -> int:
        """Run the environment's Python in the checkout; the exit status."""
        return subprocess.run([self.python, *command], cwd=self.project, check=False).returncode

    def require_writable(self) -> None:
        """Raise unless files can be made in the checkout."""
        try:
            with tempfile.TemporaryFile(dir=self.project):
                pass
        except OSError as error:
            raise SetupProblem(
                f"The folder {self.project} cannot be written to ({error.strerror}): copy it to a folder of "
                "your own and run this there."
            ) from error

    def _require_space(self) -> None:
        free = shutil.disk_usage(self.project).free
        if free < _NEEDED_BYTES:
            raise SetupProblem(
                f"Setting up needs {_NEEDED_BYTES / 1e9:.1f} GB of free disk space in {self.project} and "
                f"there is {free / 1e9:.1f} GB: free some, then run this again."
            )

    def _locks(self, level: str) -> list[Path]:
        return [self.project / "packaging" / name for name in _LOCKS[level]]

    def _fingerprint(self, level: str) -> str:
        digest = hashlib.sha256(f"{sys.version} {sys.platform} {self.project}".encode())
        for path in (*self._locks(level), self.project / "pyproject.toml"):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _installed(self, level: str) -> bool:
        try:
            stamp = json.loads(self._stamp.read_text())
        except (OSError, ValueError):
            return False
        return self.python.exists() and stamp.get(level) == self._fingerprint(level)

    def _make(self) -> None:
        """Make the virtual environment, or keep the one that is there and works with this Python."""
        self._stamp.unlink(missing_ok=True)
        if self.folder.exists() and not (self.folder / "pyvenv.cfg").exists() and any(self.folder.iterdir()):
            raise SetupProblem(
                f"{self.folder} is there and is no Python environment: move it away, then run this again."
            )
        if self._works():
            return
        print(f"Making {self.folder} with Python {sys.version.split()[0]}")
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", self.folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            lines = made.stdout.strip().splitlines() or [f"status {made.returncode}"]
            raise SetupProblem(f"A Python environment could not be made in {self.folder}: {lines[-1]}")

    def _works(self) -> bool:
        """Whether the environment has a pip and the Python that runs this."""
        if not self.python.exists():
            return False
        probe = subprocess.run(
            [self.python, "-c", "import pip, sys; print(sys.version)"],
            capture_output=True,
            text=True,
            check=False,
        )
        return probe.returncode == 0 and probe.stdout.strip() == sys.version

    def _pip(self, arguments: list[str], wheelhouse: Path | None) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_US}
        done = subprocess.run(
            [
                self.python,
                "-m",
                "pip",
                "--disable-pip-version-check",
                "--no-input",
                "--retries",
                "2",
                *arguments,
            ],
            env=environment,
            cwd=self.project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return
        log = self.folder / "setup.log"
        with contextlib.suppress(OSError):  # on a full disk the sentence must still be said
            log.write_text(done.stdout)
        raise SetupProblem(explain_pip(done.stdout, wheelhouse, log))


def explain_pip(output: str, wheelhouse: Path | None, log: Path) -> str:
    """One sentence on why pip failed, from what it printed."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if "No space left on device" in output or "Errno 28" in output:
        return "The disk is full: free some space, then run this again."
    if "DO NOT MATCH THE HASHES" in output:
        return (
            "A package is not the one Outlay was tested with (its hash differs), so it was not installed: "
            f"get a fresh copy of the packages; see {log}."
        )
    absent = re.search(r"(?:No matching distribution found for|satisfies the requirement) (\S+)", output)
    if wheelhouse is not None and absent:
        return (
            f"The wheelhouse {wheelhouse} lacks {absent.group(1)} for Python {version} on this kind "
            "of machine: fill it again with `bootstrap.py wheelhouse DIR`, with --python and --platform "
            "where the machines differ."
        )
    if _NO_NETWORK.search(output):
        return (
            "The package index cannot be reached: connect this machine to the network, or give the packages "
            "with --wheelhouse DIR."
        )
    if absent:
        return (
            f"{absent.group(1)} is not to be had for Python {version} here: Outlay is tested with Python "
            "3.11 to 3.13; without a network give the packages with --wheelhouse DIR."
        )
    errors = [line for line in output.splitlines() if re.match(r"\s*ERROR:|error:", line)]
    reason = errors[-1].strip() if errors else "it gave no reason"
    return f"Installing the packages failed ({reason}); the whole output is in {log}."
