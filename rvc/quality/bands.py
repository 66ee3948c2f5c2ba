"""Speech in bands over time, and what can be read from that: speech, noise between words, and the room's decay."""

from dataclasses import dataclass

import numpy as np
import scipy.ndimage
import scipy.special

from rvc.config import CONTENT_RATE_HZ
from rvc.quality import decay
from rvc.quality.levels import FLOOR_POWER, decibels

WINDOW, HOP = 512, 160  # samples at 16 kHz: 32 ms every 10 ms
HOP_S = HOP / CONTENT_RATE_HZ
EDGES_HZ = (80, 250, 400, 600, 850, 1200, 1700, 2400, 3400, 4800, 6400, 8000)
BLOCK = 4096  # windows transformed at a time
MEAN_FRAMES = 5  # noise is judged over 50 ms

SPEECH_RANGE_DB = 25.0  # below its loud frames; what is quieter is no speech
LOUD_SHARE = 0.95
QUIET_SHARE = 0.02  # of the frames: takes are cut tightly, and few of them are pauses
GATED_DB = 60.0  # below speech there is no room left: a gate, a denoiser or an editor made this silence
NEAR_FLOOR_DB = 6.0
LEAST_PAUSE_S = 0.1  # at the floor without a voice, else no pause was heard and the noise is not known
PAUSE_DB = 1.5  # what is so little above the noise is noise
BINS_A_DEGREE = 1.5  # a Hann window's neighbouring bins are not independent

PHONE_BANDS = EDGES_HZ.index(3400)  # bands up to where a telephone ends
DECAY_FROM_BAND = 1
LEAST_DECAYS = 10


@dataclass(frozen=True, slots=True)
class Noise:
    """Levels of speech and of the noise in its pauses, dBFS; without a pause `noise_dbfs` is no more than a bound."""

    speech_dbfs: float
    noise_dbfs: float
    has_pause: bool
    gated_share: float
    """Of the frames: silence that no room has."""

    @property
    def snr_db(self) -> float | None:
        return self.speech_dbfs - self.noise_dbfs if self.has_pause else None


def powers(wave: np.ndarray) -> np.ndarray:
    """Return the power (T, bands) of a 16 kHz wave (N,) in 11 bands, a frame every 10 ms; full scale is 1."""
    window = np.hanning(WINDOW)
    bins = np.round(np.array(EDGES_HZ) * WINDOW / CONTENT_RATE_HZ).astype(int)
    wave = np.pad(wave, (0, max(0, WINDOW - len(wave))))
    frames = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[::HOP]
    scale = 2 / (WINDOW * np.square(window).sum())
    parts = [
        np.add.reduceat(np.abs(np.fft.rfft(frames[at : at + BLOCK] * window)) ** 2, bins, axis=1)[:, :-1]
        for at in range(0, len(frames), BLOCK)
    ]
    return np.concatenate(parts) * scale


def noise(bands: np.ndarray, voiced: np.ndarray) -> Noise:
    """Tell speech from noise by band powers (T, bands), and by whether frames (T,) are voiced.

    Noise is each band's quietest frames, raised by what the quietest of noise lie below its mean. Frames that are
    quieter than any room count as gated and are left out, so that a gate does not hide what it lets through.
    A held note is as steady as noise, but no pause.
    """
    smooth = _mean(bands, MEAN_FRAMES)
    total = smooth.sum(axis=1)
    unvoiced = ~_fitted(voiced, len(total))
    loud = float(np.quantile(total, LOUD_SHARE))
    gated = total <= max(loud / 10 ** (GATED_DB / 10), FLOOR_POWER)
    if gated.all():
        return Noise(decibels(0), decibels(0), has_pause=False, gated_share=1.0)
    room = ~scipy.ndimage.maximum_filter1d(gated, 2 * MEAN_FRAMES + 1)  # a gate's slopes are no room either
    if not room.any():
        room = ~gated
    smooth, total, unvoiced = smooth[room], total[room], unvoiced[room]
    loud = float(np.quantile(total, LOUD_SHARE))
    floor = float((np.quantile(smooth, QUIET_SHARE, axis=0) / _quiet_share_of_mean()).sum())
    heard = total > max(loud / 10 ** (SPEECH_RANGE_DB / 10), min(floor * 10 ** (PAUSE_DB / 10), loud / 2))
    speech = float(total[heard].mean()) - floor
    pause = unvoiced & (total < floor * 10 ** (NEAR_FLOOR_DB / 10))
    return Noise(
        speech_dbfs=decibels(speech),
        noise_dbfs=decibels(floor),
        has_pause=float(pause.sum()) * HOP_S >= LEAST_PAUSE_S,
        gated_share=float(gated.mean()),
    )


def silence_share(bands: np.ndarray) -> float:
    """Return the share of frames that are too quiet to be speech, by band powers (T, bands)."""
    total = _mean(bands, MEAN_FRAMES).sum(axis=1)
    limit = float(np.quantile(total, LOUD_SHARE)) / 10 ** (SPEECH_RANGE_DB / 10)
    return float(np.mean(total <= max(limit, FLOOR_POWER)))


def lows_db(bands: np.ndarray) -> float:
    """Return how loud speech is below 250 Hz against 250 to 3400 Hz, by band powers (T, bands)."""
    total = bands.sum(axis=1)
    speech = bands[total >= np.quantile(total, LOUD_SHARE) / 10 ** (SPEECH_RANGE_DB / 10)].mean(axis=0)
    return decibels(float(speech[0])) - decibels(float(speech[1:PHONE_BANDS].sum()))


def decay_s(bands: np.ndarray) -> float | None:
    """Return how long sounds take to fade by 60 dB, by band powers (T, bands); None where too few fade."""
    smooth = _mean(bands[:, DECAY_FROM_BAND:], decay.MEAN_FRAMES)
    return decay.decay_s(10 * np.log10(np.maximum(smooth, FLOOR_POWER)), QUIET_SHARE, LEAST_DECAYS)


def _mean(bands: np.ndarray, frames: int) -> np.ndarray:
    """Return running means over time of band powers (T, bands); shorter ones stay as they are."""
    if len(bands) < frames:
        return bands
    sums = np.cumsum(np.pad(bands, ((1, 0), (0, 0))), axis=0)
    return np.maximum(sums[frames:] - sums[:-frames], 0) / frames


def _fitted(voiced: np.ndarray, frames: int) -> np.ndarray:
    """Return whether frames are voiced for so many running means, which start two frames earlier."""
    fitted: np.ndarray = np.pad(voiced[MEAN_FRAMES // 2 :], (0, frames))[:frames]
    return fitted


def _quiet_share_of_mean() -> np.ndarray:
    """Return how far steady noise's quietest frames lie below its mean, as a ratio (bands,).

    Power over k independent bins, twice as many values over 50 ms, has a gamma distribution.
    """
    bins = np.diff(np.round(np.array(EDGES_HZ) * WINDOW / CONTENT_RATE_HZ))
    degrees = 2 * bins / BINS_A_DEGREE
    ratio: np.ndarray = scipy.special.gammaincinv(degrees, QUIET_SHARE) / degrees
    return ratio
