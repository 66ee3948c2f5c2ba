"""Test models on recordings they have never heard: writes `report.html` and `report.json`."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from safetensors.torch import save

from rvc import device
from rvc.analysis.features import Features
from rvc.config import EvaluateConfig
from rvc.datasets.dataset import Prepared
from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvc.learning import history
from rvc.names import file_stem, shown
from rvc.paths import atomic, make_dir
from rvc.sound import audio, mark
from rvc.testing import answers, contest, entrants, judges, overlap
from rvc.testing.contest import Contest
from rvc.testing.judges import Panel
from rvc.testing.notebook import Notebook
from rvc.testing.notebook import title as title_of
from rvc.testing.report import KINDS, Entrant, Language, Overlap, Report, TestsetKind
from rvc.testing.testset import Testset, open_dataset, read_recordings, transcripts_folder
from rvc.testing.trials import Bench, Heard, Trial, spread, unrelated
from rvc.voices import voice
from rvc.voices.voice import Voice

SHOWN = 6  # clips of each kind to listen to and look at
AUDIO_FOLDER = "audio"
NOTEBOOK = ".notebook"
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
    against: Sequence[Path] = (),
    trained_on: Sequence[Path] = (),
    transcripts: Path | None = None,
    listen: bool = False,
    title: str = "",
    notes: Sequence[str] = (),
    language: Language = "en",
    features: Features | None = None,
    work: Path | None = None,
) -> Report:
    """Test `model` and write `report.html`, `report.json` and recordings to listen to into the folder `out`.

    `testset` is a prepared folder, of which the held-out part is used, or plain recordings of the same voice
    that it was not trained on. `sources` are recordings of others, to be converted; `against` other models or
    checkpoints, which get the same recordings; `trained_on` prepared folders of the models' trainings, in which
    the test's recordings are looked for; `transcripts` a table of what is said. With `listen`, a page for blind
    listening is written too. `title` and `notes` go on the page as they are; `features` are networks that are
    loaded already. What is made is kept in the folder `work`, usually one in `out`, until the report is written:
    the same test goes on there when it was broken off.

    Raises `InputError` when there is nothing to test on, or when things do not fit together.
    """
    page = _load_page()
    make_dir(out)  # a place that cannot be written is said before the work
    files = audio.find_audio(sources, out)[: config.max_clips]
    table = transcripts_folder(transcripts)
    given = Prepared.open(testset) if Prepared.is_at(testset) else None
    paths = [entrants.find(path) for path in (model, *against)]
    heard = [Prepared.open(path) for path in trained_on]
    benches = contest.load_benches(paths, index, given, config, reporter, features)
    panel = judges.load(config, device.pick(config.device))
    _tell_absent(panel, reporter)
    read = [*paths, *([index] if index else []), testset, *([table] if table else []), *files]
    settings = config.model_dump() | {"judges": [judge.name for judge in panel.judges]}
    notebook = Notebook(work or out / NOTEBOOK, title_of(settings, read))
    speech = _open_testset(testset, given, table, benches[0], config, reporter, notebook)
    speech, found = _leave_out_heard(speech, given, heard, benches, config, reporter)
    contests, skipped = contest.hold(paths, benches, speech, files, panel, config, reporter, notebook)
    if not contests[0].trials:
        raise _nothing_to_test(testset, found)
    with reporter.phase("report", 1):
        places = _choose(contests[0].trials)
        report = _report(contests, _write_audio(contests, places, out), config, found, panel).model_copy(
            update={
                "title": title,
                "notes": list(notes),
                "language": language,
                "testset": shown(testset.resolve().name),
                "testset_kind": _kind(given, benches[0].voice),
                "skipped": [*speech.skipped, *skipped],
            }
        )
        report.write(out)
        curves = history.read(entrants.home(paths[0]).parent)
        page.write(report, _exhibits(page, report, contests, places), curves, out)
        if listen:
            from rvc.testing import listening

            listening.write(report, [(one.label, one.trials) for one in contests], out)
    if report.testset_kind == "held_out" and not found.twins:
        _keep_scores(paths[0], report, reporter)
    notebook.close()
    return report


def _report(
    contests: Sequence[Contest],
    described: Sequence[Entrant],
    config: EvaluateConfig,
    found: Overlap,
    panel: Panel,
) -> Report:
    """Put down what was measured; what the test set is follows."""
    own = contests[0]
    similarity = panel.similarity
    return Report(
        voice=described[0].voice,
        label=own.label,
        testset="",
        testset_kind="unknown",
        settings=_settings(config),
        pitch_estimator=own.bench.judge.name,
        index=described[0].index,
        rows=described[0].rows,
        others=list(described[1:]),
        unrelated=unrelated([trial for trial in own.trials if trial.kind == "reconstruction"]),
        ceiling=similarity.ceiling() if similarity else [],
        overlap=found,
        absent=panel.absent,
    )


def add_answers(folder: Path, files: Sequence[Path]) -> Report:
    """Put what listeners answered into the report in `folder`, in place of earlier answers.

    Raises `InputError`: no_report, no_listening_test, not_answers, another_test.
    """
    page = _load_page()
    report = Report.open(folder)
    report = report.model_copy(update={"listening": answers.read(folder, files)})
    report.write(folder)
    page.show_listening(report, folder)
    return report


def _open_testset(
    path: Path,
    given: Prepared | None,
    table: Path | None,
    bench: Bench,
    config: EvaluateConfig,
    reporter: Reporter,
    notebook: Notebook,
) -> Testset:
    if given is not None:
        return open_dataset(given, table, bench.features)
    card = bench.voice.card
    speaker = card.speaker_number(config.speaker)
    return read_recordings(path, table, card.rate, speaker, bench.features, reporter, notebook.testset)


def _leave_out_heard(
    speech: Testset,
    given: Prepared | None,
    heard: Sequence[Prepared],
    benches: Sequence[Bench],
    config: EvaluateConfig,
    reporter: Reporter,
) -> tuple[Testset, Overlap]:
    """Compare the test set with what the models were trained on, as far as that is at hand."""
    known = [_trained_on(bench.voice) for bench in benches]
    overlap.require_trained_on(heard, known)
    own = given if given is not None and given.fingerprint in known else None
    datasets = {dataset.fingerprint: dataset for dataset in [*heard, *([own] if own else [])]}
    marks = overlap.marks_of((bench.voice.card for bench in benches), own)
    if not (datasets or marks) or not speech.numbers:
        return speech, Overlap()
    found = overlap.compare(speech.to_compare(), list(datasets.values()), own, reporter, marks)
    found = found.model_copy(update={"kept": config.keep_heard})
    if not found.twins:
        return speech, found
    count, what = len(found.twins), "are tested all the same" if config.keep_heard else "are left out"
    reporter.warn(
        "heard_in_training",
        f"{count} of {len(speech.numbers)} clips are in the training data and {what}, first {found.twins[0].clip}.",
        clips=[twin.clip for twin in found.twins],
    )
    return (speech if config.keep_heard else speech.without(found)), found


def _trained_on(one: Voice) -> str | None:
    """Return the fingerprint of the dataset that a voice was trained on, where its card says it."""
    found = one.card.settings.get("dataset")
    return found if isinstance(found, str) else None


def _kind(given: Prepared | None, one: Voice) -> TestsetKind:
    if given is None:
        return "unknown"
    return "held_out" if _trained_on(one) == given.fingerprint else "another"


def _settings(config: EvaluateConfig) -> dict[str, object]:
    """Return the settings as a report may show them: without the folders above a model."""
    whisper = config.whisper and Path(config.whisper).name
    return config.model_copy(update={"whisper": whisper}).model_dump(mode="json")


def _tell_absent(panel: Panel, reporter: Reporter) -> None:
    if panel.absent:
        missing = "; ".join(f"{one.judge} (to get it: {one.get})" for one in panel.absent)
        reporter.log("not_measured", f"Not measured: {missing}.", judges=[one.judge for one in panel.absent])


def _nothing_to_test(testset: Path, found: Overlap) -> InputError:
    if found.twins:
        return InputError(
            "all_heard",
            f"Training has heard every recording in {testset}: a test on them would say nothing.",
            "Give others, or add --keep-heard to test on them all the same.",
        )
    return InputError(
        "nothing_to_test",
        f"{testset} holds nothing that the model was not trained on, and no other recording was converted.",
        "Prepare the dataset with a part held out, or give recordings that are not in it.",
    )


def _load_page() -> ModuleType:
    """Import what draws the page; raises `InputError` when its packages are not installed."""
    try:
        from rvc.testing import page
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


def _write_audio(contests: Sequence[Contest], places: Sequence[int], out: Path) -> list[Entrant]:
    """Write the recordings of the clips shown into `out`, in place of earlier ones; return the entrants."""
    described = [contest.entrant() for contest in contests]
    _remove_audio(out / AUDIO_FOLDER)
    for number, place in enumerate(places, start=1):
        trial = contests[0].trials[place]
        stem = (
            f"{AUDIO_FOLDER}/{number:02d}-{file_stem(trial.name, max_bytes=MAX_NAME_BYTES, otherwise='clip')}"
        )
        original = f"{stem}-original.flac"
        _write(out / original, trial.original, mark.COPY)
        for which, (one, entrant) in enumerate(zip(contests, described, strict=True), start=1):
            output = f"{stem}-model{which if which > 1 else ''}.flac"
            _write(out / output, one.trials[place].output, mark.generated(one.bench.voice.card.name))
            update = {"original": original, "output": output}
            entrant.rows[place] = entrant.rows[place].model_copy(update=update)
    return described


def _remove_audio(folder: Path) -> None:
    """Remove the recordings of an earlier report, and nothing else."""
    for path in folder.glob("[0-9][0-9]-*.flac"):
        if mark.is_ours(audio.comment(path)):
            path.unlink()


def _write(path: Path, heard: Heard, comment: str) -> None:
    audio.write(path, heard.wave, heard.rate, comment=comment)


def _exhibits(
    page: ModuleType, report: Report, contests: Sequence[Contest], places: Sequence[int]
) -> list[object]:
    """Return the clips to show, with what every model made of each."""
    exhibits = []
    for place in places:
        original = contests[0].trials[place].original
        outputs = [
            page.Made(entrant.label, entrant.rows[place], trial.wave, trial.rate, trial.f0)
            for entrant, trial in zip(
                report.entrants, (one.trials[place].output for one in contests), strict=True
            )
        ]
        exhibits.append(page.Exhibit(report.rows[place], original.wave, original.rate, original.f0, outputs))
    return exhibits


def _keep_scores(model: Path, report: Report, reporter: Reporter) -> None:
    """Write the scores into the model's card, its weights as they are; one that cannot be written is left."""
    if model.suffix != voice.SUFFIX:
        return
    card, tensors = voice.read(model)
    earlier = {name: value for name, value in card.scores.items() if not name.startswith(KINDS)}
    card = card.model_copy(update={"scores": earlier | report.scores()})
    try:
        with atomic(model) as temporary:
            temporary.write_bytes(save(tensors, {"card": card.model_dump_json()}))
    except Error as error:
        reporter.warn("scores_not_kept", f"The scores were not written into the model's card: {error}")
