"""What the queue keeps about a job: a row of its database, and `job.json` in the job's folder."""

from typing import Literal

from pydantic import Field

from rvc.events import Done
from rvc.jobs.wire import Failure, Job, Wire


class PhasePlan(Wire):
    """A part of a job whose length can be foretold: `units` of work at a speed that is measured by its key."""

    name: str
    units: float = Field(ge=0)
    speed: str | None = Field(
        None, description="key of the measured seconds a unit; None: a unit is a second"
    )
    guess_s: float = Field(ge=0, description="of all units, while nothing was measured")


class Record(Job):
    """A job with what only its queue needs to know."""

    key: str | None = None
    crashes: int = Field(0, description="workers that died under it while the queue was watching")
    stays_warm: bool = False
    finishes: str | None = Field(
        None, description="the phase that can be ended early, with what it has so far"
    )
    served: int = Field(0, description="number of its last start among all starts")
    phases: list[PhasePlan] = Field([])
    expected_s: dict[str, float] = Field({}, description="length of each phase, as foretold when it started")
    disk_bytes: int = Field(0, description="room that must be free before it starts")

    def public(self) -> Job:
        """Return what others may know."""
        return Job.model_construct(**{name: getattr(self, name) for name in Job.model_fields})


class WorkerCard(Wire):
    """Who works on a job: written by the worker while it holds the job's lock."""

    attempt: int
    pid: int
    started: float = Field(description="when the process began, in the system's own count")


class Timing(Wire):
    """How long a phase took, and which share of it was done in that time."""

    seconds: float
    share: float


class Outcome(Wire):
    """How an attempt ended, in the worker's own words; a worker that died left none."""

    attempt: int
    end: Literal["done", "stopped", "failed", "no_device"]
    by_signal: bool = False
    done: Done | None = None
    failure: Failure | None = None
    timings: dict[str, Timing] = Field({})
