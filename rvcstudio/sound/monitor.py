"""Hearing oneself: what the microphone hears, on headphones. Through speakers it would howl."""

from typing import Any

import numpy as np

from rvcstudio.sound.capture import Capture
from rvcstudio.sound.devices import Device, Sound

BACKLOG_S = 0.06  # what waits for the output; more of it is skipped, since the two clocks drift apart
HOWL_DBFS, HOWL_S = -9.0, 0.7  # speech pauses between syllables, feedback does not


class Monitor:
    """Plays a capture on an output device until it is closed."""

    def __init__(self, sound: Sound, capture: Capture, device: Device) -> None:
        """Begin. Raises `InputError` device_not_opened."""
        self._sound = sound
        self._reader = capture.ring.reader()
        self._backlog = round(BACKLOG_S * capture.rate)
        channels = min(2, device.outputs)
        self._stream = sound.open_output(device, capture.rate, channels, self._play, lambda: None)

    def _play(self, out: np.ndarray, frames: int, _times: Any, _status: Any) -> None:
        if self._reader.waiting > frames + 2 * self._backlog:
            self._reader.skip_to(frames + self._backlog)
        block = self._reader.read(frames)
        out[: len(block)] = block[:, None]
        out[len(block) :] = 0

    def close(self) -> None:
        self._sound.close(self._stream)


class FeedbackWatch:
    """Tells feedback from a voice: loud without a pause."""

    def __init__(self) -> None:
        self._loud_s = 0.0

    def hears(self, rms_dbfs: float, seconds: float) -> bool:
        """Let time pass at a level, and tell whether it howls."""
        self._loud_s = self._loud_s + seconds if rms_dbfs > HOWL_DBFS else 0.0
        return self._loud_s >= HOWL_S
