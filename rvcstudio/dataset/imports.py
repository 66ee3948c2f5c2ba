"""Recordings from elsewhere made takes: whatever can be decoded, as 24-bit FLAC at its own rate, each once."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rvc.errors import InputError, Paused
from rvc.events import Reporter
from rvc.names import AUDIO_SUFFIXES, is_visible, shown
from rvc.sound import audio, encoding
from rvcstudio.dataset.editing import plain_stem
from rvcstudio.dataset.waves import Meter
from rvcstudio.library import Library

MD5_AT, MD5_BYTES = 26, 16  # in a FLAC file: the checksum of its samples
LEAST_S = 0.1
KIB = 1024


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not imported, and why."""

    name: str
    code: str
    text: str


@dataclass(slots=True)
class Imported:
    """What an import came to. `twice` maps files to the takes that they are already."""

    added: list[str] = field(default_factory=list)
    seconds: float = 0.0
    twice: dict[str, str] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    others: int = 0
    """Files in folders that are no recordings."""
    left: int = 0
    """Files that were not looked at, as the import was stopped."""


@dataclass(frozen=True, slots=True)
class Found:
    """The files to import, how they are called, and how many others lie between them."""

    files: list[tuple[Path, str]]
    others: int


def find(paths: Sequence[Path]) -> Found:
    """Return the files given, and the recordings in the folders given."""
    files: dict[Path, str] = {}
    others = 0
    for path in paths:
        for file in _inside(path) if path.is_dir() else [path]:
            if path.is_dir() and file.suffix.lower() not in AUDIO_SUFFIXES:
                others += 1
            else:
                name = file.relative_to(path.parent) if path.is_dir() else Path(file.name)
                files.setdefault(file, shown(name.as_posix()))
    return Found(list(files.items()), others)


def _inside(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names) if is_visible(Path(name)))


def import_files(library: Library, voice_id: str, paths: Sequence[Path], reporter: Reporter) -> Imported:
    """Make takes of a voice from files and folders. A stop request ends it with what is imported by then.

    Raises `Error` disk_full or not_writable, as every further file would.
    """
    found = find(paths)
    done = Imported(others=found.others)
    known = _known(library, voice_id)
    steps = [max(1, _size(file) // KIB) for file, _ in found.files]
    with reporter.phase("import", sum(steps)) as phase:
        for number, ((file, name), step) in enumerate(zip(found.files, steps, strict=True)):
            try:
                _import(library, voice_id, file, name, known, done, reporter)
            except Paused:
                done.left = len(found.files) - number
                break
            phase.advance(step, interruptible=False)
    return done


def _import(
    library: Library,
    voice_id: str,
    file: Path,
    name: str,
    known: dict[bytes, str],
    done: Imported,
    reporter: Reporter,
) -> None:
    """Import one file, or say why not."""
    to = library.takes.new_file(voice_id, file.stem)
    try:
        rate, meter = _convert(file, to, reporter)
    except InputError as error:
        done.refused.append(Refused(name, error.code, error.text))
        return
    print_ = fingerprint(to)
    if print_ in known:
        to.unlink(missing_ok=True)
        done.twice[name] = known[print_]
        return
    known[print_] = name
    seconds = meter.samples / rate
    take = library.takes.add(
        voice_id, to, rate=rate, seconds=seconds, peak_dbfs=meter.peak_dbfs, rms_dbfs=meter.rms_dbfs
    )
    done.added.append(take.id)
    done.seconds += seconds


def _convert(file: Path, to: Path, reporter: Reporter) -> tuple[int, Meter]:
    """Write a recording as a take, and return its rate and its levels. Raises `InputError`, `Paused`."""
    stream, meter = audio.stream(file), Meter()

    def watched() -> Iterator[np.ndarray]:
        for block in meter.watch(stream.blocks):
            if reporter.stopping:
                raise Paused
            yield block

    encoding.write(to, watched(), stream.rate)
    if meter.samples < LEAST_S * stream.rate:
        to.unlink(missing_ok=True)
        raise InputError("too_short", f"{shown(file.name)} is shorter than {LEAST_S:g} s.")
    return stream.rate, meter


def fingerprint(take: Path) -> bytes:
    """Return the checksum of a FLAC file's samples, which is the same whatever file they came from."""
    with take.open("rb") as file:
        return file.read(MD5_AT + MD5_BYTES)[MD5_AT:]


def _known(library: Library, voice_id: str) -> dict[bytes, str]:
    """Return the takes of a voice by their samples' checksum."""
    known = {}
    for take in library.takes.all(voice_id):
        try:
            known[fingerprint(take.file)] = take.prompt or plain_stem(take.file)
        except OSError:
            continue  # a take without a file is nobody's double
    return known


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
