"""What a training will do, decided before it starts: architecture, length, batch, device and precision."""

from dataclasses import dataclass
from pathlib import Path

import torch

from rvc import assets, device, paths
from rvc.analysis.content import STARTER, ContentVec
from rvc.config import RATES_HZ, Architecture, Precision, TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.errors import InputError
from rvc.names import file_stem

FROM_SCRATCH = "none"
STARTER_BASE = ("base", "base-discriminator")
STARTER_RATE_HZ = 24000


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
class Bases:
    """The files that a training starts from; None where it starts from scratch."""

    generator: Path | None = None
    discriminator: Path | None = None

    @classmethod
    def choose(cls, prepared: Prepared, config: TrainConfig, architecture: Architecture) -> "Bases":
        """Take what the settings name, or else the usual base for such a dataset, where it is at hand.

        Raises `InputError` missing_asset where an asset is named that is not on this machine.
        """
        if config.base_generator is None and config.base_discriminator is None:
            return cls.usual(architecture, prepared.encoder.name, prepared.rate)
        return cls(_named(config.base_generator), _named(config.base_discriminator))

    @classmethod
    def usual(cls, architecture: Architecture, encoder: str, rate: int) -> "Bases":
        """Return the project's own base for lite, the community's for v2: those of this encoder and rate."""
        if (architecture, encoder, rate) == ("lite", STARTER, STARTER_RATE_HZ):
            files = [paths.resource("starter") / f"{name}.safetensors" for name in STARTER_BASE]
            return cls(*files) if all(file.exists() for file in files) else cls()
        if (architecture, encoder) == ("v2", ContentVec.name):
            found = [assets.find(f"f0{role}{rate // 1000}k") for role in "GD"]
            return cls(*found) if all(found) else cls()
        return cls()

    @property
    def hashes(self) -> tuple[str | None, str | None]:
        """Tell the files by content. Raises `InputError` missing_base."""
        return _content_hash(self.generator), _content_hash(self.discriminator)


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
    bases: Bases
    base: tuple[str | None, str | None]
    """The content hashes of the bases' files."""
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
        bases = Bases.choose(prepared, config, architecture)
        return cls(
            config=config,
            architecture=architecture,
            rate=prepared.rate,
            encoder=prepared.encoder.name,
            content_dim=prepared.encoder.dim,
            speakers=_speakers(prepared, config),
            dataset=prepared.fingerprint,
            bases=bases,
            base=bases.hashes,
            batch_size=config.batch_size or preset.batch_size,
            budget=Budget.of(config, preset.steps),
            device=chosen,
            dtype=_dtype(config.precision, chosen),
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


def _dtype(precision: Precision, chosen: torch.device) -> torch.dtype:
    """Return the type to learn in: a CPU's bf16 too; docs/performance.md says what was seen of it."""
    if precision == "auto" and chosen.type == "cpu":
        return device.natural_dtype(chosen)
    return device.dtype_for(precision, chosen)


def _speakers(prepared: Prepared, config: TrainConfig) -> tuple[str, ...]:
    """Return the speakers' names; a single one has the model's."""
    return tuple(prepared.speakers) if len(prepared.speakers) > 1 else (config.name,)


def default_architecture(rate: int) -> Architecture:
    """Return the architecture that exists at `rate` only, or else the full one."""
    return "v2" if rate in RATES_HZ["v2"] else "lite"


def _named(text: str | None) -> Path | None:
    return None if text in (None, FROM_SCRATCH) else assets.locate(text)


def _content_hash(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return assets.sha256(path)
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
