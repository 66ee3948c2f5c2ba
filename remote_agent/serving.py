"""Runs an agent in this process, and finds one that runs in another."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import psutil
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, ValidationError

from remote_agent.app import create_app
from remote_agent.settings import AgentSettings
from remote_agent.state import agent_of
from remote_agent.users import make_private
from rvc import paths
from rvc.errors import Error, InputError
from rvc.jobs.locks import Lock, is_free
from rvc.jobs.processes import began

CARD = "agent.json"
LOCK = "agent.lock"
GRACE_S = 3  # that requests have to end when the agent stops
STOP_S = 15.0
POLL_S = 0.05


class AgentCard(BaseModel):
    """Where a running agent is; it holds the lock as long as it lives."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started: float
    url: str


class Server(uvicorn.Server):
    """A server whose event streams end when it is asked to stop, so that it need not cut them."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        agent_of(self._app).stopping = True
        super().handle_exit(sig, frame)


def make_server(settings: AgentSettings) -> Server:
    """Return a server that only needs to be run. Raises `InputError` public_without_tls."""
    settings.require_safe_address()
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        limit_concurrency=settings.connections,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_S,
        access_log=False,  # the audit log says more
        server_header=False,
        proxy_headers=False,  # an address that anybody can claim is worth nothing
        log_config=None,
    )
    return Server(app, config)


def serve(settings: AgentSettings, announce: Callable[[str], None]) -> None:
    """Run an agent until a signal comes; `announce` hears its address once that is taken.

    Raises `InputError`: already_running, public_without_tls, address_taken; of a cluster as
    `rvc.jobs.ray.cluster.Cluster.require_closed`.
    """
    settings.require_safe_address()
    settings.require_safe_cluster()
    make_private(settings.home)
    lock = Lock(settings.home / LOCK)
    if not lock.acquire():
        card = running(settings.home)
        where = f" at {card.url}" if card else ""
        raise InputError("already_running", f"An agent runs{where} already.", "`rvc-agent stop` ends it.")
    try:
        _serve(settings, announce)
    finally:
        (settings.home / CARD).unlink(missing_ok=True)
        lock.release()


def _serve(settings: AgentSettings, announce: Callable[[str], None]) -> None:
    with listen(settings) as listening:
        server = make_server(settings)
        url = _url(settings, listening.getsockname()[1])
        card = AgentCard(pid=os.getpid(), started=began(os.getpid()) or 0.0, url=url)
        paths.write_text(settings.home / CARD, card.model_dump_json())
        announce(url)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)  # uvicorn sends itself the signal again once it has stopped
        server.run(sockets=[listening])


def _end(_number: int, _frame: FrameType | None) -> None:
    """Let the process come to its end: lock and card are given back there."""


def listen(settings: AgentSettings) -> socket.socket:
    """Take the address of an agent. Raises `InputError` address_taken."""
    kind = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=kind, backlog=2048)
    except OSError as error:
        raise InputError(
            "address_taken",
            f"Nothing can listen on {settings.host}, port {settings.port}: {error.strerror or error}.",
            "Choose another --port; 0 takes a free one.",
        ) from error


def _url(settings: AgentSettings, port: int) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{'https' if settings.tls_cert else 'http'}://{host}:{port}"


def running(home: Path) -> AgentCard | None:
    """Return where the agent of a home runs; None when none does."""
    if is_free(home / LOCK):
        return None
    with contextlib.suppress(OSError, ValidationError):
        card = AgentCard.model_validate_json((home / CARD).read_bytes())
        return card if began(card.pid) == card.started else None
    return None


def stop(home: Path) -> AgentCard | None:
    """End the agent of a home and return what it was; its jobs go on. Raises `Error` does_not_stop."""
    card = running(home)
    if card is None:
        return None
    process = psutil.Process(card.pid)
    process.terminate()
    deadline = time.monotonic() + STOP_S
    while not is_free(home / LOCK):
        if time.monotonic() > deadline:
            raise Error("does_not_stop", f"The agent (process {card.pid}) does not end.", "Look at its log.")
        time.sleep(POLL_S)
    return card
