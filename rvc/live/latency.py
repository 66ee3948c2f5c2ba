"""How late a voice is heard, measured: a click is played once and goes round from the output back to the input.

The output is connected to the input, by a cable, a virtual cable or through the air, and the speaker's own voice is
let through, which is as late as the converted one. The click comes in, is played, comes in again, and so on. From one
time to the next it has gone through both devices and the whole chain.
"""

import numpy as np
from scipy.signal import fftconvolve

CLICK_S = 0.01
LOWEST_HZ, HIGHEST_HZ = 800.0, 5000.0
LEVEL = 0.5
APART_S = 0.04  # nothing answers sooner
CLEAR = 12.0  # times the usual correlation: what is weaker is noise
ENOUGH = 3  # rounds
SETTLE_S = 1.0
LONGEST_S = 6.0
WEAKEST = 0.003  # of the click as it is played


def click(rate: int) -> np.ndarray:
    """Return a rising sweep (N,) that sounds like a click, and is found in noise."""
    time = np.arange(round(CLICK_S * rate)) / rate
    phase = LOWEST_HZ * time + (HIGHEST_HZ - LOWEST_HZ) / (2 * CLICK_S) * time**2
    return (LEVEL * np.sin(2 * np.pi * phase) * np.hanning(len(time))).astype(np.float32)


def arrivals(heard: np.ndarray, rate: int) -> np.ndarray:
    """Return when the click comes in, in seconds from the beginning of what is heard (N,)."""
    probe = click(rate)
    if len(heard) < len(probe):
        return np.zeros(0)
    likeness = np.abs(fftconvolve(heard, probe[::-1], "valid"))
    least = max(CLEAR * float(np.median(likeness)), WEAKEST * float(np.dot(probe, probe)))
    found: list[int] = []
    while (best := int(np.argmax(likeness))) >= 0 and likeness[best] > least:
        found.append(best)
        around = round(APART_S * rate)
        likeness[max(best - around, 0) : best + around] = 0
    return np.sort(np.array(found)) / rate


class Measurement:
    """Listens to the click going round: `hear` the input, and play `click` when it is `due`."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._heard = np.zeros(0, np.float32)
        self._settled = 0
        self._played = False

    def hear(self, block: np.ndarray) -> None:
        """Take in what the input device hears; what came before the click does not count."""
        if self._played:
            self._heard = np.concatenate([self._heard, block])
        else:
            self._settled += len(block)

    def is_due(self) -> bool:
        """Tell, once, that the click is to be played now: when the chain has got used to the silence."""
        due = not self._played and self._settled >= SETTLE_S * self._rate
        self._played = self._played or due
        return due

    @property
    def rounds(self) -> list[float]:
        """How long each round took so far, in seconds."""
        return np.diff(arrivals(self._heard, self._rate)).tolist()

    @property
    def is_done(self) -> bool:
        """Whether enough rounds were heard, or no more are to be expected."""
        return len(self._heard) >= LONGEST_S * self._rate or len(self.rounds) >= ENOUGH
