"""The gate that every request passes: limits on its body, headers that keep browsers careful, the audit log."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import MutableMapping
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from remote_agent.numbers import Numbers
from remote_agent.problems import Refusal, answer, bug
from remote_agent.settings import AgentSettings

log = logging.getLogger(__name__)

AUDIT_BYTES = 10 << 20
AUDIT_FILES = 10
FORM_SLACK_BYTES = 1 << 20  # of a multipart body over its files
CLIENT_GONE = 499  # in the log only
UNLISTED = {"/health", "/docs", "/docs/style.css", "/openapi.json", "/metrics"}  # say nothing about anybody

CLOSED = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": CLOSED,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class AuditFile(RotatingFileHandler):
    """A log file that a full disk costs entries, but no request and no end of the agent."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        log.warning("the audit log cannot be written: %s is missing in it", record.msg)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            super().close()


def open_audit(home: Path) -> logging.Handler:
    """Open the audit log: one JSON object for every request, in files that only this system's user can read."""
    path = home / "audit.jsonl"
    path.touch(mode=0o600)
    handler = AuditFile(path, maxBytes=AUDIT_BYTES, backupCount=AUDIT_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    return handler


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(
        self, app: ASGIApp, settings: AgentSettings, numbers: Numbers, audit: logging.Handler
    ) -> None:
        self._app = app
        self._settings = settings
        self._numbers = numbers
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        passage = Passage(scope, receive, send, self._settings, self._numbers)
        try:
            await passage.go(self._app)
        finally:
            self._note(scope, passage)

    def _note(self, scope: Scope, passage: "Passage") -> None:
        seconds = time.monotonic() - passage.began
        route = getattr(scope.get("route"), "path", "unknown")
        self._numbers.count((scope["method"], route, str(passage.status)), seconds)
        if scope["path"] in UNLISTED and passage.status < 400:
            return
        client = scope.get("client")
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "user": scope["state"].get("user"),
            "address": client[0] if client else None,
            "method": scope["method"],
            "path": scope["path"],
            "status": passage.status,
            "received_bytes": passage.received_bytes,
            "sent_bytes": passage.sent_bytes,
            "seconds": round(seconds, 3),
        }
        line = json.dumps(entry, ensure_ascii=False)
        self._audit.handle(logging.LogRecord("audit", logging.INFO, "", 0, line, None, None))


class Passage:
    """One request on its way through the gate."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, settings: AgentSettings, numbers: Numbers
    ) -> None:
        self.began = time.monotonic()
        self.status = 0
        self.received_bytes = 0
        self.sent_bytes = 0
        self._scope = scope
        self._receive = receive
        self._send = send
        self._settings = settings
        self._numbers = numbers
        self._most_bytes = settings.upload_bytes + FORM_SLACK_BYTES
        self._whole = False

    async def go(self, app: ASGIApp) -> None:
        """Let the request in, unless it says itself that it is too large."""
        try:
            self._check(_declared_bytes(self._scope))
            await app(self._scope, self.receive, self.send)
        except Refusal as refusal:
            await answer(refusal.problem, refusal.headers)(self._scope, self._receive, self.send)
        except ClientDisconnect:
            self.status = CLIENT_GONE
        except Exception as error:
            if self.status:
                raise  # too late to say anything: the connection is cut
            await bug(error)(self._scope, self._receive, self.send)

    def _check(self, size: int) -> None:
        if size > self._most_bytes:
            most = self._settings.upload_bytes / 1e6
            raise Refusal(
                413, "too_large", f"A request may have {most:.0f} MB at most.", "Send less at once."
            )

    async def receive(self) -> Message:
        """Receive a piece of the body within the time that it may take; wait for the client's end as long as it is."""
        if self._whole:
            return await self._receive()
        left_s = self._settings.request_s - (time.monotonic() - self.began)
        try:
            message = await asyncio.wait_for(self._receive(), min(self._settings.idle_s, max(left_s, 0.0)))
        except TimeoutError as error:
            headers = {"Connection": "close"}
            raise Refusal(408, "too_slow", "The request took too long to arrive.", headers=headers) from error
        self._take(message)
        return message

    def _take(self, message: Message) -> None:
        size = len(message.get("body", b""))
        self.received_bytes += size
        self._numbers.received_bytes += size
        self._check(self.received_bytes)
        self._whole = message["type"] == "http.disconnect" or not message.get("more_body", False)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": _with_headers(message)}
        else:
            self.sent_bytes += len(message.get("body", b""))
            self._numbers.sent_bytes += len(message.get("body", b""))
        await self._send(message)


def _declared_bytes(scope: Scope) -> int:
    values = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(values[0]) if values and values[0].isdigit() else 0


def _with_headers(message: MutableMapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """Add the headers that an endpoint did not set itself."""
    given = list(message.get("headers", []))
    known = {name.lower() for name, _ in given}
    return given + [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in known]
