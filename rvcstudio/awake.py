"""Keeps the computer from falling asleep while it works for the user, and the screen lit while they read from it."""

import ctypes
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import BaseModel, ConfigDict
from PySide6.QtCore import QCoreApplication, QObject

from rvcstudio.hub import HERE, Address

if TYPE_CHECKING:
    from rvcstudio.studio import Studio

SECTION = "awake"
JOBS = "jobs"  # who needs it
SYSTEM, DISPLAY, CONTINUOUS = 0x1, 0x2, 0x80000000  # of Windows: ES_SYSTEM_REQUIRED and so on

Need = Literal["work", "screen"]
"""What must go on: the computer, or the screen as well."""


class AwakeSettings(BaseModel):
    """Whether the computer is kept awake at all."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    on: bool = True


class Lock(Protocol):
    """A system's way to stay awake; it lets go of it when the process ends, however that comes."""

    def hold(self, need: Need, reason: str) -> None:
        """Stay awake from now on, in place of what was held before; a system that refuses is none to complain of."""

    def release(self) -> None:
        """Let the system do as it likes."""


class Awake(QObject):
    """Holds the computer awake while a job runs on it, and while somebody records or speaks live."""

    def __init__(self, studio: "Studio", lock: Lock) -> None:
        super().__init__(studio)
        self._studio, self._lock = studio, lock
        self._wants: dict[str, Need] = {}
        self._held: Need | None = None
        studio.jobs.came.connect(self._follow)
        studio.jobs.gone.connect(self._follow)
        studio.settings.changed.connect(lambda _settings: self._decide())

    @property
    def held(self) -> Need | None:
        """What is held now."""
        return self._held

    @property
    def holds_for_jobs(self) -> bool:
        """Whether it is a job for which the computer is awake, so that this should not end with the app."""
        return self._held is not None and JOBS in self._wants

    def want(self, who: str, need: Need | None) -> None:
        """Note what somebody needs from now on; None is nothing."""
        if need is None:
            self._wants.pop(who, None)
        else:
            self._wants[who] = need
        self._decide()

    def close(self) -> None:
        """Let go for good; `rvcstudio.vigil` holds on for jobs that go on without the app."""
        self._wants.clear()
        self._decide()

    def _follow(self, _addresses: list[Address]) -> None:
        working = any(
            address.computer == HERE and str(job.state) in ("running", "pausing")
            for address, job in self._studio.jobs.jobs().items()
        )
        self.want(JOBS, "work" if working else None)

    def _decide(self) -> None:
        needs = set(self._wants.values())
        wanted: Need | None = "screen" if "screen" in needs else "work" if needs else None
        if not self._studio.settings.section(SECTION, AwakeSettings).on:
            wanted = None
        if wanted == self._held:
            return
        self._held = wanted
        if wanted is None:
            self._lock.release()
        else:
            self._lock.hold(wanted, QCoreApplication.translate("Awake", "A voice is being worked on."))


class WindowsLock:
    """SetThreadExecutionState of the main thread."""

    def hold(self, need: Need, reason: str) -> None:
        del reason
        self._set(CONTINUOUS | SYSTEM | (DISPLAY if need == "screen" else 0))

    def release(self) -> None:
        self._set(CONTINUOUS)

    @staticmethod
    def _set(state: int) -> None:
        if sys.platform == "win32":
            ctypes.windll.kernel32.SetThreadExecutionState(state)


class MacLock:
    """The system's own `caffeinate`, which ends with this process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def hold(self, need: Need, reason: str) -> None:
        del reason
        self.release()
        flags = "-di" if need == "screen" else "-i"
        self._process = subprocess.Popen(["/usr/bin/caffeinate", flags, "-w", str(os.getpid())])

    def release(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None


def lock_of_system() -> Lock:
    """Return this system's way to stay awake."""
    if sys.platform == "win32":
        return WindowsLock()
    if sys.platform == "darwin":
        return MacLock()
    from rvcstudio.awake_dbus import DesktopLock

    return DesktopLock()
