"""Jobs: long work in processes of its own, queued, observed, paused and never lost. Imports no torch.

`LocalJobs` runs them on this machine; whatever else does, speaks the same protocol `JobService` and the same types,
which are the wire format. `docs/jobs.md` has the states and the layout of a job's folder.
"""

from rvc.jobs.cleaning import Limits, Policy, Removal
from rvc.jobs.queue import LocalJobs
from rvc.jobs.service import Inputs, JobService
from rvc.jobs.spec import ConvertSpec, EvaluateSpec, JobSpec, Spec, TrainSpec
from rvc.jobs.wire import (
    ACTIVE,
    ENDED,
    NEXT,
    Failure,
    Job,
    JobEvent,
    JobFile,
    JobProgress,
    State,
    StateChange,
)

__all__ = [
    "ACTIVE",
    "ENDED",
    "NEXT",
    "ConvertSpec",
    "EvaluateSpec",
    "Failure",
    "Inputs",
    "Job",
    "JobEvent",
    "JobFile",
    "JobProgress",
    "JobService",
    "JobSpec",
    "Limits",
    "LocalJobs",
    "Policy",
    "Removal",
    "Spec",
    "State",
    "StateChange",
    "TrainSpec",
]
