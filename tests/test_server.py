"""What makes a server of a bare machine: scripts that can be read, a unit that systemd takes, extras that exist."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

from rvc import paths

ROOT = Path(__file__).parent.parent
SERVER = paths.resource("server")

needs_sh = pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh here")


def embedded_script() -> str:
    """Return the script that cloud-init writes onto the machine."""
    text = (SERVER / "cloud-init.yaml").read_text(encoding="utf-8")
    block = text.partition("rvc-server-setup\n")[2].partition("content: |\n")[2].partition("runcmd:")[0]
    return textwrap.dedent(block)


@needs_sh
def test_the_scripts_can_be_read(tmp_path: Path) -> None:
    script = tmp_path / "setup.sh"
    script.write_text(embedded_script(), encoding="utf-8")
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\nset -eu\n")
    for one in (SERVER / "install.sh", script):
        done = subprocess.run(["sh", "-n", str(one)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@needs_sh
def test_without_sources_the_script_says_what_it_needs(tmp_path: Path) -> None:
    script = shutil.copy(SERVER / "install.sh", tmp_path)
    done = subprocess.run(["sh", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Say what to install" in done.stderr


@needs_sh
@pytest.mark.parametrize(
    ("listed", "printed"),
    [
        ("", "rvc_new"),
        ("admin   revoked  since 2026-11-20", "rvc_new"),
        ("admin   admin    since 2026-11-20", ""),
    ],
)
def test_a_token_is_printed_where_there_is_none_that_counts(
    listed: str, printed: str, tmp_path: Path
) -> None:
    agent = tmp_path / "rvc-agent"
    agent.write_text(f'#!/bin/sh\ncase $2 in list) echo "{listed}" ;; add) echo rvc_new ;; esac\n')
    agent.chmod(0o755)
    functions = (SERVER / "install.sh").read_text(encoding="utf-8").removesuffix('main "$@"\n')
    script = f"{functions}address=http://127.0.0.1:8765\nprint_access\n"
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh"], input=script, capture_output=True, text=True, env={"PATH": path}, check=True
    )
    assert done.stdout.strip() == printed
    assert ("revoke admin" in done.stderr) == (printed == "")


@pytest.mark.parametrize(("name", "command"), [("rvc-agent", "rvc-agent"), ("rvc-ray", "ray")])
def test_systemd_takes_the_units(name: str, command: str, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd here")
    text = (SERVER / f"{name}.service").read_text(encoding="utf-8")
    unit = tmp_path / f"{name}.service"
    unit.write_text(text.replace(f"/opt/rvc-studio/bin/{command}", sys.executable), encoding="utf-8")
    done = subprocess.run([program, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert unit.name not in done.stderr


def test_the_extras_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, pattern in (("install.sh", r"^extras=(\S+)"), ("Dockerfile", r"^ARG EXTRAS=(\S+)")):
        found = re.search(pattern, (SERVER / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert found is not None
        assert set(found[1].split(",")) <= set(project["optional-dependencies"])
