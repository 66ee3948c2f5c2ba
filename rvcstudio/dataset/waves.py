"""Takes read in parts, as one channel, and how loud they are."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from rvc.errors import InputError
from rvc.sound.spool import BLOCK

SILENCE_DBFS = -120.0  # what digital silence is called
FRAME_S = 0.02
GATE_DB = 25.0  # below its loud frames; what is quieter is no speech
LOUD_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Facts:
    """A file's length and rate, without decoding it."""

    rate: int
    frames: int

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


def facts(file: Path) -> Facts:
    """Return a take's length and rate. Raises `InputError` damaged_audio."""
    with opened(file) as sound:
        return Facts(sound.samplerate, sound.frames)


def read(file: Path, start: int = 0, stop: int | None = None) -> np.ndarray:
    """Return samples (N,) float32 of a take; what lies beyond its ends is left out."""
    with opened(file) as sound:
        start = min(max(start, 0), sound.frames)
        stop = sound.frames if stop is None else min(max(stop, start), sound.frames)
        sound.seek(start)
        return mono(sound.read(stop - start, dtype="float32", always_2d=True))


def blocks(file: Path) -> Iterator[np.ndarray]:
    """Yield a take's samples (N,) float32, a block at a time."""
    with opened(file) as sound:
        while len(block := sound.read(BLOCK, dtype="float32", always_2d=True)):
            yield mono(block)


def mono(block: np.ndarray) -> np.ndarray:
    """Return the mean (N,) of channels (N, channels)."""
    return block[:, 0] if block.shape[1] == 1 else block.mean(axis=1, dtype=np.float32)


def opened(file: Path) -> soundfile.SoundFile:
    """Open a take. Raises `InputError` damaged_audio."""
    try:
        return soundfile.SoundFile(file)
    except (soundfile.LibsndfileError, OSError) as error:
        raise InputError(
            "damaged_audio",
            f"{file.name} cannot be opened.",
            "Delete the take, and record or import it again.",
        ) from error


class Meter:
    """Adds up how long and how loud blocks are that pass through it."""

    def __init__(self) -> None:
        self.samples = 0
        self._peak = 0.0
        self._power = 0.0

    def watch(self, passing: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """Yield blocks (N,) or (N, channels) as they are."""
        for block in passing:
            self.samples += len(block)
            self._peak = max(self._peak, float(np.abs(block).max(initial=0)))
            self._power += float(np.square(block, dtype=np.float64).sum()) / (
                block[0].size if len(block) else 1
            )
            yield block

    @property
    def peak_dbfs(self) -> float:
        return decibels(self._peak)

    @property
    def rms_dbfs(self) -> float:
        return decibels(math.sqrt(self._power / max(self.samples, 1)))


def decibels(amplitude: float) -> float:
    """Return an amplitude in dB of full scale."""
    return max(20 * math.log10(amplitude), SILENCE_DBFS) if amplitude > 0 else SILENCE_DBFS


def frame_levels(file: Path) -> np.ndarray:
    """Return a take's level (T,) in frames of 20 ms, dBFS."""
    size = round(facts(file).rate * FRAME_S)
    rest, powers = np.zeros(0, np.float32), []
    for block in blocks(file):
        wave = np.concatenate([rest, block])
        whole = len(wave) // size * size
        frames = wave[:whole].reshape(-1, size)
        powers.append(np.einsum("tn,tn->t", frames, frames, dtype=np.float64) / size)
        rest = wave[whole:]
    power = np.concatenate([*powers, np.zeros(0)])
    levels: np.ndarray = 10 * np.log10(np.maximum(power, 10 ** (SILENCE_DBFS / 10)))
    return levels


def heard(levels: np.ndarray) -> np.ndarray:
    """Tell which frames are loud enough to be speech, by their levels (T,)."""
    if not len(levels):
        return np.zeros(0, bool)
    found: np.ndarray = levels > max(float(np.quantile(levels, LOUD_SHARE)) - GATE_DB, SILENCE_DBFS)
    return found


def speech_dbfs(levels: np.ndarray) -> float | None:
    """Return how loud the speech in frames (T,) is; None where there is nothing but digital silence."""
    speech = levels[heard(levels)]
    return 10 * math.log10(float(np.mean(10 ** (speech / 10)))) if len(speech) else None
