"""How a dispatcher is started, and how programs know that there is one."""

import time
from pathlib import Path

from rvc import interpreter
from rvc.jobs import kinds
from rvc.jobs.locks import is_free
from rvc.jobs.processes import start_detached

LOCK = "dispatcher.lock"
LOG = "dispatcher.log"
START_S = 3.0  # that a dispatcher may take until it holds its lock


class Dispatching:
    """The dispatcher of a home, as seen from programs that need one."""

    def __init__(
        self,
        home: Path,
        kinds_module: str = kinds.BUILT_IN,
        slots_folder: Path | None = None,
        ray: str | None = None,
    ) -> None:
        self._home = home
        self._kinds = kinds_module
        self._slots = slots_folder
        self._ray = ray
        self._started_at = float("-inf")

    @property
    def runs(self) -> bool:
        return not is_free(self._home / LOCK)

    def ensure(self) -> None:
        """Start a dispatcher unless one runs. It belongs to nobody, and goes when there is nothing to do."""
        if self.runs or time.monotonic() - self._started_at < START_S:
            return
        self._started_at = time.monotonic()
        arguments = [*python_module("rvc.jobs.dispatcher"), str(self._home), "--kinds", self._kinds]
        if self._slots is not None:
            arguments += ["--slots", str(self._slots)]
        if self._ray is not None:
            arguments += ["--ray", self._ray]
        start_detached(arguments, self._home / LOG, python_environment())


def python_module(name: str) -> list[str]:
    """Return the arguments with which Python runs a module of this program, whatever the current folder holds."""
    return ["-P", "-m", name]


def python_environment() -> dict[str, str]:
    """Return the variables that let another Python find the program where this one found it."""
    return interpreter.environment()


def python_command(module: str) -> list[str]:
    return [interpreter.python(), *python_module(module)]
