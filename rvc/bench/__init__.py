"""Benchmarks of the real stages: seconds, and ratios between things that were measured in one run.

Seconds of two runs or two machines are not comparable, ratios within one run mostly are. Imports no torch.
"""

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from rvc.config import Architecture, Config
from rvc.events import Reporter
from rvc.machine import Machine

Stage = Literal["prepare", "train", "index", "convert", "cold", "live", "growth", "load", "quality"]
STAGES: tuple[Stage, ...] = get_args(Stage)
BY_NAME_ONLY: tuple[Stage, ...] = ("quality",)  # takes minutes for each of several trainings
Clock = Literal["wall", "cpu"]


class BenchConfig(Config):
    """What is measured, and how often."""

    architecture: Architecture = Field("lite", description="of the voice that is trained or speaks")
    batch_size: int | None = Field(None, ge=1, le=512, description="clips a step (default: 8, of v2 4)")
    seconds: float | None = Field(
        None, ge=10, description="how much of the recordings is used (default: 60, of which 20 are converted)"
    )
    rows: int = Field(30_000, ge=1000, le=1_000_000, description="of the index that is measured")
    repeat: int | None = Field(
        None, ge=1, description="how often each thing is measured (default: 3; steps of lite 10, of v2 2)"
    )
    clock: Clock = Field("wall", description="what counts: wall, or cpu where other programs run as well")
    minutes: float = Field(
        10.0,
        ge=1,
        le=600,
        description="growth: the most recordings that are gone through; quality: how long each learns",
    )
    halvings: int = Field(
        0, ge=0, le=3, description="quality: how often the channels of v2 are halved, to see more steps"
    )
    device: str = Field("auto", description="cpu, cuda, cuda:1, xpu, mps; auto takes the fastest")


class Timing(BaseModel):
    """The seconds that one thing took, each time that it was measured."""

    model_config = ConfigDict(frozen=True)

    name: str
    seconds: list[float]
    cpu_seconds: list[float] = []

    @property
    def median_s(self) -> float:
        return statistics.median(self.seconds)

    def median(self, clock: Clock) -> float:
        """Return the usual time by the clock of the wall, or that of all cores together."""
        return self.median_s if clock == "wall" else statistics.median(self.cpu_seconds)


class Benchmark(BaseModel):
    """The result of one run; `figures` are made from its timings."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    machine: Machine
    device: str
    settings: dict[str, object]
    timings: list[Timing]
    figures: dict[str, float]


def run(stage: Stage, config: BenchConfig, audio: Path | None, reporter: Reporter) -> Benchmark:
    """Measure one stage on recordings in `audio`, or on the bundled ones.

    Raises `InputError` as the stages do, `Paused` on a stop request.
    """
    from rvc.bench import cold, growth, index, live, load, preparation, quality, stages, training
    from rvc.bench.material import Bench

    measure: dict[Stage, Callable[[Bench], dict[str, float]]] = {
        "prepare": preparation.measure_preparation,
        "train": training.measure_training,
        "index": index.measure_index,
        "convert": stages.measure_conversion,
        "cold": cold.measure_cold,
        "live": live.measure_live,
        "growth": growth.measure_growth,
        "load": load.measure_load,
        "quality": quality.measure_quality,
    }
    with Bench.open(config, audio, reporter) as bench:
        figures = measure[stage](bench)
        return Benchmark(
            stage=stage,
            machine=Machine.describe(),
            device=bench.device_name,
            settings={**config.model_dump(mode="json"), **bench.facts},
            timings=bench.timings,
            figures=figures,
        )


def run_all(config: BenchConfig, audio: Path | None, reporter: Reporter) -> list[Benchmark]:
    """Measure every stage but trainings, those that have voices with both architectures; raises as `run` does."""
    plans: list[tuple[Stage, Architecture]] = [
        (stage, "lite") for stage in STAGES if stage not in BY_NAME_ONLY
    ]
    plans += [("prepare", "v2"), ("train", "v2"), ("convert", "v2"), ("cold", "v2"), ("live", "v2")]
    return [
        run(stage, config.model_copy(update={"architecture": architecture}), audio, reporter)
        for stage, architecture in plans
    ]
