"""A kind of job for tests: it counts. Real processes, real files, real checkpoints; only the work is small."""

import os
import signal
import time
from pathlib import Path
from typing import Literal

from pydantic import Field

from rvc import paths
from rvc.errors import InputError
from rvc.events import Checkpoint, Done, Reporter
from rvc.jobs.kinds import Kind, Role
from rvc.jobs.locks import Lock
from rvc.jobs.record import PhasePlan
from rvc.jobs.spec import Spec
from rvc.jobs.workshop import Workshop

MODULE = "tests.jobs_kinds"


class CountSpec(Spec):
    """Count to `steps`, writing every number down."""

    kind: Literal["count", "warm-count", "plain-count"] = "count"
    steps: int = Field(3, ge=0)
    step_s: float = 0.01
    killed_at: list[int] = []  # noqa: RUF012 - a field
    fails: bool = False
    stubborn: bool = False
    disk_bytes: int = 0
    prints: str = ""


def count(workshop: Workshop, spec: CountSpec, reporter: Reporter) -> Done:
    """Count on from the checkpoint; `ledger` has a line for every step that was ever taken."""
    if spec.prints:
        print(spec.prints, flush=True)  # noqa: T201 - what a library might print
    if spec.fails:
        raise InputError("bad_number", "There is no such number.", "Choose another.")
    alone = Lock(workshop.folder.path.parent / "counting")
    if not alone.acquire():  # this machine has one slot, and a job one worker
        workshop.work("TWO_AT_ONCE").touch()
    try:
        steps = _count(workshop, spec, reporter)
    finally:
        alone.release()
    paths.write_text(workshop.result("result.txt"), str(steps))
    return Done(artifacts={"result": "result.txt"}, summary={"pid": os.getpid(), "steps": steps})


def _count(workshop: Workshop, spec: CountSpec, reporter: Reporter) -> int:
    """Count until the end, or until it is enough; return how far that was."""
    place = workshop.work("checkpoint")
    start = read_step(place)
    with reporter.phase("count", spec.steps, start) as phase:
        for step in range(start + 1, spec.steps + 1):
            time.sleep(spec.step_s)
            with workshop.work("ledger").open("a", encoding="utf-8") as ledger:
                ledger.write(f"{step}\n")
            if step in spec.killed_at and _first_time(workshop, step):
                os.kill(os.getpid(), signal.SIGKILL)
            paths.write_text(place, str(step))
            reporter.emit(Checkpoint(step=step, file=str(place)))
            phase.advance(interruptible=not spec.stubborn)
            if reporter.finishing:
                return step
    return spec.steps


def _first_time(workshop: Workshop, step: int) -> bool:
    mark = workshop.work(f"killed-at-{step}")
    known = mark.exists()
    mark.touch()
    return not known


def read_step(checkpoint: Path) -> int:
    return int(checkpoint.read_text()) if checkpoint.exists() else 0


def _plan(spec: CountSpec, _input_bytes: int) -> list[PhasePlan]:
    return [PhasePlan(name="count", units=spec.steps, speed="count", guess_s=spec.steps * 0.1)]


def _disk_bytes(spec: CountSpec, _input_bytes: int) -> int:
    return spec.disk_bytes


ROLES = {"numbers": Role(), "model": Role(most=1, linked=True)}
KINDS = {
    "count": Kind(CountSpec, f"{MODULE}:count", ROLES, _plan, _disk_bytes, finishes="count"),
    "warm-count": Kind(
        CountSpec, f"{MODULE}:count", ROLES, _plan, _disk_bytes, stays_warm=True, finishes="count"
    ),
    "plain-count": Kind(CountSpec, f"{MODULE}:count", ROLES, _plan, _disk_bytes),
}
