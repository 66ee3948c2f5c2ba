"""Sends files: whole, or the part that `Range` asks for, with constant memory, and their hash for who wants it."""

import base64
import hashlib
from pathlib import Path

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

BINARY = "application/octet-stream"
DIGEST = "sha-256"


class Download(FileResponse):
    """A file that tells what it is as a whole, so that one that came in parts can be verified (RFC 9530)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if DIGEST in Headers(scope=scope).get("want-repr-digest", ""):
            digest = await run_in_threadpool(_hash, Path(self.path))
            self.headers["repr-digest"] = f"{DIGEST}=:{base64.b64encode(digest).decode()}:"
        await super().__call__(scope, receive, send)


def download(path: Path) -> FileResponse:
    """Send a file as something to save: nothing that a user made is shown as a page of the agent's own."""
    return Download(path, media_type=BINARY, filename=path.name)


def _hash(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
