"""Puts the app together: the application, its services, and the window."""

import logging
import sys
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from rvc import paths
from rvcstudio import diagnostics
from rvcstudio.desk import Desk
from rvcstudio.instance import Instance
from rvcstudio.recording.recovery import Recovery
from rvcstudio.settings import Settings, SettingsStore
from rvcstudio.sound.player import Player
from rvcstudio.studio import Studio
from rvcstudio.translation import Languages
from rvcstudio.ui.exchange import take_voices
from rvcstudio.ui.library_choice import open_library
from rvcstudio.ui.models_import import take_models
from rvcstudio.ui.theme import Theme
from rvcstudio.ui.window import MainWindow

log = logging.getLogger(__name__)

APP_ID = "rvcstudio"


class App(QObject):
    """The running app. Tests make one of their own in place of `run`."""

    def __init__(self, application: QApplication) -> None:
        """Build everything but show nothing. Asks for a library where the user's is gone; see `open_library`."""
        super().__init__(application)
        settings = SettingsStore(parent=self)
        self.theme = Theme(application)
        self.languages = Languages(self)
        self.theme.choose(settings.value.theme)
        self.languages.choose(settings.value.language)
        self.studio = Studio(settings, self.languages, open_library(settings), self)
        self.studio.player = Player(self.studio.sound, self)
        self.studio.microphone_check = partial(_microphone_check, self.studio)
        self.recovery = Recovery(self.studio, self)
        self.studio.takers.append(partial(take_voices, self.studio))
        self.studio.takers.append(partial(take_models, self.studio))
        self.window = MainWindow(self.studio)
        self.desk = Desk(self.studio, self.window, self)
        settings.changed.connect(self._follow)

    def _follow(self, settings: Settings) -> None:
        self.theme.choose(settings.theme)
        self.languages.choose(settings.language)

    def show(self, files: list[Path]) -> None:
        """Open the window, with the files that the program was started with."""
        self.window.show()
        self.recovery.look()
        self.desk.open()
        if not self.studio.settings.value.welcomed:
            self.window.welcome()
        self.window.take_files(files)

    def call(self, files: list[Path]) -> None:
        """Answer a second start of the program."""
        self.window.come_forward()
        self.window.take_files(files)

    def close(self) -> None:
        """End all work; nothing is left to save."""
        self.desk.close()
        self.window.close()
        if self.studio.player is not None:
            self.studio.player.stop()
        self.studio.close()
        self.languages.close()


def _microphone_check(studio: Studio) -> QWidget:
    from rvcstudio.ui.record.check import MicrophoneCheck  # NumPy and PortAudio: only when it is wanted

    return MicrophoneCheck(studio)


def prepare(arguments: list[str]) -> QApplication:
    """Return the Qt application with its names and its icon."""
    _be_known_to_windows()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(arguments)
    application.setApplicationName("RVC Studio")
    application.setApplicationDisplayName("RVC Studio")
    application.setDesktopFileName(APP_ID)
    application.setWindowIcon(QIcon(str(paths.resource("icons/app.svg"))))
    return application


def _be_known_to_windows() -> None:
    """Give the process its own name on the taskbar, which else takes it for Python."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(f"RVCStudio.{APP_ID}")


def run(files: list[Path]) -> int:
    """Run the app until its window is closed, and return the exit status."""
    application = prepare(sys.argv[:1])
    instance = Instance(application)
    if not instance.claim(files):
        return 0
    diagnostics.start_log()
    app = App(application)
    sys.excepthook = _hook(app)
    instance.called.connect(app.call)
    app.show(files)
    status = application.exec()
    awake = app.studio.awake
    if awake is not None and awake.holds_for_jobs:
        from rvcstudio import vigil  # it knows jobs, which nothing of the app's start does

        vigil.start()
    app.close()
    instance.close()
    return status


def _hook(app: App):  # type: ignore[no-untyped-def]
    """Return a hook that shows bugs in place of the terminal."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        app.studio.fail(error.with_traceback(trace))

    return show
