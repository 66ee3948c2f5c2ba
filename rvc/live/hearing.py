"""What a live conversion hears: blocks at a device's rate become a stream at 16 kHz without rumble."""

import numpy as np
import scipy.signal

from rvc.config import CONTENT_RATE_HZ
from rvc.live.resampling import Player
from rvc.sound import audio


class Ear:
    """Brings blocks to 16 kHz and takes their rumble away, with the conversion's filter run forwards only."""

    def __init__(self, rate: int) -> None:
        self._player = Player(rate, CONTENT_RATE_HZ)
        self._sections = scipy.signal.butter(
            audio.HIGHPASS_ORDER, audio.HIGHPASS_HZ, btype="high", fs=CONTENT_RATE_HZ, output="sos"
        )
        self._state = np.zeros((len(self._sections), 2))

    def feed(self, block: np.ndarray) -> np.ndarray:
        """Return what is certain so far at 16 kHz, (M,) float32."""
        wave = self._player.play(block)
        if not len(wave):
            return wave
        wave, self._state = scipy.signal.sosfilt(self._sections, wave, zi=self._state)
        return wave.astype(np.float32)


class Fader:
    """A value, such as a gain, that glides to its new one over a block."""

    def __init__(self, value: float) -> None:
        self._value = value

    def glide(self, samples: int, value: float) -> np.ndarray:
        """Return the way (samples,) from the last value to this one, float32."""
        way = np.linspace(self._value, value, samples, dtype=np.float32)
        self._value = value
        return way

    def apply(self, block: np.ndarray, gain: float) -> np.ndarray:
        """Return a block (N,) made louder or quieter."""
        return block * self.glide(len(block), gain)
