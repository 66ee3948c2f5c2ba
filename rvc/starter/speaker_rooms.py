"""What happens to a voice on its way: rooms, noise, telephones, codecs, clipping, and small vocoders."""

import io
import math
from collections.abc import Callable

import numpy as np
import scipy.signal
import soundfile

from rvc.starter.encoder import RATE_HZ
from rvc.starter.speaker_voices import excited, pulses, smeared

Change = Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]
CODECS = (("OGG", "OPUS"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"), ("WAV", "ULAW"))


def travelled(wave: np.ndarray, other: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return a wave (N,) after a random choice of changes; `other` is the speech of somebody else.

    Two of five recordings come through unchanged.
    """
    if draw.random() < 0.4:
        return wave
    for change, share in CHANGES:
        if draw.random() < share:
            wave = _level(change(wave, other, draw).astype(np.float32))[: len(wave)]
    return wave


def _vocoded(wave: np.ndarray, other: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Say it through a small or an old vocoder: smeared, or with an excitation that is not the speaker's."""
    kind = draw.integers(4)
    if kind == 0:
        made = excited(wave, pulses(len(wave), 80 * 4 ** draw.random(), 0.3 * draw.random(), draw))
    elif kind == 1:
        made = excited(wave, other)
    else:
        made = smeared(wave, 2 * int(draw.integers(4)) + 1, 0.6 * draw.random(), draw)
    made = np.resize(made, len(wave))
    share = np.float32(draw.uniform(0.5, 1.0))
    return share * _level(made) + (1 - share) * _level(wave)


def _echoing(wave: np.ndarray, _other: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Put it into a room that rings for 0.1 to 0.8 s."""
    ring_s = 0.1 * 8 ** draw.random()
    times = np.arange(round(ring_s * RATE_HZ)) / RATE_HZ
    tail = draw.normal(size=len(times)) * 10 ** (-3 * times / ring_s)
    tail *= 10 ** (draw.uniform(-15, 3) / 20) / np.sqrt(np.square(tail).sum())
    tail[0] = 1.0
    return scipy.signal.fftconvolve(wave, tail)[: len(wave)]


def _noisy(wave: np.ndarray, other: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Add coloured noise, or people talking, 3 to 40 dB below."""
    if draw.random() < 0.2:
        noise = sum(np.roll(other, int(shift)) for shift in draw.integers(len(other), size=5))
    else:
        colour = scipy.signal.butter(1, 10 ** draw.uniform(-2.5, -0.1))
        noise = scipy.signal.lfilter(*colour, draw.normal(size=len(wave)))
        noise += draw.random() * noise.std() * draw.normal(size=len(wave))
    return wave + 10 ** (-draw.uniform(3, 40) / 20) * _level(np.resize(noise, len(wave)))


def _equalised(wave: np.ndarray, _other: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Change the colour by a few gentle waves of up to about 10 dB."""
    gains_db = np.interp(np.linspace(0, 1, 65), np.linspace(0, 1, 7), draw.normal(0, 5, 7))
    return scipy.signal.fftconvolve(
        wave, scipy.signal.firwin2(129, np.linspace(0, 1, 65), 10 ** (gains_db / 20))
    )[64:]


def _narrow(wave: np.ndarray, _other: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Leave out what lies below 50 to 400 Hz and above 3.2 to 7.5 kHz."""
    edges = 50 * 8 ** draw.random(), draw.uniform(3200, 7500)
    return scipy.signal.sosfilt(scipy.signal.butter(4, edges, "band", fs=RATE_HZ, output="sos"), wave)


def _clipped(wave: np.ndarray, _other: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    limit = np.abs(wave).max() * draw.uniform(0.1, 0.6)
    return limit * np.tanh(wave / limit)


def _coded(wave: np.ndarray, _other: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Write it in a lossy format and read it again."""
    file = io.BytesIO()
    kind, subtype = CODECS[draw.integers(len(CODECS))]
    settings = {} if kind == "WAV" else {"compression_level": draw.uniform(0.5, 0.99)}
    soundfile.write(
        file, wave * (0.5 / max(np.abs(wave).max(), 1e-6)), RATE_HZ, subtype, format=kind, **settings
    )
    file.seek(0)
    return np.resize(soundfile.read(file, dtype="float32")[0], len(wave))


CHANGES: tuple[tuple[Change, float], ...] = (
    (_vocoded, 0.35),
    (_equalised, 0.4),
    (_echoing, 0.3),
    (_clipped, 0.1),
    (_noisy, 0.45),
    (_narrow, 0.25),
    (_coded, 0.2),
)


def _level(wave: np.ndarray) -> np.ndarray:
    """Turn a wave to a mean power of 1."""
    return wave / max(math.sqrt(float(np.square(wave).mean())), 1e-6)
