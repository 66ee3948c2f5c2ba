"""Slots: the devices that jobs run on, each leased to one job at a time by a lock that the whole machine sees.

Every user's queue, the app and the agent lease by the same files, so two of them never share a GPU by accident. A
lease is held by the worker process itself and goes with it; nothing here looks at a clock.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from rvc import paths, waiting
from rvc.jobs.locks import Lock, is_free

LEASE_WAIT_S = 2.0  # another queue may be looking at the lock just then
PROBE_TIMEOUT_S = 120.0
FOLDERS = ("/run/lock", "/dev/shm", "/tmp")  # the first that everybody may write to: the same for all users
GPU_FILES = ("/dev/nvidiactl", "/dev/kfd", "/dev/dri", "/dev/dxg")
CPU = "cpu"
MACHINE = "machine.json"


class Slot(BaseModel):
    """A device: its name here ("cuda:0"), its name on the whole machine, and what makes others invisible."""

    model_config = ConfigDict(frozen=True)

    device: str
    machine_name: str
    visible_as: str = ""
    """The value of CUDA_VISIBLE_DEVICES and its like."""

    @property
    def kind(self) -> str:
        return self.device.partition(":")[0]


CPU_SLOT = Slot(device=CPU, machine_name=CPU, visible_as="-1")


def find_folder() -> Path:
    """Return where this machine's lock files are: a folder that all users share."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", tempfile.gettempdir()))
    shared = (Path(name) for name in FOLDERS)
    return next((path for path in shared if _is_shared(path)), Path(tempfile.gettempdir()))


def _is_shared(path: Path) -> bool:
    """Tell whether everybody may make files in a folder, and nobody may remove another's."""
    try:
        return path.stat().st_mode & 0o1007 == 0o1007
    except OSError:
        return False


def lock_file(folder: Path, machine_name: str) -> Path:
    return folder / f"rvc-studio-{re.sub('[^A-Za-z0-9.-]+', '-', machine_name)}.lock"


def is_leased(folder: Path, slot: Slot) -> bool:
    """Tell whether some job on this machine, anybody's, holds a slot."""
    return not is_free(lock_file(folder, slot.machine_name))


class Lease:
    """Some slots, all of them or none, until it is given back or its process ends."""

    def __init__(self, folder: Path, machine_names: Sequence[str]) -> None:
        # in one order everywhere, so that two jobs never wait for each other
        self._locks = [Lock(lock_file(folder, name)) for name in sorted(machine_names)]

    def take(self) -> bool:
        """Lease the slots; tell whether that was possible."""
        if all(lock.acquire(LEASE_WAIT_S) for lock in self._locks):
            return True
        self.give_back()
        return False

    def give_back(self) -> None:
        for lock in self._locks:
            lock.release()


def find_slots() -> list[Slot]:
    """Return the machine's GPUs, and last its CPU. Looks for GPUs in a process of its own: torch is large."""
    if not _may_have_gpu():
        return [CPU_SLOT]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "rvc.jobs.gpus"], capture_output=True, timeout=PROBE_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return [CPU_SLOT]
    return [*TypeAdapter(list[Slot]).validate_json(done.stdout), CPU_SLOT]


def _may_have_gpu() -> bool:
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    return sys.platform == "win32" or any(Path(name).exists() for name in GPU_FILES)


def write_slots(home: Path, slots: Sequence[Slot]) -> None:
    """Tell the programs that use a queue which devices its dispatcher has found."""
    paths.write_text(home / MACHINE, TypeAdapter(list[Slot]).dump_json(list(slots)).decode())


def read_slots(home: Path) -> list[Slot]:
    """Return the devices that the dispatcher of a home has found; none before it first ran."""
    try:
        return TypeAdapter(list[Slot]).validate_json((home / MACHINE).read_bytes())
    except (OSError, ValidationError):
        return []


def environment(slots: Sequence[Slot]) -> dict[str, str]:
    """Return the variables that show a worker its own devices and no other."""
    visible = ",".join(slot.visible_as for slot in slots)
    names = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES") if visible else ()
    return {**waiting.variables(os.environ), **dict.fromkeys(names, visible)}


@dataclass(frozen=True, slots=True)
class Demand:
    """Which devices a job asks for."""

    device: str
    count: int

    def fits(self, slot: Slot, machine: Sequence[Slot]) -> bool:
        """Tell whether a slot is of the kind asked for: the CPU serves "auto" only where there is no GPU."""
        if self.device == "auto":
            return slot.kind != CPU or all(other.kind == CPU for other in machine)
        return self.device in (slot.device, slot.kind, slot.machine_name)

    def candidates(self, machine: Sequence[Slot]) -> list[Slot]:
        return [slot for slot in machine if self.fits(slot, machine)]
