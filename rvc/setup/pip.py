"""The environment that the engine lives in, worked on through its own pip."""

import json
import logging
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rvc.errors import Error, InputError

OPTIONS = ("--no-input", "--disable-pip-version-check")
OLDEST = 23  # whose reports have the form that is read here
RESOLVE_TIMEOUT_S = 900.0
LOOK_S = 0.3

log = logging.getLogger(__name__)


def check_environment() -> None:
    """Raise `InputError` where packages must not be installed: in a system's own Python, or without pip."""
    marker = Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED"
    if sys.prefix == sys.base_prefix and marker.exists():
        raise InputError(
            "not_an_environment",
            f"{sys.executable} belongs to the system, which looks after its packages itself.",
            "Install RVC Studio into an environment of its own: python3 -m venv, see docs/install.md.",
        )
    if _pip_version() < OLDEST:
        bring()


def _pip_version() -> int:
    done = _run(["--version"])
    words = done.stdout.split()
    return int(words[1].split(".")[0]) if done.returncode == 0 and len(words) > 1 else 0


def bring() -> None:
    """Install pip from what Python itself brings, and renew it from the index; raises `Error` no_pip."""
    command = [sys.executable, "-m", "ensurepip", "--upgrade", "--default-pip"]
    subprocess.run(command, capture_output=True, check=False)
    renewed = _run(["install", *OPTIONS, "--upgrade", f"pip>={OLDEST}"])
    if renewed.returncode:
        raise Error(
            "no_pip",
            f"This Python has no usable pip, and none could be had: {reason(renewed.stderr)}.",
            "Make the environment anew with python3 -m venv.",
        )


def _run(arguments: Sequence[str], timeout_s: float | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pip", *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout_s,
        check=False,
    )


def resolve(
    requirements: Sequence[str], index: str | None, again: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return what pip would install for requirements, as its report tells it; `again` are packages to be replaced.

    Raises `Error` not_resolved with pip's reason.
    """
    lacking = _report(requirements, index)
    names = {plain(item["metadata"]["name"]) for item in lacking}
    broken = [one for one in again if plain(one.partition("=")[0]) not in names]
    return lacking + (_report(broken, index, "--force-reinstall", "--no-deps") if broken else [])


def _report(requirements: Sequence[str], index: str | None, *options: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="rvc-setup-") as folder:
        report = Path(folder) / "report.json"
        indexes = ["--extra-index-url", index] if index else []
        command = [
            "install",
            *OPTIONS,
            "--dry-run",
            "--quiet",
            "--only-binary=:all:",
            "--report",
            str(report),
        ]
        try:
            done = _run([*command, *indexes, *options, *requirements], RESOLVE_TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            raise not_resolved("the package index did not answer in time") from error
        log.debug("pip: %s", done.stderr)
        if done.returncode:
            raise not_resolved(reason(done.stderr))
        installed: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return installed


def install(targets: Sequence[str], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Install exactly these files and addresses, whatever is there before; raises `Error` not_installed."""
    _work(
        ["install", *OPTIONS, "--no-deps", "--force-reinstall", "--no-warn-script-location", *targets],
        meanwhile,
    )


def uninstall(names: Sequence[str]) -> None:
    """Remove packages; those that are not there are passed over."""
    _work(["uninstall", "--yes", "--disable-pip-version-check", *names])


def _work(arguments: Sequence[str], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Let pip change the environment. It is not interrupted: half an installation is worse than a late end."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "pip", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        while process.poll() is None:
            meanwhile()
            time.sleep(LOOK_S)
        said.seek(0)
        output = said.read()
    log.debug("pip: %s", output)
    if process.returncode:
        raise Error(
            "not_installed",
            f"The packages could not be installed: {reason(output)}.",
            "Free some space, close programs that use the engine, and run `rvc setup` again.",
        )


def reason(output: str) -> str:
    """Return what pip says last of what went wrong, without the word that it begins with."""
    lines = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")]
    return lines[-1].strip().rstrip(".") if lines else "pip failed"


def not_resolved(why: str) -> Error:
    return Error(
        "not_resolved",
        f"No set of packages could be found: {why}.",
        "Check the network and the package index that pip is set up for, and run it again.",
    )


def plain(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return name.lower().replace("_", "-").replace(".", "-")
