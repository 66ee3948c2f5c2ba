"""`rvc setup` from nothing, and its repair of three environments that are broken as people's are.

Installs PyTorch from the package index that pip is set up for: minutes, and 7 GB for as long as it runs.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
ROOM_GB = 12
pytestmark = [pytest.mark.slow, pytest.mark.timeout(5400)]


@dataclass
class Environment:
    """An environment with the program, as its user sees it."""

    place: Path

    def python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        folder = "Scripts" if sys.platform == "win32" else "bin"
        command = [str(self.place / "env" / folder / "python"), "-W", "ignore", *arguments]
        known = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")
        }
        home = {"RVC_STUDIO_HOME": str(self.place / "home")}
        return subprocess.run(
            command, capture_output=True, text=True, cwd=self.place, env=known | home, check=False
        )

    def pip(self, *arguments: str) -> None:
        done = self.python("-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)
        assert done.returncode == 0, done.stderr

    def setup(self, *arguments: str) -> tuple[list[str], dict[str, Any]]:
        """Run `rvc setup`; return the codes of what it found, and its result."""
        done = self.python("-m", "rvc", "setup", "--json", *arguments)
        print(done.stdout[-2000:])  # noqa: T201 - the log of the run
        assert done.returncode == 0, done.stdout + done.stderr
        *events, result = map(json.loads, done.stdout.splitlines())
        return [event["code"] for event in events if event["event"] == "finding"], result["summary"]

    @property
    def packages(self) -> Path:
        return next((self.place / "env").rglob("site-packages"))

    def loads(self, module: str) -> bool:
        return self.python("-c", f"import {module}").returncode == 0


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    place = tmp_path_factory.mktemp("setup")
    if shutil.disk_usage(place).free < ROOM_GB * 1e9:
        pytest.skip(f"{ROOM_GB} GB of room are needed")
    venv.create(place / "env", with_pip=True)
    one = Environment(place)
    one.pip("install", str(ROOT))
    assert not one.loads("torch")
    yield one
    shutil.rmtree(place)


def test_from_nothing_to_a_training_step(environment: Environment) -> None:
    planned = environment.setup("--plan")[1]
    assert planned["packages"] > 40
    assert not environment.loads("numpy")
    codes, done = environment.setup("--yes")
    assert "tried" in codes
    assert done["device"]
    assert all(map(environment.loads, ("torch", "torchaudio", "torchfcpe", "librosa", "faiss")))


def test_what_is_whole_stays_as_it_is(environment: Environment) -> None:
    codes, done = environment.setup("--yes", "--repair")
    assert done["packages"] == 0
    assert "package_damaged" not in codes


def test_a_torchaudio_of_another_release(environment: Environment) -> None:
    environment.pip("install", "--no-deps", "torchaudio==2.9.0")
    assert not environment.loads("torchaudio")
    codes, done = environment.setup("--yes")
    assert "torchaudio_of_other_build" in codes
    assert done["packages"] == 1
    assert environment.loads("torchaudio")


def test_a_numpy_of_another_major_release_and_one_whose_files_are_gone(environment: Environment) -> None:
    environment.pip("install", "--no-deps", "numpy==1.26.4")
    codes, _ = environment.setup("--yes")
    assert "numpy_of_other_release" in codes
    shutil.rmtree(environment.packages / "numpy")
    assert not environment.loads("numpy")
    codes, _ = environment.setup("--yes")
    assert "package_damaged" in codes
    assert environment.loads("numpy, librosa.core")


def test_a_torch_whose_library_was_cut_off(environment: Environment) -> None:
    library = max((environment.packages / "torch" / "lib").iterdir(), key=lambda path: path.stat().st_size)
    with library.open("r+b") as file:
        file.truncate(library.stat().st_size // 4)
    assert not environment.loads("torch")
    codes, done = environment.setup("--yes")
    assert "package_damaged" in codes
    assert (done["packages"], done["torch"] is not None) == (1, True)
    assert environment.loads("torch")


def test_all_of_it_is_undone(environment: Environment) -> None:
    done = environment.python("-m", "rvc", "setup", "--undo", "--json")
    assert done.returncode == 0, done.stderr
    assert not any(map(environment.loads, ("torch", "numpy", "librosa")))
    assert environment.python("-m", "rvc", "--version").returncode == 0
