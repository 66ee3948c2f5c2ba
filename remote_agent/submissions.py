"""From a request to a job: its settings, and its files by what they are to the job."""

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from remote_agent.blobs import SHA256
from remote_agent.forms import Form, read_form, safe_name
from remote_agent.models import model_file
from remote_agent.problems import Refusal
from remote_agent.state import Agent, agent_of
from remote_agent.users import User, make_private
from rvc import demands
from rvc.errors import InputError
from rvc.jobs import Job, LocalJobs, Spec
from rvc.jobs import kinds as tables

JSON_BYTES = 8 << 20
MOST_DEPTH = 8
KEY_PATTERN = r"^[\x21-\x7e]{1,200}$"
FORM_TYPE = "multipart/form-data"
JSON_TYPE = "application/json"

Name = Annotated[str, Field(min_length=1, max_length=500)]


class Given(BaseModel):
    """Base of all ways to name an input."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GivenBlob(Given):
    """An uploaded blob; its name tells what kind of file it is."""

    blob: str = Field(pattern=rf"^{SHA256.pattern}$")
    name: Name = "input"


class GivenModel(Given):
    """A model on the agent, by its id; its index comes with it."""

    model: Name


class GivenFolder(Given):
    """Blobs in a folder; a `/` in a name makes folders in it."""

    folder: Name
    files: list[GivenBlob]


class Submission(BaseModel):
    """A job in JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spec: dict[str, Any] = Field({}, description="settings, as in docs/jobs.md")
    inputs: dict[str, list[GivenBlob | GivenModel | GivenFolder]] = Field(
        {}, description="blobs, models and folders, by what they are to the job"
    )


async def submit(request: Request, user: User, kind: str | None, key: str | None) -> Job:
    """Queue the job that a request describes; of `kind`, or of the kind that it names itself."""
    agent = agent_of(request)
    async with _staging(agent, user) as folder:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type == FORM_TYPE:
            form = await read_form(request, folder, agent.settings.files)
            order = _order_of_form(form)
        elif media_type == JSON_TYPE:
            order = _Order(*_parse_json(await _body(request)), {})
        else:
            raise Refusal(415, "bad_media_type", f"A job comes as {FORM_TYPE} or {JSON_TYPE}.", "See /docs.")
        return await run_in_threadpool(_submit, agent, user, kind, key, order, folder)


@contextlib.asynccontextmanager
async def _staging(agent: Agent, user: User) -> AsyncIterator[Path]:
    """Yield a private folder of a user that is gone with the request."""
    make_private(agent.settings.home / "staging")
    folder = make_private(agent.settings.home / "staging" / user.name) / uuid.uuid4().hex
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)


async def _body(request: Request) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > JSON_BYTES:
            raise Refusal(
                413, "too_large", f"JSON may have {JSON_BYTES} bytes at most.", "PUT files to /blobs."
            )
    return bytes(data)


@dataclass(frozen=True, slots=True)
class _Order:
    """What a request asks for: settings, references, and files that came with it."""

    spec: dict[str, Any]
    references: Mapping[str, Sequence[Given]]
    files: Mapping[str, Sequence[Path]]


def _parse_json(data: bytes) -> tuple[dict[str, Any], Mapping[str, Sequence[Given]]]:
    try:
        submission = Submission.model_validate_json(data)
    except ValidationError as error:
        raise _bad_submission(error) from error
    return submission.spec, submission.inputs


def _bad_submission(error: ValidationError) -> Refusal:
    fault = demands.fault(error, Submission)
    place = ".".join(fault.place)
    text = fault.sentence(place or "The body")
    return Refusal(422, "bad_submission", text, "See /docs.", field=place or None)


def _order_of_form(form: Form) -> _Order:
    """Tell apart what a form's texts are: `spec` is JSON, `blob:...` and `model:...` are inputs, others settings."""
    spec = _spec_of(form.texts.pop("spec", []))
    references: dict[str, list[Given]] = {}
    for name, texts in form.texts.items():
        for text in texts:
            if text.startswith(("blob:", "model:")):
                references.setdefault(name, []).append(_reference(name, text))
            else:
                _set(spec, name, text)
    return _Order(spec, references, form.files)


def _spec_of(texts: list[str]) -> dict[str, Any]:
    spec: dict[str, Any] = {}
    for text in texts:
        try:
            data = json.loads(text)
        except ValueError as error:
            raise Refusal(422, "bad_spec", f"spec is no JSON: {error}.", field="spec") from error
        if not isinstance(data, dict):
            raise Refusal(422, "bad_spec", "spec is no JSON object.", field="spec")
        spec |= data
    return spec


def _reference(name: str, text: str) -> Given:
    """Read `blob:SHA256/NAME` or `model:ID`."""
    kind, _, value = text.partition(":")
    try:
        if kind == "model":
            return GivenModel(model=value)
        sha256, _, called = value.partition("/")
        return GivenBlob(blob=sha256, name=called or "input")
    except ValidationError as error:
        hint = "Write blob:SHA256/NAME or model:ID."
        raise Refusal(422, "bad_reference", f"{name}: {text} names no file.", hint, field=name) from error


def _set(spec: dict[str, Any], name: str, text: str) -> None:
    """Put a setting named like `train.steps` into its place."""
    *groups, last = name.split(".")
    place = spec
    for group in groups[:MOST_DEPTH]:
        place = place.setdefault(group, {})
        if not isinstance(place, dict):
            raise Refusal(422, "bad_spec", f"{name}: {group} is a value, not a group.", field=name)
    place[last] = text


def _submit(agent: Agent, user: User, kind: str | None, key: str | None, order: _Order, folder: Path) -> Job:
    jobs = agent.queues.of(user.name)
    spec = _parse(agent, order.spec, kind)
    inputs = {role: list(paths) for role, paths in order.files.items()}
    for role, references in order.references.items():
        places = inputs.setdefault(role, [])
        for number, reference in enumerate(references, 1):
            place = folder / f"{safe_name(role)}-{number:05d}"
            places.append(_stage(agent, jobs, user, reference, place))
    job = jobs.submit(spec, inputs, key=key)
    if job.kind != spec.kind:
        text = f"The key was used for the {job.kind} job {job.id}."
        raise Refusal(409, "key_used", text, "Use a new key for another job.", field="Idempotency-Key")
    return job


def _parse(agent: Agent, data: Mapping[str, Any], kind: str | None) -> Spec:
    table = tables.load(agent.settings.kinds_module)
    if kind is not None and data.get("kind", kind) != kind:
        text = f"A job of the kind {data['kind']} was sent where {kind} jobs are taken."
        raise Refusal(422, "wrong_kind", text, "Send it to its own address, or to /jobs.", field="kind")
    return tables.parse(table, data if kind is None else {**data, "kind": kind})


def _stage(agent: Agent, jobs: LocalJobs, user: User, given: Given, place: Path) -> Path:
    """Return where an input lies that is on the agent already; a blob gets its name in a folder of the request."""
    match given:
        case GivenModel():
            return model_file(jobs, given.model)
        case GivenFolder():
            top = place / _safe_parts(given.folder)[-1]
            for file in given.files:
                _link(agent.blobs.use(user.name, file.blob), top.joinpath(*_safe_parts(file.name)))
            top.mkdir(parents=True, exist_ok=True)  # an empty folder is one too
            return top
        case GivenBlob():
            path = place / safe_name(given.name)
            _link(agent.blobs.use(user.name, given.blob), path)
            return path
    raise InputError("unknown_input", "This kind of input is not known.")  # pragma: no cover - a closed union


def _safe_parts(name: str) -> list[str]:
    """Return the folders and the file of a relative name, each made safe, and not too deep."""
    parts = [safe_name(part) for part in name.split("/") if part not in ("", ".", "..")]
    return parts[-MOST_DEPTH:] or ["input"]


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise InputError("same_name", f"Two files are called {target.name}.", "Give them different names.")
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)
