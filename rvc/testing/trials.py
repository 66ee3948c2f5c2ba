"""Trials of a voice: what it makes of recordings, heard and scored.

A reconstruction speaks one of the voice's own recordings again from its content and pitch; a conversion
speaks a recording of somebody else.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from rvc.analysis import content, pitch
from rvc.analysis.features import Features
from rvc.analysis.pitch import PitchEstimator
from rvc.config import CONTENT_RATE_HZ, ConvertConfig, EvaluateConfig
from rvc.datasets import split
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.learning.validation import synthesize
from rvc.names import shown
from rvc.sound import audio
from rvc.synthesis.conversion import Converter
from rvc.synthesis.index import RetrievalIndex
from rvc.testing import metrics, overlap
from rvc.testing.metrics import Array, SpectralScores
from rvc.testing.report import Kind, Scores
from rvc.testing.testset import Testset
from rvc.voices.voice import Voice

SOURCE_MAX_S = 20.0  # of a recording to convert; more says nothing new


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as the judges hear it: wave (N,), pitch (T,) in Hz, content (T/2, dim).

    `bandwidth_hz` is up to where it holds anything; None where that is all that its rate can hold.
    """

    wave: Array
    rate: int
    f0: Array
    content: Array
    bandwidth_hz: float | None = None

    @property
    def seconds(self) -> float:
        return len(self.wave) / self.rate


@dataclass(frozen=True, slots=True)
class Trial:
    """A recording and what the model made of it, whose pitch should be `pitch_shift` semitones higher.

    `take` is what the clip is of, `said` its words where they are written down.
    """

    kind: Kind
    name: str
    take: str
    speaker: int
    original: Heard
    output: Heard
    scores: Scores
    pitch_shift: int = 0
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """The voice under test, the networks that it speaks from, and the pitch estimator that judges."""

    voice: Voice
    features: Features
    judge: PitchEstimator
    index: RetrievalIndex | None

    def hear(self, wave: Array, rate: int) -> Heard:
        """Listen to a wave: the same networks for both recordings of a pair."""
        listening = replace(self.features, estimator=self.judge)
        (described,) = listening.describe([audio.resample(wave, rate, CONTENT_RATE_HZ)])
        return Heard(wave, rate, described.f0, described.content.astype(np.float32))


Keep = Callable[[str, Callable[[], "Trial"]], "Trial"]
"""Returns the trial that was kept under a name, or makes it now and keeps it."""


def reconstruct(
    bench: Bench, testset: Testset, config: EvaluateConfig, reporter: Reporter, keep: Keep
) -> list[Trial]:
    """Let the model speak clips of the test set, evenly spread over all, from their own content and pitch.

    No index takes part: this is the model alone. (An index would not leak: it holds training clips only.)
    """
    numbers = [testset.numbers[place] for place in spread(len(testset.numbers), config.max_clips)]
    with reporter.phase("reconstruct", len(numbers), unit="clips") as phase:
        trials = []
        for number in numbers:
            trials.append(keep(f"clip {number}", partial(_reconstruct, bench, testset, number, config.seed)))
            phase.advance()
    return trials


def _reconstruct(bench: Bench, testset: Testset, number: int, seed: int) -> Trial:
    clip, synthesizer, rate = testset.clips.clip(number), bench.voice.synthesizer, testset.rate
    speaker = min(testset.speaker_of(clip), len(bench.voice.card.speakers) - 1)
    original = replace(bench.hear(clip.wave.cpu().numpy(), rate), bandwidth_hz=clip.bandwidth_hz)
    # heard anew: the dataset's own features may be of another encoder than this model's
    phone = torch.from_numpy(original.content).to(clip.f0.device)
    wave = synthesize(synthesizer, content.at_frame_rate(phone), clip.f0, speaker, seed)
    output = bench.hear(audio.resample(wave.cpu().numpy(), synthesizer.rate, rate), rate)
    spectral = metrics.compare(original.wave, output.wave, rate, original.bandwidth_hz)
    return Trial(
        kind="reconstruction",
        name=clip.name,
        take=clip.source,
        speaker=testset.speaker_of(clip),
        original=original,
        output=output,
        scores=_scores(original, output, spectral),
        said=testset.said_in(clip.source),
    )


def convert(
    bench: Bench,
    files: Sequence[Path],
    usual_hz: float | None,
    config: EvaluateConfig,
    reporter: Reporter,
    keep: Keep,
) -> tuple[dict[Path, Trial], list[str]]:
    """Convert recordings of others at the voice's usual pitch; return a trial each, and why others failed."""
    trials: dict[Path, Trial] = {}
    failed: list[str] = []
    if not files:
        return trials, failed
    features, card = bench.features, bench.voice.card
    estimator = features.estimator if bench.voice.synthesizer.has_pitch else None
    converter = Converter(bench.voice, bench.index, features.encoder, estimator, features.device)
    usual_hz = card.usual_pitch_of(card.speaker_number(config.speaker)) or usual_hz
    said = [overlap.words(sentence) for sentence in split.sentences(files)]
    with reporter.phase("convert", len(files), unit="files") as phase:
        for path, name, text in zip(files, _names(files), said, strict=True):
            try:
                trial = keep(f"source {path}", partial(_convert, bench, converter, path, usual_hz, config))
                trials[path] = replace(trial, name=name, said=text)
            except InputError as error:
                failed.append(f"{shown(path.name)}: {error.text}")
                reporter.warn("source_skipped", failed[-1], file=shown(path.name), reason=error.code)
            phase.advance()
    return trials, failed


def _names(files: Sequence[Path]) -> list[str]:
    """Name recordings apart: by their stems, with numbers where those are equal."""
    stems = [shown(path.stem) for path in files]
    count = Counter(stems)
    return [f"{stem} ({n})" if count[stem] > 1 else stem for n, stem in enumerate(stems, start=1)]


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
        speaker=config.speaker,
        seed=config.seed,
        pitch=bench.features.estimator.name,
        device=config.device,
    )
    output = bench.hear(*converter.convert(wave, rate, settings))
    original = replace(source, wave=audio.resample(wave, rate, output.rate), rate=output.rate)
    scores = _scores(original, output, SpectralScores(None, None), shift)
    return Trial(
        kind="conversion",
        name="",
        take="",
        speaker=bench.voice.card.speaker_number(config.speaker),
        original=original,
        output=output,
        scores=scores.model_copy(update={"duration_ratio": output.seconds / source.seconds}),
        pitch_shift=shift,
    )


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
    waves = one.wave[:samples], other.wave[:samples]
    return _scores(one, other, metrics.compare(*waves, one.rate, one.bandwidth_hz))


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
