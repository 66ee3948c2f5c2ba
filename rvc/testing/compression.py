"""A model made smaller: packed, or given a small decoder; tested beside the original, and kept only if as good."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rvc import device, paths
from rvc.analysis.features import Features
from rvc.cache import link
from rvc.config import CompressConfig, EvaluateConfig
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.learning.distillation import distil
from rvc.synthesis import agreement, index
from rvc.synthesis.agreement import Agreement
from rvc.testing import pace
from rvc.testing.evaluation import evaluate
from rvc.testing.report import KINDS, Report, Scores
from rvc.voices import voice
from rvc.voices.voice import SUFFIX, Voice

BUNDLED = "demo/voice"  # spoken again where no recordings are given
BUNDLED_SOURCE = "demo/source"  # and converted: only conversion computes in the model's own precision
REPORT = "report"
LEARNING = "learning"  # the folder of a student that is not done
SHARES = ("content_similarity", "pitch_correlation", "similarity")  # 1 is perfect
RATES = ("character_error_rate", "voicing_error")  # 0 is perfect
DISTANCES = ("log_mel_db", "mcd_db")  # of which a drop is a share
RATINGS = ("dnsmos", "distillmos")  # from 1 to 5
RATING_RANGE = 4.0


@dataclass(frozen=True, slots=True)
class Change:
    """A score before and after, and how much worse it is: of 1, or as a share of a distance."""

    name: str
    before: float
    after: float
    drop: float

    def __str__(self) -> str:
        return f"{self.name} from {self.before:.4g} to {self.after:.4g} ({self.drop:.1%} worse)"


@dataclass(frozen=True, slots=True)
class Side:
    """What a model takes: its file and its index in bytes, and seconds for a second of speech."""

    model_bytes: int
    index_bytes: int
    seconds_a_second: float


@dataclass(frozen=True, slots=True)
class Compressed:
    """The files that were written, and what was measured."""

    model: Path
    index: Path | None
    report: Path
    before: Side
    after: Side
    changes: list[Change]
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class _Copy:
    """A model in a folder of its own, with its index beside it."""

    model: Path

    @property
    def index(self) -> Path | None:
        beside = index.index_path(self.model)
        return beside if beside.is_file() else None


def compress(
    model: Path,
    out: Path,
    config: CompressConfig,
    reporter: Reporter,
    *,
    testset: Path | None = None,
    sources: Sequence[Path] = (),
    index_path: Path | None = None,
    features: Features | None = None,
    recordings: Path | None = None,
) -> Compressed:
    """Write a smaller model, and its index packed, to the folder `out`, with the report of the test.

    `testset`, `sources` and `features` are as in `evaluate`; bundled recordings take the place of what is not given. A
    student learns from the prepared dataset `recordings`, and is tested on its held-out part.
    Raises `Paused` while a student learns; `InputError` too_lossy when a score is worse by more than the settings
    allow, same_folder, no_lessons, and what learning and testing raise.
    """
    source = voice.locate(model)
    target = out / f"{source.stem}{SUFFIX}"
    if paths.make_dir(out).resolve() == source.parent.resolve():
        raise InputError("same_folder", f"The model itself is in {out}.", "Name another folder with --out.")
    beside = index.choose(index_path, source, reporter)
    small = _made_small(source, recordings, out, config, reporter)
    testset = testset or recordings
    with tempfile.TemporaryDirectory(prefix=".compress-", dir=out) as work:
        original = _copy(source, beside, Path(work, "original"))
        packed, found = _pack(small, beside, Path(work, "packed", target.name), config)
        report = evaluate(
            packed.model,
            testset or paths.resource(BUNDLED),
            out / REPORT,
            _settings(config, testset, reporter),
            reporter,
            sources=sources or [paths.resource(BUNDLED_SOURCE)],
            against=[original.model],
            features=features,
        )
        changes = compare(report)
        _require_good(changes, config)
        before, after = _sides(original, packed, config)
        moved = _move(packed, target)
    shutil.rmtree(out / LEARNING, ignore_errors=True)
    return Compressed(target, moved, out / REPORT / "report.html", before, after, changes, found)


def compare(report: Report) -> list[Change]:
    """Return the scores that tell a loss, the worst first; a report's first model is the packed one."""
    after, before = report.entrants[:2]
    changes = []
    for kind in KINDS:
        means = [Scores.mean([row.scores for row in one.of(kind)]) for one in (before, after)]
        for name in (*SHARES, *RATES, *DISTANCES, *RATINGS):
            old, new = (getattr(mean, name) for mean in means)
            if old is not None and new is not None:
                changes.append(Change(f"{kind} {name}", old, new, _drop(name, old, new)))
    return sorted(changes, key=lambda change: -change.drop)


def _drop(name: str, before: float, after: float) -> float:
    """Return by how much a score is worse, below 0 where it is better."""
    if name in SHARES:
        return before - after
    if name in RATES:
        return after - before
    if name in RATINGS:
        return (before - after) / RATING_RANGE
    return (after - before) / max(before, 1e-9)


def _require_good(changes: Sequence[Change], config: CompressConfig) -> None:
    worse = [change for change in changes if change.drop > config.max_drop]
    if worse:
        raise InputError(
            "too_lossy",
            f"No model was written: {'; '.join(map(str, worse[:3]))}, and {config.max_drop:.1%} is allowed.",
            "Choose another form with --to and --index-to, or allow more with --max-drop.",
        )


def _copy(model: Path, beside: Path | None, folder: Path) -> _Copy:
    """Put a model and its index into a folder: the test finds both there, and writes into neither."""
    copy = _Copy(folder / model.name)
    link(model, copy.model)
    if beside is not None:
        link(beside, index.index_path(copy.model))
    return copy


def _made_small(
    model: Path, recordings: Path | None, out: Path, config: CompressConfig, reporter: Reporter
) -> Voice:
    """Return the voice in a file, or its student."""
    if config.to != "student":
        return Voice.load(model)
    if recordings is None:
        raise InputError(
            "no_lessons",
            "A student learns from recordings.",
            "Give a prepared dataset of the voice with --data.",
        )
    return distil(model, recordings, out / LEARNING, config, reporter)


def _pack(
    voice: Voice, beside: Path | None, model: Path, config: CompressConfig
) -> tuple[_Copy, Agreement | None]:
    """Write a voice and its index in the forms that the settings say; also tell what the index loses."""
    copy = _Copy(model)
    voice.save(copy.model, "fp16" if config.to == "student" else config.to)
    if beside is None:
        return copy, None
    given, target = index.load(beside), index.index_path(copy.model)
    given.save(target, config.index_to)
    if target.stat().st_size > beside.stat().st_size:  # it was packed before
        shutil.copyfile(beside, target)
    return copy, agreement.compare(given, index.load(target), agreement.features_like(given.vectors))


def _settings(config: CompressConfig, testset: Path | None, reporter: Reporter) -> EvaluateConfig:
    """Return how both models are tested; bundled recordings need not be the voice's, nor new to it."""
    if testset is None:
        reporter.log(
            "bundled_testset", "Tested on the bundled recordings: give the voice's own with --testset."
        )
    return EvaluateConfig(
        seed=config.seed, max_clips=config.max_clips, keep_heard=testset is None, device=config.device
    )


def _sides(original: _Copy, packed: _Copy, config: CompressConfig) -> tuple[Side, Side]:
    chosen = device.pick(config.device)
    both = (original, packed)
    seconds = pace.measure([Voice.load(copy.model, chosen) for copy in both], chosen)
    before, after = (
        Side(copy.model.stat().st_size, copy.index.stat().st_size if copy.index else 0, spent)
        for copy, spent in zip(both, seconds, strict=True)
    )
    return before, after


def _move(packed: _Copy, target: Path) -> Path | None:
    """Move a model and its index to where they belong; return where the index is."""
    moved = None
    if packed.index is not None:
        moved = packed.index.replace(index.index_path(target))
    packed.model.replace(target)
    return moved
