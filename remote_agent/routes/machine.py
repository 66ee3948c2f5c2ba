"""GET /machine: how busy the agent's machine is, so that users of several can choose."""

from fastapi import APIRouter, Request

from remote_agent.auth import REFUSALS, CurrentUser
from remote_agent.problems import documented
from remote_agent.state import agent_of
from rvc.jobs import ACTIVE, State
from rvc.jobs.load import Gauge, MachineLoad

router = APIRouter(prefix="/machine", tags=["agent"], responses={**REFUSALS, **documented(500, 503)})


@router.get("")
def machine(request: Request, user: CurrentUser) -> MachineLoad:
    """Tell how busy the machine is: GPUs, memory, processors, disk, and how many jobs run and wait."""
    agent = agent_of(request)
    queue = agent.queues.everybody
    return _gauge(request).measure(queue.jobs({*ACTIVE, State.QUEUED}), user.name)


def _gauge(request: Request) -> Gauge:
    """Return the one gauge of the application: it remembers figures that are dear to get."""
    agent = agent_of(request)
    if not hasattr(request.app.state, "gauge"):
        request.app.state.gauge = Gauge(agent.queues.everybody.home, agent.settings.slots_folder)
    gauge: Gauge = request.app.state.gauge
    return gauge
