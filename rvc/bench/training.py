"""The benchmark of a training step; of the full model beside a step as the incumbents take it."""

from collections.abc import Callable
from functools import partial
from itertools import count

import torch

from rvc.bench import floor
from rvc.bench.incumbents import ApplioRecipe, WebuiRecipe
from rvc.bench.material import Bench
from rvc.config import TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.learning import data, recipes
from rvc.learning.plan import Plan
from rvc.learning.recipes import Recipe
from rvc.learning.recipes.gan import GanRecipe
from rvc.learning.recipes.replay import WARM_UP
from rvc.model.config import SynthesizerConfig
from rvc.voices.card import EncoderCard, VoiceCard
from rvc.voices.voice import Voice

BATCH_SIZE = {"lite": 8, "v2": 4}
STEPS = {"lite": 10, "v2": 2}
THREE_SECONDS = {"window_s": 3.0, "overlap_s": 0.0, "min_clip_s": 2.99}  # what the incumbents were timed with
LATE = 0.75  # of a training: the lite model's discriminator has joined by then


def measure_training(bench: Bench) -> dict[str, float]:
    """Measure single steps on prepared recordings, from fresh weights; the full model's also as the incumbents do."""
    is_full = bench.config.architecture == "v2"
    prepared = bench.prepared(bench.features(), **(THREE_SECONDS if is_full else {}))
    plan = plan_of(bench, prepared)
    bench.facts |= {"batch_size": plan.batch_size, "precision": str(plan.dtype).removeprefix("torch.")}
    clips = data.load(prepared, "train", plan.device)
    bench.facts |= {"clips": len(clips), "clips_s": round(clips.seconds / len(clips), 2)}
    if is_full:
        return _full_steps(bench, plan, clips)
    recipe = recipes.build(plan)
    recipe.set_progress(LATE)
    took = bench.measure({"step": _steps(recipe, clips)}, repeat=STEPS["lite"])
    return {"steps a second": 1 / took["step"]}


def _full_steps(bench: Bench, plan: Plan, clips: data.Clips) -> dict[str, float]:
    """Measure steps beside those of both incumbents: in bf16 too where that is faster, on CUDA recorded ones too."""
    on_cuda = plan.device.type == "cuda"
    exact = plan.dtype if on_cuda else torch.float32
    kinds: dict[str, tuple[Callable[..., GanRecipe], torch.dtype]] = {
        "step": (GanRecipe, exact),
        "step as WebUI": (WebuiRecipe, exact),
        "step as Applio": (ApplioRecipe, exact),
    }
    if bench.gains_from_bf16:
        kinds["step, bf16"] = GanRecipe, torch.bfloat16
    if on_cuda:
        kinds["step, bf16, replayed"] = partial(GanRecipe, replays=True), torch.bfloat16
    config = SynthesizerConfig.v2(plan.rate, plan.content_dim)
    runs = {
        name: _steps(kind(config, batch_size=plan.batch_size, device=plan.device, dtype=dtype), clips)
        for name, (kind, dtype) in kinds.items()
    }
    took = bench.measure(runs, repeat=STEPS["v2"], warm_up=WARM_UP + 1 if on_cuda else 1)
    bench.facts["operations_a_step"] = work = floor.operations(runs["step"])
    best_s = {dtype: work / floor.peak(bench, dtype) for _, dtype in kinds.values()}
    seconds = {timing.name: timing.median_s for timing in bench.timings}
    own = [name for name in kinds if " as " not in name]
    return {
        "steps a second": 1 / took["step"],
        **{f"share of WebUI's time, {name}": took[name] / took["step as WebUI"] for name in own},
        **{f"share of Applio's time, {name}": took[name] / took["step as Applio"] for name in own},
        **{f"of the device's best speed, {name}": best_s[kinds[name][1]] / seconds[name] for name in kinds},
    }


def untrained_voice(bench: Bench, prepared: Prepared) -> Voice:
    """Return a voice with fresh weights, which takes as long to speak as a trained one."""
    plan = plan_of(bench, prepared)
    synthesizer = recipes.build(plan).synthesizer
    card = VoiceCard(
        name="benchmark",
        architecture=plan.architecture,
        rate=plan.rate,
        content_encoder=EncoderCard(name=prepared.encoder.name, dim=prepared.encoder.dim),
        pitch=synthesizer.has_pitch,
        pitch_estimator=prepared.pitch,
        config=synthesizer.config.model_dump(mode="json"),
    )
    return Voice(card, synthesizer)


def plan_of(bench: Bench, prepared: Prepared) -> Plan:
    """Return what a training with the benchmark's settings does."""
    config = bench.config
    settings = TrainConfig(
        architecture=config.architecture,
        batch_size=config.batch_size or BATCH_SIZE[config.architecture],
        device=config.device,
    )
    return Plan.of(prepared, settings)


def _steps(recipe: Recipe, clips: data.Clips) -> Callable[[], object]:
    """Return a function that takes the next step each time it is called."""
    numbers = count()
    return lambda: recipe.step(clips, next(numbers))
