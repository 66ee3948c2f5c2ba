"""The conversion of a wave: what anybody says, said by a trained voice.

The steps are the reference's (section C.1 of the notes): high-pass, pitch of the whole recording, content
features, retrieval, protection of unvoiced sounds, synthesis, loudness mix. Long recordings are spoken in
chunks whose joints are cross-faded; no frame is lost, and the result is as long as the source to the sample.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from rvc import audio, chunks, content, device, index, loudness, pitch
from rvc.card import VoiceCard
from rvc.chunks import CONTEXT, HOP, Chunk
from rvc.config import CONTENT_RATE_HZ, ConvertConfig, Precision
from rvc.content import ContentEncoder
from rvc.draws import seed_at
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.index import RetrievalIndex
from rvc.model import Architecture
from rvc.pitch import PitchEstimator
from rvc.voice import Voice, locate

SHORTEST_S = 0.1
SOURCE_PEAK = 0.95  # of full scale: louder sources are turned down before anything hears them
PROTECT_OFF = 0.5


@dataclass(frozen=True, slots=True)
class Source:
    """A recording as the networks hear it.

    `wave` (N,) is at 16 kHz; `heard` (1, frames * HOP) continues it by reflection, `CONTEXT` frames at both
    ends, and `f0` (frames,) in Hz is the pitch of that, None for a voice without pitch.
    """

    wave: np.ndarray
    heard: Tensor
    f0: Tensor | None


class Converter:
    """A voice with all that converting needs, loaded once for any number of recordings."""

    def __init__(
        self,
        voice: Voice,
        bank: RetrievalIndex | None,
        encoder: ContentEncoder,
        estimator: PitchEstimator | None,
        device: torch.device | str = "cpu",
        precision: Precision = "auto",
    ) -> None:
        """Raises `InputError` when encoder or index are not those of the voice."""
        voice.card.require_encoder(encoder.name, encoder.dim)
        if bank is not None:
            bank.require_dim(encoder.dim)
        self.voice = voice
        self._device = torch.device(device)
        self._bank = None if bank is None else bank.to(self._device)
        self._encoder = encoder
        self._estimator = estimator if voice.synthesizer.has_pitch else None
        self._autocast = _prepare_network(voice.synthesizer, self._device, precision)

    @classmethod
    def load(
        cls, model: Path, config: ConvertConfig, reporter: Reporter, index_path: Path | None = None
    ) -> "Converter":
        """Load a model and what belongs to it; without `index_path`, the index beside it if there is one."""
        chosen = device.pick(config.device)
        file = locate(model)
        voice = Voice.load(file, chosen)
        path = index.choose(index_path, file, reporter)
        bank = index.load(path, chosen) if path and config.index_rate else None
        encoder = content.load(voice.card.content_encoder.name, chosen)
        estimator = _load_estimator(voice.card, config, chosen) if voice.synthesizer.has_pitch else None
        return cls(voice, bank, encoder, estimator, chosen, config.precision)

    @property
    def rate(self) -> int:
        return self.voice.synthesizer.rate

    @torch.inference_mode()
    def convert(
        self,
        wave: np.ndarray,
        rate: int,
        config: ConvertConfig,
        advance: Callable[[int], None] = lambda _frames: None,
    ) -> tuple[np.ndarray, int]:
        """Convert a wave (N,) and return it with its rate; `advance` is told of the 10 ms frames done.

        Raises `InputError` for less than 0.1 s of sound and for a speaker that the voice does not have.
        """
        self._check(wave, rate, config)
        source = self._hear(wave, rate, config)
        spoken = self._speak(source, config, advance)[: _length(len(wave), rate, self.rate)]
        mixed = loudness.mix(source.wave, CONTENT_RATE_HZ, spoken, self.rate, config.rms_mix)
        target = config.rate or self.rate
        samples = _length(len(wave), rate, target)
        result = audio.resample(mixed, self.rate, target)[:samples]
        return audio.limit(np.pad(result, (0, samples - len(result)))), target

    def _check(self, wave: np.ndarray, rate: int, config: ConvertConfig) -> None:
        seconds = len(wave) / rate
        if seconds < SHORTEST_S:
            raise InputError(
                "too_short",
                f"{seconds:.2f} s of sound is too short to convert; it takes {SHORTEST_S} s at least.",
            )
        speakers = len(self.voice.card.speakers)
        if config.speaker >= speakers:
            raise InputError(
                "unknown_speaker",
                f"The voice has no speaker {config.speaker}; it has {speakers}, counted from 0.",
            )

    def _hear(self, wave: np.ndarray, rate: int, config: ConvertConfig) -> Source:
        wave = audio.limit(audio.resample(wave, rate, CONTENT_RATE_HZ), SOURCE_PEAK)
        wave = audio.highpass(wave, CONTENT_RATE_HZ, zero_phase=True)
        margin = CONTEXT * HOP
        padding = (margin, margin + chunks.total_frames(len(wave)) * HOP - len(wave))
        heard = torch.from_numpy(np.pad(wave, padding, mode="reflect"))[None].to(self._device)
        if self._estimator is None:
            return Source(wave, heard, None)
        f0 = self._estimator.estimate(heard)[0]
        return Source(wave, heard, pitch.shift(f0, self._semitones(f0, config)))

    def _semitones(self, f0: Tensor, config: ConvertConfig) -> float:
        """Return by how much the pitch is raised."""
        if config.pitch_shift != "auto":
            return config.pitch_shift
        card = self.voice.card
        if card.usual_pitch_hz is None:
            raise InputError(
                "no_usual_pitch",
                f'The voice "{card.name}" does not say how high it usually speaks.',
                "Give the pitch shift in semitones.",
            )
        return pitch.shift_to(card.usual_pitch_hz, f0)

    def _speak(self, source: Source, config: ConvertConfig, advance: Callable[[int], None]) -> np.ndarray:
        """Return the spoken wave at the voice's rate, whole frames of it."""
        hop = self.voice.synthesizer.hop
        spoken = np.zeros(chunks.total_frames(len(source.wave)) * hop, dtype=np.float32)
        for chunk, f0 in self._chunks(source, config):
            chunk.add(self._speak_chunk(source, chunk, f0, config), spoken, hop)
            advance(chunk.frames)
        return spoken

    def _chunks(self, source: Source, config: ConvertConfig) -> Iterator[tuple[Chunk, Tensor | None]]:
        """Go through the chunks of a recording with their pitch."""
        count = self.voice.synthesizer.cycles
        cycles = None if source.f0 is None else count(source.f0)
        for chunk in chunks.cut(source.wave, config.chunk_s):
            if source.f0 is None or cycles is None:
                yield chunk, None
            else:
                yield chunk, chunks.carry_phase(source.f0, cycles, chunk.heard, count)

    def _speak_chunk(
        self, source: Source, chunk: Chunk, f0: Tensor | None, config: ConvertConfig
    ) -> np.ndarray:
        heard = source.heard[:, chunk.heard.start * HOP : chunk.heard.stop * HOP]
        features = self._encoder.encode(heard)[0]
        phone = shape_content(features, f0, self._bank, config.index_rate, config.protect)
        with self._autocast():
            spoken = self.voice.synthesizer.infer(
                phone[None],
                None if f0 is None else f0[None],
                torch.tensor([len(phone)], device=self._device),
                torch.tensor([config.speaker], device=self._device),
                noise_scale=config.noise_scale,
                generator=torch.Generator().manual_seed(seed_at(config.seed, chunk.start)),
            )
        return spoken[0, 0].float().cpu().numpy()


def shape_content(
    features: Tensor, f0: Tensor | None, bank: RetrievalIndex | None, index_rate: float, protect: float
) -> Tensor:
    """Blend features (T / 2, dim) with the index and bring them to 100 frames/s, (T, dim).

    `protect` is the share of the blend that unvoiced frames take; from 0.5 on they take all of it.
    """
    plain = content.at_frame_rate(features)
    if bank is None or index_rate == 0:
        return plain
    blended = content.at_frame_rate(bank.blend(features, index_rate))
    if f0 is None or protect >= PROTECT_OFF:
        return blended
    share = torch.where(f0 < 1, protect, 1.0)[:, None]
    return share * blended + (1 - share) * plain


def _load_estimator(card: VoiceCard, config: ConvertConfig, device: torch.device) -> PitchEstimator:
    """Load the estimator asked for, else the one of the training where it is at hand, else the best."""
    if config.pitch is None and card.pitch_estimator in pitch.names():
        try:
            return pitch.load(card.pitch_estimator, device)
        except InputError:
            pass
    return pitch.load(config.pitch, device)


def _prepare_network(
    synthesizer: Architecture, chosen: torch.device, precision: Precision
) -> Callable[[], AbstractContextManager[None]]:
    """Make the network ready to speak; return the contexts to run it in."""
    synthesizer.fold_weight_norm()
    if not synthesizer.autocasts:
        return nullcontext
    return device.autocast(chosen, device.dtype_for(precision, chosen))


def _length(samples: int, rate: int, target: int) -> int:
    """Return how many samples at another rate last as long, to the nearest."""
    return (2 * samples * target + rate) // (2 * rate)
