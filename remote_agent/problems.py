"""Errors as `application/problem+json` (RFC 9457): a stable code, one sentence, the field at fault, and what to do."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from rvc import demands
from rvc.errors import Error, InputError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_S = 5
Responses = dict[int | str, dict[str, Any]]
"""What an endpoint answers, by status, for its documentation."""

BUG = "This is a bug in RVC Studio; the agent's log says more."

STATUSES = {
    "unknown_job": 404,
    "unknown_file": 404,
    "unknown_model": 404,
    "unknown_blob": 404,
    "unknown_user": 404,
    "wrong_state": 409,
    "nothing_to_finish": 409,
    "wrong_offset": 409,
    "upload_in_progress": 409,
    "too_large": 413,
    "quota_exceeded": 413,
    "too_many_jobs": 429,
    "disk_full": 507,
    "jobs_run_on": 503,
    "queue_busy": 503,
    "queue_restored": 503,
}


class Problem(BaseModel):
    """What went wrong, and how to mend it."""

    type: str = Field(examples=["urn:rvc-studio:problem:unknown_job"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no job 261120-093117-jvewmi."])
    code: str = Field(examples=["unknown_job"], description="stable; programs and translations go by it")
    hint: str = Field("", description="what to do next")
    field: str | None = Field(None, description="the part of the request at fault, such as train.steps")


class Refusal(Exception):  # noqa: N818 - the HTTP side of `Error`: not every refusal is one
    """A request that is answered with a problem of a given status."""

    def __init__(
        self,
        status: int,
        code: str,
        text: str,
        hint: str = "",
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.headers = dict(headers or {})
        self.problem = _problem(status, code, text, hint, field)


def _problem(status: int, code: str, text: str, hint: str = "", field: str | None = None) -> Problem:
    return Problem(
        type=f"urn:rvc-studio:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=text,
        code=code,
        hint=hint,
        field=field,
    )


def documented(*statuses: int) -> Responses:
    """Return how these statuses look, for an endpoint's documentation."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Send a problem."""
    return Response(problem.model_dump_json(), problem.status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every failure with a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(Error, _failed)
    app.add_exception_handler(RequestValidationError, _misunderstood)
    app.add_exception_handler(HTTPException, _http)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return answer(error.problem, error.headers)


async def _failed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Error)
    status = STATUSES.get(error.code, 422 if isinstance(error, InputError) else 500)
    headers = {"Retry-After": str(RETRY_S)} if status in (429, 503) else {}
    return answer(_problem(status, error.code, error.text, error.hint, _field(error)), headers)


def _field(error: Error) -> str | None:
    """Name the setting that a validation found at fault."""
    if isinstance(error.__cause__, ValidationError):
        return _place(error.__cause__.errors()[0]["loc"])
    return None


async def _misunderstood(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fault = demands.fault_of(error.errors()[0])
    place = _place(fault.place[1:]) or _place(fault.place)
    return answer(_problem(422, "bad_request", fault.sentence(place), "See /docs for what is taken.", place))


def _place(parts: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in parts)


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # FastAPI's word for bytes that are no text
        return answer(_problem(422, "bad_request", "The body is no JSON in UTF-8.", "See /docs.", "body"))
    code = HTTPStatus(error.status_code).name.lower()
    problem = _problem(error.status_code, code, f"{error.detail}.", "See /docs for what there is.")
    return answer(problem, error.headers)


def bug(error: Exception) -> Response:
    """Answer what nobody expected, and leave its traceback in the log."""
    log.error("a request failed", exc_info=error)
    return answer(_problem(500, "bug", BUG))
