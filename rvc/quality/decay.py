"""How long a room goes on sounding, by the slopes at which speech fades in its bands; NumPy alone."""

import numpy as np

HOP_S = 0.01  # from one frame of levels to the next
MEAN_FRAMES = 3  # over which levels are averaged before slopes are taken
LEAST_DROP_DB = 12.0
ABOVE_FLOOR_DB = 6.0
LARGEST_RISE_DB = 0.5  # within a decay
LEAST_FRAMES = 5


def decay_s(levels: np.ndarray, quiet_share: float, least: int) -> float | None:
    """Return how long sounds take to fade by 60 dB, by band levels (T, bands) in dB; None where under `least` fade.

    The median over all fades in all bands, as far as they are above the level of the quietest frames, `quiet_share`
    of all. In a dry room it is that of speech itself, about 0.2 s; from 0.3 s on it is near the reverberation time.
    """
    if not len(levels):
        return None
    floors = np.quantile(levels, quiet_share, axis=0) + ABOVE_FLOOR_DB
    slopes = [slope for track, floor in zip(levels.T, floors, strict=True) for slope in _slopes(track, floor)]
    return float(np.median(-60 * HOP_S / np.array(slopes))) if len(slopes) >= least else None


def _slopes(track: np.ndarray, floor: float) -> list[float]:
    """Return the slope of every fade in a band's levels (T,) in dB a frame, as far as it is above the floor."""
    falling = np.diff(track) < LARGEST_RISE_DB
    edges = np.flatnonzero(np.diff(falling, prepend=False, append=False))
    slopes = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        fade = track[start : end + 1]
        fade = fade[int(fade.argmax()) :]
        below = np.flatnonzero(fade < floor)
        fade = fade[: below[0]] if len(below) else fade
        if len(fade) > LEAST_FRAMES and fade[0] - fade[-1] >= LEAST_DROP_DB:
            slopes.append(_slope(fade[1:]))
    return slopes


def _slope(values: np.ndarray) -> float:
    """Return the slope of the straight line nearest to values (T,)."""
    place = np.arange(len(values)) - (len(values) - 1) / 2
    return float(place @ values / (place @ place))
