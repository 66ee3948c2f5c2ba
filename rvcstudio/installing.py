"""The engine's installation from the app: what would come, how far it is, and how it ended."""

import importlib
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from rvcstudio import companion
from rvcstudio.engine import EngineCommand

State = Literal["idle", "planning", "planned", "working"]
SHARES = {"examine": (0.0, 0.05), "fetch": (0.05, 0.75), "install": (0.75, 1.0)}  # of the way


@dataclass(frozen=True, slots=True)
class Size:
    """What an installation would bring."""

    packages: int
    fetched_gb: float
    disk_gb: float
    build: str


class Installing(QObject):
    """Runs `rvc setup` and tells how far it is. One run at a time."""

    changed = Signal()
    done = Signal()
    failed = Signal(object)  # an rvc.errors.Error

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: State = "idle"
        self.size: Size | None = None
        self.fraction = 0.0
        self.findings: list[dict[str, Any]] = []
        self._command: EngineCommand | None = None

    @property
    def is_installed(self) -> bool:
        """Whether the engine is here."""
        return companion.is_installed()

    def plan(self) -> None:
        """Ask what would come; nothing is changed."""
        self._run("planning", "--plan")

    def start(self, *, repair: bool = False) -> None:
        """Fetch and install what is missing or damaged, and try it; `repair` compares every file with its hash."""
        self._run("working", "--yes", *(["--repair"] if repair else []))

    def undo(self) -> None:
        """Remove what was installed."""
        self._run("working", "--undo")

    def stop(self) -> None:
        """Stop; what has come is kept, and the next time goes on from there."""
        if self._command is not None:
            self._command.stop()

    def close(self) -> None:
        """End with the app."""
        if self._command is not None:
            self._command.end()

    def _run(self, state: State, *options: str) -> None:
        if self._command is not None:
            return
        self.state, self.fraction, self.findings = state, 0.0, []
        self._command = command = EngineCommand("setup", *options, parent=self)
        command.told.connect(self._hear)
        command.done.connect(self._end)
        command.stopped.connect(lambda: self._end(None))
        command.failed.connect(self._fail)
        command.start()
        self.changed.emit()

    def _hear(self, event: dict[str, Any]) -> None:
        match event.get("event"):
            case "progress" if event["phase"] in SHARES and event["total"]:
                first, last = SHARES[event["phase"]]
                self.fraction = first + (last - first) * event["step"] / event["total"]
            case "finding":
                self.findings.append(event)
            case _:
                return
        self.changed.emit()

    def _end(self, result: dict[str, Any] | None) -> None:
        planned = self.state == "planning" and result is not None
        if planned and result is not None:
            told = result["summary"]
            self.size = Size(told["packages"], told["fetched_gb"], told["disk_gb"], told["build"])
        self._leave("planned" if planned else "idle")
        if result is not None and not planned:
            self.size = None
            self.done.emit()

    def _fail(self, error: Exception) -> None:
        self._leave("idle")
        self.failed.emit(error)

    def _leave(self, state: State) -> None:
        if self._command is not None:
            self._command.deleteLater()
        self._command, self.state = None, state
        importlib.invalidate_caches()
        self.changed.emit()
