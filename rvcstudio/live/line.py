"""The line that is live: the engine's process, what it tells, and what it is told."""

from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from rvc.errors import Error
from rvcstudio.engine import EngineCommand
from rvcstudio.live.settings import SECTION, LiveSettings
from rvcstudio.settings import SettingsStore

State = Literal["off", "starting", "live", "stopping"]


class LiveLine(QObject):
    """Runs `rvc realtime` and keeps its settings; those of sound change while it runs."""

    changed = Signal()  # the state, what is let through, a recording, a measurement
    told = Signal(dict)  # a status: levels, load, delay, gaps
    warned = Signal(str, str)  # a code and a sentence
    recorded = Signal(str)  # a file
    failed = Signal(object)  # an rvc.errors.Error

    def __init__(self, store: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self.settings = store.section(SECTION, LiveSettings)
        self.state: State = "off"
        self.bypass = False
        self.talking = False
        self.recording: Path | None = None
        self.measuring = False
        self.measured_ms: float | None = None
        self.shortest_block_ms: int | None = None  # that this computer converts in time with this voice
        self._command: EngineCommand | None = None

    def start(self, model: Path, input_name: str | None, output_name: str | None) -> None:
        """Load a model and open devices, by the names that PortAudio knows; None is the system's."""
        if self.state != "off":
            return
        devices = {"input_device": input_name, "output_device": output_name}
        options = [
            f"--{name.replace('_', '-')}={value}"
            for name, value in (devices | self._numbers()).items()
            if value is not None
        ]
        flags = ["--control"] + (["--push-to-talk"] if self.settings.push_to_talk else [])
        command = EngineCommand("realtime", str(model), *options, *flags, parent=self)
        command.told.connect(self._hear)
        command.done.connect(lambda _done: self._end(None))
        command.stopped.connect(lambda: self._end(None))
        command.failed.connect(self._end)
        self.bypass = self.talking = self.measuring = False
        self.measured_ms = self.shortest_block_ms = None
        self._command = command
        self._become("starting")
        command.start()

    def _numbers(self) -> dict[str, object]:
        """Return the settings that are options with a value."""
        return {name: value for name, value in self.settings.of_engine().items() if name != "push_to_talk"}

    def stop(self) -> None:
        """End it, softly."""
        if self._command is not None and self.state in ("starting", "live"):
            self._become("stopping")
            self._command.stop()

    def close(self) -> None:
        """Fall silent with the app."""
        if self._command is not None:
            self._command.end()

    def change(self, **values: Any) -> None:
        """Change settings, and what sounds."""
        before = self.settings.of_engine()
        self.settings = LiveSettings.model_validate(self.settings.model_dump() | values)
        self._store.keep_section(SECTION, self.settings)
        new = {name: value for name, value in self.settings.of_engine().items() if before[name] != value}
        if new:
            self._tell(set=new)
        self.changed.emit()

    def use_devices(self, **names: str | None) -> None:
        """Listen or speak to another device while it runs."""
        self.measured_ms = None
        self._tell(set=names)

    def let_through(self, bypass: bool) -> None:
        """Let the speaker's own voice through, or not."""
        self.bypass = bypass
        self._tell(set={"bypass": bypass})
        self.changed.emit()

    def talk(self, talking: bool) -> None:
        """Hold the key to talk, or let it go."""
        if talking != self.talking:
            self.talking = talking
            self._tell(talk=talking)
            self.changed.emit()

    def record(self, file: Path | None) -> None:
        """Record what is played to a file; None ends it."""
        self.recording = file
        self._tell(record=False if file is None else str(file))
        self.changed.emit()

    def measure(self) -> None:
        """Send a click round and measure how late it comes."""
        self.measuring, self.measured_ms = True, None
        self._tell(measure_latency=True)
        self.changed.emit()

    def _tell(self, **request: Any) -> None:
        if self._command is not None and self.state == "live":
            self._command.tell(request)

    def _hear(self, event: dict[str, Any]) -> None:
        match event:
            case {"event": "started"}:
                self.shortest_block_ms = event.get("shortest_block_ms")
                self._become("live")
            case {"event": "status"}:
                self.told.emit(event)
            case {"event": "latency", "measured_ms": measured}:
                self._measured(measured)
            case {"event": "log", "code": "recorded", "params": {"file": file}}:
                self.recorded.emit(file)
            case {"event": "log", "code": code, "text": text, "level": "warning"}:
                if code == "no_echo":
                    self._measured(None)
                self.warned.emit(code, text)

    def _measured(self, milliseconds: float | None) -> None:
        self.measuring, self.measured_ms = False, milliseconds
        self.changed.emit()

    def _become(self, state: State) -> None:
        self.state = state
        self.changed.emit()

    def _end(self, error: Error | None) -> None:
        if self._command is not None:
            self._command.deleteLater()
        self._command, self.recording = None, None
        self.measuring = self.talking = False
        self._become("off")
        if error is not None:
            self.failed.emit(error)
