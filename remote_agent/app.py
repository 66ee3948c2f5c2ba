"""The agent as an application: its routes, its background services, and what surrounds them."""

import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import APIRouter, FastAPI

from remote_agent import page, problems, reference
from remote_agent.gate import Gate, open_audit
from remote_agent.notifications import routes as notifications
from remote_agent.notify import notifying
from remote_agent.routes import blobs, events, health, jobs, machine, me, models, submissions, users
from remote_agent.settings import AgentSettings
from remote_agent.state import Agent
from remote_agent.upkeep import keep_up
from rvc import __version__

DESCRIPTION = """\
Trains voices, converts recordings and tests models on this machine. Every request but `/health` carries
`Authorization: Bearer TOKEN`; `rvc-agent token add NAME` makes a token.

One line trains a voice:

    curl -H "Authorization: Bearer $TOKEN" -F recordings=@take.flac -F name=Anna http://127.0.0.1:8765/model/train

The answer names the job; `curl -N ... /jobs/ID/events` follows it, and `/models/ID/files/model` is the voice.
"""

ROUTERS: tuple[APIRouter, ...] = (
    submissions.router,
    jobs.router,
    events.router,
    blobs.router,
    models.router,
    me.router,
    users.router,
    machine.router,
    health.router,
    notifications.router,
    page.router,
    reference.router,
)

Service = Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]

SERVICES: tuple[Service, ...] = (keep_up, notifying)
"""Entered when the agent starts, and left when it stops."""


def create_app(settings: AgentSettings) -> FastAPI:
    """Return the application of an agent; `app.state.agent` is what its parts share."""
    app = FastAPI(
        title="RVC Studio agent",
        version=__version__,
        description=DESCRIPTION,
        lifespan=_live,
        docs_url=None,  # `reference` is our own: the usual one loads its scripts from elsewhere
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    agent = app.state.agent = Agent.of(settings)
    app.state.audit = open_audit(settings.home)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(Gate, settings=settings, numbers=agent.numbers, audit=app.state.audit)
    return app


@contextlib.asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(app.state.audit.close)
        for service in SERVICES:
            await stack.enter_async_context(service(app))
        yield
