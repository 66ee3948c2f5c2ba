"""HTTP inside SSH, as far as the contract needs it: every connection is a channel of one SSH connection."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import httpcore2
import httpx2
import paramiko

from tests.sshd import HOST, TIMEOUT_S


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
            rest = memoryview(buffer)
            while rest:
                rest = rest[self._channel.send(rest) :]

    def close(self) -> None:
        self._channel.close()

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # an idle connection that can be read was closed from the other end
            return self._channel.recv_ready() or self._channel.eof_received or self._channel.closed
        return None


class ChannelBackend(httpcore2.NetworkBackend):
    """Opens channels where the HTTP client would open sockets."""

    def __init__(self, transport: paramiko.Transport) -> None:
        self._transport = transport

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_: object, **__: object
    ) -> httpcore2.NetworkStream:
        with _mapped(httpcore2.ConnectTimeout, httpcore2.ConnectError):
            return ChannelStream(
                self._transport.open_channel("direct-tcpip", (host, port), (HOST, 0), timeout=timeout)
            )


@contextlib.contextmanager
def _mapped(late: Callable[[str], Exception], broken: Callable[[str], Exception]) -> Iterator[None]:
    """Say in the HTTP client's words what went wrong with a channel."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise broken(str(error)) from error


def through(client: paramiko.SSHClient) -> httpx2.HTTPTransport:
    """Return a way for HTTP through an SSH connection; addresses are those of the host."""
    transport = client.get_transport()
    assert transport is not None
    transport.set_keepalive(int(TIMEOUT_S))
    way = httpx2.HTTPTransport()
    way._pool.close()
    way._pool = httpcore2.ConnectionPool(network_backend=ChannelBackend(transport))
    return way
