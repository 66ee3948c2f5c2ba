"""The running app for tests: `app` is new for every test, with a library of its own and English texts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported
pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)  # it needs libraries of the system too

import numpy as np
import shiboken6
import soundfile
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from rvcstudio.app import App
from rvcstudio.library import Library, Voice
from rvcstudio.settings import SettingsStore
from rvcstudio.studio import Studio
from rvcstudio.ui.window import FIRST_SIZE, MainWindow

RATE = 48000


@pytest.fixture
def app(qapp: QApplication, qtbot: QtBot) -> Iterator[App]:
    """The whole app, its window shown, in English and in light colours."""
    SettingsStore().update(language="en", theme="light", welcomed=True)
    made = App(qapp)
    made.window.resize(FIRST_SIZE)  # Qt's offscreen screen is smaller
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.close()
    shiboken6.delete(made.window)  # now: a closed window would still hear of the next test's language
    shiboken6.delete(made)


@pytest.fixture
def studio(app: App) -> Studio:
    return app.studio


@pytest.fixture
def window(app: App) -> MainWindow:
    return app.window


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library without an app."""
    made = Library(tmp_path / "보관함 library")
    yield made
    made.close()


@pytest.fixture
def voice(studio: Studio) -> Voice:
    """A voice in the app's library."""
    return studio.library.voices.add("Mina Park", colour="#B4447A", language="en", consent="own")


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A recording of 2 s."""
    file = tmp_path / "tone.flac"
    times = np.arange(2 * RATE) / RATE
    soundfile.write(file, 0.3 * np.sin(2 * np.pi * 220 * times), RATE, subtype="PCM_24")
    return file
