"""The melody of a conversion: the source's pitch, shifted, drawn to the notes of a scale, or given by a file."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rvc.config import FRAME_RATE, ConvertConfig, Key, Scale
from rvc.errors import InputError

KEYS: tuple[Key, ...] = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
SCALES: dict[Scale, tuple[int, ...]] = {
    "chromatic": tuple(range(12)),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
A4_HZ, A4_NOTE = 440.0, 69
STICKY = 0.2  # semitones by which another note must be nearer before it is taken: no flutter between two
CURVE_MIN_HZ, CURVE_MAX_HZ = 40.0, 2000.0
CURVE_MAX_BYTES = 64 << 20
NOTE = re.compile(r"([A-Ga-g])([#b]?)(-?\d)")
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"": 0, "#": 1, "b": -1}


@dataclass(frozen=True, slots=True)
class Curve:
    """A pitch over time: points (N,) in seconds and Hz, 0 for unvoiced, and straight lines of log pitch between."""

    seconds: np.ndarray
    hz: np.ndarray

    def over(self, f0: np.ndarray, first_s: float) -> np.ndarray:
        """Return f0 (T,), whose first frame is at `first_s`, with the voiced frames in the curve's range replaced."""
        time = first_s + np.arange(len(f0)) / FRAME_RATE
        after = np.searchsorted(self.seconds, time + 1e-6, side="right")
        inside = (f0 > 0) & (after > 0) & (time <= self.seconds[-1] + 1e-6)
        left, right = np.maximum(after - 1, 0), np.minimum(after, len(self.hz) - 1)
        span = np.maximum(self.seconds[right] - self.seconds[left], 1e-9)
        share = np.clip((time - self.seconds[left]) / span, 0, 1)
        octaves = np.log2(np.maximum(self.hz, 1))
        glide = 2 ** ((1 - share) * octaves[left] + share * octaves[right])
        held = np.where(self.hz[left] > 0, self.hz[left], 0)
        drawn = np.where((self.hz[left] > 0) & (self.hz[right] > 0), glide, held)
        return np.where(inside, drawn, f0).astype(np.float32)


def autotune(f0: np.ndarray, config: ConvertConfig) -> np.ndarray:
    """Draw f0 (T,) in Hz to the notes of the scale by the strength that `config` says; 0 stays 0."""
    voiced = f0 > 0
    if not config.autotune or not voiced.any():
        return f0
    pitch = A4_NOTE + 12 * np.log2(np.where(voiced, f0, A4_HZ) / A4_HZ)
    notes = _notes(config.autotune_key, config.autotune_scale)
    speed = 1.0
    if config.autotune_glide_s:
        speed = 1 - np.exp(-1 / (config.autotune_glide_s * FRAME_RATE))
    target = pitch.copy()
    edges = np.flatnonzero(np.diff(voiced, prepend=False, append=False))
    for start, stop in edges.reshape(-1, 2):
        target[start:stop] = _glided(_nearest(pitch[start:stop], notes), speed)
    moved = pitch + config.autotune * (target - pitch)
    return np.where(voiced, A4_HZ * 2 ** ((moved - A4_NOTE) / 12), 0).astype(np.float32)


def _notes(key: Key, scale: Scale) -> np.ndarray:
    """Return the numbers of all notes of a scale, A4 being 69."""
    first = KEYS.index(key)
    return np.array([note for note in range(128) if (note - first) % 12 in SCALES[scale]], np.float64)


def _nearest(pitch: np.ndarray, notes: np.ndarray) -> np.ndarray:
    """Return the nearest note of each frame (T,); the last one is kept while no other is clearly nearer."""
    above = np.clip(np.searchsorted(notes, pitch), 1, len(notes) - 1)
    lower, upper = notes[above - 1], notes[above]
    nearest = np.where(pitch - lower <= upper - pitch, lower, upper)
    current = nearest[0]
    for frame, note in enumerate(nearest):
        if abs(pitch[frame] - current) > abs(pitch[frame] - note) + STICKY:
            current = note
        nearest[frame] = current
    return nearest


def _glided(notes: np.ndarray, speed: float) -> np.ndarray:
    """Let notes (T,) be approached by a share `speed` of the way a frame."""
    current = notes[0]
    glided = np.empty_like(notes)
    for frame, note in enumerate(notes):
        current += speed * (note - current)
        glided[frame] = current
    return glided


def read_curve(path: Path) -> Curve:
    """Read a pitch curve: lines of `seconds, Hz`, or labels of `start, end, Hz or note`, as Audacity exports them.

    Separated by tab, comma or semicolon; one line of headings, empty lines and `#` are passed over. Raises
    `InputError` that names the line at fault.
    """
    points: list[tuple[float, float]] = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in re.split(r"[\t,;]", line)]
        if not points and not _is_number(cells[0]):
            continue
        points += _points(cells, points, _Place(path, number))
    if not points:
        raise InputError("empty_curve", f"{path} holds no pitch.", "Write lines of seconds and Hz.")
    seconds, hz = np.array(points, np.float64).T
    return Curve(seconds, hz)


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of a file."""

    path: Path
    line: int

    def error(self, what: str) -> InputError:
        return InputError(
            "bad_curve",
            f"{self.path}, line {self.line}: {what}.",
            "Lines hold seconds and Hz, or start, end and a pitch.",
        )


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > CURVE_MAX_BYTES:
            raise InputError("bad_curve", f"{path} is too large for a pitch curve.")
        return path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise InputError("missing_file", f"There is no pitch curve at {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("bad_curve", f"{path} cannot be read as a text of times and pitches.") from error


def _points(cells: list[str], before: list[tuple[float, float]], place: _Place) -> list[tuple[float, float]]:
    """Return the point of a line of two cells, or both ends of a label."""
    if len(cells) not in (2, 3):
        raise place.error(f"it holds {len(cells)} values")
    times = [_seconds(cell, place) for cell in cells[:-1]]
    pitch = _hz(cells[-1], place)
    if sorted(times) != times or (before and times[0] < before[-1][0]):
        raise place.error(
            "its time is before that of the line above" if len(times) == 1 else "it ends too early"
        )
    return [(time, pitch) for time in times]


def _seconds(text: str, place: _Place) -> float:
    if not _is_number(text) or float(text) < 0:
        raise place.error(f'"{text[:20]}" is no time in seconds')
    return float(text)


def _hz(text: str, place: _Place) -> float:
    """Return a pitch that is given in Hz or as a note, such as A4 or C#3."""
    if note := NOTE.fullmatch(text):
        letter, accidental, octave = note.groups()
        number = 12 * (int(octave) + 1) + LETTERS[letter.upper()] + ACCIDENTALS[accidental]
        hz = A4_HZ * 2 ** ((number - A4_NOTE) / 12)
    elif _is_number(text):
        hz = float(text)
    else:
        raise place.error(f'"{text[:20]}" is no pitch')
    if hz and not CURVE_MIN_HZ <= hz <= CURVE_MAX_HZ:
        raise place.error(
            f"{hz:g} Hz is no pitch from {CURVE_MIN_HZ:g} to {CURVE_MAX_HZ:g} Hz, nor 0 for unvoiced"
        )
    return hz


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False
