"""Which networks describe recordings, and how exactly they compute. Imports torch only to find that out."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rvc.analysis import networks
from rvc.config import Precision, PrepareConfig
from rvc.datasets.dataset import Prepared
from rvc.errors import InputError

if TYPE_CHECKING:
    from rvc.analysis.features import Features

DECISIVE = ("encoder", "pitch", "precision")  # settings that the choice follows from


@dataclass(frozen=True, slots=True)
class Choice:
    """The names of a content encoder and a pitch estimator, and what they compute in."""

    encoder: str
    pitch: str
    precision: Precision

    @classmethod
    def make(cls, out: Path, config: PrepareConfig) -> Self:
        """Choose as for the dataset that is in `out`, if that was asked for alike, else by what there is."""
        before = cls._made_before(out, config)
        return cls._afresh(config) if before is None else before

    @classmethod
    def of(cls, features: "Features") -> Self:
        """Return what loaded networks are."""
        from rvc import device

        precision = device.precision_of(features.dtype)
        return cls(features.encoder.name, features.estimator.name, precision)._told_apart()

    @classmethod
    def _made_before(cls, out: Path, config: PrepareConfig) -> Self | None:
        try:
            card = Prepared.open(out)
        except InputError:
            return None
        alike = all(getattr(card.config, name) == getattr(config, name) for name in DECISIVE)
        encoder, estimators = config.encoder or networks.encoder(), networks.estimators()
        pitch = config.pitch or (card.pitch if card.pitch in estimators else estimators[0])
        if alike and (encoder, pitch) == (card.encoder.name, card.pitch):
            return cls(encoder, pitch, card.precision)
        return None

    @classmethod
    def _afresh(cls, config: PrepareConfig) -> Self:
        from rvc import device
        from rvc.analysis import content, pitch

        chosen = device.pick()
        natural = config.precision == "auto"
        dtype = device.natural_dtype(chosen) if natural else device.dtype_for(config.precision, chosen)
        encoder, estimator = (
            config.encoder or content.default_name(),
            config.pitch or pitch.default_name(chosen),
        )
        return cls(encoder, estimator, device.precision_of(dtype))._told_apart()

    def _told_apart(self) -> Self:
        """Call it float32 where neither network knows anything else."""
        lowered = networks.LOWERED & {self.encoder, self.pitch}
        return self if lowered else type(self)(self.encoder, self.pitch, "fp32")

    def load(self) -> "Features":
        """Load the networks. Raises `InputError` as their loaders do."""
        from rvc import device
        from rvc.analysis.features import Features

        chosen = device.pick()
        return Features.load(self.encoder, self.pitch, chosen, device.dtype_for(self.precision, chosen))
