"""Who may import whom: by reading every source file, and by importing the packages in fresh processes."""

import ast
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import rvc

ROOT = Path(__file__).parent.parent

QT = {"PySide6", "pyqtgraph"}
SSH = {"paramiko"}
HTTP_SERVICE = {"fastapi", "starlette", "uvicorn"}
TORCH = {"torch", "torchaudio", "torchfcpe"}

FORBIDDEN = {
    "rvc": {"rvcstudio", "remote_agent"} | QT | SSH | HTTP_SERVICE,
    "rvcstudio": {"remote_agent", "librosa"} | TORCH | HTTP_SERVICE,
    "remote_agent": {"rvcstudio", "librosa"} | TORCH | QT | SSH,
}

LIGHT = (
    *("rvc", "rvc.config", "rvc.errors", "rvc.events", "rvc.paths", "rvc.cli"),
    *("rvc.assets", "rvc.bench", "rvc.doctor", "rvc.jobs", "rvcstudio", "remote_agent"),
)
HEAVY = {"torch", "torchaudio", "librosa", "scipy", "matplotlib", "faiss", "onnxruntime"}


def imports(source: Path) -> Iterator[str]:
    """Yield the top-level name of every import in a file, those inside functions too."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def loaded(statement: str) -> set[str]:
    """Run `statement` in a fresh process and return the top-level names of all modules it loaded."""
    script = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    sources = sorted((ROOT / package).rglob("*.py"))
    found = {source: FORBIDDEN[package].intersection(imports(source)) for source in sources}
    assert sources
    assert {str(source): names for source, names in found.items() if names} == {}


def test_only_live_conversion_knows_sound_devices() -> None:
    sources = sorted((ROOT / "rvc").rglob("*.py"))
    assert [source.name for source in sources if "sounddevice" in imports(source)] == ["devices.py"]


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    source = tmp_path / "room.py"
    source.write_text(
        "import a.b as c\ndef f():\n    from d.e import g\n    from . import h\n", encoding="utf-8"
    )
    assert set(imports(source)) == {"a", "d"}


@pytest.mark.parametrize("module", LIGHT)
def test_what_must_start_at_once_loads_nothing_heavy(module: str) -> None:
    assert loaded(f"import {module}") & HEAVY == set()


def test_help_loads_nothing_heavy() -> None:
    statement = "import rvc.cli\ntry: rvc.cli.main(['--help'])\nexcept SystemExit: pass"
    assert loaded(statement) & HEAVY == set()


def test_every_module_of_the_engine_imports_in_one_process() -> None:
    names = [module.name for module in pkgutil.walk_packages(rvc.__path__, "rvc.")]
    modules = [name for name in names if not name.endswith("__main__")]
    everything = loaded("\n".join(f"import {name}" for name in modules))
    assert "rvc.learning.training" in modules
    assert (FORBIDDEN["rvc"] - SSH) & everything == set()  # librosa's pooch looks whether paramiko is there


def test_the_public_names_stay_what_they_are() -> None:
    """A submodule of the same name would take the place of the function once it is imported."""
    code = "import rvc; f = lambda: [getattr(rvc, n) for n in rvc.__all__]; first = f(); assert first == f()"
    subprocess.run([sys.executable, "-c", code], check=True)
