"""Recordings made worse on purpose, to see whether the judge of takes notices.

    python -m tests.damaged_takes [SPEECH...]

prints precision and recall of each problem for folders of recordings; `docs/recording.md` has that table.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from rvcstudio.recording.judge import FRAME_S, Code, judge
from rvcstudio.sound.levels import frame_dbfs

BEFORE_S, AFTER_S = 0.4, 1.0  # what a take has before the first word, and after the last
ROOM_DBFS = -65.0

Damage = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]


def as_take(wave: np.ndarray, rate: int, random: np.random.Generator) -> np.ndarray:
    """Return a tightly cut recording (N,) as the app would have recorded it: in a quiet room, with time around it."""
    padded = np.pad(wave, (round(BEFORE_S * rate), round(AFTER_S * rate)))
    return padded + _noise(len(padded), ROOM_DBFS, random)


def clip(wave: np.ndarray, _rate: int, random: np.random.Generator) -> np.ndarray:
    """Cut off what is above a quarter to a half of the peak; half of the copies are turned down after it."""
    limit = float(np.abs(wave).max()) * random.uniform(0.25, 0.5)
    return np.clip(wave, -limit, limit) / limit * random.choice([1.0, 0.4])


def soften(wave: np.ndarray, rate: int, random: np.random.Generator) -> np.ndarray:
    """Bring the speech to -46 to -56 dBFS in a very quiet room."""
    levels = frame_dbfs(wave, rate)
    loud = float(np.mean(10 ** (levels[levels > np.quantile(levels, 0.95) - 25] / 10)))
    target = 10 ** (random.uniform(-56, -46) / 10)
    return wave * np.sqrt(target / loud) + _noise(len(wave), -95.0, random)


def add_noise(wave: np.ndarray, _rate: int, random: np.random.Generator) -> np.ndarray:
    """Add a fan: noise that falls by 3 dB an octave, 5 to 18 dB below the speech."""
    spectrum = np.fft.rfft(random.standard_normal(len(wave)))
    fan = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), len(wave))
    speech = wave[np.abs(wave) > 0.02 * np.abs(wave).max()]
    return wave + fan * (np.std(speech) / np.std(fan) * 10 ** (-random.uniform(5, 18) / 20))


def add_echo(wave: np.ndarray, rate: int, random: np.random.Generator) -> np.ndarray:
    """Put the speaker two steps from the microphone in a bare room: 0.6 to 1.2 s until an echo is 60 dB down."""
    decay = random.uniform(0.6, 1.2)
    times = np.arange(round(decay * rate)) / rate
    room = random.standard_normal(len(times)) * 10 ** (-3 * times / decay)
    room *= 10 ** (random.uniform(-3, 3) / 20) / np.sqrt(np.sum(room**2))  # as loud as the direct sound
    room[0] += 1.0
    size = len(wave) + len(room)
    wet = np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(room, size), size)[: len(wave)]
    return wet * (np.abs(wave).max() / np.abs(wet).max())


def cut_start(wave: np.ndarray, rate: int, _random: np.random.Generator) -> np.ndarray:
    """Begin in the middle of the first loud sound."""
    return wave[_loud(wave, rate)[2] :]


def cut_end(wave: np.ndarray, rate: int, _random: np.random.Generator) -> np.ndarray:
    """End in the middle of the last loud sound."""
    return wave[: _loud(wave, rate)[-3]]


def silence(wave: np.ndarray, _rate: int, random: np.random.Generator) -> np.ndarray:
    """Leave nothing but the room."""
    return _noise(len(wave), random.uniform(-75, -45), random)


def _loud(wave: np.ndarray, rate: int) -> np.ndarray:
    """Return the places of the frames within 10 dB of the loudest."""
    levels = frame_dbfs(wave, rate)
    return np.flatnonzero(levels > np.quantile(levels, 0.98) - 10) * round(FRAME_S * rate)


def _noise(count: int, level_dbfs: float, random: np.random.Generator) -> np.ndarray:
    return random.standard_normal(count) * 10 ** (level_dbfs / 20)


DAMAGES: dict[Code, Damage] = {
    "clipped": clip,
    "soft": soften,
    "noisy": add_noise,
    "echo": add_echo,
    "cut_start": cut_start,
    "cut_end": cut_end,
    "silent": silence,
}


def judged(files: list[Path]) -> Iterator[tuple[Code | None, frozenset[Code]]]:
    """Yield what was done to each copy of some recordings, None where it is whole, and what the judge found."""
    for number, file in enumerate(files):
        random = np.random.default_rng(number)
        read, rate = soundfile.read(file, always_2d=True)
        take = as_take(read[:, 0], rate, random)
        copies = {None: take} | {code: damage(take, rate, random) for code, damage in DAMAGES.items()}
        for done, copy in copies.items():
            yield done, frozenset(judge(copy.astype(np.float32), rate).problems)


def scores(files: list[Path]) -> dict[Code, tuple[float, float]]:
    """Return precision and recall of each problem."""
    told: Counter[Code] = Counter()
    right: Counter[Code] = Counter()
    for done, found in judged(files):
        told.update(found)
        right.update(found & {done})
    return {code: (right[code] / max(1, told[code]), right[code] / len(files)) for code in DAMAGES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("speech", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=40, help="recordings of each folder")
    parser.add_argument("--show", action="store_true", help="also what is told wrongly")
    arguments = parser.parse_args()
    files = [file for folder in arguments.speech for file in sorted(folder.glob("*.flac"))[: arguments.each]]
    if arguments.show:
        wrong = Counter((str(done), code) for done, found in judged(files) for code in found - {done})
        sys.stdout.write(f"{wrong}\n")
    for code, (precision, recall) in scores(files).items():
        sys.stdout.write(f"| {code} | {precision:.2f} | {recall:.2f} |\n")


if __name__ == "__main__":
    main()
