"""The app as a bundle: built as docs/install.md says, and started where nothing of this checkout is.

The slow part fetches PyInstaller, Qt and uv from the package index: some minutes, and 2 GB for as long as it runs.
"""

import configparser
import json
import os
import plistlib
import shutil
import subprocess
import sys
import tarfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from rvc import __version__
from tests.app.xserver import display  # noqa: F401 - a fixture

ROOT = Path(__file__).parent.parent
BUNDLE = ROOT / "resources" / "bundle"
ROOM_GB = 4
START_S = 120
COLOURS = 100  # at least, of a window that is drawn; of an empty screen it is one
LARGEST_BYTES = 450_000_000
OF_THE_ENGINE = ("torch", "torchaudio", "librosa", "scipy", "faiss", "onnxruntime", "matplotlib")
PICTURE = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
picture = application.primaryScreen().grabWindow(0).toImage()
picture.save(sys.argv[1])
print(len({picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}))
"""
OTHERS = """
import subprocess, sys
print(subprocess.check_output(["env"], text=True))
print(subprocess.check_output([sys.executable, "-c", "import PySide6.QtGui, soundfile; print('again')"], text=True))
"""
FETCH = """
from rvc.events import Reporter
from rvcstudio.remote.wheels import fetch_wheels
print(*sorted(file.name for file in fetch_wheels(["six"], "3.13.1", "aarch64", "2.36", Reporter()).iterdir()))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the bundle of Linux is tried")


def install(home: Path, *arguments: str, script: Path = BUNDLE / "install.sh") -> str:
    command = ["sh", str(script), *arguments]
    variables = {"PATH": os.environ["PATH"], "HOME": str(home)}
    done = subprocess.run(command, capture_output=True, text=True, env=variables, check=False)
    return done.stdout if done.returncode == 0 else done.stderr


def entry(home: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(home / ".local/share/applications/rvcstudio.desktop", encoding="utf-8")
    return dict(parser["Desktop Entry"])


def test_the_desktop_gets_to_know_a_program(tmp_path: Path) -> None:
    home, program = tmp_path / "home", tmp_path / '100% "mine" $a\\b' / "rvcstudio"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho started\n", encoding="utf-8")
    assert "no program" in install(home, str(program))
    assert not home.exists()
    program.chmod(0o755)
    assert "in the menu" in install(home, str(program))
    told = entry(home)
    # each of these characters escaped inside quotation marks, and each backslash of that once more, as in every value
    within = (
        str(program).replace("\\", "\\" * 4).replace('"', '\\\\"').replace("$", "\\\\$").replace("%", "%%")
    )
    assert told["exec"] == f'"{within}" %F'
    assert told["icon"] == "rvcstudio"
    assert (home / ".local/share/icons/hicolor/scalable/apps/rvcstudio.svg").read_text().startswith("<svg")
    assert subprocess.check_output([home / ".local/bin/rvcstudio"], text=True) == "started\n"
    install(home, "--remove")
    assert [path for path in home.rglob("*") if not path.is_dir()] == []
    assert program.exists()


def test_a_mac_lets_the_signed_app_record() -> None:
    allowed = plistlib.loads((BUNDLE / "entitlements.plist").read_bytes())
    assert allowed["com.apple.security.device.audio-input"] is True
    spec = (BUNDLE / "rvcstudio.spec").read_text(encoding="utf-8")
    assert "entitlements.plist" in spec
    assert '"NSMicrophoneUsageDescription": MICROPHONE' in spec


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build the bundle in an environment of its own, and return where it was unpacked."""
    place = tmp_path_factory.mktemp("bundle")
    if shutil.disk_usage(place).free < ROOM_GB * 1e9:
        pytest.skip(f"{ROOM_GB} GB of room are needed")
    venv.create(place / "env", with_pip=True)
    python = place / "env" / "bin" / "python"
    needs = (f"{ROOT}[desktop]", "pyinstaller", "uv")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *needs], check=True)
    subprocess.run([python, BUNDLE / "build.py", place], check=True)
    (packed,) = (place / "dist").iterdir()
    with tarfile.open(packed) as tar:
        tar.extractall(place / "a folder", filter="data")
    shutil.rmtree(place / "env")
    shutil.rmtree(place / "build")
    yield next((place / "a folder").iterdir())
    shutil.rmtree(place)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def clean(home: Path, **others: str) -> dict[str, str]:
    """Return the variables of somebody who has just logged in: none of Python's, none of these tests'."""
    usual = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    }
    return {"HOME": str(home), **usual, **others}


def run(bundle: Path, home: Path, *arguments: str, **others: str) -> str:
    command = [str(bundle / "rvcstudio"), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd="/", env=clean(home, **others), check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@contextmanager
def started(bundle: Path, home: Path, display: str) -> Iterator[psutil.Process]:  # noqa: F811
    process = subprocess.Popen([bundle / "rvcstudio"], cwd="/", env=clean(home, DISPLAY=display))
    yield psutil.Process(process.pid)
    process.terminate()
    process.wait(60)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + START_S
    while not true():
        assert time.monotonic() < end, "it does not become true"
        time.sleep(0.5)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nothing_of_the_engine_is_inside(bundle: Path, home: Path) -> None:
    inside = {path.name for path in (bundle / "_internal").iterdir()}
    assert not inside & set(OF_THE_ENGINE)
    assert {"PySide6", "sources", "uv"} <= inside
    assert sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) < LARGEST_BYTES
    assert run(bundle, home, "-m", "rvc", "--version").strip() == f"rvc-studio {__version__}"
    others = run(bundle, home, "-c", OTHERS)
    assert "LD_LIBRARY_PATH" not in others
    assert "again" in others
    assert "uv" in subprocess.check_output([bundle / "_internal" / "uv", "--version"], text=True)


@pytest.mark.slow
def test_the_window_comes(bundle: Path, home: Path, display: str, tmp_path: Path) -> None:  # noqa: F811
    picture = tmp_path / "screen.png"

    def colours() -> int:
        command = [sys.executable, "-c", PICTURE, str(picture)]
        variables = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        return int(subprocess.check_output(command, env=variables, text=True))

    assert colours() < COLOURS
    with started(bundle, home, display) as process:
        until(lambda: colours() >= COLOURS)
        loaded = [Path(one.path) for one in process.memory_maps() if ".so" in one.path]
        foreign = [path for path in loaded if "Qt6" in path.name and not path.is_relative_to(bundle)]
        assert foreign == []
        assert not [path for path in loaded if "torch" in path.name or ROOT in path.parents]
    assert (home / "Documents" / "RVC Studio" / "library.sqlite3").exists()


@pytest.mark.slow
def test_it_plans_an_engine_and_fetches_packages_in_an_environment_of_its_own(
    bundle: Path, home: Path
) -> None:
    assert run(bundle, home, "-c", FETCH).strip() == "six-1.17.0-py2.py3-none-any.whl"
    engine = home / ".local/share/rvc-studio/engine"
    assert (engine / "bin" / "python").exists()
    *_, done = run(bundle, home, "-m", "rvc", "setup", "--plan", "--json").splitlines()
    assert json.loads(done)["summary"]["packages"] > 40
    assert not (engine / "rvc-setup.json").exists()


@pytest.mark.slow
def test_the_desktop_gets_to_know_the_bundle(bundle: Path, home: Path) -> None:
    assert "in the menu" in install(home, script=bundle / "install.sh")
    command = str(home / ".local/bin/rvcstudio")
    told = subprocess.check_output([command, "-m", "rvc", "--version"], env=clean(home), text=True)
    assert told.strip() == f"rvc-studio {__version__}"
    assert entry(home)["exec"] == f'"{bundle}/rvcstudio" %F'
