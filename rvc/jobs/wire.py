"""What is said about a job: its state, its progress, its events. The same in files, over HTTP and to the app."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rvc.events import Checkpoint, Done, Event, Failed, Log, Metrics, Preview, Progress

WIRE_VERSION = 1


class State(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = frozenset({State.RUNNING, State.PAUSING})
ENDED = frozenset({State.DONE, State.FAILED, State.CANCELLED})
NEXT: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.PAUSED, State.FAILED, State.CANCELLED}),
    State.RUNNING: frozenset({State.PAUSING, State.PAUSED, State.QUEUED, *ENDED}),
    State.PAUSING: frozenset({State.RUNNING, State.PAUSED, State.QUEUED, *ENDED}),
    State.PAUSED: frozenset({State.QUEUED, State.CANCELLED}),
    State.DONE: frozenset(),
    State.FAILED: frozenset({State.QUEUED}),
    State.CANCELLED: frozenset({State.QUEUED}),
}


class Wire(BaseModel):
    """Base of all that is read back: frozen; fields that a newer program added are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Failure(Wire):
    """Why a job failed; fields as in `rvc.errors.Error`, with the last lines of the worker's log."""

    code: str
    text: str
    hint: str = ""
    log: list[str] = []


class Job(Wire):
    """A job as it is now. Times are UTC; durations are seconds from now."""

    version: int = WIRE_VERSION
    id: str
    number: int = Field(0, description="counts the jobs of a queue in the order of their making")
    kind: str
    name: str
    owner: str = ""
    state: State
    cancelling: bool = Field(False, description="a running job was asked to end for good")
    finishing: bool = Field(False, description="a training was asked to end now with the best model so far")
    priority: int = 0
    position: int = Field(0, description="order among the jobs of one owner and priority")
    attempt: int = Field(0, description="how often it was started")
    devices: list[str] = []
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None
    progress: float = Field(0.0, description="0 to 1, over all phases")
    phase: str = ""
    left_s: float | None = Field(None, description="until a running job ends")
    starts_in_s: float | None = Field(None, description="of a queued job, where speeds were measured")
    ends_in_s: float | None = Field(None, description="likewise")
    failure: Failure | None = None
    artifacts: dict[str, str] = Field({}, description="what each result is called, and its file's name")
    summary: dict[str, Any] = {}
    size_bytes: int = Field(0, description="of the job's folder when it last stood still")
    spec: dict[str, Any] = {}


class JobFile(Wire):
    """A file of a job that can be fetched by its name, such as `report/report.html`."""

    name: str
    size_bytes: int


class StateChange(Event):
    """The job is in another state; the last event of a job that ended is one of these."""

    event: Literal["state"] = "state"
    state: State
    attempt: int = 0


class JobProgress(Progress):
    """Progress of a phase with that of the whole job: `fraction` 0 to 1, `left_s` seconds until it ends."""

    fraction: float = 0.0
    left_s: float | None = None


class Other(Event):
    """An event of a kind that only newer programs know."""

    model_config = ConfigDict(frozen=True, extra="allow")

    event: str


Body = Annotated[
    JobProgress | Metrics | Preview | Checkpoint | Log | Done | Failed | StateChange | Other,
    Field(union_mode="left_to_right"),
]


class JobEvent(Wire):
    """An event of a job with its number, counted from 1 without gaps, and when it was written."""

    number: int = Field(ge=1)
    time: datetime
    body: Body
