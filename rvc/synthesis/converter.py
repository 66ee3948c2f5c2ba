"""The conversion of a wave: what anybody says, said by a trained voice.

The steps are the reference's (section C.1 of the notes): high-pass, pitch of the whole recording, content
features, retrieval, protection of unvoiced sounds, synthesis, loudness mix. Long recordings are spoken in
chunks whose joints are cross-faded; no frame is lost, and the result is as long as the source to the sample.
Every step reads and writes blocks, so that memory does not grow with the recording.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self, TypeAlias

import numpy as np
import torch
from torch import Tensor

from rvc import device
from rvc.analysis import content, pitch
from rvc.analysis.content import ContentEncoder
from rvc.analysis.pitch import PitchEstimator
from rvc.cache import Cache
from rvc.config import CONTENT_RATE_HZ, FRAME_RATE, ConvertConfig, Precision
from rvc.draws import seed_at
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.sound import meter, streams
from rvc.sound.audio import Stream
from rvc.sound.meter import Gain
from rvc.sound.spool import Spool, blocks
from rvc.synthesis import chunks, denoise, formant, index, loudness, melody
from rvc.synthesis.chunks import CONTEXT, Chunk
from rvc.synthesis.feature_cache import KeptEncoder, KeptEstimator, KeptSpeech
from rvc.synthesis.hearing import Advance, Source, silently
from rvc.synthesis.index import RetrievalIndex
from rvc.voices.card import VoiceCard
from rvc.voices.voice import Voice, locate

SHORTEST_S = 0.1
PROTECT_OFF = 0.5
PASSES = 2  # a recording is gone through: for its pitch, and to be spoken
KEPT_SPEECH_S = 600  # of longer recordings what is spoken is not kept: it would push out everything else

Hear: TypeAlias = Callable[[np.ndarray, int], None]
"""Is given what is spoken as soon as it is, (N,), with its rate: as loud as the voice says it."""


@dataclass(frozen=True, slots=True)
class Melody:
    """The pitch to speak at, (frames + 2 * CONTEXT,) in Hz, and by how many semitones it was raised."""

    f0: Tensor
    semitones: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a voice made of a recording: a wave before its gain, and what was done; close it after use."""

    wave: Spool
    gain: Gain
    semitones: float | None

    def blocks(self) -> Iterator[np.ndarray]:
        """Yield the wave as it is to be heard."""
        return streams.scaled(blocks(self.wave), self.gain.factor)

    @property
    def seconds(self) -> float:
        return len(self.wave) / self.wave.rate

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.wave.close()


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
        speech: KeptSpeech | None = None,
    ) -> None:
        """`speech` keeps what the voice says. Raises `InputError` when encoder or index are not those of the voice."""
        voice.card.require_encoder(encoder.name, encoder.dim)
        if bank is not None:
            bank.require_dim(encoder.dim)
        self.voice = voice
        self._device = torch.device(device)
        self._bank = None if bank is None else bank.to(self._device)
        self._encoder = encoder
        self._estimator = estimator if voice.synthesizer.has_pitch else None
        self._speech = speech
        self._autocast = prepare_network(voice, self._device, precision)

    @classmethod
    def load(
        cls, model: Path, config: ConvertConfig, reporter: Reporter, index_path: Path | None = None
    ) -> "Converter":
        """Load a model and what belongs to it; without `index_path`, the index beside it if there is one."""
        _keep_few_kernels()
        chosen = device.pick(config.device)
        file = locate(model)
        voice = Voice.load(file, chosen)
        path = index.choose(index_path, file, reporter)
        bank = index.load(path, chosen) if path and config.index_rate else None
        dtype = hearing_dtype(voice, config.precision, chosen)
        encoder = content.load(voice.card.content_encoder.name, chosen, dtype)
        estimator = (
            load_estimator(voice.card, config.pitch, chosen, dtype) if voice.synthesizer.has_pitch else None
        )
        cache = Cache(limit=None if config.cache_gb is None else int(config.cache_gb * 1e9))
        speech = None
        if cache.limit:
            encoder = KeptEncoder(encoder, cache)
            estimator = estimator and KeptEstimator(estimator, cache)
            speech = KeptSpeech(file, voice.dtype_for(config.precision, chosen), chosen, cache)
        return cls(voice, bank, encoder, estimator, chosen, config.precision, speech)

    @property
    def rate(self) -> int:
        return self.voice.synthesizer.rate

    def convert(
        self, wave: np.ndarray, rate: int, config: ConvertConfig, advance: Advance = silently
    ) -> tuple[np.ndarray, int]:
        """Convert a wave (N,) as `speak` does, and return it with its rate."""
        with self.speak(Stream(rate, [wave]), config, advance) as spoken:
            return np.concatenate(list(spoken.blocks())), spoken.wave.rate

    @torch.inference_mode()
    def speak(
        self,
        recording: Stream,
        config: ConvertConfig,
        advance: Advance = silently,
        hear: Hear | None = None,
    ) -> Spoken:
        """Convert a recording of any length; `advance` is told of the 10 ms frames done, in `PASSES` passes.

        `hear` may listen meanwhile: how loud the result will be is known only when all of it is spoken.
        Raises `InputError` for less than 0.1 s of sound and for a speaker that the voice does not have.
        """
        speaker = self.voice.card.speaker_number(config.speaker)
        cleaned = denoise.cleaner(config.denoise)
        with Source.hear(recording, config.chunk_s, cleaned, advance) as source:
            _check_length(source)
            tune = self._melody(source, speaker, config, advance)
            said = self._spoken(source, tune, speaker, config, advance)
            with Spool.of(said if hear is None else _heard(said, self.rate, hear), self.rate) as spoken:
                mixed = loudness.mixed(source.wave, CONTENT_RATE_HZ, spoken, self.rate, config.rms_mix)
                rate = config.rate or self.rate
                result = streams.exactly(streams.resampled(mixed, self.rate, rate), source.length(rate))
                wave = Spool.of(result, rate)
        semitones = None if tune is None else tune.semitones
        return Spoken(wave, meter.gain_for(wave, config.loudness), semitones)

    @torch.inference_mode()
    def hear_pitch(self, recording: Stream, config: ConvertConfig) -> Tensor:
        """Return the pitch of a recording (frames,) as `speak` hears it, Hz and 0 where unvoiced; none for a voice
        without pitch."""
        if self._estimator is None:
            return torch.zeros(0)
        with Source.hear(recording, config.chunk_s, denoise.cleaner(config.denoise)) as source:
            return source.estimate_pitch(self._estimator)[CONTEXT:-CONTEXT]

    def _melody(self, source: Source, speaker: int, config: ConvertConfig, advance: Advance) -> Melody | None:
        """Return the pitch to speak at; None for a voice without pitch."""
        if self._estimator is None:
            advance(source.frames)
            return None
        heard = source.estimate_pitch(self._estimator, advance)
        semitones = self._semitones(heard, speaker, config)
        f0 = melody.autotune(pitch.shift(heard, semitones).numpy(), config)
        if config.pitch_curve:
            f0 = melody.read_curve(Path(config.pitch_curve)).over(f0, -CONTEXT / FRAME_RATE)
        return Melody(torch.from_numpy(f0), semitones)

    def _semitones(self, f0: Tensor, speaker: int, config: ConvertConfig) -> float:
        """Return by how much the pitch is raised."""
        if config.pitch_shift != "auto":
            return config.pitch_shift
        usual_hz = self.voice.card.usual_pitch_of(speaker)
        if usual_hz is None:
            raise InputError(
                "no_usual_pitch",
                f'The voice "{self.voice.card.name}" does not say how high it usually speaks.',
                "Give the pitch shift in semitones.",
            )
        return pitch.shift_to(usual_hz, f0)

    def _spoken(
        self, source: Source, tune: Melody | None, speaker: int, config: ConvertConfig, advance: Advance
    ) -> Iterator[np.ndarray]:
        """Yield the wave at the voice's rate, as long as the recording."""
        pieces = self._pieces(source, tune, speaker, config, advance)
        whole = chunks.join(pieces, source.frames, self.voice.synthesizer.hop)
        return streams.exactly(whole, source.length(self.rate))

    def _pieces(
        self, source: Source, tune: Melody | None, speaker: int, config: ConvertConfig, advance: Advance
    ) -> Iterator[tuple[Chunk, Iterator[np.ndarray]]]:
        """Yield the chunks of a recording with what is said of their own frames, which must be taken at once."""
        ratio = formant.ratio(config.formant_shift)
        count = self.voice.synthesizer.cycles
        cycles = None if tune is None else count(formant.stretch_pitch(tune.f0, ratio))
        done = 0
        for chunk in source.parts:
            voiced = None if tune is None else tune.f0[chunk.heard].to(self._device)
            features = self._encoder.encode(source.heard(chunk.start, chunk.stop).to(self._device))[0]
            phone = shape_content(features, voiced, self._bank, config.index_rate, config.protect)
            f0 = None
            if tune is not None and cycles is not None:
                f0 = formant.carry_phase(tune.f0, cycles, chunk.heard, count, ratio).to(self._device)
            seed = seed_at(config.seed, chunk.start)
            speak = partial(self._say, phone, f0, chunk.own, ratio, speaker, config.noise_scale, seed)
            if self._speech is not None and source.frames <= KEPT_SPEECH_S * FRAME_RATE:
                settings = (chunk.own, ratio, speaker, config.noise_scale, seed)
                yield chunk, self._speech.say(settings, phone, f0, speak)
            else:
                yield chunk, speak()
            advance(chunk.stop - done)
            done = chunk.stop
        advance(source.frames - done)

    def _say(
        self,
        phone: Tensor,
        f0: Tensor | None,
        own: tuple[int, int],
        ratio: float,
        speaker: int,
        noise_scale: float,
        seed: int,
    ) -> Iterator[np.ndarray]:
        """Yield what is said in the frames `own` of content (T, dim) and pitch (T * ratio,).

        Its resonances are moved by `ratio`; unless that is 1, all frames are said, to be played faster.
        """
        hop, frames = self.voice.synthesizer.hop, len(phone)
        phone = formant.stretch(phone, ratio)
        spoken = self.voice.synthesizer.speak(
            phone[None],
            None if f0 is None else f0[None],
            torch.tensor([len(phone)], device=self._device),
            torch.tensor([speaker], device=self._device),
            noise_scale=noise_scale,
            generator=torch.Generator().manual_seed(seed),
            spoken=own if ratio == 1 else None,
        )
        said = (block[0, 0].float().cpu().numpy() for block in _within(self._autocast, spoken))
        if ratio == 1:
            yield from said
        else:
            whole = formant.restore(np.concatenate(list(said)), ratio, frames * hop)
            yield whole[own[0] * hop : own[1] * hop]


def _within(
    context: Callable[[], AbstractContextManager[None]], blocks: Iterator[Tensor]
) -> Iterator[Tensor]:
    """Yield blocks, each made in a context that is left before anybody has it."""
    while True:
        with context():
            block = next(blocks, None)
        if block is None:
            return
        yield block


def _heard(blocks: Iterator[np.ndarray], rate: int, hear: Hear) -> Iterator[np.ndarray]:
    """Pass blocks on, and let somebody hear them."""
    for block in blocks:
        hear(block, rate)
        yield block


def _check_length(source: Source) -> None:
    seconds = source.samples / source.rate
    if seconds < SHORTEST_S:
        raise InputError(
            "too_short",
            f"{seconds:.2f} s of sound is too short to convert; it takes {SHORTEST_S} s at least.",
        )


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


def _keep_few_kernels() -> None:
    """Let oneDNN keep the kernels of few lengths: those of all chunks of a long recording fill gigabytes.

    Takes effect where nothing was computed yet. Full v2 on a CPU: 2 MB more for every second heard without it.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "128")


def load_estimator(
    card: VoiceCard, name: str | None, device: torch.device, dtype: torch.dtype
) -> PitchEstimator:
    """Load the estimator asked for, else the one of the training where it is at hand, else the best."""
    if name is None and card.pitch_estimator in pitch.names():
        try:
            return pitch.load(card.pitch_estimator, device, dtype)
        except InputError:
            pass
    return pitch.load(name, device, dtype)


def hearing_dtype(voice: Voice, precision: Precision, device: torch.device) -> torch.dtype:
    """Return what the networks that hear compute in: bf16 where that is asked for, or where a CPU speaks in it.

    Elsewhere float32: a GPU spends little on them, and fp16 does not hold all that they reach.
    """
    speaks = voice.dtype_for(precision, device)
    listens_too = precision == "bf16" or device.type == "cpu"
    return torch.bfloat16 if speaks == torch.bfloat16 and listens_too else torch.float32


def prepare_network(
    voice: Voice, chosen: torch.device, precision: Precision
) -> Callable[[], AbstractContextManager[None]]:
    """Make a voice's network ready to speak; return the contexts to run it in."""
    voice.synthesizer.fold_weight_norm()
    if not voice.synthesizer.autocasts:
        return nullcontext
    return device.autocast(chosen, voice.dtype_for(precision, chosen))
