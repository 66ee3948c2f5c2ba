"""A voice with all that live conversion needs, loaded once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch

from rvc import device as devices
from rvc.analysis import content
from rvc.analysis.content import ContentEncoder
from rvc.analysis.pitch import PitchEstimator
from rvc.config import LiveConfig, Precision
from rvc.events import Reporter
from rvc.live.speaking import LiteSpeaker, Speaker, WholeSpeaker
from rvc.live.student import StudentSpeaker
from rvc.model.lite import LiteSynthesizer
from rvc.model.student import StudentSynthesizer
from rvc.synthesis import index
from rvc.synthesis.converter import hearing_dtype, load_estimator, prepare_network
from rvc.synthesis.index import RetrievalIndex
from rvc.voices.voice import Voice, locate


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of a voice, its index, and the contexts that it runs in."""

    voice: Voice
    encoder: ContentEncoder
    estimator: PitchEstimator | None
    bank: RetrievalIndex | None
    device: torch.device
    autocast: Callable[[], AbstractContextManager[None]]

    @classmethod
    def load(
        cls, model: Path, config: LiveConfig, reporter: Reporter, index_path: Path | None = None
    ) -> Self:
        """Load a model and what belongs to it; without `index_path`, the index beside it if there is one."""
        chosen = devices.pick(config.device)
        file = locate(model)
        voice = Voice.load(file, chosen)
        path = index.choose(index_path, file, reporter)
        bank = index.load(path, chosen).unpacked() if path else None
        precision = precision_for(config.precision, chosen)
        dtype = hearing_dtype(voice, precision, chosen)
        encoder = content.load(voice.card.content_encoder.name, chosen, dtype)
        voice.card.require_encoder(encoder.name, encoder.dim)
        if bank is not None:
            bank.require_dim(encoder.dim)
        estimator = None
        if voice.synthesizer.has_pitch:
            estimator = load_estimator(voice.card, config.pitch, chosen, dtype)
        autocast = prepare_network(voice, chosen, precision)
        return cls(voice, encoder, estimator, bank, chosen, autocast)

    @property
    def is_small(self) -> bool:
        """Whether a part of one core computes it in time."""
        return self.device.type == "cpu" and isinstance(self.voice.synthesizer, LiteSynthesizer)

    def stay_on_one_core(self) -> None:
        """Compute a small network on one core: handing parts of its layers to a busy one takes longer."""
        if self.is_small:
            torch.set_num_threads(1)

    def speaker(self, seed: int) -> Speaker:
        """Return what speaks with the voice's own resonances."""
        if isinstance(self.voice.synthesizer, LiteSynthesizer):
            return LiteSpeaker(self.voice.synthesizer, self.device, seed)
        if isinstance(self.voice.synthesizer, StudentSynthesizer):
            return StudentSpeaker(self.voice.synthesizer, self.autocast, self.device, seed)
        return self.shifted_speaker(seed)

    def shifted_speaker(self, seed: int) -> WholeSpeaker:
        """Return what speaks with any resonances."""
        return WholeSpeaker(self.voice.synthesizer, self.autocast, self.device, seed)


def precision_for(asked: Precision, device: torch.device) -> Precision:
    """Return what is computed in: live, a CPU that is fast in bf16 keeps up only in it."""
    is_fast = device.type == "cpu" and devices.natural_dtype(device) == torch.bfloat16
    return "bf16" if asked == "auto" and is_fast else asked
