"""A live conversion between two devices, until somebody ends it."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rvc.config import LiveConfig
from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvc.live import control, devices
from rvc.live.chain import check
from rvc.live.control import Request, Requests
from rvc.live.devices import Opened, SoundDevice
from rvc.live.latency import Measurement, click
from rvc.live.line import Line
from rvc.live.networks import Networks
from rvc.live.recording import Recording
from rvc.live.speed import Speed, measure
from rvc.live.status import Latency, Started
from rvc.sound import mark

WAIT_S = 0.1
SILENT_S = 4.0  # after which a device that delivers nothing counts as gone
STATUS_S = 0.2


@dataclass(slots=True)
class Totals:
    """What a session found in the end."""

    seconds: float = 0.0
    underruns: int = 0
    overruns: int = 0
    recorded: list[Path] = field(default_factory=list)
    latency_ms: float | None = None

    @property
    def summary(self) -> dict[str, object]:
        measured = {} if self.latency_ms is None else {"latency_ms": self.latency_ms}
        return {
            "seconds": round(self.seconds, 1),
            "underruns": self.underruns,
            "overruns": self.overruns,
            **measured,
        }


class Session:
    """Converts what one device hears for another to play; settings may change at any time."""

    def __init__(
        self, networks: Networks, config: LiveConfig, reporter: Reporter, requests: Requests
    ) -> None:
        """Raises `InputError` for settings that the voice cannot follow."""
        check(networks, config, reporter)
        self._networks = networks
        self._config = config
        self._reporter = reporter
        self._requests = requests
        self._talking = False
        self._recording: Recording | None = None
        self._record_to: Path | None = None
        self._measurement: Measurement | None = None
        self._only_measures = False
        self._stopping = False
        self._speed: Speed | None = None
        self.totals = Totals()

    def record_to(self, path: Path) -> None:
        """Record what is played from the beginning on."""
        self._record_to = path

    def measure(self) -> None:
        """Measure the latency and end."""
        self._only_measures = True

    def run(self) -> Totals:
        """Convert until asked to stop. Raises `Error` when a device fails."""
        self._speed = measure(self._networks, self._config)
        try:
            while not self._is_over:
                self._run_line()
        finally:
            self._end_recording()
        return self.totals

    @property
    def _is_over(self) -> bool:
        return self._stopping or self._reporter.stopping

    def _run_line(self) -> None:
        """Work with both devices until the end, or until other ones are wanted."""
        source = devices.find(self._config.input_device, "input")
        target = devices.find(self._config.output_device, "output")
        line = Line(self._networks, self._config, source.rate, target.rate)
        line.chain.talking = self._talking
        buffer_s = self._config.buffer_ms / 1000
        with devices.opened(source, target, line.heard, line.playback, buffer_s) as opened:
            self._tell_start(source, target)
            if self._record_to is not None:
                self._begin_recording(self._record_to, target.rate)
            if self._only_measures:
                self._measurement = Measurement(source.rate)
            self._loop(line, source, target, opened)
            line.playback.end()
            self._end_recording()  # of this device's rate; with the next one a new file begins
        self._add_up(line)

    def _loop(self, line: Line, source: SoundDevice, target: SoundDevice, opened: Opened) -> None:
        opened_with, told, heard_at = self._config, 0.0, time.monotonic()
        while not self._is_over:
            for request in self._requests.waiting():
                self._follow(request, line, source, target)
            if control.reopens(opened_with, self._config):
                return
            if not line.heard.wait(line.block, WAIT_S):
                if time.monotonic() - heard_at > SILENT_S + line.block / source.rate:
                    raise _gone(source)
                continue
            heard_at = time.monotonic()
            self._step(line, target)
            told += line.block / source.rate
            if told >= STATUS_S:
                told = 0.0
                self._reporter.emit(line.status(opened.input_s + opened.output_s))

    def _step(self, line: Line, target: SoundDevice) -> None:
        """Convert one block, and do what else belongs to it."""
        overruns = line.overruns
        line.catch_up()
        if line.overruns > overruns:
            self._reporter.warn("too_slow", "This computer does not keep up: a moment was left out.")
        block = line.heard.read(line.block)
        played = line.step(block)
        if self._measurement is not None:
            self._go_round(self._measurement, block, line, target)
        if self._recording is not None:
            self._add_to_recording(played)

    def _follow(self, request: Request, line: Line, source: SoundDevice, target: SoundDevice) -> None:
        """Do what was asked for; what cannot be done is said, and everything goes on."""
        try:
            if request.set:
                self._change(request.set, line)
            if request.talk is not None:
                self._talking = line.chain.talking = request.talk
            if request.record is not None:
                self._change_recording(request.record, target.rate)
            if request.measure_latency:
                self._measurement = Measurement(source.rate)
                self._use(line)
            self._stopping = self._stopping or request.stop
        except InputError as error:
            self._reporter.warn(error.code, error.text)

    def _change(self, values: dict[str, object], line: Line) -> None:
        config = control.changed(self._config, values)
        check(self._networks, config, self._reporter)
        for name, kind in (("input_device", "input"), ("output_device", "output")):
            if name in values:
                devices.find(getattr(config, name), kind)  # type: ignore[arg-type]
        self._config = config
        self._use(line)

    def _use(self, line: Line) -> None:
        """Give the chain the settings; while latency is measured the speaker's own sound goes through."""
        measuring = {"bypass": True, "push_to_talk": False, "gate_dbfs": None}
        line.chain.change(self._config.model_copy(update=measuring if self._measurement else {}))

    def _go_round(self, measurement: Measurement, block: np.ndarray, line: Line, target: SoundDevice) -> None:
        """Go on with a measurement of the latency."""
        measurement.hear(block)
        self._use(line)
        if measurement.is_due():
            line.playback.write(click(target.rate))
        if measurement.is_done:
            self._tell_latency(measurement.rounds)
            self._measurement = None
            self._use(line)
            self._stopping = self._stopping or self._only_measures

    def _tell_latency(self, rounds: list[float]) -> None:
        if not rounds:
            self._reporter.warn(
                "no_echo",
                "No click came back. Connect the output to the input, or hold the microphone to the loudspeaker.",
            )
            return
        milliseconds = [round(1000 * seconds, 1) for seconds in rounds]
        self.totals.latency_ms = float(np.median(milliseconds))
        self._reporter.emit(Latency(measured_ms=self.totals.latency_ms, rounds_ms=milliseconds))

    def _change_recording(self, wanted: str | bool, rate: int) -> None:
        self._end_recording()
        self._record_to = Path(wanted) if isinstance(wanted, str) else None
        if self._record_to is not None:
            self._begin_recording(self._record_to, rate)

    def _begin_recording(self, path: Path, rate: int) -> None:
        self._recording = Recording(path, rate, mark.generated(self._networks.voice.card.name))

    def _add_to_recording(self, played: np.ndarray) -> None:
        assert self._recording is not None
        try:
            self._recording.add(played)
        except Error:
            self._end_recording()

    def _end_recording(self) -> None:
        """Close the file; a full disk ends the recording, but not the conversion."""
        if self._recording is None:
            return
        recording, self._recording = self._recording, None
        try:
            path = recording.close()
        except Error as error:
            self._reporter.warn(error.code, error.text)
            return
        self.totals.recorded.append(path)
        self._reporter.log("recorded", f"Recorded to {path}.", file=str(path))

    def _tell_start(self, source: SoundDevice, target: SoundDevice) -> None:
        assert self._speed is not None
        voice, shortest = self._networks.voice.card.name, self._speed.shortest_block_ms
        self._reporter.emit(
            Started(
                input_device=source.name,
                output_device=target.name,
                voice=voice,
                rate=target.rate,
                shortest_block_ms=shortest,
            )
        )
        self._reporter.log("live", f"{source.name} → {voice} → {target.name}. Ctrl-C ends it.")
        if shortest is None:
            self._reporter.warn(
                "voice_too_slow", "This computer is too slow for this voice, in blocks of any length."
            )
        elif self._config.block_ms < shortest:
            self._reporter.warn(
                "short_block", f"This voice needs blocks of {shortest} ms or more on this computer."
            )

    def _add_up(self, line: Line) -> None:
        status = line.status(0)
        self.totals.seconds += status.seconds
        self.totals.underruns += status.underruns
        self.totals.overruns += status.overruns


def _gone(device: SoundDevice) -> Error:
    return Error(
        "device_lost",
        f"{device.name} delivers no sound any more.",
        "Check that it is connected, and that this program may use the microphone.",
    )
