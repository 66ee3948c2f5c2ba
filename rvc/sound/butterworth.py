"""Butterworth's high-pass filter by its impulse response: importing SciPy for it makes every start 0.6 s later."""

from functools import cache

import numpy as np

LEAST_SIZE = 1 << 15  # samples that are transformed at once; four times the response, if that is more
ROUNDING = 1e-18  # of full scale: what of the response is smaller changes nothing


def coefficients(order: int, hz: float, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return numerator and denominator, (order + 1,) each: the analogue filter by the bilinear transform."""
    numerator, denominator = np.poly(np.ones(order)), np.poly(_poles(order, hz, rate)).real
    return numerator * (np.polyval(denominator, -1) / np.polyval(numerator, -1)), denominator


def highpass(wave: np.ndarray, order: int, hz: float, rate: float) -> np.ndarray:
    """Return a wave (N,) filtered causally, float64, as `scipy.signal.lfilter` does from rest."""
    spectrum, ringing = _spectrum(order, hz, rate)
    size = 2 * (len(spectrum) - 1)
    parts = [np.zeros(0)]
    for start in range(0, len(wave), size - ringing):
        before = min(start, ringing)
        part = wave[start - before : start + size - ringing]
        parts.append(np.fft.irfft(np.fft.rfft(part, size) * spectrum, size)[before : len(part)])
    return np.concatenate(parts)


def highpass_both_ways(wave: np.ndarray, order: int, hz: float, rate: float) -> np.ndarray:
    """Return a wave (N,) filtered forwards and then backwards, float64, as `scipy.signal.filtfilt` does.

    It goes on beyond its ends turned about them, and before that as it begins there: constant, which leaves nothing.
    """
    around = min(3 * (order + 1), len(wave) - 1)
    first, last = 2.0 * wave[0] - wave[around:0:-1], 2.0 * wave[-1] - wave[-2 : -around - 2 : -1]
    whole = np.concatenate([first, wave, last])
    for _ in range(2):
        whole = highpass(whole - whole[0], order, hz, rate)[::-1]
    return whole[around : len(whole) - around]


def _poles(order: int, hz: float, rate: float) -> np.ndarray:
    angles = np.pi * (np.arange(order) + 0.5) / order + np.pi / 2
    analogue = np.tan(np.pi * hz / rate) / np.exp(1j * angles)
    return (1 + analogue) / (1 - analogue)


@cache
def _spectrum(order: int, hz: float, rate: float) -> tuple[np.ndarray, int]:
    """Return the spectrum of the impulse response, padded with zeros, and for how many samples that rings on.

    Each pole rings by itself, with its share of the partial fractions.
    """
    poles, gain = _poles(order, hz, rate), coefficients(order, hz, rate)[0][0]
    apart = poles[:, None] - poles + np.eye(order)
    shares = gain * (poles - 1) ** order / apart.prod(axis=1)
    samples = int(np.log(ROUNDING) / np.log(np.abs(poles).max()))
    ringing = (shares @ poles[:, None] ** np.arange(samples)).real
    size = max(LEAST_SIZE, 1 << (4 * samples).bit_length())
    return np.fft.rfft(np.concatenate([[gain], ringing]), size), samples
