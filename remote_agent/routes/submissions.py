"""POST /model/train, /model/convert, /model/evaluate, and /jobs for every kind."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from remote_agent.answers import JobAnswer, job_answer
from remote_agent.auth import REFUSALS, CurrentUser
from remote_agent.problems import documented
from remote_agent.submissions import FORM_TYPE, JSON_TYPE, KEY_PATTERN, Submission, submit

router = APIRouter(
    tags=["submit"], responses={**REFUSALS, **documented(404, 408, 409, 413, 415, 422, 500, 503, 507)}
)

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", pattern=KEY_PATTERN, description="a request sent again gives the same job"
    ),
]

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
EXAMPLES: dict[str, dict[str, Any]] = {
    "train": {
        "spec": {"name": "Anna", "train": {"preset": "draft"}, "consent": "Anna, in writing, 2026-11-20"},
        "inputs": {"recordings": [{"blob": HASH, "name": "take 1.flac"}]},
    },
    "convert": {
        "spec": {"convert": {"pitch_shift": "auto"}},
        "inputs": {
            "model": [{"model": "261120-093117-jvewmi"}],
            "recordings": [{"blob": HASH, "name": "song.flac"}],
        },
    },
    "evaluate": {
        "spec": {"evaluate": {"max_clips": 10}},
        "inputs": {
            "model": [{"model": "261120-093117-jvewmi"}],
            "recordings": [{"blob": HASH, "name": "held out.flac"}],
        },
    },
}
FORM_SCHEMA = {
    "type": "object",
    "description": "Files by what they are to the job, and settings by their names, such as train.steps.",
    "properties": {
        "recordings": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "model": {"type": "string", "description": "a file, or model:ID of one on the agent"},
        "spec": {"type": "string", "description": "all settings as JSON"},
        "name": {"type": "string"},
        "consent": {"type": "string", "description": "who agreed to the use of the recordings, and how"},
    },
    "additionalProperties": {"type": "string"},
}


def _body(kind: str | None) -> dict[str, Any]:
    """Document a body that is read as it streams in."""
    example = EXAMPLES[kind or "train"]
    if kind is None:
        example = {**example, "spec": {"kind": "train", **example["spec"]}}
    content = {
        FORM_TYPE: {"schema": FORM_SCHEMA},
        JSON_TYPE: {"schema": Submission.model_json_schema(), "example": example},
    }
    return {"requestBody": {"required": True, "content": content}}


@router.post("/model/train", status_code=202, openapi_extra=_body("train"))
async def train(request: Request, response: Response, user: CurrentUser, key: Key = None) -> JobAnswer:
    """Train a voice: prepare recordings, train, build the index, and test, in one job.

    `curl -H "Authorization: Bearer $TOKEN" -F recordings=@take.flac -F name=Anna localhost:8765/model/train`
    """
    return _accepted(request, response, await submit(request, user, "train", key))


@router.post("/model/convert", status_code=202, openapi_extra=_body("convert"))
async def convert(request: Request, response: Response, user: CurrentUser, key: Key = None) -> JobAnswer:
    """Convert recordings with a model: a file, a blob, or `model:ID` of one that was trained here.

    `curl -H "Authorization: Bearer $TOKEN" -F recordings=@song.flac -F model=model:ID localhost:8765/model/convert`
    """
    return _accepted(request, response, await submit(request, user, "convert", key))


@router.post("/model/evaluate", status_code=202, openapi_extra=_body("evaluate"))
async def evaluate(request: Request, response: Response, user: CurrentUser, key: Key = None) -> JobAnswer:
    """Test a model on recordings of its voice."""
    return _accepted(request, response, await submit(request, user, "evaluate", key))


@router.post("/jobs", status_code=202, openapi_extra=_body(None))
async def submit_any(request: Request, response: Response, user: CurrentUser, key: Key = None) -> JobAnswer:
    """Submit a job of the kind that its spec names."""
    return _accepted(request, response, await submit(request, user, None, key))


def _accepted(request: Request, response: Response, job: Any) -> JobAnswer:
    response.headers["Location"] = f"/jobs/{job.id}"
    return job_answer(request, job)
