"""System libraries and programs that the window and the tests need, and how to get the missing ones."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from problem import SetupProblem


@dataclass(frozen=True)
class Need:
    """Something of the system: how to see whether it is there, and the Debian package that brings it."""

    name: str
    package: str
    present: Callable[[], bool]


def _library(soname: str, package: str) -> Need:
    def present() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return Need(soname, package, present)


def _program(name: str, package: str) -> Need:
    return Need(name, package, lambda: shutil.which(name) is not None)


def _has_fonts() -> bool:
    folders = ("/usr/share/fonts", "/usr/local/share/fonts", Path("~/.local/share/fonts").expanduser())
    return any(
        name.endswith((".ttf", ".otf"))
        for folder in folders
        for _, _, names in os.walk(folder)
        for name in names
    )


def _has_venv() -> bool:
    # Debian ships the two apart from Python; they may have been installed a moment ago.
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def _has_calc() -> bool:
    office = shutil.which("soffice")
    if office is None:
        return False
    # Writer alone brings soffice too; where the layout is another one, soffice is taken at its word.
    program = Path(office).resolve().parent
    return (program / "libsclo.so").exists() or not (program / "libmergedlo.so").exists()


TO_RUN = (
    Need("Python's module venv", f"python3.{sys.version_info.minor}-venv", _has_venv),
    _library("libEGL.so.1", "libegl1"),
    _library("libGL.so.1", "libgl1"),
    _library("libxkbcommon.so.0", "libxkbcommon0"),
    _library("libdbus-1.so.3", "libdbus-1-3"),
    _library("libfontconfig.so.1", "libfontconfig1"),
    _library("libglib-2.0.so.0", "libglib2.0-0"),
    _library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    _library("libX11-xcb.so.1", "libx11-xcb1"),
    _library("libxcb-cursor.so.0", "libxcb-cursor0"),
    _library("libxcb-icccm.so.4", "libxcb-icccm4"),
    _library("libxcb-image.so.0", "libxcb-image0"),
    _library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    _library("libxcb-randr.so.0", "libxcb-randr0"),
    _library("libxcb-render-util.so.0", "libxcb-render-util0"),
    _library("libxcb-shape.so.0", "libxcb-shape0"),
    _library("libxcb-sync.so.1", "libxcb-sync1"),
    _library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    _library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Need("fonts", "fonts-dejavu-core", _has_fonts),
)
TO_TEST = (
    *TO_RUN,
    Need("LibreOffice Calc", "libreoffice-calc", _has_calc),
    _program("pdftoppm", "poppler-utils"),
    _program("Xvfb", "xvfb"),
)
_ELSEWHERE = frozenset({"LibreOffice Calc", "pdftoppm"})


def provide(needs: Iterable[Need], *, offline: bool) -> None:
    """Install what is missing where that needs no asking, else say the one command that does it."""
    if sys.platform != "linux":
        needs = [need for need in needs if need.name in _ELSEWHERE]
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    names = ", ".join(need.name for need in missing)
    if shutil.which("apt-get") is None:
        raise SetupProblem(
            f"This system lacks {names}: install them with its package manager, then run this again."
        )
    _install([need.package for need in missing], names, offline=offline)
    still_missing = [need.name for need in missing if not need.present()]
    if still_missing:
        raise SetupProblem(
            f"After installing {' '.join(need.package for need in missing)} this system still lacks "
            f"{', '.join(still_missing)}."
        )


def _install(packages: list[str], names: str, *, offline: bool) -> None:
    """Install Debian packages as root, else raise with the command for the user."""
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if offline or os.geteuid() != 0:
        raise SetupProblem(f"This system lacks {names}: run `sudo {command}`, then run this again.")
    print(f"Installing {' '.join(packages)} with apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Another apt-get that is at work is waited for.
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=600"]
    steps = ([*apt, "update"], [*apt, "install", "--no-install-recommends", *packages])
    for step in steps:
        done = subprocess.run(
            step,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        reasons = [line for line in done.stdout.splitlines() if line.startswith("E:")]
        reason = reasons[0] if reasons else f"apt-get ended with status {done.returncode}"
        raise SetupProblem(f"`{command}` failed ({reason}): install {names} by hand, then run this again.")
