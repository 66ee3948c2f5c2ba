"""The status page: a few files of our own, and a policy under which a browser runs and loads nothing else."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from remote_agent.problems import Refusal
from remote_agent.state import agent_of
from rvc import paths

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript"}
PAGE = "page.html"
PARTS = frozenset({"page.css", "page.js", "agent.js", "chart.js", "words.js"})

router = APIRouter(include_in_schema=False)


@router.get("/")
def page(request: Request) -> FileResponse:
    """Show the page. It holds no data: those it fetches with the token that its reader types."""
    return _file(request, PAGE)


@router.get("/page/{name}")
def part(request: Request, name: str) -> FileResponse:
    """Return a script or the style sheet of the page."""
    if name not in PARTS:
        raise _missing()
    return _file(request, name)


def _file(request: Request, name: str) -> FileResponse:
    if not agent_of(request).settings.page:
        raise _missing()
    media_type = TYPES[name.rpartition(".")[2]]
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return FileResponse(paths.resource(f"agent/{name}"), media_type=media_type, headers=headers)


def _missing() -> Refusal:
    return Refusal(404, "not_found", "There is nothing here.", "See /docs for what there is.")
