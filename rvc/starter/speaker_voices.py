"""Make many voices from the recordings of a few: other pitch, other formants, other breath.

All of it works on short-time spectra of 16 kHz waves (N,) float32, whose envelope (formants) and fine structure
(pitch, breath) are taken apart by cepstral smoothing.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import soxr
import torch
from torch import Tensor

from rvc.starter.encoder import RATE_HZ

N_FFT = 512
HOP = 128
BINS = N_FFT // 2 + 1
CEPSTRUM = 28  # coefficients of the envelope: below the period of a high voice
QUIET = 1e-5  # of a magnitude, far below speech
KNOTS_HZ = (0.0, 1000.0, 3000.0, 8000.0)  # where formants are moved, each by its own factor
PITCH = 0.45  # octaves, standard deviations
FORMANTS = 0.15  # of the whole vocal tract
SHAPE = 0.11  # of each knot
DEPTH = 0.2  # of the fine structure: more or less voiced
BREATH = 0.35
HIGHEST = 2.0  # standard deviations


@dataclass(frozen=True, slots=True)
class Voice:
    """How a voice differs from that of a recording; the default does not."""

    pitch: float = 0.0  # octaves
    formants: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)  # octaves, at `KNOTS_HZ`
    depth: float = 1.0
    breath: float = 0.0  # share of noise in the phases, most at high frequencies

    @classmethod
    def draw(cls, draw: np.random.Generator) -> "Voice":
        """Draw a voice that a person might have."""
        normal = draw.normal(size=7).clip(-HIGHEST, HIGHEST)
        shift = FORMANTS * normal[1] + 0.25 * PITCH * normal[0]  # high voices have short vocal tracts
        formants = tuple((shift + SHAPE * normal[2:6]).tolist())
        breath = max(0.0, float(BREATH * draw.normal()))
        return cls(float(PITCH * normal[0]), formants, float(1 + DEPTH * normal[6]), breath)

    def speak(self, wave: np.ndarray, draw: np.random.Generator) -> np.ndarray:
        """Return what was said in this voice; a higher pitch makes it faster (N / 2 ** pitch samples)."""
        if self == Voice():
            return wave
        spectrum = stft(resampled(wave, 2.0**self.pitch))
        envelope, fine = parts(spectrum)
        magnitude = (moved(envelope, self._factors()) + self.depth * fine).exp()
        return istft(torch.polar(magnitude, spectrum.angle() + self._breathe(spectrum.shape[1], draw)))

    def _factors(self) -> np.ndarray:
        """Return by how much each frequency of the envelope goes up, resampling undone."""
        octaves = np.interp(np.linspace(0, RATE_HZ / 2, BINS), KNOTS_HZ, self.formants)
        return 2.0 ** (octaves - self.pitch)

    def _breathe(self, frames: int, draw: np.random.Generator) -> Tensor:
        rising = np.linspace(0.0, 1.0, BINS)[:, None] ** 0.5
        noise = draw.uniform(-math.pi, math.pi, (BINS, frames))
        return torch.from_numpy((self.breath * rising * noise).astype(np.float32))


def excited(wave: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Return the envelope of `wave` on the fine structure of `source`, which goes on from its start if short."""
    spectrum = stft(wave)
    other = stft(np.resize(source, len(wave)))
    magnitude = (parts(spectrum)[0] + parts(other)[1]).exp()
    return istft(torch.polar(magnitude, other.angle()))


def smeared(wave: np.ndarray, frames: int, breath: float, draw: np.random.Generator) -> np.ndarray:
    """Average magnitudes over `frames` and blur the phases, as small vocoders do."""
    spectrum = stft(wave)
    kernel = torch.ones(1, 1, frames) / frames
    magnitude = torch.nn.functional.conv1d(spectrum.abs()[:, None], kernel, padding=frames // 2)[:, 0]
    phase = spectrum.angle() + Voice(breath=breath)._breathe(spectrum.shape[1], draw)
    return istft(torch.polar(magnitude[:, : spectrum.shape[1]], phase))


def pulses(samples: int, hz: float, drift: float, draw: np.random.Generator) -> np.ndarray:
    """Return a train of pulses whose pitch wanders by about `drift` octaves."""
    knots = draw.normal(0, drift, samples // 4000 + 2).cumsum()
    octaves = np.interp(np.arange(samples) / 4000, np.arange(len(knots)), knots.clip(-1, 1))
    cycles = (hz * 2.0**octaves / RATE_HZ).cumsum()
    return (np.diff(np.floor(cycles), prepend=0.0) + draw.normal(0, 0.01, samples)).astype(np.float32)


def resampled(wave: np.ndarray, factor: float) -> np.ndarray:
    """Return a wave that is so many times faster, and higher."""
    return soxr.resample(wave, RATE_HZ * factor, RATE_HZ, quality="MQ")


def parts(spectrum: Tensor) -> tuple[Tensor, Tensor]:
    """Split a spectrum (BINS, T) into the logarithms of its envelope and its fine structure, both (BINS, T)."""
    log = (spectrum.abs() + QUIET).log()
    cepstrum = torch.fft.irfft(log, dim=0)
    cepstrum[CEPSTRUM : N_FFT - CEPSTRUM + 1] = 0
    envelope = torch.fft.rfft(cepstrum, dim=0).real
    return envelope, log - envelope


def moved(envelope: Tensor, factors: np.ndarray) -> Tensor:
    """Move what an envelope (BINS, T) has at f / factor to f."""
    places = torch.from_numpy(np.arange(BINS) / factors).float().clamp(max=BINS - 1.001)
    low = places.long()
    share = (places - low)[:, None]
    return torch.lerp(envelope[low], envelope[low + 1], share)


def stft(wave: np.ndarray) -> Tensor:
    """Return the spectrum (BINS, 1 + N // HOP)."""
    return torch.stft(torch.from_numpy(wave), N_FFT, HOP, window=_window(), return_complex=True)


def istft(spectrum: Tensor) -> np.ndarray:
    """Return the wave of a spectrum, whole hops of it."""
    wave = torch.istft(spectrum, N_FFT, HOP, window=_window())
    return wave.numpy()


@lru_cache
def _window() -> Tensor:
    return torch.hann_window(N_FFT)
