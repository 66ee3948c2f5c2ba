"""The main job in one go: recordings in, a trained and tested voice and a converted recording out."""

import time
from dataclasses import dataclass
from pathlib import Path

from rvc import audio, paths
from rvc.config import ConvertConfig, EvaluateConfig, PrepareConfig, TrainConfig
from rvc.convert import convert
from rvc.dataset import Prepared
from rvc.evaluate import Report, evaluate
from rvc.events import Reporter
from rvc.index import index_path, write_index
from rvc.prepare import prepare
from rvc.train import train

RATE_HZ = 24000
MINUTES = 5.0
ROUGH = (
    "This voice was trained from scratch in {minutes:.0f} minutes on {speech:.0f} minutes of speech: it is a rough "
    "one. No base model ships yet; with one, or with hours of training, a voice gets far better."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a demonstration leaves behind."""

    converted: list[Path]
    model: Path
    report: Path
    scores: Report
    note: str
    seconds: float


def demo(
    out: Path,
    reporter: Reporter,
    voice: Path | None = None,
    source: Path | None = None,
    minutes: float = MINUTES,
) -> Outcome:
    """Run prepare, train, index, convert and evaluate on the bundled recordings or on the user's own.

    `voice` is a folder (or file) of one person's recordings, `source` what is to be said in that voice.
    """
    started = time.monotonic()
    source = source or paths.resource("demo/source")
    audio.find_audio([source])  # a wrong path is said before minutes are spent
    prepared = _prepare(voice or paths.resource("demo/voice"), out / "prepared", reporter)
    model = _train(prepared, out / "model", minutes, source, reporter)
    write_index(out / "prepared", index_path(model), reporter)
    converted = convert(model, [source], out / "converted", ConvertConfig(pitch_shift="auto"), reporter)
    note = ROUGH.format(minutes=minutes, speech=prepared.summary.train_s / 60)
    scores = evaluate(
        model, out / "prepared", out / "report", EvaluateConfig(), reporter, sources=[source], notes=[note]
    )
    return Outcome(converted, model, out / "report" / "report.html", scores, note, time.monotonic() - started)


def _prepare(voice: Path, out: Path, reporter: Reporter) -> Prepared:
    return prepare([voice], out, PrepareConfig(rate=RATE_HZ), reporter)


def _train(prepared: Prepared, out: Path, minutes: float, source: Path, reporter: Reporter) -> Path:
    config = TrainConfig(
        name="demo", architecture="lite", minutes=minutes, preview=str(audio.find_audio([source])[0])
    )
    return train(prepared.folder, out, config, reporter).model
