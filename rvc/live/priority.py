"""What a process does to be in time: other work on the machine must not be heard."""

import contextlib
import os

import psutil

REAL_TIME = 5  # of 99; sound servers have the same


def hurry() -> None:
    """Put this process before others where the system lets it: on Linux all its threads, as sound servers do.

    For what computes on less than a core only: nothing else would be done on the cores that it takes.
    """
    process = psutil.Process()
    with contextlib.suppress(psutil.AccessDenied, PermissionError, ProcessLookupError):
        if hasattr(psutil, "HIGH_PRIORITY_CLASS"):
            process.nice(psutil.HIGH_PRIORITY_CLASS)
        elif hasattr(os, "sched_setscheduler"):
            for thread in process.threads():
                os.sched_setscheduler(thread.id, os.SCHED_RR, os.sched_param(REAL_TIME))
