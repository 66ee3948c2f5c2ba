"""The main job in one go: recordings in, a trained and tested voice and a converted recording out."""

import time
from dataclasses import dataclass
from pathlib import Path

from rvc import paths
from rvc.config import ConvertConfig, EvaluateConfig, PrepareConfig, TrainConfig
from rvc.console import duration
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.learning.training import train
from rvc.sound import audio
from rvc.synthesis.conversion import convert
from rvc.synthesis.index import index_path, write_index
from rvc.testing import metrics
from rvc.testing.evaluation import evaluate
from rvc.testing.report import Report

RATE_HZ = 24000
NOTE = (
    "This voice was trained in {training} on {speech} of speech, starting from the base that comes with the program. "
    "Ten minutes of recordings and a longer training bring a voice nearer."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a demonstration leaves behind, and what it says about it."""

    converted: Path
    model: Path
    report: Path
    note: str
    scores: dict[str, float | None]
    seconds: float


def demo(out: Path, reporter: Reporter, voice: Path | None, source: Path | None, minutes: float) -> Outcome:
    """Run prepare, train, index, convert and evaluate on the bundled recordings or on the user's own.

    `voice` is a folder or file of one person's recordings, `source` the recording to be said in that voice.
    Raises `InputError` for what cannot be used before any time is spent, and as the stages do.
    """
    started = time.monotonic()
    source = _only(source or paths.resource("demo/source"))
    voice = voice or paths.resource("demo/voice")
    prepared = prepare([voice], out / "prepared", PrepareConfig(rate=RATE_HZ), reporter)
    settings = TrainConfig(name="demo", architecture="lite", minutes=minutes, preview=str(source))
    model = train(prepared.folder, out / "model" / prepared.fingerprint, settings, reporter).model
    write_index(prepared.folder, index_path(model), reporter)
    (converted,) = convert(model, [source], out / "converted", ConvertConfig(pitch_shift="auto"), reporter)
    note = NOTE.format(training=duration(minutes * 60), speech=duration(prepared.summary.train_s))
    report = evaluate(
        model, prepared.folder, out / "report", EvaluateConfig(), reporter, sources=[source], notes=[note]
    )
    seconds = time.monotonic() - started
    return Outcome(converted, model, out / "report" / "report.html", note, _headline(report), seconds)


def _only(source: Path) -> Path:
    """Return the one recording that `source` names."""
    found = audio.find_audio([source])
    if len(found) != 1:
        raise InputError("not_one_source", f"{source} holds {len(found)} recordings.", "Name one of them.")
    audio.read(found[0])  # a broken file is said now, not after the training
    return found[0]


def _headline(report: Report) -> dict[str, float | None]:
    reconstruction, conversion = report.mean("reconstruction"), report.mean("conversion")
    return {
        "held-out takes, log-mel distance (dB)": reconstruction.log_mel_db,
        "held-out takes, pitch correlation": reconstruction.pitch_correlation,
        "conversion, pitch correlation": conversion.pitch_correlation,
        "conversion, content similarity": conversion.content_similarity,
        "conversion, likeness to the voice": conversion.similarity,
        "conversion, likeness to the source": conversion.source_similarity,
        "recordings of the voice, likeness to each other": metrics.mean(report.ceiling),
    }
