"""What a training will do, decided before it starts: architecture, length, batch, device and precision."""

from dataclasses import dataclass
from pathlib import Path

import torch

from rvc import device
from rvc.assets import sha256
from rvc.config import RATES_HZ, Architecture, TrainConfig
from rvc.dataset import Prepared
from rvc.errors import InputError
from rvc.names import file_stem


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a training may last: in steps, in time, or whichever ends first."""

    steps: int | None
    seconds: float | None

    @classmethod
    def of(cls, config: TrainConfig, preset_steps: int) -> "Budget":
        """Take what the settings give; the preset's steps only where they give neither steps nor minutes."""
        steps = config.steps if config.steps or config.minutes else preset_steps
        return cls(steps, config.minutes * 60 if config.minutes else None)

    @property
    def text(self) -> str:
        """Say it: "4000 steps", "10 minutes", or both."""
        parts = [f"{self.steps} steps"] if self.steps else []
        return " or ".join([*parts, f"{self.seconds / 60:g} minutes"] if self.seconds else parts)

    def fraction(self, step: int, elapsed_s: float) -> float:
        """Return how much of the budget is used, 0 to 1."""
        by_steps = step / self.steps if self.steps else 0.0
        by_time = elapsed_s / self.seconds if self.seconds else 0.0
        return min(max(by_steps, by_time), 1.0)

    def eta_s(self, step: int, elapsed_s: float) -> float | None:
        """Estimate the seconds left from the part of the budget that is used; None before the first step."""
        fraction = self.fraction(step, elapsed_s)
        return elapsed_s * (1 - fraction) / fraction if fraction else None

    def total_steps(self, step: int, elapsed_s: float) -> int:
        """Estimate the step at which the budget ends: at least one more while it lasts, 0 while unknown."""
        fraction = self.fraction(step, elapsed_s)
        if fraction == 0:
            return self.steps or 0
        return max(step + (fraction < 1), round(step / fraction))


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a recipe needs to know to be built."""

    config: TrainConfig
    architecture: Architecture
    rate: int
    encoder: str
    content_dim: int
    speakers: tuple[str, ...]
    dataset: str
    base: tuple[str | None, str | None]
    """The content hashes of generator and discriminator, None where there is none."""
    batch_size: int
    budget: Budget
    device: torch.device
    dtype: torch.dtype

    @classmethod
    def of(cls, prepared: Prepared, config: TrainConfig) -> "Plan":
        """Decide for a dataset. Raises `InputError` when the architecture does not exist at its rate."""
        architecture = config.architecture or default_architecture(prepared.rate)
        _check_rate(architecture, prepared.rate)
        preset = config.preset_for(architecture)
        chosen = device.pick(config.device)
        return cls(
            config=config,
            architecture=architecture,
            rate=prepared.rate,
            encoder=prepared.encoder.name,
            content_dim=prepared.encoder.dim,
            speakers=_speakers(prepared, config),
            dataset=prepared.fingerprint,
            base=(_content_hash(config.base_generator), _content_hash(config.base_discriminator)),
            batch_size=config.batch_size or preset.batch_size,
            budget=Budget.of(config, preset.steps),
            device=chosen,
            dtype=device.dtype_for(config.precision, chosen),
        )

    @property
    def settings(self) -> dict[str, object]:
        """What must be equal for a checkpoint to be taken up again."""
        return {
            "name": self.config.name,
            "architecture": self.architecture,
            "rate": self.rate,
            "content_dim": self.content_dim,
            "dataset": self.dataset,
            "batch_size": self.batch_size,
            "learning_rate": self.config.learning_rate,
            "seed": self.config.seed,
            "base": self.base,
        }

    @property
    def file_stem(self) -> str:
        """The model's name as a file name that every system accepts."""
        return file_stem(self.config.name)


def _speakers(prepared: Prepared, config: TrainConfig) -> tuple[str, ...]:
    """Return the speakers' names; a single one has the model's."""
    return tuple(prepared.speakers) if len(prepared.speakers) > 1 else (config.name,)


def default_architecture(rate: int) -> Architecture:
    """Return the architecture that exists at `rate` only, or else the full one."""
    return "v2" if rate in RATES_HZ["v2"] else "lite"


def _content_hash(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return sha256(Path(path))
    except OSError as error:
        raise InputError("missing_base", f"The base {path} cannot be read: {error.strerror}.") from error


def _check_rate(architecture: Architecture, rate: int) -> None:
    if rate in RATES_HZ[architecture]:
        return
    rates = ", ".join(f"{value}" for value in RATES_HZ[architecture])
    raise InputError(
        "wrong_rate",
        f"The dataset was prepared at {rate} Hz, but {architecture} models exist at {rates} Hz.",
        f"Prepare it again with --rate {RATES_HZ[architecture][0]}.",
    )
