"""Models side by side: each is given the same recordings, and the same judges hear what they make of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rvc import device
from rvc.analysis import pitch
from rvc.analysis.features import Features
from rvc.config import CONTENT_RATE_HZ, EvaluateConfig
from rvc.datasets.dataset import Prepared
from rvc.events import Phase, Reporter
from rvc.sound import audio
from rvc.synthesis.index import choose as choose_index
from rvc.synthesis.index import load as load_index
from rvc.testing import entrants, metrics
from rvc.testing.judges import Case, Opinion, Panel
from rvc.testing.notebook import Notebook
from rvc.testing.report import Entrant, Row, Scores, VoiceSummary
from rvc.testing.testset import Testset
from rvc.testing.trials import Bench, Heard, Trial, convert, reconstruct
from rvc.voices.voice import Voice


@dataclass(frozen=True, slots=True)
class Contest:
    """A model and what it made: its trials, the voice's own recordings first, and what judges say of each."""

    label: str
    bench: Bench
    trials: list[Trial]
    opinions: list[Opinion]

    def entrant(self) -> Entrant:
        rows = [_row(trial, opinion) for trial, opinion in zip(self.trials, self.opinions, strict=True)]
        return Entrant(
            label=self.label,
            voice=_summary(self.bench.voice),
            index=self.bench.index is not None,
            rows=rows,
        )


def load_benches(
    paths: Sequence[Path],
    index: Path | None,
    given: Prepared | None,
    config: EvaluateConfig,
    reporter: Reporter,
    features: Features | None,
) -> list[Bench]:
    """Load every model with the networks that it needs; those of the same kind are loaded once."""
    chosen = device.pick(config.device)
    loaded = {features.encoder.name: features} if features else {}
    benches = []
    for number, path in enumerate(paths):
        one = entrants.load(path, chosen)
        encoder = one.card.content_encoder
        if encoder.name not in loaded:
            estimator = given.pitch if given else one.card.pitch_estimator
            loaded[encoder.name] = Features.load(encoder.name, estimator or config.pitch, chosen)
        place = choose_index(index if not number else None, entrants.home(path), reporter)
        bank = load_index(place, chosen) if place and config.index_rate else None
        if bank is not None:
            bank.require_dim(encoder.dim)
        benches.append(Bench(one, loaded[encoder.name], loaded[encoder.name].estimator, bank))
    judge = benches[0].judge
    if config.pitch and config.pitch != judge.name:
        judge = pitch.load(config.pitch, chosen)
    return [replace(bench, judge=judge) for bench in benches]


def hold(
    paths: Sequence[Path],
    benches: Sequence[Bench],
    speech: Testset,
    files: Sequence[Path],
    panel: Panel,
    config: EvaluateConfig,
    reporter: Reporter,
    notebook: Notebook,
) -> tuple[list[Contest], list[str]]:
    """Let every model speak the same recordings, and judge what they made; also say which files failed."""
    made: list[list[Trial]] = []
    skipped: list[str] = []
    converted: list[dict[Path, Trial]] = []
    for number, bench in enumerate(benches):
        keep = partial(_kept, notebook, number)
        made.append(reconstruct(bench, speech, config, reporter, keep))
        trials, failed = convert(bench, files, speech.usual_pitch_hz, config, reporter, keep)
        files = [path for path in files if path in trials]  # what one cannot convert, none is judged by
        converted.append(trials)
        skipped += failed
    tried = [[*own, *(trials[path] for path in files)] for own, trials in zip(made, converted, strict=True)]
    panel.meet(speech.references)
    with reporter.phase("judge", sum(map(len, tried)) if panel.judges else 0, unit="clips") as phase:
        opinions = [_judge(panel, trials, phase, notebook, number) for number, trials in enumerate(tried)]
    labels = entrants.labels([bench.voice for bench in benches], paths)
    rows = zip(labels, benches, tried, opinions, strict=True)
    return [Contest(*row) for row in rows], skipped


def _kept(notebook: Notebook, number: int, name: str, make: Callable[[], Trial]) -> Trial:
    return notebook.trial(f"{number} {name}", make)


def _judge(
    panel: Panel, trials: Sequence[Trial], phase: Phase, notebook: Notebook, number: int
) -> list[Opinion]:
    opinions = []
    for case in _cases(trials):
        name = f"{number} {case.kind} {case.name}"
        opinions.append(notebook.opinion(name, partial(panel.judge, case)))
        phase.advance()
    return opinions


def _cases(trials: Sequence[Trial]) -> Iterator[Case]:
    for trial in trials:
        yield Case(
            kind=trial.kind,
            name=trial.name,
            take=trial.take,
            speaker=trial.speaker,
            original=_at_16k(trial.original),
            output=_at_16k(trial.output),
            said=trial.said,
        )


def _at_16k(heard: Heard) -> metrics.Array:
    return audio.resample(heard.wave, heard.rate, CONTENT_RATE_HZ)


def _row(trial: Trial, opinion: Opinion) -> Row:
    judged = opinion.output.model_dump(exclude_none=True)
    return Row(
        kind=trial.kind,
        name=trial.name,
        seconds=trial.original.seconds,
        scores=Scores.model_validate(trial.scores.model_dump() | judged),
        original_scores=opinion.original,
        pitch_shift=trial.pitch_shift,
        original_pitch_hz=metrics.median_pitch(trial.original.f0),
        output_pitch_hz=metrics.median_pitch(trial.output.f0),
    )


def _summary(one: Voice) -> VoiceSummary:
    card = one.card
    return VoiceSummary(
        name=card.name,
        architecture=card.architecture,
        rate=card.rate,
        content_encoder=card.content_encoder.name,
        steps=card.steps or None,
        created=card.created.date().isoformat(),
        trained_seconds=card.trained_on.seconds or None,
        trained_clips=card.trained_on.clips or None,
    )
