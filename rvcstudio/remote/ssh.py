"""An SSH connection that is there when it is needed: made on first use, watched, and made again when it was lost."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import paramiko

from rvc.errors import Error, InputError
from rvcstudio.remote.address import Address, Hop, read_config, route
from rvcstudio.remote.known_hosts import KnownHosts
from rvcstudio.remote.refusals import (
    ChangedHost,
    Refused,
    SecretWanted,
    SignInFailed,
    UnknownHost,
    Unreachable,
)

CONNECT_S = 10.0
CLOSE_S = 0.2
PING_S = 20.0
ANSWER_S = 40.0  # that a busy network may take to answer
WOKEN_S = 8.0  # likewise after this computer slept, when most connections are gone
SLEPT_S = 5.0  # a wall clock that gained so much on the other tells of sleep
BACK_OFF_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
FAST_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")  # one pass for secrecy and integrity
WINDOW_BYTES = 8 << 20  # that may be on their way to us at once
PACKET_BYTES = 1 << 15
NOWHERE = ("127.0.0.1", 0)  # where a channel comes from: no port of this computer

Secret = Callable[[], str | None]
"""Returns the password, or that of the key file; None where it was not given yet."""


class Line:
    """The connection to one computer. May be used by several threads at once."""

    def __init__(
        self, address: Address, known: KnownHosts | None = None, secret: Secret = lambda: None
    ) -> None:
        self.address = address
        self.known = known or KnownHosts()
        self._secret = secret
        self._lock = threading.RLock()
        self._clients: list[paramiko.SSHClient] = []
        self._closing = threading.Event()
        self._failures = 0
        self._next = 0.0
        self._error: Error | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection now."""
        transport = self._transport
        return transport is not None and transport.is_active()

    @property
    def _transport(self) -> paramiko.Transport | None:
        return self._clients[-1].get_transport() if self._clients else None

    def transport(self) -> paramiko.Transport:
        """Return the connection, made now where there is none. Raises `Refused` or `Unreachable`.

        After a failure the next try waits longer each time, and its callers hear of the last one until then; a
        refusal stands until `try_again`.
        """
        with self._lock:
            transport = self._transport
            if transport is not None and transport.is_active():
                return transport
            if self._error is not None and (
                isinstance(self._error, Refused) or time.monotonic() < self._next
            ):
                raise self._error
            return self._open()

    def _open(self) -> paramiko.Transport:
        self._drop()
        try:
            for hop in route(self.address, read_config()):
                self._clients.append(self._connect(hop))
        except Error as error:
            self._drop()
            self._error = error
            self._next = time.monotonic() + BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
            self._failures += 1
            raise
        self._error, self._failures = None, 0
        transport = self._transport
        assert transport is not None
        self._closing = threading.Event()
        arguments = (transport, self._closing)
        threading.Thread(target=_keep_alive, args=arguments, name="ssh-alive", daemon=True).start()
        return transport

    def _connect(self, hop: Hop) -> paramiko.SSHClient:
        """Sign in at a hop, through the one before it; says in the user's words why that is not possible."""
        client = paramiko.SSHClient()
        self.known.teach(client)
        client.set_missing_host_key_policy(_Ask(hop))
        secret = self._secret()
        try:
            self._sign_in(client, hop, secret)
            return client
        except paramiko.BadHostKeyException as error:
            raise ChangedHost(hop, error.key, error.expected_key, self.known.where(hop.key_name)) from error
        except (OSError, EOFError, paramiko.SSHException) as error:
            transport = client.get_transport()
            met = transport is not None and transport.is_active()  # then it was not the way that failed
            raise _refusal(hop, error, secret) if met else Unreachable(hop, _said(error)) from error
        finally:
            transport = client.get_transport()
            if transport is None or not transport.is_authenticated():
                client.close()

    def _sign_in(self, client: paramiko.SSHClient, hop: Hop, secret: str | None) -> None:
        by_password = hop.sign_in == "password"
        if by_password and secret is None:
            raise SecretWanted(hop)
        client.connect(
            hop.known_as,
            hop.port,
            hop.user,
            sock=self._socket(hop),
            password=secret if by_password else None,
            passphrase=None if by_password else secret,
            key_filename=[] if by_password else [str(path) for path in _files(hop)],
            allow_agent=not by_password and not hop.only_these_keys,
            look_for_keys=not by_password and not hop.only_these_keys,
            timeout=CONNECT_S,
            banner_timeout=CONNECT_S,
            auth_timeout=CONNECT_S,
            transport_factory=_make_transport,
        )

    def _socket(self, hop: Hop) -> Any:
        """Return what bytes to a hop go through: a channel of the hop before, a program, or a socket."""
        if hop.command:
            return paramiko.ProxyCommand(hop.command)
        before = self._transport
        if before is not None:
            return before.open_channel("direct-tcpip", (hop.host, hop.port), NOWHERE, timeout=CONNECT_S)
        made = socket.create_connection((hop.host, hop.port), CONNECT_S)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def try_again(self) -> None:
        """Forget what went wrong: the next use connects at once."""
        self._error, self._failures, self._next = None, 0, 0.0  # without the lock: windows do not wait

    def accept(self, refusal: UnknownHost) -> None:
        """Know a computer by the key that it showed."""
        self.known.trust(refusal.hop.key_name, refusal.key)
        self.try_again()

    def forget_keys(self) -> None:
        """Know none of the computers on the way by a key that was accepted in the app."""
        with contextlib.suppress(InputError):
            for hop in route(self.address, read_config()):
                self.known.forget(hop.key_name)

    def run(self, command: str, given: bytes | Iterable[bytes] = b"") -> Iterator[str]:
        """Run a command, give it its input, and yield the lines that it writes as they come.

        Raises `Error` command_failed where it ends badly, `Unreachable` where the connection is lost.
        """
        channel: paramiko.Channel | None = None
        try:
            channel = self.transport().open_session(timeout=CONNECT_S)
            channel.set_combine_stderr(True)
            channel.exec_command(command)
            _feed(channel, [given] if isinstance(given, bytes) else given)
            with channel.makefile("rb") as lines:
                for line in lines:
                    yield line.decode(errors="replace").rstrip("\r\n")
            status = channel.recv_exit_status()
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise Unreachable(self.end, _said(error)) from error
        finally:
            if channel is not None:
                channel.close()
        if status < 0:
            raise Unreachable(self.end, "the connection was cut")
        if status:
            raise Error("command_failed", f"A command on {self.end} ended with status {status}.")

    @property
    def end(self) -> Hop:
        """The computer itself. Raises `InputError` where the user's SSH settings lead nowhere."""
        return route(self.address, read_config())[-1]

    def close(self) -> None:
        """End the connection; it is made again when it is used again. One that is being made is left to itself."""
        if self._lock.acquire(timeout=CLOSE_S):
            try:
                self._drop()
            finally:
                self._lock.release()

    def _drop(self) -> None:
        self._closing.set()
        for client in reversed(self._clients):
            client.close()
        self._clients = []


class _Ask(paramiko.MissingHostKeyPolicy):
    """Ends a connection to a computer that is not known, so that the user can be asked."""

    def __init__(self, hop: Hop) -> None:
        self._hop = hop

    def missing_host_key(self, _client: paramiko.SSHClient, _name: str, key: paramiko.PKey) -> None:
        raise UnknownHost(self._hop, key)


def _make_transport(sock: Any, **settings: Any) -> paramiko.Transport:
    """Prefer what costs least computing, and let enough be on its way for distant computers."""
    transport = paramiko.Transport(
        sock, default_window_size=WINDOW_BYTES, default_max_packet_size=PACKET_BYTES, **settings
    )
    options = transport.get_security_options()
    known = [name for name in options.ciphers if "cbc" not in name]
    options.ciphers = sorted(known, key=lambda name: name not in FAST_CIPHERS)
    return transport


def _keep_alive(transport: paramiko.Transport, closing: threading.Event) -> None:
    """Ask the other side now and then whether it is there; end the connection when it does not answer."""
    while transport.is_active() and not closing.is_set():
        patience_s = WOKEN_S if _slept(closing, PING_S) else ANSWER_S
        timer = threading.Timer(patience_s, transport.close)
        timer.daemon = True
        timer.start()
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            transport.global_request("keepalive@openssh.com", wait=True)
        timer.cancel()


def _slept(closing: threading.Event, seconds: float) -> bool:
    """Wait for some seconds; end early, and tell, when this computer slept meanwhile."""
    ahead, end = time.time() - time.monotonic(), time.monotonic() + seconds
    while time.monotonic() < end and not closing.wait(1.0):
        if time.time() - time.monotonic() - ahead > SLEPT_S:
            return True
    return False


def _feed(channel: paramiko.Channel, pieces: Iterable[bytes]) -> None:
    """Give a command its input; one that ends before it has read all is no failure of the way."""
    with contextlib.suppress(OSError):
        for piece in pieces:
            send(channel, piece)
        channel.shutdown_write()


def send(channel: paramiko.Channel, piece: bytes) -> None:
    """Send bytes. `Channel.sendall` copies the rest after every packet, which is quadratic."""
    rest = memoryview(piece)
    while rest:
        rest = rest[channel.send(rest) :]


def _files(hop: Hop) -> list[Path]:
    return [path for path in hop.keys if path.is_file()]


def _refusal(hop: Hop, error: Exception, secret: str | None) -> Refused:
    if secret is None and any(_is_locked(path) for path in _files(hop)):
        return SecretWanted(hop)
    return SignInFailed(hop, _said(error))


def _is_locked(path: Path) -> bool:
    """Tell whether a key file can be read with a password only."""
    try:
        paramiko.PKey.from_path(path)
    except (paramiko.PasswordRequiredException, TypeError):  # the latter from the library below
        return True
    except (OSError, ValueError, paramiko.SSHException):
        return False
    return False


def _said(error: BaseException) -> str:
    """Return an error's own words, without the full stop that ours will have."""
    return str(error).rstrip(".") or type(error).__name__
