"""Test a model on recordings it has never heard: writes `report.html` and `report.json`."""

import re
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from rvc import audio, device, history, metrics
from rvc.config import EvaluateConfig
from rvc.dataset import Prepared
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.features import Features
from rvc.index import find_index
from rvc.index import load as load_index
from rvc.report import Language, Report, Row, VoiceSummary
from rvc.trials import (
    Bench,
    Trial,
    convert,
    from_prepared,
    from_recordings,
    reconstruct,
    spread,
    unrelated,
)
from rvc.voice import Voice, locate

SHOWN = 6  # pairs of each kind to listen to and look at
AUDIO_FOLDER = "audio"
AUDIO_COMMENT = "AI-generated: RVC Studio"


def evaluate(
    model: Path,
    testset: Path,
    out: Path,
    config: EvaluateConfig,
    reporter: Reporter,
    *,
    index: Path | None = None,
    sources: Sequence[Path] = (),
    title: str = "",
    notes: Sequence[str] = (),
    language: Language = "en",
    features: Features | None = None,
) -> Report:
    """Test `model` and write `report.html`, `report.json` and recordings to listen to into the folder `out`.

    `testset` is a prepared folder, of which the held-out part is used, or plain recordings of the same voice
    that it was not trained on. `sources` are recordings of others, to be converted. `title` and `notes` go on
    the page as they are; `features` are networks that are loaded already. Raises `InputError` when there is
    nothing to test on, or when model, index and testset do not fit together.
    """
    page = _load_page()
    files = audio.find_audio(sources)[: config.max_clips]
    given = Prepared.open(testset) if Prepared.is_at(testset) else None
    bench = _load_bench(model, index, config.pitch or (given.pitch if given else None), config, features)
    material = from_prepared(given, bench) if given else from_recordings(testset, bench, reporter)
    own = reconstruct(bench, material, config, reporter)
    converted, failed = convert(bench, files, material, config, reporter)
    tried = own + converted
    if not tried:
        raise _nothing_to_test(testset)
    shown = _choose(tried)
    report = Report(
        title=title,
        notes=list(notes),
        voice=_summary(bench.voice),
        testset=testset.resolve().name,
        settings=config.model_dump(mode="json"),
        pitch_estimator=bench.features.estimator.name,
        index=bench.index is not None,
        rows=_rows(tried, shown, out),
        unrelated=unrelated(own),
        skipped=[*material.skipped, *failed],
    )
    report.write(out)
    exhibits = [_exhibit(page, report.rows[place], tried[place]) for place in shown]
    page.write(report, exhibits, history.read(locate(model).parent), out, language)
    return report


def _load_bench(
    model: Path, index: Path | None, estimator: str | None, config: EvaluateConfig, features: Features | None
) -> Bench:
    chosen = device.pick(config.device)
    voice = Voice.load(model, chosen)
    card = voice.card
    if features is None:
        features = Features.load(card.content_encoder.name, estimator or card.pitch_estimator, chosen)
    path = index or find_index(model) if config.index_rate else None
    return Bench(voice, features, load_index(path, chosen) if path else None)


def _nothing_to_test(testset: Path) -> InputError:
    return InputError(
        "nothing_to_test",
        f"{testset} holds nothing that the model was not trained on, and no other recording was converted.",
        "Prepare the dataset with a part held out, or give recordings that are not in it.",
    )


def _load_page() -> ModuleType:
    """Import what draws the page; raises `InputError` when its packages are not installed."""
    try:
        from rvc import page
    except ImportError as error:
        raise InputError(
            "missing_extra",
            f"Reports need the package {error.name}, which is not installed.",
            "Install it with: pip install 'rvc-studio[evaluate]'",
        ) from error
    return page


def _choose(tried: Sequence[Trial]) -> list[int]:
    """Choose the places of a few reconstructions, from best to worst, and of the first conversions."""
    own = [place for place, trial in enumerate(tried) if trial.kind == "reconstruction"]
    ranked = sorted(own, key=lambda place: tried[place].scores.log_mel_db or 0.0)
    converted = range(len(own), len(tried))
    return [ranked[place] for place in spread(len(ranked), SHOWN)] + list(converted[:SHOWN])


def _rows(tried: Sequence[Trial], shown: Sequence[int], out: Path) -> list[Row]:
    """Describe all trials; the recordings of those shown are written into `out`."""
    rows = [_row(trial) for trial in tried]
    for number, place in enumerate(shown, start=1):
        stem = f"{number:02d}-{_file_stem(tried[place].name)}"
        original, output = (f"{AUDIO_FOLDER}/{stem}-{part}.flac" for part in ("original", "model"))
        audio.write(out / original, tried[place].original.wave, tried[place].original.rate)
        audio.write(out / output, tried[place].output.wave, tried[place].output.rate, comment=AUDIO_COMMENT)
        rows[place] = rows[place].model_copy(update={"original": original, "output": output})
    return rows


def _row(trial: Trial) -> Row:
    return Row(
        kind=trial.kind,
        name=trial.name,
        seconds=trial.original.seconds,
        scores=trial.scores,
        pitch_shift=trial.pitch_shift,
        original_pitch_hz=metrics.median_pitch(trial.original.f0),
        output_pitch_hz=metrics.median_pitch(trial.output.f0),
    )


def _exhibit(page: ModuleType, row: Row, trial: Trial) -> object:
    original, output = trial.original, trial.output
    return page.Exhibit(row, original.wave, output.wave, output.rate, original.f0, output.f0)


def _file_stem(name: str) -> str:
    """Return a name that every system accepts and no address needs to escape much."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "clip"


def _summary(voice: Voice) -> VoiceSummary:
    card = voice.card
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
