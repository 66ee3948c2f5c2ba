"""Which Python runs the engine, in a checkout and in a bundled app; and the bundle's own program."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rvc import __version__, interpreter, paths
from rvc.errors import InputError

ROOT = Path(__file__).parent.parent
BUNDLE = ROOT / "resources" / "bundle"


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Have this program be a bundled app, whose engine would be in the folder that is returned."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv(interpreter.BESIDE, str(tmp_path / "engine"))
    return tmp_path / "engine"


def stand_in(engine: Path) -> None:
    """Put this Python in the place of the engine's."""
    interpreter.own_python().parent.mkdir(parents=True)
    interpreter.own_python().write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    interpreter.own_python().chmod(0o755)
    (engine / "rvc-setup.json").touch()


def test_without_a_bundle_the_engine_runs_in_this_python() -> None:
    assert interpreter.python() == sys.executable
    assert interpreter.environment()["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)
    assert "LD_LIBRARY_PATH" not in interpreter.environment()


def test_a_bundled_app_does_without_the_engine_what_it_can(bundled: Path) -> None:
    assert not interpreter.is_ready()
    assert interpreter.python() == sys.executable
    stand_in(bundled)
    assert interpreter.is_ready()
    assert interpreter.python() == str(interpreter.own_python())


def test_the_bundles_libraries_are_not_for_the_engine(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/app/_internal")
    assert interpreter.environment()["LD_LIBRARY_PATH"] == ""
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/opt/mine")
    assert interpreter.environment()["LD_LIBRARY_PATH"] == "/opt/mine"
    assert not bundled.exists()


def test_sources_and_resources_of_a_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sources" / "rvc" / "resources").mkdir(parents=True)
    (tmp_path / "sources" / "rvc" / "resources" / "assets.json").touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.sources() == tmp_path / "sources"
    assert paths.resource("assets.json").parent.parent.name == "rvc"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for another Python")
def test_a_command_is_handed_over(bundled: Path) -> None:
    stand_in(bundled)
    code = "import sys; sys.frozen = True; from rvc import interpreter; interpreter.hand_over(['--version'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == f"rvc-studio {__version__}"


def test_a_computer_without_python_is_told(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(bundled))
    monkeypatch.setattr(sys, "executable", str(bundled / "rvcstudio"))
    with pytest.raises(InputError, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
        interpreter.make()


def test_a_python_that_fits_is_found() -> None:
    maker = next(interpreter._makers())
    assert maker[-2:] == ["venv", "--clear"] or maker[-1] == interpreter.WANTED


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-P", "-W", "ignore", "-m", "rvc", "--version"], f"rvc-studio {__version__}"),
        (["-S", "-c", "import sys; print(sys.argv)", "more"], "['-c', 'more']"),
    ],
)
def test_the_bundles_program_takes_pythons_place(arguments: list[str], said: str) -> None:
    command = [sys.executable, str(BUNDLE / "start.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == said


def test_the_desktop_file_names_the_program() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(BUNDLE / "rvcstudio.desktop", encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert (entry["Type"], entry["Exec"], entry["StartupWMClass"]) == (
        "Application",
        "rvcstudio %F",
        "rvcstudio",
    )
    assert {"Name", "Comment[ko]", "Icon", "Categories"} <= set(entry)
