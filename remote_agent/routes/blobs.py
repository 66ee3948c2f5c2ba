"""HEAD, PUT and GET /blobs/{sha256}: files that are uploaded once, in as many goes as it takes."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi import Path as PathParam
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from remote_agent.auth import REFUSALS, CurrentUser
from remote_agent.blobs import SHA256, Upload
from remote_agent.downloads import BINARY, download
from remote_agent.forms import PIECE_BYTES
from remote_agent.problems import Refusal, Responses, documented
from remote_agent.state import agent_of

router = APIRouter(prefix="/blobs", tags=["blobs"], responses={**REFUSALS, **documented(422, 500)})

CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")
OFFSET = "Upload-Offset"
Sha256 = Annotated[str, PathParam(pattern=rf"^{SHA256.pattern}$", description="of the whole file")]


class BlobAnswer(BaseModel):
    """How much of a blob is here."""

    sha256: str
    size_bytes: int = Field(description="what is here by now")
    complete: bool
    kept_until: datetime = Field(
        description="it is deleted then, unless a job uses it before; jobs have copies"
    )


OFFSET_HEADER = {OFFSET: {"description": "go on from here", "schema": {"type": "integer"}}}
UPLOADED: Responses = {
    200: {"description": "It was here already", "model": BlobAnswer},
    201: {"description": "It is whole and verified", "model": BlobAnswer},
    202: {"description": "A part has arrived", "model": BlobAnswer, "headers": OFFSET_HEADER},
}
BODY = {"requestBody": {"content": {BINARY: {"schema": {"type": "string", "format": "binary"}}}}}


@router.head(
    "/{sha256}",
    responses={404: {"description": "It is not whole: go on from Upload-Offset", "headers": OFFSET_HEADER}},
)
def standing(request: Request, user: CurrentUser, sha256: Sha256) -> Response:
    """Tell whether a blob is here (200), or from where to go on with its upload (404)."""
    found = agent_of(request).blobs.standing(user.name, sha256)
    headers = {OFFSET: str(found.size_bytes)}
    return Response(status_code=200 if found.complete else 404, headers=headers)


@router.get(
    "/{sha256}",
    response_class=FileResponse,
    responses=documented(404, 416) | {206: {"description": "A part"}},
)
def blob(request: Request, user: CurrentUser, sha256: Sha256) -> FileResponse:
    """Fetch a blob, or the part of it that `Range` asks for."""
    return download(agent_of(request).blobs.use(user.name, sha256))


@router.put(
    "/{sha256}",
    status_code=201,
    responses={**UPLOADED, **documented(408, 409, 413, 507)},
    openapi_extra=BODY,
)
async def upload(
    request: Request,
    response: Response,
    user: CurrentUser,
    sha256: Sha256,
    content_range: Annotated[
        str | None,
        Header(
            pattern=rf"^{CONTENT_RANGE.pattern}$", description="`bytes FIRST-LAST/SIZE`: go on with an upload"
        ),
    ] = None,
) -> BlobAnswer:
    """Upload a file under its SHA-256. When the way is cut, ask with HEAD where to go on, and send `Content-Range`."""
    blobs = agent_of(request).blobs
    found = await run_in_threadpool(blobs.standing, user.name, sha256)
    if found.complete:
        await run_in_threadpool(blobs.use, user.name, sha256)
        response.status_code = 200
        return _answer(request, sha256, found.size_bytes, complete=True)
    first, size = _range(request, content_range)
    receiving = await run_in_threadpool(blobs.receive, user.name, sha256, first, size)
    with receiving:
        await _receive(request, receiving)
        if size is not None and receiving.size_bytes < size:
            response.status_code = 202
            response.headers[OFFSET] = str(receiving.size_bytes)
            return _answer(request, sha256, receiving.size_bytes, complete=False)
        total = await run_in_threadpool(receiving.finish)
    return _answer(request, sha256, total, complete=True)


def _range(request: Request, content_range: str | None) -> tuple[int, int | None]:
    """Return where an upload begins, and how large the whole is, where that is known."""
    length = request.headers.get("content-length")
    if content_range is None:
        return 0, int(length) if length else None
    first, last, size = (int(part) for part in CONTENT_RANGE.fullmatch(content_range).groups())  # type: ignore[union-attr]
    if not first <= last < size:
        text = f"{content_range} is no part of a file."
        raise Refusal(422, "bad_range", text, "Write bytes FIRST-LAST/SIZE.", field="Content-Range")
    return first, size


async def _receive(request: Request, receiving: Upload) -> None:
    """Write a body down as it arrives; what has arrived stays when it breaks off."""
    pieces = bytearray()
    try:
        async for chunk in request.stream():
            pieces += chunk
            if len(pieces) >= PIECE_BYTES:
                await run_in_threadpool(receiving.write, bytes(pieces))
                pieces.clear()
    finally:
        await run_in_threadpool(receiving.write, bytes(pieces))


def _answer(request: Request, sha256: str, size: int, *, complete: bool) -> BlobAnswer:
    until = datetime.now(UTC) + timedelta(days=agent_of(request).settings.blob_days)
    return BlobAnswer(sha256=sha256, size_bytes=size, complete=complete, kept_until=until)
