"""Removes everything of a user, and says what that was.

What else keeps something of users adds a function to `ERASERS`.
"""

import asyncio
import contextlib
import shutil
import time
from collections.abc import Awaitable, Callable

from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from remote_agent.outbox import DATABASE, Outbox
from remote_agent.state import Agent
from remote_agent.users import User
from rvc import paths
from rvc.errors import Error, InputError
from rvc.jobs import ENDED, LocalJobs, State

CANCEL_S = 15.0  # a job ends within 5 s
POLL_S = 0.1


class Erased(BaseModel):
    """One kind of thing that was removed."""

    what: str = Field(examples=["jobs"])
    count: int
    size_bytes: int = 0
    names: list[str] = []


class Erasure(BaseModel):
    """What was removed, and what was not."""

    removed: list[Erased]
    kept: list[str]


Eraser = Callable[[Agent, User], Awaitable[Erased]]


async def erase_jobs(agent: Agent, user: User) -> Erased:
    """Cancel a user's jobs and delete them with recordings, results and models. Raises `Error` jobs_run_on."""
    queue = agent.queues.of(user.name)
    await run_in_threadpool(_cancel, queue)
    deadline = time.monotonic() + CANCEL_S
    while unended := await run_in_threadpool(queue.jobs, set(State) - ENDED):
        if time.monotonic() > deadline:
            text = f"{len(unended)} of your jobs do not end."
            raise Error("jobs_run_on", text, "Nothing was removed. Try again in a minute.")
        await asyncio.sleep(POLL_S)
    return await run_in_threadpool(_remove, queue)


def _cancel(queue: LocalJobs) -> None:
    for job in queue.jobs(set(State) - ENDED):
        if not job.cancelling:
            with contextlib.suppress(InputError):  # it has just ended
                queue.cancel(job.id)


def _remove(queue: LocalJobs) -> Erased:
    jobs = queue.jobs()
    for job in jobs:
        with contextlib.suppress(InputError):  # the user has just removed it
            queue.remove(job.id)
    names = [f"{job.id} {job.kind} {job.name}" for job in jobs]
    return Erased(what="jobs", count=len(jobs), size_bytes=sum(job.size_bytes for job in jobs), names=names)


async def erase_uploads(agent: Agent, user: User) -> Erased:
    """Delete a user's blobs, and what is left of submissions that broke off."""
    swept = await run_in_threadpool(agent.blobs.remove, user.name)
    staging = agent.settings.home / "staging" / user.name
    await run_in_threadpool(shutil.rmtree, staging, ignore_errors=True)
    return Erased(what="uploads", count=swept.files, size_bytes=swept.size_bytes)


async def erase_features(_agent: Agent, _user: User) -> Erased:
    """Delete the cache of what networks heard in recordings: it does not know whose they were, and is made anew."""
    folder = paths.features_dir()
    files = await run_in_threadpool(lambda: list(folder.rglob("*")))
    await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)
    return Erased(what="features of recordings, of all users", count=len(files))


async def erase_notifications(agent: Agent, user: User) -> Erased:
    """Delete where a user wants to hear of jobs, with the secrets, and what was sent."""
    return Erased(what="notifications", count=await run_in_threadpool(_forget, agent, user))


def _forget(agent: Agent, user: User) -> int:
    with contextlib.closing(Outbox(agent.settings.home / DATABASE)) as outbox:
        return outbox.forget(user.name)


ERASERS: tuple[Eraser, ...] = (erase_jobs, erase_uploads, erase_features, erase_notifications)
KEPT = ["the audit log: when you made which request; no recordings and no names of files"]


async def erase(agent: Agent, user: User) -> list[Erased]:
    """Remove all that is a user's."""
    return [await eraser(agent, user) for eraser in ERASERS]
