"""GET /jobs/{id}/events: what happens to a job, as server-sent events whose ids are the events' numbers."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from remote_agent.auth import REFUSALS, CurrentUser
from remote_agent.problems import Refusal, Responses, documented
from remote_agent.routes.jobs import queue_of
from remote_agent.state import Agent, agent_of
from rvc.errors import InputError
from rvc.jobs import ENDED, JobEvent, LocalJobs, StateChange
from rvc.jobs.journal import Reader

router = APIRouter(tags=["jobs"], responses={**REFUSALS, **documented(404, 422, 500, 503)})

POLL_S = 0.1
LOOK_S = 2.0  # how late the stream of a paused job ends that somebody removes
MEDIA_TYPE = "text/event-stream"
RETRY_MS = 1000  # after which a browser that lost the stream comes back
STREAM: Responses = {
    200: {"description": "Events as they come, until the job has ended", "content": {MEDIA_TYPE: {}}},
    204: {"description": "The job has ended, and there are no events that you have not seen"},
}


@router.get("/jobs/{job_id}/events", response_class=StreamingResponse, responses=STREAM)
async def events(
    request: Request,
    user: CurrentUser,
    job_id: str,
    after: Annotated[int, Query(ge=0, le=2**53, description="only events with higher numbers")] = 0,
    wait_s: Annotated[
        float | None, Query(ge=0, le=86400, description="end when nothing came for so long (seconds)")
    ] = None,
    last_event_id: Annotated[
        str | None, Header(pattern=r"^\d{1,15}$", description="like `after`: what browsers send")
    ] = None,
) -> Response:
    """Follow a job. Come back with the last number seen in `Last-Event-ID`, and you miss nothing."""
    agent, queue = agent_of(request), queue_of(request, user)
    number = int(last_event_id) if last_event_id is not None else after
    ended = (await run_in_threadpool(queue.job, job_id)).state in ENDED
    reader = Reader(queue.home / job_id, number)
    first = await run_in_threadpool(reader.read)
    if ended and not first:
        return Response(status_code=204)  # which tells a browser not to come back
    if agent.streams[user.name] >= agent.settings.streams:
        text = f"You have {agent.settings.streams} event streams open already."
        raise Refusal(429, "too_many_streams", text, "Close one.", headers={"Retry-After": "5"})
    follower = _Follower(agent, queue, job_id, reader, first, wait_s)
    return StreamingResponse(_counted(agent, user.name, follower.lines()), media_type=MEDIA_TYPE)


async def _counted(agent: Agent, name: str, lines: AsyncIterator[str]) -> AsyncIterator[str]:
    agent.streams[name] += 1
    try:
        async for line in lines:
            yield line
    finally:
        agent.streams[name] -= 1


class _Follower:
    """Reads a job's journal for one client. No thread waits for it, so thousands cost little."""

    def __init__(
        self,
        agent: Agent,
        queue: LocalJobs,
        job_id: str,
        reader: Reader,
        first: list[JobEvent],
        wait_s: float | None,
    ) -> None:
        self._agent = agent
        self._queue = queue
        self._job_id = job_id
        self._reader = reader
        self._first = first
        self._wait_s = wait_s
        self._looked = time.monotonic()

    async def lines(self) -> AsyncIterator[str]:
        """Yield events, and now and then a sign of life, until the job, the waiting or the agent ends."""
        yield f"retry: {RETRY_MS}\n\n"
        batch, heard, said = self._first, time.monotonic(), time.monotonic()
        while True:
            now = time.monotonic()
            for event in batch:
                yield _line(event)
            if batch:
                heard = said = now
            elif await self._is_over(now - heard):
                return
            elif now - said >= self._agent.settings.heartbeat_s:
                said = now
                yield ": still there\n\n"
            batch = await self._next(bool(batch))

    async def _next(self, more: bool) -> list[JobEvent]:
        if not more:
            await asyncio.sleep(POLL_S)
        return await run_in_threadpool(self._reader.read)

    async def _is_over(self, silent_s: float) -> bool:
        """Tell whether nobody needs to wait any longer."""
        if self._agent.stopping or (self._wait_s is not None and silent_s >= self._wait_s):
            return True
        if _is_end(self._reader.last) or time.monotonic() - self._looked >= LOOK_S:
            self._looked = time.monotonic()
            return await run_in_threadpool(self._has_ended)
        return False

    def _has_ended(self) -> bool:
        try:
            return self._queue.job(self._job_id).state in ENDED
        except InputError:  # it was removed
            return True


def _is_end(event: JobEvent | None) -> bool:
    return event is not None and isinstance(event.body, StateChange) and event.body.state in ENDED


def _line(event: JobEvent) -> str:
    return f"id: {event.number}\nevent: {event.body.event}\ndata: {event.model_dump_json()}\n\n"
