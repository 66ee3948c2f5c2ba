"""Where tests find real data: `shared` lies beside a developer's checkout, never in a user's clone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rvc import assets, paths, waiting

os.environ.update(waiting.VARIABLES)  # before torch is imported

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


def _existing(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine")
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    return _existing(SHARED)


@pytest.fixture(scope="session")
def speech(shared: Path) -> Path:
    """Real CC0 recordings: `<speaker>/flac/*.flac`."""
    return _existing(shared / "speech")


@pytest.fixture(scope="session")
def keys(shared: Path) -> Path:
    """State-dict oracles."""
    return _existing(shared / "reference" / "keys")


@pytest.fixture(scope="session")
def golden() -> Path:
    """The numeric parity data: `RVC_GOLDEN`, else the shared set, else the compact one in the tests."""
    if "RVC_GOLDEN" in os.environ:
        return Path(os.environ["RVC_GOLDEN"])
    full = SHARED / "reference" / "golden" / "open"
    return full if full.exists() else _existing(ROOT / "tests" / "parity" / "data")


@pytest.fixture(autouse=True)
def studio_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has its own RVC_STUDIO_HOME: nothing of the user's is read or written."""
    home = tmp_path / "studio-home"
    monkeypatch.setenv("RVC_STUDIO_HOME", str(home))
    monkeypatch.delenv("RVC_STUDIO_ASSETS", raising=False)
    return home


@pytest.fixture(scope="session", autouse=True)
def minute(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["subprocess.Popen[str] | None"]:
    """A program that records for a minute while other tests run, where its test is among them; None without tools."""
    wanted = any(item.name == "test_no_sample_is_lost_in_a_minute" for item in request.session.items)
    if not wanted or any(shutil.which(tool) is None for tool in ("pulseaudio", "pactl", "pacat")):
        yield None
        return
    command = [sys.executable, "-m", "tests.unbroken", "60", str(tmp_path_factory.mktemp("minute"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        yield child
        child.terminate()


@pytest.fixture(scope="session")
def wakehubert_file() -> Path:
    """WakeHuBERT-tiny's file, fetched once for this virtual environment in the ordinary way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVC_STUDIO_HOME", str(Path(sys.prefix) / "test-assets"))
        return assets.fetch("wakehubert-tiny")


@pytest.fixture
def offline_assets(wakehubert_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the small content encoder at hand, as a user who has run the program before."""
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(wakehubert_file.parent))
    return wakehubert_file.parent


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.name != "posix" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def old_name(tmp_path: Path) -> str:
    """The stem of a file from an old Korean archive, which is no Unicode."""
    name = os.fsdecode(b"\xb0\xa1\xb3\xaa")
    try:
        (tmp_path / name).touch()
    except OSError:
        pytest.skip("the file system takes Unicode only")
    (tmp_path / name).unlink()
    return name


@pytest.fixture(scope="session")
def few_takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve of the bundled recordings: real enough for every stage, and quick."""
    folder = tmp_path_factory.mktemp("takes")
    for path in sorted(paths.resource("demo/voice").glob("*.flac"))[:12]:
        shutil.copy(path, folder)
    return folder
