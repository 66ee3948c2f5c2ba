"""Trials of a voice: what it makes of recordings, heard and scored.

A reconstruction speaks one of the voice's own recordings again from its content and pitch; a conversion
speaks a recording of somebody else.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from rvc import audio, content, data, metrics, pitch
from rvc.config import CONTENT_RATE_HZ, ConvertConfig, EvaluateConfig, PrepareConfig
from rvc.conversion import Converter
from rvc.data import Clips
from rvc.dataset import Prepared
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.features import Features
from rvc.index import RetrievalIndex
from rvc.metrics import Array, SpectralScores
from rvc.names import shown
from rvc.preparation import prepare_testset
from rvc.report import Kind, Scores
from rvc.validation import synthesize
from rvc.voice import Voice

SOURCE_MAX_S = 20.0  # of a recording to convert; more says nothing new


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as the judges hear it: wave (N,), pitch (T,) in Hz, content (T/2, dim)."""

    wave: Array
    rate: int
    f0: Array
    content: Array

    @property
    def seconds(self) -> float:
        return len(self.wave) / self.rate


@dataclass(frozen=True, slots=True)
class Trial:
    """A recording and what the model made of it, whose pitch should be `pitch_shift` semitones higher."""

    kind: Kind
    name: str
    original: Heard
    output: Heard
    scores: Scores
    pitch_shift: int = 0


@dataclass(frozen=True, slots=True)
class Testset:
    """Recordings of the voice itself; `held_out` tells whether the model has never heard them."""

    clips: Clips
    rate: int
    held_out: bool
    skipped: list[str]


@dataclass(frozen=True, slots=True)
class Bench:
    """The voice under test, and the networks that listen: the same ones for both recordings of a pair."""

    voice: Voice
    features: Features
    index: RetrievalIndex | None

    def hear(self, wave: Array, rate: int) -> Heard:
        (described,) = self.features.describe([audio.resample(wave, rate, CONTENT_RATE_HZ)])
        return Heard(wave, rate, described.f0, described.content.astype(np.float32))


def from_prepared(prepared: Prepared, bench: Bench) -> Testset:
    """Take the held-out part of a dataset. Raises `InputError` when another content encoder prepared it."""
    bench.voice.card.require_encoder(prepared.encoder.name, prepared.encoder.dim)
    held_out = bool(prepared.clips_of("test"))
    # where nothing was held out nothing is reconstructed, but the rest still tells the voice's usual pitch
    clips = data.load(prepared, "test" if held_out else "train", bench.features.device)
    return Testset(clips, prepared.rate, held_out, [])


def from_recordings(path: Path, bench: Bench, reporter: Reporter) -> Testset:
    """Prepare plain recordings as those of a dataset, and take all of them as held out."""
    features, card = bench.features, bench.voice.card
    settings = PrepareConfig(
        rate=card.rate, encoder=features.encoder.name, pitch=features.estimator.name, held_out=0
    )
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare_testset([path], Path(folder), settings, reporter, features)
        clips = data.load(prepared, "train", features.device)
    return Testset(clips, prepared.rate, True, [f"{file.file}: {file.reason}" for file in prepared.skipped])


def reconstruct(bench: Bench, testset: Testset, config: EvaluateConfig, reporter: Reporter) -> list[Trial]:
    """Let the model speak held-out clips, evenly spread over all of them, from their own content and pitch.

    No index takes part: this is the model alone. (An index would not leak: it holds training clips only.)
    """
    numbers = spread(len(testset.clips), config.max_clips) if testset.held_out else []
    with reporter.phase("reconstruct", len(numbers)) as phase:
        trials = []
        for number in numbers:
            trials.append(_reconstruct(bench, testset, number, config.seed))
            phase.advance()
    return trials


def _reconstruct(bench: Bench, testset: Testset, number: int, seed: int) -> Trial:
    clip, synthesizer, rate = testset.clips.clip(number), bench.voice.synthesizer, testset.rate
    speaker = min(clip.speaker, len(bench.voice.card.speakers) - 1)
    wave = synthesize(synthesizer, content.at_frame_rate(clip.content), clip.f0, speaker, seed)
    original = bench.hear(clip.wave.cpu().numpy(), rate)
    output = bench.hear(audio.resample(wave.cpu().numpy(), synthesizer.rate, rate), rate)
    spectral = metrics.compare(original.wave, output.wave, rate)
    return Trial("reconstruction", clip.name, original, output, _scores(original, output, spectral))


def convert(
    bench: Bench, files: Sequence[Path], testset: Testset, config: EvaluateConfig, reporter: Reporter
) -> tuple[list[Trial], list[str]]:
    """Convert recordings of others at the voice's usual pitch; return the trials, and why others failed."""
    trials: list[Trial] = []
    failed: list[str] = []
    if not files:
        return trials, failed
    features = bench.features
    estimator = features.estimator if bench.voice.synthesizer.has_pitch else None
    converter = Converter(bench.voice, bench.index, features.encoder, estimator, features.device)
    usual_hz = bench.voice.card.usual_pitch_hz or testset.clips.usual_pitch_hz
    with reporter.phase("convert", len(files)) as phase:
        for path in files:
            try:
                trials.append(_convert(bench, converter, path, usual_hz, config))
            except InputError as error:
                failed.append(f"{shown(path.name)}: {error.text}")
                reporter.warn("source_skipped", failed[-1], file=shown(path.name), reason=error.code)
            phase.advance()
    return trials, failed


def _convert(
    bench: Bench, converter: Converter, path: Path, usual_hz: float | None, config: EvaluateConfig
) -> Trial:
    wave, rate = audio.read(path)
    wave = wave[: int(SOURCE_MAX_S * rate)]
    source = bench.hear(wave, rate)
    shift = pitch.shift_to(usual_hz, torch.from_numpy(source.f0))
    settings = ConvertConfig(
        pitch_shift=shift,
        index_rate=config.index_rate if bench.index else 0.0,
        seed=config.seed,
        pitch=bench.features.estimator.name,
        device=config.device,
    )
    output = bench.hear(*converter.convert(wave, rate, settings))
    original = replace(source, wave=audio.resample(wave, rate, output.rate), rate=output.rate)
    scores = _scores(original, output, SpectralScores(None, None), shift)
    scores = scores.model_copy(update={"duration_ratio": output.seconds / source.seconds})
    return Trial("conversion", shown(path.stem), original, output, scores, shift)


def unrelated(trials: Sequence[Trial]) -> Scores:
    """Score originals against other originals: what a model reaches that reproduces nothing."""
    if len(trials) < 2:
        return Scores()
    others = [*trials[len(trials) // 2 :], *trials[: len(trials) // 2]]
    return Scores.mean(
        [_score_strangers(one.original, other.original) for one, other in zip(trials, others, strict=True)]
    )


def _score_strangers(one: Heard, other: Heard) -> Scores:
    """Score two recordings from their beginnings to the end of the shorter one."""
    samples = min(len(one.wave), len(other.wave))
    return _scores(one, other, metrics.compare(one.wave[:samples], other.wave[:samples], one.rate))


def _scores(original: Heard, output: Heard, spectral: SpectralScores, shift: int = 0) -> Scores:
    expected_f0 = original.f0 * np.float32(2 ** (shift / 12))
    return Scores(
        **asdict(spectral),
        **asdict(metrics.compare_pitch(expected_f0, output.f0)),
        content_similarity=metrics.content_similarity(original.content, output.content),
    )


def spread(count: int, most: int) -> list[int]:
    """Return at most `most` of the numbers below `count`, evenly spread, both ends included."""
    return (
        np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int)).tolist() if count else []
    )
