"""The models of a user: what their trainings made. A model is known by the id of its job, and goes with it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from rvc.errors import InputError
from rvc.jobs import Job, LocalJobs, State

PARTS = ("model", "index")  # the artifacts that converting needs


class ModelFile(BaseModel):
    """A file of a model."""

    name: str = Field(examples=["Anna.safetensors"])
    size_bytes: int
    url: str = Field(examples=["/models/261120-093117-jvewmi/files/model"])


class Model(BaseModel):
    """A model that a training made."""

    id: str
    name: str
    owner: str
    created: datetime
    consent: str = Field("", description="who agreed to the use of the recordings, and how")
    files: dict[str, ModelFile] = Field(description="`model`, and `index` where there is one")
    scores: dict[str, Any] = Field({}, description="what its test said")


def models(jobs: LocalJobs) -> list[Model]:
    """Return all models of a queue, in the order of their making."""
    return [_describe(jobs, job) for job in jobs.jobs({State.DONE}) if "model" in job.artifacts]


def model(jobs: LocalJobs, model_id: str) -> Model:
    """Return one model. Raises `InputError` unknown_model."""
    return _describe(jobs, _job(jobs, model_id))


def model_file(jobs: LocalJobs, model_id: str, part: str = "model") -> Path:
    """Return where a part of a model lies. Raises `InputError` unknown_model, unknown_file."""
    job = _job(jobs, model_id)
    if part not in PARTS or part not in job.artifacts:
        raise InputError("unknown_file", f"The model {job.name} has no {part}.")
    return jobs.file(job.id, job.artifacts[part])


def _job(jobs: LocalJobs, model_id: str) -> Job:
    try:
        job = jobs.job(model_id)
    except InputError as error:
        raise _unknown(model_id) from error
    if job.state != State.DONE or "model" not in job.artifacts:
        raise _unknown(model_id)
    return job


def _unknown(model_id: str) -> InputError:
    return InputError("unknown_model", f"There is no model {model_id}.", "GET /models names them.")


def _describe(jobs: LocalJobs, job: Job) -> Model:
    sizes = {file.name: file.size_bytes for file in jobs.files(job.id)}
    files = {
        part: ModelFile(
            name=Path(job.artifacts[part]).name,
            size_bytes=sizes[job.artifacts[part]],
            url=f"/models/{job.id}/files/{part}",
        )
        for part in PARTS
        if job.artifacts.get(part) in sizes
    }
    return Model(
        id=job.id,
        name=job.name,
        owner=job.owner,
        created=job.ended or job.created,
        consent=str(job.spec.get("consent", "")),
        files=files,
        scores=job.summary,
    )
