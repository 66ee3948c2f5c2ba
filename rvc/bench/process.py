"""Work in a process of its own: the peak of memory is that of a process, and never falls."""

import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Cost:
    """What some work took: seconds by the clock and of all cores, and the process's peak of memory in MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def cost_of(work: Callable[..., object], *arguments: object) -> Cost:
    """Do some work, a function of a module, in a fresh process; its imports count."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, work, arguments).result()


def _measured(work: Callable[..., object], arguments: tuple[object, ...]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    work(*arguments)
    return Cost(time.perf_counter() - wall, time.process_time() - cpu, peak_bytes() / 2**20)


def peak_bytes() -> int:
    """Return the most memory that this process has had."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    if STATUS.exists():  # getrusage would count what the process that started this one had
        return next(1024 * int(line.split()[1]) for line in STATUS.open() if line.startswith("VmHWM:"))
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
