"""What the parts of an agent share: one object that hangs on the application."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import cast

from fastapi import FastAPI, Request

from remote_agent.blobs import Blobs
from remote_agent.numbers import Numbers
from remote_agent.rates import Rates
from remote_agent.settings import AgentSettings
from remote_agent.users import Users, make_private
from rvc.jobs import LocalJobs


class Queues:
    """The one queue of an agent, as its users see it."""

    def __init__(self, settings: AgentSettings) -> None:
        self._settings = settings
        self._opened: dict[str | None, LocalJobs] = {}
        self._lock = threading.Lock()

    def of(self, owner: str) -> LocalJobs:
        """Return a user's own jobs."""
        return self._open(owner)

    @property
    def everybody(self) -> LocalJobs:
        """All jobs of all users; `Job.owner` says whose they are."""
        return self._open(None)

    def _open(self, owner: str | None) -> LocalJobs:
        with self._lock:
            if owner not in self._opened:
                self._opened[owner] = self.open(owner)
            return self._opened[owner]

    def open(self, owner: str | None = None) -> LocalJobs:
        """Open the queue anew, which starts its dispatcher when there is work and none runs."""
        settings = self._settings
        return LocalJobs(
            settings.home / "jobs",
            owner=owner,
            kinds_module=settings.kinds_module,
            limits=settings.limits,
            slots_folder=settings.slots_folder,
            ray=settings.ray,
        )


@dataclass(slots=True)
class Agent:
    """Everything that requests and background services need."""

    settings: AgentSettings
    users: Users
    queues: Queues
    blobs: Blobs
    rates: Rates
    numbers: Numbers
    streams: Counter[str] = field(default_factory=Counter)
    """Event streams that each user has open."""
    stopping: bool = False
    """Event streams end when it is set."""

    @classmethod
    def of(cls, settings: AgentSettings) -> "Agent":
        make_private(settings.home)
        return cls(
            settings=settings,
            users=Users(settings.home),
            queues=Queues(settings),
            blobs=Blobs(settings.home / "blobs", settings.blobs_bytes, settings.upload_bytes),
            rates=Rates(settings.rate, settings.burst),
            numbers=Numbers(),
        )


def agent_of(at: Request | FastAPI) -> Agent:
    """Return what the parts of the agent share."""
    app = at.app if isinstance(at, Request) else at
    return cast(Agent, app.state.agent)
