"""Packages for a computer that reaches no network: fetched here, for its system, and sent by `Host.install`."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rvc import interpreter, paths
from rvc.errors import Error, Paused
from rvc.events import Reporter
from rvc.setup import pip

FETCHED = re.compile(r"^\s*(?:Downloading|Using cached|Saved)\s+(\S+)(.*)")
OLDEST_GLIBC = 17  # that wheels are built for
ERROR_LINES = 5
# pip decides by the Python that runs it which packages a system and a Python need, whatever it fetches for
# (https://github.com/pypa/pip/issues/11664), and has no option for it.
PIP_FOR_ANOTHER = """
import json, runpy, sys
from pip._vendor.packaging import markers
here, there = markers.default_environment, json.loads(sys.argv.pop(1))
markers.default_environment = lambda: {**here(), **there}
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def fetch_wheels(
    requirements: Sequence[str], python: str, machine: str, glibc: str, reporter: Reporter
) -> Path:
    """Download wheels for Linux with this Python ("3.11.7"), and return their folder. May be stopped.

    Raises `Error` no_wheels, or that there is no pip here and none could be had.
    """
    version = ".".join(python.split(".")[:2])
    folder = paths.make_dir(paths.cache_dir() / "wheels" / f"{version}-{machine}")
    command = [_python_with_pip(), "-P", "-c", PIP_FOR_ANOTHER, json.dumps(markers(python, machine))]
    command += ["--disable-pip-version-check", "download", "--only-binary", ":all:"]
    command += ["--implementation", "cp", "--python-version", version, "--dest", str(folder)]
    command += [part for platform in platforms(machine, glibc) for part in ("--platform", platform)]
    with reporter.phase("fetch", 0) as phase:
        for line in _lines([*command, *requirements]):
            if found := FETCHED.match(line):
                reporter.log("install_line", " ".join(found.groups()).strip())
            phase.advance(0)
    return folder


def _python_with_pip() -> str:
    """Return a Python that has pip; a bundled app, which is none, makes the engine's environment if need be."""
    if interpreter.is_bundled():
        return interpreter.prepare()
    if importlib.util.find_spec("pip") is None:
        pip.bring()
    return sys.executable


def markers(python: str, machine: str) -> dict[str, str]:
    """Return what packages ask about where they shall run (PEP 508), for Linux with this Python ("3.11.7")."""
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": "linux",
    }


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
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "PYTHONPATH": ""},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
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
