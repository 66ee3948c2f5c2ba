"""The way to one computer, put together: SSH where it is used, its agent, its jobs."""

import threading

import httpx2

from rvc.errors import InputError
from rvcstudio.remote.agent import Agent
from rvcstudio.remote.bundle import make_bundle
from rvcstudio.remote.client import RemoteJobs
from rvcstudio.remote.computers import Computer, View
from rvcstudio.remote.deploy import Host
from rvcstudio.remote.refusals import Refused
from rvcstudio.remote.secrets import Secrets
from rvcstudio.remote.ssh import Line
from rvcstudio.remote.transport import SshTransport

HERE_THERE = "127.0.0.1"  # the computer itself, as seen from there


class Reach:
    """The way to a computer. Nothing is sent before it is used; it comes back by itself when it was cut."""

    def __init__(self, computer: Computer, secrets: Secrets) -> None:
        self.computer = computer
        self._secrets = secrets
        self._lock = threading.Lock()
        self._version, self._can_update, self._is_joined = "", False, False
        self.line: Line | None = None
        self.host: Host | None = None
        way: httpx2.BaseTransport | None = None
        if computer.address is not None:
            self.line = Line(computer.address, secret=lambda: secrets.get(computer.password))
            self.host = Host(self.line)
            way = SshTransport(self.line, self._place)
        self.jobs = RemoteJobs(computer.url or "http://agent", self._token, transport=way)
        self.agent = Agent(self.jobs.calls)

    def _place(self, fresh: bool) -> tuple[str, int]:
        """Return where the agent listens, as its own computer sees it."""
        if self.computer.agency == "shared" or self.host is None:
            return (HERE_THERE, self.computer.port)
        return self.host.place(fresh)

    def _token(self, anew: bool) -> str:
        """Return who we are: at an agent of our own SSH is proof enough, others have to be told."""
        with self._lock:
            known = None if anew else self._secrets.get(self.computer.token)
            if known is not None:
                return known
            if self.computer.agency != "own" or self.host is None:
                raise Refused("token_wanted", "The agent wants a token.", "Its administrator gives you one.")
            token = self.host.token(self.computer.user)
            self._secrets.keep(self.computer.token, token)
            return token

    def look(self) -> View:
        """Return how the computer is. Raises `Error` where it cannot be reached."""
        version = self._version or self._look_at_version()
        transfer = self.jobs.meter.now
        load = self.agent.load()
        return View(
            "ready", load, transfer, version=version, can_update=self._can_update, is_joined=self._is_joined
        )

    def _look_at_version(self) -> str:
        """Return the agent's version, and find out whether it is the app's own, and an older one."""
        version = self.agent.health().version
        if self.computer.agency == "own" and self.host is not None:
            ours = self.host.probe().running
            self._is_joined = ours == ""
            self._can_update = bool(ours) and ours != make_bundle().version
            version = ours or version
        self._version = version
        return version

    def try_again(self) -> None:
        """Reach the computer now, whatever went wrong before."""
        self._version = ""
        if self.line is not None:
            self.line.try_again()

    def need_host(self) -> Host:
        """Return the agent of one's own, to be managed. Raises `InputError` not_ours."""
        if self.host is None or self.computer.agency != "own":
            raise InputError("not_ours", "Somebody else looks after that agent.", "Ask its administrator.")
        return self.host

    def close(self) -> None:
        self.jobs.close()
        if self.line is not None:
            self.line.close()
