"""Agents under test: real servers on real sockets with real tokens, whose jobs are those of `tests.jobs_kinds`."""

import contextlib
import hashlib
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the agent's packages are not installed")
httpx2 = pytest.importorskip("httpx2", reason="the client's package is not installed")

from remote_agent.serving import AgentCard, listen, make_server  # noqa: E402
from remote_agent.settings import AgentSettings  # noqa: E402
from remote_agent.state import Agent, agent_of  # noqa: E402
from remote_agent.users import Users  # noqa: E402
from rvc.jobs import LocalJobs  # noqa: E402
from rvc.jobs.launch import python_command  # noqa: E402
from rvcstudio.remote.client import RemoteJobs  # noqa: E402
from tests.jobs import PATIENCE_S, cleared, until  # noqa: E402
from tests.jobs_kinds import MODULE  # noqa: E402

TIMEOUT_S = 30.0


@dataclass
class RunningAgent:
    """An agent that runs, and ways to talk to it."""

    settings: AgentSettings
    url: str
    agent: Agent | None = None
    """Its inside, where it runs in this process."""
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.settings.home

    @property
    def queue(self) -> LocalJobs:
        return LocalJobs(self.home / "jobs", kinds_module=MODULE, slots_folder=self.settings.slots_folder)

    def token(self, name: str) -> str:
        """Return a user's token; `root` is an administrator."""
        if name not in self.tokens:
            self.tokens[name] = Users(self.home).add(name, "admin" if name == "root" else "user")
        return self.tokens[name]

    def client(self, name: str | None = "anna") -> "httpx2.Client":
        headers = {"Authorization": f"Bearer {self.token(name)}"} if name else {}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=TIMEOUT_S, trust_env=False)

    def jobs(self, name: str = "anna") -> RemoteJobs:
        return RemoteJobs(self.url, self.token(name))


def settings_for(home: Path, **others: object) -> AgentSettings:
    facts = {
        "home": home,
        "port": 0,
        "kinds_module": MODULE,
        "slots_folder": home.parent,
        "rate": 1000,
        "burst": 1000,
    }
    return AgentSettings.model_validate({**facts, **others})


@contextlib.contextmanager
def running(home: Path, **others: object) -> Iterator[RunningAgent]:
    """Run an agent in a thread of this process."""
    settings = settings_for(home, **others)
    with cleared(home / "jobs"), listen(settings) as listening:
        server = make_server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started, "the agent runs")
            app = server.config.app
            yield RunningAgent(settings, f"http://127.0.0.1:{listening.getsockname()[1]}", agent_of(app))  # type: ignore[arg-type]
        finally:
            server.handle_exit(15, None)
            thread.join()


@contextlib.contextmanager
def process(home: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run an agent in a process of its own, as a user does; with the built-in kinds of jobs."""
    command = [*python_command("remote_agent"), "serve", "--port", "0", "--home", str(home), *options]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def address(home: Path, process: "subprocess.Popen[bytes]") -> str:
    """Wait until an agent has taken its address and answers there."""

    def answers() -> bool:
        assert process.poll() is None
        with contextlib.suppress(OSError, ValueError, httpx2.TransportError):
            card = AgentCard.model_validate_json((home / "agent.json").read_bytes())
            return card.pid == process.pid and httpx2.get(f"{card.url}/health", trust_env=False).is_success
        return False

    until(answers, "the agent answers")
    return AgentCard.model_validate_json((home / "agent.json").read_bytes()).url


def wait_for(client: "httpx2.Client", job_id: str, *states: str) -> dict[str, object]:
    """Wait until a job is in one of the states, and return it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        job: dict[str, object] = client.get(f"/jobs/{job_id}").raise_for_status().json()
        if job["state"] in states:
            return job
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {job}")


def put(client: "httpx2.Client", content: bytes) -> str:
    """Upload a blob and return its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    client.put(f"/blobs/{sha256}", content=content).raise_for_status()
    return sha256
