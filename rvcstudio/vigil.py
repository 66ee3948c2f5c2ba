"""Keeps the computer awake for jobs that go on without the app: a process of its own, which ends with the last of them.

python -m rvcstudio.vigil
"""

import sys
import time

from PySide6.QtCore import QCoreApplication

from rvc import paths
from rvc.jobs import ACTIVE, LocalJobs, State
from rvc.jobs.launch import python_environment, python_module
from rvc.jobs.locks import Lock as FileLock
from rvc.jobs.processes import start as start_process
from rvcstudio.awake import SECTION, AwakeSettings, Lock, lock_of_system
from rvcstudio.settings import SettingsStore

LOCK, LOG = "vigil.lock", "vigil.log"  # in the folder of jobs
LOOK_S = 3.0
GOING_ON = (State.QUEUED, *sorted(ACTIVE))
REASON = "A voice is being worked on."


def start() -> None:
    """Leave a process behind that keeps vigil, unless there is one."""
    command = [sys.executable, *python_module("rvcstudio.vigil")]
    process = start_process(command, paths.jobs_dir() / LOG, python_environment())
    process.returncode = 0  # it is not ours to wait for


def keep(jobs: LocalJobs, lock: Lock) -> None:
    """Hold the lock until no job of this computer goes on, or until the user wants no such thing any more."""
    lock.hold("work", REASON)
    while jobs.jobs(GOING_ON) and SettingsStore().section(SECTION, AwakeSettings).on:
        time.sleep(LOOK_S)
    lock.release()


def main() -> int:
    alone = FileLock(paths.jobs_dir() / LOCK)
    if alone.acquire():
        application = QCoreApplication([])
        keep(LocalJobs(), lock_of_system())
        del application
        alone.release()
    return 0


if __name__ == "__main__":
    sys.exit(main())
