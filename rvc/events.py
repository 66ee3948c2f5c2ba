"""What a long piece of work says while it runs, and how it hears that it should stop.

Stages take a `Reporter`. The command line draws the events as bars or prints them as JSON lines; a job worker
writes them to `events.jsonl`; a test collects them in a list.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from rvc.errors import Paused

EVENT_INTERVAL_S = 0.2
ETA_WINDOW = 0.3  # weight of the newest rate in the running estimate

Unit = Literal["", "steps", "seconds", "bytes", "files", "takes", "clips", "packages", "runs"]
"""What a phase counts: seconds are of audio; what nobody would count by hand is told as a share and has none."""


class Event(BaseModel):
    """Base of all events; frozen, and one JSON object a line on the wire."""

    model_config = ConfigDict(frozen=True)


class Progress(Event):
    """`step` of `total` of a phase are done, in a `Unit`; `eta_s` until it ends. Unknown: total 0, eta_s None."""

    event: Literal["progress"] = "progress"
    phase: str
    step: int
    total: int
    unit: str = ""  # not `Unit`: a newer program may count something else
    eta_s: float | None = None


class Metrics(Event):
    """Named numbers measured at a training step."""

    event: Literal["metrics"] = "metrics"
    step: int
    values: dict[str, float]


class Preview(Event):
    """A file to listen to was written."""

    event: Literal["preview"] = "preview"
    step: int
    file: str


class Checkpoint(Event):
    """The state of a training was saved and can be resumed from."""

    event: Literal["checkpoint"] = "checkpoint"
    step: int
    file: str


class Log(Event):
    """A sentence for the user; `code` is stable, `params` fill the app's translation of it."""

    event: Literal["log"] = "log"
    level: Literal["info", "warning"] = "info"
    code: str
    text: str
    params: dict[str, Any] = {}


class Done(Event):
    """The work ended well; `artifacts` maps names to files that were read back."""

    event: Literal["done"] = "done"
    artifacts: dict[str, str] = {}
    summary: dict[str, Any] = {}


class Failed(Event):
    """The work ended badly; fields as in `rvc.errors.Error`."""

    event: Literal["failed"] = "failed"
    code: str
    text: str
    hint: str = ""


class Reporter:
    """Carries events from a stage to whoever listens, and requests to stop or to finish the other way."""

    def __init__(self, listener: Callable[[Event], None] | None = None) -> None:
        self._listeners = [] if listener is None else [listener]
        self._stop = threading.Event()
        self._finish = threading.Event()

    def emit(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)

    @contextmanager
    def also_to(self, listener: Callable[[Event], None]) -> Iterator[None]:
        """Let somebody else hear the events too, before those who listen already."""
        self._listeners.insert(0, listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def log(self, code: str, text: str, **params: Any) -> None:
        self.emit(Log(code=code, text=text, params=params))

    def warn(self, code: str, text: str, **params: Any) -> None:
        self.emit(Log(level="warning", code=code, text=text, params=params))

    def request_stop(self) -> None:
        """Ask the work to stop at its next safe point. May be called from a signal handler."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def silent(self) -> "Reporter":
        """Return a reporter that tells nobody, and hears the same requests."""
        other = Reporter()
        other._stop, other._finish = self._stop, self._finish
        return other

    def request_finish(self) -> None:
        """Ask a training to end well now, with the best model so far. Other work goes on to its own end."""
        self._finish.set()

    @property
    def finishing(self) -> bool:
        return self._finish.is_set()

    @contextmanager
    def phase(self, name: str, total: int, start: int = 0, *, unit: Unit = "") -> "Iterator[Phase]":
        """Report a phase of `total` steps, `start` of them done before; it ends full unless it fails."""
        phase = Phase(self, name, total, start, unit)
        yield phase
        phase.finish()


class Phase:
    """The progress of one phase: counts steps, estimates the end, and raises `Paused` when asked to stop."""

    def __init__(self, reporter: Reporter, name: str, total: int, start: int = 0, unit: Unit = "") -> None:
        self.name = name
        self.total = total
        self.unit = unit
        self.step = start
        self._reporter = reporter
        self._seconds_per_step: float | None = None
        self._measured_at = time.monotonic()
        self._measured_step = start
        self._emit()

    def advance(self, steps: int = 1, *, eta_s: float | None = None, interruptible: bool = True) -> None:
        """Count `steps` as done; `eta_s` is told where the caller knows it better than the rate of late.

        Raises `Paused` on a stop request unless the caller handles that itself.
        """
        self.step += steps
        if time.monotonic() - self._measured_at >= EVENT_INTERVAL_S:
            self._measure()
            self._emit(eta_s)
        if interruptible and self._reporter.stopping:
            raise Paused

    def finish(self) -> None:
        self.step = self.total
        self._emit(eta_s=0.0)

    @property
    def eta_s(self) -> float | None:
        if self._seconds_per_step is None:
            return None
        return self._seconds_per_step * (self.total - self.step)

    def _measure(self) -> None:
        now = time.monotonic()
        steps = self.step - self._measured_step
        if steps <= 0:
            return
        rate = (now - self._measured_at) / steps
        old = self._seconds_per_step
        self._seconds_per_step = rate if old is None else old + ETA_WINDOW * (rate - old)
        self._measured_at, self._measured_step = now, self.step

    def _emit(self, eta_s: float | None = None) -> None:
        eta = self.eta_s if eta_s is None else eta_s
        step = min(self.step, self.total)
        self._reporter.emit(Progress(phase=self.name, step=step, total=self.total, unit=self.unit, eta_s=eta))
