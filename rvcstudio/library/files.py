"""Files and folders: how large they are, and how they are copied with progress."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from rvc import paths
from rvc.events import Phase

PIECE_BYTES = 1 << 20


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder; what is missing has none."""
    if path.is_dir():
        return sum(size_of(file) for file in files_in(path))
    try:
        return path.stat().st_size
    except OSError:
        return 0


def files_in(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder, hidden ones too; links are not followed."""
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            if not path.is_symlink():
                yield path


def copy(source: Path, to: Path, phase: Phase) -> None:
    """Copy a file and its time, telling the bytes as they pass; `to` is complete or not there."""
    with paths.atomic(to) as temporary:
        with source.open("rb") as reading, temporary.open("wb") as writing:
            while piece := reading.read(PIECE_BYTES):
                writing.write(piece)
                phase.advance(len(piece))
        shutil.copystat(source, temporary)
