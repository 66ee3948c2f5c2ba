"""A word on each take, within a second: what is wrong with it, by numbers that are measured with NumPy alone.

The thresholds are those of `rvc.quality` where both measure the same; `docs/recording.md` has precision and recall.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from rvc.quality.decay import HOP_S, MEAN_FRAMES, decay_s
from rvcstudio.sound.levels import FULL_SCALE, dbfs, frame_dbfs

Code = Literal["silent", "clipped", "soft", "noisy", "echo", "cut_start", "cut_end"]
BAD: frozenset[Code] = frozenset(("silent", "clipped", "cut_start", "cut_end"))  # nothing repairs these

FRAME_S = 0.02
SPEECH_RANGE_DB = 25.0  # below its loud frames
LOUD_SHARE, QUIET_SHARE = 0.95, 0.05
LEAST_SPEECH_S = 0.2
LEAST_RISE_DB = 10.0  # of speech above the noise
SILENT_DBFS = -60.0
SOFT_DBFS = -42.0
NOISY_SNR_DB = 24.0
GATED_DBFS = -90.0

FLAT = 5e-4  # of the highest sample: what is nearer to it stands at the same level
FLAT_RUN_S = 60e-6
FLAT_TOPS = 3  # a voice reaches its highest level once or twice, a clipped one again and again

EDGE_S = 0.03
EDGE_RANGE_DB = 15.0  # a take that begins or ends so little below speech begins or ends in it

WINDOW_S = 0.032
EDGES_HZ = (250, 400, 600, 850, 1200, 1700, 2400, 3400, 4800, 6400)
LEAST_DECAYS = 8
ECHO_S = 0.36


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured of a take, and its problems, the worst first. None: it cannot be told."""

    problems: tuple[Code, ...]
    seconds: float
    speech_s: float
    peak_dbfs: float
    speech_dbfs: float
    noise_dbfs: float
    decay_s: float | None
    clips: int

    @property
    def grade(self) -> Literal["good", "fair", "bad"]:
        if any(problem in BAD for problem in self.problems):
            return "bad"
        return "fair" if self.problems else "good"

    @property
    def snr_db(self) -> float:
        return self.speech_dbfs - self.noise_dbfs

    def record(self) -> dict[str, Any]:
        """Return all of it as the library keeps it."""
        return {"verdict": self.grade, **asdict(self), "problems": list(self.problems)}


def judge(wave: np.ndarray, rate: int) -> Verdict:
    """Judge a take (N,) float32."""
    levels = frame_dbfs(wave, rate)
    peak = float(np.abs(wave).max(initial=0.0))
    if not len(levels):
        return Verdict(("silent",), len(wave) / rate, 0.0, dbfs(peak), -120.0, -120.0, None, 0)
    loud, noise = float(np.quantile(levels, LOUD_SHARE)), _noise(levels)
    speech = levels > max(loud - SPEECH_RANGE_DB, min(noise + LEAST_RISE_DB, loud - 3.0))
    speech_dbfs = 10 * math.log10(float(np.mean(10 ** (levels[speech] / 10)))) if speech.any() else loud
    tops = flat_tops(wave, rate)
    decay = decay_s(_bands(wave, rate), QUIET_SHARE, LEAST_DECAYS)
    is_silent = loud < SILENT_DBFS or loud < noise + LEAST_RISE_DB or speech.sum() * FRAME_S < LEAST_SPEECH_S
    is_noisy = speech_dbfs - noise < NOISY_SNR_DB
    spoken = max(speech_dbfs - EDGE_RANGE_DB, noise + LEAST_RISE_DB)
    found: dict[Code, bool] = {
        "clipped": tops >= FLAT_TOPS,
        "cut_start": _level(wave[: round(EDGE_S * rate)]) > spoken,
        "cut_end": _level(wave[-round(EDGE_S * rate) :]) > spoken,
        "soft": speech_dbfs < SOFT_DBFS,
        "noisy": is_noisy,
        "echo": not is_noisy and decay is not None and decay > ECHO_S,  # noise fades like echo
    }
    problems: tuple[Code, ...] = (
        ("silent",) if is_silent else tuple(code for code, is_so in found.items() if is_so)
    )
    return Verdict(
        problems=problems,
        seconds=len(wave) / rate,
        speech_s=0.0 if is_silent else float(speech.sum()) * FRAME_S,
        peak_dbfs=dbfs(peak),
        speech_dbfs=speech_dbfs,
        noise_dbfs=noise,
        decay_s=decay,
        clips=tops,
    )


def _noise(levels: np.ndarray) -> float:
    """Return the level of the pauses; digital silence is left out, since a gate made it."""
    heard = levels[levels > GATED_DBFS]
    return float(np.quantile(heard, QUIET_SHARE)) if len(heard) else GATED_DBFS


def _level(edge: np.ndarray) -> float:
    return dbfs(math.sqrt(float(np.mean(np.square(edge, dtype=np.float64)))))


def flat_tops(wave: np.ndarray, rate: int) -> int:
    """Return how often a wave (N,) stays at its highest or lowest value, or at full scale."""
    return _tops(wave, rate) + _tops(-wave, rate)


def _tops(wave: np.ndarray, rate: int) -> int:
    top = float(wave.max(initial=0.0))
    if top < 0.05:
        return 0
    hot = wave >= min(FULL_SCALE, top * (1 - FLAT))
    edges = np.flatnonzero(np.diff(hot, prepend=False, append=False))
    runs = edges[1::2] - edges[::2]
    return int((runs >= max(2, round(FLAT_RUN_S * rate))).sum())


def _bands(wave: np.ndarray, rate: int) -> np.ndarray:
    """Return levels (T, bands) of speech bands every 10 ms, averaged over 30 ms, dB."""
    size, hop = round(WINDOW_S * rate), round(HOP_S * rate)
    wave = np.pad(wave, (0, max(0, size - len(wave))))
    frames = np.lib.stride_tricks.sliding_window_view(wave, size)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32))) ** 2
    bins = np.round(np.array(EDGES_HZ) * size / rate).astype(int)
    bands = np.add.reduceat(power[:, : bins[-1]], bins[:-1], axis=1)
    sums = np.cumsum(np.pad(bands, ((1, 0), (0, 0))), axis=0)
    means = np.maximum(sums[MEAN_FRAMES:] - sums[:-MEAN_FRAMES], 0) / MEAN_FRAMES
    levels: np.ndarray = 10 * np.log10(np.maximum(means, 1e-12))
    return levels
