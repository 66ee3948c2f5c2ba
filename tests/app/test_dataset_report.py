"""The report on a dataset, beside its takes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rvcstudio.dataset import report
from rvcstudio.dataset.report import Answer
from rvcstudio.library import Take, Voice
from rvcstudio.recording import prompts
from rvcstudio.studio import Studio
from rvcstudio.ui.dataset.page import DatasetPage
from rvcstudio.ui.window import MainWindow
from tests.app.dataset_page import click, page, settle, shown, table_of, takes

__all__ = ["page", "takes"]


def answer_of(takes: list[Take], grades: dict[str, tuple[str, str]]) -> Answer:
    """Return a report on takes, with faults by prompt: severity and code."""
    rows = []
    for take in takes:
        severity, code = grades.get(take.prompt, ("", ""))
        faults = [{"code": code, "severity": severity}] if code else []
        measures = {
            "seconds": take.seconds,
            "usable_s": take.seconds,
            "loudness_lufs": -23.0,
            "snr_db": 40.0,
            "speech_dbfs": -24.0,
            "bandwidth_hz": 12000.0,
        }
        grade = {"critical": "poor", "major": "fair"}.get(severity, "good")
        rows.append(
            {
                "name": take.file.stem,
                "file": take.file.name,
                "grade": grade,
                "faults": faults,
                "measures": measures,
            }
        )
    by_code = {code: severity for severity, code in grades.values()} | {"little_speech": "major"}
    found = [
        {
            "code": code,
            "severity": severity,
            "takes": [row["name"] for row in rows if code in [fault["code"] for fault in row["faults"]]],
        }
        for code, severity in by_code.items()
    ]
    words = {
        "verdict": "Usable",
        "verdict_text": "It will be better.",
        "findings": [{"title": code, "text": "t", "extent": "e", "action": "Do this."} for code in by_code],
        "cards": [{"name": "Usable", "value": "0.2 min", "text": "of 0.2 min"}],
        "titles": {code: code.capitalize() for code in by_code},
        "skipped": [],
    }
    summary = {
        "recorded_s": 16.0,
        "usable_s": 16.0,
        "snr_db": 40.0,
        "noise_dbfs": -70.0,
        "speech_dbfs": -24.0,
        "bandwidth_hz": 12000.0,
        "pitch_hz": 200.0,
    }
    return Answer.model_validate(
        {
            "report": {
                "verdict": "usable",
                "summary": summary,
                "findings": found,
                "takes": rows,
                "levels": list(range(45)),
                "pitch": [0] * 50 + [5] * 20 + [0] * 37,
                "spectrum_db": [-60.0] * 48 + [-140.0] * 48,
            },
            "words": {"en": words, "ko": words},
            "level_edges_dbfs": np.arange(-90, 1, 2).tolist(),
            "pitch_edges_hz": np.geomspace(50, 1100, 108).tolist(),
            "spectrum_band_hz": 250.0,
            "files": sorted(take.file.name for take in takes),
        }
    )


@pytest.fixture
def judged(page: DatasetPage, voice: Voice, takes: list[Take]) -> DatasetPage:
    """The page with a report: one take is noisy, one too quiet, one full of silence."""
    faults = {
        "kettle": ("critical", "noisy"),
        "weather": ("major", "too_quiet"),
        "harbour": ("info", "pauses"),
    }
    page._show_answer((voice.id, answer_of(takes, faults)))
    click(page, "dataset.view.report")
    return page


class TestReport:
    def test_every_picture_is_drawn(self, judged: DatasetPage) -> None:
        for name in ("timeline", "levels", "loudness", "noise", "pitch", "spectrum"):
            chart = judged.findChild(QWidget, f"dataset.chart.{name}")
            drawing = chart.drawing
            assert drawing.bars or drawing.line
            assert chart.accessibleName()
            assert not chart.grab().isNull()

    def test_a_fix_leaves_takes_out_and_the_report_knows_it_is_old(
        self, judged: DatasetPage, studio: Studio, window: MainWindow, qtbot: QtBot
    ) -> None:
        stale = judged.findChild(QWidget, "dataset.report.stale")
        assert not stale.isVisible()
        click(judged, "dataset.fix.noisy.leave_out")
        settle(judged, qtbot)
        assert stale.isVisible()
        assert [take.prompt for take in studio.library.takes.all() if take.excluded] == ["kettle"]
        qtbot.waitUntil(lambda: judged.findChild(QWidget, "dataset.fix.noisy.leave_out") is None)
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: not stale.isVisible())

    @pytest.mark.parametrize(
        ("fix", "prompt"), [("too_quiet.normalise", "weather"), ("pauses.trim", "harbour")]
    )
    def test_a_fix_writes_new_recordings(
        self, fix: str, prompt: str, judged: DatasetPage, studio: Studio, takes: list[Take], qtbot: QtBot
    ) -> None:
        before = next(take for take in takes if take.prompt == prompt)
        wave, rate = soundfile.read(before.file)
        padded = np.concatenate([np.zeros(rate), 0.02 * wave, np.zeros(rate)])
        soundfile.write(before.file, padded, rate, subtype="PCM_24")
        studio.library.takes.change(before.id, seconds=len(padded) / rate)
        click(judged, f"dataset.fix.{fix}")
        qtbot.waitUntil(lambda: studio.library.takes.find(before.id).file != before.file)

    def test_the_takes_with_a_finding_are_shown(self, judged: DatasetPage, qtbot: QtBot) -> None:
        click(judged, "dataset.fix.noisy.show")
        qtbot.waitUntil(lambda: shown(judged) == ["kettle"])
        assert table_of(judged).isVisible()
        assert table_of(judged).dataset.index(0, 4).data() == "Noisy"

    def test_what_to_record_next_follows_what_was_read(
        self, judged: DatasetPage, studio: Studio, voice: Voice, tone: Path, qtbot: QtBot
    ) -> None:
        def said(part: str) -> bool:
            return any(part in label.text() for label in judged.findChildren(QLabel) if label.isVisible())

        qtbot.waitUntil(lambda: said("sounds that are rare so far"))
        assert said("as a question")
        assert judged.findChild(QPushButton, "dataset.fix.next.record").isVisible()
        for prompt in prompts.shipped("en")[:60]:
            studio.library.takes.add(
                voice.id, tone, rate=48000, seconds=2.0, prompt=prompt.text, prompt_id=prompt.id
            )
        qtbot.waitUntil(
            lambda: not said("sounds that are rare") and not said("as a question"), timeout=10_000
        )

    def test_a_column_of_the_timeline_opens_its_take(self, judged: DatasetPage, takes: list[Take]) -> None:
        judged.findChild(QWidget, "dataset.chart.timeline").picked.emit(2)
        assert table_of(judged).current.id == takes[2].id  # type: ignore[union-attr]

    def test_an_edited_take_makes_the_report_old(
        self, judged: DatasetPage, takes: list[Take], studio: Studio
    ) -> None:
        answer = judged._answer
        assert answer is not None
        assert answer.is_of(takes)
        studio.library.takes.exclude([takes[0].id])
        assert not answer.is_of(studio.library.takes.all())

    @pytest.mark.slow
    @pytest.mark.timeout(1200)
    def test_the_engine_reports_on_real_takes(
        self, page: DatasetPage, voice: Voice, takes: list[Take], qtbot: QtBot
    ) -> None:
        page.check()
        qtbot.waitUntil(lambda: page._answer is not None, timeout=1_000_000)
        verdict = page.findChild(QLabel, "dataset.verdict")
        assert verdict.isVisible()
        assert report.kept(voice.id) == page._answer
        assert page._answer is not None
        assert page._answer.is_of(takes)
        assert "Little speech" in page._answer.words["en"].titles.values()
