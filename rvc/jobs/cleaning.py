"""What is removed of old jobs, and when: a policy that somebody states, applied when somebody asks, and reported."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from rvc.events import Log
from rvc.jobs.record import Record
from rvc.jobs.store import Rows, Store
from rvc.jobs.wire import ENDED, State

FINISHED = frozenset({State.DONE, State.CANCELLED})


class Limits(BaseModel):
    """What one owner may have; None: no limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    jobs: int | None = Field(None, ge=1, description="jobs that have not ended")
    total_bytes: int | None = Field(None, ge=0, description="of all job folders")
    input_bytes: int | None = Field(None, ge=0, description="of one job's inputs")


class Policy(BaseModel):
    """How long jobs are kept after their end; None: until they are removed by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    work_days: float | None = Field(
        None, ge=0, description="checkpoints and prepared clips of jobs that are done or were cancelled"
    )
    job_days: float | None = Field(None, ge=0, description="all of a job; its own `keep_days` may be shorter")


class Removal(BaseModel):
    """What was removed of a job, or would be."""

    model_config = ConfigDict(frozen=True)

    job: str
    name: str
    what: str
    size_bytes: int


def clean(store: Store, policy: Policy, owner: str | None = None, *, pretend: bool = False) -> list[Removal]:
    """Remove what the policy says of ended jobs, and say what that was; with `pretend`, only say it."""
    with store.read() as rows:
        records = rows.all(ENDED, owner)
    removals = [_clean_one(store, record.id, policy, pretend=pretend) for record in records]
    return [removal for removal in removals if removal]


def _clean_one(store: Store, job_id: str, policy: Policy, *, pretend: bool) -> Removal | None:
    with store.change() as rows:
        record = rows.get(job_id)
        if record.state not in ENDED:  # it was tried again in between
            return None
        if _is_older(record, _shorter(policy.job_days, record.spec.get("keep_days")), store.clock()):
            return _remove_job(store, rows, record, pretend=pretend)
        if record.state in FINISHED and _is_older(record, policy.work_days, store.clock()):
            return _remove_work(store, rows, record, pretend=pretend)
    return None


def _remove_job(store: Store, rows: Rows, record: Record, *, pretend: bool) -> Removal:
    folder = store.folder(record.id)
    removal = Removal(job=record.id, name=record.name, what="all", size_bytes=folder.size_bytes())
    if not pretend:
        rows.remove(record.id)
        folder.remove()
    return removal


def _remove_work(store: Store, rows: Rows, record: Record, *, pretend: bool) -> Removal | None:
    folder = store.folder(record.id)
    size = folder.work_bytes()
    if not size:
        return None
    if not pretend:
        folder.remove_work()
        text = "Checkpoints and prepared clips were removed, as the policy says."
        store.journal(record.id).append(Log(code="work_removed", text=text, params={"size_bytes": size}))
        rows.put(record.model_copy(update={"size_bytes": folder.size_bytes()}))
    return Removal(job=record.id, name=record.name, what="work", size_bytes=size)


def _shorter(*days: float | None) -> float | None:
    return min((one for one in days if one is not None), default=None)


def _is_older(record: Record, days: float | None, now: datetime) -> bool:
    ended = record.ended or record.created
    return days is not None and now - ended >= timedelta(days=days)
