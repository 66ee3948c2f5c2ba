"""What is told to a live conversion while it runs: one JSON object a line on standard input."""

import json
import queue
import threading
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from rvc import demands
from rvc.config import LiveConfig
from rvc.errors import InputError
from rvc.events import Reporter

FIXED = ("pitch", "device", "precision", "seed")
REOPENING = ("input_device", "output_device", "block_ms", "buffer_ms", "look_ahead_ms", "context_s")
LONGEST_LINE = 1 << 16


class Request(BaseModel):
    """One line: settings to change, whether the key to talk is held, a recording to begin or to end, and so on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    set: dict[str, Any] = {}
    talk: bool | None = None
    record: str | bool | None = None
    """A file to record the output to; false ends the recording."""
    measure_latency: bool = False
    stop: bool = False


class Requests:
    """Lines that a thread reads; what cannot be used is said and passed over."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._queue: queue.SimpleQueue[Request] = queue.SimpleQueue()

    def listen(self, lines: Iterable[str]) -> None:
        """Read lines in a thread of its own; their end is a request to stop."""
        threading.Thread(target=self._read, args=(lines,), name="requests", daemon=True).start()

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip():
                self.put(line)
        self._queue.put(Request(stop=True))

    def put(self, line: str) -> None:
        """Take in one line."""
        try:
            self._queue.put(Request.model_validate(json.loads(line[:LONGEST_LINE])))
        except (ValueError, RecursionError) as error:
            self._reporter.warn("bad_request", f"A request was not understood: {_reason(error)}")

    def waiting(self) -> list[Request]:
        """Return the requests since the last call."""
        found = []
        while not self._queue.empty():
            found.append(self._queue.get())
        return found


def _reason(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "it is no JSON object."
    fault = demands.fault(error, Request)
    return fault.sentence(".".join(fault.place) or "it")


def changed(config: LiveConfig, values: dict[str, Any]) -> LiveConfig:
    """Return the settings with other values; raises `InputError` bad_setting."""
    for name in values:
        if name in FIXED:
            raise InputError("bad_setting", f"{name} is chosen when live conversion starts.")
    try:
        return LiveConfig.model_validate(config.model_dump() | values)
    except ValidationError as error:
        fault = demands.fault(error, LiveConfig)
        raise InputError("bad_setting", fault.sentence(".".join(fault.place))) from error


def reopens(old: LiveConfig, new: LiveConfig) -> bool:
    """Tell whether devices and stages must be opened anew for the new settings."""
    return any(getattr(old, name) != getattr(new, name) for name in REOPENING)
