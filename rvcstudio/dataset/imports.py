"""Recordings from elsewhere made takes: whatever can be decoded, as 24-bit FLAC at its own rate, each once."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rvc.errors import InputError, Paused
from rvc.events import Reporter
from rvc.names import AUDIO_SUFFIXES, is_visible, shown
from rvc.sound import audio, encoding
from rvcstudio.dataset import waves
from rvcstudio.dataset.waves import Facts, Meter
from rvcstudio.library import Library

EXCERPT = 4096  # samples from the middle, by which most recordings of one length are told apart
SAME = 1e-4  # of full scale: what is nearer is the same recording, whatever wrote it
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


class Known:
    """The recordings that a voice has, to know them again when they come from another file."""

    def __init__(self) -> None:
        self._by_length: dict[Facts, list[tuple[Path, str]]] = {}
        self._excerpts: dict[Path, np.ndarray] = {}

    def add(self, file: Path, name: str, facts: Facts | None = None) -> None:
        """Remember a recording; `facts` where they are known without a look at it."""
        self._by_length.setdefault(facts or waves.facts(file), []).append((file, name))

    def find(self, file: Path) -> str:
        """Return the name of the same recording, empty where there is none."""
        for other, name in self._by_length.get(waves.facts(file), []):
            with suppress(InputError):  # a take without its file is nobody's double
                if self._is_same(file, other):
                    return name
        return ""

    def _is_same(self, one: Path, other: Path) -> bool:
        return _near(self._excerpt(one), self._excerpt(other)) and _near(waves.read(one), waves.read(other))

    def _excerpt(self, file: Path) -> np.ndarray:
        if file not in self._excerpts:
            start = max(0, (waves.facts(file).frames - EXCERPT) // 2)
            self._excerpts[file] = waves.read(file, start, start + EXCERPT)
        return self._excerpts[file]


def _near(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(np.abs(one - other).max(initial=0) <= SAME)


def import_files(library: Library, voice_id: str, paths: Sequence[Path], reporter: Reporter) -> Imported:
    """Make takes of a voice from files and folders. A stop request ends it with what is imported by then.

    Raises `Error` disk_full or not_writable, as every further file would.
    """
    found = find(paths)
    done = Imported(others=found.others)
    known = Known()
    for take in library.takes.all(voice_id):
        known.add(take.file, take.title, Facts(take.rate, round(take.seconds * take.rate)))
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
    known: Known,
    done: Imported,
    reporter: Reporter,
) -> None:
    """Import one file, or say why not."""
    to = library.takes.new_file(voice_id, file.stem)
    try:
        rate, meter = _convert(file, to, reporter)
    except InputError as error:
        done.refused.append(Refused(name, error.code, error.text.replace(str(file), file.name)))
        return
    if twin := known.find(to):
        to.unlink(missing_ok=True)
        done.twice[name] = twin
        return
    known.add(to, name)
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


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
