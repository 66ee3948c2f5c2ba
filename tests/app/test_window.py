"""The window, its pages, and what belongs to all of them."""

import subprocess
import sys

import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from rvcstudio.app import App
from rvcstudio.studio import Studio
from rvcstudio.ui.toasts import Toast
from rvcstudio.ui.window import FIRST_SIZE, MainWindow


def test_the_app_starts_without_torch() -> None:
    heavy = {
        "torch",
        "librosa",
        "scipy",
        "numpy",
        "rvc.jobs",
        "sounddevice",
        "paramiko",
        "httpx2",
        "pyqtgraph",
    }
    code = f"import sys, rvcstudio.app, rvcstudio.ui.voices; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


START = """
import os, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from rvcstudio.app import App, prepare
application = prepare([])
app = App(application)
app.show([])
application.processEvents()
print(time.process_time(), app.window.isVisible(), flush=True)
os._exit(0)
"""


def test_the_window_is_there_soon() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    seconds, visible = done.stdout.split()
    assert visible == "True"
    assert float(seconds) < 1.5  # of the processor's time: what else it does is not ours


def test_a_toast_takes_a_deed_back(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    back = []
    studio.say("Deleted.", lambda: back.append(1))
    toast = window.findChild(Toast)
    assert toast.isVisible()
    qtbot.mouseClick(toast.findChild(QWidget, "toast.undo"), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert back == [1]
    assert not toast.isVisible()


def test_language_and_colours_change_while_the_app_runs(app: App, studio: Studio) -> None:
    studio.go("settings")
    light = app.window.grab().toImage().pixelColor(400, 700)
    studio.settings.update(language="ko", theme="dark")
    QApplication.processEvents()
    assert app.window.page.title.text() == "설정"
    assert app.window.grab().toImage().pixelColor(400, 700).lightness() < light.lightness() - 100


def test_the_window_is_no_larger_than_the_screen(studio: Studio) -> None:
    studio.settings.update(geometry="")
    made = MainWindow(studio)
    assert made.size() == FIRST_SIZE.boundedTo(made.screen().availableSize())
    assert made.width() < FIRST_SIZE.width()  # on the screen of tests
    shiboken6.delete(made)


def test_page_and_size_are_remembered(app: App, studio: Studio) -> None:
    studio.go("settings")
    app.window.resize(790, 555)
    app.window.close()
    again = MainWindow(studio)
    assert (again.width(), again.height(), again.page.entry.name) == (790, 555, "settings")
