"""The loudness of a programme of any length (ITU-R BS.1770), and the gain that brings it where it should be."""

import math
from dataclasses import dataclass

from rvc.quality import levels
from rvc.sound import audio, streams
from rvc.sound.spool import Spool, blocks

CEILING_DBTP = -1.0  # true peak, as streaming services ask for


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much a wave is multiplied, and the loudness that it then has; None where it is not measured."""

    factor: float
    lufs: float | None = None


def gain_for(wave: Spool, target_lufs: float | None) -> Gain:
    """Return the gain that brings a wave to a loudness, or lower where its true peaks would pass -1 dBTP.

    Without a target, and for silence, only peaks beyond full scale are turned down.
    """
    measured = None if target_lufs is None else levels.loudness_lufs(wave, wave.rate)
    if measured is None or target_lufs is None:
        return Gain(audio.PEAK_LIMIT / wave.peak if wave.peak > audio.PEAK_LIMIT else 1.0)
    room_db = CEILING_DBTP - 20 * math.log10(true_peak(wave))
    decibels = min(target_lufs - measured, room_db)
    return Gain(10 ** (decibels / 20), measured + decibels)


def true_peak(wave: Spool) -> float:
    """Return the highest value of a wave, between its samples too, where full scale is 1."""
    between = streams.resampled(blocks(wave), wave.rate, levels.OVERSAMPLING * wave.rate)
    return max(wave.peak, max(map(audio.peak, between), default=0.0))
