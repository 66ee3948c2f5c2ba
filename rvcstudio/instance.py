"""One running app: a second start hands its files to the first, brings it forward, and ends."""

import getpass
import hashlib
import json
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from rvcstudio.paths import settings_file

WAIT_MS = 1000


class Instance(QObject):
    """Claims to be the first; `called` brings the files of later starts."""

    called = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = _name()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def claim(self, files: list[Path]) -> bool:
        """Tell whether this is the first instance; if not, hand it the files."""
        if _hand_over(self._name, files):
            return False
        if not self._server.listen(self._name):  # the rest of a program that was killed
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)
        return True

    def _answer(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        try:
            files = [Path(file) for file in json.loads(bytes(socket.readLine().data()))]
        except (ValueError, TypeError):
            return
        socket.write(b"here\n")
        socket.flush()
        self.called.emit(files)

    def close(self) -> None:
        self._server.close()


def _hand_over(name: str, files: list[Path]) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(WAIT_MS):
        return False
    socket.write(json.dumps([str(file.absolute()) for file in files]).encode() + b"\n")
    socket.waitForBytesWritten(WAIT_MS)
    return socket.waitForReadyRead(WAIT_MS)


def _name() -> str:
    """Return a name that is this user's and this home's own."""
    key = f"{getpass.getuser()} {settings_file().absolute()}"
    return f"rvcstudio-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
