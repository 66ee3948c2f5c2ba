"""Where tests find real data: `shared` lies beside a developer's checkout, never in a user's clone."""

import os
from pathlib import Path

import pytest

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
    return home
