"""The models that a user's trainings made: list, download, delete."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from remote_agent import models
from remote_agent.auth import REFUSALS, CurrentUser
from remote_agent.downloads import download
from remote_agent.models import Model
from remote_agent.problems import documented
from remote_agent.routes.jobs import FILE, queue_of
from remote_agent.state import agent_of

router = APIRouter(
    prefix="/models", tags=["models"], responses={**REFUSALS, **documented(404, 422, 500, 503)}
)


@router.get("")
def list_models(request: Request, user: CurrentUser) -> list[Model]:
    """List your models; an administrator sees everybody's."""
    return models.models(queue_of(request, user))


@router.get("/{model_id}")
def model(request: Request, user: CurrentUser, model_id: str) -> Model:
    """Look at a model."""
    return models.model(queue_of(request, user), model_id)


@router.get("/{model_id}/files/{part}", response_class=FileResponse, responses=FILE | documented(416))
def file(request: Request, user: CurrentUser, model_id: str, part: Literal["model", "index"]) -> FileResponse:
    """Download a model or its index."""
    return download(models.model_file(queue_of(request, user), model_id, part))


@router.delete("/{model_id}", status_code=204)
def remove(request: Request, user: CurrentUser, model_id: str) -> None:
    """Delete a model with the job that made it, its recordings and its results."""
    found = models.model(queue_of(request, user), model_id)
    agent_of(request).queues.of(found.owner).remove(found.id)
