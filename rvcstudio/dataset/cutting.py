"""New files out of old ones: parts kept, pauses shortened, levels changed. The old file is never touched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import soundfile

from rvc.errors import InputError
from rvc.sound import encoding
from rvc.sound.spool import BLOCK
from rvcstudio.dataset import waves
from rvcstudio.dataset.waves import FRAME_S, Meter

Span: TypeAlias = tuple[int, int]
"""From a sample up to, and without, another."""

FADE_S = 0.003  # at every cut, against clicks
CEILING_DBFS = -1.0  # no gain goes beyond
SPEECH_DBFS = -24.0  # where normalising brings speech, as far as its peaks allow
BEFORE_S, AFTER_S = 0.25, 0.35  # of quiet left around speech
LEAST_SOUND_S = 0.06  # what is shorter and alone is a click


@dataclass(frozen=True, slots=True)
class Written:
    """A new file and its facts."""

    file: Path
    rate: int
    seconds: float
    peak_dbfs: float
    rms_dbfs: float


def write(source: Path, to: Path, spans: Sequence[Span], gain_db: float = 0.0) -> Written:
    """Write parts of a take, in their order, as 24-bit FLAC; raises `InputError` nothing_left, damaged_audio."""
    if not any(stop > start for start, stop in spans):
        raise InputError("nothing_left", "Nothing would be left of this take.", "Delete the take instead.")
    meter = Meter()
    try:
        with waves.opened(source) as sound:
            parts = _parts(sound, spans, np.float32(10 ** (gain_db / 20)))
            encoding.write(to, meter.watch(parts), sound.samplerate, channels=sound.channels)
            rate = sound.samplerate
    except soundfile.LibsndfileError as error:
        raise InputError(
            "damaged_audio", f"{source.name} is damaged: it cannot be decoded to its end."
        ) from error
    return Written(to, rate, meter.samples / rate, meter.peak_dbfs, meter.rms_dbfs)


def _parts(sound: soundfile.SoundFile, spans: Sequence[Span], gain: np.float32) -> Iterator[np.ndarray]:
    for start, stop in spans:
        sound.seek(start)
        for at in range(start, stop, BLOCK):
            block = sound.read(min(BLOCK, stop - at), dtype="float32", always_2d=True)
            yield block * (_fade(sound, at, len(block), (start, stop)) * gain)[:, None]


def _fade(sound: soundfile.SoundFile, at: int, count: int, span: Span) -> np.ndarray:
    """Return the gain (count,) that fades a span in and out; the take's own ends stay as they are."""
    places, fade = np.arange(at, at + count, dtype=np.float32), FADE_S * sound.samplerate
    rising = (places - span[0]) / fade if span[0] > 0 else np.inf
    falling = (span[1] - 1 - places) / fade if span[1] < sound.frames else np.inf
    gain: np.ndarray = np.minimum(np.minimum(rising, falling), np.ones(count, np.float32))
    return gain


def without(frames: int, hole: Span) -> list[Span]:
    """Return the spans that are left of a take when a part is taken out."""
    return [span for span in ((0, hole[0]), (hole[1], frames)) if span[1] > span[0]]


def speech_spans(file: Path) -> list[Span]:
    """Return where there is speech, with some quiet around it: ends are trimmed, and long pauses shortened.

    Raises `InputError` no_speech.
    """
    facts = waves.facts(file)
    frame = round(facts.rate * FRAME_S)
    before, after = round(BEFORE_S * facts.rate), round(AFTER_S * facts.rate)
    spans: list[Span] = []
    for first, last in _runs(waves.heard(waves.frame_levels(file))):
        start, stop = max(0, first * frame - before), min(facts.frames, last * frame + after)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    if not spans:
        raise InputError(
            "no_speech", f"Nothing is heard in {file.stem}.", "Leave the take out, or delete it."
        )
    return spans


def _runs(heard: np.ndarray) -> Iterator[Span]:
    """Yield the runs of frames that are heard, but for clicks."""
    edges = np.flatnonzero(np.diff(heard, prepend=False, append=False)).tolist()
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if (last - first) * FRAME_S >= LEAST_SOUND_S:
            yield first, last


def normalising_db(file: Path) -> float:
    """Return the gain that brings a take's speech to -24 dBFS, or less where its peaks would pass -1 dBFS."""
    speech = waves.speech_dbfs(waves.frame_levels(file))
    return 0.0 if speech is None else min(SPEECH_DBFS - speech, room_db(file))


def room_db(file: Path) -> float:
    """Return by how much a take can be turned up until its peaks reach -1 dBFS; negative where they are beyond."""
    meter = Meter()
    for _ in meter.watch(waves.blocks(file)):
        pass
    return CEILING_DBFS - meter.peak_dbfs
