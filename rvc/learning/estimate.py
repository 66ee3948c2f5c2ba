"""How long a training takes on this machine: foretold from a few real steps, and remembered."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rvc import device, machine, paths
from rvc.config import PRESETS, TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.events import Reporter
from rvc.learning import data, memory, recipes
from rvc.learning.plan import Plan
from rvc.learning.recipes import Recipe
from rvc.learning.recipes.accumulation import Accumulation
from rvc.learning.training import HEARD_MAX_S, HELD_OUT_MAX_S, VALIDATIONS
from rvc.learning.validation import HeldOut, spread

MOMENTS = (0.25, 0.75)  # of a training, each as long as the other: later steps may cost more
STEPS = 3  # measured at a moment, after one that warms up
PATIENCE_S = 20.0  # for a moment: where steps are slow, one tells enough
FILE_NAME = "estimates.json"
REMEMBERED = 100


class Pace(BaseModel):
    """What was measured: seconds of a step, and of a validation."""

    model_config = ConfigDict(frozen=True)

    step_s: float
    validation_s: float


class Estimate(BaseModel):
    """How long a preset takes."""

    model_config = ConfigDict(frozen=True)

    steps: int
    batch_size: int
    seconds: float


def estimate(prepared: Path, config: TrainConfig, reporter: Reporter) -> dict[str, Estimate]:
    """Return how long every preset takes for a dataset on this machine, by the presets' names.

    Steps are measured once for a machine, an architecture and a batch, and remembered. Raises as training does.
    """
    opened = Prepared.open(prepared)
    plan = Plan.of(opened, config)
    plan = replace(plan, batch_size=math.ceil(plan.batch_size / config.gpus))  # what one GPU computes
    key = _key(plan)
    remembered = _read()
    if key not in remembered:
        remembered[key] = _measure(opened, plan, reporter)
        _write(remembered)
    return _presets(plan, remembered[key])


def _presets(plan: Plan, pace: Pace) -> dict[str, Estimate]:
    """Apply a measured pace: the time of a step goes with the clips in it."""
    estimates = {}
    for name, preset in PRESETS[plan.architecture].items():
        batch_size = plan.config.batch_size or preset.batch_size
        steps_s = preset.steps * pace.step_s * batch_size / (plan.config.gpus * plan.batch_size)
        seconds = steps_s + VALIDATIONS * pace.validation_s
        estimates[name] = Estimate(steps=preset.steps, batch_size=batch_size, seconds=round(seconds, 1))
    return estimates


def _measure(prepared: Prepared, plan: Plan, reporter: Reporter) -> Pace:
    clips = data.load(prepared, "train", plan.device)
    recipe = recipes.build(plan, Accumulation())
    memory.divide(recipe, plan, reporter)
    with reporter.phase("estimate", len(MOMENTS) + 1) as phase:
        steps = []
        for number, moment in enumerate(MOMENTS):
            recipe.set_progress(moment)
            steps.append(_time_step(recipe, clips, number))
            phase.advance()
        validation_s = _time_validation(recipe, clips, prepared)
        phase.advance()
    return Pace(step_s=sum(steps) / len(steps), validation_s=validation_s)


def _time_step(recipe: Recipe, clips: data.Clips, moment: int) -> float:
    """Return the seconds of a step: the median of a few, and of fewer where they are slow."""
    started = time.monotonic()
    seconds: list[float] = []
    for number in range(STEPS + 1):
        seconds.append(_timed(lambda number=number: recipe.step(clips, moment * (STEPS + 1) + number)))  # type: ignore[misc]
        if time.monotonic() - started > PATIENCE_S:
            break
    measured = sorted(seconds[1:] or seconds)
    return measured[len(measured) // 2]


def _time_validation(recipe: Recipe, clips: data.Clips, prepared: Prepared) -> float:
    """Return the seconds of a validation, from a part of it."""
    held_out_s = min(prepared.summary.test_s, HELD_OUT_MAX_S)
    if not held_out_s:
        return 0.0
    takes = spread(clips, 1.0)
    said_s = len(recipe.candidates) * held_out_s + HEARD_MAX_S
    share = sum(len(take.wave) for take in takes) / prepared.rate / said_s
    judge = HeldOut(takes, prepared.rate)
    recipe.synthesizer.eval()
    took = _timed(lambda: judge.score(recipe.synthesizer))
    recipe.synthesizer.train()
    return took / share


def _timed(work: Callable[[], object]) -> float:
    """Return how long work takes until its result is there, seconds."""
    started = time.monotonic()
    result = work()
    if isinstance(result, dict):
        for value in result.values():
            float(value)  # waits for the device
    return time.monotonic() - started


def _key(plan: Plan) -> str:
    """Say everything that the time of a step depends on."""
    config = plan.config
    here = machine.cpu_name() if plan.device.type == "cpu" else device.describe(plan.device)
    facts = (here, machine.version("torch"), plan.architecture, plan.rate, plan.content_dim, plan.batch_size)
    return json.dumps(
        [*facts, str(plan.dtype), config.micro_batch, config.gradient_checkpointing, all(plan.base)]
    )


def _path() -> Path:
    return paths.cache_dir() / FILE_NAME


def _read() -> dict[str, Pace]:
    try:
        stored = json.loads(_path().read_text(encoding="utf-8"))
        return {key: Pace.model_validate(value) for key, value in stored.items()}
    except (OSError, ValueError, AttributeError, ValidationError):
        return {}


def _write(remembered: dict[str, Pace]) -> None:
    newest = list(remembered.items())[-REMEMBERED:]
    paths.write_text(_path(), json.dumps({key: pace.model_dump() for key, pace in newest}, indent=1))
