"""The built-in kinds of jobs, as the commands run them: the same stage functions, in the job's own folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rvc.config import EvaluateConfig, PrepareConfig, TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.device import default_rate
from rvc.errors import InputError
from rvc.events import Done, Reporter
from rvc.jobs.spec import ConvertSpec, EvaluateSpec, JobPrepareConfig, TrainSpec
from rvc.jobs.warm import Converters
from rvc.jobs.workshop import Workshop
from rvc.testing.report import Language

if TYPE_CHECKING:
    from rvc.learning.archive import Trained

    Trainer = Callable[[Path, Path, TrainConfig, Reporter], Trained]

RECORDS = {"history": "history.jsonl", "record": "training.json"}
REPORT = {"report": "report/report.html", "scores": "report/report.json"}
NOT_TESTED = {"missing_extra", "nothing_to_test"}


def train(
    workshop: Workshop, spec: TrainSpec, reporter: Reporter, train_voice: "Trainer | None" = None
) -> Done:
    """Prepare, train, index and test: every step goes on where an earlier attempt was.

    Trains on the job's devices on this machine, unless `train_voice` has them elsewhere.
    """
    from rvc.learning import training
    from rvc.learning.archive import MODELS

    prepared = _prepare(workshop, spec.prepare, reporter)
    train_voice = train_voice or training.train
    trained = train_voice(prepared.folder, workshop.work("training"), _settings(workshop, spec), reporter)
    model = workshop.keep(trained.model, f"model/{trained.model.name}")
    artifacts = {"model": model}
    for name, file_name in RECORDS.items():
        if (file := trained.model.with_name(file_name)).exists():
            artifacts[name] = workshop.keep(file, f"model/{file_name}")
    for kept in (trained.model.parent / MODELS).glob("*.safetensors"):
        workshop.keep(kept, f"model/steps/{kept.name}")
        kept.unlink()
    artifacts["index"] = _index(workshop, prepared, workshop.result(model), reporter)
    summary = {
        "steps": trained.standing.step,
        "seconds": trained.standing.elapsed_s,
        "kept_step": trained.standing.best_step,
        "finished_early": trained.standing.ended_early is not None,
        "speech_s": prepared.summary.train_s,
    }
    scores = _test_if_possible(workshop, workshop.result(model), prepared.folder, spec, reporter)
    report = {} if scores is None else REPORT
    return Done(artifacts={**artifacts, **report}, summary={**summary, **(scores or {})})


def _settings(workshop: Workshop, spec: TrainSpec) -> TrainConfig:
    """Return the training's settings with the job's own name, devices and files."""
    roles = ("base_generator", "base_discriminator", "preview")
    files = {role: str(path) for role in roles if (path := workshop.input(role))}
    name = spec.name if spec.name and spec.train.name == TrainConfig().name else spec.train.name
    gpus = max(len(workshop.devices), 1)
    said = {"name": name, "consent_statement": spec.train.consent_statement or spec.consent or None}
    return spec.train.model_copy(update={"device": workshop.device, "gpus": gpus, **said, **files})


def _prepare(workshop: Workshop, settings: JobPrepareConfig, reporter: Reporter) -> Prepared:
    """Prepare the recordings, unless that was finished before."""
    from rvc.datasets.preparation import prepare

    place = workshop.work("prepared")
    if Prepared.is_at(place):
        return Prepared.open(place)
    rate = settings.rate or (24000 if workshop.device == "cpu" else default_rate())
    config = PrepareConfig(**{**settings.model_dump(), "rate": rate})
    return prepare(workshop.inputs("recordings"), place, config, reporter)


def _index(workshop: Workshop, prepared: Prepared, model: Path, reporter: Reporter) -> str:
    """Build the index beside the model, unless that was finished before."""
    from rvc.synthesis.index import index_path, write_index

    path = index_path(model)
    if not path.exists():
        write_index(prepared.folder, path, reporter)
    return workshop.name_of(path)


def _test_if_possible(
    workshop: Workshop, model: Path, testset: Path, spec: TrainSpec, reporter: Reporter
) -> Mapping[str, Any] | None:
    """Test a voice that was just trained; None, and a warning, where that cannot be: it is a voice all the same."""
    try:
        return _test(workshop, model, testset, spec.evaluate, spec.language, reporter)
    except InputError as error:
        if error.code not in NOT_TESTED:
            raise
        reporter.warn("not_tested", f"The voice was not tested: {error}", reason=error.code)
        return None


def _test(
    workshop: Workshop,
    model: Path,
    testset: Path,
    settings: EvaluateConfig,
    language: Language,
    reporter: Reporter,
) -> Mapping[str, Any]:
    from rvc.testing.evaluation import evaluate as evaluate_voice

    report = evaluate_voice(
        model,
        testset,
        workshop.result("report"),
        settings.model_copy(update={"device": workshop.device}),
        reporter,
        sources=workshop.inputs("sources"),
        index=workshop.input("index"),
        language=language,
        work=workshop.work("test"),
    )
    return report.scores()


def convert(workshop: Workshop, spec: ConvertSpec, reporter: Reporter) -> Done:
    """Convert recordings, each once, with networks that stayed loaded from an earlier job where they are the same."""
    from rvc.jobs.ledger import Ledger
    from rvc.synthesis.conversion import convert_all

    curve = workshop.input("pitch_curve")
    config = spec.convert.model_copy(
        update={
            "device": workshop.device,
            "pitch_curve": str(curve) if curve else None,
            "overwrite": True,  # what an attempt left that was cut off: the place is the job's own
        }
    )
    model, index = _needed(workshop, "model"), workshop.input("index")
    converter = Converters.of(workshop).load(model, index, config, reporter)
    ledger = Ledger(workshop.work("converted.jsonl"), workshop.folder.path)
    out = workshop.result("converted")
    for unfinished in out.rglob(".*"):
        unfinished.unlink()
    done = convert_all(
        model,
        workshop.inputs("recordings"),
        out,
        config,
        reporter,
        index,
        converter=converter,
        ledger=ledger,
    )
    files = [path for one in done for path in (one.file, one.backing) if path]
    names = {f"converted {number}": workshop.name_of(file) for number, file in enumerate(files, 1)}
    return Done(artifacts=names, summary={"files": len(files), "seconds": sum(one.seconds for one in done)})


def evaluate(workshop: Workshop, spec: EvaluateSpec, reporter: Reporter) -> Done:
    """Test a model on recordings of its voice, or on a prepared dataset of them."""
    model = _needed(workshop, "model")
    given = workshop.input("prepared")
    if given is None:
        testset = workshop.folder.inputs / "recordings"
        if not testset.is_dir():
            raise InputError("missing_input", "The job needs recordings of the voice, or a prepared dataset.")
    else:
        testset = given
    scores = _test(workshop, model, testset, spec.evaluate, spec.language, reporter)
    return Done(artifacts=dict(REPORT), summary=dict(scores))


def _needed(workshop: Workshop, role: str) -> Path:
    path = workshop.input(role)
    if path is None or not path.exists():
        raise InputError(
            "missing_file", f"The {role} of the job is no longer there.", "Submit the job again."
        )
    return path
