"""States of the page that tests models."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QScrollArea

from rvc import paths
from rvcstudio.app import App
from rvcstudio.blind import Share
from rvcstudio.comparisons import Comparison, Hearing, Part
from rvcstudio.hub import HERE
from rvcstudio.report import Report
from rvcstudio.ui.testing_set import TestSet
from tests.app.scenes.jobs import JOBS, NOW, REPORT, _job, _Silent

MODELS = ("Mina Park, draft", "Mina Park, best")


def _choose(app: App) -> list[str]:
    """Put models into the library; return what they are called there."""
    models = app.studio.library.models
    made = [models.add(name, models.new_folder(name) / "voice.safetensors") for name in MODELS]
    app.studio.player = _Silent()
    app.studio.go("testing")
    app.studio.go("testing", models=[model.id for model in made])
    app.window.page.take_files(sorted(paths.resource("demo/voice").glob("4*.flac")))
    return [model.id for model in made]


def ready(app: App) -> None:
    """Show models and recordings that are chosen."""
    _choose(app)
    sources = app.window.page.findChild(TestSet, "testing.sources")
    sources.take([paths.resource("demo/source/visitor.flac")])


def results(app: App) -> None:
    """Show two models side by side, and what was preferred in blind listening."""
    _choose(app)
    page = app.window.page
    page._fetch = lambda _parts: None  # there are no files
    jobs = [_job(number, JOBS[4]) for number in (5, 6)]
    parts = tuple(Part(label=name, computer=HERE, job=job.id) for name, job in zip(MODELS, jobs, strict=True))
    app.studio.jobs._see(HERE, jobs)
    page._comparisons.add(Comparison(name=", ".join(MODELS), parts=parts))
    folder = paths.resource("demo/voice")
    reports = [(name, _heard(folder, shift), folder) for name, shift in zip(MODELS, (0.0, 0.05), strict=True)]
    hearings = [
        Hearing(time=NOW - timedelta(days=days), shares=(Share(MODELS[1], MODELS[0], preferred, 12, 2),))
        for days, preferred in ((2, 8), (9, 6))
    ]
    page._offer_earlier(newest=True)
    page._blind.offer(reports, hearings)
    page._result.show_reports(reports)
    QApplication.processEvents()
    page.findChild(QScrollArea).ensureWidgetVisible(page._result)


def _heard(folder: Path, shift: float) -> Report:
    """Return a report with recordings to hear, better by `shift` in similarity."""
    names = [file.name for file in sorted(folder.glob("4*.flac"))][:4]
    rows = [{"kind": "reconstruction", "name": name, "original": name, "output": name} for name in names]
    intervals = {kind: dict(values) for kind, values in REPORT.model_dump()["intervals"].items()}
    for bound in ("mean", "low", "high"):
        intervals["reconstruction"]["similarity"][bound] += shift
    return Report.model_validate(REPORT.model_dump() | {"rows": rows, "intervals": intervals})
