"""Sends files: whole, or the part that `Range` asks for, with constant memory."""

from pathlib import Path

from fastapi.responses import FileResponse

BINARY = "application/octet-stream"


def download(path: Path) -> FileResponse:
    """Send a file as something to save: nothing that a user made is shown as a page of the agent's own."""
    return FileResponse(path, media_type=BINARY, filename=path.name)
