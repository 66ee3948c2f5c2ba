"""The page of a dataset under test, with takes in it."""

import shutil

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QWidget,
)
from pytestqt.qtbot import QtBot

from rvc import paths
from rvcstudio.dataset import waves
from rvcstudio.library import Take, Voice
from rvcstudio.studio import Studio
from rvcstudio.ui.dataset.page import DatasetPage
from rvcstudio.ui.dataset.takes import DatasetTable
from rvcstudio.ui.window import MainWindow

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
