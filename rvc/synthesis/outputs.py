"""Where converted files go: named after their recordings, in the sub-folders these come from, replacing nothing."""

import filecmp
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, zip_longest
from pathlib import Path

import numpy as np

from rvc.errors import InputError
from rvc.names import cut, file_stem, shown
from rvc.paths import make_dir
from rvc.sound import audio

MAX_NAME_BYTES = 255
MAX_LABEL_BYTES = 60


@dataclass(frozen=True, slots=True)
class Recording:
    """A file to convert, and the folder below the folder that was given in which it lies."""

    file: Path
    folder: Path = Path()


def find(inputs: Sequence[Path], out: Path) -> tuple[list[Recording], list[InputError]]:
    """Return all recordings, each once, and an error for every input that gives none."""
    recordings: dict[Path, Recording] = {}
    failures = []
    for path in inputs:
        try:
            found = audio.find_audio([path], out)
        except InputError as error:
            failures.append(error)
            continue
        if not found:
            failures.append(
                InputError(
                    "no_recordings",
                    f"There are no recordings in {path}.",
                    "To convert a file that RVC Studio made, name the file itself.",
                )
            )
        for file in found:
            folder = file.parent.relative_to(path) if path.is_dir() else Path()
            recordings.setdefault(file.resolve(), Recording(file, folder))
    return list(recordings.values()), failures


def targets(recordings: Sequence[Recording], out: Path, voice: str, suffix: str) -> list[Path]:
    """Name a file for every recording after it and the voice: no two alike, and never a recording itself."""
    label = file_stem(voice, max_bytes=MAX_LABEL_BYTES, otherwise="")
    room = MAX_NAME_BYTES - len(f"-99.{suffix}")
    taken = {_same_name(recording.file) for recording in recordings}
    named = []
    for recording in recordings:
        said = cut(shown(recording.file.stem), room)
        stem = f"{said}_{label}"
        if not label or len(stem.encode()) > room:
            stem = said
        target = out / recording.folder / f"{stem}.{suffix}"
        target = next(path for path in _numbered(target) if _same_name(path) not in taken)
        taken.add(_same_name(target))
        named.append(target)
    return named


def save(target: Path, write: Callable[[Path], None], *, overwrite: bool) -> Path:
    """Let `write` make a file and name it `target`, or number it where that is another one; return its path.

    A file that says the same already is replaced: converting again with the same settings leaves nothing new.
    """
    temporary = make_dir(target.parent) / f".{uuid.uuid4().hex}{target.suffix}"
    try:
        write(temporary)
        path = target if overwrite else _free(target, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _free(target: Path, made: Path) -> Path:
    return next(path for path in _numbered(target) if not path.exists() or _same(path, made))


def _numbered(path: Path) -> Iterator[Path]:
    """Yield a path, and then the same with -2, -3 and so on."""
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}-{number}")


def _same_name(path: Path) -> str:
    """Return what two paths have in common that name one file on systems that do not tell a from A."""
    return str(path.resolve()).casefold()


def _same(one: Path, other: Path) -> bool:
    """Tell whether two files sound the same and say the same of themselves; .ogg draws a number for each file."""
    if one.is_dir():
        return False
    if filecmp.cmp(one, other, shallow=False):
        return True
    try:
        pairs = zip_longest(audio.channels(one).blocks, audio.channels(other).blocks, fillvalue=np.zeros(0))
        return audio.comment(one) == audio.comment(other) and all(np.array_equal(*pair) for pair in pairs)
    except InputError:
        return False
