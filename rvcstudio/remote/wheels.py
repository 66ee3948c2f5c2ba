"""Packages for a computer that reaches no network: fetched here, for its system, and sent by `Host.install`."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rvc import paths
from rvc.errors import Error, InputError, Paused
from rvc.events import Reporter

FETCHED = re.compile(r"^\s*(?:Downloading|Using cached|Saved)\s+(\S+)(.*)")
OLDEST_GLIBC = 17  # that wheels are built for
ERROR_LINES = 5


def fetch_wheels(
    requirements: Sequence[str], python: str, machine: str, glibc: str, reporter: Reporter
) -> Path:
    """Download wheels for Linux with this Python ("3.11.7"), and return their folder. May be stopped.

    Raises `InputError` no_pip, `Error` no_wheels.
    """
    if importlib.util.find_spec("pip") is None:
        raise InputError(
            "no_pip", "This app has no pip to fetch packages with.", "Run `pip install pip` in it."
        )
    version = ".".join(python.split(".")[:2])
    folder = paths.make_dir(paths.cache_dir() / "wheels" / f"{version}-{machine}")
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "download",
        "--only-binary",
        ":all:",
    ]
    command += ["--implementation", "cp", "--python-version", version, "--dest", str(folder)]
    command += [part for platform in platforms(machine, glibc) for part in ("--platform", platform)]
    with reporter.phase("fetch", 0) as phase:
        for line in _lines([*command, *requirements]):
            if found := FETCHED.match(line):
                reporter.log("install_line", " ".join(found.groups()).strip())
            phase.advance(0)
    return folder


def platforms(machine: str, glibc: str) -> list[str]:
    """Return what wheels for a Linux are called, the newest first."""
    major, _, minor = glibc.partition(".")
    newest = int(minor) if major == "2" and minor.isdigit() else 28
    return [f"manylinux_2_{number}_{machine}" for number in range(newest, OLDEST_GLIBC - 1, -1)] + [
        f"manylinux2014_{machine}"
    ]


def _lines(command: list[str]) -> Iterator[str]:
    """Run a program and yield what it says; it is ended when nobody listens any more."""
    last: list[str] = []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            last = [*last[1 - ERROR_LINES :], line.strip()]
            yield line
        if process.wait():
            log = "\n".join(last)
            raise Error("no_wheels", f"The packages could not be fetched.\n{log}", "See the lines above.")
    except (GeneratorExit, Paused):
        process.terminate()
        raise
    finally:
        if process.stdout is not None:
            process.stdout.close()
        process.wait()
