"""The recordings a user points at: found, told apart by their content, named, given a speaker, read and cut."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rvc.assets import sha256
from rvc.config import CONTENT_RATE_HZ, FRAME_RATE, PrepareConfig
from rvc.datasets import slicing
from rvc.datasets.dataset import DEFAULT_SPEAKER, Skipped
from rvc.datasets.takes import FULL_SCALE
from rvc.errors import InputError
from rvc.names import shown
from rvc.sound import audio, bandwidth
from rvc.voices.card import MAX_SPEAKERS


@dataclass(frozen=True, slots=True)
class Recording:
    """A file to prepare. `file` is its path below the folder of all of them, `seconds` what it announces."""

    path: Path
    file: str
    name: str
    sha256: str
    seconds: float
    speaker: str = DEFAULT_SPEAKER


@dataclass(frozen=True, slots=True)
class RawClip:
    """A clip before it is described: int16 wave at the dataset's rate, float32 speech at 16 kHz."""

    start_s: float
    scale: float
    wave: np.ndarray
    speech: np.ndarray


@dataclass(frozen=True, slots=True)
class Cutting:
    """A recording, read and cut. `rate` is its own, Hz, and `bandwidth_hz` what it makes of that."""

    recording: Recording
    rate: int
    bandwidth_hz: float
    seconds: float
    unused_s: float
    clips: list[RawClip]


def collect(paths: Sequence[Path], *, speakers: bool = False) -> tuple[list[Recording], list[Skipped]]:
    """Return the distinct recordings among files and folders, in an order independent of the arguments'.

    With `speakers`, every folder directly inside one of `paths` is a speaker. Raises `InputError` missing_path,
    empty_dataset, no_speakers, too_many_speakers.
    """
    found = _find(paths)
    said_by = _by_folder(paths) if speakers else dict.fromkeys(found, DEFAULT_SPEAKER)
    recordings: dict[str, Recording] = {}
    skipped: list[Skipped] = []
    for file, path in sorted(zip(_below_common_folder(found), found, strict=True)):
        if path not in said_by:
            skipped.append(Skipped(file=file, code="no_speaker", reason="lies in no speaker's folder"))
            continue
        try:
            digest = sha256(path)
        except OSError as error:
            skipped.append(Skipped(file=file, code="not_readable", reason=error.strerror or str(error)))
            continue
        if digest in recordings:
            reason = f"is the same recording as {recordings[digest].file}"
            skipped.append(Skipped(file=file, code="duplicate", reason=reason))
        else:
            seconds = audio.duration(path)
            recordings[digest] = Recording(path, file, shown(path.stem), digest, seconds, said_by[path])
    return _named_apart(list(recordings.values())), skipped


def _find(paths: Sequence[Path]) -> list[Path]:
    found = audio.find_audio(paths)
    if not found:
        where = ", ".join(map(str, paths)) or "the given paths"
        raise InputError(
            "empty_dataset",
            f"No recordings were found in {where}.",
            "Files that RVC Studio made do not count as recordings.",
        )
    return found


def _by_folder(paths: Sequence[Path]) -> dict[Path, str]:
    """Return who speaks in every recording: the name of the folder, directly inside one of `paths`, that holds it."""
    said_by: dict[Path, str] = {}
    for path in paths:
        for file in audio.find_audio([path]):
            below = file.relative_to(path).parts
            if len(below) > 1:
                said_by.setdefault(file, shown(below[0]))
    count = len(set(said_by.values()))
    if not count:
        raise InputError(
            "no_speakers",
            f"There is no folder with recordings inside {', '.join(map(str, paths))}.",
            "Give the folder that holds one folder for every speaker.",
        )
    if count > MAX_SPEAKERS:
        raise InputError("too_many_speakers", f"{count} speakers are too many: at most {MAX_SPEAKERS}.")
    return said_by


def cut(recording: Recording, config: PrepareConfig) -> Cutting:
    """Read, resample, high-pass and cut a recording. Raises `InputError` as `audio.read` does."""
    wave, rate = audio.read(recording.path)
    seconds, bandwidth_hz = len(wave) / rate, bandwidth.bandwidth_hz(wave, rate)
    wave = audio.resample(wave, rate, config.rate)
    wave = audio.highpass(wave, config.rate, zero_phase=False)
    cuts = slicing.cut(wave, config.rate, config)
    speech = audio.resample(wave, config.rate, CONTENT_RATE_HZ) if cuts.clips else wave[:0]
    clips = [_clip(wave, speech, span, config) for span in cuts.clips]
    return Cutting(recording, rate, bandwidth_hz, seconds, cuts.unused_s, clips)


def _clip(wave: np.ndarray, speech: np.ndarray, span: slicing.Span, config: PrepareConfig) -> RawClip:
    start, end = span
    clip = wave[start:end]
    peak = audio.peak(clip)
    gain = slicing.gain(peak) if config.normalise else 1.0
    frames = (end - start) * FRAME_RATE // config.rate
    length = frames * CONTENT_RATE_HZ // FRAME_RATE
    first = round(start * CONTENT_RATE_HZ / config.rate)
    heard = speech[first : first + length] * np.float32(gain)
    return RawClip(
        start_s=start / config.rate,
        scale=peak * gain,
        wave=np.rint(clip * (FULL_SCALE / peak)).astype(np.int16),
        speech=np.pad(heard, (0, length - len(heard))),
    )


def _below_common_folder(files: Sequence[Path]) -> list[str]:
    """Return each path as a card may show it: without the folders above, which are nobody's business."""
    parents = [str(file.absolute().parent) for file in files]
    try:
        common = Path(os.path.commonpath(parents))
    except ValueError:  # several drives
        return [shown(file.name) for file in files]
    return [shown(file.absolute().relative_to(common).as_posix()) for file in files]


def _named_apart(recordings: Sequence[Recording]) -> list[Recording]:
    """Give recordings of equal names a part of their hash."""
    count = Counter(recording.name for recording in recordings)
    return [
        replace(one, name=f"{one.name}-{one.sha256[:6]}") if count[one.name] > 1 else one
        for one in recordings
    ]
