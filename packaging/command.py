"""The subcommands of bootstrap.py."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import checks
from environment import PROJECT, Environment
from problem import SetupProblem
from system_libraries import TO_RUN, TO_TEST, provide


def main(arguments: list[str]) -> int:
    """Run one subcommand; the exit status."""
    options = _parser().parse_args(arguments)
    # Progress must not wait in a buffer while the programs that are started print theirs.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    try:
        status: int = options.run(options)
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description="Set up Outlay in this folder and start it."
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    def installing(name: str, run: object, text: str) -> argparse.ArgumentParser:
        added = command(name, run, text)
        added.add_argument(
            "--wheelhouse", type=Path, metavar="DIR", help="install from this folder, without a network"
        )
        return added

    demo = installing("demo", _demo, "set up, then go from a vendor's quote to a board pack")
    demo.add_argument(
        "--open", action="store_true", help="open the window at the end, whoever reads the output"
    )
    test = installing("test", _test, "set up, then run every check")
    test.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    app = installing("app", _app, "set up, then open the window")
    app.add_argument("plan", nargs="?", type=Path, help="the plan to open")
    wheelhouse = command(
        "wheelhouse", _wheelhouse, "fill a folder with all that --wheelhouse needs elsewhere"
    )
    wheelhouse.add_argument("folder", type=Path, metavar="DIR")
    wheelhouse.add_argument(
        "--platform",
        metavar="TAG",
        help="for another kind of machine, as pip names it, such as win_amd64 (default: this one)",
    )
    wheelhouse.add_argument("--python", metavar="3.N", help="for another Python (default: this one)")
    return parser


def _demo(options: argparse.Namespace) -> int:
    environment = _set_up(options, "run")
    environment.require_writable()
    script = PROJECT / "packaging" / "demo.py"
    return environment.run(script, *(["--open"] if options.open else []))


def _test(options: argparse.Namespace) -> int:
    environment = _set_up(options, "test")
    environment.require_writable()
    return checks.run(environment, options.pytest)


def _app(options: argparse.Namespace) -> int:
    has_display = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform == "linux" and not has_display:
        raise SetupProblem(
            "There is no display to open a window on; `demo` draws the window into build/demo."
        )
    environment = _set_up(options, "run")
    return environment.run("-m", "desktop_app", "gui", *([options.plan.absolute()] if options.plan else []))


def _wheelhouse(options: argparse.Namespace) -> int:
    environment = Environment()
    environment.require_writable()
    environment.download(options.folder, options.platform, options.python)
    print(f"{options.folder} is ready: copy it with this folder, then `bootstrap.py app --wheelhouse DIR`.")
    return 0


def _set_up(options: argparse.Namespace, level: str) -> Environment:
    provide(TO_TEST if level == "test" else TO_RUN, offline=options.wheelhouse is not None)
    environment = Environment()
    environment.install(level, options.wheelhouse)
    return environment
