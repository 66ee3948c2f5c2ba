"""The engine in a process of its own: `rvc ... --json`, its events as they come, and a way to stop it."""

import contextlib
import json
import os
import signal
import sys
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from rvc import interpreter, waiting
from rvc.errors import Error

GRACE_MS = 5000
STOPPED = 75


class EngineCommand(QObject):
    """One run of a command of the engine. Exactly one of `done`, `failed` and `stopped` comes, and comes last."""

    told = Signal(dict)  # progress, log, finding, ... as JSON objects
    done = Signal(dict)  # the last event: `artifacts` and `summary`
    failed = Signal(object)  # an rvc.errors.Error
    stopped = Signal()

    def __init__(self, *arguments: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arguments = [*arguments, "--json"]
        self._result: dict[str, Any] = {}
        self._rest = b""
        self._stopping = False
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._end)
        self._process.errorOccurred.connect(self._complain)
        self._patience = QTimer(self, singleShot=True, interval=GRACE_MS)
        self._patience.timeout.connect(self._process.kill)

    def start(self) -> "EngineCommand":
        program, *first = rvc_command()
        self._process.start(program, [*first, *self._arguments])
        return self

    @property
    def is_running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    def stop(self) -> None:
        """Ask the command to keep what it has and end; after some seconds it is ended."""
        if not self.is_running:
            return
        self._stopping = True
        self._patience.start()
        if os.name == "posix":
            os.kill(self._process.processId(), signal.SIGTERM)
        else:
            end_children(self._process.processId())  # a bundle's setup, which it has handed over
            self._process.kill()

    def end(self) -> None:
        """Stop, and wait for the end: the app itself is ending."""
        self.stop()
        self._process.waitForFinished(GRACE_MS)

    def tell(self, request: dict[str, Any]) -> None:
        """Write a line to a command that reads requests from its standard input."""
        if self.is_running:
            self._process.write(json.dumps(request).encode() + b"\n")

    def _read(self) -> None:
        *lines, self._rest = (self._rest + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return  # a library that prints
        if not isinstance(event, dict):
            return
        if event.get("event") in ("done", "failed"):
            self._result = event
        else:
            self.told.emit(event)

    def _end(self, code: int, _status: QProcess.ExitStatus) -> None:
        self._patience.stop()
        self._read()
        if self._rest:
            self._take(self._rest)
        if self._result.get("event") == "done":
            self.done.emit(self._result)
        elif code == STOPPED or self._stopping:
            self.stopped.emit()
        else:
            self.failed.emit(self._error())

    def _error(self) -> Error:
        if self._result:
            return Error(self._result["code"], self._result["text"], self._result.get("hint", ""))
        last = (
            bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
        )
        return Error("engine_died", "The engine ended unexpectedly.", last[-1] if last else "")

    def _complain(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.failed.emit(
                Error("engine_missing", "The engine cannot be started.", "Reinstall RVC Studio.")
            )


def rvc_command() -> list[str]:
    """Return what runs `rvc`: the engine's Python, or the app where there is none."""
    return [interpreter.python() if interpreter.is_ready() else sys.executable, "-m", "rvc"]


def end_children(pid: int) -> None:
    """End what a process has started itself; what those have started, as an installation by pip, goes on."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children():
            child.kill()


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    own = {**waiting.variables(os.environ), "PYTHONUTF8": "1", **interpreter.environment()}
    for name, value in own.items():
        environment.insert(name, value)
    return environment
