"""The page of a dataset, driven as a user does: with the mouse, by key, and with real recordings."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QListWidget,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rvc import paths
from rvcstudio.dataset import report, waves
from rvcstudio.dataset.report import Answer
from rvcstudio.library import Library, Take, Voice
from rvcstudio.recording import prompts
from rvcstudio.studio import Studio
from rvcstudio.ui.dataset.page import DatasetPage
from rvcstudio.ui.dataset.takes import DatasetTable
from rvcstudio.ui.takes_table import runs
from rvcstudio.ui.window import MainWindow
from tests.pulse import PulseServer, pulse

__all__ = ["pulse"]

STEMS = ("01-harbour", "02-kettle", "03-weather", "04-treasure")


@pytest.fixture
def takes(studio: Studio, voice: Voice) -> list[Take]:
    """Four real takes, the last one first as the page shows them."""
    library = studio.library.takes
    for stem in STEMS:
        file = library.new_file(voice.id, stem)
        shutil.copy(paths.resource(f"demo/voice/{stem}.flac"), file)
        facts = waves.facts(file)
        library.add(voice.id, file, rate=facts.rate, seconds=facts.seconds, prompt=stem[3:], peak_dbfs=-6.0)
    return library.all(voice.id)


@pytest.fixture
def page(studio: Studio, window: MainWindow, voice: Voice, takes: list[Take], qtbot: QtBot) -> DatasetPage:
    """The page, with the newest take in the editor."""
    studio.go("dataset", voice=voice.id)
    page = window.page
    assert isinstance(page, DatasetPage)
    qtbot.waitUntil(lambda: view_of(page).frames > 0)
    assert len(takes) == len(shown(page))
    return page


def shown(page: DatasetPage) -> list[str]:
    """Return the prompts that the table shows, from top to bottom."""
    table = page.findChild(DatasetTable, "dataset.takes")
    return [table.dataset.index(row, 1).data() for row in range(table.dataset.rowCount())]


def table_of(page: DatasetPage) -> DatasetTable:
    return page.findChild(DatasetTable, "dataset.takes")


def view_of(page: DatasetPage):  # type: ignore[no-untyped-def]
    return page.findChild(QWidget, "dataset.wave")


def click(page: QWidget, name: str) -> None:
    button = page.findChild(QWidget, name)
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def drag(widget: QWidget, start: float, stop: float) -> None:
    """Drag from one share of a widget's width to another."""
    places = [QPoint(round(share * widget.width()), widget.height() // 2) for share in (start, stop)]
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=places[0])
    QTest.mouseMove(widget, places[0] + QPoint(5, 0))
    QTest.mouseMove(widget, places[1])
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=places[1])


def settle(page: DatasetPage, qtbot: QtBot) -> None:
    """Wait for edits to be done and seen."""
    qtbot.waitUntil(lambda: page.history.last is not None and not page._edits)
    qtbot.waitUntil(lambda: not page._settle.isActive() and not page._reading)


def seconds(studio: Studio, prompt: str) -> float:
    return sum(take.seconds for take in studio.library.takes.all(search=prompt))


class TestList:
    def test_takes_are_searched_and_sorted(self, page: DatasetPage, qtbot: QtBot) -> None:
        assert shown(page) == ["treasure", "weather", "kettle", "harbour"]
        page.findChild(QWidget, "dataset.search").setText("HARB")
        qtbot.waitUntil(lambda: shown(page) == ["harbour"])
        page.findChild(QWidget, "dataset.search").setText("no such word")
        qtbot.waitUntil(lambda: page.findChild(QWidget, "dataset.nothing").isVisible())
        page.findChild(QWidget, "dataset.search").clear()
        qtbot.waitUntil(lambda: len(shown(page)) == 4)
        table_of(page).sortByColumn(1, Qt.SortOrder.AscendingOrder)
        assert shown(page) == ["harbour", "kettle", "treasure", "weather"]

    def test_takes_are_left_out_and_taken_in_again(
        self, page: DatasetPage, studio: Studio, window: MainWindow, qtbot: QtBot
    ) -> None:
        table_of(page).setFocus()
        table_of(page).selectAll()
        QTest.keyClick(table_of(page), Qt.Key.Key_X)
        settle(page, qtbot)
        assert studio.library.takes.all(included_only=True) == []
        assert len(table_of(page).chosen()) == 4
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: len(studio.library.takes.all(included_only=True)) == 4)

    def test_a_deletion_is_undone_after_its_toast_is_gone(
        self, page: DatasetPage, studio: Studio, window: MainWindow, qtbot: QtBot
    ) -> None:
        table_of(page).setFocus()
        QTest.keyClick(table_of(page), Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: shown(page) == ["weather", "kettle", "harbour"])
        qtbot.waitUntil(lambda: window.findChild(QWidget, "toast.undo").isVisible())
        studio.say("Something else.")
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: len(shown(page)) == 4)
        click(page, "dataset.redo")
        qtbot.waitUntil(lambda: len(shown(page)) == 3)

    def test_ten_thousand_takes_are_shown_and_searched(
        self, page: DatasetPage, studio: Studio, voice: Voice, takes: list[Take], qtbot: QtBot
    ) -> None:
        with studio.library.database.change() as connection:
            row = dict(connection.execute("SELECT * FROM takes WHERE id = ?", [takes[0].id]).fetchone())
            many = [
                {**row, "id": f"{number}", "file": f"{number}.flac", "words": f"take number {number}"}
                for number in range(10_000)
            ]
            marks = ", ".join(f":{name}" for name in row)
            connection.executemany(f"INSERT INTO takes VALUES ({marks})", many)
        page.open(voice=voice.id)
        qtbot.waitUntil(lambda: len(shown_rows(page)) == 10_004, timeout=20_000)
        page.findChild(QWidget, "dataset.search").setText("number 9999")
        qtbot.waitUntil(lambda: len(shown_rows(page)) == 1, timeout=20_000)


@pytest.mark.parametrize(
    ("rows", "found"), [([], []), ([4], [(4, 4)]), ([0, 1, 2, 5, 7, 8], [(0, 2), (5, 5), (7, 8)])]
)
def test_rows_are_selected_in_runs(rows: list[int], found: list[tuple[int, int]]) -> None:
    assert list(runs(rows)) == found


def shown_rows(page: DatasetPage) -> range:
    return range(table_of(page).dataset.rowCount())


class TestWaveform:
    def test_dragging_selects_and_the_wheel_zooms_at_the_pointer(self, page: DatasetPage) -> None:
        view = view_of(page)
        drag(view, 0.25, 0.75)
        share = [sample / view.frames for sample in view.selection]
        assert share == pytest.approx([0.25, 0.75], abs=0.02)
        place = QPointF(0.6 * view.width(), 60)
        before = view.part.sample(place.x())
        turn = QWheelEvent(
            place,
            QPointF(view.mapToGlobal(place.toPoint())),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        for _ in range(30):
            QApplication.sendEvent(view, turn)
        assert view.part.samples < 0.01 * view.frames
        assert view.part.sample(place.x()) == pytest.approx(before, abs=2)
        view.zoom(1e-9)
        assert view.part.samples == 24
        view.grab()

    def test_a_selection_is_made_and_changed_by_key(self, page: DatasetPage) -> None:
        view = view_of(page)
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_End)
        assert view.caret == view.frames
        QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
        assert view.selection == (0, view.frames)
        QTest.keyClick(view, Qt.Key.Key_Escape)
        assert view.selection is None
        for _ in range(3):
            QTest.keyClick(view, Qt.Key.Key_Right)
        for _ in range(5):
            QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        start, stop = view.selection
        assert 0 < start < stop < view.frames
        QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        assert view.selection[0] == start
        assert view.selection[1] < stop

    def test_an_edge_of_the_selection_is_moved(self, page: DatasetPage) -> None:
        view = view_of(page)
        drag(view, 0.3, 0.6)
        start = view.selection[0]
        drag(view, 0.6, 0.8)
        assert view.selection[0] == start
        assert view.selection[1] / view.frames == pytest.approx(0.8, abs=0.02)

    def test_the_spectrum_comes_and_is_drawn(self, page: DatasetPage, qtbot: QtBot) -> None:
        view = view_of(page)
        wave = view.grab().toImage()
        click(page, "dataset.mode.spectrum")
        qtbot.waitUntil(lambda: view._spectrum is not None)
        assert view.grab().toImage() != wave
        view.zoom(0.2)
        qtbot.waitUntil(lambda: view._spectrum[0].window == view.part and view.grab() is not None)


class TestEdits:
    def test_trimming_is_undone_and_done_again(
        self, page: DatasetPage, studio: Studio, window: MainWindow, qtbot: QtBot
    ) -> None:
        view, whole = view_of(page), seconds(studio, "treasure")
        drag(view, 0.25, 0.75)
        start, stop = view.selection
        click(page, "dataset.trim")
        settle(page, qtbot)
        qtbot.waitUntil(lambda: view.frames == stop - start)
        assert seconds(studio, "treasure") == pytest.approx((stop - start) / view.rate)
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: view.frames == round(whole * view.rate))
        assert seconds(studio, "treasure") == whole
        click(page, "dataset.redo")
        qtbot.waitUntil(lambda: view.frames == stop - start)
        assert not page.findChild(QWidget, "dataset.redo").isEnabled()

    def test_a_part_is_deleted_and_a_take_split_by_key(
        self, page: DatasetPage, studio: Studio, qtbot: QtBot
    ) -> None:
        view, frames, rate = view_of(page), view_of(page).frames, view_of(page).rate
        drag(view, 0.5, 0.75)
        view.setFocus()
        cut = view.selection[1] - view.selection[0]
        QTest.keyClick(view, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: view.frames == frames - cut)
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() // 3, 80))
        QTest.keyClick(view, Qt.Key.Key_S)
        qtbot.waitUntil(lambda: len(shown(page)) == 5)
        assert seconds(studio, "treasure") == pytest.approx((frames - cut) / rate)

    def test_the_level_is_changed(
        self, page: DatasetPage, studio: Studio, window: MainWindow, takes: list[Take], qtbot: QtBot
    ) -> None:
        click(page, "dataset.gain")
        dialog = window.findChild(QDialog, "gain")
        dialog.findChild(QDoubleSpinBox, "gain.decibels").setValue(-10)
        click(dialog, "gain.apply")
        qtbot.waitUntil(lambda: studio.library.takes.find(takes[0].id).file != takes[0].file)
        before, after = (waves.read(studio.library.takes.find(takes[0].id).file), waves.read(takes[0].file))
        assert np.allclose(before * 10 ** (10 / 20), after, atol=1e-5)

    def test_nothing_happens_where_there_is_nothing_to_do(self, page: DatasetPage) -> None:
        assert not page.findChild(QWidget, "dataset.undo").isEnabled()
        for name in ("dataset.trim", "dataset.cut", "dataset.split"):
            assert not page.findChild(QPushButton, name).isEnabled()
        assert not page.undo()


class TestHearing:
    def test_the_selection_is_heard_again_and_again_on_the_chosen_device(
        self,
        page: DatasetPage,
        pulse: PulseServer,
        studio: Studio,
        monkeypatch: pytest.MonkeyPatch,
        qtbot: QtBot,
    ) -> None:
        for name, value in pulse.environment().items():
            monkeypatch.setenv(name, value)
        studio.sound.reread()
        menu = page.findChild(QToolButton, "dataset.output").menu()
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.text() == "speaker").trigger()
        view, places = view_of(page), set()
        drag(view, 0.05, 0.15)
        click(page, "dataset.loop")
        playback = page._takes_pane.editor.playback
        playback.moved.connect(lambda _second: places.add(view.playhead))
        view.setFocus()
        with pulse.recording("speaker.monitor") as heard:
            QTest.keyClick(view, Qt.Key.Key_Space)
            qtbot.waitUntil(lambda: len(places) > 30, timeout=30_000)
            click(page, "dataset.play")
        assert view.playhead is None
        start, stop = view.selection
        assert all(start <= place <= stop for place in places if place is not None)
        assert np.sqrt(np.mean(heard[0] ** 2)) > 0.003
        assert playback.output == "ALSA: speaker"


class TestComparison:
    def test_one_of_two_takes_is_kept(self, page: DatasetPage, studio: Studio, qtbot: QtBot) -> None:
        table = table_of(page)
        assert not page.findChild(QWidget, "dataset.compare").isEnabled()
        table.selectAll()
        assert not page.findChild(QWidget, "dataset.compare").isEnabled()
        shown_takes = table.dataset.shown
        table.clearSelection()
        table.select({shown_takes[1].id, shown_takes[2].id}, shown_takes[1].id)
        click(page, "dataset.compare")
        sounds = page.findChild(QWidget, "dataset.compare.B.wave")
        qtbot.waitUntil(lambda: sounds.frames > 0)
        click(page, "dataset.compare.A.keep")
        qtbot.waitUntil(lambda: studio.library.takes.find(shown_takes[2].id).excluded)
        assert not studio.library.takes.find(shown_takes[1].id).excluded
        assert view_of(page).isVisible()


class TestImport:
    def test_what_is_dropped_is_imported_and_summed_up_once(
        self, page: DatasetPage, window: MainWindow, tmp_path: Path, qtbot: QtBot
    ) -> None:
        folder = tmp_path / "drop"
        folder.mkdir()
        shutil.copy(paths.resource("demo/voice/10-engine.flac"), folder)
        wave, rate = soundfile.read(paths.resource("demo/voice/02-kettle.flac"))
        soundfile.write(folder / "kettle.wav", wave, rate, subtype="FLOAT")
        (folder / "broken.mp3").write_text("no sound")
        (folder / "notes.txt").write_text("no recording")
        window.take_files([folder])
        qtbot.waitUntil(lambda: window.findChild(QDialog, "import") is not None, timeout=10_000)
        dialog = window.findChild(QDialog, "import")
        assert dialog.findChild(QLabel, "import.title").text() == "1 take imported"
        lines = dialog.findChild(QListWidget, "import.list")
        said = [lines.item(row).text() for row in range(lines.count())]
        assert said == [
            "drop/broken.mp3\nbroken.mp3 is not a recording that can be read.",
            "drop/kettle.wav\nThe same as the take kettle.",
        ]
        click(dialog, "import.copy")
        assert "1 other file is no recording." in QApplication.clipboard().text()
        click(dialog, "import.close")
        qtbot.waitUntil(lambda: len(shown(page)) == 5)
        assert page.undo()
        qtbot.waitUntil(lambda: len(shown(page)) == 4)

    def test_an_empty_voice_says_what_to_do(
        self, studio: Studio, window: MainWindow, qtbot: QtBot, tone: Path
    ) -> None:
        voice = studio.library.voices.add("Nobody yet", colour="#112233")
        studio.go("dataset", voice=voice.id)
        qtbot.waitUntil(lambda: window.page.findChild(QWidget, "dataset.empty").isVisible())
        window.take_files([tone])
        qtbot.waitUntil(lambda: shown(window.page) == ["tone"])  # type: ignore[arg-type]
        assert table_of(window.page).isVisible()  # type: ignore[arg-type]


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


@pytest.mark.usefixtures("page")
def test_a_voice_that_is_gone_leads_back(
    studio: Studio, window: MainWindow, voice: Voice, qtbot: QtBot
) -> None:
    with studio.library.database.change() as connection:
        connection.execute("DELETE FROM voices WHERE id = ?", [voice.id])
    studio.library.changed.emit("voices")
    qtbot.waitUntil(lambda: window.page.entry.name == "voices")


@pytest.mark.usefixtures("page")
def test_another_library_leads_back(studio: Studio, window: MainWindow, tmp_path: Path) -> None:
    studio.use_library(Library(tmp_path / "other"))
    assert window.page.entry.name == "voices"
    assert not window.pages["dataset"].undo()


def test_the_language_changes_everywhere(page: DatasetPage, studio: Studio) -> None:
    studio.settings.update(language="ko")
    QApplication.processEvents()
    texts = {button.text() for button in page.findChildren(QPushButton)}
    assert {"보고서", "선택 부분만 남기기"} <= texts
