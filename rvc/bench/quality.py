"""Time to quality: the same voice is learnt in several ways from the same start, and held-out takes say how well.

All learn in turns, so that what else the machine does meets all alike. Only their steps count as time, not the tests.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple, cast

import torch

from rvc.analysis.features import Features
from rvc.bench import Timing
from rvc.bench.incumbents import WebuiRecipe
from rvc.bench.material import Bench, Spent
from rvc.bench.training import plan_of
from rvc.config import Precision
from rvc.device import natural_dtype
from rvc.errors import InputError
from rvc.events import Metrics
from rvc.learning import data, recipes
from rvc.learning.data import Clips
from rvc.learning.plan import Plan
from rvc.learning.recipes import Recipe
from rvc.learning.recipes.gan import GanRecipe
from rvc.learning.training import HELD_OUT_MAX_S
from rvc.learning.validation import HeldOut, spread
from rvc.model import Architecture
from rvc.model.config import SynthesizerConfig

POINTS = 20
HELD_OUT = 0.08  # of the recordings
ASYNCHRONOUS_STEPS = 20  # between two looks at the clock, which waits for the device
WEBUI = "as WebUI"
WIDTHS = (
    "inter_channels",
    "hidden_channels",
    "filter_channels",
    "upsample_initial_channels",
    "gin_channels",
)


class Point(NamedTuple):
    """What held-out takes said after so many minutes of steps: nats of log-mel difference."""

    minutes: float
    steps: int
    score: float
    last_score: float
    """Of the weights of the last step, which the user is not given where averaged ones are nearer."""

    def named(self, way: str) -> dict[str, float]:
        """Return it as figures of a way to learn."""
        said = {"score": self.score, "score of the last step": self.last_score, "steps": float(self.steps)}
        return {f"{way}, {self.minutes:.3g} min: {what}": value for what, value in said.items()}


@dataclass(slots=True)
class Learner:
    """One way to learn the voice, and how far it is."""

    name: str
    recipe: Recipe
    steps: int = 0
    spent_s: float = 0.0
    strides: list[Spent] = field(default_factory=list)
    """What a step took, the mean of each stretch between two tests."""
    curve: list[Point] = field(default_factory=list)

    def learn(self, bench: Bench, clips: Clips, until_s: float, limit_s: float) -> Iterator[None]:
        """Take steps until so many seconds are spent on them, of `limit_s` in all; yields while it goes on."""
        first, began_s, took = self.steps, self.spent_s, Spent(0.0, 0.0)
        while self.spent_s < until_s:
            self.recipe.set_progress(self.spent_s / limit_s)
            one = bench.time(self._stride(clips, 1 if bench.device.type == "cpu" else ASYNCHRONOUS_STEPS))
            took = Spent(took.wall + one.wall, took.cpu + one.cpu)
            self.spent_s = began_s + getattr(took, bench.config.clock)
            yield
        if self.steps > first:
            self.strides.append(Spent(*(seconds / (self.steps - first) for seconds in took)))

    def _stride(self, clips: Clips, steps: int) -> Callable[[], None]:
        def take_steps() -> None:
            for _ in range(steps):
                self.recipe.step(clips, self.steps)
                self.steps += 1

        return take_steps

    def test(self, held_out: HeldOut) -> None:
        """Say the held-out takes with the weights that the user would be given, and with those of the last step."""
        scores = {id(one): _score(one, held_out) for one in self.recipe.candidates}
        last = cast(Architecture, self.recipe.modules["generator"])
        last_score = scores.get(id(last)) or _score(last, held_out)
        self.curve.append(Point(self.spent_s / 60, self.steps, min(scores.values()), last_score))

    def minutes_to(self, score: float) -> float | None:
        """Return after how many minutes the score was reached, on straight lines between the tests."""
        if self.curve[0].score <= score:
            return self.curve[0].minutes
        for before, after in pairwise(self.curve):
            if after.score <= score:
                share = (before.score - score) / (before.score - after.score)
                return before.minutes + share * (after.minutes - before.minutes)
        return None


def _score(synthesizer: Architecture, held_out: HeldOut) -> float:
    synthesizer.eval()
    score = held_out.score(synthesizer)
    synthesizer.train()
    assert score is not None
    return score


def measure_quality(bench: Bench) -> dict[str, float]:
    """Return every learner's curve, and the minutes until each reached what all of them reach.

    Raises `InputError` when the recordings leave nothing to test on, `Paused` on a stop request.
    """
    prepared = bench.prepared(Features.load(None, None, bench.device), HELD_OUT)
    plan = plan_of(bench, prepared)
    clips, tested = (data.load(prepared, split, plan.device) for split in ("train", "test"))
    if not len(tested):
        raise InputError("no_test_takes", "There are too few recordings to test on.", "Give more --seconds.")
    bench.facts |= {
        "encoder": plan.encoder,
        "pitch": prepared.pitch,
        "batch_size": plan.batch_size,
        "learnt_s": round(clips.seconds, 1),
        "held_out_s": round(tested.seconds, 1),
    }
    learners = _learners(bench, plan)
    _learn_in_turns(bench, learners, clips, HeldOut(spread(tested, HELD_OUT_MAX_S), prepared.rate))
    for learner in learners:
        walls, cpus = zip(*learner.strides, strict=True)
        bench.timings.append(Timing(name=f"step {learner.name}", seconds=walls, cpu_seconds=cpus))
    return figures(learners)


def _learners(bench: Bench, plan: Plan) -> list[Learner]:
    """Return those of an architecture; where bf16 is not faster than fp32, none learns in it."""
    ways = {
        "in fp32": (GanRecipe, torch.float32, plan.config.seed),
        "in fp32, another seed": (GanRecipe, torch.float32, plan.config.seed + 1),
        "in bf16": (GanRecipe, torch.bfloat16, plan.config.seed),
        WEBUI: (WebuiRecipe, torch.float32, plan.config.seed),
    }
    if natural_dtype(plan.device) != torch.bfloat16:
        del ways["in bf16"]
    if plan.architecture == "lite":
        del ways[WEBUI]
    return [Learner(name, _recipe(bench, plan, *way)) for name, way in ways.items()]


def _recipe(bench: Bench, plan: Plan, kind: type[GanRecipe], dtype: torch.dtype, seed: int) -> Recipe:
    """Return the recipe of a plan in another way; the full model's in the width that is asked for."""
    if plan.architecture == "lite":
        named: Precision = "bf16" if dtype == torch.bfloat16 else "fp32"
        config = plan.config.model_copy(update={"precision": named, "seed": seed})
        return recipes.build(replace(plan, config=config, dtype=dtype))
    divisor = 2**bench.config.halvings
    return kind(
        narrowed(SynthesizerConfig.v2(plan.rate, plan.content_dim), divisor),
        batch_size=plan.batch_size,
        seed=seed,
        device=plan.device,
        dtype=dtype,
        discriminator_divisor=divisor,
    )


def narrowed(config: SynthesizerConfig, divisor: int) -> SynthesizerConfig:
    """Return a configuration with as many layers, and its channels divided."""
    return config.model_copy(update={name: getattr(config, name) // divisor for name in WIDTHS})


def _learn_in_turns(bench: Bench, learners: Sequence[Learner], clips: Clips, held_out: HeldOut) -> None:
    """Let each learn for the minutes that are given, and test it `POINTS` times, equally spaced."""
    limit_s = 60 * bench.config.minutes
    with bench.reporter.phase("train", round(limit_s * len(learners))) as phase:
        for number in range(1, POINTS + 1):
            for learner in learners:
                for _ in learner.learn(bench, clips, number / POINTS * limit_s, limit_s):
                    phase.advance(round(sum(each.spent_s for each in learners)) - phase.step)
                learner.test(held_out)
                bench.reporter.emit(Metrics(step=learner.steps, values=learner.curve[-1].named(learner.name)))


def figures(learners: Sequence[Learner]) -> dict[str, float]:
    """Return the points of all curves, and when each learner was as good as the worst of all at its best.

    The best is what is kept: a discriminator may bring a voice nearer while its spectra go apart.
    """
    found: dict[str, float] = {}
    for learner in learners:
        for point in learner.curve:
            found |= point.named(learner.name)
    common = max(min(point.score for point in learner.curve) for learner in learners)
    found["score that all reach"] = common
    reached = {learner.name: learner.minutes_to(common) for learner in learners}
    found |= {f"minutes to it {name}": minutes for name, minutes in reached.items() if minutes is not None}
    if theirs := reached.get(WEBUI):
        for name, minutes in reached.items():
            if minutes is not None and name != WEBUI:
                found[f"share of WebUI's time to it, {name}"] = minutes / theirs
    return found
