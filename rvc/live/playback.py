"""What an output device is given: samples as they come, and silence without clicks where they do not."""

import numpy as np

from rvc.live.ring import Ring

FADE_S = 0.005
LATE_S = 0.25  # more than should be ready; less is made up for by playing a little faster


class Playback:
    """Holds samples ready for a device. It starts when enough are there, and again after it has run dry."""

    def __init__(self, rate: int, ready_s: float, longest_s: float) -> None:
        """Playing starts with `ready_s` at hand; more than `longest_s` is never kept."""
        self._rate = rate
        self._ready = round(ready_s * rate)
        self._late = round((ready_s + LATE_S) * rate)
        self._ring = Ring(round(longest_s * rate))
        self._fade = max(round(FADE_S * rate), 1)
        self.playing = False
        self.underruns = 0
        self._ended = False
        self._sounding = np.float32(0)  # the last sample that was given
        self.skips = 0

    @property
    def filled_s(self) -> float:
        """How much is ready."""
        return len(self._ring) / self._rate

    def write(self, wave: np.ndarray) -> None:
        """Add samples; what does not fit is lost, which takes a device that stands still for seconds."""
        self._ring.write(wave)

    def end(self) -> None:
        """Fall silent softly, for good."""
        self._ended = True

    def read(self, count: int) -> np.ndarray:
        """Return the next samples (count,) to be played. Called by the device's thread."""
        if self._ended:
            return self._faded(np.zeros(0, np.float32), count)
        if not self.playing:
            return self._begin(count)
        wave = self._ring.read(count)
        if len(wave) < count:
            return self._run_dry(wave, count)
        if len(self._ring) > self._late:
            wave = self._skip(wave)
        self._sounding = wave[-1]
        return wave

    def _begin(self, count: int) -> np.ndarray:
        """Return silence, or the beginning once enough is there; what would make it late is left out."""
        ready = max(self._ready, count)
        if len(self._ring) < ready:
            return np.zeros(count, np.float32)
        self.playing = True
        self._ring.read(len(self._ring) - ready)
        wave = self._ring.read(count)
        fade = min(self._fade, count)
        wave[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
        self._sounding = wave[-1]
        return wave

    def _skip(self, wave: np.ndarray) -> np.ndarray:
        """Leave out what makes the rest late, after the device has stood still; fade to what follows."""
        self._ring.read(len(self._ring) - self._ready - self._fade)
        self.skips += 1
        following = self._ring.read(self._fade)
        share = np.linspace(0, 1, min(self._fade, len(wave)), dtype=np.float32)
        wave[-len(share) :] += share * (following[: len(share)] - wave[-len(share) :])
        return wave

    def _run_dry(self, wave: np.ndarray, count: int) -> np.ndarray:
        """Go on from the last sample to silence, without a step."""
        self.playing = False
        self.underruns += 1
        return self._faded(wave, count)

    def _faded(self, wave: np.ndarray, count: int) -> np.ndarray:
        """Let a wave that is too short end softly."""
        last = wave[-1] if len(wave) else self._sounding
        fading = last * np.linspace(1, 0, self._fade + 1, dtype=np.float32)[1:]
        self._sounding = np.float32(0)
        ended = np.concatenate([wave, fading])[:count]
        return np.pad(ended, (0, count - len(ended)))
