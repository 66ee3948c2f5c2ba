"""Which Python runs the engine: this one; or, for a bundled app, which is no Python, an environment of its own.

Such an environment is made from a Python that is on the computer, or by uv, and holds packages only: the program's own
modules come from the bundle, so that both are always of one version.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import platformdirs

from rvc import paths
from rvc.errors import Error, InputError

NAMES = ("python3.13", "python3.12", "python3.11", "python3", "python")
LAUNCHER = (("py", "-3.13"), ("py", "-3.12"), ("py", "-3.11"))  # of Windows
FITS = "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
MAC_PLACES = ("/usr/local/bin", "/opt/homebrew/bin")  # of python.org's installer and of Homebrew
MAC_STUB = "/usr/bin/python3"  # of Apple: too old, or a window that asks for the developer's tools
WANTED = "3.12"
BASE = ("platformdirs", "psutil", "pydantic", "rich")  # what the program needs to speak from there
NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of a console, on Windows
BESIDE = "RVC_STUDIO_ENGINE"  # where the environment is, if not among the user's data


def is_bundled() -> bool:
    """Tell whether this program was made into a bundle, so that `sys.executable` is the app."""
    return bool(getattr(sys, "frozen", False))


def place() -> Path:
    """Return the folder of the engine's own environment."""
    told = os.environ.get(BESIDE)
    root = paths.home() or platformdirs.user_data_path(paths.APP_NAME)
    return Path(told) if told else root / "engine"


def own_python() -> Path:
    """Return where the Python of the engine's own environment is, or would be."""
    return place() / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def is_ready() -> bool:
    """Tell whether there is an engine to ask, as far as that can be seen without it."""
    return (place() / "rvc-setup.json").exists() and own_python().exists()


def python() -> str:
    """Return the program that runs the engine's modules; the app does itself what works without one."""
    return str(own_python()) if is_bundled() and own_python().exists() else sys.executable


def environment() -> dict[str, str]:
    """Return the variables with which that program finds this program's modules."""
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    root = str(paths.sources())
    return {"PYTHONPATH": os.pathsep.join([root, *(path for path in known if path and path != root)])}


def hand_over(arguments: Sequence[str]) -> int:
    """Run `rvc` with these arguments in the engine's environment, made if need be; return how it ended.

    Elsewhere than on Windows it takes the place of this process, and with it what stops this one.
    """
    command = [prepare(), "-P", "-m", "rvc", *arguments]
    variables = {**os.environ, **environment()}
    if sys.platform != "win32":
        os.execve(command[0], command, variables)
    return subprocess.call(
        command,
        env=variables,
        stdout=sys.stdout,  # a program without a console hands none over by itself
        stderr=sys.stderr,
        creationflags=NO_WINDOW,
    )


def prepare() -> str:
    """Make the environment if it is not there yet, and return its Python, which has pip."""
    if not own_python().exists():
        make()
    return str(own_python())


def make() -> None:
    """Make the environment, with what `rvc` itself needs.

    Raises `InputError` no_python_here, `Error` no_environment.
    """
    maker = next(_makers(), None)
    if maker is None:
        raise InputError(
            "no_python_here",
            "The engine needs Python 3.11, 3.12 or 3.13, and there is none on this computer.",
            "Install it from python.org, and set the engine up again.",
        )
    paths.make_dir(place().parent)
    _run([*maker, str(place())])
    _run([str(own_python()), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *BASE])


def _makers() -> Iterator[list[str]]:
    """Yield commands that make an environment in the folder that is named after them."""
    for name in (*((name,) for name in NAMES), *(LAUNCHER if sys.platform == "win32" else ())):
        found = _find(name[0])
        if found and _fits([found, *name[1:]]):
            yield [found, *name[1:], "-m", "venv", "--clear"]
    if uv := shutil.which("uv") or _own_uv():
        yield [uv, "venv", "--seed", "--clear", "--python", WANTED]


def _find(name: str) -> str | None:
    """Return where a program is; on macOS also where an app that was not started from a terminal does not look."""
    if sys.platform != "darwin":
        return shutil.which(name)
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *MAC_PLACES]))
    return found if found != MAC_STUB else None


def _fits(command: Sequence[str]) -> bool:
    done = subprocess.run([*command, "-c", FITS], capture_output=True, check=False, creationflags=NO_WINDOW)
    return done.returncode == 0


def _own_uv() -> str | None:
    """Return the uv that a bundle brings."""
    inside = Path(getattr(sys, "_MEIPASS", "/nowhere")) / ("uv.exe" if sys.platform == "win32" else "uv")
    return str(inside) if inside.exists() else None


def _run(command: Sequence[str]) -> None:
    variables = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        env=variables,
        check=False,
        creationflags=NO_WINDOW,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        shutil.rmtree(place(), ignore_errors=True)
        raise Error(
            "no_environment",
            f"No environment could be made for the engine: {said[-1] if said else command[0]}",
            "Check the network and the room on the disk, and set the engine up again.",
        )
