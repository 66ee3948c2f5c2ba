"""An open microphone: what it hears goes into a ring, its levels to a meter."""

import time
from typing import Any

import numpy as np

from rvcstudio.sound.devices import Device, Sound
from rvcstudio.sound.levels import Levels
from rvcstudio.sound.ring import Ring

RING_S = 20.0  # how long a reader may be held up before samples are lost
STALL_S = 1.5  # a device that is silent for so long is gone, whatever it says


class Capture:
    """A channel of an input device, heard from `open` to `close`."""

    def __init__(self, sound: Sound, device: Device, rate: int, channel: int = 0) -> None:
        """Open the device and listen. `channel` counts from 0. Raises `InputError` device_not_opened."""
        self.device, self.rate = device, rate
        self.ring = Ring(round(rate * RING_S))
        self.levels = Levels()
        self.overruns = 0
        self._channel = min(channel, device.inputs - 1)
        self._sound = sound
        self._ended = False
        self._heard_at = time.monotonic()
        self._stream = sound.open_input(device, rate, self._channel + 1, self._hear, self._end)

    def _hear(self, data: np.ndarray, _frames: int, _times: Any, status: Any) -> None:
        if status.input_overflow:
            self.overruns += 1
        block = data[:, self._channel]
        self.ring.write(block)
        self.levels.add(block)
        self._heard_at = time.monotonic()

    def _end(self) -> None:
        self._ended = True

    @property
    def is_alive(self) -> bool:
        """Whether the device is still there and sends."""
        return not self._ended and time.monotonic() - self._heard_at < STALL_S

    def close(self) -> None:
        self._sound.close(self._stream)
