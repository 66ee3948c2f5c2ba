"""A mail server and a webhook receiver on this machine, real ones, that fail in the way and order a test asks for."""

import base64
import contextlib
import email
import email.policy
import json
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest

STALL_S = 30.0

S = TypeVar("S", "MailServer", "HookServer")


def free_port() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Script:
    """What a server does with one try after the other; after the last it does all that is asked."""

    faults: list[str] = field(default_factory=list)
    tries: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> str:
        with self.lock:
            self.tries += 1
            return self.faults.pop(0) if self.faults else "accept"

    def stall(self) -> None:
        self.over.wait(STALL_S)


@dataclass(frozen=True)
class Certificate:
    """A certificate of this machine, signed by itself, and its key."""

    cert: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Return what a server needs to show it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


def make_certificate(folder: Path, names: str = "DNS:localhost,IP:127.0.0.1") -> Certificate:
    """Make a certificate for hosts by openssl; skips the test where there is none."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl")
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    files = ["-addext", f"subjectAltName={names}", "-keyout", str(made.key), "-out", str(made.cert)]
    subprocess.run(["openssl", "req", *kind, *files], check=True, capture_output=True)
    return made


class MailServer(socketserver.ThreadingTCPServer):
    """SMTP as far as handing over a message goes (RFC 5321), in clear text, in TLS, or with STARTTLS.

    Faults: 451, stall, drop, drop-after, bad-bye. With a `login` it takes nothing from those who do not know it.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self,
        port: int = 0,
        faults: list[str] | None = None,
        security: Literal["none", "tls", "starttls"] = "none",
        certificate: Certificate | None = None,
        login: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", port), MailHandler)
        self.script = Script(faults or [])
        self.security = security
        self.context = certificate.context() if certificate else None
        self.login = login
        self.received: list[EmailMessage] = []
        self.said: list[str] = []
        """Every command, and whether it came through TLS."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class MailHandler(socketserver.StreamRequestHandler):
    """One conversation."""

    server: MailServer

    def handle(self) -> None:
        fault = self.server.script.next()
        self._known = self.server.login is None
        with contextlib.suppress(OSError):
            if self.server.security == "tls":
                self._begin_tls()
            self._say("220 here")
            while line := self.rfile.readline():
                words = line.decode().split()
                way = "tls" if isinstance(self.connection, ssl.SSLSocket) else "clear"
                self.server.said.append(f"{words[0].upper()} {way}")
                if not self._answer(words, fault):
                    return

    def _begin_tls(self) -> None:
        assert self.server.context is not None
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)

    def finish(self) -> None:
        with contextlib.suppress(OSError):  # the way may be cut
            super().finish()
        self.connection.close()

    def _answer(self, words: list[str], fault: str) -> bool:
        """Answer a command; tell whether the conversation goes on."""
        command = words[0].upper()
        if command == "EHLO":
            offers = ["AUTH PLAIN"] if self.server.login else []
            offers += ["STARTTLS"] if self.server.security == "starttls" else []
            *first, last = "here", *offers
            self._say("".join(f"250-{one}\r\n" for one in first) + f"250 {last}")
        elif command == "STARTTLS" and self.server.security == "starttls":
            self._say("220 go on")
            self._begin_tls()
        elif command == "AUTH":
            self._known = self._check(words)
            self._say("235 welcome" if self._known else "535 unknown")
        elif command == "MAIL" and not self._known:
            self._say("530 who are you")
        elif command == "RCPT" and fault == "451":
            self._say("451 later")
        elif command == "RCPT" and fault == "stall":
            self.server.script.stall()
        elif command == "DATA" and fault == "drop":
            return False
        elif command == "DATA":
            self._take()
            self._say("250 taken")
            return fault != "drop-after"
        elif command == "QUIT":
            self._say("421 tired" if fault == "bad-bye" else "221 bye")
            return False
        else:
            self._say("250 fine")
        return True

    def _check(self, words: list[str]) -> bool:
        """Tell whether a login is right, as AUTH PLAIN sends it (RFC 4616)."""
        given = base64.b64decode(words[2]).decode().split("\0")
        return tuple(given[1:]) == self.server.login

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.received.append(mail)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@dataclass(frozen=True)
class Call:
    """A request that a webhook receiver took."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


class HookServer(ThreadingHTTPServer):
    """A webhook receiver. Faults: 500, stall, drop, drip, redirect."""

    daemon_threads = True

    def __init__(self, faults: list[str] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), HookHandler)
        self.script = Script(faults or [])
        self.received: list[Call] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?room=1"


class HookHandler(BaseHTTPRequestHandler):
    """One request."""

    server: HookServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.server.script.next()
        match fault:
            case "500":
                self._end(500)
            case "redirect":
                self._end(307, {"Location": self.path})
            case "stall":
                self.server.script.stall()
            case "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
            case "drip":
                self._drip()
            case _:
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.server.received.append(Call(self.path, headers, body))
                self._end(204)

    def _end(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def _drip(self) -> None:
        """Send header after header, always soon enough for a limit on silence."""
        with contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 fine\r\n")
            while not self.server.script.over.wait(0.1):
                self.wfile.write(b"X-More: to come\r\n")

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@contextlib.contextmanager
def serving(server: S) -> Iterator[S]:
    """Serve until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.script.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
