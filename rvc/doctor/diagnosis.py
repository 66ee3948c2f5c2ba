"""All checks, one after the other and beside each other."""

import importlib.util
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import psutil

from rvc import interpreter, machine
from rvc.doctor.finding import Finding, found
from rvc.doctor.probe import PROBES, Probe, examine
from rvc.doctor.storage import check_assets, check_folders, folders
from rvc.setup import combinations, record
from rvc.setup.damage import find_damage

PROBE_S = 60.0
LEAST_FREE_GB = 4.0
EXTRAS = {
    "formats": (("av",), "m4a, mp4 and the sound of videos are read with it"),
    "evaluate": (("jinja2", "matplotlib"), "test reports are made with it"),
    "desktop": (("PySide6", "sounddevice"), "the app needs it"),
    "agent": (("fastapi", "uvicorn"), "this machine can work for others with it"),
}


def diagnose(places: Mapping[str, Path] | None = None, probe_s: float = PROBE_S) -> Iterator[Finding]:
    """Yield findings; `places` are more folders to look at, by what they are for.

    Slow checks run beside each other and are given `probe_s` seconds in all.
    """
    deadline = time.monotonic() + probe_s
    probes = [Probe(name) for name in PROBES]
    checks: dict[str, Callable[[], Iterable[Finding]]] = {
        "machine": _machine,
        "python": _python,
        "folders": lambda: check_folders({**folders(), **(places or {})}),
        "assets": check_assets,
        "extras": _extras,
        "packages": _packages,
    }
    for name, check in checks.items():
        yield from examine(name, check)
    for probe in probes:
        yield from probe.findings(deadline)


def _machine() -> Iterator[Finding]:
    here = machine.Machine.describe()
    facts = ("system", "cpu", "cores", "threads", "memory_gb")
    yield found("machine", **{fact: getattr(here, fact) for fact in facts})
    free_gb = psutil.virtual_memory().available / 1e9
    if free_gb < LEAST_FREE_GB:
        yield found("low_memory", free_gb=free_gb)


def _python() -> Iterator[Finding]:
    yield found("python", version=platform.python_version())
    if importlib.util.find_spec("pip") is None and not interpreter.is_bundled():
        yield found("no_pip")


def _packages() -> Iterator[Finding]:
    """Look at installed packages from outside: versions that do not fit, and files that are not whole."""
    if interpreter.is_bundled():  # they are inside the app
        return
    yield from combinations.judge_versions(record.installed())
    for damage in find_damage():
        yield damage.finding


def _extras() -> Iterator[Finding]:
    for name, (modules, use) in EXTRAS.items():
        installed = all(importlib.util.find_spec(module) for module in modules)
        yield found("extra" if installed else "extra_missing", name=name, use=use)
