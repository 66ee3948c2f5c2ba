"""Edits, hearing, comparison and imports on the page of a dataset."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
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
from rvcstudio.dataset import waves
from rvcstudio.library import Take
from rvcstudio.studio import Studio
from rvcstudio.ui.dataset.page import DatasetPage
from rvcstudio.ui.window import MainWindow
from tests.app.dataset_page import click, drag, page, seconds, settle, shown, table_of, takes, view_of
from tests.pulse import PulseServer, pulse

__all__ = ["page", "pulse", "takes"]


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
