"""The engine's card: what it would bring, and while it comes."""

from PySide6.QtWidgets import QApplication

from rvc.doctor.finding import found
from rvcstudio import companion
from rvcstudio.app import App
from rvcstudio.installing import Size


def _show(app: App) -> None:
    companion.is_installed = lambda: False  # as on a computer with the app alone
    app.studio.go("settings", part="engine")
    QApplication.processEvents()
    app.studio.go("settings", part="engine")


def engine(app: App) -> None:
    """The size is known, and something was found."""
    work = app.studio.installing
    work.size, work.state = Size(68, 2.6, 5.9, "cu126"), "planned"
    work.findings = [
        found("driver_too_old_for_all", name="RTX 2060", driver="470.1", needed="525.60").model_dump()
    ]
    _show(app)
    work.changed.emit()


def engine_at_work(app: App) -> None:
    """Packages come."""
    work = app.studio.installing
    work.state, work.fraction = "working", 0.42
    _show(app)
    work.changed.emit()
