"""One loudness for recordings that are compared: the louder one always seems the better one."""

from functools import lru_cache
from pathlib import Path

import numpy as np

LEVEL_DBFS = -23.0  # of what is speech
PEAK_DBFS = -1.0  # that nothing may exceed
RANGE_DB = 30.0  # below the loudest moment; what is quieter is a pause
FRAME_S = 0.05
MOST_DB = 20.0
LONGEST_S = 30.0  # that are looked at


@lru_cache(maxsize=512)
def gain_db(file: Path) -> float:
    """Return how much louder a recording must be played to be as loud as all others; 0 where it cannot be read."""
    try:
        import soundfile

        with soundfile.SoundFile(file) as sound:
            wave = sound.read(int(LONGEST_S * sound.samplerate), dtype="float32", always_2d=True)
            frame = max(1, int(FRAME_S * sound.samplerate))
    except (ImportError, RuntimeError, OSError):
        return 0.0
    return _gain_db(wave.mean(axis=1), frame)


def _gain_db(wave: np.ndarray, frame: int) -> float:
    """Return the gain of a wave (N,), by the power of those frames that are no pauses, as far as its peak allows."""
    frames = wave[: len(wave) // frame * frame].reshape(-1, frame)
    if not frames.size or not (peak := float(np.abs(wave).max())):
        return 0.0
    powers = np.square(frames, dtype=np.float64).mean(axis=1)
    loud = powers[powers > powers.max() / 10 ** (RANGE_DB / 10)]
    wanted = LEVEL_DBFS - 10 * np.log10(loud.mean())
    return float(np.clip(min(wanted, PEAK_DBFS - 20 * np.log10(peak)), -MOST_DB, MOST_DB))
