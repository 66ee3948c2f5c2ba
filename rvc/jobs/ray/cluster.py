"""A Ray cluster as the queue sees it: over Ray's HTTP interface, with its token, and never open to others."""

import http.client
import ipaddress
import json
import os
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from rvc.errors import Error, InputError

TIMEOUT_S = (
    20.0  # Ray itself looks for ten seconds for a machine that takes a job, and then says why none does
)
REASON_BYTES = 500
MOST_NODES = 10_000
REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
TOKEN, TOKEN_FILE, USUAL_FILE = "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH", "~/.ray/auth_token"
ENDED = frozenset({"STOPPED", "SUCCEEDED", "FAILED"})
SHARED = (
    ipaddress.ip_network("100.64.0.0/10"),
)  # of providers and overlay networks: nobody's public address
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
HOW_TO_CLOSE = "Start every node of it with RAY_AUTH_MODE=token, as docs/server.md shows."


class Answer(BaseModel):
    """Base of what Ray says: what a newer one adds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RayJob(Answer):
    """A worker as Ray sees it."""

    status: str
    message: str | None = None
    error_type: str | None = None
    driver_node_id: str | None = None
    driver_exit_code: int | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class Node(Answer):
    """A machine of the cluster, and what it offers, such as {"CPU": 16, "GPU": 1}."""

    node_id: str
    node_name: str = ""
    state: str
    resources_total: dict[str, float] = {}

    def count(self, resource: str) -> int:
        return int(self.resources_total.get(resource, 0))


class Cluster:
    """The Ray cluster whose dashboard is at `address`, such as http://10.0.0.2:8265."""

    def __init__(self, address: str, token: str | None = None) -> None:
        """Take the token from where Ray itself looks for it, unless it is given."""
        self.address = address.rstrip("/")
        self._token = find_token() if token is None else token

    def require_closed(self) -> None:
        """Raise `InputError` unless only those who know the token can run code on the cluster.

        Codes: bad_address, public_cluster, missing_token, open_cluster, no_cluster, wrong_token.
        """
        _require_private(self.address)
        if not self._token:
            raise InputError(
                "missing_token",
                "There is no token for the Ray cluster.",
                f"Give it in {TOKEN} or in the file {USUAL_FILE}; `ray get-auth-token --generate` makes one.",
            )
        stranger = self._status_for("")
        if stranger == HTTPStatus.OK:
            text = f"{self.address} lets everybody in: whoever reaches it can run programs there."
            raise InputError("open_cluster", text, HOW_TO_CLOSE)
        if stranger not in REFUSED:
            raise InputError("no_cluster", f"What answers at {self.address} is no Ray cluster.")
        if self._status_for(self._token) in REFUSED:
            raise InputError("wrong_token", f"{self.address} does not take this token.", HOW_TO_CLOSE)

    def _status_for(self, token: str) -> int:
        try:
            with self._open("GET", "/api/jobs/", None, token) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except (OSError, http.client.HTTPException) as error:
            raise InputError(
                "no_cluster", f"No Ray cluster answers at {self.address}: {error}.", "Start it first."
            ) from error

    def nodes(self) -> list[Node]:
        """Return the machines that are there now; raises OSError when nobody answers."""
        query = f"?detail=1&limit={MOST_NODES}"
        found = self._ask("GET", f"/api/v0/nodes{query}")["data"]["result"]["result"]
        return [node for one in found if (node := Node.model_validate(one)).state == "ALIVE"]

    def submit(self, submission: Mapping[str, Any]) -> None:
        """Let Ray run a command somewhere; raises OSError when it does not take it."""
        self._ask("POST", "/api/jobs/", submission)

    def job(self, submission_id: str) -> RayJob | None:
        """Return how a command fares, None when Ray knows none; raises OSError when nobody answers."""
        try:
            return RayJob.model_validate(self._ask("GET", f"/api/jobs/{submission_id}"))
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return None
            raise

    def stop(self, submission_id: str) -> None:
        """End a command: asked first, killed after three seconds."""
        self._ask("POST", f"/api/jobs/{submission_id}/stop")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            with self._open(method, path, body, self._token) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                reason = error.read(REASON_BYTES).decode(errors="replace").strip()
            error.msg = reason or error.msg
            raise
        except (http.client.HTTPException, ValueError, ValidationError) as error:
            raise OSError(f"{self.address} gives no answer that can be read: {error}") from error

    def _open(self, method: str, path: str, body: Mapping[str, Any] | None, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        # a proxy of the environment is for addresses of the world, and is not to see the token
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return opener.open(request, timeout=TIMEOUT_S)


def find_token() -> str:
    """Return the cluster's token from where Ray looks for it; empty where there is none."""
    if given := os.environ.get(TOKEN, "").strip():
        return given
    path = Path(os.environ.get(TOKEN_FILE) or USUAL_FILE).expanduser()
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise Error("missing_token", f"The token in {path} cannot be read: {error.strerror}.") from error


def _require_private(address: str) -> None:
    """Raise `InputError` for an address that leads through the world in clear text."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(
            "bad_address",
            f"{address} is no address of a Ray cluster.",
            "It is that of its dashboard, such as http://10.0.0.2:8265.",
        )
    if parts.scheme == "http" and not all(_is_private(one) for one in _resolve(parts.hostname)):
        raise InputError(
            "public_cluster",
            f"{parts.hostname} is a public address: the token would cross the network in clear text.",
            "Use the cluster's private network, a VPN, or SSH.",
        )


def _resolve(host: str) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise InputError(
            "bad_address", f"There is no machine called {host}.", "Check it for spelling."
        ) from error
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]


def _is_private(address: Address) -> bool:
    shared = any(address.version == net.version and address in net for net in SHARED)
    return shared or (address.is_private and not address.is_unspecified)
