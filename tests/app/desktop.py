"""A desktop for tests, in a process of its own: notifications and a tray, as they come over D-Bus.

    python -m tests.app.desktop

writes what it receives as JSON lines; it reads `click NUMBER` and `quit`. https://specifications.freedesktop.org
"""

import json
import sys

from PySide6.QtCore import ClassInfo, Property, QCoreApplication, QObject, QSocketNotifier, Signal, Slot
from PySide6.QtDBus import QDBusConnection

NOTIFICATIONS = "org.freedesktop.Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"


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
        return ["actions", "body"]


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


def main() -> int:
    application = QCoreApplication([])
    bus = QDBusConnection.sessionBus()
    everything = QDBusConnection.RegisterOption.ExportAllContents
    notifications, watcher = Notifications(), Watcher()
    bus.registerObject("/org/freedesktop/Notifications", notifications, everything)
    bus.registerObject("/StatusNotifierWatcher", watcher, everything)

    def obey() -> None:
        words = sys.stdin.readline().split()
        if words[:1] == ["click"]:
            notifications.ActionInvoked.emit(int(words[1]), "default")
        else:
            application.quit()

    reader = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    reader.activated.connect(obey)
    tell(ready=bus.registerService(NOTIFICATIONS) and bus.registerService(WATCHER))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
