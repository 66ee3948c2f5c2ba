"""What the agent does by itself: looks for devices, keeps the queue running, deletes what is past its time."""

import asyncio
import contextlib
import logging
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from remote_agent.state import Agent, agent_of
from rvc.errors import Error
from rvc.jobs.ray.cluster import Cluster
from rvc.jobs.ray.crew import name_slots
from rvc.jobs.slots import find_slots, read_slots, write_slots

log = logging.getLogger(__name__)

LOOK_S = 5.0
CLEAN_S = 3600.0
STAGING_S = 86400.0


@contextlib.asynccontextmanager
async def keep_up(app: FastAPI) -> AsyncIterator[None]:
    """Work in the background as long as the agent runs."""
    task = asyncio.create_task(_work(agent_of(app)))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _work(agent: Agent) -> None:
    await _guard(lambda: look_for_devices(agent))
    cleaned = float("-inf")
    while True:
        await _guard(agent.queues.open)  # opening it starts a dispatcher where one is missing
        if time.monotonic() - cleaned >= CLEAN_S:
            cleaned = time.monotonic()
            await _guard(lambda: clean(agent))
        await asyncio.sleep(LOOK_S)


async def _guard(step: Callable[[], object]) -> None:
    """Do a step; trouble with it is logged, and it is tried again the next time."""
    try:
        await run_in_threadpool(step)
    except (OSError, Error) as error:
        log.warning("%s", error)
    except Exception:
        log.exception("this is a bug in RVC Studio")


def look_for_devices(agent: Agent) -> None:
    """Write down what there is to compute with, if no dispatcher has done so."""
    home, ray = agent.queues.everybody.home, agent.settings.ray
    if not read_slots(home):
        write_slots(home, find_slots() if ray is None else name_slots(Cluster(ray).nodes()))


def clean(agent: Agent) -> None:
    """Delete what was kept as long as was said."""
    for removal in agent.queues.everybody.clean(agent.settings.policy):
        log.info("removed %s of the job %s, %d bytes", removal.what, removal.job, removal.size_bytes)
    swept = agent.blobs.sweep(agent.settings.blob_days)
    if swept.files:
        log.info("removed %d blobs, %d bytes", swept.files, swept.size_bytes)
    for path in agent.settings.home.glob("staging/*/*"):
        if _age_s(path) > STAGING_S:
            log.info("removed %s, a submission that was cut off", path.name)
            shutil.rmtree(path, ignore_errors=True)


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime
