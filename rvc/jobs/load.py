"""How busy a machine is: its GPUs, memory, processors, disk and queue. The same for this computer and for others."""

import os
import platform
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from pydantic import Field

from rvc.jobs.slots import CPU, find_folder, is_leased, read_slots
from rvc.jobs.wire import ACTIVE, Job, State, Wire

QUERY = "index,name,memory.used,memory.total,utilization.gpu"
QUERY_TIMEOUT_S = 10.0
FRESH_S = 2.0  # several who ask at once get the same answer
MIB = 1 << 20


class GpuLoad(Wire):
    """A GPU: bytes of memory, and how much of the time it computes, 0 to 1."""

    name: str
    memory_bytes: int = 0
    used_bytes: int = 0
    load: float | None = None
    leased: bool = Field(False, description="a job of ours, anybody's, works on it")


class QueueLoad(Wire):
    """Jobs of all users together, and one's own."""

    running: int = 0
    waiting: int = 0
    own_running: int = 0
    own_waiting: int = 0


class MachineLoad(Wire):
    """A machine at a moment; sizes in bytes, shares from 0 to 1."""

    system: str = ""
    processors: int = 0
    load: float = Field(0.0, description="of all processors together")
    memory_bytes: int = 0
    used_bytes: int = 0
    disk_bytes: int = 0
    free_bytes: int = 0
    gpus: list[GpuLoad] = Field([])
    queue: QueueLoad = QueueLoad()

    @property
    def is_free(self) -> bool:
        """Whether a job would start at once."""
        devices = len(self.gpus) or 1
        return self.queue.waiting == 0 and self.queue.running < devices


class Gauge:
    """Measures the machine that it runs on."""

    def __init__(self, home: Path, slots_folder: Path | None = None) -> None:
        """Measure for the queue in `home`."""
        self._home = home
        self._slots = slots_folder or find_folder()
        self._lock = threading.Lock()
        self._gpus: tuple[float, list[GpuLoad]] = (float("-inf"), [])

    def measure(self, jobs: Sequence[Job], owner: str | None = None) -> MachineLoad:
        """Return the load, with the queue as these unended jobs of all users make it."""
        memory, disk = psutil.virtual_memory(), shutil.disk_usage(_existing(self._home))
        return MachineLoad(
            system=f"{platform.system()} {platform.machine()}",
            processors=os.cpu_count() or 1,
            load=min(psutil.getloadavg()[0] / (os.cpu_count() or 1), 1.0),
            memory_bytes=memory.total,
            used_bytes=memory.total - memory.available,
            disk_bytes=disk.total,
            free_bytes=disk.free,
            gpus=self._look_at_gpus(),
            queue=_queue(jobs, owner),
        )

    def _look_at_gpus(self) -> list[GpuLoad]:
        with self._lock:
            if time.monotonic() - self._gpus[0] > FRESH_S:
                self._gpus = (time.monotonic(), self._find_gpus())
            return self._gpus[1]

    def _find_gpus(self) -> list[GpuLoad]:
        """Return what the driver says of the GPUs, else what the dispatcher found."""
        slots = [slot for slot in read_slots(self._home) if slot.device != CPU]
        leased = [is_leased(self._slots, slot) for slot in slots]
        told = read_nvidia_smi(_ask_nvidia_smi())
        if not told:
            return [GpuLoad(name=slot.device, leased=held) for slot, held in zip(slots, leased, strict=True)]
        if len(told) != len(slots):
            return told
        return [gpu.model_copy(update={"leased": held}) for gpu, held in zip(told, leased, strict=True)]


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())


def _ask_nvidia_smi() -> str:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    command = [program, f"--query-gpu={QUERY}", "--format=csv,noheader,nounits"]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=QUERY_TIMEOUT_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def read_nvidia_smi(text: str) -> list[GpuLoad]:
    """Read what `nvidia-smi` says; a GPU that keeps a figure to itself (MIG, vGPU) says [N/A] in its place."""
    gpus = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(",")]
        if len(parts) == len(QUERY.split(",")):
            used, total, load = (
                float(part) if part.replace(".", "").isdigit() else None for part in parts[2:]
            )
            gpus.append(
                GpuLoad(
                    name=parts[1],
                    used_bytes=int((used or 0) * MIB),
                    memory_bytes=int((total or 0) * MIB),
                    load=None if load is None else load / 100,
                )
            )
    return gpus


def _queue(jobs: Sequence[Job], owner: str | None) -> QueueLoad:
    running = [job for job in jobs if job.state in ACTIVE]
    waiting = [job for job in jobs if job.state == State.QUEUED]
    return QueueLoad(
        running=len(running),
        waiting=len(waiting),
        own_running=sum(owner in (None, job.owner) for job in running),
        own_waiting=sum(owner in (None, job.owner) for job in waiting),
    )
