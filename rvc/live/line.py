"""One pair of devices and the chain between them: blocks that were heard become what is played."""

import time

import numpy as np

from rvc.config import LiveConfig
from rvc.live.chain import Chain
from rvc.live.levels import decibels
from rvc.live.networks import Networks
from rvc.live.playback import Playback
from rvc.live.resampling import Pace, Player
from rvc.live.ring import Ring
from rvc.live.status import Status
from rvc.sound import audio

HEARD_S = 3.0  # of what was heard are kept until they are converted
READY_S = 4.0  # of what is to be played are kept at most
BEHIND = 3  # blocks that may wait to be converted before the oldest are left out
SMOOTH = 0.2  # weight of the newest block in the load


class Line:
    """A chain with the rings of both devices."""

    def __init__(self, networks: Networks, config: LiveConfig, input_rate: int, output_rate: int) -> None:
        """Raises `InputError` as `Chain` does."""
        self.chain = Chain(networks, config, input_rate)
        self.block = max(round(config.block_ms / 1000 * input_rate), 1)
        self.heard = Ring(round(HEARD_S * input_rate))
        buffer_s = config.buffer_ms / 1000
        ready_s = buffer_s + config.block_ms / 1000
        self.playback = Playback(output_rate, ready_s, READY_S + ready_s)
        self._player = Player(self.chain.rate, output_rate)
        self._pace = Pace(buffer_s)
        self._input_rate = input_rate
        self._load, self._overruns, self._seconds = 0.0, 0, 0.0
        self._peaks = [0.0, 0.0]

    def step(self, block: np.ndarray) -> np.ndarray:
        """Convert a block (N,) that was heard; return what is added to what is played, at the output's rate."""
        started = time.perf_counter()
        seconds = len(block) / self._input_rate
        wave = self._player.play(self.chain.feed(block), self._next_pace(seconds))
        self.playback.write(wave)
        self._peaks = [max(old, audio.peak(new)) for old, new in zip(self._peaks, (block, wave), strict=True)]
        self._seconds += seconds
        self._load += SMOOTH * ((time.perf_counter() - started) / seconds - self._load)
        return wave

    def _next_pace(self, seconds: float) -> float:
        if not self.playback.playing:
            self._pace.forget()
            return 1.0
        return self._pace.follow(self.playback.filled_s, seconds)

    def catch_up(self) -> None:
        """Leave out the oldest of what was heard if too much of it waits: late is worse than cut."""
        waiting = len(self.heard) // self.block
        if waiting > BEHIND:
            self.heard.read((waiting - 1) * self.block)
            self._overruns += 1

    @property
    def overruns(self) -> int:
        """How often something was left out because computing was too slow."""
        return self._overruns

    @property
    def delay_s(self) -> float:
        """From what was heard last to when it will be played, without what the devices add."""
        return self.chain.delay_s + self.playback.filled_s

    def status(self, devices_s: float) -> Status:
        """Return how it goes; `devices_s` is what the devices say they add to the delay."""
        heard, played = self._peaks
        self._peaks = [0.0, 0.0]
        return Status(
            seconds=round(self._seconds, 2),
            input_dbfs=round(decibels(heard), 1),
            output_dbfs=round(decibels(played), 1),
            load=round(self._load, 3),
            delay_ms=round(1000 * (self.delay_s + devices_s), 1),
            underruns=self.playback.underruns,
            overruns=self._overruns + self.playback.skips + self.heard.gaps,
            drift_ppm=round(self._pace.drift_ppm, 1),
            talking=self.chain.is_talking,
            bypass=self.chain.config.bypass,
        )
