"""HTTP inside SSH: every connection is a channel, so no port is opened on either side."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import httpcore2
import httpx2
import paramiko

from rvcstudio.remote.refusals import ForwardingRefused, Unreachable
from rvcstudio.remote.ssh import CONNECT_S, NOWHERE, Line, send

PROHIBITED = 1  # by the server's settings (RFC 4254, 5.1)
PLACE_S = 30.0  # an idle connection is kept so long

Place = Callable[[bool], tuple[str, int]]
"""Returns where an agent listens, as its own computer sees it; True: look anew, as it is not there any more."""


class ChannelStream(httpcore2.NetworkStream):
    """A channel, as the HTTP client reads and writes it."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self._channel = channel

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _mapped(httpcore2.ReadTimeout, httpcore2.ReadError):
            self._channel.settimeout(timeout)
            return self._channel.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _mapped(httpcore2.WriteTimeout, httpcore2.WriteError):
            self._channel.settimeout(timeout)
            send(self._channel, buffer)

    def close(self) -> None:
        self._channel.close()

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # an idle connection that can be read was closed from the other end
            return self._channel.recv_ready() or self._channel.eof_received or self._channel.closed
        return None


class ChannelBackend(httpcore2.NetworkBackend):
    """Opens channels where the HTTP client would open sockets; where to, it asks."""

    def __init__(self, line: Line, place: Place) -> None:
        self._line, self._place = line, place

    def connect_tcp(self, *_: object, timeout: float | None = None, **__: object) -> ChannelStream:
        with _mapped(httpcore2.ConnectTimeout, httpcore2.ConnectError):
            try:
                return self._open(self._place(False), timeout)
            except paramiko.ChannelException as error:
                if error.code == PROHIBITED:
                    raise ForwardingRefused(self._line.end) from error
                return self._open(self._place(True), timeout)  # nobody listens there any more

    def _open(self, place: tuple[str, int], timeout: float | None) -> ChannelStream:
        transport = self._line.transport()
        return ChannelStream(
            transport.open_channel("direct-tcpip", place, NOWHERE, timeout=timeout or CONNECT_S)
        )


class SshTransport(httpx2.HTTPTransport):
    """The way of an HTTP client through an SSH connection; the addresses of its requests only look like ones."""

    def __init__(self, line: Line, place: Place) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = httpcore2.ConnectionPool(
            network_backend=ChannelBackend(line, place), max_connections=64, keepalive_expiry=PLACE_S
        )


@contextlib.contextmanager
def _mapped(late: Callable[[str], Exception], broken: Callable[[str], Exception]) -> Iterator[None]:
    """Say in the HTTP client's words what went wrong on the way. What the user has to see to stays as it is."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, EOFError, paramiko.SSHException, Unreachable) as error:
        raise broken(str(error)) from error
