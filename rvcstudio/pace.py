"""How long a training will take and when it would start, told from trainings that a computer has done."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from rvc.config import PRESETS, Architecture
from rvcstudio.hub import Address, JobHub

if TYPE_CHECKING:
    from rvc.jobs import Job

NEWEST = 5  # trainings that count
LITE_RATES_HZ = (24000,)  # at which there is no other architecture


@dataclass(frozen=True, slots=True)
class Queue:
    """What is before a new job on a computer; `seconds` is None where one of the jobs says nothing of its end."""

    jobs: int
    seconds: float | None


def architecture_of(job: "Job") -> Architecture:
    """Return what a training has trained, as its settings and its devices say."""
    asked = job.spec.get("train", {}).get("architecture")
    if asked in PRESETS:
        return "v2" if asked == "v2" else "lite"
    rate = job.spec.get("prepare", {}).get("rate")
    return "lite" if rate in LITE_RATES_HZ or (rate is None and job.devices == ["cpu"]) else "v2"


def clip_seconds(jobs: "Iterable[Job]", architecture: Architecture) -> float | None:
    """Return how long a clip of a batch takes, from the newest trainings of an architecture; None without any."""
    found = []
    for job in sorted(jobs, key=lambda one: one.number, reverse=True):
        pace = _clip_seconds(job) if architecture_of(job) == architecture else None
        if pace is not None:
            found.append(pace)
    return median(found[:NEWEST]) if found else None


def _clip_seconds(job: "Job") -> float | None:
    if job.kind != "train" or str(job.state) != "done":
        return None
    steps, seconds = job.summary.get("steps"), job.summary.get("seconds")
    if not isinstance(steps, int) or not isinstance(seconds, int | float) or steps < 1:
        return None
    train = job.spec.get("train", {})
    preset = PRESETS[architecture_of(job)].get(train.get("preset", ""), PRESETS["v2"]["standard"])
    return seconds / (steps * (train.get("batch_size") or preset.batch_size))


def preset_seconds(architecture: Architecture, clip_s: float) -> dict[str, float]:
    """Return how long every preset takes."""
    presets = PRESETS[architecture].items()
    return {name: preset.steps * preset.batch_size * clip_s for name, preset in presets}


def likely_architecture(jobs: "Iterable[Job]") -> Architecture | None:
    """Return what a computer trains when it may choose, as its newest training of that kind shows."""
    free = [
        job
        for job in jobs
        if job.kind == "train"
        and job.devices
        and job.spec.get("train", {}).get("architecture") is None
        and job.spec.get("prepare", {}).get("rate") is None
    ]
    return architecture_of(max(free, key=lambda job: job.number)) if free else None


def queue(hub: JobHub, computer: str) -> Queue:
    """Return what waits and runs on a computer now."""
    ends = [
        hub.left_s(address) if str(job.state) in ("running", "pausing") else job.ends_in_s
        for address, job in on(hub, computer).items()
        if str(job.state) in ("running", "pausing", "queued")
    ]
    known = [end for end in ends if end is not None]
    return Queue(len(ends), max(known, default=0.0) if len(known) == len(ends) else None)


def on(hub: JobHub, computer: str) -> "dict[Address, Job]":
    """Return the jobs of a computer."""
    return {address: job for address, job in hub.jobs().items() if address.computer == computer}
