"""The page that tests models side by side, what it shows of reports, and blind listening."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rvc.errors import InputError
from rvc.jobs import EvaluateSpec, Job, JobFile, State
from rvc.testing.report import Report as EngineReport
from rvc.testing.report import Row as EngineRow
from rvc.testing.report import Scores, VoiceSummary
from rvcstudio.blind import ORIGINAL, Listener, Share, make_trials
from rvcstudio.comparisons import HEARD, KEPT, Comparison, Comparisons, Part
from rvcstudio.hub import HERE
from rvcstudio.library import Voice
from rvcstudio.loudness import gain_db
from rvcstudio.report import Report, Words, figure, is_nearer
from rvcstudio.studio import Studio
from rvcstudio.ui.result_spectrogram import draw
from rvcstudio.ui.testing_set import TestSet
from rvcstudio.ui.window import MainWindow
from tests.app.scenes.jobs import NOW
from tests.app.test_jobs import Recorded

PATIENCE_MS = 30_000
CLIPS = 6


def write_report(folder: Path, similarity: float) -> Path:
    """Write a report with the engine, of some clips with recordings to hear."""
    folder.mkdir(parents=True)
    rows = []
    for number in range(CLIPS):
        files = {}
        for name in ("original", "output"):
            files[name] = f"{number}-{name}.flac"
            wave = 0.1 * np.sin(2 * np.pi * (200 + 50 * number) * np.arange(12000) / 24000)
            soundfile.write(folder / files[name], wave, 24000)
        scores = Scores(similarity=similarity - 0.01 * number, pitch_correlation=0.97, log_mel_db=7.0)
        rows.append(
            EngineRow(kind="reconstruction", name=f"clip {number}", seconds=0.5, scores=scores, **files)
        )
    voice = VoiceSummary(name="Mina", architecture="lite", rate=24000, content_encoder="starter-2")
    report = EngineReport(
        voice=voice, testset="mine", testset_kind="unknown", settings={}, pitch_estimator="swift", index=True,
        rows=rows, ceiling=[0.8, 0.82, 0.84],
    )  # fmt: skip
    report.write(folder)
    return folder


def test_the_engines_report_is_read_with_its_verdict(tmp_path: Path) -> None:
    report = Report.open(write_report(tmp_path / "report", 0.75))
    assert report.intervals["reconstruction"]["similarity"].mean == pytest.approx(0.725)
    assert [finding.topic for finding in report.findings] == ["voice", "melody"]
    for language in ("en", "ko"):
        words = Words(language)
        assert all(
            "{" not in words.verdict(finding) and words.verdict(finding) for finding in report.findings
        )
        assert all(words[advice] != advice for advice in report.advice)
    assert len(report.to_hear("reconstruction")) == CLIPS
    with pytest.raises(InputError):
        Report.open(tmp_path)


def test_figures_have_their_units_and_directions() -> None:
    assert figure("character_error_rate", 0.05) == "5.0 %"
    assert figure("mcd_db", 6.04) == "6.0 dB"
    assert figure("similarity", 0.712) == "0.71"
    assert is_nearer("similarity", 0.8, 0.7)
    assert is_nearer("mcd_db", 5.0, 6.0)


def test_a_picture_is_light_where_the_recording_is_loud(tmp_path: Path) -> None:
    file = tmp_path / "tone.flac"
    soundfile.write(file, 0.5 * np.sin(2 * np.pi * 3000 * np.arange(24000) / 24000), 24000)
    image = draw(file)
    assert image is not None
    rows = [image.pixelColor(image.width() // 2, row).lightness() for row in range(image.height())]
    loudest_hz = 12000 * (1 - rows.index(max(rows)) / image.height())
    assert loudest_hz == pytest.approx(3000, abs=150)
    assert draw(tmp_path / "missing.flac") is None


class Evaluations:
    """A service whose jobs are tests that are done at once, with reports that were written before."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self.specs: list[EvaluateSpec] = []
        self.inputs: list[dict[str, list[Path]]] = []

    def submit(self, spec: EvaluateSpec, inputs: dict[str, list[Path]]) -> Job:
        self.specs.append(spec)
        self.inputs.append(inputs)
        return self.job(f"job-{len(self.specs) - 1}")

    def job(self, job_id: str) -> Job:
        facts = {
            "id": job_id,
            "kind": "evaluate",
            "name": "Test",
            "state": State.DONE,
            "created": NOW,
            "ended": NOW,
        }
        return Job.model_validate(facts)

    def files(self, job_id: str) -> list[JobFile]:
        folder = self._folders[int(job_id[-1])]
        return [JobFile(name=f"report/{file.name}", size_bytes=1) for file in sorted(folder.iterdir())]

    def fetch(self, job_id: str, name: str, to: Path) -> Path:
        to.write_bytes((self._folders[int(job_id[-1])] / Path(name).name).read_bytes())
        return to


def add_model(studio: Studio, voice: Voice, name: str) -> str:
    folder = studio.library.models.new_folder(name, voice.id)
    for suffix in (".safetensors", ".index"):
        (folder / f"{name}{suffix}").write_bytes(b"model")
    return studio.library.models.add(name, folder / f"{name}.safetensors", voice_id=voice.id).id


def find(window: MainWindow, kind: type[QWidget], name: str) -> Any:
    found = window.page.findChild(kind, name)
    assert found is not None, name
    return found


def test_models_stand_side_by_side_and_are_heard_blind(
    studio: Studio, window: MainWindow, voice: Voice, tone: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    service: Any = Evaluations(write_report(tmp_path / "a", 0.75), write_report(tmp_path / "b", 0.6))
    player: Any = Recorded()
    studio.player = player
    studio.jobs.add(HERE, lambda: service)
    chosen = [add_model(studio, voice, name) for name in ("standard", "draft")]
    studio.go("testing")
    studio.go("testing", models=chosen)
    assert window.page.take_files([tone, tmp_path / "letter.pdf"]) == [tmp_path / "letter.pdf"]
    find(window, TestSet, "testing.sources").take([tone.parent, tone.with_suffix(".txt")])
    find(window, QPushButton, "testing.start").click()
    scores = find(window, QWidget, "result.scores")
    qtbot.waitUntil(scores.isVisible, timeout=PATIENCE_MS)
    assert {spec.kind for spec in service.specs} == {"evaluate"}
    assert all(given["recordings"] == [tone] and given["index"] for given in service.inputs)
    assert all(given["sources"] == [tone.parent] for given in service.inputs)
    texts = [label.text() for label in scores.findChildren(QLabel)]
    assert {"standard", "draft"} <= set(texts)
    assert sum(text.endswith("★") for text in texts) >= 1

    find(window, QPushButton, "blind.start").click()
    for _ in range(CLIPS):
        assert not find(window, QPushButton, "blind.choose.0").isEnabled()
        for side in (0, 1):
            find(window, QPushButton, f"blind.play.{side}").click()
        qtbot.mouseClick(find(window, QPushButton, "blind.choose.0"), Qt.MouseButton.LeftButton)
    assert "was preferred to" in find(window, QLabel, "blind.text").text()
    assert len(player.asked) == 2 * CLIPS
    assert not find(window, QPushButton, "blind.back").isVisible()  # who made what is told now
    kept = Comparisons(studio.settings).tests[0].hearings
    assert [share.count for share in kept[0].shares] == [CLIPS]
    window.page.hidden()
    studio.go("jobs")
    studio.go("testing")
    qtbot.waitUntil(scores.isVisible, timeout=PATIENCE_MS)
    window.page._shown = ()  # as when the app is opened again
    window.page.shown()
    earlier = find(window, QLabel, "blind.earlier")
    qtbot.waitUntil(lambda: "was preferred to" in earlier.text(), timeout=PATIENCE_MS)


def test_tests_and_hearings_are_kept_as_many_as_one_looks_at(studio: Studio) -> None:
    comparisons = Comparisons(studio.settings)
    for number in range(KEPT + 2):
        parts = (Part(label="a", computer=HERE, job=f"job-{number}"),)
        comparisons.add(Comparison(name="a", parts=parts))
    for number in range(HEARD + 2):
        comparisons.add_hearing(parts, [Share("a", "b", number, 12, 0)])
    comparisons.add_hearing((), [Share("a", "b", 99, 12, 0)])
    again = Comparisons(studio.settings)
    assert len(again.tests) == KEPT
    assert [one.shares[0].preferred for one in again.hearings(parts)] == list(range(HEARD + 1, 1, -1))
    assert sum(len(test.hearings) for test in again.tests) == HEARD


def test_trials_hide_who_is_first_and_answers_are_counted(tmp_path: Path) -> None:
    folders = [write_report(tmp_path / name, 0.7) for name in "ab"]
    reports = [(name, Report.open(folder), folder) for name, folder in zip("ab", folders, strict=True)]
    several = [make_trials(reports, seed) for seed in range(20)]
    firsts = {trial.makers[0] for trials in several for trial in trials}
    assert firsts == {"a", "b"}
    alone = make_trials(reports[:1], 1)
    assert all(set(trial.makers) == {"a", ORIGINAL} for trial in alone)
    listener = Listener(several[0])
    while listener.trial is not None:
        listener.answer(listener.trial.makers.index("a"))
    listener.back()
    listener.answer(None)
    (share,) = listener.shares()
    assert (share.one, share.preferred, share.undecided, share.count) == ("a", CLIPS - 1, 1, CLIPS)
    low, high = share.range
    assert low < (CLIPS - 0.5) / CLIPS < high <= 1


def test_reports_of_older_programs_are_read(tmp_path: Path) -> None:
    folder = write_report(tmp_path / "report", 0.7)
    data = json.loads((folder / "report.json").read_text())
    for name in ("findings", "advice"):
        del data[name]
    (folder / "report.json").write_text(json.dumps(data))
    assert Report.open(folder).findings == []


def test_recordings_are_played_in_one_loudness(tmp_path: Path) -> None:
    wave = np.sin(2 * np.pi * 300 * np.arange(48000) / 24000)
    wave[24000:] = 0  # a pause counts for nothing
    levels = []
    for number, level in enumerate((0.02, 0.2, 0.6)):
        file = tmp_path / f"{number}.flac"
        soundfile.write(file, level * wave, 24000)
        levels.append(20 * np.log10(level / np.sqrt(2)) + gain_db(file))
    assert levels[1:] == pytest.approx([-23.0, -23.0], abs=0.2)
    assert levels[0] == pytest.approx(20 * np.log10(0.02 / np.sqrt(2)) + 13.98, abs=0.3)
    assert gain_db(tmp_path / "missing.flac") == 0.0
