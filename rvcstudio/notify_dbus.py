"""Notifications of Linux desktops: org.freedesktop.Notifications on the session bus, with or without a tray.

https://specifications.freedesktop.org/notification-spec/latest/
"""

import html
import logging

from PySide6.QtCore import (
    Q_ARG,
    Q_RETURN_ARG,
    SLOT,
    QCoreApplication,
    QMetaObject,
    QObject,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtDBus import QDBusConnection, QDBusInterface

from rvcstudio.hub import Address
from rvcstudio.notify import News

log = logging.getLogger(__name__)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
TIMEOUT_MS = 2000  # for the desktop's answer
DEFAULT = "default"  # the action of a click
URGENT = 2  # stays until it is closed
NORMAL = 1
CATEGORIES = {"done": "transfer.complete", "failed": "transfer.error"}


class DesktopNotifications(QObject):
    """Shows news on the desktop; those of one job take each other's place."""

    clicked = Signal(object)

    def __init__(self, parent: QObject | None = None, bus: QDBusConnection | None = None) -> None:
        """Speak to the desktop of the session, or to the one on another `bus`."""
        super().__init__(parent)
        self._bus = bus or QDBusConnection.sessionBus()
        self._interface: QDBusInterface | None = None
        self._reads_markup = False
        self._ids: dict[Address, int] = {}
        self._news: dict[int, News] = {}
        for signal, slot in (
            ("ActionInvoked", "act(uint,QString)"),
            ("NotificationClosed", "forget(uint,uint)"),
        ):
            self._bus.connect(NAME, PATH, NAME, signal, self, SLOT(slot))

    def show(self, news: News) -> bool:
        """Show news; tell whether there is a desktop that does."""
        interface = self._reach()
        if interface is None:
            return False
        urgency = URGENT if news.kind == "failed" else NORMAL
        hints = {
            "desktop-entry": "rvcstudio",
            "urgency": urgency,
            "category": CATEGORIES.get(news.kind, "transfer"),
        }
        texts = (news.title, html.escape(news.text, quote=False) if self._reads_markup else news.text)
        try:
            number = self._notify(interface, self._ids.get(news.address, 0), texts, hints)
        except RuntimeError:  # it does not say that it has this method
            log.info("the desktop does not take notifications", exc_info=True)
            return False
        if not number:
            return False
        self._ids[news.address] = number
        self._news[number] = news
        return True

    @staticmethod
    def _notify(
        interface: QDBusInterface, replaces: int, texts: tuple[str, str], hints: dict[str, object]
    ) -> int:
        """Call the desktop's Notify; through its own description, as only that tells Python's numbers apart."""
        actions = [DEFAULT, QCoreApplication.translate("Notify", "Open")]
        answer = QMetaObject.invokeMethod(
            interface,
            "Notify",
            Qt.ConnectionType.DirectConnection,
            Q_RETURN_ARG("uint"),
            Q_ARG(str, "RVC Studio"),
            Q_ARG("uint", replaces),
            Q_ARG(str, "rvcstudio"),
            Q_ARG(str, texts[0]),
            Q_ARG(str, texts[1]),
            Q_ARG("QStringList", actions),
            Q_ARG("QVariantMap", hints),
            Q_ARG(int, -1),
        )
        return int(answer or 0)

    def _reach(self) -> QDBusInterface | None:
        """Return the desktop's service, which may come and go."""
        if self._interface is not None and self._interface.isValid():
            return self._interface
        self._interface = None
        if not self._bus.isConnected():
            return None
        interface = QDBusInterface(NAME, PATH, NAME, self._bus, self)
        interface.setTimeout(TIMEOUT_MS)
        if not interface.isValid():
            interface.deleteLater()
            return None
        self._interface = interface
        answer = interface.call("GetCapabilities").arguments()
        self._reads_markup = bool(answer) and "body-markup" in answer[0]
        return interface

    @Slot("uint", str)
    def act(self, number: int, action: str) -> None:
        """Open what was clicked."""
        if action == DEFAULT and number in self._news:
            self.clicked.emit(self._news[number])

    @Slot("uint", "uint")
    def forget(self, number: int, _reason: int) -> None:
        """Let go of a notification that was closed."""
        news = self._news.pop(number, None)
        if news is not None and self._ids.get(news.address) == number:
            del self._ids[news.address]
