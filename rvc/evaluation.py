"""Test a model on recordings it has never heard: writes `report.html` and `report.json`."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from rvc import audio, device, history, mark, metrics
from rvc.config import EvaluateConfig
from rvc.dataset import Prepared
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.features import Features
from rvc.index import choose as choose_index
from rvc.index import load as load_index
from rvc.names import file_stem, shown
from rvc.paths import make_dir
from rvc.report import Language, Report, Row, TestsetKind, VoiceSummary
from rvc.trials import (
    Bench,
    Heard,
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
PARTS = ("original", "model")
MAX_NAME_BYTES = 60  # of a clip's name in that of its files


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
    make_dir(out)  # a place that cannot be written is said before the work
    files = audio.find_audio(sources, out)[: config.max_clips]
    given = Prepared.open(testset) if Prepared.is_at(testset) else None
    model = locate(model)
    path = choose_index(index, model, reporter)
    bench = _load_bench(model, path, config.pitch or (given.pitch if given else None), config, features)
    speech = from_prepared(given, bench) if given else from_recordings(testset, bench, reporter)
    own = reconstruct(bench, speech, config, reporter)
    converted, failed = convert(bench, files, speech, config, reporter)
    tried = own + converted
    if not tried:
        raise _nothing_to_test(testset)
    places = _choose(tried)
    report = Report(
        title=title,
        notes=list(notes),
        voice=_summary(bench.voice),
        testset=shown(testset.resolve().name),
        testset_kind=_kind(given, bench.voice),
        settings=config.model_dump(mode="json"),
        pitch_estimator=bench.features.estimator.name,
        index=bench.index is not None,
        rows=_rows(tried, places, out, bench.voice.card.name),
        unrelated=unrelated(own),
        skipped=[*speech.skipped, *failed],
    )
    report.write(out)
    exhibits = [_exhibit(page, report.rows[place], tried[place]) for place in places]
    page.write(report, exhibits, history.read(model.parent), out, language)
    return report


def _load_bench(
    model: Path, index: Path | None, estimator: str | None, config: EvaluateConfig, features: Features | None
) -> Bench:
    chosen = device.pick(config.device)
    voice = Voice.load(model, chosen)
    card = voice.card
    if features is None:
        features = Features.load(card.content_encoder.name, estimator or card.pitch_estimator, chosen)
    bank = load_index(index, chosen) if index and config.index_rate else None
    if bank is not None:
        bank.require_dim(card.content_encoder.dim)
    return Bench(voice, features, bank)


def _kind(given: Prepared | None, voice: Voice) -> TestsetKind:
    if given is None:
        return "unknown"
    return "held_out" if voice.card.settings.get("dataset") == given.fingerprint else "another"


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


def _rows(tried: Sequence[Trial], places: Sequence[int], out: Path, voice: str) -> list[Row]:
    """Describe all trials; the recordings of those shown are written into `out`, in place of earlier ones."""
    rows = [_row(trial) for trial in tried]
    _remove_audio(out / AUDIO_FOLDER)
    for number, place in enumerate(places, start=1):
        stem = f"{number:02d}-{file_stem(tried[place].name, max_bytes=MAX_NAME_BYTES, otherwise='clip')}"
        original, output = (f"{AUDIO_FOLDER}/{stem}-{part}.flac" for part in PARTS)
        _write_audio(out / original, tried[place].original, mark.COPY)
        _write_audio(out / output, tried[place].output, mark.generated(voice))
        rows[place] = rows[place].model_copy(update={"original": original, "output": output})
    return rows


def _remove_audio(folder: Path) -> None:
    """Remove the recordings of an earlier report, and nothing else."""
    for part in PARTS:
        for path in folder.glob(f"[0-9][0-9]-*-{part}.flac"):
            if mark.is_ours(audio.comment(path)):
                path.unlink()


def _write_audio(path: Path, heard: Heard, comment: str) -> None:
    audio.write(path, heard.wave, heard.rate, comment=comment)


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
