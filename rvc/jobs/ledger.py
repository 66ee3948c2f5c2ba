"""What a conversion has made so far, written down as it goes: one that was broken off goes on behind it."""

import contextlib
import os
from pathlib import Path

from pydantic import ValidationError

from rvc.jobs.wire import Wire
from rvc.synthesis.conversion import Converted


class Entry(Wire):
    """A recording, and the file that was made of it, by their places in the job's folder."""

    source: str
    file: str
    size_bytes: int
    seconds: float
    pitch_shift: float | None
    lufs: float | None
    backing: str | None


class Ledger:
    """The entries of a job, in a file of its own. Raises OSError where that cannot be written."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._entries = {entry.source: entry for entry in self._read()}

    def _read(self) -> list[Entry]:
        entries = []
        with contextlib.suppress(FileNotFoundError):
            for line in self._path.read_bytes().splitlines():
                with contextlib.suppress(ValidationError):  # it was not written to its end
                    entries.append(Entry.model_validate_json(line))
        return entries

    def find(self, source: Path) -> Converted | None:
        """Return what was made of a recording, where all of that is still there."""
        entry = self._entries.get(self._name(source))
        if entry is None:
            return None
        file, backing = self._folder / entry.file, entry.backing and self._folder / entry.backing
        is_whole = file.is_file() and file.stat().st_size == entry.size_bytes
        if not is_whole or (backing and not backing.is_file()):
            return None
        return Converted(source, file, entry.seconds, entry.pitch_shift, entry.lufs, backing or None)

    def add(self, converted: Converted) -> None:
        """Write down what was made of a recording."""
        entry = Entry(
            source=self._name(converted.source),
            file=self._name(converted.file),
            size_bytes=converted.file.stat().st_size,
            seconds=converted.seconds,
            pitch_shift=converted.pitch_shift,
            lufs=converted.lufs,
            backing=self._name(converted.backing) if converted.backing else None,
        )
        with self._path.open("ab") as file:
            file.write(f"\n{entry.model_dump_json()}".encode())  # a line that was cut off ends here
            file.flush()
            os.fsync(file.fileno())

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()
