"""Hears a wave while it is being made: what comes is played at once, and what is not there yet is waited for."""

import queue
import threading
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from rvc.errors import Error
from rvc.live import devices
from rvc.live.resampling import Player

PART_S = 0.1  # played at once: after so long it can fall silent
LOOK_S = 0.1


class Loudspeaker:
    """Plays blocks of any length on an output device, one after another, in a thread of its own."""

    def __init__(self, name: str | None = None) -> None:
        """Raises `Error` no_sound, `InputError` no_sound_device."""
        self._device = devices.find(name, "output")
        self._blocks: queue.SimpleQueue[np.ndarray | None] = queue.SimpleQueue()
        self._resampler: Player | None = None
        self._silent = threading.Event()
        self._failure: Error | None = None
        self._thread = threading.Thread(target=self._play, name="loudspeaker", daemon=True)
        self._thread.start()

    def hear(self, block: np.ndarray, rate: int) -> None:
        """Play a block (N,) after the ones before. Raises `Error` device_failed."""
        if self._failure is not None:
            raise self._failure
        if self._resampler is None:
            self._resampler = Player(rate, self._device.rate)
        self._blocks.put(self._resampler.play(block))

    def finish(self, stopping: Callable[[], bool]) -> None:
        """Wait until all of it was heard, or until somebody asks to stop."""
        self._blocks.put(None)
        while self._thread.is_alive() and not stopping():
            self._thread.join(LOOK_S)

    def _play(self) -> None:
        sound = devices.portaudio()
        try:
            with sound.OutputStream(
                device=self._device.number, samplerate=self._device.rate, channels=1, dtype="float32"
            ) as stream:
                self._play_blocks(stream)
        except sound.PortAudioError as error:
            self._failure = Error(
                "device_failed",
                f"{self._device.name} could not be played on: {error.args[0]}.",
                "Close other programs that use it, or convert without --listen.",
            )

    def _play_blocks(self, stream: Any) -> None:
        part = round(PART_S * self._device.rate)
        while (block := self._blocks.get()) is not None:
            for start in range(0, len(block), part):
                if self._silent.is_set():
                    return
                stream.write(np.clip(block[start : start + part], -1, 1))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._silent.set()
        self._blocks.put(None)
        self._thread.join()
