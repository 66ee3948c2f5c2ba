"""What is shipped: the wheel, the tested set of versions, and the size of the tree."""

import configparser
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"
SET_UP_EXTRAS = ("engine", "evaluate", "formats", "agent", "onnx", "desktop", "dev")
TREE_LIMIT_BYTES = 25_000_000


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def pins() -> dict[str, str]:
    """Return the version of every package in the constraints file."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def test_the_wheel_holds_the_packages_and_no_other(wheel: zipfile.ZipFile) -> None:
    folders = {name.split("/")[0] for name in wheel.namelist()}
    assert {name for name in folders if not name.endswith(".dist-info")} == {
        "rvc",
        "rvcstudio",
        "remote_agent",
    }


def test_the_wheel_holds_every_resource(wheel: zipfile.ZipFile) -> None:
    resources = ROOT / "resources"
    files = [path for path in resources.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    wanted = {f"rvc/resources/{path.relative_to(resources).as_posix()}" for path in files}
    assert "rvc/resources/demo/CARD.md" in wanted
    assert wanted <= set(wheel.namelist())


def test_the_wheel_brings_the_commands_and_the_licence(wheel: zipfile.ZipFile) -> None:
    scripts = configparser.ConfigParser()
    entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    scripts.read_string(wheel.read(entry_points).decode())
    assert scripts["console_scripts"]["rvc"] == "rvc.cli:main"
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_every_command_exists(project: dict[str, Any]) -> None:
    for target in project["scripts"].values():
        module, function = target.split(":")
        source = ROOT / (module.replace(".", "/") + ".py")
        assert f"def {function}(" in source.read_text(encoding="utf-8")


def test_constraints_are_plain_pins() -> None:
    """No registry, no address, no folder: a name and a version on every line."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    odd = [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line)]
    assert odd == []
    assert not any("://" in line for line in lines)


@pytest.mark.parametrize("extra", SET_UP_EXTRAS)
def test_constraints_pin_what_set_up_installs(project: dict[str, Any], extra: str) -> None:
    pinned = pins()
    for text in project["dependencies"] + project["optional-dependencies"][extra]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), text


def test_set_up_installs_these_extras() -> None:
    setup = (ROOT / ".ci" / "setup").read_text(encoding="utf-8")
    assert f'extras="{",".join(SET_UP_EXTRAS)}"' in setup


def test_the_tree_is_small() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [path for path in (ROOT / name for name in names if name) if path.is_file()]
    assert files
    assert sum(path.stat().st_size for path in files) < TREE_LIMIT_BYTES
