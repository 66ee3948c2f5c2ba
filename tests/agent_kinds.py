"""A kind of job for tests of the agent: it learns a line by gradient descent, and tells its loss at every step."""

import time
from typing import Literal

from pydantic import Field

from rvc import paths
from rvc.events import Done, Metrics, Reporter
from rvc.jobs.kinds import Kind
from rvc.jobs.record import PhasePlan
from rvc.jobs.spec import Spec
from rvc.jobs.workshop import Workshop
from tests.jobs_kinds import KINDS as COUNTING

MODULE = "tests.agent_kinds"
POINTS = [(x / 10, 2 * x / 10 + 1) for x in range(-10, 11)]
HELD_OUT = [(1.5, 4.0), (-1.5, -2.0)]


class LearnSpec(Spec):
    """Learn y = 2 x + 1 in so many steps."""

    kind: Literal["learn"] = "learn"
    steps: int = Field(60, ge=1)
    step_s: float = 0.01


def learn(workshop: Workshop, spec: LearnSpec, reporter: Reporter) -> Done:
    slope = offset = 0.0
    with reporter.phase("train", spec.steps) as phase:
        for step in range(1, spec.steps + 1):
            errors = [(x, slope * x + offset - y) for x, y in POINTS]
            slope -= 0.1 * sum(x * error for x, error in errors) / len(errors)
            offset -= 0.1 * sum(error for _, error in errors) / len(errors)
            losses = {
                "loss_train": _loss(slope, offset, POINTS),
                "loss_held_out": _loss(slope, offset, HELD_OUT),
            }
            reporter.emit(Metrics(step=step, values=losses))
            time.sleep(spec.step_s)
            phase.advance()
    paths.write_text(workshop.result("line.txt"), f"{slope} {offset}")
    return Done(artifacts={"line": "line.txt"}, summary={"steps": spec.steps})


def _loss(slope: float, offset: float, points: list[tuple[float, float]]) -> float:
    return sum((slope * x + offset - y) ** 2 for x, y in points) / len(points)


def _plan(spec: LearnSpec, _input_bytes: int) -> list[PhasePlan]:
    return [PhasePlan(name="train", units=spec.steps, speed="learn", guess_s=spec.steps * spec.step_s)]


def _disk_bytes(_spec: LearnSpec, _input_bytes: int) -> int:
    return 0


KINDS = {**COUNTING, "learn": Kind(LearnSpec, f"{MODULE}:learn", {}, _plan, _disk_bytes)}
