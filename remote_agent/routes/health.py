"""How the agent is: for people and watchdogs (/health) and for Prometheus (/metrics)."""

import shutil
from collections import Counter

import psutil
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from remote_agent.auth import REFUSALS, CurrentAdmin
from remote_agent.numbers import MEDIA_TYPE, REQUEST_LABELS, family
from remote_agent.problems import documented
from remote_agent.state import Agent, agent_of
from rvc import __version__
from rvc.jobs.slots import CPU, read_slots
from rvc.jobs.wire import WIRE_VERSION

router = APIRouter(tags=["agent"])

NO_GPU = "No GPU was found: jobs run on the CPU."


class Health(BaseModel):
    """That the agent works, and with what."""

    status: str = "ok"
    version: str = __version__
    wire_version: int = WIRE_VERSION
    devices: list[str] = Field(examples=[["cuda:0", "cpu"]], description="empty until they were looked for")
    note: str = ""


@router.get("/health")
def health(request: Request) -> Health:
    """Tell anybody that the agent works."""
    devices = [slot.device for slot in read_slots(agent_of(request).queues.everybody.home)]
    return Health(devices=devices, note=NO_GPU if devices == [CPU] else "")


@router.get(
    "/metrics",
    response_class=Response,
    responses={**REFUSALS, **documented(500), 200: {"content": {"text/plain": {}}}},
)
def metrics(request: Request, _admin: CurrentAdmin) -> Response:
    """Return numbers for Prometheus; for administrators."""
    return Response(_numbers(agent_of(request)), media_type=MEDIA_TYPE)


def _numbers(agent: Agent) -> str:
    numbers = agent.numbers
    jobs = Counter((job.kind, str(job.state)) for job in agent.queues.everybody.jobs())
    one: dict[str, tuple[str, str, float]] = {
        "rvc_up_seconds": ("gauge", "Since the agent started.", numbers.up_s),
        "rvc_event_streams": ("gauge", "Event streams that are open.", sum(agent.streams.values())),
        "rvc_received_bytes_total": ("counter", "Of all requests' bodies.", numbers.received_bytes),
        "rvc_sent_bytes_total": ("counter", "Of all answers' bodies.", numbers.sent_bytes),
        "rvc_disk_free_bytes": ("gauge", "Where jobs are kept.", shutil.disk_usage(agent.settings.home).free),
        "rvc_memory_bytes": ("gauge", "Of the agent's own process.", psutil.Process().memory_info().rss),
    }
    parts = [family(name, kind, text, {(): value}) for name, (kind, text, value) in one.items()]
    parts.append(family("rvc_jobs", "gauge", "Jobs, by kind and state.", jobs, ("kind", "state")))
    for name, text, counts in (
        ("rvc_requests_total", "Requests.", numbers.requests),
        ("rvc_request_seconds_total", "Time that requests took.", numbers.seconds),
    ):
        parts.append(family(name, "counter", text, counts, REQUEST_LABELS))
    return "".join(parts)
