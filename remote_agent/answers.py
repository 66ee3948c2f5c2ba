"""A job as the agent tells it: with how long it stays here."""

from datetime import datetime, timedelta

from fastapi import Request
from pydantic import Field

from remote_agent.state import agent_of
from rvc.jobs import Job


class JobAnswer(Job):
    """A job, and how long it and all that belongs to it are kept."""

    keep_days: float = Field(description="so long after its end, recordings, results and model are deleted")
    kept_until: datetime | None = Field(None, description="of a job that has ended")


def job_answer(request: Request, job: Job) -> JobAnswer:
    """Say how long a job is kept."""
    days = min(agent_of(request).settings.job_days, job.spec.get("keep_days") or float("inf"))
    until = job.ended + timedelta(days=days) if job.ended else None
    return JobAnswer.model_construct(**dict(job), keep_days=days, kept_until=until)
