"""What tests of jobs have in common: homes whose dispatchers go with the test, and waiting."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from rvc.jobs import ENDED, Job, JobService, LocalJobs, State
from rvc.jobs.dispatcher import CARD
from rvc.jobs.folder import JobFolder
from rvc.jobs.journal import Reader
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import is_free
from rvc.jobs.record import WorkerCard
from tests.jobs_kinds import MODULE

PATIENCE_S = 240.0  # machines that test are busy
SHORT = {"steps": 3, "step_s": 0.0}
LONG = {"steps": 100_000, "step_s": 0.02}


def until(condition: Callable[[], object], what: str | Callable[[], str] = "it is so") -> None:
    """Wait until a condition holds; fail the test when it does not come true."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() >= deadline:
            raise AssertionError(f"waited in vain until {what if isinstance(what, str) else what()}")
        time.sleep(0.02)


def until_state(service: JobService, job: Job, *states: State) -> Job:
    until(lambda: service.job(job.id).state in states, lambda: f"it is {states}: {service.job(job.id)}")
    return service.job(job.id)


def until_step(service: JobService, job: Job, step: int = 1) -> None:
    """Wait until a counting job has written a checkpoint."""
    for event in service.events(job.id):
        if event.body.event == "checkpoint" and event.body.step >= step:
            return
    raise AssertionError(f"the job ended before step {step}: {service.job(job.id)}")


def finish(service: JobService, job: Job) -> Job:
    """Wait until a job has ended."""
    return until_state(service, job, *ENDED)


def open_jobs(home: Path, slots: Path | None = None, owner: str | None = None, **others: object) -> LocalJobs:
    """Open a queue of counting jobs."""
    slots = slots or home.parent
    return LocalJobs(home, kinds_module=MODULE, slots_folder=slots, owner=owner, **others)  # type: ignore[arg-type]


def folder(service: LocalJobs, job: Job) -> JobFolder:
    return JobFolder(service.home / job.id)


def ledger(service: LocalJobs, job: Job) -> list[int]:
    """Return every step that was ever taken, in order."""
    path = folder(service, job).work / "ledger"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def events_of(service: LocalJobs, job: Job) -> list[str]:
    """Return the kinds of all events so far; states by their names."""
    events = Reader(service.home / job.id).read()
    return [str(getattr(event.body, "state", event.body.event)) for event in events]


def dispatcher_of(home: Path) -> psutil.Process | None:
    """Return the dispatcher that holds the lock of a home."""
    if is_free(home / LOCK):
        return None
    with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
        return psutil.Process(WorkerCard.model_validate_json((home / CARD).read_bytes()).pid)
    return None


def kill_dispatcher(home: Path) -> None:
    """Kill the dispatcher of a home as a crash would, if there is one."""
    if process := dispatcher_of(home):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
        until(lambda: is_free(home / LOCK), "the dispatcher is gone")


def kill_worker(service: LocalJobs, job: Job) -> bool:
    """Kill the worker of a job as a crash would; tell whether there was one."""
    card = folder(service, job).worker()
    if card is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(card.pid).kill()
    return True


@contextlib.contextmanager
def cleared(home: Path) -> Iterator[None]:
    """End all processes of a home when the block ends."""
    try:
        yield
    finally:
        kill_dispatcher(home)
        for path in home.glob("*/worker.json"):
            if card := JobFolder(path.parent).worker():
                with contextlib.suppress(psutil.NoSuchProcess):
                    psutil.Process(card.pid).kill()
