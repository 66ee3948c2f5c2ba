"""The jobs of a user: list, look at, steer, remove; their files."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from remote_agent.answers import JobAnswer, job_answer
from remote_agent.auth import REFUSALS, CurrentUser
from remote_agent.downloads import download
from remote_agent.problems import Responses, documented
from remote_agent.state import agent_of
from remote_agent.users import User
from rvc.jobs import Job, JobFile, LocalJobs, State

router = APIRouter(prefix="/jobs", tags=["jobs"], responses={**REFUSALS, **documented(404, 422, 500, 503)})
STEERED = documented(400, 409)
PAGE_MAX = 500
PAGES = 'The page of older jobs, as `rel="next"`, where there are any'
FILE: Responses = {
    200: {"content": {"application/octet-stream": {}}},
    206: {"description": "The part that Range asks for"},
}


class Place(BaseModel):
    """Where in the queue a job goes."""

    model_config = ConfigDict(extra="forbid")

    before: str | None = Field(None, max_length=100, description="the job that comes next; null: the end")


class Priority(BaseModel):
    """How urgent a job is."""

    model_config = ConfigDict(extra="forbid")

    priority: int = Field(description="-10 to 10; the higher goes first")


def queue_of(request: Request, user: User) -> LocalJobs:
    """Return the jobs that a user may see: an administrator sees everybody's."""
    queues = agent_of(request).queues
    return queues.everybody if user.role == "admin" else queues.of(user.name)


@router.get("", responses={200: {"headers": {"Link": {"description": PAGES, "schema": {"type": "string"}}}}})
def jobs(
    request: Request,
    response: Response,
    user: CurrentUser,
    state: Annotated[list[State], Query(description="only jobs in these states")] = [],  # noqa: B006
    before: Annotated[int | None, Query(ge=1, le=2**53, description="only jobs of lower numbers")] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX, description="the newest so many")] = PAGE_MAX,
) -> list[JobAnswer]:
    """List your newest jobs, in the order of their making; `Link` leads to older ones."""
    found = queue_of(request, user).jobs(set(state), before=before, limit=limit + 1)
    page = found[-limit:]
    if len(found) > limit:
        older = urlencode({"state": state, "before": page[0].number, "limit": limit}, doseq=True)
        response.headers["Link"] = f'</jobs?{older}>; rel="next"'
    return [job_answer(request, job) for job in page]


@router.get("/{job_id}")
def job(request: Request, user: CurrentUser, job_id: str) -> JobAnswer:
    """Look at a job."""
    return job_answer(request, queue_of(request, user).job(job_id))


@router.delete("/{job_id}", status_code=204, responses=STEERED)
def remove(request: Request, user: CurrentUser, job_id: str) -> None:
    """Delete a job that has ended or is paused, with all its files and its model."""
    queue_of(request, user).remove(job_id)


def _steer(request: Request, user: User, step: Callable[[LocalJobs], Job]) -> JobAnswer:
    return job_answer(request, step(queue_of(request, user)))


@router.post("/{job_id}/pause", responses=STEERED)
def pause(request: Request, user: CurrentUser, job_id: str) -> JobAnswer:
    """Stop a job at its next safe point, or keep a queued one back."""
    return _steer(request, user, lambda queue: queue.pause(job_id))


@router.post("/{job_id}/resume", responses=STEERED)
def resume(request: Request, user: CurrentUser, job_id: str) -> JobAnswer:
    """Let a paused job go on."""
    return _steer(request, user, lambda queue: queue.resume(job_id))


@router.post("/{job_id}/cancel", responses=STEERED)
def cancel(request: Request, user: CurrentUser, job_id: str) -> JobAnswer:
    """End a job for good, within 5 seconds."""
    return _steer(request, user, lambda queue: queue.cancel(job_id))


@router.post("/{job_id}/finish", responses=STEERED)
def finish(request: Request, user: CurrentUser, job_id: str) -> JobAnswer:
    """End a training now with the best model so far, which is indexed and tested as usual."""
    return _steer(request, user, lambda queue: queue.finish(job_id))


@router.post("/{job_id}/retry", responses=STEERED)
def retry(request: Request, user: CurrentUser, job_id: str) -> JobAnswer:
    """Queue a failed or cancelled job again; it goes on from its last checkpoint."""
    return _steer(request, user, lambda queue: queue.retry(job_id))


@router.post("/{job_id}/move", responses=STEERED)
def move(request: Request, user: CurrentUser, job_id: str, place: Place) -> JobAnswer:
    """Place a queued job before another of yours, or last."""
    return _steer(request, user, lambda queue: queue.move(job_id, place.before))


@router.post("/{job_id}/priority", responses=STEERED)
def prioritise(request: Request, user: CurrentUser, job_id: str, body: Priority) -> JobAnswer:
    """Change a job's priority."""
    return _steer(request, user, lambda queue: queue.prioritise(job_id, body.priority))


@router.get("/{job_id}/artifacts")
def files(request: Request, user: CurrentUser, job_id: str) -> list[JobFile]:
    """List the files that can be fetched, also while the job runs."""
    return queue_of(request, user).files(job_id)


@router.get("/{job_id}/artifacts/{name:path}", response_class=FileResponse, responses=FILE | documented(416))
def artifact(request: Request, user: CurrentUser, job_id: str, name: str) -> FileResponse:
    """Fetch a file of a job, or the part of it that `Range` asks for."""
    return download(queue_of(request, user).file(job_id, name))
