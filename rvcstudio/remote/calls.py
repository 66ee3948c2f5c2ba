"""Requests to an agent: with who asks, with patience, and with what went wrong in the words of `rvc.errors`."""

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from typing import Any

import httpx2

from rvc.errors import Error, InputError

TIMEOUT_S = 30.0
RETRIES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
BUSY_S = 60.0  # that a busy agent is asked again
TOO_BUSY = (429, 503)

Token = str | Callable[[bool], str]
"""A token, or what returns one; it is asked for another (True) when the agent does not take the first any more."""


class Bearer(httpx2.Auth):
    """Says in every request who asks."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Send the token; a new one where there may be one."""
        token = self._token if isinstance(self._token, str) else self._token(False)
        request.headers["Authorization"] = f"Bearer {token}"
        answer = yield request
        if answer.status_code == 401 and not isinstance(self._token, str):
            request.headers["Authorization"] = f"Bearer {self._token(True)}"
            yield request


class Calls:
    """The way to one agent. May be used by several threads at once."""

    def __init__(self, url: str, token: Token, transport: httpx2.BaseTransport | None = None) -> None:
        """Reach an agent at `url`, through `transport` where the way is a special one, such as SSH."""
        self._closed = threading.Event()
        self._client = httpx2.Client(
            base_url=url,
            auth=Bearer(token),
            timeout=TIMEOUT_S,
            transport=transport,
            trust_env=False,  # a proxy of the network has no business between the app and an agent
        )

    def close(self) -> None:
        """End all of it; who waits for another try is told at once that there is none."""
        self._closed.set()
        self._client.close()

    def ask(
        self,
        method: str,
        url: str,
        accepted: Collection[int] = (),
        *,
        repeatable: bool | None = None,
        **what: Any,
    ) -> httpx2.Response:
        """Make a request, again when the way was cut: before it went out, or anyhow where that does no harm.

        Raises `Error` agent_unreachable, and what the agent says where its status is not `accepted`.
        """
        harmless = method in ("GET", "HEAD") if repeatable is None else repeatable
        pauses_s = iter(RETRIES_S)
        while True:
            try:
                return self.call(method, url, accepted, **what)
            except httpx2.TransportError as error:
                again = harmless or isinstance(error, httpx2.ConnectError)
                pause_s = next(pauses_s, None) if again else None
                if pause_s is None or self._closed.wait(pause_s):
                    raise unreachable(error) from error

    def call(self, method: str, url: str, accepted: Collection[int] = (), **what: Any) -> httpx2.Response:
        """Make a request once, or as often as a busy agent asks for. Raises `httpx2.TransportError` too."""
        deadline = time.monotonic() + BUSY_S
        while True:
            answer = self._client.request(method, url, **what)
            wait_s = _wait_s(answer)
            if wait_s is None or "content" in what or time.monotonic() + wait_s > deadline:
                break  # what streams out cannot be sent twice
            time.sleep(wait_s)
        if answer.status_code not in accepted:
            check(answer)
        return answer

    @contextlib.contextmanager
    def stream(self, url: str, *, silence_s: float = TIMEOUT_S, **what: Any) -> Iterator[httpx2.Response]:
        """Make a request and yield its answer before that has come as a whole."""
        timeout = httpx2.Timeout(TIMEOUT_S, read=silence_s)
        with self._client.stream("GET", url, timeout=timeout, **what) as answer:
            if answer.status_code >= 400:
                answer.read()
                check(answer)
            yield answer


def _wait_s(answer: httpx2.Response) -> float | None:
    """Return how long a busy agent asks to be left alone."""
    told = answer.headers.get("Retry-After", "")
    return float(told) if answer.status_code in TOO_BUSY and told.isdigit() else None


def check(answer: httpx2.Response) -> None:
    """Raise what the agent says went wrong, in the words of `rvc.errors`."""
    if answer.status_code < 400:
        return
    problem = _problem(answer)
    kind = InputError if answer.status_code < 500 and answer.status_code not in TOO_BUSY else Error
    raise kind(str(problem["code"]), str(problem["detail"]), str(problem.get("hint", "")))


def _problem(answer: httpx2.Response) -> Mapping[str, Any]:
    unknown = {"code": "agent_error", "detail": f"The agent answered with status {answer.status_code}."}
    try:
        problem = answer.json()
    except ValueError:
        return unknown
    return problem if isinstance(problem, dict) and {"code", "detail"} <= problem.keys() else unknown


def unreachable(error: Exception) -> Error:
    """Say that there is no way to an agent."""
    return Error("agent_unreachable", f"The agent cannot be reached: {error}.", "See whether it runs.")
