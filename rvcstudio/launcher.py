"""What the app's icon in a dock or taskbar shows: how far the jobs are, and how many news are unread."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from rvcstudio.notify import Notifier
from rvcstudio.studio import Studio

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

PATH = "/com/rvcstudio/launcher"
INTERFACE = "com.canonical.Unity.LauncherEntry"
TELL_MS = 1000  # no more often


class Launcher(QObject):
    """Tells docks of Linux how far jobs are, by LauncherEntry (https://wiki.ubuntu.com/Unity/LauncherAPI).

    The number of news is shown by Qt wherever a system has a place for it; Windows and macOS are told no progress.
    """

    def __init__(self, studio: Studio, notifier: Notifier, bus: "QDBusConnection | None") -> None:
        """Speak on a bus; None where docks listen to none."""
        super().__init__(studio)
        self._studio, self._notifier = studio, notifier
        self._bus = bus
        self._told: dict[str, object] = {}
        self._timer = QTimer(self, singleShot=True, interval=TELL_MS)
        self._timer.timeout.connect(self._tell)
        studio.jobs.came.connect(self._soon)
        studio.jobs.gone.connect(self._soon)
        notifier.changed.connect(self._soon)

    def close(self) -> None:
        """Leave nothing behind at the icon."""
        self._timer.stop()
        QGuiApplication.instance().setBadgeNumber(0)  # type: ignore[union-attr]
        self._send({"progress-visible": False, "urgent": False})

    def _soon(self, *_: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        running = [job.progress for job in self._studio.jobs.jobs().values() if str(job.state) == "running"]
        unread = [news.kind for news in self._notifier.history.news if not news.read]
        progress = sum(running) / len(running) if running else 0.0
        QGuiApplication.instance().setBadgeNumber(len(unread))  # type: ignore[union-attr]
        self._send(
            {
                "progress": round(progress, 2),
                "progress-visible": bool(running),
                "urgent": "failed" in unread,
            }
        )

    def _send(self, facts: dict[str, object]) -> None:
        """Tell docks, where it is something new."""
        if facts == self._told or self._bus is None or not self._bus.isConnected():
            return
        from PySide6.QtDBus import QDBusMessage

        self._told = facts
        message = QDBusMessage.createSignal(PATH, INTERFACE, "Update")
        name = QGuiApplication.desktopFileName()
        message.setArguments([f"application://{name}.desktop", facts])
        self._bus.send(message)
