"""Processes that outlive the one that starts them, and how they are known again."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from rvc import interpreter

KILL_WAIT_S = 2.0
DETACH = (
    "import os, sys\n"
    "if os.fork(): os._exit(0)\n"  # the starter is not left with a child to bury
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


def began(pid: int) -> float | None:
    """Return when a process began, in a count that no step of the clock moves; None when there is none."""
    if sys.platform == "linux":
        # psutil's time of creation moves with the system's clock; ticks since the start of the system do not.
        with contextlib.suppress(OSError, IndexError, ValueError):
            return float(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
        return None
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).create_time()
    return None


def kill_tree(pid: int, started: float) -> None:
    """End a process and its children at once, unless the number is another process's by now."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        if began(pid) != started:
            return
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family, timeout=KILL_WAIT_S)


def start_detached(arguments: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
    """Run the engine's Python with `arguments` as a process that belongs to nobody: it outlives its starter."""
    if sys.platform == "win32":
        start(
            [interpreter.python(), *arguments], log, environment
        ).returncode = 0  # it is not ours to wait for
    else:
        start([interpreter.python(), "-S", "-c", DETACH, *arguments], log, environment).wait()


def start(
    command: Sequence[str], log: Path, environment: Mapping[str, str], *, piped: bool = False
) -> "subprocess.Popen[bytes]":
    """Start a process in a session of its own, so that no terminal's Ctrl-C and no parent's end reaches it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=log.parent,  # which stays, wherever this program was started
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **environment},
            start_new_session=sys.platform != "win32",
            creationflags=_DETACHED,
        )


if sys.platform == "win32":
    _DETACHED = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
else:
    _DETACHED = 0
