"""Stays awake on Linux: a lock of logind against sleep, and one of the desktop against a dark screen.

https://systemd.io/INHIBITOR_LOCKS and the specification of org.freedesktop.ScreenSaver. A lock is a file that logind
gives, or lasts as long as the connection that asked for it.
"""

import logging

from PySide6.QtDBus import QDBusConnection, QDBusMessage

from rvcstudio.awake import Need

log = logging.getLogger(__name__)

CONNECTION = "rvcstudio awake"
TIMEOUT_MS = 2000
APP = "RVC Studio"
LOGIND = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
SCREEN = ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver")


class DesktopLock:
    """The locks of a session."""

    def __init__(self, system: str = "", session: str = "") -> None:
        """Ask on the computer's own buses, or on those with other addresses."""
        self._addresses = {"system": system, "session": session}
        self._given: QDBusMessage | None = None  # keeps logind's file open

    def hold(self, need: Need, reason: str) -> None:
        self.release()
        self._given = self._ask("system", LOGIND, ["sleep", APP, reason, "block"])
        if need == "screen" or self._given is None:
            self._ask("session", SCREEN, [APP, reason])

    def release(self) -> None:
        self._given = None
        for bus in self._addresses:
            QDBusConnection.disconnectFromBus(f"{CONNECTION} {bus}")

    def _ask(self, bus: str, service: tuple[str, str, str], words: list[str]) -> QDBusMessage | None:
        """Ask a service for a lock, on a connection of its own; None where it is not given."""
        question = QDBusMessage.createMethodCall(*service, "Inhibit")
        question.setArguments(words)
        answer = self._connect(bus).call(question, timeout=TIMEOUT_MS)
        if answer.type() != QDBusMessage.MessageType.ReplyMessage:
            log.info("%s does not keep the computer awake: %s", service[0], answer.errorMessage())
            return None
        return answer

    def _connect(self, bus: str) -> QDBusConnection:
        name = f"{CONNECTION} {bus}"
        if address := self._addresses[bus]:
            return QDBusConnection.connectToBus(address, name)
        kinds = QDBusConnection.BusType
        kind = kinds.SystemBus if bus == "system" else kinds.SessionBus
        return QDBusConnection.connectToBus(kind, name)
