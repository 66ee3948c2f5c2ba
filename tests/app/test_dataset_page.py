"""The page of a dataset, driven as a user does: with the mouse, by key, and with real recordings."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rvcstudio.library import Library, Take, Voice
from rvcstudio.studio import Studio
from rvcstudio.ui.dataset.page import DatasetPage
from rvcstudio.ui.takes_table import runs
from rvcstudio.ui.window import MainWindow
from tests.app.dataset_page import click, drag, page, settle, shown, table_of, takes, view_of

__all__ = ["page", "takes"]


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
