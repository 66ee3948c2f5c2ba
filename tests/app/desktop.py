"""A desktop for tests, in a process of its own: notifications, a tray, and locks, as they come over D-Bus.

    python -m tests.app.desktop

writes what it receives as JSON lines; it reads `click NUMBER` and `quit`. https://specifications.freedesktop.org
"""

import json
import os
import sys

from PySide6.QtCore import SLOT, ClassInfo, Property, QCoreApplication, QObject, QSocketNotifier, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusUnixFileDescriptor

NOTIFICATIONS = "org.freedesktop.Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"
LOGIND, SCREEN = "org.freedesktop.login1", "org.freedesktop.ScreenSaver"
LAUNCHER = "com.canonical.Unity.LauncherEntry"


def tell(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts, default=str) + "\n")
    sys.stdout.flush()


@ClassInfo({"D-Bus Interface": NOTIFICATIONS})
class Notifications(QObject):
    """Shows nothing and tells everything."""

    ActionInvoked = Signal("uint", str)
    NotificationClosed = Signal("uint", "uint")

    def __init__(self) -> None:
        super().__init__()
        self._last = 0

    @Slot(str, "uint", str, str, str, "QStringList", "QVariantMap", int, result="uint")
    def Notify(  # noqa: N802 - the specification's names
        self,
        app: str,
        replaces: int,
        icon: str,
        summary: str,
        body: str,
        actions: list[str],
        hints: dict[str, object],
        expires_ms: int,
    ) -> int:
        del icon, expires_ms
        self._last = replaces or self._last + 1
        tell(
            notification=self._last, app=app, replaces=replaces, summary=summary, body=body,
            actions=actions, hints=hints,
        )  # fmt: skip
        return self._last

    @Slot(result="QStringList")
    def GetCapabilities(self) -> list[str]:  # noqa: N802
        return ["actions", "body", "body-markup"]


@ClassInfo({"D-Bus Interface": WATCHER})
class Watcher(QObject):
    """Tells of the tray's icons that come."""

    StatusNotifierItemRegistered = Signal(str)
    StatusNotifierHostRegistered = Signal()

    @Slot(str)
    def RegisterStatusNotifierItem(self, service: str) -> None:  # noqa: N802
        tell(item=service)
        self.StatusNotifierItemRegistered.emit(service)

    @Slot(str)
    def RegisterStatusNotifierHost(self, _service: str) -> None:  # noqa: N802
        pass

    IsStatusNotifierHostRegistered = Property(bool, lambda _self: True)
    ProtocolVersion = Property(int, lambda _self: 0)
    RegisteredStatusNotifierItems = Property("QStringList", lambda _self: [])


@ClassInfo({"D-Bus Interface": f"{LOGIND}.Manager"})
class Logind(QObject):
    """Gives a file for every lock, and tells when nobody has it open any more."""

    @Slot(str, str, str, str, result="QDBusUnixFileDescriptor")
    def Inhibit(self, what: str, who: str, why: str, mode: str) -> QDBusUnixFileDescriptor:  # noqa: N802
        tell(lock=what, who=who, why=why, mode=mode)
        read, write = os.pipe()
        end = QSocketNotifier(read, QSocketNotifier.Type.Read, self)

        def released() -> None:
            end.setEnabled(False)
            os.close(read)
            tell(released=what)

        end.activated.connect(released)
        given = QDBusUnixFileDescriptor(write)  # a copy
        os.close(write)
        return given


@ClassInfo({"D-Bus Interface": SCREEN})
class Screen(QObject):
    """Counts who wants the screen lit."""

    @Slot(str, str, result="uint")
    def Inhibit(self, who: str, why: str) -> int:  # noqa: N802
        tell(lock="screen", who=who, why=why)
        return 1


class Launcher(QObject):
    """Hears what apps want shown at their icons."""

    @Slot(str, "QVariantMap")
    def update(self, app: str, facts: dict[str, object]) -> None:
        tell(launcher=app, facts=facts)


def main() -> int:
    application = QCoreApplication([])
    bus = QDBusConnection.sessionBus()
    everything = QDBusConnection.RegisterOption.ExportAllContents
    notifications, watcher, launcher = Notifications(), Watcher(), Launcher()
    bus.registerObject("/org/freedesktop/Notifications", notifications, everything)
    bus.registerObject("/StatusNotifierWatcher", watcher, everything)
    logind, screen = Logind(), Screen()
    bus.registerObject("/org/freedesktop/login1", logind, everything)
    bus.registerObject("/org/freedesktop/ScreenSaver", screen, everything)
    bus.connect("", "", LAUNCHER, "Update", launcher, SLOT("update(QString,QVariantMap)"))

    def obey() -> None:
        words = sys.stdin.readline().split()
        if words[:1] == ["click"]:
            notifications.ActionInvoked.emit(int(words[1]), "default")
        else:
            application.quit()

    reader = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    reader.activated.connect(obey)
    tell(ready=all(bus.registerService(name) for name in (NOTIFICATIONS, WATCHER, LOGIND, SCREEN)))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
