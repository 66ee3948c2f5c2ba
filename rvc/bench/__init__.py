"""Benchmarks of the real stages: seconds, and ratios between things that were measured in one run.

Seconds of two runs or two machines are not comparable, ratios within one run mostly are. Imports no torch.
"""

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rvc.config import Architecture, Config
from rvc.events import Reporter
from rvc.machine import Machine

Stage = Literal["prepare", "train", "index", "convert"]
STAGES: tuple[Stage, ...] = ("prepare", "train", "index", "convert")


class BenchConfig(Config):
    """What is measured, and how often."""

    architecture: Architecture = Field("lite", description="of the voice that is trained or speaks")
    batch_size: int | None = Field(None, ge=1, le=512, description="clips a step (default: 8, of v2 4)")
    seconds: float = Field(60.0, ge=10, description="how much of the recordings is used")
    repeat: int | None = Field(
        None, ge=1, description="how often each thing is measured (default: 3; steps of lite 10, of v2 2)"
    )
    device: str = Field("auto", description="cpu, cuda, cuda:1, mps; auto takes the fastest")


class Timing(BaseModel):
    """The seconds that one thing took, each time that it was measured."""

    model_config = ConfigDict(frozen=True)

    name: str
    seconds: list[float]

    @property
    def median_s(self) -> float:
        return statistics.median(self.seconds)


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
    from rvc.bench import stages, training
    from rvc.bench.material import Bench

    measure: dict[Stage, Callable[[Bench], dict[str, float]]] = {
        "prepare": stages.measure_preparation,
        "train": training.measure_training,
        "index": stages.measure_index,
        "convert": stages.measure_conversion,
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
