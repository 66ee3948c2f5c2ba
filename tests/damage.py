"""Recordings spoilt in known ways, to see what is found in them: every function maps a wave (N,) and its rate."""

import io
from collections.abc import Callable, Mapping

import numpy as np
import scipy.ndimage
import scipy.signal
import soundfile
import soxr

from rvc.sound import audio

Damage = Callable[[np.ndarray, int], np.ndarray]

SPEECH_BAND_HZ = 8000  # in which noise is compared with speech
MP3_KBITS = {1: (32, 320), 2: (8, 160)}  # by MPEG version: of the lowest and highest constant rate


def with_noise(snr_db: float) -> Damage:
    """Add white noise, so many dB below the speech as far as both are below 8 kHz."""

    def spoil(wave: np.ndarray, rate: int) -> np.ndarray:
        power = speech_power(wave, rate) / 10 ** (snr_db / 10) * max(1.0, rate / 2 / SPEECH_BAND_HZ)
        noise = np.random.default_rng(len(wave)).standard_normal(len(wave))
        return (wave + noise * np.sqrt(power)).astype(np.float32)

    return spoil


def clipped(share: float) -> Damage:
    """Cut off what is louder than all but this share of the samples, as a converter does."""

    def spoil(wave: np.ndarray, rate: int) -> np.ndarray:  # noqa: ARG001
        limit = np.quantile(np.abs(wave), 1 - share)
        return np.clip(wave, -limit, limit)

    return spoil


def as_mp3(kbits: int) -> Damage:
    """Write and read again as MP3 of a constant rate."""

    def spoil(wave: np.ndarray, rate: int) -> np.ndarray:
        lowest, highest = MP3_KBITS[1 if rate >= 32000 else 2]
        level = min((highest - kbits) / (highest - lowest), 0.999)
        file = io.BytesIO()
        soundfile.write(file, wave, rate, format="MP3", bitrate_mode="CONSTANT", compression_level=level)
        file.seek(0)
        return soundfile.read(file, dtype="float32")[0]

    return spoil


def band_limited(hertz: float) -> Damage:
    """Take away all above so many Hz, as another sample rate does."""

    def spoil(wave: np.ndarray, rate: int) -> np.ndarray:
        if hertz >= rate / 2:
            return wave
        narrow = soxr.resample(wave, rate, 2 * hertz, quality="VHQ")
        return soxr.resample(narrow, 2 * hertz, rate, quality="VHQ").astype(np.float32)

    return spoil


def reverberant(rt60_s: float) -> Damage:
    """Add a room: decaying noise, together as loud as the direct sound."""

    def spoil(wave: np.ndarray, rate: int) -> np.ndarray:
        time = np.arange(round(1.2 * rt60_s * rate)) / rate
        room = np.random.default_rng(len(wave)).standard_normal(len(time)) * 10 ** (-3 * time / rt60_s)
        room[time < 0.003] = 0
        room /= np.sqrt(np.square(room).sum())
        room[0] = 1
        return (0.7 * scipy.signal.fftconvolve(wave, room)[: len(wave) + int(0.3 * rate)]).astype(np.float32)

    return spoil


def over_telephone(wave: np.ndarray, rate: int) -> np.ndarray:
    """Leave 300 to 3400 Hz at a rate of 8 kHz."""
    band = scipy.signal.butter(6, (300, 3400), "bandpass", fs=rate, output="sos")
    return band_limited(4000)(scipy.signal.sosfilt(band, wave).astype(np.float32), rate)


def louder(decibels: float) -> Damage:
    """Turn up or down, and round to 16 bits."""

    def spoil(wave: np.ndarray, rate: int) -> np.ndarray:  # noqa: ARG001
        return (np.rint(wave * 10 ** (decibels / 20) * 32768) / 32768).astype(np.float32)

    return spoil


def with_hum(hertz: int, below_db: float) -> Damage:
    """Add mains hum with harmonics, together so many dB below the speech."""

    def spoil(wave: np.ndarray, rate: int) -> np.ndarray:
        time = np.arange(len(wave)) / rate
        hum = sum(np.sin(2 * np.pi * hertz * k * time + k) / k for k in range(1, 6))
        hum *= np.sqrt(speech_power(wave, rate) / 10 ** (below_db / 10) / np.var(hum))
        return (wave + hum).astype(np.float32)

    return spoil


def gated(wave: np.ndarray, rate: int) -> np.ndarray:
    """Silence what is 20 dB below the loud parts, and add pauses, as a noise gate after noise leaves them."""
    level = audio.rms(wave, rate // 50 * 2, rate // 100)
    is_open = scipy.ndimage.maximum_filter1d(level > np.quantile(level, 0.95) / 10, 10)
    opened = np.repeat(is_open, rate // 100)[: len(wave)]
    pause = np.zeros(rate // 2, np.float32)
    return np.concatenate([pause, wave * opened, pause])


def then(*damages: Damage) -> Damage:
    """Spoil in several ways, one after the other."""

    def spoil(wave: np.ndarray, rate: int) -> np.ndarray:
        for damage in damages:
            wave = damage(wave, rate)
        return wave

    return spoil


def speech_power(wave: np.ndarray, rate: int) -> float:
    """Return the mean power of the frames of 50 ms that are at most 25 dB below the loud ones."""
    level = audio.rms(wave, rate // 40 * 2, rate // 100)
    power = np.square(level)
    return float(power[power > np.quantile(power, 0.95) / 10**2.5].mean())


DAMAGES: Mapping[str, Damage] = {
    "none": lambda wave, rate: wave,  # noqa: ARG005
    **{f"noise {snr} dB": with_noise(snr) for snr in (0, 10, 20, 30, 40)},
    "clipping 1 %": clipped(0.01),
    "clipping 5 %": clipped(0.05),
    "MP3 32 kbit/s": as_mp3(32),
    **{f"band {hertz // 1000} kHz": band_limited(hertz) for hertz in (4000, 8000, 11000)},
    **{f"RT60 {rt60} s": reverberant(rt60) for rt60 in (0.3, 0.6, 1.2)},
    "telephone": over_telephone,
    "30 dB down": louder(-30),
    "hum 50 Hz, -25 dB": with_hum(50, 25),
    "hum 60 Hz, -40 dB": with_hum(60, 40),
    "noise 20 dB, gated": then(with_noise(20), gated),
}
