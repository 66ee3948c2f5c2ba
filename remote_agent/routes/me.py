"""What the agent has of the one who asks, and how to have it removed."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from remote_agent.auth import REFUSALS, CurrentUser
from remote_agent.erasure import KEPT, Erasure, erase
from remote_agent.problems import documented
from remote_agent.state import agent_of
from remote_agent.users import Role
from rvc.jobs import ENDED

router = APIRouter(prefix="/me", tags=["me"], responses={**REFUSALS, **documented(500, 503)})


class Retention(BaseModel):
    """How long things are kept, in days."""

    blob_days: float = Field(description="uploaded blobs, after their last use")
    work_days: float = Field(description="checkpoints and prepared clips, after the job's end")
    job_days: float = Field(description="recordings, results and models, after the job's end")


class Use(BaseModel):
    """What is used of what is allowed."""

    used: int
    limit: int


class Me(BaseModel):
    """Who you are here."""

    name: str
    role: Role
    jobs: Use = Field(description="that have not ended")
    job_bytes: Use
    blob_bytes: Use
    retention: Retention


@router.get("")
def me(request: Request, user: CurrentUser) -> Me:
    """Tell who you are, what you use, and how long it is kept."""
    agent = agent_of(request)
    settings, jobs = agent.settings, agent.queues.of(user.name).jobs()
    return Me(
        name=user.name,
        role=user.role,
        jobs=Use(used=sum(job.state not in ENDED for job in jobs), limit=settings.jobs),
        job_bytes=Use(used=sum(job.size_bytes for job in jobs), limit=settings.limits.total_bytes or 0),
        blob_bytes=Use(used=agent.blobs.usage(user.name), limit=settings.blobs_bytes),
        retention=Retention(
            blob_days=settings.blob_days, work_days=settings.work_days, job_days=settings.job_days
        ),
    )


@router.delete("/data")
async def erase_me(request: Request, user: CurrentUser) -> Erasure:
    """Remove everything of yours: jobs, recordings, models, uploads. Jobs that run are cancelled."""
    return Erasure(removed=await erase(agent_of(request), user), kept=KEPT)
