"""What goes on beside the pages: jobs are watched, models come home, and the user is told."""

import importlib
import sys
from typing import Any

from PySide6.QtCore import QObject

from rvcstudio.arrivals import Arrivals
from rvcstudio.awake import Awake, lock_of_system
from rvcstudio.hub import HERE, Address
from rvcstudio.launcher import Launcher
from rvcstudio.notify import Notifier
from rvcstudio.studio import Studio
from rvcstudio.tray import Tray
from rvcstudio.ui.closing import ClosingGuard
from rvcstudio.ui.window import MainWindow


class Desk(QObject):
    """Begins when the window is there: nothing of it may hold up the app's start."""

    def __init__(self, studio: Studio, window: MainWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._window = studio, window
        self.arrivals = Arrivals(studio)
        self.guard = ClosingGuard(studio, window)
        self.notifier = studio.notifier = Notifier(studio, self._is_in_front)
        self.notifier.opened.connect(self._open_job)
        self.notifier.changed.connect(self._count_news)
        studio.wanted.connect(self._mark_seen)
        self._count_news()
        self.tray: Tray | None = None
        self.launcher: Launcher | None = None

    def open(self) -> None:
        """Begin, as soon as what it needs is imported."""
        self._studio.tasks.run(
            lambda _reporter: importlib.import_module("rvcstudio.watch"),
            lambda _module: self._begin(),
            owner=self,
        )

    def _begin(self) -> None:
        bus = None
        if sys.platform.startswith("linux"):
            from PySide6.QtDBus import QDBusConnection

            from rvcstudio.notify_dbus import DesktopNotifications

            bus = QDBusConnection.sessionBus()
            self.notifier.add_messenger(DesktopNotifications(self, bus))
        self.tray = Tray(self._studio, self.notifier)
        self.tray.wanted.connect(self._open_job)
        self.tray.shown.connect(self._window.come_forward)
        self.notifier.add_messenger(self.tray)
        self.tray.open()
        self.launcher = Launcher(self._studio, self.notifier, bus)
        self._studio.awake = Awake(self._studio, lock_of_system())
        self._studio.jobs.start()
        self._studio.trainings.open()

    def _is_in_front(self, address: Address) -> bool:
        """Tell whether the user looks at a job, or at the list of all of them or of all news."""
        if not self._window.isActiveWindow():
            return False
        page = self._window.page
        return page.entry.name in ("jobs", "notifications") or getattr(page, "address", None) == address

    def _count_news(self) -> None:
        self._window.tell_news(self.notifier.unread)

    def _mark_seen(self, page: str, target: dict[str, Any]) -> None:
        """Take the news of a job that is opened as read."""
        if page == "job" and "job" in target:
            self.notifier.mark_read(Address(target.get("computer", HERE), target["job"]))

    def _open_job(self, address: Address) -> None:
        self._window.come_forward()
        self._studio.go("job", **address._asdict())

    def close(self) -> None:
        """End; jobs go on."""
        self.guard.let_go()
        for part in (self.tray, self.launcher, self._studio.awake):
            if part is not None:
                part.close()
        if self._studio.jobs.is_started:
            self.notifier.close()
        self._studio.jobs.stop()
