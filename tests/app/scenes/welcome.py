"""The steps of the first start."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QDialog

from rvcstudio.app import App

LOOK_MS = 12_000


def _step(number: int) -> Callable[[App], None]:
    def show(app: App) -> None:
        app.window.welcome()
        dialog = next(dialog for dialog in app.window.findChildren(QDialog) if dialog.isVisible())
        dialog.show_step(number)
        if number in (2, 3):  # the doctor takes its time
            loop = QEventLoop()
            QTimer.singleShot(LOOK_MS, loop.quit)
            loop.exec()

    return show


def language(app: App) -> None:
    """Begin."""
    _step(0)(app)


def folder(app: App) -> None:
    """Say where the library is."""
    _step(1)(app)


def computer(app: App) -> None:
    """Show what the doctor found."""
    _step(2)(app)


def microphone(app: App) -> None:
    """Show what the doctor found of sound."""
    _step(3)(app)


def downloads(app: App) -> None:
    """Offer pretrained files."""
    _step(4)(app)


def consent(app: App) -> None:
    """Explain consent."""
    _step(5)(app)
