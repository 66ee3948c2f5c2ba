"""Packages for a computer without network: what is fetched is what that one needs, whatever this one is."""

import sys
from pathlib import Path

import pytest

from rvc import interpreter
from rvc.events import Reporter
from rvcstudio.remote.wheels import fetch_wheels
from tests.small_wheels import make_wheel

NEEDS = {
    "linuxpart": 'sys_platform == "linux" and platform_machine == "riscv64"',
    "thirteen": 'python_full_version >= "3.13.4" and python_version < "3.14"',
    "windowspart": 'os_name == "nt"',
    "eleven": 'python_version == "3.11"',
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that needs others on other systems, in a folder that takes the index's place."""
    place = tmp_path / "shop"
    place.mkdir()
    make_wheel(place, "wholepart", needs=[f"{name}; {where}" for name, where in NEEDS.items()])
    for name in NEEDS:
        make_wheel(place, name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(place))
    return place


def fetched(python: str, machine: str) -> set[str]:
    folder = fetch_wheels(["wholepart"], python, machine, "2.36", Reporter())
    return {file.name.split("-")[0] for file in folder.iterdir()}


@pytest.mark.usefixtures("shop")
def test_what_the_other_computer_needs_is_fetched() -> None:
    assert fetched("3.13.5", "riscv64") == {"wholepart", "linuxpart", "thirteen"}


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for another Python")
@pytest.mark.usefixtures("shop")
def test_a_bundled_app_fetches_with_the_engines_pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(interpreter.BESIDE, str(tmp_path / "engine"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    used = tmp_path / "used"

    def make() -> None:
        own = interpreter.own_python()
        own.parent.mkdir(parents=True)
        own.write_text(f'#!/bin/sh\ntouch "{used}"; exec "{sys.executable}" "$@"\n', encoding="utf-8")
        own.chmod(0o755)

    monkeypatch.setattr(interpreter, "make", make)
    assert fetched("3.11.2", "x86_64") == {"wholepart", "eleven"}
    assert used.exists()
