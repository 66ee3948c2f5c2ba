"""Which Python runs the engine, in a checkout and in a bundled app; and the bundle's own program."""

import ast
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


def test_a_bundled_app_does_without_the_engine_what_it_can(bundled: Path) -> None:
    assert not interpreter.is_ready()
    assert interpreter.python() == sys.executable
    stand_in(bundled)
    assert interpreter.is_ready()
    assert interpreter.python() == str(interpreter.own_python())


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


@pytest.mark.parametrize("before", [{}, {"LD_LIBRARY_PATH_ORIG": "/opt/mine"}])
def test_what_the_bundle_starts_has_libraries_of_its_own(before: dict[str, str]) -> None:
    code = f"""import os, sys; sys.path.insert(0, {str(BUNDLE)!r}); import start
start.leave_others_alone(); print(dict(os.environ))"""
    command = [sys.executable, "-I", "-c", code]
    told = subprocess.check_output(command, text=True, env={"LD_LIBRARY_PATH": "/app/_internal", **before})
    after = ast.literal_eval(told)
    assert after.get("LD_LIBRARY_PATH") == before.get("LD_LIBRARY_PATH_ORIG")
    assert after["PYINSTALLER_RESET_ENVIRONMENT"] == "1"


def test_a_program_without_outputs_has_where_to_write(tmp_path: Path) -> None:
    """As a window's program on Windows has none."""
    said = tmp_path / "said"
    code = f"""import sys; sys.path.insert(0, {str(BUNDLE)!r}); import start
sys.stdout = sys.stderr = None
sys.argv[1:] = ["-c", "import sys; sys.stderr.write(str(print(1))); open({str(said)!r}, 'w').write('done')"]
start.main()"""
    subprocess.run([sys.executable, "-I", "-c", code], check=True)
    assert said.read_text() == "done"


@pytest.mark.skipif(sys.platform == "win32", reason="scripts stand in for Python")
def test_a_mac_is_searched_where_pythons_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An app that the Finder starts has a short PATH, and Apple's own python3 would open a window."""
    for folder in ("system", "brew"):
        program = tmp_path / folder / "python3"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\n: >"$0.used"; exec "{sys.executable}" "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("PATH", str(tmp_path / "system"))
    monkeypatch.setattr(interpreter, "MAC_PLACES", (str(tmp_path / "brew"),))
    assert next(interpreter._makers())[0] == str(tmp_path / "system" / "python3")
    monkeypatch.setattr(interpreter, "MAC_STUB", str(tmp_path / "system" / "python3"))
    (tmp_path / "system" / "python3.used").unlink()
    assert list(interpreter._makers()) == []
    (tmp_path / "brew" / "python3").rename(tmp_path / "brew" / "python3.12")
    assert next(interpreter._makers())[0] == str(tmp_path / "brew" / "python3.12")
    assert not (tmp_path / "system" / "python3.used").exists()


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
